"""Parameters of reviews."""

from __future__ import annotations

from sim.scenario.parameters.declare import Part, parameter


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
