"""Customers: what they see, remember and do; phase 10 of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.reference.directions import Vector, dot, mean_direction, misfit

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm


def customers_decide(firm: ReferenceFirm) -> None:
    """Let customers remember, leave and come.

    Newcomers choose between the firm and its rivals by appeal a^taste (a logit of log attraction; Luce 1959): a firm
    that appeals as much as its rivals keeps N = 1. Books that are full take no more.
    """
    p, market = firm.parameters, firm.market
    firm.delivered = delivered_by(firm, None)
    firm.thrust = dot(firm.delivered, market.direction)
    experience = (1 - firm.worst_overload) * (1 + firm.thrust) / 2
    if firm.satisfaction is None:
        firm.satisfaction = experience
    elif p.money.memory > 0:
        firm.satisfaction += p.money.memory * (experience - firm.satisfaction)

    promise, deliver = delivered_by(firm, "promise"), delivered_by(firm, "deliver")
    attraction = (1 + dot(promise, market.direction)) / 2
    if p.market.legitimacy > 0:
        alike = (1 + dot(promise, market.norm)) / 2
        attraction = (1 - p.market.legitimacy) * attraction + p.market.legitimacy * alike
    firm.attraction = max(0.0, attraction)  # rounding may leave -1e-17, which has no power
    firm.gap = misfit(promise, deliver)
    lost = 0.0
    if p.money.churn > 0:
        lost = p.money.churn * p.market.rivals / firm.satisfaction if firm.satisfaction > 0 else 0.5
    firm.churn = min(0.5, lost + p.money.gap_cost * firm.gap)
    appeal = firm.attraction**p.market.taste
    all_appeal = appeal + (p.market.market_size - 1) * p.market.rivals**p.market.taste
    firm.newcomers = p.money.churn * p.market.market_size * appeal / all_appeal if all_appeal > 0 else 0.0
    firm.limit = (1 + p.work.ambition * p.work.slack) * len(firm.employees) / firm.founding_posts
    firm.customers = min(firm.customers * (1 - firm.churn) + firm.newcomers, firm.limit)


def delivered_by(firm: ReferenceFirm, role: str | None) -> Vector:
    """Return the posts-weighted direction of the departments of a role; that of all for None or where there is none."""
    those = [d for d in firm.departments if d.role == role] or firm.departments
    return mean_direction([float(d.posts) for d in those], [d.delivered for d in those])
