"""C06: believing is not doing. Its criteria: ``criteria/C06.toml``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.criteria import Contrast, Window, linear
from sim.claims.estimate import Estimate, statistic_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, columns
from sim.claims.outcomes import values_of

ARMS = ("paid", "shared", "scatter1", "scatter2", "scatter3", "scatter4")


def deeds_and_satisfaction(block: Block, _: Any) -> Floats:
    """Return acting on the vision and satisfaction in every arm, both [z]."""
    found = []
    for outcome in ("beh", "satisfaction"):
        for arm in ARMS:
            contrast = Contrast(arm, "", linear(arm), outcome=outcome, policy="z", window=Window(52, 155))
            found.append(values_of(contrast, block))
    return columns(found)


def dearer_than_scatter(values: Floats, clusters: NDArray[np.int64], _: str) -> Estimate:
    """Return satisfaction under PAID less that of firms whose deeds fall as much by scatter."""

    def statistic(means: Floats) -> float:
        deeds, satisfaction = means[: len(ARMS)], means[len(ARMS) :]
        order = np.argsort(deeds[1:])
        if not deeds[1:][order][0] <= deeds[0] <= deeds[1:][order][-1]:
            return math.nan
        return float(satisfaction[0] - np.interp(deeds[0], deeds[1:][order], satisfaction[1:][order]))

    return statistic_of(statistic, values, clusters)


MEASURES = {"scatter": Measure(ARMS, deeds_and_satisfaction, dearer_than_scatter)}
