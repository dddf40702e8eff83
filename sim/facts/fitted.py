"""The facts K1 to K18 that the population is fitted to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from sim.facts.cohorts import Cohort, Cohorts
from sim.facts.fact import Fact
from sim.facts.people import Crowd
from sim.facts.statistics import correlation, half_way, hazard, intraclass

Floats = NDArray[np.float64]
SETTLED = 52
"""Weeks of an established firm that pass before its people are looked at; a year, so that no founding is seen."""
LEAST = 20
"""Firms that must have a value before a statistic of theirs is told."""


def _late(cohort: Cohort) -> list[tuple[Crowd, ...]]:
    return [tuple(c for c in crowds if c.week >= SETTLED) for crowds in cohort.crowds]


def _crowds(cohort: Cohort) -> list[Crowd]:
    """Return one look at each firm: the last of its third year, or the last before it closed."""
    return [crowds[-1] for crowds in _late(cohort) if crowds]


def _mean(values: Iterable[float]) -> float:
    there = [v for v in values if math.isfinite(v)]
    return float(np.mean(there)) if len(there) >= LEAST else math.nan


def _median(values: Floats) -> float:
    there = values[np.isfinite(values)]
    return float(np.median(there)) if len(there) >= LEAST else math.nan


def closed_by(weeks: int) -> Callable[[Cohorts], float]:
    """Return the measure of the share of new firms that have closed before a week."""
    return lambda cohorts: hazard(cohorts.births.closed, 0, weeks)


def hazard_ratio(cohorts: Cohorts) -> float:
    """Return the hazard of the third year over that of the first, of firms from their birth on."""
    closed = cohorts.births.closed
    first = hazard(closed, 0, 52)
    return hazard(closed, 104, 156) / first if first > 0 else math.nan


def cash(cohorts: Cohorts) -> float:
    """Return the median cash of living firms at weeks 52 and 155."""
    values = cohorts.established.of("cash")
    return _median(np.concatenate([values[:, 52], values[:, 155]]))


def losses(cohorts: Cohorts) -> float:
    """Return the share of firm-years with costs above revenue."""
    margins = cohorts.established.margins()
    there = margins[np.isfinite(margins)]
    return float((there < 0).mean()) if len(there) >= LEAST else math.nan


def margin(cohorts: Cohorts) -> float:
    """Return the median over firm-years of 1 - costs/revenue."""
    return _median(cohorts.established.margins().ravel())


def growth_spread(cohorts: Cohorts) -> float:
    """Return the standard deviation over firms of yearly log growth of revenue."""
    revenue = cohorts.established.yearly("revenue")
    growth = np.diff(np.log(np.maximum(revenue, 1e-9)), axis=1)
    there = growth[np.isfinite(growth)]
    return float(there.std()) if len(there) >= LEAST else math.nan


def series_mean(name: str, first: int = SETTLED) -> Callable[[Cohorts], float]:
    """Return the measure of a series' mean over weeks and firms, weeks lived alone."""

    def measure(cohorts: Cohorts) -> float:
        values = cohorts.established.of(name)[:, first:]
        there = values[np.isfinite(values)]
        return float(there.mean()) if len(there) else math.nan

    return measure


def engagement_spread(cohorts: Cohorts) -> float:
    """Return the mean over firms of the standard deviation of engagement between people."""
    return _mean(float(c.engagement.std(ddof=1)) for c in _crowds(cohorts.established) if len(c.engagement) > 1)


def _icc(pairs: Iterable[tuple[float, float]]) -> float:
    there = np.array([p for p in pairs if np.isfinite(p).all()])
    if len(there) < LEAST:
        return math.nan
    between, within = there.mean(axis=0)
    return float(between / (between + within))


def engagement_icc(cohorts: Cohorts) -> float:
    """Return ICC(1) of engagement by department: variances between and within, each averaged over firms."""
    return _icc(intraclass(c.engagement, c.department) for c in _crowds(cohorts.established))


def belief_icc(cohorts: Cohorts) -> float:
    """Return ICC(1) of beliefs (directions) by department, as `engagement_icc`."""
    return _icc(intraclass(c.belief, c.department) for c in _crowds(cohorts.established))


def department_stability(cohorts: Cohorts) -> float:
    """Return the correlation over departments of engagement (off the firm's mean of all firms) a year apart."""
    before, after = [], []
    for crowds in cohorts.established.crowds:
        by_week = {c.week: c for c in crowds}
        if 100 not in by_week or 152 not in by_week:
            continue
        means = []
        for crowd in (by_week[100], by_week[152]):
            count = np.bincount(crowd.department, minlength=len(crowd.heads))
            total = np.bincount(crowd.department, crowd.engagement, minlength=len(crowd.heads))
            means.append(np.where(count > 0, total / np.maximum(count, 1), np.nan))
        before.append(means[0])
        after.append(means[1])
    if len(before) < LEAST:
        return math.nan
    return correlation(np.concatenate(before), np.concatenate(after))


def newcomers(cohorts: Cohorts) -> float:
    """Return the weeks until people who filled a post know nine tenths of what those with a year or more do."""
    most, window = 104, 4
    total, count, veterans, many = np.zeros(most), np.zeros(most), 0.0, 0
    for crowds in _late(cohorts.established):
        for c in crowds:
            new = (c.tenure >= 0) & (c.tenure < most)
            np.add.at(total, c.tenure[new], c.knows[new])
            np.add.at(count, c.tenure[new], 1)
            old = (c.tenure < 0) | (c.tenure >= 52)
            veterans += float(c.knows[old].sum())
            many += int(old.sum())
    if many == 0 or count.sum() == 0:
        return math.nan
    steps = count.reshape(-1, window).sum(axis=1)
    curve = total.reshape(-1, window).sum(axis=1) / np.maximum(steps, 1)
    enough = (curve >= 0.9 * veterans / many) & (steps > 0)
    if not enough.any():
        return float(most)
    k = int(enough.argmax())
    goal = 0.9 * veterans / many
    before = curve[k - 1] if k else goal
    share = 1.0 if curve[k] == before else float(np.clip((goal - before) / (curve[k] - before), 0, 1))
    return window * (k - 1 + share) + window / 2 if k else window / 2


def forgetting(cohorts: Cohorts) -> float:
    """Return the weeks until half of the alignment is lost that a silent founder's firm loses in three years."""
    believing = cohorts.silent.of("cognitive")
    count = np.isfinite(believing).sum(axis=0)
    if count.min() < LEAST:
        return math.nan
    return half_way(np.nanmean(believing, axis=0), 1)


def leavers(cohorts: Cohorts) -> float:
    """Return leavers a month as a share of people."""
    left, there = cohorts.established.of("leavers"), cohorts.established.of("filled")
    alive = np.isfinite(left) & np.isfinite(there)
    return float(left[alive].sum() / there[alive].sum() * 52 / 12) if alive.any() else math.nan


def vacancy(cohorts: Cohorts) -> float:
    """Return the mean weeks that a post is vacant: vacant post-weeks over leavers."""
    filled, posts, left = (cohorts.established.of(n) for n in ("filled", "posts", "leavers"))
    alive = np.isfinite(filled)
    gone = float(left[alive].sum())
    return float((posts - filled)[alive].sum()) / gone if gone > 0 else math.nan


BLS = "SBA Advocacy from BLS BED, US 1994-2020; .6 of exits not voluntary, .7 to .8 for size"
JPMC = "JPMorgan Chase Institute, Cash is King 2016; 597,000 US firms"
SULL = "Sull et al. 2015, 2018; Devinney 2013; Gallup 2024: large firms, a lower bound for small ones"

FITTED: tuple[Fact, ...] = (
    Fact("K1", "New firms closed for lack of cash by week 52", "share", 0.09, 0.04, BLS, "computed", closed_by(52)),
    Fact("K2", "New firms closed by week 156", "share", 0.20, 0.07, BLS, "computed", closed_by(156)),
    Fact("K3", "Hazard of the third year over the first", "ratio", 0.5, 0.15, BLS, "computed", hazard_ratio),
    Fact("K4", "Median cash of living firms", "weeks of cost", 5, 2, JPMC, "primary", cash),
    Fact("K5", "Firm-years at a loss", "share", 0.26, 0.06, "JPMC 2019; Fed Small Business Credit Survey", "secondary",
         losses),
    Fact("K6", "Median margin after owners' pay", "share", 0.07, 0.03, "JPMC 2019", "memory", margin),
    Fact("K7", "Spread of yearly log growth of revenue", "sd", 0.22, 0.08, "Davis et al. 2006", "memory", growth_spread),
    Fact("K8", "Disengaged people", "share", 0.13, 0.05, "Gallup 2024", "primary", series_mean("disengaged")),
    Fact("K9a", "Spread of engagement between people of a firm", "sd", 0.18, 0.06, "many surveys", "memory",
         engagement_spread),
    Fact("K9b", "ICC(1) of engagement by department", "share", 0.15, 0.08, "Bliese 2000; Woehr et al. 2015", "memory",
         engagement_icc),
    Fact("K10", "Departments' engagement, correlation over a year", "r", 0.65, 0.15, "Gallup Q12; Dormann & Zapf 2001",
         "memory", department_stability),
    Fact("K11", "People who know the strategy (within 60 degrees)", "share", 0.55, 0.15, SULL, "primary", series_mean("knowing")),
    Fact("K12", "Heads who know it (within 45 degrees)", "share", 0.55, 0.15, SULL, "primary",
         series_mean("heads_knowing")),
    Fact("K13", "ICC(1) of beliefs by department", "share", 0.20, 0.10, "Bliese 2000", "memory", belief_icc),
    Fact("K14", "Newcomers know nine tenths of what others do after", "weeks", 20, 8, "Mellon Learning Curve Study 2003",
         "secondary", newcomers),
    Fact("K15", "Founder silent: half of the loss after", "weeks", 50, 20, "Tatel & Ackerman; Saks & Belcourt 2006",
         "primary", forgetting),
    Fact("K16a", "Leavers a month", "share", 0.030, 0.006, "BLS JOLTS", "primary", leavers),
    Fact("K16b", "Weeks that a post is vacant", "weeks", 6.5, 1.5, "DHI-DFH", "primary", vacancy),
    Fact("K17", "Use of capacity", "share", 0.80, 0.08, "Fed G.17, industry 1972-2022", "primary",
         series_mean("use")),
    Fact("K18", "Work done twice", "share", 0.08, 0.05, "FACTS 7: construction, manufacturing, software", "secondary",
         series_mean("rework")),
)  # fmt: skip
"""In the order of FACTS.md, section 15 (a)."""
