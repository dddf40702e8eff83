"""What may be kept of a survey: group means on a scale from 0 to 1, and how far they can be trusted.

No individual answer or score leaves this module in any file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.company.importing.item_results import ItemResult
from sim.company.importing.privacy import LEAST, merged_groups, softened, softened_spread
from sim.company.importing.survey_items import CONSTRUCTS


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of a construct with its 95 % interval (Feldt 1965), over n people who answered all k items."""

    construct: str
    items: int
    n: int
    alpha: float
    low: float
    high: float


@dataclass
class Survey:
    """A survey as it may be kept.

    Attributes
    ----------
    groups
        Department -> group under which it is shown; None where all together are too few.
    respondents
        Group -> people who answered (at least five each).
    means
        Group -> construct -> mean from 0 to 1, rounded and kept away from the ends.
    overall
        Construct -> mean over all who answered.
    spread
        Construct -> standard deviation between people over the whole company, softened as means are.
    asked_of, answered_of
        Group -> people who were asked, and people who answered anything.
    items
        What single questions show.
    reliability
        One for each construct of two items or more.
    answered, asked
        People who answered, and people in the posts.
    cells, read
        Answers that were given, and those of them that could be read.
    """

    groups: dict[str, str] | None
    respondents: dict[str, int]
    means: dict[str, dict[str, float]]
    overall: dict[str, float]
    spread: dict[str, float]
    reliability: list[Reliability]
    answered: int = 0
    asked: int = 0
    constructs: list[str] = field(default_factory=list)
    asked_of: dict[str, int] = field(default_factory=dict)
    answered_of: dict[str, int] = field(default_factory=dict)
    items: list[ItemResult] = field(default_factory=list)
    cells: int = 0
    read: int = 0


def summed_up(answers: NDArray[np.float64], constructs: list[str], departments: list[str]) -> Survey:
    """Return what may be kept of answers (people, items), nan where there is none.

    Somebody counts for a construct who answered at least half of its items. Whoever counts for no construct is no
    respondent. All constructs share one partition into groups, drawn by the construct with the fewest answers.
    """
    names = [name for name in CONSTRUCTS if name in constructs]
    scores = {name: _score(answers[:, [c == name for c in constructs]]) for name in names}
    counts = [dict.fromkeys(departments, 0) for _ in names]
    for i, name in enumerate(names):
        for p, d in enumerate(departments):
            counts[i][d] += bool(np.isfinite(scores[name][p]))
    names = [name for i, name in enumerate(names) if sum(counts[i].values()) >= LEAST]
    least = {d: min((counts[list(scores).index(name)][d] for name in names), default=0) for d in set(departments)}
    groups = _grouped(least, set(departments)) if names else None
    reliable = [
        r for name in names if (r := reliability(name, answers[:, [c == name for c in constructs]])) is not None
    ]
    survey = Survey(groups, {}, {}, {}, {}, reliable, len(departments), 0, names)
    if groups is None:
        return survey
    group_of = np.array([groups[d] for d in departments])
    for group in dict.fromkeys(groups.values()):
        inside = group_of == group
        n = min(int(np.isfinite(scores[name][inside]).sum()) for name in names)
        if n < LEAST:  # cannot be, since groups were drawn by the construct with the fewest answers
            continue
        survey.respondents[group] = n
        survey.means[group] = {name: softened(float(np.nanmean(scores[name][inside]))) for name in names}
    for name in names:
        survey.overall[name] = softened(float(np.nanmean(scores[name])))
        survey.spread[name] = softened_spread(float(np.nanstd(scores[name], ddof=1)))
    return survey


def _grouped(least: dict[str, int], departments: set[str]) -> dict[str, str] | None:
    groups = merged_groups(least)
    if groups is None:
        return None
    # Departments in which nobody answered something are shown with the merged ones, or else with the smallest group.
    silent = sorted(departments - set(groups))
    if not silent:
        return groups
    merged = [g for d, g in groups.items() if d != g]
    host = merged[0] if merged else min(groups, key=lambda d: (least[d], d))
    inside = [
        d
        for d, g in groups.items()
        if g == groups[host if host in groups else next(d for d, g in groups.items() if g == host)]
    ]
    label = " + ".join(sorted([*inside, *silent]))
    if len(inside) + len(silent) > 3 or len(label) > 60:
        label = f"{len(inside) + len(silent)} small departments"
    if set(inside) | set(silent) == departments:
        label = "the whole company"
    return {d: (label if d in inside or d in silent else groups[d]) for d in departments}


def _score(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    there = np.isfinite(answers)
    count = there.sum(axis=1)
    total = np.where(there, answers, 0.0).sum(axis=1)
    return np.where(2 * count >= answers.shape[1], total / np.maximum(count, 1), math.nan)


def reliability(construct: str, answers: NDArray[np.float64]) -> Reliability | None:
    """Return Cronbach's alpha over those who answered all items; None below two items, five people, or without spread."""
    from scipy.special import fdtri

    whole = answers[np.isfinite(answers).all(axis=1)]
    n, k = whole.shape
    if k < 2 or n < LEAST:
        return None
    total = float(whole.sum(axis=1).var(ddof=1))
    if total <= 0:
        return None
    alpha = k / (k - 1) * (1 - float(whole.var(axis=0, ddof=1).sum()) / total)
    one, two = n - 1, (n - 1) * (k - 1)
    low, high = (1 - (1 - alpha) * float(fdtri(one, two, q)) for q in (0.975, 0.025))
    return Reliability(construct, k, n, round(alpha, 2), round(low, 2), round(high, 2))
