"""Intervals by weights: nothing is resampled, so that a thousand draws cost little more than one.

Each draw gives every cluster (a base point, a trajectory) and every replicate a standard exponential weight: the Bayesian
bootstrap (Rubin 1981), for crossed clusters as products of weights (Owen & Eckles 2012, Bootstrapping data arrays of
arbitrary order). No weight is zero, so pairs of different replicates never run out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVELS = (0.025, 0.975)
DRAWS = 1000
HALVES = 200
"""Draws of the delete-half jackknife, whose every draw is an analysis of its own."""


def weights(clusters: int, replicates: int, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return weights (draws, clusters), whose rows add up to 1, and (draws, replicates)."""
    chance = np.random.default_rng([seed, 1])
    w = chance.standard_exponential((draws, clusters))
    v = chance.standard_exponential((draws, replicates)) if replicates > 1 else np.ones((draws, 1))
    return w / w.sum(axis=1, keepdims=True), v


def halves(points: int, replicates: int, draws: int, seed: int) -> tuple[NDArray[np.bool_], Floats]:
    """Return halves of the points (draws, points) and weights of replicates, for a delete-half jackknife.

    Statistics of ranks and densities bear neither weights nor duplicates. Over halves drawn without replacement they
    scatter around their mean as the whole does around the truth (Shao & Wu 1989).
    """
    chance = np.random.default_rng([seed, 2])
    inside = np.zeros((draws, points), np.bool_)
    for row in inside:
        row[chance.permutation(points)[: points // 2]] = True
    v = chance.standard_exponential((draws, replicates)) if replicates > 1 else np.ones((draws, 1))
    return inside, v


def interval(draws: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % interval over the first axis (percentiles); nan where there are no draws."""
    if not len(draws):
        empty = np.full(draws.shape[1:], np.nan)
        return empty, empty
    low, high = np.quantile(draws, LEVELS, axis=0)
    return low, high
