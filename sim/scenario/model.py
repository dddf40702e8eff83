"""A scenario: everything that a run depends on besides its luck."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from sim.scenario.axes import pole, poles, summed
from sim.scenario.checks import distribution_problems, whole_problems
from sim.scenario.distributions import Distribution, Number, limits
from sim.scenario.draws import Draws
from sim.scenario.errors import several
from sim.scenario.events import Department, Event, FounderLeaves, SetParameters, Weights
from sim.scenario.merge import Layer, Layers, plain_objects
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
    scarce,
)
from sim.scenario.validate import build

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
        description="scarcity of resources: stands for work.slack, money.reserve and with it money.buffer, money.margin "
        "and money.credit where nothing else gives them; left out: theirs (0.5)",
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

    uncertain: dict[str, Distribution] = Field(
        default={},
        description="distributions by full name; in files a distribution stands in the place of the parameter's value",
    )
    draws: Draws | None = Field(
        default=None,
        description="a table of joint draws, a row a firm and a column a parameter: a .parquet or .csv file",
    )
    lucks: int = Field(
        default=1,
        ge=1,
        le=1_000_000,
        description="runs, each with luck of its own, that every firm of an uncertain scenario gets",
        json_schema_extra={"unit": "runs"},
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        problems = list(distribution_problems(self))
        if not problems:
            self._take_middle()
            problems = list(whole_problems(self))
        if problems:
            raise several(problems)
        return self

    def _take_middle(self) -> None:
        """Give fields the values of the composite, and of distributions that of the firm in the middle."""
        by_hand = self.by_hand
        middle = {
            name: distribution.at(0.5, 0.0, limits(name))
            for name, distribution in self.uncertain.items()
            if distribution.has_source
        }
        scarcity = self.uncertain.get("scarcity")
        if scarcity is not None:
            middle["scarcity"] = scarcity.at(0.5, self.value("scarcity"), limits("scarcity"))
        if "scarcity" in middle or self.scarcity is not None:
            composite = scarce(float(middle.get("scarcity", self.value("scarcity"))))
            reserve_by_hand = "money.reserve" in by_hand
            middle = {
                name: value
                for name, value in composite.items()
                if name not in by_hand and not (name == "money.buffer" and reserve_by_hand)
            } | middle
        if "money.reserve" in middle and "money.buffer" not in by_hand:
            middle["money.buffer"] = middle["money.reserve"]
        self._put(middle)
        changes = {
            name: distribution.at(0.5, self.value(name), limits(name))
            for name, distribution in self.uncertain.items()
            if not distribution.has_source and name not in ("scarcity", "headcount")
        }
        if "money.reserve" in changes and "money.buffer" not in by_hand | changes.keys():
            changes["money.buffer"] = changes["money.reserve"]
        self._put(changes)

    def _put(self, values: Mapping[str, Number]) -> None:
        """Set fields, without a note that somebody gave them."""
        for group in GROUPS:
            changes = {k.split(".")[1]: v for k, v in values.items() if k.startswith(group + ".")}
            if changes:
                part = getattr(self, group)
                given = set(part.model_fields_set)
                part = part.model_copy(update=changes)
                object.__setattr__(part, "__pydantic_fields_set__", given)
                object.__setattr__(self, group, part)
        fields = set(self.model_fields_set)
        if "scarcity" in values:
            object.__setattr__(self, "scarcity", values["scarcity"])
        if "headcount" in values and any(department.headcount is None for department in self.departments):
            object.__setattr__(self, "headcount", values["headcount"])
        object.__setattr__(self, "__pydantic_fields_set__", fields)

    @property
    def by_hand(self) -> set[str]:
        """Full names of the parameters that somebody gave, as a value or as a distribution of its own."""
        given = {f"{group}.{field}" for group in GROUPS for field in getattr(self, group).model_fields_set}
        given |= {name for name in ("scarcity", "headcount") if name in self.model_fields_set}
        return given | {name for name, distribution in self.uncertain.items() if distribution.has_source}

    @property
    def drawn_columns(self) -> tuple[str, ...]:
        """The columns of the table that count: those that nobody gives otherwise."""
        by_hand = self.by_hand
        return () if self.draws is None else tuple(name for name in self.draws.columns if name not in by_hand)

    @property
    def is_uncertain(self) -> bool:
        """Whether replicates may be firms of different parameters."""
        return bool(self.uncertain or self.draws)

    @property
    def varying(self) -> tuple[str, ...]:
        """Full names of the fields in which firms differ: own distributions first, then columns of the table.

        Examples
        --------
        >>> Scenario().replace({"founder.clarity": {"low": 0.3, "high": 0.7}, "mood.strain": {"times": 1.2}}).varying
        ('founder.clarity',)
        """
        columns = {name for name in self.drawn_columns if self.draws is not None and self.draws.varies(name)}
        sources = columns | {name for name, distribution in self.uncertain.items() if distribution.varies}
        follows = set(SCARCITY) - self.by_hand if "scarcity" in sources else set()
        changed = [n for n, d in self.uncertain.items() if n in sources or (not d.has_source and n in follows)]
        return tuple(dict.fromkeys([*changed, *(name for name in self.drawn_columns if name in columns)]))

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
        value: float | bool = getattr(getattr(self, group), field)
        return value

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
            As the overrides of `sim.scenario.scenario_file`: ``{"founder.clarity": 0.4, "scarcity": 0.7, "events": []}``.
            None takes back what the scenario sets. A parameter may be a distribution: ``{"founder.clarity": {"low": 0.3,
            "high": 0.7}}``, or ``{"times": 0.5}`` for everybody's own value.

        Raises
        ------
        ScenarioError
            With everything that is wrong.

        Examples
        --------
        >>> firm = Scenario().replace({"founder.clarity": 0.4, "scarcity": 0.8})
        >>> firm.founder.clarity, round(firm.money.buffer, 1)
        (0.4, 5.4)
        >>> firm.replace({"founder.clarity": None}).founder.clarity
        0.7
        """
        layers = Layers(Layer(plain_objects(self)), LISTS)
        layers.override(values)
        return build(layers, Scenario)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Scenario:
        """Return the scenario that plain data describe, such as a file or `sim.scenario.merge.plain` hold.

        Raises
        ------
        ScenarioError
            With everything that is wrong.
        """
        return build(Layers(Layer(dict(data)), LISTS), Scenario)

    def content(self) -> dict[str, Any]:
        """Return all that a run depends on, as plain data (no name, title, story or twin)."""
        certain = {} if self.is_uncertain else {"uncertain", "draws", "lucks"}
        data = self.model_dump(mode="json", exclude={"name", "title", "story", "twin", "scarcity", *certain})
        if self.draws is not None:
            data["draws"] = {"columns": self.drawn_columns, "sha256": self.draws.digest}
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


LISTS = {name: Scenario.model_fields[name].default for name in ("axes", "departments", "events")}
"""What lists are where no file says it."""


def split(departments: tuple[Department, ...], total: int) -> tuple[int, ...]:
    """Share a total over departments: those with a headcount keep it, the others are as equal as can be.

    Examples
    --------
    >>> split((Department(name="a", headcount=4), Department(name="b"), Department(name="c")), 11)
    (4, 4, 3)
    """
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
