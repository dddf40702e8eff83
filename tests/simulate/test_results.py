"""What runs return can be carried about: pickled, copied, as a table, as labelled arrays."""

import copy
import pickle
import sys

import numpy as np
import pytest

from sim import Scenario, load, run, run_many
from sim.errors import CoherenceError


@pytest.fixture(scope="module")
def batch():
    return run_many(Scenario(weeks=60, scarcity=1.0), 12, seed=3)


@pytest.mark.parametrize("carry", [lambda r: pickle.loads(pickle.dumps(r)), copy.copy, copy.deepcopy])
def test_results_can_be_pickled_and_copied(carry, batch):
    for one in (run(load("bakery"), seed=1, weeks=20), batch[0]):
        other = carry(one)
        assert (other.scenario, other.closed, list(other.series)) == (one.scenario, one.closed, list(one.series))
        assert all(np.array_equal(other.series[name], one.series[name]) for name in one.series)
        with pytest.raises(ValueError, match="read-only"):
            other.series["cash"][0] = 1
    assert np.array_equal(carry(batch).series, batch.series, equal_nan=True)


def test_a_batch_is_a_tidy_table_without_weeks_after_closing(batch):
    frame = batch.to_frame()
    lived = np.where(batch.closed < 0, 60, batch.closed + 1)
    assert len(frame) == lived.sum()
    assert frame.groupby("run").size().tolist() == lived.tolist()
    assert not frame.cash.isna().any()
    row = frame[(frame.replicate == 5) & (frame.week == 1)].iloc[0]
    assert row.cash == batch.of("cash")[5, 1]


def test_a_batch_is_labelled_arrays_with_units(batch):
    data = batch.to_xarray()
    assert data["cash"].sel(replicate=4, week=1) == batch.of("cash")[4, 1]
    assert data["department_engagement"].dims == ("replicate", "week", "department")
    assert data["cash"].attrs["unit"] == "weeks of initial cost"
    assert data.attrs["hash"] == batch.scenario.hash
    without = run_many(Scenario(weeks=5), 2, with_departments=False).to_xarray()
    assert "department" not in without.dims


def test_without_xarray_it_is_said_how_to_get_it(batch, monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(CoherenceError, match=r"needs xarray.*smb-coherence\[xarray\]"):
        batch.to_xarray()
