"""``coherence whatif`` and ``coherence compare``: cases against their base, with the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.run import read_changes, read_scenario
from sim.cli.terminal import Refused, note, simulating

if TYPE_CHECKING:
    from sim.company.whatif.cases import Case
    from sim.company.whatif.whatif import Found

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
        run_cases(opened, found, outcome, budget, tries, replicates, seed, jobs, calibrated)
    except CompanyError as error:
        raise Refused(str(error)) from None


def check_outcome(outcome: str) -> None:
    """Refuse an outcome that there is not."""
    from sim.measures.outcomes import OUTCOMES
    from sim.scenario.errors import nearest

    if outcome not in OUTCOMES:
        raise Refused(f"--outcome {outcome!r} is not one{nearest(outcome, OUTCOMES)}")


def run_cases(
    opened: Any,
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
    import json

    from sim.company.calibration.abc import stored_draws
    from sim.company.client_folder import put
    from sim.company.whatif.cases import Bundle
    from sim.company.whatif.compare import horizons
    from sim.company.whatif.whatif import Bench, aligned, best_bundle, table

    for case in cases:
        Bundle((case,)).scenario(opened.scenario)  # what is wrong is said before anything runs
    draws = stored_draws(opened.folder, runs) if calibrated else ()
    if draws:
        note(f"Each pair of firms has one of {len(draws)} calibrated sets of parameters.")
    searched = max(runs // 4, 20) if budget is not None else 0
    total = runs * (1 + len(cases)) + searched * (1 + tries) + 2 * runs * (budget is not None)
    with simulating(total, opened.scenario) as done:
        bench = Bench(opened.scenario, runs, seed, draws, jobs, done)
        found = [bench.find([case]) for case in cases]
        best = best_bundle(bench, cases, budget, outcome, tries, searched) if budget is not None else None
    weeks = horizons(opened.scenario)
    typer.echo(aligned(table(found, outcome, weeks)))
    typer.echo(
        f"\nDifferences to the base, means over n = {runs} pairs with the same luck (seed {seed}); intervals: paired t, 95 %."
    )
    if budget is not None:
        typer.echo("")
        typer.echo(_best_words(best, budget, tries, searched, outcome, weeks[-1]))
    content = {
        "base": opened.scenario.hash, "outcome": outcome, "seed": seed, "runs": runs, "draws": len(draws), "budget": budget, "tries": tries,
        "found": [f.plain() for f in found], "best": best.plain() if best else None,
    }  # fmt: skip
    kept = _kept(opened, content)
    put(
        opened.folder,
        "whatif",
        {"whatif.json": json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "whatif.csv": _csv(kept)},
    )
    typer.echo(f"Kept in {opened.folder / 'whatif'}; coherence report {opened.folder} shows it.")


def _kept(opened: Any, content: dict[str, Any]) -> dict[str, Any]:
    """Return results together with earlier ones of the same base and luck."""
    from sim.company.report.content import stored_whatif

    before = stored_whatif(opened.folder)
    if before is None or any(before.get(k) != content[k] for k in ("base", "seed", "runs", "draws")):
        return content
    names = {f["name"] for f in content["found"]}
    content["found"] = [f for f in before["found"] if f["name"] not in names] + content["found"]
    if content["best"] is None and content["budget"] is None:
        content |= {k: before[k] for k in ("best", "budget", "tries")}
    return content


def _csv(content: dict[str, Any]) -> str:
    import csv
    import io

    from sim.company.importing.privacy import harmless

    stream = io.StringIO(newline="")
    out = csv.writer(stream)
    out.writerow(
        [
            "case",
            "cost_weeks",
            "outcome",
            "weeks",
            "base",
            "case_mean",
            "difference",
            "low95",
            "high95",
            "chance_better",
            "pairs",
            "seed",
        ]
    )
    for f in content["found"] + ([content["best"]] if content["best"] else []):
        for d in f["differences"]:
            row = [
                f["name"],
                f["cost"],
                d["outcome"],
                d["weeks"],
                d["base"],
                d["case"],
                d["mean"],
                d["low"],
                d["high"],
                d["better"],
                d["n"],
                content["seed"],
            ]
            out.writerow([harmless(cell) for cell in row])
    return stream.getvalue()


def _best_words(best: Found | None, budget: float, tries: int, runs: int, outcome: str, weeks: int) -> str:
    from sim.measures.outcomes import OUTCOMES, interval, written

    if best is None:
        return (
            f"No combination within {budget:g} weeks of cost did better than the base in {tries} tries of {runs} runs."
        )
    d = best.at(outcome, weeks)
    return (
        f"Best combination found within {budget:g} weeks of cost ({tries} tries of {runs} runs, then {d.n} fresh pairs): {best.name}. It costs {best.cost:.1f}; "
        f"{OUTCOMES[outcome].label.lower()} after {weeks} weeks {written(d.mean, outcome, True)} "
        f"(95 % interval {interval(d.low, d.high, outcome)}), better than the base in {100 * d.better:.0f} % of the pairs."
    )


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
    typer.echo(f"\nn = {replicates} pairs with the same luck, seed {seed}; intervals: paired t, 95 %.")
    if out is not None:
        content = {"found": [f.plain() for f in everything], "best": None, "seed": seed}
        from sim.output.files import write_whole

        write_whole(out, _csv(content))
        typer.echo(f"Wrote {out}.")
