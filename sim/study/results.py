"""A finished sweep, read from its folder, never written: what an analysis needs.

Whoever opens one has all its files checked against the manifest first: a flipped bit in a table is a wrong number, and
nothing else would notice it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.output.files import MAKER, MANIFEST, sha256
from sim.output.version import other_version
from sim.scenario.errors import ScenarioError, nearest
from sim.study.description import GO_ON, STUDY, SweepRefused, TornError, digest_of, read_description
from sim.study.design import Design
from sim.study.factors import Floats, as_column
from sim.study.store import DESIGN, PARTS, TABLE
from sim.study.study import Study, from_content

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SweepResults:
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
        rows = _read(self.folder, TABLE)["error"]
        return len(rows) - int(rows.null_count)

    def outcomes(self, measure: str) -> Floats:
        """Return a measure of all runs, (points, replicates), nan where a run failed or has none."""
        if measure not in self.study.measures:
            raise SweepRefused(f"{self.folder} holds no measure {measure!r}{nearest(measure, self.study.measures)}")
        column = _read(self.folder, TABLE, [measure])[measure]
        values: Floats = column.to_numpy(zero_copy_only=False).astype(np.float64)
        return np.ascontiguousarray(values.reshape(self.replicates, self.points).T)

    def table(self) -> pd.DataFrame:
        """Return the whole table, a row per run."""
        frame: pd.DataFrame = _read(self.folder, TABLE).to_pandas()
        return frame

    def failures(self) -> list[dict[str, Any]]:
        """Return the runs that failed, as rows of the table."""
        import pyarrow.compute as pc

        rows = _read(self.folder, TABLE)
        failures: list[dict[str, Any]] = rows.filter(pc.is_valid(rows["error"])).to_pylist()
        return failures


def open_sweep(folder: str | Path) -> SweepResults:
    """Open a finished sweep.

    Raises
    ------
    SweepRefused
        If there is none, it is not finished, or a file is torn.
    """
    folder = Path(folder)
    description = read_description(folder)
    if not (folder / TABLE).exists() or not (folder / MANIFEST).exists():
        done = len({path.name[:11] for path in (folder / PARTS).glob("part-*.parquet")})
        raise SweepRefused(
            f"{folder} is not finished: {done} of {description.get('parts', '?')} parts are there; "
            f"{GO_ON.format(folder=folder)} goes on"
        )
    _check(folder, description["key"])
    try:
        study = from_content(description["study"], description["name"], description["title"])
    except ScenarioError as error:
        made = other_version(str(description.get("version")), str(description.get("code", "")))
        raise SweepRefused(
            f"{folder} rests on a scenario that this version does not understand{made}: {error.problems[0]}"
        ) from None
    rows = _read(folder, DESIGN)
    columns = {f.name: as_column(rows[f.name].to_pylist()) for f in study.factors}
    unit = np.column_stack([rows[f"unit {name}"].to_numpy() for name in study.names])
    moved = np.array(rows["moved"].to_pylist(), dtype=object) if "moved" in rows.column_names else None
    design = Design(study.factors, unit, columns, moved)
    identity = (description["key"], description["code"], description["version"])
    return SweepResults(folder, study, design, *identity, description["columns"])


def _check(folder: Path, key: str) -> None:
    """Raise TornError unless all files are those that the manifest was written for."""
    path, anew = folder / MANIFEST, GO_ON.format(folder=folder)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        sums = {name: str(manifest["sha256"][name]) for name in (STUDY, DESIGN, TABLE)}
        if (manifest["made_by"], manifest["key"], manifest["digest"]) != (MAKER, key, digest_of(manifest)):
            raise ValueError("another sweep's")
    except OSError as error:
        raise SweepRefused(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise TornError(f"{path} is torn or another sweep's: {anew} writes it anew") from None
    for name, expected in sums.items():
        try:
            actual = sha256(folder / name)
        except OSError as error:
            raise TornError(f"{folder / name} cannot be read ({error.strerror}): {anew} writes it anew") from None
        if actual != expected:
            raise TornError(
                f"{folder / name} is torn, it is not what the sweep wrote (its SHA-256 is not the manifest's): "
                f"{anew} writes it anew"
            )


def _read(folder: Path, name: str, columns: list[str] | None = None) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(folder / name) as file:
            return file.read(columns)
    except (pa.ArrowException, OSError) as error:
        message = str(error).splitlines()[0]
        raise TornError(f"{folder / name} has changed since it was opened: {message}") from None
