"""What a result is made from, written so that it stands alone: scenarios, a study and its points, claims."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.bundle.source import Result, read_json, scenario_of
from sim.bundle.unpack import BundleError
from sim.output.version import other_version
from sim.scenario import Scenario, load
from sim.scenario.draws import write_csv
from sim.scenario.parameters import SCARCITY
from sim.scenario.toml_write import everything, toml

SCENARIOS, STUDY, POINTS, CLAIMS = "scenarios", "study.toml", "points.parquet", "claims"


@dataclass(frozen=True)
class Recipe:
    """How a result is made again.

    Attributes
    ----------
    command
        On the command line, in the bundle's folder.
    summary
        In plain words, such as "3 runs with seed 0".
    inputs
        The files that it needs, by name in the bundle, with what each is.
    steps
        For `sim.bundle.reproduce`: plain data.
    """

    command: str
    summary: str
    inputs: Mapping[str, str]
    steps: Mapping[str, Any] = field(default_factory=dict)


def lay_out(result: Result, stage: Path) -> Recipe:
    """Write into a folder all that a result is made from; return how to make it again.

    Raises
    ------
    BundleError
        If that cannot be known any more.
    """
    return {"run": _run, "sweep": _sweep, "claims": _claims}[result.kind](result, stage)


def _run(result: Result, stage: Path) -> Recipe:
    scenario = scenario_of(result.manifest["scenario"], "the manifest", result.made_with)
    name = _write_scenario(scenario, stage, str(result.manifest["hash"]), made_with=result.made_with)
    seed, replicates = int(result.manifest["seed"]), [int(r) for r in result.manifest["replicates"]]
    count = len(replicates)
    if replicates != list(range(count)):
        raise BundleError("the manifest has changed since it was written: replicates must be 0, 1, 2, ...")
    return Recipe(
        f"coherence run {name} --replicates {count} --seed {seed} --out again",
        f"{count:,} run{'s' * (count > 1)} with seed {seed}, replicates 0 to {count - 1}",
        {name: "the scenario in full: every value stands in it"},
        {"scenario": name, "seed": seed, "replicates": count},
    )


def _sweep(result: Result, stage: Path) -> Recipe:
    from sim.study.results import open_sweep
    from sim.study.study import load_study
    from sim.study.study_fields import FromFile
    from sim.study.study_text import written as study_written
    from sim.study.tasks import make_job

    sweep = open_sweep(result.folder)
    study, inputs, name, points = sweep.study, {}, "", ""
    if study.scenario is not None:
        # A scarcity that the study varies must not meet values of the fields that it stands for.
        free = set(SCARCITY) - study.scenario.by_hand if "scarcity" in study.names else set()
        name = _write_scenario(study.scenario, stage, study.scenario.hash, free)
        inputs[name] = "the base scenario in full: every value stands in it"
    if isinstance(study.design, FromFile):
        import pyarrow as pa
        import pyarrow.parquet as pq

        points = POINTS
        pq.write_table(pa.table({n: pa.array(c) for n, c in sweep.design.columns.items()}), stage / POINTS)
        inputs[POINTS] = "the points of the design"
    (stage / STUDY).write_text(study_written(study, name, points), encoding="utf-8")
    inputs[STUDY] = "the study in full: every range and base value stands in it"
    try:
        again = make_job(load_study(stage / STUDY))
    except ValueError as error:
        raise BundleError(f"this version does not understand the study of {result.folder}: {error}") from None
    asked = (study.factors, study.replicates, study.seed, study.measures, sweep.design.hash)
    if asked != (
        again.study.factors,
        again.study.replicates,
        again.study.seed,
        again.study.measures,
        again.design.hash,
    ):
        raise BundleError(f"this version makes other points of the study of {result.folder}: run the sweep again")
    runs = sweep.points * sweep.replicates
    return Recipe(
        f"coherence sweep {STUDY} -o again",
        f"{runs:,} runs: {sweep.points:,} points of a {study.design.kind} design, {sweep.replicates:,} replicates at each, "
        f"seed {study.seed}",
        inputs,
        {"study": STUDY},
    )


def _claims(result: Result, stage: Path) -> Recipe:
    from sim.claims.claim import module_files
    from sim.claims.criteria import criteria_hash, file_of
    from sim.claims.ledger import POPULATION

    inputs: dict[str, str] = {}
    steps: dict[str, Any] = {}
    groups: dict[tuple[bool, int, float], list[str]] = {}
    name = _write_scenario(load(POPULATION), stage, "")
    inputs[name] = "the population of firms that claims are tried on"
    (stage / CLAIMS).mkdir(exist_ok=True)
    for file in result.data:
        verdict = read_json(result.folder / file)
        claim = str(verdict["id"])
        if not file_of(claim).is_file():
            raise BundleError(f"{result.folder / file} judges a claim that this version does not have")
        if verdict["claim"].get("criteria") != criteria_hash(claim):
            raise BundleError(
                f"{result.folder / file} was judged by other criteria for {claim}: run coherence claims again"
            )
        criteria = f"{CLAIMS}/{file_of(claim).name}"
        shutil.copyfile(file_of(claim), stage / criteria)
        inputs[criteria] = f"claim {claim}: what is claimed, its arms, and what must come out"
        quick, seed, budget = bool(verdict["quick"]), int(verdict["seed"]), float(verdict["budget"])
        steps[claim] = {"file": criteria, "quick": quick, "seed": seed, "budget": budget}
        if claim in module_files():
            program = f"{CLAIMS}/{module_files()[claim].name}"
            shutil.copyfile(module_files()[claim], stage / program)
            inputs[program] = f"claim {claim}: measures of its own"
            steps[claim]["program"] = program
        groups.setdefault((quick, seed, budget), []).append(claim)
    commands = [
        f"coherence claims {' '.join(ids)}{' --quick' * quick} --seed {seed}"
        + (f" --budget {budget / 1e6:g}" if not quick else "")
        + " -o again"
        for (quick, seed, budget), ids in groups.items()
    ]
    sizes = "quick designs" if all(quick for quick, *_ in groups) else "full designs"
    summary = f"claims {', '.join(steps)}, {sizes}"
    return Recipe(" && ".join(commands), summary, inputs, {"claims": steps, "population": name})


def _write_scenario(
    scenario: Scenario,
    stage: Path,
    expected: str,
    without: Iterable[str] = (),
    made_with: Mapping[str, str] | None = None,
) -> str:
    """Write a scenario that stands alone, a table of draws beside it; return its name in the bundle."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", scenario.name).strip("-") or "firm"
    name = f"{SCENARIOS}/{stem}.toml"
    path = stage / name
    path.parent.mkdir(exist_ok=True)
    data = everything(scenario, without)
    if scenario.draws is not None:
        data["draws"] = f"{stem}.draws.csv"
        write_csv(scenario.draws, path.with_name(data["draws"]))
    path.write_text(toml(data), encoding="utf-8")
    actual = load(path).hash
    if expected and actual != expected:
        made_with = made_with or {}
        made = other_version(made_with.get("smb-coherence", "another version"), made_with.get("source", ""))
        raise BundleError(
            f"the scenario {scenario.name} is not the one that was run{made}: its hash was {expected}, is {actual}"
        )
    return name
