"""What comparisons look at: outcomes with their words, units and good ends, how they are taken, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass

from sim.measures.series import SERIES
from sim.measures.summaries import SUMMARIES, Floats, Ints, until


@dataclass(frozen=True)
class Outcome:
    """What a comparison looks at: its label, unit, whether more is better, and its name in `SUMMARIES`."""

    label: str
    unit: str
    more: bool
    summary: str


OUTCOMES: dict[str, Outcome] = {
    "open": Outcome("Firms still open", "share of firms", True, "survived"),
    "cash": Outcome("Cash", "weeks of first cost", True, "cash"),
    "customers": Outcome("Customers", "start = 1", True, "customers_end"),
    "coherence": Outcome(SERIES["coherence"].label, "0 to 1", True, "coherence"),
    "engagement": Outcome(SERIES["engagement"].label, "0 to 1", True, "engagement"),
    "rework": Outcome("Work done twice", "share of work", False, "rework"),
    "satisfaction": Outcome(SERIES["satisfaction"].label, "0 to 1", True, "satisfaction"),
}
"""Cash and customers stand at the horizon (a closed firm keeps the cash that it closed with and has no customers); the others are
means over the last quarter of a year that the firm lived before it."""


def outcomes_at(series: Floats, closed: Ints, weeks: int) -> dict[str, Floats]:
    """Return every outcome of every run at a horizon, (runs,) each.

    Parameters
    ----------
    series : (runs, weeks, measures)
    closed : (runs,)
    weeks
        The horizon; at most the length of the runs.
    """
    shown, then = until(series, closed, min(weeks, series.shape[1]))
    return {name: SUMMARIES[outcome.summary].function(shown, then) for name, outcome in OUTCOMES.items()}


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
