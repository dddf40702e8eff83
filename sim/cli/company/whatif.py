"""``coherence whatif`` and ``coherence compare``: cases against their base, with the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.run import read_changes, read_scenario
from sim.cli.terminal import Refused, note, simulating

if TYPE_CHECKING:
    from sim.company.calibration.stored import Stored
    from sim.company.client_folder import Client
    from sim.company.whatif.cases import Case

Runs = Annotated[int, typer.Option("--replicates", "-n", min=2, max=100_000, help="Pairs of firms with the same luck.")]
Seed = Annotated[int, typer.Option("--seed", "-s", min=0, max=2**62, help="Where chance starts.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=1024, help="Runs that go on at the same time.")]
OutcomeName = Annotated[
    str,
    typer.Option(
        "--outcome", help="What to rank by: cash, customers, open, coherence, engagement, rework, satisfaction."
    ),
]


def whatif(
    client: Annotated[Path, typer.Argument(help="Client folder.")],
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="What the case changes; may be repeated.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="What the case is called.")] = "",
    cost: Annotated[
        float, typer.Option("--cost", min=0, max=1e6, help="What it costs once, in weeks of the firm's cost.")
    ] = 0.0,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="FILE", help="A file of cases with changes, events and costs.")
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option("--budget", min=0, help="Weeks of cost that may be spent: finds the best combination."),
    ] = None,
    tries: Annotated[
        int, typer.Option("--search", min=1, max=10_000, help="Combinations tried within the budget.")
    ] = 40,
    outcome: OutcomeName = "cash",
    replicates: Runs = 200,
    seed: Seed = 0,
    jobs: Jobs = 1,
    calibrated: Annotated[bool, typer.Option(help="Use the calibrated parameters, where there are any.")] = True,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="The key of the pseudonyms, to find names in cases.")
    ] = None,
) -> None:
    """Say what a case changes, for better or worse, and which levers buy most."""
    from sim.company.client_folder import open_client
    from sim.company.importing.import_log import CompanyError
    from sim.company.whatif.cases import make_case, read_cases

    check_outcome(outcome)
    try:
        opened = open_client(client)
        found: list[Case] = read_cases(cases) if cases is not None else []
        if changes:
            entry: dict[str, Any] = {
                "name": name or ", ".join(changes)[:80],
                "cost": cost,
                "set": read_changes(changes, None),
            }
            found.append(make_case(entry, "--set"))
        if not found:
            raise Refused(
                "whatif needs --set NAME=VALUE or --cases FILE (coherence import --template DIR writes an example)."
            )
        if budget is not None and len(found) < 2:
            raise Refused("--budget needs at least two cases to combine.")
        run_cases(
            opened, _without_names(opened, found, key), outcome, budget, tries, replicates, seed, jobs, calibrated
        )
    except CompanyError as error:
        raise Refused(str(error)) from None


def check_outcome(outcome: str) -> None:
    """Refuse an outcome that there is not."""
    from sim.measures.outcomes import OUTCOMES
    from sim.scenario.errors import nearest

    if outcome not in OUTCOMES:
        raise Refused(f"--outcome {outcome!r} is not one{nearest(outcome, OUTCOMES)}")


def _without_names(opened: Client, cases: list[Case], key: Path | None) -> list[Case]:
    """Return cases in which no known name and no e-mail address stands, since the report shows their words."""
    from sim.company.known_names import known_names

    names = known_names(opened.company, key)
    if names.key is None:
        note(
            "The key of the pseudonyms is not here (--key), so the words of cases cannot be searched for names: see that they hold none."
        )
    kept: list[Case] = []
    for number, case in enumerate(cases, 1):
        words = {"name": names.hidden(case.name)[:80], "about": names.hidden(case.about)[:400]}
        if words != {"name": case.name, "about": case.about}:
            note(f"Case {number} names somebody or holds an e-mail address: [name] stands there instead.")
        if words["name"] in {c.name for c in kept}:
            words["name"] = f"{words['name'][:72]} ({number})"
        kept.append(case.model_copy(update=words))
    return kept


def run_cases(
    opened: Client,
    cases: list[Case],
    outcome: str,
    budget: float | None,
    tries: int,
    runs: int,
    seed: int,
    jobs: int,
    calibrated: bool,
) -> None:
    """Run cases on a client folder, print the ranking and keep it there."""
    from sim.company.calibration.stored import stored as stored_calibration
    from sim.company.client_folder import put
    from sim.company.provenance import inputs_of
    from sim.company.report.what_helps import measure_findings
    from sim.company.whatif.cases import Bundle
    from sim.company.whatif.compare import horizons
    from sim.company.whatif.stored import WHATIF, Kept, files, stored
    from sim.company.whatif.whatif import Bench, aligned, best_bundle, table

    for case in cases:
        Bundle((case,)).scenario(opened.scenario)  # what is wrong is said before anything runs
    draws = _draws(stored_calibration(opened)) if calibrated else []
    searched = max(runs // 4, 20) if budget is not None else 0
    total = runs * (1 + len(cases)) + searched * (1 + tries) + 2 * runs * (budget is not None)
    with simulating(total, opened.scenario) as done:
        bench = Bench(opened.scenario, runs, seed, draws, jobs, done)
        found = [bench.find([case]) for case in cases]
        best = best_bundle(bench, cases, budget, outcome, tries, searched) if budget is not None else None
    weeks = horizons(opened.scenario)
    inputs = inputs_of(opened, draws)
    kept = Kept(inputs, outcome, seed, runs, len(draws), tuple(found), budget, tries, best)
    typer.echo(aligned(table(found, outcome, weeks)))
    typer.echo(
        f"\nDifferences to the base, means over n = {runs} pairs with the same luck{' and the same calibrated settings' if draws else ''} (seed {seed}); intervals: paired, 95 %.\n"
    )
    for finding in measure_findings(kept, weeks):
        typer.echo(f"{finding.headline + '. ' if finding.headline else ''}{finding}")
    earlier, stale = stored(opened, inputs)
    if stale:
        note(f"Earlier what-ifs are dropped: {stale} since.")
    put(opened.folder, WHATIF, files(kept.with_earlier(earlier)))
    typer.echo(f"\nKept in {opened.folder / WHATIF}; coherence report {opened.folder} shows it.")


def _draws(calibration: Stored | None) -> list[dict[str, float]]:
    """Return the calibrated sets of parameters in use, and tell the user which are and which are not."""
    if calibration is None:
        return []
    if calibration.stale:
        note(f"The calibration is not used: {calibration.stale} since. Calibrate again.")
    elif not calibration.used:
        why = "its facts do not tell anything" if calibration.summary["fits"] else "the model does not fit this firm"
        note(f"The calibration is not used: {why}.")
    else:
        note(f"Each pair of firms has one of {len(calibration.draws)} calibrated sets of parameters.")
    return calibration.draws


def compare(
    scenarios: Annotated[
        list[str], typer.Argument(help="Two scenarios or more, names or .toml files; the first is the base.")
    ],
    replicates: Runs = 200,
    seed: Seed = 0,
    jobs: Jobs = 1,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write all differences into a .csv file.")
    ] = None,
) -> None:
    """Compare scenarios with the first one, all with the same luck."""
    if len(scenarios) < 2:
        raise Refused("compare needs at least two scenarios; the first is the base.")
    loaded = [read_scenario(s) for s in scenarios]
    from sim.company.whatif.compare import differences, horizons, many
    from sim.company.whatif.whatif import Found, aligned
    from sim.measures.outcomes import OUTCOMES, interval, written

    shared = min(s.weeks for s in loaded)
    with simulating(replicates * len(loaded), *loaded) as done:
        batches = [many(s, replicates, seed, workers=jobs, progress=done) for s in loaded]
    weeks = [w for w in horizons(loaded[0]) if w <= shared] or [shared]
    everything = []
    for scenario, batch in zip(loaded[1:], batches[1:], strict=True):
        found = differences(batches[0], batch, weeks)
        everything.append(Found(scenario.name, "", 0.0, (scenario.name,), tuple(found)))
        typer.echo(f"\n{scenario.title or scenario.name}  against  {loaded[0].title or loaded[0].name}")
        rows = [("Outcome", "After weeks", "Base", "Case", "Difference", "95 % interval", "Chance that it is better")]
        for d in found:
            rows.append((
                f"{OUTCOMES[d.outcome].label} ({OUTCOMES[d.outcome].unit})", str(d.weeks), written(d.base, d.outcome), written(d.case, d.outcome),
                written(d.mean, d.outcome, True), interval(d.low, d.high, d.outcome), f"{100 * d.better:.0f} %",
            ))  # fmt: skip
        typer.echo(aligned(rows))
    typer.echo(f"\nn = {replicates} pairs with the same luck, seed {seed}; intervals: paired, 95 %.")
    if out is not None:
        from sim.company.whatif.stored import table_text
        from sim.output.files import write_whole

        write_whole(out, table_text(everything, seed))
        typer.echo(f"Wrote {out}.")
