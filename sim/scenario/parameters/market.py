"""Parameters of the market and its customers' orders."""

from __future__ import annotations

from sim.scenario.parameters.declare import Part, parameter


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
    demand_noise: float = parameter(
        0.0,
        "spread of the log of orders around what the customers usually order, in a firm of 30 posts (0: none)",
        "log points",
        "[0, 5]",
        (0, 0.4),
        "fitted to yearly growth that varies by .22 log points (FACTS K7)",
    )
    demand_memory: float = parameter(
        0.95,
        "share of this week's luck with orders that lasts into the next",
        "share per week",
        "[0, 1]",
        (0.9, 0.98),
        "assumed; luck that matters for a year's growth lasts",
    )
    demand_scaling: float = parameter(
        0.0,
        "how the spread of orders falls with the number of founding posts: (posts/30)^-scaling",
        "exponent",
        "[0, 2]",
        (0, 0.5),
        "assumed; independent people give .5, common demand 0 (Stanley et al. 1996 find .15 to .20)",
    )
