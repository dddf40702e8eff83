"""C13: emergent strategy needs voice. Its criteria: ``criteria/C13.toml``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.criteria import Contrast, Window, linear
from sim.claims.estimate import mean_of, ratio_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said, columns
from sim.claims.outcomes import values_of

YEAR = 52
TURN = math.radians(45)
AFTER = Window(1, YEAR, first_from_w=True, last_from_w=True)


def exact_gain(block: Block, _: Any) -> Floats:
    """Return what an exact filter gains in fit from as many reports, and what the firm gains."""
    fit = []
    for arm in ("quiet", "voice"):
        runs = block.arms[arm]
        reports, coherence = (_mean(block, arm, name) for name in ("reports", "coherence"))
        axes = len(runs.firms[0].luck.direction)
        q = runs.values("market.turbulence") ** 2 / (axes - 1)
        r = np.maximum(runs.values("market.trend_noise") ** 2 / axes, 1e-9)
        spread = np.maximum(1 - coherence**2, 0.0) / (axes - 1)
        told = reports * spread / np.maximum(runs.values("market.outcome_noise") ** 2, 1e-9)
        gain = steady_gain(q, 1 / r + told)
        fit.append(np.cos(TURN * (1 - gain)[:, None] ** np.arange(1, YEAR + 1)).mean(axis=1))
    both = Contrast("", "", linear("voice - quiet"), outcome="fit", policy="c", window=AFTER)
    return columns([fit[1] - fit[0], values_of(both, block)])


def steady_gain(q: Floats, information: Floats) -> Floats:
    """Return the steady Kalman gain of a random walk with steps of variance q, observed with some information a week."""
    posterior = (np.sqrt(q * q + 4 * q / information) - q) / 2
    return 1 - posterior / (posterior + q)


def lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return the gain of the exact filter and how much of it is reached."""
    both = np.where(np.isnan(values).any(axis=1)[:, None], np.nan, values)
    return [
        Said("fit that an exact filter gains from as many reports", mean_of(values[:, 0], clusters)),
        Said("share of it that the firm reaches", ratio_of(both[:, 1], both[:, 0], clusters)),
    ]


def _mean(block: Block, arm: str, outcome: str) -> Floats:
    contrast = Contrast("", "", {arm: 1.0}, outcome=outcome, policy="c", window=AFTER)
    return values_of(contrast, block)


MEASURES = {"exact_filter": Measure(["quiet", "voice"], exact_gain, lines=lines)}
