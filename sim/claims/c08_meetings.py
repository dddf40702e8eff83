"""C08: better to over- than to under-communicate. Its criteria: ``criteria/C08.toml``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.estimate import mean_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said, columns

RARE, OFTEN = 26, 2


def spent(block: Block, _: Any) -> Floats:
    """Return the weeks of work that meetings every 2 weeks take beyond those every 26."""
    more = block.horizon / OFTEN - block.horizon / RARE
    return columns([more * block.firms.of("work.meeting_cost")])


def lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return it, to be set against the headline."""
    return [Said("weeks of work that the meetings take, against a gain of 0", mean_of(values[:, 0], clusters), "weeks")]


MEASURES = {"meetings": Measure(["often", "rare"], spent, lines=lines)}
