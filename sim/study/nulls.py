"""Null models: what would come out without the mechanism that a claim is about (closed forms)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def ruin(cash: float, drift: float, spread: float, weeks: float) -> float:
    """Return the probability that cash doing a random walk is below 0 at the end of some week up to a horizon.

    First passage of Brownian motion, with cash moved by 0.5826 of the weekly spread because one looks once a week.

    Parameters
    ----------
    cash
        At the start.
    drift, spread
        Mean and standard deviation of a week's change.
    weeks
        The horizon.
    """
    if spread <= 0:
        return float(cash + drift * weeks < 0)
    c, root = cash + 0.5826 * spread, spread * math.sqrt(weeks)
    exponent = -2 * drift * c / spread**2
    mirrored = _phi((-c + drift * weeks) / root)
    return min(
        1.0,
        _phi((-c - drift * weeks) / root) + (math.exp(exponent) * mirrored if exponent < 700 and mirrored > 0 else 0.0),
    )


def pairwise_cosine(coherence: ArrayLike, people: ArrayLike) -> Floats:
    """Return the mean cosine between two different people, from R^2 = 1/n + (1 - 1/n) mean cosine.

    Coherence of random directions is about 1/sqrt(n), so that small groups look coherent by chance; this measure does not.
    """
    r, n = np.asarray(coherence, float), np.asarray(people, float)
    cosine: Floats = (n * r**2 - 1) / (n - 1)
    return cosine


def best_dissent(turbulence: float, noise: float, reports: int, axes: int = 5) -> float:
    """Return the best dissent as an angle (autonomy), (axes - 1)^(1/2) (q noise^2/(4n))^(1/6), q = turbulence^2/(axes - 1)."""
    q = turbulence**2 / (axes - 1)
    return math.sqrt((axes - 1) * (q * noise**2 / (4 * reports)) ** (1 / 3))


def _phi(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))
