"""How to know that the model is right: closed forms that the engine must agree with (the model page, section 6)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from sim.measures.series import SERIES
from sim.rules.week import PHASES, live
from sim.simulate import NOTHING, run_many
from tests.engine.firms import PHASE, QUIET, do, firm, founded, next_week, series_of, weights

Array = NDArray[np.float64]
ALL_AXES = 5


def unit_rows(rows: Array) -> Array:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def column(series: Array, name: str) -> Array:
    return series[:, list(SERIES).index(name)]


# -- 1: coherence and misfit of independent directions


def test_coherence_of_independent_directions_is_one_over_n_in_the_mean_square() -> None:
    n, weeks = 20, 3000
    # Without a belief and a goal, what is left of a direction is the deviation: uniform on the sphere.
    lane = founded(firm({"people.incentive": 0, "money.rigidity": 0, "people.autonomy_memory": 0}, headcount=n))
    lane.state.people.belief[:] = 0
    squares = np.empty(weeks)
    for week in range(weeks):
        do(lane, "people_row")
        squares[week] = lane.state.now["coherence"][0] ** 2
        next_week(lane)
    error = math.sqrt(2 / ALL_AXES / weeks) / n  # n coherence^2 D is nearly chi-squared with D degrees of freedom
    assert abs(squares.mean() - 1 / n) < 4 * error


@pytest.mark.parametrize("autonomy", [0.0, 0.3, 10.0])
def test_mean_misfit_over_all_ordered_pairs_is_half_of_what_coherence_lacks(autonomy: float) -> None:
    k = 12
    scenario = firm(
        {"people.autonomy": autonomy, "work.rework": 1, "people.goal_spread": 1.5},
        departments=[{"name": f"d{i}", "headcount": 1} for i in range(k)],
        dependencies=np.full((k, k), 1 / k).tolist(),
    )
    lane = founded(scenario)
    for _ in range(20):
        do(lane, "events_strike", "work_is_delivered")
        now, rework = lane.state.now[0], lane.state.departments.rework
        assert rework.max() < 0.9
        assert rework.mean() == pytest.approx((1 - now["coherence"] ** 2) / 2, abs=1e-14)
        next_week(lane)


# -- 2: talk

RING = [(i, (i + 1) % 8, 1.0 + i % 3) for i in range(8)] + [(0, 4, 2.0), (2, 6, 1.5)]
BOTH_WAYS = [list(link) for link in RING] + [[j, i, w] for i, j, w in RING]


def test_talk_alone_contracts_at_the_second_eigenvalue_to_the_stationary_mean() -> None:
    social = 0.3
    scenario = firm(
        {"people.social": social, "people.persuasion": 0}, headcount=8, departments=[{"name": "all"}], links=BOTH_WAYS
    )
    lane = founded(scenario)
    lane.state.now["stress"] = 0
    start = np.random.default_rng(1).uniform(-0.4, 0.4, (8, ALL_AXES))
    lane.state.people.belief[:] = start
    talk = np.eye(8) + social * (weights(lane) - np.eye(8))
    strength = np.zeros(8)
    for i, _, w in BOTH_WAYS:
        strength[int(i)] += w
    limit = strength / strength.sum() @ start  # reversible: the stationary weight is the weight of one's links
    expected, distances = start, []
    for _ in range(140):
        do(lane, "people_talk")
        expected = talk @ expected
        np.testing.assert_allclose(lane.state.people.belief, expected, atol=1e-13)
        distances.append(np.linalg.norm(lane.state.people.belief - limit))
    second = np.sort(np.abs(np.linalg.eigvals(talk)))[-2]
    assert 0.8 < second < 0.99
    assert (distances[119] / distances[79]) ** (1 / 40) == pytest.approx(second, rel=1e-4)
    assert distances[-1] < 1e-2 * distances[0]


@pytest.mark.parametrize("stress", [0.0, 0.5])
def test_talk_of_drawn_ties_with_vacancies_is_a_matrix(stress: float) -> None:
    lane = founded(firm({"people.social": 0.4, "people.persuasion": 0, "money.squeeze": 0.6}, headcount=25), seed=3)
    lane.state.now["stress"] = stress
    gone = [1, 7, 8, 20]
    lane.state.people.filled[gone] = False
    talk = weights(lane)
    talk[:, gone] = 0
    here = np.setdiff1d(np.arange(25), gone)
    talk = talk[np.ix_(here, here)]
    heard = talk.sum(1, keepdims=True)
    talk = np.divide(talk, heard, out=np.eye(len(here)), where=heard > 0)
    step = np.eye(len(here)) + 0.4 * (1 - 0.6 * stress) * (talk - np.eye(len(here)))
    beliefs = np.random.default_rng(2).uniform(-0.4, 0.4, (25, ALL_AXES))
    lane.state.people.belief[:] = beliefs
    for _ in range(15):
        do(lane, "people_talk")
    expected = np.linalg.matrix_power(step, 15) @ beliefs[here]
    np.testing.assert_allclose(lane.state.people.belief[here], expected, atol=1e-13)


@pytest.mark.parametrize("engaged", [1.0, 0.55])
def test_talk_under_a_fixed_broadcast_reaches_the_friedkin_johnsen_equilibrium(engaged: float) -> None:
    # At 0.55 attention is 2/3: a third of everybody holds to their own preference, as stubborn people do.
    social, persuasion, drift, attention = 0.3, 0.15, 0.1, min(1.0, (engaged - 0.5 + 0.15) / 0.3)
    scenario = firm(
        {**QUIET, "people.social": social, "people.persuasion": persuasion, "mood.drift": drift, "money.squeeze": 0},
        headcount=24,
    )
    lane = founded(scenario, seed=5)
    state = lane.state
    state.firm["broadcast"] = 1
    state.departments.understanding[:] = np.random.default_rng(3).uniform(-0.4, 0.4, (5, ALL_AXES))
    state.people.engagement[:] = engaged
    for _ in range(400):
        do(lane, "people_talk")
    w, eye = weights(lane), np.eye(24)
    assert (w.sum(1) > 0.99).all()
    heads = state.departments.understanding[state.people.department]
    left = attention * (social * (eye - w) + persuasion * eye) + (1 - attention) * drift * eye
    right = attention * persuasion * heads + (1 - attention) * drift * state.people.preference
    np.testing.assert_allclose(state.people.belief, np.linalg.solve(left, right), atol=1e-12)


# -- 3: the founder

WEEKS = 12000


def tracking_variance(gain: float, q: float, r: float) -> float:
    return ((1 - gain) ** 2 * q + gain**2 * r) / (gain * (2 - gain))


def kalman_gain(q: float, r: float) -> float:
    before = (q + math.sqrt(q * q + 4 * q * r)) / 2  # variance before the reading
    return before / (before + r)


def founder_alone(gain: float, turbulence: float, noise: float) -> tuple[float, float]:
    """Return the variance per axis of the founder's error, and its standard error, over eight independent runs."""
    scenario = firm(
        {
            **QUIET, "market.turbulence": turbulence, "market.trend_noise": noise, "founder.openness": 0,
            "founder.conviction": 0, "founder.voice": 0, "founder.agility": 1 + math.log(gain) / math.log(104),
        },
        headcount=1, departments=[{"name": "all"}],
    )  # fmt: skip
    fit = run_many(scenario, 8, seed=4, weeks=WEEKS, with_departments=False).of("fit")[:, 500:]
    each = (2 * (1 - fit)).mean(1) / (ALL_AXES - 1)
    return float(each.mean()), float(each.std(ddof=1) / math.sqrt(8))


def test_tracking_variance_of_the_founder_is_the_closed_form_and_least_at_the_kalman_gain() -> None:
    turbulence, noise = 0.012, 0.3
    q, r = turbulence**2 / (ALL_AXES - 1), noise**2 / ALL_AXES
    best = kalman_gain(q, r)
    found = minimize_scalar(
        lambda g: tracking_variance(g, q, r), bounds=(1e-4, 1), method="bounded", options={"xatol": 1e-9}
    )
    assert found.x == pytest.approx(best, rel=1e-3)
    measured = {}
    for factor in (0.4, 1.0, 2.5, 8.0):
        measured[factor], error = founder_alone(factor * best, turbulence, noise)
        expected = tracking_variance(factor * best, q, r)
        assert abs(measured[factor] - expected) < 4 * error + 0.01 * expected, (factor, measured[factor] / expected)
    assert min(measured, key=measured.get) == 1.0  # type: ignore[arg-type]


# -- 5: cash and work

BUSY: dict[str, Any] = {
    "headcount": 20,
    "weeks": 120,
    "events": [
        {"kind": "cash_cut", "week": 10, "weeks": 3},
        {"kind": "demand_drop", "week": 15, "share": 0.3},
        {"kind": "initiative", "week": 20, "effort": 30, "share": 0.2, "deadline": 20, "gain": 0.2, "cost": 1.5},
        {
            "kind": "initiative",
            "week": 21,
            "effort": 1e6,
            "share": 0.4,
            "deadline": 5,
            "cost": 0.5,
            "departments": ["sales"],
        },
        {"kind": "automation", "week": 30, "share": 0.5},
        {"kind": "department_turned", "week": 40, "department": "operations", "angle": 2.2},
        {"kind": "merger", "week": 60, "people": 8, "angle": 1.0, "customers": 0.3, "departments": [{"name": "lab"}]},
    ],
}
BUSY_VALUES = {"money.buffer": 60, "work.opportunity_rate": 0.2, "work.discipline": 0.2, "work.payoff": 1.3}


def test_cash_is_an_identity_week_by_week() -> None:
    series = series_of(firm(BUSY_VALUES, **BUSY))
    cash, other = column(series, "cash"), column(series, "other")
    before = np.concatenate([[60.0], cash[:-1]])
    np.testing.assert_allclose(cash, before + column(series, "revenue") - column(series, "costs") + other, atol=1e-12)
    # Not vacuous: cuts, costs of initiatives and payoffs all show, alone or together in a week.
    assert any(other[10] == pytest.approx(1.3 * k - 3) for k in (0, 1))
    assert any(other[20] == pytest.approx(1.3 * k - 1.5) for k in (0, 1))
    assert (other == 1.3).sum() > 5


def test_backlog_obeys_its_recursion_and_paid_work_never_exceeds_what_any_department_did() -> None:
    scenario = firm(BUSY_VALUES | {"work.slack": 0.05, "money.buffer": 500}, **BUSY)
    lane = founded(scenario)
    state, d = lane.state, lane.state.departments
    paid, queued, did = 0.0, 0.0, np.zeros(6)
    while state.firm["week"][0] < scenario.weeks:
        backlog = d.backlog.copy()
        do(lane, "events_strike", "opportunities_come_up")
        served = state.now["customers"][0] * (1 - state.now["overload"][0])
        count = int(state.firm["departments"][0])
        do(lane, "work_is_delivered")
        unit = d.founding_posts[:count] * (1 - 0.06) / 1.05
        load = served * unit + backlog[:count]
        np.testing.assert_array_equal(d.load[:count], load)
        np.testing.assert_array_equal(d.done[:count], np.minimum(load, d.capacity[:count]))
        np.testing.assert_array_equal(d.backlog[:count], load - d.done[:count])
        queue = d.backlog[:count] / unit
        np.testing.assert_allclose(d.overload[:count], queue / (2 + queue), rtol=1e-15)
        assert state.now["overload"][0] == d.overload[:count].max()
        if state.firm["week"][0] == 60:
            did[5] = did[:5].min()  # a department that joins starts even with the slowest
        did[:count] += d.done[:count] / unit
        paid += state.now["throughput"][0]
        assert paid <= did[:count].min() + 1e-9
        assert paid == pytest.approx(did[:count].min(), rel=1e-12)
        queued = max(queued, queue.max())
        live(lane.box, 1, PHASE["customers_decide"], len(PHASES), *NOTHING)
    assert queued > 0.5


# -- 6: a firm without a cause of misalignment


def test_a_firm_without_noise_stays_at_coherence_one_for_ever() -> None:
    series = series_of(firm(QUIET), weeks=5000)
    for name in ("coherence", "thrust", "fit", "cognitive", "behavioural", "between", "delivered", "engagement"):
        np.testing.assert_allclose(column(series, name), 1, atol=1e-12, err_msg=name)
    assert np.abs(column(series, "rework")).max() < 1e-12


# -- 7: contagion


def test_contagion_alone_ends_at_the_fixed_point_of_a_linear_system() -> None:
    threshold, ramp, contagion, n = 0.7, 0.5, 0.6, 30
    ties = [[i, j] for i in range(1, n) for j in {(i * 7 + 1) % n, (i - 1) % n, i // 2} - {i} if i != 9]
    scenario = firm(
        {
            **QUIET, "mood.strain": 0, "mood.contagion": contagion, "mood.threshold": threshold, "mood.ramp": ramp,
            "mood.mood": 0.3,
        },
        headcount=n, links=ties,
    )  # fmt: skip
    lane = founded(scenario)
    w = weights(lane)
    assert (w.sum(1) == 0).sum() == 2  # persons 0 and 9 listen to nobody
    # Somebody's disengagement u obeys 2 ramp u = threshold + ramp - 1 + contagion W u: everybody is on the ramp here.
    expected = np.linalg.solve(2 * ramp * np.eye(n) - contagion * w, np.full(n, threshold + ramp - 1))
    assert 0 < expected.min() < 0.9 * expected.max() < expected.max() < 1
    for _ in range(400):
        do(lane, "people_feel")
    engagement = lane.state.people.engagement
    np.testing.assert_allclose(engagement, 1 - contagion * w @ expected, atol=1e-12)
    np.testing.assert_allclose(1 - (engagement - threshold + ramp) / (2 * ramp), expected, atol=1e-12)


def disengaged_after_one(contagion: float, links: list[list[int]], weeks: int, mood: float) -> list[Array]:
    """Return everybody's engagement week by week after person 0 has lost all of theirs."""
    scenario = firm(
        {**QUIET, "mood.strain": 0, "mood.contagion": contagion, "mood.mood": mood, "mood.threshold": 0.5, "mood.ramp": 0.15},
        headcount=10, links=links,
    )  # fmt: skip
    lane = founded(scenario)
    lane.state.people.engagement[0] = 0
    history = []
    for _ in range(weeks):
        do(lane, "people_feel")
        history.append(lane.state.people.engagement.copy())
    return history


@pytest.mark.parametrize("k", [1, 2, 3])
def test_one_disengaged_person_never_spreads_below_a_level_and_does_above_it(k: int) -> None:
    links = [[i, (i - j) % 10] for i in range(10) for j in range(1, k + 1)]
    level = k * (1 - 0.5 - 0.15)  # what one of k colleagues takes away leaves attention whole up to here
    below = disengaged_after_one(0.999 * level, links, 60, mood=1)
    for week, engagement in enumerate(below):
        assert (engagement[1:] >= 0.65).all(), week
    np.testing.assert_array_equal(below[-1], 1)
    above = disengaged_after_one(1.001 * level, links, 1, mood=1)
    assert (above[0][1 : k + 1] < 0.65).all()
    slow = disengaged_after_one(0.999 * level, links, 200, mood=0.1)
    assert all((engagement[1:] >= 0.65).all() for engagement in slow)


def test_around_a_ring_disengagement_runs_for_ever_only_above_its_closed_form_level() -> None:
    ring = [[i, (i - 1) % 10] for i in range(10)]
    level = 1 - 0.5 + 0.15  # from here on somebody who has lost all takes all from who listens only to them
    for week, engagement in enumerate(disengaged_after_one(1.001 * level, ring, 95, mood=1), 1):
        assert set(np.flatnonzero(engagement <= 0.35)) == {week % 10}
    u, above = 1.0, 0.995 * level
    for week, engagement in enumerate(disengaged_after_one(above, ring, 95, mood=1), 1):
        assert engagement[week % 10] == pytest.approx(max(0.0, 1 - above * u), abs=1e-9)
        u = min(1.0, max(0.0, (0.65 - 1 + above * u) / 0.3))
    assert u == 0
