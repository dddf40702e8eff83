"""The page of facts says what was measured, no more."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sim.facts.cohorts import Cohorts
from sim.facts.fact import Fact, Measured
from sim.facts.fitted import FITTED
from sim.facts.page import FACTS, as_data, measure, page, write_page
from sim.facts.table import shipped_firms

RESULTS = Path(__file__).parents[2] / "results" / "facts"


def fact(target: float = 1.0, use: str = "fitted") -> Fact:
    return Fact("K0", "Something", "share", target, 0.5, "nowhere", "primary", lambda _: 2.5, use)  # type: ignore[arg-type]


def test_a_fact_is_met_within_two_standard_deviations() -> None:
    assert Measured(fact(), 1.9).met
    assert not Measured(fact(), 2.1).met
    assert Measured(fact(), 0.5).z == -1
    assert not Measured(fact(), math.nan).met


def test_the_page_names_every_fact_that_is_missed_and_counts_the_others() -> None:
    text = page([Measured(fact(), 1.2), Measured(fact(), 5.0), Measured(fact(use="held out"), math.nan)], {})
    assert "fitted to 2 facts; 1 of these lie within two standard deviations, 1 within one" in text
    assert "Something: 5 where 1 is measured" in text
    assert "cannot be said" in text


def test_intervals_come_from_other_luck() -> None:
    values = iter([1.0, 2.0, 3.0])
    told = Fact("K0", "", "", 1, 1, "", "primary", lambda _: next(values))
    (one,) = measure([told], [None, None, None])  # type: ignore[list-item]
    assert one.model == 2.0
    assert one.high - 2.0 == pytest.approx(4.303 / math.sqrt(3), rel=1e-3)
    nothing = Fact("K0", "", "", 1, 1, "", "primary", lambda _: math.nan)
    assert math.isnan(measure([nothing], [None])[0].model)  # type: ignore[list-item]


def test_the_shipped_results_hold_every_fact(tmp_path: Path) -> None:
    shipped = {row["id"]: row for row in json.loads((RESULTS / "facts.json").read_text(encoding="utf-8"))}
    assert list(shipped) == [f.id for f in FACTS]
    for f in FACTS:
        assert shipped[f.id]["target"] == f.target
        assert shipped[f.id]["use"] == f.use
    write_page([Measured(f, shipped[f.id]["model"] or math.nan) for f in FACTS], tmp_path, {"Firms": "some"})
    assert (tmp_path / "facts.png").stat().st_size > 20_000
    assert [row["z"] for row in as_data([Measured(f, f.target + f.sd) for f in FITTED])] == pytest.approx(
        [1.0] * len(FITTED)
    )


def test_the_shipped_population_shows_what_the_page_says() -> None:
    # A few firms, other luck: within what few firms allow of the published numbers.
    shipped = {row["id"]: row for row in json.loads((RESULTS / "facts.json").read_text(encoding="utf-8"))}
    cohorts = Cohorts(shipped_firms(96), seed=77)
    for f in FITTED:
        if f.id in ("K8", "K9a", "K11", "K12", "K16a", "K16b", "K17", "K18"):
            assert abs(f.measure(cohorts) - shipped[f.id]["model"]) < f.sd, f.id
    assert np.isfinite(cohorts.established.of("cash")[:, 0]).all()
