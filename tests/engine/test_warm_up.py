"""Compiling with two processes gives what one gives; several at once do not mix up what they keep."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from sim import warm_up
from sim.engine.compile import compiled
from sim.scenario import Scenario
from sim.simulate import Simulation, run
from sim.state import boxed, make_state
from sim.state.box import box_type

TWICE = """
from sim.engine.compile import compiled


@compiled
def doubled(x):
    return x + x
"""


@pytest.mark.parametrize("axes", [2, 5])
def test_the_type_of_a_box_is_known_before_it_is_made(axes: int) -> None:
    state = make_state(Scenario(axes=tuple(f"left {i} - right {i}" for i in range(axes)), weeks=1))
    assert box_type(state) == numba.typeof(boxed(state))


def test_the_helper_compiles_phases_of_the_week() -> None:
    assert set(warm_up.HELPED) < set(warm_up.PHASES)


@pytest.mark.parametrize("helper", [None, ["-c", "raise SystemExit(1)"]])
def test_without_a_helper_one_process_does_it_all(helper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = None if helper is None else subprocess.Popen([sys.executable, *helper])
    monkeypatch.setattr(warm_up, "_start", lambda axes: started)
    monkeypatch.setattr(warm_up, "_mark", lambda axes: tmp_path / "ready")
    lane = Simulation(Scenario(weeks=3))
    assert (tmp_path / "ready").exists()
    assert lane.run(0, 0) == (-1 if run(Scenario(weeks=3)).survived else 0)


def test_a_failure_inside_leaves_no_mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(warm_up, "_start", lambda axes: None)
    monkeypatch.setattr(warm_up, "_mark", lambda axes: tmp_path / "ready")
    with pytest.raises(RuntimeError, match="broken"), warm_up.made_ready(make_state(Scenario(weeks=1))):
        raise RuntimeError("broken")
    assert not (tmp_path / "ready").exists()


def test_processes_that_compile_at_once_do_not_take_each_others_code(tmp_path: Path) -> None:
    # Each compiles for another type; numba alone would let both write file number 1, and one be given the other's code.
    (tmp_path / "twice.py").write_text(TWICE)
    env = os.environ | {
        "COHERENCE_CACHE": str(tmp_path / "cache"),
        "PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path)),
    }
    ask = "import sys, twice; print(twice.doubled(eval(sys.argv[1])))"
    begun = [
        subprocess.Popen([sys.executable, "-c", ask, x], env=env, stdout=subprocess.PIPE, text=True)
        for x in ("3", "2.5")
    ]
    assert [process.communicate()[0].strip() for process in begun] == ["6", "5.0"]
    both = subprocess.run(
        [sys.executable, "-c", f"{ask}; print(twice.doubled(3))", "2.5"],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert both.stdout.split() == ["5.0", "6"]


def test_no_two_compiled_versions_share_a_file() -> None:
    doubled = compiled(lambda x: x + x)
    names = {doubled._cache._cache_file._data_name(1) for _ in range(100)}
    assert len(names) == 100
