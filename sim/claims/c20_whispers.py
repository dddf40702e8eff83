"""C20: the whispers come first. Its criteria: ``criteria/C20.toml``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.early_warning import auc, fitted
from sim.claims.estimate import Estimate, mean_of, statistic_of
from sim.claims.laboratory import Block, Floats, Runs
from sim.claims.measure import Given, Measure, Said, column, columns
from sim.claims.outcomes import weekly

INDICATORS = {
    "money": ("result", -1.0),
    "rework": ("rework", 1.0),
    "silos": ("between", -1.0),
    "overrun": ("progress", -1.0),
}
"""Name -> what is watched, and the direction of bad news."""
CUSTOMERS = ("customers", -1.0)
RECORD, WATCHED, HIT = 26, 52, 26
OTHER_FIRMS, SETTING = 2_000_000, 500
FALSE_ALARMS = 1 - math.exp(-1)
"""Share of unshocked firms with an alarm within a year: first alarms come at the rate of one a year."""
AUC_AFTER, FAR, NEAR = 78, 26, 13


def departures(runs: Runs, what: tuple[str, float], block: Block) -> Floats:
    """Return how far an indicator is off its own record, in the direction of bad news, in weeks w, w+1, ...; nan after closing."""
    name, sign = what
    curve = weekly(runs, name, block.turned)
    if name == "progress":
        curve = np.diff(curve, axis=1, prepend=np.nan)
    at = block.week[:, None] + np.arange(-RECORD, WATCHED)
    taken = np.take_along_axis(curve, np.minimum(at, block.horizon - 1), axis=1)
    record = taken[:, :RECORD]
    with np.errstate(invalid="ignore", divide="ignore"):
        return sign * (taken[:, RECORD:] - record.mean(axis=1)[:, None]) / np.maximum(record.std(axis=1)[:, None], 1e-9)


def first_alarm(departure: Floats, threshold: float) -> Floats:
    """Return the week after w of the first alarm; none counts as `WATCHED`."""
    with np.errstate(invalid="ignore"):
        passed = departure > threshold
    return np.where(passed.any(axis=1), passed.argmax(axis=1), WATCHED).astype(float)


def thresholds(given: Given) -> dict[str, float]:
    """Return each indicator's threshold, set on other, unshocked firms so that all give false alarms alike."""
    key = f"thresholds {sorted(given.over.items())}"
    if key not in given.lab.memo:
        count = min(SETTING, max(64, given.pairs))

        def extract(block: Block) -> dict[str, Floats]:
            calm = block.arms["calm"]
            watched = {**INDICATORS, "customers": CUSTOMERS}
            with np.errstate(invalid="ignore"):
                found = {name: np.nanmax(np.nan_to_num(departures(calm, what, block), nan=-np.inf), axis=1)
                         for name, what in watched.items()}  # fmt: skip
            alive = (calm.closed < 0) | (calm.closed >= block.week + WATCHED)
            return {name: np.where(alive, most, np.nan) for name, most in found.items()}

        most = given.lab.gather(
            given.claim, ["calm"], count, extract, over=given.over, formulas=given.formulas, first=OTHER_FIRMS
        )
        given.lab.memo[key] = {
            name: float(np.nanquantile(its, 1 - FALSE_ALARMS)) if np.isfinite(its).any() else math.inf
            for name, its in most.items()
        }
    made: dict[str, float] = given.lab.memo[key]
    return made


NAMES = (
    *(f"lead_{name}" for name in ("rework", "silos", "overrun")),
    *(f"hits_{name}" for name in ("rework", "silos", "overrun")),
    *(f"false_{name}" for name in INDICATORS),
    "lead_on_customers",
)


def alarms(block: Block, limits: dict[str, float]) -> Floats:
    """Return leads, hits above the twin's false alarms, and false alarms; nan for pairs closed before w."""
    key = f"alarms {sorted(limits.items())}"
    if key not in block.memo:
        watched = {**INDICATORS, "customers": CUSTOMERS}
        week = {
            arm: {
                name: first_alarm(departures(block.arms[arm], what, block), limits[name])
                for name, what in watched.items()
            }
            for arm in ("turn", "calm")
        }
        turn, calm = week["turn"], week["calm"]
        whispers = ("rework", "silos", "overrun")
        found = [turn["money"] - turn[name] for name in whispers]
        found += [(turn[name] <= HIT).astype(float) - (calm[name] <= HIT).astype(float) for name in whispers]
        found += [(calm[name] < WATCHED).astype(float) for name in INDICATORS]
        found.append(turn["customers"] - turn["rework"])
        made = columns(found)
        closed = block.arms["calm"].closed
        made[(closed >= 0) & (closed < block.week)] = np.nan
        block.memo[key] = made
    whole: Floats = block.memo[key]
    return whole


def false_lines(values: Floats, clusters: NDArray[np.int64]) -> list[Said]:
    """Return the share of unshocked twins with an alarm within a year, for every indicator."""
    return [
        Said(
            f"unshocked twins with a {name} alarm within a year",
            mean_of(values[:, NAMES.index(f"false_{name}")], clusters),
        )
        for name in INDICATORS
    ]


FEATURES = ("cash", "result", "rework", "between")


def histories(block: Block, _: Any) -> Floats:
    """Return the week of closing and, for every week, what was seen a quarter to half a year before."""
    from sim.measures.summaries import of

    runs = block.arms["unshocked"]
    found = [runs.closed.astype(float)[:, None]]
    for name in FEATURES:
        curve = of(runs.series, "cash") if name == "cash" else weekly(runs, name, block.turned)
        total = np.cumsum(np.nan_to_num(curve), axis=1)
        seen = np.full_like(curve, np.nan)
        seen[:, FAR:] = (total[:, FAR - NEAR : block.horizon - NEAR] - total[:, : block.horizon - FAR]) / (FAR - NEAR)
        found.append(seen)
    return np.concatenate(found, axis=1)


def auc_gain(values: Floats, clusters: NDArray[np.int64], _: str) -> Estimate:
    """Return how much better rework and agreement beside money tell firms that will close, in firms not fitted on."""
    closed = values[:, 0]
    curves = values[:, 1:].reshape(len(values), len(FEATURES), -1)
    closers = np.flatnonzero(closed >= AUC_AFTER)
    survivors = np.flatnonzero(closed < 0)
    if len(closers) < 20 or len(survivors) < 20:
        return mean_of([])
    weeks = closed[closers].astype(int)
    # Survivors are looked at in the weeks in which others closed, one after the other.
    matched = weeks[np.arange(len(survivors)) % len(weeks)]
    who = np.concatenate([closers, survivors])
    seen = curves[who, :, np.concatenate([weeks, matched])]
    label = np.concatenate([np.ones(len(closers)), np.zeros(len(survivors))])
    half = clusters[who] % 2 == 0
    scale = seen[half].mean(axis=0), seen[half].std(axis=0) + 1e-12
    x = (seen - scale[0]) / scale[1]
    scores = [x[:, :k] @ fitted(x[half, :k], label[half])[1:] for k in (2, len(FEATURES))]
    held = np.flatnonzero(~half)
    picked = np.column_stack([label[held], scores[0][held], scores[1][held]])
    return _bootstrapped(picked, clusters[who][held])


def _bootstrapped(rows: Floats, clusters: NDArray[np.int64]) -> Estimate:
    """Return the gain in AUC over held-out rows, drawn anew firm by firm."""
    rng = np.random.default_rng(20_261_125)
    names, index = np.unique(clusters, return_inverse=True)
    gains = []
    for _ in range(500):
        weight = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))[index]
        sample = rows[np.repeat(np.arange(len(rows)), weight)]
        gains.append(auc(sample[:, 2], sample[:, 0]) - auc(sample[:, 1], sample[:, 0]))
    point = auc(rows[:, 2], rows[:, 0]) - auc(rows[:, 1], rows[:, 0])
    base = statistic_of(lambda _: point, np.zeros((len(rows), 1)), clusters, resamples=4)
    low, high = (float(q) for q in np.nanquantile(gains, [0.005, 0.995]))
    inner = float(np.nanquantile(gains, 0.01)), float(np.nanquantile(gains, 0.99))
    return Estimate(point, math.nan, base.n, 0, len(names), (low, high), (low, high), inner, math.nan)


ALARMS = ["turn", "calm"]
MEASURES = {
    **{name: Measure(ALARMS, alarms, column(i), prepare=thresholds) for i, name in enumerate(NAMES)},
    "false_alarms": Measure(ALARMS, alarms, column(NAMES.index("false_rework")), false_lines, thresholds),
    "auc_gain": Measure(["unshocked"], histories, auc_gain),
}
