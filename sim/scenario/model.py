"""A scenario: everything that a run depends on besides its luck."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from typing import Any, Self

from pydantic import Field, model_validator

from sim.scenario.events import (
    Automation,
    Department,
    DepartmentTurned,
    Event,
    FounderLeaves,
    Initiative,
    Merger,
    SetParameters,
    Weights,
)
from sim.scenario.parameters import (
    FOUNDING_ONLY,
    GROUPS,
    SCARCITY,
    Founder,
    Market,
    Money,
    Mood,
    Part,
    People,
    Review,
    Work,
    parameter_names,
    scarce,
)
from sim.scenario.problems import Problem, nearest

AXES = (
    "premium - cheap",
    "careful - fast",
    "niche - broad",
    "inventive - proven",
    "personal - automated",
)
DEPARTMENTS = (
    Department(name="marketing", role="promise"),
    Department(name="operations", role="deliver"),
    Department(name="service", role="deliver"),
    Department(name="support", role="support"),
    Department(name="sales", role="promise"),
)
MOST_AXES = 16


class Scenario(Part):
    """A firm, its market and what happens to it.

    The vision, the market and the industry norm start at the first pole of the first axis.
    """

    name: str = Field("firm", min_length=1, max_length=80, description="short name")
    title: str = Field("", max_length=200, description="one line for lists and figures")
    story: str = Field("", max_length=4000, description="what this firm is about, in a few sentences")
    twin: str | None = Field(None, description="the scenario that differs from this one in one cause")
    weeks: int = Field(156, ge=1, le=5200, description="length of a run", json_schema_extra={"unit": "weeks"})
    axes: tuple[str, ...] = Field(
        AXES, min_length=2, max_length=MOST_AXES, description="trade-offs, each as \"first pole - second pole\""
    )
    headcount: int | None = Field(
        None, ge=1, le=1_000_000, description="posts at the start; left out: the departments' sum, or 30",
        json_schema_extra={"unit": "people"},
    )
    departments: tuple[Department, ...] = Field(
        DEPARTMENTS, min_length=1, max_length=200, description="in the order in which work is handed on"
    )
    dependencies: tuple[tuple[float, ...], ...] | None = Field(
        None,
        description="row d: whose work d's work builds on, as shares that sum to 1; left out: 0.6 on the department before",
    )
    links: tuple[tuple[int, int] | tuple[int, int, float], ...] | None = Field(
        None,
        description="who listens to whom, as [listener, speaker] or [listener, speaker, weight], people counted from 0 "
        "through the departments in order; left out: drawn with people.k_in and people.k_out",
    )
    scarcity: float | None = Field(
        None, ge=0, le=1,
        description="scarcity of resources: stands for work.slack, money.buffer and money.margin; left out: theirs (0.5)",
        json_schema_extra={"unit": "0 (ample) to 1 (none)", "range": [0, 1], "source": "composite, assumed"},
    )
    market: Market = Market()
    founder: Founder = Founder()
    people: People = People()
    work: Work = Work()
    mood: Mood = Mood()
    money: Money = Money()
    review: Review = Review()
    events: tuple[Event, ...] = Field((), max_length=2000, description="what happens, in order")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        problems = list(_problems(self))
        if problems:
            raise Problem.several(problems)
        if self.scarcity is not None:
            values = scarce(self.scarcity)
            for group in {name.split(".")[0] for name in values}:
                changes = {k.split(".")[1]: v for k, v in values.items() if k.startswith(group + ".")}
                object.__setattr__(self, group, getattr(self, group).model_copy(update=changes))
        return self

    @property
    def dimensions(self) -> int:
        """Number of trade-off axes, D."""
        return len(self.axes)

    @property
    def posts(self) -> int:
        """Posts at the start."""
        return sum(self.headcounts)

    @property
    def headcounts(self) -> tuple[int, ...]:
        """Posts of each department at the start: those given, the others as equal as can be."""
        return split(self.departments, self.headcount if self.headcount is not None else _default_headcount(self))

    @property
    def hires(self) -> bool:
        """Whether the firm may open posts at any time in the run."""
        return self.people.hiring or any(
            isinstance(e, SetParameters) and bool(e.values.get("people.hiring")) for e in self.events
        )

    def value(self, name: str) -> float | bool:
        """Return a parameter by its full name, such as ``founder.clarity`` or ``scarcity``."""
        if name == "scarcity":
            return 0.5 if self.scarcity is None else self.scarcity
        group, _, field = name.partition(".")
        found: float | bool = getattr(getattr(self, group), field)
        return found

    def direction(self, weights: Weights) -> list[float]:
        """Return weights on named axes or poles as a unit vector of length D (empty weights: zero vector)."""
        vector = [0.0] * self.dimensions
        for key, weight in weights.items():
            axis, sign = pole(self.axes, key)
            vector[axis] += sign * weight
        length = math.sqrt(sum(x * x for x in vector))
        return [x / length for x in vector] if length > 0 else vector

    def content(self) -> dict[str, Any]:
        """Return all that a run depends on, as plain data (no name, title, story or twin)."""
        data = self.model_dump(mode="json", exclude={"name", "title", "story", "twin", "scarcity"})
        data["headcount"] = None
        for department, headcount in zip(data["departments"], self.headcounts, strict=True):
            department["headcount"] = headcount
        return data

    @property
    def hash(self) -> str:
        """SHA-256 of the content, first 16 hexadecimal digits: equal for scenarios that run alike."""
        import json

        text = json.dumps(self.content(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def pole(axes: tuple[str, ...], key: str) -> tuple[int, int]:
    """Return (axis, sign) of an axis' full name or of one of its poles; KeyError if there is none."""
    for i, axis in enumerate(axes):
        first, _, second = (part.strip() for part in axis.partition(" - "))
        if key in (axis, first):
            return i, 1
        if key == second:
            return i, -1
    raise KeyError(key)


def poles(axes: tuple[str, ...]) -> list[str]:
    """Return the names by which a goal may name a direction."""
    return [part.strip() for axis in axes for part in axis.split(" - ")]


def split(departments: tuple[Department, ...], total: int) -> tuple[int, ...]:
    """Share a total over departments: those with a headcount keep it, the others are as equal as can be."""
    free = sum(d.headcount is None for d in departments)
    rest = total - sum(d.headcount or 0 for d in departments)
    shares = iter(rest // free + (i < rest % free) for i in range(free)) if free else iter(())
    return tuple(d.headcount if d.headcount is not None else next(shares) for d in departments)


def _default_headcount(scenario: Scenario) -> int:
    given = [d.headcount for d in scenario.departments if d.headcount is not None]
    missing = len(scenario.departments) - len(given)
    return sum(given) if not missing else max(30, sum(given) + missing)


def _problems(s: Scenario) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
    """Yield (place, value, what is wrong) for everything that single fields cannot tell."""
    yield from _axes_problems(s)
    yield from _department_problems(s)
    if s.scarcity is not None:
        for name in SCARCITY:
            group, field = name.split(".")
            if field in getattr(s, group).model_fields_set:
                yield (group, field), s.value(name), "stands under scarcity: set this field or scarcity, not both"
    if s.links is not None:
        for i, link in enumerate(s.links):
            for end in link[:2]:
                if not 0 <= end < s.posts:
                    yield ("links", i), list(link), f"person {end} is not among people 0 to {s.posts - 1}"
            if link[0] == link[1]:
                yield ("links", i), list(link), "nobody can be linked to themselves"
            if len(link) == 3 and not 0 < link[2] <= 1e6:
                yield ("links", i), list(link), "a weight must be greater than 0 and at most 1000000"
        seen: set[tuple[int, ...]] = set()
        for i, link in enumerate(s.links):
            if link[:2] in seen:
                yield ("links", i), list(link), "this link is given twice"
            seen.add(link[:2])
    yield from _event_problems(s)


def _axes_problems(s: Scenario) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
    names: set[str] = set()
    for i, axis in enumerate(s.axes):
        parts = [part.strip() for part in axis.split(" - ")]
        if len(parts) != 2 or not all(parts):
            yield ("axes", i), axis, 'an axis must be written "first pole - second pole"'
        for part in parts:
            if part in names:
                yield ("axes", i), axis, f"the pole {part!r} appears twice"
            names.add(part)


def _goal_problems(
    s: Scenario, place: tuple[str | int, ...], goal: Weights | None
) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
    if goal is None:
        return
    known = True
    for key in goal:
        try:
            pole(s.axes, key)
        except KeyError:
            known = False
            yield (*place, "goal", key), goal[key], f"is not a pole of the axes{nearest(key, poles(s.axes))}"
    if known and not any(s.direction(goal)):
        yield (*place, "goal"), goal, "points nowhere: at least one weight must differ from 0"


def _matrix_problems(
    place: tuple[str | int, ...], matrix: tuple[tuple[float, ...], ...] | None, size: int
) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
    if matrix is None:
        return
    if len(matrix) != size or any(len(row) != size for row in matrix):
        yield place, f"{len(matrix)} rows", f"must be {size} rows of {size} numbers, one for each department"
        return
    for d, row in enumerate(matrix):
        if min(row) < 0 or abs(sum(row) - 1) > 1e-9:
            yield (*place, d), list(row), "must be shares of at least 0 that sum to 1"


def _department_problems(s: Scenario) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
    names: set[str] = set()
    for i, d in enumerate(s.departments):
        if d.name in names:
            yield ("departments", i, "name"), d.name, "appears twice"
        names.add(d.name)
        yield from _goal_problems(s, ("departments", i), d.goal)
    given = sum(d.headcount or 0 for d in s.departments)
    missing = sum(d.headcount is None for d in s.departments)
    if s.headcount is not None:
        if missing and s.headcount < given + missing:
            yield ("headcount",), s.headcount, f"is too few: the departments need at least {given + missing}"
        if not missing and s.headcount != given:
            yield ("headcount",), s.headcount, f"is not the sum of the departments' headcounts, {given}"
    yield from _matrix_problems(("dependencies",), s.dependencies, len(s.departments))


def _event_problems(s: Scenario) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
    present = [d.name for d in s.departments]
    joined = sorted(
        ((e.week, i, e) for i, e in enumerate(s.events) if isinstance(e, Merger)), key=lambda item: item[:2]
    )
    for _, i, e in joined:
        for j, d in enumerate(e.departments):
            if d.name in present:
                yield ("events", i, "departments", j, "name"), d.name, "appears twice"
            yield from _goal_problems(s, ("events", i, "departments", j), d.goal)
            present.append(d.name)
        yield from _matrix_problems(("events", i, "dependencies"), e.dependencies, len(present))
        given = sum(d.headcount or 0 for d in e.departments)
        missing = sum(d.headcount is None for d in e.departments)
        if e.departments and (e.people < given + missing or (not missing and e.people != given)):
            yield ("events", i, "people"), e.people, f"does not fit the headcounts of the departments brought, {given}"
    for i, e in enumerate(s.events):
        if e.week >= s.weeks:
            yield ("events", i, "week"), e.week, f"is after the last week, {s.weeks - 1}"
        named: list[tuple[tuple[str | int, ...], str]] = []
        if isinstance(e, DepartmentTurned):
            named = [(("department",), e.department)]
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
    yield from _overlaps(s)


def _set_problems(i: int, e: SetParameters) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
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
        try:
            GROUPS[group].model_validate({field: value})
        except ValueError as error:
            yield place, value, Problem.reason(error)


def set_fields(event: SetParameters | FounderLeaves) -> dict[str, float]:
    """Return the fields that an event sets, by full name, with the composite taken apart."""
    if isinstance(event, FounderLeaves):
        return {"founder.clarity": event.clarity}
    out: dict[str, float] = {}
    for name, value in event.values.items():
        if name == "scarcity":
            out |= {k: v for k, v in scarce(float(value)).items() if k not in FOUNDING_ONLY}
        else:
            out[name] = float(value)
    return out


def _overlaps(s: Scenario) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:
    spans: dict[str, list[tuple[int, int, int]]] = {}
    for i, e in enumerate(s.events):
        if isinstance(e, FounderLeaves):
            spans.setdefault("founder.clarity", []).append((e.week, e.week + 1, i))
        elif isinstance(e, SetParameters):
            if "scarcity" in e.values and any(name in e.values for name in SCARCITY):
                yield ("events", i, "values"), "scarcity", "may not be set together with what it stands for"
            names = [n for n in e.values if n == "scarcity" or n in parameter_names()]
            fields = {f for n in names for f in (SCARCITY if n == "scarcity" else [n])}
            for field in sorted(fields):
                spans.setdefault(field, []).append((e.week, e.until if e.until is not None else e.week + 1, i))
    for field, found in spans.items():
        found.sort()
        for (_, end, i), (start, _, j) in zip(found, found[1:], strict=False):
            if start < end:
                yield ("events", j), field, f"is set while event {i + 1} still holds it"
