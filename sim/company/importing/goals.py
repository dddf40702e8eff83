"""What departments are asked for and what they are paid for, as directions on the trade-offs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from sim.company.importing.columns import DEPARTMENTS, check_chosen, guess, number, plain, tell
from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.mapping import ROLES, TableMapping
from sim.company.importing.tables import Table
from sim.company.importing.vocabulary import parts
from sim.company.importing.vocabulary import table as vocabulary
from sim.scenario.axes import pole, poles, summed
from sim.scenario.errors import nearest

SYNONYMS = {plain(word): row["pole"] for row in vocabulary("goal_words") for word in parts(row["words"])}
"""What departments' sheets call a pole of the usual trade-offs; assumed, and said in the log wherever used."""


@dataclass
class Goals:
    """What is known of one department; weights on poles by name; an empty role is guessed later."""

    role: str
    asked: dict[str, float] | None = None
    paid: dict[str, float] | None = None
    incentive: float | None = None
    automation: float | None = None


def read_goals(
    source: Path | Table,
    departments: list[str],
    axes: tuple[str, ...],
    notes: Notes,
    mapping: TableMapping | None = None,
) -> dict[str, Goals]:
    """Return what a table says of the departments that there are."""
    table = source if isinstance(source, Table) else Table(source)
    chosen = mapping.columns if mapping else {}
    check_chosen(table.file, table.header_line, table.header, chosen, DEPARTMENTS)
    found = guess(table.header, DEPARTMENTS, chosen)
    if "department" not in found:
        raise refuse(
            table.file, 'has no column of department names; name it: --map departments.department="HEADING"; its headings are '
            + ", ".join(repr(h) for h in table.header[:8] if h), table.header_line,
        )  # fmt: skip
    tell(table.file, table.header, found, notes, table.made, DEPARTMENTS)
    known = {" ".join(name.lower().split()): name for name in departments}
    out: dict[str, Goals] = {}
    for row in table.rows():
        cell = {name: row.cells[column] for name, column in found.items()}
        name = known.get(" ".join(cell["department"].lower().split()))
        if name is None:
            hint = "is not a department of anybody in the people file"
            notes.add(
                "left out",
                table.file,
                row.line,
                "department",
                cell["department"] or None,
                hint if cell["department"] else "is missing",
            )
            continue
        if name in out:
            notes.add("left out", table.file, row.line, "department", cell["department"], "stands here again")
            continue
        role = plain(cell.get("role", ""))
        if role not in ROLES:
            if role:
                notes.add(
                    "left out",
                    table.file,
                    row.line,
                    "role",
                    cell["role"],
                    "is not promise, deliver or support, so it is guessed",
                )
            role = ""
        out[name] = Goals(
            role,
            _weights(cell.get("asked_for", ""), axes, table.file, row.line, "asked_for", notes),
            _weights(cell.get("paid_for", ""), axes, table.file, row.line, "paid_for", notes),
            _share(cell.get("incentive", ""), table.file, row.line, "incentive", notes),
            _share(cell.get("automation", ""), table.file, row.line, "automation", notes),
        )
    table.tell_dropped(notes)
    if not out:
        notes.attention(
            table.file, "departments", "none of them is a department of the people file: are they spelt alike?"
        )
    return out


def _share(text: str, file: str, line: int, what: str, notes: Notes) -> float | None:
    if not text:
        return None
    value = number(text)
    if value is not None and 1 < value <= 100:
        value /= 100
    if value is None or not 0 <= value <= 1:
        notes.add("left out", file, line, what, text, "is not a share from 0 to 1 or a percentage")
        return None
    return round(value, 4)


def _weights(
    text: str, axes: tuple[str, ...], file: str, line: int, what: str, notes: Notes
) -> dict[str, float] | None:
    """Return the weights in ``premium 1; fast 0,5`` or ``premium, fast``."""
    allowed = {plain(name): name for name in poles(axes)}
    weights: dict[str, float] = {}
    # A comma between digits is a decimal comma, any other one parts words.
    for part in re.split(r"[;|/&\n]|,(?!\d)|\band\b|\+(?!\d)", text):
        word, value = part.strip(), 1.0
        match = re.fullmatch(r"(.*?)[\s:=(x×]*(\d+(?:[.,]\d+)?\s*%?)\)?", word)
        if match and match[1]:
            word, value = match[1].strip(" :=("), number(match[2]) or 0.0
        if not word:
            continue
        name = allowed.get(plain(word)) or allowed.get(SYNONYMS.get(plain(word), ""))
        if name is None:
            notes.add(
                "left out", file, line, what, word, f"is not a pole of the trade-offs{nearest(word, poles(axes))}"
            )
            continue
        if plain(word) not in allowed:
            notes.add("guessed", file, line, what, word, f"is taken to mean {name!r}")
        weights[name] = weights.get(name, 0.0) + value
    if not weights or max(map(abs, summed(axes, weights))) < 1e-6:
        return None
    return weights


def direction(axes: tuple[str, ...], weights: dict[str, float]) -> list[float]:
    """Return weights as a unit vector."""
    vector = summed(axes, weights)
    length = math.sqrt(sum(x * x for x in vector))
    return [x / length for x in vector]


def vision(axes: tuple[str, ...]) -> dict[str, float]:
    """Return the vision: the first pole of the first trade-off."""
    first = axes[0].split(" - ")[0].strip()
    assert pole(axes, first) == (0, 1)
    return {first: 1.0}


def conflict(axes: tuple[str, ...], one: dict[str, float], other: dict[str, float]) -> float:
    """Return how far two directions are apart: 0 the same, 0.5 at right angles, 1 opposed."""
    a, b = direction(axes, one), direction(axes, other)
    return max(0.0, (1 - sum(x * y for x, y in zip(a, b, strict=True))) / 2)
