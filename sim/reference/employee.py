"""Employees: what somebody believes, misreads, prefers and feels, and what follows from it for the week."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.reference.directions import Vector, carried_on, clamp, length_of, misfit, noise_to_signal, unit

if TYPE_CHECKING:
    from sim.reference.department import Department
    from sim.reference.firm import ReferenceFirm


class Employee(mesa.Agent):
    """A post and who holds it.

    Attributes
    ----------
    belief
        b_i, the direction believed in; its length, at most 1, is conviction.
    preference
        p_i, the own preference, a unit vector.
    deviation
        xi_i, the personal deviation, N(0, I); it goes on in a vacant post.
    frame
        zeta_i, what somebody misreads into the head's words: N(0, I), and lasting where founder.frame is above 0.
    temper
        tau_i, N(0, 1): how much more cheerful than others somebody is.
    engagement
        e_i, from 0 to 1.
    filled
        Whether somebody holds the post.
    weeks_worked
        u, full weeks worked by somebody who filled a vacant post; None for founders and people who were merged in.
    rowing
        x_i, the direction rowed in this week; zero where the post was vacant.
    local_weight
        omega of this week, the weight of the department's goal in what somebody did.
    listens_to
        Colleagues with the weights of their words, whether their posts are filled or not.
    """

    model: ReferenceFirm

    def __init__(
        self,
        firm: ReferenceFirm,
        department: Department,
        *,
        belief: Vector,
        preference: Vector,
        deviation: Vector,
        frame: Vector,
        temper: float,
        filled: bool,
    ) -> None:
        super().__init__(firm)
        self.post = len(firm.employees)
        self.department = department
        self.belief = belief.copy()
        self.preference = preference.copy()
        self.deviation = deviation
        self.frame = frame
        self.temper = temper
        self.engagement = clamp(self.disposition) if filled else 0.0
        self.filled = filled
        self.weeks_worked: int | None = None
        self.rowing = np.zeros_like(belief)
        self.local_weight = 0.0
        self.listens_to: list[tuple[Employee, float]] = []
        firm.employees.append(self)
        department.people.append(self)

    @property
    def disposition(self) -> float:
        """Engagement without anything to complain about: morale + temper tau_i + climate kappa_d, above 1 a reserve."""
        p = self.model.parameters.mood
        return p.morale + p.temper * self.temper + p.climate * self.department.climate

    @property
    def attention(self) -> float:
        """1 for the engaged, 0 for the lost."""
        p = self.model.parameters.mood
        return clamp((self.engagement - p.threshold + p.ramp) / (2 * p.ramp))

    @property
    def colleagues(self) -> list[tuple[Employee, float]]:
        """Those listened to whose posts are filled, with weights."""
        return [(colleague, weight) for colleague, weight in self.listens_to if colleague.filled]

    @property
    def output(self) -> float:
        """w_i: what somebody gets done, less while disengaged or new (from half to full over ramp_up weeks)."""
        p = self.model.parameters
        output = 1 - p.work.disengagement_cost * (1 - self.engagement)
        if self.weeks_worked is not None and p.people.ramp_up > 0:
            output *= 0.5 + 0.5 * min(1.0, self.weeks_worked / p.people.ramp_up)
        return output

    def belief_after_talk(self, broadcast: bool) -> Vector:
        """Return the belief after a week's talk and forgetting.

        Colleagues pull as in Friedkin & Johnsen (1990), Social influence and opinions; in a broadcast week the head's
        words do too. Everybody forgets, and the inattentive drift, back to their own preference.
        """
        p, free, attention = self.model.parameters, self.department.free, self.attention
        new = self.belief.copy()
        if attention > 0 and p.people.social > 0:
            colleagues = self.colleagues
            if colleagues:
                total = sum(weight for _, weight in colleagues)
                mean = sum((weight * c.belief for c, weight in colleagues), np.zeros_like(new)) / total
                new = new + attention * p.people.social * free * (mean - self.belief)
        if attention > 0 and p.people.persuasion > 0 and broadcast:
            new = new + attention * p.people.persuasion * free * (self.words_of_the_head() - self.belief)
        if attention < 1 and p.mood.drift > 0:
            new = new + (1 - attention) * p.mood.drift * (self.preference - self.belief)
        if p.people.forgetting > 0:
            new = new + p.people.forgetting * (self.preference - self.belief)
        return unit(new) if length_of(new) > 1 else new  # conviction is at most 1

    def words_of_the_head(self) -> Vector:
        """Return what arrives of the head's understanding: as long as it, turned by every layer and by the own frame."""
        head = self.department.understanding
        ratio = noise_to_signal(self.model.parameters.people.relay)
        if ratio == 0:
            return head
        misread = self.frame / math.sqrt(len(head))
        return length_of(head) * unit(unit(head) + ratio * math.sqrt(self.department.layers) * misread)

    def deviate(self, noise: Vector) -> None:
        """Let the personal deviation go on; it does so in vacant posts too."""
        self.deviation = carried_on(self.deviation, self.model.parameters.people.autonomy_memory, noise)

    def row(self) -> None:
        """Row between belief and the department's goal, with a personal deviation.

        x_i = unit(unit((1 - omega) unit(b_i) + omega g_d) + autonomy xi_i/sqrt(D - 1)).
        """
        autonomy, omega = self.department.autonomy, self.department.local_weight
        self.local_weight = omega
        meant = unit(self.belief)
        if omega > 0:
            meant = unit((1 - omega) * meant + omega * self.department.goal)
        if autonomy > 0:
            meant = unit(meant + autonomy * self.deviation / math.sqrt(len(meant) - 1))
        self.rowing = meant

    def engagement_after_feeling(self) -> float:
        """Return the engagement that disposition, conflict, rework, overload and lost colleagues leave."""
        p, department = self.model.parameters.mood, self.department
        if p.mood == 0:
            return self.engagement
        target = self.disposition
        if p.strain > 0:
            conflict = self.local_weight * misfit(unit(self.belief), department.goal)
            target -= p.strain * (conflict + department.rework + department.overload / 2)
        if p.contagion > 0:
            colleagues = self.colleagues
            if colleagues:
                total = sum(weight for _, weight in colleagues)
                target -= p.contagion * sum(weight * (1 - c.attention) for c, weight in colleagues) / total
        return self.engagement + p.mood * (clamp(target) - self.engagement)
