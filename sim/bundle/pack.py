"""A bundle of a result: laid out in a folder of its own, described, checked for what is nobody else's business, and zipped."""

from __future__ import annotations

import json
import platform
import re
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.bundle.compare import data_hash
from sim.bundle.provenance import PACKAGE, citation, differences, installed, requirements, shipped
from sim.bundle.recipe import Recipe, lay_out
from sim.bundle.ro_crate import Making, write_crate
from sim.bundle.source import Result, look_through
from sim.bundle.unpack import CHECKSUMS, BundleError, write_checksums, write_zip
from sim.output.files import MAKER, files_in

BUNDLE, RESULT, FORMAT = "bundle.json", "result", 1
WORDS = {"run": "runs of one scenario", "sweep": "a sweep over a design", "claims": "a ledger of judged claims"}
_PLACE = re.compile(r"^(/|~|[A-Za-z]:[\\/]|\\\\)\S*[^/\\\s]")


@dataclass(frozen=True)
class Packed:
    """A bundle that was written: where, its files and bytes, the hash of its numbers, and remarks."""

    path: Path
    files: int
    size: int
    hash: str
    remarks: tuple[str, ...]


def pack(folder: Path, path: Path, invented: bool = False) -> Packed:
    """Bundle a result with all that it takes to make it again.

    Parameters
    ----------
    folder
        What ``coherence run``, ``sweep`` or ``claims`` wrote.
    path
        The zip file to write, whole or not at all.
    invented
        As in `sim.bundle.source.look_through`.

    Raises
    ------
    BundleError
        If the folder is no result that can be packed, or the file cannot be written.
    """
    result = look_through(folder, invented)
    if path.resolve().is_relative_to(folder.resolve()):
        raise BundleError(f"{path} lies in the result itself: choose another place with -o")
    if not path.parent.is_dir():
        raise BundleError(f"{path} cannot be written: there is no folder {path.parent}")
    here = installed()
    with tempfile.TemporaryDirectory(prefix="coherence-pack-") as scratch:
        stage = Path(scratch)
        for name in result.files:
            _copy(result.folder / name, stage / RESULT / name)
        recipe = lay_out(result, stage)
        data = {f"{RESULT}/{name}": stage / RESULT / name for name in result.data}
        digest = data_hash(data)
        made_with = _made_with(result, here)
        meanings = dict(recipe.inputs) | _papers(stage, result)
        _describe(stage, result, recipe, digest, sorted(data), made_with)
        meanings |= {BUNDLE: "what coherence reproduce needs to know", "README.md": "what this is, in plain words"}
        outputs = tuple(f"{RESULT}/{name}" for name in result.files)
        making = Making(
            result.title,
            f"{result.title}: {WORDS[result.kind]} of an agent-based simulation of strategic coherence in small firms "
            f"({recipe.summary}). The SHA-256 of its numbers is {digest}.",
            result.day, recipe.command, tuple(sorted(recipe.inputs)), outputs, digest,
        )  # fmt: skip
        write_crate(stage, making, meanings, made_with, citation())
        write_checksums(stage)
        _check_places(stage, folder)
        write_zip(stage, path)
        count = len(files_in(stage))
    remarks = [f"{text}: what made the result is not what is installed" for text in differences(result.made_with, here)]
    if not result.made_with.keys() & {"source", "engine"}:
        remarks.append("the result does not record which source made it; the bundle names the one that is installed")
    return Packed(
        path,
        count,
        path.stat().st_size,
        digest,
        tuple(text.replace("in the bundle", "in the result") for text in remarks),
    )


def _made_with(result: Result, here: Mapping[str, str]) -> dict[str, str]:
    """Return what made a result: what it records, and of the rest what is installed, unless that speaks of other code."""
    versions = {**here, **result.made_with}
    for known, other in (("source", "engine"), ("engine", "source")):
        if known in result.made_with and result.made_with[known] != here[known] and other not in result.made_with:
            versions.pop(other)
    return versions


def _papers(stage: Path, result: Result) -> dict[str, str]:
    """Write what says how to read, cite and use a bundle; return what each file is."""
    for name, source in (
        ("MODEL.md", Path(__file__).resolve().parents[1] / "MODEL.md"),
        *((n, shipped(n)) for n in ("CITATION.cff", "LICENSE")),
    ):
        shutil.copyfile(source, stage / name)
    (stage / "requirements.txt").write_text(requirements(result.made_with), encoding="utf-8")
    return {
        "MODEL.md": "the model in words, as an ODD protocol",
        "CITATION.cff": "how to cite the software",
        "LICENSE": "the license",
        "requirements.txt": "the versions of Python and of all packages",
    }


def _describe(
    stage: Path, result: Result, recipe: Recipe, digest: str, data: list[str], made_with: Mapping[str, str]
) -> None:
    description = {
        "made_by": MAKER,
        "format": FORMAT,
        "kind": result.kind,
        "name": result.name,
        "title": result.title,
        "hash": digest,
        "data": data,
        "command": recipe.command,
        **recipe.steps,
        "made_with": dict(sorted(made_with.items())),
    }
    (stage / BUNDLE).write_text(json.dumps(description, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    source = ", ".join(f"{key} {made_with[key]}" for key in ("source", "engine") if key in made_with)
    inputs = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in sorted(recipe.inputs.items()))
    (stage / "README.md").write_text(
        f"""# {result.title}

{WORDS[result.kind].capitalize()} of an agent-based simulation of small firms, with all that it takes to make the numbers again:
{recipe.summary}. The simulation explores mechanisms; it does not forecast.

## Make it again

With Python {made_with["python"]}, the packages in `requirements.txt` and {PACKAGE} {made_with[PACKAGE]} ({source}):

    coherence reproduce .

This compares the checksums of all files, runs everything again and compares every number, to the last bit. It ends with
"reproduced", or names the first number that differs. `.` is this folder; the zip file that it came in will do as well.

The SHA-256 of the numbers, which does not depend on dates, durations or how files are encoded:

    {digest}

Made on {result.day} on {made_with["system"]}. The result alone, with its figures, comes from this command, in this folder:

    {recipe.command}

## What is here

| file | what it is |
| --- | --- |
| `{RESULT}/` | the result as it was written; paths in recorded commands are shortened to names |
{inputs}
| `MODEL.md` | the model in words, as an ODD protocol |
| `requirements.txt` | Python and all packages, at their versions |
| `CITATION.cff`, `LICENSE` | how to cite the software, and under which license it comes |
| `ro-crate-metadata.json` | all of this for machines (RO-Crate 1.2) |
| `{BUNDLE}` | what `coherence reproduce` needs to know |
| `{CHECKSUMS}` | checksums of all files |
""",
        encoding="utf-8",
    )


def _copy(source: Path, target: Path) -> None:
    """Copy a file of a result; what its manifest says of places on this machine becomes names."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.name not in ("manifest.json", "study.json"):
        shutil.copyfile(source, target)
        return
    text = source.read_text(encoding="utf-8")
    data = json.loads(text)
    shortened = _without_places(data)
    if shortened != data:
        text = json.dumps(shortened, indent=2, ensure_ascii=False) + "\n"
    target.write_text(text, encoding="utf-8")


def _without_places(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _without_places(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_places(v) for v in value]
    if isinstance(value, str) and key == "command":
        with suppress(ValueError):
            return shlex.join(_name(word) for word in shlex.split(value))
    return _name(value) if isinstance(value, str) and _PLACE.match(value) else value


def _name(word: str) -> str:
    option, equals, value = word.rpartition("=") if word.startswith("-") else ("", "", word)
    return option + equals + re.split(r"[\\/]", value.rstrip("\\/"))[-1]


def _check_places(stage: Path, folder: Path) -> None:
    """Refuse a bundle in whose texts a place or the name of this machine stands."""
    places = {str(Path.home()), str(Path.cwd()), str(folder.resolve().parent), tempfile.gettempdir()}
    private = {place for place in places if len(Path(place).parts) > 1} | {platform.node()} - {"", "localhost"}
    pattern = re.compile("|".join(rf"(?<![\w.-]){re.escape(word)}(?![\w-])" for word in sorted(private)))
    for name in files_in(stage):
        raw = (stage / name).read_bytes() if not name.endswith((".parquet", ".png")) else b""
        if match := pattern.search(raw.decode("utf-8", "replace")):
            raise BundleError(f"{name} names a place of this machine ({match[0]}): take it out, then pack again")
