"""Luck and what is averaged over it: products of different replicates, and how much of the variance is luck.

A measure is a function y(x, w) of parameters x and luck w; the parameters' indices are those of its mean over luck,
f(x) = E[y | x]. Squares of a mean over a few replicates hold some of the luck's variance. Products of *different*
replicates do not: E[y(x, w) y(x', w')] = f(x) f(x') for independent w and w', whether the points share their luck or not.
So all quadratic terms here are means over pairs of different replicates (U-statistics: Hoeffding 1948), which takes the
noise floor away rather than reporting it. With a single replicate there is nothing to pair, and luck stays inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def product(a: Floats, b: Floats, v: Floats) -> Floats:
    """Return the mean product of different replicates of a and b.

    Parameters
    ----------
    a, b : (..., replicates)
        What is multiplied; of a single replicate, its own product is returned.
    v : (replicates,)
        Weights.
    """
    if len(v) == 1:
        return np.asarray(a[..., 0] * b[..., 0])
    whole, own = v.sum() ** 2, v @ v
    return np.asarray(((a @ v) * (b @ v) - (a * b) @ (v * v)) / (whole - own))


@dataclass(frozen=True)
class VarianceShares:
    """Where the variance of single runs comes from, as shares of it from 0 to 1 that add up to 1.

    Estimates of variances that are free of bias may fall below 0 where the truth is small; such a share is 0.

    Attributes
    ----------
    parameters
        Variance over points of the mean over luck.
    shared
        Variance of the replicate effect common to all design points: a good seed is good everywhere.
    local
        Variance of what luck does differently at different points, and plain noise.
    low, high
        95 % interval of the parameters' share.
    """

    parameters: float
    shared: float
    local: float
    low: float
    high: float

    @property
    def share(self) -> float:
        """Stochastic share of the variance."""
        return self.shared + self.local


def split(y: Floats, w: Floats, v: Floats) -> tuple[float, float, float]:
    """Return the variance of the mean over luck, of luck that all points share, and of the rest.

    Parameters
    ----------
    y : (points, replicates)
        Outcomes, two replicates or more.
    w, v
        Weights of points and replicates.
    """
    w, share = w / w.sum(), v / v.sum()
    between = product(y, y, v)
    mean = w @ y
    parameters = float(w @ between - product(mean, mean, v))
    shared = float(mean**2 @ share - product(mean, mean, v))
    within = float(w @ (y**2 @ share - between))
    return parameters, shared, within - shared


def luck(y: Floats, weights: tuple[Floats, Floats]) -> VarianceShares | None:
    """Return where the variance comes from, None where a single replicate cannot tell.

    Parameters
    ----------
    y : (points, replicates)
        Outcomes.
    weights : (draws, points), (draws, replicates)
        Of a bootstrap.
    """
    points, replicates = y.shape
    if replicates < 2:
        return None
    y = y - y.mean()
    parts = np.maximum(split(y, np.ones(points), np.ones(replicates)), 0.0)
    whole = parts.sum()
    if whole <= 0:
        return None
    draws = np.maximum([split(y, w, v) for w, v in zip(*weights, strict=True)], 0.0)
    low, high = np.quantile(draws[:, 0] / np.maximum(draws.sum(axis=1), 1e-300), (0.025, 0.975))
    shares = parts / whole
    return VarianceShares(float(shares[0]), float(shares[1]), float(shares[2]), float(low), float(high))


def enough(y: Floats, target: float = 0.05) -> int | None:
    """Return how many replicates bring luck below a share of the variance of points' means; None where one cannot tell.

    With R replicates that share is s/R / (p + s/R), for the variances p of the means over luck and s of luck that points
    do not share.
    """
    if y.shape[1] < 2:
        return None
    parameters, _, local = split(y - y.mean(), np.ones(len(y)), np.ones(y.shape[1]))
    if parameters <= 0:
        return None
    return max(1, int(np.ceil(max(local, 0.0) / parameters * (1 - target) / target)))


@dataclass(frozen=True)
class Stability:
    """How steady points' statistics are with more and more replicates.

    Attributes
    ----------
    counts : (steps,)
        Replicates.
    variation : (3, steps)
        10 % quantile, mean and 90 % quantile over points of the coefficient of variation of the first so many replicates.
    remaining : (steps,)
        Share of luck in the variance of points' means.
    settled
        Replicates from which on the mean coefficient of variation stays within `tolerance` of its last value, None
        if it never does before the last (Lee et al. 2015, The complexities of agent-based modeling output analysis).
    needed
        Replicates that bring luck below 5 % of the variance of points' means.
    tolerance
        Share of the last value.
    """

    counts: NDArray[np.int64]
    variation: Floats
    remaining: Floats
    settled: int | None
    needed: int | None
    tolerance: float


def stability(y: Floats, tolerance: float = 0.05) -> Stability:
    """Return how steady points' statistics are with more and more replicates; y is (points, replicates).

    Raises
    ------
    ValueError
        With fewer than three replicates.
    """
    replicates = y.shape[1]
    if replicates < 3:
        raise ValueError(f"{replicates} replicates: a plot of stability needs three or more")
    counts = np.arange(2, replicates + 1)
    scale = np.abs(y.mean(axis=1))
    scale = np.where(scale > 0, scale, 1.0)
    spread = np.array([y[:, :n].std(axis=1, ddof=1) / scale for n in counts])
    low, high = np.quantile(spread, (0.1, 0.9), axis=1)
    variation = np.stack([low, spread.mean(axis=1), high])
    middle = variation[1]
    off = np.abs(middle - middle[-1]) > tolerance * max(middle[-1], 1e-12)
    first = int(np.flatnonzero(off)[-1]) + 1 if off.any() else 0
    settled = int(counts[first]) if first < len(counts) - 1 else None
    parameters, _, local = split(y - y.mean(), np.ones(len(y)), np.ones(replicates))
    left = max(local, 0.0) / counts
    remaining = left / np.maximum(max(parameters, 0.0) + left, 1e-300)
    return Stability(counts, variation, remaining, settled, enough(y), tolerance)
