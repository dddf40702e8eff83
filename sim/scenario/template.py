"""The commented file with which a new scenario begins."""

from __future__ import annotations

import textwrap

from sim.scenario.errors import number
from sim.scenario.events import Department
from sim.scenario.model import DEPARTMENTS, Scenario
from sim.scenario.parameters import GROUPS, Part
from sim.scenario.schema import facts
from sim.scenario.validate import KINDS

WIDTH = 116

_TOP = {
    "name": None,
    "title": '"{name}"',
    "story": '"What this firm is about, in a few sentences."',
    "twin": '"default"',
    "weeks": "156",
    "spin_up": "0",
    "headcount": "30",
    "scarcity": "0.5",
}
_EXAMPLES: dict[str, list[str]] = {
    "market_turns": ["week = 52", "angle = 0.8"],
    "department_turned": ["week = 52", 'department = "operations"', "angle = 2.4"],
    "people_turned": ["week = 26", "people = 3", "angle = 1.6"],
    "cash_cut": ["week = 40", "weeks = 2"],
    "demand_drop": ["week = 40", "share = 0.2"],
    "automation": ["week = 30", "share = 0.5", 'departments = ["operations", "service"]'],
    "set": ["week = 60", "until = 86", "values = { founder.clarity = 0.3, scarcity = 0.8 }"],
    "founder_leaves": ["week = 100", "clarity = 0.3"],
    "pocket": ["week = 52", "until = 104", 'department = "support"', "autonomy = 0.8", "voice = 1"],
    "goals": ["week = 52", "goals = { sales = { cheap = 1, fast = 0.5 }, service = { premium = 1 } }"],
    "merger": ["week = 70", "people = 10", "angle = 0.8", "customers = 0.3"],
    "initiative": ["week = 20", "effort = 60", "share = 0.15", "deadline = 30", "gain = 0.1", "cost = 1"],
}


def template(name: str, schema: str | None = None) -> str:
    """Return a scenario file in which everything is commented out at its default.

    Explanations begin with ``# ``, settings with ``#`` alone: taking that away sets them.

    Parameters
    ----------
    name
        Name of the new scenario; it appears in comments only, for a file is called by its own name.
    schema
        Path or address of the JSON schema, for editors that complete and check; left out where there is none.
    """
    name = "".join(c if c.isprintable() and c not in '"\\' else "-" for c in name)[:80]
    lines = [f"#:schema {schema}"] if schema else []
    lines += [
        f"# {name}: a scenario of `coherence`",
        "#",
        "# Every line that begins with # and a space explains. Every line that begins with # alone is a setting at its default:",
        "# take the # away to set it. What you leave out stays at the default. Keys without a group stand first.",
        "",
        "# Take everything from another scenario, a shipped one or a file, and say only what differs. Tables merge;",
        "# lists (axes, departments, events) are replaced whole.",
        '#extends = "default"',
        "",
    ]
    lines += [
        "# Where firms differ, a parameter, headcount and scarcity may be a distribution in the place of a number:",
        "#   { mean = 0.55, sd = 0.12 }   normal, truncated to the bounds",
        "#   { low = 0.3, high = 0.7 }    uniform; of whole numbers both ends are among them",
        "#   { values = [2, 4, 8] }       equally likely",
        "#   { times = 0.5 }, { plus = 0.1 }   everybody's own value, changed",
        '# or all of them come together from a table, a row a firm: draws = "file.csv" (or .parquet), a column a parameter.',
        "# Every replicate is then a firm of its own; lucks = 3 gives each firm three runs.",
        "",
    ]
    for field, example in _TOP.items():
        info = Scenario.model_fields[field]
        meaning = f"{info.description}; left out: the file's name" if field == "name" else str(info.description)
        lines += _wrapped(meaning)
        lines += [f"#{field} = {(example or '"{name}"').replace('{name}', name)}", ""]
    lines += _wrapped(
        'Trade-offs, each as "first pole - second pole". The vision, the market and the industry start at the first pole of '
        "the first axis. Runs are fastest with five axes, as in all shipped scenarios."
    )
    axes = Scenario.model_fields["axes"].default
    lines += ["#axes = [", *(f'#  "{axis}",' for axis in axes), "#]", ""]
    lines += _wrapped(
        "Whose work builds on whose, a row for each department (dependencies), and who listens to whom (links), are "
        "usually left to the model; see sim/MODEL.md."
    )
    for group, part in GROUPS.items():
        lines += ["", f"# {part.__doc__}".splitlines()[0], f"[{group}]"]
        lines += _fields(part)
    lines += ["", *_departments(), "", *_events()]
    return "\n".join(lines) + "\n"


def _fields(part: type[Part]) -> list[str]:
    lines: list[str] = []
    for field, info in part.model_fields.items():
        default = info.default
        value = str(default).lower() if isinstance(default, bool) else number(default)
        lines += ["", *_wrapped(facts(info)), f"#{field} = {value}"]
    return lines


def _departments() -> list[str]:
    lines = ["# Departments, in the order in which work is handed on. As they stand here they are the default."]
    for field, info in Department.model_fields.items():
        lines += _wrapped(f"{field}: {facts(info)}", "#   ")
    lines += _wrapped(
        'An example with everything: name = "bakehouse", role = "deliver", headcount = 5, incentive = 0.6, automation = 0.1, '
        "goal = { premium = 1, fast = 0.5 }"
    )
    for department in DEPARTMENTS:
        lines += ["", "#[[departments]]", f'#name = "{department.name}"', f'#role = "{department.role}"']
    return lines


def _events() -> list[str]:
    lines = ["# Events, in the order in which they act within a week. These are examples; by default nothing happens."]
    for kind, record in KINDS.items():
        lines += ["", *_wrapped(str(record.__doc__).splitlines()[0])]
        for field, info in record.model_fields.items():
            if field != "kind":
                lines += _wrapped(f"{field}: {facts(info)}", "#   ")
        lines += ["#[[events]]", f'#kind = "{kind}"', *(f"#{line}" for line in _EXAMPLES[kind])]
    return lines


def _wrapped(text: str, start: str = "# ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=start, break_long_words=False)
