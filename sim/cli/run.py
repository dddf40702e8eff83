"""``coherence run``: many runs of one scenario, a table, and a folder of results."""

from __future__ import annotations

import re
import shlex
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.terminal import Failed, Refused, note, simulating

if TYPE_CHECKING:
    from sim.report.background_drawing import DrawingRoom
    from sim.report.run_data import Material
    from sim.scenario import Scenario

MOST_RUNS = 1_000_000
PACKAGES = ("numpy", "numba", "mesa", "smb-coherence")


def run(
    scenario: Annotated[
        str, typer.Argument(help="Name of a scenario (see: coherence scenarios) or path of a .toml file.")
    ],
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Change a parameter, such as founder.clarity=0.4; may be repeated."
        ),
    ] = None,
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=1, max=MOST_RUNS, help="How many firms.")] = 100,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**63 - 1, help="Where chance starts.")] = 0,
    weeks: Annotated[int | None, typer.Option("--weeks", "-w", min=1, max=5200, help="Length of a run.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Folder for the results; left out: out/NAME-HASH-SEED."),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=1024, help="Runs that go on at the same time.")] = 1,
    figures: Annotated[bool, typer.Option(help="Draw figures.")] = True,
) -> None:
    """Run a scenario many times and say what came of it."""
    start = time.perf_counter()
    overrides = read_changes(changes or [], weeks)
    with ExitStack() as stack:
        room = None
        if figures:
            from sim.report.background_drawing import DrawingRoom

            room = stack.enter_context(DrawingRoom())  # loads while the model is read and run
        _run(scenario, overrides, replicates, seed, out, jobs, room, start)


def _run(
    name: str,
    overrides: dict[str, object],
    replicates: int,
    seed: int,
    out: Path | None,
    jobs: int,
    room: DrawingRoom | None,
    start: float,
) -> None:
    from sim.output.folder import claim, now, writing

    started = now()
    scenario = read_scenario(name, overrides)
    place = out if out is not None else Path("out") / folder_name(scenario, seed)
    claim(place)

    from sim.output.version import versions_of
    from sim.report.background_drawing import DrawingError
    from sim.report.run_data import gather, view, view_weeks
    from sim.report.table import plain
    from sim.simulate import run_many, snapshots

    with simulating(replicates, scenario) as done:
        batch = run_many(scenario, replicates=replicates, seed=seed, workers=jobs, progress=done)
    material = gather(batch)
    try:
        with writing(place) as partial:
            if room is not None:
                shown = int(material.replicates[material.portrait])
                weeks = view_weeks(material)
                material = replace(material, views=tuple(view(s) for s in snapshots(scenario, seed, shown, weeks)))
                room.draw(material, partial)
            _write(material, partial, figures=room is not None)
            versions, text = versions_of(PACKAGES), plain(material)
            if room is not None:
                room.wait()
            _close(scenario, material, partial, versions, started, start, private=of_a_client(name))
    except DrawingError as error:
        raise Failed(f"{error} (the option --no-figures does without)") from None
    typer.echo(f"{material.title}\n\n{text}\n\nResults: {place}")


def read_scenario(name: str, overrides: dict[str, object] | None = None) -> Scenario:
    """Return a scenario for a command, and say which of its settings do nothing."""
    from sim.scenario import load
    from sim.scenario.description import remarks
    from sim.scenario.errors import ScenarioError

    try:
        scenario = load(name, overrides or None)
    except ScenarioError as error:
        if {"vary", "design"} <= {problem.field.split(".")[0] for problem in error.problems}:
            raise Refused(f"{name} is a study, not a scenario: coherence sweep {name} runs it.") from None
        raise
    for remark in remarks(scenario):
        note(f"Note: {remark}.")
    return scenario


def read_changes(changes: list[str], weeks: int | None) -> dict[str, object]:
    """Return what ``--set`` and ``--weeks`` change, by dotted name; values stay text, which the scenario reads."""
    overrides: dict[str, object] = {}
    for change in changes:
        name, equals, value = (part.strip() for part in change.partition("="))
        if not (name and equals and value):
            raise Refused(f"--set {change!r} must be NAME=VALUE, such as founder.clarity=0.4.")
        if name in overrides:
            raise Refused(f"--set {name} is given twice.")
        overrides[name] = value
    if weeks is not None:
        if "weeks" in overrides:
            raise Refused("--weeks and --set weeks say the same thing twice: give one of them.")
        overrides["weeks"] = weeks
    return overrides


def folder_name(scenario: Scenario, seed: int) -> str:
    """Return NAME-HASH-SEED, with a name that every file system takes."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", scenario.name).strip("-.") or "firm"
    return f"{name}-{scenario.hash}-{seed}"


def _write(material: Material, folder: Path, figures: bool) -> None:
    from sim.report.parquet import write_departments, write_runs, write_series
    from sim.report.summary import summary

    write_runs(material, folder / "runs.parquet")
    write_series(material, folder / "series.parquet")
    write_departments(material, folder / "departments.parquet")
    (folder / "summary.md").write_text(summary(material, figures), encoding="utf-8")


def of_a_client(name: str | Path) -> bool:
    """Return whether a scenario, or one that it extends, lies in a folder that ``coherence import`` wrote."""
    from sim.scenario.scenario_file import sources

    return any((path.parent / "company.json").is_file() for path in sources(name))


def _close(
    scenario: Scenario,
    material: Material,
    folder: Path,
    versions: dict[str, str | None],
    started: str,
    start: float,
    private: bool,
) -> None:
    from sim.output.files import checksums
    from sim.output.folder import write_manifest
    from sim.output.version import code_version
    from sim.scenario.toml_write import everything

    content: dict[str, Any] = {
        "command": shlex.join(["coherence", *sys.argv[1:]]),
        "scenario": everything(scenario),
        "hash": scenario.hash,
        "seed": material.seed,
        "replicates": [int(r) for r in material.replicates],
        "versions": versions,
        "code": code_version(),
        "drawn": {
            name: dict(zip(("low", "median", "high"), ends, strict=True)) for name, ends in material.spread.items()
        },
        "started": started,
        "seconds": round(time.perf_counter() - start, 3),
        "sha256": checksums(folder),
    }
    if private:
        content["private"] = "a client's scenario: not for publication"
    write_manifest(folder, content)
