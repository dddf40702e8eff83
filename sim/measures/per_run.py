"""What came out of runs, by the names of their series: (runs,) arrays ready for a paired contrast.

The same numbers as in `sim.measures.summaries`, whose top says what closed firms count as, for whoever holds runs with their
series: a `sim.simulate.Batch`, or whatever else has these arrays.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from sim.measures import summaries
from sim.measures.summaries import Flags, Floats, Ints, first_true

__all__ = ["Runs", "at_end", "average", "first_true", "first_week", "level", "lifetime", "survived", "total"]


class Runs(Protocol):
    """Runs as arrays: `series` (runs, weeks, measures), nan after closing, and `closed` (runs,), -1 where a firm lived on."""

    @property
    def series(self) -> Floats:
        """All series, (runs, weeks, measures)."""

    @property
    def closed(self) -> Ints:
        """Weeks of closing, (runs,)."""


def survived(runs: Runs) -> Flags:
    """Return whether each firm lived to the end [s]."""
    return summaries.survived(runs.closed)


def lifetime(runs: Runs) -> Floats:
    """Return the weeks that each firm lived, at most the length of the run."""
    return summaries.weeks_lived(runs.closed, runs.series.shape[1]).astype(float)


def level(runs: Runs, name: str, first: int = 0, last: int | None = None, closed: float = math.nan) -> Floats:
    """Return the mean of a series over weeks first, ..., last - 1.

    Parameters
    ----------
    closed
        What a week after closing counts as: 0 is [z]. With nan only the weeks lived count [c], and a firm that closed
        before the window has no value.
    """
    return summaries.window_mean(summaries.of(runs.series, name), first, last, closed)


def at_end(runs: Runs, name: str, closed: float = math.nan) -> Floats:
    """Return the last value of a series; what a firm that closed counts as is given."""
    return summaries.at_end(summaries.of(runs.series, name), closed)


def total(runs: Runs, name: str, first: int = 0, last: int | None = None) -> Floats:
    """Return the sum of a series over weeks first, ..., last - 1; weeks after closing add nothing [z]."""
    sums: Floats = np.nansum(summaries.of(runs.series, name)[:, first:last], axis=1)
    return sums


def first_week(runs: Runs, name: str, threshold: float, above: bool = True, first: int = 0, lasting: int = 1) -> Floats:
    """Return the first week from `first` on in which a series is beyond a threshold for `lasting` weeks; nan if never."""
    return summaries.first_week(summaries.of(runs.series, name), threshold, above, first, lasting)


def average(values: Floats) -> float:
    """Return the mean over runs that have a value; nan where none has."""
    return float(np.nanmean(values)) if np.isfinite(values).any() else math.nan
