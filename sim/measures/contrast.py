"""By how much do two firms with the same luck differ, and how sure is that? Paired contrasts with their intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sim.measures.intervals import RESAMPLES, Floats, mean_interval, normal_point, paired_shares, wilson
from sim.measures.intervals import bootstrap as bootstrap_interval

__all__ = ["Contrast", "Expected", "Floats", "Reading", "better", "bootstrap", "mean_interval", "paired", "shares"]

Expected = Literal["rises", "falls", "same", "not worse", "not better"]
"""What a claim says about a contrast: above 0, below 0, within the smallest effect of interest, not below it, not above it."""
Reading = Literal["as expected", "reversed", "no effect", "not shown"]


@dataclass(frozen=True)
class Contrast:
    """A difference with its interval, and what the claim says about it.

    Attributes
    ----------
    name, where
        What differs, in plain words; under which condition (shown when a claim holds in some places only).
    effect, low, high
        Mean difference, and the limits of its interval, at 95 % unless it was made with another confidence.
    n
        Pairs of runs that it rests on.
    smallest
        Smallest effect of interest, fixed before the run; below it a difference does not matter.
    expected
        What the claim expects.
    unit
        Of the effect.
    size
        Effect in standard deviations of the paired differences (Cohen's d_z); nan for statistics that are not means.
    interval
        How the interval was made.
    """

    name: str
    effect: float
    low: float
    high: float
    n: int
    smallest: float
    expected: Expected = "rises"
    where: str = ""
    unit: str = ""
    size: float = math.nan
    interval: str = "paired t"

    @property
    def reading(self) -> Reading:
        """Return what the interval says.

        A direction counts when the whole interval lies on its side of 0 and the effect reaches the smallest effect of
        interest; "no effect" when the whole interval lies within the smallest effects; else nothing is shown. Where
        sameness is expected, sameness is "as expected", and a difference "reversed".
        """
        if math.isnan(self.low) or math.isnan(self.high):
            return "not shown"
        up = self.low > 0 and self.effect >= self.smallest
        down = self.high < 0 and self.effect <= -self.smallest
        within = -self.smallest < self.low and self.high < self.smallest
        if self.expected == "same":
            return "as expected" if within else "reversed" if up or down else "not shown"
        if self.expected in ("not worse", "not better"):
            fine, bad = self.low > -self.smallest, down
            if self.expected == "not better":
                fine, bad = self.high < self.smallest, up
            return "as expected" if fine else "reversed" if bad else "not shown"
        if up or down:
            return "as expected" if up == (self.expected == "rises") else "reversed"
        return "no effect" if within else "not shown"

    def __str__(self) -> str:
        """Return the effect with its interval."""
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.effect:+.3g}{unit} [{self.low:.3g}, {self.high:.3g}]".replace("-", "\N{MINUS SIGN}")


def paired(
    name: str,
    treated: ArrayLike,
    base: ArrayLike,
    smallest: float,
    expected: Expected = "rises",
    where: str = "",
    unit: str = "",
    confidence: float = 0.95,
) -> Contrast:
    """Return the mean of the differences between runs with the same luck, with Student's t interval.

    Parameters
    ----------
    name, smallest, expected, where, unit
        As in `Contrast`.
    treated, base : (runs,)
        The outcome, run by run in the same order of luck; pairs in which one is nan are left out. A base of 0 tests
        differences that were taken before.
    confidence
        Of the interval, which has no ends where there is one pair only.

    Examples
    --------
    >>> paired("thrust", [0.5, 0.7, 0.6], [0.4, 0.5, 0.5], 0.05).effect.__round__(3)
    0.133
    """
    difference = np.asarray(treated, float) - np.asarray(base, float)
    difference = difference[~np.isnan(difference)]
    n = len(difference)
    if n < 2:
        effect = float(difference[0]) if n else math.nan
        low, high = (-math.inf, math.inf) if n else (math.nan, math.nan)
        return Contrast(name, effect, low, high, n, smallest, expected, where, unit)
    from scipy.special import stdtrit

    mean, sd = float(difference.mean()), float(difference.std(ddof=1))
    half = float(stdtrit(n - 1, (1 + confidence) / 2)) * sd / math.sqrt(n)
    return Contrast(name, mean, mean - half, mean + half, n, smallest, expected, where, unit, _size(mean, sd))


def shares(
    name: str,
    treated: ArrayLike,
    base: ArrayLike,
    smallest: float,
    expected: Expected = "rises",
    where: str = "",
    confidence: float = 0.95,
) -> Contrast:
    """Return the difference between two shares of paired runs (survival, say), within -1 and 1.

    Parameters
    ----------
    treated, base : (runs,)
        True or false, run by run; the other parameters as in `paired`. The interval is `intervals.paired_shares`.
    """
    a, b = np.asarray(treated, bool), np.asarray(base, bool)
    n, gained, lost = len(a), int(np.sum(a & ~b)), int(np.sum(~a & b))
    if n < 2:
        return Contrast(name, math.nan, math.nan, math.nan, n, smallest, expected, where, "share of firms")
    effect, low, high = paired_shares(gained, lost, n, normal_point(confidence))
    size = _size(effect, math.sqrt(max((gained + lost) / n - effect**2, 0.0)))
    return Contrast(
        name, effect, low, high, n, smallest, expected, where, "share of firms", size, "paired shares (Bonett-Price)"
    )


def better(treated: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> tuple[float, float, float]:
    """Return the share of pairs in which the treated run has more, ties counting half, with its Wilson interval."""
    difference = np.asarray(treated, float) - np.asarray(base, float)
    difference = difference[~np.isnan(difference)]
    wins = float(np.sum(difference > 0) + 0.5 * np.sum(difference == 0))
    return wins / len(difference), *wilson(round(wins), len(difference), normal_point(confidence))


def bootstrap(
    name: str,
    statistic: Callable[..., float],
    outcomes: tuple[ArrayLike, ...],
    smallest: float,
    expected: Expected = "rises",
    where: str = "",
    unit: str = "",
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
) -> Contrast:
    """Return any statistic of paired outcomes with its percentile bootstrap interval.

    Parameters
    ----------
    statistic, outcomes, resamples
        As in `intervals.bootstrap`; the other parameters as in `paired`.
    """
    arrays = [np.asarray(o) for o in outcomes]
    effect = float(statistic(*arrays))
    low, high = bootstrap_interval(statistic, arrays, resamples, confidence)
    n = len(arrays[0])
    return Contrast(name, effect, low, high, n, smallest, expected, where, unit, math.nan, "bootstrap, percentile")


def _size(effect: float, sd: float) -> float:
    """Return Cohen's d_z, infinite where nothing varies about an effect."""
    return effect / sd if sd > 0 else 0.0 if effect == 0 else math.copysign(math.inf, effect)
