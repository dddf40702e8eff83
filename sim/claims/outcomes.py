"""What the arms of a pair come to, by the names and the policies for closed firms that the criteria state."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.claims.arms import takes_main_input
from sim.claims.criteria import Contrast, Window, rules
from sim.claims.laboratory import Block, Runs
from sim.claims.observe import OBSERVED
from sim.measures.summaries import of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MONTH = 52 / 12
OVER_PLAN = 1.1
PLANNED = 26
FROM_SERIES = {
    "thrust": "thrust", "fit": "fit", "satisfaction": "satisfaction", "customers": "customers", "cog": "cognitive",
    "beh": "behavioural", "between": "between", "coherence": "coherence", "delivered": "delivered", "rework": "rework",
    "disengaged": "disengaged", "throughput": "throughput", "newcomers": "newcomers", "churn": "churn", "gap": "gap",
    "other": "other", "reports": "reports", "stress": "stress",
}  # fmt: skip
SUMMED = {"throughput"}
"""Outcomes that are summed over their weeks, not averaged."""


def weekly(runs: Runs, outcome: str, turned: NDArray[np.int64]) -> Floats:
    """Return an outcome week by week, (pairs, weeks), nan after closing.

    Parameters
    ----------
    runs
        One arm.
    outcome
        One of those in ``rules.toml`` that have a value each week.
    turned
        Each pair's drawn department.
    """
    if outcome in FROM_SERIES:
        return of(runs.series, FROM_SERIES[outcome])
    if outcome in OBSERVED:
        return runs.observed[:, :, OBSERVED.index(outcome)]
    with np.errstate(divide="ignore", invalid="ignore"):
        match outcome:
            case "lost_outside" | "lost_far":
                return _lost_elsewhere(runs, turned, far=outcome == "lost_far")
            case "leavers":
                return np.asarray(MONTH * of(runs.series, "leavers") / np.maximum(of(runs.series, "filled"), 1))
            case "pairwise":
                n = np.maximum(of(runs.series, "filled"), 2)
                return np.asarray((n * of(runs.series, "coherence") ** 2 - 1) / (n - 1))
            case "result":
                return of(runs.series, "revenue") - of(runs.series, "costs")
            case "worth":
                return worth(runs)
    raise ValueError(f"{outcome} has no weekly values")


def _lost_elsewhere(runs: Runs, turned: NDArray[np.int64], far: bool) -> Floats:
    size = runs.counts.shape[2]
    outside = np.arange(size)[None, :] != turned[:, None]
    if far:
        outside &= ~takes_main_input(size)[:, turned].T
    counted = np.where(outside[:, None, :, None], runs.counts, 0.0).sum(axis=2)
    lived = ~np.isnan(runs.series[:, :, 0])
    share = counted[:, :, 0] / np.maximum(counted[:, :, 1], 1)
    return np.where(lived & (counted[:, :, 1] > 0), share, np.nan)


def worth(runs: Runs) -> Floats:
    """Return starting cash and the results since, at full costs, before owners' draw and forgone pay.

    Owners' draw is what is above the reserve times draw / (1 - draw); forgone pay is what thrift took off the costs. Both are
    put back week by week: cash alone hides profit that owners took and pay that they gave up.
    """
    cash, stress, costs = (of(runs.series, name) for name in ("cash", "stress", "costs"))
    value = {name: runs.values(name)[:, None] for name in (
        "money.draw", "money.reserve", "money.thrift", "money.safety", "money.credit", "money.buffer",
        "money.fixed_costs", "people.leaver_cost", "work.rework_cost", "work.reference_rework",
    )}  # fmt: skip
    draw = np.minimum(value["money.draw"], 1 - 1e-9)
    drawn = draw / (1 - draw) * np.maximum(0.0, cash - value["money.reserve"])
    credit = value["money.credit"]
    first = np.clip(1 - (value["money.buffer"] + credit) / (value["money.safety"] + credit), 0, 1)
    before = np.concatenate([first, stress[:, :-1]], axis=1)
    leavers = np.concatenate([np.zeros_like(first), of(runs.series, "leavers")[:, :-1]], axis=1)
    posts = np.array([firm.headcount for firm in runs.firms])[:, None]
    leaving = value["people.leaver_cost"] * (1 - value["money.fixed_costs"]) / posts * leavers
    redone = np.maximum(0.0, of(runs.series, "rework") - value["work.reference_rework"])
    redoing = value["work.rework_cost"] * redone * of(runs.series, "revenue")
    saved = value["money.thrift"] * before
    forgone = (costs - leaving - redoing) * saved / (1 - saved)
    return np.asarray(cash + np.cumsum(drawn - forgone, axis=1))


def values_of(contrast: Contrast, block: Block, carried: bool = False, policy: str | None = None) -> Floats:
    """Return a linear contrast for each pair of a block, (pairs,); nan where a pair has no value.

    Parameters
    ----------
    contrast
        With weights of arms.
    block
        With these arms.
    carried
        With policy c: whether last values are carried forward instead.
    policy
        Another policy than the contrast's.
    """
    how = policy or contrast.policy
    inside = weeks_inside(contrast.window, block)
    names = list(contrast.weights)
    each: Mapping[str, Floats]
    if contrast.outcome in ("alive", "success", "over_plan"):
        each = {name: _of_runs(block.arms[name], contrast.outcome, contrast.window, block) for name in names}
    elif contrast.outcome == "margin":
        each = _margins(block, names, inside, carried)
    else:
        curves = [weekly(block.arms[name], contrast.outcome, block.turned) for name in names]
        lived = [~np.isnan(block.arms[name].series[:, :, 0]) for name in names]
        each = dict(zip(names, _taken(curves, lived, inside, how, carried), strict=True))
        if contrast.outcome in SUMMED:
            each = {name: mean * inside.sum(axis=1) for name, mean in each.items()}
    total = np.zeros(len(block))
    for name, weight in contrast.weights.items():
        total = total + weight * each[name]
    return total


def weeks_inside(window: Window, block: Block) -> Flags:
    """Return which weeks belong to a window, (pairs, weeks)."""
    ends = np.array([window.at(int(w), block.horizon) for w in block.week]).reshape(-1, 2)
    week = np.arange(block.horizon)
    return (week >= ends[:, :1]) & (week < ends[:, 1:])


def _taken(curves: list[Floats], lived: list[Flags], inside: Flags, policy: str, carried: bool) -> list[Floats]:
    """Return each arm's mean over the weeks of a window, by a policy for closed firms."""
    match policy:
        case "z":
            return [_mean(np.where(there, curve, 0.0), inside) for curve, there in zip(curves, lived, strict=True)]
        case "f":
            last = inside.shape[1] - 1 - np.argmax(inside[:, ::-1], axis=1)
            return [forward(curve)[np.arange(len(last)), last] for curve in curves]
        case "c" if carried:
            return [_mean(forward(curve), inside) for curve in curves]
        case "c":
            common = inside & np.logical_and.reduce(lived)
            few = common.sum(axis=1) < np.minimum(rules()["closed_firms"]["least_weeks"], inside.sum(axis=1))
            common[few] = False
            return [_mean(curve, common) for curve in curves]
    raise ValueError(f"{policy!r} is no policy for closed firms")


def _mean(curve: Floats, inside: Flags) -> Floats:
    """Return means over the weeks inside that have a value; nan where none has."""
    counted = inside & ~np.isnan(curve)
    count = counted.sum(axis=1)
    total = np.where(counted, curve, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def forward(curve: Floats) -> Floats:
    """Return a curve with its last value carried forward over the weeks after closing."""
    week = np.where(np.isnan(curve), 0, np.arange(curve.shape[1]))
    return np.take_along_axis(curve, np.maximum.accumulate(week, axis=1), axis=1)


def _margins(block: Block, names: list[str], inside: Flags, carried: bool) -> Mapping[str, Floats]:
    lived = [~np.isnan(block.arms[name].series[:, :, 0]) for name in names]
    found = {}
    money = {
        part: _taken([of(block.arms[name].series, part) for name in names], lived, inside, "c", carried)
        for part in ("costs", "revenue")
    }
    for name, costs, revenue in zip(names, money["costs"], money["revenue"], strict=True):
        with np.errstate(divide="ignore", invalid="ignore"):
            found[name] = np.where(revenue > 0, 1 - costs / revenue, np.nan)
    return found


def _of_runs(runs: Runs, outcome: str, window: Window, block: Block) -> Floats:
    if outcome == "alive":
        last = np.array([window.at(int(w), block.horizon)[1] for w in block.week]) - 1
        return ((runs.closed < 0) | (runs.closed > last)).astype(float)
    done = done_after(runs, block.week)
    if outcome == "success":
        return np.isfinite(done).astype(float)
    return (np.where(np.isfinite(done), done, math.inf) > OVER_PLAN * PLANNED).astype(float)


def done_after(runs: Runs, week: NDArray[np.int64]) -> Floats:
    """Return how many weeks the initiative took, nan where it was not done in time or the firm closed before."""
    done = runs.observed[:, :, OBSERVED.index("progress")] >= 1.0
    return np.where(done.any(axis=1), done.argmax(axis=1) - week + 1.0, np.nan)


Extract = Callable[[Block], Mapping[str, Floats]]
