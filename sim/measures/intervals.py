"""Intervals and quantiles over runs: Student's t, Wilson, Newcombe, bootstrap. Intervals of shares stay within 0 and 1.

On `scipy.special` alone: `scipy.stats` takes longer to import than most commands take to run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
RESAMPLES = 1000
"""How often a bootstrap resamples."""


def quantiles(values: Floats, levels: Sequence[float]) -> Floats:
    """Return quantiles over the first axis, absent (nan) values left out.

    Parameters
    ----------
    values
        Shape (runs, ...); nan where a run has no value.
    levels
        Between 0 and 1.

    Returns
    -------
    NDArray
        Shape (levels, ...); nan where no run has a value. Equal to ``numpy.nanquantile`` (linear), which loops in Python.
    """
    ordered = np.sort(values, axis=0)  # nan goes last
    count = np.sum(~np.isnan(values), axis=0)
    out = np.full((len(levels), *values.shape[1:]), np.nan)
    for i, level in enumerate(levels):
        place = np.maximum(count - 1, 0) * level
        low = np.floor(place).astype(np.intp)
        high = np.minimum(low + 1, np.maximum(count - 1, 0))
        below = np.take_along_axis(ordered, low[None], axis=0)[0]
        above = np.take_along_axis(ordered, high[None], axis=0)[0]
        out[i] = below + (above - below) * (place - low)
    return out


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """Return mean and limits of Student's t interval over the first axis, nan left out.

    Returns
    -------
    tuple of NDArray
        Mean, low and high, shaped as the other axes; limits are nan where fewer than two values are.
    """
    from scipy.special import stdtrit

    given = np.asarray(values, float)
    n = np.sum(~np.isnan(given), axis=0)
    safe = np.maximum(n, 1)
    mean = np.where(n > 0, np.nansum(given, axis=0) / safe, np.nan)
    spread = np.sqrt(np.nansum((given - mean) ** 2, axis=0) / np.maximum(n - 1, 1))
    point = stdtrit(np.maximum(n - 1, 1), (1 + confidence) / 2)
    half = np.where(n > 1, point * spread / np.sqrt(safe), np.nan)
    return mean, mean - half, mean + half


def normal_point(confidence: float) -> float:
    """Return z such that a normal variable lies within -z and z with the given probability; 1.96 for 0.95."""
    from scipy.special import ndtri

    return Z95 if confidence == 0.95 else float(ndtri((1 + confidence) / 2))


def wilson(successes: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """Return the score interval of a share (Wilson 1927), by default at 95 %.

    Raises
    ------
    ValueError
        Without trials, or with more successes than trials.

    Examples
    --------
    >>> wilson(0, 20)[1] < 0.17
    True
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"successes = {successes} of trials = {trials}: need 0 <= successes <= trials, trials >= 1")
    share = successes / trials
    shrink = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == trials else min(1.0, middle + half)
    return low, high


def newcombe(first: tuple[int, int], second: tuple[int, int], z: float = Z95) -> tuple[float, float, float]:
    """Return the difference of two shares, second less first, with its score interval (Newcombe 1998, method 10).

    It holds when all or none succeed. The two samples are taken as independent: of pairs, the truth can only be surer.

    Parameters
    ----------
    first, second
        Successes and trials.
    """
    p, q = first[0] / first[1], second[0] / second[1]
    (low_p, high_p), (low_q, high_q) = wilson(*first, z), wilson(*second, z)
    low = q - p - math.hypot(q - low_q, high_p - p)
    high = q - p + math.hypot(high_q - q, p - low_p)
    return q - p, max(-1.0, low), min(1.0, high)


def paired_shares(gained: int, lost: int, pairs: int, z: float = Z95) -> tuple[float, float, float]:
    """Return the difference of two shares of the same pairs with its adjusted Wald interval (Bonett & Price 2012).

    It keeps a width where all pairs agree.

    Parameters
    ----------
    gained, lost
        Pairs in which only the second, or only the first, succeeds.
    """
    up, down = (gained + 1) / (pairs + 2), (lost + 1) / (pairs + 2)
    half = z * math.sqrt((up + down - (up - down) ** 2) / (pairs + 2))
    middle, effect = up - down, (gained - lost) / pairs
    return effect, max(-1.0, min(middle - half, effect)), min(1.0, max(middle + half, effect))


def bootstrap(
    statistic: Callable[..., float],
    outcomes: Sequence[ArrayLike],
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of a statistic of paired outcomes (Efron 1979).

    Replicates are drawn with replacement, all outcomes of a replicate together, so that pairs stay pairs. The resampling
    has a generator of its own with a fixed seed: the same outcomes give the same interval.

    Parameters
    ----------
    statistic
        From the outcomes, resampled along their first axis, to a number.
    outcomes
        Arrays (runs, ...), the same runs in the same order.

    Returns
    -------
    tuple of float
        Low and high; nan where the statistic is nan in more than half of the resamples.
    """
    arrays = [np.asarray(o) for o in outcomes]
    n = len(arrays[0])
    rng = np.random.default_rng(20_120_701)
    values = np.empty(resamples)
    for i in range(resamples):
        who = rng.integers(n, size=n)
        values[i] = statistic(*(a[who] for a in arrays))
    values = values[~np.isnan(values)]
    if len(values) < resamples / 2:
        return math.nan, math.nan
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, (0.025, 0.975) if confidence == 0.95 else (tail, 1 - tail))
    return float(low), float(high)
