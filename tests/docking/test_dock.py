"""The bench on which models are compared."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from experiments.docking import march
from experiments.docking.dock import Docking, best, equivalent, luck, relation, rounded


def test_runs_are_the_same_for_any_number_of_workers() -> None:
    one, three = (march.equilibrium(0.9, 0.5, 12, 1, workers) for workers in (1, 3))
    np.testing.assert_array_equal(one, three)
    np.testing.assert_array_equal(one[:5], march.equilibrium(0.9, 0.5, 5, 1, 1))


def test_luck_differs_between_cells_and_runs() -> None:
    draws = {luck(1, cell, run).random() for cell in range(5) for run in range(5)}
    assert len(draws) == 25


def test_equivalence_needs_the_whole_interval_within_the_margin() -> None:
    values = luck(1, 0, 0).normal(0.5, 0.1, 10_000)
    assert equivalent("same", values, 0.5, 0.01).passed
    assert not equivalent("too few runs to know", values[:50], 0.5, 0.01).passed
    assert not equivalent("different", values, 0.52, 0.01).passed


def test_equivalence_rarely_passes_at_the_margin_itself() -> None:
    rng = luck(2, 0, 0)
    passed = sum(equivalent("edge", rng.normal(0.51, 0.1, 2000), 0.5, 0.01).passed for _ in range(400))
    assert passed <= 24  # 2.5 % of 400 is 10, and 4 standard errors


def test_relation_needs_an_interval_above_zero() -> None:
    rng = luck(3, 0, 0)
    assert relation("more", rng.normal(0.1, 1, 4000), "").passed
    assert not relation("less", rng.normal(-0.1, 1, 4000), "").passed


def test_best_finds_the_top_and_says_how_sure() -> None:
    grid = [0.0, 1.0, 2.0, 3.0]
    noise = luck(4, 0, 0).normal(0, 1, (4, 500))
    assert best(noise + np.array([[0], [5], [0], [0]]), grid, 1) == (1.0, 1.0, 1.0)
    top, low, high = best(noise + np.array([[0.0], [0.02], [0.02], [0.0]]), grid, 1)
    assert low <= top <= high
    assert low < high


def test_results_are_plain_and_repeatable(tmp_path: Path) -> None:
    values = luck(5, 0, 0).random(100)
    for folder in ("a", "b"):
        found = Docking("x", "X", "P", "R", 1, 100, checks=[equivalent("half", values, 0.5, 0.2)], tables={"t": values})
        found.write(tmp_path / folder)
    for name in ("x.json", "x.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    data = json.loads((tmp_path / "a" / "x.json").read_text())
    assert data["passed"] is True
    assert data["checks"][0]["n"] == 100


@pytest.mark.parametrize(("value", "plain"), [(np.float64("nan"), None), (np.bool_(True), True), (1 / 3, 0.333333)])
def test_rounded(value: object, plain: object) -> None:
    assert rounded(value) == plain
