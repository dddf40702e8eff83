"""What only the whole scenario can show: names that must exist, sums that must agree, events that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.scenario.axes import pole, poles, summed
from sim.scenario.distributions import Distribution, form_problems, limits, may_vary
from sim.scenario.draws import TableError, check_draws
from sim.scenario.errors import Place, nearest, number, phrase
from sim.scenario.events import (
    Automation,
    DepartmentTurned,
    FounderLeaves,
    Goals,
    Initiative,
    Merger,
    Pocket,
    SetParameters,
    Weights,
)
from sim.scenario.parameters import FOUNDING_ONLY, GROUPS, SCARCITY, parameter_names

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

Finding = tuple[Place, Any, str]
"""Place, value, and what is wrong with it."""


def whole_problems(s: Scenario) -> Iterator[Finding]:
    """Yield (place, value, what is wrong) for everything that single fields cannot tell."""
    yield from _axes_problems(s)
    yield from _department_problems(s)
    yield from _link_problems(s)
    yield from _event_problems(s)
    yield from _reserve_problems(s)
    yield from _change_problems(s)
    yield from _past_problems(s)


def distribution_problems(s: Scenario) -> Iterator[Finding]:
    """Yield what is wrong with distributions and with the table of draws."""
    for name, distribution in s.uncertain.items():
        place = tuple(name.split("."))
        if name not in may_vary():
            yield ("uncertain", name), None, f"is not a parameter{nearest(name, may_vary())}"
            continue
        wrong = list(form_problems(distribution))
        for key, value, message in wrong:
            yield (*place, *([] if key is None else [key])), value, message
        if not wrong:
            yield from _value_problems(name, distribution)
    if s.draws is not None:
        try:
            check_draws(s.draws.columns, s.draws.rows)
        except TableError as error:
            yield ("draws",), None, str(error)


def _value_problems(name: str, distribution: Distribution) -> Iterator[Finding]:
    kind = limits(name).kind
    group, _, field = name.rpartition(".")
    place = (*([group] if group else []), field)
    for key, value in distribution.extremes():
        if kind is bool or isinstance(value, bool):
            if kind is not bool or not isinstance(value, bool):
                wrong = "must be true or false" if kind is bool else "must be a number"
                yield (
                    (*place, key),
                    value,
                    f"{wrong}{'; of these only values = [...] can be drawn' if kind is bool else ''}",
                )
            continue
        if kind is int and key != "mean" and value != int(value):
            yield (*place, key), value, "must be a whole number"
            continue
        message = _out_of_bounds(name, int(value) if kind is int else value)
        if message:
            where = "the mean lies outside of the bounds: it " if key == "mean" else ""
            yield (*place, key), value, where + message


def _out_of_bounds(name: str, value: float) -> str | None:
    """Return what the parameter says to a value, None where it is allowed."""
    group, _, field = name.rpartition(".")
    if group:
        try:
            GROUPS[group].model_validate({field: value})
        except ValidationError as error:
            return phrase(error.errors()[0])
        return None
    _, low, high, _ = limits(name)
    return None if low <= value <= high else f"must be from {number(low)} to {number(high)}"


def _change_problems(s: Scenario) -> Iterator[Finding]:
    """Times and plus must not lead the firm in the middle beyond an open bound, at which no value can stop."""
    for name, distribution in s.uncertain.items():
        if distribution.has_source and distribution.times is None and distribution.plus is None:
            continue
        message = _out_of_bounds(name, float(s.value(name))) if name != "headcount" else None
        if message:
            *group, field = name.split(".")
            yield (*group, field), None, f"comes to {s.value(name):.10g} in the firm in the middle: it {message}"


def _reserve_problems(s: Scenario) -> Iterator[Finding]:
    """Owners who draw do not draw a firm into stress: the reserve holds what feels safe."""
    draws = s.money.draw > 0 or any(
        isinstance(e, SetParameters) and float(e.values.get("money.draw", 0)) > 0 for e in s.events
    )
    if draws and s.money.reserve < s.money.safety:
        message = f"must be at least money.safety, {number(s.money.safety)}, where owners draw money"
        yield ("money", "reserve"), s.money.reserve, message


def _past_problems(s: Scenario) -> Iterator[Finding]:
    """What a survey finds at week 0 cannot be given at the start of a past."""
    if s.spin_up == 0:
        return
    for i, d in enumerate(s.departments):
        for name in ("belief", "engagement"):
            if getattr(d, name) is not None:
                yield ("departments", i, name), getattr(d, name), "is given for week 0, so it needs spin_up = 0"


def _link_problems(s: Scenario) -> Iterator[Finding]:
    posts = s.posts
    seen: set[tuple[int, ...]] = set()
    for i, link in enumerate(s.links or ()):
        place = ("links", i)
        for end in link[:2]:
            if not 0 <= end < posts:
                yield place, list(link), f"names person {end}, who is not among people 0 to {posts - 1}"
        if link[0] == link[1]:
            yield place, list(link), "links somebody to themselves"
        if len(link) == 3 and not 0 < link[2] <= 1e6:
            yield place, list(link), "must have a weight greater than 0 and at most 1000000"
        if link[:2] in seen:
            yield place, list(link), "is given twice"
        seen.add(link[:2])


def _axes_problems(s: Scenario) -> Iterator[Finding]:
    names: set[str] = set()
    for i, axis in enumerate(s.axes):
        parts = [part.strip() for part in axis.split(" - ")]
        if len(parts) != 2 or not all(parts):
            yield ("axes", i), axis, 'must be written "first pole - second pole"'
        for part in parts:
            if part in names:
                yield ("axes", i), axis, f"repeats the pole {part!r}"
            names.add(part)


def _weight_problems(s: Scenario, place: Place, weights: Weights | None) -> Iterator[Finding]:
    if weights is None:
        return
    known = True
    for key in weights:
        try:
            pole(s.axes, key)
        except KeyError:
            known = False
            yield (*place, key), weights[key], f"is not a pole of the axes{nearest(key, poles(s.axes))}"
    if known and max(map(abs, summed(s.axes, weights))) < 1e-6:
        yield place, weights, "points nowhere: its weights must not all be 0 or cancel out"


def _matrix_problems(place: Place, matrix: tuple[tuple[float, ...], ...] | None, size: int) -> Iterator[Finding]:
    if matrix is None:
        return
    if len(matrix) != size or any(len(row) != size for row in matrix):
        yield place, f"{len(matrix)} rows", f"must be {size} rows of {size} numbers, one for each department"
        return
    for d, row in enumerate(matrix):
        if min(row) < 0 or abs(sum(row) - 1) > 1e-9:
            yield (*place, d), list(row), "must be shares of at least 0 that sum to 1"


def _department_problems(s: Scenario) -> Iterator[Finding]:
    names: set[str] = set()
    for i, d in enumerate(s.departments):
        if d.name in names:
            yield ("departments", i, "name"), d.name, "appears twice"
        names.add(d.name)
        yield from _weight_problems(s, ("departments", i, "goal"), d.goal)
        yield from _weight_problems(s, ("departments", i, "belief"), d.belief)
    given = sum(d.headcount or 0 for d in s.departments)
    missing = sum(d.headcount is None for d in s.departments)
    if s.headcount is not None:
        if missing and s.headcount < given + missing:
            yield ("headcount",), s.headcount, f"is too few: the departments need at least {given + missing}"
        if not missing and s.headcount != given:
            yield ("headcount",), s.headcount, f"is not the sum of the departments' headcounts, {given}"
    yield from _matrix_problems(("dependencies",), s.dependencies, len(s.departments))


def _event_problems(s: Scenario) -> Iterator[Finding]:
    present = [d.name for d in s.departments]
    joined = sorted(
        ((e.week, i, e) for i, e in enumerate(s.events) if isinstance(e, Merger)), key=lambda item: item[:2]
    )
    for _, i, merger in joined:
        for j, d in enumerate(merger.departments):
            if d.name in present:
                yield ("events", i, "departments", j, "name"), d.name, "appears twice"
            yield from _weight_problems(s, ("events", i, "departments", j, "goal"), d.goal)
            for name in ("belief", "engagement"):
                if getattr(d, name) is not None:
                    yield (
                        ("events", i, "departments", j, name),
                        getattr(d, name),
                        "is for the founding: a merger's angle says it",
                    )
            present.append(d.name)
        yield from _matrix_problems(("events", i, "dependencies"), merger.dependencies, len(present))
        given = sum(d.headcount or 0 for d in merger.departments)
        missing = sum(d.headcount is None for d in merger.departments)
        if merger.departments and (merger.people < given + missing or (not missing and merger.people != given)):
            yield (
                ("events", i, "people"),
                merger.people,
                f"does not fit the headcounts of the departments brought, {given}",
            )
    for i, e in enumerate(s.events):
        if e.week >= s.weeks:
            yield ("events", i, "week"), e.week, f"is after the last week, {s.weeks - 1}"
        named: list[tuple[Place, str]] = []
        if isinstance(e, (DepartmentTurned, Pocket)):
            named = [(("department",), e.department)]
        elif isinstance(e, Goals):
            named = [(("goals", name), name) for name in e.goals]
        elif isinstance(e, Automation | Initiative) and e.departments is not None:
            named = [(("departments", j), name) for j, name in enumerate(e.departments)]
        here = [d.name for d in s.departments] + [
            d.name for week, k, m in joined if (week, k) < (e.week, i) for d in m.departments
        ]
        for place, name in named:
            if name not in here:
                yield ("events", i, *place), name, f"is not a department then{nearest(name, here)}"
        if isinstance(e, Automation | Initiative) and e.departments and len(set(e.departments)) < len(e.departments):
            yield ("events", i, "departments"), list(e.departments), "names a department twice"
        if isinstance(e, SetParameters):
            yield from _set_problems(i, e)
        if isinstance(e, Goals):
            for name, weights in e.goals.items():
                yield from _weight_problems(s, ("events", i, "goals", name), weights)
        if isinstance(e, Pocket):
            if e.autonomy is None and e.voice is None:
                yield ("events", i), None, "must name autonomy, voice or both"
            if e.until is not None and e.until <= e.week:
                yield ("events", i, "until"), e.until, f"must be after the event's week, {e.week}"
    yield from _overlaps(s)


def _set_problems(i: int, e: SetParameters) -> Iterator[Finding]:
    if e.until is not None and e.until <= e.week:
        yield ("events", i, "until"), e.until, f"must be after the event's week, {e.week}"
    for name, value in e.values.items():
        place = ("events", i, "values", name)
        if name == "scarcity":
            if not 0 <= value <= 1:
                yield place, value, "must be from 0 to 1"
            continue
        if name in FOUNDING_ONLY:
            yield place, value, f"is read only when the firm is founded; {FOUNDING_ONLY[name]}"
            continue
        if name not in parameter_names():
            yield place, value, f"is not a parameter{nearest(name, [*parameter_names(), 'scarcity'])}"
            continue
        group, field = name.split(".")
        boolean = GROUPS[group].model_fields[field].annotation is bool
        if isinstance(value, bool) is not boolean:
            yield place, value, "must be true or false" if boolean else "must be a number"
            continue
        try:
            GROUPS[group].model_validate({field: value})
        except ValidationError as error:
            yield place, value, phrase(error.errors()[0])


def _overlaps(s: Scenario) -> Iterator[Finding]:
    spans: dict[str, list[tuple[int, int, int]]] = {}
    for i, e in enumerate(s.events):
        if isinstance(e, FounderLeaves):
            spans.setdefault("founder.clarity", []).append((e.week, e.week + 1, i))
        elif isinstance(e, Pocket):
            for name in ("autonomy", "voice"):
                if getattr(e, name) is not None:
                    place = f"{name} of {e.department!r}"
                    spans.setdefault(place, []).append((e.week, e.until if e.until is not None else e.week + 1, i))
        elif isinstance(e, SetParameters):
            if "scarcity" in e.values and any(name in e.values for name in SCARCITY):
                yield (
                    ("events", i),
                    None,
                    "sets scarcity together with a field that it stands for: set one or the other",
                )
            names = [n for n in e.values if n == "scarcity" or n in parameter_names()]
            fields = {f for n in names for f in (SCARCITY if n == "scarcity" else [n])}
            for field in sorted(fields):
                spans.setdefault(field, []).append((e.week, e.until if e.until is not None else e.week + 1, i))
    for field, periods in spans.items():
        periods.sort()
        for (_, end, i), (start, _, j) in pairwise(periods):
            if start < end:
                yield ("events", j), None, f"sets {field} while event {i + 1} still holds it"
