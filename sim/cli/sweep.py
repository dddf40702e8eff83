"""``coherence sweep``: all runs of a study, in a folder that survives whatever happens."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.terminal import Interrupted, Refused, note, note_compiling

if TYPE_CHECKING:
    from sim.study.study import Study
    from sim.study.sweep import Progress

EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal."""


def sweep(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="Path of a study, a .toml file.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for the results; left out: out/NAME.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=1024, help="Runs that go on at the same time.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is in DIR.")] = False,
    rerun_failed: Annotated[bool, typer.Option("--rerun-failed", help="Go on, and run again what failed.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it will take, from a few trial runs, and stop.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="Work on a Dask cluster, such as tcp://host:8786, or local."),
    ] = None,
    processes: Annotated[bool, typer.Option("--processes", help="Work in processes rather than threads.")] = False,
) -> None:
    """Run a study: every point of a design, with the same luck at each."""
    if processes and cluster is not None:
        raise Refused("--processes and --cluster exclude each other: a cluster has its own processes.")
    from sim.sensitivity.advice import advise
    from sim.study.study import load_study

    read = load_study(study)
    for remark in advise(read):
        note(f"Note: {remark}.")
    if dry_run:
        typer.echo(_foreseen(read, jobs))
        return
    _sweep(
        read,
        study,
        out if out is not None else Path("out") / study.stem,
        jobs,
        processes,
        cluster,
        resume,
        rerun_failed,
    )


def _sweep(
    study: Study,
    file: Path,
    folder: Path,
    jobs: int,
    processes: bool,
    cluster: str | None,
    resume: bool,
    rerun_failed: bool,
) -> None:
    from sim.study.sweep import sweep as run_sweep

    if study.scenario is not None and cluster in (None, "local"):
        note_compiling(study.scenario.dimensions)
    state: dict[str, Progress] = {}
    again = f"coherence sweep {file} -o {folder} --resume"
    with _interruptible():
        try:
            with _shown(state) as show:
                swept = run_sweep(
                    study,
                    folder,
                    workers=jobs,
                    in_processes=processes,
                    on_cluster=cluster,
                    resume=resume,
                    rerun_failed=rerun_failed,
                    private=_of_a_client(file),
                    progress=show,
                )
        except KeyboardInterrupt:
            said = state.get("last")
            done = f"{said.done:,} of {said.runs:,} runs are safe in {folder}" if said else "nothing was begun"
            raise Interrupted(f"interrupted: {done}; to go on: {again}") from None
    rate = f", {swept.now / swept.seconds:,.0f} a second" if swept.now else ""
    typer.echo(
        f"{swept.runs:,} runs in {folder / 'table.parquet'} ({swept.now:,} now, in {_lasting(swept.seconds)}{rate})"
    )
    if swept.failed:
        note(
            f"{swept.failed:,} of them failed: the column 'error' says why; to run them again: "
            f"coherence sweep {file} -o {folder} --rerun-failed"
        )


def _of_a_client(file: Path) -> bool:
    from sim.cli.run import of_a_client
    from sim.scenario.scenario_file import read

    base = str(read(file).data.get("base", "default"))
    return of_a_client(file.parent / base if base.endswith(".toml") or "/" in base or "\\" in base else base)


def _foreseen(study: Study, jobs: int) -> str:
    from sim.study.forecast import estimate
    from sim.study.tasks import make_job

    if study.scenario is not None:
        note_compiling(study.scenario.dimensions)
    e = estimate(make_job(study), jobs)
    cores = f" ({e.cores} cores are here)" if e.workers > e.cores else ""
    return "\n".join(
        [
            f"study     {study.name}: {study.title}" if study.title else f"study     {study.name}",
            f"design    {study.design.kind}, {len(study.factors)} factors",
            f"runs      {e.points:,} points x {e.replicates:,} replicates = {e.runs:,} runs in {e.parts:,} parts",
            f"memory    about {_size(e.memory)}",
            f"disk      at most {_size(e.disk)}",
            f"time      about {_lasting(e.seconds)} with {e.workers} worker{'s' * (e.workers > 1)}{cores}, "
            f"from {e.trials} trial runs of {1000 * e.run_seconds:.2g} ms",
        ]
    )


@contextmanager
def _interruptible() -> Iterator[None]:
    """Take a polite request to end, such as a batch system's, as Ctrl-C."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _shown(state: dict[str, Progress]) -> Iterator[Callable[[Progress], None]]:
    """Show done, failed, rate and time left: a bar on a terminal, else a plain line now and then."""
    begin = 0.0

    def spent() -> float:
        # The clock starts with the first report: loading and compiling is no measure of what is to come.
        nonlocal begin
        begin = begin or time.monotonic()
        return time.monotonic() - begin

    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[more]}"))
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("runs", total=None, more="")

            def draw(p: Progress) -> None:
                state["last"] = p
                bar.update(task, total=p.runs, completed=p.done, more=_rest(p, spent()))

            yield draw
        return
    told = 0.0

    def tell(p: Progress) -> None:
        nonlocal told
        state["last"] = p
        seconds = spent()
        if seconds - told >= EVERY or (p.done == p.runs and p.now):
            told = seconds
            note(f"runs: {p.done:,} of {p.runs:,}, {_rest(p, seconds)}")

    yield tell


def _rest(p: Progress, seconds: float) -> str:
    rate = p.now / seconds if seconds > 0 else 0.0
    left = f", {_lasting((p.runs - p.done) / rate)} left" if rate > 0 and p.done < p.runs else ""
    return f"{p.failed:,} failed, {rate:,.0f} a second{left}"


def _lasting(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60:,} h {minutes % 60:02d} min"


def _size(count: int) -> str:
    return (
        f"{count / 1e9:.1f} GB"
        if count >= 1e9
        else f"{count / 1e6:.0f} MB"
        if count >= 1e6
        else f"{max(count / 1e3, 1):.0f} kB"
    )
