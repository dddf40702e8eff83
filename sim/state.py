"""What exists: a plan that a scenario fixes, and a state, both plain arrays, in a box that compiled code takes at once.

Arrays are allocated once at their full capacity (posts that hiring may open and mergers may bring included) and are
never rebound: whoever holds a view on one sees the firm as it is. Shapes use n for the capacity of posts, K for that of
departments, D for the number of axes, E for the number of events.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.experimental import structref
from numpy.typing import NDArray

from sim.chance import Luck, new_luck
from sim.compiled import compiled
from sim.measures import DEPARTMENT_SERIES, SERIES
from sim.scenario.events import (
    Automation,
    CashCut,
    DemandDrop,
    Department,
    DepartmentTurned,
    FounderLeaves,
    Initiative,
    MarketTurns,
    Merger,
    PeopleTurned,
    SetParameters,
)
from sim.scenario.model import Scenario, set_fields, split
from sim.scenario.parameters import parameter_names

Floats = NDArray[np.float64]

PARAMETERS = np.dtype([(name.split(".")[1], np.float64) for name in parameter_names()])
"""The typed record in which parameters travel; whole numbers and switches are floats too, so that one view sets any."""

NOW = np.dtype([(name, np.float64) for name in SERIES])
"""What is recorded at the end of a week; customers, satisfaction, cash and stress live here."""

FIRM = np.dtype(
    [
        (name, np.int64)
        for name in (
            "week",  # the week that runs, or the next one
            "closed",  # week of closing, -1 while the firm lives
            "posts",  # open posts
            "departments",  # departments that exist
            "founder_gone",
            "broadcast",  # whether the vision is broadcast this week
            "meetings",  # meetings of this week
            "has_evidence",  # whether at least two results were reported last week
            "full_weeks",  # weeks in a row in which books were full and cash ample
            "next_event",
            "next_change",
            "initiatives",  # how many run
            "overflow",  # whether ties found no room: an error
        )
    ]
)
"""Counts and switches of the firm that no series shows."""

MARKET_TURNS, DEPARTMENT_TURNED, PEOPLE_TURNED, CASH_CUT, DEMAND_DROP, AUTOMATION, FOUNDER_LEAVES, MERGER, INITIATIVE = (
    range(9)
)
"""Kinds of events as compiled code knows them; settings of parameters travel apart, as changes."""

KINDS = {
    MarketTurns: MARKET_TURNS,
    DepartmentTurned: DEPARTMENT_TURNED,
    PeopleTurned: PEOPLE_TURNED,
    CashCut: CASH_CUT,
    DemandDrop: DEMAND_DROP,
    Automation: AUTOMATION,
    FounderLeaves: FOUNDER_LEAVES,
    Merger: MERGER,
    Initiative: INITIATIVE,
}

EVENT = np.dtype(
    [(name, np.int64) for name in ("week", "kind", "rank", "department", "people", "first", "brought", "matrix", "deadline")]
    + [(name, np.float64) for name in ("amount", "angle", "effort", "gain", "cost")]
)
"""An event: `rank` among those of its kind in its week; a merger's people start at `first` of ``Plan.joiners``, bring
`brought` departments and the dependency matrix number `matrix`; `amount` is a share, weeks of cash or customers."""

CHANGE = np.dtype([("week", np.int64), ("field", np.int64), ("value", np.float64)])
"""A parameter takes a value."""

ROLES = {"support": 0, "promise": 1, "deliver": 2}
HIRING_WEEKS = 8
"""Weeks of full books and ample cash in a row after which one post opens."""


class Plan(NamedTuple):
    """What the scenario fixes; compiled code only reads it.

    Attributes
    ----------
    values : parameters at the founding, in the order of `PARAMETERS`
    headcount : (K,) posts at the founding or at the merger
    role : (K,) see `ROLES`
    goal : (K, D) given goals, zero where the goal is drawn
    incentive : (K,) own local incentive, nan where the firm's holds
    automation : (K,) automated share at the start
    belief : (K, D) what people believe in at the founding, zero where it is the vision
    engagement : (K,) at the founding, 1 unless given
    dependencies : (1 + mergers, K, K) before and after each merger
    founders : [departments, posts] at the founding
    listener, speaker, weight : explicit ties, empty where they are drawn
    drawn : [1] if ties are drawn, [0] if explicit
    joiners : (people merged in,) their departments
    events : (E,) record of `EVENT`; targets : (E, K) whose work it is
    changes : record of `CHANGE`
    """

    values: Floats
    headcount: NDArray[np.int64]
    role: NDArray[np.int64]
    goal: Floats
    incentive: Floats
    automation: Floats
    belief: Floats
    engagement: Floats
    dependencies: Floats
    founders: NDArray[np.int64]
    listener: NDArray[np.int64]
    speaker: NDArray[np.int64]
    weight: Floats
    drawn: NDArray[np.int64]
    joiners: NDArray[np.int64]
    events: NDArray[np.void]
    targets: NDArray[np.bool_]
    changes: NDArray[np.void]


class People(NamedTuple):
    """Everybody, by post. Posts 0 ... firm.posts - 1 are open.

    Attributes
    ----------
    filled : (n,) whether somebody holds the post
    occupant : (n,) how many people have held it before
    department : (n,)
    belief, preference, deviation, rowing, next_belief : (n, D)
    engagement, attention, result, order : (n,)
        `result` is what was reported, nan for nothing; `order` is room for sorting.
    """

    filled: NDArray[np.bool_]
    occupant: NDArray[np.int64]
    department: NDArray[np.int32]
    belief: Floats
    preference: Floats
    deviation: Floats
    rowing: Floats
    next_belief: Floats
    engagement: Floats
    attention: Floats
    result: Floats
    order: Floats


class Departments(NamedTuple):
    """The departments; ``firm.departments`` of them exist.

    Attributes
    ----------
    posts, founding_posts, role : (K,)
    goal, functional_goal, understanding, automation_direction, practice, people_direction, delivered, side_direction, head : (K, D)
        `practice` is the mean of what people row, the last one where all posts are vacant; `people_direction` adds side business.
    automation, incentive, local_weight, free, rework, misfit, capacity, load, done, finished, backlog, overload, boost, clear,
    spread : (K,)
        `head`, `clear` and `spread` are the direction of `understanding`, its length and the noise that relaying adds;
        `free` is the share of talk that stress leaves, `boost` what initiatives made of capacity, `finished` all work done so far.
    side_weeks : (K,) weeks of side business left
    dependencies : (K, K)
    """

    posts: NDArray[np.int64]
    founding_posts: NDArray[np.int64]
    role: NDArray[np.int64]
    goal: Floats
    functional_goal: Floats
    understanding: Floats
    automation_direction: Floats
    practice: Floats
    people_direction: Floats
    delivered: Floats
    side_direction: Floats
    automation: Floats
    incentive: Floats
    local_weight: Floats
    free: Floats
    rework: Floats
    misfit: Floats
    capacity: Floats
    load: Floats
    done: Floats
    finished: Floats
    backlog: Floats
    overload: Floats
    boost: Floats
    head: Floats
    clear: Floats
    spread: Floats
    side_weeks: NDArray[np.int64]
    dependencies: Floats


class Ties(NamedTuple):
    """Who listens to whom: post i to ``speaker[start[i]:start[i + 1]]``.

    Attributes
    ----------
    start : (n + 1,); speaker, weight : (ties,)
    roster : (n,) posts by department; roster_start : (K + 1,); rank : (n,) a post's place in its department
    picks : (n,) room for picking
    """

    start: NDArray[np.int64]
    speaker: NDArray[np.uint32]
    weight: Floats
    roster: NDArray[np.int64]
    roster_start: NDArray[np.int64]
    rank: NDArray[np.int64]
    picks: NDArray[np.int64]


class State(NamedTuple):
    """The firm as it is.

    Attributes
    ----------
    axes : tuple of D zeros: compiled code knows its length
    plan, luck
        What is fixed; the streams of chance.
    params, values : parameters as a record, and the same memory as an array
    now, now_values : what a week records, as a record, and the same memory as an array
    firm, firm_counts : (1,) record of `FIRM`, and the same memory as an array
    market, norm, vision, founding_vision, evidence : (D,)
    people, departments, ties
        See `People`, `Departments`, `Ties`.
    progress : (E,) of initiatives; running : (E,) 0 not begun, 1 running, 2 succeeded, 3 failed
    scratch : (10, D); matrix : (D, D)
    """

    axes: tuple[int, ...]
    plan: Plan
    luck: Luck
    params: NDArray[np.void]
    values: Floats
    now: NDArray[np.void]
    now_values: Floats
    firm: NDArray[np.void]
    firm_counts: NDArray[np.int64]
    market: Floats
    norm: Floats
    vision: Floats
    founding_vision: Floats
    evidence: Floats
    people: People
    departments: Departments
    ties: Ties
    progress: Floats
    running: NDArray[np.int64]
    scratch: Floats
    matrix: Floats


class Box(structref.StructRefProxy):  # type: ignore[misc]
    """A state as compiled code takes it: one pointer. Unpacking eighty arrays at each call would cost more than a week.

    It shares its arrays with the `State` that it was made from, and has the same fields. The parts are boxes too, so that
    what compiled code loads at a time stays small (which halves the time that compiling takes).
    """


def _box_type(name: str, proxy: type, fields: tuple[str, ...]) -> None:
    def preprocess_fields(_: object, given: Any) -> Any:
        return tuple((field, types.unliteral(kind)) for field, kind in given)

    kind = structref.register(type(name, (types.StructRef,), {"preprocess_fields": preprocess_fields, "__module__": __name__}))
    globals()[name] = kind  # numba's cache finds types by their module and name
    structref.define_constructor(proxy, kind, fields)
    structref.define_boxing(kind, proxy)


class _PlanBox(structref.StructRefProxy):  # type: ignore[misc]
    pass


class _LuckBox(structref.StructRefProxy):  # type: ignore[misc]
    pass


class _PeopleBox(structref.StructRefProxy):  # type: ignore[misc]
    pass


class _DepartmentsBox(structref.StructRefProxy):  # type: ignore[misc]
    pass


class _TiesBox(structref.StructRefProxy):  # type: ignore[misc]
    pass


for _proxy, _part in (
    (_PlanBox, Plan),
    (_LuckBox, Luck),
    (_PeopleBox, People),
    (_DepartmentsBox, Departments),
    (_TiesBox, Ties),
    (Box, State),
):
    _box_type(f"{_proxy.__name__}Type", _proxy, _part._fields)


@compiled
def _boxed(state: State) -> Box:
    s = state
    return Box(
        s.axes,
        _PlanBox(*s.plan),
        _LuckBox(*s.luck),
        s.params,
        s.values,
        s.now,
        s.now_values,
        s.firm,
        s.firm_counts,
        s.market,
        s.norm,
        s.vision,
        s.founding_vision,
        s.evidence,
        _PeopleBox(*s.people),
        _DepartmentsBox(*s.departments),
        _TiesBox(*s.ties),
        s.progress,
        s.running,
        s.scratch,
        s.matrix,
    )


def boxed(state: State) -> Box:
    """Put a state in a box for compiled code; both share their arrays."""
    return _boxed(state)


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


def changes(scenario: Scenario) -> list[tuple[int, int, float]]:
    """Return every change of a parameter as (week, field, value), reverts included and first in their week."""
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
        found.append((week, 1, names.index(field), value))
        if until is None:
            current[field] = value
        else:
            found.append((until, 0, names.index(field), current[field]))
    return [(week, field, value) for week, _, field, value in sorted(found)]


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
        if isinstance(e, DepartmentTurned):
            row["department"] = names.index(e.department)
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
        incentive=np.array([math.nan if d.incentive is None else d.incentive for d in departments]),
        automation=np.array([scenario.work.automation if d.automation is None else d.automation for d in departments]),
        belief=np.array([scenario.direction(d.belief or {}) for d in departments]).reshape(size, dimensions),
        engagement=np.array([1.0 if d.engagement is None else d.engagement for d in departments]),
        dependencies=dependencies,
        founders=np.array([len(scenario.departments), scenario.posts], np.int64),
        listener=np.array([link[0] for link in links], np.int64),
        speaker=np.array([link[1] for link in links], np.int64),
        weight=np.array([link[2] if len(link) == 3 else 1.0 for link in links]),
        drawn=np.array([scenario.links is None], np.int64),
        joiners=np.array(joiners, np.int64),
        events=table,
        targets=targeted,
        changes=np.array(changes(scenario), CHANGE).reshape(-1),
    )


def _matrix(given: tuple[tuple[float, ...], ...] | None, size: int) -> Floats:
    return np.array(given) if given is not None else default_dependencies(size)


def capacity(scenario: Scenario, weeks: int | None = None) -> tuple[int, int]:
    """Return (posts, ties) that a run may come to need.

    Drawn ties are Poisson in number: room is left for twelve standard deviations, and an overflow is an error.
    """
    weeks = scenario.weeks if weeks is None else weeks
    joiners = sum(e.people for e in scenario.events if isinstance(e, Merger))
    joiners += weeks // HIRING_WEEKS + 1 if scenario.hires else 0
    founders = scenario.posts
    drawing = (founders if scenario.links is None else 0) + 2 * joiners
    mean = drawing * scenario.people.k_out
    ties = drawing * min(scenario.people.k_in, founders + joiners) + mean + 12 * math.sqrt(mean) + 60 * (mean > 0)
    return founders + joiners, math.ceil(ties) + len(scenario.links or ())


def make_state(scenario: Scenario, weeks: int | None = None) -> State:
    """Allocate a state for a scenario: all arrays at full capacity, nobody in them yet."""
    plan = make_plan(scenario)
    n, room = capacity(scenario, weeks)
    k, d, e = len(plan.headcount), scenario.dimensions, len(plan.events)
    params, now, firm = np.zeros(1, PARAMETERS), np.zeros(1, NOW), np.zeros(1, FIRM)

    def numbers(*shape: int) -> Floats:
        return np.zeros(shape)

    people = People(
        filled=np.zeros(n, np.bool_),
        occupant=np.zeros(n, np.int64),
        department=np.zeros(n, np.int32),
        **{name: numbers(n, d) for name in ("belief", "preference", "deviation", "rowing", "next_belief")},
        **{name: numbers(n) for name in ("engagement", "attention", "result", "order")},
    )
    directions = (
        "goal functional_goal understanding automation_direction practice people_direction delivered side_direction head"
    )
    amounts = "automation incentive local_weight free rework misfit capacity load done finished backlog overload boost clear spread"
    departments = Departments(
        **{name: np.zeros(k, np.int64) for name in ("posts", "founding_posts", "role", "side_weeks")},
        **{name: numbers(k, d) for name in directions.split()},
        **{name: numbers(k) for name in amounts.split()},
        dependencies=numbers(k, k),
    )
    ties = Ties(
        start=np.zeros(n + 1, np.int64),
        speaker=np.zeros(room, np.uint32),
        weight=numbers(room),
        roster_start=np.zeros(k + 1, np.int64),
        **{name: np.zeros(n, np.int64) for name in ("roster", "rank", "picks")},
    )
    return State(
        axes=(0,) * d,
        plan=plan,
        luck=new_luck(),
        params=params,
        values=params.view(np.float64),
        now=now,
        now_values=now.view(np.float64),
        firm=firm,
        firm_counts=firm.view(np.int64),
        market=numbers(d),
        norm=numbers(d),
        vision=numbers(d),
        founding_vision=numbers(d),
        evidence=numbers(d),
        people=people,
        departments=departments,
        ties=ties,
        progress=numbers(e),
        running=np.zeros(e, np.int64),
        scratch=numbers(10, d),
        matrix=numbers(d, d),
    )


def recording(runs: int, weeks: int, departments: int) -> tuple[Floats, Floats]:
    """Allocate what runs write into: series (runs, weeks, measures) and departments' series, nan until written."""
    return (
        np.full((runs, weeks, len(SERIES)), math.nan),
        np.full((runs, weeks, departments, len(DEPARTMENT_SERIES)), math.nan),
    )
