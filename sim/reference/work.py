"""Work: side business, hand-offs, automation, capacity and queues; phases 8 and 9 of the week."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engine import streams
from sim.reference.directions import carried_on, dot, mean_direction, misfit, unit

if TYPE_CHECKING:
    from sim.reference.department import Department
    from sim.reference.firm import ReferenceFirm


def opportunities_come(firm: ReferenceFirm) -> None:
    """Let off-strategy business come to a department, which may take it: cash now, a share of its work elsewhere."""
    p = firm.parameters.work
    if p.opportunity_rate == 0:
        return
    generator = firm.draws(streams.OPPORTUNITY)
    comes, where, taken = generator.random(), generator.random(), generator.random()
    direction = unit(generator.standard_normal(firm.dimensions))
    department = firm.departments[int(where * len(firm.departments))]
    if comes >= p.opportunity_rate or department.side_business is not None:
        return
    if taken < 1 - p.discipline * (1 - firm.stress):
        firm.cash += p.payoff
        firm.other += p.payoff
        if p.diversion_weeks > 0:
            department.side_business = direction
            department.side_weeks_left = p.diversion_weeks


def work_is_delivered(firm: ReferenceFirm) -> None:
    """Let departments do, hand on and redo their work, and queue what is left.

    Work is paid when the last department has done its part: throughput is the growth of the least finished work.
    """
    departments = firm.departments
    done_by_all = min(d.finished for d in departments)
    worst_last_week = max(d.overload for d in departments)
    work = {d: practise(firm, d) for d in departments}
    for d in departments:
        d.rework, d.capacity = hand_offs(firm, d, work[d])
    initiatives_advance(firm)
    firm.orders = orders(firm)
    for d in departments:
        d.load = firm.orders * (1 - worst_last_week) * d.work_per_customers + d.backlog  # customers balk at queues
        d.done = min(d.load, d.capacity)
        d.backlog = d.load - d.done
        q = d.backlog / d.work_per_customers
        d.overload = q / (2 + q)
        d.finished += d.done / d.work_per_customers
        if d.side_business is not None:
            d.side_weeks_left -= 1
            if d.side_weeks_left == 0:
                d.side_business = None
    firm.throughput = min(d.finished for d in departments) - done_by_all
    firm.worst_overload = max(d.overload for d in departments)


def orders(firm: ReferenceFirm) -> float:
    """Return what customers order this week: N exp(s delta - s^2/2), of mean N, with lasting luck delta.

    s = demand_noise (founding posts/30)^-demand_scaling. The books do not see it.
    """
    p, market = firm.parameters.market, firm.market
    market.demand = carried_on(market.demand, p.demand_memory, firm.draws(streams.DEMAND).standard_normal())
    if p.demand_noise == 0:
        return firm.customers
    s = p.demand_noise * (firm.founding_posts / 30) ** -p.demand_scaling
    return firm.customers * math.exp(s * market.demand - s**2 / 2)


def practise(firm: ReferenceFirm, d: Department) -> float:
    """Let a department's people do their work: what it delivers, what its automation learns; return how much they do.

    X_d = (1 - A_d) v_d + A_d a_d; then a_d <- a_d + reconfigure (v_d - a_d): automation learns practice, not intent.
    """
    p = firm.parameters.work
    people = [e for e in d.people if e.filled]
    weights = [e.output for e in people]
    if people:
        d.practice = mean_direction(weights, [e.rowing for e in people])
    d.doing, work = d.practice, sum(weights)
    if d.side_business is not None and p.diversion > 0:
        d.doing = (1 - p.diversion) * d.practice + p.diversion * d.side_business
        work *= 1 - p.diversion
    d.delivered = d.doing
    if d.automation > 0:
        d.delivered = (1 - d.automation) * d.doing + d.automation * d.automation_direction
    if p.reconfigure > 0:
        d.automation_direction = d.automation_direction + p.reconfigure * (d.doing - d.automation_direction)
    return work


def hand_offs(firm: ReferenceFirm, d: Department, work: float) -> tuple[float, float]:
    """Return a department's rework rho_d, the mean misfit of a random hand-off, and the capacity E_d that is left.

    rho_d = min(0.9, rework sum_f C_df (1 - X_d.X_f)/2); mu_d = sum_f C_df (1 - a_d.X_f)/2 is the share of automated
    work that somebody must undo.
    """
    p = firm.parameters.work
    builds_on = list(zip(firm.dependencies[d.index], firm.departments, strict=True))
    rework = 0.0
    if p.rework > 0:
        rework = min(0.9, p.rework * sum(c * misfit(d.delivered, f.delivered) for c, f in builds_on))
    capacity = work * max(0.0, 1 - p.meeting_cost * firm.meetings) * (1 - rework)
    if d.automation > 0:
        undo = sum(c * misfit(d.automation_direction, f.delivered) for c, f in builds_on)
        capacity *= max(0.1, 1 + p.automation_gain * d.automation * ((1 - undo) - p.cleanup * undo))
    return rework, capacity * d.success


def initiatives_advance(firm: ReferenceFirm) -> None:
    """Let each initiative take its share of what is left of its departments' capacity, and end."""
    still_running = []
    for initiative in firm.initiatives:
        plan = initiative.plan
        for d in initiative.departments:
            taken = plan.share * d.capacity
            initiative.progress += taken * (1 - d.rework) * max(0.0, dot(d.delivered, firm.founder.vision))
            d.capacity -= taken
        initiative.weeks_left -= 1
        if initiative.progress >= plan.effort:
            for d in initiative.departments:
                d.success *= 1 + plan.gain  # this week's capacities are made: it counts from next week
        elif initiative.weeks_left > 0:
            still_running.append(initiative)
    firm.initiatives = still_running
