"""Measures of one claim's own: what is no difference of means, stated in the claim's file as a few small functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.arms import Formula
from sim.claims.criteria import Claim
from sim.claims.estimate import Estimate, mean_of
from sim.claims.laboratory import Block, Lab

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """Something printed beside a claim: a line with its number and interval."""

    says: str
    estimate: Estimate
    unit: str = ""


@dataclass(frozen=True)
class Given:
    """What a measure may look at besides the block.

    Attributes
    ----------
    claim, lab, formulas
        The criteria, where they are tried, and functions by name that arms refer to.
    over
        Settings over all arms, such as an ablation's.
    pairs
        How many pairs the claim has.
    """

    claim: Claim
    lab: Lab
    formulas: Mapping[str, Formula]
    over: Mapping[str, Any]
    pairs: int


def _nothing(_: Given) -> None:
    return None


@dataclass(frozen=True)
class Measure:
    """A number, or some, for each pair, and what is made of them.

    Attributes
    ----------
    arms
        Which are run for it.
    take
        From a block and what was prepared to (pairs, columns), nan where a pair has none.
    estimate
        From the values (pairs, columns), the clusters and the part asked for (after a colon in the criteria) to an estimate.
    lines
        Likewise to lines beside the claim.
    prepare
        Made once, before any pair: thresholds from other firms, say.
    """

    arms: Sequence[str]
    take: Callable[[Block, Any], Floats]
    estimate: Callable[[Floats, NDArray[np.int64], str], Estimate] = field(
        default=lambda values, clusters, _: mean_of(values[:, 0], clusters)
    )
    lines: Callable[[Floats, NDArray[np.int64]], Sequence[Said]] | None = None
    prepare: Callable[[Given], Any] = _nothing
    most: int = 20_000
    """Pairs at most: what is only printed can do with fewer."""

    def spread(self, values: Floats) -> Floats:
        """Return the column whose standard deviation sets the number of pairs, (pairs,)."""
        return values[:, 0]


def column(index: int) -> Callable[[Floats, NDArray[np.int64], str], Estimate]:
    """Return an estimate that is the mean of one column."""
    return lambda values, clusters, _: mean_of(values[:, index], clusters)


def columns(values: Sequence[Floats]) -> Floats:
    """Return arrays of one length as columns."""
    return np.column_stack([np.asarray(v, float) for v in values])


def per_pair(function: Callable[[Block, int], float], block: Block) -> Floats:
    """Return a number for each pair of a block."""
    return np.array([function(block, i) for i in range(len(block))], float)


def half_life(curve: Floats) -> float:
    """Return when a curve first falls to half of its first value, between weeks by a straight line; its length if never."""
    if len(curve) == 0 or not math.isfinite(curve[0]) or curve[0] <= 0:
        return math.nan
    below = np.flatnonzero(curve <= curve[0] / 2)
    if len(below) == 0:
        return float(len(curve))
    at = int(below[0])
    if at == 0:
        return 0.0
    before, after = float(curve[at - 1]), float(curve[at])
    return float(at - 1 + (before - curve[0] / 2) / (before - after))
