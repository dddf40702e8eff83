"""What we look at: pure functions of directions and series, and one table of names."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LATE = 13
"""How many of a run's last weeks count as late: a quarter of a year."""
YEAR = 52


class Measure(NamedTuple):
    """A measure: its plain-words label, unit and meaning."""

    label: str
    unit: str
    meaning: str


SERIES: dict[str, Measure] = {
    "coherence": Measure("Rowing together", "0 to 1", "length of the mean of the directions that people row in"),
    "cognitive": Measure("Belief in the vision", "-1 to 1", "mean cosine of people's beliefs with the vision"),
    "behavioural": Measure(
        "Acting on the vision", "-1 to 1", "mean cosine of the directions people row in with the vision"
    ),
    "between": Measure("Departments agree", "-1 to 1", "mean cosine between what two departments deliver"),
    "thrust": Measure("Thrust", "-1 to 1", "what is left of the delivered direction along the market's"),
    "fit": Measure("Vision fits the market", "-1 to 1", "cosine of the vision with the market's direction"),
    "delivered": Measure("Delivering as one", "0 to 1", "length of the mean of the departments' delivered directions"),
    "rework": Measure("Rework", "share of work", "work done again after misfitting hand-offs, mean over posts"),
    "overload": Measure("Worst overload", "0 to 1", "q/(2+q) for the backlog q of the worst department, in weeks"),
    "satisfaction": Measure("Customer satisfaction", "0 to 1", "experience that customers remember"),
    "churn": Measure("Customers lost", "share per week", "share of the customers who leave in a week"),
    "orders": Measure("Orders", "initial customer bases", "what customers order this week, luck included"),
    "newcomers": Measure("Customers won", "initial customer bases per week", "customers who come in a week"),
    "gap": Measure("Promise-delivery gap", "0 to 1", "misfit between what is promised and what is delivered"),
    "attraction": Measure("Attraction", "0 to 1", "what newcomers see of the firm"),
    "customers": Measure("Customers", "initial customer bases", "customers at the end of the week"),
    "use": Measure("Use of capacity", "share", "work done over capacity, mean over departments"),
    "throughput": Measure("Work paid", "initial weeks of work", "work that the last department has finished"),
    "revenue": Measure("Revenue", "weeks of initial cost", "earned in the week"),
    "costs": Measure(
        "Costs", "weeks of initial cost", "people, fixed costs, automation, leavers and rework, less pay that owners forgo"
    ),
    "forgone": Measure("Pay forgone", "weeks of initial cost", "costs that owners spare the firm under stress"),
    "other": Measure(
        "Other cash", "weeks of initial cost", "payoffs of side business less cash cuts, initiatives and owners' draw"
    ),
    "drawn": Measure("Owners' draw", "weeks of initial cost", "cash that owners take out in the week"),
    "cash": Measure("Cash", "weeks of initial cost", "at the end of the week"),
    "worth": Measure(
        "Worth", "weeks of initial cost", "cash at the start and all results since, as if owners forwent and drew nothing"
    ),
    "stress": Measure("Money stress", "0 to 1", "how far cash is below what feels safe"),
    "engagement": Measure("Engagement", "0 to 1", "mean over people"),
    "engagement_sd": Measure("Spread of engagement", "0 to 1", "standard deviation over people"),
    "engagement_icc": Measure(
        "Engagement by department", "-1 to 1", "ICC(1): share of its variance that lies between departments"
    ),
    "belief_icc": Measure(
        "Belief by department", "-1 to 1", "ICC(1) of directions believed in: share of variance between departments"
    ),
    "knowing": Measure("Knowing the vision", "share of people", "people who believe within 60 degrees of the vision"),
    "heads_knowing": Measure(
        "Heads who know the vision", "share of departments", "heads who understand it within 45 degrees"
    ),
    "lost": Measure(
        "Lost people", "share of people", "people who are disengaged or row more than 60 degrees off the vision"
    ),
    "disengaged": Measure(
        "Disengaged people", "share of people", "people who have lost at least half of their attention"
    ),
    "misaligned": Measure("Misaligned people", "share of people", "people who row more than 60 degrees off the vision"),
    "leavers": Measure("Leavers", "people per week", "people who leave in the week"),
    "filled": Measure("People", "people", "filled posts"),
    "posts": Measure("Posts", "people", "open posts, filled or vacant"),
    "reports": Measure("Results reported", "people", "people who report a result in the week"),
}
"""The weekly series of a run, in the order of the engine's columns."""

DEPARTMENT_SERIES: dict[str, Measure] = {
    "alignment": Measure("Alignment", "-1 to 1", "cosine of what the department delivers with the vision"),
    "rework": Measure("Rework", "share of work", "work that the department does again"),
    "overload": Measure("Overload", "0 to 1", "q/(2+q) for the department's backlog q in weeks"),
    "engagement": Measure("Engagement", "0 to 1", "mean over the department's people"),
    "people": Measure("People", "people", "filled posts of the department"),
    "lost": Measure("Lost people", "share of people", "disengaged or rowing more than 60 degrees off the vision"),
    "belief": Measure("Belief in the vision", "-1 to 1", "mean cosine of the people's beliefs with the vision"),
}
"""The weekly series of each department, in the order of the engine's columns."""


class Summary(NamedTuple):
    """A number per run: its plain-words label, unit and meaning, and how it comes from the series of many runs.

    The function takes series (runs, weeks, measures), nan after closing, and the week of closing (runs,), -1
    for firms that lived on; it returns (runs,).
    """

    label: str
    unit: str
    meaning: str
    function: Callable[[Floats, NDArray[np.int64]], Floats]


def _of(series: Floats, name: str) -> Floats:
    return series[:, :, _COLUMN[name]]


def _mean(values: Floats, inside: NDArray[np.bool_]) -> Floats:
    # Weeks outside count as zeros, so that a row's sum has the same terms in the same order whatever the other rows hold.
    mean: Floats = np.where(inside, values, 0.0).sum(axis=1) / inside.sum(axis=1)
    return mean


def _whole(series: Floats, closed: NDArray[np.int64]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = np.arange(series.shape[1]) < _lived(series, closed)[:, None]
    return inside


def _late(series: Floats, closed: NDArray[np.int64]) -> NDArray[np.bool_]:
    week, lived = np.arange(series.shape[1]), _lived(series, closed)[:, None]
    inside: NDArray[np.bool_] = (week < lived) & (week >= lived - LATE)
    return inside


def _late_mean(name: str) -> Callable[[Floats, NDArray[np.int64]], Floats]:
    return lambda series, closed: _mean(_of(series, name), _late(series, closed))


def _whole_mean(name: str) -> Callable[[Floats, NDArray[np.int64]], Floats]:
    return lambda series, closed: _mean(_of(series, name), _whole(series, closed))


def _least(name: str) -> Callable[[Floats, NDArray[np.int64]], Floats]:
    return lambda series, closed: np.where(_whole(series, closed), _of(series, name), np.inf).min(axis=1)


def _most(name: str) -> Callable[[Floats, NDArray[np.int64]], Floats]:
    return lambda series, closed: np.where(_whole(series, closed), _of(series, name), -np.inf).max(axis=1)


def _total(name: str) -> Callable[[Floats, NDArray[np.int64]], Floats]:
    return lambda series, closed: np.where(_whole(series, closed), _of(series, name), 0.0).sum(axis=1)


def _last(name: str) -> Callable[[Floats, NDArray[np.int64]], Floats]:
    return lambda series, closed: _of(series, name)[np.arange(len(closed)), _lived(series, closed) - 1]


def _lived(series: Floats, closed: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(closed < 0, series.shape[1], closed + 1)


def _survived(_: Floats, closed: NDArray[np.int64]) -> Floats:
    return (closed < 0).astype(np.float64)


def _closed(_: Floats, closed: NDArray[np.int64]) -> Floats:
    return np.where(closed < 0, np.nan, closed)


def _weeks_lived(series: Floats, closed: NDArray[np.int64]) -> Floats:
    return _lived(series, closed).astype(np.float64)


def _runway(series: Floats, closed: NDArray[np.int64]) -> Floats:
    return _over(np.maximum(_last("cash")(series, closed), 0.0), _late_mean("costs")(series, closed))


def _turnover(series: Floats, closed: NDArray[np.int64]) -> Floats:
    return YEAR * _over(_total("leavers")(series, closed), _total("filled")(series, closed))


def _over(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


_COLUMN = {name: i for i, name in enumerate(SERIES)}
_LATE_TOO = (
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


def _summary(name: str, function: Callable[[Floats, NDArray[np.int64]], Floats], over: str) -> Summary:
    label, unit, meaning = SERIES[name]
    return Summary(f"{label}, {over}", unit, f"{meaning}; {over}", function)


SUMMARIES: dict[str, Summary] = {
    "survived": Summary("Open at the end", "1 or 0", "whether the firm lived through the last week", _survived),
    "closed": Summary("Week of closing", "week", "week in which the firm closed; none if it lived on", _closed),
    "lived": Summary("Weeks lived", "weeks", "weeks until closing or the end", _weeks_lived),
    **{name: _summary(name, _late_mean(name), f"mean of the last {LATE} weeks lived") for name in _LATE_TOO},
    **{f"mean_{name}": _summary(name, _whole_mean(name), "mean of all weeks lived") for name in _LATE_TOO},
    "cash": _summary("cash", _last("cash"), "last week lived"),
    "least_cash": _summary("cash", _least("cash"), "lowest week"),
    "runway": Summary("Runway", "weeks", f"cash at the end over the mean cost of the last {LATE} weeks lived", _runway),
    "least_coherence": _summary("coherence", _least("coherence"), "lowest week"),
    "least_engagement": _summary("engagement", _least("engagement"), "lowest week"),
    "most_overload": _summary("overload", _most("overload"), "worst week"),
    "most_stress": _summary("stress", _most("stress"), "worst week"),
    "total_thrust": Summary(
        "Thrust, summed", "weeks of full thrust", "thrust summed over the weeks lived", _total("thrust")
    ),
    "total_revenue": Summary(
        "Revenue, summed", "weeks of initial cost", "revenue of all weeks lived", _total("revenue")
    ),
    "turnover": Summary(
        "People leaving per year", "share per year", "leavers over people, all weeks lived, times 52", _turnover
    ),
}
"""What a run comes to: numbers that studies keep when they do not keep the series."""
