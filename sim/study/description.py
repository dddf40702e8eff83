"""What ``study.json`` says of a sweep: how it is written, read, and compared with a study that would go on with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import CoherenceError
from sim.output.files import MAKER
from sim.output.version import code_version, package_version
from sim.study.tasks import Job

STUDY = "study.json"
GO_ON = "coherence sweep with its study, -o {folder} and --resume"
"""What helps where a file of a sweep is torn: everything is made anew from the study and the finished parts."""
_KINDS = {"study": dict, "key": str, "name": str, "title": str, "code": str, "version": str, "columns": dict}


class SweepError(CoherenceError):
    """A sweep that cannot go on; the message is one sentence for users."""

    exit_code = 1


class SweepRefused(SweepError):  # noqa: N818 - as commands say it
    """A sweep that must not begin: what was asked for, or what is in the folder, is wrong."""

    exit_code = 2


class TornError(SweepRefused):
    """A file of a sweep that is not as it was written; the message says what helps."""


def description_of(job: Job) -> dict[str, Any]:
    """Return what ``study.json`` says of a study and its points."""
    return {
        "made_by": MAKER,
        "key": job.key,
        "name": job.study.name,
        "title": job.study.title,
        "code": code_version(),
        "version": package_version(),
        "points": job.points,
        "runs": job.runs,
        "rows": job.rows,
        "parts": job.parts,
        "design_hash": job.design.hash,
        "study": job.study.content(),
        "columns": {name: measure._asdict() for name, measure in job.columns.items()},
    }


def read_description(folder: Path) -> dict[str, Any]:
    """Return what ``study.json`` says.

    Raises
    ------
    SweepRefused
        If there is none, or it is no sweep's.
    """
    path = folder / STUDY
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["made_by"] == MAKER and all(isinstance(data[k], kind) for k, kind in _KINDS.items()):
            return dict(data)
    except FileNotFoundError:
        if not (folder / "parts").is_dir():
            raise SweepRefused(f"{folder} holds no sweep: it has no {STUDY}") from None
        raise TornError(f"{path} has gone: {GO_ON.format(folder=folder)} writes it anew") from None
    except OSError as error:
        raise SweepRefused(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        pass
    raise TornError(f"{path} is torn or was written by something else: {GO_ON.format(folder=folder)} writes it anew")


def difference(folder: Path, there: dict[str, Any], job: Job) -> str | None:
    """Say in one sentence why a sweep cannot be gone on with; None where nothing but the key differs."""
    here = json.loads(json.dumps(description_of(job)))
    changes = list(_changed(there["study"], here["study"], ""))
    if not changes and there.get("design_hash") != here["design_hash"]:
        changes = ["the points of the design"]
    if changes:
        more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
        return f"{folder} holds a sweep of another study ({'; '.join(changes[:3])}{more}): choose another folder"
    if there["code"] == here["code"]:
        return None
    return (
        f"{folder} was begun by another version of the code ({there['code']}; this is {here['code']}), and their runs do "
        f"not mix: choose another folder"
    )


def digest_of(manifest: Mapping[str, Any]) -> str:
    """Return a hash of what a manifest says, but for the hash itself."""
    text = json.dumps({name: value for name, value in manifest.items() if name != "digest"}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _changed(old: Any, new: Any, name: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new} - {"scenario_hash"}):
            yield from _changed(old.get(key), new.get(key), f"{name}.{key}" if name else key)
    elif old != new:
        yield f"{name} was {_short(old)}, is {_short(new)}"


def _short(value: Any) -> str:
    text = "absent" if value is None else json.dumps(value)
    return text if len(text) <= 40 else text[:36] + " ..."
