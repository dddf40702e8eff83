"""Paired comparisons: a case and its base share all luck and all draws of what is uncertain, so they differ by the case alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.company.calibration.prior import WHOLE
from sim.measures.contrast import better, paired, shares
from sim.measures.outcomes import OUTCOMES, outcomes_at
from sim.scenario import Scenario
from sim.simulate import Batch, run_many, run_points

Draws = Sequence[Mapping[str, float]]
SHORT = 26
"""Weeks of the short horizon: half a year."""


@dataclass(frozen=True)
class Difference:
    """A case against its base in one outcome at one horizon, over pairs of runs with the same luck.

    Attributes
    ----------
    base, case
        Means over runs.
    mean, low, high
        Mean paired difference, case less base, and its 95 % interval: Student's t, or Bonett and Price's for shares of firms, which
        stays within what shares can differ by.
    better
        Chance that the case beats the base, ties counting half; `better_low`, `better_high` its 95 % Wilson interval.
    n
        Pairs.
    """

    outcome: str
    weeks: int
    base: float
    case: float
    mean: float
    low: float
    high: float
    better: float
    better_low: float
    better_high: float
    n: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0

    @property
    def good(self) -> float:
        """The difference, counted so that more is better."""
        return self.mean if OUTCOMES[self.outcome].more else -self.mean


def many(
    scenario: Scenario,
    runs: int,
    seed: int = 0,
    draws: Draws = (),
    held: frozenset[str] = frozenset(),
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    with_departments: bool = False,
) -> Batch:
    """Run a scenario many times; with draws, run i has the values of draw i, but for those `held` by the case itself."""
    if not draws:
        return run_many(scenario, runs, seed, workers, progress, with_departments=with_departments)
    points = [
        {k: round(v) if k in WHOLE else v for k, v in draws[i % len(draws)].items() if k not in held}
        for i in range(runs)
    ]
    return run_points(scenario, points, seed, 0, workers, progress, with_departments)


def outcomes(batch: Batch, weeks: int) -> dict[str, NDArray[np.float64]]:
    """Return every outcome of every run at a horizon, (runs,) each."""
    return outcomes_at(batch.series, batch.closed, weeks)


def difference(outcome: str, weeks: int, base: NDArray[np.float64], case: NDArray[np.float64]) -> Difference:
    """Return the paired difference of two runs of equal length; the interval needs at least two pairs.

    Raises
    ------
    ValueError
        If the two do not pair.
    """
    if base.shape != case.shape or base.ndim != 1 or base.size == 0:
        raise ValueError(f"base has shape {base.shape} and case {case.shape}: they must be equal and not empty")
    d = shares(outcome, case, base, 0.0) if outcome == "open" and base.size > 1 else paired(outcome, case, base, 0.0)
    wins = better(case, base) if OUTCOMES[outcome].more else better(base, case)
    return Difference(outcome, weeks, float(base.mean()), float(case.mean()), d.effect, d.low, d.high, *wins, d.n)


def differences(base: Batch, case: Batch, horizons: Sequence[int]) -> list[Difference]:
    """Return all outcomes at all horizons."""
    found = []
    for weeks in horizons:
        one, other = outcomes(base, weeks), outcomes(case, weeks)
        found += [difference(name, weeks, one[name], other[name]) for name in OUTCOMES]
    return found


def horizons(scenario: Scenario) -> tuple[int, ...]:
    """Return the short and the long horizon."""
    return (SHORT, scenario.weeks) if scenario.weeks > SHORT else (scenario.weeks,)
