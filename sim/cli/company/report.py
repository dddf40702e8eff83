"""``coherence report``: one page to hand over."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from sim.cli.terminal import Failed, Refused, simulating


def report(
    client: Annotated[Path, typer.Argument(help="Client folder.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Where the page goes: .html, or .pdf through a browser.")
    ] = Path("report.html"),
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=2, max=100_000, help="Simulated firms.")] = 200,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**62, help="Where chance starts.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=1024, help="Runs that go on at the same time.")] = 1,
) -> None:
    """Write one self-contained page: findings, numbers, figures, what-ifs, early warnings, assumptions, limits."""
    if out.suffix.lower() not in (".html", ".htm", ".pdf"):
        raise Refused(f"--out {out} must end in .html or .pdf.")
    if out.is_dir():
        raise Refused(f"--out {out} is a folder.")
    from sim.company.client_folder import open_client, remember_report
    from sim.company.report.content import TORNADO_RUNS, make_dossier, tornado_runs
    from sim.company.report.network_data import network_of
    from sim.company.report.page import report as page
    from sim.output.files import replacing, write_whole
    from sim.output.folder import now

    opened = open_client(client)
    total = replicates + tornado_runs(opened.scenario) * min(TORNADO_RUNS, replicates)
    with simulating(total, opened.scenario) as done:
        dossier = make_dossier(opened, replicates, seed, jobs, done)
    text = page(dossier, network_of(client), now()[:10])
    if out.suffix.lower() == ".pdf":
        from sim.company.report.pdf import to_pdf

        with TemporaryDirectory() as folder, replacing(out) as partial:
            page_file = Path(folder) / "report.html"
            page_file.write_text(text, encoding="utf-8")
            try:
                to_pdf(page_file, partial)
            except RuntimeError as error:
                raise Failed(f"{out} was not written: {error}.") from None
    else:
        write_whole(out, text)
    remember_report(client, out)
    typer.echo(f"Wrote {out}. It needs nothing else: send it, open it, or print it on A4.")
