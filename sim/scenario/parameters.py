"""What can vary: one frozen field per parameter, with default, bounds, unit, meaning and source.

Every field carries two kinds of limits. The *bounds* are what the model can compute at all; outside them a scenario is
refused. The *range* is what is plausible in a small firm; sensitivity analysis samples it. Names and defaults are those
of the model's specification (see ``MODEL.md``), which sets the strengths of rework, strain and contagion together, once,
so that an undisturbed firm is healthy; no other default was chosen by looking at results.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

ASSUMED = "assumed"


class Part(BaseModel):
    """A frozen piece of a scenario that forbids keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def parameter(
    default: float | bool,
    meaning: str,
    unit: str,
    bounds: str,
    plausible: tuple[float, float],
    source: str = ASSUMED,
) -> Any:
    """Declare a parameter: default, meaning, unit, hard bounds as an interval such as ``"(0, 1]"``, range, source."""
    low, high = (side.strip() for side in bounds[1:-1].split(","))
    limits: dict[str, Any] = {}
    if low != "-inf":
        limits["ge" if bounds[0] == "[" else "gt"] = float(low)
    if high != "inf":
        limits["le" if bounds[-1] == "]" else "lt"] = float(high)
    extra: dict[str, Any] = {"unit": unit, "range": list(plausible), "source": source}
    if isinstance(default, bool):
        return Field(default, description=meaning, json_schema_extra=extra)
    return Field(default, description=meaning, json_schema_extra=extra, **limits)


class Market(Part):
    """Where customers want to go, and what rivals do."""

    turbulence: float = parameter(
        0.04, "how far the market's direction wanders in a week", "radians per week", "[0, 2]", (0, 0.16)
    )
    trend_noise: float = parameter(
        2.0, "noise in the founder's reading of the market", "lengths of a unit direction", "[0, 100]", (0.5, 4)
    )
    outcome_noise: float = parameter(
        1.0, "noise in a single result that an employee reports", "units of thrust", "[0, 100]", (0.3, 2)
    )
    rivals: float = parameter(0.7, "the experience that rivals offer", "satisfaction, 0 to 1", "(0, 1]", (0.5, 0.85))
    norm_speed: float = parameter(
        0.02, "how fast the industry norm follows the market", "share per week", "[0, 1]", (0, 0.1)
    )
    norm_drift: float = parameter(
        0.02, "how far the industry norm wanders by itself in a week", "radians per week", "[0, 2]", (0, 0.08)
    )
    crowding: float = parameter(0.0, "price lost by doing what everybody does", "share of revenue", "[0, 1]", (0, 0.2))
    legitimacy: float = parameter(
        0.0, "weight that customers give to looking like the industry", "share", "[0, 1]", (0, 0.5)
    )
    market_size: float = parameter(
        3.0,
        "customers on the market, in units of the firm's initial number",
        "initial customer bases",
        "[1, 1e6]",
        (2, 10),
    )
    taste: float = parameter(
        3.0, "how sharply customers choose the more attractive firm", "exponent", "[0, 50]", (1, 6)
    )
    premium: float = parameter(
        0.5,
        "price that satisfaction above the rivals' earns",
        "share of revenue per unit of satisfaction",
        "[0, 10]",
        (0, 1),
    )


class Founder(Part):
    """Who points: how the vision follows the market, and how it is told."""

    agility: float = parameter(
        0.4,
        "speed of the vision: response time 104 weeks at 0, about 10 at 0.5, one week at 1",
        "0 (slow) to 1 (at once)",
        "[0, 1]",
        (0, 1),
    )
    conviction: float = parameter(
        0.1, "weight of the founding vision in the founder's aim", "share", "[0, 1]", (0, 0.9)
    )
    openness: float = parameter(
        0.5, "weight of what people's results say, against the founder's own reading", "share", "[0, 1]", (0, 1)
    )
    voice: float = parameter(
        0.8,
        "probability that an attentive employee reports a result (psychological safety)",
        "probability per week",
        "[0, 1]",
        (0, 1),
    )
    doubt: float = parameter(
        0.5, "width of the founder's prior around the vision", "lengths of a unit direction", "(0, 100]", (0.1, 1)
    )
    imitation: float = parameter(
        0.0, "weight of the industry norm in the founder's reading", "share", "[0, 1]", (0, 0.9)
    )
    clarity: float = parameter(
        0.7,
        "fidelity with which heads of department hear the vision",
        "fidelity: 1 is signal alone, 0.5 as much noise as signal",
        "(0, 1]",
        (0.2, 1),
        "assumed; range from 28 % of executives and managers who can name three of their firm's priorities (Sull 2018)",
    )
    cadence: int = parameter(4, "weeks between two broadcasts of the vision", "weeks", "[1, 5200]", (1, 52))


class People(Part):
    """Who rows: talk, local rewards, discretion, and coming and going."""

    persuasion: float = parameter(
        0.5, "share of the way that a broadcast moves its hearer", "share", "[0, 1]", (0.1, 0.9)
    )
    social: float = parameter(
        0.2,
        "share of the way towards the colleagues' mean belief",
        "share per week",
        "[0, 1]",
        (0, 0.5),
        "assumed; form of Friedkin & Johnsen (1990)",
    )
    relay: float = parameter(
        0.9, "fidelity with which one layer passes the vision on", "fidelity, 0 to 1", "(0, 1]", (0.5, 1)
    )
    span: int = parameter(
        7,
        "people that one layer of management reaches",
        "people",
        "[2, 1000]",
        (5, 12),
        "Gallup: median span of control 5 to 6, mean 12",
    )
    incentive: float = parameter(
        0.35, "weight of the department's goal in what people do, without stress", "share", "[0, 1]", (0, 0.8)
    )
    goal_spread: float = parameter(
        0.8, "angle between each department's goal and the vision at the start", "radians", "[0, 3.1416]", (0, 1.5)
    )
    autonomy: float = parameter(
        0.3, "size of personal deviations from what one is meant to do (dissent)", "radians", "[0, 10]", (0, 0.8)
    )
    autonomy_memory: float = parameter(
        0.8, "share of a personal deviation that lasts into the next week", "share per week", "[0, 1]", (0, 0.95)
    )
    onboarding: float = parameter(0.5, "share of the vision in a newcomer's first belief", "share", "[0, 1]", (0, 1))
    turnover: float = parameter(
        0.004,
        "probability that an engaged employee leaves",
        "probability per week",
        "[0, 1]",
        (0, 0.02),
        "with quitting, of the order of separations of 3.1 to 3.3 % a month (JOLTS 2009-10)",
    )
    quitting: float = parameter(
        0.02,
        "added probability of leaving when wholly disengaged",
        "probability per week",
        "[0, 1]",
        (0, 0.06),
        "with turnover, of the order of separations of 3.1 to 3.3 % a month (JOLTS 2009-10)",
    )
    k_in: int = parameter(4, "colleagues in the own department that one listens to", "people", "[0, 1000]", (1, 8))
    k_out: float = parameter(
        1.0,
        "mean number of colleagues elsewhere that one listens to",
        "people",
        "[0, 1000]",
        (0, 4),
        "assumed; 84 % rely on boss and reports, 9 % on other units (Sull 2015, large firms)",
    )
    hiring: bool = parameter(
        False, "whether a firm with full books and cash opens posts", "true or false", "[0, 1]", (0, 1)
    )


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


class Mood(Part):
    """How people feel: strain, contagion, attention."""

    strain: float = parameter(
        1.1,
        "engagement lost per unit of conflict, rework and half the overload",
        "engagement",
        "[0, 100]",
        (0, 2),
        "set once with rework and contagion so that an undisturbed firm is healthy",
    )
    contagion: float = parameter(
        0.7,
        "engagement lost when all colleagues are lost",
        "engagement",
        "[0, 100]",
        (0, 1.2),
        "set once with rework and strain so that an undisturbed firm is healthy",
    )
    threshold: float = parameter(
        0.5,
        "engagement at which half of the attention is gone",
        "engagement",
        "[0, 1]",
        (0.2, 0.7),
        "assumed; 31 % engaged, 17 % actively disengaged in the US (Gallup 2024)",
    )
    ramp: float = parameter(
        0.15, "half-width of the fall of attention around the threshold", "engagement", "(0, 1]", (0.05, 0.3)
    )
    mood: float = parameter(0.15, "how fast engagement moves to its target", "share per week", "[0, 1]", (0.05, 0.4))
    drift: float = parameter(
        0.1, "how fast the inattentive return to their own preference", "share per week", "[0, 1]", (0, 0.3)
    )


class Money(Part):
    """What keeps the firm alive, and what the lack of it does."""

    buffer: float = parameter(
        12.0,
        "cash at the start",
        "weeks of initial cost",
        "[0, 1e6]",
        (1, 23),
        "assumed; the median small firm holds 27 days (JPMorgan Chase Institute 2016): the scarce end",
    )
    margin: float = parameter(
        0.08, "margin of a firm that customers like as much as its rivals", "share of revenue", "[-10, 1)", (0.03, 0.13)
    )
    fixed_costs: float = parameter(
        0.3, "share of the initial weekly cost that does not depend on people", "share", "[0, 1]", (0.1, 0.5)
    )
    safety: float = parameter(8.0, "cash at which stress begins", "weeks of initial cost", "(0, 1e6]", (4, 13))
    rigidity: float = parameter(
        0.8,
        "how far stress makes people retreat to their own targets (above 0) or the centre take over (below 0)",
        "share of what is left",
        "[-1, 1]",
        (-0.5, 1),
        "assumed; threat-rigidity (Staw, Sandelands & Dutton 1981)",
    )
    squeeze: float = parameter(0.8, "talk that stress and overload squeeze out", "share", "[0, 1]", (0, 1))
    churn: float = parameter(
        0.02,
        "customers lost by a firm that customers like as much as its rivals",
        "share per week",
        "[0, 0.5]",
        (0.005, 0.05),
    )
    memory: float = parameter(
        0.2, "weight of this week's experience in remembered satisfaction", "share per week", "[0, 1]", (0.05, 0.5)
    )
    gap_cost: float = parameter(
        0.05, "customers lost when what is delivered opposes what was promised", "share per week", "[0, 1]", (0, 0.2)
    )


class Review(Part):
    """Whether leadership looks, and whether looking has teeth."""

    review_every: int = parameter(0, "weeks between two reviews (0: none)", "weeks", "[0, 5200]", (0, 26))
    review_target: float = parameter(
        0.85, "coherence below which a review acts", "coherence, 0 to 1", "[0, 1]", (0.6, 0.95)
    )
    review_strength: float = parameter(
        0.5, "share of the way that a review moves goals to the vision", "share", "[0, 1]", (0, 1)
    )
    relapse: float = parameter(
        0.02, "how fast rewards return to functional goals", "share per week", "[0, 1]", (0, 0.1)
    )
    monitoring: float = parameter(
        0.9, "exactness with which a review reads coherence", "1 is exact", "[0, 1]", (0.5, 1)
    )


GROUPS: dict[str, type[Part]] = {
    "market": Market,
    "founder": Founder,
    "people": People,
    "work": Work,
    "mood": Mood,
    "money": Money,
    "review": Review,
}

FOUNDING_ONLY = {
    "people.goal_spread": "use a department_turned event",
    "people.k_in": "links are made when people join",
    "people.k_out": "links are made when people join",
    "work.automation": "use an automation event",
    "money.buffer": "use a cash_cut event",
}
"""Fields read only when the firm is founded, so that an event cannot set them, and what to do instead."""

SCARCITY = {"work.slack": (0.4, -0.4), "money.buffer": (23.0, -22.0), "money.margin": (0.13, -0.1)}
"""What the composite ``scarcity`` s stands for: each field is a + b s."""


def scarce(scarcity: float) -> dict[str, float]:
    """Return the fields that the composite stands for, by name, at a scarcity in [0, 1]."""
    return {name: base + slope * scarcity for name, (base, slope) in SCARCITY.items()}


def parameter_names() -> list[str]:
    """Return every parameter as ``group.name``, in the order of the groups."""
    return [f"{group}.{name}" for group, part in GROUPS.items() for name in part.model_fields]
