"""What made a result: versions, sources and the packages below them, and how the software wants to be cited."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import NamedTuple

from sim.bundle.unpack import BundleError

PACKAGE = "smb-coherence"
DECISIVE = ("source", "engine", "numpy", "numba")
"""What numbers depend on; other packages read, write and draw."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Citation(NamedTuple):
    """What CITATION.cff says."""

    title: str
    version: str
    license: str
    authors: tuple[str, ...]


def installed() -> dict[str, str]:
    """Return what would make a result here: Python, system, packages, and hashes of the sources."""
    from sim.engine.compile import source_hash
    from sim.output.version import code_version, package_version

    versions = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    for name in ("numpy", "numba", "pyarrow", "pydantic", "SALib", "scipy"):
        versions[name] = version(name)
    source = code_version().partition("+")[2].partition(" ")[0]
    return versions | {PACKAGE: package_version(), "source": source, "engine": source_hash()}


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """Return what differs of that on which numbers depend, in words."""
    words = {"source": "the model's source", "engine": "the engine's source"}
    return [
        f"{words.get(key, key)} is {here[key]} here, {there[key]} in the bundle"
        for key in DECISIVE
        if key in there and key in here and there[key] != here[key]
    ]


def requirements(made_with: Mapping[str, str]) -> str:
    """Return the packages below the model at the versions that are installed, as a file for pip."""
    here = installed()
    lines = [
        f"# Python {here['python']}, {here['system']}; {PACKAGE} {here[PACKAGE]} (source {here['source']}) stands on:",
        *(
            f"# The result records {key} {value}."
            for key, value in made_with.items()
            if key in here and key not in ("source", "engine", PACKAGE) and here[key] != value
        ),
    ]
    return "\n".join([*lines, *(f"{name}=={number}" for name, number in sorted(_below(PACKAGE).items()))]) + "\n"


def _below(package: str) -> dict[str, str]:
    """Return all that a package needs, and what that needs, with versions; extras that nobody asked for are left out."""
    versions: dict[str, str] = {}
    waiting = [package]
    while waiting:
        try:
            needs = distribution(waiting.pop()).requires or []
        except PackageNotFoundError:
            continue
        for need in needs:
            match = _NAME.match(need)
            name = re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""
            if not name or name in versions or "extra ==" in need or "extra==" in need:
                continue
            try:
                versions[name] = version(name)
            except PackageNotFoundError:
                continue  # not needed on this system
            waiting.append(name)
    return versions


def shipped(name: str) -> Path:
    """Return a file that comes with the source: that of the checkout, or the copy that an installed package carries.

    Raises
    ------
    BundleError
        If there is none.
    """
    package = Path(__file__).resolve().parents[1]
    for place in (package / name, package.parent / name):
        if place.is_file():
            return place
    raise BundleError(f"{name} is missing: it comes with the source; install the package whole")


def citation() -> Citation:
    """Return what CITATION.cff says, as far as a bundle repeats it."""
    import yaml

    content = yaml.safe_load(shipped("CITATION.cff").read_text(encoding="utf-8"))
    authors = tuple(
        author.get("name") or " ".join(filter(None, (author.get("given-names"), author.get("family-names"))))
        for author in content.get("authors", [])
    )
    return Citation(content.get("title", PACKAGE), str(content.get("version", "")), content.get("license", ""), authors)
