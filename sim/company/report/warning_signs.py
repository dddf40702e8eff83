"""Early warnings: which signals of the first half year tell how a firm ends."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.company.report.finding import Finding
from sim.company.report.plain_words import percent
from sim.measures.intervals import Z95, wilson

SIGNALS = {
    "engagement": False,
    "coherence": False,
    "satisfaction": False,
    "cash": False,
    "rework": True,
    "overload": True,
    "gap": True,
}
"""What may warn early: series, and whether high values are the bad ones."""
WATCHED = (13, 26)
"""Weeks over which signals are read."""
LEAST_CLOSED, MOST_CLOSED = 0.1, 0.9
"""Shares of closed firms between which closing itself is predicted."""
WORST = 0.25
LEAST_FIRMS = 40
LEAST_EACH = 5
"""Firms of either kind, in either half, that a threshold needs."""


@dataclass(frozen=True)
class Sign:
    """An early warning sign, judged on other runs than those that its threshold was set on.

    Attributes
    ----------
    caught, false_alarms
        Share of the firms that end badly, and of the others, that give the signal; each with its 95 % Wilson interval.
    area, low, high
        Area under the ROC curve with its 95 % interval (Hanley & McNeil 1982); 0.5 is no better than chance.
    n
        Firms that it was judged on.
    """

    signal: str
    high_is_bad: bool
    threshold: float
    caught: tuple[float, float, float]
    false_alarms: tuple[float, float, float]
    area: float
    low: float
    high: float
    n: int

    @property
    def use(self) -> str:
        """What the interval of the area says of its use."""
        if self.low >= 0.8:
            return "strong"
        if self.low >= 0.65:
            return "fair"
        return "weak" if self.low > 0.5 else "not shown to work"


@dataclass(frozen=True)
class Warnings:
    """Signs, the best first, and what they warn of.

    Attributes
    ----------
    of
        ``closing``, or ``cash`` for the worst quarter by cash; empty where too few firms are left to learn from.
    open, bad
        Firms open when the signals were read, and those of them that end badly.
    closed_share
        Share of them that closes later.
    """

    of: str
    open: int
    bad: int
    closed_share: float
    signs: tuple[Sign, ...]


def outcome_to_warn_of(closed: NDArray[np.int64], cash: NDArray[np.float64]) -> tuple[str, NDArray[np.bool_]]:
    """Return what is worth a warning, and which firms end so: closing where 10 to 90 % close, else the worst quarter by cash.

    In the worst quarter a firm that closed stands below every open one, and below one that closed later.

    Parameters
    ----------
    closed
        Week of closing, -1 where open; of the firms that were open when the signals were read.
    cash
        At the end, or when they closed.
    """
    share = float(np.mean(closed >= 0))
    if LEAST_CLOSED <= share <= MOST_CLOSED:
        return "closing", closed >= 0
    order = np.lexsort((cash, np.where(closed < 0, np.iinfo(np.int64).max, closed)))
    bad = np.zeros(len(closed), np.bool_)
    bad[order[: round(WORST * len(closed))]] = True
    return "cash", bad


def warnings_of(
    closed: NDArray[np.int64], signals: Mapping[str, NDArray[np.float64]], cash: NDArray[np.float64]
) -> Warnings:
    """Return signals that tell early which firms end badly, the best first.

    A signal is the mean over weeks 13 to 25 of firms that are open then. The threshold is set on the runs with even numbers
    (Youden's index) and judged on those with odd ones.
    """
    there = (closed < 0) | (closed >= WATCHED[1])
    if there.sum() < LEAST_FIRMS:
        return Warnings("", int(there.sum()), 0, math.nan, ())
    even = (np.arange(len(closed)) % 2 == 0)[there]
    what, bad = outcome_to_warn_of(closed[there], cash[there])
    found = []
    for name, values in signals.items():
        sign = 1 if SIGNALS[name] else -1
        x = sign * values[there, WATCHED[0] : WATCHED[1]].mean(axis=1)
        made = _sign(name, sign * 1.0, x, bad, even)
        if made is not None:
            found.append(made)
    signs = tuple(sorted(found, key=lambda s: -s.area))
    return Warnings(what, int(there.sum()), int(bad.sum()), float(np.mean(closed[there] >= 0)), signs)


def _sign(
    name: str, sign: float, x: NDArray[np.float64], bad: NDArray[np.bool_], even: NDArray[np.bool_]
) -> Sign | None:
    train_bad, train_good = x[even & bad], x[even & ~bad]
    test_bad, test_good = x[~even & bad], x[~even & ~bad]
    if min(v.size for v in (train_bad, train_good, test_bad, test_good)) < LEAST_EACH:
        return None
    places = np.unique(np.concatenate([train_bad, train_good]))
    gain = [(train_bad >= p).mean() - (train_good >= p).mean() for p in places]
    threshold = float(places[int(np.argmax(gain))])
    higher = (test_bad[:, None] > test_good).mean() + 0.5 * (test_bad[:, None] == test_good).mean()
    low, high = _area_interval(float(higher), test_bad.size, test_good.size)
    return Sign(
        name, SIGNALS[name], sign * threshold, _share(test_bad >= threshold), _share(test_good >= threshold),
        float(higher), low, high, test_bad.size + test_good.size,
    )  # fmt: skip


def _share(hits: NDArray[np.bool_]) -> tuple[float, float, float]:
    low, high = wilson(int(hits.sum()), hits.size)
    return float(hits.mean()), low, high


def _area_interval(area: float, bad: int, good: int) -> tuple[float, float]:
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (area * (1 - area) + (bad - 1) * (one - area**2) + (good - 1) * (two - area**2)) / (bad * good)
    half = Z95 * math.sqrt(max(variance, 0.0))
    return max(0.0, area - half), min(1.0, area + half)


def warning_findings(found: Warnings, labels: Mapping[str, str]) -> list[Finding]:
    """Say what the signs warn of, and which sign is the best."""
    if not found.signs:
        return [
            Finding(
                "early warnings",
                "too few firms",
                f"{found.open} firms are open after half a year: too few, or too much alike, to learn a warning from.",
                n=found.open,
                of="simulated firms",
            )
        ]
    closing = percent(found.closed_share)
    if found.of == "closing":
        what = f"{closing} of the firms that are open after half a year close later. The signs below warn of closing."
    else:
        why = "hardly any" if found.closed_share < LEAST_CLOSED else "nearly all"
        what = f"{closing} of the firms that are open after half a year close later: {why}, so closing is no use as a target. The signs below warn of ending in the worst quarter by cash; firms that closed count as the worst."
    best = found.signs[0]
    last = [s for s in found.signs[1:] if s.high >= best.low and s.use != "not shown to work"]
    if best.use == "not shown to work":
        words, rule = "No sign is shown to do better than chance.", "none works"
    elif last:
        names = ", ".join(labels[s.signal].lower() for s in found.signs[:1] + tuple(last))
        words, rule = f"The best cannot be told apart: {names}.", "tied"
    else:
        words, rule = f"The best is {labels[best.signal].lower()}.", "one best"
    return [
        Finding("warned of", found.of, what, found.closed_share, found.open, "simulated firms"),
        Finding("best warning", rule, words, best.area, best.n, "simulated firms", best.low, best.high),
    ]
