"""Which code results come from: a sweep is resumed by the code that began it, and by no other."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

FILES = (
    "measures/series.py",
    "measures/summaries.py",
    "study/factors.py",
    "study/test_functions.py",
    "study/protocol.py",
    "study/worker.py",
    "study/runner.py",
)
FOLDERS = ("scenario", "simulate")
"""Files and folders besides the compiled rules that a run's numbers depend on."""


@cache
def code_version() -> str:
    """Return the package's version, a hash of all sources that a number can depend on, and the versions below them."""
    from sim.engine.compile import source_hash

    home = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(source_hash().encode())
    for path in [*(home / name for name in FILES), *(p for f in FOLDERS for p in sorted((home / f).rglob("*.py")))]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return f"{package_version()}+{digest.hexdigest()[:16]} numpy {version('numpy')} numba {version('numba')}"


def versions_of(packages: Iterable[str]) -> dict[str, str | None]:
    """Return the version of Python and of some packages, None for those that are not installed."""
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    return versions


def other_version(version: str, source: str = "") -> str:
    """Return, in brackets, which version made a result if it is not this one; nothing if it is.

    Parameters
    ----------
    version
        The package's version that the result names.
    source
        What `code_version` said then, or the hash in it; empty where it is not known.

    Examples
    --------
    >>> other_version("0.0.1")  # doctest: +ELLIPSIS
    ' (it was made by smb-coherence 0.0.1, this is ...)'
    >>> other_version(package_version())
    ''
    """
    here = package_version(), _hash_in(code_version())
    there = version, _hash_in(source) if "+" in source else source
    if there == here or (there[0] == here[0] and not there[1]):
        return ""
    made, own = (f"{version}, source {digest}" if there[1] else version for version, digest in (there, here))
    return f" (it was made by smb-coherence {made}, this is {own})"


def _hash_in(code: str) -> str:
    return code.partition("+")[2].partition(" ")[0]


def package_version() -> str:
    """Return the package's version, 0 where it is not installed."""
    try:
        return version("smb-coherence")
    except PackageNotFoundError:
        return "0"
