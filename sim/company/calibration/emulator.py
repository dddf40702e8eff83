"""A fast stand-in for the model: what facts to expect at given parameters, and how far luck scatters them.

Facts are fitted by quadratic polynomials of the parameters with a little ridge; the scatter of single runs around the fit (luck and
misfit together) by a log-linear model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RIDGE = 1e-3
LOG_CHI2 = 1.2704
"""Minus the mean of log chi-squared with one degree of freedom."""


def features(points: Floats) -> Floats:
    """Return 1, x, x^2 and x_i x_j of points scaled to [-1, 1], (n, k)."""
    n, d = points.shape
    i, j = np.triu_indices(d)
    return np.hstack([np.ones((n, 1)), points, points[:, i] * points[:, j]])


def _ridge(x: Floats, y: Floats) -> Floats:
    penalty = RIDGE * len(x) * np.eye(x.shape[1])
    penalty[0, 0] = 0.0
    weights: Floats = np.linalg.solve(x.T @ x + penalty, x.T @ y)
    return weights


@dataclass(frozen=True)
class Emulator:
    """A fitted stand-in: weights of the mean and of the log scatter."""

    mean_weights: Floats
    scatter_weights: Floats

    def mean(self, points: Floats) -> Floats:
        """Return expected facts, (n, facts)."""
        return features(points) @ self.mean_weights

    def scatter(self, points: Floats) -> Floats:
        """Return the standard deviation of facts of a single run, (n, facts)."""
        return np.asarray(np.exp(0.5 * (np.hstack([np.ones((len(points), 1)), points]) @ self.scatter_weights)))

    def implausibility(self, points: Floats, observed: Floats, sd: Floats) -> Floats:
        """Return |observed - expected| in standard deviations of everything that is uncertain, (n, facts)."""
        total = np.sqrt(self.scatter(points) ** 2 + sd**2)
        return np.asarray(np.abs(observed - self.mean(points)) / total)


def fit(points: Floats, facts: Floats) -> Emulator:
    """Fit a stand-in to single runs: points in [-1, 1], (n, parameters); facts (n, facts), nan where the firm closed.

    Raises
    ------
    ValueError
        If too few firms stayed open to fit anything.
    """
    there = np.isfinite(facts).all(axis=1)
    x = features(points[there])
    if len(x) < 2 * x.shape[1]:
        raise ValueError(f"{len(x)} firms stayed open, too few for {x.shape[1]} coefficients")
    mean = _ridge(x, facts[there])
    rest = facts[there] - x @ mean
    # Residuals are smaller than errors: a fit with as many coefficients takes some of the scatter away.
    rest *= np.sqrt(len(x) / (len(x) - x.shape[1]))
    least = 1e-3 * facts[there].std(axis=0) + 1e-9
    lines = np.hstack([np.ones((len(x), 1)), points[there]])
    scatter = _ridge(lines, np.log(np.maximum(rest**2, least**2)))
    scatter[0] += LOG_CHI2
    spread = np.exp(0.5 * (lines @ scatter))
    # The log-linear model may be off in level: let it match the plain size of the residuals.
    scatter[0] += 2 * np.log(np.maximum((rest / spread).std(axis=0), 0.3))
    return Emulator(mean, scatter)
