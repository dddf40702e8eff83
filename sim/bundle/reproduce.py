"""A bundle made again: checksums, versions, runs, and every number compared."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.bundle.compare import data_hash, difference
from sim.bundle.pack import BUNDLE, FORMAT, RESULT
from sim.bundle.provenance import differences, installed
from sim.bundle.unpack import BundleError, changed_files, read_checksums, unpack
from sim.output.files import MAKER
from sim.scenario import ScenarioError, load

MOST_RUNS = 1_000_000


@dataclass(frozen=True)
class Bundle:
    """A bundle that lies unpacked in a folder: what it says of itself, and which files are not as they were packed."""

    folder: Path
    said: Mapping[str, Any]
    changed: Mapping[str, str]

    @property
    def other_versions(self) -> list[str]:
        """What differs, here, from what made the result, of that on which numbers depend."""
        return differences(self.said["made_with"], installed())


@dataclass(frozen=True)
class Verdict:
    """Whether a bundle was reproduced: the hash that it states, that of what was run again, and what differs first."""

    stated: str
    again: str
    differs: str

    @property
    def reproduced(self) -> bool:
        """Whether all files are as they were packed and all numbers came out the same."""
        return not self.differs


@contextmanager
def opened(place: Path) -> Iterator[Bundle]:
    """Give a bundle, from a zip file or from the folder that it was unpacked to.

    Raises
    ------
    BundleError
        If it is none, or a zip file that is not safe to unpack.
    """
    if place.is_dir():
        yield _read(place)
        return
    if not place.is_file():
        raise BundleError(f"{place} is not a bundle: there is no such file or folder")
    with tempfile.TemporaryDirectory(prefix="coherence-reproduce-") as scratch:
        folder = Path(scratch) / "bundle"
        folder.mkdir()
        unpack(place, folder)
        try:
            yield _read(folder)
        except BundleError as error:
            raise BundleError(str(error).replace(str(folder), str(place))) from None


def reproduce(
    bundle: Bundle, workers: int = 1, trust: bool = False, progress: Callable[[str], None] | None = None
) -> Verdict:
    """Make the numbers of a bundle again and compare them.

    Parameters
    ----------
    bundle
        From `opened`.
    workers
        Runs that go on at the same time; the numbers do not depend on it.
    trust
        Run the bundle's claims even where they are not those of this version: they are programs.
    progress
        Called with what is being done.

    Raises
    ------
    BundleError
        If what the bundle holds cannot be run.
    """
    said, stated = bundle.said, str(bundle.said["hash"])
    # A changed number is named below; of anything else that has changed there is nothing to be said but that.
    others = [name for name in bundle.changed if name not in said["data"] or bundle.changed[name] == "is missing"]
    if others:
        return Verdict(stated, "", f"{others[0]} {bundle.changed[others[0]]}")
    if not trust:
        _check_programs(bundle)
    with tempfile.TemporaryDirectory(prefix="coherence-reproduce-") as scratch:
        again = Path(scratch)
        try:
            {"run": _run, "sweep": _sweep, "claims": _claims}[said["kind"]](bundle, again, workers, progress)
        except ScenarioError as error:
            raise BundleError(f"the bundle holds what this version does not understand: {error}") from None
        made = {name: again / Path(name).name for name in said["data"]}
        digest = data_hash({name: path for name, path in made.items() if path.is_file()})
        for name, path in made.items():
            words = f"{name} {bundle.changed[name]}; " if name in bundle.changed else f"{name}, "
            if not path.is_file():
                return Verdict(stated, digest, f"{name} is not among what was made")
            if found := difference(bundle.folder / name, path):
                return Verdict(stated, digest, f"{words}{found}")
        for name, what in bundle.changed.items():
            return Verdict(stated, digest, f"{name} {what}, though its numbers are the same")
    if digest != stated:
        return Verdict(stated, digest, f"the numbers are those of the bundle, but it states another hash ({stated})")
    return Verdict(stated, digest, "")


def _read(folder: Path) -> Bundle:
    listed = read_checksums(folder)
    try:
        said = json.loads((folder / BUNDLE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise BundleError(f"{folder} is not a bundle: its {BUNDLE} cannot be read") from None
    if not isinstance(said, dict) or said.get("made_by") != MAKER:
        raise BundleError(f"{folder} is not a bundle: coherence pack writes one")
    if said.get("format") != FORMAT:
        raise BundleError(f"{folder} was packed by another version of coherence, which this one does not understand")
    if not _well_formed(said) or not {BUNDLE, *said["data"]} <= listed.keys():
        raise BundleError(f"{folder} is not a whole bundle: its {BUNDLE} does not say what to run")
    return Bundle(folder, said, changed_files(folder))


def _well_formed(said: Mapping[str, Any]) -> bool:
    texts = all(isinstance(said.get(key), str) for key in ("hash", "name", "title", "kind"))
    data, versions = said.get("data"), said.get("made_with")
    names = isinstance(data, list) and data and all(isinstance(n, str) and n.startswith(f"{RESULT}/") for n in data)
    if not texts or not names or not isinstance(versions, dict):
        return False
    match said["kind"]:
        case "run":
            seed, count = said.get("seed"), said.get("replicates")
            if not isinstance(seed, int) or not isinstance(count, int) or not isinstance(said.get("scenario"), str):
                return False
            return 0 <= seed < 2**63 and 0 < count <= MOST_RUNS
        case "sweep":
            return isinstance(said.get("study"), str)
        case "claims":
            steps = said.get("claims")
            return isinstance(steps, dict) and all(
                isinstance(s, dict) and isinstance(s.get("file"), str) and type(s.get("seed")) is int
                for s in steps.values()
            )
    return False


def _inside(bundle: Bundle, name: str) -> Path:
    if name not in read_checksums(bundle.folder):
        raise BundleError(f"{name} is not among the checksums of the bundle")
    return bundle.folder / name


def _check_programs(bundle: Bundle) -> None:
    """Refuse a bundle whose claims are not those of this version: they are programs, and could do anything."""
    from sim.claims.claim import claim_files

    known = claim_files() if bundle.said["kind"] == "claims" else {}
    for claim, step in bundle.said.get("claims", {}).items():
        program = _inside(bundle, step["file"])
        if claim not in known or known[claim].read_bytes() != program.read_bytes():
            raise BundleError(
                f"{step['file']} is a program, and not the one that this version has: read it, then add --trust to run it"
            )


def _run(bundle: Bundle, again: Path, workers: int, progress: Callable[[str], None] | None) -> None:
    from sim.report.parquet import write_departments, write_runs, write_series
    from sim.report.run_data import gather
    from sim.simulate import run_many

    scenario = load(_inside(bundle, bundle.said["scenario"]))
    count = bundle.said["replicates"]
    _tell(progress, f"{count:,} run{'s' * (count > 1)} of {bundle.said['name']} ...")
    material = gather(run_many(scenario, count, bundle.said["seed"], workers))
    write_runs(material, again / "runs.parquet")
    write_series(material, again / "series.parquet")
    write_departments(material, again / "departments.parquet")


def _sweep(bundle: Bundle, again: Path, workers: int, progress: Callable[[str], None] | None) -> None:
    from sim.study.description import SweepError
    from sim.study.points_file import DesignError
    from sim.study.study import load_study
    from sim.study.sweep import sweep
    from sim.study.tasks import make_job

    try:
        study = load_study(_inside(bundle, bundle.said["study"]))
        _tell(progress, f"{make_job(study).runs:,} runs of {study.name} ...")
        sweep(study, again, workers=workers)
    except (SweepError, DesignError) as error:
        raise BundleError(str(error)) from None


def _claims(bundle: Bundle, again: Path, workers: int, progress: Callable[[str], None] | None) -> None:
    from sim.claims.claim import hold, load_claim
    from sim.claims.laboratory import Lab

    labs: dict[tuple[bool, int], Lab] = {}
    for claim, step in bundle.said["claims"].items():
        quick, seed = bool(step.get("quick")), int(step["seed"])
        lab = labs.setdefault((quick, seed), Lab(quick, workers, seed))
        _tell(progress, f"{claim} ...")
        entry = hold(load_claim(_inside(bundle, step["file"])), lab)
        (again / f"{claim}.json").write_text(json.dumps(entry.as_data(), ensure_ascii=False), encoding="utf-8")


def _tell(progress: Callable[[str], None] | None, what: str) -> None:
    if progress is not None:
        progress(what)
