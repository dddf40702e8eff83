"""Everything that a report says of a client: read from the folder, and run where it was not."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.company.calibration.abc import WHOLE, prior_of, stored, stored_draws
from sim.company.client_folder import Client
from sim.company.whatif.compare import Difference, Draws, difference, many, outcomes
from sim.company.whatif.whatif import Found, found_of
from sim.measures.outcomes import OUTCOMES
from sim.measures.series import SERIES
from sim.report.run_data import Material, gather
from sim.scenario import Scenario

TORNADO_RUNS = 60
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
WORST = 0.25


@dataclass(frozen=True)
class Bar:
    """A parameter of the tornado: its low and high value, and the paired differences that they make."""

    name: str
    low_value: float
    high_value: float
    low: Difference
    high: Difference

    @property
    def width(self) -> float:
        """How much it matters."""
        return abs(self.high.mean - self.low.mean)


@dataclass(frozen=True)
class Alarm:
    """An early warning sign: the threshold of a signal, what it catches and what it falsely alarms (on other runs than those it was set on)."""

    signal: str
    high_is_bad: bool
    threshold: float
    caught: float
    false: float
    area: float


@dataclass(frozen=True)
class Dossier:
    """What the report is made of."""

    client: dict[str, Any]
    scenario: Scenario
    material: Material
    short: dict[str, tuple[float, float, float]]
    long: dict[str, tuple[float, float, float]]
    weeks: tuple[int, ...]
    tornado: list[Bar]
    warnings: list[Alarm]
    whatif: list[Found]
    best: Found | None
    whatif_facts: dict[str, Any]
    calibration: dict[str, Any] | None
    outcome: str


def stored_whatif(folder: Path) -> dict[str, Any] | None:
    """Return the what-ifs kept in a client folder, or None."""
    try:
        found = json.loads((folder / "whatif" / "whatif.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def make_dossier(
    client: Client, runs: int, seed: int, workers: int, progress: Callable[[int], None] | None = None
) -> Dossier:
    """Read and run what a report needs; what-ifs of another scenario than the present one are left out."""
    from sim.company.whatif.compare import horizons

    scenario = client.scenario
    kept = stored_whatif(client.folder)
    if kept is not None and kept["base"] != scenario.hash:
        kept = None
    fit = stored(client.folder)
    if fit is not None and fit["base"] != scenario.hash:
        fit = None
    draws = stored_draws(client.folder, runs) if fit is not None else []
    batch = many(scenario, runs, seed, draws, workers=workers, progress=progress, with_departments=True)
    weeks = horizons(scenario)
    outcome = kept["outcome"] if kept else "cash"
    bands = [{name: _band(values) for name, values in outcomes(batch, w).items()} for w in (weeks[0], weeks[-1])]
    bars = tornado(scenario, draws, outcome, min(TORNADO_RUNS, runs), seed, workers, progress)
    return Dossier(
        client=client.company, scenario=scenario, material=gather(batch), short=bands[0], long=bands[1], weeks=weeks, tornado=bars,
        warnings=warnings_of(batch.closed, {n: batch.of(n) for n in SIGNALS}, outcomes(batch, scenario.weeks)["cash"]),
        whatif=[found_of(f) for f in kept["found"]] if kept else [], best=found_of(kept["best"]) if kept and kept["best"] else None,
        whatif_facts={k: kept[k] for k in ("seed", "runs", "budget", "tries", "draws")} if kept else {}, calibration=fit, outcome=outcome,
    )  # fmt: skip


def _band(values: NDArray[np.float64]) -> tuple[float, float, float]:
    low, high = np.quantile(values, (0.1, 0.9)).tolist()
    return float(values.mean()), low, high


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
        changed = [scenario.replace({name: round(v) if name in WHOLE else v}) for v in (low, high)]
        ends = [difference(outcome, weeks, base, values(c, [name])) for c in changed]
        bars.append(Bar(name, low, high, *ends))
    return sorted(bars, key=lambda b: -b.width)


def warnings_of(
    closed: NDArray[np.int64], signals: dict[str, NDArray[np.float64]], cash: NDArray[np.float64]
) -> list[Alarm]:
    """Return signals that tell early which firms end up in the worst quarter (by cash at the end), the best first.

    A signal is the mean over weeks 13 to 25 of firms that are open then. The threshold is set on the runs with even numbers
    (Youden's index) and judged on those with odd ones.
    """
    open_ = (closed < 0) | (closed >= WATCHED[1])
    if open_.sum() < 40:
        return []
    worst = cash <= np.quantile(cash, WORST)
    even = np.arange(len(closed)) % 2 == 0
    found = []
    for name, values in signals.items():
        sign = 1 if SIGNALS[name] else -1
        x = sign * values[:, WATCHED[0] : WATCHED[1]].mean(axis=1)
        train, test = open_ & even, open_ & ~even
        bad, good = x[train & worst], x[train & ~worst]
        if min(bad.size, good.size, (test & worst).sum(), (test & ~worst).sum()) < 5:
            continue
        places = np.unique(np.concatenate([bad, good]))
        gain = [(bad >= p).mean() - (good >= p).mean() for p in places]
        threshold = float(places[int(np.argmax(gain))])
        caught, false = float((x[test & worst] >= threshold).mean()), float((x[test & ~worst] >= threshold).mean())
        above = (x[test & worst][:, None] > x[test & ~worst]).mean() + 0.5 * (
            x[test & worst][:, None] == x[test & ~worst]
        ).mean()
        found.append(Alarm(name, SIGNALS[name], sign * threshold, caught, false, float(above)))
    return sorted(found, key=lambda w: -w.area)


def label(name: str) -> str:
    """Return the plain words for a series."""
    return OUTCOMES[name].label if name in OUTCOMES else SERIES[name].label
