"""The engine and the plain Mesa model, written independently from the specification, are the same numbers to 1e-9."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from sim.measures.series import SERIES
from sim.reference.firm import ReferenceFirm
from sim.scenario import Scenario, load, scenario_names
from sim.simulate import Simulation
from sim.state import recording
from sim.uncertain import drawn
from tests.engine.firms import scenarios
from tests.reference.test_reference_firm import FIRMS, firm_of

CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-9}
SHARES = ("engagement_icc", "belief_icc")
"""Ratios of variances: where random firms hardly vary they are rounding over rounding (tests/reference compares them)."""
EFFORT = 1400
"""Person-weeks of a shipped scenario that the reference is asked for: it needs 0.1 ms for each."""
AFTER = 12
"""Weeks that are compared after a shipped scenario's last event, at least."""


def assert_same(scenario: Scenario, seed: int, weeks: int, without: Sequence[str] = ()) -> ReferenceFirm:
    """Run both, compare every series in every week and what everybody holds in the end; return the reference."""
    scenario = drawn(scenario, seed, 0)
    plain = ReferenceFirm(scenario, seed)
    while plain.closed is None and plain.week < weeks:
        plain.step()
    lane = Simulation(scenario, weeks)
    series, departments = recording(1, weeks, len(lane.state.plan.headcount))
    closed = lane.run(seed, 0, series[0], departments[0])
    assert closed == (-1 if plain.closed is None else plain.closed)
    lived = weeks if plain.closed is None else plain.closed + 1
    for j, name in enumerate(SERIES):
        assert len(plain.series[name]) == lived
        # A variance as a difference of two sums has 1e-16 of rounding, a standard deviation 1e-8.
        close = {"rtol": 1e-9, "atol": 1e-7} if name == "engagement_sd" else CLOSE
        if name not in without:
            np.testing.assert_allclose(series[0, :lived, j], plain.series[name], err_msg=name, **close)
    assert np.isnan(series[0, lived:]).all()
    _assert_same_end(lane, plain)
    return plain


def _assert_same_end(lane: Simulation, plain: ReferenceFirm) -> None:
    state = lane.state
    posts, count = int(state.firm["posts"][0]), int(state.firm["departments"][0])
    theirs = plain.by_post()
    np.testing.assert_array_equal(state.people.filled[:posts], theirs["filled"])
    np.testing.assert_array_equal(state.people.department[:posts], theirs["department"])
    there = theirs["filled"]
    for name in ("belief", "preference", "engagement"):
        ours = getattr(state.people, name)[:posts][there]
        np.testing.assert_allclose(ours, theirs[name][there], err_msg=name, **CLOSE)
    for name, values in plain.by_department().items():
        np.testing.assert_allclose(getattr(state.departments, name)[:count], values, err_msg=name, **CLOSE)
    held = plain.of_the_firm()
    for name in ("market", "norm", "vision"):
        np.testing.assert_allclose(getattr(state, name), held[name], err_msg=name, **CLOSE)
    for name in ("cash", "satisfaction"):
        np.testing.assert_allclose(state.now[name][0], held[name], err_msg=name, **CLOSE)


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenarios_run_alike(name: str) -> None:
    scenario = load(name)
    last = max((e.week for e in scenario.events), default=0)
    weeks = min(scenario.weeks, max(last + AFTER, EFFORT // scenario.posts))
    if weeks * scenario.posts > 8 * EFFORT:
        # A corporation: its departments keep their proportions and their goals, its events come earlier.
        parts = [
            d.model_dump(mode="json") | {"headcount": max(2, d.headcount // 10)}
            for d in scenario.departments
            if d.headcount
        ]
        parts = parts or [d.model_dump(mode="json") for d in scenario.departments]
        events = [e.model_dump(mode="json") | {"week": e.week // 4} for e in scenario.events]
        scenario = scenario.replace(
            {"departments": parts, "headcount": None if parts[0]["headcount"] else 40, "events": events}
        )
        weeks = 40
    assert_same(scenario, 7, weeks)


@pytest.mark.parametrize("name", FIRMS)
def test_firms_that_use_every_rule_run_alike(name: str) -> None:
    scenario = firm_of(name)
    assert_same(scenario, 3, min(scenario.weeks, 110))


@settings(max_examples=25)
@given(scenarios(most_weeks=30, most_people=14))
def test_random_firms_run_alike(scenario: Scenario) -> None:
    assert_same(scenario, 5, scenario.weeks, without=SHARES)


@settings(max_examples=15)
@given(scenarios(most_weeks=12, most_people=12, bounds=True))
def test_random_firms_at_the_bounds_run_alike(scenario: Scenario) -> None:
    assert_same(scenario, 6, scenario.weeks, without=SHARES)
