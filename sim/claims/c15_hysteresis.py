"""C15: stress, self-service, no easy way back. Its criteria: ``criteria/C15.toml``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.estimate import Estimate, statistic_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said
from sim.claims.outcomes import weekly

RELIEF, FITTED, SHOWN = 26, 26, 79
"""Weeks after w in which fear ends; weeks after that on which the return is fitted; weeks after that which are kept."""
LATE = slice(53, 79)


def way_back(block: Block, _: Any) -> Floats:
    """Return the difference in coherence week by week after relief, whether both live, and the firm's own rates."""
    fear, calm = block.arms["fear"], block.arms["calm"]
    at = np.minimum(block.week[:, None] + RELIEF + np.arange(SHOWN), block.horizon - 1)
    difference = weekly(fear, "coherence", block.turned) - weekly(calm, "coherence", block.turned)
    found = np.take_along_axis(difference, at, axis=1)
    both = ~np.isnan(found)
    telling = calm.values("people.persuasion") / calm.values("founder.cadence") + calm.values("people.forgetting")
    rates = np.column_stack([calm.values("mood.mood"), telling])
    together = np.concatenate([rates, both.astype(float), np.where(both, found, 0.0)], axis=1)
    together[~both[:, 0]] = np.nan
    return together


def beyond_lag(means: Floats) -> float:
    """Return what is left of the difference a year and more after relief beyond an exponential return."""
    rates, alive, summed = means[:2], means[2 : 2 + SHOWN], means[2 + SHOWN :]
    curve = summed / np.maximum(alive, 1e-9)
    week = np.arange(SHOWN)
    shapes = np.exp(-np.outer(week, rates))
    weights, *_ = np.linalg.lstsq(shapes[:FITTED], curve[:FITTED], rcond=None)
    return float(np.mean((curve - shapes @ weights)[LATE]))


def excess(values: Floats, clusters: NDArray[np.int64], _: str) -> Estimate:
    """Return it with its interval."""
    return statistic_of(beyond_lag, values, clusters)


def lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return it as a line."""
    return [
        Said("coherence still lost beyond an exponential return at the firm's own rates", excess(values, clusters, ""))
    ]


MEASURES = {"lag": Measure(["fear", "calm"], way_back, excess, lines)}
