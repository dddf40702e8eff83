"""``coherence claims``: try what the articles say, and write the ledger."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.terminal import Refused, note, note_compiling

if TYPE_CHECKING:
    from sim.claims.claim import Entry


def claims(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[C01 ...]", help="Which claims; left out: all.", show_default=False)
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Small designs, for directions only; no ablations.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=1024, help="Runs that go on at the same time.")] = 1,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**63 - 1, help="Where chance starts.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Folder; left out: results/claims, or out/claims-quick."),
    ] = None,
) -> None:
    """Try the claims about strategic coherence, judge them and write the ledger."""
    from sim.claims.claim import claim_files, hold, load_claim
    from sim.claims.laboratory import Lab

    files = claim_files()
    wanted = [i.upper() for i in ids or files]
    for i in wanted:
        if i not in files:
            raise Refused(f"{i} is not a claim: choose from {', '.join(files)}.")
    place = out or (Path("out/claims-quick") if quick else Path("results/claims"))
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{place} cannot be written: {error.strerror}.") from None
    lab = Lab(quick, jobs, seed)
    start = time.perf_counter()
    note_compiling(lab.base.dimensions)
    for i in dict.fromkeys(wanted):
        entry = hold(load_claim(files[i]), lab)
        _write(entry, place)
        typer.echo(f"{i}  {entry.judgement.verdict:<11}  {entry.headline!s:<34}  {entry.claim.title}")
        note(f"{i}: {entry.runs} runs in {entry.seconds:.0f} s")
    from sim.claims.page import write_page

    write_page(place)
    typer.echo(f"\nLedger: {place / 'README.md'}  ({time.perf_counter() - start:.0f} s)")


def _write(entry: Entry, place: Path) -> None:
    """Write an entry's verdict and figure, each whole or not at all."""
    import json

    from sim.claims.figure import claim_figure
    from sim.output.files import write_whole

    stem = place / entry.claim.id
    claim_figure(entry, stem)
    text = json.dumps(entry.as_data(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(stem.with_suffix(".json"), text)
