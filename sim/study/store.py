"""The folder of a sweep: written so that whatever happens, what is there is whole and belongs together.

::

    study.json        what is being run: the resolved study, its key, the code, the columns; written before all else
    design.parquet    the points
    parts/            part-000000.parquet, ...: finished runs; a part that was run again is part-000000-r2.parquet
    table.parquet     all parts in order; written last, with
    manifest.json     files, checksums, counts, versions and times

Every file is written under another name, flushed to the disk and renamed, so that a sweep may be killed at any moment.
Parts carry the key of the sweep and a checksum of their numbers, and are never changed. Whoever goes on with a sweep makes
the study and the design anew and puts right what differs: both follow from the study, so that nothing is lost by that.
Whoever reads a finished sweep checks the files against the manifest. One process at a time holds the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.output.files import MAKER, MANIFEST, PARTIAL, replacing, sha256, write_whole
from sim.study.description import (
    STUDY,
    SweepError,
    SweepRefused,
    TornError,
    description_of,
    difference,
    digest_of,
    read_description,
)
from sim.study.tasks import Job

DESIGN, PARTS, TABLE, LOCK = "design.parquet", "parts", "table.parquet", ".lock"
_PART = re.compile(r"part-(\d{6,})(?:-r(\d+))?\.parquet")
ROW_GROUP = 65536
AGAIN = "delete it, then add --resume, and its runs are made again"


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
            raise SweepRefused(f"{path} is torn, its numbers have changed: {AGAIN}")
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
        with os.scandir(parts) as entries:
            names = sorted(entry.name for entry in entries)
        for name in names:
            path = parts / name
            match = _PART.fullmatch(name)
            if match is None:
                if _hidden(name):
                    continue
                raise SweepRefused(f"{path} is not a part of a sweep: move it out of the folder, then add --resume")
            self._check(path, int(match[1]))
            part, revision = int(match[1]), int(match[2] or 1)
            self.revisions[part] = max(revision, self.revisions.get(part, 0))

    def _check(self, path: Path, part: int) -> None:
        import pyarrow.parquet as pq

        with _torn(path):
            meta = pq.read_metadata(path)
            label = json.loads((meta.metadata or {}).get(b"coherence", b"{}"))
        if label.get("key") != self.job.key or label.get("part") != part or part >= self.job.parts:
            raise SweepRefused(f"{path} belongs to another sweep: move it out of the folder, then add --resume")
        if (label["first"], label["after"], meta.num_rows) != (*self.job.span(part), label["after"] - label["first"]):
            raise SweepRefused(f"{path} has not the rows of part {part}: {AGAIN}")

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
            "sha256": {name: sha256(self.folder / name) for name in (STUDY, DESIGN, TABLE)},
            "files": [STUDY, DESIGN, PARTS, TABLE, MANIFEST],
        }
        write_whole(self.folder / MANIFEST, _json({**data, "digest": digest_of(data)}))


@contextmanager
def holding(folder: Path, job: Job, resume: bool) -> Iterator[Store]:
    """Take hold of a folder for a sweep, as a new one or to go on with what is there.

    Raises
    ------
    SweepError
        If the folder holds anything else, is held by another process, or cannot be written.
    """
    with one_sentence(folder):
        if not folder.is_dir():
            folder.mkdir(parents=True)
        with _lock(folder):
            _clear(folder)
            _claim(folder, job, resume)
            store = Store(folder, job)
            store.scan()
            _put_right(folder, job)
            yield store


@contextmanager
def one_sentence(folder: Path) -> Iterator[None]:
    """Turn what the system says of a folder into one sentence."""
    try:
        yield
    except OSError as error:
        kept = "; the parts that are there are whole: make room, then add --resume" if (folder / STUDY).exists() else ""
        raise SweepError(f"{folder} cannot be written: {error.strerror or error}{kept}") from error


def _hidden(name: str) -> bool:
    """Return whether a file is the system's or an editor's, such as ``.DS_Store``: it stands in nobody's way."""
    return name.startswith(".") or name in ("Thumbs.db", "desktop.ini")


def _clear(folder: Path) -> None:
    """Remove what a killed sweep had begun to write: the folder is held by us."""
    for place in (folder, folder / PARTS):
        if place.is_dir():
            for entry in place.iterdir():
                if entry.name.endswith(PARTIAL) and entry.is_file():
                    entry.unlink()


def _claim(folder: Path, job: Job, resume: bool) -> None:
    """Refuse a folder that holds anything else than this sweep, or this sweep where it should be a new one."""
    entries = {entry.name for entry in folder.iterdir() if not _hidden(entry.name)}
    begun = any((folder / PARTS).glob("part-*"))
    if STUDY not in entries and not begun:
        strangers = sorted(entries - {PARTS, DESIGN})
        if strangers:
            more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
            raise SweepRefused(
                f"{folder} holds what a sweep did not write ({strangers[0]}{more}): choose another folder"
            )
        return
    if not resume:
        raise SweepRefused(f"{folder} holds a sweep already: add --resume to go on with it, or choose another folder")
    try:
        there = read_description(folder)
    except TornError:
        return  # the parts carry the key of their sweep: `Store.scan` looks at each
    if there["key"] != job.key:
        change = difference(folder, there, job)
        if change is not None:
            raise SweepRefused(change)


def _put_right(folder: Path, job: Job) -> None:
    """Write the study and the design, unless they stand there as they should."""
    (folder / PARTS).mkdir(exist_ok=True)
    path, text = folder / STUDY, _json(description_of(job))
    if not path.exists() or path.read_bytes() != text:
        write_whole(path, text)
    path, design = folder / DESIGN, _design_table(job)
    try:
        right = _read(path).equals(design)
    except SweepRefused:
        right = False
    if not right:
        import pyarrow.parquet as pq

        with replacing(path) as partial, partial.open("wb") as sink:
            pq.write_table(design, sink, compression="zstd")


def _design_table(job: Job) -> Any:
    import numpy as np
    import pyarrow as pa

    design = job.design
    columns = {"point": pa.array(np.arange(job.points))}
    columns |= {name: pa.array(column, job.schema.field(name).type) for name, column in design.columns.items()}
    columns |= {f"unit {name}": pa.array(design.unit[:, i]) for i, name in enumerate(design.names)}
    if design.moved is not None:
        columns["moved"] = pa.array(design.moved, pa.string())
    return pa.table(columns)


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
    """Say of a part that it is torn, and what helps, whatever a reader of Parquet makes of its bytes."""
    import pyarrow as pa

    try:
        yield
    except FileNotFoundError:
        raise SweepRefused(f"{path} has gone: add --resume, and its runs are made again") from None
    except PermissionError as error:
        raise SweepRefused(f"{path} cannot be read: {error.strerror}") from None
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, MemoryError):
        raise SweepRefused(f"{path} is torn or no Parquet file: {AGAIN}") from None


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Keep other processes out; the lock goes with the process, however it ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where the system knows no locks, a file that names its process is one
        from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise SweepRefused(
            f"{folder} is being written by another sweep: wait for it, or choose another folder"
        ) from None
    except NotImplementedError:
        pass  # some network file systems know no locks
    try:
        yield
    finally:
        lock.release()


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
