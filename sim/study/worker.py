"""What a worker does: runs of firms, or values of a function with known indices, block by block."""

from __future__ import annotations

import threading

import numpy as np

from sim.output.version import code_version
from sim.study.protocol import Block, Outcome, Spec, VersionError
from sim.study.test_functions import FUNCTIONS

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
    from sim.study.runner import Runner  # the engine: functions do without

    runner = getattr(_own, "runner", None)
    if runner is None or (runner.spec is not spec and runner.spec != spec):
        runner = _own.runner = Runner(spec)
    outcome: Outcome = runner.run(block, stop)
    return outcome


def warm(spec: Spec, block: Block) -> None:
    """Load, or compile, all that runs need, before several workers ask for it at once."""
    if not spec.function:
        from sim.study.runner import Runner

        Runner(spec).warm(block)


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
