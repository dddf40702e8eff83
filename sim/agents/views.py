"""The Mesa face: a firm, its founder, departments and employees as live, writable views on the engine's arrays.

`Firm` steps the same compiled rules as everything else, so that a run stepped here is the same run, bit for bit. Agents hold
no numbers of their own: they read and write the engine's arrays, which are never rebound. An employee is a person: when somebody
leaves, their agent is removed, and who fills the post is a new agent.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import mesa
import numpy as np
from mesa.agentset import AgentSet
from mesa.datacollection import DataCollector
from numpy.typing import NDArray
from pydantic import ValidationError

from sim.agents.collector import recorded
from sim.agents.phases import Phases
from sim.measures.series import SERIES
from sim.rules.week import PHASES, live
from sim.scenario import Scenario, load
from sim.simulate import Simulation, department_names
from sim.state import ROLES, Floats, recording
from sim.uncertain import drawn

_ROLE_NAMES = {number: name for name, number in ROLES.items()}


def _view(part: str, name: str, meaning: str, writable: bool = True) -> Any:
    """Return a property that reads and writes row `row` of one of the engine's arrays."""

    def read(agent: Any) -> Any:
        return getattr(getattr(agent.model.state, part), name)[agent.row]

    def write(agent: Any, value: Any) -> None:
        getattr(getattr(agent.model.state, part), name)[agent.row] = value

    return property(read, write if writable else None, doc=meaning)


def _own(name: str, firms: str, meaning: str) -> Any:
    """Return a property of departments: their own value where they have one, else the firm's parameter."""

    def read(agent: Any) -> float:
        own = float(getattr(agent.model.state.departments, name)[agent.row])
        return float(agent.model.parameter(firms)) if np.isnan(own) else own

    def write(agent: Any, value: float) -> None:
        getattr(agent.model.state.departments, name)[agent.row] = value

    return property(read, write, doc=f"{meaning}: its own, or the firm's where it has none.")


class Employee(mesa.Agent):
    """A person in a post.

    Directions are arrays of shape (D,) that share the engine's memory: writing into them changes the firm.

    Raises
    ------
    LookupError
        When read or written after the person has left.
    """

    model: Firm
    belief = _view("people", "belief", "What the person believes in; the length, at most 1, is conviction.")
    preference = _view("people", "preference", "Where the person would go without anybody's word.")
    deviation = _view("people", "deviation", "Personal deviation, of about length sqrt(D).")
    frame = _view(
        "people", "frame", "What the person misreads, of about length sqrt(D); kept up where founder.frame > 0."
    )
    rowing = _view("people", "rowing", "The direction rowed in, last week's outside the week.")
    engagement = _view("people", "engagement", "Engagement in [0, 1].")
    temper = _view("people", "temper", "How cheerful the person is, a standard normal over people.")
    newcomer = _view("people", "newcomer", "Whether the person came to fill a vacant post.", False)
    attention = _view("people", "attention", "Attention in [0, 1] when people last felt; it follows engagement.", False)

    def __init__(self, model: Firm, post: int) -> None:
        super().__init__(model)
        self.post = post
        self._nth = int(model.state.people.occupant[post])

    @property
    def gone(self) -> bool:
        """Whether the person has left the firm."""
        people = self.model.state.people
        return not people.filled[self.post] or int(people.occupant[self.post]) != self._nth

    @property
    def row(self) -> int:
        """The post, as a row of the engine's arrays."""
        if self.gone:
            raise LookupError(f"employee {self.unique_id} has left the firm; ask firm.employees for who is there")
        return self.post

    @property
    def department(self) -> Department:
        """The department of the person's post."""
        self.model.meet()
        return self.model.department_list[int(self.model.state.people.department[self.row])]

    @property
    def colleagues(self) -> AgentSet[Employee]:
        """The people whom this one listens to (vacant posts are left out)."""
        ties, row = self.model.state.ties, self.row
        speakers = ties.speaker[ties.start[row] : ties.start[row + 1]]
        return self.model.holders(speakers.tolist())

    def remove(self) -> None:
        """Leave the firm; the post falls vacant. Mesa's way to take an agent out of a model."""
        if not self.gone:
            self.model.state.people.filled[self.post] = False
        super().remove()

    @property
    def tenure(self) -> int:
        """Weeks that the person has worked in the firm."""
        return max(0, self.model.week - int(self.model.state.people.since[self.row]))

    @property
    def disengaged(self) -> bool:
        """Whether at least half of the attention is gone."""
        return bool(self.engagement <= self.model.parameter("mood.threshold"))

    @property
    def alignment(self) -> float:
        """Cosine of the direction rowed in with the vision."""
        return float(self.rowing @ self.model.state.vision)


class Department(mesa.Agent):
    """A department: its goal, what its head understands, its work."""

    model: Firm
    goal = _view("departments", "goal", "What its people are rewarded for, a unit vector.")
    functional_goal = _view("departments", "functional_goal", "The goal to which rewards relapse, a unit vector.")
    understanding = _view("departments", "understanding", "What its head understands of the vision; short is vague.")
    frame = _view(
        "departments", "frame", "What its head misreads, of about length sqrt(D); kept up where founder.frame > 0."
    )
    climate = _view(
        "departments", "climate", "How cheerful its people are together, a standard normal over departments."
    )
    automation = _view("departments", "automation", "Automated share of its work.")
    automation_direction = _view("departments", "automation_direction", "The direction its machines work in.")
    delivered = _view("departments", "delivered", "What it delivered last, people and machines together.")
    backlog = _view("departments", "backlog", "Work waiting, in person-weeks.")
    overload = _view("departments", "overload", "q/(2+q) for the backlog q in weeks of initial work.")
    rework = _view("departments", "rework", "Share of work done again.")
    capacity = _view("departments", "capacity", "Work it could do last week, in person-weeks.")
    posts = _view("departments", "posts", "Its posts, filled or vacant.")

    def __init__(self, model: Firm, row: int, name: str) -> None:
        super().__init__(model)
        self.row = row
        self.name = name

    @property
    def role(self) -> str:
        """Promise, deliver or support."""
        return _ROLE_NAMES[int(self.model.state.departments.role[self.row])]

    @property
    def members(self) -> AgentSet[Employee]:
        """The people in it now."""
        state = self.model.state
        return self.model.holders(np.flatnonzero(state.people.filled & (state.people.department == self.row)).tolist())

    incentive = _own("incentive", "people.incentive", "Weight of its goal in what its people do")
    autonomy = _own("autonomy", "people.autonomy", "Size of its people's personal deviations")
    voice = _own("voice", "founder.voice", "Probability that its attentive people report a result")

    @property
    def alignment(self) -> float:
        """Cosine of what it delivers with the vision."""
        length = float(np.linalg.norm(self.delivered))
        return float(self.delivered @ self.model.state.vision) / length if length > 0 else 0.0


class Founder(mesa.Agent):
    """The founder: believes that the market lies where the vision points, more or less surely."""

    model: Firm

    @property
    def vision(self) -> Floats:
        """Where the founder points, a unit vector; writable."""
        return self.model.state.vision

    @vision.setter
    def vision(self, value: NDArray[np.float64]) -> None:
        self.model.state.vision[:] = value

    @property
    def founding_vision(self) -> Floats:
        """Where the founder pointed at first; writable."""
        return self.model.state.founding_vision

    @property
    def uncertainty(self) -> Floats:
        """Covariance of the founder's belief about the market, (D, D); writable."""
        return self.model.state.uncertainty

    @uncertainty.setter
    def uncertainty(self, value: NDArray[np.float64]) -> None:
        self.model.state.uncertainty[:] = value

    @property
    def error(self) -> float:
        """How far the founder supposes the vision to be from the market, in radians (root mean square)."""
        return float(np.sqrt(np.trace(self.model.state.uncertainty)))

    @property
    def gone(self) -> bool:
        """Whether the founder has left."""
        return bool(self.model.state.firm["founder_gone"][0])


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
