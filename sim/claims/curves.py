"""The headline's outcome week by week in its arms: what a claim's figure shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.criteria import Claim
from sim.claims.laboratory import Block
from sim.claims.outcomes import weekly

Floats = NDArray[np.float64]
MINIMUM = 20
"""Firms below which a week of a curve is not shown."""
BEFORE, LATEST = 26, 78
"""Weeks shown before w; the latest w."""


def shown_weeks(claim: Claim, arms: Sequence[str]) -> tuple[bool, NDArray[np.int64]]:
    """Return whether weeks are counted from w (some arm has an event), and which are shown."""
    events = any(claim.arms[arm].get("events") for arm in arms)
    return events, np.arange(-BEFORE, claim.horizon - LATEST) if events else np.arange(claim.horizon)


def shown_outcome(claim: Claim) -> str:
    """Return the outcome that is shown: the headline's, or what stands for it in a single week."""
    outcome = claim.headline.outcome
    return {"success": "progress", "margin": "result", "": "result"}.get(outcome, outcome)


def weekly_curve(claim: Claim, arms: Sequence[str], block: Block, arm: str) -> Floats:
    """Return the outcome of an arm, (pairs, weeks shown); nan after closing and outside the run."""
    events, around = shown_weeks(claim, arms)
    outcome, runs = shown_outcome(claim), block.arms[arm]
    if outcome == "alive":
        curve = (~np.isnan(runs.series[:, :, 0])).astype(float)
    else:
        curve = weekly(runs, outcome, block.turned)
    if not events:
        return curve
    at = block.week[:, None] + around[None, :]
    inside = (at >= 0) & (at < block.horizon)
    return np.where(inside, np.take_along_axis(curve, np.clip(at, 0, block.horizon - 1), axis=1), np.nan)


def mean_curves(claim: Claim, arms: Sequence[str], found: Mapping[str, Floats]) -> dict[str, Any]:
    """Return weekly means over pairs, with half-widths of 95 % intervals.

    Parameters
    ----------
    claim, arms
        The criteria, and the headline's arms.
    found
        ``curve`` and an arm's name -> (pairs, weeks).
    """
    events, around = shown_weeks(claim, arms)
    curves: dict[str, Any] = {"outcome": shown_outcome(claim), "from_w": events, "weeks": around, "arms": {}}
    for name, values in found.items():
        n = (~np.isnan(values)).sum(axis=0)
        mean = np.nansum(values, axis=0) / np.maximum(n, 1)
        sd = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / np.maximum(n - 1, 1))
        thin = n < MINIMUM
        half = 1.96 * sd / np.sqrt(np.maximum(n, 1))
        its = {"mean": np.where(thin, np.nan, mean), "half": np.where(thin, np.nan, half), "n": int(n.max(initial=0))}
        curves["arms"][name.removeprefix("curve ")] = its
    return curves
