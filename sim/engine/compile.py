"""How rules are compiled, and how compiled code is kept without ever going stale.

numba's own cache looks only at the file in which a function stands: after an edit of a helper in another module it
returns the old answer. Here the cache folder is named after a hash of every source that compiled code can come from, so
an edit anywhere means a new folder, and old folders are cleared away.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import numba
import platformdirs

ROOMS = ("engine/*.py", "state/*.py", "rules/*.py", "company/importing/shortest_paths.py", "claims/observe.py")
"""Files of the package in which compiled functions stand, or what they are compiled from."""
KEPT = 6
"""Cache folders that stay, newest first."""


@cache
def source_hash() -> str:
    """Return a hash of all sources that compiled code is made from (16 hexadecimal digits)."""
    here = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in here.glob(room)):
        digest.update(path.relative_to(here).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Return the folder for the compiled code of this source: $COHERENCE_CACHE, else the user's cache, else a temporary one."""
    given = os.environ.get("COHERENCE_CACHE")
    home = Path(given) if given else platformdirs.user_cache_path("coherence", appauthor=False)
    for base in (home, None):
        # A temporary folder has a name that nobody can know before: code that somebody else put there would run.
        folder = (base or Path(tempfile.mkdtemp(prefix="coherence-"))) / source_hash()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            continue
        if base is not None:
            _clear(base)
        return folder
    raise OSError("no folder for compiled code can be written: set COHERENCE_CACHE to one")


def _clear(base: Path) -> None:
    folders = sorted((p for p in base.iterdir() if p.is_dir() and len(p.name) == 16), key=lambda p: -p.stat().st_mtime)
    for old in folders[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def patient() -> Iterator[None]:
    """Let the compiler work without the garbage collector, which would take an eighth of its time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


PLAIN = bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]
"""Whether NUMBA_DISABLE_JIT=1 asks for plain Python: some thousand times slower, but a debugger can step through a rule."""


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a function with numba: cached by the hash of all sources, without the GIL, with IEEE division."""
    if PLAIN:
        return function
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]
    try:
        dispatcher = numba.njit(  # type: ignore[call-overload]
            cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True
        )(function)
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]
    # numba numbers the files of a function: two processes that compile it for different types at once would take the same
    # number, and one would later be given the other's code. Names that nobody else takes cannot be mixed up.
    kept = dispatcher._cache._cache_file
    kept._data_name = lambda _: f"{kept._index_name.removesuffix('.nbi')}.{uuid4().hex}.nbc"
    return dispatcher  # type: ignore[no-any-return]
