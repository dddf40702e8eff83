"""``coherence calibrate`` and ``coherence forget``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import Refused, note, simulating


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
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="The key of the pseudonyms, to find names in sources.")
    ] = None,
) -> None:
    """Find the parameters that fit what was observed, and say what the data do not tell."""
    from sim.company.calibration.abc import DRAWS
    from sim.company.calibration.abc import calibrate as fitted
    from sim.company.calibration.facts import Fact, doubts, read_facts
    from sim.company.calibration.stored import CALIBRATION, files
    from sim.company.client_folder import open_client, put
    from sim.company.importing.import_log import CompanyError
    from sim.company.known_names import known_names
    from sim.company.report.plain_words import parameter_words
    from sim.company.whatif.whatif import aligned

    try:
        opened = open_client(client)
        observed = read_facts(facts)
        for doubt in doubts(observed):
            note(doubt)
        names = known_names(opened.company, key)
        if any(f.source for f in observed) and names.key is None:
            note(
                "The key of the pseudonyms is not here (--key), so sources cannot be searched for names: they are left out."
            )
        kept = [Fact(f.name, f.value, f.sd, names.hidden(f.source) if names.key else "") for f in observed]
        with simulating(2 * points + DRAWS, opened.scenario) as done:
            found = fitted(opened.scenario, kept, points, seed, progress=done)
    except CompanyError as error:
        raise Refused(str(error)) from None
    except ValueError as error:
        raise Refused(f"The firm cannot be calibrated: {error}.") from None
    fits = found.fit.fits and found.tells
    put(opened.folder, CALIBRATION, files(found, opened))
    if fits:
        rows = [("Parameter", "Before", "Median after", "90 % of it", "What the data say")]
        for p in found.parameters():
            rows.append((
                parameter_words(p["name"]), f"{p['prior_low']:g} to {p['prior_high']:g}", f"{p['median']:.3g}", f"{p['low']:.3g} to {p['high']:.3g}",
                f"{p['says']} ({100 * p['narrowed']:.0f} % narrower)",
            ))  # fmt: skip
        typer.echo(f"{aligned(rows)}\n")
    checks = [("Fact", "Observed", "Fitted median", "95 % of fitted firms", "Within 2 sd", "Met")]
    for c in found.checks():
        numbers = (
            ("none", "all closed")
            if c["median"] is None
            else (f"{c['median']:.2f}", f"{c['low']:.2f} to {c['high']:.2f}")
        )
        checks.append((
            c["name"], f"{c['observed']:g} ± {c['sd']:g}", *numbers, f"{100 * c['within']:.0f} %", "yes" if c["met"] else "no",
        ))  # fmt: skip
    typer.echo(f"{aligned(checks)}\n\n{parameter_words(found.verdict())}")
    if fits:
        for one, other, r in found.together():
            typer.echo(
                f"Only together: {parameter_words(one)} and {parameter_words(other)} are correlated {r:+.2f} in what is left."
            )
    else:
        typer.echo(found.fit.sentence())
    use = "whatif and report use it." if fits else "whatif and report do not use it, and the report says so."
    typer.echo(f"\n{found.runs} runs, seed {seed}. Kept in {client / CALIBRATION}; {use}")


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
