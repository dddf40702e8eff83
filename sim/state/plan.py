"""The plan: what a scenario fixes, as arrays."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.scenario.events import (
    Automation,
    Department,
    DepartmentTurned,
    FounderLeaves,
    Goals,
    Initiative,
    Merger,
    Pocket,
    SetParameters,
)
from sim.scenario.model import Scenario, set_fields, split
from sim.scenario.parameters import parameter_names
from sim.state.arrays import CHANGE, EVENT, KINDS, ROLES, Floats, Plan


def default_dependencies(departments: int) -> Floats:
    """Return the default dependency matrix of K departments: rows sum to 1.

    0.6 on the department before it (the first follows the last) and 0.4/(K-2) on each other; K = 2: 1 on the other;
    K = 1: itself.
    """
    k = departments
    if k == 1:
        return np.ones((1, 1))
    if k == 2:
        return np.array([[0.0, 1.0], [1.0, 0.0]])
    matrix = np.full((k, k), 0.4 / (k - 2))
    for d in range(k):
        matrix[d, d] = 0.0
        matrix[d, d - 1] = 0.6
    return matrix


POCKET_FIELDS = ("autonomy", "voice")
"""What a pocket may have of its own, in the order of the fields of `CHANGE`."""


def changes(scenario: Scenario) -> list[tuple[int, int, int, float]]:
    """Return every change as (week, field, department or -1, value), reverts included and first in their week."""
    names = parameter_names()
    found = []
    spans = sorted(
        (e.week, i, e.until if isinstance(e, SetParameters) else None, field, value)
        for i, e in enumerate(scenario.events)
        if isinstance(e, SetParameters | FounderLeaves)
        for field, value in set_fields(e).items()
    )
    current = {name: float(scenario.value(name)) for name in names}
    for week, _, until, field, value in spans:
        found.append((week, 1, names.index(field), -1, value))
        if until is None:
            current[field] = value
        else:
            found.append((until, 0, names.index(field), -1, current[field]))
    ends = [(week, 0, field, d, value) for week, field, d, value in _ends_of_pockets(scenario)]
    return [(week, field, d, value) for week, _, field, d, value in sorted([*found, *ends])]


def _ends_of_pockets(scenario: Scenario) -> Iterator[tuple[int, int, int, float]]:
    """Yield (week, field, department, value): what departments go back to where a pocket ends."""
    given = _all_departments(scenario)
    names = [d.name for d in given]
    current = {(d, name): _own(getattr(given[d], name)) for d in range(len(given)) for name in POCKET_FIELDS}
    for e in sorted((e for e in scenario.events if isinstance(e, Pocket)), key=lambda e: e.week):
        d = names.index(e.department)
        for field, name in enumerate(POCKET_FIELDS):
            if getattr(e, name) is None:
                continue
            if e.until is None:
                current[d, name] = getattr(e, name)
            else:
                yield e.until, field, d, current[d, name]


def _own(value: float | None) -> float:
    return math.nan if value is None else value


def _all_departments(scenario: Scenario) -> list[Department]:
    """Return the founders' departments and those merged in, in the order in which they open."""
    mergers = sorted((e for e in scenario.events if isinstance(e, Merger)), key=lambda e: e.week)
    return [d for group in (scenario.departments, *(m.departments for m in mergers)) for d in group]


def make_plan(scenario: Scenario) -> Plan:
    """Return the plan of a scenario."""
    dimensions = scenario.dimensions
    mergers = sorted((e for e in scenario.events if isinstance(e, Merger)), key=lambda e: e.week)
    departments: list[Department] = list(scenario.departments)
    headcount = list(scenario.headcounts)
    matrices = [_matrix(scenario.dependencies, len(departments))]
    joiners: list[int] = []
    first: dict[int, tuple[int, int]] = {}  # of an event's id: where its people start, which matrix
    for merger in mergers:
        first[id(merger)] = (len(joiners), len(matrices))
        if merger.departments:
            shares = split(merger.departments, merger.people)
            targets = range(len(departments), len(departments) + len(shares))
            departments += merger.departments
            headcount += shares
        else:
            k = len(departments)
            shares = tuple(merger.people // k + (d < merger.people % k) for d in range(k))
            targets = range(k)
        joiners += [d for d, share in zip(targets, shares, strict=True) for _ in range(share)]
        if merger.dependencies is not None or merger.departments:
            matrices.append(_matrix(merger.dependencies, len(departments)))
        else:
            matrices.append(matrices[-1])
    size = len(departments)
    dependencies = np.zeros((len(matrices), size, size))
    for i, matrix in enumerate(matrices):
        dependencies[i, : len(matrix), : len(matrix)] = matrix
    links = scenario.links or ()
    events = sorted((e for e in scenario.events if not isinstance(e, SetParameters)), key=lambda e: e.week)
    names = [d.name for d in departments]
    table = np.zeros(len(events), EVENT)
    targeted = np.zeros((len(events), size), np.bool_)
    ranks: dict[tuple[int, int], int] = {}
    new_goals: list[list[float]] = []
    here = len(scenario.departments)
    for i, e in enumerate(events):
        kind = KINDS[type(e)]
        rank = ranks.get((kind, e.week), 0)
        ranks[kind, e.week] = rank + 1
        row: dict[str, Any] = {"week": e.week, "kind": kind, "rank": rank}
        for name in ("angle", "effort", "gain", "cost", "deadline", "people"):
            row[name] = getattr(e, name, 0)
        for name in ("share", "weeks", "customers"):
            row["amount"] = getattr(e, name, row.get("amount", 0.0))
        if isinstance(e, DepartmentTurned | Pocket):
            row["department"] = names.index(e.department)
        if isinstance(e, Pocket):
            row["amount"], row["gain"] = _own(e.autonomy), _own(e.voice)
        if isinstance(e, Goals):
            row["first"] = len(new_goals)
            targeted[i] = [name in e.goals for name in names]
            new_goals += [scenario.direction(e.goals[name]) for name in names if name in e.goals]
        if isinstance(e, Merger):
            row["first"], row["matrix"] = first[id(e)]
            row["brought"] = len(e.departments)
            here += len(e.departments)
        if isinstance(e, Automation | Initiative):
            targeted[i] = [
                name in e.departments if e.departments is not None else d < here for d, name in enumerate(names)
            ]
        for name, value in row.items():
            table[name][i] = value
    return Plan(
        values=np.array([float(scenario.value(name)) for name in parameter_names()]),
        headcount=np.array(headcount, np.int64),
        role=np.array([ROLES[d.role] for d in departments], np.int64),
        goal=np.array([scenario.direction(d.goal or {}) for d in departments]).reshape(size, dimensions),
        incentive=np.array([_own(d.incentive) for d in departments]),
        automation=np.array([scenario.work.automation if d.automation is None else d.automation for d in departments]),
        belief=np.array([scenario.direction(d.belief or {}) for d in departments]).reshape(size, dimensions),
        engagement=np.array([_own(d.engagement) for d in departments]),
        autonomy=np.array([_own(d.autonomy) for d in departments]),
        voice=np.array([_own(d.voice) for d in departments]),
        dependencies=dependencies,
        founders=np.array([len(scenario.departments), scenario.posts], np.int64),
        listener=np.array([link[0] for link in links], np.int64),
        speaker=np.array([link[1] for link in links], np.int64),
        weight=np.array([link[2] if len(link) == 3 else 1.0 for link in links]),
        drawn=np.array([scenario.links is None], np.int64),
        joiners=np.array(joiners, np.int64),
        events=table,
        targets=targeted,
        new_goals=np.array(new_goals).reshape(len(new_goals), dimensions),
        spin_up=np.array([scenario.spin_up], np.int64),
        changes=np.array(changes(scenario), CHANGE).reshape(-1),
    )


def _matrix(given: tuple[tuple[float, ...], ...] | None, size: int) -> Floats:
    return np.array(given) if given is not None else default_dependencies(size)
