"""What matters most: each uncertain parameter moved alone to the ends of its range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.company.calibration.prior import WHOLE, prior_of
from sim.company.report.finding import Finding
from sim.company.report.plain_words import counted, listed, plain_name
from sim.company.whatif.compare import Difference, Draws, difference, many, outcomes
from sim.company.whatif.ranking import interval as sure_interval
from sim.measures.outcomes import OUTCOMES, interval, written
from sim.scenario import Scenario

RUNS = 60


@dataclass(frozen=True)
class Bar:
    """A parameter: its low and high value, what they change against the base, and high against low pair by pair."""

    name: str
    low_value: float
    high_value: float
    low: Difference
    high: Difference
    swing: NDArray[np.float64]

    @property
    def width(self) -> float:
        """How much it matters."""
        return abs(float(self.swing.mean()))


def tornado_runs(scenario: Scenario) -> int:
    """Return how many firms the tornado of a scenario takes, in units of its runs."""
    return 1 + 2 * len(prior_of(scenario).names)


def tornado(
    scenario: Scenario,
    draws: Draws,
    outcome: str,
    runs: int,
    seed: int,
    workers: int,
    progress: Callable[[int], None] | None = None,
) -> list[Bar]:
    """Move each uncertain parameter alone to the ends of its 80 % range and return what that does, the widest first."""
    prior = prior_of(scenario)
    weeks = scenario.weeks

    def values(changed: Scenario, held: Sequence[str] = ()) -> NDArray[np.float64]:
        return outcomes(many(changed, runs, seed, draws, frozenset(held), workers, progress), weeks)[outcome]

    base = values(scenario)
    bars = []
    for i, name in enumerate(prior.names):
        if draws:
            low, high = np.quantile([d[name] for d in draws], (0.1, 0.9)).tolist()
        else:
            low, high = (float(prior.low[i] + q * (prior.high[i] - prior.low[i])) for q in (0.1, 0.9))
        ends = [values(scenario.replace({name: round(v) if name in WHOLE else v}), [name]) for v in (low, high)]
        at_low, at_high = (difference(outcome, weeks, base, e) for e in ends)
        bars.append(Bar(name, low, high, at_low, at_high, ends[1] - ends[0]))
    return sorted(bars, key=lambda b: -b.width)


def tornado_finding(bars: Sequence[Bar], outcome: str) -> Finding:
    """Say which parameter matters most: only one where its swing is wider than all others', pair by pair."""
    first, others = bars[0], bars[1:]
    turned = np.sign(first.swing.mean()) * first.swing
    n = len(turned)

    def as_wide(bar: Bar) -> bool:
        return sure_interval(turned - np.sign(bar.swing.mean()) * bar.swing, len(others))[1] <= 0

    tied = [first, *(bar for bar in others if as_wide(bar))]
    mean, low, high = sure_interval(turned, len(bars))
    label = OUTCOMES[outcome].label.lower()
    ends = (low, high) if first.swing.mean() >= 0 else (-high, -low)
    if low <= 0:
        return Finding(
            "what matters most", "none told", f"No single setting is shown to change {label} after {first.low.weeks} weeks.", mean, n, "pairs", low, high, "No single setting is shown to matter"
        )  # fmt: skip
    detail = (
        f"moving {plain_name(first.name)} alone from {first.low_value:.3g} to {first.high_value:.3g} changes {label} after {first.low.weeks} weeks by "
        f"{written(float(first.swing.mean()), outcome, True)} ({OUTCOMES[outcome].unit}; 99 % interval {interval(*ends, outcome)}, n = {n} pairs)."
    )
    if len(tied) == 1:
        return Finding(
            "what matters most",
            "one",
            f"Of {counted(len(bars), 'setting', 'settings')}, {detail}",
            mean,
            n,
            "pairs",
            low,
            high,
            f"What matters most is {plain_name(first.name)}",
        )
    names = [plain_name(b.name) for b in tied]
    shown = listed(names) if len(names) <= 4 else f"{', '.join(names[:4])} and {len(names) - 4} more"
    return Finding(
        "what matters most", "tied", f"{shown[0].upper()}{shown[1:]} cannot be told apart; {detail}", mean, n, "pairs", low, high, f"{len(tied)} settings matter most and cannot be told apart"
    )  # fmt: skip
