"""Parameters of moods."""

from __future__ import annotations

from sim.scenario.parameters.declare import Part, parameter


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
    morale: float = parameter(
        1.0,
        "engagement of somebody of middling temper without strain or contagion",
        "engagement",
        "[-10, 10]",
        (0.6, 1.2),
        "1: nobody has a reserve; fitted, as attention sees only its difference to the threshold",
    )
    temper: float = parameter(
        0.0,
        "spread between people of the engagement that is their own",
        "engagement",
        "[0, 10]",
        (0, 0.3),
        "fitted to a spread of engagement between people of .18 (FACTS K9)",
    )
    climate: float = parameter(
        0.0,
        "spread between departments of the engagement that is their own",
        "engagement",
        "[0, 10]",
        (0, 0.15),
        "fitted to a share of .15 of that variance that lies between teams (Bliese 2000; James 1982)",
    )
    mood: float = parameter(0.15, "how fast engagement moves to its target", "share per week", "[0, 1]", (0.05, 0.4))
    drift: float = parameter(
        0.1, "how fast the inattentive return to their own preference", "share per week", "[0, 1]", (0, 0.3)
    )
