"""Statistics of groups that facts are told in: intraclass correlation, hazards, half-lives. Pure functions of arrays."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def intraclass(values: Floats, group: NDArray[np.int64]) -> tuple[float, float]:
    """Return the mean squares between and within groups that ICC(1) is made from.

    Parameters
    ----------
    values : (n,) or (n, k)
        Of people; with several columns their mean squares are added up (directions).
    group : (n,)
        Whose group; numbers from 0.

    Returns
    -------
    between, within
        Estimates of the variance between groups and within them (one-way random effects, unequal group sizes).
        Both are nan where there are fewer than two groups or nobody to spare.
    """
    table = values.reshape(len(values), -1)
    names, place = np.unique(group, return_inverse=True)
    count = np.bincount(place).astype(float)
    n, k = len(table), len(names)
    if k < 2 or n <= k:
        return math.nan, math.nan
    means = np.stack([np.bincount(place, column) / count for column in table.T], axis=1)
    grand = table.mean(axis=0)
    inside = float(((table - means[place]) ** 2).sum()) / (n - k)
    across = float((count[:, None] * (means - grand) ** 2).sum()) / (k - 1)
    size = (n - float((count**2).sum()) / n) / (k - 1)
    return (across - inside) / size, inside


def hazard(closed: NDArray[np.int64], first: int, last: int) -> float:
    """Return the share of firms alive at week `first` that close before week `last`; nan if none is alive."""
    alive = (closed < 0) | (closed >= first)
    ends = (closed >= first) & (closed < last)
    return float(ends.sum() / alive.sum()) if alive.any() else math.nan


def half_way(curve: Floats, spacing: float) -> float:
    """Return when a curve has gone half of its way from its first value to its last, in units of `spacing`.

    Linear between points; nan where it goes no way.
    """
    start, end = curve[0], curve[-1]
    if not np.isfinite([start, end]).all() or abs(start - end) < 1e-3:
        return math.nan
    share = (curve - start) / (end - start)
    over = int(np.argmax(share >= 0.5))
    before = share[over - 1] if over else 0.0
    return float((max(over - 1, 0) + (0.5 - before) / max(share[over] - before, 1e-12)) * spacing) if over else 0.0


def rank_correlation(a: Floats, b: Floats) -> float:
    """Return Spearman's correlation over pairs that both have a value; nan with fewer than ten."""
    there = np.isfinite(a) & np.isfinite(b)
    if there.sum() < 10:
        return math.nan
    ranks = [np.argsort(np.argsort(x[there])).astype(float) for x in (a, b)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def correlation(a: Floats, b: Floats) -> float:
    """Return Pearson's correlation over pairs that both have a value; nan with fewer than ten or without spread."""
    there = np.isfinite(a) & np.isfinite(b)
    if there.sum() < 10 or a[there].std() == 0 or b[there].std() == 0:
        return math.nan
    return float(np.corrcoef(a[there], b[there])[0, 1])
