"""One seed gives one result, bit for bit, in any thread, process, order and number of workers."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sim.scenario import Scenario
from sim.simulate import Batch, Simulation, run, run_many
from sim.state import recording
from tests.engine.firms import digest, firm

ROOT = Path(__file__).parents[2]


def eventful() -> Scenario:
    """Return a firm in which people leave and join, so that there is much for one run to leave behind for the next."""
    return firm(
        {"people.turnover": 0.03, "people.hiring": True, "work.opportunity_rate": 0.1, "money.buffer": 15},
        headcount=14, weeks=50,
        events=[
            {"kind": "merger", "week": 10, "people": 5, "angle": 1, "departments": [{"name": "lab"}]},
            {"kind": "people_turned", "week": 20, "people": 5, "angle": 2},
            {"kind": "founder_leaves", "week": 30},
        ],
    )  # fmt: skip


def digest_of_run(workers: int = 1) -> str:
    return digest(run_many(eventful(), 24, seed=42, workers=workers))


def same(one: Batch, other: Batch) -> bool:
    return digest(one) == digest(other)


@pytest.fixture(scope="module")
def expected() -> str:
    return digest_of_run()


@pytest.mark.parametrize("workers", [1, 2, 8, 100])
def test_threads_change_no_bit(workers: int, expected: str) -> None:
    assert digest_of_run(workers) == expected
    assert digest(run_many(eventful(), 24, seed=43, workers=workers)) != expected


def test_processes_change_no_bit(expected: str) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(digest_of_run, 2).result() == expected


def test_a_fresh_interpreter_changes_no_bit(expected: str) -> None:
    program = "from tests.engine.test_determinism import digest_of_run; print(digest_of_run())"
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == expected


def test_order_and_chunks_of_replicates_change_no_bit() -> None:
    scenario = eventful()
    whole = run_many(scenario, 24, seed=42)
    backwards = run_many(scenario, range(23, -1, -1), seed=42, workers=2)
    np.testing.assert_array_equal(backwards.series[::-1], whole.series)
    np.testing.assert_array_equal(backwards.departments[::-1], whole.departments)
    chunks = [run_many(scenario, range(a, b), seed=42) for a, b in ((0, 1), (1, 8), (8, 24))]
    np.testing.assert_array_equal(np.concatenate([c.series for c in chunks]), whole.series)
    np.testing.assert_array_equal(np.concatenate([c.closed for c in chunks]), whole.closed)
    alone = run(scenario, 42, 17)
    np.testing.assert_array_equal(alone.series["cash"], whole[17].series["cash"])
    again = run_many(scenario, [3, 3, 3], seed=42)
    assert np.array_equal(again.series[0], again.series[2], equal_nan=True)


def test_a_lane_carries_nothing_from_one_run_to_the_next() -> None:
    scenario = eventful()
    lane, other = Simulation(scenario), recording(4, 50, 6)
    series, departments = recording(4, 50, 6)
    for i, seed in enumerate((1, 2, 1, 3)):
        lane.run(seed, 0, series[i], departments[i])
        Simulation(scenario).run(seed, 0, other[0][i], other[1][i])
    np.testing.assert_array_equal(series, other[0])
    np.testing.assert_array_equal(departments, other[1])
    np.testing.assert_array_equal(series[0], series[2])


def test_a_state_full_of_rubbish_founds_the_same_firm() -> None:
    scenario = eventful()
    lane, spoiled = Simulation(scenario), Simulation(scenario)
    state = spoiled.state
    for array in (
        *state.people,
        *state.departments,
        state.values,
        state.now_values,
        state.progress,
        state.scratch,
        state.market,
    ):
        array[...] = 1 if array.dtype.kind in "bi" else 0.7
    (series, other), departments = (recording(1, 50, 6)[0] for _ in range(2)), recording(1, 50, 6)[1]
    lane.run(5, 0, series[0], departments[0])
    spoiled.run(5, 0, other[0], departments[0])
    np.testing.assert_array_equal(series, other)


def test_recording_or_not_and_how_long_the_run_will_be_change_no_bit() -> None:
    scenario = eventful()
    whole = run_many(scenario, 3, seed=9)
    np.testing.assert_array_equal(run_many(scenario, 3, seed=9, with_departments=False).series, whole.series)
    np.testing.assert_array_equal(run_many(scenario, 3, seed=9, weeks=31).series, whole.series[:, :31])
    np.testing.assert_array_equal(run_many(scenario, 3, seed=9, weeks=400).series[:, :50], whole.series)
