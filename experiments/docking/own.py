"""Our own firm on the claims that match a published model: one hook per claim, each a curve with intervals.

The counterparts are loose by nature: March's turnover and our autonomy both keep difference alive; his code's learning and
our founder's listening both turn it into knowledge; his onboarding is p1. All parameters stay at their defaults except
those named. A closed firm has no thrust and no fit: its weeks count as zero, so that failure is not hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from experiments.docking.dock import Floats, best, mean_interval
from sim import Scenario, run_many

SEED = 7
BURN_IN = 26
"""Weeks left out at the start, in which the founding order wears off."""
AUTONOMY = (0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8)
MARKETS = (0.0, 0.04, 0.08, 0.16)
VOICE = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
LEAVING = (0.0, 0.004, 0.01, 0.02, 0.04, 0.08, 0.16)
ONBOARDING = (0.0, 0.5, 1.0)
HEADS = (5, 10, 20, 30, 50, 70, 100)


@dataclass(frozen=True)
class Curve:
    """Outcomes over a factor.

    Attributes
    ----------
    x
        The factor's levels.
    values : (levels, runs)
        One outcome per run; runs of one column share their luck.
    """

    x: Sequence[float]
    values: Floats

    @property
    def mean(self) -> Floats:
        """Means over runs, (levels,)."""
        return mean_interval(self.values, axis=1)[0]

    @property
    def half(self) -> Floats:
        """Half-widths of the 95 % intervals of the means, (levels,)."""
        return mean_interval(self.values, axis=1)[1]

    @property
    def best(self) -> tuple[float, float, float]:
        """Where the mean is highest, with its bootstrap interval."""
        return best(self.values, self.x, SEED)


class Step(NamedTuple):
    """A paired difference between two levels, with its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.4f} [{self.low:+.4f}, {self.high:+.4f}]"


def step(after: Floats, before: Floats) -> Step:
    """Return the mean difference of runs, paired, with its interval."""
    mean, half = (float(x) for x in mean_interval(after - before))
    return Step(mean, mean - half, mean + half)


def outcome(values: Mapping[str, object], measure: str, n: int, workers: int) -> Floats:
    """Return a measure's mean over the weeks from `BURN_IN` on, closed weeks as zero, (n,)."""
    batch = run_many(Scenario().replace(values), n, SEED, workers, with_departments=False)
    return np.asarray(np.nan_to_num(batch.of(measure)[:, BURN_IN:]).mean(axis=1))


def curve(
    factor: str, levels: Sequence[float], fixed: Mapping[str, object], measure: str, n: int, workers: int
) -> Curve:
    """Run our firm over one factor; every level has the same luck."""
    return Curve(levels, np.array([outcome({**fixed, factor: x}, measure, n, workers) for x in levels]))


def c12(n: int, workers: int = 1) -> dict[float, Curve]:
    """Return thrust over autonomy (dissent), for each turbulence: managed misalignment."""
    return {t: curve("people.autonomy", AUTONOMY, {"market.turbulence": t}, "thrust", n, workers) for t in MARKETS}


def c13(n: int, workers: int = 1) -> dict[float, Curve]:
    """Return the vision's fit over voice, for each turbulence: emergent strategy needs voice."""
    return {t: curve("founder.voice", VOICE, {"market.turbulence": t}, "fit", n, workers) for t in MARKETS}


def c23(n: int, workers: int = 1) -> dict[float, Curve]:
    """Return thrust over turnover, for each onboarding: turnover carries misalignment in."""
    return {o: curve("people.turnover", LEAVING, {"people.onboarding": o}, "thrust", n, workers) for o in ONBOARDING}


def c03(n: int, workers: int = 1) -> tuple[Curve, Curve]:
    """Return thrust over headcount, and what one person turned by 120 degrees in week 52 costs of it."""
    event = [{"kind": "people_turned", "week": 52, "people": 1, "angle": 2.0944}]
    calm = curve("headcount", HEADS, {}, "thrust", n, workers)
    hit = curve("headcount", HEADS, {"events": event}, "thrust", n, workers)
    return calm, Curve(HEADS, calm.values - hit.values)
