"""C19: implementation succeeds where the firm is aligned. Its criteria: ``criteria/C19.toml``."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.claims.laboratory import Block, Floats, Runs
from sim.claims.measure import Measure, columns
from sim.claims.outcomes import done_after
from sim.measures.series import DEPARTMENT_SERIES

LEAST = 0.02


def surprise(block: Block, runs: Runs) -> Floats:
    """Return the log of how long the project took, times what the alignment of week w-1 promised a week of it would do."""
    alignment, rework = (list(DEPARTMENT_SERIES).index(name) for name in ("alignment", "rework"))
    row = np.arange(len(block))
    before = runs.departments[row, block.week - 1]
    promised = []
    for i, firm in enumerate(runs.firms):
        names = [name for name, _ in firm.departments]
        where = [names.index(firm.chosen(role)) for role in ("promise", "deliver")]
        promised.append(np.mean((1 - before[i, where, rework]) * np.maximum(before[i, where, alignment], LEAST)))
    return np.log(done_after(runs, block.week) * np.array(promised))


def beyond_prediction(block: Block, _: Any) -> Floats:
    """Return by how much more a misaligned firm's project takes than predicted, in logs; of projects that get done."""
    return columns([surprise(block, block.arms["mis_long"]) - surprise(block, block.arms["ali_long"])])


MEASURES = {"beyond_prediction": Measure(["mis_long", "ali_long"], beyond_prediction)}
