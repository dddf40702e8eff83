"""The measures of the week that no rule needs, before anybody leaves or comes."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.vectors import Floats, clear, dot, length, row_dot_vector, row_length, vector
from sim.state import State

HALF_RIGHT = math.sqrt(0.5)
"""Cosine of 45 degrees."""


@compiled
def record_measures(s: State) -> None:
    """Measure beliefs, directions and moods of the people who were there this week, and what heads understand."""
    people, departments = s.people, s.departments
    f, now, axes, threshold = s.firm[0], s.now[0], s.axes, s.params[0].threshold
    cognitive = behavioural = misaligned = disengaged = lost = knowing = 0.0
    engagement = squares = 0.0
    filled = 0
    belief, rowing, vision, mood = people.belief, people.rowing, vector(axes), people.engagement
    members, moods, beliefs = s.ties.picks, departments.speaks, departments.head
    for k in range(len(axes)):
        vision[k] = s.vision[k]
    for d in range(f.departments):
        members[d] = 0
        moods[d] = 0.0
        clear(beliefs[d])
    for i in range(f.posts):
        if not people.filled[i]:
            continue
        filled += 1
        d, e = people.department[i], mood[i]
        size = row_length(belief, i, axes)
        scale = 1.0 / size if size > 0.0 else 0.0
        believed = along = 0.0
        for k in range(len(axes)):
            believed += belief[i, k] * vision[k]
            along += rowing[i, k] * vision[k]
            beliefs[d, k] += belief[i, k] * scale
        cognitive += believed * scale
        knowing += believed * scale >= 0.5
        behavioural += along
        misaligned += along < 0.5
        disengaged += e <= threshold
        lost += along < 0.5 or e <= threshold
        engagement += e
        squares += e * e
        members[d] += 1
        moods[d] += e
    there = max(1, filled)
    now.cognitive, now.behavioural, now.knowing = cognitive / there, behavioural / there, knowing / there
    now.misaligned, now.disengaged, now.lost = misaligned / there, disengaged / there, lost / there
    now.engagement = engagement / there
    now.engagement_sd = math.sqrt(max(0.0, squares / there - now.engagement**2))
    now.posts = float(f.posts)
    _compare_departments(s, filled, engagement, squares)
    now.heads_knowing = 0.0
    for d in range(f.departments):
        understood = dot(departments.understanding[d], vision, axes)
        now.heads_knowing += understood >= HALF_RIGHT * length(departments.understanding[d], axes) and understood > 0.0
    now.heads_knowing /= max(1, f.departments)
    now.between = _agreement(s)


@compiled
def _compare_departments(s: State, filled: int, engagement: float, squares: float) -> None:
    """Measure how alike people of a department are: ICC(1) of engagement and of directions believed in (Bliese 2000).

    (B - W)/(B + (n0 - 1) W) of the mean squares between and within departments, n0 = (n - sum n_d^2/n)/(K - 1); of directions
    the squares are summed over the axes. 0 where there is nothing to compare.
    """
    f, axes, departments = s.firm[0], s.axes, s.departments
    members, moods, beliefs = s.ties.picks, departments.speaks, departments.head
    groups, sizes = 0, 0.0
    mood_between = belief_between = 0.0
    whole = vector(axes)
    clear(whole)
    for d in range(f.departments):
        if members[d] > 0:
            groups += 1
            sizes += float(members[d]) ** 2
            mood_between += moods[d] ** 2 / members[d]
            for k in range(len(axes)):
                belief_between += beliefs[d, k] ** 2 / members[d]
                whole[k] += beliefs[d, k]
    s.now[0].engagement_icc = s.now[0].belief_icc = 0.0
    if groups < 2 or filled <= groups:
        return
    size = (filled - sizes / filled) / (groups - 1)
    mean_square = engagement**2 / filled
    s.now[0].engagement_icc = _icc(mood_between - mean_square, squares - mood_between, groups, filled, size)
    mean_square = dot(whole, whole, axes) / filled
    s.now[0].belief_icc = _icc(belief_between - mean_square, filled - belief_between, groups, filled, size)


@compiled
def _icc(between: float, within: float, groups: int, people: int, size: float) -> float:
    between /= groups - 1
    within = max(0.0, within) / (people - groups)
    whole = between + (size - 1.0) * within
    return (between - within) / whole if whole > 1e-12 else 0.0


@compiled
def _agreement(s: State) -> float:
    """Return the mean cosine between what two departments deliver, over pairs in which both deliver something."""
    departments = s.departments
    total, pairs = 0.0, 0
    for d in range(s.firm[0].departments):
        for e in range(d):
            size = length(departments.delivered[d], s.axes) * length(departments.delivered[e], s.axes)
            if size > 0.0:
                total += dot(departments.delivered[d], departments.delivered[e], s.axes) / size
                pairs += 1
    if pairs > 0:
        return total / pairs
    return 1.0 if s.firm[0].departments == 1 else 0.0


@compiled
def describe_departments(s: State, out: Floats) -> None:
    """Write (departments, measures) in the order of `sim.measures.series.DEPARTMENT_SERIES`; nan where there is none."""
    departments, people = s.departments, s.people
    f, axes, threshold, vision = s.firm[0], s.axes, s.params[0].threshold, s.vision
    for d in range(len(out)):
        for j in range(out.shape[1]):
            out[d, j] = math.nan
    for d in range(f.departments):
        size = length(departments.delivered[d], axes)
        out[d, 0] = dot(departments.delivered[d], vision, axes) / size if size > 0.0 else 0.0
        out[d, 1] = departments.rework[d]
        out[d, 2] = departments.overload[d]
        for j in range(3, out.shape[1]):
            out[d, j] = 0.0
    for i in range(f.posts):
        if people.filled[i]:
            d = people.department[i]
            out[d, 3] += people.engagement[i]
            out[d, 4] += 1.0
            out[d, 5] += people.engagement[i] <= threshold or row_dot_vector(people.rowing, i, vision, axes) < 0.5
            size = row_length(people.belief, i, axes)
            out[d, 6] += row_dot_vector(people.belief, i, vision, axes) / size if size > 0.0 else 0.0
    for d in range(f.departments):
        there = max(1.0, out[d, 4])
        out[d, 3] /= there
        out[d, 5] /= there
        out[d, 6] /= there
