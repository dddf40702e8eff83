"""Sobol' indices from Saltelli's design: first, total and second order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sobol:
    """Indices by draw: first and total (draws, factors), second (draws, factors, factors) or None, variance (draws,)."""

    first: Floats
    total: Floats
    second: Floats | None
    variance: Floats


Terms = list[Floats]
"""Quadratic statistics of outcomes, each (draws, ...)."""


def sobol(y: Floats, factors: int, w: Floats, v: Floats) -> Sobol:
    """Return Sobol' indices of the mean over luck, for each draw of weights.

    First order as in Saltelli et al. (2010), table 2 b; total as in Jansen (1999); second as in Saltelli (2002). Where the
    design asks for second order, both halves of it give every index, and their mean is taken.

    First and total order without second order equal SALib's to rounding. With second order they differ: SALib takes first
    and total order from one half of the design (A, B and AB), and the second order of factors j and k from BA_j and AB_k
    alone, less its own first-order indices, all over the variance of A and B; here AB and BA change places as well, and the
    mean of both is taken (and no index of j and k differs from that of k and j). Both estimate the same thing; ours scatters
    less, and a test holds it to the mean of SALib's over the design and the design with its halves exchanged.

    Parameters
    ----------
    y : (base points, blocks, replicates)
        Outcomes, in the order of SALib's sampler: A, a block per factor of A with that factor from B, the same the other
        way round where second order is asked for, B.
    factors
        Number of factors or groups.
    w : (draws, base points)
        Weights, rows of which add up to 1.
    v : (draws, replicates)
        Weights.
    """
    y = y - y.mean(axis=(0, 1))
    first, total, variance, *more = paired(lambda part, rows: _terms(part, factors, rows), y, w, v)
    whole = variance[:, None]
    second = None
    if more:
        second = (more[0] - first[:, :, None] - first[:, None, :]) / whole[:, :, None]
        second[:, np.arange(factors), np.arange(factors)] = np.nan
    return Sobol(first / whole, total / whole, second, variance)


def paired(terms: Callable[[Floats, Floats], Terms], y: Floats, w: Floats, v: Floats) -> Terms:
    """Return quadratic statistics of the mean over luck: those over pairs of different replicates, for each draw.

    For a quadratic Q, the sum over pairs is Q(sum of v_r y_r) - sum of v_r^2 Q(y_r); see `sim.sensitivity.replicates`.
    """
    if v.shape[1] == 1 or len(v) == 0:  # no pairs, or no draws: nothing to take apart, but shapes are the same
        return terms(y[..., 0], w)
    together = [terms(y @ v[d], w[d : d + 1]) for d in range(len(v))]
    alone = [terms(np.ascontiguousarray(y[..., r]), w) for r in range(v.shape[1])]
    found = []
    for i in range(len(together[0])):
        both = np.concatenate([t[i] for t in together])
        shape = (len(v), *[1] * (both.ndim - 1))
        own = sum((v[:, r] ** 2).reshape(shape) * alone[r][i] for r in range(v.shape[1]))
        found.append((both - own) / (v.sum(axis=1) ** 2 - (v * v).sum(axis=1)).reshape(shape))
    return found


def _terms(y: Floats, k: int, w: Floats) -> Terms:
    """Return variances, not yet shares, for one replicate (base points, blocks) and each draw of weights."""
    a, b, ab = y[:, :1], y[:, -1:], y[:, 1 : k + 1]
    variance = (w @ (a**2 + b**2) / 2 - (w @ (a + b) / 2) ** 2)[:, 0]
    first, total = w @ (b * (ab - a)), w @ (ab - a) ** 2 / 2
    if y.shape[1] == k + 2:
        return [first, total, variance]
    ba = y[:, k + 1 : 2 * k + 1]
    first = (first + w @ (a * (ba - b))) / 2
    total = (total + w @ (ba - b) ** 2 / 2) / 2
    closed = w @ (ba[:, :, None] * ab[:, None, :]).reshape(len(y), -1) - w @ (a * b)
    closed = closed.reshape(-1, k, k)
    return [first, total, variance, (closed + closed.transpose(0, 2, 1)) / 2]


def complete(y: Floats, v: Floats) -> Sobol:
    """Return Sobol' indices of a function on a full grid, every cell of which counts alike; these are exact.

    Parameters
    ----------
    y : (levels of the first factor, ..., replicates)
        Outcomes.
    v : (draws, replicates)
        Weights.
    """
    k = y.ndim - 1
    first, total, second, variance = paired(
        lambda part, rows: _cells(part, len(rows)), y - y.mean(), np.ones((len(v), 1)), v
    )
    second = second - first[:, :, None] - first[:, None, :]
    second[:, np.arange(k), np.arange(k)] = np.nan
    return Sobol(first / variance[:, None], total / variance[:, None], second / variance[:, None, None], variance)


def _cells(y: Floats, draws: int) -> Terms:
    """Return variances of conditional means on a grid, the same for each draw; of pairs, those of both together."""
    k = y.ndim

    def variance(kept: tuple[int, ...]) -> float:
        return float(y.mean(axis=tuple(i for i in range(k) if i not in kept)).var())

    whole = float(y.var())
    first = np.array([variance((i,)) for i in range(k)])
    total = np.array([whole - variance(tuple(j for j in range(k) if j != i)) for i in range(k)])
    both = np.zeros((k, k))
    for i in range(k):
        for j in range(i + 1, k):
            both[i, j] = both[j, i] = variance((i, j))
    return [np.repeat(part[None], draws, axis=0) for part in (first, total, both, np.asarray(whole))]


def expected_half_width(n: int, total: float = 0.3, doubled: bool = True) -> float:
    """Return the half width of a first-order index's 95 % interval that is to be expected, before anything is run.

    The estimator's terms b (ab - a) have about the variance 2 ST V^2 where b and ab - a hardly depend on each other; the
    second half of a design with second order halves it.
    """
    return 1.96 * float(np.sqrt((1.0 if doubled else 2.0) * total / n))
