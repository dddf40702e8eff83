"""What a week's people are like beyond the recorded series: lost people by department, beliefs beside deeds, newcomers.

A run is lived week by week; between the measures of the week and people's coming and going, who is there is looked at.
The run itself is the same, bit for bit, as one that nobody looks at.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.compile import compiled
from sim.engine.vectors import Floats, row_length
from sim.rules.week import PHASES, live
from sim.simulate import PHASES_BEFORE_LEAVING
from sim.state import State

OBSERVED = ("lost", "cog_engaged", "belief_spread", "angle", "misdirected", "progress", "merged", "veterans")
"""Weekly numbers of the firm, in the order of the columns.

``lost``: share of people with half of their attention or less, or doing more than 60 degrees off the vision.
``cog_engaged``: mean cosine of beliefs and vision over people with more than half of their attention.
``belief_spread``: 1 - length of the mean direction of belief. ``angle``: mean angle between own belief and own deed.
``misdirected``: posts-weighted share of automated work that somebody must undo. ``progress`` of the first initiative, as a
share of its effort, 1 once it is done. ``merged``, ``veterans``: mean cosine of belief and vision of people merged in, and
of people who have been there for a year.
"""
BY_DEPARTMENT = ("lost", "filled")
"""Weekly counts of people by department."""
TENURES = 104
"""Weeks of tenure over which newcomers are followed."""
LONG_AGO = -10_000
_BEFORE, _ALL = PHASES_BEFORE_LEAVING, len(PHASES)
SUCCEEDED = 2


@compiled
def live_observed(
    s: State,
    weeks: int,
    series: Floats,
    departments: Floats,
    observed: Floats,
    by_department: Floats,
    joined: NDArray[np.int64],
    newcomers: Floats,
    since: int,
) -> int:
    """Live a number of weeks from the founding and look at the people of each.

    Parameters
    ----------
    s
        The firm at the beginning of week 0.
    weeks
        At most so many.
    series, departments
        As in `sim.rules.week.live`.
    observed : (weeks, len(OBSERVED)); by_department : (weeks, departments, 2)
    joined : (2, posts)
        Room: the week in which each post's holder joined, and the number of that holder.
    newcomers : (TENURES, 2)
        By tenure: the sum of veterans' belief less newcomers' (cosines with the vision), and how many were looked at.
    since
        Newcomers are followed who join in this week or later.
    """
    f, people = s.firm[0], s.people
    for i in range(joined.shape[1]):
        joined[0, i] = LONG_AGO
        joined[1, i] = people.occupant[i]
    for t in range(len(newcomers)):
        newcomers[t, 0] = newcomers[t, 1] = 0.0
    for _ in range(weeks):
        if f.closed >= 0:
            break
        week = f.week
        live(s, 1, 0, _BEFORE, series, departments)
        _look(s, observed[week], by_department[week], joined, newcomers, since)
        live(s, 1, _BEFORE, _ALL, series, departments)
    return int(f.closed)


@compiled
def _look(
    s: State,
    out: Floats,
    counts: Floats,
    joined: NDArray[np.int64],
    newcomers: Floats,
    since: int,
) -> None:
    f, p, people, departments, axes = s.firm[0], s.params[0], s.people, s.departments, s.axes
    belief, rowing, vision = people.belief, people.rowing, s.vision
    founders = s.plan.founders[1]
    mean = s.scratch[8]
    for k in range(len(axes)):
        mean[k] = 0.0
    for d in range(counts.shape[0]):
        counts[d, 0] = counts[d, 1] = 0.0
    filled = engaged = merged = veterans = lost = 0
    cog_engaged = angle = cog_merged = cog_veterans = 0.0
    for i in range(f.posts):
        if not people.filled[i]:
            continue
        if people.occupant[i] != joined[1, i]:
            joined[0, i] = f.week
            joined[1, i] = people.occupant[i]
        filled += 1
        size = row_length(belief, i, axes)
        along = believed = own = 0.0
        for k in range(len(axes)):
            along += rowing[i, k] * vision[k]
            believed += belief[i, k] * vision[k]
            own += belief[i, k] * rowing[i, k]
            if size > 0.0:
                mean[k] += belief[i, k] / size
        if size > 0.0:
            believed /= size
            own /= size
        attentive = people.engagement[i] > p.threshold
        gone = not attentive or along < 0.5
        lost += gone
        counts[people.department[i], 0] += gone
        counts[people.department[i], 1] += 1.0
        if attentive:
            engaged += 1
            cog_engaged += believed
        angle += math.acos(min(1.0, max(-1.0, own)))
        if i >= founders and joined[0, i] == LONG_AGO:
            merged += 1
            cog_merged += believed
        elif joined[0, i] <= f.week - 52:
            veterans += 1
            cog_veterans += believed
    length = 0.0
    for k in range(len(axes)):
        length += (mean[k] / max(1, filled)) ** 2
    misdirected = 0.0
    for d in range(f.departments):
        misdirected += departments.posts[d] * departments.misfit[d] / f.posts
    there = max(1, filled)
    out[0] = lost / there
    out[1] = cog_engaged / engaged if engaged > 0 else math.nan
    out[2] = 1.0 - math.sqrt(length)
    out[3] = angle / there
    out[4] = misdirected
    out[5] = math.nan
    if len(s.running) > 0:
        out[5] = _progress(s)
    out[6] = cog_merged / merged if merged > 0 else math.nan
    out[7] = cog_veterans / veterans if veterans > 0 else math.nan
    if veterans == 0:
        return
    for i in range(f.posts):
        tenure = f.week - joined[0, i]
        if people.filled[i] and joined[0, i] >= since and tenure < len(newcomers):
            size, believed = row_length(belief, i, axes), 0.0
            for k in range(len(axes)):
                believed += belief[i, k] * vision[k]
            newcomers[tenure, 0] += out[7] - (believed / size if size > 0.0 else 0.0)
            newcomers[tenure, 1] += 1.0


@compiled
def _progress(s: State) -> float:
    """Return how far the first event that has an effort has come."""
    for event in range(len(s.running)):
        effort = s.plan.events[event].effort
        if effort > 0.0:
            return 1.0 if s.running[event] == SUCCEEDED else min(s.progress[event] / effort, 1.0 - 1e-9)
    return math.nan
