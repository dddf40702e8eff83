"""Engine and reference are the same numbers to 1e-9: random firms with every mechanism on, and every shipped scenario."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.measures.series import SERIES
from sim.reference import ReferenceFirm
from sim.scenario import Scenario, load, scenario_names
from sim.scenario.parameters import GROUPS
from sim.simulate import run, snapshots
from sim.uncertain import drawn

CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-9}
GIVEN_ELSEWHERE = {"buffer", "safety", "reserve", "hiring"}


def assert_agree(scenario: Scenario, seed: int) -> ReferenceFirm:
    """Compare every series in every week, and what everybody holds in the last; return the reference's firm."""
    plain = ReferenceFirm(scenario, seed)
    while plain.closed is None and plain.week < scenario.weeks:
        plain.step()
    fast = run(scenario, seed)
    assert fast.closed == plain.closed
    for name in SERIES:
        np.testing.assert_allclose(fast.series[name], plain.series[name], err_msg=name, **CLOSE)
    if plain.closed is None:
        (last,) = snapshots(scenario, seed, 0, [scenario.weeks - 1])
        there = plain.people_at_work
        np.testing.assert_allclose(last.vision, plain.founder.vision, **CLOSE)
        np.testing.assert_allclose(last.norm, plain.market.norm, **CLOSE)
        np.testing.assert_allclose(last.goals, [d.goal for d in plain.departments], **CLOSE)
        np.testing.assert_array_equal(last.department_of, [e.department.index for e in there])
        np.testing.assert_allclose(last.engagement, [e.engagement for e in there], **CLOSE)
        if there:
            np.testing.assert_allclose(last.people, [e.rowing for e in there], **CLOSE)
    return plain


def random_parameters(generator: np.random.Generator) -> dict[str, dict[str, Any]]:
    """Return a value for every parameter from its plausible range, where 0 only says that a mechanism is off."""
    values: dict[str, dict[str, Any]] = {}
    for group, part in GROUPS.items():
        values[group] = {}
        for name, field in part.model_fields.items():
            extra = field.json_schema_extra
            assert isinstance(extra, dict)
            low, high = extra["range"]  # type: ignore[misc]
            if name in GIVEN_ELSEWHERE:
                continue
            whole = field.annotation is int
            value = int(generator.integers(int(low), int(high) + 1)) if whole else float(generator.uniform(low, high))
            values[group][name] = value
    safety = float(generator.uniform(2, 8))
    values["money"] |= {"safety": safety, "reserve": safety + float(generator.uniform(0, 6))}
    values["people"]["hiring"] = bool(generator.random() < 0.5)
    return values


def random_events(generator: np.random.Generator, weeks: int) -> list[dict[str, Any]]:
    """Return one event of every kind, at random times in random order."""
    angle = lambda: float(generator.uniform(0, 2.5))  # noqa: E731
    goals = {"desk": {"fast": 1, "premium": float(generator.uniform(-1, 1))}, "yard": {"cheap": 1}}
    events: list[dict[str, Any]] = [
        {"kind": "market_turns", "angle": angle()},
        {"kind": "department_turned", "department": "desk", "angle": angle()},
        {"kind": "people_turned", "people": int(generator.integers(1, 6)), "angle": angle()},
        {"kind": "cash_cut", "weeks": float(generator.uniform(0, 2))},
        {"kind": "demand_drop", "share": float(generator.uniform(0, 0.5))},
        {"kind": "automation", "share": float(generator.uniform(0, 0.9)), "departments": ["yard"]},
        {"kind": "merger", "people": int(generator.integers(2, 6)), "angle": angle(), "customers": 0.2},
        {"kind": "merger", "people": 4, "angle": angle(), "customers": 0.2, "departments": [{"name": "lab"}]},
        {"kind": "initiative", "effort": float(generator.uniform(1, 9)), "share": 0.2, "deadline": 12, "cost": 0.3},
        {"kind": "pocket", "department": "yard", "autonomy": 1.3, "until": weeks},
        {"kind": "pocket", "department": "desk", "voice": 0.0},
        {"kind": "goals", "goals": goals},
        {"kind": "set", "values": {"founder.agility": 1.0, "money.draw": 0.0}, "until": weeks},
        {"kind": "set", "values": {"market.outcome_noise": 0.0, "people.ramp_up": 5.0}, "until": weeks},
    ]
    if generator.random() < 0.5:
        events.append({"kind": "founder_leaves"})
    for event in events:
        event["week"] = int(generator.integers(0, weeks - 1))
    return [events[i] for i in generator.permutation(len(events))]


def random_firm(number: int) -> Scenario:
    """Return a small firm with a past in which every mechanism is on; the number decides which."""
    generator = np.random.default_rng([2027, number])
    weeks = int(generator.integers(25, 40))
    values = random_parameters(generator)
    if number % 2:  # a firm that lives on
        values["money"] |= {"credit": 1000.0, "margin": 0.3}
    content: dict[str, Any] = {
        "weeks": weeks,
        "spin_up": int(generator.integers(1, 30)),
        "axes": ["dear - cheap", "slow - fast"] if number % 4 == 0 else ["premium - cheap", "fast - slow", "a - b", "c - d"],
        "headcount": int(generator.integers(8, 14)),
        "departments": [
            {"name": "desk", "role": "promise", "autonomy": 0.5},
            {"name": "yard", "role": "deliver", "voice": 0.9, "automation": 0.3},
            {"name": "office", "incentive": 0.6},
        ],
        "events": random_events(generator, weeks),
    }  # fmt: skip
    if number % 4 == 0:
        content["events"] = [
            e | ({"goals": {"desk": {"dear": 1, "fast": 0.3}}} if e["kind"] == "goals" else {})
            for e in content["events"]
        ]
    return Scenario.model_validate(content | values)


@pytest.mark.parametrize("number", range(20))
def test_firms_with_every_mechanism_on_agree(number: int) -> None:
    assert_agree(random_firm(number), 11 + number)


def test_the_random_firms_use_what_they_are_for() -> None:
    firms = [random_firm(number) for number in range(20)]
    for name in ("founder.frame", "people.forgetting", "mood.temper", "market.demand_noise", "money.thrift"):
        assert all(firm.value(name) > 0 for firm in firms), name
    lived = [ReferenceFirm(f, 11 + number) for number, f in enumerate(firms)]
    for firm in lived:
        while firm.running:
            firm.step()
    assert any(firm.closed is not None for firm in lived)
    assert any(firm.closed is None for firm in lived)
    assert any(e.weeks_worked is not None and e.weeks_worked < 5 for firm in lived for e in firm.filled())
    assert any(d.capacity < d.load for firm in lived for d in firm.departments)


@pytest.mark.parametrize("spin_up", [0, 1, 12, 13])
@pytest.mark.parametrize("talk", [1, 12])
def test_pasts_that_begin_with_a_review_or_a_broadcast_agree(spin_up: int, talk: int) -> None:
    content = {
        "spin_up": spin_up, "weeks": 20, "headcount": 6, "founder": {"cadence": talk},
        "review": {"review_every": 6, "review_target": 1}, "people": {"hiring": True}, "work": {"slack": 0},
        "money": {"buffer": 30},
    }  # fmt: skip
    assert_agree(Scenario.model_validate(content), 3)


LIMITS = {
    "conviction": {"founder": {"conviction": 1}},
    "trend_noise": {"market": {"trend_noise": 0}},
    "outcome_noise": {"market": {"outcome_noise": 0}},
    "agility": {"founder": {"agility": 1}},
    "openness": {"founder": {"openness": 0}, "market": {"outcome_noise": 0}},
    "agility and outcome_noise": {"founder": {"agility": 1}, "market": {"outcome_noise": 0}},
    "trend_noise and outcome_noise": {"market": {"trend_noise": 0, "outcome_noise": 0}},
    "all": {"founder": {"agility": 1, "conviction": 1}, "market": {"trend_noise": 0, "outcome_noise": 0}},
}


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("headcount", [4, 12])
def test_firms_at_the_limits_of_learning_agree(name: str, headcount: int) -> None:
    ends = {"kind": "set", "week": 12, "until": 16, "values": {
        "founder.agility": 0.5, "founder.conviction": 0.2, "market.trend_noise": 1.0, "market.outcome_noise": 0.7,
    }}  # fmt: skip
    content: dict[str, Any] = {"weeks": 20, "headcount": headcount, "departments": [{"name": "all"}], "events": [ends]}
    assert_agree(Scenario.model_validate(content | LIMITS[name]), 4)


@pytest.mark.slow
@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenarios_agree_to_their_last_week(name: str) -> None:
    assert_agree(drawn(load(name), 7, 0), 7)
