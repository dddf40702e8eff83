"""Money: what the week earns and costs, what owners take, and how near the end is; phase 11 of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.reference.directions import clamp, dot

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm
    from sim.reference.parameters import Parameters


def stress_at(cash: float, parameters: Parameters) -> float:
    """Return clamp(1 - (cash + credit)/(safety + credit)): 0 at safety, 1 where the firm closes."""
    p = parameters.money
    return clamp(1 - (cash + p.credit) / (p.safety + p.credit))


def money_moves(firm: ReferenceFirm) -> None:
    """Earn, pay, let the owners draw; without cash and credit the firm closes at the end of this week.

    Owners live from the firm: under stress they forgo pay (thrift), above the reserve they take a share of cash (draw).
    The draw is no cost and is noted in `other`. A firm cannot close in its past, nor is there stress in it.
    """
    p = firm.parameters.money
    firm.revenue = revenue(firm)
    firm.costs = costs(firm)
    firm.cash += firm.revenue - firm.costs
    firm.drawn = p.draw * max(0.0, firm.cash - p.reserve) if p.draw > 0 else 0.0
    firm.cash -= firm.drawn
    firm.other -= firm.drawn
    firm.owners_part += firm.drawn - firm.forgone
    firm.stress = 0.0 if firm.in_the_past else stress_at(firm.cash, firm.parameters)
    if firm.cash < -p.credit and not firm.in_the_past:
        firm.closed = firm.week


def revenue(firm: ReferenceFirm) -> float:
    """Return what paid work earns: satisfaction above the rivals' raises the price, doing what all do lowers it."""
    p = firm.parameters
    assert firm.satisfaction is not None
    alike = max(0.0, dot(firm.delivered, firm.market.norm)) ** 2
    price = 1 + p.market.premium * (firm.satisfaction - p.market.rivals) - p.market.crowding * alike
    return firm.throughput / (1 - p.money.margin) * price


def costs(firm: ReferenceFirm) -> float:
    """Return what the week costs: firm, people and automation, less what owners forgo; leavers, and work done twice.

    Whoever leaves costs leaver_cost weeks of one person's pay; work done twice costs material, overtime and credit
    notes also where hands are idle.
    """
    p = firm.parameters
    pay_of_one = (1 - p.money.fixed_costs) / firm.founding_posts
    automated = firm.mean_over_posts([d.automation for d in firm.departments])
    costs = p.money.fixed_costs + pay_of_one * len(firm.filled()) + p.work.automation_cost * automated
    firm.forgone = p.money.thrift * firm.stress * costs  # last week's stress: this week's is not known yet
    costs -= firm.forgone
    if p.people.leaver_cost > 0:
        costs += p.people.leaver_cost * pay_of_one * firm.leavers  # last week's too
    if p.work.rework_cost > 0:
        rework = firm.mean_over_posts([d.rework for d in firm.departments])
        costs += p.work.rework_cost * max(0.0, rework - p.work.reference_rework) * firm.revenue
    return costs
