"""Result folders: written beside their place under another name, moved there whole, never over what others put there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.output.files import MAKER, MANIFEST, FolderError, unwritable, write_json


def claim(path: Path) -> None:
    """Check that results may go to a path: nothing is there, or an empty folder, or our own earlier results.

    Raises
    ------
    FolderError
        If something else is there.
    """
    try:
        if path.is_symlink() and not path.is_dir():
            raise FolderError(f"{path} is a link, not a folder: choose another place with --out")
        if not path.exists():
            return
        if not path.is_dir():
            raise FolderError(f"{path} is a file, not a folder: choose another place with --out")
        entries = {entry.name for entry in path.iterdir()}
    except OSError as error:
        raise error if isinstance(error, FolderError) else unwritable(path, error) from None
    if not entries:
        return
    strangers = sorted(entries - _ours(path))
    if strangers:
        more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
        raise FolderError(
            f"{path} holds what coherence did not write ({strangers[0]}{more}): choose another place with --out"
        )


def _ours(path: Path) -> set[str]:
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        if manifest["made_by"] == MAKER:
            return {MANIFEST, *map(str, manifest["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return set()


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a temporary sibling of a folder to write to, and put it in the folder's place when all went well.

    On any failure, an interrupt included, the sibling is removed and the place is as it was.

    Raises
    ------
    FolderError
        If the place is taken (see `claim`) or cannot be written.

    Examples
    --------
    >>> place = Path(tempfile.mkdtemp()) / "out"
    >>> with writing(place) as partial:
    ...     _ = (partial / "a.txt").write_text("whole")
    ...     write_manifest(partial, {"seed": 1})
    >>> json.loads((place / MANIFEST).read_text())
    {'made_by': 'smb-coherence', 'seed': 1, 'files': ['a.txt']}
    """
    claim(path)
    path = Path(os.path.realpath(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent))
    except OSError as error:
        raise unwritable(path, error) from None
    try:
        partial.chmod(0o777 & ~_umask())
        yield partial
        claim(path)  # somebody may have written there meanwhile
        _swap(partial, path)
    except OSError as error:
        raise error if isinstance(error, FolderError) else unwritable(path, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _swap(partial: Path, path: Path) -> None:
    if not path.exists():
        partial.rename(path)
        return
    earlier = partial.with_suffix(".earlier")
    path.rename(earlier)
    try:
        partial.rename(path)
    except BaseException:
        earlier.rename(path)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Write the manifest, last of all: content, who made it, and the names of all other files in the folder."""
    files = sorted(entry.name for entry in folder.iterdir())
    write_json(folder / MANIFEST, {"made_by": MAKER, **content, "files": files})


def now() -> str:
    """Return the time in UTC, to the second, as in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
