"""Findings as Parquet files, written without pandas, whose import alone takes longer than a hundred runs.

Even ``pyarrow.array`` imports pandas where it is installed, to see whether it was given one of its objects. So columns
are made of buffers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.report.run_data import Material
from sim.report.table import per_run

TYPES = {
    np.dtype(np.float64): pa.float64(),
    np.dtype(np.int64): pa.int64(),
    np.dtype(np.int32): pa.int32(),
    np.dtype(np.bool_): pa.bool_(),
}


def write_runs(material: Material, path: Path) -> None:
    """Write a row per run.

    The columns are run, replicate, seed, survived, closed (week, null where it survived), the table's measures, and what
    firms drew of the parameters in which they differ.

    ``lived`` is the weeks that a run lived, also of those that survived.
    """
    closed = material.closed.astype(np.int64)
    columns = {
        "run": _column(np.arange(material.runs, dtype=np.int64)),
        "replicate": _column(material.replicates.astype(np.int64)),
        "seed": _column(np.full(material.runs, material.seed, np.int64)),
        "survived": _column(closed < 0),
        "closed": _column(closed, absent=closed < 0),
    }
    for key, values in per_run(material).items():
        if key == "weeks_to_closing":  # of firms that survived, too
            columns["lived"] = _column(material.lived.astype(np.int64))
        else:
            columns[key] = _numbers(values)
    columns |= {name: _numbers(values) for name, values in material.drawn.items()}
    _write(columns, path)


def write_series(material: Material, path: Path) -> None:
    """Write a row per run and week lived, a column per series; weeks after closing have no row."""
    run, week = np.nonzero(np.arange(material.weeks) < material.lived[:, None])
    columns = {"run": _column(run.astype(np.int32)), "week": _column(week.astype(np.int32))}
    for i, name in enumerate(SERIES):
        columns[name] = _numbers(material.series[run, week, i])
    _write(columns, path)


def write_departments(material: Material, path: Path) -> None:
    """Write a row per run, week lived and department; weeks before a department existed have no row."""
    there = ~np.isnan(material.departments).all(axis=3)
    run, week, department = np.nonzero(there)
    names = pa.DictionaryArray.from_arrays(_column(department.astype(np.int32)), _words(material.department_names))
    columns = {"run": _column(run.astype(np.int32)), "week": _column(week.astype(np.int32)), "department": names}
    for i, name in enumerate(DEPARTMENT_SERIES):
        columns[name] = _numbers(material.departments[run, week, department, i])
    _write(columns, path)


def _numbers(values: NDArray[np.float64]) -> pa.Array:
    return _column(np.ascontiguousarray(values), absent=np.isnan(values))


def _column(values: NDArray[Any], absent: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return a column of numbers, null where absent."""
    there = None if absent is None or not absent.any() else _bits(~absent)
    data = _bits(values) if values.dtype == np.bool_ else pa.py_buffer(values)
    return pa.Array.from_buffers(TYPES[values.dtype], len(values), [there, data])


def _bits(values: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))


def _words(words: Sequence[str]) -> pa.Array:
    data = [word.encode() for word in words]
    ends = np.cumsum([0, *(len(word) for word in data)], dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), len(data), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(data))])


def _write(columns: Mapping[str, pa.Array], path: Path) -> None:
    # Noisy numbers hardly compress, and dictionaries of them cost time: plain pages are the fastest and not larger.
    table = pa.Table.from_arrays(list(columns.values()), names=list(columns))
    pq.write_table(table, path, compression="zstd", compression_level=1, use_dictionary=["run", "week", "department"])
