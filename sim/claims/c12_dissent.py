"""C12: managed misalignment. Its criteria: ``criteria/C12.toml``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.arms import Firm
from sim.claims.criteria import Contrast, Window, read_claim
from sim.claims.estimate import mean_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said, columns
from sim.claims.outcomes import values_of

TREND_NOISE = (0.5, 1.0, 2.0, 3.0, 4.0)
"""Over its whole range: no fact fixes it, and MODEL2 said before any run that dissent pays only where the founder sees badly."""


def spread_thinly(firm: Firm) -> float:
    """Return the autonomy that gives all people the mean squared deviation which the pocket alone would give the firm."""
    return firm.levels.of("people.autonomy", "high") * math.sqrt(firm.posts([firm.chosen()]) / firm.headcount)


def dissent(block: Block, _: Any) -> Floats:
    """Return the variance of what people row in beyond the perfect firm's, and the dissent that the law calls best."""
    squared = [1 - _mean(block, arm, "coherence") ** 2 for arm in ("pocket", "perfect")]
    firms = block.arms["pocket"].firms
    axes = len(firms[0].luck.direction)
    return columns([squared[0] - squared[1], np.array([best_dissent(firm, axes) for firm in firms])])


def best_dissent(firm: Firm, axes: int) -> float:
    """Return v* = (q s^2 / (4 n))^(1/3) - s^2 / (n r): what the law of dissent calls best, none where that is negative."""
    q = firm.values["market.turbulence"] ** 2 / (axes - 1)
    r = firm.values["market.trend_noise"] ** 2 / axes
    noise, n = firm.values["market.outcome_noise"] ** 2, firm.headcount
    law: float = (q * noise / (4 * n)) ** (1 / 3)
    return max(0.0, law - (noise / (n * r) if r > 0 else math.inf))


def law_lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return both variances."""
    return [
        Said(
            "variance of deeds that the pocket adds (dissent pays through this term only)",
            mean_of(values[:, 0], clusters),
        ),
        Said("variance per axis that the law of dissent calls best for these firms", mean_of(values[:, 1], clusters)),
    ]


def over_trend_noise(block: Block, _: Any) -> Floats:
    """Return the headline at each level of trend_noise."""
    arms = read_claim("C12").arms
    found = []
    for noise in TREND_NOISE:
        for name in ("pocket", "perfect"):
            arm = {**arms[name], "set": {**arms[name].get("set", {}), "market.trend_noise": noise}}
            block.arms[f"{name} {noise}"] = block.again([arm] * len(block))
        found.append(_mean(block, f"pocket {noise}", "thrust") - _mean(block, f"perfect {noise}", "thrust"))
    return columns(found)


def range_lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return a line for each level."""
    return [Said(f"headline at trend_noise {x:g}", mean_of(values[:, i], clusters)) for i, x in enumerate(TREND_NOISE)]


def _mean(block: Block, arm: str, outcome: str) -> Floats:
    contrast = Contrast("", "", {arm: 1.0}, outcome=outcome, policy="z", window=Window(52, 155))
    return values_of(contrast, block)


FORMULAS = {"the same mean squared deviation over all": spread_thinly}
MEASURES = {
    "law_of_dissent": Measure(["pocket", "perfect"], dissent, lines=law_lines),
    "over_trend_noise": Measure(["pocket"], over_trend_noise, lines=range_lines, most=300),
}
