"""Functions whose sensitivity indices are known: a study may run one in the place of a firm, through the same pipeline.

Each takes points, an array (points, factors), and returns (points,). Factors are called x1, x2, ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Known(NamedTuple):
    """A function with known indices: what it computes, and the range of each of its factors."""

    compute: Callable[[Floats], Floats]
    low: float
    high: float
    factors: int
    source: str


def ishigami(x: Floats) -> Floats:
    """Return Ishigami's function with a = 7, b = 0.1 of (points, 3)."""
    result: Floats = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return result


G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def sobol_g(x: Floats) -> Floats:
    """Return Sobol's G-function with a = 0, 1, 4.5, 9, 99, 99, 99, 99 of (points, 8)."""
    product: Floats = np.prod((np.abs(4.0 * x - 2.0) + G_WEIGHTS) / (1.0 + G_WEIGHTS), axis=1)
    return product


def morris(x: Floats) -> Floats:
    """Return Morris's function of (points, 20): ten factors that matter, ten that hardly do.

    His coefficients drawn from a normal distribution are replaced by (-1)^i and (-1)^(i+j), as Saltelli and others do.
    """
    w = 2.0 * (x - 0.5)
    for i in (2, 4, 6):
        w[:, i] = 2.0 * (1.1 * x[:, i] / (x[:, i] + 0.1) - 0.5)
    single = np.array([20.0 if i < 10 else (-1.0) ** (i + 1) for i in range(20)])
    pairs = np.zeros((20, 20))
    for i in range(20):
        for j in range(i + 1, 20):
            pairs[i, j] = -15.0 if j < 6 else (-1.0) ** (i + j)
    y = w @ single + np.einsum("pi,ij,pj->p", w, pairs, w)
    triples = np.zeros(len(w))
    for i in range(5):
        for j in range(i + 1, 5):
            for k in range(j + 1, 5):
                triples += w[:, i] * w[:, j] * w[:, k]
    result: Floats = y - 10.0 * triples + 5.0 * w[:, 0] * w[:, 1] * w[:, 2] * w[:, 3]
    return result


FUNCTIONS: dict[str, Known] = {
    "ishigami": Known(ishigami, -np.pi, np.pi, 3, "Ishigami & Homma (1990)"),
    "sobol_g": Known(sobol_g, 0.0, 1.0, 8, "Saltelli & Sobol' (1995)"),
    "morris": Known(morris, 0.0, 1.0, 20, "Morris (1991)"),
}
