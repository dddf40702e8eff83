"""What results of a client rest on, so that older ones are never mixed with newer ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sim.company.client_folder import Client
from sim.company.importing.company import COMPANY
from sim.company.importing.mapping import FILE as MAPPING
from sim.output.version import code_version

WHAT = {
    "scenario": "scenario.toml was changed",
    "company": "the company was imported again",
    "mapping": "its columns were read in another way",
    "calibration": "the firm was calibrated, or its calibration was dropped",
    "model": "the model itself was changed",
}


def inputs_of(client: Client, draws: object = None) -> dict[str, str]:
    """Return hashes of what results rest on: the scenario, what was imported and how, the calibrated draws in use, and the model's code."""

    def short(raw: bytes) -> str:
        return hashlib.sha256(raw).hexdigest()[:16]

    mapping = client.folder / MAPPING

    return {
        "scenario": client.scenario.hash,
        "company": short((client.folder / COMPANY).read_bytes()),
        "mapping": short(mapping.read_bytes()) if mapping.is_file() else "none",
        "calibration": short(repr(draws).encode()) if draws else "none",
        "model": short(code_version().encode()),
    }


def changed(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return in words what has changed since results were made; nothing where they are of today."""
    names = [name for name in WHAT if then.get(name) != now[name]]
    # A calibration goes where what it rests on changes: then that is the reason.
    return " and ".join(WHAT[name] for name in names if name != "calibration" or len(names) == 1)
