"""``coherence facts``: a population beside what is measured about small firms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import note, note_compiling


def facts(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the page, the data and the figure.")
    ] = Path("out/facts"),
    firms: Annotated[int, typer.Option("--firms", min=60, help="How many firms of the population.")] = 300,
    repeats: Annotated[int, typer.Option("--repeats", min=1, help="How often, with other luck.")] = 3,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 1,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Threads.")] = 1,
    fitted_only: Annotated[
        bool, typer.Option("--fitted", help="Only the facts that the population is fitted to.")
    ] = False,
) -> None:
    """Measure the shipped population of small firms beside what is known of real ones."""
    from sim.facts.cohorts import Cohorts
    from sim.facts.fitted import FITTED
    from sim.facts.page import FACTS, measure, write_page
    from sim.facts.table import shipped_firms

    note_compiling(5)
    table = shipped_firms(firms)
    runs = [Cohorts(table, seed + k, jobs) for k in range(repeats)]
    measured = measure(FITTED if fitted_only else FACTS, runs)
    size = len(next(iter(table.values())))
    write_page(measured, out, {"Firms": f"{size}, each with {repeats} lucks", "Seed": str(seed)})
    for m in measured:
        typer.echo(f"{m.fact.id:<5} {m.fact.text:<62} {m.fact.target:>8.3g}  {m.model:>8.3g}  {m.z:+5.1f} sd")
    note(f"Page: {out / 'README.md'}")
