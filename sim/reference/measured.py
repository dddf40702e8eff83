"""What is noted of a week, by the names of the series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.reference.directions import dot, length_of, unit

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm


def mean(values: list[float]) -> float:
    """Return the mean; that over nobody is 0."""
    return sum(values) / len(values) if values else 0.0


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
    }
