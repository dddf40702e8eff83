"""C24: a merger or growth spurt unsettles, and long. Its criteria: ``criteria/C24.toml``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.estimate import Estimate, mean_of, statistic_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said, columns, half_life
from sim.claims.observe import OBSERVED, TENURES


def gaps(block: Block, _: Any) -> Floats:
    """Return the gap of belief between veterans and people merged in by week, newcomers by tenure, and how many were there."""
    runs = block.arms["apart"]
    merged, veterans = (runs.observed[:, :, OBSERVED.index(name)] for name in ("merged", "veterans"))
    at = np.minimum(block.week[:, None] + np.arange(TENURES), block.horizon - 1)
    gap = np.take_along_axis(veterans - merged, at, axis=1)
    there = ~np.isnan(gap)
    found = np.concatenate(
        [there.astype(float), np.where(there, gap, 0.0), runs.newcomers[:, :, 1], runs.newcomers[:, :, 0]], axis=1
    )
    found[(runs.closed >= 0) & (runs.closed < block.week)] = np.nan
    return found


def curves(means: Floats) -> tuple[Floats, Floats]:
    """Return the mean gaps of merged people and of newcomers."""
    there, merged, counted, summed = means.reshape(4, TENURES)
    with np.errstate(invalid="ignore", divide="ignore"):
        return merged / np.maximum(there, 1e-12), summed / np.maximum(counted, 1e-12)


def slower(values: Floats, clusters: NDArray[np.int64], _: str) -> Estimate:
    """Return by how many weeks the merged people's half-life exceeds the newcomers'."""

    def statistic(means: Floats) -> float:
        merged, newcomers = curves(means)
        return half_life(merged) - half_life(newcomers)

    return statistic_of(statistic, values, clusters)


def half_lives(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return both."""
    names = ("people merged in", "newcomers")

    def of_curve(index: int) -> Estimate:
        return statistic_of(lambda means: half_life(curves(means)[index]), values, clusters)

    return [Said(f"half-life of the gap of {name}", of_curve(i), "weeks") for i, name in enumerate(names)]


def contraction(block: Block, _: Any) -> Floats:
    """Return the half-life of linear contraction at the firm's rates of telling, talk and forgetting."""
    runs = block.arms["apart"]
    telling = runs.values("people.persuasion") / runs.values("founder.cadence")
    rate = telling + runs.values("people.social") + runs.values("people.forgetting")
    return columns([math.log(2) / np.maximum(rate, 1e-6)])


def contraction_lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return it, to be set against the half-life measured."""
    return [Said("half-life of linear contraction at the firms' own rates", mean_of(values[:, 0], clusters), "weeks")]


MEASURES = {
    "half_life": Measure(["apart"], gaps, slower, half_lives),
    "contraction": Measure(["apart"], contraction, lines=contraction_lines),
}
