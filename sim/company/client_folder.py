"""The client folder: opening it, putting results in, finding them again, and forgetting it all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.company.importing import privacy
from sim.company.importing.client_files import leaks, write
from sim.company.importing.company import COMPANY, SCENARIO, Company
from sim.company.importing.import_log import CompanyError, refuse
from sim.company.importing.mapping import FILE as MAPPING
from sim.company.importing.mapping import Mapping as Corrections
from sim.company.importing.mapping import read_mapping
from sim.output.files import MAKER, MANIFEST, write_json
from sim.output.folder import now, write_manifest, writing
from sim.scenario import Scenario, ScenarioError, load

KIND = "client"


@dataclass(frozen=True)
class Client:
    """An open client folder."""

    folder: Path
    scenario: Scenario
    company: dict[str, Any]


@dataclass(frozen=True)
class Earlier:
    """What an earlier import left in a folder.

    Attributes
    ----------
    key
        Fingerprint of the key of its pseudonyms.
    scenario
        Hash of its scenario.
    mapping
        Its corrections.
    results
        Folders of results made from it.
    reports
        Reports that went elsewhere.
    """

    key: str
    scenario: str
    mapping: Corrections
    results: tuple[str, ...]
    reports: tuple[str, ...]


def earlier_import(folder: Path) -> Earlier | None:
    """Return what an earlier import left in a folder, None where it is no client folder."""
    if not _is_client(folder):
        return None
    manifest = _manifest(folder)
    results = tuple(name for name in map(str, manifest.get("files", [])) if (folder / name).is_dir())
    reports = tuple(map(str, manifest.get("reports", [])))
    mapping = read_mapping(folder / MAPPING)
    return Earlier(str(_company(folder).get("key", "")), str(manifest.get("scenario", "")), mapping, results, reports)


def store(
    company: Company, place: Path, key: bytes, version: str, earlier: Earlier | None = None
) -> tuple[list[str], list[str]]:
    """Write a client folder whole, or leave the place as it was.

    Parameters
    ----------
    company
        What was imported.
    place
        The folder.
    key
        Of the pseudonyms.
    version
        Of this package.
    earlier
        The earlier import into the same folder, if what is still true of it shall be kept: its results are kept where the
        scenario has not changed.

    Returns
    -------
    list, list
        Results that were kept, and those that were dropped since they are of another scenario.
    """
    same = earlier is not None and earlier.scenario == company.scenario.hash
    kept = list(earlier.results) if earlier is not None and same else []
    dropped = [] if earlier is None or same else list(earlier.results)
    with writing(place) as partial:
        write(company, partial, key)
        if found := leaks(company, partial):
            names = sorted({name for some in found.values() for name in some})
            raise CompanyError(
                f"Nothing was written: {', '.join(sorted(found))} would hold what the people file has as somebody's name "
                f"({', '.join(map(repr, names[:3]))}). Is a heading or a title read as a person? Else rename it in the file."
            )
        for name in kept:
            shutil.copytree(place / name, partial / name)
        more = {"reports": list(earlier.reports)} if earlier is not None and earlier.reports else {}
        write_manifest(
            partial, {"kind": KIND, "version": version, "written": now(), "scenario": company.scenario.hash, **more}
        )
    return kept, dropped


def open_client(folder: Path) -> Client:
    """Open a client folder.

    Raises
    ------
    CompanyError
        If it is none.
    """
    if not _is_client(folder):
        raise CompanyError(
            f"{folder} is not a client folder: coherence import PEOPLE.csv LINKS.csv -o {folder} makes one."
        )
    try:
        company = json.loads((folder / COMPANY).read_text(encoding="utf-8"))
        return Client(folder, load(folder / SCENARIO), company)
    except (OSError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise CompanyError(str(error)) from None
        raise CompanyError(f"{folder} cannot be read: {error}") from None


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_client(folder: Path) -> bool:
    manifest = _manifest(folder)
    return manifest.get("made_by") == MAKER and manifest.get("kind") == KIND


def put(folder: Path, name: str, files: Mapping[str, str | bytes]) -> Path:
    """Put results into a folder inside the client folder, whole or not at all, and tell the manifest."""
    place = folder / name
    with writing(place) as partial:
        for file, what in files.items():
            if isinstance(what, bytes):
                (partial / file).write_bytes(what)
            else:
                (partial / file).write_text(what, encoding="utf-8")
        write_manifest(partial, {"kind": name, "written": now()})
    manifest = _manifest(folder)
    manifest["files"] = sorted({*manifest.get("files", []), name})
    write_json(folder / MANIFEST, manifest)
    return place


def remember_report(folder: Path, path: Path) -> None:
    """Remember that a report went somewhere, so that `forget` can say so."""
    manifest = _manifest(folder)
    manifest["reports"] = sorted({*manifest.get("reports", []), str(path.resolve())})
    write_json(folder / MANIFEST, manifest)


def forget(folder: Path, key: Path | None = None) -> tuple[list[str], list[str]]:
    """Remove a client folder and its key; return what was removed, and reports that lie elsewhere and were not.

    Raises
    ------
    CompanyError
        If the folder is no client folder, or holds what coherence did not write: then nothing is removed.
    """
    if not _is_client(folder) or folder.is_symlink():
        raise CompanyError(f"{folder} is not a client folder of coherence: nothing was removed.")
    manifest = _manifest(folder)
    ours = {MANIFEST, *map(str, manifest.get("files", []))}
    strangers = sorted({entry.name for entry in folder.iterdir()} - ours)
    if strangers:
        raise refuse(
            str(folder), f"holds what coherence did not write ({strangers[0]}): move it away first; nothing was removed"
        )
    removed: list[str] = []
    company = _company(folder)
    place = key or privacy.key_folder() / f"{company.get('key', '')}.key"
    if place.is_file():
        if privacy.fingerprint(privacy.read_key(place)) != company.get("key"):
            raise refuse(str(place), "is the key of another client; nothing was removed")
        place.write_bytes(b"0" * place.stat().st_size)
        place.unlink()
        removed.append(str(place))
    shutil.rmtree(folder)
    removed.append(str(folder))
    return removed, [path for path in manifest.get("reports", []) if Path(path).exists()]


def _company(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / COMPANY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
