"""``coherence report``: one page to hand over, and its tables."""

from __future__ import annotations

import os
from pathlib import Path
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
    from sim.company.importing.import_log import CompanyError
    from sim.company.report.content import make_content
    from sim.company.report.page import logo_data, rendered
    from sim.company.report.sections import headlines, sections
    from sim.company.report.tornado import RUNS, tornado_runs
    from sim.output.folder import now

    try:
        opened = open_client(client)
        picture = logo_data(logo) if logo is not None else ""
        total = replicates + tornado_runs(opened.scenario) * min(RUNS, replicates)
        with simulating(total, opened.scenario) as done:
            content = make_content(opened, replicates, seed, jobs, done)
        for sentence in content.dropped:
            note(sentence)
        first, parts = headlines(content), sections(content)
        _write(out, rendered(content, first, parts, now()[:10], consultant, picture).encode())
        remember_report(client, out)
        typer.echo(f"Wrote {out}. It needs nothing else: send it, open it, or print it on A4.")
        if tables is not None:
            from sim.company.report.excel import workbook

            _write(tables, workbook(first, parts))
            remember_report(client, tables)
            typer.echo(f"Wrote {tables}.")
    except CompanyError as error:
        raise Refused(str(error)) from None


def _write(out: Path, content: bytes) -> None:
    """Write a file whole or not at all; a page goes through a browser where a .pdf is wanted."""
    printed = out.suffix.lower() == ".pdf"
    partial = out.with_name(f".{out.stem}.partial-{os.getpid()}{'.html' if printed else out.suffix}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        if printed:
            from sim.company.report.pdf import to_pdf

            to_pdf(partial, out)
        else:
            partial.replace(out)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}.") from None
    except RuntimeError as error:
        raise Failed(f"{out} was not written: {error}.") from None
    finally:
        partial.unlink(missing_ok=True)
