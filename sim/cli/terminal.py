"""How commands talk: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from sim.errors import CoherenceError

if TYPE_CHECKING:
    from sim.scenario.model import Scenario


class Refused(CoherenceError):  # noqa: N818 - as commands say it
    """Wrong options or arguments of a command."""


class Failed(CoherenceError):  # noqa: N818 - as commands say it
    """A command failed, and the user did nothing wrong."""

    exit_code = 1


class Interrupted(CoherenceError):  # noqa: N818 - as commands say it
    """The user stopped a command that can go on later; the message says how."""

    exit_code = 130


def complain(error: CoherenceError | typer.TyperException) -> int:
    """Print an error on standard error and return the exit status: the only place where commands do so."""
    if isinstance(error, CoherenceError):
        typer.echo(f"coherence: {error}", err=True)
        return error.exit_code
    message = error.format_message().strip()
    near = getattr(error, "possibilities", None)
    if near:
        message = f"{error.message.rstrip('.')}; did you mean {near[0]}?"
    context = getattr(error, "ctx", None)
    if context is not None and "did you mean" not in message.lower():
        message = f"{message.replace('Input should be', 'must be').rstrip('.')} (see: {context.command_path} --help)"
    typer.echo(f"coherence: {message}", err=True)
    return error.exit_code


def note(text: str) -> None:
    """Tell the user what goes on."""
    typer.echo(text, err=True)


def note_compiling(axes: int) -> None:
    """Tell the user what the first run waits for, unless the rules are ready for firms with that many trade-off axes."""
    from sim.warm_up import is_ready

    if not is_ready(axes):
        note("Compiling the model, which takes up to half a minute and is done once per version ...")


@contextmanager
def simulating(total: int, *scenarios: Scenario) -> Iterator[Callable[[int], None]]:
    """Show how many firms of some scenarios are simulated: a bar on a terminal, else a plain line at every quarter.

    The function given is told of further firms done.
    """
    what = "firms simulated"
    for axes in {scenario.dimensions for scenario in scenarios}:
        note_compiling(axes)
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda further: bar.advance(task, further)
        return

    done = 0

    def tell(further: int) -> None:
        nonlocal done
        before, done = 4 * done // total, done + further
        if 4 * done // total > before:
            note(f"{what}: {done} of {total}")

    yield tell
