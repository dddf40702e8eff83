"""A scenario as a file that needs no other: every value stands in it, at the default or not, and nothing is extended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import tomli_w

from sim.scenario.model import Scenario
from sim.scenario.parameters import SCARCITY

# A list of bare values, one a line, as tomli-w writes it. Texts hold no line breaks of their own there.
_NUMBERS = re.compile(r"\[\n(?:[ ]+[-+.\w]+,\n)+[ ]*\]")
# A list of such lists, one a line: thousands of links must not become thousands of lines.
_ROWS = re.compile(r"\[\n(?:[ ]+\[[-+.\w, ]*\],\n)+[ ]*\]")


def scenario_text(scenario: Scenario, without: Iterable[str] = ()) -> str:
    """Return a scenario as TOML that stands alone.

    Reading it back gives a scenario of the same hash.

    Parameters
    ----------
    scenario
        What to write.
    without
        Full names of parameters that are left to the default, for somebody else to set.
    """
    return toml(everything(scenario, without))


def everything(scenario: Scenario, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return every value of a scenario as plain data, whether or not it is the default.

    What is drawn anew for every firm is not there: distributions stand in the place of values, the table of draws in that
    of its columns, and a scarcity in that of the fields that nothing else gives.

    Parameters
    ----------
    scenario, without
        As for `scenario_text`.
    """
    certain = {} if scenario.is_uncertain else {"lucks"}
    data = scenario.model_dump(mode="json", exclude_none=True, exclude={"uncertain", *certain})
    by_hand = scenario.by_hand
    left_out = {*without, *scenario.drawn_columns, *scenario.uncertain}
    if scenario.scarcity is not None or "scarcity" in left_out:
        left_out |= set(SCARCITY) - by_hand
    if "money.reserve" in left_out and "money.buffer" not in by_hand:
        left_out.add("money.buffer")
    if any(department.headcount is None for department in scenario.departments):
        data["headcount"] = scenario.posts
    for name in left_out:
        table, key = _place(data, name)
        table.pop(key, None)
    for name, distribution in scenario.uncertain.items():
        table, key = _place(data, name)
        table[key] = distribution.model_dump(mode="json", exclude_none=True)
    return data


def _place(data: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    group, _, field = name.rpartition(".")
    return data[group] if group else data, field


def toml(data: Mapping[str, Any]) -> str:
    """Return plain data as TOML, with lists of numbers on one line, and several such lists beside each other.

    Examples
    --------
    >>> print(toml({"weeks": 52, "links": [[0, 1], [1, 0]], "founder": {"clarity": 0.4}}), end="")
    weeks = 52
    links = [
        [0, 1], [1, 0],
    ]
    <BLANKLINE>
    [founder]
    clarity = 0.4
    """
    return _ROWS.sub(_side_by_side, _NUMBERS.sub(_on_one_line, tomli_w.dumps(data)))


def _on_one_line(numbers: re.Match[str]) -> str:
    return f"[{', '.join(numbers[0][1:-1].replace(',', ' ').split())}]"


def _side_by_side(rows: re.Match[str]) -> str:
    *entries, _ = rows[0][1:].strip().split("\n")
    cells = [entry.strip() for entry in entries]
    width = max(1, 110 // (2 + max(map(len, cells))))
    indent = entries[0][: len(entries[0]) - len(entries[0].lstrip())] or "    "
    lines = [indent + " ".join(cells[i : i + width]) for i in range(0, len(cells), width)]
    return "[\n" + "\n".join(lines) + f"\n{rows[0].rpartition('\n')[2]}"
