"""What comes out of a run and of many: series, weeks of closing, and where they came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import CoherenceError
from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.scenario.distributions import Number
from sim.scenario.draws import as_kind
from sim.scenario.events import Merger
from sim.scenario.model import Scenario
from sim.state import Floats

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


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

    def __reduce__(self) -> tuple[Callable[..., Result], tuple[object, ...]]:
        """Let a result be pickled and copied: its read-only mappings cannot."""
        mappings = (dict(self.series), dict(self.departments), dict(self.drawn))
        return _result, (self.scenario, self.seed, self.replicate, self.closed, *mappings)


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
        return _result(
            self.scenario,
            self.seed,
            int(self.replicates[run]),
            None if self.closed[run] < 0 else int(self.closed[run]),
            {name: self.series[run, :lived, i] for i, name in enumerate(SERIES)},
            {name: self.departments[run, :lived, :, i] for i, name in enumerate(DEPARTMENT_SERIES)},
            {name: as_kind(name, float(values[run])) for name, values in self.drawn.items()},
        )

    def of(self, name: str) -> Floats:
        """Return one series of all runs, (runs, weeks)."""
        return self.series[:, :, list(SERIES).index(name)]

    def to_frame(self) -> pd.DataFrame:
        """Return the series as a tidy data frame: a row for each run and week lived, a column for each measure.

        The first columns are ``run``, ``replicate`` and ``week``; weeks after closing have no row.
        """
        import pandas as pd

        week = np.arange(self.series.shape[1])
        last = np.where(self.closed < 0, len(week) - 1, self.closed)
        run, week = np.nonzero(week <= last[:, None])
        columns = {"run": run, "replicate": self.replicates[run], "week": week}
        return pd.DataFrame(columns | {name: self.series[run, week, i] for i, name in enumerate(SERIES)})

    def to_xarray(self) -> xr.Dataset:
        """Return everything as labelled arrays, nan after closing: measures by replicate and week.

        Those of departments are called ``department_alignment`` and so on, by replicate, week and department; ``closed`` is
        the week of closing, -1 where the firm lived to the end. Every variable carries its label, unit and meaning.

        Raises
        ------
        CoherenceError
            Where xarray, which is optional, is not installed.
        """
        try:
            import xarray as xr
        except ImportError:
            raise CoherenceError("to_xarray needs xarray", "pip install 'smb-coherence[xarray]'") from None
        variables: dict[str, tuple[object, ...]] = {
            name: (("replicate", "week"), self.series[:, :, i], measure._asdict())
            for i, (name, measure) in enumerate(SERIES.items())
        }
        if self.departments.shape[1]:
            by = ("replicate", "week", "department")
            variables |= {
                f"department_{name}": (by, self.departments[:, :, :, i], measure._asdict())
                for i, (name, measure) in enumerate(DEPARTMENT_SERIES.items())
            }
        variables["closed"] = ("replicate", self.closed)
        labels = {"replicate": self.replicates, "week": np.arange(self.series.shape[1])}
        if self.departments.shape[1]:
            labels["department"] = np.array(self.department_names)
        about = {"scenario": self.scenario.name, "hash": self.scenario.hash, "seed": self.seed}
        return xr.Dataset(variables, labels, about)

    @cached_property
    def department_names(self) -> tuple[str, ...]:
        """The departments, the founders' first, then those merged in."""
        return department_names(self.scenario)


def _result(
    scenario: Scenario,
    seed: int,
    replicate: int,
    closed: int | None,
    series: dict[str, Floats],
    departments: dict[str, Floats],
    drawn: dict[str, Number],
) -> Result:
    """Return a run whose arrays and mappings are read-only."""
    for array in (*series.values(), *departments.values()):
        array.flags.writeable = False
    views = MappingProxyType(series), MappingProxyType(departments), MappingProxyType(drawn)
    return Result(scenario, seed, replicate, closed, *views)


def department_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of all departments that a run may have, in order."""
    mergers = sorted((e for e in scenario.events if isinstance(e, Merger)), key=lambda e: e.week)
    return tuple(d.name for group in (scenario.departments, *(m.departments for m in mergers)) for d in group)
