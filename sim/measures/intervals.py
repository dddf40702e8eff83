"""Quantiles over runs and the interval of a share."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


def quantiles(values: NDArray[np.float64], levels: Sequence[float]) -> NDArray[np.float64]:
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


def wilson(successes: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """Return the score interval of a share (Wilson 1927), by default at 95 %.

    Raises
    ------
    ValueError
        Without trials, or with more successes than trials.
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
