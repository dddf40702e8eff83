"""``coherence measures``: what can be looked at in a run, with units and meanings."""

from __future__ import annotations

from typing import Annotated

import typer

CLOSED = {
    "s": "0 once closed",
    "z": "weeks after closing count 0",
    "f": "stays as at closing",
    "c": "weeks lived only",
}
"""What closed firms count as, by the letters of `sim.measures.summaries`."""


def measures(
    weekly: Annotated[bool, typer.Option("--weekly", help="The weekly series instead of numbers per run.")] = False,
) -> None:
    """List the measures of a run that studies and tables know: name, unit, meaning, and what closed firms count as."""
    from sim.measures.series import DEPARTMENT_SERIES, SERIES
    from sim.measures.summaries import SUMMARIES

    rows: list[tuple[str, ...]]
    if weekly:
        rows = [("name", "unit", "meaning")]
        rows += [(name, m.unit, m.meaning) for name, m in SERIES.items()]
        rows += [(f"{name} (each department)", m.unit, m.meaning) for name, m in DEPARTMENT_SERIES.items()]
    else:
        rows = [("name", "unit", "closed firms", "meaning")]
        rows += [(name, s.unit, CLOSED[s.policy], s.meaning) for name, s in SUMMARIES.items()]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    for row in rows:
        typer.echo("  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]]))
