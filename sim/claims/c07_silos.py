"""C07: silos, and ties that mend them. Its criteria: ``criteria/C07.toml``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.criteria import Contrast, Window, linear
from sim.claims.estimate import mean_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said, columns
from sim.claims.outcomes import values_of

TIES = {"k0": 0, "k1": 1, "k2": 2, "k4": 4}


def ladder(block: Block, _: Any) -> Floats:
    """Return rework with each number of cross-ties less rework without any."""
    steps = [linear(f"{arm} - k0") for arm in TIES if arm != "k0"]
    made = [Contrast("", "", s, outcome="rework", policy="c", window=Window(52, 155)) for s in steps]
    return columns([values_of(contrast, block) for contrast in made])


def steps(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return each step of the ladder."""
    counts = [count for count in TIES.values() if count]
    return [
        Said(f"rework with {k} cross-ties against none", mean_of(values[:, i], clusters)) for i, k in enumerate(counts)
    ]


MEASURES = {"ladder": Measure(list(TIES), ladder, lines=steps)}
