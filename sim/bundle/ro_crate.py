"""The metadata of a bundle, as an RO-Crate 1.2: what each file is, who made it, and by which command from what."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote

from sim.bundle.provenance import PACKAGE, Citation
from sim.bundle.unpack import CHECKSUMS
from sim.output.files import files_in, sha256

METADATA = "ro-crate-metadata.json"
CRATE = "https://w3id.org/ro/crate/1.2"
TERMS = {"sha256": "http://schema.org/sha256"}
"""Terms that not every copy of the crate's own context has."""
KINDS = {
    ".cff": "application/yaml",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".csv": "text/csv",
}
"""Media types by ending; everything else is plain text."""


class Making(NamedTuple):
    """How a result was made: a sentence, the command, and the files that went in and came out."""

    name: str
    description: str
    day: str
    command: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    hash: str


def write_crate(
    folder: Path, making: Making, meanings: Mapping[str, str], software: Mapping[str, str], citation: Citation
) -> None:
    """Write the metadata of a folder into it.

    Parameters
    ----------
    folder
        Everything else is there already, but for the checksums, which cover the metadata too.
    making
        How the result was made.
    meanings
        What each file is, by name; files of the result need none.
    software
        Versions and hashes, as `sim.bundle.provenance.installed` gives them.
    citation
        Whose it is.
    """
    names = [name for name in files_in(folder) if name not in (METADATA, CHECKSUMS)]
    people = _people(citation)
    license_ = {
        "@id": f"https://spdx.org/licenses/{citation.license}",
        "@type": "CreativeWork",
        "name": f"{citation.license} license",
        "description": "The text stands in LICENSE.",
    }
    program = {
        "@id": f"#{PACKAGE}",
        "@type": "SoftwareApplication",
        "name": citation.title,
        "alternateName": PACKAGE,
        "softwareVersion": software[PACKAGE],
        "identifier": ", ".join(f"{key} {software[key]}" for key in ("source", "engine") if key in software),
        "softwareRequirements": {"@id": "requirements.txt"},
        "operatingSystem": software["system"],
        "license": {"@id": license_["@id"]},
        "author": [{"@id": person["@id"]} for person in people],
    }
    action = {
        "@id": "#made",
        "@type": "CreateAction",
        "name": f"Made by: {making.command}",
        "description": f"{making.command} (again, with every number compared: coherence reproduce .)",
        "endTime": making.day,
        "instrument": {"@id": program["@id"]},
        "object": _references(making.inputs),
        "result": _references(making.outputs),
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": making.name,
        "description": making.description,
        "identifier": f"sha256:{making.hash}",
        "datePublished": making.day,
        "license": {"@id": license_["@id"]},
        "author": [{"@id": person["@id"]} for person in people],
        "hasPart": _references(names),
        "mentions": [{"@id": action["@id"]}],
    }
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": CRATE},
        "about": {"@id": "./"},
    }
    files = [_file(folder, name, meanings.get(name, "")) for name in names]
    data = {
        "@context": [f"{CRATE}/context", TERMS],
        "@graph": [descriptor, root, *files, action, program, license_, *people],
    }
    (folder / METADATA).write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _file(folder: Path, name: str, meaning: str) -> dict[str, Any]:
    path = folder / name
    entity = {
        "@id": quote(name),
        "@type": "File",
        "name": PurePosixPath(name).name,
        "contentSize": str(path.stat().st_size),
        "encodingFormat": KINDS.get(path.suffix, "text/plain"),
        "sha256": sha256(path),
    }
    return entity | ({"description": meaning} if meaning else {})


def _people(citation: Citation) -> list[dict[str, str]]:
    return [
        {"@id": f"#author-{i}", "@type": "Organization" if name.lower().startswith("the ") else "Person", "name": name}
        for i, name in enumerate(citation.authors, 1)
    ]


def _references(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"@id": quote(name)} for name in names]
