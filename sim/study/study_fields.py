"""What a study file may say: its fields, and the kinds of designs with theirs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.parameters import Part

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
