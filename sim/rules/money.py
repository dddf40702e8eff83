"""Customers and money: who stays, who comes, what it brings, and how near the end is."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.vectors import Floats, clamp, clear, dot, length
from sim.state import ROLES, State

PROMISE = ROLES["promise"]
DELIVER = ROLES["deliver"]


@compiled
def _delivered_by(s: State, role: int, out: Floats) -> None:
    """Write the posts-weighted mean of what departments of a role deliver (any role: -1); all, where the role is missing."""
    departments = s.departments
    total = 0
    clear(out)
    for d in range(s.firm[0].departments):
        if role in (-1, departments.role[d]):
            total += departments.posts[d]
            for k in range(len(s.axes)):
                out[k] += departments.posts[d] * departments.delivered[d, k]
    if total == 0:
        _delivered_by_all(s, out)
        return
    for k in range(len(s.axes)):
        out[k] /= total


@compiled
def _delivered_by_all(s: State, out: Floats) -> None:
    departments = s.departments
    clear(out)
    for d in range(s.firm[0].departments):
        for k in range(len(s.axes)):
            out[k] += departments.posts[d] * departments.delivered[d, k]
    for k in range(len(s.axes)):
        out[k] /= s.firm[0].posts


@compiled
def customers_decide(s: State) -> None:
    """Let customers experience, remember, leave and come.

    Experience = (1 - worst overload)(1 + thrust)/2. Churn = min(0.5, churn rivals/S + gap_cost gap). Newcomers = churn
    market_size a^taste/(a^taste + (market_size-1) rivals^taste). Books that are full take no more.
    """
    p, f, now, axes = s.params[0], s.firm[0], s.now[0], s.axes
    whole, promise, deliver = s.scratch[0], s.scratch[1], s.scratch[2]
    _delivered_by_all(s, whole)
    _delivered_by(s, PROMISE, promise)
    _delivered_by(s, DELIVER, deliver)
    now.thrust = dot(whole, s.market, axes)
    now.delivered = length(whole, axes)
    now.fit = dot(s.vision, s.market, axes)
    experience = (1.0 - now.overload) * (1.0 + now.thrust) / 2.0
    if f.week == f.first_week:
        now.satisfaction = experience
    else:
        now.satisfaction += p.memory * (experience - now.satisfaction)
    attraction = (1.0 + dot(promise, s.market, axes)) / 2.0
    if p.legitimacy > 0.0:
        usual = (1.0 + dot(promise, s.norm, axes)) / 2.0
        attraction = (1.0 - p.legitimacy) * attraction + p.legitimacy * usual
    now.attraction = max(0.0, attraction)
    now.gap = (1.0 - dot(promise, deliver, axes)) / 2.0
    churn = p.gap_cost * now.gap
    if p.churn > 0.0:
        churn += p.churn * p.rivals / now.satisfaction if now.satisfaction > 0.0 else math.inf
    now.churn = min(0.5, churn)
    ours = now.attraction**p.taste
    theirs = (p.market_size - 1.0) * p.rivals**p.taste
    now.newcomers = p.churn * p.market_size * ours / (ours + theirs) if ours > 0.0 else 0.0
    limit = (1.0 + p.ambition * p.slack) * f.posts / s.plan.founders[1]
    now.customers = min(now.customers * (1.0 - now.churn) + now.newcomers, limit)


@compiled
def money_moves(s: State) -> None:
    """Pay and be paid; owners forgo pay under stress and draw what lies above the reserve; past all credit the firm closes.

    Revenue = throughput/(1-margin) (1 + premium (S - rivals) - crowding max(0, X.c)^2). The week in which the firm closes is
    lived to its end.
    """
    people, departments = s.people, s.departments
    p, f, now, axes = s.params[0], s.firm[0], s.now[0], s.axes
    price = 1.0 + p.premium * (now.satisfaction - p.rivals)
    if p.crowding > 0.0:
        whole = s.scratch[0]
        _delivered_by_all(s, whole)
        price -= p.crowding * max(0.0, dot(whole, s.norm, axes)) ** 2
    filled = automated = 0.0
    for i in range(f.posts):
        filled += people.filled[i]
    for d in range(f.departments):
        automated += departments.posts[d] * departments.automation[d]
    now.revenue = now.throughput / (1.0 - p.margin) * price
    now.costs = p.fixed_costs + (1.0 - p.fixed_costs) * filled / s.plan.founders[1]
    if p.automation_cost > 0.0:
        now.costs += p.automation_cost * automated / f.posts
    now.rework = 0.0
    for d in range(f.departments):
        now.rework += departments.posts[d] * departments.rework[d] / f.posts
    now.forgone = 0.0
    if p.thrift > 0.0:
        now.forgone = now.costs * p.thrift * now.stress
        now.costs -= now.forgone
    if p.leaver_cost > 0.0:
        now.costs += p.leaver_cost * (1.0 - p.fixed_costs) / s.plan.founders[1] * now.leavers
    if p.rework_cost > 0.0:
        now.costs += p.rework_cost * max(0.0, now.rework - p.reference_rework) * now.revenue
    now.cash += now.revenue - now.costs
    now.worth += now.revenue - now.costs - now.forgone + now.other
    now.drawn = 0.0
    if p.draw > 0.0:
        now.drawn = p.draw * max(0.0, now.cash - p.reserve)
        now.cash -= now.drawn
        now.other -= now.drawn
    now.stress = clamp(1.0 - (now.cash + p.credit) / (p.safety + p.credit)) if f.week >= 0 else 0.0
    if now.cash < -p.credit and f.week >= 0:
        f.closed = f.week
