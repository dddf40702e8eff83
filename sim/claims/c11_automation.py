"""C11: automation amplifies what it finds. Its criteria: ``criteria/C11.toml``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.criteria import Contrast, Window, linear
from sim.claims.estimate import Estimate, statistic_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said
from sim.claims.outcomes import values_of

STATES = {"mis": 0.0, "ali": 1.0}
TERMS = 9


def products(block: Block, _: Any) -> Floats:
    """Return the sums over both states that least squares needs: of effect on share misdirected and on being ALIGNED."""
    total = np.zeros((len(block), TERMS))
    for state, aligned in STATES.items():
        effect = Contrast(
            "", "", linear(f"{state}_auto - {state}_none"), outcome="worth", policy="f", window=Window(155, 155)
        )
        share = Contrast(
            "", "", linear(f"{state}_auto"), outcome="misdirected", policy="c", window=Window(0, 155, first_from_w=True)
        )
        e, m = values_of(effect, block), values_of(share, block)
        d = np.full(len(block), aligned)
        total += np.column_stack([np.ones_like(d), m, d, m * m, m * d, d * d, e, e * m, e * d])
    return total


def coefficients(means: Floats) -> tuple[float, float, float]:
    """Return constant, slope on the share misdirected, and what ALIGNED adds at equal share."""
    one, m, d, mm, md, dd, e, em, ed = means
    try:
        solved = np.linalg.solve(np.array([[one, m, d], [m, mm, md], [d, md, dd]]), np.array([e, em, ed]))
    except np.linalg.LinAlgError:
        return math.nan, math.nan, math.nan
    return float(solved[0]), float(solved[1]), float(solved[2])


def left_over(values: Floats, clusters: NDArray[np.int64], _: str) -> Estimate:
    """Return what is left of the headline at an equal share of misdirected work."""
    return statistic_of(lambda means: coefficients(means)[2], values, clusters)


def lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return the share at which the roll-out of a misaligned firm turns from help to harm."""

    def turns(means: Floats) -> float:
        constant, slope, _ = coefficients(means)
        return -constant / slope if slope < 0 else math.nan

    says = "misdirected share at which the effect of MISALIGNED firms changes sign (1/(1 + cleanup) by arithmetic)"
    return [Said(says, statistic_of(turns, values, clusters))]


ARMS = [f"{state}_{arm}" for state in STATES for arm in ("none", "auto")]
MEASURES = {"misdirected": Measure(ARMS, products, left_over, lines)}
