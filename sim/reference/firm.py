"""The reference: the week of section 3 of the specification, sentence by sentence, one object per agent.

It knows the scenario and the streams of streams, and nothing of the compiled engine that it is to check.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Literal

import mesa
import numpy as np

from sim.engine import streams
from sim.measures.series import SERIES
from sim.reference.directions import Vector, clamp, dot, noise_to_signal, turned, unit
from sim.reference.happenings import act, default_dependencies
from sim.reference.measured import measured
from sim.reference.parameters import Parameters
from sim.reference.people import Department, Employee, Founder, Initiative, Market
from sim.reference.ties import drawn_colleagues, tie_newcomers
from sim.scenario.events import Department as DepartmentPlan
from sim.scenario.model import Scenario

RANK_TOLERANCE = 1e-9
"""Spread of dissent, root mean square per direction, below which it is rounding (directions have length 1)."""


class ReferenceFirm(mesa.Model):
    """A firm that rows towards a moving market.

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
    closed
        The week at whose end the firm closed, or None.
    series
        The weekly values by name, one list each, as long as the firm lived.
    """

    def __init__(
        self, scenario: Scenario, seed: int = 1, replicate: int = 0, talk: Literal["together", "in turn"] = "together"
    ) -> None:
        super().__init__(rng=int(seed))
        self.talk = talk
        self.plan = scenario  # Mesa has a `scenario` of its own
        self.luck = (int(seed), int(replicate))
        self.parameters = Parameters(scenario)
        self.dimensions = scenario.dimensions
        self.week = 0
        self.closed: int | None = None
        self.series: dict[str, list[float]] = {name: [] for name in SERIES}

        p = self.parameters
        first_axis = np.zeros(self.dimensions)
        first_axis[0] = 1.0
        self.market = Market(first_axis)
        self.founder = Founder(first_axis)
        self.departments: list[Department] = []
        self.employees: list[Employee] = []
        self.initiatives: list[Initiative] = []
        self.reverts: list[tuple[int, dict[str, float]]] = []

        self.customers = 1.0
        self.satisfaction: float | None = None  # the first week's experience sets it
        self.cash: float = p.money.buffer
        self.stress = clamp(1 - p.money.buffer / p.money.safety)
        self.other = 0.0
        self.coherence = 0.0
        self.full_weeks = 0
        self._found()

    def _found(self) -> None:
        for plan, posts in zip(self.plan.departments, self.plan.headcounts, strict=True):
            department = self.new_department(plan, spread_from=self.founder.vision, direction=self.founder.vision)
            department.planned_posts = posts
            belief = self.founder.vision if plan.belief is None else np.array(self.plan.direction(plan.belief))
            for _ in range(posts):
                person = self.new_employee(department, belief=belief)
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

    # -- who joins, and what the weeks need

    def draws(self, decision: np.uint64, post: int = 0) -> np.random.Generator:
        """Return this week's stream of a decision; what people and departments bring when they join has week 0."""
        joining = (streams.GOAL, streams.TIES, streams.PREFERENCE, streams.FIRST_DEVIATION)
        return streams.stream(*self.luck, decision, 0 if decision in joining else self.week, post)

    def new_department(self, plan: DepartmentPlan, spread_from: Vector, direction: Vector) -> Department:
        """Add a department whose goal lies off `spread_from` and that has practised `direction` so far."""
        if plan.goal is not None:
            goal = np.array(self.plan.direction(plan.goal))
        else:
            z = self.draws(streams.GOAL, len(self.departments)).standard_normal(self.dimensions)
            goal = turned(spread_from, self.parameters.people.goal_spread, z)
        department = Department(self, plan, goal, direction)
        self.departments.append(department)
        return department

    def new_employee(self, department: Department, belief: Vector) -> Employee:
        """Add a filled post at the end, engaged and with a preference of its own."""
        post = len(self.employees)
        preference = unit(self.draws(streams.PREFERENCE, post).standard_normal(self.dimensions))
        deviation = self.draws(streams.FIRST_DEVIATION, post).standard_normal(self.dimensions)
        return Employee(
            self, department, belief=belief, preference=preference, deviation=deviation, engagement=1.0, filled=True
        )

    def filled(self) -> list[Employee]:
        """Return the people: the filled posts in order."""
        return [e for e in self.employees if e.filled]

    def mean_over_posts(self, values: list[Any], departments: list[Department]) -> Any:
        """Return the mean of the departments' values, weighted with their open posts."""
        posts = sum(d.posts for d in departments)
        return sum(d.posts * value for d, value in zip(departments, values, strict=True)) / posts

    # -- the week

    def step(self) -> None:
        """Live one week; a firm that is closed stays as it is."""
        if self.closed is not None:
            return
        self.other = 0.0
        self.meetings = 0
        self.events_act()
        self.market_drifts()
        self.founder_steers()
        self.review_and_relapse()
        self.vision_is_broadcast()
        self.people_talk()
        self.people_row()
        self.results_speak()
        self.opportunities_come()
        self.work_is_delivered()
        self.customers_decide()
        self.money_moves()
        self.people_feel()
        self.week += 1
        self.running = self.closed is None and self.week < self.plan.weeks

    def events_act(self) -> None:
        """Events of the week act first, in the order listed; what was set until now goes back before."""
        for until, old in self.reverts:
            if until == self.week:
                self.parameters.set(old)
        seen: Counter[str] = Counter()
        for position, event in enumerate(self.plan.events):
            if event.week == self.week:
                act(self, event, seen[event.kind], position)
                seen[event.kind] += 1

    def market_drifts(self) -> None:
        """Step 1: the market drifts, and the industry norm after it."""
        p, market = self.parameters, self.market
        root = math.sqrt(self.dimensions - 1)
        if p.market.turbulence > 0:
            eta = self.draws(streams.DRIFT).standard_normal(self.dimensions) / root
            market.direction = unit(market.direction + p.market.turbulence * eta)
        if p.market.norm_speed > 0 or p.market.norm_drift > 0:
            norm = market.norm
            if p.market.norm_speed > 0:
                norm = norm + p.market.norm_speed * (market.direction - market.norm)
            if p.market.norm_drift > 0:
                norm = norm + p.market.norm_drift * self.draws(streams.NORM).standard_normal(self.dimensions) / root
            market.norm = unit(norm)

    def founder_steers(self) -> None:
        """Step 2: the founder weighs the own reading, people's results and the founding vision."""
        p, founder, market = self.parameters, self.founder, self.market
        if founder.left:
            return
        z = market.direction
        if p.market.trend_noise > 0:
            eps = self.draws(streams.TREND).standard_normal(self.dimensions) / math.sqrt(self.dimensions)
            z = z + p.market.trend_noise * eps
        if p.founder.imitation > 0:
            z = (1 - p.founder.imitation) * z + p.founder.imitation * market.norm
        w = founder.evidence if founder.evidence is not None else z
        r = (1 - p.founder.openness) * z + p.founder.openness * w
        gain = 104 ** -(1 - p.founder.agility)
        aim = (1 - p.founder.conviction) * r + p.founder.conviction * founder.founding_vision
        founder.vision = unit(founder.vision + gain * (aim - founder.vision))

    def review_and_relapse(self) -> None:
        """Step 3: leadership looks at last week's coherence and may correct rewards; rewards relapse."""
        p, vision = self.parameters, self.founder.vision
        if p.review.review_every > 0 and self.week > 0 and self.week % p.review.review_every == 0:
            self.meetings += 1
            reading = self.coherence
            if p.review.monitoring < 1:
                reading += (1 - p.review.monitoring) * self.draws(streams.MONITOR).standard_normal()
            if reading < p.review.review_target:
                self.meetings += 2
                if p.review.review_strength > 0:
                    for d in self.departments:
                        d.goal = unit(d.goal + p.review.review_strength * (vision - d.goal))
        if p.review.relapse > 0:
            for d in self.departments:
                d.goal = unit(d.goal + p.review.relapse * (d.functional_goal - d.goal))

    def vision_is_broadcast(self) -> None:
        """Step 4: each head hears the vision, more or less clearly."""
        p = self.parameters
        self.broadcast = self.week % p.founder.cadence == 0
        if not self.broadcast:
            return
        self.meetings += 1
        if p.people.persuasion == 0:
            return
        ratio = noise_to_signal(p.founder.clarity)
        noise = self.draws(streams.BROADCAST).standard_normal((len(self.departments), self.dimensions))
        for d in self.departments:
            heard = self.founder.vision
            if ratio > 0:
                heard = unit(heard + ratio * noise[d.index] / math.sqrt(self.dimensions))
            d.understanding = d.understanding + p.people.persuasion * (heard - d.understanding)

    def people_talk(self) -> None:
        """Step 5: people talk, all at once, from last week's beliefs (or one after the other, see `talk`)."""
        noise = None
        if self.broadcast:
            noise = self.draws(streams.RELAY).standard_normal((len(self.employees), self.dimensions))
        people = self.filled()
        if self.talk == "in turn":
            for i in np.random.default_rng([*self.luck, self.week]).permutation(len(people)):
                person = people[i]
                person.belief = person.belief_after_talk(noise[person.post] if noise is not None else None)
            return
        beliefs = [e.belief_after_talk(noise[e.post] if noise is not None else None) for e in people]
        for person, belief in zip(people, beliefs, strict=True):
            person.belief = belief

    def people_row(self) -> None:
        """Step 6: people row; personal deviations go on in vacant posts too."""
        noise = self.draws(streams.DEVIATION).standard_normal((len(self.employees), self.dimensions))
        for person in self.employees:
            person.deviate(noise[person.post])
            person.rowing = np.zeros(self.dimensions)
            if person.filled:
                person.row()
        people = self.filled()
        total = sum((e.rowing for e in people), np.zeros(self.dimensions))
        mean = total / len(people) if people else total
        self.coherence = math.sqrt(mean @ mean)

    def results_speak(self) -> None:
        """Step 7: the founder learns from results by Bayesian linear regression on directions."""
        p, vision, market = self.parameters, self.founder.vision, self.market.direction
        voice = self.draws(streams.VOICE).random(len(self.employees))
        luck = self.draws(streams.OUTCOME).standard_normal(len(self.employees))
        reporters = [e for e in self.filled() if voice[e.post] < p.founder.voice * e.attention]
        self.reports = n = len(reporters)
        if n < 2:
            self.founder.evidence = None
            return
        x = [e.rowing for e in reporters]
        y = [e.rowing @ market + p.market.outcome_noise * luck[e.post] for e in reporters]
        mean_x, mean_y = sum(x, np.zeros(self.dimensions)) / n, sum(y) / n
        penalty = p.market.outcome_noise**2 / (n * p.founder.doubt**2)
        if penalty > 0:
            sigma, g = np.zeros((self.dimensions, self.dimensions)), np.zeros(self.dimensions)
            for xi, yi in zip(x, y, strict=True):
                sigma += np.outer(xi - mean_x, xi - mean_x) / n
                g += (xi - mean_x) * (yi - mean_y) / n
            self.founder.evidence = np.linalg.solve(sigma + penalty * np.eye(self.dimensions), g + penalty * vision)
        else:
            # exact results: the market is known along the dissent, and the vision stays across it
            _, spread, axes = np.linalg.svd(np.array([xi - mean_x for xi in x]) / math.sqrt(n), full_matrices=False)
            known = axes[spread > RANK_TOLERANCE]
            self.founder.evidence = vision + known.T @ (known @ (market - vision))

    def opportunities_come(self) -> None:
        """Step 8: off-strategy business comes to a department, which may take it."""
        p = self.parameters
        if p.work.opportunity_rate == 0:
            return
        generator = self.draws(streams.OPPORTUNITY)
        comes, where, taken = generator.random(), generator.random(), generator.random()
        direction = unit(generator.standard_normal(self.dimensions))
        department = self.departments[int(where * len(self.departments))]
        if comes >= p.work.opportunity_rate or department.side_business is not None:
            return
        if taken < 1 - p.work.discipline * (1 - self.stress):
            self.cash += p.work.payoff
            self.other += p.work.payoff
            if p.work.diversion_weeks > 0:
                department.side_business = direction
                department.side_weeks_left = p.work.diversion_weeks

    def work_is_delivered(self) -> None:
        """Step 9: departments deliver, hand on, redo and queue."""
        p, departments = self.parameters, self.departments
        done_by_all = min(d.finished for d in departments)
        worst_last_week = max(d.overload for d in departments)
        work = dict.fromkeys(departments, 0.0)  # sum of w_i (1 - side share)
        for d in departments:
            weights = [1 - p.work.disengagement_cost * (1 - e.engagement) for e in d.people if e.filled]
            rowing = [e.rowing for e in d.people if e.filled]
            if rowing:
                total = sum((w * x for w, x in zip(weights, rowing, strict=True)), np.zeros(self.dimensions))
                d.practice = total / sum(weights)
            v = d.practice
            work[d] = sum(weights)
            if d.side_business is not None and p.work.diversion > 0:
                v = (1 - p.work.diversion) * d.practice + p.work.diversion * d.side_business
                work[d] *= 1 - p.work.diversion
            d.delivered = v
            if d.automation > 0:
                d.delivered = (1 - d.automation) * v + d.automation * d.automation_direction
            if p.work.reconfigure > 0:
                d.automation_direction = d.automation_direction + p.work.reconfigure * (v - d.automation_direction)
        for d in departments:
            builds_on = list(zip(self.dependencies[d.index], departments, strict=True))
            d.rework = 0.0
            if p.work.rework > 0:
                d.rework = min(
                    0.9, p.work.rework * sum(c * (1 - dot(d.delivered, f.delivered)) / 2 for c, f in builds_on)
                )
            d.capacity = work[d] * max(0.0, 1 - p.work.meeting_cost * self.meetings) * (1 - d.rework)
            if d.automation > 0:
                undo = sum(c * (1 - dot(d.automation_direction, f.delivered)) / 2 for c, f in builds_on)  # mu
                d.capacity *= max(0.1, 1 + p.work.automation_gain * d.automation * ((1 - undo) - p.work.cleanup * undo))
            d.capacity *= d.success
        self.initiatives_advance()
        for d in departments:
            d.load = self.customers * (1 - worst_last_week) * d.work_per_customers + d.backlog
            done = min(d.load, d.capacity)
            d.backlog = d.load - done
            q = d.backlog / d.work_per_customers
            d.overload = q / (2 + q)
            d.finished += done / d.work_per_customers
            if d.side_business is not None:
                d.side_weeks_left -= 1
                if d.side_weeks_left == 0:
                    d.side_business = None
        self.throughput = min(d.finished for d in departments) - done_by_all
        self.worst_overload = max(d.overload for d in departments)

    def initiatives_advance(self) -> None:
        """Let each initiative take its share of what is left of its departments' capacity, and end."""
        still_running = []
        for initiative in self.initiatives:
            plan = initiative.plan
            for d in initiative.departments:
                taken = plan.share * d.capacity
                initiative.progress += taken * (1 - d.rework) * max(0.0, dot(d.delivered, self.founder.vision))
                d.capacity -= taken
            initiative.weeks_left -= 1
            if initiative.progress >= plan.effort:
                for d in initiative.departments:
                    d.success *= 1 + plan.gain  # this week's capacities are made: it counts from next week
            elif initiative.weeks_left > 0:
                still_running.append(initiative)
        self.initiatives = still_running

    def customers_decide(self) -> None:
        """Step 10: customers remember, leave and come."""
        p, departments, market = self.parameters, self.departments, self.market
        self.delivered = self.mean_over_posts([d.delivered for d in departments], departments)
        self.thrust = dot(self.delivered, market.direction)
        experience = (1 - self.worst_overload) * (1 + self.thrust) / 2
        if self.satisfaction is None:
            self.satisfaction = experience
        elif p.money.memory > 0:
            self.satisfaction += p.money.memory * (experience - self.satisfaction)

        promise, deliver = self.delivered_by("promise"), self.delivered_by("deliver")
        self.attraction = (1 + dot(promise, market.direction)) / 2
        if p.market.legitimacy > 0:
            self.attraction = (1 - p.market.legitimacy) * self.attraction + p.market.legitimacy * (
                1 + dot(promise, market.norm)
            ) / 2
        self.attraction = max(0.0, self.attraction)  # rounding may leave -1e-17, which has no power
        self.gap = (1 - dot(promise, deliver)) / 2
        lost = 0.0
        if p.money.churn > 0:
            lost = p.money.churn * p.market.rivals / self.satisfaction if self.satisfaction > 0 else 0.5
        self.churn = min(0.5, lost + p.money.gap_cost * self.gap)
        appeal = self.attraction**p.market.taste
        all_appeal = appeal + (p.market.market_size - 1) * p.market.rivals**p.market.taste
        self.newcomers = p.money.churn * p.market.market_size * appeal / all_appeal if all_appeal > 0 else 0.0
        self.limit = (1 + p.work.ambition * p.work.slack) * len(self.employees) / self.founding_posts
        self.customers = min(self.customers * (1 - self.churn) + self.newcomers, self.limit)

    def delivered_by(self, role: str) -> Vector:
        """Return the posts-weighted direction of the departments of a role; X where there is none."""
        those = [d for d in self.departments if d.role == role]
        direction: Vector = self.mean_over_posts([d.delivered for d in those], those) if those else self.delivered
        return direction

    def money_moves(self) -> None:
        """Step 11: cash changes, and with it stress; without cash the firm closes at the end of this week."""
        p = self.parameters
        assert self.satisfaction is not None
        self.people_at_work = self.filled()
        alike = max(0.0, dot(self.delivered, self.market.norm)) ** 2
        price = 1 + p.market.premium * (self.satisfaction - p.market.rivals) - p.market.crowding * alike
        self.revenue = self.throughput / (1 - p.money.margin) * price
        people = (1 - p.money.fixed_costs) * len(self.people_at_work) / self.founding_posts
        automation = p.work.automation_cost * self.mean_over_posts(
            [d.automation for d in self.departments], self.departments
        )
        self.costs = p.money.fixed_costs + people + automation
        self.cash += self.revenue - self.costs
        self.stress = clamp(1 - self.cash / p.money.safety)
        if self.cash < 0:
            self.closed = self.week

    def people_feel(self) -> None:
        """Step 12: people feel, all at once; then some leave, posts are filled, and one may open."""
        p = self.parameters
        vacant = [e for e in self.employees if not e.filled]
        feelings = [e.engagement_after_feeling() for e in self.people_at_work]
        for person, engagement in zip(self.people_at_work, feelings, strict=True):
            person.engagement = engagement

        leave = self.draws(streams.LEAVE).random(len(self.employees))
        leavers = [
            e for e in self.people_at_work if leave[e.post] < p.people.turnover + p.people.quitting * (1 - e.engagement)
        ]
        self.record(len(leavers))
        for person in leavers:
            person.filled = False

        fill = self.draws(streams.FILL).random(len(self.employees))
        for person in vacant:
            if fill[person.post] < 0.25 * (1 - self.stress):
                preference = unit(self.draws(streams.NEWCOMER, person.post).standard_normal(self.dimensions))
                person.filled = True
                person.preference = preference
                person.belief = p.people.onboarding * self.founder.vision + (1 - p.people.onboarding) * preference
                person.engagement = 0.9
        self.hire()

    def hire(self) -> None:
        """Open a post in the most loaded department after 8 weeks in a row of full books and cash."""
        p = self.parameters
        full = self.customers >= 0.95 * self.limit and self.cash > 2 * p.money.safety
        self.full_weeks = self.full_weeks + 1 if p.people.hiring and full else 0
        if self.full_weeks < 8:
            return
        self.full_weeks = 0
        pressure = [d.load / d.capacity if d.capacity > 0 else math.inf for d in self.departments]
        department = self.departments[pressure.index(max(pressure))]
        nobody = np.zeros(self.dimensions)
        post = len(self.employees)
        deviation = self.draws(streams.FIRST_DEVIATION, post).standard_normal(self.dimensions)
        Employee(self, department, belief=nobody, preference=nobody, deviation=deviation, engagement=0.0, filled=False)
        tie_newcomers(self, post)

    # -- what we look at

    def record(self, leavers: int) -> None:
        """Note the week: people are those who were at work, with their new engagement."""
        values = measured(self, leavers)
        for name in SERIES:
            self.series[name].append(float(values[name]))

    def by_post(self) -> dict[str, np.ndarray]:
        """Return what employees hold now, one row per post."""
        return {
            "belief": np.array([e.belief for e in self.employees]),
            "preference": np.array([e.preference for e in self.employees]),
            "engagement": np.array([e.engagement for e in self.employees]),
            "rowing": np.array([e.rowing for e in self.employees]),
            "filled": np.array([e.filled for e in self.employees]),
            "department": np.array([e.department.index for e in self.employees]),
        }

    def by_department(self) -> dict[str, np.ndarray]:
        """Return what departments hold now, one row per department."""
        return {
            "goal": np.array([d.goal for d in self.departments]),
            "functional_goal": np.array([d.functional_goal for d in self.departments]),
            "understanding": np.array([d.understanding for d in self.departments]),
            "automation_direction": np.array([d.automation_direction for d in self.departments]),
            "backlog": np.array([d.backlog for d in self.departments]),
            "delivered": np.array([d.delivered for d in self.departments]),
        }

    def of_the_firm(self) -> dict[str, np.ndarray]:
        """Return what market, founder and firm hold now."""
        satisfaction = math.nan if self.satisfaction is None else self.satisfaction
        return {
            "market": self.market.direction.copy(),
            "norm": self.market.norm.copy(),
            "vision": self.founder.vision.copy(),
            "cash": np.array(self.cash),
            "satisfaction": np.array(satisfaction),
        }


def run_to_the_end(scenario: Scenario, seed: int, replicate: int = 0) -> ReferenceFirm:
    """Return the firm after its last week, or closed."""
    firm = ReferenceFirm(scenario, seed, replicate)
    while firm.running:
        firm.step()
    return firm


def reference_run(scenario: Scenario, seed: int, replicate: int = 0) -> dict[str, np.ndarray]:
    """Return the weekly series of a run by name, to the end or to closing."""
    firm = run_to_the_end(scenario, seed, replicate)
    return {name: np.array(values) for name, values in firm.series.items()}
