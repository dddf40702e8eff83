"""The table that an owner reads: what the runs came to, in words, with medians and bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measures.intervals import quantiles, wilson
from sim.measures.series import SERIES
from sim.measures.summaries import LATE, SUMMARIES
from sim.report.run_data import Material

LATE_WEEKS = f"last {LATE} weeks lived"
WHOLE = "whole run"


class Line(NamedTuple):
    """A line of the table: its key in files and in `SUMMARIES`, its words, how it is written, and the weeks it is taken over."""

    key: str
    label: str
    style: str
    over: str


LINES = (
    Line("weeks_to_closing", "Weeks until closing (firms that closed)", "weeks", WHOLE),
    Line("coherence", SERIES["coherence"].label, "index", LATE_WEEKS),
    Line("cognitive", SERIES["cognitive"].label, "index", LATE_WEEKS),
    Line("behavioural", SERIES["behavioural"].label, "index", LATE_WEEKS),
    Line("fit", SERIES["fit"].label, "index", LATE_WEEKS),
    Line("thrust", "Thrust towards the market", "index", LATE_WEEKS),
    Line("rework", "Work done twice", "share", LATE_WEEKS),
    Line("satisfaction", SERIES["satisfaction"].label, "index", LATE_WEEKS),
    Line("retention", "Customers kept per week", "fine share", LATE_WEEKS),
    Line("retention_year", "Customers kept per year, at that rate", "share", LATE_WEEKS),
    Line("customers", "Customers (start = 1)", "index", LATE_WEEKS),
    Line("cash", "Cash, in weeks of the first cost", "weeks", "last week lived"),
    Line("runway", "Runway: weeks of cost that cash covers", "weeks", "last week lived"),
    Line("engagement", SERIES["engagement"].label, "index", LATE_WEEKS),
    Line("turnover", "People leaving per year", "share", WHOLE),
)
"""The lines of the table, in order; survival stands above them."""


class Cell(NamedTuple):
    """A line with its numbers: median, 10 % and 90 % quantiles over n runs (nan where n = 0)."""

    line: Line
    median: float
    low: float
    high: float
    n: int


class Survival(NamedTuple):
    """How many firms were open to the end, with the Wilson 95 % interval of the share."""

    open: int
    runs: int
    share: float
    low: float
    high: float


def per_run(material: Material) -> dict[str, NDArray[np.float64]]:
    """Return every line's value for every run: key -> (runs,), nan where it has none."""
    return {line.key: SUMMARIES[line.key].function(material.series, material.closed) for line in LINES}


def survival(material: Material) -> Survival:
    """Return how many firms were open to the end."""
    alive = material.survived
    return Survival(alive, material.runs, alive / material.runs, *wilson(alive, material.runs))


def cells(material: Material) -> list[Cell]:
    """Return the lines of the table with their numbers."""
    values = per_run(material)
    out = []
    for line in LINES:
        low, median, high = quantiles(values[line.key], (0.1, 0.5, 0.9))
        out.append(Cell(line, float(median), float(low), float(high), int(np.sum(~np.isnan(values[line.key])))))
    return out


HEADINGS = ("Measure", "Median", "80 % of firms", "n", "Taken over")


def written(material: Material) -> list[tuple[str, str, str, str, str]]:
    """Return the table as text, a tuple per line, in the order of ``HEADINGS``."""
    alive = survival(material)
    rows = [
        (
            f"Firms still open after {material.weeks} weeks",
            _number(alive.share, "share"),
            f"{_number(alive.low, 'share')} to {_number(alive.high, 'share')} *",
            str(alive.runs),
            WHOLE,
        )
    ]
    for cell in cells(material):
        style = cell.line.style
        band = f"{_number(cell.low, style)} to {_number(cell.high, style)}"
        rows.append(
            (
                cell.line.label,
                _number(cell.median, style) if cell.n else "none",
                band if cell.n > 1 else "",
                str(cell.n),
                cell.line.over,
            )
        )
    return rows


def _number(value: float, style: str) -> str:
    match style:
        case "share":
            return f"{100 * value:.0f} %"
        case "fine share":
            return f"{100 * value:.1f} %"
        case "weeks":
            return f"{value:.1f}".replace("-0.0", "0.0") if abs(value) < 0.05 else f"{value:.1f}"
        case _:
            return f"{value:.2f}" if abs(value) >= 0.005 else "0.00"


NOTE = "* Wilson 95 % interval of the share; the other bands run from the 10 % to the 90 % quantile over the runs."


def plain(material: Material) -> str:
    """Return the table as aligned text."""
    rows = [HEADINGS, *written(material)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]

    def aligned(row: Sequence[str]) -> str:
        left = row[0].ljust(widths[0])
        middle = "  ".join(row[i].rjust(widths[i]) for i in (1, 2, 3))
        return f"{left}  {middle}  {row[4]}".rstrip()

    differences = [f"Firms differ {material.difference}."] if material.drawn else []
    rule = "─" * len(aligned(HEADINGS).ljust(sum(widths) + 8))
    return "\n".join([aligned(HEADINGS), rule, *(aligned(row) for row in rows[1:]), rule, NOTE, *differences])


def markdown(material: Material) -> str:
    """Return the table in Markdown."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "| --- | ---: | ---: | ---: | --- |"]
    lines += ["| " + " | ".join(row).replace("*", "\\*") + " |" for row in written(material)]
    return "\n".join([*lines, "", NOTE.replace("*", "\\*", 1)])
