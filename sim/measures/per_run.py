"""What came out of a run, as one number for each run: (runs,) arrays ready for a paired contrast.

A firm that has closed has no series any more, and to leave it out would compare survivors. So every outcome says what a
closed firm counts as: nan leaves the pair out, any number stands for it (no customers: 0).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.measures.series import DEPARTMENT_SERIES
from sim.simulate import Batch

Floats = NDArray[np.float64]


def survived(batch: Batch) -> NDArray[np.bool_]:
    """Return whether each firm lived to the end."""
    return batch.closed < 0


def lifetime(batch: Batch) -> Floats:
    """Return the weeks that each firm lived, at most the length of the run."""
    return np.where(batch.closed < 0, batch.series.shape[1], batch.closed + 1).astype(float)


def level(batch: Batch, name: str, first: int = 0, last: int | None = None, closed: float = math.nan) -> Floats:
    """Return the mean of a series over weeks first, ..., last - 1.

    Parameters
    ----------
    closed
        What a week after closing counts as. With nan only the weeks lived count, and a firm that closed before the
        window has no value.
    """
    return _mean(batch.of(name)[:, first:last], closed)


def at_end(batch: Batch, name: str, closed: float = math.nan) -> Floats:
    """Return the last value of a series; what a firm that closed counts as is given."""
    values = batch.of(name)[:, -1]
    return values if math.isnan(closed) else np.where(np.isnan(values), closed, values)


def department_level(
    batch: Batch, name: str, department: int, first: int = 0, last: int | None = None, closed: float = math.nan
) -> Floats:
    """Return the mean of one department's series over weeks first, ..., last - 1; as in `level`."""
    return _mean(batch.departments[:, first:last, department, list(DEPARTMENT_SERIES).index(name)], closed)


def total(batch: Batch, name: str, first: int = 0, last: int | None = None) -> Floats:
    """Return the sum of a series over weeks first, ..., last - 1; weeks after closing add nothing."""
    return np.nansum(batch.of(name)[:, first:last], axis=1)


def first_week(
    batch: Batch, name: str, threshold: float, above: bool = True, first: int = 0, lasting: int = 1
) -> Floats:
    """Return the first week from `first` on in which a series is beyond a threshold for `lasting` weeks; nan if never."""
    values = batch.of(name)[:, first:]
    with np.errstate(invalid="ignore"):
        beyond = (values > threshold) if above else (values < threshold)
    return first_true(beyond, lasting) + first


def first_true(beyond: NDArray[np.bool_], lasting: int = 1) -> Floats:
    """Return for each row where the first `lasting` trues in a row begin; nan if there are none."""
    runs, weeks = beyond.shape
    if weeks < lasting:
        return np.full(runs, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(beyond, lasting, axis=1).all(axis=2)
    return np.where(windows.any(axis=1), windows.argmax(axis=1).astype(float), np.nan)


def average(values: Floats) -> float:
    """Return the mean over runs that have a value; nan where none has."""
    return float(np.nanmean(values)) if np.isfinite(values).any() else math.nan


def _mean(values: Floats, closed: float) -> Floats:
    if not math.isnan(closed):
        values = np.where(np.isnan(values), closed, values)
    count = np.sum(~np.isnan(values), axis=1)
    return np.where(count > 0, np.nansum(values, axis=1) / np.maximum(count, 1), np.nan)
