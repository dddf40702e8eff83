"""What a run comes to, as one number for each run: pure functions of arrays, and the catalogue of those that have a name.

Arrays are `values` (runs, weeks) of one series, nan after closing; `closed` (runs,), the week of closing or -1; and
`series` (runs, weeks, measures) in the order of `sim.measures.series.SERIES`. The week of closing was still lived.

**Closed firms: one policy.** A firm that has closed has no values any more, and to leave it out would compare survivors.
Every number here follows one of four rules, and says which:

=====  ===============================================================================================================
[s]    Being open is 1 for a firm that is open at the end of the period, and 0 for one that has closed.
[z]    Weeks after closing count 0: no work, no customers, no way made.
[f]    The state stays as it was at closing: the value of the last week lived, or the mean of the last `LATE` lived.
[c]    Only weeks lived count; of a comparison, only weeks in which all arms live (`common_means`), and where these are
       fewer than `LATE` the pair is left out and counted.
=====  ===============================================================================================================

Periods have one name each: `LATE` is a quarter of a year before the end of a firm's life, `YEAR` a year, and whoever leaves
out the first weeks of a run, in which the founding wears off, says so with a name and a number of their own.

Examples
--------
>>> import numpy as np
>>> thrust = np.array([[0.2, 0.4, 0.6], [0.3, 0.5, np.nan]])
>>> closed = np.array([-1, 1])
>>> late_mean(thrust, closed, 2)
array([0.5, 0.4])
>>> window_mean(thrust, 1, 3, after=0.0)
array([0.5 , 0.25])
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measures.series import SERIES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Policy = Literal["s", "z", "f", "c"]
"""How closed firms count; see the top of this module."""
LATE = 13
"""Weeks, the last that a firm lived, over which its late state is averaged: a quarter of a year."""
YEAR = 52
"""Weeks of a year."""


def survived(closed: Ints, weeks: int | None = None) -> Flags:
    """Return whether each firm is open at the end, or after so many weeks [s]."""
    return np.asarray(closed < 0 if weeks is None else (closed < 0) | (closed >= weeks))


def weeks_lived(closed: Ints, weeks: int) -> Ints:
    """Return how many of the first `weeks` weeks each firm lived, the week of closing included."""
    return np.where(survived(closed, weeks), weeks, closed + 1)


def until(series: Floats, closed: Ints, weeks: int) -> tuple[Floats, Ints]:
    """Return runs as they stood after so many weeks: series cut short, and firms that closed later still open."""
    return series[:, :weeks], np.where(survived(closed, weeks), -1, closed)


def last(values: Floats, closed: Ints) -> Floats:
    """Return each run's value in the last week that it lived [f]."""
    return values[np.arange(len(closed)), weeks_lived(closed, values.shape[1]) - 1]


def late_mean(values: Floats, closed: Ints, weeks: int = LATE) -> Floats:
    """Return each run's mean over the last `weeks` weeks that it lived, all of them where it lived fewer [f]."""
    return _mean(values, _lived(values, closed, weeks))


def mean_lived(values: Floats, closed: Ints) -> Floats:
    """Return each run's mean over all weeks that it lived [c]."""
    return _mean(values, _lived(values, closed))


def total(values: Floats, closed: Ints) -> Floats:
    """Return the sum over all weeks; weeks after closing add nothing [z]."""
    sums: Floats = np.where(_lived(values, closed), values, 0.0).sum(axis=1)
    return sums


def least(values: Floats, closed: Ints) -> Floats:
    """Return the lowest value of the weeks lived [c]."""
    found: Floats = np.where(_lived(values, closed), values, np.inf).min(axis=1)
    return found


def most(values: Floats, closed: Ints) -> Floats:
    """Return the highest value of the weeks lived [c]."""
    found: Floats = np.where(_lived(values, closed), values, -np.inf).max(axis=1)
    return found


def window_mean(values: Floats, first: int = 0, last: int | None = None, after: float = math.nan) -> Floats:
    """Return the mean over weeks first, ..., last - 1.

    Parameters
    ----------
    values : (runs, weeks)
        nan where there is no value: after closing, or before a department exists.
    after
        What such a week counts as: 0 is [z]; with nan only the weeks that have a value count, and a run that has none
        in the window has no value [c].
    """
    window = values[:, first:last]
    if not math.isnan(after):
        window = np.where(np.isnan(window), after, window)
    return _mean(window, ~np.isnan(window))


def at_end(values: Floats, after: float = math.nan) -> Floats:
    """Return the value of the run's last week; a firm that has closed counts as `after` (0 is [z])."""
    ends = values[:, -1]
    return ends if math.isnan(after) else np.where(np.isnan(ends), after, ends)


def common_means(arms: Sequence[Floats], first: int = 0, last: int | None = None, fewest: int = LATE) -> list[Floats]:
    """Return the mean of each arm over the weeks of a window in which all arms of the pair live [c].

    Parameters
    ----------
    arms : of (runs, weeks) each
        The same series of runs with the same luck, nan after closing.
    fewest
        Pairs with fewer such weeks have no value in any arm; ``np.isnan`` counts them.
    """
    windows = [values[:, first:last] for values in arms]
    alive = ~np.isnan(windows).any(axis=0)
    alive[alive.sum(axis=1) < fewest] = False
    return [_mean(window, alive) for window in windows]


def first_week(values: Floats, threshold: float, above: bool = True, first: int = 0, lasting: int = 1) -> Floats:
    """Return the first week from `first` on in which values are beyond a threshold `lasting` weeks in a row; nan if never."""
    window = values[:, first:]
    with np.errstate(invalid="ignore"):
        beyond = (window > threshold) if above else (window < threshold)
    return first_true(beyond, lasting) + first


def first_true(beyond: Flags, lasting: int = 1) -> Floats:
    """Return for each row where the first `lasting` trues in a row begin; nan if there are none."""
    runs, weeks = beyond.shape
    if weeks < lasting:
        return np.full(runs, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(beyond, lasting, axis=1).all(axis=2)
    return np.where(windows.any(axis=1), windows.argmax(axis=1).astype(float), np.nan)


def share(part: Floats, whole: Floats) -> Floats:
    """Return part over whole, nan where the whole is 0 or less."""
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def runway(cash: Floats, costs: Floats, closed: Ints) -> Floats:
    """Return how many weeks of late cost the last cash covers [f]: how long a firm would last without income."""
    return share(np.maximum(last(cash, closed), 0.0), late_mean(costs, closed))


def turnover(leavers: Floats, filled: Floats, closed: Ints) -> Floats:
    """Return people leaving per year: leavers over people, summed over the weeks lived, times 52 [c]."""
    return YEAR * share(total(leavers, closed), total(filled, closed))


def growth(values: Floats, closed: Ints, weeks: int = YEAR) -> Floats:
    """Return the last value over the value `weeks` weeks before it, less 1; nan for firms that closed or are too young."""
    runs, length = values.shape
    if length <= weeks:
        return np.full(runs, np.nan)
    return np.where(survived(closed), values[:, -1] / np.maximum(values[:, -1 - weeks], 1e-9) - 1, np.nan)


def _lived(values: Floats, closed: Ints, weeks: int | None = None) -> Flags:
    """Return which weeks each run lived, or the last `weeks` of them, (runs, weeks)."""
    week, count = np.arange(values.shape[1]), weeks_lived(closed, values.shape[1])[:, None]
    inside: Flags = week < count if weeks is None else (week < count) & (week >= count - weeks)
    return inside


def _mean(values: Floats, inside: Flags) -> Floats:
    # Weeks outside count as zeros, so that a row's sum has the same terms in the same order whatever the other rows hold.
    sums, count = np.where(inside, values, 0.0).sum(axis=1), inside.sum(axis=1)
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)


# -- the catalogue

Function = Callable[[Floats, Ints], Floats]
"""From series (runs, weeks, measures) and weeks of closing (runs,) to a number per run (runs,)."""


class Summary(NamedTuple):
    """A number per run: its plain-words label, unit and meaning, how it comes from the series, and what closed firms count as."""

    label: str
    unit: str
    meaning: str
    function: Function
    policy: Policy


_COLUMN = {name: i for i, name in enumerate(SERIES)}


def of(series: Floats, name: str) -> Floats:
    """Return one series by name, (runs, weeks)."""
    return series[:, :, _COLUMN[name]]


def _each(name: str, function: Callable[[Floats, Ints], Floats]) -> Function:
    return lambda series, closed: function(of(series, name), closed)


def _summary(name: str, function: Callable[[Floats, Ints], Floats], over: str, policy: Policy) -> Summary:
    label, unit, meaning = SERIES[name]
    return Summary(f"{label}, {over}", unit, f"{meaning}; {over}", _each(name, function), policy)


def _survived(_: Floats, closed: Ints) -> Floats:
    return survived(closed).astype(np.float64)


def _closed(_: Floats, closed: Ints) -> Floats:
    return np.where(closed < 0, np.nan, closed)


def _lifetime(series: Floats, closed: Ints) -> Floats:
    return weeks_lived(closed, series.shape[1]).astype(np.float64)


def _retention(series: Floats, closed: Ints) -> Floats:
    return 1 - late_mean(of(series, "churn"), closed)


_STATES = (
    "coherence",
    "cognitive",
    "behavioural",
    "between",
    "thrust",
    "fit",
    "delivered",
    "rework",
    "overload",
    "satisfaction",
    "churn",
    "gap",
    "attraction",
    "customers",
    "stress",
    "engagement",
    "disengaged",
    "misaligned",
    "filled",
)

SUMMARIES: dict[str, Summary] = {
    "survived": Summary("Open at the end", "1 or 0", "whether the firm lived through the last week", _survived, "s"),
    "closed": Summary("Week of closing", "week", "week in which the firm closed; none if it lived on", _closed, "c"),
    "weeks_to_closing": Summary(
        "Weeks until closing",
        "weeks",
        "weeks lived by a firm that closed; none if it lived on",
        lambda series, closed: np.where(survived(closed), np.nan, _lifetime(series, closed)),
        "c",
    ),
    "lived": Summary("Weeks lived", "weeks", "weeks until closing or the end", _lifetime, "z"),
    **{name: _summary(name, late_mean, f"mean of the last {LATE} weeks lived", "f") for name in _STATES},
    **{f"mean_{name}": _summary(name, mean_lived, "mean of all weeks lived", "c") for name in _STATES},
    "cash": _summary("cash", last, "last week lived", "f"),
    "least_cash": _summary("cash", least, "lowest week", "c"),
    "runway": Summary(
        "Runway",
        "weeks",
        f"cash at the end over the mean cost of the last {LATE} weeks lived",
        lambda s, closed: runway(of(s, "cash"), of(s, "costs"), closed),
        "f",
    ),
    "least_coherence": _summary("coherence", least, "lowest week", "c"),
    "least_engagement": _summary("engagement", least, "lowest week", "c"),
    "most_overload": _summary("overload", most, "worst week", "c"),
    "most_stress": _summary("stress", most, "worst week", "c"),
    "total_thrust": Summary(
        "Thrust, summed", "weeks of full thrust", "thrust summed over the weeks lived", _each("thrust", total), "z"
    ),
    "total_revenue": Summary(
        "Revenue, summed", "weeks of initial cost", "revenue of all weeks lived", _each("revenue", total), "z"
    ),
    "turnover": Summary(
        "People leaving per year",
        "share per year",
        "leavers over people, all weeks lived, times 52",
        lambda s, closed: turnover(of(s, "leavers"), of(s, "filled"), closed),
        "c",
    ),
    "retention": Summary(
        "Customers kept per week",
        "share per week",
        f"1 less the share lost, mean of the last {LATE} weeks lived",
        _retention,
        "f",
    ),
    "retention_year": Summary(
        "Customers kept per year", "share per year", "at the weekly rate", lambda s, c: _retention(s, c) ** YEAR, "f"
    ),
    "customers_end": Summary(
        "Customers at the end",
        SERIES["customers"].unit,
        "customers of the last week; 0 of a firm that has closed",
        lambda s, closed: np.where(survived(closed), last(of(s, "customers"), closed), 0.0),
        "z",
    ),
}
"""What a run comes to: numbers that studies keep when they do not keep the series."""
