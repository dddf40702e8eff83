"""The shipped population as a table: a row per firm, a column per parameter."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.facts.population import FIXED
from sim.scenario.scenario_file import folder

Floats = NDArray[np.float64]
BIRTHS = "births.csv"
"""Beside the scenarios: firms from their birth on; ``population.csv`` is the same without the cash at birth."""


def write(firms: Mapping[str, Floats], path: Path, leave_out: tuple[str, ...] = ()) -> None:
    """Write firms as CSV, four digits, in the order of the names given."""
    from sim.output.files import write_whole

    names = [name for name in firms if name not in leave_out]
    rows = zip(*(firms[name] for name in names), strict=True)
    lines = [",".join(names), *(",".join(f"{value:.4g}" for value in row) for row in rows)]
    write_whole(path, "\n".join(lines) + "\n")


def read(path: Path) -> dict[str, Floats]:
    """Return firms from a CSV, name -> (firms,)."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    table = np.array(rows, float)
    return {name: table[:, i] for i, name in enumerate(header)}


def shipped_firms(most: int | None = None) -> dict[str, Floats]:
    """Return the shipped firms with their cash at birth; with `most`, that many spread over the table."""
    firms = read(folder() / BIRTHS)
    size = len(firms["headcount"])
    firms |= {name: np.full(size, value) for name, value in FIXED.items()}
    if most is None or most >= size:
        return firms
    which = np.linspace(0, size - 1, most).round().astype(int)
    return {name: values[which] for name, values in firms.items()}
