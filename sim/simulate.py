"""One run and many runs: a scenario and luck in, results out."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.rules.founding import found
from sim.rules.week import PHASES, live
from sim.scenario.events import Merger
from sim.scenario.model import Scenario
from sim.state import Box, Floats, State, boxed, make_state, recording
from sim.warm_up import made_ready

if TYPE_CHECKING:
    import pandas as pd

NOTHING = np.empty((0, 0)), np.empty((0, 0, 0))
"""Where `live` writes when nothing is recorded."""


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
    """

    scenario: Scenario
    seed: int
    replicate: int
    closed: int | None
    series: Mapping[str, Floats]
    departments: Mapping[str, Floats]

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
    """

    scenario: Scenario
    seed: int
    replicates: NDArray[np.int64]
    closed: NDArray[np.int64]
    series: Floats
    departments: Floats

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
        )

    def of(self, name: str) -> Floats:
        """Return one series of all runs, (runs, weeks)."""
        return self.series[:, :, list(SERIES).index(name)]

    @cached_property
    def department_names(self) -> tuple[str, ...]:
        """The departments, the founders' first, then those merged in."""
        return department_names(self.scenario)


class Snapshot(NamedTuple):
    """Directions at the end of a week, of the people who were there.

    Attributes
    ----------
    week
        The week.
    market, norm, vision : (D,)
    goals, departments : (K, D)
        What departments are paid for, and what they delivered.
    people : (filled posts, D)
        Directions rowed in.
    department_of, engagement : (filled posts,)
    """

    week: int
    market: Floats
    norm: Floats
    vision: Floats
    goals: Floats
    departments: Floats
    people: Floats
    department_of: NDArray[np.int32]
    engagement: Floats


def department_names(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of all departments that a run may have, in order."""
    mergers = sorted((e for e in scenario.events if isinstance(e, Merger)), key=lambda e: e.week)
    return tuple(d.name for group in (scenario.departments, *(m.departments for m in mergers)) for d in group)


class Simulation:
    """Room for one run at a time: a state and its box, used again and again, one for each thread."""

    def __init__(self, scenario: Scenario, weeks: int | None = None) -> None:
        self.weeks = scenario.weeks if weeks is None else weeks
        self.state: State = make_state(scenario, self.weeks)
        with made_ready(self.state):
            self.box: Box = boxed(self.state)
            found(self.box, 0, 0)
            live(self.box, 0, 0, 0, *NOTHING)

    def found(self, seed: int, replicate: int) -> None:
        """Set the state to the founding of a run."""
        found(self.box, seed, replicate)
        self.check()

    def run(self, seed: int, replicate: int, series: Floats = NOTHING[0], departments: Floats = NOTHING[1]) -> int:
        """Run to the end and write into the given rows; return the week of closing, or -1."""
        self.found(seed, replicate)
        live(self.box, self.weeks, 0, len(PHASES), series, departments)
        self.check()
        return int(self.state.firm["closed"][0])

    def check(self) -> None:
        """Raise RuntimeError if drawn ties found no room (less likely than a cosmic ray)."""
        if self.state.firm["overflow"][0]:
            raise RuntimeError("the drawn ties found no room: please report this scenario and its seed")


def run(scenario: Scenario, seed: int = 0, replicate: int = 0, weeks: int | None = None) -> Result:
    """Run a scenario once.

    Parameters
    ----------
    scenario
        What to run.
    seed, replicate
        The luck: seed in [0, 2^63), replicate in [0, 2^47). Replicates of one seed are independent of each other.
    weeks
        Another length than the scenario's.
    """
    return run_many(scenario, [replicate], seed, weeks=weeks)[0]


def run_many(
    scenario: Scenario,
    replicates: int | Sequence[int] = 100,
    seed: int = 0,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    weeks: int | None = None,
    with_departments: bool = True,
) -> Batch:
    """Run a scenario many times.

    Parameters
    ----------
    scenario, seed, weeks
        As in `run`.
    replicates
        How many (0, 1, ...), or which.
    workers
        Threads; the results do not depend on them.
    progress
        Called with the number of further runs done.
    with_departments
        Whether departments' series are kept.
    """
    which = np.arange(replicates) if isinstance(replicates, int) else np.asarray(replicates, np.int64)
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed {seed} must be from 0 to 2^63 - 1")
    if len(which) == 0 or which.min() < 0 or which.max() >= 2**47:
        raise ValueError("replicates must be at least one number from 0 to 2^47 - 1")
    weeks = scenario.weeks if weeks is None else weeks
    first = Simulation(scenario, weeks)  # compiles, if need be, before any thread starts
    names = department_names(scenario)
    series, departments = recording(len(which), weeks, len(names))
    if not with_departments:
        departments = np.full((len(which), 0, len(names), len(DEPARTMENT_SERIES)), math.nan)
    closed = np.full(len(which), -1, np.int64)
    left = iter(range(len(which)))
    lock = threading.Lock()

    def work(lane: Simulation) -> None:
        while True:
            with lock:
                i = next(left, None)
            if i is None:
                return
            closed[i] = lane.run(seed, int(which[i]), series[i], departments[i])
            if progress is not None:
                progress(1)

    if workers <= 1 or len(which) == 1:
        work(first)
    else:
        lanes = [first, *(Simulation(scenario, weeks) for _ in range(min(workers, len(which)) - 1))]
        with ThreadPoolExecutor(len(lanes)) as pool:
            for done in [pool.submit(work, lane) for lane in lanes]:
                done.result()
    return Batch(scenario, seed, which, closed, series, departments)


def snapshots(
    scenario: Scenario, seed: int, replicate: int, weeks: Sequence[int], length: int | None = None
) -> list[Snapshot]:
    """Return the directions of one run at the end of some weeks, in rising order; weeks after closing are left out."""
    lane = Simulation(scenario, length)
    lane.found(seed, replicate)
    state, before_leaving = lane.state, PHASES_BEFORE_LEAVING
    people, departments = state.people, state.departments
    taken = []
    for week in sorted(set(weeks)):
        if live(lane.box, week - int(state.firm["week"][0]), 0, len(PHASES), *NOTHING) < week:
            break
        if state.firm["closed"][0] >= 0:
            break
        live(lane.box, 1, 0, before_leaving, *NOTHING)
        there, count = people.filled, int(state.firm["departments"][0])
        taken.append(
            Snapshot(
                week,
                state.market.copy(),
                state.norm.copy(),
                state.vision.copy(),
                departments.goal[:count].copy(),
                departments.delivered[:count].copy(),
                people.rowing[there],
                people.department[there],
                people.engagement[there],
            )
        )
        live(lane.box, 1, before_leaving, len(PHASES), *NOTHING)
    return taken


PHASES_BEFORE_LEAVING = [phase.__name__ for phase in PHASES].index("people_come_and_go")
