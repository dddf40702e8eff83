"""Whatever the scenario, the engine stays inside its bounds, to the last week."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings

from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.rules.week import PHASES, live
from sim.scenario import Scenario
from sim.simulate import NOTHING, Simulation, run
from sim.state import recording
from tests.engine.firms import founded, scenarios

SHARES = (
    *("coherence", "delivered", "rework", "overload", "satisfaction", "churn", "gap", "attraction"),
    *("stress", "engagement", "engagement_sd", "disengaged", "misaligned", "lost", "knowing", "heads_knowing"),
)
COSINES = ("cognitive", "behavioural", "between", "thrust", "fit")
NOT_NEGATIVE = (
    "newcomers",
    "customers",
    "orders",
    "use",
    "drawn",
    "forgone",
    "throughput",
    "costs",
    "leavers",
    "filled",
    "posts",
    "reports",
)


def check_week(lane: Simulation, before: float) -> float:
    """Check what holds after every week; return cash."""
    s, f = lane.state, lane.state.firm[0]
    posts, count = int(f["posts"]), int(f["departments"])
    there = s.people.filled[:posts]
    engagement = s.people.engagement[:posts]
    assert ((engagement >= 0) & (engagement <= 1)).all()
    assert (np.linalg.norm(s.people.belief[:posts], axis=1) <= 1 + 1e-12).all()
    units = [s.market, s.norm, s.vision, *s.departments.goal[:count], *s.departments.functional_goal[:count]]
    np.testing.assert_allclose(np.linalg.norm(units, axis=1), 1, atol=1e-12)
    preference = np.linalg.norm(s.people.preference[:posts][there], axis=1)
    np.testing.assert_allclose(preference, 1, atol=1e-12)
    for directions in (s.departments.understanding, s.departments.delivered, s.departments.automation_direction):
        assert (np.linalg.norm(directions[:count], axis=1) <= 1 + 1e-12).all()
    assert np.isfinite(s.people.deviation[:posts]).all()
    np.testing.assert_array_equal(s.uncertainty, s.uncertainty.T)
    scale = np.abs(s.uncertainty).max()
    assert np.isfinite(scale)
    assert np.linalg.eigvalsh(s.uncertainty).min() >= -1e-9 * scale
    assert ((s.departments.rework[:count] >= 0) & (s.departments.rework[:count] <= 0.9)).all()
    assert (s.departments.backlog[:count] >= 0).all()
    assert (s.departments.done[:count] <= s.departments.load[:count]).all()
    assert s.departments.posts[:count].sum() == posts
    assert np.isfinite(s.now_values).all()
    now = s.now[0]
    slack = 1e-9 * (1 + abs(before) + abs(now["cash"]) + abs(now["revenue"]) + abs(now["costs"]))
    assert abs(now["cash"] - (before + now["revenue"] - now["costs"] + now["other"])) <= slack
    return float(now["cash"])


def live_and_check(scenario: Scenario) -> None:
    lane = founded(scenario, 1)
    rowing = lane.state.people.rowing
    series, departments = recording(1, scenario.weeks, len(lane.state.plan.headcount))
    cash, ended, failed = scenario.money.buffer, 0, False
    for week in range(scenario.weeks):
        live(lane.box, 1, 0, 9, *NOTHING)
        there = lane.state.people.filled[: int(lane.state.firm["posts"][0])]
        # A belief that is exactly nothing leaves no direction; all others row at full length.
        lengths = np.linalg.norm(rowing[: len(there)][there], axis=1)
        assert (np.isclose(lengths, 1, atol=1e-12) | (lengths == 0)).all()
        ended = live(lane.box, 1, 9, len(PHASES), series[0], departments[0])
        assert ended == week + 1
        cash = check_week(lane, cash)
        if lane.state.firm["closed"][0] >= 0:
            assert cash < -lane.state.params["credit"][0]
            failed = True
            assert lane.state.firm["closed"][0] == week
            break
        assert cash >= -lane.state.params["credit"][0]
    if failed:
        assert live(lane.box, 5, 0, len(PHASES), *NOTHING) == ended
    whole = run(scenario, 1)
    assert len(whole.series["cash"]) == ended
    assert whole.closed == (ended - 1 if failed else None)
    for j, name in enumerate(SERIES):
        values = series[0, :, j]
        assert np.isfinite(values[:ended]).all(), name
        assert np.isnan(values[ended:]).all(), name
        np.testing.assert_array_equal(values[:ended], whole.series[name], err_msg=name)
        if name in SHARES:
            assert values[:ended].min() >= -1e-12, name
            assert values[:ended].max() <= 1 + 1e-12, name
        elif name in COSINES:
            assert np.abs(values[:ended]).max() <= 1 + 1e-12, name
        elif name in NOT_NEGATIVE:
            assert values[:ended].min() >= 0, name
    assert set(whole.departments) == set(DEPARTMENT_SERIES)
    founders = len(scenario.departments)
    for name, values in whole.departments.items():
        assert np.isfinite(values[:, :founders]).all(), name
        assert not math.isinf(np.nan_to_num(values, nan=0).max()), name


@settings(max_examples=40)
@given(scenarios(most_weeks=60))
def test_plausible_firms_stay_within_their_bounds(scenario: Scenario) -> None:
    live_and_check(scenario)


@settings(max_examples=40)
@given(scenarios(most_weeks=40, bounds=True))
def test_firms_at_the_limits_of_what_is_allowed_stay_within_their_bounds(scenario: Scenario) -> None:
    live_and_check(scenario)


@settings(max_examples=25)
@given(scenarios(most_weeks=30))
def test_no_scenario_carries_anything_into_the_next_run(scenario: Scenario) -> None:
    lane = Simulation(scenario)
    (one, other), departments = (
        recording(2, scenario.weeks, 1)[0],
        recording(1, scenario.weeks, len(lane.state.plan.headcount))[1],
    )
    lane.run(1, 0, one, departments[0])
    lane.run(2, 0)
    lane.run(1, 0, other, departments[0])
    np.testing.assert_array_equal(one, other)
