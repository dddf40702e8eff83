"""Events: what strikes the firm before the week begins, in the order listed."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.streams import DEPARTMENT_TURNED as DEPARTMENT_STREAM
from sim.engine.streams import MARKET_TURNS as MARKET_STREAM
from sim.engine.streams import PEOPLE_TURNED as PEOPLE_STREAM
from sim.engine.streams import normals, select_stream
from sim.engine.vectors import make_unit, put, turn
from sim.rules.founding import merge
from sim.state import (
    AUTOMATION,
    CASH_CUT,
    DEMAND_DROP,
    DEPARTMENT_TURNED,
    FOUNDER_LEAVES,
    GOALS,
    INITIATIVE,
    MARKET_TURNS,
    MERGER,
    PEOPLE_TURNED,
    POCKET,
    State,
)


@compiled
def events_strike(s: State) -> None:
    """Let the events of the week act: first parameters that change or go back, then the others in the order listed."""
    f, plan, now, departments = s.firm[0], s.plan, s.now[0], s.departments
    now.other = 0.0
    if f.week < 0:
        return
    while f.next_change < len(plan.changes) and plan.changes[f.next_change].week == f.week:
        change = plan.changes[f.next_change]
        if change.department < 0:
            s.values[change.field] = change.value
        elif change.field == 0:
            departments.autonomy[change.department] = change.value
        else:
            departments.voice[change.department] = change.value
        f.next_change += 1
    while f.next_event < len(plan.events) and plan.events[f.next_event].week == f.week:
        event = f.next_event
        f.next_event += 1
        e = s.plan.events[event]
        if e.kind == MARKET_TURNS:
            normals(s.luck, MARKET_STREAM, e.week, e.rank, s.scratch[0], len(s.axes))
            turn(s.market, e.angle, s.scratch[0], s.axes)
        elif e.kind == DEPARTMENT_TURNED:
            _turn_department(s, e.department, e.angle)
        elif e.kind == PEOPLE_TURNED:
            _turn_people(s, e.people, e.angle, e.rank)
        elif e.kind == CASH_CUT:
            now.cash -= e.amount
            now.other -= e.amount
        elif e.kind == DEMAND_DROP:
            now.customers *= 1.0 - e.amount
        elif e.kind == AUTOMATION:
            for d in range(f.departments):
                if s.plan.targets[event, d]:
                    departments.automation[d] = e.amount
                    put(departments.automation_direction[d], departments.people_direction[d], s.axes)
                    make_unit(departments.automation_direction[d], s.axes)
        elif e.kind == FOUNDER_LEAVES:
            f.founder_gone = 1
        elif e.kind == MERGER:
            merge(s, event)
        elif e.kind == INITIATIVE:
            now.cash -= e.cost
            now.other -= e.cost
            s.running[event] = 1
            f.initiatives += 1
        elif e.kind == POCKET:
            if not math.isnan(e.amount):
                departments.autonomy[e.department] = e.amount
            if not math.isnan(e.gain):
                departments.voice[e.department] = e.gain
        elif e.kind == GOALS:
            _set_goals(s, event, e.first)


@compiled
def _set_goals(s: State, event: int, first: int) -> None:
    """Pay departments for something else, for good: what rewards relapse to is set too."""
    departments = s.departments
    for d in range(s.firm[0].departments):
        if s.plan.targets[event, d]:
            put(departments.goal[d], s.plan.new_goals[first], s.axes)
            put(departments.functional_goal[d], s.plan.new_goals[first], s.axes)
            first += 1


@compiled
def _turn_department(s: State, d: int, angle: float) -> None:
    """Point a department's rewards and its people's beliefs and preferences in one direction at an angle from the vision."""
    departments, people = s.departments, s.people
    z, theirs = s.scratch[0], s.scratch[1]
    normals(s.luck, DEPARTMENT_STREAM, s.firm[0].week, d, z, len(s.axes))
    put(theirs, s.vision, s.axes)
    turn(theirs, angle, z, s.axes)
    put(departments.goal[d], theirs, s.axes)
    put(departments.functional_goal[d], theirs, s.axes)
    for i in range(s.firm[0].posts):
        if people.filled[i] and people.department[i] == d:
            put(people.belief[i], theirs, s.axes)
            put(people.preference[i], theirs, s.axes)


@compiled
def _turn_people(s: State, count: int, angle: float, rank: int) -> None:
    """Turn so many people, whatever their department, and disengage them."""
    people = s.people
    z, theirs = s.scratch[0], s.scratch[1]
    posts = s.firm[0].posts
    generator = select_stream(s.luck, PEOPLE_STREAM, s.firm[0].week, rank)
    for k in range(len(s.axes)):
        z[k] = generator.standard_normal()
    put(theirs, s.vision, s.axes)
    turn(theirs, angle, z, s.axes)
    for i in range(posts):
        people.order[i] = generator.random()
    last = _rank_value(s, count)
    for i in range(posts):
        if people.filled[i] and people.order[i] <= last:
            put(people.belief[i], theirs, s.axes)
            put(people.preference[i], theirs, s.axes)
            people.engagement[i] = 0.2


@compiled
def _rank_value(s: State, rank: int) -> float:
    """Return the number below or at which the `rank` smallest numbers in `order` of filled posts lie.

    Bisection: the numbers are multiples of 2^-53, so that 54 halvings are exact.
    """
    people = s.people
    low, high = 0.0, 1.0
    for _ in range(54):
        middle = (low + high) / 2.0
        found = 0
        for i in range(s.firm[0].posts):
            found += people.filled[i] and people.order[i] <= middle
        if found >= rank:
            high = middle
        else:
            low = middle
    return high
