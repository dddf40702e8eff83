"""C10: yes to everything dilutes. Its criteria: ``criteria/C10.toml``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.arms import Firm
from sim.claims.criteria import Contrast, Window, linear
from sim.claims.estimate import mean_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said, columns
from sim.claims.outcomes import values_of


def own_hourly_rate(firm: Firm) -> float:
    """Return what the diverted work would have earned: a yes costs nothing at face value."""
    weeks = firm.values["work.diversion"] * firm.values["work.diversion_weeks"]
    return weeks / len(firm.departments) / (1 - firm.values["money.margin"])


def with_slack(block: Block, _: Any) -> Floats:
    """Return the headline of each pair beside its firm's slack."""
    contrast = Contrast("", "", linear("yes - focused"), outcome="worth", policy="f", window=Window(155, 155))
    return columns([values_of(contrast, block), block.firms.of("work.slack")])


def by_slack(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return the headline by thirds of slack: idle hands make a yes free."""
    third = np.digitize(values[:, 1], np.quantile(values[:, 1], [1 / 3, 2 / 3]))
    words = ("low", "middle", "high")
    return [
        Said(f"headline, {word} third of slack", mean_of(values[third == i, 0], clusters[third == i]), "weeks")
        for i, word in enumerate(words)
    ]


FORMULAS = {"own hourly rate": own_hourly_rate}
MEASURES = {"by_slack": Measure(["yes", "focused"], with_slack, lines=by_slack)}
