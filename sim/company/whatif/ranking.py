"""Which measure buys most, and whether that can be said: paired differences between measures, not only against the base."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.measures.contrast import paired

SURE = 0.99
"""Confidence with which a measure is called better than all others, shared out over the comparisons (Bonferroni)."""
FEW = 50
"""Pairs below which no measure is called the best: intervals from so few are themselves unsure."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """The measure with the highest mean against the one that comes nearest to it, over pairs of runs with the same luck.

    Attributes
    ----------
    mean, low, high
        First less second, more being better, with its interval.
    n
        Pairs.
    needed
        Pairs that about would tell the two apart; n where they are; None where they do not differ at all.
    """

    first: str
    second: str
    mean: float
    low: float
    high: float
    n: int
    needed: int | None


@dataclass(frozen=True)
class Ranking:
    """Measures by their mean gain, and which of them cannot be told from the first.

    Attributes
    ----------
    order
        Names, the highest mean first.
    helpful
        Names whose own interval lies above nothing, intervals of all measures holding together.
    harmful
        Those whose interval lies below.
    tied
        The first, and all that cannot be told from it.
    nearest
        The first against the one nearest to it; None with one measure.
    n
        Pairs.
    """

    order: list[str]
    helpful: list[str]
    harmful: list[str]
    tied: list[str]
    nearest: Comparison | None
    n: int

    @property
    def best(self) -> str | None:
        """The measure that buys most, where that can be said."""
        told = len(self.tied) == 1 and self.n >= FEW and self.order[0] in self.helpful
        return self.order[0] if told else None


def interval(differences: Floats, comparisons: int) -> tuple[float, float, float]:
    """Return mean and limits of Student's interval at `SURE`, shared out over so many comparisons; without limits below two pairs."""
    found = paired("", differences, 0.0, 0.0, confidence=1 - (1 - SURE) / max(comparisons, 1))
    return found.effect, found.low, found.high


def rank(gains: Mapping[str, Sequence[float] | Floats]) -> Ranking:
    """Rank measures by what they gain against the base.

    Parameters
    ----------
    gains
        Measure -> gain of each pair, more being better, (pairs,); the same pairs for all.

    Raises
    ------
    ValueError
        If there is no measure or their pairs differ in number.
    """
    values = {name: np.asarray(g, np.float64) for name, g in gains.items()}
    sizes = {len(v) for v in values.values()}
    if len(sizes) != 1 or 0 in sizes:
        raise ValueError("ranking needs measures with the same pairs, one pair or more")
    n = sizes.pop()
    order = sorted(values, key=lambda name: (-float(values[name].mean()), name))
    alone = {name: interval(values[name], len(values)) for name in order}
    first, others = order[0], order[1:]
    against = {name: interval(values[first] - values[name], len(others)) for name in others}
    tied = [first, *(name for name in others if against[name][1] <= 0)]
    nearest = None
    if others:
        second = min(others, key=lambda name: (against[name][1], order.index(name)))
        mean, low, high = against[second]
        half = high - mean
        apart = low > 0
        needed = n if apart else math.ceil(n * (half / mean) ** 2) if mean > 0 and math.isfinite(half) else None
        nearest = Comparison(first, second, mean, low, high, n, needed)
    return Ranking(
        order,
        [name for name in order if alone[name][1] > 0],
        [name for name in order if alone[name][2] < 0],
        tied,
        nearest,
        n,
    )
