"""Firms to test with: small helpers that run parts of weeks, and random scenarios."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.rules.week import PHASES, live
from sim.scenario import Scenario
from sim.scenario.model import AXES
from sim.scenario.parameters import GROUPS, SCARCITY, parameter_names
from sim.simulate import NOTHING, Batch, Simulation
from sim.state import recording

PHASE = {phase.__name__: number for number, phase in enumerate(PHASES)}
"""Number of each phase by its name."""
TWO_AXES = ["dear - cheap", "slow - fast"]
QUIET: dict[str, Any] = {
    "market.turbulence": 0,
    "market.norm_speed": 0,
    "market.norm_drift": 0,
    "market.trend_noise": 0,
    "market.outcome_noise": 0,
    "founder.clarity": 1,
    "people.relay": 1,
    "people.goal_spread": 0,
    "people.autonomy": 0,
    "people.turnover": 0,
    "people.quitting": 0,
    "money.buffer": 1e6,
}
"""A firm without noise, whose people stay, and which never runs out of money."""


def firm(values: dict[str, Any] | None = None, **top: Any) -> Scenario:
    """Return a scenario: `values` by dotted name, the rest as top-level fields."""
    return Scenario.model_validate(top).replace(values or {})


def founded(scenario: Scenario, seed: int = 1, replicate: int = 0, weeks: int | None = None) -> Simulation:
    """Return a lane at the founding of a run."""
    lane = Simulation(scenario, weeks)
    lane.found(seed, replicate)
    return lane


def do(lane: Simulation, first: str, last: str | None = None) -> None:
    """Run the phases from `first` to `last`, both included, of the present week; the week does not end."""
    start = PHASE[first]
    live(lane.box, 1, start, PHASE[last or first] + 1, *NOTHING)


def week_without(lane: Simulation, skipped: Iterable[str], series: NDArray[np.float64]) -> None:
    """Live one week in which some phases are cut out, and record it."""
    first = 0
    for cut in [*sorted(PHASE[name] for name in skipped), len(PHASES)]:
        if first < cut:
            live(lane.box, 1, first, cut, series, NOTHING[1])
        first = cut + 1
    if first == len(PHASES) + 1:
        return
    raise AssertionError("the last phase ends the week and cannot be cut out")


def next_week(lane: Simulation) -> None:
    """Turn the calendar where only some phases are run."""
    lane.state.firm["week"] += 1


def weights(lane: Simulation) -> NDArray[np.float64]:
    """Return the matrix of talk: row i holds the weights of i's colleagues, which sum to 1 (0 for the lonely)."""
    ties, n = lane.state.ties, int(lane.state.firm["posts"][0])
    matrix = np.zeros((n, n))
    for i in range(n):
        for t in range(ties.start[i], ties.start[i + 1]):
            matrix[i, ties.speaker[t]] += ties.weight[t]
    total = matrix.sum(1, keepdims=True)
    return np.divide(matrix, total, out=np.zeros_like(matrix), where=total > 0)


def series_of(scenario: Scenario, seed: int = 1, weeks: int | None = None) -> NDArray[np.float64]:
    """Return the series (weeks, measures) of one run."""
    lane = Simulation(scenario, weeks)
    series, departments = recording(1, lane.weeks, len(lane.state.plan.headcount))
    lane.run(seed, 0, series[0], departments[0])
    return series[0]


def digest(batch: Batch) -> str:
    """Return a hash of every bit of a batch's results."""
    found = hashlib.sha256()
    for array in (batch.replicates, batch.closed, batch.series, batch.departments):
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


# -- random scenarios

_EXTREME = 0.15


@st.composite
def parameters(draw: st.DrawFn, bounds: bool) -> dict[str, Any]:
    """Draw some parameters: inside their plausible range, at its ends, and with `bounds` also at the hard bounds."""
    names = [n for n in parameter_names() if n not in SCARCITY]
    chosen = draw(st.lists(st.sampled_from(names), min_size=4, max_size=24, unique=True))
    values: dict[str, Any] = {}
    for name in chosen:
        group, field = name.split(".")
        info = GROUPS[group].model_fields[field]
        if info.annotation is bool:
            values[name] = draw(st.booleans())
            continue
        extra = info.json_schema_extra
        assert isinstance(extra, dict)
        low, high = extra["range"]  # type: ignore[misc]
        ends = [low, high]
        if bounds:
            # Bounds that the model includes; a million of anything says nothing more than a hundred.
            ends += [m.ge for m in info.metadata if hasattr(m, "ge")]
            ends += [min(m.le, 100) for m in info.metadata if hasattr(m, "le")]
        if info.annotation is int:
            values[name] = int(draw(st.sampled_from(ends) | st.integers(int(low), int(high))))
        else:
            values[name] = float(draw(st.sampled_from(ends) | st.floats(low, high)))
    return values


def _angle() -> st.SearchStrategy[float]:
    return st.floats(0, 3.1)


@st.composite
def happenings(draw: st.DrawFn, weeks: int, departments: Sequence[str], count: int) -> list[dict[str, Any]]:
    """Draw events of any kind."""
    some = st.lists(st.sampled_from(list(departments)), min_size=1, max_size=2, unique=True)
    share = st.floats(0, 1)
    kinds: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "market_turns": {"angle": _angle()},
        "department_turned": {"department": st.sampled_from(list(departments)), "angle": _angle()},
        "people_turned": {"people": st.integers(1, 50), "angle": _angle()},
        "cash_cut": {"weeks": st.floats(0, 15)},
        "demand_drop": {"share": share},
        "automation": {"share": share, "departments": st.none() | some},
        "founder_leaves": {"clarity": st.floats(0.05, 1)},
        "merger": {"people": st.integers(2, 12), "angle": _angle(), "customers": share},
        "initiative": {
            "effort": st.floats(0.1, 100), "share": share, "deadline": st.integers(1, 30), "gain": st.floats(0, 2),
            "cost": st.floats(0, 2), "departments": st.none() | some,
        },
        "pocket": {
            "department": st.sampled_from(list(departments)), "autonomy": st.floats(0, 2),
            "voice": st.none() | st.floats(0, 1), "until": st.none() | st.integers(weeks, weeks + 9),
        },
        "goals": {"goals": st.sampled_from([{name: {axis: 1}} for name in departments for axis in ("fast", "cheap")])},
        "set": {"values": st.sampled_from([
            {"founder.cadence": 1}, {"people.hiring": True}, {"work.opportunity_rate": 0.5}, {"mood.contagion": 1.2},
            {"people.autonomy": 0}, {"scarcity": 1}, {"people.turnover": 0.3}, {"review.review_every": 2},
        ])},
    }  # fmt: skip
    events = []
    for k in range(draw(st.integers(0, count))):
        kind = draw(st.sampled_from(sorted(kinds)))
        event = {"kind": kind, "week": draw(st.integers(0, weeks - 1))}
        event |= {name: value for name, strategy in kinds[kind].items() if (value := draw(strategy)) is not None}
        if kind == "merger" and draw(st.booleans()):
            event["departments"] = [{"name": f"new {k}", "role": draw(st.sampled_from(["promise", "deliver"]))}]
        events.append(event)
    held: set[str] = set()
    kept = []
    for event in events:
        # The same field must not be set twice in one week; once in a run is enough here.
        fields = set(event["values"]) if event["kind"] == "set" else {event["kind"]} & {"founder_leaves", "pocket"}
        if not fields & held:
            kept.append(event)
            held |= fields
    return kept


@st.composite
def scenarios(draw: st.DrawFn, most_weeks: int, most_people: int = 40, bounds: bool = False) -> Scenario:
    """Draw a scenario with two or five axes, one to six departments and a few events."""
    weeks = draw(st.integers(2, most_weeks))
    count = draw(st.integers(1, 5))
    names = [f"department {d}" for d in range(count)]
    departments = [{"name": name, "role": draw(st.sampled_from(["promise", "deliver", "support"]))} for name in names]
    content = {
        "axes": draw(st.sampled_from([TWO_AXES, list(AXES)])),
        "weeks": weeks,
        "headcount": draw(st.integers(5, most_people)),
        "departments": departments,
        "events": draw(happenings(weeks, names, 4)),
    }
    values = draw(parameters(bounds))
    if draw(st.booleans()):
        content["scarcity"] = draw(st.floats(0, 1))
    else:
        values["money.buffer"] = draw(st.floats(0, 30))
    if values.get("money.draw", 0) > 0:
        values["money.reserve"] = max(values.get("money.reserve", 12.0), values.get("money.safety", 8.0))
    return firm(values, **content)
