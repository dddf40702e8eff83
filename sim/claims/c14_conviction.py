"""C14: the founder who clings. Its criteria: ``criteria/C14.toml``."""

from __future__ import annotations

import math

from sim.claims.arms import Firm

WEEKS = 104
"""The response time of a founder without agility."""


def equal_gain(firm: Firm) -> float:
    """Return the agility of a founder without conviction whose weight on the own reading is the sure founder's.

    MODEL2, change 1: with gain g = 104^-(1 - agility) and k = conviction/(1 - conviction) the whole gain K solves
    K^2/(1 - K) = (1 + k) g^2/(1 - g), and the weight on the reading is (1 - conviction) K.
    """
    conviction = min(firm.levels.of("founder.conviction", "high"), 1 - 1e-9)
    g = min(float(WEEKS) ** -(1 - firm.values["founder.agility"]), 1 - 1e-9)
    a = (1 + conviction / (1 - conviction)) * g * g / (1 - g)
    whole = (math.sqrt(a * a + 4 * a) - a) / 2
    return 1 + math.log((1 - conviction) * whole) / math.log(WEEKS)


FORMULAS = {"equal gain": equal_gain}
