"""Taking stock: the measures of the week that no rule needs, before anybody leaves or comes."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.vectors import Floats, dot, length, row_length
from sim.state import State


@compiled
def stock_is_taken(s: State) -> None:
    """Measure beliefs, directions, hand-offs and moods of the people who were there this week."""
    people, departments = s.people, s.departments
    f, now, axes = s.firm[0], s.now[0], s.axes
    cognitive = behavioural = misaligned = disengaged = engagement = 0.0
    filled = 0
    p = s.params[0]
    belief, rowing, vision = people.belief, people.rowing, s.vision
    for i in range(f.posts):
        if not people.filled[i]:
            continue
        filled += 1
        size = row_length(belief, i, axes)
        believed = along = 0.0
        for k in range(len(axes)):
            believed += belief[i, k] * vision[k]
            along += rowing[i, k] * vision[k]
        if size > 0.0:
            cognitive += believed / size
        behavioural += along
        misaligned += along < 0.5
        engagement += people.engagement[i]
        disengaged += people.engagement[i] <= p.threshold
    there = max(1, filled)
    now.cognitive, now.behavioural = cognitive / there, behavioural / there
    now.misaligned, now.disengaged, now.engagement = misaligned / there, disengaged / there, engagement / there
    now.posts = float(f.posts)
    now.rework = 0.0
    for d in range(f.departments):
        now.rework += departments.posts[d] * departments.rework[d] / f.posts
    now.between = _agreement(s)


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
    """Write (departments, 4): alignment with the vision, rework, overload and mean engagement; nan where there is none."""
    departments, ties, people = s.departments, s.ties, s.people
    f, axes = s.firm[0], s.axes
    for d in range(len(out)):
        for j in range(4):
            out[d, j] = math.nan
    for d in range(f.departments):
        size = length(departments.delivered[d], axes)
        out[d, 0] = dot(departments.delivered[d], s.vision, axes) / size if size > 0.0 else 0.0
        out[d, 1] = departments.rework[d]
        out[d, 2] = departments.overload[d]
        out[d, 3] = 0.0
        ties.picks[d] = 0
    for i in range(f.posts):
        if people.filled[i]:
            out[people.department[i], 3] += people.engagement[i]
            ties.picks[people.department[i]] += 1
    for d in range(f.departments):
        out[d, 3] /= max(1, ties.picks[d])
