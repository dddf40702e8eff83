"""Does an indicator warn in time? Alarms with a stated rate of false alarms, and the warning that they give.

An indicator is watched against a firm's own past. How far it may stray is set on firms to which nothing happens, so that
a stated share of them raises an alarm: indicators are compared at the same price in false alarms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.measures.per_run import first_true

Floats = NDArray[np.float64]
LASTING = 4
"""Weeks in a row that an indicator must be off before an alarm is raised."""


def strayed(series: ArrayLike, first: int, last: int) -> Floats:
    """Return how far a series (runs, weeks) is above its own mean over weeks first, ..., last - 1, from week `last` on."""
    values = np.asarray(series, float)
    away: Floats = values[:, last:] - values[:, first:last].mean(axis=1, keepdims=True)
    return away


def threshold(quiet: ArrayLike, false_alarms: float) -> float:
    """Return the distance that a share `false_alarms` of quiet firms exceeds for `LASTING` weeks in a row at some time.

    Parameters
    ----------
    quiet : (runs, weeks)
        From `strayed`, of firms to which nothing happens; nan after closing.
    """
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(quiet, float), LASTING, axis=1).min(axis=2)
    worst = np.where(np.isnan(windows), -np.inf, windows).max(axis=1)
    return float(np.quantile(worst, 1 - false_alarms))


def alarm(away: ArrayLike, limit: float) -> Floats:
    """Return the week, counted as in `away`, in which an alarm is raised: the last of the first `LASTING` weeks beyond; nan if never."""
    with np.errstate(invalid="ignore"):
        beyond = np.asarray(away, float) > limit
    return first_true(beyond, LASTING) + LASTING - 1


def warning(raised: ArrayLike, trouble: ArrayLike) -> Floats:
    """Return how many weeks an alarm comes before the trouble: 0 if it comes later or never, nan where there is no trouble."""
    lead = np.asarray(trouble, float) - np.asarray(raised, float)
    return np.where(np.isnan(trouble), np.nan, np.where(lead > 0, lead, 0.0))
