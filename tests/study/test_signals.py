"""What really happens to a sweep when its process, its disk or its workers are struck."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.study.study import load_study
from sim.study.sweep import sweep
from tests.study.conftest import table_hash

FUNCTION = """
function = "ishigami"
noise = 1.0
design = { kind = "grid", levels = 20 }
replicates = 12
[vary]
x1 = {}
x2 = {}
x3 = {}
"""
FIRMS = """
weeks = 52
measures = ["survived", "coherence", "cash"]
design = { kind = "grid", levels = 10 }
replicates = 2
[constants]
headcount = 8
[vary]
scarcity = {}
founder.clarity = {}
founder.agility = {}
"""


@pytest.fixture(params=[pytest.param("function", marks=pytest.mark.slow), "firms"])
def file(request, tmp_path):
    """A study that takes some seconds."""
    path = tmp_path / "study.toml"
    path.write_text(FUNCTION if request.param == "function" else FIRMS)
    return path


@pytest.fixture
def quick(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(FUNCTION)
    return path


def begin(*arguments, **more):
    code = "import sys; from sim.cli import main; main()"
    command = [sys.executable, "-c", code, "sweep", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def parts(folder):
    return sorted((Path(folder) / "parts").glob("part-*.parquet"))


def wait_for_parts(process, folder, count=3):
    until = time.monotonic() + 300
    while len(parts(folder)) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return the hash of the table of a study that nothing happened to; each study is run once."""
    hashes = {}

    def expected(file):
        text = file.read_text()
        if text not in hashes:
            folder = tmp_path_factory.mktemp("undisturbed") / "s"
            sweep(load_study(file), folder, workers=2)
            hashes[text] = table_hash(folder)
        return hashes[text]

    return expected


def test_a_sweep_that_was_killed_goes_on_and_gives_the_same_bytes(file, tmp_path, undisturbed):
    whole = undisturbed(file)
    out = tmp_path / "s"
    process = begin(file, "-o", out, "-j", 2)
    wait_for_parts(process, out)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    kept = {path: path.read_bytes() for path in parts(out)}
    assert kept
    assert not (out / "table.parquet").exists()
    done = sweep(load_study(file), out, workers=2, resume=True)
    assert done.now < done.runs
    assert all(path.read_bytes() == data for path, data in kept.items())
    assert table_hash(out) == whole


@pytest.mark.parametrize("blow", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_an_interrupt_is_one_sentence_that_says_how_to_go_on(quick, tmp_path, blow, undisturbed):
    out = tmp_path / "s"
    process = begin(quick, "-o", out, "-j", 2)
    wait_for_parts(process, out)
    process.send_signal(blow)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130
    (line,) = [line for line in err.splitlines() if line.startswith("coherence:")]
    assert "runs are safe" in line
    assert line.rstrip(".").endswith(f"coherence sweep {quick} -o {out} --resume")
    assert "Traceback" not in err
    assert not list(out.rglob("*.partial"))
    sweep(load_study(quick), out, resume=True)
    assert table_hash(out) == undisturbed(quick)


def test_worker_processes_end_with_a_parent_that_was_killed(quick, tmp_path):
    out = tmp_path / "s"
    process = begin(quick, "-o", out, "-j", 2, "--processes", start_new_session=True)
    wait_for_parts(process, out)
    process.kill()
    process.communicate()
    until = time.monotonic() + 120
    while _alive(process.pid):
        assert time.monotonic() < until, "orphans work on"
        time.sleep(0.1)


def _alive(session):
    """Return the processes of a session that are not zombies."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


@pytest.mark.slow
def test_worker_processes_that_are_killed_cost_time_not_results(quick, tmp_path, undisturbed):
    out = tmp_path / "s"
    process = begin(quick, "-o", out, "-j", 2, "--processes", start_new_session=True)
    wait_for_parts(process, out)
    workers = [pid for pid in _alive(process.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert workers
    os.kill(int(workers[0]), signal.SIGKILL)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert table_hash(out) == undisturbed(quick)


def test_a_full_disk_is_one_sentence_and_what_was_written_is_whole(quick, tmp_path, undisturbed):
    out = tmp_path / "s"

    def little():
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    process = begin(quick, "-o", out, "-j", 2, preexec_fn=little)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 1, err
    (line,) = [line for line in err.splitlines() if line.startswith("coherence:")]
    assert f"{out} cannot be written: File too large" in line
    assert "Traceback" not in err
    assert not list(out.rglob("*.partial"))
    sweep(load_study(quick), out, resume=True)
    assert table_hash(out) == undisturbed(quick)


@pytest.fixture
def small_disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_fills_up_is_one_sentence_and_the_sweep_goes_on_with_more_room(
    quick, tmp_path, small_disk, undisturbed
):
    out = small_disk / "s"
    process = begin(quick, "-o", out)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 1, err
    assert f"{out} cannot be written: No space left on device" in err
    assert "Traceback" not in err
    subprocess.run(["mount", "-o", "remount,size=100m", small_disk], check=True)
    assert sweep(load_study(quick), out, resume=True).failed == 0
    assert table_hash(out) == undisturbed(quick)


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_must_not_be_written_is_one_sentence(quick, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    process = begin(quick, "-o", tmp_path / "locked" / "s")
    _, err = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "Permission denied" in err


def test_a_place_where_nothing_can_be_written_is_one_sentence(quick):
    process = begin(quick, "-o", "/proc/s")
    _, err = process.communicate(timeout=300)
    assert process.returncode == 1
    assert len(err.strip().splitlines()) == 1
    assert "/proc/s cannot be written" in err
