"""The folder of a sweep: written so that whatever happens, what is there is whole and belongs together.

::

    study.json        what is being run: the resolved study, its key, the code, the columns; written first
    design.parquet    the points
    parts/            part-000000.parquet, ...: finished runs; a part that was run again is part-000000-r2.parquet
    table.parquet     all parts in order; written last, with
    manifest.json     files, counts, versions and times

Every file is written under another name, flushed to the disk and renamed. Parts carry the key of the sweep and are never
changed. One process at a time holds the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import CoherenceError
from sim.output.files import MAKER, MANIFEST, PARTIAL, replacing, sha256, write_whole
from sim.output.version import code_version, package_version
from sim.study.tasks import Job

STUDY, DESIGN, PARTS, TABLE, LOCK = ("study.json", "design.parquet", "parts", "table.parquet", ".lock")
_PART = re.compile(r"part-(\d{6,})(?:-r(\d+))?\.parquet")
ROW_GROUP = 65536


class SweepError(CoherenceError):
    """A sweep that cannot go on; the message is one sentence for users."""

    exit_code = 1


class SweepRefused(SweepError):  # noqa: N818 - as commands say it
    """A sweep that must not begin: what was asked for, or what is in the folder, is wrong."""

    exit_code = 2


class Store:
    """The folder of one sweep, held by this process; use `holding`."""

    def __init__(self, folder: Path, job: Job) -> None:
        self.folder = folder
        self.job = job
        self.revisions: dict[int, int] = {}

    def path(self, part: int, revision: int | None = None) -> Path:
        """Return the file of a part, by default its newest revision."""
        revision = self.revisions[part] if revision is None else revision
        again = f"-r{revision}" if revision > 1 else ""
        return self.folder / PARTS / f"part-{part:06d}{again}.parquet"

    def missing(self) -> list[int]:
        """Return the parts that are still to be run."""
        return [part for part in range(self.job.parts) if part not in self.revisions]

    def write(self, part: int, rows: Any) -> None:
        """Write a part, as its next revision."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        first, after = self.job.span(part)
        label = {"key": self.job.key, "part": part, "first": first, "after": after, "digest": _digest(rows)}
        rows = rows.replace_schema_metadata({"coherence": json.dumps(label)})
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink, compression="zstd")
        revision = self.revisions.get(part, 0) + 1
        write_whole(self.path(part, revision), sink.getvalue())
        self.revisions[part] = revision

    def read(self, part: int) -> Any:
        """Return the rows of a part, checked to the last number."""
        path = self.path(part)
        rows = _read(path)
        if json.loads(rows.schema.metadata[b"coherence"])["digest"] != _digest(rows):
            raise SweepRefused(
                f"{path} is torn: its numbers have changed; move it away, then add --resume to run it again"
            )
        return rows

    def failed(self, part: int) -> int:
        """Return how many runs of a part failed, from its footer alone."""
        import pyarrow.parquet as pq

        path = self.path(part)
        with _torn(path):
            meta = pq.read_metadata(path)
            column = meta.num_columns - 1
            groups = [meta.row_group(i).column(column) for i in range(meta.num_row_groups)]
            return sum(g.num_values - g.statistics.null_count for g in groups)

    def scan(self) -> None:
        """Find the parts that are there, refusing whatever is not a whole part of this sweep."""
        parts = self.folder / PARTS
        parts.mkdir(exist_ok=True)
        for abandoned in self.folder.glob(f".*{PARTIAL}"):
            abandoned.unlink()  # whoever began it was killed: the folder is held by us
        with os.scandir(parts) as entries:
            names = sorted(entry.name for entry in entries)
        for name in names:
            path = parts / name
            if name.endswith(PARTIAL):
                path.unlink()
                continue
            found = _PART.fullmatch(name)
            if found is None:
                raise SweepRefused(f"{path} is not a part of a sweep: move it away, then add --resume")
            self._check(path, int(found[1]))
            part, revision = int(found[1]), int(found[2] or 1)
            self.revisions[part] = max(revision, self.revisions.get(part, 0))

    def _check(self, path: Path, part: int) -> None:
        import pyarrow.parquet as pq

        with _torn(path):
            meta = pq.read_metadata(path)
            label = json.loads((meta.metadata or {}).get(b"coherence", b"{}"))
        if label.get("key") != self.job.key or label.get("part") != part or part >= self.job.parts:
            raise SweepRefused(f"{path} belongs to another sweep: move it away, then add --resume")
        if (label["first"], label["after"], meta.num_rows) != (*self.job.span(part), label["after"] - label["first"]):
            raise SweepRefused(f"{path} has not the rows of part {part}: move it away, then add --resume")

    def assemble(self) -> int:
        """Write the table from all parts, in order; return how many runs failed. Memory holds a few parts at a time."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        failed, waiting, held = 0, [], 0
        schema = self.job.schema.with_metadata({"runs": str(self.job.runs)})  # no key: equal numbers are equal bytes
        with (
            replacing(self.folder / TABLE) as partial,
            partial.open("wb") as sink,
            pq.ParquetWriter(sink, schema, compression="zstd") as writer,
        ):
            for part in range(self.job.parts):
                rows = self.read(part).replace_schema_metadata(schema.metadata)
                failed += rows.num_rows - rows["error"].null_count
                waiting.append(rows)
                held += rows.num_rows
                if held >= ROW_GROUP or part == self.job.parts - 1:
                    writer.write_table(pa.concat_tables(waiting).combine_chunks(), row_group_size=held)
                    waiting, held = [], 0
        return failed

    def checksums(self) -> dict[str, str]:
        """Return the SHA-256 of the files that a finished sweep is read from, by name."""
        return {name: sha256(self.folder / name) for name in (STUDY, DESIGN, TABLE)}

    def finish(self, failed: int, content: Mapping[str, Any]) -> None:
        """Write the manifest, last of all."""
        data = {
            "made_by": MAKER,
            "key": self.job.key,
            "points": self.job.points,
            "replicates": self.job.study.replicates,
            "seed": self.job.study.seed,
            "runs": self.job.runs,
            "failed": failed,
            **content,
            "files": [STUDY, DESIGN, PARTS, TABLE, MANIFEST],
        }
        write_whole(self.folder / MANIFEST, _json(data))


@contextmanager
def holding(folder: Path, job: Job, resume: bool) -> Iterator[Store]:
    """Take hold of a folder for a sweep, as a new one or to go on with what is there.

    Raises
    ------
    SweepError
        If the folder holds anything else, is held by another process, or cannot be written.
    """
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(folder):
            _claim(folder, job, resume)
            store = Store(folder, job)
            store.scan()
            yield store


@contextmanager
def told(folder: Path, hint: str = "") -> Iterator[None]:
    """Turn what the system says of a folder into one sentence."""
    try:
        yield
    except OSError as error:
        kept = "; the parts that are there are whole: make room, then add --resume" if (folder / STUDY).exists() else ""
        raise SweepError(f"{folder} cannot be written: {error.strerror or error}{hint or kept}") from error


def _claim(folder: Path, job: Job, resume: bool) -> None:
    found = {entry.name for entry in folder.iterdir()} - {LOCK}
    if STUDY not in found:
        strangers = sorted(name for name in found if not name.endswith(PARTIAL))
        if strangers:
            more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
            raise SweepRefused(
                f"{folder} holds what a sweep did not write ({strangers[0]}{more}): choose another folder"
            )
        (folder / PARTS).mkdir()
        _write_design(job, folder / DESIGN)
        write_whole(folder / STUDY, _json(_description(job)))
        return
    there = read_description(folder)
    if not resume:
        raise SweepRefused(f"{folder} holds a sweep already: add --resume to go on with it, or choose another folder")
    if there["key"] != job.key:
        raise SweepRefused(_difference(folder, there, job))


def _description(job: Job) -> dict[str, Any]:
    return {
        "made_by": MAKER,
        "key": job.key,
        "name": job.study.name,
        "title": job.study.title,
        "code": code_version(),
        "version": package_version(),
        "points": job.points,
        "runs": job.runs,
        "rows": job.rows,
        "parts": job.parts,
        "design_hash": job.design.hash,
        "study": job.study.content(),
        "columns": {name: measure._asdict() for name, measure in job.columns.items()},
    }


def read_description(folder: Path) -> dict[str, Any]:
    """Return what ``study.json`` says.

    Raises
    ------
    SweepRefused
        If there is none, or it is no sweep's.
    """
    path = folder / STUDY
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["made_by"] == MAKER and isinstance(data["study"], dict) and isinstance(data["key"], str):
            return dict(data)
    except FileNotFoundError:
        raise SweepRefused(f"{folder} holds no sweep: it has no {STUDY}") from None
    except OSError as error:
        raise SweepRefused(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        pass
    raise SweepRefused(f"{path} is torn or was written by something else: choose another folder")


def _difference(folder: Path, there: dict[str, Any], job: Job) -> str:
    """Say in one sentence why a sweep cannot be gone on with."""
    here = json.loads(json.dumps(_description(job)))
    changes = list(_changed(there["study"], here["study"], ""))
    if not changes and there.get("design_hash") != here["design_hash"]:
        changes = ["the points of the design"]
    if changes:
        more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
        return f"{folder} holds a sweep of another study ({'; '.join(changes[:3])}{more}): choose another folder"
    return (
        f"{folder} was begun by another version of the code ({there.get('code')}; this is {here['code']}), and their runs do "
        f"not mix: choose another folder"
    )


def _changed(old: Any, new: Any, name: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new} - {"scenario_hash"}):
            yield from _changed(old.get(key), new.get(key), f"{name}.{key}" if name else key)
    elif old != new:
        yield f"{name} was {_short(old)}, is {_short(new)}"


def _short(value: Any) -> str:
    text = "absent" if value is None else json.dumps(value)
    return text if len(text) <= 40 else text[:36] + " ..."


def _write_design(job: Job, path: Path) -> None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    design = job.design
    columns = {"point": pa.array(np.arange(job.points))}
    columns |= {name: pa.array(column, job.schema.field(name).type) for name, column in design.columns.items()}
    columns |= {f"unit {name}": pa.array(design.unit[:, i]) for i, name in enumerate(design.names)}
    if design.moved is not None:
        columns["moved"] = pa.array(design.moved, pa.string())
    with replacing(path) as partial, partial.open("wb") as sink:
        pq.write_table(pa.table(columns), sink, compression="zstd")


def _read(path: Path) -> Any:
    import pyarrow.parquet as pq

    with _torn(path), pq.ParquetFile(path) as file:
        return file.read()


def _digest(rows: Any) -> str:
    """Return a hash of what stands in a table, however it is stored."""
    digest = hashlib.sha256()
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        there = column.drop_null()
        digest.update(f"{name} {column.type} {len(column)}\n".encode())
        digest.update(column.is_valid().to_numpy().tobytes())
        texts = str(column.type) == "string"
        digest.update(json.dumps(there.to_pylist()).encode() if texts else there.to_numpy().tobytes())
    return digest.hexdigest()[:16]


@contextmanager
def _torn(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except FileNotFoundError:
        raise SweepRefused(f"{path} has gone: add --resume to run it again") from None
    except (pa.ArrowException, OSError, ValueError, AttributeError):
        raise SweepRefused(
            f"{path} is torn or no Parquet file: move it away, then add --resume to run it again"
        ) from None


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Keep other processes out; the lock goes with the process, however it ends."""
    import fcntl

    with (folder / LOCK).open("ab") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SweepRefused(
                f"{folder} is being written by another sweep: wait for it, or choose another folder"
            ) from None
        except OSError:
            pass  # some network file systems know no locks
        yield


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
