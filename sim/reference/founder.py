"""The founder, who points: a Kalman filter on the sphere that reads the market, listens and remembers the start.

The founder believes that the market's direction is N(V, P) and drifts with variance q a week on each axis. Every week
adds three kinds of information, each with its precision: the own reading z (I/r), the founding vision V0 (k I/r) and
what people's results say (R, weighted with openness: a tempered likelihood). After Kalman (1960), A new approach to
linear filtering and prediction problems; results are a Bayesian linear regression on the directions people rowed in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.reference.directions import Matrix, Vector, unit
from sim.reference.parameters import Parameters

RANK_TOLERANCE = 1e-9
"""Spread of dissent, root mean square per direction, below which it is rounding (directions have length 1)."""


def gain_on_own_reading(agility: float) -> float:
    """Return g = 104^-(1-agility): the response time is 104 weeks at agility 0, one week at 1."""
    return float(104 ** -(1 - agility))


def whole_gain(agility: float, conviction: float) -> float:
    """Return K in (0, 1] with K^2/(1-K) = (1+k) g^2/(1-g), k = conviction/(1-conviction): g where conviction is 0."""
    g = gain_on_own_reading(agility)
    return 2 / (1 + math.sqrt(1 + 4 * (1 - g) * (1 - conviction) / g**2))


class Reports:
    """What the results of a week say about the market.

    Parameters
    ----------
    directions
        x, the direction in which each reporter rowed; two at least.
    results
        y = x.m + outcome_noise N(0,1), what each reports.
    outcome_noise
        That of the week.
    market
        m of the week; it is known along the dissent where results are exact.

    Attributes
    ----------
    information
        R = sum (x - x')(x - x')^T / outcome_noise^2, where x' is the mean; no dissent, no information.
    evidence
        e = sum (x - x')(y - y') / outcome_noise^2.
    exact
        Whether results are free of noise: then the two below say it, else the two above.
    known, unknown
        Orthonormal bases of the span of the dissent, and of the rest, one vector a column.
    """

    def __init__(
        self, directions: Sequence[Vector], results: Sequence[float], outcome_noise: float, market: Vector
    ) -> None:
        x, y = np.array(directions), np.array(results)
        dissent, surprise = x - x.mean(axis=0), y - y.mean()
        self.exact = outcome_noise == 0
        self.market = market.copy()
        if self.exact:
            _, spread, axes = np.linalg.svd(dissent / math.sqrt(len(x)), full_matrices=True)
            rank = int(np.sum(spread > RANK_TOLERANCE))
            self.known, self.unknown = axes[:rank].T, axes[rank:].T
        else:
            self.information = dissent.T @ dissent / outcome_noise**2
            self.evidence = dissent.T @ surprise / outcome_noise**2


class Founder:
    """Who points.

    Parameters
    ----------
    vision
        V, the first vision.
    parameters
        What sets how sure the founder is of it: P = r K/(1+k) I, what the own reading alone keeps up.

    Attributes
    ----------
    vision, founding_vision
        V and V0, unit vectors.
    covariance
        P, (D, D): how unsure the founder is.
    reports
        Last week's, or None where there were fewer than two.
    left
        Whether the founder has left: then V and P stand still.
    """

    def __init__(self, vision: Vector, parameters: Parameters) -> None:
        self.vision = vision.copy()
        self.founding_vision = vision.copy()
        dimensions, p = len(vision), parameters.founder
        r = parameters.market.trend_noise**2 / dimensions
        kept_up = r * whole_gain(p.agility, p.conviction) * (1 - p.conviction)  # 1/(1+k) is 1 - conviction
        self.covariance: Matrix = kept_up * np.eye(dimensions)
        self.reports: Reports | None = None
        self.left = False

    def steer(self, reading: Vector, parameters: Parameters) -> None:
        """Move the vision by a week's own reading z, by last week's reports and by the founding vision.

        P <- P + q I, q = r g^2/(1-g);
        L = P^-1 + (1+k)/r I + openness R;
        V <- unit(L^-1 (P^-1 V + z/r + k V0/r + openness e));
        P <- L^-1.

        Where a precision is infinite the limit is taken; where several are, the first in this order decides: a founder
        who has left, conviction 1, trend_noise 0, outcome_noise 0. At agility 1 there is no memory, P^-1 = 0.
        """
        p, dimensions = parameters.founder, len(reading)
        identity = np.eye(dimensions)
        r = parameters.market.trend_noise**2 / dimensions
        if self.left:
            return
        if p.conviction == 1:
            self.vision, self.covariance = self.founding_vision.copy(), np.zeros_like(identity)
            return
        if r == 0:  # the reading is exact, the founder as slow as before; reports add nothing
            aim = (1 - p.conviction) * reading + p.conviction * self.founding_vision
            self.vision = unit(self.vision + whole_gain(p.agility, p.conviction) * (aim - self.vision))
            self.covariance = np.zeros_like(identity)
            return

        g, k = gain_on_own_reading(p.agility), p.conviction / (1 - p.conviction)
        precision = (1 + k) / r * identity
        told = reading / r + k * self.founding_vision / r
        if g < 1:
            memory = np.linalg.inv(self.covariance + r * g**2 / (1 - g) * identity)
            precision = precision + memory
            told = told + memory @ self.vision
        if p.openness > 0 and self.reports is not None:
            if self.reports.exact:
                self._learn_exactly(self.reports, precision, told)
                return
            precision = precision + p.openness * self.reports.information
            told = told + p.openness * self.reports.evidence
        self.vision = unit(np.linalg.solve(precision, told))
        self.covariance = np.linalg.inv(precision)

    def _learn_exactly(self, reports: Reports, precision: Matrix, told: Vector) -> None:
        """Learn from results without noise: the market is known along the dissent; across it the belief is conditional.

        V <- unit(S S^T m + N y), (N^T L1 N) y = N^T L1 (V1 - S S^T m), P <- N (N^T L1 N)^-1 N^T.
        """
        across = reports.unknown
        along_market = reports.known @ (reports.known.T @ reports.market)
        without_reports = np.linalg.solve(precision, told)
        left = np.linalg.inv(across.T @ precision @ across)
        y = left @ (across.T @ precision @ (without_reports - along_market))
        self.vision = unit(along_market + across @ y)
        self.covariance = across @ left @ across.T
