"""Demand, the owner's purse and the past of the reference, on small cases worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.engine import streams
from sim.reference.firm import ReferenceFirm
from sim.reference.money import stress_at
from sim.reference.parameters import Parameters
from sim.scenario import Scenario


def founded(content: dict[str, Any], seed: int = 2) -> ReferenceFirm:
    return ReferenceFirm(Scenario.model_validate({"headcount": 10} | content), seed)


def normal(decision: np.uint64, week: int) -> float:
    return streams.stream(2, 0, decision, week).standard_normal()


# -- demand


def test_orders_follow_lasting_luck_and_stand_for_customers_in_the_load() -> None:
    noise, memory, scaling = 0.3, 0.6, 0.5
    market = {"demand_noise": noise, "demand_memory": memory, "demand_scaling": scaling}
    firm = founded({"market": market})
    delta, s = normal(streams.FIRST_DEMAND, 0), noise * (10 / 30) ** -scaling
    for week in range(4):
        delta = memory * delta + 0.8 * normal(streams.DEMAND, week)
        customers, balk = firm.customers, 1 - max(d.overload for d in firm.departments)
        backlog = [d.backlog for d in firm.departments]
        firm.step()
        orders = customers * math.exp(s * delta - s**2 / 2)
        for d, before in zip(firm.departments, backlog, strict=True):
            assert d.load == pytest.approx(orders * balk * d.work_per_customers + before)


def test_luck_in_demand_goes_on_where_it_has_no_effect_and_without_it_orders_are_the_customers() -> None:
    quiet, lucky = founded({}), founded({"market": {"demand_noise": 0.2}})
    for firm in (quiet, lucky):
        firm.step()
    assert quiet.market.demand == lucky.market.demand
    assert quiet.departments[0].load == quiet.departments[0].work_per_customers


def test_a_merger_does_not_change_how_far_demand_varies() -> None:
    market = {"demand_noise": 0.3, "demand_scaling": 1}
    merger = {"kind": "merger", "week": 0, "people": 40, "angle": 0}
    firm = founded({"market": market, "events": [merger]})
    firm.step()
    s = 0.3 * 3
    orders = math.exp(s * firm.market.demand - s**2 / 2)
    assert firm.departments[0].load == pytest.approx(orders * firm.departments[0].work_per_customers)


# -- the owner's purse


def test_stress_is_0_at_safety_and_1_where_the_firm_closes() -> None:
    p = Parameters(Scenario.model_validate({"money": {"safety": 6, "credit": 2}}))
    assert [stress_at(cash, p) for cash in (7, 6, 2, -2, -3)] == [0, 0, 0.5, 1, 1]


def test_costs_are_saved_on_under_stress_and_grow_with_leavers_and_work_done_twice() -> None:
    content = {
        "money": {"buffer": 2, "safety": 4, "thrift": 0.1, "fixed_costs": 0.4, "draw": 0.5, "reserve": 4},
        "people": {"leaver_cost": 3, "goal_spread": 1.5, "incentive": 0.8}, "work": {"rework_cost": 0.8, "automation": 0.5, "automation_cost": 0.06},
    }  # fmt: skip
    firm = founded(content)
    firm.leavers = 2  # of last week
    firm.step()
    now = {name: values[-1] for name, values in firm.series.items()}
    bare = 0.4 + 0.6 + 0.06 * 0.5
    twice = 0.8 * max(0.0, now["rework"] - 0.06) * now["revenue"]
    assert twice > 0
    assert now["costs"] == pytest.approx(bare * (1 - 0.1 * 0.5) + 3 * 0.6 / 10 * 2 + twice)
    assert now["cash"] == pytest.approx(2 + now["revenue"] - now["costs"])
    assert now["other"] == 0
    assert now["stress"] == pytest.approx(1 - now["cash"] / 4)


def test_owners_draw_a_share_of_what_exceeds_the_reserve_after_the_weeks_costs() -> None:
    firm = founded({"money": {"buffer": 20, "reserve": 10, "draw": 0.25}})
    firm.step()
    now = {name: values[-1] for name, values in firm.series.items()}
    before = 20 + now["revenue"] - now["costs"]
    assert now["cash"] == pytest.approx(before - 0.25 * (before - 10))
    assert now["other"] == pytest.approx(-0.25 * (before - 10))


def test_cash_settles_near_reserve_plus_profit_over_draw() -> None:
    still = {"turbulence": 0, "trend_noise": 0, "norm_drift": 0, "norm_speed": 0}
    people = {"goal_spread": 0, "autonomy": 0, "turnover": 0, "quitting": 0}
    money = {"draw": 0.2, "reserve": 8.5}
    firm = founded({"market": still, "people": people, "founder": {"clarity": 1}, "money": money, "weeks": 150})
    while firm.running:
        firm.step()
    profit = firm.series["revenue"][-1] - firm.series["costs"][-1]
    assert profit > 0
    assert firm.cash == pytest.approx(8.5 + profit * (1 - 0.2) / 0.2, rel=1e-3)  # after the draw


def test_a_firm_closes_when_credit_is_used_up_and_not_before() -> None:
    content: dict[str, Any] = {"events": [{"kind": "cash_cut", "week": 1, "weeks": 4}], "weeks": 3}
    without, on_credit = (founded(content | {"money": {"buffer": 2, "credit": c}}) for c in (0, 3))
    for firm in (without, on_credit):
        while firm.running:
            firm.step()
    assert without.closed == 1
    assert on_credit.closed is None
    assert -3 < on_credit.cash < 0


def test_cash_is_conserved_week_by_week_whatever_flows() -> None:
    content = {
        "spin_up": 5, "weeks": 60, "money": {"buffer": 14, "reserve": 9, "draw": 0.3, "credit": 4, "thrift": 0.1},
        "people": {"leaver_cost": 5, "turnover": 0.05},
        "work": {"rework_cost": 1, "opportunity_rate": 0.3, "discipline": 0.2},
        "market": {"demand_noise": 0.3},
        "events": [
            {"kind": "cash_cut", "week": 10, "weeks": 3},
            {"kind": "initiative", "week": 20, "effort": 5, "share": 0.1, "deadline": 9, "cost": 2},
        ],
    }  # fmt: skip
    firm = founded(content)
    while firm.running:
        firm.step()
    s = {name: np.array(values) for name, values in firm.series.items()}
    flows = np.cumsum(s["revenue"] - s["costs"] + s["other"])
    np.testing.assert_allclose(s["cash"], 14 + flows, atol=1e-9)
    assert s["other"].max() > 0 > s["other"].min()


def test_where_owners_draw_hiring_waits_for_the_reserve_only() -> None:
    content: dict[str, Any] = {
        "people": {"hiring": True, "goal_spread": 0.1}, "market": {"rivals": 0.5}, "weeks": 60,
    }  # fmt: skip
    money = {"margin": 0.3, "reserve": 9, "buffer": 9, "safety": 8}
    drawing, hoarding = (founded(content | {"money": money | more}) for more in ({"draw": 0.5}, {"safety": 8}))
    for firm in (drawing, hoarding):
        while firm.running:
            firm.step()
    assert max(drawing.series["cash"]) < 16  # twice safety: without the exception it would never hire
    assert drawing.series["posts"][-1] > 10
    assert hoarding.series["posts"][-1] > 10


# -- the past

PAST: dict[str, Any] = {
    "spin_up": 31, "weeks": 20,
    "founder": {"frame": 0.9}, "people": {"forgetting": 0.02, "turnover": 0.05},
    "work": {"opportunity_rate": 1, "discipline": 0}, "market": {"demand_noise": 0.4, "turbulence": 0.1},
    "money": {"buffer": 3},
}  # fmt: skip


def test_money_and_market_are_at_week_0_what_they_were_at_the_founding() -> None:
    firm = founded(PAST)
    first_axis = np.eye(5)[0]
    assert firm.week == 0
    assert firm.closed is None
    assert (firm.cash, firm.customers, firm.stress) == (3, 1, 1 - 3 / 8)
    assert {(d.backlog, d.overload, d.finished) for d in firm.departments} == {(0, 0, 0)}
    np.testing.assert_array_equal(firm.market.direction, first_axis)
    np.testing.assert_array_equal(firm.market.norm, first_axis)
    assert all(values == [] for values in firm.series.values())
    assert all(d.side_business is None for d in firm.departments)


def test_people_and_founder_have_lived() -> None:
    firm, born = founded(PAST), founded(PAST | {"spin_up": 0})
    assert not np.array_equal(firm.founder.vision, born.founder.vision)
    assert not np.array_equal(firm.founder.covariance, born.founder.covariance)
    assert firm.satisfaction is not None
    assert firm.founder.reports is not None
    assert firm.coherence > 0
    tenures = {e.weeks_worked for e in firm.filled()}
    assert None in tenures
    assert len(tenures) > 2
    delta = normal(streams.FIRST_DEMAND, 0)
    for week in range(-31, 0):
        delta = 0.95 * delta + math.sqrt(1 - 0.95**2) * normal(streams.DEMAND, week % 2**64)
    assert firm.market.demand == pytest.approx(delta)


def test_a_past_without_any_change_is_the_same_as_none() -> None:
    still = {"turbulence": 0, "trend_noise": 0, "norm_drift": 0, "norm_speed": 0, "outcome_noise": 0}
    people = {"goal_spread": 0, "autonomy": 0, "turnover": 0, "quitting": 0, "relay": 1}
    content = {"market": still, "people": people, "founder": {"clarity": 1}, "weeks": 15}
    firm, born = founded(content | {"spin_up": 40}), founded(content)
    while firm.running:
        firm.step()
        born.step()
    for name, values in born.series.items():
        np.testing.assert_allclose(firm.series[name], values, atol=1e-12, err_msg=name)


def test_broadcasts_and_reviews_of_the_past_keep_the_calendar() -> None:
    told = {}
    for spin_up in (11, 12):
        firm = founded({"spin_up": spin_up, "founder": {"cadence": 12}, "people": {"persuasion": 0.5}})
        told[spin_up] = np.array([d.understanding for d in firm.departments])
    np.testing.assert_array_equal(
        told[11], np.tile(np.eye(5)[0], (5, 1))
    )  # week -12 is not in the past of eleven weeks
    assert not np.array_equal(told[12], told[11])

    def goals_moved(spin_up: int, weeks: int) -> bool:
        content = {
            "spin_up": spin_up, "founder": {"openness": 0},
            "review": {"review_every": 6, "review_target": 1, "monitoring": 1, "relapse": 0},
        }  # fmt: skip
        firm = founded(content)
        for _ in range(weeks):
            firm.step()
        return any(not np.array_equal(d.goal, d.functional_goal) for d in firm.departments)

    assert not goals_moved(0, 6)
    assert goals_moved(0, 7)
    assert not goals_moved(6, 0)  # week -6 is its first: there is nothing to read
    assert goals_moved(7, 0)
    assert goals_moved(1, 1)  # week 0 has a last week
