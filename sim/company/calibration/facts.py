"""Observed facts of a firm, and the same facts measured on simulated ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.company.importing.columns import FACTS as COLUMNS
from sim.company.importing.columns import guess, number, plain
from sim.company.importing.import_log import CompanyError, refuse
from sim.company.importing.tables import Table
from sim.measures.summaries import SUMMARIES, YEAR, growth, of, survived
from sim.scenario.errors import nearest
from sim.simulate import Batch


@dataclass(frozen=True)
class Fact:
    """What was observed: a value and its uncertainty (one standard deviation)."""

    name: str
    value: float
    sd: float
    source: str = ""


@dataclass(frozen=True)
class Meaning:
    """What a fact is: label, meaning, and the values it may take."""

    label: str
    meaning: str
    low: float
    high: float


MEANINGS: dict[str, Meaning] = {
    "engagement": Meaning("Engagement", "mean over people, 0 to 1, last quarter of a year", 0, 1),
    "turnover": Meaning("People leaving per year", "leavers over people in the last year", 0, 5),
    "rework": Meaning("Work done twice", "share of the work, last quarter of a year", 0, 0.9),
    "satisfaction": Meaning("Customer satisfaction", "0 to 1, last quarter of a year", 0, 1),
    "growth": Meaning("Growth in a year", "customers now over customers a year ago, less 1", -1, 10),
    "alignment": Meaning(
        "Belief in the vision", "mean cosine of beliefs with the vision, last quarter of a year", -1, 1
    ),
    "disengaged": Meaning("Disengaged people", "share of people, last quarter of a year", 0, 1),
}


def read_facts(path: Path) -> list[Fact]:
    """Return the facts in a table of fact, value, sd.

    Raises
    ------
    CompanyError
        With all that is wrong.
    """
    table = Table(path)
    found = guess(table.header, COLUMNS)
    missing = [name for name in ("fact", "value", "sd") if name not in found]
    if missing:
        raise refuse(table.file, f"has no column {' and no column '.join(missing)}", table.header_line)
    facts: list[Fact] = []
    wrong: list[CompanyError] = []
    for row in table.rows():
        cell = {name: row.cells[column] for name, column in found.items()}
        name = plain(cell["fact"])
        meaning = MEANINGS.get(name)
        value, sd = number(cell["value"]), number(cell["sd"])
        if meaning is None:
            wrong.append(
                refuse(
                    table.file,
                    f"is not a fact that can be compared{nearest(name, MEANINGS)}",
                    row.line,
                    "fact",
                    cell["fact"],
                )
            )
        elif value is None or not meaning.low <= value <= meaning.high:
            wrong.append(
                refuse(
                    table.file,
                    f"must be a number from {meaning.low:g} to {meaning.high:g}",
                    row.line,
                    name,
                    cell["value"],
                )
            )
        elif sd is None or not 0 < sd <= 10:
            wrong.append(
                refuse(
                    table.file, "must be a standard deviation above 0: how sure are you?", row.line, "sd", cell["sd"]
                )
            )
        elif name in {f.name for f in facts}:
            wrong.append(refuse(table.file, "stands here twice", row.line, "fact", cell["fact"]))
        else:
            facts.append(Fact(name, value, sd, cell.get("source", "")[:200]))
    if wrong:
        raise CompanyError(*(note for error in wrong for note in error.notes))
    if not facts:
        raise refuse(table.file, "holds no fact")
    return facts


def doubts(facts: Sequence[Fact]) -> list[str]:
    """Return what is odd about facts that can be read all the same, a sentence each."""
    found = []
    for fact in facts:
        meaning = MEANINGS[fact.name]
        if meaning.high - meaning.low <= 2 * fact.sd:
            found.append(
                f"{fact.name}: an sd of {fact.sd:g} covers everything from {meaning.low:g} to {meaning.high:g}, so this fact tells nothing."
            )
        if "@" in fact.source:
            found.append(f"{fact.name}: its source holds an e-mail address, which is replaced by [name].")
    return found


def measured(batch: Batch, names: Sequence[str]) -> NDArray[np.float64]:
    """Return facts of simulated firms, (runs, facts); nan for firms that closed, since the client's has not."""
    weeks = batch.series.shape[1]
    if weeks <= YEAR:
        raise ValueError(f"{weeks} weeks are too few: facts look back a year")
    series, closed = batch.series, batch.closed
    year = series[:, weeks - YEAR :]
    found: Mapping[str, NDArray[np.float64]] = {
        **{name: SUMMARIES[name].function(series, closed) for name in ("engagement", "rework", "satisfaction")},
        "turnover": SUMMARIES["turnover"].function(year, np.full_like(closed, -1)),  # of firms that live on
        "growth": growth(of(series, "customers"), closed),
        "alignment": SUMMARIES["cognitive"].function(series, closed),
        "disengaged": SUMMARIES["disengaged"].function(series, closed),
    }
    table = np.column_stack([found[name] for name in names])
    table[~survived(closed)] = np.nan
    return table
