"""Measures that need no design of their own: delta, PAWN and RBD-FAST from any independent sample; and FAST from its curves."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SLIDES = 10
HARMONICS = 10


def delta(u: Floats, y: Floats) -> Floats:
    """Return Borgonovo's (2007) delta of each column of u, (factors,): how far knowing it moves the whole density of y.

    The estimator of Plischke et al. (2013), equation 26, with SALib's classes and kernels, without its bias reduction:
    what an inert factor shows is what this finds in chance, so a dummy stands beside.
    """
    n = len(y)
    power = 2.0 / (7.0 + np.tanh((1500.0 - n) / 500.0))
    limits = np.linspace(0, n, min(int(np.ceil(n**power)), 48) + 1).astype(np.int64)
    places = np.linspace(y.min(), y.max(), 100)
    whole = _density(y, places)
    found = np.zeros(u.shape[1])
    for i in range(u.shape[1]):
        ordered = y[np.argsort(u[:, i], kind="stable")]
        for first, after in itertools.pairwise(limits):
            part = ordered[first:after]
            if np.ptp(part) > 0:
                found[i] += len(part) / (2 * n) * np.trapezoid(np.abs(whole - _density(part, places)), places)
    return found


def _density(y: Floats, places: Floats) -> Floats:
    """Return a kernel density with Silverman's bandwidth."""
    n = len(y)
    width = y.std(ddof=1) * (n * 3 / 4) ** -0.2
    bumps = np.exp(-(((places[:, None] - y) / width) ** 2) / 2)
    return np.asarray(bumps.sum(axis=1) / (n * width * np.sqrt(2 * np.pi)))


def pawn(u: Floats, y: Floats) -> Floats:
    """Return PAWN's median Kolmogorov-Smirnov distance of each column of u, (factors,) (Pianosi & Wagener 2018).

    Distances are between the distribution of y within one of ten equal slides of a factor and that of all y.
    """
    n = len(y)
    _, place, count = np.unique(y, return_inverse=True, return_counts=True)
    whole = np.cumsum(count) / n
    found = np.empty(u.shape[1])
    for i in range(u.shape[1]):
        slide = np.empty(n, np.int64)
        slide[np.argsort(u[:, i], kind="stable")] = np.arange(n) * SLIDES // n
        table = np.bincount(slide * len(count) + place, minlength=SLIDES * len(count)).reshape(SLIDES, -1)
        inside = np.cumsum(table, axis=1)
        found[i] = np.median(np.abs(inside / inside[:, -1:] - whole).max(axis=1))
    return found


def rbd_fast(u: Floats, y: Floats) -> Floats:
    """Return first-order indices of each column of u, (factors,): RBD-FAST (Tarantola et al. 2006).

    Any independent sample will do (Plischke 2010); corrected for bias as in Tissot & Prieur (2012).
    """
    n = len(y)
    shrink = 2 * HARMONICS / n
    found = np.empty(u.shape[1])
    for i in range(u.shape[1]):
        order = np.argsort(u[:, i], kind="stable")
        power = np.abs(np.fft.rfft(y[np.concatenate([order[::2], order[1::2][::-1]])])) ** 2
        if n % 2 == 0:
            power[-1] /= 2
        share = power[1 : HARMONICS + 1].sum() / power[1:].sum()
        found[i] = share - shrink / (1 - shrink) * (1 - share)
    return found


def fast(y: Floats, v: Floats, harmonics: int) -> tuple[Floats, Floats]:
    """Return first-order and total indices, (factors,) each, from the curves of the extended FAST (Saltelli et al. 1999).

    The spectrum is that of the mean over luck: products of different replicates' transforms, where there are any.

    Parameters
    ----------
    y : (factors, points on a curve, replicates)
        Outcomes.
    v : (replicates,)
        Weights.
    harmonics
        As in the design.
    """
    n = y.shape[1]
    waves = np.fft.fft(y, axis=1)[:, 1 : -(-n // 2)] / n
    power = np.abs(waves @ v) ** 2
    power = power / v[0] ** 2 if len(v) == 1 else (power - np.abs(waves) ** 2 @ (v * v)) / (v.sum() ** 2 - v @ v)
    omega = (n - 1) // (2 * harmonics)
    variance = power.sum(axis=1)
    own = power[:, np.arange(1, harmonics + 1) * omega - 1].sum(axis=1)
    others = power[:, : omega // 2].sum(axis=1)
    return own / variance, 1.0 - others / variance


def phantom(points: int, seed: int) -> Floats:
    """Return coordinates of a factor that nothing depends on, (points,): a dummy that costs no run."""
    return (np.random.default_rng([seed, 3]).permutation(points) + 0.5) / points
