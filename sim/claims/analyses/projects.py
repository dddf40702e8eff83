"""When is a project done? Watched week by week, as weekly series do not keep its progress."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.week import PHASES, live
from sim.scenario import Scenario
from sim.simulate import NOTHING, Simulation
from sim.state import INITIATIVE

Floats = NDArray[np.float64]
SUCCEEDED = 2


def weeks_to_do(scenario: Scenario, replicates: int, seed: int) -> Floats:
    """Return the weeks that the scenario's first initiative took, (runs,); nan where it was not done by its deadline.

    Parameters
    ----------
    scenario
        With at least one initiative. One run with a late deadline tells the success at any earlier deadline: up to it
        both are the same run.
    replicates, seed
        Replicates 0, 1, ... of a seed.
    """
    lane = Simulation(scenario)
    events = lane.state.plan.events
    project = int(np.flatnonzero(events["kind"] == INITIATIVE)[0])
    start, deadline = int(events["week"][project]), int(events["deadline"][project])
    taken = np.full(replicates, np.nan)
    for r in range(replicates):
        lane.found(seed, r)
        live(lane.box, start, 0, len(PHASES), *NOTHING)
        for week in range(1, deadline + 1):
            before = int(lane.state.firm["week"][0])
            if live(lane.box, 1, 0, len(PHASES), *NOTHING) == before:
                break
            if lane.state.running[project] == SUCCEEDED:
                taken[r] = week
                break
    return taken
