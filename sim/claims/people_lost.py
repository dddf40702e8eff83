"""How many people are lost, where and when? A count by person, which weekly series do not keep."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sim.rules.week import PHASES, live
from sim.scenario import Scenario
from sim.simulate import NOTHING, PHASES_BEFORE_LEAVING, Simulation, department_names

Floats = NDArray[np.float64]
COS60 = 0.5
"""People who row more than 60 degrees off the vision are misaligned, as in `sim.measures.series.SERIES`."""


def lost_people(
    scenario: Scenario, replicates: int | Sequence[int], seed: int, weeks: Sequence[int], workers: int = 1
) -> tuple[Floats, Floats]:
    """Return who is misaligned or disengaged, and who is there, by department, at the end of some weeks.

    Disengaged are those who have lost half of their attention or more.

    Returns
    -------
    lost, there : (runs, weeks, departments)
        People; nan in weeks after closing.
    """
    which = np.arange(replicates) if isinstance(replicates, int) else np.asarray(replicates, np.int64)
    taken, count = sorted(set(weeks)), len(department_names(scenario))
    lost = np.full((len(which), len(taken), count), np.nan)
    there = np.full_like(lost, np.nan)
    left, lock = iter(range(len(which))), threading.Lock()

    def work(lane: Simulation) -> None:
        while True:
            with lock:
                i = next(left, None)
            if i is None:
                return
            _count(lane, seed, int(which[i]), taken, lost[i], there[i])

    lanes = [Simulation(scenario) for _ in range(max(1, min(workers, len(which))))]
    with ThreadPoolExecutor(len(lanes)) as pool:
        for done in [pool.submit(work, lane) for lane in lanes]:
            done.result()
    return lost, there


def _count(lane: Simulation, seed: int, replicate: int, weeks: Sequence[int], lost: Floats, there: Floats) -> None:
    lane.found(seed, replicate)
    state, people = lane.state, lane.state.people
    for row, week in enumerate(weeks):
        if live(lane.box, week - int(state.firm["week"][0]), 0, len(PHASES), *NOTHING) < week:
            return
        if state.firm["closed"][0] >= 0:
            return
        live(lane.box, 1, 0, PHASES_BEFORE_LEAVING, *NOTHING)
        filled = people.filled & (np.arange(len(people.filled)) < int(state.firm["posts"][0]))
        off = people.rowing @ state.vision < COS60
        # Attention is a half where engagement is at its threshold.
        gone = people.engagement <= state.params["threshold"][0]
        size = lost.shape[1]
        lost[row] = np.bincount(people.department[filled & (off | gone)], minlength=size)
        there[row] = np.bincount(people.department[filled], minlength=size)
        live(lane.box, 1, PHASES_BEFORE_LEAVING, len(PHASES), *NOTHING)
        if state.firm["closed"][0] >= 0:
            return


def lost_share(lost: Floats, there: Floats, without: int | None = None) -> Floats:
    """Return the share of people lost outside one department, (runs, weeks); nan after closing."""
    if without is not None:
        lost, there = np.delete(lost, without, axis=2), np.delete(there, without, axis=2)
    total = there.sum(axis=2)
    with np.errstate(invalid="ignore"):
        return np.where(total > 0, lost.sum(axis=2) / np.where(total > 0, total, 1.0), np.nan)
