"""By how much do two firms with the same luck differ, and how sure is that? Paired contrasts with 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Expected = Literal["rises", "falls", "same", "not worse", "not better"]
"""What a claim says about a contrast: above 0, below 0, within the smallest effect of interest, not below it, not above it."""
Reading = Literal["as expected", "reversed", "no effect", "not shown"]
Z95 = 1.959963984540054
RESAMPLES = 1000


@dataclass(frozen=True)
class Contrast:
    """A difference with its interval, and what the claim says about it.

    Attributes
    ----------
    name, where
        What differs, in plain words; under which condition (shown when a claim holds in some places only).
    effect, low, high
        Mean difference, and the limits of its 95 % interval.
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
) -> Contrast:
    """Return the mean of the differences between runs with the same luck, with Student's t interval.

    Parameters
    ----------
    name, smallest, expected, where, unit
        As in `Contrast`.
    treated, base : (runs,)
        The outcome, run by run in the same order of luck; pairs in which one is nan are left out. A base of 0 tests
        differences that were taken before.
    """
    difference = np.asarray(treated, float) - np.asarray(base, float)
    difference = difference[~np.isnan(difference)]
    n = len(difference)
    if n < 2:
        return Contrast(name, math.nan, math.nan, math.nan, n, smallest, expected, where, unit)
    from scipy.special import stdtrit

    mean, sd = float(difference.mean()), float(difference.std(ddof=1))
    half = float(stdtrit(n - 1, 0.975)) * sd / math.sqrt(n)
    size = mean / sd if sd > 0 else 0.0 if mean == 0 else math.copysign(math.inf, mean)
    return Contrast(name, mean, mean - half, mean + half, n, smallest, expected, where, unit, size)


def shares(
    name: str, treated: ArrayLike, base: ArrayLike, smallest: float, expected: Expected = "rises", where: str = ""
) -> Contrast:
    """Return the difference between two shares of paired runs (survival, say).

    The interval is the adjusted Wald interval for paired shares (Bonett & Price 2012): it keeps a width where all pairs agree.

    Parameters
    ----------
    treated, base : (runs,)
        True or false, run by run; the other parameters as in `paired`.
    """
    a, b = np.asarray(treated, bool), np.asarray(base, bool)
    n, gained, lost = len(a), int(np.sum(a & ~b)), int(np.sum(~a & b))
    if n < 2:
        return Contrast(name, math.nan, math.nan, math.nan, n, smallest, expected, where, "share of firms")
    up, down = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    half = Z95 * math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    middle, effect = up - down, (gained - lost) / n
    sd = math.sqrt(max((gained + lost) / n - effect**2, 0.0))
    size = effect / sd if sd > 0 else 0.0 if effect == 0 else math.copysign(math.inf, effect)
    low, high = max(-1.0, min(middle - half, effect)), min(1.0, max(middle + half, effect))
    return Contrast(
        name, effect, low, high, n, smallest, expected, where, "share of firms", size, "paired shares (Bonett-Price)"
    )


def bootstrap(
    name: str,
    statistic: Callable[..., float],
    outcomes: tuple[ArrayLike, ...],
    smallest: float,
    expected: Expected = "rises",
    where: str = "",
    unit: str = "",
    resamples: int = RESAMPLES,
) -> Contrast:
    """Return any statistic of paired outcomes with its percentile bootstrap interval.

    Replicates are drawn with replacement, all outcomes of a replicate together, so that pairs stay pairs. The resampling
    has a generator of its own with a fixed seed: the same outcomes give the same interval.

    Parameters
    ----------
    statistic
        From the outcomes, resampled along their first axis, to a number; nan results are left out of the interval.
    outcomes
        Arrays (runs, ...), the same runs in the same order.
    resamples
        How often is resampled; the other parameters as in `paired`.
    """
    arrays = [np.asarray(o) for o in outcomes]
    n = len(arrays[0])
    effect = float(statistic(*arrays))
    rng = np.random.default_rng(20_120_701)
    values = np.empty(resamples)
    for i in range(resamples):
        who = rng.integers(n, size=n)
        values[i] = statistic(*(a[who] for a in arrays))
    values = values[~np.isnan(values)]
    low, high = (math.nan, math.nan) if len(values) < resamples / 2 else map(float, np.quantile(values, (0.025, 0.975)))
    return Contrast(name, effect, low, high, n, smallest, expected, where, unit, math.nan, "bootstrap, percentile")


def mean_interval(values: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return mean and limits of Student's 95 % interval over the first axis, nan left out; for curves in figures."""
    from scipy.special import stdtrit

    given = np.asarray(values, float)
    n = np.sum(~np.isnan(given), axis=0)
    safe = np.maximum(n, 1)
    mean = np.where(n > 0, np.nansum(given, axis=0) / safe, np.nan)
    spread = np.sqrt(np.nansum((given - mean) ** 2, axis=0) / np.maximum(n - 1, 1))
    half = np.where(n > 1, stdtrit(np.maximum(n - 1, 1), 0.975) * spread / np.sqrt(safe), np.nan)
    return mean, mean - half, mean + half
