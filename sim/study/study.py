"""A study: a base scenario, what varies, by which design, how often, and what is looked at."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.model import Scenario
from sim.scenario.parameters import Part
from sim.study.factors import Factor

DEFAULT_MEASURES = ("survived", "coherence", "thrust", "engagement", "customers", "cash")
MOST_POINTS = 50_000_000


class Oat(Part):
    """One factor at a time: the base point, then each factor from end to end with the others at the base."""

    kind: Literal["oat"] = "oat"
    levels: int = Field(default=9, ge=1, le=10_000, description="values of each factor, besides the base's")


class Grid(Part):
    """Every combination of levels; the last factor runs fastest."""

    kind: Literal["grid"] = "grid"
    levels: int = Field(
        default=5, ge=1, le=10_000, description="values of each factor; lists and choices take all theirs"
    )


class Lhs(Part):
    """A Latin hypercube: every factor's range is cut into n pieces, each of which is met once."""

    kind: Literal["lhs"] = "lhs"
    n: int = Field(default=256, ge=1, le=MOST_POINTS, description="points")


class Morris(Part):
    """Morris trajectories: trajectories x (factors or groups + 1) points."""

    kind: Literal["morris"] = "morris"
    trajectories: int = Field(default=32, ge=2, le=100_000, description="trajectories")
    levels: int = Field(default=4, ge=2, le=1000, multiple_of=2, description="levels of each factor, an even number")
    optimal: int | None = Field(
        default=None, ge=2, le=100, description="keep that many trajectories, far from each other"
    )


class Sobol(Part):
    """Saltelli's design on a scrambled Sobol' sequence: n x (2 k + 2) points, or n x (k + 2) without second order."""

    kind: Literal["sobol"] = "sobol"
    n: int = Field(default=512, ge=2, le=2**22, description="base points, a power of two")
    second_order: bool = Field(default=True, description="whether pairs of factors are asked for, too")


class Fast(Part):
    """Curves through the cube for the extended Fourier amplitude test: n x k points."""

    kind: Literal["fast"] = "fast"
    n: int = Field(default=257, ge=5, le=2**22, description="points on each curve, more than 4 harmonics^2")
    harmonics: int = Field(default=4, ge=1, le=32, description="harmonics that are summed (M)")


class FromFile(Part):
    """Points from a table, a column per factor: CSV or Parquet, relative to the study."""

    kind: Literal["file"] = "file"
    path: str = Field(min_length=1, description="the table")


DesignChoice = Annotated[Oat | Grid | Lhs | Morris | Sobol | Fast | FromFile, Field(discriminator="kind")]
DESIGNS: dict[str, type[Oat | Grid | Lhs | Morris | Sobol | Fast | FromFile]] = {
    "oat": Oat,
    "grid": Grid,
    "lhs": Lhs,
    "morris": Morris,
    "sobol": Sobol,
    "fast": Fast,
    "file": FromFile,
}


class StudyFile(Part):
    """What a study file may say."""

    name: str | None = Field(default=None, min_length=1, max_length=80, description="short name; left out: the file's")
    title: str = Field(default="", max_length=200, description="the question, in one line")
    base: str = Field(
        default="default", min_length=1, description="scenario: a shipped name or a path relative to the study"
    )
    function: str | None = Field(default=None, description="a function with known indices in the place of a firm")
    noise: float = Field(default=0.0, ge=0, description="standard deviation of the noise added to a function")
    weeks: int | None = Field(default=None, ge=1, le=5200, description="length of a run; left out: the scenario's")
    constants: dict[str, Any] = Field(default={}, description="values by dotted name, laid on the base scenario")
    replicates: int = Field(default=1, ge=1, le=2**24, description="runs at each point, with luck that points share")
    seed: int = Field(default=0, ge=0, lt=2**63, description="where chance starts, of the runs and of the design")
    measures: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="names in sim.measures.summaries.SUMMARIES"
    )
    design: DesignChoice = Field(description="how points are chosen")
    vary: dict[str, Any] = Field(min_length=1, description="what varies, a table per factor")


@dataclass(frozen=True)
class Study:
    """A study with everything in it: nothing is left to be looked up.

    Attributes
    ----------
    name, title
        As the file says.
    scenario
        The base with constants and weeks, None where a function is studied.
    function, noise
        Name in `sim.study.test_functions.FUNCTIONS`, and the standard deviation of what is added to it.
    factors
        What varies, in the order of the file.
    design
        How points are chosen.
    replicates, seed, measures
        Runs at each point; where chance starts; names in `sim.measures.summaries.SUMMARIES`, or ``y`` for a function.
    """

    name: str
    title: str
    scenario: Scenario | None
    function: str | None
    noise: float
    factors: tuple[Factor, ...]
    design: Oat | Grid | Lhs | Morris | Sobol | Fast | FromFile
    replicates: int
    seed: int
    measures: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The factors' names."""
        return tuple(factor.name for factor in self.factors)

    @property
    def weeks(self) -> int:
        """Length of a run."""
        return 1 if self.scenario is None else self.scenario.weeks

    def content(self) -> dict[str, Any]:
        """Return all that results depend on, as plain data, except the points of a design from a file."""
        from sim.scenario.merge import plain

        return {
            "scenario": None if self.scenario is None else plain(self.scenario),
            "scenario_hash": None if self.scenario is None else self.scenario.hash,
            "function": self.function,
            "noise": self.noise,
            "factors": {factor.name: factor.model_dump(mode="json", exclude={"name"}) for factor in self.factors},
            "design": self.design.model_dump(mode="json"),
            "replicates": self.replicates,
            "seed": self.seed,
            "measures": list(self.measures),
        }

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content, first 16 hexadecimal digits."""
        text = json.dumps(self.content(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def from_content(content: dict[str, Any], name: str, title: str) -> Study:
    """Return the study that `Study.content` came from."""
    data = content["scenario"]
    return Study(
        name=name,
        title=title,
        scenario=None if data is None else Scenario.from_data(data),
        function=content["function"],
        noise=content["noise"],
        factors=tuple(Factor(name=key, **_tuples(value)) for key, value in content["factors"].items()),
        design=DESIGNS[content["design"]["kind"]](**content["design"]),
        replicates=content["replicates"],
        seed=content["seed"],
        measures=tuple(content["measures"]),
    )


def _tuples(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "values": tuple(value["values"])}
