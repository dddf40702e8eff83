"""All commands of the command line.

A command is a function in a file of its own in this folder, and a line below. Its heavy imports stand inside it, so that
``coherence --help`` and the other commands do not wait for them. Errors of the package
(`sim.errors`) are not caught in commands: `execute` prints them and returns their exit status.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from sim.cli import claims, facts, measures, pack, run, scenarios, sensitivity, sweep, teach
from sim.cli.company import calibrate as company_calibrate
from sim.cli.company import import_ as company_import
from sim.cli.company import report as company_report
from sim.cli.company import whatif as company_whatif
from sim.cli.terminal import complain
from sim.errors import CoherenceError

app = typer.Typer(
    name="coherence",
    help="Simulate how well a small firm pulls in one direction, and what that does to it.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
app.command("run")(run.run)
app.command("sweep")(sweep.sweep)
app.command("sensitivity")(sensitivity.sensitivity)
app.command("scenarios")(scenarios.scenarios)
app.command("new")(scenarios.new)
app.command("check")(scenarios.check)
app.command("describe")(scenarios.describe)
app.command("measures")(measures.measures)
app.command("schema")(scenarios.schema)
app.command("import")(company_import.import_company)
app.command("calibrate")(company_calibrate.calibrate)
app.command("whatif")(company_whatif.whatif)
app.command("compare")(company_whatif.compare)
app.command("report")(company_report.report)
app.command("forget")(company_calibrate.forget)
app.command("facts")(facts.facts)
app.command("claims")(claims.claims)
app.command("pack")(pack.pack)
app.command("reproduce")(pack.reproduce)
app.command("teach")(teach.teach)


def _version(wanted: bool) -> None:
    if wanted:
        from sim.output.version import package_version

        typer.echo(f"coherence {package_version()}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def execute(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; return the exit status, 0 or that of a complaint."""
    try:
        result = app(list(arguments) if arguments is not None else None, prog_name="coherence", standalone_mode=False)
    except (CoherenceError, typer.TyperException) as error:
        return complain(error)
    except typer.Abort:
        raise KeyboardInterrupt from None
    if result == 130:  # typer's word for an interrupt
        raise KeyboardInterrupt
    return result if isinstance(result, int) else 0
