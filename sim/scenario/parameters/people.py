"""Parameters of people."""

from __future__ import annotations

from sim.scenario.parameters.declare import Part, parameter


class People(Part):
    """Who rows: talk, local rewards, discretion, and coming and going."""

    persuasion: float = parameter(
        0.5, "share of the way that a broadcast moves its hearer", "share", "[0, 1]", (0.05, 0.9)
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
        0.8, "share of a personal deviation that lasts into the next week", "share per week", "[0, 1]", (0, 0.99)
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
    forgetting: float = parameter(
        0.0,
        "how fast everybody returns to their own preference, whatever their attention",
        "share per week",
        "[0, 1]",
        (0, 0.03),
        "what is not used halves in 28 to 56 weeks (Tatel & Ackerman; Saks & Belcourt 2006): .012 to .024",
    )
    filling: float = parameter(
        0.25,
        "probability that a vacant post is filled in a week, without money stress",
        "probability per week",
        "[0, 1]",
        (0.1, 0.3),
        "vacancies last 6 to 8 weeks (DHI-DFH): .12 to .18",
    )
    ramp_up: float = parameter(
        0.0,
        "weeks until somebody who filled a vacant post works at full output, from half of it (0: at once)",
        "weeks",
        "[0, 520]",
        (0, 26),
        "4 weeks (operatives) to 26 (executives) (Mellon Learning Curve Study 2003)",
    )
    leaver_cost: float = parameter(
        0.0,
        "cost of a leaver beside the vacancy and the newcomer's learning, in weeks of pay",
        "weeks of a person's cost",
        "[0, 520]",
        (0, 11),
        "with vacancy and learning about 11 weeks of pay (Boushey & Glynn 2012)",
    )
    hiring: bool = parameter(
        False, "whether a firm with full books and cash opens posts", "true or false", "[0, 1]", (0, 1)
    )
