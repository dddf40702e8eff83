"""What a folder of results is: of a run, a sweep or the claims ledger, whole and as it was written, and nobody's secret."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sim.bundle.unpack import BundleError
from sim.output.files import MAKER, MANIFEST, files_in, sha256
from sim.output.version import other_version
from sim.scenario import Scenario, ScenarioError
from sim.study.description import STUDY
from sim.study.store import DESIGN, LOCK, PARTS, TABLE

RUNS = ("departments.parquet", "runs.parquet", "series.parquet")
COMPANY = "company.json"
PAGE = "README.md"
_VERDICT = re.compile(r"[CX]\d\d\.json")
_LEDGER = re.compile(r"([CX]\d\d\.json|([CX]\d\d|headlines)\.(png|svg)|levels\.(json|md)|README\.md)")
_CODE = re.compile(r"[^+ ]+\+([0-9a-f]{16})\b")
Kind = Literal["run", "sweep", "claims"]


@dataclass(frozen=True)
class Result:
    """A folder of results, looked through.

    Attributes
    ----------
    kind, folder
        What made it, and where it is.
    name, title
        Of its scenario, its study, or the ledger.
    files, data
        All files that belong to it, and those that hold its numbers, by name in the folder.
    day
        On which it was made, as in ISO 8601.
    made_with
        Versions that it records: python, numpy, ...; ``source``, a hash of all code that numbers depend on, and
        ``engine``, of the compiled rules alone.
    manifest
        What its manifest says; of a ledger, nothing.
    """

    kind: Kind
    folder: Path
    name: str
    title: str
    files: tuple[str, ...]
    data: tuple[str, ...]
    day: str
    made_with: Mapping[str, str]
    manifest: Mapping[str, Any]


def look_through(folder: Path, invented: bool = False) -> Result:
    """Return what a folder of results is.

    Parameters
    ----------
    folder
        What ``coherence run``, ``sweep`` or ``claims`` wrote.
    invented
        Take a scenario that looks like a company's for an invented one.

    Raises
    ------
    BundleError
        If it is no such folder, is not finished, has changed since, holds something else, or is a company's.
    """
    if not folder.is_dir():
        raise BundleError(f"{folder} is not a folder of results: there is no such folder")
    if any(_is_company(place) for place in (folder, *folder.resolve().parents)):
        raise BundleError(f"{folder} belongs to a client folder: what a company gave stays private and is never packed")
    if (folder / STUDY).exists():
        result = _sweep(folder)
    elif any(_VERDICT.fullmatch(path.name) for path in folder.iterdir()):
        result = _ledger(folder)
    else:
        result = _run(folder)
    if result.manifest.get("private"):
        raise BundleError(
            f"{folder} was run on a client's scenario: what a company gave stays private and is never packed"
        )
    if not invented:
        _check_nobody_is_in(result)
    return result


def scenario_of(data: Any, where: str, made_with: Mapping[str, str]) -> Scenario:
    """Return the scenario that a result holds as plain data.

    Parameters
    ----------
    data, where
        The data, and how messages call the file that holds it.
    made_with
        What made the result, as far as it says so.

    Raises
    ------
    BundleError
        If this version does not understand it.
    """
    try:
        return Scenario.from_data(_without_nothing(data))
    except ScenarioError as error:
        made = other_version(made_with.get("smb-coherence", "another version"), made_with.get("source", ""))
        raise BundleError(f"{where} holds a scenario that this version does not understand{made}: {error}") from None


def read_json(path: Path) -> dict[str, Any]:
    """Return what a file of plain data says.

    Raises
    ------
    BundleError
        If it cannot be read as that.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BundleError(f"{path} is torn: it cannot be read")
    return data


def _is_company(folder: Path) -> bool:
    if not (folder / COMPANY).is_file():
        return False
    try:
        return bool(read_json(folder / MANIFEST).get("made_by") == MAKER)
    except BundleError:
        return True  # better once too often


def _run(folder: Path) -> Result:
    refusal = BundleError(
        f"{folder} is not a folder of results: coherence run, coherence sweep and coherence claims write one"
    )
    if not (folder / MANIFEST).is_file():
        raise refusal
    manifest = read_json(folder / MANIFEST)
    if manifest.get("made_by") != MAKER or not isinstance(manifest.get("scenario"), dict) or "seed" not in manifest:
        raise refusal
    try:
        files = {MANIFEST, *map(str, manifest["files"])}
        name, title, day = (
            str(manifest["scenario"]["name"]),
            str(manifest["scenario"]["title"]),
            str(manifest["started"])[:10],
        )
        made_with = {key: str(value) for key, value in manifest["versions"].items() if value is not None}
        replicates = [int(r) for r in manifest["replicates"]]
        checksums = dict(manifest.get("sha256", {}))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BundleError(f"{folder / MANIFEST} has changed since it was written: it lacks what a run writes") from None
    if not replicates:
        raise BundleError(f"{folder / MANIFEST} has changed since it was written: it names no replicates")
    _check_files(folder, files, checksums)
    made_with |= _source(str(manifest.get("code", "")))
    data = tuple(name for name in RUNS if name in files)
    if "runs.parquet" not in data:
        raise refusal
    return Result("run", folder, name, title or name, tuple(sorted(files)), data, day, made_with, manifest)


def _sweep(folder: Path) -> Result:
    from sim.study.description import SweepError
    from sim.study.results import open_sweep

    try:
        sweep = open_sweep(folder)
    except SweepError as error:
        raise BundleError(str(error)) from None
    if not (folder / MANIFEST).is_file():
        raise BundleError(f"{folder} is not finished: coherence sweep --resume goes on")
    manifest = read_json(folder / MANIFEST)
    if manifest.get("key") != sweep.key or not isinstance(manifest.get("versions"), dict):
        raise BundleError(f"{folder / MANIFEST} has changed since the sweep: it belongs to another one")
    # Parts hold the table's rows a second time, and the lock is for those who write.
    files = {
        name for name in files_in(folder) if name.partition("/")[0] not in (PARTS, LOCK) and not _findings(folder, name)
    }
    _check_files(folder, {STUDY, DESIGN, TABLE, MANIFEST}, dict(manifest.get("sha256", {})), files)
    files |= {name for name in files_in(folder) if _findings(folder, name)}
    made_with = {key: str(value) for key, value in manifest["versions"].items() if value is not None} | _source(
        sweep.code
    )
    title, day = sweep.study.title or sweep.study.name, str(manifest.get("started"))[:10]
    return Result("sweep", folder, sweep.study.name, title, tuple(sorted(files)), (TABLE,), day, made_with, manifest)


def _findings(folder: Path, name: str) -> bool:
    """Return whether a file stands in a folder of findings that ``coherence sensitivity`` put into a sweep's."""
    first, _, rest = name.partition("/")
    if not rest or first == PARTS or not (folder / first / MANIFEST).is_file():
        return False
    manifest = read_json(folder / first / MANIFEST)
    return manifest.get("made_by") == MAKER and rest in {MANIFEST, *map(str, manifest.get("files", []))}


def _ledger(folder: Path) -> Result:
    files = set(files_in(folder))
    strangers = sorted(name for name in files if not _LEDGER.fullmatch(name))
    if strangers:
        raise _strange(folder, strangers)
    data = tuple(sorted(name for name in files if _VERDICT.fullmatch(name)))
    made_with: dict[str, str] = {}
    for name in data:
        verdict = read_json(folder / name)
        whole = isinstance(verdict.get("claim"), dict) and isinstance(verdict.get("headline"), dict)
        if verdict.get("id") != name[:3] or not whole or not {"seed", "quick", "engine", "budget"} <= verdict.keys():
            raise BundleError(f"{folder / name} has changed since it was written: it lacks what a verdict says")
        engine = str(verdict["engine"])
        if made_with.setdefault("engine", engine) != engine:
            raise BundleError(f"{folder} holds verdicts of several versions of the engine: run coherence claims again")
        made_with["smb-coherence"] = str(verdict.get("version"))
    newest = max((folder / name).stat().st_mtime for name in data)
    day = datetime.fromtimestamp(newest, UTC).date().isoformat()
    return Result("claims", folder, "claims", "The claims ledger", tuple(sorted(files)), data, day, made_with, {})


def _check_files(folder: Path, files: set[str], checksums: Mapping[str, str], there: set[str] | None = None) -> None:
    present = set(files_in(folder)) if there is None else there
    if missing := sorted(files - present):
        raise BundleError(f"{folder} has changed since it was written: {missing[0]} has gone")
    if strangers := sorted(present - files):
        raise _strange(folder, strangers)
    for name in sorted(files & checksums.keys()):
        if sha256(folder / name) != checksums[name]:
            raise BundleError(f"{folder / name} has changed since it was written (its checksum differs): make it again")


def _strange(folder: Path, strangers: list[str]) -> BundleError:
    more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
    return BundleError(f"{folder} holds what coherence did not write ({strangers[0]}{more}): move it away first")


def _source(code: str) -> dict[str, str]:
    match = _CODE.match(code)
    return {"source": match[1]} if match else {}


def _check_nobody_is_in(result: Result) -> None:
    """Refuse scenarios with traces of people: links between single ones, or where a survey says that departments start."""
    if result.kind == "claims":
        return
    data = (
        result.manifest.get("scenario")
        if result.kind == "run"
        else read_json(result.folder / STUDY)["study"]["scenario"]
    )
    if not data:
        return
    surveyed = [d["name"] for d in data.get("departments", []) if d.get("belief") or d.get("engagement") is not None]
    if data.get("links") or surveyed:
        what = "who listens to whom" if data.get("links") else f"what {surveyed[0]} believes or feels at the founding"
        raise BundleError(
            f"{result.folder} rests on a scenario that says {what}, as a company's does: what a company gave stays private "
            "(--invented packs it where nobody real is meant)"
        )


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nothing(inner) for key, inner in value.items() if inner is not None}
    return [_without_nothing(inner) for inner in value] if isinstance(value, list) else value
