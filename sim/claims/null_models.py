"""Null models: what chance, size and arithmetic give by themselves, and a claim must exceed before it is believed.

Pure functions. Each names its source and is exact unless it says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import gammaln, log_ndtr, ndtr, xlogy

OVERSHOOT = 0.5826
"""-zeta(1/2)/sqrt(2 pi): how far, in weekly standard deviations, a random walk watched weekly overshoots a barrier."""


def coherence_floor(n: int) -> float:
    """Return the expected square of the coherence of n independent random directions, 1/n.

    Parameters
    ----------
    n
        People, at least 1.

    Notes
    -----
    True in any number of dimensions, as the mean resultant length of directional statistics (Mardia & Jupp 2000).
    """
    if n < 1:
        raise ValueError(f"n = {n} must be at least 1")
    return 1 / n


def pairwise_cosine(coherence: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    """Return the mean cosine between two different people, from the coherence R of n people.

    Parameters
    ----------
    coherence
        R, the length of the mean of n unit vectors.
    n
        People, at least 2.

    Returns
    -------
    NDArray
        (n R^2 - 1)/(n - 1): the solution of R^2 = 1/n + (1 - 1/n) c. Its expectation is 0 for random directions of any number of
        people, so that firms of different size can be compared on it, and not on R.
    """
    r, people = np.asarray(coherence, np.float64), np.asarray(n, np.float64)
    if np.any(people < 2):
        raise ValueError("n must be at least 2: one person agrees with nobody else")
    return np.asarray((people * r * r - 1) / (people - 1))


def coherence_from_cosine(cosine: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    """Return the coherence of n people with a mean pairwise cosine: sqrt(1/n + (1 - 1/n) c), the inverse of `pairwise_cosine`."""
    c, people = np.asarray(cosine, np.float64), np.asarray(n, np.float64)
    return np.asarray(np.sqrt(1 / people + (1 - 1 / people) * c))


def ruin(cash: float, drift: float, sd: float, weeks: float, watched: bool = True) -> float:
    """Return the chance that cash falls below zero within some weeks, if its weekly changes are independent.

    Parameters
    ----------
    cash
        At the start, in any unit; not negative.
    drift, sd
        Mean and standard deviation of the change in a week, in the same unit; sd above 0.
    weeks
        Horizon T, above 0.
    watched
        Whether cash is looked at once a week, which makes a barrier look farther away: cash + 0.5826 sd (Broadie,
        Glasserman & Kou 1997). If not, the exact formula for Brownian motion.

    Notes
    -----
    Inverse Gaussian: Phi((-c - mu T)/(s sqrt T)) + exp(-2 mu c/s^2) Phi((-c + mu T)/(s sqrt T)).
    As s falls as 1/sqrt(n), small firms fail more at equal alignment; a claim about small firms must exceed this.
    """
    if cash < 0 or sd <= 0 or weeks <= 0:
        raise ValueError(f"cash = {cash} must not be negative, sd = {sd} and weeks = {weeks} must be above 0")
    c, spread = cash + OVERSHOOT * sd * watched, sd * math.sqrt(weeks)
    direct = float(ndtr((-c - drift * weeks) / spread))
    reflected = math.exp(-2 * drift * c / sd**2 + float(log_ndtr((-c + drift * weeks) / spread)))
    return min(1.0, direct + reflected)


class CrowdError(NamedTuple):
    """A crowd's squared error, taken apart: ``crowd = individual - diversity``."""

    crowd: float
    individual: float
    diversity: float


def crowd_error(guesses: ArrayLike, truth: ArrayLike) -> CrowdError:
    """Take the squared error of a crowd's mean apart, exactly.

    Parameters
    ----------
    guesses : (n,) or (n, D)
        Numbers, or directions.
    truth : () or (D,)
        What they are about.

    Returns
    -------
    CrowdError
        (mean - truth)^2 = mean (x_i - truth)^2 - mean (x_i - mean)^2, summed over dimensions (Krogh & Vedelsby 1995; Page 2007):
        dissent pays only through the last term.
    """
    x, t = np.atleast_1d(np.asarray(guesses, np.float64)), np.asarray(truth, np.float64)
    middle = x.mean(axis=0)
    crowd = float(np.sum((middle - t) ** 2))
    individual = float(np.sum((x - t) ** 2)) / len(x)
    return CrowdError(crowd, individual, float(np.sum((x - middle) ** 2)) / len(x))


def automation_net(gain: float, misdirected: float, cleanup: float) -> float:
    """Return what automation adds to the output of the work that it does: g((1 - m) - c m).

    Parameters
    ----------
    gain
        g, the gain where automation does the right thing.
    misdirected
        m, the share of automated work that somebody must undo, 0 to 1.
    cleanup
        c, what undoing costs, in units of the gain.
    """
    return gain * ((1 - misdirected) - cleanup * misdirected)


def automation_turns(cleanup: float) -> float:
    """Return the misdirected share at which automation turns from help to harm, m* = 1/(1 + c), whatever the gain."""
    if cleanup < 0:
        raise ValueError(f"cleanup = {cleanup} must not be negative")
    return 1 / (1 + cleanup)


def cascade_margin(degrees: ArrayLike, threshold: float) -> float:
    """Return sum k (k - 1) rho_k p_k - z: above zero, one person can topple a large network (Watts 2002).

    Parameters
    ----------
    degrees : (k_max + 1,)
        p_k, the shares of people with k contacts, k = 0, 1, ...; they sum to 1.
    threshold
        phi: somebody topples when at least this share of the contacts has. rho_k = 1 where 1/k >= phi, else 0; 0 < phi <= 1.

    Notes
    -----
    Exact for large random networks with these degrees and no other structure.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold = {threshold} must be above 0 and at most 1")
    p = np.asarray(degrees, np.float64)
    k = np.arange(len(p))
    vulnerable = (k > 0) & (k * threshold <= 1 + 1e-12)
    return float(np.sum(k * (k - 1) * vulnerable * p) - np.sum(k * p))


def cascade_margin_poisson(z: float, threshold: float) -> float:
    """Return `cascade_margin` of Poisson degrees with mean z."""
    most = int(z + 12 * math.sqrt(z + 1) + 30)
    degrees = np.arange(most + 1)
    return cascade_margin(np.exp(xlogy(degrees, z) - gammaln(degrees + 1) - z), threshold)


def cascade_window(threshold: float, most: float = 40.0) -> tuple[float, float] | None:
    """Return the mean degrees of Poisson networks between which global cascades are possible, or None.

    Parameters
    ----------
    threshold
        phi, as in `cascade_margin`.
    most
        Largest mean degree looked at.
    """
    grid: Sequence[float] = np.linspace(0.01, most, 1000).tolist()
    margin = [cascade_margin_poisson(z, threshold) for z in grid]
    inside = [i for i, m in enumerate(margin) if m > 0]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    low = brentq(cascade_margin_poisson, grid[first - 1], grid[first], args=(threshold,)) if first else 0.0
    high = (
        brentq(cascade_margin_poisson, grid[last], grid[last + 1], args=(threshold,))
        if last + 1 < len(grid)
        else math.inf
    )
    return float(low), float(high)
