"""The law of dissent: a firm that learns only from the results of people who deviate, and the dissent at which it does best.

With variance v = autonomy^2/(D-1) per axis, thrust is about 1 - (D-1)/2 (v + sqrt(q noise^2/(n v))), q = turbulence^2/(D-1):
dissent costs thrust at once, and what is learned from it keeps the vision near the market. The best is
v* = (q noise^2/(4n))^(1/3): exponents 2/3 in turbulence and in noise, -1/3 in the number of people.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, bootstrap
from sim.measures.curve_shape import slope

Floats = NDArray[np.float64]
AXES = 5
AROUND = np.geomspace(0.3, 3.5, 5)
"""Levels of dissent tried, in units of what the law calls best."""
FORGOTTEN = 300
"""Weeks after which a firm that only learns has forgotten its founding."""
LAW = {"turbulence": 2 / 3, "noise": 2 / 3, "people": -1 / 3}
"""The exponents of the closed form."""


def best_by_law(turbulence: float, noise: float, people: float) -> float:
    """Return v*, the best dissent as variance per axis."""
    return float((turbulence**2 / (AXES - 1) * noise**2 / (4 * people)) ** (1 / 3))


def as_autonomy(v: float) -> float:
    """Return a variance per axis as autonomy, in radians."""
    return math.sqrt((AXES - 1) * v)


def learner(v: float, turbulence: float, noise: float, people: int, weeks: int) -> dict[str, object]:
    """Return the changes that make a firm learn from results alone, its founder's gain at its best (Kalman 1960)."""
    q, r = turbulence**2 / (AXES - 1), noise**2 / (people * v)
    spread = (q + math.sqrt(q * q + 4 * q * r)) / 2
    # What evidence says is drawn to the founder's prior by v/(v + lambda): the gain makes up for it.
    gain = min(1.0, spread / (spread + r) * (v + noise**2 / people) / v)
    return {
        "departments": [{"name": "all"}], "headcount": people, "weeks": weeks, "market.turbulence": turbulence,
        "market.outcome_noise": noise, "market.norm_drift": 0, "market.norm_speed": 0, "market.trend_noise": 0,
        "founder.openness": 1, "founder.voice": 1, "founder.doubt": 1, "founder.conviction": 0, "founder.cadence": 1,
        "founder.clarity": 1, "founder.agility": 1 + math.log(max(gain, 1 / 104)) / math.log(104), "people.relay": 1,
        "people.persuasion": 1, "people.social": 0, "people.incentive": 0, "people.goal_spread": 0, "people.turnover": 0,
        "people.quitting": 0, "people.autonomy": math.sqrt(v * (AXES - 1)), "people.autonomy_memory": 0, "people.k_in": 0,
        "people.k_out": 0, "money.rigidity": 0, "money.squeeze": 0, "money.buffer": 1e6, "mood.mood": 0,
    }  # fmt: skip


def losses(lab: Lab, turbulence: float, noise: float, people: int, runs: int, weeks: int) -> Floats:
    """Return 1 - thrust around the best dissent, (runs, levels)."""
    levels = best_by_law(turbulence, noise, people) * AROUND
    batches = [lab.run(learner(float(v), turbulence, noise, people, weeks), runs) for v in levels]
    return np.column_stack([1 - b.of("thrust")[:, FORGOTTEN:].mean(axis=1) for b in batches])


def best_measured(turbulence: float, noise: float, people: int, loss: Floats) -> float:
    """Return where a curve a v + b v^-1/2 + c through mean losses is least; nan where it has no least."""
    v = best_by_law(turbulence, noise, people) * AROUND
    a, b, _ = np.linalg.lstsq(np.column_stack([v, v**-0.5, np.ones(len(v))]), loss.mean(axis=0), rcond=None)[0]
    return float((b / (2 * a)) ** (2 / 3)) if a > 0 and b > 0 else math.nan


def exponent(
    name: str,
    levels: Sequence[float],
    points: Sequence[tuple[float, float, int]],
    tried: Sequence[Floats],
    margin: float,
) -> Contrast:
    """Return how far a measured exponent of the best dissent is from the law's, with a bootstrap interval over replicates."""
    law = LAW[name]

    def off(who: Floats) -> float:
        index = who.astype(np.intp)
        return slope(levels, [best_measured(*p, t[index]) for p, t in zip(points, tried, strict=True)]) - law

    runs = min(len(t) for t in tried)
    return bootstrap(
        f"exponent of {name} less {'2/3' if law > 0 else '−1/3'}", off, (np.arange(runs),), margin, "same",
        where="the learner alone", resamples=300,
    )  # fmt: skip
