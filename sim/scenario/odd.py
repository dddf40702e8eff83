"""One scenario for the appendix of a paper: what the ODD protocol asks of an application of a model that is published.

The model's own description is ``sim/MODEL.md``, after Grimm et al. (2020), "The ODD protocol for describing agent-based and
other simulation models: a second update", JASSS 23(2) 7. The appendix says what this scenario adds to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim.scenario.description import differences, events_in_words
from sim.scenario.errors import number, shown
from sim.scenario.model import Scenario
from sim.scenario.parameters import GROUPS


def odd_appendix(
    scenario: Scenario,
    bases: Sequence[tuple[str, Scenario]] = (),
    overrides: Iterable[str] = (),
    seed: int = 0,
    replicates: int = 100,
    versions: Mapping[str, str | None] | None = None,
) -> str:
    """Return the ODD appendix of a scenario, in Markdown.

    Parameters
    ----------
    scenario
        What was run.
    bases
        Names and scenarios that it extends, its own base first.
    overrides
        What was set beside the file, in words such as ``founder.clarity=0.4``.
    seed, replicates
        Which luck: replicates 0, 1, ... of a seed.
    versions
        Of the package, its code and what is below.

    Examples
    --------
    >>> page = odd_appendix(Scenario(name="talkative").replace({"founder.cadence": 1}), seed=3, replicates=50)
    >>> print(page.split("\\n\\n")[0])
    # ODD appendix: talkative
    """
    parts = [
        f"# ODD appendix: {scenario.title or scenario.name}",
        "This page says what the scenario adds to the model's description (`sim/MODEL.md`, ODD protocol of Grimm et al. 2020). "
        "Everything that it does not name is as described there, at its default.",
        "## Purpose",
        scenario.story or "No purpose is stated in the scenario.",
        "## Entities, scales and initialization",
        _scales(scenario),
        _departments(scenario),
        "## Base, and what changed",
        _bases(scenario, bases, overrides),
        _changes(scenario, bases),
        "## Input: events",
        "\n".join(f"- week {week}: {text}" for week, text in events_in_words(scenario)) or "None.",
        "## What differs between firms",
        _uncertain(scenario),
        "## Stochasticity and replication",
        _luck(scenario, seed, replicates),
        "## Versions",
        "\n".join(f"- {name}: {value or 'not installed'}" for name, value in (versions or {}).items())
        or "Not recorded.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _scales(scenario: Scenario) -> str:
    past = f", after {scenario.spin_up} weeks of past that are not recorded" if scenario.spin_up else ""
    links = "given" if scenario.links is not None else "drawn (people.k_in, people.k_out)"
    first = scenario.axes[0].split(" - ")[0].strip()
    return (
        f"One firm of {scenario.posts} people in {len(scenario.departments)} departments at the founding; a step is a week; "
        f"{scenario.weeks} weeks{past}. Directions have {scenario.dimensions} axes: {'; '.join(scenario.axes)}. The vision, the "
        f'market and the industry norm start at the pole "{first}". Who listens to whom is {links}. '
        f"Content hash {scenario.hash}."
    )


def _departments(scenario: Scenario) -> str:
    lines = ["| Department | Role | Posts | Goal | Of its own |", "| --- | --- | ---: | --- | --- |"]
    for department, posts in zip(scenario.departments, scenario.headcounts, strict=True):
        goal = "drawn (people.goal_spread)" if department.goal is None else shown(department.goal)
        own = department.model_dump(mode="json", exclude_none=True, exclude={"name", "role", "headcount", "goal"})
        fields = ", ".join(f"{key} {shown(value)}" for key, value in own.items()) or "nothing"
        lines.append(f"| {department.name} | {department.role} | {posts} | {goal} | {fields} |")
    return "\n".join(lines)


def _bases(scenario: Scenario, bases: Sequence[tuple[str, Scenario]], overrides: Iterable[str]) -> str:
    chain = [f"`{name}` (hash {base.hash})" for name, base in bases]
    text = f"`{scenario.name}` extends {', which extends '.join(chain)}." if chain else "It extends no other scenario."
    changes = ", ".join(f"`{change}`" for change in overrides)
    return f"{text} Set beside the file: {changes}." if changes else text


def _changes(scenario: Scenario, bases: Sequence[tuple[str, Scenario]]) -> str:
    base = bases[0][1] if bases else Scenario()
    from_base = {name for name, _, _ in differences(scenario, base)}
    rows = differences(scenario, Scenario())
    rows += [
        (name, value, "") for name, value, _ in differences(scenario, base) if name not in {row[0] for row in rows}
    ]
    if not rows:
        return "Nothing differs from the default."
    lines = ["| Parameter | Value | Default | Set by | Unit | Meaning |", "| --- | ---: | ---: | --- | --- | --- |"]
    for name, value, default in rows:
        by = "this scenario" if name in from_base else "its base"
        value += " (varies)" if name in scenario.varying else ""
        lines.append(f"| {name} | {value} | {default or value} | {by} | {' | '.join(_about(name))} |")
    return "\n".join(lines)


def _about(name: str) -> tuple[str, str]:
    """Return unit and meaning of a field."""
    group, _, field = name.rpartition(".")
    info = (GROUPS[group] if group else Scenario).model_fields[field]
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return str(extra.get("unit", "")), str(info.description)


def _uncertain(scenario: Scenario) -> str:
    if not scenario.is_uncertain:
        return "Nothing: replicates are the same firm and differ only in their luck."
    lines = [f"- {name}: {distribution}" for name, distribution in scenario.uncertain.items()]
    if scenario.draws is not None:
        columns = ", ".join(scenario.drawn_columns)
        lines.append(f"- {scenario.draws}, SHA-256 {scenario.draws.digest}; a firm takes one row whole: {columns}")
    return "\n".join(
        [
            "Every replicate is a firm of its own. Each field has one uniform rank a firm, keyed by the field's name, and takes "
            "its value by the inverse distribution function, so that arms of a comparison share firms.\n",
            *lines,
        ]
    )


def _luck(scenario: Scenario, seed: int, replicates: int) -> str:
    lucks = ""
    if scenario.is_uncertain and scenario.lucks > 1:
        lucks = f" Replicates {scenario.lucks} r to {scenario.lucks} r + {scenario.lucks - 1} are firm r."
    return (
        f"Seed {seed}, replicates 0 to {number(replicates - 1)}. Every decision has a stream of chance of its own, keyed by seed, "
        f"replicate, decision, week and post (`sim/engine/streams.py`); scenarios that are compared share it.{lucks}"
    )
