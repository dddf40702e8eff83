"""The firm: who is founded, who joins, and what is noted of its weeks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine import streams
from sim.measures.series import SERIES
from sim.reference.department import Department, Initiative
from sim.reference.directions import Vector, turned, unit
from sim.reference.employee import Employee
from sim.reference.founder import Founder
from sim.reference.happenings import default_dependencies
from sim.reference.market import Market
from sim.reference.measured import measured
from sim.reference.money import stress_at
from sim.reference.parameters import Parameters
from sim.reference.ties import drawn_colleagues
from sim.reference.week import live_a_week
from sim.scenario.events import Department as DepartmentPlan
from sim.scenario.model import Scenario

JOINING = (
    streams.GOAL,
    streams.TIES,
    streams.PREFERENCE,
    streams.FIRST_DEVIATION,
    streams.FIRST_FRAME,
    streams.FIRST_HEAD_FRAME,
    streams.TEMPER,
    streams.CLIMATE,
    streams.FIRST_DEMAND,
)
"""What firm, departments and people bring when they start, keyed by who they are and not by the week."""


class ReferenceFirm(mesa.Model):
    """A firm that rows towards a moving market.

    Where the scenario gives it a past, that is lived before the constructor returns; `step` lives week 0 first.

    Parameters
    ----------
    scenario
        What varies and what happens.
    seed, replicate
        Which run: the two keys of all its luck.
    talk
        How people talk: "together", from last week's beliefs, as the specification says; or "in turn", in an order drawn
        anew each week, so that those who come later hear what was said this week.

    Attributes
    ----------
    week
        The week to be lived next, counted from 0; below 0 in the past.
    closed
        The week at whose end the firm closed, or None.
    customers, satisfaction, cash, stress
        N, S (None until the first week's experience sets it), cash in weeks of initial cost, and stress.
    coherence, leavers
        Of the last week lived.
    series
        The weekly values by name, one list each, as long as the firm lived.

    Raises
    ------
    ValueError
        If the scenario is uncertain: a model sees values, not distributions.

    Examples
    --------
    >>> from sim.scenario import Scenario
    >>> firm = ReferenceFirm(Scenario(headcount=8), seed=1)
    >>> for _ in range(3):
    ...     firm.step()
    >>> len(firm.series["coherence"])
    3
    """

    def __init__(
        self, scenario: Scenario, seed: int = 1, replicate: int = 0, talk: Literal["together", "in turn"] = "together"
    ) -> None:
        super().__init__(rng=int(seed))
        if scenario.is_uncertain:
            raise ValueError(
                f"scenario {scenario.name!r} leaves {len(scenario.uncertain) or 'a table of'} fields uncertain: "
                "draw a firm from it first, with sim.uncertain.drawn(scenario, seed, replicate)"
            )
        self.talk = talk
        self.plan = scenario  # Mesa has a `scenario` of its own
        self.luck = (int(seed), int(replicate))
        self.parameters = Parameters(scenario)
        self.dimensions = scenario.dimensions
        self.week = -scenario.spin_up
        self.in_first_week = True
        self.closed: int | None = None
        self.series: dict[str, list[float]] = {name: [] for name in SERIES}

        first_axis = np.zeros(self.dimensions)
        first_axis[0] = 1.0
        self.market = Market(first_axis, demand=self.draws(streams.FIRST_DEMAND).standard_normal())
        self.founder = Founder(first_axis, self.parameters)
        self.departments: list[Department] = []
        self.employees: list[Employee] = []
        self.people_at_work: list[Employee] = []
        self.initiatives: list[Initiative] = []
        self.goes_back: list[tuple[int, Callable[[], object]]] = []

        self.customers = 1.0
        self.satisfaction: float | None = None
        self.cash = self.parameters.money.buffer
        self.stress = 0.0 if self.in_the_past else stress_at(self.cash, self.parameters)
        self.other = 0.0
        self.meetings = 0
        self.broadcast = False
        self.coherence = 0.0
        self.reports = 0
        self.leavers = 0
        self.full_weeks = 0
        self.delivered = first_axis
        self.thrust = self.gap = self.churn = self.newcomers = self.attraction = self.limit = 0.0
        self.orders = self.throughput = self.worst_overload = self.revenue = self.costs = 0.0
        self.forgone = self.drawn = self.owners_part = 0.0
        self._found()
        while self.in_the_past:
            live_a_week(self)

    def _found(self) -> None:
        for plan, posts in zip(self.plan.departments, self.plan.headcounts, strict=True):
            department = self.new_department(plan, spread_from=self.founder.vision, direction=self.founder.vision)
            department.planned_posts = posts
            belief = self.founder.vision if plan.belief is None else np.array(self.plan.direction(plan.belief))
            for _ in range(posts):
                person = self.new_post(department, belief=belief)
                if plan.engagement is not None:
                    person.engagement = plan.engagement
        self.founding_posts = len(self.employees)
        if self.plan.dependencies is not None:
            self.dependencies = [list(row) for row in self.plan.dependencies]
        else:
            self.dependencies = default_dependencies(len(self.departments))
        if self.plan.links is not None:
            for listener, speaker, *weight in self.plan.links:
                link = (self.employees[int(speaker)], float(weight[0]) if weight else 1.0)
                self.employees[int(listener)].listens_to.append(link)
        else:
            for person in self.employees:
                person.listens_to = [(colleague, 1.0) for colleague in drawn_colleagues(self, person)]

    # -- the calendar and its luck

    @property
    def in_the_past(self) -> bool:
        """Whether the week to be lived is before week 0."""
        return self.week < 0

    @property
    def calendar(self) -> int:
        """The week as streams count it: weeks of the past modulo 2^64."""
        return self.week % 2**64

    def draws(self, decision: np.uint64, post: int = 0) -> np.random.Generator:
        """Return this week's stream of a decision; what people and departments bring when they join has week 0."""
        return streams.stream(*self.luck, decision, 0 if decision in JOINING else self.calendar, post)

    def step(self) -> None:
        """Live one week; a firm that is closed stays as it is."""
        if self.closed is None:
            live_a_week(self)
            self.running = self.closed is None and self.week < self.plan.weeks

    # -- who joins

    def new_department(self, plan: DepartmentPlan, spread_from: Vector, direction: Vector) -> Department:
        """Add a department whose goal lies off `spread_from` and that has practised `direction` so far."""
        index = len(self.departments)
        if plan.goal is not None:
            goal = np.array(self.plan.direction(plan.goal))
        else:
            z = self.draws(streams.GOAL, index).standard_normal(self.dimensions)
            goal = turned(spread_from, self.parameters.people.goal_spread, z)
        frame = self.draws(streams.FIRST_HEAD_FRAME, index).standard_normal(self.dimensions)
        climate = self.draws(streams.CLIMATE, index).standard_normal()
        department = Department(self, plan, goal, direction, frame, climate)
        self.departments.append(department)
        return department

    def new_post(
        self, department: Department, *, belief: Vector, preference: Vector | None = None, filled: bool = True
    ) -> Employee:
        """Add a post at the end; its preference is drawn unless given."""
        post = len(self.employees)
        if preference is None:
            preference = unit(self.draws(streams.PREFERENCE, post).standard_normal(self.dimensions))
        return Employee(
            self,
            department,
            belief=belief,
            preference=preference,
            deviation=self.draws(streams.FIRST_DEVIATION, post).standard_normal(self.dimensions),
            frame=self.draws(streams.FIRST_FRAME, post).standard_normal(self.dimensions),
            temper=self.draws(streams.TEMPER, post).standard_normal(),
            filled=filled,
        )

    # -- what we look at

    def filled(self) -> list[Employee]:
        """Return the people: the filled posts in order."""
        return [e for e in self.employees if e.filled]

    def mean_over_posts(self, values: list[float]) -> float:
        """Return the mean of the departments' values, weighted with their open posts."""
        return sum(d.posts * value for d, value in zip(self.departments, values, strict=True)) / len(self.employees)

    def record(self) -> None:
        """Note the week: people are those who were at work, with their new engagement."""
        values = measured(self)
        for name in SERIES:
            self.series[name].append(float(values[name]))

    def by_post(self) -> dict[str, NDArray[np.float64] | NDArray[np.bool_] | NDArray[np.int64]]:
        """Return what employees hold now, one row per post."""
        return {
            "belief": np.array([e.belief for e in self.employees]),
            "preference": np.array([e.preference for e in self.employees]),
            "frame": np.array([e.frame for e in self.employees]),
            "engagement": np.array([e.engagement for e in self.employees]),
            "rowing": np.array([e.rowing for e in self.employees]),
            "filled": np.array([e.filled for e in self.employees]),
            "department": np.array([e.department.index for e in self.employees]),
        }

    def by_department(self) -> dict[str, NDArray[np.float64]]:
        """Return what departments hold now, one row per department."""
        return {
            "goal": np.array([d.goal for d in self.departments]),
            "functional_goal": np.array([d.functional_goal for d in self.departments]),
            "understanding": np.array([d.understanding for d in self.departments]),
            "automation_direction": np.array([d.automation_direction for d in self.departments]),
            "backlog": np.array([d.backlog for d in self.departments]),
            "delivered": np.array([d.delivered for d in self.departments]),
        }

    def of_the_firm(self) -> dict[str, NDArray[np.float64]]:
        """Return what market, founder and firm hold now."""
        return {
            "market": self.market.direction.copy(),
            "norm": self.market.norm.copy(),
            "vision": self.founder.vision.copy(),
            "cash": np.array(self.cash),
            "satisfaction": np.array(np.nan if self.satisfaction is None else self.satisfaction),
        }


def run_to_the_end(scenario: Scenario, seed: int, replicate: int = 0) -> ReferenceFirm:
    """Return the firm after its last week, or closed."""
    firm = ReferenceFirm(scenario, seed, replicate)
    while firm.running:
        firm.step()
    return firm


def reference_run(scenario: Scenario, seed: int, replicate: int = 0) -> dict[str, NDArray[np.float64]]:
    """Return the weekly series of a run by name, to the end or to closing."""
    firm = run_to_the_end(scenario, seed, replicate)
    return {name: np.array(values) for name, values in firm.series.items()}
