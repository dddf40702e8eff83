"""A scenario: everything that a run depends on besides its luck."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from sim.scenario.axes import pole, poles, summed
from sim.scenario.checks import whole_problems
from sim.scenario.errors import several
from sim.scenario.events import Department, Event, FounderLeaves, SetParameters, Weights
from sim.scenario.parameters import (
    FOUNDING_ONLY,
    Founder,
    Market,
    Money,
    Mood,
    Part,
    People,
    Review,
    Work,
    scarce,
)

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

__all__ = ["AXES", "DEPARTMENTS", "MOST_AXES", "Scenario", "pole", "poles", "set_fields", "split"]


class Scenario(Part):
    """A firm, its market and what happens to it.

    The vision, the market and the industry norm start at the first pole of the first axis.
    """

    name: str = Field(default="firm", min_length=1, max_length=80, description="short name")
    title: str = Field(default="", max_length=200, description="one line for lists and figures")
    story: str = Field(default="", max_length=4000, description="what this firm is about, in a few sentences")
    twin: str | None = Field(default=None, description="the scenario that differs from this one in one cause")
    weeks: int = Field(default=156, ge=1, le=5200, description="length of a run", json_schema_extra={"unit": "weeks"})
    spin_up: int = Field(
        default=0,
        ge=0,
        le=5200,
        description="weeks that the firm has lived before week 0, unrecorded, in a still market, without events or "
        "closing, money as at the founding; 0: it is founded in week 0",
        json_schema_extra={"unit": "weeks"},
    )
    axes: tuple[str, ...] = Field(
        default=AXES, min_length=2, max_length=MOST_AXES, description='trade-offs, each as "first pole - second pole"'
    )
    headcount: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="posts at the start; left out: the departments' sum, or 30",
        json_schema_extra={"unit": "people"},
    )
    departments: tuple[Department, ...] = Field(
        default=DEPARTMENTS, min_length=1, max_length=200, description="in the order in which work is handed on"
    )
    dependencies: tuple[tuple[float, ...], ...] | None = Field(
        default=None,
        description="row d: whose work d's work builds on, as shares that sum to 1; left out: 0.6 on the department before",
    )
    links: tuple[tuple[int, int] | tuple[int, int, float], ...] | None = Field(
        default=None,
        description="who listens to whom, as [listener, speaker] or [listener, speaker, weight], people counted from 0 "
        "through the departments in order; left out: drawn with people.k_in and people.k_out",
    )
    scarcity: float | None = Field(
        default=None,
        ge=0,
        le=1,
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
    events: tuple[Event, ...] = Field(default=(), max_length=2000, description="what happens, in order")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        problems = list(whole_problems(self))
        if problems:
            raise several(problems)
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
        vector = summed(self.axes, weights)
        length = math.sqrt(sum(x * x for x in vector))
        return [x / length for x in vector] if length > 0 else vector

    def replace(self, values: Mapping[str, object]) -> Scenario:
        """Return this scenario with dotted names set to values, validated anew.

        Parameters
        ----------
        values
            As the overrides of `sim.scenario.scenario_file`: ``{"founder.clarity": 0.4, "scarcity": 0.7, "events": []}``. None takes
            back what the scenario sets. Setting ``scarcity`` replaces the fields that it stands for, and setting one of
            these takes the scarcity apart; the other two keep their values.

        Raises
        ------
        ScenarioError
            With everything that is wrong.
        """
        from sim.scenario.validate import replace  # it builds on this module

        return replace(self, values)

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
