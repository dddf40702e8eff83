"""The numbers of a result: their hash, whatever file they stand in, and where two sets of numbers part.

A table's hash is over names, kinds, which values are there, and the values to the last bit; a verdict's over its plain data.
How a file is encoded, when it was made and how long that took is not in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.bundle.unpack import BundleError

KEYS = ("point", "replicate", "run", "week", "department")
"""Columns that say which row a row is."""
OF_THE_MAKING = ("version", "engine", "runs")
"""Of a verdict: which code judged, and how many runs it made itself rather than found made by the claim before it."""


class Column(NamedTuple):
    """One column: its kind (float, int, bool or text), which values are there, and the values, 0 where there is none."""

    kind: str
    there: NDArray[np.bool_]
    values: NDArray[Any]


Table = Mapping[str, Column]


class Difference(NamedTuple):
    """Where two sets of numbers part.

    Attributes
    ----------
    where, measure
        Of the first difference: the row (or the verdict), and the column (or the place in the verdict).
    packed, again
        The two values, as text.
    differing
        How many values differ.
    """

    where: str
    measure: str
    packed: str
    again: str
    differing: int

    def __str__(self) -> str:
        """Return it in one clause."""
        more = f" (and {self.differing - 1:,} more values differ)" if self.differing > 1 else ""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.measure} is {self.packed} in the bundle, {self.again} when run again{more}"


def data_hash(files: Mapping[str, Path]) -> str:
    """Return the SHA-256 of the numbers of some files (name in the bundle -> where it lies now), in hexadecimal digits."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name} {_digest(files[name])}\n".encode())
    return digest.hexdigest()


def difference(packed: Path, again: Path) -> Difference | None:
    """Return where the numbers of two files part, or None where they are the same to the last bit."""
    if packed.suffix == ".json":
        return _between_verdicts(read_verdict(packed), read_verdict(again))
    return _between_tables(read_table(packed), read_table(again))


def read_table(path: Path) -> Table:
    """Return the columns of a Parquet file.

    Raises
    ------
    BundleError
        If it is none, or holds something else than numbers, switches and texts.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
        return {name: _column(table[name].combine_chunks()) for name in table.column_names}
    except (pa.ArrowException, OSError, TypeError) as error:
        raise BundleError(f"{path.name} cannot be read as a table of numbers: {str(error).splitlines()[0]}") from None


def read_verdict(path: Path) -> dict[str, Any]:
    """Return what a verdict file says, without what tells of its making.

    Raises
    ------
    BundleError
        If it is none.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BundleError(f"{path.name} is not a verdict of coherence claims")
    return {key: value for key, value in data.items() if key not in OF_THE_MAKING}


def _column(column: Any) -> Column:
    import pyarrow.types as kinds

    if kinds.is_dictionary(column.type):
        column = column.dictionary_decode()
    there = np.asarray(column.is_valid().to_numpy(zero_copy_only=False), np.bool_)
    if kinds.is_string(column.type):
        return Column("text", there, np.array([text or "" for text in column.to_pylist()], dtype=object))
    if kinds.is_floating(column.type):
        values = np.asarray(column.fill_null(0.0).to_numpy(zero_copy_only=False), "<f8")
        return Column("float", there, np.where(np.isnan(values), np.nan, values))  # one nan of the many
    if kinds.is_boolean(column.type):
        return Column("bool", there, np.asarray(column.fill_null(False).to_numpy(zero_copy_only=False), np.bool_))
    if kinds.is_integer(column.type):
        wide = "<u8" if kinds.is_uint64(column.type) else "<i8"
        return Column("int", there, np.asarray(column.fill_null(0).to_numpy(zero_copy_only=False), wide))
    if kinds.is_null(column.type):
        return Column("text", there, np.array([""] * len(column), dtype=object))
    raise TypeError(f"a column holds {column.type}")


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    if path.suffix == ".json":
        digest.update(json.dumps(read_verdict(path), sort_keys=True, separators=(",", ":")).encode())
        return digest.hexdigest()
    table = read_table(path)
    for name in sorted(table):
        kind, there, values = table[name]
        digest.update(f"{name} {kind} {len(there)}\n".encode())
        digest.update(there.tobytes())
        digest.update(json.dumps(values.tolist()).encode() if kind == "text" else values.tobytes())
    return digest.hexdigest()


def _between_tables(packed: Table, again: Table) -> Difference | None:
    for name in (*packed, *again):
        if name not in packed or name not in again:
            return Difference("", f"the column {name}", *_there(name in packed), 1)
        if packed[name].kind != again[name].kind:
            return Difference("", f"the kind of column {name}", packed[name].kind, again[name].kind, 1)
    rows, now = (len(next(iter(table.values())).there) if table else 0 for table in (packed, again))
    if rows != now:
        return Difference("", "the number of rows", f"{rows:,}", f"{now:,}", 1)
    apart = {name: np.flatnonzero(_apart(packed[name], again[name])) for name in packed}
    apart = {name: rows for name, rows in apart.items() if len(rows)}
    if not apart:
        return None
    row = min(int(rows[0]) for rows in apart.values())
    measure = next(name for name, rows in apart.items() if rows[0] == row)
    where = ", ".join(f"{key} {_shown(packed[key], row)}" for key in KEYS if key in packed)
    one, two = (_shown(table[measure], row) for table in (packed, again))
    return Difference(where or f"row {row}", measure, one, two, sum(map(len, apart.values())))


def _apart(packed: Column, again: Column) -> NDArray[np.bool_]:
    one, two = packed.values, again.values
    if packed.kind == "float":  # as the hash sees them: -0 is not 0, and nan is nan
        one, two = one.view("<i8"), two.view("<i8")
    return np.asarray((packed.there != again.there) | (one != two), np.bool_)


def _shown(column: Column, row: int) -> str:
    return str(column.values[row]) if column.there[row] else "absent"


def _there(packed: bool) -> tuple[str, str]:
    return ("there", "absent") if packed else ("absent", "there")


def _between_verdicts(packed: dict[str, Any], again: dict[str, Any]) -> Difference | None:
    one, two = dict(_leaves(packed, "")), dict(_leaves(again, ""))
    apart = [place for place in dict.fromkeys((*one, *two)) if one.get(place) != two.get(place)]
    if not apart:
        return None
    place = apart[0]
    return Difference("", place, one.get(place, "absent"), two.get(place, "absent"), len(apart))


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield every single value of plain data with its place, such as core.0.effect."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inside is None or not value:
        yield place, json.dumps(value, ensure_ascii=False)
        return
    for key, inner in inside:
        yield from _leaves(inner, f"{place}.{key}" if place else str(key))
