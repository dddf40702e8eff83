"""Where the firm is heading: what runs of it, as it is, come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.company.report.finding import Finding
from sim.company.report.plain_words import listed, percent
from sim.measures.intervals import wilson
from sim.measures.outcomes import OUTCOMES, written

LAST, RISK = 0.9, 0.5
"""Shares of firms open at the end above which a firm is likely to last, and below which it is in danger."""
WHOLE = 0.9
"""Share of firms that must be open where a curve is drawn that only open firms have: with fewer it would show survivors."""


@dataclass(frozen=True)
class Whose:
    """Whom the simulated firms stand for, by what was known of the firm."""

    departments: int
    goals: bool
    survey: bool
    links: bool
    calibrated: bool

    @property
    def typical(self) -> bool:
        """Whether nothing of the firm but its chart is in them."""
        return not (self.goals or self.survey or self.calibrated)


def whose_firm(whose: Whose) -> Finding:
    """Say whom the simulated firms stand for."""
    known = ["people and departments"]
    known += [
        word for word, there in (("ties", whose.links), ("goals", whose.goals), ("survey", whose.survey)) if there
    ]
    if whose.typical:
        return Finding(
            "whose firm",
            "typical",
            f"Only {listed(known)} of this firm are known, not what departments are paid for and not what people think. What is simulated below is therefore the "
            "model's typical firm with this firm's chart, and not this firm. Goals and a survey would change that.",
        )
    missing = [word for word, there in (("departments' goals", whose.goals), ("a survey", whose.survey)) if not there]
    text = f"The simulated firms start from this firm's {listed(known)}."
    if missing:
        text += f" Without {listed(missing)}, the model's typical values stand in for {'these' if len(missing) > 1 else 'it'}."
    text += (
        " Their other settings were calibrated to this firm's facts."
        if whose.calibrated
        else " Their other settings are the model's typical ones, not fitted to this firm."
    )
    return Finding("whose firm", "calibrated" if whose.calibrated else "partly known", text)


def survival(closed: NDArray[np.int64], weeks: int, whose: Whose) -> Finding:
    """Say how many firms are open at the end; the headline follows from the interval, not from the mean.

    Parameters
    ----------
    closed : (runs,)
        Week of closing, -1 where a firm is open at the end.
    """
    runs, open_ = len(closed), int(np.sum(closed < 0))
    low, high = wilson(open_, runs)
    subject = "a typical firm with this chart" if whose.typical else "the simulated firm"
    cases = (
        ("likely to last", low >= LAST, f"As it is, {subject} is likely to last"),
        ("in danger", high < RISK, f"As it is, {subject} is in danger"),
        ("at risk", high < LAST and low >= RISK, f"As it is, {subject} is at risk"),
        ("at risk or worse", high < LAST, f"As it is, {subject} is at risk or in danger"),
        ("at risk or better", low >= RISK, f"As it is, {subject} is at risk, or likely to last: the runs do not tell"),
        ("not told", True, f"The runs do not tell how likely {subject} is to last"),
    )
    rule, headline = next((name, words) for name, applies, words in cases if applies)
    return Finding(
        "survival", rule,
        f"{open_} of {runs} simulated firms are still open after {weeks} weeks ({percent(open_ / runs)}; 95 % interval {percent(low)} to {percent(high)}).",
        open_ / runs, runs, "simulated firms", low, high, headline,
    )  # fmt: skip


def level(outcome: str, values: NDArray[np.float64], closed_share: float, weeks: int) -> Finding:
    """Say where an outcome stands after some weeks: the middle 80 % of all firms, those that closed counted too.

    Parameters
    ----------
    values : (runs,)
        As `sim.measures.outcomes.outcomes_at` gives them.
    closed_share
        Share of the firms that have closed by then.
    """
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9)).tolist()
    unit = " weeks of cost" if outcome == "cash" else ""
    counted_as = {"cash": "with what they closed with", "customers": "as 0"}.get(
        outcome, "with their last quarter of a year"
    )
    rest = f" (closed firms counted {counted_as})" if closed_share > 0 else ""
    return Finding(
        f"{outcome} after {weeks} weeks", "closed firms counted" if closed_share > 0 else "all open",
        f"{OUTCOMES[outcome].label} after {weeks} weeks: {written(middle, outcome)}{unit} in the middle one of the firms, {written(low, outcome)} to {written(high, outcome)} in the middle 80 %{rest}.",
        middle, len(values), "simulated firms", low, high,
    )  # fmt: skip


def levels(values: Mapping[str, NDArray[np.float64]], weeks: int, names: Sequence[str]) -> list[Finding]:
    """Return where some outcomes stand after some weeks."""
    closed = 1 - float(values["open"].mean())
    return [level(name, values[name], closed, weeks) for name in names]


def shown_until(closed: NDArray[np.int64], weeks: int) -> int:
    """Return how many weeks can be drawn of what only open firms have: while nearly all are open."""
    week = np.arange(weeks)
    share = np.mean((closed[:, None] < 0) | (closed[:, None] >= week), axis=0)
    below: Sequence[int] = np.flatnonzero(share < WHOLE).tolist()
    return below[0] if below else weeks
