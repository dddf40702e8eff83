"""Who is in it: market, founder, departments and employees, each with what it holds and what it does alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.reference.directions import Vector, clamp, dot, noise_to_signal, unit
from sim.scenario.events import Department as DepartmentPlan
from sim.scenario.events import Initiative as InitiativePlan

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm


class Market:
    """Where customers want to go (m) and what rivals do (c)."""

    def __init__(self, direction: Vector) -> None:
        self.direction = direction.copy()
        self.norm = direction.copy()


class Founder:
    """Who points: the vision V, the founding vision V0, and last week's evidence w (None: too few reports)."""

    def __init__(self, vision: Vector) -> None:
        self.vision = vision.copy()
        self.founding_vision = vision.copy()
        self.evidence: Vector | None = None
        self.left = False


class Initiative:
    """A project that runs in some departments."""

    def __init__(self, plan: InitiativePlan, position: int, departments: list[Department]) -> None:
        self.plan = plan
        self.position = position
        self.departments = departments
        self.progress = 0.0
        self.weeks_left = plan.deadline


class Department(mesa.Agent):
    """A department: goal, head, automation, backlog; `people` are its posts, filled or vacant."""

    model: ReferenceFirm

    def __init__(self, firm: ReferenceFirm, plan: DepartmentPlan, goal: Vector, direction: Vector) -> None:
        super().__init__(firm)
        self.index = len(firm.departments)
        self.name = plan.name
        self.role = plan.role
        self.own_incentive = plan.incentive
        self.automation: float = plan.automation if plan.automation is not None else firm.parameters.work.automation
        self.goal = goal.copy()
        self.functional_goal = goal.copy()
        self.understanding = direction.copy()
        self.automation_direction = direction.copy()
        self.practice = direction.copy()  # what its people did when last somebody was there, side business apart
        self.delivered = direction.copy()
        self.people: list[Employee] = []
        self.planned_posts = 0  # posts at the founding or merger: the measure of its customers' work
        self.side_business: Vector | None = None
        self.side_weeks_left = 0
        self.rework = 0.0
        self.load = 0.0
        self.capacity = 0.0
        self.success = 1.0  # factor that finished initiatives leave behind
        self.backlog = 0.0
        self.overload = 0.0
        self.finished = 0.0  # cumulative sum of done/h0

    @property
    def posts(self) -> int:
        """Open posts, filled or vacant."""
        return len(self.people)

    @property
    def incentive(self) -> float:
        """Weight of the goal without stress: its own, else the firm's."""
        value: float = self.own_incentive if self.own_incentive is not None else self.model.parameters.people.incentive
        return value

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
        """Weight omega of the goal in what people do, from last week's stress while people row."""
        rigidity, stress = self.model.parameters.money.rigidity, self.model.stress
        if rigidity >= 0:
            return self.incentive + (1 - self.incentive) * rigidity * stress
        return self.incentive * (1 + rigidity * stress)

    @property
    def work_per_customers(self) -> float:
        """h0: work that one unit of customers makes."""
        p = self.model.parameters
        return self.planned_posts * (1 - p.work.reference_rework) / (1 + p.work.slack)


class Employee(mesa.Agent):
    """A post and who holds it."""

    model: ReferenceFirm

    def __init__(
        self,
        firm: ReferenceFirm,
        department: Department,
        *,
        belief: Vector,
        preference: Vector,
        deviation: Vector,
        engagement: float,
        filled: bool,
    ) -> None:
        super().__init__(firm)
        self.post = len(firm.employees)
        self.department = department
        self.belief = belief.copy()
        self.preference = preference.copy()
        self.deviation = deviation.copy()
        self.engagement = engagement
        self.filled = filled
        self.rowing = np.zeros_like(belief)  # direction of this week; zero where the post was vacant then
        self.local_weight = 0.0
        self.listens_to: list[tuple[Employee, float]] = []
        firm.employees.append(self)
        department.people.append(self)

    @property
    def attention(self) -> float:
        """1 for the engaged, 0 for the lost."""
        p = self.model.parameters
        return clamp((self.engagement - p.mood.threshold + p.mood.ramp) / (2 * p.mood.ramp))

    @property
    def colleagues(self) -> list[tuple[Employee, float]]:
        """Those listened to whose posts are filled, with weights."""
        return [(colleague, weight) for colleague, weight in self.listens_to if colleague.filled]

    def belief_after_talk(self, noise: Vector | None) -> Vector:
        """Return the belief after a week's talk; `noise` is that of the relay, None where there is no broadcast."""
        p, free, attention = self.model.parameters, self.department.free, self.attention
        new = self.belief.copy()
        if attention > 0 and p.people.social > 0:
            colleagues = self.colleagues
            if colleagues:
                total = sum(weight for _, weight in colleagues)
                mean = sum((weight * c.belief for c, weight in colleagues), np.zeros_like(new)) / total
                new = new + attention * p.people.social * free * (mean - self.belief)
        if attention > 0 and p.people.persuasion > 0 and noise is not None:
            new = new + attention * p.people.persuasion * free * (self.words_of_the_head(noise) - self.belief)
        if attention < 1 and p.mood.drift > 0:
            new = new + (1 - attention) * p.mood.drift * (self.preference - self.belief)
        length = math.sqrt(new @ new)
        return new / length if length > 1 else new  # conviction is at most 1

    def words_of_the_head(self, noise: Vector) -> Vector:
        """Return what arrives of the head's understanding: as long as it, turned by every layer in between."""
        head = self.department.understanding
        ratio = noise_to_signal(self.model.parameters.people.relay)
        if ratio == 0:
            return head
        eps = noise / math.sqrt(len(noise))
        return math.sqrt(head @ head) * unit(unit(head) + ratio * math.sqrt(self.department.layers) * eps)

    def deviate(self, noise: Vector) -> None:
        """Let the personal deviation go on; it does so in vacant posts too."""
        memory = self.model.parameters.people.autonomy_memory
        if memory == 0:
            self.deviation = noise.copy()
        else:
            self.deviation = memory * self.deviation + math.sqrt(1 - memory**2) * noise

    def row(self) -> None:
        """Row between belief and the department's goal, with a personal deviation."""
        autonomy, omega = self.model.parameters.people.autonomy, self.department.local_weight
        self.local_weight = omega
        meant = unit(self.belief)
        if omega > 0:
            meant = unit((1 - omega) * meant + omega * self.department.goal)
        if autonomy > 0:
            meant = unit(meant + autonomy * self.deviation / math.sqrt(len(meant) - 1))
        self.rowing = meant

    def engagement_after_feeling(self) -> float:
        """Return the engagement that conflict, rework, overload and lost colleagues leave."""
        p, department = self.model.parameters, self.department
        if p.mood.mood == 0:
            return self.engagement
        target = 1.0
        if p.mood.strain > 0:
            conflict = self.local_weight * (1 - dot(unit(self.belief), department.goal)) / 2
            target -= p.mood.strain * (conflict + department.rework + department.overload / 2)
        if p.mood.contagion > 0:
            colleagues = self.colleagues
            if colleagues:
                total = sum(weight for _, weight in colleagues)
                target -= p.mood.contagion * sum(weight * (1 - c.attention) for c, weight in colleagues) / total
        return self.engagement + p.mood.mood * (clamp(target) - self.engagement)
