"""Tables of joint draws: a row a firm, a column a parameter."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, Self

from pydantic import Field

from sim.errors import CoherenceError
from sim.scenario.distributions import Number, limits, may_vary
from sim.scenario.errors import nearest, number, shortened
from sim.scenario.parameters import Part

MOST_ROWS = 100_000
MOST_BYTES = 64 * 1024 * 1024
"""Largest table that is read."""


class Draws(Part):
    """A table of joint draws; a firm takes a whole row.

    Attributes
    ----------
    file
        Where it was read from, for people.
    columns
        Names of parameters, ``scarcity`` and ``headcount`` among them.
    rows
        Values, in the order of the columns.
    """

    file: str = Field(default="", description="where the table was read from")
    columns: tuple[str, ...] = Field(min_length=1, description="names of parameters")
    rows: tuple[tuple[float, ...], ...] = Field(
        min_length=1, max_length=MOST_ROWS, description="a row a firm, its values in the order of the columns"
    )

    def row(self, rank: float) -> dict[str, Number]:
        """Return the values of the firm that has a rank from 0 to 1, without 1.

        Examples
        --------
        >>> table = Draws(columns=("founder.clarity", "founder.cadence"), rows=((0.4, 13), (0.6, 4)))
        >>> table.row(0.7)
        {'founder.clarity': 0.6, 'founder.cadence': 4}
        """
        values = self.rows[math.floor(rank * len(self.rows))]
        return {name: as_kind(name, value) for name, value in zip(self.columns, values, strict=True)}

    def varies(self, name: str) -> bool:
        """Return whether a column holds more than one value."""
        place = self.columns.index(name)
        return len({row[place] for row in self.rows}) > 1

    @cached_property
    def digest(self) -> str:
        """SHA-256 of columns and rows, in hexadecimal digits."""
        return hashlib.sha256(json.dumps([self.columns, self.rows]).encode()).hexdigest()

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Return the table itself: nothing in it can change, and it may be large."""
        return self

    def __str__(self) -> str:
        """Return the table in words."""
        where = f"{self.file}: " if self.file else ""
        return f"{where}{len(self.rows):,} joint draws of {len(self.columns)} parameters"


class TableError(CoherenceError, ValueError):
    """A table of draws that cannot be used; the message is read after the table's name."""


def as_kind(name: str, value: float) -> Number:
    """Return a value as the parameter's type: whole numbers are the floor."""
    kind = limits(name).kind
    return bool(value) if kind is bool else math.floor(value) if kind is int else float(value)


def read_draws(path: Path) -> Draws:
    """Return the joint draws in a Parquet or CSV file.

    Raises
    ------
    TableError
        With the first thing that is wrong, in words.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableError(f"is larger than {MOST_BYTES // 2**20} MiB, the most that a table of draws may be")
        columns, rows = _read_csv(path) if path.suffix.lower() == ".csv" else _read_parquet(path)
    except FileNotFoundError:
        raise TableError("is not there") from None
    except IsADirectoryError:
        raise TableError("is a folder, not a table") from None
    except OSError as error:
        raise TableError(f"cannot be read: {error.strerror or error}") from None
    check_draws(columns, rows)
    return Draws(file=path.name, columns=tuple(columns), rows=tuple(map(tuple, rows)))


def write_csv(draws: Draws, path: Path) -> None:
    """Write joint draws as a CSV file from which `read_draws` gets the same numbers."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([draws.columns, *draws.rows])


def check_draws(columns: Sequence[str], rows: Sequence[Sequence[float]]) -> None:
    """Raise TableError if columns are no parameters, or a value is missing or not allowed."""
    if not columns or not rows:
        raise TableError("holds no draws: it needs a column a parameter and a row a firm")
    if len(rows) > MOST_ROWS:
        raise TableError(f"has {len(rows):,} rows; the most is {MOST_ROWS:,}")
    for name in columns:
        if name not in may_vary():
            raise TableError(f"has a column {shortened(name)!r}, which is not a parameter{nearest(name, may_vary())}")
        if columns.count(name) > 1:
            raise TableError(f"has two columns {name!r}")
    for index, values in enumerate(rows, 1):
        if len(values) != len(columns):
            raise TableError(f"has {len(values)} values in row {index} and {len(columns)} columns")
    for name, column in zip(columns, zip(*rows, strict=True), strict=True):
        _, low, high, _ = limits(name)
        if all(low <= value <= high for value in column):
            continue
        index, value = next((i, v) for i, v in enumerate(column, 1) if not low <= v <= high)
        if math.isnan(value):
            raise TableError(f"lacks {name} in row {index}: draws have no missing values")
        raise TableError(f"has {name} = {number(value)} in row {index}: it must be {_allowed(name)}")


def _allowed(name: str) -> str:
    kind, low, high, _ = limits(name)
    if kind is bool:
        return "0 or 1"
    words = [f"at least {low:.6g}"] if low > -math.inf else []
    words += [f"at most {high:.6g}"] if high < math.inf else []
    return " and ".join(words) or "a finite number"


def _read_csv(path: Path) -> tuple[list[str], list[list[float]]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = csv.reader(stream)
        try:
            columns = [name.strip() for name in next(lines, [])]
            rows = [_numbers(cells, columns, index) for index, cells in enumerate(filter(None, lines), 1)]
        except (csv.Error, UnicodeDecodeError) as error:
            raise TableError(f"is not a CSV file in UTF-8: {error}") from None
    return columns, rows


def _numbers(cells: Iterable[str], columns: Sequence[str], index: int) -> list[float]:
    values = []
    for i, cell in enumerate(cells):
        text = cell.strip().lower()
        try:
            values.append(_WORDS[text] if text in _WORDS else float(text))
        except ValueError:
            name = columns[i] if i < len(columns) else f"column {i + 1}"
            raise TableError(f"has {name} = {shortened(cell)!r} in row {index}: it must be a number") from None
    return values


_WORDS = {"true": 1.0, "false": 0.0, "": math.nan}


def _read_parquet(path: Path) -> tuple[list[str], list[list[float]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except pa.ArrowException as error:
        raise TableError(f"is not a Parquet file: {str(error).splitlines()[0]}") from None
    columns = []
    for name in table.column_names:
        column = table.column(name)
        if not (
            pa.types.is_floating(column.type) or pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)
        ):
            _refuse_column(name, str(column.type))
        columns.append([math.nan if value is None else float(value) for value in column.to_pylist()])
    return list(table.column_names), [list(row) for row in zip(*columns, strict=True)]


def _refuse_column(name: str, kind: str) -> NoReturn:
    raise TableError(f"has a column {shortened(name)!r} of type {kind}: it must hold numbers")
