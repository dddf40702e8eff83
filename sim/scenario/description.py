"""What a scenario file comes to, in words."""

from __future__ import annotations

import textwrap

from sim.scenario.errors import number, shown
from sim.scenario.model import Scenario
from sim.scenario.parameters import GROUPS, SCARCITY


def resolved(scenario: Scenario) -> str:
    """Return a readable text of everything that a scenario sets, what differs from the default first.

    Examples
    --------
    >>> print("\\n".join(resolved(Scenario(name="firm", weeks=52)).splitlines()[4:9]))
    size         30 people, 5 departments, 5 axes, 52 weeks
    vision       premium (the first pole of the first axis)
    <BLANKLINE>
    Differs from the default
      weeks  52  (default 156)
    """
    lines = [scenario.title or scenario.name, "=" * len(scenario.title or scenario.name)]
    if scenario.story:
        lines += [scenario.story]
    lines += ["", f"scenario     {scenario.name}, hash {scenario.hash}"]
    if scenario.twin:
        lines += [f"twin         {scenario.twin}"]
    past = f" after a past of {scenario.spin_up}" if scenario.spin_up else ""
    lines += [
        f"size         {scenario.posts} people, {len(scenario.departments)} departments, {scenario.dimensions} axes, "
        f"{scenario.weeks} weeks{past}",
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
    lines = [
        "",
        "Differs between firms (elsewhere on this page: the middle of a distribution, and no value from the table)",
    ]
    width = max((len(name) for name in scenario.uncertain), default=0)
    lines += [f"  {name:{width}}  {distribution}" for name, distribution in scenario.uncertain.items()]
    if scenario.draws is not None:
        lines += [f"  {scenario.draws}, one of its rows a firm"]
        columns = scenario.drawn_columns
        lines += textwrap.wrap(", ".join(columns), 112, initial_indent="    ", subsequent_indent="    ")
        if left := _left(scenario):
            lines += [f"    {left}"]
    if scenario.lucks > 1:
        lines += [f"  every firm has {scenario.lucks} runs, each with luck of its own"]
    return lines


def _composite(scenario: Scenario) -> list[str]:
    """Say what a scarcity stands for, and what wins over it."""
    if scenario.scarcity is None and "scarcity" not in scenario.drawn_columns:
        return []
    wins = _winning(scenario)
    stands = [f"{name} {_rounded(scenario.value(name))}" for name in SCARCITY if name not in wins]
    lines = ["", "Scarcity stands for", f"  {', '.join(stands) or 'nothing'}"]
    return [*lines, f"  not for {', '.join(wins)}: what gives it otherwise wins over scarcity"] if wins else lines


def remarks(scenario: Scenario) -> list[str]:
    """Return in sentences which part of a scarcity or of a table does nothing, since something else gives the value.

    Examples
    --------
    >>> remarks(Scenario(scarcity=0.8).replace({"money.margin": 0.05}))
    ['scarcity does not change money.margin: what gives it otherwise wins over scarcity']
    """
    sentences = []
    if (scenario.scarcity is not None or "scarcity" in scenario.drawn_columns) and (wins := _winning(scenario)):
        sentences = [f"scarcity does not change {', '.join(wins)}: what gives it otherwise wins over scarcity"]
    left = _left(scenario)
    return [*sentences, left] if left else sentences


def _winning(scenario: Scenario) -> list[str]:
    """Return the fields of the composite that something else gives."""
    given = scenario.by_hand | set(scenario.drawn_columns)
    return [n for n in SCARCITY if n in given or (n == "money.buffer" and "money.reserve" in given)]


def _left(scenario: Scenario) -> str:
    """Say which columns of the table do not count."""
    if scenario.draws is None:
        return ""
    names = [name for name in scenario.draws.columns if name not in scenario.drawn_columns]
    return (
        f"{', '.join(names)}: given otherwise, which wins over the table and leaves its correlations" if names else ""
    )


def _differences(scenario: Scenario) -> list[str]:
    rows = differences(scenario, Scenario())
    width = max((len(name) for name, _, _ in rows), default=0)
    return [f"  {name:{width}}  {value}  (default {usual})" for name, value, usual in rows]


def differences(scenario: Scenario, base: Scenario) -> list[tuple[str, str, str]]:
    """Return (name, value, value of the base) of everything but events in which a scenario differs from its base.

    Examples
    --------
    >>> differences(Scenario().replace({"founder.clarity": 0.4, "headcount": 12}), Scenario())
    [('headcount', '12', '30'), ('founder.clarity', '0.4', '0.7')]
    """
    rows: list[tuple[str, str, str]] = []
    if scenario.value("scarcity") != base.value("scarcity"):
        rows += [("scarcity", shown(scenario.value("scarcity")), shown(base.value("scarcity")))]
    for name in ("weeks", "spin_up"):
        if getattr(scenario, name) != getattr(base, name):
            rows += [(name, str(getattr(scenario, name)), str(getattr(base, name)))]
    if scenario.posts != base.posts:
        rows += [("headcount", str(scenario.posts), str(base.posts))]
    for name in ("axes", "departments", "dependencies", "links"):
        if getattr(scenario, name) != getattr(base, name):
            rows += [(name, _count(name, getattr(scenario, name)), _count(name, getattr(base, name)))]
    for group, part in GROUPS.items():
        for field in part.model_fields:
            name = f"{group}.{field}"
            if scenario.value(name) != base.value(name):
                rows += [(name, _rounded(scenario.value(name)), _rounded(base.value(name)))]
    return rows


def _count(name: str, entries: tuple[object, ...] | None) -> str:
    if entries is None:
        return "drawn" if name == "links" else "even"
    return "the usual five" if entries == getattr(Scenario(), name) else f"{len(entries)} given"


def _events(scenario: Scenario) -> list[str]:
    return [f"  week {week:>3}  {text}" for week, text in events_in_words(scenario)]


def events_in_words(scenario: Scenario) -> list[tuple[int, str]]:
    """Return the week of every event, and its kind, label and fields."""
    lines = []
    for event in sorted(scenario.events, key=lambda e: e.week):
        rest = event.model_dump(mode="json", exclude={"kind", "week", "label"}, exclude_none=True)
        fields = ", ".join(f"{key} {shown(value)}" for key, value in rest.items() if value not in ([], ()))
        label = f" ({event.label})" if event.label else ""
        lines.append((event.week, f"{event.kind}{label}: {fields}"))
    return lines


def _rounded(value: float | bool) -> str:
    # The composite scarcity leaves 0.07999999999999999 behind, which nobody wants to read.
    return shown(value) if isinstance(value, bool) else f"{value:.10g}"


def _paragraph(group: str, fields: list[str]) -> list[str]:
    text = ", ".join(fields)
    return textwrap.wrap(text, 116, initial_indent=f"  {group:8} ", subsequent_indent=" " * 11) if fields else []
