"""History matching: waves of designs that rule out settings of the population which cannot show what is measured.

Vernon, Goldstein & Bower (2010), "Galaxy formation: a Bayesian uncertainty analysis": a setting is *implausible* where a
fact, predicted by an emulator, lies further from its target than the uncertainty of fact and emulator together allows. A
setting is ruled out if its worst fact is beyond 3 standard deviations or its third worst beyond 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

Floats = NDArray[np.float64]
WORST, THIRD = 3.0, 2.0


@dataclass(frozen=True)
class Emulator:
    """Quadratic regression with a ridge penalty for each fact; its error is that of leaving one setting out.

    Attributes
    ----------
    weights : (features, facts)
    error : (facts,)
        Root mean square error of predicting settings that were left out.
    """

    weights: Floats
    error: Floats

    def predict(self, u: Floats) -> Floats:
        """Return facts at settings, (n, facts); u in [0, 1], (n, hyper)."""
        return np.asarray(_features(u) @ self.weights)


def _features(u: Floats) -> Floats:
    x = 2 * u - 1
    i, j = np.triu_indices(x.shape[1])
    return np.hstack([np.ones((len(x), 1)), x, x[:, i] * x[:, j]])


def fit(u: Floats, facts: Floats, weight: Floats) -> Emulator:
    """Fit an emulator; the penalty of each fact is the one that predicts left-out settings best.

    Parameters
    ----------
    u : (n, hyper), in [0, 1]
    facts : (n, facts)
        nan where a fact could not be said: that setting is left out for that fact.
    weight : (n,)
        How much a setting counts: firms that it was run with, and how near it lies to the facts.
    """
    x = _features(u)
    weights, error = np.zeros((x.shape[1], facts.shape[1])), np.full(facts.shape[1], np.inf)
    for k in range(facts.shape[1]):
        there = np.isfinite(facts[:, k])
        root = np.sqrt(weight[there] / weight[there].mean())[:, None]
        a, y = x[there] * root, facts[there, k] * root[:, 0]
        left, singular, right = np.linalg.svd(a, full_matrices=False)
        for penalty in 10.0 ** np.arange(-3, 3.1, 0.5):
            shrink = singular**2 / (singular**2 + penalty)
            leverage = np.minimum((left**2 * shrink).sum(axis=1), 0.98)
            rest = (y - left @ (shrink * (left.T @ y))) / (1 - leverage)
            size = float(np.sqrt((rest**2).mean()))
            if size < error[k]:
                error[k] = size
                weights[:, k] = right.T @ (singular / (singular**2 + penalty) * (left.T @ y))
    return Emulator(weights, error)


def distance(facts: Floats, target: Floats, sd: Floats) -> Floats:
    """Return |fact - target| / sd, (n, facts), 9 where a fact could not be said."""
    z = np.abs(facts - target) / sd
    return np.where(np.isfinite(z), z, 9.0)


def plausible(z: Floats) -> NDArray[np.bool_]:
    """Return which settings are not ruled out, from distances (n, facts)."""
    ordered = np.sort(z, axis=1)
    return np.asarray((ordered[:, -1] <= WORST) & (ordered[:, -3] <= THIRD))


def badness(z: Floats) -> Floats:
    """Return one number to order settings by: how far the worst and the third worst lie outside, and the sum of squares."""
    ordered = np.sort(z, axis=1)
    outside = np.maximum(ordered[:, -1] / WORST, ordered[:, -3] / THIRD)
    return np.asarray(outside + 0.02 * (np.minimum(z, 6) ** 2).sum(axis=1) / z.shape[1])


def next_wave(
    emulator: Emulator, tried: Floats, score: Floats, target: Floats, sd: Floats, size: int, rng: np.random.Generator
) -> Floats:
    """Return settings for the next wave, (size, hyper): not implausible to the emulator, and spread out.

    Candidates are spread over the whole room and around the best settings so far; of the best twentieth, those are taken
    that lie farthest from each other.
    """
    hyper = tried.shape[1]
    anywhere = qmc.Sobol(hyper, rng=rng).random_base2(14)
    best = tried[np.argsort(score)[: max(10, size // 5)]]
    near = best[rng.integers(len(best), size=30_000)]
    step = rng.choice([0.04, 0.1, 0.25], size=(30_000, 1)) * rng.standard_normal(near.shape)
    step *= rng.random(near.shape) < rng.choice([0.2, 0.5, 1.0], size=(30_000, 1))
    pairs = best[rng.integers(len(best), size=(20_000, 2))]
    mixed = np.where(rng.random((20_000, hyper)) < 0.5, pairs[:, 0], pairs[:, 1])
    candidates = np.clip(np.vstack([anywhere, near + step, mixed]), 0, 1)
    total = np.sqrt(sd**2 + emulator.error**2)
    order = np.argsort(badness(distance(emulator.predict(candidates), target, total)))
    pool = candidates[order[: max(4 * size, len(candidates) // 20)]]
    return _spread(pool, size)


def _spread(pool: Floats, size: int) -> Floats:
    taken = [0]
    nearest = np.linalg.norm(pool - pool[0], axis=1)
    while len(taken) < min(size, len(pool)):
        # A place in the order counts too: early candidates are those that the emulator likes best.
        k = int(np.argmax(nearest * np.linspace(1.0, 0.5, len(pool))))
        taken.append(k)
        nearest = np.minimum(nearest, np.linalg.norm(pool - pool[k], axis=1))
    return np.asarray(pool[taken])
