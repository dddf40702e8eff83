"""The reference model keeps its own promises; whether the engine agrees with it is asked elsewhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.measures.series import SERIES
from sim.reference.firm import ReferenceFirm, reference_run, run_to_the_end
from sim.reference.measured import intraclass_correlation
from sim.reference.ties import pick
from sim.scenario.model import Scenario

THREE = [
    {"name": "sales", "role": "promise", "headcount": 5},
    {"name": "shop", "role": "deliver", "headcount": 6, "incentive": 0.6, "automation": 0.5},
    {"name": "office", "headcount": 1},
]
TWO_AXES = ["dear - cheap", "slow - fast"]
FIVE_AXES = [*TWO_AXES, "a - b", "c - d", "e - f"]
STILL: dict[str, Any] = {
    "market": {"turbulence": 0, "trend_noise": 0, "outcome_noise": 0, "norm_drift": 0, "norm_speed": 0},
    "founder": {"clarity": 1},
    "people": {"relay": 1, "goal_spread": 0, "autonomy": 0, "turnover": 0, "quitting": 0},
}

FIRMS: dict[str, dict[str, Any]] = {
    "default": {},
    "two axes, no ties, all leave": {
        "axes": TWO_AXES, "headcount": 5, "weeks": 60,
        "people": {"k_in": 0, "k_out": 0, "turnover": 1}, "money": {"buffer": 500},
    },
    "nobody comes back": {
        "headcount": 6, "weeks": 40, "people": {"turnover": 1}, "money": {"buffer": 100, "safety": 1e6},
        "events": [{"kind": "cash_cut", "week": 1, "weeks": 0}],
    },
    "automated, reviewed, tempted": {
        "axes": FIVE_AXES, "headcount": 60, "money": {"buffer": 40, "safety": 30},
        "work": {"automation": 0.6, "reconfigure": 0.05, "opportunity_rate": 0.3, "discipline": 0.1,
                 "diversion_weeks": 4, "diversion": 0.5},
        "review": {"review_every": 7, "review_target": 0.97},
        "market": {"legitimacy": 0.4, "crowding": 0.2}, "founder": {"imitation": 0.5, "cadence": 2},
    },
    "people who start apart": {
        "departments": [
            {"name": "floor", "role": "deliver", "headcount": 5, "belief": {"fast": 1, "premium": 1}, "engagement": 0.3},
            {"name": "desk", "role": "promise", "headcount": 3, "engagement": 0.8}, {"name": "office", "headcount": 4},
        ],
        "weeks": 70,
    },
    "uneven departments": {
        "departments": THREE, "weeks": 80, "money": {"rigidity": -0.5, "buffer": 15, "margin": 0.2},
        "links": [[0, 1], [1, 0, 2.5], [5, 0, 0.5], [11, 3]], "dependencies": [[0, 1, 0], [0.5, 0, 0.5], [1, 0, 0]],
        "events": [
            {"kind": "market_turns", "week": 10, "angle": 1.2}, {"kind": "market_turns", "week": 10, "angle": 0},
            {"kind": "department_turned", "week": 20, "department": "shop", "angle": 1.5},
            {"kind": "automation", "week": 30, "share": 0.8, "departments": ["office", "shop"]},
            {"kind": "automation", "week": 50, "share": 0},
        ],
    },
    "one department": {
        "departments": [{"name": "all", "role": "deliver", "goal": {"cheap": 1, "dear": 0.2}}],
        "axes": TWO_AXES, "headcount": 7, "weeks": 30,
        "events": [{"kind": "merger", "week": 0, "people": 3, "angle": 0.5}],
    },
    "exact results": {
        "market": {"outcome_noise": 0, "turbulence": 0.1}, "weeks": 60, "headcount": 12,
        "founder": {"voice": 0.4, "openness": 1, "agility": 0.9},
    },
    "mergers": {
        "headcount": 20, "weeks": 100, "money": {"buffer": 80},
        "events": [
            {"kind": "merger", "week": 15, "people": 7, "angle": 1.0},
            {"kind": "merger", "week": 30, "people": 9, "angle": 0.7, "customers": 0.3, "departments": [
                {"name": "lab", "role": "deliver", "automation": 0.3, "goal": {"inventive": 1}},
                {"name": "depot", "headcount": 2}]},
            {"kind": "merger", "week": 30, "people": 8, "angle": 0.7},
            {"kind": "initiative", "week": 40, "effort": 20, "share": 0.2, "deadline": 30, "departments": ["lab"]},
        ],
    },
    "initiatives": {
        "weeks": 90, "headcount": 15,
        "events": [
            {"kind": "initiative", "week": 5, "effort": 20, "share": 0.3, "deadline": 20, "gain": 0.5, "cost": 2},
            {"kind": "initiative", "week": 3, "effort": 3, "share": 0.2, "deadline": 9, "departments": ["sales"]},
            {"kind": "initiative", "week": 60, "effort": 1e6, "share": 0.5, "deadline": 1},
        ],
    },
    "the founder leaves": {
        "weeks": 70, "events": [
            {"kind": "founder_leaves", "week": 20},
            {"kind": "people_turned", "week": 30, "people": 5, "angle": 2.0},
            {"kind": "people_turned", "week": 30, "people": 99, "angle": 1.0},
            {"kind": "demand_drop", "week": 40, "share": 0.4},
            {"kind": "demand_drop", "week": 50, "share": 1},
        ],
    },
    "parameters come and go": {
        "weeks": 120, "events": [
            {"kind": "set", "week": 5, "values": {"founder.cadence": 2, "people.span": 2, "scarcity": 0.9}, "until": 30},
            {"kind": "set", "week": 30, "values": {"people.autonomy": 0, "people.incentive": 0}, "until": 45},
            {"kind": "set", "week": 30, "values": {"work.slack": 0.3, "money.rigidity": -1, "review.review_every": 3}},
            {"kind": "set", "week": 60, "values": {"work.opportunity_rate": 1, "work.discipline": 0}, "until": 90},
            {"kind": "set", "week": 60, "values": {"money.squeeze": 1, "people.social": 0.9, "people.persuasion": 0.9}},
        ],
    },
    "it grows": {
        "weeks": 156, "headcount": 10, "people": {"hiring": True, "goal_spread": 0.1, "turnover": 0.02},
        "market": {"rivals": 0.5}, "money": {"buffer": 60, "margin": 0.3},
        "events": [{"kind": "set", "week": 100, "values": {"people.hiring": False}, "until": 120}],
    },
    "it closes": {"weeks": 60, "events": [{"kind": "cash_cut", "week": 12, "weeks": 40}]},
    "a firm with a past and owners": {
        "spin_up": 23, "weeks": 80, "headcount": 18,
        "market": {"demand_noise": 0.25, "demand_memory": 0.9, "demand_scaling": 0.5},
        "founder": {"frame": 0.9, "cadence": 5}, "review": {"review_every": 6},
        "people": {"forgetting": 0.02, "ramp_up": 10, "filling": 0.4, "turnover": 0.05, "leaver_cost": 4, "hiring": True},
        "mood": {"morale": 0.9, "temper": 0.2, "climate": 0.1},
        "money": {"draw": 0.3, "reserve": 9, "credit": 3, "thrift": 0.1}, "work": {"rework_cost": 0.6},
        "events": [
            {"kind": "pocket", "week": 5, "department": "support", "autonomy": 1.2, "voice": 0, "until": 20},
            {"kind": "pocket", "week": 20, "department": "sales", "voice": 1},
            {"kind": "goals", "week": 10, "goals": {"sales": {"cheap": 1, "fast": 1}, "service": {"premium": 1}}},
            {"kind": "set", "week": 30, "values": {"founder.frame": 0.5, "money.draw": 0, "mood.temper": 0}, "until": 40},
            {"kind": "merger", "week": 25, "people": 6, "angle": 1.0, "departments": [{"name": "lab", "voice": 0.2}]},
            {"kind": "cash_cut", "week": 35, "weeks": 11},
            {"kind": "department_turned", "week": 50, "department": "sales", "angle": 1.5},
        ],
    },
    "it lives on credit and dies": {
        "weeks": 60, "spin_up": 9, "headcount": 9, "money": {"buffer": 0.5, "credit": 2, "thrift": 0.05, "safety": 4},
        "market": {"demand_noise": 0.3}, "events": [{"kind": "cash_cut", "week": 12, "weeks": 40}],
    },
    "everything off": STILL | {
        "weeks": 40, "mood": {"strain": 0, "contagion": 0, "mood": 0, "drift": 0},
        "work": {"rework": 0, "reconfigure": 0, "meeting_cost": 0}, "review": {"relapse": 0},
        "people": STILL["people"] | {"social": 0, "persuasion": 0, "incentive": 0, "autonomy_memory": 0},
        "money": {"churn": 0, "gap_cost": 0, "memory": 0, "squeeze": 0, "rigidity": 0},
    },
}  # fmt: skip


def firm_of(name: str) -> Scenario:
    return Scenario.model_validate(FIRMS[name])


@pytest.mark.parametrize("name", FIRMS)
def test_every_week_obeys_the_invariants(name: str) -> None:
    scenario = firm_of(name)
    firm = ReferenceFirm(scenario, 1)
    cash = firm.cash
    while firm.running:
        backlog = {d: d.backlog for d in firm.departments}
        finished = {d: d.finished for d in firm.departments}
        last_overload = max(d.overload for d in firm.departments)
        last_customers = firm.customers
        disturbed = any(e.week == firm.week for e in scenario.events)
        firm.step()
        now = {key: values[-1] for key, values in firm.series.items()}
        assert all(math.isfinite(value) for value in now.values())
        assert now["cash"] == pytest.approx(cash + now["revenue"] - now["costs"] + now["other"], abs=1e-9)
        cash = now["cash"]
        for d in firm.departments:
            before = backlog.get(d, 0.0)
            if not disturbed:
                orders = last_customers
                if (
                    s := scenario.market.demand_noise * (firm.founding_posts / 30) ** -scenario.market.demand_scaling
                ) > 0:
                    orders *= math.exp(s * firm.market.demand - s**2 / 2)
                assert d.load == pytest.approx(orders * (1 - last_overload) * d.work_per_customers + before)
            assert d.backlog == pytest.approx(max(0.0, d.load - d.capacity), abs=1e-12)
            done = (d.load - d.backlog) / d.work_per_customers
            if d in finished:
                assert d.finished == pytest.approx(finished[d] + done)
            assert d.finished >= sum(firm.series["throughput"]) - 1e-9
            assert math.sqrt(d.goal @ d.goal) == pytest.approx(1)
            assert 0 <= d.overload < 1
            assert 0 <= d.rework <= 0.9
        for e in firm.employees:
            assert 0 <= e.engagement <= 1
            assert math.sqrt(e.belief @ e.belief) <= 1 + 1e-12
            assert e not in [c for c, _ in e.listens_to]
            assert len({c for c, _ in e.listens_to}) == len(e.listens_to)
        for v in (firm.market.direction, firm.market.norm, firm.founder.vision):
            assert math.sqrt(v @ v) == pytest.approx(1)
        assert 0 <= now["stress"] <= 1
        assert 0 <= now["coherence"] <= 1 + 1e-12
        assert now["posts"] >= now["filled"]
        assert now["customers"] <= firm.limit
    assert len({len(values) for values in firm.series.values()}) == 1
    assert set(firm.series) == set(SERIES)
    weeks = scenario.weeks if firm.closed is None else firm.closed + 1
    assert len(firm.series["cash"]) == weeks


@pytest.mark.parametrize("name", FIRMS)
def test_one_seed_gives_one_result(name: str) -> None:
    one, two, other = (ReferenceFirm(firm_of(name), seed, 1) for seed in (3, 3, 4))
    for firm in (one, two, other):
        for _ in range(30):
            firm.step()
    for key in SERIES:
        np.testing.assert_array_equal(one.series[key], two.series[key])
    if name != "everything off":
        assert one.series["gap"] != other.series["gap"]


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "market_turns", "angle": 1},
        {"kind": "people_turned", "people": 4, "angle": 1},
        {"kind": "merger", "people": 6, "angle": 1},
        {"kind": "merger", "people": 6, "angle": 1, "departments": [{"name": "lab"}]},
        {"kind": "founder_leaves"},
        {"kind": "set", "values": {"people.autonomy": 0, "market.turbulence": 0}, "until": 30},
    ],
)
def test_a_what_if_and_its_base_share_their_past(event: dict[str, Any]) -> None:
    week = 23
    base = reference_run(Scenario(weeks=40), 5)
    what_if = reference_run(Scenario.model_validate({"weeks": 40, "events": [event | {"week": week}]}), 5)
    for key in SERIES:
        np.testing.assert_array_equal(base[key][:week], what_if[key][:week])
    assert not np.array_equal(base["coherence"][week:], what_if["coherence"][week:])


def test_rounding_is_no_spread() -> None:
    alike = [np.array([0.6, 0.8]), np.array([0.6, 0.8 + 1e-16]), np.array([0.6 + 1e-16, 0.8]), np.array([0.6, 0.8])]
    assert intraclass_correlation(alike, [0, 0, 1, 1]) == 0
    apart = [np.array([x]) for x in (1.0, 2.0, 5.0, 6.0)]
    assert intraclass_correlation(apart, [0, 0, 1, 1]) == pytest.approx((16 - 0.5) / (16 + 0.5))  # MSB 16, MSW 1/2


def test_a_firm_without_noise_stays_at_coherence_one_for_ever() -> None:
    firm = run_to_the_end(Scenario.model_validate(STILL | {"weeks": 300}), 1)
    np.testing.assert_allclose(firm.series["coherence"], 1, atol=1e-12)
    np.testing.assert_allclose(firm.series["thrust"], 1, atol=1e-12)
    np.testing.assert_allclose(firm.series["rework"], 0, atol=1e-12)


def test_what_the_scenarios_are_for_happens() -> None:
    assert run_to_the_end(firm_of("it closes"), 1).closed is not None
    assert run_to_the_end(firm_of("it grows"), 1).series["posts"][-1] > 10
    assert run_to_the_end(firm_of("automated, reviewed, tempted"), 1).series["other"] != [0.0] * 156
    assert min(run_to_the_end(firm_of("two axes, no ties, all leave"), 1).series["filled"]) == 0
    merged = run_to_the_end(firm_of("mergers"), 1)
    assert [d.name for d in merged.departments[-2:]] == ["lab", "depot"]
    assert [d.posts for d in merged.departments] == [8, 7, 6, 6, 6, 8, 3]
    initiatives = run_to_the_end(firm_of("initiatives"), 1)
    assert {round(d.success, 9) for d in initiatives.departments} == {1.5, 1.65}


def test_talk_with_a_fixed_broadcast_reaches_its_equilibrium() -> None:
    content = STILL | {
        "weeks": 300, "axes": TWO_AXES, "headcount": 6, "founder": {"clarity": 1, "cadence": 1, "agility": 0},
        "people": STILL["people"] | {"social": 0.3, "persuasion": 0.1, "k_in": 1, "k_out": 0}, "mood": {"mood": 0},
        "departments": [{"name": "all"}],
    }  # fmt: skip
    firm = ReferenceFirm(Scenario.model_validate(content), 1)
    head = np.array([0.6, 0.5])
    firm.founder.vision = firm.founder.founding_vision = head
    firm.founder.left = True
    firm.departments[0].understanding = head
    for e in firm.employees:
        e.belief = e.preference.copy()
    w = np.zeros((6, 6))
    for e in firm.employees:
        for c, weight in e.listens_to:
            w[e.post, c.post] = weight / len(e.listens_to)
    while firm.running:
        firm.step()
    expected = np.linalg.solve(0.4 * np.eye(6) - 0.3 * w, 0.1 * np.tile(head, (6, 1)))
    np.testing.assert_allclose(firm.by_post()["belief"], expected, atol=1e-9)


def test_an_uncertain_scenario_is_refused() -> None:
    with pytest.raises(ValueError, match="1 fields uncertain: draw a firm"):
        ReferenceFirm(Scenario().replace({"founder.clarity": {"low": 0.3, "high": 0.7}}))


def test_picks_are_distinct_and_uniform() -> None:
    generator = np.random.default_rng(1)
    counts = np.zeros(7)
    for _ in range(7000):
        picked = pick(generator, 3, 7)
        assert len(set(picked)) == 3
        for k in picked:
            counts[k] += 1
    np.testing.assert_allclose(counts, 3000, rtol=0.07)
    assert sorted(pick(generator, 9, 4)) == [0, 1, 2, 3]
    assert pick(generator, 0, 4) == pick(generator, 3, 0) == []
