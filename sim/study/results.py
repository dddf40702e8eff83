"""A finished sweep, read from its folder: everything that an analysis needs, and nothing that it could change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.output.version import other_version
from sim.scenario.errors import ScenarioError, nearest
from sim.study.design import Design
from sim.study.factors import Floats, as_column
from sim.study.store import DESIGN, TABLE, SweepRefused, _read, read_description
from sim.study.study import Study, from_content
from sim.study.tasks import Job

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Sweep:
    """A finished sweep.

    Attributes
    ----------
    folder
        Where it lies.
    study, design
        What was run, and where: ``design.unit`` (points, factors), ``design.numbers``, ``design.problem`` for SALib.
    key, code, version
        Hash of study, points and code; the code and the package's version that made it.
    columns
        Name -> label, unit and meaning, for every column of the table.
    """

    folder: Path
    study: Study
    design: Design
    key: str
    code: str
    version: str
    columns: dict[str, dict[str, str]]

    @property
    def points(self) -> int:
        """Number of points."""
        return len(self.design)

    @property
    def replicates(self) -> int:
        """Runs at each point."""
        return self.study.replicates

    @cached_property
    def failed(self) -> int:
        """Number of runs that failed."""
        rows = _read(self.folder / TABLE)["error"]
        return len(rows) - int(rows.null_count)

    def outcomes(self, measure: str) -> Floats:
        """Return a measure of all runs, (points, replicates), nan where a run failed or has none."""
        if measure not in self.study.measures:
            raise SweepRefused(f"{self.folder} holds no measure {measure!r}{nearest(measure, self.study.measures)}")
        import pyarrow.parquet as pq

        column = pq.read_table(self.folder / TABLE, columns=[measure], partitioning=None)[measure]
        values: Floats = column.to_numpy(zero_copy_only=False).astype(np.float64)
        return np.ascontiguousarray(values.reshape(self.replicates, self.points).T)

    def table(self) -> pd.DataFrame:
        """Return the whole table, a row per run."""
        frame: pd.DataFrame = _read(self.folder / TABLE).to_pandas()
        return frame

    def failures(self) -> list[dict[str, Any]]:
        """Return the runs that failed, as rows of the table."""
        import pyarrow.compute as pc

        rows = _read(self.folder / TABLE)
        found: list[dict[str, Any]] = rows.filter(pc.is_valid(rows["error"])).to_pylist()
        return found


def open_sweep(folder: str | Path) -> Sweep:
    """Open a finished sweep.

    Raises
    ------
    SweepRefused
        If there is none, it is not finished, or a file is torn.
    """
    folder = Path(folder)
    said = read_description(folder)
    try:
        study = from_content(said["study"], said["name"], said["title"])
    except ScenarioError as error:
        made = other_version(str(said.get("version")), str(said.get("code", "")))
        raise SweepRefused(
            f"{folder} rests on a scenario that this version does not understand{made}: {error.problems[0]}"
        ) from None
    rows = _read(folder / DESIGN)
    columns = {f.name: as_column(rows[f.name].to_pylist()) for f in study.factors}
    unit = np.column_stack([rows[f"unit {name}"].to_numpy() for name in study.names])
    moved = np.array(rows["moved"].to_pylist(), dtype=object) if "moved" in rows.column_names else None
    design = Design(study.factors, unit, columns, moved)
    if not (folder / TABLE).exists():
        there = len(list((folder / "parts").glob("part-*.parquet")))
        raise SweepRefused(
            f"{folder} is not finished: {there} of {Job(study, design).parts} parts are there; coherence sweep --resume goes on"
        )
    return Sweep(folder, study, design, said["key"], said["code"], said["version"], said["columns"])
