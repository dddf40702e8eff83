"""The facts V1 to V12 that the population is not fitted to: what it says of them is a test, printed whether it holds or not."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.facts.cohorts import Cohort, Cohorts
from sim.facts.fact import Fact
from sim.facts.fitted import LEAST, SETTLED
from sim.facts.statistics import correlation, half_way, hazard, rank_correlation

Floats = NDArray[np.float64]
SIZES = (5, 10, 20, 50)
TURN_WEEK = 52


def later_hazard(cohorts: Cohorts) -> float:
    """Return the mean yearly hazard of firms in their years 4 to 10."""
    closed = cohorts.decade.closed
    return float(np.nanmean([hazard(closed, 52 * y, 52 * (y + 1)) for y in range(3, 10)]))


def size_hazard(cohorts: Cohorts) -> float:
    """Return the hazard over three years of firms of 20 and 50 people over that of firms of 5."""
    small = hazard(cohorts.of_size(5).closed, 0, 156)
    large = float(np.mean([hazard(cohorts.of_size(n).closed, 0, 156) for n in (20, 50)]))
    return large / small if small > 0 else math.nan


def _growth(cohort: Cohort) -> Floats:
    revenue = cohort.yearly("revenue")
    return np.asarray(np.diff(np.log(np.maximum(revenue, 1e-9)), axis=1))


def growth_tails(cohorts: Cohorts) -> float:
    """Return the excess kurtosis of yearly log growth of firms that may hire: 3 for a Laplace, 0 for a normal."""
    growth = _growth(cohorts.growing)
    there = growth[np.isfinite(growth)]
    if len(there) < LEAST:
        return math.nan
    centred = there - there.mean()
    return float((centred**4).mean() / (centred**2).mean() ** 2 - 3)


def growth_by_size(cohorts: Cohorts) -> float:
    """Return the slope of the log of growth's spread on log headcount, thirds by headcount."""
    growth, size = _growth(cohorts.growing), cohorts.growing.headcount
    thirds = np.array_split(np.argsort(size, kind="stable"), 3)
    spread = [np.nanstd(growth[third]) for third in thirds]
    middle = [np.log(size[third]).mean() for third in thirds]
    return float(np.polyfit(middle, np.log(np.maximum(spread, 1e-9)), 1)[0])


def growth_memory(cohorts: Cohorts) -> float:
    """Return the correlation of growth in one year and the next, firms of up to 20 people that may hire."""
    cohort = cohorts.growing
    growth = _growth(cohort)[cohort.headcount <= 20]
    return correlation(growth[:, :-1].ravel(), growth[:, 1:].ravel())


def _per_head(cohort: Cohort, year: int) -> Floats:
    work, people = cohort.yearly("throughput"), cohort.yearly("filled")
    return np.asarray(work[:, year] * cohort.headcount / np.maximum(people[:, year], 1e-9))


def productivity_spread(cohorts: Cohorts) -> float:
    """Return the 90:10 ratio over living firms of work done per person in the third year."""
    value = _per_head(cohorts.established, 2)
    there = value[np.isfinite(value)]
    return float(np.quantile(there, 0.9) / np.quantile(there, 0.1)) if len(there) >= LEAST else math.nan


def productivity_lasts(cohorts: Cohorts) -> float:
    """Return the share of the top fifth in work per person that is still there four years later."""
    cohort = cohorts.growing
    first, last = _per_head(cohort, 0), _per_head(cohort, 4)
    there = np.isfinite(first) & np.isfinite(last)
    if there.sum() < LEAST:
        return math.nan
    a, b = first[there], last[there]
    top = a >= np.quantile(a, 0.8)
    return float((b[top] >= np.quantile(b, 0.8)).mean())


def margin_memory(cohorts: Cohorts) -> float:
    """Return the correlation over firms of the margin in one year and the next, each year's mean taken off."""
    margins = cohorts.established.margins()
    margins = margins - np.nanmean(margins, axis=0)
    return correlation(margins[:, :-1].ravel(), margins[:, 1:].ravel())


def _mean(cohort: Cohort, name: str) -> Floats:
    values = cohort.of(name)[:, SETTLED:]
    there = np.isfinite(values)
    count = there.sum(axis=1)
    return np.asarray(np.where(count > 26, np.where(there, values, 0).sum(axis=1) / np.maximum(count, 1), np.nan))


def _leaving(cohort: Cohort) -> Floats:
    return np.asarray(_mean(cohort, "leavers") / np.maximum(_mean(cohort, "filled"), 1e-9))


def _earned(cohort: Cohort) -> Floats:
    return np.asarray(1 - _mean(cohort, "costs") / np.maximum(_mean(cohort, "revenue"), 1e-9))


def across(first: Callable[[Cohort], Floats], second: Callable[[Cohort], Floats]) -> Callable[[Cohorts], float]:
    """Return the measure of Spearman's correlation of two outcomes across established firms."""
    return lambda cohorts: rank_correlation(first(cohorts.established), second(cohorts.established))


def quartiles(outcome: Callable[[Cohort], Floats]) -> Callable[[Cohorts], float]:
    """Return the measure of an outcome in the top quartile of engagement over that in the bottom one, less 1."""

    def measure(cohorts: Cohorts) -> float:
        engagement, value = _mean(cohorts.established, "engagement"), outcome(cohorts.established)
        there = np.isfinite(engagement) & np.isfinite(value)
        if there.sum() < 4 * LEAST:
            return math.nan
        low, high = np.quantile(engagement[there], [0.25, 0.75])
        return float(value[there & (engagement >= high)].mean() / value[there & (engagement <= low)].mean() - 1)

    return measure


def _work_per_head(cohort: Cohort) -> Floats:
    return np.asarray(_mean(cohort, "throughput") * cohort.headcount / np.maximum(_mean(cohort, "filled"), 1e-9))


def layers(cohorts: Cohorts) -> float:
    """Return what share know the strategy below the heads, over the share of heads who do (both within 45 degrees)."""
    people, heads = [], []
    for crowds in cohorts.established.crowds:
        if crowds and len(crowds[-1].knows):
            people.append(float((crowds[-1].knows >= math.sqrt(0.5)).mean()))
            heads.append(float((crowds[-1].heads >= math.sqrt(0.5)).mean()))
    return float(np.mean(people) / np.mean(heads)) if len(heads) >= LEAST else math.nan


def merger(cohorts: Cohorts) -> float:
    """Return the weeks until half of the distance of merged people's beliefs is gone that is ever lost in three years."""
    event = {"kind": "merger", "week": 1, "people": 6, "angle": 1.0}
    weeks = tuple(range(2, 156, 4))
    cohort = cohorts.run({"spin_up": 104, "events": [event]}, 156, looks=weeks)
    total, count = np.zeros(len(weeks)), np.zeros(len(weeks))
    for crowds, founders in zip(cohort.crowds, cohort.headcount, strict=True):
        for crowd in crowds:
            merged = (crowd.post >= founders) & (crowd.tenure < 0)
            if merged.any() and not merged.all():
                others = crowd.belief[~merged].mean(axis=0)
                gap = 1 - crowd.belief[merged] @ (others / max(float(np.linalg.norm(others)), 1e-12))
                total[weeks.index(crowd.week)] += float(gap.mean())
                count[weeks.index(crowd.week)] += 1
    lasting = count >= LEAST
    return half_way((total / np.maximum(count, 1))[lasting], 4) if lasting.sum() > 3 else math.nan


def misfit_saturates(cohorts: Cohorts) -> float:
    """Return the loss of margin from the second to fifth turned department, over that from the first, a piece."""
    names = ("marketing", "operations", "service", "support", "sales")
    earned = []
    for many in (0, 1, 5):
        events = [{"kind": "department_turned", "week": 1, "department": d, "angle": 1.0} for d in names[:many]]
        cohort = cohorts.run({"spin_up": 104, "events": events}, 104)
        earned.append(_earned_by(cohort))
    there = np.isfinite(earned).all(axis=0)
    if there.sum() < LEAST:
        return math.nan
    none, one, five = (e[there].mean() for e in np.array(earned))
    return float((one - five) / 4 / (none - one)) if none != one else math.nan


def _earned_by(cohort: Cohort) -> Floats:
    revenue, costs = (cohort.of(n)[:, 1:53].sum(axis=1) for n in ("revenue", "costs"))
    return np.asarray(1 - costs / np.maximum(revenue, 1e-9))


HELD_OUT: tuple[Fact, ...] = tuple(
    Fact(*row, use="held out")  # type: ignore[misc]
    for row in (
        ("V1", "Yearly hazard in years 4 to 10", "share a year", 0.085, 0.02, "SBA from BLS BED", "computed",
         later_hazard),
        ("V2", "Hazard of 20 to 50 people over that of 5", "ratio", 0.5, 0.1, "BDS; Statistics Canada", "memory",
         size_hazard),
        ("V3a", "Growth rates have fat tails: excess kurtosis", "kurtosis", 3, 1.5, "Bottazzi & Secchi 2002", "primary",
         growth_tails),
        ("V3b", "Spread of growth falls with size: exponent", "exponent", -0.175, 0.05,
         "Stanley et al. 1996; Riccaboni et al. 2008", "primary", growth_by_size),
        ("V4", "Growth of small firms from year to year", "r", -0.15, 0.1, "Coad 2007: negative", "primary", growth_memory),
        ("V5a", "Work per person, 90:10", "ratio", 1.85, 0.2, "Syverson 2004, 2011", "primary", productivity_spread),
        ("V5b", "Top fifth in work per person still there after years", "share", 0.33, 0.1, "Chicago Booth 2012",
         "secondary", productivity_lasts),
        ("V6", "Margin from year to year", "r", 0.35, 0.1, "profit persistence studies", "memory", margin_memory),
        ("V7a", "Engagement and margin across firms", "rho", 0.275, 0.07, "Harter, Schmidt & Hayes 2002", "secondary",
         across(lambda c: _mean(c, "engagement"), _earned)),
        ("V7b", "Engagement and leavers across firms", "rho", -0.30, 0.1, "Harter, Schmidt & Hayes 2002", "secondary",
         across(lambda c: _mean(c, "engagement"), _leaving)),
        ("V7c", "Belief and margin across firms", "rho", 0.15, 0.1, "Kellermanns et al. 2011", "primary",
         across(lambda c: _mean(c, "cognitive"), _earned)),
        ("V8a", "Leavers, most against least engaged quarter", "share", -0.35, 0.1, "Gallup, 11th edition", "memory",
         quartiles(_leaving)),
        ("V8b", "Work per head, most against least engaged quarter", "share", 0.14, 0.04, "Gallup, 11th edition",
         "memory", quartiles(_work_per_head)),
        ("V9", "Who knows the strategy: people over heads", "ratio", 0.35, 0.15, "Sull 2018: 51, 22, 18, 13 % by level",
         "memory", layers),
        ("V10", "Merged people: half of the distance in belief gone after", "weeks", 65, 20,
         "culture studies: half a year to two years", "doubtful", merger),
        ("V11", "Loss of margin from further turned departments over the first's", "ratio", 0.2, 0.2,
         "Burton, Lauridsen & Obel 2002: saturates", "primary", misfit_saturates),
    )
)  # fmt: skip
"""In the order of FACTS.md, section 15 (a), second table."""
