"""What comparisons look at: outcomes with their words, units and good ends, and how their values are written."""

from __future__ import annotations

from dataclasses import dataclass

from sim.measures.series import SERIES


@dataclass(frozen=True)
class Outcome:
    """What a comparison looks at: its label, unit, and whether more is better."""

    label: str
    unit: str
    more: bool


OUTCOMES: dict[str, Outcome] = {
    "open": Outcome("Firms still open", "share of firms", True),
    "cash": Outcome("Cash", "weeks of first cost", True),
    "customers": Outcome("Customers", "start = 1", True),
    "coherence": Outcome(SERIES["coherence"].label, "0 to 1", True),
    "engagement": Outcome(SERIES["engagement"].label, "0 to 1", True),
    "rework": Outcome("Work done twice", "share of work", False),
    "satisfaction": Outcome(SERIES["satisfaction"].label, "0 to 1", True),
}
"""Cash and customers stand at the horizon (a closed firm keeps the cash that it closed with and has no customers); the others are
means over the last quarter of a year that the firm lived before it."""


def written(value: float, outcome: str, signed: bool = False) -> str:
    """Return a value of an outcome as reports write it."""
    sign = "+" if signed else ""
    match OUTCOMES[outcome].unit:
        case "share of firms" | "share of work":
            text = f"{100 * value:{sign}.1f} points" if signed else f"{100 * value:.0f} %"
        case "weeks of first cost":
            text = f"{value:{sign}.1f}"
        case _:
            text = f"{value:{sign}.2f}"
    return text.replace("-", "\N{MINUS SIGN}")


def interval(low: float, high: float, outcome: str) -> str:
    """Return the interval of a difference, its unit said once."""
    return f"{written(low, outcome, True).removesuffix(' points')} to {written(high, outcome, True)}"
