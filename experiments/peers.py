"""A toy of the model in two other ways of writing it, as yardsticks for speed: Mesa with NumPy arrays, and a naive numba loop.

The toy is the week of people alone: everybody listens to five colleagues and to a noisy word from above, deviates, rows between
belief and the department's goal, feels what colleagues feel, and may leave. There are no departments that work, no customers, no
money, no founder, no reports and no measures, so that the engine does more in its week than these do in theirs.
"""

from __future__ import annotations

import math
from typing import Any

import mesa
import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AXES, LINKS, DEPARTMENTS = 5, 5, 5
SOCIAL, PERSUASION, NOISE, INCENTIVE, AUTONOMY, MEMORY = 0.2, 0.1, 0.1, 0.35, 0.15, 0.8
THRESHOLD, RAMP, STRAIN, CONTAGION, MOOD, LEAVE = 0.5, 0.15, 1.1, 0.7, 0.15, 0.004


def people(count: int, seed: int = 1) -> dict[str, Any]:
    """Return the arrays of so many people."""
    rng = np.random.default_rng(seed)
    goals = rng.standard_normal((DEPARTMENTS, AXES))
    return {
        "belief": np.tile(np.eye(AXES)[0], (count, 1)),
        "deviation": rng.standard_normal((count, AXES)),
        "rowing": np.zeros((count, AXES)),
        "engagement": np.ones(count),
        "links": rng.integers(0, count, (count, LINKS)),
        "department": np.arange(count) % DEPARTMENTS,
        "goals": goals / np.linalg.norm(goals, axis=1, keepdims=True),
        "vision": np.eye(AXES)[0],
    }


class ArrayModel(mesa.Model):
    """The toy as a Mesa model whose people are rows of NumPy arrays, all updated at once."""

    def __init__(self, count: int, seed: int = 1) -> None:
        super().__init__(rng=seed)
        self.all = people(count, seed)
        self.coherence = 0.0

    def step(self) -> None:
        """Live a week."""
        a, rng = self.all, self.rng
        belief, deviation, engagement = a["belief"], a["deviation"], a["engagement"]
        count = len(belief)
        attention = np.clip((engagement - THRESHOLD + RAMP) / (2 * RAMP), 0, 1)[:, None]
        words = _unit(a["vision"] + NOISE * rng.standard_normal((count, AXES)))
        belief += attention * (SOCIAL * (belief[a["links"]].mean(axis=1) - belief) + PERSUASION * (words - belief))
        deviation *= MEMORY
        deviation += math.sqrt(1 - MEMORY**2) * rng.standard_normal((count, AXES))
        goal = a["goals"][a["department"]]
        rowing = _unit(_unit((1 - INCENTIVE) * _unit(belief) + INCENTIVE * goal) + AUTONOMY * deviation)
        a["rowing"][:] = rowing
        self.coherence = float(np.linalg.norm(rowing.mean(axis=0)))
        conflict = INCENTIVE * (1 - np.einsum("ij,ij->i", _unit(belief), goal)) / 2
        lost = 1 - attention[a["links"], 0].mean(axis=1)
        target = np.clip(1 - STRAIN * conflict - CONTAGION * lost, 0, 1)
        engagement += MOOD * (target - engagement)
        leaving = rng.random(count) < LEAVE
        belief[leaving] = _unit(rng.standard_normal((int(leaving.sum()), AXES)))
        engagement[leaving] = 0.9


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


@numba.njit(cache=False)
def naive_week(
    belief: Floats, deviation: Floats, rowing: Floats, engagement: Floats, links: NDArray[np.int64],
    department: NDArray[np.int64], goals: Floats, vision: Floats,
) -> float:  # fmt: skip
    """Live a week of the toy, person by person, as one first writes it in numba; return coherence."""
    count = len(belief)
    heard, words, x, total = np.empty((count, AXES)), np.empty(AXES), np.empty(AXES), np.zeros(AXES)
    attention = np.empty(count)
    for i in range(count):
        attention[i] = min(1.0, max(0.0, (engagement[i] - THRESHOLD + RAMP) / (2 * RAMP)))
    for i in range(count):
        size = 0.0
        for k in range(AXES):
            words[k] = vision[k] + NOISE * np.random.standard_normal()  # noqa: NPY002 - numba's own way
            size += words[k] ** 2
        for k in range(AXES):
            mean = 0.0
            for t in range(LINKS):
                mean += belief[links[i, t], k]
            pull = SOCIAL * (mean / LINKS - belief[i, k]) + PERSUASION * (words[k] / math.sqrt(size) - belief[i, k])
            heard[i, k] = belief[i, k] + attention[i] * pull
    belief[:] = heard
    fresh = math.sqrt(1 - MEMORY**2)
    for i in range(count):
        size = along = 0.0
        for k in range(AXES):
            deviation[i, k] = MEMORY * deviation[i, k] + fresh * np.random.standard_normal()  # noqa: NPY002
            size += belief[i, k] ** 2
        length = 0.0
        for k in range(AXES):
            along += belief[i, k] / math.sqrt(size) * goals[department[i], k]
            x[k] = (1 - INCENTIVE) * belief[i, k] / math.sqrt(size) + INCENTIVE * goals[department[i], k]
            length += x[k] ** 2
        size = 0.0
        for k in range(AXES):
            x[k] = x[k] / math.sqrt(length) + AUTONOMY * deviation[i, k]
            size += x[k] ** 2
        for k in range(AXES):
            rowing[i, k] = x[k] / math.sqrt(size)
            total[k] += rowing[i, k]
        lost = 0.0
        for t in range(LINKS):
            lost += 1 - attention[links[i, t]]
        target = 1 - STRAIN * INCENTIVE * (1 - along) / 2 - CONTAGION * lost / LINKS
        engagement[i] += MOOD * (min(1.0, max(0.0, target)) - engagement[i])
        if np.random.random() < LEAVE:  # noqa: NPY002
            size = 0.0
            for k in range(AXES):
                belief[i, k] = np.random.standard_normal()  # noqa: NPY002
                size += belief[i, k] ** 2
            for k in range(AXES):
                belief[i, k] /= math.sqrt(size)
            engagement[i] = 0.9
    return math.sqrt((total**2).sum()) / count
