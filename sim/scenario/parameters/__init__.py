"""What can vary: one frozen field per parameter, with default, bounds, unit, meaning and source.

Every field carries two kinds of limits. The *bounds* are what the model can compute at all; outside them a scenario is
refused. The *range* is what is plausible in a small firm; sensitivity analysis samples it. Names and defaults are those
of the model's specification (see ``MODEL.md``), which sets the strengths of rework, strain and contagion together, once,
so that an undisturbed firm is healthy; no other default was chosen by looking at results.
"""

from __future__ import annotations

from sim.scenario.parameters.declare import ASSUMED, Part, parameter
from sim.scenario.parameters.founder import Founder
from sim.scenario.parameters.market import Market
from sim.scenario.parameters.money import Money
from sim.scenario.parameters.mood import Mood
from sim.scenario.parameters.people import People
from sim.scenario.parameters.review import Review
from sim.scenario.parameters.work import Work

__all__ = [
    "ASSUMED",
    "FOUNDING_ONLY",
    "GROUPS",
    "SCARCITY",
    "Founder",
    "Market",
    "Money",
    "Mood",
    "Part",
    "People",
    "Review",
    "Work",
    "parameter",
    "parameter_names",
    "scarce",
]

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

_NOTHING_TO_SPARE = {
    "work.slack": 0.0,
    "money.reserve": 1.0,
    "money.buffer": 1.0,
    "money.margin": 0.03,
    "money.credit": 0.0,
}
"""What the composite stands for at 1; the buffer goes with the reserve."""


def _lines() -> dict[str, tuple[float, float]]:
    lines = {}
    for name, end in _NOTHING_TO_SPARE.items():
        group, field = name.split(".")
        default = GROUPS[group].model_fields["reserve" if field == "buffer" else field].default
        lines[name] = (round(2 * default - end, 12), round(2 * (end - default), 12))
    return lines


SCARCITY = _lines()
"""What the composite ``scarcity`` s stands for: each field is a + b s, a line through its default at 0.5."""


def scarce(scarcity: float) -> dict[str, float]:
    """Return the fields that the composite stands for, by name, at a scarcity in [0, 1].

    Examples
    --------
    >>> scarce(0.5)["work.slack"], scarce(1)["money.reserve"]
    (0.2, 1.0)
    """
    return {name: base + slope * scarcity for name, (base, slope) in SCARCITY.items()}


def parameter_names() -> list[str]:
    """Return every parameter as ``group.name``, in the order of the groups."""
    return [f"{group}.{name}" for group, part in GROUPS.items() for name in part.model_fields]
