"""What a sweep will take, before it begins: runs, memory, disk, and a time measured from a few trial runs."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass

import numpy as np

from sim.measures.series import SERIES
from sim.study.tasks import Job

TRIAL_SECONDS, MOST_TRIALS = 2.0, 96
WRITING = 0.01
"""Seconds that a part takes to be written and flushed, assumed: it overlaps with the work where there is a free core."""
USUAL_MEMORY = 300_000_000
"""Bytes that a process with the engine in it holds, as measured on Linux."""


@dataclass(frozen=True)
class Estimate:
    """What a sweep will take.

    Attributes
    ----------
    points, replicates, runs, parts
        How many.
    run_seconds, trials
        Time of one run, measured over so many runs at points spread over the design.
    workers, cores
        Workers asked for; cores that this process may use.
    seconds
        Time of the whole sweep on this machine.
    memory
        Bytes that this process will need, workers in threads included.
    disk
        Bytes of parts and table, at most.
    """

    points: int
    replicates: int
    runs: int
    parts: int
    run_seconds: float
    trials: int
    workers: int
    cores: int
    seconds: float
    memory: int
    disk: int


def estimate(job: Job, workers: int = 1) -> Estimate:
    """Make a few trial runs and say what the whole will take."""
    from sim.study.worker import warm, work

    spread = np.unique(np.linspace(0, job.points - 1, min(job.points, MOST_TRIALS)).astype(np.int64))
    np.random.default_rng(0).shuffle(spread)
    warm(job.spec, job.block_of(spread[:1]))
    work(job.spec, job.block_of(spread[:1]))
    trials, spent = 0, 0.0
    while trials < len(spread) and spent < TRIAL_SECONDS:
        some = spread[trials : trials + max(1, min(8, job.rows))]
        begin = time.perf_counter()
        work(job.spec, job.block_of(some))
        spent += time.perf_counter() - begin
        trials += len(some)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    held = 32 * job.study.weeks * len(SERIES) * 8
    return Estimate(
        points=job.points,
        replicates=job.study.replicates,
        runs=job.runs,
        parts=job.parts,
        run_seconds=spent / trials,
        trials=trials,
        workers=workers,
        cores=cores,
        seconds=job.runs * spent / trials / min(workers, cores) + WRITING * job.parts,
        memory=_memory() + 2 * held * workers,
        disk=2 * 8 * len(job.schema) * job.runs + (2048 + 512 * len(job.schema)) * (job.parts + 2),
    )


def _memory() -> int:
    """Return the most bytes that this process has held; where the system does not say (Windows), a usual number."""
    try:
        import resource
    except ImportError:
        return USUAL_MEMORY
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
