"""Runs that facts are measured on: firms from their birth, firms that are there at any age, and firms for one question.

Survival is told of firms from their birth (thin cash, unequal quality, no past); all else of firms that are there at any
age. Each cohort is run once, when a fact first asks for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.facts.people import Crowd, look
from sim.measures.series import SERIES
from sim.rules.week import PHASES, live
from sim.scenario.model import Scenario
from sim.scenario.parameters import parameter_names
from sim.simulate import NOTHING, Simulation

Floats = NDArray[np.float64]
YEARS = 3
WEEKS = 52 * YEARS
PAST = 104
"""Weeks that a firm has behind it where it is not looked at from its birth."""
LOOKS = tuple(range(0, WEEKS, 4))
"""Weeks after which people are looked at one by one."""
NEVER = 5200
"""A cadence that no run reaches: the founder has fallen silent."""


@dataclass(frozen=True)
class Cohort:
    """Firms that were run.

    Attributes
    ----------
    series : (firms, weeks, measures)
        In the order of `sim.measures.series.SERIES`; nan after closing.
    closed : (firms,)
        Week of closing, -1 for firms that lived on.
    crowds
        For each firm what was seen of its people, look by look; none after closing.
    headcount : (firms,)
    """

    series: Floats
    closed: NDArray[np.int64]
    crowds: tuple[tuple[Crowd, ...], ...]
    headcount: NDArray[np.int64]

    def of(self, name: str) -> Floats:
        """Return one series, (firms, weeks)."""
        return np.asarray(self.series[:, :, list(SERIES).index(name)])

    def yearly(self, name: str) -> Floats:
        """Return sums over full years, (firms, years); nan for years that a firm did not live through."""
        values = self.of(name)
        years = values.shape[1] // 52
        return np.asarray(values[:, : 52 * years].reshape(len(values), years, 52).sum(axis=2))

    def margins(self) -> Floats:
        """Return the margins of full years, 1 - costs/revenue, (firms, years); nan for years not lived through."""
        return np.asarray(1 - self.yearly("costs") / np.maximum(self.yearly("revenue"), 1e-9))


class Cohorts:
    """A population's runs.

    Parameters
    ----------
    firms
        Parameters, name -> (firms,); `sim.facts.population.firms_of` makes them.
    seed
        Of the firms' luck; firm r has replicate `first` + r.
    workers
        Threads.
    """

    def __init__(self, firms: Mapping[str, Floats], seed: int = 0, workers: int = 1, first: int = 0) -> None:
        self.firms, self.seed, self.workers, self.first = dict(firms), seed, workers, first
        self.size = len(next(iter(self.firms.values())))

    @cached_property
    def births(self) -> Cohort:
        """Firms from their birth on."""
        return self.run({}, WEEKS)

    @cached_property
    def established(self) -> Cohort:
        """Firms with a past; their people are looked at every four weeks."""
        return self.run({"spin_up": PAST}, WEEKS, looks=LOOKS)

    @cached_property
    def silent(self) -> Cohort:
        """Firms with a past whose founder falls silent in week 1, and whose vision stands still from then on."""
        gone = {"kind": "founder_leaves", "week": 1}
        quiet = {"kind": "set", "week": 1, "values": {"founder.cadence": NEVER}}
        return self.run({"spin_up": PAST, "events": [gone, quiet]}, WEEKS)

    @cached_property
    def decade(self) -> Cohort:
        """Firms from their birth on, for ten years."""
        return self.run({}, 520)

    @cached_property
    def growing(self) -> Cohort:
        """Firms with a past that open posts where books are full, for five years."""
        return self.run({"spin_up": PAST, "people.hiring": True}, 260)

    def of_size(self, headcount: int) -> Cohort:
        """Return firms from their birth on, all of one size."""
        return self.run({"headcount": headcount}, WEEKS, {"headcount": np.full(self.size, float(headcount))})

    def run(
        self,
        changes: Mapping[str, Any],
        weeks: int,
        instead: Mapping[str, Floats] | None = None,
        looks: Sequence[int] = (),
    ) -> Cohort:
        """Run all firms.

        Parameters
        ----------
        changes
            Of the scenario that all share, as in `Scenario.replace`; with a past, firms begin with their reserve.
        weeks
            How long.
        instead
            Firms' parameters that replace their own.
        looks
            Weeks after which people are looked at.
        """
        firms = self.firms | dict(instead or {})
        if changes.get("spin_up"):
            firms["money.buffer"] = firms["money.reserve"]
        headcount = firms.pop("headcount").astype(np.int64)
        places = [parameter_names().index(name) for name in firms]
        table = np.column_stack(list(firms.values()))
        series = np.full((self.size, weeks, len(SERIES)), np.nan)
        closed = np.full(self.size, -1, np.int64)
        crowds: list[tuple[Crowd, ...]] = [()] * self.size
        base = Scenario(weeks=weeks).replace(dict(changes)) if changes else Scenario(weeks=weeks)
        sizes = iter(np.unique(headcount).tolist())
        lock = threading.Lock()

        def work() -> None:
            while True:
                with lock:
                    size = next(sizes, None)
                if size is None:
                    return
                simulation = Simulation(base.replace({"headcount": size}))
                for i in np.flatnonzero(headcount == size).tolist():
                    # Not by `set`, which checks what fields ask of each other and takes longer than a run: a
                    # population's firms are within all bounds by construction, and a test says so.
                    simulation.state.plan.values[places] = table[i]
                    replicate = self.first + i
                    closed[i], crowds[i] = _live(simulation, self.seed, replicate, series[i], looks)

        _in_threads(work, self.workers)
        return Cohort(series, closed, tuple(crowds), headcount)


def _live(
    simulation: Simulation, seed: int, replicate: int, series: Floats, looks: Sequence[int]
) -> tuple[int, tuple[Crowd, ...]]:
    """Run once, stopping for a look after some weeks; return the week of closing, or -1, and what was seen."""
    if not looks:
        return simulation.run(seed, replicate, series), ()
    simulation.found(seed, replicate)
    firm, seen = simulation.state.firm, []
    for week in looks:
        live(simulation.box, week + 1 - int(firm["week"][0]), 0, len(PHASES), series, NOTHING[1])
        if firm["closed"][0] >= 0:
            break
        seen.append(look(simulation.state))
    live(simulation.box, simulation.weeks - int(firm["week"][0]), 0, len(PHASES), series, NOTHING[1])
    simulation.check()
    return int(firm["closed"][0]), tuple(seen)


def _in_threads(work: Callable[[], None], workers: int) -> None:
    if workers <= 1:
        work()
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(work) for _ in range(workers)]:
            done.result()
