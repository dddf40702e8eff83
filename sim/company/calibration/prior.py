"""Which parameters are uncertain for a client's firm, and between which values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Scenario
from sim.scenario.parameters import GROUPS

Floats = NDArray[np.float64]
CANDIDATES = (
    "scarcity", "founder.clarity", "people.incentive", "people.social", "people.turnover", "people.quitting", "work.rework", "mood.strain",
    "market.rivals",
)  # fmt: skip
RANGES = {"scarcity": (0.0, 0.9), "people.turnover": (0.0, 0.012), "people.quitting": (0.0, 0.06)}
"""Ranges where the parameter has none of its own, or the firm could not live at its end (assumed)."""


WHOLE = frozenset(
    f"{g}.{f}" for g, part in GROUPS.items() for f, info in part.model_fields.items() if info.annotation is int
)
"""Parameters that are whole numbers."""


@dataclass(frozen=True)
class Prior:
    """What is uncertain, and between which values (uniform)."""

    names: tuple[str, ...]
    low: Floats
    high: Floats

    def values(self, unit: Floats) -> Floats:
        """Return values of points in [-1, 1]."""
        return self.low + (unit + 1) / 2 * (self.high - self.low)

    def unit(self, values: Floats) -> Floats:
        """Return points in [-1, 1] of values."""
        return 2 * (values - self.low) / (self.high - self.low) - 1


def prior_of(scenario: Scenario, names: Sequence[str] | None = None) -> Prior:
    """Return the prior over parameters that matter in a scenario: uniform over their plausible ranges."""
    if names is None:
        own = all(d.incentive is not None for d in scenario.departments)
        names = [n for n in CANDIDATES if not (own and n == "people.incentive")]
    low, high = [], []
    for name in names:
        ends = RANGES.get(name) or _plausible(name)
        low.append(ends[0])
        high.append(ends[1])
    return Prior(tuple(names), np.array(low, np.float64), np.array(high, np.float64))


def _plausible(name: str) -> tuple[float, float]:
    group, field = name.split(".")
    extra: Any = GROUPS[group].model_fields[field].json_schema_extra
    low, high = extra["range"]
    return float(low), float(high)
