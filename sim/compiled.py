"""How rules are compiled, and how compiled code is kept without ever going stale.

numba's own cache looks only at the file in which a function stands: after an edit of a helper in another module it
returns the old answer. Here the cache folder is named after a hash of every source that compiled code can come from, so
an edit anywhere means a new folder, and old folders are cleared away.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])
ROOMS = ("compiled.py", "chance.py", "directions.py", "state.py")
"""Files beside ``rules/`` in which compiled functions stand."""
KEPT = 6
"""Cache folders that stay, newest first."""


@cache
def source_hash() -> str:
    """Return a hash of all sources that compiled code is made from (16 hexadecimal digits)."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*(here / name for name in ROOMS), *(here / "rules").glob("*.py")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Return the folder for the compiled code of this source: $COHERENCE_CACHE, else the user's cache, else a temporary one."""
    given = os.environ.get("COHERENCE_CACHE")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for base in (Path(given) if given else home / "coherence", Path(tempfile.gettempdir()) / f"coherence-{os.getuid()}"):
        folder = base / source_hash()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            continue
        _clear(base)
        return folder
    raise OSError("no folder for compiled code can be written: set COHERENCE_CACHE to one")


def _clear(base: Path) -> None:
    folders = sorted((p for p in base.iterdir() if p.is_dir() and len(p.name) == 16), key=lambda p: -p.stat().st_mtime)
    for old in folders[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def is_warm(entry: str) -> bool:
    """Return whether any compiled version of an entry point lies in the cache."""
    return any(cache_folder().rglob(f"*.{entry}-*.nbc"))


def compiled(function: F) -> F:
    """Compile a function with numba: cached by the hash of all sources, without the GIL, with IEEE division."""
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy", **({} if function.__name__ in ("found","live","_boxed") else dict(no_cpython_wrapper=True, no_cfunc_wrapper=True)))(function)  # type: ignore[no-any-return]
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]
