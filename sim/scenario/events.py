"""What can happen to a firm from outside: one frozen record per kind of event.

Events of a week act before its first phase, in the order listed. Angles are in radians, weeks count from 0.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.parameters import Part

Angle = Annotated[float, Field(ge=0, le=3.1416)]
Share = Annotated[float, Field(ge=0, le=1)]
Roles = Literal["promise", "deliver", "support"]
Weights = Annotated[dict[str, Annotated[float, Field(ge=-1e6, le=1e6)]], Field(max_length=64)]
"""A direction as weights on named axes: ``{artisan = 1, cheap = 0.5}``."""


class Department(Part):
    """A department: who belongs to it and what it is paid for."""

    name: str = Field(min_length=1, max_length=60, description="the department's name")
    role: Roles = Field(
        default="support", description="promise (marketing, sales), deliver (operations, service) or support"
    )
    headcount: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="posts; left out: an equal share of those not given",
        json_schema_extra={"unit": "people"},
    )
    goal: Weights | None = Field(
        default=None,
        description="what its people are rewarded for, as weights on poles of the axes; "
        "left out: at the angle people.goal_spread from the vision, in a random direction",
    )
    incentive: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="weight of its goal in what its people do; left out: people.incentive",
        json_schema_extra={"unit": "share"},
    )
    automation: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="automated share of its work; left out: work.automation",
        json_schema_extra={"unit": "share"},
    )
    belief: Weights | None = Field(
        default=None,
        description="what its people believe in at the founding, as weights on poles of the axes; left out: the vision",
    )
    engagement: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="its people's engagement at the founding; left out: what mood.morale, temper and climate say",
        json_schema_extra={"unit": "0 to 1"},
    )
    autonomy: float | None = Field(
        default=None,
        ge=0,
        le=10,
        description="size of its people's personal deviations; left out: people.autonomy",
        json_schema_extra={"unit": "radians"},
    )
    voice: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="probability that its attentive people report a result; left out: founder.voice",
        json_schema_extra={"unit": "probability per week"},
    )


class Happening(Part):
    """Anything that happens in a week."""

    week: int = Field(
        ge=0, le=5200, description="the week before whose first phase it acts", json_schema_extra={"unit": "weeks"}
    )
    label: str | None = Field(default=None, max_length=80, description="how figures name it")


class MarketTurns(Happening):
    """The market's direction turns by an angle, in a random direction."""

    kind: Literal["market_turns"]
    angle: Angle = Field(description="how far", json_schema_extra={"unit": "radians"})


class DepartmentTurned(Happening):
    """A department's goals and its people's beliefs become one direction at an angle from the vision."""

    kind: Literal["department_turned"]
    department: str = Field(description="the department's name")
    angle: Angle = Field(description="how far from the vision", json_schema_extra={"unit": "radians"})


class PeopleTurned(Happening):
    """So many people, drawn from the filled posts, believe in and prefer one direction, and are disengaged (0.2)."""

    kind: Literal["people_turned"]
    people: int = Field(ge=1, le=1_000_000, description="how many", json_schema_extra={"unit": "people"})
    angle: Angle = Field(description="how far from the vision", json_schema_extra={"unit": "radians"})


class CashCut(Happening):
    """Cash is lost at once."""

    kind: Literal["cash_cut"]
    weeks: float = Field(ge=0, le=1e6, description="how much", json_schema_extra={"unit": "weeks of initial cost"})


class DemandDrop(Happening):
    """A share of the customers is lost at once."""

    kind: Literal["demand_drop"]
    share: Share = Field(description="of the customers", json_schema_extra={"unit": "share"})


class Automation(Happening):
    """Automation is rolled out, built for what the departments do then."""

    kind: Literal["automation"]
    share: Share = Field(description="automated share of the work from now on", json_schema_extra={"unit": "share"})
    departments: tuple[str, ...] | None = Field(default=None, min_length=1, description="where; left out: everywhere")


class SetParameters(Happening):
    """Parameters take new values, for good or until a week."""

    kind: Literal["set"]
    values: dict[str, float | bool] = Field(
        min_length=1, max_length=200, description='new values by name, such as {"founder.clarity" = 0.4}, or scarcity'
    )
    until: int | None = Field(
        default=None,
        ge=1,
        le=5201,
        description="the week before whose first phase the values go back; left out: never",
        json_schema_extra={"unit": "weeks"},
    )


class FounderLeaves(Happening):
    """The founder leaves: the vision stands still from now on, and clarity falls."""

    kind: Literal["founder_leaves"]
    clarity: float = Field(
        default=0.3,
        gt=0,
        le=1,
        description="fidelity with which the vision is told from now on; the default is assumed",
        json_schema_extra={"unit": "fidelity, 0 to 1"},
    )


class Pocket(Happening):
    """A department becomes a pocket of experiment (or stops being one), for good or until a week."""

    kind: Literal["pocket"]
    department: str = Field(description="the department's name")
    autonomy: float | None = Field(
        default=None,
        ge=0,
        le=10,
        description="size of its people's personal deviations from now on; left out: as before",
        json_schema_extra={"unit": "radians"},
    )
    voice: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="probability that its attentive people report a result; left out: as before",
        json_schema_extra={"unit": "probability per week"},
    )
    until: int | None = Field(
        default=None,
        ge=1,
        le=5201,
        description="the week before whose first phase what it was before comes back; left out: never",
        json_schema_extra={"unit": "weeks"},
    )


class Goals(Happening):
    """Departments are paid for something else from now on: their goals, and what rewards relapse to, are set."""

    kind: Literal["goals"]
    goals: Annotated[dict[str, Weights], Field(min_length=1, max_length=250)] = Field(
        description="new goals by department, as weights on poles of the axes"
    )


class Merger(Happening):
    """A firm is merged in: people who believe in one direction at an angle from the vision."""

    kind: Literal["merger"]
    people: int = Field(ge=1, le=1_000_000, description="how many join", json_schema_extra={"unit": "people"})
    angle: Angle = Field(description="of their belief from the vision", json_schema_extra={"unit": "radians"})
    departments: tuple[Department, ...] = Field(
        default=(),
        max_length=50,
        description="departments that they bring; left out: they join the present ones in equal shares",
    )
    dependencies: tuple[tuple[float, ...], ...] | None = Field(
        default=None,
        description="whose work builds on whose afterwards, all departments; left out: the default pattern",
    )
    customers: float = Field(
        default=0.0,
        ge=0,
        le=1e6,
        description="customers that they bring",
        json_schema_extra={"unit": "initial customer bases"},
    )


class Initiative(Happening):
    """A project that takes capacity now and, if it is done in time, adds capacity afterwards."""

    kind: Literal["initiative"]
    effort: float = Field(gt=0, le=1e9, description="planned work", json_schema_extra={"unit": "person-weeks"})
    share: Share = Field(description="of its departments' capacity that it takes", json_schema_extra={"unit": "share"})
    deadline: int = Field(ge=1, le=5200, description="weeks it may take", json_schema_extra={"unit": "weeks"})
    gain: float = Field(
        default=0.1,
        ge=0,
        le=10,
        description="capacity added if it succeeds; the default is assumed",
        json_schema_extra={"unit": "share"},
    )
    cost: float = Field(
        default=0.0,
        ge=0,
        le=1e6,
        description="paid at the start, sunk",
        json_schema_extra={"unit": "weeks of initial cost"},
    )
    departments: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="whose work it is; left out: everybody's"
    )


Event = Annotated[
    MarketTurns
    | DepartmentTurned
    | PeopleTurned
    | CashCut
    | DemandDrop
    | Automation
    | SetParameters
    | FounderLeaves
    | Pocket
    | Goals
    | Merger
    | Initiative,
    Field(discriminator="kind"),
]
