"""Run a scenario once or many times: a scenario and luck in, results out."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sim.measures.series import DEPARTMENT_SERIES
from sim.scenario.distributions import Number
from sim.scenario.model import Scenario
from sim.simulate.batch import Batch, Result, department_names
from sim.simulate.simulation import Simulation
from sim.state import recording
from sim.uncertain import as_arrays, drawn_values


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
    """Run a scenario many times; of an uncertain scenario every replicate is a firm of its own (see `sim.uncertain`).

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
    return _run_all(scenario, which, None, seed, workers, progress, weeks, with_departments)


def run_points(
    scenario: Scenario,
    points: Sequence[Mapping[str, object]],
    seed: int = 0,
    first: int = 0,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    with_departments: bool = False,
) -> Batch:
    """Run a scenario once at each of many points; run i has replicate number first + i.

    Parameters
    ----------
    scenario, seed, workers, progress, with_departments
        As in `run_many`.
    points
        Values by dotted name, as `Simulation.set` takes them: all else is as in the scenario.

    Raises
    ------
    ScenarioError
        If the scenario does not allow a point's values.
    """
    which = np.arange(first, first + len(points))
    return _run_all(scenario, which, points, seed, workers, progress, None, with_departments)


def _run_all(
    scenario: Scenario,
    which: NDArray[np.int64],
    points: Sequence[Mapping[str, object]] | None,
    seed: int,
    workers: int,
    progress: Callable[[int], None] | None,
    weeks: int | None,
    with_departments: bool,
) -> Batch:
    """Run one replicate after another in threads, each with a simulation of its own."""
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed {seed} must be from 0 to 2^63 - 1")
    if len(which) == 0 or which.min() < 0 or which.max() >= 2**47:
        raise ValueError("replicates must be at least one number from 0 to 2^47 - 1")
    weeks = scenario.weeks if weeks is None else weeks
    one = Simulation(scenario, weeks)  # compiles, if need be, before any thread starts
    names = department_names(scenario)
    series, departments = recording(len(which), weeks, len(names))
    if not with_departments:
        departments = np.full((len(which), 0, len(names), len(DEPARTMENT_SERIES)), math.nan)
    closed = np.full(len(which), -1, np.int64)
    firms: list[dict[str, Number]] = [{}] * len(which)
    left = iter(_order(scenario, seed, which))
    lock = threading.Lock()

    def work(simulation: Simulation) -> None:
        while True:
            with lock:
                i = next(left, None)
            if i is None:
                return
            if points is not None:
                simulation.set(points[i])
            closed[i] = simulation.run(seed, int(which[i]), series[i], departments[i])
            firms[i] = simulation.drawn
            if progress is not None:
                progress(1)

    if workers <= 1 or len(which) == 1:
        work(one)
    else:
        every = [one, *(Simulation(scenario, weeks) for _ in range(min(workers, len(which)) - 1))]
        with ThreadPoolExecutor(len(every)) as pool:
            for done in [pool.submit(work, simulation) for simulation in every]:
                done.result()
    return Batch(scenario, seed, which, closed, series, departments, as_arrays(firms))


def _order(scenario: Scenario, seed: int, which: NDArray[np.int64]) -> list[int]:
    """Return the order in which replicates run: one size of firm after the other, or memory would be laid out ever anew."""
    if "headcount" not in scenario.varying:
        return list(range(len(which)))
    sizes = [drawn_values(scenario, seed, replicate)["headcount"] for replicate in which.tolist()]
    return sorted(range(len(which)), key=sizes.__getitem__)
