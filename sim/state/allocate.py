"""Room for a run: how much it may come to need, and the arrays, with nobody in them yet."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.streams import new_luck
from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.scenario.events import Merger
from sim.scenario.model import Scenario
from sim.state.arrays import FIRM, HIRING_WEEKS, NOW, PARAMETERS, Departments, Floats, People, State, Ties
from sim.state.plan import make_plan


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

    def numbers(*shape: int) -> Any:  # whose fields are told apart by name, not by type
        return np.zeros(shape)

    people = People(
        filled=np.zeros(n, np.bool_),
        newcomer=np.zeros(n, np.bool_),
        occupant=np.zeros(n, np.int64),
        since=np.zeros(n, np.int64),
        department=np.zeros(n, np.int32),
        **{name: numbers(n, d) for name in ("belief", "preference", "deviation", "frame", "rowing", "next_belief")},
        **{name: numbers(n) for name in ("engagement", "temper", "attention", "output", "result", "order")},
        draws=numbers(n * d),
    )
    directions = "goal functional_goal understanding frame automation_direction practice people_direction delivered side_direction head"
    amounts = (
        "automation incentive autonomy voice climate local_weight scatter speaks free rework misfit capacity load done finished "
        "backlog overload boost clear spread"
    )
    integers = ("posts", "founding_posts", "role", "since", "side_weeks")
    counts: dict[str, Any] = {name: np.zeros(k, np.int64) for name in integers}
    departments = Departments(
        **counts,
        **{name: numbers(k, d) for name in directions.split()},
        **{name: numbers(k) for name in amounts.split()},
        draws=numbers(k * d),
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
        uncertainty=numbers(d, d),
        spread_of_reports=numbers(d, d),
        effect_of_reports=numbers(d),
        reported_market=numbers(d),
        demand=numbers(1),
        people=people,
        departments=departments,
        ties=ties,
        progress=numbers(e),
        running=np.zeros(e, np.int64),
        scratch=numbers(10, d),
        matrix=numbers(d, d),
        other_matrix=numbers(d, d),
    )


def recording(runs: int, weeks: int, departments: int) -> tuple[Floats, Floats]:
    """Allocate what runs write into: series (runs, weeks, measures) and departments' series, nan until written."""
    return (
        np.full((runs, weeks, len(SERIES)), math.nan),
        np.full((runs, weeks, departments, len(DEPARTMENT_SERIES)), math.nan),
    )
