"""What is noted of a week, by the names of the series."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.reference.directions import Vector, dot, length_of, unit

if TYPE_CHECKING:
    from sim.reference.employee import Employee
    from sim.reference.firm import ReferenceFirm


ROUNDING = 1e-18
"""Variance below which values of size 1 differ by rounding only."""


def mean(values: list[float]) -> float:
    """Return the mean; that over nobody is 0."""
    return sum(values) / len(values) if values else 0.0


def standard_deviation(values: list[float]) -> float:
    """Return the standard deviation of a whole population; that of nobody is 0."""
    return float(np.std(values)) if values else 0.0


def intraclass_correlation(values: list[Vector], groups: list[int]) -> float:
    """Return ICC(1), the share of variance that lies between groups, from a one-way analysis of variance.

    (MSB - MSW)/(MSB + (n0 - 1) MSW) with n0 = (n - sum n_g^2/n)/(G - 1) for groups of unequal size (Bliese 2000, in Klein
    & Kozlowski, Multilevel theory); squares of vectors are summed over the axes. It is 0 where there is nothing to
    compare: fewer than two groups, one member in each, or no variance at all.
    """
    members: dict[int, list[Vector]] = {}
    for value, group in zip(values, groups, strict=True):
        members.setdefault(group, []).append(value)
    n, count = len(values), len(members)
    if count < 2 or n == count:
        return 0.0
    everybody = np.mean(values, axis=0)
    between = within = 0.0
    for those in members.values():
        mean_of_group = np.mean(those, axis=0)
        between += len(those) * float(np.sum((mean_of_group - everybody) ** 2)) / (count - 1)
        within += float(sum(np.sum((value - mean_of_group) ** 2) for value in those)) / (n - count)
    n0 = (n - sum(len(those) ** 2 for those in members.values()) / n) / (count - 1)
    whole = between + (n0 - 1) * within
    return (between - within) / whole if whole > ROUNDING else 0.0


def is_lost(person: Employee, vision: Vector) -> bool:
    """Return whether somebody is disengaged or rows more than 60 degrees off the vision."""
    return person.attention <= 0.5 or dot(person.rowing, vision) < 0.5


def measured(firm: ReferenceFirm) -> dict[str, float]:
    """Return the week's values after people's new engagement, before anybody leaves or comes."""
    people, vision, departments = firm.people_at_work, firm.founder.vision, firm.departments
    assert firm.satisfaction is not None
    lengths = [length_of(d.delivered) for d in departments]
    cosines = [
        dot(departments[d].delivered, departments[f].delivered) / (lengths[d] * lengths[f])
        for d in range(len(departments))
        for f in range(len(departments))
        if d != f and lengths[d] > 0 and lengths[f] > 0
    ]
    where = [e.department.index for e in people]
    return {
        "coherence": firm.coherence,
        "cognitive": mean([dot(unit(e.belief), vision) for e in people]),
        "behavioural": mean([dot(e.rowing, vision) for e in people]),
        "between": mean(cosines) if len(departments) > 1 else 1.0,
        "thrust": firm.thrust,
        "fit": dot(vision, firm.market.direction),
        "delivered": length_of(firm.delivered),
        "rework": firm.mean_over_posts([d.rework for d in departments]),
        "overload": firm.worst_overload,
        "satisfaction": firm.satisfaction,
        "churn": firm.churn,
        "newcomers": firm.newcomers,
        "gap": firm.gap,
        "attraction": firm.attraction,
        "customers": firm.customers,
        "throughput": firm.throughput,
        "revenue": firm.revenue,
        "costs": firm.costs,
        "other": firm.other,
        "cash": firm.cash,
        "stress": firm.stress,
        "engagement": mean([e.engagement for e in people]),
        "disengaged": mean([float(e.attention <= 0.5) for e in people]),
        "misaligned": mean([float(dot(e.rowing, vision) < 0.5) for e in people]),
        "leavers": firm.leavers,
        "filled": len(people),
        "posts": len(firm.employees),
        "reports": firm.reports,
        "orders": firm.orders,
        "use": mean([d.done / d.capacity for d in departments if d.capacity > 0]),
        "forgone": firm.forgone,
        "drawn": firm.drawn,
        "worth": firm.cash + firm.owners_part,
        "engagement_sd": standard_deviation([e.engagement for e in people]),
        "engagement_icc": intraclass_correlation([np.array([e.engagement]) for e in people], where),
        "belief_icc": intraclass_correlation([unit(e.belief) for e in people], where),
        "knowing": mean([float(dot(unit(e.belief), vision) >= 0.5) for e in people]),
        "heads_knowing": mean([float(dot(unit(d.understanding), vision) >= math.sqrt(0.5)) for d in departments]),
        "lost": mean([float(is_lost(e, vision)) for e in people]),
    }
