"""A sweep: all runs of a study, in parts that are never lost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.output.folder import now
from sim.output.version import versions_of
from sim.study.description import SweepError, SweepRefused
from sim.study.executors import Executors, cluster, is_broken, processes, threads
from sim.study.points_file import DesignError
from sim.study.store import Store, holding, one_sentence
from sim.study.study import Study
from sim.study.tasks import Job, make_job

if TYPE_CHECKING:
    from sim.study.protocol import Outcome
    from sim.study.results import SweepResults

MOST_DEATHS = 5
"""Times in a row that a pool of processes may break without a single part done."""
PACKAGES = ("smb-coherence", "numpy", "numba", "scipy", "SALib", "pyarrow")


@dataclass(frozen=True)
class Progress:
    """How far a sweep is: runs in all, done (earlier ones included), done now, and failed."""

    runs: int
    done: int
    now: int
    failed: int


@dataclass(frozen=True)
class Swept:
    """What a sweep came to.

    Attributes
    ----------
    folder : where it is
    runs, failed : all runs, and those that failed
    now : runs made by this call
    seconds : how long this call took
    """

    folder: Path
    runs: int
    failed: int
    now: int
    seconds: float

    @property
    def results(self) -> SweepResults:
        """What came out of it, read from the folder: ``results.table()`` is a data frame with a row per run."""
        from sim.study.results import open_sweep

        return open_sweep(self.folder)


def sweep(
    study: Study,
    folder: str | Path,
    *,
    workers: int = 1,
    in_processes: bool = False,
    on_cluster: str | None = None,
    resume: bool = False,
    rerun_failed: bool = False,
    private: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Swept:
    """Run a study and write its results to a folder; the same bytes in ``table.parquet`` whoever does the work.

    Parameters
    ----------
    study
        What to run.
    folder
        Where to; see `sim.study.store` for what lies in it.
    workers
        How many threads, processes or workers of a local cluster.
    in_processes
        Use processes rather than threads.
    on_cluster
        Address of a Dask scheduler, or ``"local"``.
    resume
        Go on with what is in the folder.
    rerun_failed
        Run again what failed; implies `resume`.
    private
        Say in the manifest that the base scenario is a client's, and not for publication.
    progress
        Called after every part.

    Raises
    ------
    SweepRefused
        If the folder holds something else, or the study or the code have changed.
    SweepError
        If the folder cannot be written or workers keep dying.
    KeyboardInterrupt
        When interrupted; all parts written until then are kept.
    """
    start, started = time.perf_counter(), now()
    try:
        job = make_job(study)
    except DesignError as error:
        raise SweepRefused(str(error)) from None
    folder = Path(folder)
    with holding(folder, job, resume or rerun_failed) as store:
        todo = deque(store.missing())
        bad = {part: count for part in sorted(store.revisions) if (count := store.failed(part))}
        again = set(bad) if rerun_failed else set()
        todo.extend(sorted(again))
        report = _Report(job, store, bad, again, progress)
        if todo:
            _work(
                store, todo, report, _executors(workers, in_processes, on_cluster), warmed=on_cluster in (None, "local")
            )
        with one_sentence(folder):
            failed = store.assemble()
            seconds = time.perf_counter() - start
            versions = versions_of(PACKAGES)
            content: dict[str, Any] = {
                "versions": versions,
                "started": started,
                "seconds": round(seconds, 3),
            }
            if private:
                content["private"] = "a client's scenario: not for publication"
            store.finish(failed, content)
    return Swept(folder, job.runs, failed, report.now, seconds)


class _Report:
    """Counts what is done, and tells."""

    def __init__(
        self, job: Job, store: Store, bad: dict[int, int], again: set[int], progress: Callable[[Progress], None] | None
    ) -> None:
        self.job, self.progress, self.again = job, progress, again
        self.failed = sum(bad.values())
        self.bad = bad
        self.done = sum(self._size(part) for part in store.revisions.keys() - again)
        self.now = 0
        self.tell()

    def _size(self, part: int) -> int:
        first, after = self.job.span(part)
        return after - first

    def add(self, part: int, errors: int) -> None:
        """Count a part that is done."""
        self.failed += errors - self.bad.get(part, 0)
        self.done += self._size(part)
        self.now += self._size(part)
        self.tell()

    def tell(self) -> None:
        if self.progress is not None:
            self.progress(Progress(self.job.runs, self.done, self.now, self.failed))


def _executors(
    workers: int, in_processes: bool, on_cluster: str | None
) -> Callable[[], AbstractContextManager[Executors]]:
    if on_cluster is not None:
        return lambda: cluster(on_cluster, workers)
    return lambda: processes(workers) if in_processes else threads(workers)


def _work(
    store: Store,
    todo: deque[int],
    report: _Report,
    executors: Callable[[], AbstractContextManager[Executors]],
    warmed: bool,
) -> None:
    from sim.study.worker import warm

    if warmed:
        warm(store.job.spec, store.job.block(todo[0]))
    deaths = 0
    while todo:
        before = len(todo)
        try:
            with executors() as pool:
                _drive(store, todo, report, pool)
        except _WorkersDied as error:
            deaths = deaths + 1 if len(todo) == before else 0
            if deaths >= MOST_DEATHS:
                raise SweepError(
                    f"workers keep dying (out of memory?): {store.folder} has {len(store.revisions)} of {store.job.parts} "
                    f"parts; use fewer workers and add --resume ({error})"
                ) from error


class _WorkersDied(Exception):  # noqa: N818 - caught above
    pass


def _drive(store: Store, todo: deque[int], report: _Report, executors: Executors) -> None:
    """Give out parts, few at a time, and write what comes back; what does not come back is in `todo` again."""
    job = store.job
    out: dict[Future[Outcome], int] = {}
    try:
        while todo or out:
            room = executors.width() - len(out)
            while todo and room > 0:
                part = todo.popleft()
                out[_submitted(executors, job, part, todo)] = part
                room -= 1
            for future in wait(out, return_when=FIRST_COMPLETED).done:
                error = future.exception()
                if error is not None:
                    raise _told(error)
                outcome = future.result()
                _keep(store, outcome, again=outcome.part in report.again)
                del out[future]
                report.add(outcome.part, len(outcome.errors))
    finally:
        todo.extendleft(sorted(out.values(), reverse=True))


def _submitted(executors: Executors, job: Job, part: int, todo: deque[int]) -> Future[Outcome]:
    try:
        return executors.submit(job.spec, job.block(part))
    except BaseException as error:
        todo.appendleft(part)
        if is_broken(error):
            raise _WorkersDied(str(error)) from None
        raise


def _told(error: BaseException) -> Exception:
    from sim.study.protocol import VersionError

    if is_broken(error):
        return _WorkersDied(str(error))
    if isinstance(error, VersionError):
        return SweepRefused(f"{error}: install the same version on every worker")
    return SweepError(f"a worker failed outside of any run: {type(error).__name__}: {error}")


def _keep(store: Store, outcome: Outcome, again: bool) -> None:
    rows: Any = store.job.frame(store.job.block(outcome.part), outcome)
    if again and rows.equals(store.read(outcome.part).replace_schema_metadata(rows.schema.metadata)):
        return  # failed as before: there is nothing to add
    store.write(outcome.part, rows)
