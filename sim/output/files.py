"""Files that are there whole or not at all, their checksums, and the names that all result folders share."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.errors import CoherenceError

MAKER = "smb-coherence"
"""What a manifest of ours says under ``made_by``."""
MANIFEST = "manifest.json"
PARTIAL = ".partial"
"""How the names of files end that are being written."""


class FolderError(CoherenceError, OSError):
    """A folder or file that cannot or must not be written; the message is one sentence for users."""


@contextmanager
def replacing(path: Path, *, overwrite: bool = True, ending: str = "") -> Iterator[Path]:
    """Give a temporary sibling of a file to write to, and put it in the file's place when all went well.

    On any failure, an interrupt included, the sibling is removed and the place is as it was. What was written survives a
    power cut.

    Parameters
    ----------
    path
        The file; folders above it are made.
    overwrite
        False: refuse if the file is there, also if it comes to be there meanwhile.
    ending
        Ending of the temporary name, for programs that go by it.

    Raises
    ------
    FolderError
        If the file cannot be written, or is there and must not be overwritten.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replacing(folder / "a.txt") as partial:
    ...     _ = partial.write_text("whole")
    >>> [(entry.name, entry.read_text()) for entry in folder.iterdir()]
    [('a.txt', 'whole')]
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}{ending}")
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        _to_disk(partial)
        if overwrite:
            partial.replace(path)
        else:
            _put(partial, path)
        _to_disk(path.parent)
    except OSError as error:
        raise error if isinstance(error, FolderError) else unwritable(path, error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes, *, overwrite: bool = True) -> None:
    """Write a file so that it is there whole or not at all; text in UTF-8. See `replacing`."""
    with replacing(path, overwrite=overwrite) as partial:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write plain data as JSON, whole or not at all; nan and infinity are refused, for JSON has no words for them."""
    write_whole(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_in(folder: Path) -> list[str]:
    """Return the names of all files under a folder, with forward slashes, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under a folder, by name, so that one can tell later what has changed."""
    return {name: sha256(folder / name) for name in files_in(folder)}


def unwritable(path: Path, error: OSError) -> FolderError:
    """Return the error that says in one sentence why a path cannot be written."""
    failure = FolderError(f"{path} cannot be written: {error.strerror or error}")
    failure.errno, failure.strerror = error.errno, error.strerror
    return failure


def _put(partial: Path, path: Path) -> None:
    try:
        os.link(partial, path)  # unlike a rename, never overwrites
    except FileExistsError:
        raise FolderError(f"{path} exists") from None


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders
    try:
        # Windows wants a file open for writing to flush it, and cannot open a folder.
        handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    except OSError:
        if path.is_file():
            raise
        return
    try:
        os.fsync(handle)
    except OSError:
        if path.is_file():
            raise
        # Some file systems cannot sync a folder.
    finally:
        os.close(handle)
