"""Compiled code made ready: where nothing is in the cache yet, two processes compile at once.

Compiling is mostly numba's own Python, so threads would not help. A helper process compiles some of the rules into the
cache while this one compiles the others; what either lacks at the end it takes from the cache. Should the helper fail,
this process compiles everything.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.engine.compile import PLAIN, cache_folder, patient
from sim.rules.events import events_strike
from sim.rules.founding import found, hire
from sim.rules.money import customers_decide
from sim.rules.people import people_come_and_go, people_row
from sim.rules.week import PHASES
from sim.scenario.model import Scenario
from sim.state import State, make_state
from sim.state.box import box_type

HELPED = (events_strike, hire, people_come_and_go, people_row, customers_decide)
"""The phases that the helper compiles, after `found`: with it about half of the work."""


def is_ready(axes: int) -> bool:
    """Return whether the rules lie compiled in the cache for firms with a number of trade-off axes."""
    return _mark(axes).exists()


@contextmanager
def made_ready(state: State) -> Iterator[None]:
    """Have all rules compiled for a state's number of axes; what runs inside for the first time compiles what is left.

    Only where the code inside ends without an error is the cache taken for complete from then on.
    """
    mark = _mark(len(state.axes))
    if PLAIN or mark.exists():
        yield
        return
    helper = _start(len(state.axes)) if (os.cpu_count() or 1) > 1 else None
    with patient():
        try:
            if helper is not None:
                box = box_type(state)
                for phase in PHASES:
                    if phase not in HELPED:
                        _compile(phase, box)
                helper.wait()
            yield
        finally:
            if helper is not None:
                helper.kill()
                helper.wait()
    mark.touch()


def _mark(axes: int) -> Path:
    """Return the file that says that the cache is complete; numba keeps code by the package's path, so the name tells that too."""
    place = hashlib.sha256(str(Path(__file__).parent).encode()).hexdigest()[:16]
    return cache_folder() / f"ready-{axes}-axes-{place}"


def _start(axes: int) -> subprocess.Popen[bytes] | None:
    above = str(Path(__file__).parents[1])
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (above, os.environ.get("PYTHONPATH"))))}
    try:
        return subprocess.Popen(
            # -P: what stands in the present folder, a sim.py of the user's say, is not ours and must not run.
            [sys.executable, "-P", "-m", "sim.warm_up", str(axes)],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None


def _compile(function: Any, *types: Any) -> None:
    function.compile(types)


def _help(axes: int) -> None:
    """Compile the helper's share into the cache."""
    from numba import int64

    state = make_state(Scenario(axes=tuple(f"left {i} - right {i}" for i in range(axes)), weeks=1))
    box = box_type(state)
    with patient():
        _compile(found, box, int64, int64)
        for phase in HELPED:
            _compile(phase, box)


if __name__ == "__main__":
    _help(int(sys.argv[1]))
