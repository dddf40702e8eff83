"""How a firm comes to be, and how people join it: the founding population, ties, mergers, new posts."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compile import compiled
from sim.engine.streams import (
    CLIMATE,
    FIRST_DEMAND,
    FIRST_DEVIATION,
    FIRST_FRAME,
    FIRST_HEAD_FRAME,
    GOAL,
    MERGER,
    PREFERENCE,
    TEMPER,
    TIES,
    normals,
    pick,
    select_run,
    select_stream,
)
from sim.engine.vectors import Floats, clamp, clear, length, make_unit, put, turn
from sim.rules.founder import first_uncertainty
from sim.state import HIRING_WEEKS, State


@compiled
def found(s: State, seed: int, replicate: int) -> None:
    """Set a state to the founding of one run: everybody believes in the vision and is engaged, unless the plan says other."""
    ties, departments = s.ties, s.departments
    axes, plan, f = s.axes, s.plan, s.firm[0]
    select_run(s.luck, seed, replicate)
    for name in range(len(s.values)):
        s.values[name] = plan.values[name]
    clear(s.now_values)
    clear(s.progress)
    clear(s.running)
    clear(s.firm_counts)
    clear(ties.start)
    f.closed = -1
    f.first_week = -plan.spin_up[0]
    f.week = f.first_week
    money_as_founded(s)
    clear(s.vision)
    s.vision[0] = 1.0
    for v in (s.market, s.norm, s.founding_vision):
        put(v, s.vision, axes)
    first_uncertainty(s)
    normals(s.luck, FIRST_DEMAND, 0, 0, s.demand, 1)
    for d in range(plan.founders[0]):
        open_department(s, d, s.vision)
        for _ in range(plan.headcount[d]):
            i = open_post(s, d)
            occupy(s, i, plan.belief[d] if length(plan.belief[d], axes) > 0.0 else s.vision)
            if not math.isnan(plan.engagement[d]):
                s.people.engagement[i] = plan.engagement[d]
    for d in range(plan.founders[0]):
        departments.founding_posts[d] = departments.posts[d]
    _depend(s, np.int64(0))
    if plan.drawn[0] == 1:
        tie(s, np.int64(0))
    else:
        _tie_as_given(s)


@compiled
def money_as_founded(s: State) -> None:
    """Set cash, customers and stress as at the founding; in the past there is no stress."""
    p, now = s.params[0], s.now[0]
    now.customers = 1.0
    now.cash = now.worth = p.buffer
    now.stress = 0.0 if s.firm[0].week < 0 else clamp(1.0 - (p.buffer + p.credit) / (p.safety + p.credit))


@compiled
def least_finished(s: State) -> float:
    """Return how much work the slowest department has finished since the founding: as much has been paid."""
    departments = s.departments
    least = math.inf
    for d in range(s.firm[0].departments):
        least = min(least, departments.finished[d])
    return least if s.firm[0].departments > 0 else 0.0


@compiled
def open_department(s: State, d: int, direction: Floats) -> None:
    """Open a department whose head, rewards and machines come from people who point in a direction."""
    departments = s.departments
    axes, plan, p = s.axes, s.plan, s.params[0]
    z = s.scratch[9]
    given = False
    for k in range(len(axes)):
        given = given or plan.goal[d, k] != 0.0
        departments.goal[d, k] = direction[k]
        for v in (
            departments.understanding,
            departments.automation_direction,
            departments.practice,
            departments.people_direction,
            departments.delivered,
        ):
            v[d, k] = direction[k]
        departments.side_direction[d, k] = 0.0
    if given:
        put(departments.goal[d], plan.goal[d], axes)
    else:
        normals(s.luck, GOAL, 0, d, z, len(axes))
        turn(departments.goal[d], p.goal_spread, z, axes)
    put(departments.functional_goal[d], departments.goal[d], axes)
    departments.posts[d] = 0
    departments.founding_posts[d] = 0
    departments.role[d] = plan.role[d]
    departments.automation[d] = plan.automation[d]
    departments.incentive[d] = plan.incentive[d]
    departments.autonomy[d] = plan.autonomy[d]
    departments.voice[d] = plan.voice[d]
    departments.since[d] = s.firm[0].week
    normals(s.luck, FIRST_HEAD_FRAME, 0, d, departments.frame[d], len(axes))
    normals(s.luck, CLIMATE, 0, d, z, 1)
    departments.climate[d] = z[0]
    departments.finished[d] = least_finished(s)
    for amounts in (
        departments.backlog,
        departments.overload,
        departments.rework,
        departments.misfit,
        departments.capacity,
        departments.load,
        departments.done,
        departments.local_weight,
        departments.scatter,
        departments.speaks,
    ):
        amounts[d] = 0.0
    departments.boost[d] = 1.0
    departments.free[d] = 1.0
    departments.side_weeks[d] = 0
    s.firm[0].departments = d + 1


@compiled
def open_post(s: State, d: int) -> int:
    """Open one vacant post in a department; return its number. Its deviation goes on from now, vacant or not."""
    departments, people = s.departments, s.people
    i = s.firm[0].posts
    s.firm[0].posts = i + 1
    departments.posts[d] += 1
    people.department[i] = d
    people.filled[i] = people.newcomer[i] = False
    people.occupant[i] = 0
    people.since[i] = s.firm[0].week
    for k in range(len(s.axes)):
        for v in (people.belief, people.preference, people.rowing):
            v[i, k] = 0.0
    people.engagement[i] = people.temper[i] = 0.0
    people.attention[i] = people.output[i] = 0.0
    normals(s.luck, FIRST_DEVIATION, 0, i, people.deviation[i], len(s.axes))
    normals(s.luck, FIRST_FRAME, 0, i, people.frame[i], len(s.axes))
    return int(i)


@compiled
def occupy(s: State, i: int, direction: Floats) -> None:
    """Fill a new post with somebody who believes in a direction and is as engaged as temper and climate allow."""
    people, p = s.people, s.params[0]
    people.filled[i] = True
    put(people.belief[i], direction, s.axes)
    put(people.rowing[i], direction, s.axes)
    normals(s.luck, TEMPER, 0, i, s.scratch[9], 1)
    people.temper[i] = s.scratch[9, 0]
    people.engagement[i] = clamp(
        p.morale + p.temper * people.temper[i] + p.climate * s.departments.climate[people.department[i]]
    )
    normals(s.luck, PREFERENCE, 0, i, people.preference[i], len(s.axes))
    make_unit(people.preference[i], s.axes)


@compiled
def merge(s: State, event: int) -> None:
    """Merge a firm in: its people believe in, and go on preferring, one direction at an angle from the vision."""
    departments = s.departments
    axes, plan, f = s.axes, s.plan, s.firm[0]
    e = plan.events[event]
    z, theirs = s.scratch[8], s.scratch[7]
    normals(s.luck, MERGER, e.week, e.rank, z, len(axes))
    put(theirs, s.vision, axes)
    turn(theirs, e.angle, z, axes)
    before = f.posts
    for _ in range(e.brought):
        open_department(s, f.departments, theirs)
    for j in range(e.people):
        i = open_post(s, plan.joiners[e.first + j])
        occupy(s, i, theirs)
        put(s.people.preference[i], theirs, axes)
    for d in range(f.departments - e.brought, f.departments):
        departments.founding_posts[d] = departments.posts[d]
    _depend(s, e.matrix)
    s.now[0].customers += e.amount
    tie(s, before)


@compiled
def _depend(s: State, matrix: int | np.int64) -> None:
    """Let departments build on each other as one of the plan's matrices says."""
    departments = s.departments
    for d in range(len(departments.posts)):
        for e in range(len(departments.posts)):
            departments.dependencies[d, e] = s.plan.dependencies[matrix, d, e]


@compiled
def _enrol(s: State) -> None:
    """List posts by department, in order of their number."""
    ties, people = s.ties, s.people
    posts, count = s.firm[0].posts, s.firm[0].departments
    clear(ties.roster_start)
    for i in range(posts):
        ties.roster_start[people.department[i] + 1] += 1
    for d in range(count):
        ties.roster_start[d + 1] += ties.roster_start[d]
    for i in range(posts):
        d = people.department[i]
        ties.roster[ties.roster_start[d]] = i
        ties.rank[i] = ties.roster_start[d]
        ties.roster_start[d] += 1
    for d in range(count, 0, -1):
        ties.roster_start[d] = ties.roster_start[d - 1]
    ties.roster_start[0] = 0
    for i in range(posts):
        ties.rank[i] -= ties.roster_start[people.department[i]]


@compiled
def _draw_ties(s: State, i: int, at: int) -> int:
    """Draw whom a post listens to and write it from place `at` on; return the place after the last."""
    people, ties = s.people, s.ties
    p = s.params[0]
    d = people.department[i]
    first, own = ties.roster_start[d], ties.roster_start[d + 1] - ties.roster_start[d]
    others = s.firm[0].posts - own
    generator = select_stream(s.luck, TIES, 0, i)
    elsewhere = generator.poisson(p.k_out) if p.k_out > 0.0 else 0
    room = len(ties.speaker)
    inside = min(int(p.k_in), own - 1)
    if at + inside + min(elsewhere, others) > room:
        s.firm[0].overflow = 1
        return at
    picked = pick(generator, inside, own - 1, ties.picks)
    for t in range(picked):
        r = ties.picks[t]
        ties.speaker[at] = ties.roster[first + r + (1 if r >= ties.rank[i] else 0)]
        ties.weight[at] = 1.0
        at += 1
    picked = pick(generator, elsewhere, others, ties.picks)
    for t in range(picked):
        r = ties.picks[t]
        ties.speaker[at] = ties.roster[r + (own if r >= first else 0)]
        ties.weight[at] = 1.0
        at += 1
    return at


@compiled
def tie(s: State, first: int | np.int64) -> None:
    """Tie the posts from `first` on to colleagues; those who were there before and are listened to listen back."""
    ties, people = s.ties, s.people
    f = s.firm[0]
    _enrol(s)
    posts = f.posts
    start = ties.start[first]
    end = start
    for i in range(first, posts):
        ties.start[i] = end
        end = _draw_ties(s, i, end)
    ties.start[posts] = end
    if first == 0 or f.overflow == 1:
        return
    # How many new listeners' ties each earlier post returns; `order` serves as the counter.
    returned = 0
    for i in range(first):
        people.order[i] = 0.0
    for t in range(start, end):
        if ties.speaker[t] < first:
            people.order[ties.speaker[t]] += 1.0
            returned += 1
    if end + returned > len(ties.speaker):
        f.overflow = 1
        return
    # Make room from the back: nothing is overwritten before it has moved.
    _shift(s, start, end, returned)
    for i in range(first, posts + 1):
        ties.start[i] += returned
    shift, old_end = returned, start
    for i in range(first - 1, -1, -1):
        shift -= int(people.order[i])
        old_start = ties.start[i]
        _shift(s, old_start, old_end, shift)
        ties.start[i] = old_start + shift
        old_end = old_start
    # Each earlier post's gap is at the end of its ties; fill it in the order in which people joined.
    for i in range(first, posts):
        for t in range(ties.start[i], ties.start[i + 1]):
            c = ties.speaker[t]
            if c < first:
                place = ties.start[c + 1] - int(people.order[c])
                people.order[c] -= 1.0
                ties.speaker[place] = i
                ties.weight[place] = 1.0


@compiled
def _shift(s: State, start: int, end: int, by: int) -> None:
    """Move the ties in [start, end) up by some places."""
    ties = s.ties
    if by == 0:
        return
    for t in range(end - 1, start - 1, -1):
        ties.speaker[t + by] = ties.speaker[t]
        ties.weight[t + by] = ties.weight[t]


@compiled
def _tie_as_given(s: State) -> None:
    """Tie the founders as the scenario says."""
    ties, people = s.ties, s.people
    plan, posts = s.plan, s.firm[0].posts
    _enrol(s)
    for listener in plan.listener:
        ties.start[listener + 1] += 1
    for i in range(posts):
        ties.start[i + 1] += ties.start[i]
    for i in range(posts):
        people.order[i] = 0.0
    for t in range(len(plan.listener)):
        i = plan.listener[t]
        place = ties.start[i] + int(people.order[i])
        people.order[i] += 1.0
        ties.speaker[place] = plan.speaker[t]
        ties.weight[place] = plan.weight[t]


@compiled
def hire(s: State) -> None:
    """Open one post in the most loaded department when books were full and cash ample for eight weeks in a row."""
    departments = s.departments
    f, p, now = s.firm[0], s.params[0], s.now[0]
    limit = (1.0 + p.ambition * p.slack) * f.posts / s.plan.founders[1]
    ample = min(2.0 * p.safety, p.reserve) if p.draw > 0.0 else 2.0 * p.safety
    if f.week >= 0 and p.hiring > 0.0 and now.customers >= 0.95 * limit and now.cash > ample:
        f.full_weeks += 1
    else:
        f.full_weeks = 0
    if f.full_weeks < HIRING_WEEKS:
        return
    f.full_weeks = 0
    busiest, most = 0, -math.inf
    for d in range(f.departments):
        use = departments.load[d] / departments.capacity[d]
        if use > most:
            busiest, most = d, use
    before = f.posts
    i = open_post(s, busiest)
    s.people.since[i] = f.week + 1
    tie(s, before)
