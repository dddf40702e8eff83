"""What a scenario file comes to, in words."""

from __future__ import annotations

import textwrap

from sim.scenario.errors import number, shown
from sim.scenario.model import Scenario
from sim.scenario.parameters import GROUPS, SCARCITY


def resolved(scenario: Scenario) -> str:
    """Return a readable text of everything that a scenario sets, what differs from the default first."""
    lines = [scenario.title or scenario.name, "=" * len(scenario.title or scenario.name)]
    if scenario.story:
        lines += [scenario.story]
    lines += ["", f"scenario     {scenario.name}, hash {scenario.hash}"]
    if scenario.twin:
        lines += [f"twin         {scenario.twin}"]
    lines += [
        f"size         {scenario.posts} people, {len(scenario.departments)} departments, {scenario.dimensions} axes, "
        f"{scenario.weeks} weeks",
        f"vision       {scenario.axes[0].split(' - ')[0].strip()} (the first pole of the first axis)",
        "",
        "Differs from the default",
    ]
    lines += _differences(scenario) or ["  nothing"]
    lines += _uncertain(scenario)
    lines += _composite(scenario)
    lines += ["", "Departments"]
    width = max(len(d.name) for d in scenario.departments)
    for department, posts in zip(scenario.departments, scenario.headcounts, strict=True):
        goal = "at people.goal_spread from the vision" if department.goal is None else shown(department.goal)
        own = [
            f"{key} {number(v)}" for key in ("incentive", "automation") if (v := getattr(department, key)) is not None
        ]
        lines += [f"  {department.name:{width}}  {posts:>5}  {department.role:7}  {'; '.join([f'goal {goal}', *own])}"]
    lines += ["", "Axes", *(f"  {axis}" for axis in scenario.axes)]
    lines += ["", "Events", *(_events(scenario) or ["  none"])]
    lines += ["", "Everything else, at the default"]
    default = Scenario()
    for group, part in GROUPS.items():
        same = [f for f in part.model_fields if scenario.value(f"{group}.{f}") == default.value(f"{group}.{f}")]
        lines += _paragraph(group, [f"{f} {shown(scenario.value(f'{group}.{f}'))}" for f in same])
    return "\n".join(lines) + "\n"


def _uncertain(scenario: Scenario) -> list[str]:
    """Say in what firms differ, and what counts for more than the table."""
    if not scenario.is_uncertain:
        return []
    lines = ["", "Differs between firms (values elsewhere on this page are those of the firm in the middle)"]
    width = max((len(name) for name in scenario.uncertain), default=0)
    lines += [f"  {name:{width}}  {distribution}" for name, distribution in scenario.uncertain.items()]
    if scenario.draws is not None:
        lines += [f"  {scenario.draws}, one of its rows a firm"]
        columns = scenario.drawn_columns
        lines += textwrap.wrap(", ".join(columns), 112, initial_indent="    ", subsequent_indent="    ")
        given = [name for name in scenario.draws.columns if name not in columns]
        if given:
            lines += [f"    {', '.join(given)}: given otherwise, which wins over the table and leaves its correlations"]
    if scenario.lucks > 1:
        lines += [f"  every firm has {scenario.lucks} runs, each with luck of its own"]
    return lines


def _composite(scenario: Scenario) -> list[str]:
    """Say what a scarcity stands for, and what wins over it."""
    if scenario.scarcity is None and "scarcity" not in scenario.drawn_columns:
        return []
    given = scenario.by_hand | set(scenario.drawn_columns)
    if "money.reserve" in given:
        given.add("money.buffer")
    stands = [f"{name} {_rounded(scenario.value(name))}" for name in SCARCITY if name not in given]
    wins = [name for name in SCARCITY if name in given]
    lines = ["", "Scarcity stands for", f"  {', '.join(stands) or 'nothing'}"]
    return [*lines, f"  not for {', '.join(wins)}: what gives it otherwise wins over scarcity"] if wins else lines


def _differences(scenario: Scenario) -> list[str]:
    default = Scenario()
    rows: list[tuple[str, str, str]] = []
    if scenario.scarcity is not None and scenario.scarcity != 0.5:
        rows += [("scarcity", shown(scenario.scarcity), "0.5")]
    if scenario.weeks != default.weeks:
        rows += [("weeks", str(scenario.weeks), str(default.weeks))]
    if scenario.posts != default.posts:
        rows += [("headcount", str(scenario.posts), str(default.posts))]
    for name in ("axes", "departments", "dependencies", "links"):
        if getattr(scenario, name) != getattr(default, name):
            given = getattr(scenario, name)
            rows += [
                (name, f"{len(given)} given", "drawn or even" if getattr(default, name) is None else "the usual five")
            ]
    for group, part in GROUPS.items():
        for field in part.model_fields:
            name = f"{group}.{field}"
            if scenario.value(name) != default.value(name):
                rows += [(name, _rounded(scenario.value(name)), _rounded(default.value(name)))]
    width = max((len(name) for name, _, _ in rows), default=0)
    return [f"  {name:{width}}  {value}  (default {usual})" for name, value, usual in rows]


def _events(scenario: Scenario) -> list[str]:
    lines = []
    for event in sorted(scenario.events, key=lambda e: e.week):
        rest = event.model_dump(mode="json", exclude={"kind", "week", "label"}, exclude_none=True)
        said = ", ".join(f"{key} {shown(value)}" for key, value in rest.items() if value not in ([], ()))
        label = f" ({event.label})" if event.label else ""
        lines += [f"  week {event.week:>3}  {event.kind}{label}: {said}"]
    return lines


def _rounded(value: float | bool) -> str:
    # The composite scarcity leaves 0.07999999999999999 behind, which nobody wants to read.
    return shown(value) if isinstance(value, bool) else f"{value:.10g}"


def _paragraph(group: str, said: list[str]) -> list[str]:
    text = ", ".join(said)
    return textwrap.wrap(text, 116, initial_indent=f"  {group:8} ", subsequent_indent=" " * 11) if said else []
