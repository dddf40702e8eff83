import json
import os
import time
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.simulate import Simulation, run
from sim.study.description import SweepRefused
from sim.study.results import open_sweep
from sim.study.study import study_from
from sim.study.sweep import sweep
from sim.study.tasks import make_job
from tests.study.conftest import KNOWN, table_hash


@pytest.fixture(scope="module")
def reference(small, tmp_path_factory):
    """The hash of the small study's table, run by one thread."""
    folder = tmp_path_factory.mktemp("reference") / "sweep"
    sweep(small, folder)
    return table_hash(folder)


@pytest.mark.parametrize("workers", [2, 8])
def test_any_number_of_workers_gives_the_same_bytes(small, tmp_path, reference, workers):
    sweep(small, tmp_path / "s", workers=workers)
    assert table_hash(tmp_path / "s") == reference


def test_processes_give_the_same_bytes_as_threads(small, tmp_path, reference):
    sweep(small, tmp_path / "s", workers=2, in_processes=True)
    assert table_hash(tmp_path / "s") == reference


def test_a_sweep_cut_short_and_resumed_gives_the_same_bytes(small, tmp_path, reference):
    seen = []

    def cut(progress):
        seen.append(progress)
        if progress.now >= 64:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(small, tmp_path / "s", workers=2, progress=cut)
    assert not (tmp_path / "s" / "table.parquet").exists()
    with pytest.raises(SweepRefused, match="not finished"):
        open_sweep(tmp_path / "s")
    done = sweep(small, tmp_path / "s", resume=True)
    assert done.now < done.runs
    assert table_hash(tmp_path / "s") == reference
    assert sweep(small, tmp_path / "s", resume=True).now == 0


def test_a_cut_sweep_is_a_fair_sample(small):
    """Every point's first replicate comes before any second one."""
    job = make_job(small)
    blocks = [job.block(part) for part in range(job.parts)]
    order = np.concatenate([b.replicates for b in blocks]), np.concatenate([b.points for b in blocks])
    assert (np.lexsort(order[::-1]) == np.arange(job.runs)).all()


def test_the_table_holds_what_single_runs_give(small, tmp_path):
    sweep(small, tmp_path / "s")
    saved = open_sweep(tmp_path / "s")
    table = saved.table()
    assert len(table) == 80 * 3
    row = table[(table.point == 17) & (table.replicate == 2)].iloc[0]
    values = {name: row[name] for name in small.names if name != "dummy"}
    result = run(small.scenario.replace(values), small.seed, 2)
    assert row.cash == result.series["cash"][-1]
    assert saved.outcomes("cash")[17, 2] == row.cash
    assert np.array_equal(saved.outcomes("cash"), table.cash.to_numpy().reshape(3, 80).T)


def test_a_sweep_can_be_read_without_its_study_file(small, tmp_path):
    sweep(small, tmp_path / "s")
    saved, job = open_sweep(tmp_path / "s"), make_job(small)
    assert saved.study.hash == small.hash
    assert saved.design.hash == job.design.hash
    assert np.array_equal(saved.design.unit, job.design.unit)
    assert saved.key == job.key
    assert saved.design.problem["names"] == list(small.names)
    assert saved.failed == 0
    with pytest.raises(SweepRefused, match="did you mean 'cash'"):
        saved.outcomes("chas")


def test_every_column_is_documented_in_the_file_and_in_the_study(small, tmp_path):
    sweep(small, tmp_path / "s")
    schema = pq.read_schema(tmp_path / "s" / "table.parquet")
    said = json.loads((tmp_path / "s" / "study.json").read_text())["columns"]
    assert [*said] == schema.names
    assert all(schema.field(name).metadata[b"meaning"] for name in schema.names)
    assert schema.field("founder.cadence").metadata[b"unit"] == b"weeks"


def test_texts_and_switches_reach_the_table(tmp_path):
    vary = {"departments.sales.role": {"values": ["promise", "support"]}, "people.hiring": {}}
    study = study_from({"weeks": 4, "design": {"kind": "grid"}, "vary": vary})
    sweep(study, tmp_path / "s")
    saved = open_sweep(tmp_path / "s")
    assert saved.table()["departments.sales.role"].tolist() == ["promise"] * 2 + ["support"] * 2
    assert saved.table()["people.hiring"].tolist() == [False, True] * 2
    assert saved.design.numbers[:, 0].tolist() == [0, 0, 1, 1]


def test_failures_are_recorded_and_can_be_run_again(small, tmp_path, reference, monkeypatch):
    whole = Simulation.run

    def fragile(self, seed, replicate, *more):
        if replicate == 1 and self.state.plan.values[0] > -1 and self.runs % 7 == 0:
            self.runs += 1
            raise MemoryError("no room")
        self.runs += 1
        return whole(self, seed, replicate, *more)

    monkeypatch.setattr(Simulation, "runs", 0, raising=False)
    monkeypatch.setattr(Simulation, "run", fragile)
    done = sweep(small, tmp_path / "s")
    assert done.failed > 0
    saved = open_sweep(tmp_path / "s")
    rows = saved.failures()
    assert len(rows) == done.failed == saved.failed
    assert rows[0]["error"] == "MemoryError: no room"
    assert rows[0]["replicate"] == 1
    assert rows[0]["scarcity"] == saved.design.columns["scarcity"][rows[0]["point"]]
    assert rows[0]["cash"] is None
    assert np.isnan(saved.outcomes("cash")).sum() == done.failed
    monkeypatch.undo()
    assert sweep(small, tmp_path / "s", resume=True).failed == done.failed
    again = sweep(small, tmp_path / "s", rerun_failed=True)
    assert again.failed == 0
    assert 0 < again.now < again.runs
    assert table_hash(tmp_path / "s") == reference
    assert open_sweep(tmp_path / "s").failed == 0


def test_what_fails_again_adds_nothing(tmp_path):
    vary = {
        "headcount": {"low": 8, "high": 30},
        "departments.sales.headcount": {"kind": "integer", "low": 1, "high": 20},
    }
    study = study_from({"weeks": 3, "design": {"kind": "lhs", "n": 40}, "vary": vary})
    first = sweep(study, tmp_path / "s")
    before = table_hash(tmp_path / "s"), sorted((tmp_path / "s" / "parts").iterdir())
    again = sweep(study, tmp_path / "s", rerun_failed=True)
    assert again.failed == first.failed > 0
    assert (table_hash(tmp_path / "s"), sorted((tmp_path / "s" / "parts").iterdir())) == before


def test_progress_counts_what_was_there_before(known, tmp_path):
    told = []
    sweep(known, tmp_path / "s", progress=told.append)
    assert told[0].done == 0
    assert told[-1].done == told[-1].now == told[-1].runs == 64 * 8 * 4
    told.clear()
    sweep(known, tmp_path / "s", resume=True, progress=told.append)
    assert told[0].done == told[0].runs


def test_known_functions_go_through_the_same_pipeline(tmp_path):
    study = study_from({**KNOWN, "noise": 0.0})
    sweep(study, tmp_path / "s")
    saved = open_sweep(tmp_path / "s")
    x1, x2, x3 = saved.design.numbers.T
    expected = np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    assert np.allclose(saved.outcomes("y"), expected[:, None])
    noisy = study_from(KNOWN)
    sweep(noisy, tmp_path / "n", workers=2)
    noise = open_sweep(tmp_path / "n").outcomes("y") - expected[:, None]
    assert noise.std() == pytest.approx(0.5, rel=0.1)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.15


def test_more_runs_need_no_more_memory_than_their_design(known, tmp_path):
    """With many replicates at few points, what stays in the parent does not grow."""
    import tracemalloc

    sweep(replace(known, replicates=1), tmp_path / "0")
    peaks = []
    for replicates in (20, 100):
        tracemalloc.start()
        sweep(replace(known, replicates=replicates, noise=0.0), tmp_path / str(replicates))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000


def test_small_studies_have_small_parts_and_large_firms_fewer_runs_in_each(small):
    job = make_job(small)
    assert job.rows == 16
    large = make_job(replace(small, scenario=small.scenario.replace({"headcount": 5000, "weeks": 520})))
    assert large.rows == 1
    assert make_job(replace(small, replicates=10_000)).rows == 256


@pytest.mark.slow
@pytest.mark.skipif((os.cpu_count() or 1) < 2 or os.getloadavg()[0] > 0.7, reason="needs two idle cores")
def test_two_workers_do_nearly_twice_the_work_of_one(tmp_path):
    study = study_from(
        {"design": {"kind": "lhs", "n": 512}, "replicates": 6, "vary": {"scarcity": {}, "founder.clarity": {}}}
    )

    def rate(workers, name):
        marks = []
        sweep(study, tmp_path / name, workers=workers, progress=lambda p: marks.append((p.now, time.perf_counter())))
        return (marks[-1][0] - marks[0][0]) / (marks[-1][1] - marks[0][1])

    one = max(rate(1, f"one {i}") for i in range(2))
    two = max(rate(2, f"two {i}") for i in range(2))
    assert two > 1.8 * one
