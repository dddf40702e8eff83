"""How shapes are judged: on curves whose shape is known."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.docking import own
from experiments.docking.dock import luck
from experiments.docking.own import Curve
from experiments.docking.side_by_side import STATEMENTS, dissent, falls, listening, size, turnover

X = (0.0, 0.1, 0.2, 0.3, 0.4)


def shaped(means: tuple[float, ...], x: tuple[float, ...] = X) -> Curve:
    return Curve(x, np.asarray(means)[:, None] + luck(1, 0, 0).normal(0, 0.01, (len(means), 200)))


DOWN, HUMP, UP, FLAT = (shaped(m) for m in ((5, 4, 3, 2, 1), (1, 2, 3, 2, 1), (1, 2, 3, 4, 5), (1, 1, 1, 1, 1)))


def test_dissent_of_the_claim() -> None:
    assert dissent(DOWN, HUMP) == [True, True, True]
    assert dissent(HUMP, HUMP) == [False, False, True]
    assert dissent(DOWN, UP) == [True, True, False]


def test_listening_of_the_claim() -> None:
    assert listening(FLAT, UP) == [True, True, True]
    assert listening(UP, FLAT)[:2] == [False, False]
    assert listening(FLAT, HUMP)[2] is False


def test_turnover_of_march() -> None:
    assert turnover(HUMP, DOWN) == [True, True, True]
    assert turnover(DOWN, UP) == [False, False, False]


def test_size_that_pays_less_and_less() -> None:
    heads = (5, 10, 20, 50, 100)
    assert size(shaped((0, 1, 1.8, 2.2, 2.4), heads)) == [True, True]
    assert size(shaped((0, 0.1, 0.2, 2, 3), heads)) == [True, False]


def test_a_loss_that_falls_as_one_over_n() -> None:
    heads = (5.0, 10.0, 20.0, 50.0, 100.0)
    loss = Curve(heads, (1 / np.asarray(heads))[:, None] * luck(1, 0, 0).normal(1, 0.1, (1, 300)))
    slope, low, high = falls(loss)
    assert slope == pytest.approx(-1.0)
    assert low <= slope + 1e-9
    assert high >= slope - 1e-9
    assert np.isnan(falls(Curve(heads, -FLAT.values))[0])


def test_every_statement_has_a_judgement() -> None:
    judged = {"C12": dissent(DOWN, HUMP), "C13": listening(FLAT, UP), "C23": turnover(HUMP, DOWN)}
    judged["C03"] = size(shaped((0, 1, 1.8, 2.2, 2.4), (5, 10, 20, 50, 100)))
    assert {k: len(v) for k, v in judged.items()} == {k: len(v) for k, v in STATEMENTS.items()}


@pytest.mark.slow
def test_our_own_firm_gives_curves_with_shared_luck() -> None:
    calm, lost = own.c03(3)
    assert calm.values.shape == lost.values.shape == (len(own.HEADS), 3)
    again = own.curve("headcount", own.HEADS[:1], {}, "thrust", 3, 2)
    np.testing.assert_array_equal(again.values[0], calm.values[0])
