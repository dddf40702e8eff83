"""``coherence pack`` and ``coherence reproduce``: results for publication, and results made again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import Refused, note, note_compiling


def pack(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder that coherence run, sweep or claims wrote.", show_default=False),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Zip file to write; left out: NAME-OF-DIR.zip, here."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file of that name.")] = False,
    invented: Annotated[
        bool, typer.Option("--invented", help="Pack a scenario that looks like a company's: nobody real is meant.")
    ] = False,
) -> None:
    """Bundle a result with all that it takes to make it again."""
    from sim.bundle.pack import pack as bundle

    path = out if out is not None else Path(f"{folder.resolve().name}.zip")
    if path.is_dir() or (path.exists() and not force):
        raise Refused(f"{path} exists: give another name with -o, or --force to overwrite it.")
    packed = bundle(folder, path, invented)
    for remark in packed.remarks:
        note(f"Note: {remark}.")
    typer.echo(f"{packed.path}: {packed.files} files, {_size(packed.size)}\nSHA-256 of the numbers: {packed.hash}")
    note(f"To make them again: coherence reproduce {packed.path}")


def reproduce(
    bundle: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|DIR", help="What coherence pack wrote, or the folder it was unpacked to.", show_default=False
        ),
    ],
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=1024, help="Runs that go on at the same time.")] = 1,
    trust: Annotated[
        bool,
        typer.Option("--trust", help="Run claims of the bundle that this version does not have: they are programs."),
    ] = False,
) -> None:
    """Make the numbers of a bundle again, and say whether they are the same."""
    from sim.bundle.reproduce import opened
    from sim.bundle.reproduce import reproduce as make_again
    from sim.scenario.model import Scenario

    with opened(bundle) as content:
        others = content.other_versions
        for difference in others:
            note(f"Note: {difference}.")
        note_compiling(Scenario().dimensions)
        verdict = make_again(content, jobs, trust, note)
    if verdict.reproduced:
        typer.echo(f"reproduced: {verdict.stated}")
        return
    why = f" (other versions: {'; '.join(others)})" if others else ""
    typer.echo(f"not reproduced: {verdict.differs}{why}")
    raise typer.Exit(1)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
