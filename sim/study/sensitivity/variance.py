"""Sobol' indices from Saltelli's design: first, total and second order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.sensitivity.replicates import product

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Blocks:
    """Outcomes by block of the design, centred by replicate.

    Attributes
    ----------
    a, b : (base points, replicates)
        At two independent samples.
    ab, ba : (base points, factors, replicates)
        At the first with a factor from the second, and the other way round; `ba` is None without second order.
    """

    a: Floats
    b: Floats
    ab: Floats
    ba: Floats | None

    @property
    def sample(self) -> Floats:
        """Outcomes at independent points, (2 base points, replicates)."""
        return np.concatenate([self.a, self.b])


def blocks(y: Floats, factors: int, second_order: bool) -> Blocks:
    """Return the blocks of outcomes (base points, blocks, replicates), in the order of SALib's sampler."""
    y = y - y.mean(axis=(0, 1))
    ba = y[:, factors + 1 : 2 * factors + 1] if second_order else None
    return Blocks(y[:, 0], y[:, -1], y[:, 1 : factors + 1], ba)


@dataclass(frozen=True)
class Sobol:
    """Indices: first and total (factors,), second (factors, factors) or None, and the variance they are shares of."""

    first: Floats
    total: Floats
    second: Floats | None
    variance: float


def sobol(y: Blocks, w: Floats, v: Floats) -> Sobol:
    """Return Sobol' indices of the mean over luck.

    First order as in Saltelli et al. (2010), table 2 b; total as in Jansen (1999); second as in Saltelli (2002). Where the
    design asks for second order, both halves of it give every index, and their mean is taken.

    Parameters
    ----------
    y
        Outcomes.
    w : (base points,)
        Weights that add up to 1.
    v : (replicates,)
        Weights.
    """
    mean = w @ (y.a + y.b) / 2
    variance = float(w @ (product(y.a, y.a, v) + product(y.b, y.b, v)) / 2 - product(mean, mean, v))
    a, b = y.a[:, None, :], y.b[:, None, :]
    first = w @ product(np.broadcast_to(b, y.ab.shape), y.ab - a, v)
    total = w @ product(y.ab - a, y.ab - a, v) / 2
    second = None
    if y.ba is not None:
        first = (first + w @ product(np.broadcast_to(a, y.ba.shape), y.ba - b, v)) / 2
        total = (total + w @ product(y.ba - b, y.ba - b, v) / 2) / 2
        closed = _crossed(y.ba, y.ab, w, v) - w @ product(y.a, y.b, v)
        closed = (closed + closed.T) / 2
        second = (closed - first[:, None] - first[None, :]) / variance
        np.fill_diagonal(second, np.nan)
    return Sobol(first / variance, total / variance, second, variance)


def _crossed(left: Floats, right: Floats, w: Floats, v: Floats) -> Floats:
    """Return the weighted mean products of different replicates of all pairs of columns, (factors, factors)."""
    if len(v) == 1:
        return np.asarray((w[:, None] * left[:, :, 0]).T @ right[:, :, 0])
    both = (w[:, None] * (left @ v)).T @ (right @ v)
    own = sum(v[r] ** 2 * (w[:, None] * left[:, :, r]).T @ right[:, :, r] for r in range(len(v)))
    return np.asarray((both - own) / (v.sum() ** 2 - v @ v))


def expected_half_width(n: int, total: float = 0.3, doubled: bool = True) -> float:
    """Return the half width of a first-order index's 95 % interval that is to be expected, before anything is run.

    The estimator's terms b (ab - a) have about the variance 2 ST V^2 where b and ab - a hardly depend on each other; the
    second half of a design with second order halves it.
    """
    return 1.96 * float(np.sqrt((1.0 if doubled else 2.0) * total / n))


def complete(y: Floats, v: Floats) -> Sobol:
    """Return Sobol' indices of a function on a full grid, every cell of which counts alike; these are exact.

    Parameters
    ----------
    y : (levels of the first factor, ..., replicates)
        Outcomes.
    v : (replicates,)
        Weights.
    """
    k = y.ndim - 1
    y = y - y.mean()

    def variance(kept: tuple[int, ...]) -> float:
        mean = y.mean(axis=tuple(i for i in range(k) if i not in kept))
        whole = y.mean(axis=tuple(range(k)))
        return float(np.mean(product(mean, mean, v)) - product(whole, whole, v))

    everything = variance(tuple(range(k)))
    first = np.array([variance((i,)) for i in range(k)])
    total = np.array([everything - variance(tuple(j for j in range(k) if j != i)) for i in range(k)])
    second = np.full((k, k), np.nan)
    for i in range(k):
        for j in range(i + 1, k):
            second[i, j] = second[j, i] = variance((i, j)) - first[i] - first[j]
    return Sobol(first / everything, total / everything, second / everything, everything)
