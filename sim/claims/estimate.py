"""How large is an effect, and how sure is that? Intervals over pairs, clustered by firm, by t and by bootstrap; Holm; ratios."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from sim.claims.criteria import rules

Floats = NDArray[np.float64]
RESAMPLES = 2000
NAN = (math.nan, math.nan)


@dataclass(frozen=True)
class Estimate:
    """A mean, or another statistic, of many pairs.

    Attributes
    ----------
    effect, sd
        Its value; standard deviation of the pairs' values (nan for a statistic that is no mean).
    n, dropped, clusters
        Pairs that it rests on; pairs without a value; firms among the pairs.
    t, bootstrap
        The two 99 % intervals; without a t interval the bootstrap stands for both.
    equal
        The 98 % interval by which "equal" is judged, the wider of the two at either end.
    p
        Two-sided, of t.
    """

    effect: float
    sd: float
    n: int
    dropped: int
    clusters: int
    t: tuple[float, float]
    bootstrap: tuple[float, float]
    equal: tuple[float, float]
    p: float


def mean_of(values: ArrayLike, clusters: ArrayLike | None = None) -> Estimate:
    """Return the mean of pairs' values with its intervals, pairs of one firm taken as one cluster.

    Parameters
    ----------
    values : (pairs,)
        nan where a pair has no value.
    clusters : (pairs,)
        Which firm; left out: each pair is one of its own.

    Notes
    -----
    The variance is that of cluster totals about the mean (Liang & Zeger 1986) times G/(G-1), with t of G - 1 degrees of
    freedom; the bootstrap draws whole clusters.

    Examples
    --------
    >>> e = mean_of([1.0, 2.0, 3.0, 4.0])
    >>> e.effect, e.n, e.clusters
    (2.5, 4, 4)
    """
    given = np.asarray(values, float)
    groups = np.arange(len(given)) if clusters is None else np.asarray(clusters)
    there = ~np.isnan(given)
    x, g = given[there], groups[there]
    n, dropped = len(x), int((~there).sum())
    if n == 0:
        return Estimate(math.nan, math.nan, 0, dropped, 0, NAN, NAN, NAN, math.nan)
    _, index = np.unique(g, return_inverse=True)
    count = int(index.max()) + 1
    mean, sd = float(x.mean()), float(x.std(ddof=1)) if n > 1 else math.nan
    if count < 2:
        return Estimate(mean, sd, n, dropped, count, NAN, NAN, NAN, math.nan)
    totals, sizes = np.bincount(index, x), np.bincount(index).astype(float)
    residual = totals - mean * sizes
    error = math.sqrt(count / (count - 1) * float(residual @ residual)) / n
    stated = rules()["intervals"]
    t = _t(mean, error, count, stated["confidence"])
    draws = _resampled(totals, sizes)
    boot = _between(draws, stated["confidence"])
    same = [_t(mean, error, count, stated["equal_confidence"]), _between(draws, stated["equal_confidence"])]
    equal = min(s[0] for s in same), max(s[1] for s in same)
    p = float(2 * stdtr(count - 1, -abs(mean) / error)) if error > 0 else float(mean == 0)
    return Estimate(mean, sd, n, dropped, count, t, boot, equal, p)


def statistic_of(
    statistic: Callable[[Floats], float],
    columns: ArrayLike,
    clusters: ArrayLike | None = None,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Return a statistic of the mean of columns, with its bootstrap interval over firms.

    Parameters
    ----------
    statistic
        From means (columns,) to a number.
    columns : (pairs, columns)
        Rows with a nan are left out.
    clusters : (pairs,)
    resamples
        How often firms are drawn anew.
    """
    given = np.asarray(columns, float)
    groups = np.arange(len(given)) if clusters is None else np.asarray(clusters)
    there = ~np.isnan(given).any(axis=1)
    dropped = int((~there).sum())
    x, g = given[there], groups[there]
    if len(x) < 2:
        return Estimate(math.nan, math.nan, len(x), dropped, len(x), NAN, NAN, NAN, math.nan)
    _, index = np.unique(g, return_inverse=True)
    count = int(index.max()) + 1
    totals = np.zeros((count, x.shape[1]))
    np.add.at(totals, index, x)
    sizes = np.bincount(index).astype(float)
    draws = np.empty(resamples)
    for i, weights in enumerate(_weights(count)[:resamples]):
        draws[i] = statistic(weights @ totals / (weights @ sizes))
    kept = draws[~np.isnan(draws)]
    effect = float(statistic(x.mean(axis=0)))
    stated = rules()["intervals"]
    if len(kept) < resamples / 2:
        return Estimate(effect, math.nan, len(x), dropped, count, NAN, NAN, NAN, math.nan)
    boot, equal = _between(kept, stated["confidence"]), _between(kept, stated["equal_confidence"])
    sided = min(float(np.mean(kept <= 0)), float(np.mean(kept >= 0)))
    return Estimate(effect, math.nan, len(x), dropped, count, boot, boot, equal, max(2 * sided, 1 / len(kept)))


def ratio_of(over: ArrayLike, under: ArrayLike, clusters: ArrayLike | None = None) -> Estimate:
    """Return the ratio of two means of the same pairs, with its bootstrap interval (how much of an effect is left)."""
    columns = np.column_stack([np.asarray(over, float), np.asarray(under, float)])
    return statistic_of(lambda m: m[0] / m[1] if m[1] != 0 else math.nan, columns, clusters)


def holm(p: Sequence[float]) -> list[float]:
    """Return p values adjusted by Holm (1979): the family-wise error is kept whatever their dependence; nan counts as 1.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    given = np.array([1.0 if math.isnan(x) else x for x in p])
    order = np.argsort(given, kind="stable")
    adjusted = np.empty(len(given))
    most = 0.0
    for rank, i in enumerate(order):
        most = max(most, min(1.0, (len(given) - rank) * given[i]))
        adjusted[i] = most
    return [float(f"{x:.12g}") for x in adjusted]


def pairs_needed(sd: float, delta: float) -> int:
    """Return how many pairs a standard deviation and a smallest effect ask for, by the rules, before any budget."""
    stated = rules()["pairs"]
    wanted = stated["factor"] * (sd / delta) ** 2 * stated["family_factor"] if delta > 0 and math.isfinite(sd) else 0.0
    return int(min(stated["most"], max(stated["least"], math.ceil(wanted))))


def _t(mean: float, error: float, count: int, confidence: float) -> tuple[float, float]:
    half = float(stdtrit(count - 1, (1 + confidence) / 2)) * error
    return mean - half, mean + half


def _between(draws: Floats, confidence: float) -> tuple[float, float]:
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


@lru_cache(maxsize=4)
def _weights(count: int) -> NDArray[np.float32]:
    """Return how often each of some clusters is drawn, (RESAMPLES, clusters); the same for the same number of clusters."""
    rng = np.random.default_rng([20_261_125, count])
    drawn = np.zeros((RESAMPLES, count), np.float32)
    for row in drawn:
        row += np.bincount(rng.integers(count, size=count), minlength=count)
    return drawn


def _resampled(totals: Floats, sizes: Floats) -> Floats:
    weights = _weights(len(totals))
    # Centred sums: in single precision large values would lose what differs between draws.
    mean = float(totals.sum() / sizes.sum())
    return np.asarray(mean + (weights @ (totals - mean * sizes)) / (weights @ sizes), float)
