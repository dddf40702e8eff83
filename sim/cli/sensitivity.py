"""``coherence sensitivity``: what a finished sweep says of its parameters, with tables and figures."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.terminal import Refused, note

if TYPE_CHECKING:
    from sim.study.results import SweepResults

CASE = re.compile(r"\s*(\w+)\s*(<|>)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*")


def sensitivity(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished sweep.")],
    method: Annotated[
        list[str] | None,
        typer.Option(
            "--method", "-m",
            help="morris, sobol, fast, anova (grids), rbd_fast, delta or pawn; may be repeated. Left out: what suits the design.",
        ),
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="A measure of the sweep; may be repeated. Left out: all.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for the findings; left out: DIR/sensitivity.")
    ] = None,
    discover: Annotated[
        str | None,
        typer.Option("--discover", metavar="CASE", help="Find where it happens, such as 'survived<0.5': means over replicates."),
    ] = None,
    without_holes: Annotated[
        bool, typer.Option("--without-holes", help="Leave out points with failed runs or absent values, and say so.")
    ] = False,
    figures: Annotated[bool, typer.Option(help="Draw figures.")] = True,
) -> None:  # fmt: skip
    """Say which parameters a sweep's measures answer to, and how sure that is."""
    _analyse(folder, method or [], measure or [], out or folder / "sensitivity", discover, without_holes, figures)


def _analyse(
    folder: Path,
    chosen: list[str],
    measures: list[str],
    out: Path,
    case: str | None,
    without_holes: bool,
    figures: bool,
) -> None:
    from sim.output.folder import write_manifest, writing
    from sim.sensitivity.analysis import METHODS
    from sim.sensitivity.report.tables import markdown, plain
    from sim.sensitivity.report.write import write_all
    from sim.study.results import open_sweep

    for name in chosen:
        if name not in METHODS:
            raise Refused(f"--method {name} is not known: choose among {', '.join(METHODS)}.")
    _parsed(case)
    sweep = open_sweep(folder)
    with writing(out) as partial:
        found, passed = write_all(sweep, partial, measures, chosen, figures, without_holes)
        words = _discover(sweep, case, partial, figures, without_holes) if case else ""
        page = [
            f"# {sweep.study.title or sweep.study.name}",
            *(markdown(f) for f in found),
            *([words] if words else []),
        ]
        (partial / "findings.md").write_text("\n\n".join(page) + "\n", encoding="utf-8")
        content = {
            "command": shlex.join(["coherence", *sys.argv[1:]]),
            "sweep": sweep.key,
            "study": sweep.study.hash,
        }
        write_manifest(partial, content)
    for sentence in passed:
        note(f"Passed over: {sentence}.")
    typer.echo("\n\n".join([*(plain(f) for f in found), *([words] if words else []), f"Findings: {out}"]))


def _discover(sweep: SweepResults, case: str, folder: Path, figures: bool, without_holes: bool) -> str:
    from sim.sensitivity.discovery import discover
    from sim.sensitivity.report.map_figures import box
    from sim.sensitivity.sample import read

    name, sign, value = _parsed(case)
    less, limit = sign == "<", float(value)
    sample = read(sweep, name, without_holes)
    found = discover(sample, lambda y: y < limit if less else y > limit, f"{name} {sign} {value}")
    if figures:
        mean = sample.y[sample.independent.ravel()].mean(axis=1)
        box(sample, found, mean < limit if less else mean > limit, folder / f"{name}-box")
    return found.text


def _parsed(case: str | None) -> tuple[str, str, str]:
    """Return measure, sign and value of a case, before anything is read for it."""
    match = CASE.fullmatch(case) if case else None
    if case and match is None:
        raise Refused(f"--discover {case!r} must be MEASURE<VALUE or MEASURE>VALUE, such as 'survived<0.5'.")
    return (match[1], match[2], match[3]) if match else ("", "", "")
