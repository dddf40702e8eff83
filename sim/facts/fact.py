"""A fact: what was measured about small firms, how sure it is, and how the same is measured on simulated ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.facts.cohorts import Cohorts

Use = Literal["fitted", "held out"]
Sureness = Literal["primary", "secondary", "memory", "computed", "doubtful"]


@dataclass(frozen=True)
class Fact:
    """One fact.

    Attributes
    ----------
    id
        K1, ... for facts that the population is fitted to; V1, ... for facts held out.
    text
        What is measured, in plain words.
    unit
        Of target, sd and model.
    target, sd
        What was measured and how unsure it is: one standard deviation of everything, mapping to the model included.
    source, sure
        Where it comes from and how it was read: see ``FACTS.md`` of the project's notes.
    measure
        The same number on simulated firms; nan where it cannot be said (too few firms live, say).
    use
        Whether the population was fitted to it.
    """

    id: str
    text: str
    unit: str
    target: float
    sd: float
    source: str
    sure: Sureness
    measure: Callable[[Cohorts], float]
    use: Use = "fitted"


@dataclass(frozen=True)
class Measured:
    """A fact beside what a population of simulated firms shows.

    Attributes
    ----------
    fact
        The fact.
    model
        The model's number.
    low, high
        95 % interval of the model's number over draws of as many firms (bootstrap of firms where it was asked for).
    """

    fact: Fact
    model: float
    low: float = math.nan
    high: float = math.nan

    @property
    def z(self) -> float:
        """Distance from the target in standard deviations of the fact; positive where the model has more."""
        return (self.model - self.fact.target) / self.fact.sd

    @property
    def met(self) -> bool:
        """Whether the model lies within two standard deviations."""
        return abs(self.z) <= 2
