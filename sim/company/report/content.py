"""Everything that a report says of a client: read from the folder, and run where it was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.company.calibration.stored import Stored
from sim.company.calibration.stored import stored as stored_calibration
from sim.company.client_folder import Client
from sim.company.provenance import inputs_of
from sim.company.report.network_data import Network, network_of
from sim.company.report.outlook import Whose
from sim.company.report.tornado import RUNS, Bar, tornado
from sim.company.report.warning_signs import SIGNALS, Warnings, warnings_of
from sim.company.whatif.compare import horizons, many, outcomes
from sim.company.whatif.stored import Kept
from sim.company.whatif.stored import stored as stored_whatif
from sim.scenario import Scenario
from sim.simulate import Batch


@dataclass(frozen=True)
class Content:
    """What the report is made of.

    Attributes
    ----------
    client
        What was measured of the company.
    batch
        Runs of the firm as it is.
    weeks
        The short and the long horizon, or the one there is.
    values
        Weeks -> outcome -> (runs,).
    calibration
        The one that the folder keeps, used or not.
    kept
        What-ifs of today's firm.
    dropped
        Sentences on results that are not shown since something has changed.
    network
        Groups and ties for the picture.
    """

    client: dict[str, Any]
    scenario: Scenario
    batch: Batch
    weeks: tuple[int, ...]
    values: dict[int, dict[str, NDArray[np.float64]]]
    tornado: list[Bar]
    warnings: Warnings
    calibration: Stored | None
    kept: Kept | None
    dropped: tuple[str, ...]
    network: Network | None

    @property
    def calibrated(self) -> bool:
        """Whether anything rests on a calibration."""
        return self.calibration is not None and self.calibration.used

    @property
    def outcome(self) -> str:
        """What measures are ranked by."""
        return self.kept.outcome if self.kept else "cash"

    @property
    def whose(self) -> Whose:
        """Whom the simulated firms stand for."""
        survey = self.client["survey"]
        return Whose(
            len(self.client["departments"]),
            bool(self.client["goals"]),
            bool(survey and survey["groups"]),
            self.client["network"] is not None,
            self.calibrated,
        )


def make_content(
    client: Client, runs: int, seed: int, workers: int = 1, progress: Callable[[int], None] | None = None
) -> Content:
    """Read and run what a report needs; results of another firm than today's are dropped, and it is said."""
    scenario = client.scenario
    calibration = stored_calibration(client)
    draws = calibration.draws if calibration else []
    dropped = []
    if calibration is not None and calibration.stale:
        dropped.append(
            f"A calibration is not used, since {calibration.stale} after it was made: coherence calibrate makes a new one."
        )
        calibration = None
    kept, stale = stored_whatif(client, inputs_of(client, draws))
    if stale:
        dropped.append(
            f"Measures that were tried earlier are not shown, since {stale} after they were run: coherence whatif runs them again."
        )
    batch = many(scenario, runs, seed, draws, workers=workers, progress=progress, with_departments=True)
    weeks = horizons(scenario)
    values = {w: outcomes(batch, w) for w in weeks}
    outcome = kept.outcome if kept else "cash"
    return Content(
        client=client.company,
        scenario=scenario,
        batch=batch,
        weeks=weeks,
        values=values,
        tornado=tornado(scenario, draws, outcome, min(RUNS, runs), seed, workers, progress),
        warnings=warnings_of(batch.closed, {n: batch.of(n) for n in SIGNALS}, values[weeks[-1]]["cash"]),
        calibration=calibration,
        kept=kept,
        dropped=tuple(dropped),
        network=network_of(client.folder),
    )
