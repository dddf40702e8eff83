"""Parameters of the founder."""

from __future__ import annotations

from sim.scenario.parameters.declare import Part, parameter


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
    frame: float = parameter(
        0.0,
        "share of what heads and people misread that they misread alike a week later (0: fresh noise, 1: for ever)",
        "share per week",
        "[0, 1]",
        (0, 1),
        "assumed; managers read strategy through the glasses of their function (Dearborn & Simon 1958; Dougherty 1992)",
    )
