"""The directions of one run at the end of some weeks: what pictures of a firm are drawn from, and what was believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.week import PHASES, live
from sim.scenario.model import Scenario
from sim.simulate.simulation import NOTHING, Simulation
from sim.state import Floats
from sim.uncertain import drawn

PHASES_BEFORE_LEAVING = [phase.__name__ for phase in PHASES].index("people_come_and_go")
"""How many phases of a week come before people leave and join."""


class Snapshot(NamedTuple):
    """Directions at the end of a week, of the people who were there.

    Attributes
    ----------
    week
        The week.
    market, norm, vision : (D,)
    goals, departments : (K, D)
        What departments are paid for, and what they delivered.
    people : (filled posts, D)
        Directions rowed in.
    department_of, engagement : (filled posts,)
    beliefs : (filled posts, D)
        What people believe in; the length, at most 1, is conviction.
    understandings : (K, D)
        What heads understand of the vision; short is vague.
    posts, tenure : (filled posts,)
        Which posts these are; weeks that their holders have worked before this one.
    newcomers : (filled posts,)
        Whether they came to fill a vacant post.
    uncertainty : (D, D)
        Covariance of the founder's belief about the market.
    """

    week: int
    market: Floats
    norm: Floats
    vision: Floats
    goals: Floats
    departments: Floats
    people: Floats
    department_of: NDArray[np.int32]
    engagement: Floats
    beliefs: Floats
    understandings: Floats
    posts: NDArray[np.int64]
    tenure: NDArray[np.int64]
    newcomers: NDArray[np.bool_]
    uncertainty: Floats


def snapshots(
    scenario: Scenario, seed: int, replicate: int, weeks: Sequence[int], length: int | None = None
) -> list[Snapshot]:
    """Return the directions of one run at the end of some weeks, in rising order; weeks after closing are left out."""
    simulation = Simulation(drawn(scenario, seed, replicate), length)
    simulation.found(seed, replicate)
    state, before_leaving = simulation.state, PHASES_BEFORE_LEAVING
    people, departments = state.people, state.departments
    taken = []
    for week in sorted(set(weeks)):
        if live(simulation.box, week - int(state.firm["week"][0]), 0, len(PHASES), *NOTHING) < week:
            break
        if state.firm["closed"][0] >= 0:
            break
        live(simulation.box, 1, 0, before_leaving, *NOTHING)
        there, count = people.filled, int(state.firm["departments"][0])
        taken.append(
            Snapshot(
                week,
                state.market.copy(),
                state.norm.copy(),
                state.vision.copy(),
                departments.goal[:count].copy(),
                departments.delivered[:count].copy(),
                people.rowing[there],
                people.department[there],
                people.engagement[there],
                people.belief[there],
                departments.understanding[:count].copy(),
                np.flatnonzero(there),
                week - people.since[there],
                people.newcomer[there],
                state.uncertainty.copy(),
            )
        )
        live(simulation.box, 1, before_leaving, len(PHASES), *NOTHING)
    return taken
