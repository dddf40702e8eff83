"""Departments: goal, head, automation, backlog, and the projects that run in them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

from sim.reference.directions import Vector, unit
from sim.scenario.events import Department as DepartmentPlan
from sim.scenario.events import Initiative as InitiativePlan

if TYPE_CHECKING:
    from sim.reference.employee import Employee
    from sim.reference.firm import ReferenceFirm


class Department(mesa.Agent):
    """A department; `people` are its posts, filled or vacant.

    Attributes
    ----------
    goal, functional_goal
        g_d, what its people are rewarded for, and g0_d, to which rewards relapse.
    understanding
        h_d, the head's understanding of the vision; short where messages conflicted.
    frame
        zeta_d, what the head misreads into the vision: N(0, I), and lasting where founder.frame is above 0.
    climate
        kappa_d, N(0, 1): how much more cheerful than elsewhere people are here.
    practice, doing
        Mean direction that its people row in, kept where nobody is there; and v_d, the same with side business.
    delivered
        X_d, what it hands on: practice, side business and automation together.
    finished
        Cumulative sum of done/h0, the work that it has finished, in weeks of initial customers.
    """

    model: ReferenceFirm

    def __init__(
        self, firm: ReferenceFirm, plan: DepartmentPlan, goal: Vector, direction: Vector, frame: Vector, climate: float
    ) -> None:
        super().__init__(firm)
        self.index = len(firm.departments)
        self.name = plan.name
        self.role = plan.role
        self.own_incentive = plan.incentive
        self.own_autonomy = plan.autonomy
        self.own_voice = plan.voice
        self.automation: float = plan.automation if plan.automation is not None else firm.parameters.work.automation
        self.goal = goal.copy()
        self.functional_goal = goal.copy()
        self.understanding = direction.copy()
        self.frame = frame
        self.climate = climate
        self.automation_direction = direction.copy()
        self.practice = direction.copy()
        self.doing = direction.copy()
        self.delivered = direction.copy()
        self.people: list[Employee] = []
        self.planned_posts = 0  # posts at the founding or merger: the measure of its customers' work
        self.side_business: Vector | None = None
        self.side_weeks_left = 0
        self.rework = 0.0
        self.load = 0.0
        self.capacity = 0.0
        self.done = 0.0
        self.success = 1.0  # factor that finished initiatives leave behind
        self.backlog = 0.0
        self.overload = 0.0
        self.finished = 0.0

    @property
    def posts(self) -> int:
        """Open posts, filled or vacant."""
        return len(self.people)

    @property
    def incentive(self) -> float:
        """Weight of the goal without stress: its own, else the firm's."""
        return self.own_incentive if self.own_incentive is not None else self.model.parameters.people.incentive

    @property
    def autonomy(self) -> float:
        """Size of personal deviations, in radians: its own, else the firm's."""
        return self.own_autonomy if self.own_autonomy is not None else self.model.parameters.people.autonomy

    @property
    def voice(self) -> float:
        """Probability that an attentive employee reports a result: its own, else the firm's."""
        return self.own_voice if self.own_voice is not None else self.model.parameters.founder.voice

    @property
    def layers(self) -> int:
        """The least L >= 1 with span^L >= headcount."""
        layers = 1
        while self.model.parameters.people.span**layers < self.posts:
            layers += 1
        return layers

    @property
    def free(self) -> float:
        """Share of talk that stress and overload leave, both of last week while people talk."""
        return 1 - self.model.parameters.money.squeeze * min(1.0, max(self.model.stress, self.overload))

    @property
    def local_weight(self) -> float:
        """Weight omega of the goal in what people do, from last week's stress while people row.

        Under stress people retreat to their own targets (threat-rigidity, Staw, Sandelands & Dutton 1981), or the
        centre takes over where rigidity is below 0.
        """
        rigidity, stress = self.model.parameters.money.rigidity, self.model.stress
        if rigidity >= 0:
            return self.incentive + (1 - self.incentive) * rigidity * stress
        return self.incentive * (1 + rigidity * stress)

    @property
    def work_per_customers(self) -> float:
        """h0: work that one unit of customers makes."""
        p = self.model.parameters.work
        return self.planned_posts * (1 - p.reference_rework) / (1 + p.slack)

    def what_the_head_hears(self, vision: Vector, ratio: float) -> Vector:
        """Return the vision as it arrives, unit(V + nu(clarity) zeta_d/sqrt(D)); `ratio` is nu(clarity)."""
        if ratio == 0:
            return vision
        return unit(vision + ratio * self.frame / math.sqrt(len(vision)))


class Initiative:
    """A project that runs in some departments."""

    def __init__(self, plan: InitiativePlan, departments: list[Department]) -> None:
        self.plan = plan
        self.departments = departments
        self.progress = 0.0
        self.weeks_left = plan.deadline
