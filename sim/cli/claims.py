"""``coherence claims``: try what the articles say, and write the ledger."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.terminal import Refused, note, note_compiling


def claims(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[C01 ...]", help="Which claims; left out: all.", show_default=False)
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Few pairs, for directions only; no ablations.")] = False,
    levels: Annotated[bool, typer.Option("--levels", help="Only the table of levels, before any arm runs.")] = False,
    budget: Annotated[
        float,
        typer.Option("--budget", min=0.0, help="Millions of person-weeks that the pairs of a claim may take at most."),
    ] = 100.0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=1024, help="Blocks of runs at the same time.")] = 1,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**63 - 1, help="Where chance starts.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Folder; left out: results/claims, or out/claims-quick."),
    ] = None,
) -> None:
    """Try the claims about strategic coherence on the fitted population, judge them and write the ledger."""
    from sim.claims.criteria import claim_ids
    from sim.claims.ledger import fitted_population, note_levels, prepared_lab, run_claims, scale_of

    known = claim_ids()
    wanted = list(dict.fromkeys(i.upper() for i in ids or known))
    for i in wanted:
        if i not in known:
            raise Refused(f"{i} is not a claim: choose from {', '.join(known)}.")
    place = out or (Path("out/claims-quick") if quick else Path("results/claims"))
    scale = scale_of(quick, budget * 1e6)
    start = time.perf_counter()
    population = fitted_population(seed)
    note_compiling(population.base.dimensions)
    lab = prepared_lab(population, scale, seed, jobs)
    note_levels(lab, scale, place)
    note(f"levels and means: {lab.runs} runs, {time.perf_counter() - start:.0f} s")
    if levels:
        typer.echo(f"Levels: {place / 'levels.md'}")
        return

    def tell(identity: str, entry: dict[str, Any]) -> None:
        pairs = entry["pairs"]
        said = f", {pairs['note']}" if pairs["note"] else ""
        note(f"{identity}: {entry['runs']} runs, {pairs['run']} pairs{said}  ({time.perf_counter() - start:.0f} s)")

    run_claims(wanted, lab, scale, place, tell)
    page = write_ledger(place, wanted)
    typer.echo(f"\nLedger: {page}  ({time.perf_counter() - start:.0f} s)")


def write_ledger(place: Path, changed: list[str]) -> Path:
    """Judge the family, write the page, draw what changed, and say the words."""
    from sim.claims.claim import read_entries
    from sim.claims.figure import claim_figure, expectation, forest_figure, number
    from sim.claims.page import FIRST_PICTURE, write_page

    page = write_page(place)
    entries = read_entries(place)
    for entry in entries:
        if entry["id"] in changed:
            claim_figure(entry, place / entry["id"])
            head = entry["headline"]
            interval = f"{number(head['effect'])} [{number(head['low'])}, {number(head['high'])}]"
            typer.echo(
                f"{entry['id']}  {entry['verdict']:<32}  {interval:<28} {expectation(head):<18} {entry['title']}"
            )
    main = [entry for entry in entries if entry["family"] == "main"]
    if main:
        forest_figure(main, place / FIRST_PICTURE)
    return page
