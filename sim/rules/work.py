"""Work: side business comes up, departments deliver, and what they hand on fits or not."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.streams import DEMAND, OPPORTUNITY, normals, select_stream
from sim.engine.vectors import make_unit
from sim.rules.founding import least_finished
from sim.state import State


@compiled
def opportunities_come_up(s: State) -> None:
    """Offer off-strategy business to a department; the scarcer money is, the likelier it is taken.

    Taken with probability 1 - discipline (1-stress): cash now, a share of the department's work for some weeks.
    """
    departments = s.departments
    p, f, now = s.params[0], s.firm[0], s.now[0]
    if p.opportunity_rate == 0.0 or f.week < 0:
        return
    generator = select_stream(s.luck, OPPORTUNITY, f.week, 0)
    offered = generator.random() < p.opportunity_rate
    d = int(generator.random() * f.departments)
    taken = generator.random() < 1.0 - p.discipline * (1.0 - now.stress)
    if offered and taken and departments.side_weeks[d] == 0:
        for k in range(len(s.axes)):
            departments.side_direction[d, k] = generator.standard_normal()
        make_unit(departments.side_direction[d], s.axes)
        departments.side_weeks[d] = int(p.diversion_weeks)
        now.cash += p.payoff
        now.other += p.payoff


@compiled
def work_is_delivered(s: State) -> None:
    """Let departments work: what they deliver, how well it fits, how much gets done, and what is left waiting."""
    _orders_come_in(s)
    _deliver(s)
    _hand_on(s)
    _get_done(s)


@compiled
def _orders_come_in(s: State) -> None:
    """Let luck move what customers order: N exp(s delta - s^2/2), delta a standard normal with memory.

    s = demand_noise (founding posts/30)^-demand_scaling.
    """
    p, now, fresh = s.params[0], s.now[0], s.scratch[0]
    normals(s.luck, DEMAND, s.firm[0].week, 0, fresh, 1)
    s.demand[0] = p.demand_memory * s.demand[0] + math.sqrt(1.0 - p.demand_memory**2) * fresh[0]
    now.orders = now.customers
    if p.demand_noise > 0.0:
        spread = p.demand_noise
        if p.demand_scaling > 0.0:
            spread *= math.pow(s.plan.founders[1] / 30.0, -p.demand_scaling)
        now.orders *= math.exp(spread * s.demand[0] - spread**2 / 2.0)


@compiled
def _deliver(s: State) -> None:
    """Mix what people row with side business and automation: X = (1-A) v + A a; automation then learns v."""
    departments, people = s.departments, s.people
    p, f, axes = s.params[0], s.firm[0], s.axes
    for d in range(f.departments):
        departments.capacity[d] = 0.0
        for k in range(len(axes)):
            departments.people_direction[d, k] = 0.0
    filled, department, engagement, rowing = people.filled, people.department, people.engagement, people.rowing
    capacity, direction, newcomer, since = (
        departments.capacity,
        departments.people_direction,
        people.newcomer,
        people.since,
    )
    cost, ramp_up, week = p.disengagement_cost, p.ramp_up, f.week
    for i in range(f.posts):
        if filled[i]:
            d = department[i]
            output = 1.0 - cost * (1.0 - engagement[i])
            if ramp_up > 0.0 and newcomer[i]:
                output *= 0.5 + 0.5 * min(1.0, (week - since[i]) / ramp_up)
            capacity[d] += output
            for k in range(len(axes)):
                direction[d, k] += output * rowing[i, k]
    for d in range(f.departments):
        if departments.capacity[d] > 0.0:
            for k in range(len(axes)):
                departments.practice[d, k] = departments.people_direction[d, k] / departments.capacity[d]
        for k in range(len(axes)):
            departments.people_direction[d, k] = departments.practice[d, k]
        if departments.side_weeks[d] > 0 and p.diversion > 0.0:
            for k in range(len(axes)):
                side = departments.side_direction[d, k] - departments.practice[d, k]
                departments.people_direction[d, k] += p.diversion * side
        share = departments.automation[d]
        for k in range(len(axes)):
            done = departments.people_direction[d, k]
            departments.delivered[d, k] = done
            if share > 0.0:
                departments.delivered[d, k] = (1.0 - share) * done + share * departments.automation_direction[d, k]
            departments.automation_direction[d, k] += p.reconfigure * (done - departments.automation_direction[d, k])


@compiled
def _hand_on(s: State) -> None:
    """Compare what departments hand on: rework of people, and misfit of what machines do with what others need."""
    departments = s.departments
    p, axes, count = s.params[0], s.axes, s.firm[0].departments
    for d in range(count):
        misfit = machine_misfit = 0.0
        for e in range(count):
            need = departments.dependencies[d, e]
            if need > 0.0:
                fits = machine_fits = 0.0
                for k in range(len(axes)):
                    fits += departments.delivered[d, k] * departments.delivered[e, k]
                    machine_fits += departments.automation_direction[d, k] * departments.delivered[e, k]
                misfit += need * (1.0 - fits) / 2.0
                machine_misfit += need * (1.0 - machine_fits) / 2.0
        departments.rework[d] = min(0.9, p.rework * misfit)
        departments.misfit[d] = machine_misfit


@compiled
def _get_done(s: State) -> None:
    """Turn people's output into capacity, serve the load, keep the backlog; work is paid when the last has done its part."""
    departments = s.departments
    p, f, now = s.params[0], s.firm[0], s.now[0]
    served = now.orders * (1.0 - now.overload)
    meetings = max(0.0, 1.0 - p.meeting_cost * f.meetings)
    for d in range(f.departments):
        able = departments.capacity[d] * meetings * (1.0 - departments.rework[d]) * departments.boost[d]
        if departments.side_weeks[d] > 0:
            able *= 1.0 - p.diversion
            departments.side_weeks[d] -= 1
        if departments.automation[d] > 0.0:
            gain = p.automation_gain * departments.automation[d]
            able *= max(0.1, 1.0 + gain * ((1.0 - departments.misfit[d]) - p.cleanup * departments.misfit[d]))
        departments.capacity[d] = able
    if f.initiatives > 0:
        _advance_initiatives(s)
    now.overload = now.use = 0.0
    at_work = 0
    paid = least_finished(s)
    for d in range(f.departments):
        per_customer = departments.founding_posts[d] * (1.0 - p.reference_rework) / (1.0 + p.slack)
        departments.load[d] = served * per_customer + departments.backlog[d]
        departments.done[d] = min(departments.load[d], departments.capacity[d])
        departments.backlog[d] = departments.load[d] - departments.done[d]
        queue = departments.backlog[d] / per_customer
        departments.overload[d] = queue / (2.0 + queue)
        now.overload = max(now.overload, departments.overload[d])
        departments.finished[d] += departments.done[d] / per_customer
        if departments.capacity[d] > 0.0:
            now.use += departments.done[d] / departments.capacity[d]
            at_work += 1
    now.use /= max(1, at_work)
    now.throughput = least_finished(s) - paid


@compiled
def _advance_initiatives(s: State) -> None:
    """Let each running initiative take its share of what capacity is left; the aligned part of it advances the work."""
    departments = s.departments
    f, axes = s.firm[0], s.axes
    for event in range(len(s.plan.events)):
        if s.running[event] != 1:
            continue
        e = s.plan.events[event]
        for d in range(f.departments):
            if s.plan.targets[event, d]:
                along = 0.0
                for k in range(len(axes)):
                    along += departments.delivered[d, k] * s.vision[k]
                s.progress[event] += (
                    e.amount * departments.capacity[d] * (1.0 - departments.rework[d]) * max(0.0, along)
                )
                departments.capacity[d] *= 1.0 - e.amount
        if s.progress[event] >= e.effort:
            s.running[event] = 2
            f.initiatives -= 1
            for d in range(f.departments):
                if s.plan.targets[event, d]:
                    departments.boost[d] *= 1.0 + e.gain
        elif f.week - e.week + 1 >= e.deadline:
            s.running[event] = 3
            f.initiatives -= 1
