"""What do firms answer to? Runs the shipped studies and writes tables, figures and a page of findings to ``results/sensitivity/``.

python experiments/sensitivity.py            at full size (ask `coherence sweep --dry-run`)
python experiments/sensitivity.py --modest   at the size of the results in the repository, some minutes
"""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.sensitivity import Findings, advise, discover, read
from sim.sensitivity.report.map_figures import box, heat, phases
from sim.sensitivity.report.tables import markdown, write_csv
from sim.sensitivity.report.write import write_all
from sim.study.results import SweepResults, open_sweep
from sim.study.study import Study, load_study
from sim.study.sweep import sweep
from sim.study.tasks import make_job

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "results" / "sensitivity"
RUN_SECONDS = 0.004
"""A run of thirty people over three years on one core, roughly: for the times on the page."""
CHECKED = 8
"""Runs of each study that are written out, so that a test can make them again."""


class Plan(NamedTuple):
    """A study, the measures that the page tells of, and what is smaller at modest size."""

    name: str
    measures: tuple[str, ...]
    modest: dict[str, int]
    replicates: int


PLANS = (
    Plan("morris_all", ("coherence", "total_thrust", "survived"), {"trajectories": 20}, 3),
    Plan("responses", ("coherence", "total_thrust"), {}, 10),
    Plan("sobol_ten", ("coherence", "total_thrust", "survived"), {"n": 128}, 2),
    Plan("scarcity_agility_clarity_sobol", ("coherence", "total_thrust", "survived"), {"n": 128}, 5),
    Plan("scarcity_agility_clarity", ("coherence", "total_thrust", "survived"), {"levels": 7}, 6),
    Plan("cascade_scarcity_clarity", ("survived", "coherence"), {"levels": 9}, 12),
    Plan("cascade_agility_clarity", ("survived", "coherence"), {"levels": 9}, 12),
)


def study_of(plan: Plan, modest: bool) -> Study:
    """Return a plan's study, at full or modest size."""
    study = load_study(HERE / f"{plan.name}.toml")
    if not modest:
        return study
    return dataclasses.replace(study, design=study.design.model_copy(update=plan.modest), replicates=plan.replicates)


def main(modest: bool, workers: int, results: Path = RESULTS, only: tuple[str, ...] = ()) -> None:
    """Run all studies and write everything."""
    for plan in PLANS:
        if only and plan.name not in only:
            continue
        study = study_of(plan, modest)
        with tempfile.TemporaryDirectory() as scratch:
            sweep(study, Path(scratch) / plan.name, workers=workers)
            done = open_sweep(Path(scratch) / plan.name)
            folder = results / plan.name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            words = "\n".join([f"## {study.title}", "", *_section(plan, done, folder, modest)])
            (folder / "findings.md").write_text(words + "\n", encoding="utf-8")
            _write_runs(done, folder / "runs.csv")
        for drawing in folder.glob("*.svg"):
            drawing.unlink()  # the repository keeps one copy of each figure
        print(f"{plan.name}: {done.points:,} points x {done.replicates} replicates", flush=True)
    _write_page(results)


def _write_page(results: Path) -> None:
    """Put the findings of all studies on one page."""
    page = [
        "# What firms answer to",
        "",
        "Written by `experiments/sensitivity.py`: every number and every verdict on this page is computed. An order that is not",
        "settled is no finding; the verdict says how large the study would have to be.",
    ]
    for plan in PLANS:
        folder = results / plan.name
        if (folder / "findings.md").exists():
            page += ["", (folder / "findings.md").read_text(encoding="utf-8").rstrip(), ""]
            figures = (f"[{path.stem}]({plan.name}/{path.name})" for path in sorted(folder.glob("*.png")))
            page.append(f"Figures: {', '.join(figures)}.")
    (results / "README.md").write_text("\n".join(page) + "\n", encoding="utf-8")


def _section(plan: Plan, done: SweepResults, folder: Path, modest: bool) -> Iterator[str]:
    full = study_of(plan, modest=False)
    runs, all_runs = done.points * done.replicates, make_job(full).runs
    yield f"{done.points:,} points x {done.replicates} replicates = {runs:,} runs ({done.study.design.kind} design, seed {done.study.seed}), {'modest' if modest else 'full'} size."
    if modest:
        yield f"Full size, as in `experiments/{plan.name}.toml`: {all_runs:,} runs, about {_minutes(all_runs)} on two cores."
    for remark in advise(done.study):
        yield f"\nA reviewer would say: {remark}."
    found, _ = write_all(done, folder, plan.measures)
    for f in found:
        yield f"\n{markdown(f, 12)}"
    kind = done.study.design.kind
    if kind == "morris":
        yield _ten(found, load_study(HERE / "sobol_ten.toml").names)
    if kind == "grid":
        yield from _grid(done, folder)
    if plan.name == "sobol_ten":
        sample = read(done, "survived")
        box_found = discover(sample, lambda y: y < 0.5, "more than half of the firms close")
        mean = sample.y[sample.independent.ravel()].mean(axis=1)
        box(sample, box_found, mean < 0.5, folder / "survived-box")
        yield f"\n**Where firms fail** (PRIM). {box_found.text}"


def _grid(done: SweepResults, folder: Path) -> Iterator[str]:
    names = done.study.names
    means = {measure: read(done, measure).y.mean(axis=1) for measure in ("survived", "coherence")}
    columns = [done.design.columns[name] for name in names]
    rows = ([float(c[i]) for c in (*columns, *means.values())] for i in range(done.points))
    write_csv(folder / "cells.csv", [*names, *means], rows)
    survived, coherence = read(done, "survived"), read(done, "coherence")
    if len(names) == 3:
        for across, up in (("scarcity", "founder.clarity"), ("founder.agility", "founder.clarity")):
            heat(coherence, across, up, folder / f"coherence-{across.rpartition('.')[2]}-{up.rpartition('.')[2]}")
        return
    phases(survived, coherence, names[0], names[1], folder / "phases")
    closes = (means["survived"] < 0.5).reshape([len(np.unique(column)) for column in columns])
    yield f"\n**Phases.** In {100 * closes.mean():.0f} % of the cells fewer than half of the firms live."
    first, second = (np.unique(column) for column in columns)
    for j in sorted({0, len(second) // 2, len(second) - 1}):
        lost = first[closes[:, j]]
        said = ", ".join(f"{value:.3g}" for value in lost) if len(lost) else "none"
        yield f"With {names[1]} {second[j]:.3g}, these are at {names[0]} {said}."


def _ten(found: list[Findings], varied: tuple[str, ...]) -> str:
    """Return the ten factors that a screen puts first over some measures, and which of them the study of ten lacks."""
    shares = sum(f.index("mu_star").values / f.index("mu_star").values.max() for f in found) / len(found)
    first = [found[0].names[i] for i in np.argsort(-shares)[:10]]
    lacking = [name for name in first if name not in varied]
    rest = f"`sobol_ten.toml` does not vary {', '.join(lacking)}" if lacking else "`sobol_ten.toml` varies them all"
    return f"\n**The ten** with the largest mu*, as a share of the measure's largest and over these measures alike: {', '.join(first)}; {rest}."


def checked(points: int, replicates: int) -> list[int]:
    """Return the numbers of the runs that are written out, spread over the sweep."""
    runs = points * replicates
    return sorted({int(i) for i in np.linspace(0, runs - 1, CHECKED)})


def _write_runs(done: SweepResults, path: Path) -> None:
    table = done.table()
    rows = table.iloc[checked(done.points, done.replicates)]
    names = ["point", "replicate", *done.study.measures]
    write_csv(
        path,
        names,
        ([int(r["point"]), int(r["replicate"]), *(float(r[m]) for m in names[2:])] for _, r in rows.iterrows()),
    )


def _minutes(runs: int) -> str:
    minutes = runs * RUN_SECONDS / 2 / 60
    return f"{minutes:.0f} minutes" if minutes >= 1.5 else "a minute"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modest", action="store_true", help="at the size of the results in the repository")
    parser.add_argument("-j", "--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--only", action="append", default=[])
    said = parser.parse_args()
    main(said.modest, said.workers, said.out, tuple(said.only))
