"""Cash stays an identity when owners draw, forgo pay and give credit; luck with orders has the spread it is said to have."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.measures.series import SERIES
from sim.simulate import Simulation, run, run_many
from tests.engine.firms import do, firm, next_week, series_of

OWNED: dict[str, Any] = {
    "money.draw": 0.2, "money.reserve": 9, "money.safety": 8, "money.thrift": 0.08, "money.credit": 3, "money.buffer": 10,
    "people.leaver_cost": 5, "work.rework_cost": 0.6, "people.turnover": 0.02, "market.demand_noise": 0.25,
    "work.opportunity_rate": 0.1, "work.automation": 0.1,
}  # fmt: skip
EVENTS = [
    {"kind": "cash_cut", "week": 30, "weeks": 9},
    {"kind": "demand_drop", "week": 60, "share": 0.3},
    {"kind": "initiative", "week": 20, "effort": 30, "share": 0.1, "deadline": 20, "cost": 1.5},
]


def test_cash_is_an_identity_with_draw_thrift_and_credit() -> None:
    scenario = firm(OWNED, headcount=20, weeks=150, events=EVENTS)
    result = run(scenario, 3)
    s = result.series
    before = np.concatenate([[10.0], s["cash"][:-1]])
    np.testing.assert_allclose(s["cash"], before + s["revenue"] - s["costs"] + s["other"], atol=1e-11)
    undrawn = s["cash"] + s["drawn"]
    np.testing.assert_allclose(s["drawn"], 0.2 * np.maximum(0, undrawn - 9), atol=1e-11)
    np.testing.assert_allclose(s["stress"], np.clip(1 - (s["cash"] + 3) / 11, 0, 1), atol=1e-11)
    first = max(0.0, 1 - 13 / 11)
    stress, leavers = (np.concatenate([[start], s[name][:-1]]) for name, start in (("stress", first), ("leavers", 0)))
    plain = 0.3 + 0.7 * s["filled"] / 20 + 0.05 * 0.1
    np.testing.assert_allclose(s["forgone"], 0.08 * stress * plain, atol=1e-11)
    rework = 0.6 * np.maximum(0, s["rework"] - 0.06) * s["revenue"]
    np.testing.assert_allclose(s["costs"], plain - s["forgone"] + 5 * 0.7 / 20 * leavers + rework, atol=1e-11)
    own = s["revenue"] - s["costs"] - s["forgone"] + s["other"] + s["drawn"]
    np.testing.assert_allclose(s["worth"], 10 + np.cumsum(own), atol=1e-9)
    # Not vacuous: each of them was at work.
    for name in ("drawn", "forgone", "leavers"):
        assert (s[name] > 0).sum() > 2, name
    assert (rework > 0).sum() > 5
    assert s["cash"].min() < 0


def test_a_firm_closes_when_its_credit_is_used_up_and_not_before() -> None:
    events = [{"kind": "cash_cut", "week": week, "weeks": 3} for week in range(5, 12)]
    one = run(firm({"money.credit": 6, "money.buffer": 4}, weeks=30, events=events), 1)
    cash = one.series["cash"]
    assert one.closed == len(cash) - 1
    assert cash[-1] < -6
    assert (cash[:-1] >= -6).all()
    assert (cash[:-1] < 0).any()
    assert one.series["stress"][-1] == 1


def test_with_draw_cash_settles_near_the_reserve() -> None:
    scenario = firm({"money.draw": 0.1, "money.reserve": 9, "money.buffer": 60, "people.turnover": 0}, weeks=200)
    s = run(scenario, 1).series
    late = slice(150, 200)
    profit = (s["revenue"] - s["costs"])[late].mean()
    # Profit is drawn after it has come in: a week's profit stays for (1 - draw)/draw weeks.
    assert s["cash"][late].mean() == pytest.approx(9 + profit * 0.9 / 0.1, abs=0.2)


@pytest.mark.parametrize(("posts", "scaling"), [(30, 0.0), (120, 0.5)])
def test_luck_with_orders_has_mean_one_its_spread_and_its_memory(posts: int, scaling: float) -> None:
    values = {
        "market.demand_noise": 0.3,
        "market.demand_scaling": scaling,
        "market.demand_memory": 0.9,
        "money.buffer": 1e6,
    }
    batch = run_many(firm(values, headcount=posts, weeks=40), 400, seed=5, with_departments=False)
    before = np.concatenate([np.ones((400, 1)), batch.of("customers")[:, :-1]], axis=1)
    luck = batch.of("orders") / before
    spread = 0.3 * (posts / 30) ** -scaling
    assert np.log(luck).std() == pytest.approx(spread, rel=0.06)
    assert luck.mean() == pytest.approx(1, abs=0.03)
    log = np.log(luck) + spread**2 / 2
    assert np.mean(log[:, 1:] * log[:, :-1]) / np.mean(log**2) == pytest.approx(0.9, abs=0.02)


def test_newcomers_work_half_at_first_and_fully_after_the_ramp() -> None:
    values = {"people.ramp_up": 10, "people.turnover": 0, "people.quitting": 0, "work.disengagement_cost": 0,
              "work.rework": 0, "work.meeting_cost": 0}  # fmt: skip
    one = Simulation(firm(values, headcount=6, departments=[{"name": "all"}]), 20)
    one.found(1, 0)
    one.state.people.newcomer[:2], one.state.people.since[:2] = True, 0
    expected = [4 + 2 * (0.5 + 0.5 * min(1, u / 10)) for u in range(13)]
    for week in range(13):
        do(one, "events_strike", "work_is_delivered")
        assert one.state.departments.capacity[0] == pytest.approx(expected[week], rel=1e-12)
        next_week(one)


# -- a past


def test_a_firm_with_a_past_has_its_money_as_founded_and_its_people_as_they_became() -> None:
    values = {"people.turnover": 0.02, "people.forgetting": 0.02, "market.turbulence": 0.3, "market.demand_noise": 0.3,
              "money.buffer": 3, "people.hiring": True, "work.opportunity_rate": 0.5}  # fmt: skip
    events = [{"kind": "market_turns", "week": 0, "angle": 1}]
    scenario = firm(values, headcount=15, weeks=30, spin_up=60, events=events)
    one = Simulation(scenario, 30)
    one.found(4, 0)
    s = one.state
    assert s.firm["week"][0] == 0
    assert s.firm["posts"][0] == 15
    assert s.firm["closed"][0] == -1
    np.testing.assert_array_equal(s.market, np.eye(5)[0])
    np.testing.assert_array_equal(s.norm, np.eye(5)[0])
    assert (s.now["cash"][0], s.now["customers"][0], s.now["worth"][0]) == (3, 1, 3)
    assert s.now["stress"][0] == pytest.approx(1 - 3 / 8)
    for amounts in (s.departments.backlog, s.departments.overload, s.departments.finished):
        assert not amounts.any()
    assert s.people.newcomer.any()
    assert s.now["coherence"][0] < 1
    assert np.linalg.norm(s.people.belief - s.vision, axis=1).max() > 0.3
    # The past is the same whatever comes later.
    other = Simulation(scenario.replace({"events": []}), 30)
    other.found(4, 0)
    np.testing.assert_array_equal(other.state.people.belief, s.people.belief)
    np.testing.assert_array_equal(other.state.vision, s.vision)


def test_without_a_past_nothing_of_it_is_read() -> None:
    scenario = firm({"money.buffer": 20}, headcount=12, weeks=20)
    assert math.isfinite(series_of(scenario)[-1, list(SERIES).index("cash")])
    assert not np.array_equal(series_of(scenario), series_of(scenario.replace({"spin_up": 1})))
