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
    description: Mapping[str, Any]
    changed: Mapping[str, str]

    @property
    def other_versions(self) -> list[str]:
        """What differs, here, from what made the result, of that on which numbers depend."""
        return differences(self.description["made_with"], installed())


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
    description, stated = bundle.description, str(bundle.description["hash"])
    # A changed number is named below; of anything else that has changed there is nothing to say but that.
    others = [
        name for name in bundle.changed if name not in description["data"] or bundle.changed[name] == "is missing"
    ]
    if others:
        return Verdict(stated, "", f"{others[0]} {bundle.changed[others[0]]}")
    if not trust:
        _check_programs(bundle)
    with tempfile.TemporaryDirectory(prefix="coherence-reproduce-") as scratch:
        again = Path(scratch)
        try:
            {"run": _run, "sweep": _sweep, "claims": _claims}[description["kind"]](bundle, again, workers, progress)
        except ScenarioError as error:
            raise BundleError(f"the bundle holds what this version does not understand: {error}") from None
        made = {name: again / Path(name).name for name in description["data"]}
        digest = data_hash({name: path for name, path in made.items() if path.is_file()})
        for name, path in made.items():
            words = f"{name} {bundle.changed[name]}; " if name in bundle.changed else f"{name}, "
            if not path.is_file():
                return Verdict(stated, digest, f"{name} is not among what was made")
            if unlike := difference(bundle.folder / name, path):
                return Verdict(stated, digest, f"{words}{unlike}")
        for name, what in bundle.changed.items():
            return Verdict(stated, digest, f"{name} {what}, though its numbers are the same")
    if digest != stated:
        return Verdict(stated, digest, f"the numbers are those of the bundle, but it states another hash ({stated})")
    return Verdict(stated, digest, "")


def _read(folder: Path) -> Bundle:
    listed = read_checksums(folder)
    try:
        description = json.loads((folder / BUNDLE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise BundleError(f"{folder} is not a bundle: its {BUNDLE} cannot be read") from None
    if not isinstance(description, dict) or description.get("made_by") != MAKER:
        raise BundleError(f"{folder} is not a bundle: coherence pack writes one")
    if description.get("format") != FORMAT:
        raise BundleError(f"{folder} was packed by another version of coherence, which this one does not understand")
    if not _well_formed(description) or not {BUNDLE, *description["data"]} <= listed.keys():
        raise BundleError(f"{folder} is not a whole bundle: its {BUNDLE} does not say what to run")
    return Bundle(folder, description, changed_files(folder))


def _well_formed(description: Mapping[str, Any]) -> bool:
    texts = all(isinstance(description.get(key), str) for key in ("hash", "name", "title", "kind"))
    data, versions = description.get("data"), description.get("made_with")
    names = isinstance(data, list) and data and all(isinstance(n, str) and n.startswith(f"{RESULT}/") for n in data)
    if not texts or not names or not isinstance(versions, dict):
        return False
    match description["kind"]:
        case "run":
            seed, count = description.get("seed"), description.get("replicates")
            if (
                not isinstance(seed, int)
                or not isinstance(count, int)
                or not isinstance(description.get("scenario"), str)
            ):
                return False
            return 0 <= seed < 2**63 and 0 < count <= MOST_RUNS
        case "sweep":
            return isinstance(description.get("study"), str)
        case "claims":
            steps = description.get("claims")
            if not isinstance(description.get("population"), str):
                return False
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
    from sim.claims.claim import module_files
    from sim.claims.criteria import file_of

    for claim, step in (bundle.description.get("claims", {}) if bundle.description["kind"] == "claims" else {}).items():
        own = {"file": file_of(claim), "program": module_files().get(claim)}
        for part, mine in own.items():
            if part not in step:
                continue
            theirs = _inside(bundle, step[part])
            if mine is None or not mine.is_file() or mine.read_bytes() != theirs.read_bytes():
                raise BundleError(
                    f"{step[part]} is a program or what one goes by, and not the one that this version has: read it, "
                    "then add --trust to run it"
                )


def _run(bundle: Bundle, again: Path, workers: int, progress: Callable[[str], None] | None) -> None:
    from sim.report.parquet import write_departments, write_runs, write_series
    from sim.report.run_data import gather
    from sim.simulate import run_many

    scenario = load(_inside(bundle, bundle.description["scenario"]))
    count = bundle.description["replicates"]
    _tell(progress, f"{count:,} run{'s' * (count > 1)} of {bundle.description['name']} ...")
    material = gather(run_many(scenario, count, bundle.description["seed"], workers))
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
        study = load_study(_inside(bundle, bundle.description["study"]))
        _tell(progress, f"{make_job(study).runs:,} runs of {study.name} ...")
        sweep(study, again, workers=workers)
    except (SweepError, DesignError) as error:
        raise BundleError(str(error)) from None


def _claims(bundle: Bundle, again: Path, workers: int, progress: Callable[[str], None] | None) -> None:
    from sim.claims.claim import entry_of, judge_family, load_module, module_at, write_entry
    from sim.claims.criteria import parse_claim
    from sim.claims.laboratory import Lab
    from sim.claims.ledger import prepared_lab, scale_of
    from sim.claims.population import of_scenario
    from sim.claims.trial import try_claim

    labs: dict[tuple[bool, int], Lab] = {}
    entries = []
    for claim, step in bundle.description["claims"].items():
        quick, seed = bool(step.get("quick")), int(step["seed"])
        scale = scale_of(quick, float(step.get("budget", 0.0)))
        if (quick, seed) not in labs:
            population = of_scenario(load(_inside(bundle, bundle.description["population"])), seed)
            labs[quick, seed] = prepared_lab(population, scale, seed, workers)
        lab = labs[quick, seed]
        _tell(progress, f"{claim} ...")
        criteria = _inside(bundle, step["file"]).read_text(encoding="utf-8")
        module = module_at(_inside(bundle, step["program"])) if "program" in step else load_module(claim)
        entries.append(entry_of(try_claim(claim, module, lab, scale.claim, parse_claim(criteria)), lab))
    judge_family(entries)
    for entry in entries:
        write_entry(entry, again)


def _tell(progress: Callable[[str], None] | None, what: str) -> None:
    if progress is not None:
        progress(what)
