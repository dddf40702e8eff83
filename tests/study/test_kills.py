"""A sweep really killed, at random moments and just as each file appears: it goes on, and its table is the same bytes."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.study.description import SweepRefused
from sim.study.results import open_sweep
from sim.study.study import load_study
from sim.study.sweep import sweep
from tests.study.conftest import table_hash

pytestmark = pytest.mark.slow

STUDY = """
function = "ishigami"
noise = 1.0
design = { kind = "grid", levels = 16 }
replicates = 6
[vary]
x1 = {}
x2 = {}
x3 = {}
"""
APPEARING = (
    ".lock",
    "study.json",
    "parts",
    "design.parquet",
    "parts/part-000000.parquet",
    "table.parquet",
    "manifest.json",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The study's file, and the hash of the table that nothing happened to."""
    folder = tmp_path_factory.mktemp("whole")
    file = folder / "study.toml"
    file.write_text(STUDY)
    sweep(load_study(file), folder / "s")
    return file, table_hash(folder / "s")


def begin(file, out):
    code = "from sim.cli import main; main()"
    command = [sys.executable, "-c", code, "sweep", str(file), "-o", str(out), "-j", "2"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def goes_on(file, out, expected):
    if not (out / "manifest.json").exists():
        with pytest.raises(SweepRefused):
            open_sweep(out)
    sweep(load_study(file), out, resume=True)
    assert table_hash(out) == expected
    open_sweep(out)
    litter = [p for p in out.rglob("*") if p.name.endswith(".partial")]
    assert litter == []


@pytest.mark.parametrize("name", APPEARING)
def test_killed_as_a_file_appears(whole, tmp_path, name):
    file, expected = whole
    out = tmp_path / "s"
    process = begin(file, out)
    until = time.monotonic() + 300
    while not (out / name).exists() and process.poll() is None:
        assert time.monotonic() < until
        os.sched_yield()
    process.kill()
    process.wait()
    out.mkdir(exist_ok=True)
    goes_on(file, out, expected)


@pytest.mark.parametrize("seed", range(20))
def test_killed_at_a_random_moment(whole, tmp_path, seed):
    file, expected = whole
    out = tmp_path / "s"
    process = begin(file, out)
    while not out.exists() and process.poll() is None:
        os.sched_yield()
    begun, moment = time.monotonic(), random.Random(seed).uniform(0, 3)
    while time.monotonic() - begun < moment and process.poll() is None:
        os.sched_yield()
    process.kill()
    process.wait()
    goes_on(file, Path(out), expected)


def test_of_two_at_once_one_is_refused_and_the_other_is_whole(whole, tmp_path):
    file, expected = whole
    out = tmp_path / "s"
    both = [begin(file, out) for _ in range(2)]
    ends = sorted(process.wait() for process in both)
    assert ends == [0, 2]
    assert table_hash(out) == expected
