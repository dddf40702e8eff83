"""From an arm, as the criteria state it, and a firm to a run: values of parameters, events in their weeks, a scenario's plan.

What differs between firms in numbers alone is written over a plan; what differs in kind (headcount, departments, which
events) is a scenario of its own, kept for the next firm that is built alike. A test holds the two ways to be the same run.
"""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.claims.criteria import FIRST_SHOCK, Claim, rules
from sim.claims.levels import WHOLE, Levels
from sim.engine.streams import stream
from sim.scenario import Scenario
from sim.scenario.parameters import GROUPS, parameter_names
from sim.simulate import Simulation
from sim.state import INITIATIVE, Plan, capacity, default_dependencies, make_plan

Floats = NDArray[np.float64]
SHOCK = 1000
"""The week of the event in scenarios that are built once for many firms, which have it in weeks of their own."""
LONGEST = 5200
"""Weeks of a scenario that is built once for many: long enough for its placeholders."""
ROOMY = {"people.k_in": 16, "people.k_out": 8.0}
"""Ties for which room is made."""
MOST_BUILT = 600
PAIR = np.uint64(64)
"""The stream of what is drawn once a pair: no decision of the model has this number."""
NAMES = tuple(parameter_names())
PLACE = {name: i for i, name in enumerate(NAMES)}
Formula = Callable[["Firm"], float]
"""A value that follows from a firm's other values."""


class Luck(NamedTuple):
    """What is drawn once a pair, the same in all arms.

    Attributes
    ----------
    week
        A share of the cadence.
    turned, promise, deliver
        Uniform numbers that choose a department, of any role or of one.
    order
        Uniform numbers by which departments are ranked.
    direction : (axes,)
        Standard normal numbers.
    """

    week: float
    turned: float
    promise: float
    deliver: float
    order: Floats
    direction: Floats


def luck_of(seed: int, replicate: int, axes: int) -> Luck:
    """Return what is drawn for a pair."""
    generator = stream(seed, replicate, PAIR)
    week, turned, promise, deliver = generator.random(4).tolist()
    return Luck(week, turned, promise, deliver, generator.random(64), generator.standard_normal(axes))


@dataclass
class Firm:
    """A firm in one arm: its values, its departments, what happens to it.

    Attributes
    ----------
    values
        Parameter -> value.
    headcount, departments
        Posts; (name, role) in order.
    week
        w, the week of the event.
    luck, levels
        What is drawn once a pair; what low and high mean.
    """

    values: dict[str, float]
    headcount: int
    departments: Sequence[tuple[str, str]]
    week: int
    luck: Luck
    levels: Levels

    def posts(self, departments: Sequence[str]) -> int:
        """Return how many posts some departments have, shared out as a scenario does."""
        count = len(self.departments)
        sizes = [self.headcount // count + (i < self.headcount % count) for i in range(count)]
        return sum(n for n, (name, _) in zip(sizes, self.departments, strict=True) if name in departments)

    def of_role(self, role: str) -> list[str]:
        """Return the names of the departments of a role."""
        return [name for name, its in self.departments if its == role]

    def chosen(self, role: str | None = None) -> str:
        """Return the department that is drawn for the pair: the one that an event turns, or one of a role."""
        names = [name for name, _ in self.departments] if role is None else self.of_role(role)
        u = {None: self.luck.turned, "promise": self.luck.promise, "deliver": self.luck.deliver}[role]
        return names[min(int(u * len(names)), len(names) - 1)]


@dataclass
class Seating:
    """What a run needs beyond its seed: how it is built, and what is written over that."""

    changes: dict[str, Any]
    values: Floats
    week: int
    settings: list[tuple[int, int, str, float]] = field(default_factory=list)
    """(week, 1, or 0 for going back, parameter, value)."""
    efforts: list[float] = field(default_factory=list)
    """Of initiatives, in their order."""

    @property
    def key(self) -> str:
        """What it is built like."""
        return json.dumps(self.changes, sort_keys=True)


def week_of(claim: Claim, luck: Luck, firm: Mapping[str, float], levels: Levels) -> int:
    """Return w: the first week of shocks and a share of the longest cadence of the pair's arms after it."""
    cadences = {settings_of(claim, arm).get("founder.cadence", (None, False)) for arm in claim.arms.values()}
    own = firm["founder.cadence"]
    longest = max(
        own if given is None else _value("founder.cadence", given, package, firm, levels) for given, package in cadences
    )
    return FIRST_SHOCK + int(luck.week * max(1.0, longest))


def seating(
    claim: Claim,
    arm: Mapping[str, Any],
    own: Mapping[str, float],
    headcount: int,
    roles: Sequence[tuple[str, str]],
    luck: Luck,
    levels: Levels,
    formulas: Mapping[str, Formula],
    over: Mapping[str, Any],
    week: int,
    vision: Floats | None = None,
) -> tuple[Seating, Firm]:
    """Return how an arm is run by a firm.

    Parameters
    ----------
    claim, arm
        The criteria, and one of their arms.
    own, headcount, roles
        The firm's values as drawn, its posts, its departments.
    luck, levels
        What is drawn once a pair; what low and high mean.
    formulas
        Functions by name, for values that follow from others.
    over
        Settings over all: an ablation.
    week
        w, see `week_of`.
    vision
        Of the pair's firm in week w, where an event sets goals around it.
    """
    preset = claim.firms.get(arm.get("firm", ""), {})
    departments = [(n, r) for n, r in preset["departments"]] if preset else list(roles)
    posts = int(arm.get("headcount", preset.get("headcount", headcount)))
    firm = Firm(dict(own), posts, departments, week, luck, levels)
    for name, (given, package) in (settings_of(claim, arm) | {k: (v, False) for k, v in over.items()}).items():
        firm.values[name] = _resolved(name, given, package, firm, formulas)
    firm.values["money.safety"] = min(firm.values["money.safety"], firm.values["money.reserve"])
    values = np.array([firm.values[name] for name in NAMES])
    changes: dict[str, Any] = {"headcount": posts}
    own_fields = _departments(arm, firm)
    if preset or own_fields:
        changes["departments"] = [
            {"name": name, "role": role, **own_fields.get(name, {})} for name, role in departments
        ]
    seat = Seating(changes, values, firm.week)
    happenings = [_happening(event, firm, seat, vision) for event in arm.get("events", ())]
    if happenings:
        changes["events"] = [h for group in happenings for h in group]
    return seat, firm


def settings_of(claim: Claim, arm: Mapping[str, Any]) -> dict[str, tuple[Any, bool]]:
    """Return parameter -> (what is given, whether it belongs to a large package), later ones over earlier ones."""
    found: dict[str, tuple[Any, bool]] = {}
    if not arm.get("without_common"):
        found |= {name: (given, False) for name, given in claim.common.items()}
    found |= packages(arm.get("uses", ()))
    found |= {name: (given, False) for name, given in arm.get("set", {}).items()}
    return found


def packages(names: Sequence[str]) -> dict[str, tuple[Any, bool]]:
    """Return what packages set: parameter -> (level, whether the package is a large one)."""
    stated = rules()
    found: dict[str, tuple[Any, bool]] = {}
    for name in names:
        whole: dict[str, str] = {}
        for part in stated["joined"].get(name, [name]):
            whole |= stated["packages"][part]
        large = len([n for n in whole if n != "money.buffer"]) >= stated["levels"]["package_from"]
        found |= {n: ({"+": "high", "-": "low"}[sign], large) for n, sign in whole.items()}
    return found


def _value(name: str, given: Any, package: bool, values: Mapping[str, float], levels: Levels) -> float:
    match given:
        case str():
            return levels.of(name, given, package)
        case {"plus": more}:
            return _bounded(name, values[name] + more)
        case {"plus_gap_of": other}:
            return values[name] + max(1, round(levels.of(other, "high") - levels.of(other, "low")))
        case bool() | int() | float():
            return float(given)
    raise ValueError(f"{name} cannot be set to {given!r}")


def _resolved(name: str, given: Any, package: bool, firm: Firm, formulas: Mapping[str, Formula]) -> float:
    if isinstance(given, Mapping) and "named" in given:
        return _bounded(name, formulas[given["named"]](firm))
    return _value(name, given, package, firm.values, firm.levels)


def _bounded(name: str, value: float) -> float:
    group, field_name = name.split(".")
    for limit in GROUPS[group].model_fields[field_name].metadata:
        value = max(value, getattr(limit, "ge", -math.inf))
        value = min(value, getattr(limit, "le", math.inf))
    return float(round(value)) if name in WHOLE else value


def _departments(arm: Mapping[str, Any], firm: Firm) -> dict[str, dict[str, Any]]:
    """Return the fields of departments that an arm sets, by department."""
    found: dict[str, dict[str, Any]] = {}
    pocket = arm.get("pocket")
    if pocket:
        at = {"autonomy": "people.autonomy", "voice": "founder.voice"}
        found[firm.chosen()] = {k: _value(at[k], v, False, firm.values, firm.levels) for k, v in pocket.items()}
    if "incentive_of_promise" in arm:
        level = _value("people.incentive", arm["incentive_of_promise"], False, firm.values, firm.levels)
        found |= {name: {"incentive": level} for name in firm.of_role("promise")}
    aligned = arm.get("goals_at_vision", ())
    if isinstance(aligned, Mapping):
        ranked = np.argsort(firm.luck.order[: len(firm.departments)])[: aligned["first"]]
        names = [firm.departments[i][0] for i in sorted(ranked.tolist())]
    else:
        names = [name for role in aligned for name in firm.of_role(role)]
    return found | {name: {"goal": "first axis"} for name in names}


def _happening(event: Mapping[str, Any], firm: Firm, seat: Seating, vision: Floats | None) -> list[dict[str, Any]]:
    """Return the events of a scenario that one of an arm stands for, in the week `SHOCK` for week w."""
    week = SHOCK + int(str(event.get("at", "w")).removeprefix("w") or 0)
    shocks = rules()["shocks"]
    names = [name for name, _ in firm.departments]
    match event["kind"]:
        case "turn":
            turned = names if event.get("department") == "all" else [firm.chosen()]
            angle = math.radians(event.get("angle", shocks["turn"]["angle"]))
            return [{"kind": "department_turned", "week": week, "department": d, "angle": angle} for d in turned]
        case "market_turn":
            angle = math.radians(event.get("angle", shocks["market_turn"]["angle"]))
            return [{"kind": "market_turns", "week": week, "angle": angle}]
        case "people_turned":
            angle = math.radians(event["angle"])
            return [{"kind": "people_turned", "week": week, "people": event["people"], "angle": angle}]
        case "automation" | "demand_drop":
            return [{"kind": event["kind"], "week": week, "share": event["share"]}]
        case "founder_leaves":
            return [{"kind": "founder_leaves", "week": week}]
        case "merger":
            people = max(1, round(event["share_of_posts"] * firm.headcount))
            brought = {"people": people, "customers": event["share_of_posts"]}
            return [{"kind": "merger", "week": week, "angle": math.radians(event["angle"]), **brought}]
        case "initiative":
            where = [firm.chosen(role) for role in event["over"]]
            seat.efforts.append(event["planned"] * firm.levels.plan * firm.posts(where) * event["share"] / 0.2)
            fixed = {"share": event["share"], "deadline": event["deadline"], "departments": where, "effort": 1.0}
            return [{"kind": "initiative", "week": week, **fixed}]
        case "idle":
            fixed = {"share": event["share"], "deadline": 5200, "departments": [firm.chosen()], "effort": 1e9}
            return [{"kind": "initiative", "week": week, "gain": 0.0, **fixed}]
        case "set" | "set_times":
            return _set_event(event, week, firm, seat)
        case "goals":
            assert vision is not None
            return [_goals(event, week, firm, vision)]
    raise ValueError(f"{event['kind']} is no event of a claim")


def _set_event(event: Mapping[str, Any], week: int, firm: Firm, seat: Seating) -> list[dict[str, Any]]:
    """Return a setting of parameters with placeholders, and note the firm's own values."""
    given = packages(event.get("uses", ())) | {k: (v, False) for k, v in event.get("values", {}).items()}
    new = {name: _value(name, v, package, firm.values, firm.levels) for name, (v, package) in given.items()}
    new |= {name: factor * firm.values[name] for name, factor in event.get("times", {}).items()}
    until = SHOCK + int(event["until"].removeprefix("w")) if "until" in event else None
    for name, value in new.items():
        seat.settings.append((week, 1, name, value))
        if until is not None:
            seat.settings.append((until, 0, name, firm.values[name]))
    values = dict.fromkeys(new, 1.0)
    return [{"kind": "set", "week": week, "values": values} | ({"until": until} if until is not None else {})]


def _goals(event: Mapping[str, Any], week: int, firm: Firm, vision: Floats) -> dict[str, Any]:
    """Return an event that sets goals at angles from a vision, in its plane with a direction drawn once a pair."""
    across = firm.luck.direction - (firm.luck.direction @ vision) * vision
    across /= math.sqrt(across @ across)
    goals: dict[str, dict[str, float]] = {}
    for role in ("promise", "deliver"):
        angle = math.radians(event[role])
        direction = math.cos(angle) * vision + math.sin(angle) * across
        goals |= {name: {f"axis {i}": float(x) for i, x in enumerate(direction)} for name in firm.of_role(role)}
    return {"kind": "goals", "week": week, "goals": goals}


class Seats:
    """Where one thread makes its runs: states of all shapes that were needed, used again and again."""

    def __init__(self, base: Scenario, weeks: int) -> None:
        self.base, self.weeks = base.replace({"weeks": LONGEST}), weeks
        self.plans: OrderedDict[str, tuple[tuple[Any, ...], Plan]] = OrderedDict()
        self.simulations: dict[tuple[Any, ...], Simulation] = {}

    def take(self, seat: Seating) -> Simulation:
        """Return a simulation with the plan of a seating."""
        key = seat.key
        if key in self.plans:
            self.plans.move_to_end(key)
        else:
            self.plans[key] = self._built(seat.changes)
            if len(self.plans) > MOST_BUILT:
                self.plans.popitem(last=False)
        shape, plan = self.plans[key]
        simulation = self.simulations[shape]
        own = simulation.state.plan
        for here, there in zip(own, plan, strict=True):
            here[...] = there
        own.values[:] = seat.values
        own.events["week"] += seat.week - SHOCK
        own.changes["week"] += seat.week - SHOCK
        if seat.efforts:
            projects = np.flatnonzero(own.events["kind"] == INITIATIVE)
            own.events["effort"][projects[: len(seat.efforts)]] = seat.efforts
        if seat.settings:
            rows = sorted((week, back, PLACE[name], value) for week, back, name, value in seat.settings)
            own.changes["value"] = [value for *_, value in rows]
        return simulation

    def _built(self, changes: Mapping[str, Any]) -> tuple[tuple[Any, ...], Plan]:
        scenario = scenario_of(self.base, changes)
        plan = make_plan(scenario)
        roomy = scenario.replace(ROOMY)
        shape = (*capacity(roomy, self.weeks), scenario.dimensions, *(array.shape for array in plan))
        if shape not in self.simulations:
            self.simulations[shape] = Simulation(roomy, self.weeks)
        return shape, plan


def scenario_of(base: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return the scenario that is built, with directions by the names of its axes."""
    text = json.dumps(dict(changes))
    poles = [axis.split(" - ")[0].strip() for axis in base.axes]
    text = text.replace('"first axis"', json.dumps({poles[0]: 1.0}))
    for i, name in enumerate(poles):
        text = text.replace(f'"axis {i}"', json.dumps(name))
    return base.replace(json.loads(text))


def whole_scenario(base: Scenario, seat: Seating) -> Scenario:
    """Return a seating as a scenario in full: the same run, by the way that everybody else takes."""
    changes = json.loads(json.dumps(seat.changes))
    shift = seat.week - SHOCK
    efforts, settings = iter(seat.efforts), {(week, back, name): value for week, back, name, value in seat.settings}
    for event in changes.get("events", ()):
        if event["kind"] == "initiative" and "gain" not in event:
            event["effort"] = next(efforts)
        if event["kind"] == "set":
            event["values"] = {name: settings[event["week"], 1, name] for name in event["values"]}
        event |= {k: event[k] + shift for k in ("week", "until") if k in event}
    values = dict(zip(NAMES, seat.values.tolist(), strict=True))
    return scenario_of(base, changes | {name: _typed(name, value) for name, value in values.items()})


def _typed(name: str, value: float) -> float | int | bool:
    """Return a value as its field takes it: whole numbers and switches are no floats there."""
    group, field_name = name.split(".")
    annotation = GROUPS[group].model_fields[field_name].annotation
    return bool(value) if annotation is bool else int(value) if annotation is int else value


def takes_main_input(departments: int) -> NDArray[np.bool_]:
    """Return (K, K): whether row d's work builds on column f's more than on anybody else's."""
    matrix = default_dependencies(departments)
    return np.asarray(matrix >= matrix.max(axis=1, keepdims=True) - 1e-12)
