"""C01: one misaligned part topples others. Its criteria: ``criteria/C01.toml``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.estimate import Estimate, mean_of, ratio_of, statistic_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said, columns
from sim.claims.outcomes import forward, weekly, worth
from sim.measures.series import DEPARTMENT_SERIES

AFTER = 78
"""Weeks after the turn in which the order is looked for: the latest turn leaves no more."""
ORDER = {"rework": 1.0, "satisfaction": -1.0, "customers": -1.0, "result": -1.0}
"""What moves when, and in which direction."""


def differences(block: Block, _: Any) -> Floats:
    """Return the differences made by the turn, week by week while both firms live, and whether they do."""
    turn, none = block.arms["turn"], block.arms["none"]
    at = np.minimum(block.week[:, None] + np.arange(AFTER), block.horizon - 1)
    lived = ~np.isnan(turn.series[:, :, 0]) & ~np.isnan(none.series[:, :, 0])
    both = np.take_along_axis(lived, at, axis=1)
    found = [both.astype(float)]
    for name in ORDER:
        difference = weekly(turn, name, block.turned) - weekly(none, name, block.turned)
        found.append(np.where(both, np.take_along_axis(difference, at, axis=1), 0.0))
    together = np.concatenate(found, axis=1)
    together[~both[:, 0]] = np.nan
    return together


def reaches_half(means: Floats) -> dict[str, float]:
    """Return the week in which each mean difference curve reaches half of its peak, between weeks by a straight line."""
    curves = means.reshape(-1, AFTER)
    weeks = {}
    for (name, sign), curve in zip(ORDER.items(), curves[1:] / np.maximum(curves[0], 1e-9), strict=True):
        rising = sign * curve
        half = rising.max() / 2
        first = int(np.argmax(rising >= half))
        step = rising[first] - rising[first - 1] if first else 0.0
        weeks[name] = first - (rising[first] - half) / step if step > 0 else float(first)
    return weeks


def gap(values: Floats, clusters: NDArray[np.int64], step: str) -> Estimate:
    """Return by how many weeks the second of a step comes after the first."""
    sooner, later = step.split(" to ")

    def statistic(means: Floats) -> float:
        weeks = reaches_half(means)
        return weeks[later] - weeks[sooner]

    return statistic_of(statistic, values, clusters)


def idle(block: Block, _: Any) -> Floats:
    """Return worth lost by the turn, and by a department that idles for the work which the turn cost it."""
    turn, none = block.arms["turn"], block.arms["none"]
    rework, engagement = (list(DEPARTMENT_SERIES).index(name) for name in ("rework", "engagement"))
    row = np.arange(len(block))
    work = []
    for runs in (turn, none):
        own = runs.departments[row, :, block.turned]
        cost = runs.values("work.disengagement_cost")[:, None]
        work.append((1 - own[:, :, rework]) * (1 - cost * (1 - own[:, :, engagement])))
    inside = (np.arange(block.horizon) >= block.week[:, None]) & ~np.isnan(work[0]) & ~np.isnan(work[1])
    kept = [np.where(inside, w, 0.0).sum(axis=1) / np.maximum(inside.sum(axis=1), 1) for w in work]
    share = np.clip(1 - kept[0] / np.maximum(kept[1], 1e-9), 0.0, 0.95)
    idler = block.again([{"events": [{"kind": "idle", "share": round(float(s), 3)}]} for s in share])
    ends = [forward(worth(runs))[:, -1] for runs in (none, turn, idler)]
    found = columns([ends[1] - ends[0], ends[2] - ends[0], share])
    found[(none.closed >= 0) & (none.closed < block.week)] = np.nan
    return found


def local_lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return what local damage alone accounts for."""
    return [
        Said("worth lost by the turn", mean_of(values[:, 0], clusters), "weeks"),
        Said(
            "worth lost where the department only idles for the work that the turn cost it",
            mean_of(values[:, 1], clusters),
            "weeks",
        ),
        Said("share of the turn's loss that local damage accounts for", ratio_of(values[:, 1], values[:, 0], clusters)),
    ]


def beyond(values: Floats, clusters: NDArray[np.int64], _: str) -> Estimate:
    """Return the worth that the turn takes beyond local damage."""
    return mean_of(values[:, 0] - values[:, 1], clusters)


MEASURES = {
    "order": Measure(["none", "turn"], differences, gap),
    "idle": Measure(["none", "turn"], idle, beyond, local_lines),
}
