"""The table that an owner reads: what the runs came to, in words, with medians and bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measures.intervals import quantiles, wilson
from sim.measures.series import SERIES
from sim.report.run_data import SETTLED, Material

YEAR = 52
LATE = f"last {SETTLED} weeks lived"
WHOLE = "whole run"


class Line(NamedTuple):
    """A line of the table: its key in files, its words, how it is written, and the weeks it is taken over."""

    key: str
    label: str
    style: str
    over: str


LINES = (
    Line("lived", "Weeks until closing (firms that closed)", "weeks", WHOLE),
    Line("coherence", SERIES["coherence"].label, "index", LATE),
    Line("cognitive", SERIES["cognitive"].label, "index", LATE),
    Line("behavioural", SERIES["behavioural"].label, "index", LATE),
    Line("fit", SERIES["fit"].label, "index", LATE),
    Line("thrust", "Thrust towards the market", "index", LATE),
    Line("rework", "Work done twice", "share", LATE),
    Line("satisfaction", SERIES["satisfaction"].label, "index", LATE),
    Line("retention", "Customers kept per week", "fine share", LATE),
    Line("retention_year", "Customers kept per year, at that rate", "share", LATE),
    Line("customers", "Customers (start = 1)", "index", LATE),
    Line("cash", "Cash, in weeks of the first cost", "weeks", "last week lived"),
    Line("runway", "Runway: weeks of cost that cash covers", "weeks", "last week lived"),
    Line("engagement", SERIES["engagement"].label, "index", LATE),
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


def late_mean(material: Material, name: str) -> NDArray[np.float64]:
    """Return each run's mean of a series over its last weeks lived (all of them, where it lived fewer)."""
    values = material.of(name)
    week = np.arange(values.shape[1])
    lived = material.lived[:, None]
    inside = (week < lived) & (week >= lived - SETTLED)
    mean: NDArray[np.float64] = np.where(inside, values, 0.0).sum(axis=1) / inside.sum(axis=1)
    return mean


def last(material: Material, name: str) -> NDArray[np.float64]:
    """Return each run's value of a series in the last week that it lived."""
    return material.of(name)[np.arange(material.runs), material.lived - 1]


def per_run(material: Material) -> dict[str, NDArray[np.float64]]:
    """Return every line's value for every run: key -> (runs,), nan where it has none.

    Runway is the cash at the end over the mean weekly cost of the last weeks: how long the firm would last without income.
    Turnover is leavers over people, summed over the whole run, times 52.
    """
    out: dict[str, NDArray[np.float64]] = {}
    for line in LINES:
        if line.key in SERIES and line.over == LATE:
            out[line.key] = late_mean(material, line.key)
    kept = 1 - late_mean(material, "churn")
    costs = late_mean(material, "costs")
    people = np.nansum(material.of("filled"), axis=1)
    out["lived"] = np.where(material.closed < 0, np.nan, material.lived)
    out["retention"] = kept
    out["retention_year"] = kept**YEAR
    out["cash"] = last(material, "cash")
    out["runway"] = _over(np.maximum(out["cash"], 0.0), costs)
    out["turnover"] = YEAR * _over(np.nansum(material.of("leavers"), axis=1), people)
    return {line.key: out[line.key] for line in LINES}


def _over(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


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

    rule = "─" * len(aligned(HEADINGS).ljust(sum(widths) + 8))
    return "\n".join([aligned(HEADINGS), rule, *(aligned(row) for row in rows[1:]), rule, NOTE])


def markdown(material: Material) -> str:
    """Return the table in Markdown."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "| --- | ---: | ---: | ---: | --- |"]
    lines += ["| " + " | ".join(row).replace("*", "\\*") + " |" for row in written(material)]
    return "\n".join([*lines, "", NOTE.replace("*", "\\*", 1)])
