"""Where a worker's runs of firms are made.

Points that differ in parameters only are run on one state, whose plan is written over: building a scenario and a state for
each would cost more than a run. A test holds this to be the same, bit for bit.
"""

from __future__ import annotations

import json
import math
import threading
from collections import OrderedDict
from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.measures.series import SERIES
from sim.measures.summaries import SUMMARIES
from sim.scenario.errors import ScenarioError
from sim.scenario.events import SetParameters
from sim.scenario.merge import Layer, Layers
from sim.scenario.model import Scenario, set_fields
from sim.scenario.parameters import SCARCITY, parameter_names
from sim.scenario.validate import build
from sim.simulate import Simulation
from sim.state import Plan, capacity, make_plan
from sim.study.factors import DUMMY, Floats
from sim.study.protocol import Block, Outcome, Spec, Stopped

ROWS = 32
"""Runs whose series are held at a time; always as many, so that sums over weeks are taken in one order."""
MOST_LANES, MOST_PLANS = 32, 1024


class Bench:
    """Where a worker's runs of one study are made."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.base: Scenario = build(Layers(Layer(json.loads(spec.scenario))))
        used = [name for name in spec.names if name != DUMMY]
        held = {
            f for e in self.base.events if isinstance(e, SetParameters) and e.until is not None for f in set_fields(e)
        }
        self.quick = [n for n in used if n in _targets() and not held & set(_targets()[n])]
        self.slow = [n for n in used if n not in self.quick]
        self.fields = np.array([parameter_names().index(f) for n in self.quick for f in _targets()[n]], np.int64)
        self.series = np.full((ROWS, spec.weeks, len(SERIES)), math.nan)
        self.lanes: OrderedDict[tuple[Any, ...], Simulation] = OrderedDict()
        self.plans: OrderedDict[tuple[Any, ...], tuple[Simulation, Plan, NDArray[np.bool_]]] = OrderedDict()
        self.seated: tuple[Any, ...] | None = None
        self.lane: Simulation | None = None
        self.own: NDArray[np.bool_] = np.zeros(0, np.bool_)

    def run(self, block: Block, stop: threading.Event | None = None) -> Outcome:
        """Make the runs of a block."""
        count = len(block.points)
        measures = np.full((count, len(self.spec.measures)), math.nan)
        errors: dict[int, str] = {}
        order = prepared(self, block)
        replicates = block.replicates.tolist()
        for start in range(0, count, ROWS):
            rows = range(start, min(start + ROWS, count))
            closed = np.full(ROWS, -1, np.int64)
            self.series.fill(math.nan)
            for i in rows:
                if stop is not None and stop.is_set():
                    raise Stopped("the sweep was stopped")
                try:
                    closed[i - start] = self.seat(i, *order).run(self.spec.seed, replicates[i], self.series[i - start])
                except Exception as error:
                    errors[i] = f"{type(error).__name__}: {error}"
                    self.seated = None
            for j, name in enumerate(self.spec.measures):
                measures[rows.start : rows.stop, j] = SUMMARIES[name].function(self.series, closed)[: len(rows)]
        if errors:
            measures[list(errors)] = math.nan
        return Outcome(block.part, measures, errors)

    def warm(self, block: Block) -> None:
        """Make one run, so that all that runs need is compiled and loaded."""
        with suppress(ScenarioError):
            self.seat(0, *prepared(self, block)).run(self.spec.seed, 0)

    def seat(self, i: int, slow: list[tuple[Any, ...]], quick: Floats, automation: Floats | None) -> Simulation:
        """Return a lane that is set to the i-th point."""
        if self.lane is None or slow[i] != self.seated:
            self._settle(slow[i])
        lane = self.lane
        assert lane is not None
        lane.state.plan.values[self.fields] = quick[i]
        if automation is not None:
            lane.state.plan.automation[self.own] = automation[i]
        return lane

    def _settle(self, values: tuple[Any, ...]) -> None:
        """Set the lane to the plan of a scenario with some values that a plan's array of parameters does not hold."""
        self.seated = None
        if values in self.plans:
            self.plans.move_to_end(values)
        else:
            self.plans[values] = self._planned(values)
            if len(self.plans) > MOST_PLANS:
                self.plans.popitem(last=False)
        lane, plan, self.own = self.plans[values]
        for here, there in zip(lane.state.plan, plan, strict=True):
            here[...] = there
        self.lane, self.seated = lane, values

    def _planned(self, values: tuple[Any, ...]) -> tuple[Simulation, Plan, NDArray[np.bool_]]:
        scenario = self.base.replace(dict(zip(self.slow, values, strict=True))) if values else self.base
        plan, own = make_plan(scenario), np.zeros(0, np.bool_)
        if "work.automation" in self.quick:
            # Departments with an automation of their own keep it: which ones, two plans tell.
            plans = [make_plan(scenario.replace({"work.automation": share})) for share in (0.0, 1.0)]
            own = plans[0].automation != plans[1].automation
        room = {n: bool(v) if n == "people.hiring" else int(v) if n == "people.k_in" else v for n, v in self.spec.room}
        roomy = scenario.replace(room) if room else scenario
        shape = (*capacity(roomy, self.spec.weeks), scenario.dimensions, *(array.shape for array in plan))
        if shape in self.lanes:
            self.lanes.move_to_end(shape)
        else:
            self.lanes[shape] = Simulation(roomy, self.spec.weeks)
            if len(self.lanes) > MOST_LANES:
                _, gone = self.lanes.popitem(last=False)
                for key in [key for key, kept in self.plans.items() if kept[0] is gone]:
                    del self.plans[key]
        return self.lanes[shape], plan, own


def prepared(bench: Bench, block: Block) -> tuple[list[tuple[Any, ...]], Floats, Floats | None]:
    """Return by run the values that need another plan, those that go into its array, and the share of automation."""
    slow = list(zip(*(block.columns[name].tolist() for name in bench.slow), strict=True))
    columns = []
    for name in bench.quick:
        column = block.columns[name].astype(np.float64)
        columns += [base + slope * column for base, slope in SCARCITY.values()] if name == "scarcity" else [column]
    quick = np.column_stack(columns) if columns else np.zeros((len(block.points), 0))
    automation = block.columns["work.automation"].astype(np.float64) if "work.automation" in bench.quick else None
    return slow or [()] * len(block.points), quick, automation


@cache
def _targets() -> dict[str, tuple[str, ...]]:
    """Return the parameters that a name sets, for all names that set nothing else."""
    return {"scarcity": tuple(SCARCITY), **{name: (name,) for name in parameter_names()}}
