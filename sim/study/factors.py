"""What varies, and how a number from 0 to 1 becomes a value.

Designs are made in the unit cube. Every factor maps its coordinate u by its own quantile function, so that equal steps of u
are equally probable: whole numbers and categories cut [0, 1] into equal pieces, the last of which is closed.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.scenario.parameters import Part

Floats = NDArray[np.float64]
Column = NDArray[Any]
"""Values of one factor, by point: float64, int64, bool, or object for texts."""
Value = bool | int | float | str

KINDS = ("uniform", "triangular", "integer", "choice", "list")
DUMMY = "dummy"
"""A factor of this name goes nowhere: what an analysis finds for it is noise."""


class Vary(Part):
    """What a study file says of one factor; what it leaves out is taken from the parameter's plausible range."""

    kind: Literal["uniform", "triangular", "integer", "choice", "list"] | None = Field(
        default=None, description="left out: what suits the parameter"
    )
    low: float | None = Field(default=None, description="lower end")
    high: float | None = Field(default=None, description="upper end")
    mode: float | None = Field(
        default=None, description="most probable value of a triangular factor; left out: the base's"
    )
    values: tuple[bool | int | float | str, ...] | None = Field(
        default=None, min_length=1, max_length=10_000, description="the values of a choice or a list"
    )
    at: bool | int | float | str | None = Field(default=None, description="value in the base point of an oat design")
    role: Literal["uncertainty", "lever"] = Field(
        default="uncertainty", description="whether nobody sets it, or somebody in the firm can"
    )
    group: str | None = Field(default=None, min_length=1, max_length=80, description="factors that move together")


class Factor(Part):
    """One thing that varies.

    Attributes
    ----------
    name
        Dotted name as scenarios take it, ``scarcity``, or ``dummy``.
    kind
        How values are spread: ``uniform`` and ``triangular`` from low to high; ``integer`` whole numbers from low to
        high, both included; ``choice`` values without an order; ``list`` numbers in their order.
    low, high, mode
        Ends and most probable value; of a choice or list, the first and last index.
    values
        Of a choice or list.
    base
        Value in the base scenario, None where it has none.
    role, group
        As the study says; the group of a factor that names none is None.
    """

    name: str
    kind: Literal["uniform", "triangular", "integer", "choice", "list"]
    low: float
    high: float
    mode: float
    values: tuple[bool | int | float | str, ...] = ()
    base: bool | int | float | str | None = None
    role: Literal["uncertainty", "lever"] = "uncertainty"
    group: str | None = None

    @property
    def discrete(self) -> bool:
        """Whether the factor takes finitely many values."""
        return self.kind in ("integer", "choice", "list")

    @property
    def count(self) -> int:
        """Number of values of a discrete factor."""
        return int(self.high) - int(self.low) + 1

    def codes(self, unit: Floats) -> Floats:
        """Return numbers for coordinates: the values themselves, or the index into `values`."""
        if self.discrete:
            steps = np.minimum(np.floor(unit * self.count), self.count - 1)
            return np.asarray(steps + int(self.low), np.float64)
        if self.kind == "uniform":
            return np.clip(self.low + unit * (self.high - self.low), self.low, self.high)
        width, left = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(unit * width * left)
        falling = self.high - np.sqrt((1.0 - unit) * width * (self.high - self.mode))
        return np.clip(np.where(unit * width < left, rising, falling), self.low, self.high)

    def column(self, codes: Floats) -> Column:
        """Return values for the numbers that `codes` gives."""
        if self.kind == "integer":
            return codes.astype(np.int64)
        if self.values:
            return as_column(self.values)[codes.astype(np.int64)]
        return codes

    def coordinates(self, column: Column) -> Floats:
        """Return a coordinate for each value (the middle of its piece where there are pieces), nan for strangers."""
        if self.values:
            place = {value: i for i, value in enumerate(self.values)}
            codes = np.array([place.get(value, np.nan) for value in column.tolist()])
            return np.asarray((codes + 0.5) / self.count, np.float64)
        values = column.astype(np.float64)
        if self.kind == "integer":
            return np.asarray((values - self.low + 0.5) / self.count, np.float64)
        width = self.high - self.low
        if self.kind == "uniform":
            return np.asarray((values - self.low) / width, np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            rising = (values - self.low) ** 2 / (width * (self.mode - self.low))
            falling = 1.0 - (self.high - values) ** 2 / (width * (self.high - self.mode))
        return np.asarray(np.where((values <= self.mode) & (self.mode > self.low), rising, falling), np.float64)

    def levels(self, count: int) -> Column:
        """Return at most `count` values from end to end; all values of a choice or a list."""
        if self.values:
            return as_column(self.values)
        ends = np.linspace(self.low, self.high, count) if count > 1 else np.array([(self.low + self.high) / 2])
        return np.unique(np.round(ends)).astype(np.int64) if self.kind == "integer" else ends

    def numbers(self, column: Column) -> Floats:
        """Return a number for each value: itself, or the index into `values` of a choice (nan for strangers)."""
        if self.kind != "choice":
            return column.astype(np.float64)
        place = {value: i for i, value in enumerate(self.values)}
        return np.array([place.get(value, np.nan) for value in column.tolist()], np.float64)


def as_column(values: tuple[Value, ...] | list[Value]) -> Column:
    """Return values as one array: texts as objects, else whatever NumPy makes of them."""
    if any(isinstance(value, str) for value in values):
        return np.array(values, dtype=object)
    return np.array(values)
