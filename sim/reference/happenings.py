"""Events: what happens to the firm before the first phase of a week."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.streams import DEPARTMENT_TURNED, MARKET_TURNS, MERGER, PEOPLE_TURNED
from sim.reference.department import Department, Initiative
from sim.reference.directions import Vector, turned, unit
from sim.reference.ties import tie_newcomers
from sim.scenario import events
from sim.scenario.model import set_fields, split

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm


def events_act(firm: ReferenceFirm) -> None:
    """Let the events of the week act, in the order listed; what was set until now goes back before."""
    for until, go_back in firm.goes_back:
        if until == firm.week:
            go_back()
    seen: Counter[str] = Counter()
    for event in firm.plan.events:
        if event.week == firm.week:
            act(firm, event, rank=seen[event.kind])
            seen[event.kind] += 1


def act(firm: ReferenceFirm, event: events.Event, rank: int) -> None:
    """Let an event act; `rank` is its place among those of its kind this week."""
    match event:
        case events.MarketTurns():
            z = firm.draws(MARKET_TURNS, rank).standard_normal(firm.dimensions)
            firm.market.direction = turned(firm.market.direction, event.angle, z)
        case events.DepartmentTurned():
            turn_department(firm, event)
        case events.PeopleTurned():
            turn_people(firm, event, rank)
        case events.Goals():
            for name, weights in event.goals.items():
                reward(firm, name, np.array(firm.plan.direction(weights)))
        case events.Pocket():
            open_pocket(firm, event)
        case events.CashCut():
            firm.cash -= event.weeks
            firm.other -= event.weeks
        case events.DemandDrop():
            firm.customers *= 1 - event.share
        case events.Automation():
            for department in named(firm, event.departments):
                department.automation = event.share
                department.automation_direction = unit(department.doing)
        case events.SetParameters():
            old = firm.parameters.set(set_fields(event))
            if event.until is not None:
                firm.goes_back.append((event.until, partial(firm.parameters.set, old)))
        case events.FounderLeaves():
            firm.founder.left = True
            firm.parameters.set(set_fields(event))
        case events.Merger():
            merge(firm, event, rank)
        case events.Initiative():
            firm.cash -= event.cost
            firm.other -= event.cost
            firm.initiatives.append(Initiative(event, named(firm, event.departments)))


def named(firm: ReferenceFirm, names: tuple[str, ...] | None) -> list[Department]:
    """Return the departments of these names; all that there are now where none are given."""
    return [d for d in firm.departments if names is None or d.name in names]


def reward(firm: ReferenceFirm, name: str, goal: Vector) -> Department:
    """Reward a department's people for a direction from now on: rewards relapse to it as well; return the department."""
    (department,) = named(firm, (name,))
    department.goal = goal.copy()
    department.functional_goal = goal.copy()
    return department


def turn_department(firm: ReferenceFirm, event: events.DepartmentTurned) -> None:
    """Turn a department's goals and its people's beliefs and preferences to one direction."""
    (department,) = named(firm, (event.department,))
    z = firm.draws(DEPARTMENT_TURNED, department.index).standard_normal(firm.dimensions)
    u = turned(firm.founder.vision, event.angle, z)
    reward(firm, event.department, u)
    for person in department.people:
        if person.filled:
            person.belief = u.copy()
            person.preference = u.copy()


def turn_people(firm: ReferenceFirm, event: events.PeopleTurned, rank: int) -> None:
    """Turn the first k of the filled posts in a random order."""
    generator = firm.draws(PEOPLE_TURNED, rank)
    u = turned(firm.founder.vision, event.angle, generator.standard_normal(firm.dimensions))
    order = generator.random(len(firm.employees))
    for person in sorted(firm.filled(), key=lambda e: order[e.post])[: event.people]:
        person.belief = u.copy()
        person.preference = u.copy()
        person.engagement = 0.2


def open_pocket(firm: ReferenceFirm, event: events.Pocket) -> None:
    """Give one department room of its own for dissent, and a hearing of its own; perhaps until a week."""
    (department,) = named(firm, (event.department,))
    before = (department.own_autonomy, department.own_voice)
    if event.autonomy is not None:
        department.own_autonomy = event.autonomy
    if event.voice is not None:
        department.own_voice = event.voice
    if event.until is not None:
        firm.goes_back.append((event.until, partial(close_pocket, department, event, *before)))


def close_pocket(department: Department, event: events.Pocket, autonomy: float | None, voice: float | None) -> None:
    """Give back what a pocket set."""
    if event.autonomy is not None:
        department.own_autonomy = autonomy
    if event.voice is not None:
        department.own_voice = voice


def merge(firm: ReferenceFirm, event: events.Merger, rank: int) -> None:
    """Let another firm's people, and perhaps departments, join; their old culture stays their own."""
    u = turned(firm.founder.vision, event.angle, firm.draws(MERGER, rank).standard_normal(firm.dimensions))
    first_new_post = len(firm.employees)
    if event.departments:
        finished = min(d.finished for d in firm.departments)
        for plan, posts in zip(event.departments, split(event.departments, event.people), strict=True):
            department = firm.new_department(plan, spread_from=u, direction=u)
            department.planned_posts = posts
            department.finished = finished
            for _ in range(posts):
                firm.new_post(department, belief=u, preference=u)
    else:
        share, rest = divmod(event.people, len(firm.departments))
        for department in firm.departments:
            for _ in range(share + (1 if department.index < rest else 0)):
                firm.new_post(department, belief=u, preference=u)
    if event.dependencies is not None:
        firm.dependencies = [list(row) for row in event.dependencies]
    elif event.departments:
        firm.dependencies = default_dependencies(len(firm.departments))
    firm.customers += event.customers
    tie_newcomers(firm, first_new_post)


def default_dependencies(count: int) -> list[list[float]]:
    """Return the matrix of who builds on whom where none is given: mostly on the department before."""
    if count == 1:
        return [[1.0]]
    if count == 2:
        return [[0.0, 1.0], [1.0, 0.0]]
    matrix = []
    for d in range(count):
        before = (d - 1) % count
        matrix.append([0.0 if f == d else 0.6 if f == before else 0.4 / (count - 2) for f in range(count)])
    return matrix
