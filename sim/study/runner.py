"""Runs design points in a worker: one simulation, whose parameters are set anew for every point."""

from __future__ import annotations

import math
import threading
from contextlib import suppress
from typing import Any

import numpy as np

from sim.errors import CoherenceError
from sim.measures.series import SERIES
from sim.measures.summaries import SUMMARIES
from sim.simulate import Simulation
from sim.study.factors import DUMMY
from sim.study.protocol import Block, Outcome, Spec, Stopped

ROWS = 32
"""Runs whose series are held at a time; always as many, so that sums over weeks are taken in one order."""


class Runner:
    """Runs the design points of one study on one preallocated simulation."""

    def __init__(self, spec: Spec) -> None:
        assert spec.scenario is not None
        self.spec = spec
        self.simulation = Simulation(spec.scenario, spec.weeks)
        self.series = np.full((ROWS, spec.weeks, len(SERIES)), math.nan)

    def run(self, block: Block, stop: threading.Event | None = None) -> Outcome:
        """Run a block; a run that fails has no measures, and its reason among the errors."""
        points = values_of(block)
        measures = np.full((len(points), len(self.spec.measures)), math.nan)
        errors: dict[int, str] = {}
        replicates = block.replicates.tolist()
        for start in range(0, len(points), ROWS):
            rows = range(start, min(start + ROWS, len(points)))
            closed = np.full(ROWS, -1, np.int64)
            self.series.fill(math.nan)
            for i in rows:
                if stop is not None and stop.is_set():
                    raise Stopped("the sweep was stopped")
                try:
                    self.simulation.set(points[i])
                    closed[i - start] = self.simulation.run(self.spec.seed, replicates[i], self.series[i - start])
                except Exception as error:
                    errors[i] = f"{type(error).__name__}: {error}"
            for j, name in enumerate(self.spec.measures):
                measures[rows.start : rows.stop, j] = SUMMARIES[name].function(self.series, closed)[: len(rows)]
        if errors:
            measures[list(errors)] = math.nan
        return Outcome(block.part, measures, errors)

    def warm(self, block: Block) -> None:
        """Make one run, so that all that runs need is compiled and loaded."""
        with suppress(CoherenceError):
            self.simulation.set(values_of(block)[0])
        self.simulation.run(self.spec.seed, 0)


def values_of(block: Block) -> list[dict[str, Any]]:
    """Return the values of a block's runs by dotted name; a dummy goes nowhere."""
    names = [name for name in block.columns if name != DUMMY]
    columns = [block.columns[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] or [{} for _ in block.points]
