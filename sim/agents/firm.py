"""The Mesa face: a firm, its founder, departments and employees as live, writable views on the engine's arrays.

`Firm` steps the same compiled rules as everything else, so that a run stepped here is the same run, bit for bit.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import mesa
import numpy as np
from mesa.agentset import AgentSet
from mesa.datacollection import DataCollector
from pydantic import ValidationError

from sim.agents.collector import recorded
from sim.agents.phases import Phases
from sim.agents.views import Department, Employee, Founder
from sim.measures.series import SERIES
from sim.rules.week import PHASES, live
from sim.scenario import Scenario, load
from sim.simulate import Simulation, department_names
from sim.state import Floats, recording
from sim.uncertain import drawn


class Firm(mesa.Model):
    """A firm as a Mesa model, stepped week by week.

    Parameters
    ----------
    scenario
        What to run: a scenario, or the name or path of one.
    seed, replicate
        The luck, as in `sim.simulate.run`: the same numbers give the same run; a seed of None is drawn, and kept.
    weeks, rng
        Another length than the scenario's; Mesa's word for the seed.
    model_reporters, agent_reporters
        As Mesa's DataCollector takes them, collected after every step; left out, it holds the measures of all weeks.

    Attributes
    ----------
    state
        The engine's arrays (`sim.state.State`).
    phases
        The visible order of the week; insert plain Python phases anywhere.
    employees, departments : AgentSet
    founder : Founder
    """

    def __init__(
        self,
        scenario: Scenario | str | None = None,
        seed: int | None = 0,
        replicate: int = 0,
        weeks: int | None = None,
        rng: int | None = None,
        model_reporters: dict[str, Any] | None = None,
        agent_reporters: dict[str, Any] | None = None,
    ) -> None:
        given = seed if rng is None else rng
        self.seed = secrets.randbits(62) if given is None else int(given)
        super().__init__(rng=self.seed)
        self.replicate = int(replicate)
        chosen = load(scenario) if isinstance(scenario, str) else scenario
        self.plan = Scenario() if chosen is None else drawn(chosen, self.seed, self.replicate)
        self._lane = Simulation(self.plan, weeks)
        self._lane.found(self.seed, self.replicate)
        self.state = self._lane.state
        self.weeks = self._lane.weeks
        self.phases = Phases()
        series, departments = recording(1, self.weeks, len(self.state.departments.posts))
        self._series: Floats = series[0]
        self._departments: Floats = departments[0]
        self._names = department_names(self.plan)
        asked = model_reporters or agent_reporters
        self._collector = DataCollector(model_reporters, agent_reporters) if asked else None
        self.founder = Founder(self)
        self.department_list: list[Department] = []
        self._by_post: list[Employee | None] = []
        self._occupants = np.full(len(self.state.people.occupant), -1, np.int64)
        self.meet()

    @property
    def datacollector(self) -> DataCollector:
        """Mesa's record of the steps: what the reporters given collected, else the measures of all weeks lived."""
        return self._collector if self._collector is not None else recorded(self.series, self.week)

    @datacollector.setter
    def datacollector(self, collector: DataCollector) -> None:
        self._collector = collector

    @property
    def employees(self) -> AgentSet[Employee]:
        """Everybody who is there now."""
        self.meet()
        return self._of(Employee)

    @property
    def departments(self) -> AgentSet[Department]:
        """The departments that exist now."""
        self.meet()
        return self._of(Department)

    @property
    def agents(self) -> Any:
        """Founder, departments and employees."""
        self.meet()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """Founder, departments and employees, each kind for itself."""
        self.meet()
        return super().agents_by_type

    def holder(self, post: int) -> Employee | None:
        """Return who holds a post, or None while it is vacant."""
        self.meet()
        return self._by_post[post]

    def holders(self, posts: Iterable[int]) -> AgentSet[Employee]:
        """Return who holds some posts; vacant ones are left out."""
        self.meet()
        people = (self._by_post[post] for post in posts)
        return AgentSet([p for p in people if p is not None], random=self.random)

    @property
    def week(self) -> int:
        """The week that comes next: the number of weeks lived."""
        return int(self.state.firm["week"][0])

    @property
    def closed(self) -> int | None:
        """The week in which the firm closed, or None."""
        week = int(self.state.firm["closed"][0])
        return None if week < 0 else week

    @property
    def alive(self) -> bool:
        """Whether there is a next week: the firm has not closed, and the run is not over."""
        return self.closed is None and self.week < self.weeks

    @property
    def market(self) -> Floats:
        """Where customers want to go, a unit vector; writable."""
        return self.state.market

    @property
    def now(self) -> dict[str, float]:
        """Last week's measures, by the names of `sim.measures.series.SERIES`."""
        return dict(zip(SERIES, self.state.now_values.tolist(), strict=True))

    @property
    def series(self) -> dict[str, Floats]:
        """Measures of all weeks lived, name -> (weeks,)."""
        return {name: self._series[: self.week, i] for i, name in enumerate(SERIES)}

    @property
    def department_series(self) -> Floats:
        """Measures of the departments in all weeks lived, (weeks, departments, measures)."""
        return self._departments[: self.week]

    def __getattr__(self, name: str) -> Any:
        """Return last week's measure of that name, so that Mesa's DataCollector takes the names of measures."""
        if name in SERIES and "state" in self.__dict__:
            return float(self.state.now[name][0])
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def parameter(self, name: str) -> float:
        """Return the present value of a parameter, such as ``founder.clarity``."""
        return float(self.state.params[self._field(name)][0])

    def set(self, name: str, value: float) -> None:
        """Set a parameter from now on; ValueError if it is unknown or out of its bounds."""
        from sim.scenario.errors import phrase
        from sim.scenario.parameters import FOUNDING_ONLY, GROUPS

        field = self._field(name)
        if name in FOUNDING_ONLY:
            raise ValueError(f"{name} is read only when the firm is founded; {FOUNDING_ONLY[name]}")
        try:
            checked = GROUPS[name.split(".")[0]].model_validate({field: value})
        except ValidationError as error:
            raise ValueError(f"{name} = {value} {phrase(error.errors()[0])}") from None
        self.state.params[field] = float(getattr(checked, field))

    def step(self) -> None:
        """Live one week, phase by phase; after the end or the closing, nothing happens."""
        if not self.alive:
            return
        series, departments = self._series, self._departments
        if self.phases.standard:
            live(self._lane.box, 1, 0, len(PHASES), series, departments)
        else:
            for first, last, phase in self.phases.segments():
                if phase is None:
                    live(self._lane.box, 1, first, last, series, departments)
                else:
                    phase(self)
        self._lane.check()
        if self._collector is not None:
            self._collector.collect(self)
        self.running = self.alive  # Mesa's own word for it

    def run(self) -> Firm:
        """Step to the end; return the firm."""
        while self.alive:
            self.step()
        return self

    @staticmethod
    def _field(name: str) -> str:
        from sim.scenario.errors import nearest
        from sim.scenario.parameters import parameter_names

        if name not in parameter_names():
            raise ValueError(f"{name!r} is not a parameter{nearest(name, parameter_names())}")
        return name.split(".")[1]

    def _of(self, kind: type[Any]) -> AgentSet[Any]:
        return self._agents_by_type.get(kind) or AgentSet([], random=self.random)

    def meet(self) -> None:
        """Make agents for who and what is new, and remove those who left. Agents are met only when asked for."""
        people, counts = self.state.people, self.state.firm
        while len(self.department_list) < counts["departments"][0]:
            row = len(self.department_list)
            self.department_list.append(Department(self, row, self._names[row]))
        present = np.where(people.filled, people.occupant, -1)
        changed = np.flatnonzero(present != self._occupants)
        if len(changed) == 0:
            return
        self._by_post += [None] * (int(counts["posts"][0]) - len(self._by_post))
        for post in changed.tolist():
            before = self._by_post[post]
            if before is not None:
                before.remove()
            self._by_post[post] = Employee(self, post) if people.filled[post] else None
        self._occupants = present
