"""What comes out of a run and of many: series, weeks of closing, and where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.scenario.distributions import Number
from sim.scenario.draws import as_kind
from sim.scenario.events import Merger
from sim.scenario.model import Scenario
from sim.state import Floats

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """One run.

    Attributes
    ----------
    scenario, seed, replicate
        What was run, and with which luck.
    closed
        The week in which the firm closed, or None if it lived to the end.
    series
        Name in `sim.measures.series.SERIES` -> (weeks lived,); read-only.
    departments
        Name in `sim.measures.series.DEPARTMENT_SERIES` -> (weeks lived, departments); nan before a department exists.
    drawn
        What the replicate drew, by full name, of what the scenario leaves uncertain.
    """

    scenario: Scenario
    seed: int
    replicate: int
    closed: int | None
    series: Mapping[str, Floats]
    departments: Mapping[str, Floats]
    drawn: Mapping[str, Number] = field(default_factory=dict)

    @property
    def survived(self) -> bool:
        """Whether the firm lived to the end."""
        return self.closed is None

    def to_frame(self) -> pd.DataFrame:
        """Return the series as a data frame: index ``week``, a column per measure."""
        import pandas as pd

        frame = pd.DataFrame(dict(self.series))
        frame.index.name = "week"
        return frame


@dataclass(frozen=True)
class Batch:
    """Many runs of one scenario.

    Attributes
    ----------
    scenario, seed
        What was run; with the replicate they fix a run's luck.
    replicates : (runs,)
        Replicate numbers.
    closed : (runs,)
        Week of closing, -1 where the firm lived to the end.
    series : (runs, weeks, measures)
        In the order of `sim.measures.series.SERIES`; nan after closing.
    departments : (runs, weeks, departments, measures)
        In the order of `sim.measures.series.DEPARTMENT_SERIES`; nan after closing and before a department exists. No weeks if not asked for.
    drawn : (runs,) each
        What each replicate drew, by full name, of what the scenario leaves uncertain.
    """

    scenario: Scenario
    seed: int
    replicates: NDArray[np.int64]
    closed: NDArray[np.int64]
    series: Floats
    departments: Floats
    drawn: Mapping[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.replicates)

    def __getitem__(self, run: int) -> Result:
        """Return one run, by its place."""
        lived = self.series.shape[1] if self.closed[run] < 0 else int(self.closed[run]) + 1
        series = {name: self.series[run, :lived, i] for i, name in enumerate(SERIES)}
        departments = {name: self.departments[run, :lived, :, i] for i, name in enumerate(DEPARTMENT_SERIES)}
        for array in (*series.values(), *departments.values()):
            array.flags.writeable = False
        return Result(
            self.scenario,
            self.seed,
            int(self.replicates[run]),
            None if self.closed[run] < 0 else int(self.closed[run]),
            MappingProxyType(series),
            MappingProxyType(departments),
            MappingProxyType({name: as_kind(name, float(values[run])) for name, values in self.drawn.items()}),
        )

    def of(self, name: str) -> Floats:
        """Return one series of all runs, (runs, weeks)."""
        return self.series[:, :, list(SERIES).index(name)]

    @cached_property
    def department_names(self) -> tuple[str, ...]:
        """The departments, the founders' first, then those merged in."""
        return department_names(self.scenario)


def department_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of all departments that a run may have, in order."""
    mergers = sorted((e for e in scenario.events if isinstance(e, Merger)), key=lambda e: e.week)
    return tuple(d.name for group in (scenario.departments, *(m.departments for m in mergers)) for d in group)
