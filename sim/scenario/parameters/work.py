"""Parameters of work."""

from __future__ import annotations

from sim.scenario.parameters.declare import Part, parameter


class Work(Part):
    """What is done: capacity, hand-offs, automation, meetings, side business."""

    slack: float = parameter(
        0.2, "capacity beyond what the initial customers need", "share of initial work", "[0, 10]", (0, 0.4)
    )
    rework: float = parameter(
        0.75,
        "share of work done again when hand-offs are wholly opposed",
        "share per unit of misfit",
        "[0, 10]",
        (0, 2),
        "set once with strain and contagion so that an undisturbed firm is healthy; "
        "40 to 50 % of software effort is avoidable rework (Boehm & Basili 2001)",
    )
    reference_rework: float = parameter(
        0.06, "rework for which posts were planned", "share of work", "[0, 1)", (0, 0.2)
    )
    rework_cost: float = parameter(
        0.0,
        "material, overtime and credit notes of work done twice beyond the rework planned for",
        "share of revenue per unit of rework",
        "[0, 10]",
        (0, 1),
        "assumed; cost of poor quality is 15 to 20 % of sales by the quality profession's own estimates",
    )
    automation: float = parameter(
        0.0, "automated share of every department's work at the start", "share", "[0, 1]", (0, 0.9)
    )
    automation_gain: float = parameter(
        0.3, "capacity that fully automated, well directed work adds", "share of capacity", "[0, 10]", (0, 0.5)
    )
    cleanup: float = parameter(
        6.0,
        "work that undoing one unit of misdirected automated work takes",
        "units of automated work",
        "[0, 100]",
        (0, 10),
    )
    automation_cost: float = parameter(
        0.05, "weekly cost of full automation", "weeks of initial cost per week", "[0, 10]", (0, 0.15)
    )
    reconfigure: float = parameter(
        0.02, "how fast automation learns what people do", "share per week", "[0, 1]", (0, 0.1)
    )
    meeting_cost: float = parameter(
        0.02, "capacity that one meeting of all takes", "share of a week", "[0, 1]", (0, 0.1)
    )
    ambition: float = parameter(
        0.8, "share of the slack that the firm fills with customers", "share", "[0, 10]", (0, 1)
    )
    disengagement_cost: float = parameter(
        0.4, "output lost by somebody wholly disengaged", "share of output", "[0, 1)", (0, 0.6)
    )
    opportunity_rate: float = parameter(
        0.0, "probability that off-strategy business is offered", "probability per week", "[0, 1]", (0, 0.2)
    )
    discipline: float = parameter(
        0.8, "probability that a firm without stress declines off-strategy business", "probability", "[0, 1]", (0, 1)
    )
    payoff: float = parameter(
        0.5, "cash that one opportunity brings at once", "weeks of initial cost", "[0, 1000]", (0, 3)
    )
    diversion: float = parameter(
        0.3, "share of a department's work that an opportunity takes", "share", "[0, 1]", (0, 0.6)
    )
    diversion_weeks: int = parameter(13, "how long an opportunity takes it", "weeks", "[0, 5200]", (4, 26))
