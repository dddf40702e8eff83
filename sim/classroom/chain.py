"""The causal chain: what feeds what, when a difference between two firms stands out from luck, and what lights up first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.simulate import Batch

LINKS = (
    "fit", "cognitive", "behavioural", "rework", "overload", "engagement", "satisfaction", "customers", "cash", "stress",
    "thrust",
)  # fmt: skip
"""Measures that are links of the chain."""
EDGES = (
    ("fit", "thrust"), ("fit", "cognitive"), ("cognitive", "behavioural"), ("behavioural", "rework"),
    ("behavioural", "thrust"), ("rework", "overload"), ("rework", "engagement"), ("rework", "cash"),
    ("overload", "engagement"), ("overload", "satisfaction"), ("overload", "cash"), ("thrust", "satisfaction"),
    ("satisfaction", "customers"), ("customers", "cash"), ("cash", "stress"), ("engagement", "cognitive"),
    ("stress", "behavioural"), ("thrust", "fit"),
)  # fmt: skip
"""Cause and effect, as in the model's phases (sim/MODEL.md); the last two close circles: worry, and learning by results."""
SHARE_OF_LUCK = 0.5
"""A difference stands out when it is larger than this share of the standard deviation between like firms."""
NEVER = np.iinfo(np.int64).max


def noise(base: Batch) -> dict[str, float]:
    """Return how large a difference must be to stand out, by link.

    Half the standard deviation between firms that differ in luck alone, averaged over the weeks in which at least two
    live (Cohen's medium effect).

    Parameters
    ----------
    base
        Many firms of the scenario without the cause.
    """
    found = {}
    for name in LINKS:
        values = base.of(name)
        together = values[:, (~np.isnan(values)).sum(axis=0) >= 2]
        found[name] = SHARE_OF_LUCK * float(np.nanstd(together, axis=0, ddof=1).mean()) if together.size else 0.0
    return found


def first_weeks(base: Batch, change: Batch, name: str, least: float) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return when a link lights up in each pair of firms: the first of two weeks running with a difference that stands out.

    Parameters
    ----------
    base, change
        Firms with the same luck, in the same order.
    name
        A measure.
    least
        How large the difference must be.

    Returns
    -------
    weeks : (pairs,)
        `NEVER` where it does not light up.
    up : (pairs,)
        Whether the changed firm has more.
    """
    with np.errstate(invalid="ignore"):
        gap = change.of(name) - base.of(name)
        lit = (np.abs(gap[:, :-1]) >= least) & (np.abs(gap[:, 1:]) >= least) & (gap[:, :-1] * gap[:, 1:] > 0)
    lit &= least > 0
    weeks = np.where(lit.any(axis=1), lit.argmax(axis=1), NEVER).astype(np.int64)
    at = np.minimum(weeks, gap.shape[1] - 1)
    up: NDArray[np.bool_] = gap[np.arange(len(gap)), at] > 0
    return weeks, up
