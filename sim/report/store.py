"""Findings as Parquet files, written without pandas, whose import alone takes longer than a hundred runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.measures import DEPARTMENT_SERIES, SERIES
from sim.report.material import Material
from sim.report.table import per_run


def write_runs(material: Material, path: Path) -> None:
    """Write a row per run: run, replicate, seed, survived, closed (week, null where it survived), the table's measures."""
    closed = material.closed
    columns: dict[str, pa.Array] = {
        "run": pa.array(np.arange(material.runs)),
        "replicate": pa.array(material.replicates),
        "seed": pa.array([material.seed] * material.runs, type=pa.uint64()),
        "survived": pa.array(closed < 0),
        "closed": pa.array(closed, mask=closed < 0),
    }
    for key, values in per_run(material).items():
        if key == "lived":  # for firms that stayed open, the table says nothing; the file says how long they were seen
            columns[key] = pa.array(material.lived)
        else:
            columns[key] = pa.array(values, mask=np.isnan(values))
    _write(columns, path)


def write_series(material: Material, path: Path) -> None:
    """Write a row per run and week lived, a column per series; weeks after closing have no row."""
    run, week = np.nonzero(np.arange(material.weeks) < material.lived[:, None])
    columns = {"run": pa.array(run.astype(np.int32)), "week": pa.array(week.astype(np.int32))}
    for i, name in enumerate(SERIES):
        columns[name] = _numbers(material.series[run, week, i])
    _write(columns, path)


def write_departments(material: Material, path: Path) -> None:
    """Write a row per run, week lived and department; weeks before a department existed have no row."""
    there = ~np.isnan(material.departments).all(axis=3)
    run, week, department = np.nonzero(there)
    names = pa.DictionaryArray.from_arrays(pa.array(department.astype(np.int32)), pa.array(material.department_names))
    columns = {"run": pa.array(run.astype(np.int32)), "week": pa.array(week.astype(np.int32)), "department": names}
    for i, name in enumerate(DEPARTMENT_SERIES):
        columns[name] = _numbers(material.departments[run, week, department, i])
    _write(columns, path)


def _numbers(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def _write(columns: dict[str, pa.Array], path: Path) -> None:
    # Noisy numbers hardly compress, and dictionaries of them cost time: plain pages are the fastest and not larger.
    pq.write_table(
        pa.table(columns), path, compression="zstd", compression_level=1, use_dictionary=["run", "week", "department"]
    )
