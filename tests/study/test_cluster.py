"""Sweeps on Dask: workers that die cost time, not results."""

import os
import signal
import threading
import time

import pytest

from sim.study.description import SweepError
from sim.study.study import study_from
from sim.study.sweep import sweep
from tests.study.conftest import KNOWN, table_hash

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")

LONG = {**KNOWN, "noise": 1.0, "design": {"kind": "sobol", "n": 1024}, "replicates": 16}


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes(known, tmp_path, cluster):
    sweep(known, tmp_path / "a")
    sweep(known, tmp_path / "b", on_cluster=cluster.scheduler_address)
    assert table_hash(tmp_path / "a") == table_hash(tmp_path / "b")


@pytest.mark.slow
def test_a_cluster_worker_that_is_killed_costs_time_not_results(tmp_path, cluster):
    study = study_from(LONG)
    sweep(study, tmp_path / "a")
    with distributed.Client(cluster, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))

    def strike():
        while len(list((tmp_path / "b").rglob("part-*.parquet"))) < 5:
            time.sleep(0.01)
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=strike, daemon=True)
    killer.start()
    sweep(study, tmp_path / "b", on_cluster=cluster.scheduler_address)
    killer.join(10)
    assert not killer.is_alive()
    assert table_hash(tmp_path / "a") == table_hash(tmp_path / "b")


@pytest.mark.slow
def test_firms_on_a_cluster_of_ones_own_give_the_same_bytes(small, tmp_path):
    sweep(small, tmp_path / "a")
    sweep(small, tmp_path / "b", workers=2, on_cluster="local")
    assert table_hash(tmp_path / "a") == table_hash(tmp_path / "b")


def test_a_scheduler_that_does_not_answer_is_one_sentence(known, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.study.executors.ANSWER", 1.0)
    with pytest.raises(SweepError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        sweep(known, tmp_path / "s", on_cluster="tcp://127.0.0.1:1")
