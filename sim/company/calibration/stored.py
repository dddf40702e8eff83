"""The calibration that a client folder keeps, and whether it may be used."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from sim.company.calibration.abc import DRAWS
from sim.company.calibration.result import Calibration
from sim.company.client_folder import Client
from sim.company.provenance import changed, inputs_of

CALIBRATION, SUMMARY, DRAWN = "calibration", "calibration.json", "draws.csv"


@dataclass(frozen=True)
class Stored:
    """A kept calibration.

    Attributes
    ----------
    summary
        As `Calibration.plain` gives it.
    draws
        Sampled parameters; none where they may not be used.
    stale
        What has changed since it was made; empty where it is of today's firm.
    """

    summary: dict[str, Any]
    draws: list[dict[str, float]]
    stale: str = ""

    @property
    def used(self) -> bool:
        """Whether anything is built on it: it is of today's firm, fits, and its facts tell something."""
        return not self.stale and bool(self.summary["fits"]) and bool(self.summary["tells"])


def files(calibration: Calibration, client: Client) -> dict[str, str | bytes]:
    """Return what is kept: a summary and the draws."""
    stream = io.StringIO(newline="")
    out = csv.writer(stream)
    out.writerow(calibration.posterior.prior.names)
    out.writerows([[f"{v:.6g}" for v in row] for row in calibration.posterior.values.tolist()])
    summary = {"inputs": inputs_of(client), **calibration.plain()}
    return {
        SUMMARY: json.dumps(summary, indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        DRAWN: stream.getvalue(),
    }


def stored(client: Client) -> Stored | None:
    """Return the calibration kept in a client folder, or None where there is none that can be read."""
    folder = client.folder / CALIBRATION
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        stale = changed(summary["inputs"], inputs_of(client))
        draws = []
        if summary["fits"] and summary["tells"] and not stale:
            with (folder / DRAWN).open(encoding="utf-8", newline="") as stream:
                draws = [{name: float(v) for name, v in row.items()} for row in csv.DictReader(stream)][:DRAWS]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Stored(summary, draws, stale)
