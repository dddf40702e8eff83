"""A null model: firms with less cash are nearer to ruin whatever their alignment. What is lost beyond that?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from sim.claims.estimate import Estimate, mean_of
from sim.claims.laboratory import Block, Floats
from sim.claims.measure import Measure, Said, columns
from sim.claims.outcomes import worth
from sim.measures.summaries import of

YEAR = 52


def ruin(cash: Floats, drift: Floats, spread: Floats, weeks: Floats) -> Floats:
    """Return the probability that cash with a drift and a spread a week falls below 0 within some weeks.

    Source: first passage of a Brownian motion, with Siegmund's correction for steps of a week (1985); DOCKING.md.

    Examples
    --------
    >>> bool(0.75 < ruin(np.array([4.0]), np.array([0.0]), np.array([1.5]), np.array([104.0]))[0] < 0.8)
    True
    """
    sd = np.maximum(spread, 1e-9)
    away = np.maximum(cash, 0.0) + 0.5826 * sd
    root = sd * np.sqrt(np.maximum(weeks, 1.0))
    first = np.exp(log_ndtr((-away - drift * weeks) / root))
    second = np.exp(np.minimum(0.0, -2 * drift * away / sd**2 + log_ndtr((-away + drift * weeks) / root)))
    return np.asarray(np.minimum(1.0, first + second))


def beyond_ruin(poor: tuple[str, str], rich: tuple[str, str], since: int | None = None) -> Measure:
    """Return a measure of how many more poor firms die than their shorter distance to ruin explains.

    Parameters
    ----------
    poor, rich
        Arms without and with the damage: where it is judged, and where its drop of the weekly result is taken from.
    since
        Week from which it acts; left out: w.

    Notes
    -----
    The formula gets the poor firms' own cash and credit at that week, their mean drift and long-run spread of cash (from
    sums over a year, so that luck which lasts counts in full), and the drop of the weekly result seen in the rich firms.
    """

    def take(block: Block, _: Any) -> Floats:
        start = block.week if since is None else np.full(len(block), since)
        runs, hit = block.arms[poor[0]], block.arms[poor[1]]
        row, last = np.arange(len(block)), block.horizon - 1
        cash = of(runs.series, "cash")
        before = cash[row, np.maximum(start - 1, 0)]
        year = (cash[row, np.minimum(start + YEAR - 1, last)] - before) / YEAR
        values = [worth(block.arms[name]) for name in rich]
        end = np.minimum(start + YEAR - 1, last)
        made = [v[row, end] - v[row, np.maximum(start - 1, 0)] for v in values]
        there = (runs.closed < 0) | (runs.closed >= start)
        lost = (runs.closed < 0).astype(float) - (hit.closed < 0).astype(float)
        lost = np.where(there & ((hit.closed < 0) | (hit.closed >= start)), lost, np.nan)
        return columns(
            [
                lost,
                before + runs.values("money.credit"),
                np.asarray(year),
                (made[1] - made[0]) / YEAR,
                np.asarray(last - start + 1.0, float),
            ]
        )

    def predicted(values: Floats) -> Floats:
        drift, drop = float(np.nanmean(values[:, 2])), float(np.nanmean(values[:, 3]))
        spread = np.full(len(values), float(np.nanstd(values[:, 2])) * np.sqrt(YEAR))
        at = [np.full(len(values), drift + change) for change in (0.0, min(0.0, drop))]
        return ruin(values[:, 1], at[1], spread, values[:, 4]) - ruin(values[:, 1], at[0], spread, values[:, 4])

    def estimate(values: Floats, clusters: NDArray[np.int64], _: str) -> Estimate:
        return mean_of(values[:, 0] - predicted(values), clusters)

    def lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
        return [
            Said("loss of alive where money is short", mean_of(values[:, 0], clusters)),
            Said("loss that the ruin formula gives for it", mean_of(predicted(values), clusters)),
        ]

    return Measure([*poor, *rich], take, estimate, lines)
