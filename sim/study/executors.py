"""Who does the work: threads, processes, or a Dask cluster, all seen as an executor of the standard library."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.study.description import SweepError, SweepRefused

if TYPE_CHECKING:
    from sim.study.protocol import Block, Outcome, Spec

AHEAD = 2
"""Blocks given out for each worker: one in hand, one waiting."""
ANSWER = 20.0
"""Seconds in which a scheduler must answer."""


class Executors:
    """An executor of the standard library, and how many blocks it takes at a time.

    Attributes
    ----------
    stop
        Tells threads to put down what they have in hand.
    """

    def __init__(self, executor: Executor, width: Callable[[], int], stop: threading.Event | None = None) -> None:
        self.executor = executor
        self.width = width
        self.stop = stop

    def submit(self, spec: Spec, block: Block) -> Future[Outcome]:
        """Give out a block."""
        from sim.study.worker import work

        return (
            self.executor.submit(work, spec, block, self.stop) if self.stop else self.executor.submit(work, spec, block)
        )


@contextmanager
def threads(workers: int) -> Iterator[Executors]:
    """Work in threads of this process: compiled runs hold no lock."""
    stop = threading.Event()
    pool = ThreadPoolExecutor(workers, "run")
    try:
        yield Executors(pool, lambda: AHEAD * workers, stop)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def processes(workers: int) -> Iterator[Executors]:
    """Work in processes of this machine, started afresh and ended with this one, however it ends."""
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin)
    try:
        yield Executors(pool, lambda: AHEAD * workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def cluster(address: str, workers: int) -> Iterator[Executors]:
    """Work on a Dask cluster: at an address, or ``local``, a cluster of its own on this machine."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise SweepRefused("--cluster needs Dask: pip install 'smb-coherence[cluster]'") from None
    own: Any = None
    try:
        if address == "local":
            own = distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        client = distributed.Client(own or address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise SweepError(f"no Dask scheduler answers at {address}: {str(error) or type(error).__name__}") from None
    try:

        def width() -> int:
            threads_there: int = sum(client.nthreads().values())
            return AHEAD * max(1, threads_there)

        # A worker that dies is no fault of its block's: the scheduler gives it to another one.
        yield Executors(client.get_executor(pure=False, retries=10), width)
    finally:
        client.close()
        if own is not None:
            own.close()


def is_broken(error: BaseException) -> bool:
    """Return whether an error says that workers died, rather than that their work went wrong."""
    return isinstance(error, BrokenProcessPool) or type(error).__name__ in (
        "KilledWorker",
        "CancelledError",
        "FutureCancelledError",
    )
