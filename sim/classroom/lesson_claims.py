"""What many firms say: whether a lesson's statements hold under the model, with numbers and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from sim.measures.contrast import paired
from sim.measures.intervals import mean_interval, newcombe, wilson
from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.measures.summaries import survived, window_mean
from sim.scenario import Scenario
from sim.scenario.parameters import Part
from sim.simulate import Batch, run_many
from sim.state import Floats

PAIRS = 100
"""Pairs of firms behind a statement on a page."""


class Window(Part):
    """A measure and when it is read.

    Attributes
    ----------
    measure
        One of `sim.measures.series.SERIES`, or ``closed``: the share of firms that have closed by the end.
    department
        Of which department; the measure is then one of `sim.measures.series.DEPARTMENT_SERIES`.
    from_week, to_week
        The first week read and the week after the last; a firm's value is its mean over the weeks that it lived of them.
    """

    measure: str = Field(max_length=40)
    department: str | None = Field(default=None, max_length=60)
    from_week: int = Field(default=0, ge=0, le=520)
    to_week: int = Field(default=520, ge=1, le=521)

    @model_validator(mode="after")
    def _known(self) -> Window:
        known = ["closed", *SERIES] if self.department is None else list(DEPARTMENT_SERIES)
        if self.measure not in known:
            raise ValueError(f"measure {self.measure!r} is not one of: {', '.join(known)}")
        if self.from_week >= self.to_week:
            raise ValueError(f"from_week {self.from_week} must be before to_week {self.to_week}")
        return self


class Claim(Window):
    """A statement about the changed firm against the base: what is said, and what would have to be seen."""

    text: str = Field(max_length=300)
    expect: Literal["higher", "lower", "same"]
    within: float = Field(default=0.02, gt=0)
    """How small a difference counts as the same."""


class Finding(NamedTuple):
    """What the model says to a claim.

    Attributes
    ----------
    base, change
        Means over the firms that have the value.
    difference, low, high
        Of the pairs that both have it, with a 95 % interval.
    pairs, of
        How many these are, of how many.
    verdict
        ``holds``, ``opposite`` or ``open``: not to be told from nothing with so many pairs.
    """

    text: str
    measure: str
    base: float | None
    change: float | None
    difference: float | None
    low: float | None
    high: float | None
    pairs: int
    of: int
    verdict: Literal["holds", "opposite", "open"]


def judge(
    base: Scenario, change: Scenario, claims: Sequence[Claim], pairs: int = PAIRS, seed: int = 1000, workers: int = 1
) -> list[Finding]:
    """Run both scenarios with the same luck and say what comes of each claim.

    Parameters
    ----------
    base, change
        Two scenarios that differ in one cause.
    claims
        What is said of them.
    pairs, seed, workers
        Replicates 0, 1, ... of a seed; threads.
    """
    finely = any(claim.department is not None for claim in claims)
    a, b = (run_many(scenario, pairs, seed, workers, with_departments=finely) for scenario in (base, change))
    return [_closings(claim, a, b) if claim.measure == "closed" else _paired(claim, a, b) for claim in claims]


def per_firm(batch: Batch, window: Window) -> Floats:
    """Return each firm's mean over the weeks of a window that it lived, nan where it lived none, (runs,)."""
    values: Floats
    if window.department is None:
        values = batch.of(window.measure)
    else:
        if window.department not in batch.department_names:
            raise ValueError(f"there is no department {window.department!r}: {', '.join(batch.department_names)}")
        which = batch.department_names.index(window.department)
        values = batch.departments[:, :, which, list(DEPARTMENT_SERIES).index(window.measure)]
    return window_mean(values, window.from_week, window.to_week)


def _paired(claim: Claim, a: Batch, b: Batch) -> Finding:
    x, y = per_firm(a, claim), per_firm(b, claim)
    d = paired(claim.measure, y, x, claim.within)
    return _finding(claim, x, y, (d.effect, d.low, d.high), d.n, len(x))


def _closings(claim: Claim, a: Batch, b: Batch) -> Finding:
    """Compare shares by Newcombe's interval, which holds when all or no firm closes."""
    n = len(a)
    x, y = (np.where(survived(c.closed, claim.to_week), 0.0, 1.0) for c in (a, b))
    return _finding(claim, x, y, newcombe((int(x.sum()), n), (int(y.sum()), n)), n, n)


def _finding(claim: Claim, x: Floats, y: Floats, interval: tuple[float, float, float], pairs: int, of: int) -> Finding:
    difference, low, high = interval
    verdict: Literal["holds", "opposite", "open"] = "open"
    if claim.expect == "same":
        if -claim.within <= low and high <= claim.within:
            verdict = "holds"
        elif low > claim.within or high < -claim.within:
            verdict = "opposite"
    elif low > 0 or high < 0:
        verdict = "holds" if (difference > 0) == (claim.expect == "higher") else "opposite"
    means = [float(np.nanmean(v)) if (~np.isnan(v)).any() else math.nan for v in (x, y)]
    before, after, gap, least, most = (float(v) if math.isfinite(v) else None for v in (*means, difference, low, high))
    return Finding(claim.text, claim.measure, before, after, gap, least, most, pairs, of, verdict)


class Reading(NamedTuple):
    """Mean of a measure over many firms with a 95 % interval, and the share that closed."""

    mean: float | None
    low: float | None
    high: float | None
    closed: float
    firms: int


def read(scenario: Scenario, window: Window, firms: int = 40, seed: int = 1000) -> Reading:
    """Return what a measure comes to over many firms of one scenario."""
    batch = run_many(scenario, firms, seed, with_departments=window.department is not None)
    if window.measure == "closed":
        count = firms - int(survived(batch.closed, window.to_week).sum())
        return Reading(count / firms, *wilson(count, firms), count / firms, firms)
    numbers = [float(v) if math.isfinite(v) else None for v in mean_interval(per_firm(batch, window))]
    return Reading(numbers[0], numbers[1], numbers[2], float((batch.closed >= 0).mean()), firms)
