"""``coherence calibrate`` and ``coherence forget``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import Refused, simulating


def calibrate(
    client: Annotated[Path, typer.Argument(help="Client folder.")],
    facts: Annotated[
        Path,
        typer.Option("--facts", metavar="FILE", help="Table of fact, value, sd: what was observed, and how surely."),
    ],
    points: Annotated[
        int, typer.Option("--points", min=300, max=1_000_000, help="Runs of the first wave, and of the second.")
    ] = 2000,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**62, help="Where chance starts.")] = 0,
) -> None:
    """Find the parameters that fit what was observed, and say what the data do not tell."""
    from sim.company.calibration.abc import DRAWS, files
    from sim.company.calibration.abc import calibrate as fitted
    from sim.company.calibration.facts import read_facts
    from sim.company.client_folder import open_client, put
    from sim.company.importing.import_log import CompanyError
    from sim.company.whatif.whatif import aligned

    try:
        opened = open_client(client)
        observed = read_facts(facts)
        with simulating(2 * points + DRAWS, opened.scenario) as done:
            found = fitted(opened.scenario, observed, points, seed, progress=done)
        rows = [("Parameter", "Prior", "Posterior median", "90 % of it", "What the data say")]
        for p in found.parameters():
            rows.append((
                p["name"], f"{p['prior_low']:g} to {p['prior_high']:g}", f"{p['median']:.3g}", f"{p['low']:.3g} to {p['high']:.3g}",
                f"{p['says']} ({100 * p['narrowed']:.0f} % narrower)",
            ))  # fmt: skip
        checks = [("Fact", "Observed", "Predicted median", "95 % of predictions", "Fits")]
        for c in found.checks():
            checks.append(
                (
                    c["name"],
                    f"{c['observed']:g} ± {c['sd']:g}",
                    f"{c['median']:.2f}",
                    f"{c['low']:.2f} to {c['high']:.2f}",
                    "yes" if c["fits"] else "no",
                )
            )
        put(opened.folder, "calibration", files(found, opened.scenario))
    except CompanyError as error:
        raise Refused(str(error)) from None
    except ValueError as error:
        raise Refused(f"The firm cannot be calibrated: {error}.") from None
    typer.echo(f"{aligned(rows)}\n\n{aligned(checks)}\n\n{found.verdict()}")
    for one, other, r in found.together():
        typer.echo(f"Only together: {one} and {other} are correlated {r:+.2f} in what is left.")
    typer.echo(f"\n{found.runs} runs, seed {seed}. Kept in {client / 'calibration'}; whatif and report use it.")


def forget(
    client: Annotated[Path, typer.Argument(help="Client folder.")],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="The key, if it is not in its usual place.")
    ] = None,
) -> None:
    """Remove a client folder, all results in it, and the key of its pseudonyms."""
    from sim.company.client_folder import forget as forgotten

    removed, reports = forgotten(client, key)
    for path in removed:
        typer.echo(f"Removed {path}.")
    for path in reports:
        typer.echo(f"Still there: the report {path}. Remove it and its copies yourself.")
    typer.echo("Backups, copies and what was sent on are beyond this command.")
