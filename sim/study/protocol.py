"""What a worker is told, what it answers, and how it sets about it.

A worker knows a study's `Spec`, a small record, and gets `Block` after block.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import CoherenceError
from sim.output.version import code_version
from sim.study.factors import Column, Floats
from sim.study.test_functions import FUNCTIONS

ROOMY = ("people.k_in", "people.k_out", "people.hiring")
"""Parameters for which a state needs room: it is built for the largest that occurs."""


@dataclass(frozen=True)
class Spec:
    """What a worker must know of a study; small, and the same for all its blocks.

    Attributes
    ----------
    scenario : JSON of the base scenario, empty where a function is studied
    weeks, seed, names, measures : as in the study
    room : the largest values that occur of the parameters in `ROOMY`
    function, noise : as in the study
    code : `code_version` of whoever asks
    """

    scenario: str
    weeks: int
    seed: int
    names: tuple[str, ...]
    measures: tuple[str, ...]
    room: tuple[tuple[str, float], ...]
    function: str
    noise: float
    code: str


@dataclass(frozen=True)
class Block:
    """Runs to be made: part number, and by run the point, the replicate and the values of all factors."""

    part: int
    points: NDArray[np.int64]
    replicates: NDArray[np.int64]
    columns: dict[str, Column]


@dataclass(frozen=True)
class Outcome:
    """What a block came to: measures (runs, measures), nan where there is none, and what went wrong, by run."""

    part: int
    measures: Floats
    errors: dict[int, str]


class VersionError(CoherenceError, RuntimeError):
    """A worker runs other code than whoever asks it."""

    exit_code = 1


class Stopped(CoherenceError):  # noqa: N818 - nothing went wrong
    """The sweep was stopped while a block was in hand."""

    exit_code = 130


_own = threading.local()


def work(spec: Spec, block: Block, stop: threading.Event | None = None) -> Outcome:
    """Make the runs of a block.

    Raises
    ------
    VersionError
        If this worker has other code.
    Stopped
        If `stop` was set meanwhile.
    """
    if spec.code != code_version():
        raise VersionError(f"a worker has version {code_version()} of coherence, the sweep has {spec.code}")
    if spec.function:
        return _compute(spec, block)
    from sim.study.runner import Bench  # the engine: functions do without

    bench = getattr(_own, "bench", None)
    if bench is None or bench.spec != spec:
        bench = _own.bench = Bench(spec)
    outcome: Outcome = bench.run(block, stop)
    return outcome


def warm(spec: Spec, block: Block) -> None:
    """Load, or compile, all that runs need, before several workers ask for it at once."""
    if not spec.function:
        from sim.study.runner import Bench

        Bench(spec).warm(block)


def _compute(spec: Spec, block: Block) -> Outcome:
    known = FUNCTIONS[spec.function]
    x = np.full((len(block.points), known.factors), (known.low + known.high) / 2)
    for i in range(known.factors):
        if f"x{i + 1}" in block.columns:
            x[:, i] = block.columns[f"x{i + 1}"]
    y = known.compute(x)
    if spec.noise > 0:
        for replicate in np.unique(block.replicates).tolist():
            here = block.replicates == replicate
            points = block.points[here]
            noise = np.random.default_rng([spec.seed, replicate]).standard_normal(int(points.max()) + 1)
            y[here] += spec.noise * noise[points]
    return Outcome(block.part, y[:, None], {})
