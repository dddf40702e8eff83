"""Findings as tables that open elsewhere, and in words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from sim.sensitivity.analysis import Findings

INDICES = ("measure", "method", "factor", "index", "value", "low", "high", "noise")
"""Columns of ``indices.csv``: low and high end the 95 % interval, noise is what chance alone would show; empty: none."""
PAIRS = ("measure", "method", "factor", "other", "index", "value", "low", "high")
VERDICTS = (
    "measure", "method", "unit", "size", "points", "replicates", "parameters", "parameters_low", "parameters_high",
    "luck_shared", "luck_local", "replicates_needed", "settled", "needed", "verdict",
)  # fmt: skip
"""Columns of ``verdicts.csv``: shares of single runs' variance, and the size of design that would settle the ranking."""


def write_tables(found: Sequence[Findings], folder: Path) -> None:
    """Write ``indices.csv``, ``pairs.csv`` if there is a second order, and ``verdicts.csv``."""
    write_csv(folder / "indices.csv", INDICES, (row for f in found for row in _indices(f)))
    if any(f.second is not None for f in found):
        write_csv(folder / "pairs.csv", PAIRS, (row for f in found for row in _pairs(f)))
    write_csv(folder / "verdicts.csv", VERDICTS, (_verdict(f) for f in found))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table: numbers with six significant digits, nothing for what is absent."""
    with path.open("w", newline="", encoding="utf-8") as sink:
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else value


def _indices(f: Findings) -> Iterable[tuple[object, ...]]:
    for place, index in enumerate(f.indices):
        for i, name in enumerate(f.names):
            noise = float(f.floor[i]) if f.floor is not None and place == 0 else None
            yield (
                f.source.measure,
                f.method,
                name,
                index.name,
                float(index.values[i]),
                float(index.low[i]),
                float(index.high[i]),
                noise,
            )


def _pairs(f: Findings) -> Iterable[tuple[object, ...]]:
    if f.second is None:
        return
    for i in range(len(f.names)):
        for j in range(i + 1, len(f.names)):
            s = f.second
            yield (
                f.source.measure,
                f.method,
                f.names[i],
                f.names[j],
                s.name,
                float(s.values[i, j]),
                float(s.low[i, j]),
                float(s.high[i, j]),
            )


def _verdict(f: Findings) -> tuple[object, ...]:
    luck = f.luck
    shares = (luck.parameters, luck.low, luck.high, luck.shared, luck.local) if luck else (None,) * 5
    source, verdict = f.source, f.verdict
    return (
        source.measure, f.method, f.unit, f.size, source.points - source.left_out, source.replicates, *shares, f.replicates_needed,
        verdict.settled, verdict.needed, verdict.text,
    )  # fmt: skip


def markdown(f: Findings, most: int = 15) -> str:
    """Return findings in Markdown: verdict, luck, and the strongest factors with their indices."""
    order = np.argsort(-f.indices[0].values, kind="stable")[:most]
    heads = " | ".join(index.label for index in f.indices)
    lines = [f"**{f.source.label}** ({f.method}). {f.verdict.text}", "", said_of_luck(f), ""]
    lines += [f"| factor | {heads} |", "| --- |" + " ---: |" * len(f.indices)]
    for i in order:
        lines.append(
            f"| {f.names[i]} | " + " | ".join(_ranged(x.values[i], x.low[i], x.high[i]) for x in f.indices) + " |"
        )
    if len(f.names) > most:
        lines += ["", f"{len(f.names) - most} weaker factors are in the tables."]
    strong = strongest_pair(f)
    if strong:
        lines += ["", strong]
    lines += ["", f"Intervals: {f.interval}. Noise floor: {f.floor_from}."]
    return "\n".join(lines)


def plain(f: Findings) -> str:
    """Return findings as aligned text for a terminal."""
    order = np.argsort(-f.indices[0].values, kind="stable")
    rows = [("factor", *(index.name for index in f.indices))]
    rows += [(f.names[i], *(_ranged(x.values[i], x.low[i], x.high[i]) for x in f.indices)) for i in order]
    widths = [max(len(row[j]) for row in rows) for j in range(len(rows[0]))]
    lines = [f"{f.source.label}: {f.method}, {f.source.points:,} points x {f.source.replicates} replicates", ""]
    lines += [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]
    strong = strongest_pair(f)
    return "\n".join(
        [*lines, "", f.verdict.text, said_of_luck(f), *([strong] if strong else []), f"Intervals: {f.interval}."]
    )


def said_of_luck(f: Findings) -> str:
    """Return how much of the variance is luck, in words."""
    if f.luck is None:
        return "With a single replicate, how much of the variance is luck cannot be told."
    luck = f.luck
    n = f.replicates_needed
    more = (
        f" {n:,} replicate{'s bring' if n > 1 else ' brings'} luck below 5 % of the variance of points' means."
        if n
        else ""
    )
    return (
        f"Of the variance of single runs, parameters make {100 * luck.parameters:.0f} % (95 % interval {100 * luck.low:.0f} to "
        f"{100 * luck.high:.0f} %), luck that is good or bad at all points alike {100 * max(luck.shared, 0):.0f} %, other luck "
        f"{100 * max(luck.local, 0):.0f} %.{more}"
    )


def strongest_pair(f: Findings) -> str:
    """Return the strongest interaction that can be told from 0, in words; empty without second order."""
    if f.second is None:
        return ""
    s = f.second
    sure = np.where(s.low > 0, s.values, -1.0)  # the true index is never negative
    sure = np.triu(np.nan_to_num(sure, nan=-1.0) + 1.0, 1) - 1.0
    i, j = np.unravel_index(int(np.argmax(sure)), sure.shape)
    if sure[i, j] < 0:
        return "No interaction of two factors can be told from 0."
    return (
        f"Strongest interaction: {f.names[i]} with {f.names[j]}, {_ranged(s.values[i, j], s.low[i, j], s.high[i, j])}."
    )


def _ranged(value: float, low: float, high: float) -> str:
    if np.isnan(low):
        return _number(value)
    return f"{_number(value)} ({_number(low)} to {_number(high)})"


def _number(value: float) -> str:
    text = f"{value:.2f}" if abs(value) < 10 else f"{value:.3g}"
    return text.replace("-0.00", "0.00").replace("-", "\N{MINUS SIGN}")
