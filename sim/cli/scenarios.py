"""``coherence scenarios``, ``new``, ``check``, ``describe`` and ``schema``: what can be run, and files that say it."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated

import typer

from sim.cli.terminal import Refused, note

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


def scenarios() -> None:
    """List the scenarios that come with the model."""
    from sim.scenario import describe as brief
    from sim.scenario import scenario_names

    listed = [brief(name) for name in scenario_names()]
    if not listed:
        note("There are no scenarios here; coherence new NAME writes one.")
        return
    rows = [("Name", "Title", "Twin"), *((d.name, d.title, d.twin or "") for d in listed)]
    first, last = (max(len(row[i]) for row in rows) for i in (0, 2))
    middle = min(max(len(row[1]) for row in rows), max(get_terminal_size((100, 24)).columns - first - last - 4, 20))
    for name, title, twin in rows:
        typer.echo(f"{name:<{first}}  {textwrap.shorten(title, middle, placeholder='…'):<{middle}}  {twin}".rstrip())


def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario: letters, digits, hyphens, underscores.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file of that name.")] = False,
) -> None:
    """Write NAME.toml into the current folder, ready to be filled in."""
    if not NAME.fullmatch(name):
        raise Refused(
            f"{name!r} cannot be a scenario's name: use up to 60 letters, digits, hyphens and underscores, a letter or digit first."
        )
    from sim.output.files import write_whole
    from sim.scenario import template

    path = Path(f"{name}.toml")
    if path.exists() and not force:
        raise Refused(f"{path} exists: give another name, or --force to overwrite it.")
    write_whole(path, template(name), overwrite=force)
    typer.echo(f"Wrote {path}. Next: coherence check {path}, then coherence run {path}")


def check(
    file: Annotated[str, typer.Argument(help="Path of a .toml file, or name of a scenario.")],
) -> None:
    """Say what a scenario file resolves to, or everything that is wrong with it."""
    from sim.scenario import load
    from sim.scenario.description import resolved

    typer.echo(resolved(load(file)).rstrip("\n"))


def describe(
    name: Annotated[str, typer.Argument(help="Name of a scenario, or path of a .toml file.")],
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Change a parameter; may be repeated.")
    ] = None,
    odd: Annotated[bool, typer.Option("--odd", help="An ODD appendix for a paper, in Markdown.")] = False,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=2**62, help="Seed that the appendix states.")] = 0,
    replicates: Annotated[
        int, typer.Option("--replicates", "-n", min=1, max=1_000_000, help="Replicates that it states.")
    ] = 100,
) -> None:
    """Print what a scenario sets: for reading, or as an appendix that says base, changes, seeds and versions."""
    from sim.cli.run import PACKAGES, read_changes
    from sim.output.version import code_version, package_version, versions_of
    from sim.scenario import load, resolved
    from sim.scenario.odd import odd_appendix
    from sim.scenario.scenario_file import sources

    scenario = load(name, read_changes(changes or [], None) or None)
    if not odd:
        typer.echo(resolved(scenario).rstrip("\n"))
        return
    bases = [(path.name, load(path)) for path in sources(name)[1:]]
    versions = {"smb-coherence": package_version(), "code": code_version(), **versions_of(PACKAGES)}
    typer.echo(odd_appendix(scenario, bases, changes or [], seed, replicates, versions).rstrip("\n"))


def schema(
    study: Annotated[bool, typer.Option("--study", help="The schema of study files instead.")] = False,
) -> None:
    """Print the JSON Schema of scenario files, or of studies, for editors."""
    if study:
        from sim.study.schema import study_schema

        typer.echo(json.dumps(study_schema(), indent=2, ensure_ascii=False))
        return
    from sim.scenario import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
