"""``coherence report``: one page to hand over, and its tables."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from sim.cli.terminal import Failed, Refused, note, simulating


def report(
    client: Annotated[Path, typer.Argument(help="Client folder.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Where the page goes: .html, or .pdf through a browser.")
    ] = Path("report.html"),
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=2, max=100_000, help="Simulated firms.")] = 200,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**62, help="Where chance starts.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=1024, help="Runs that go on at the same time.")] = 1,
    consultant: Annotated[str, typer.Option("--consultant", help="Who hands the report over.")] = "",
    logo: Annotated[
        Path | None, typer.Option("--logo", metavar="FILE", help="A picture for the top: .png, .jpg, .svg.")
    ] = None,
    tables: Annotated[
        Path | None, typer.Option("--tables", metavar="FILE", help="Write all tables into an .xlsx file as well.")
    ] = None,
) -> None:
    """Write one self-contained page: findings, numbers, figures, what-ifs, early warnings, assumptions, limits."""
    if out.suffix.lower() not in (".html", ".htm", ".pdf"):
        raise Refused(f"--out {out} must end in .html or .pdf.")
    if tables is not None and tables.suffix.lower() != ".xlsx":
        raise Refused(f"--tables {tables} must end in .xlsx.")
    for place in filter(None, (out, tables)):
        if place.is_dir():
            raise Refused(f"{place} is a folder.")
    from sim.company.client_folder import open_client, remember_report
    from sim.company.report.content import make_content
    from sim.company.report.page import logo_data, rendered
    from sim.company.report.sections import headlines, sections
    from sim.company.report.tornado import RUNS, tornado_runs
    from sim.output.files import write_whole
    from sim.output.folder import now

    opened = open_client(client)
    picture = logo_data(logo) if logo is not None else ""
    total = replicates + tornado_runs(opened.scenario) * min(RUNS, replicates)
    with simulating(total, opened.scenario) as done:
        content = make_content(opened, replicates, seed, jobs, done)
    for sentence in content.dropped:
        note(sentence)
    first, parts = headlines(content), sections(content)
    text = rendered(content, first, parts, now()[:10], consultant, picture)
    if out.suffix.lower() == ".pdf":
        _print(text, out)
    else:
        write_whole(out, text)
    remember_report(client, out)
    typer.echo(f"Wrote {out}. It needs nothing else: send it, open it, or print it on A4.")
    if tables is not None:
        from sim.company.report.excel import workbook

        write_whole(tables, workbook(first, parts))
        remember_report(client, tables)
        typer.echo(f"Wrote {tables}.")


def _print(text: str, out: Path) -> None:
    """Print a page through a browser."""
    from sim.company.report.pdf import to_pdf
    from sim.output.files import replacing

    with TemporaryDirectory() as folder, replacing(out) as partial:
        page = Path(folder) / "report.html"
        page.write_text(text, encoding="utf-8")
        try:
            to_pdf(page, partial)
        except RuntimeError as error:
            raise Failed(f"{out} was not written: {error}.") from None
