"""What a class can move: the sliders, in words that owners use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.classroom.request import Ask

How = Literal["set", "automation", "founding"]


class Lever(NamedTuple):
    """A slider.

    Attributes
    ----------
    name
        The parameter, or ``scarcity`` or ``automation``.
    label, low, high
        What it is called, and what its two ends mean.
    least, most, step
        Where it can stand.
    how
        ``set``: acts from the next week on; ``automation``: a roll-out in the next week; ``founding``: read only when a
        firm is founded, so that moving it tells the firm's whole life anew, with the same luck.
    """

    name: str
    label: str
    low: str
    high: str
    least: float
    most: float
    step: float
    how: How = "set"


LEVERS: tuple[Lever, ...] = (
    Lever("scarcity", "How tight things are", "room to breathe", "no reserves", 0, 1, 0.05),
    Lever("founder.agility", "How fast the founder turns", "steady", "every news", 0, 1, 0.05),
    Lever("founder.clarity", "How clearly the founder speaks", "mumbles", "crystal clear", 0.2, 1, 0.05),
    Lever("people.incentive", "Bonus for one's own numbers", "one common bonus", "own numbers only", 0, 0.8, 0.05),
    Lever("people.autonomy", "Room to do it one's own way", "by the book", "own way (dissent)", 0, 0.8, 0.05),
    Lever("founder.openness", "Whom the founder believes", "own nose", "people's results", 0, 1, 0.05),
    Lever("founder.cadence", "Weeks between all-hands talks", "every week", "twice a year", 1, 26, 1),
    Lever("people.k_out", "Friends in other departments", "none", "many", 0, 4, 0.5, "founding"),
    Lever("market.turbulence", "How restless customers are", "still", "restless", 0, 0.16, 0.01),
    Lever("automation", "Work done by machines", "by hand", "mostly machines", 0, 0.9, 0.05, "automation"),
)


def positions(firm: Firm) -> list[float]:
    """Return where the sliders stand in a firm's present week, in the order of `LEVERS`.

    Scarcity stands for slack, buffer and margin; it is read back from the slack.
    """
    found: list[float] = []
    params = firm.state.params[0]
    for lever in LEVERS:
        if lever.name == "scarcity":
            found.append(min(1.0, max(0.0, 1.0 - float(params["slack"]) / 0.4)))
        elif lever.name == "automation":
            count = int(firm.state.firm["departments"][0])
            posts = firm.state.departments.posts[:count]
            found.append(float(firm.state.departments.automation[:count] @ posts) / max(1, int(posts.sum())))
        else:
            found.append(float(params[lever.name.split(".")[1]]))  # a look-up by name would cost more than the week
    return found


def standing_of(ask: Ask) -> dict[str, float]:
    """Return where the sliders stand when a firm is founded, by lever."""
    from sim.agents.firm import Firm

    firm = Firm(ask.build(), ask.seed, ask.replicate)
    return dict(zip([lever.name for lever in LEVERS], positions(firm), strict=True))
