"""A cascade as cause: a shocked firm against its unshocked twin with the same luck.

Before the shock both are bit-identical, so whatever differs afterwards is the shock's doing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.measures.per_run import first_true
from sim.measures.series import DEPARTMENT_SERIES
from sim.simulate import Batch

Floats = NDArray[np.float64]
WEEK = 52
"""When shocks strike, unless a claim says otherwise."""
ANGLE = math.pi / 2
"""How far a shocked department is turned, unless a claim says otherwise."""
DEPARTMENT = 1
"""Which one, counted from 0: operations, from which service takes over."""
LASTING = 4
"""Weeks in a row that a difference must last to count: a cascade, not a wobble."""


def turned(department: str = "operations", week: int = WEEK, angle: float = ANGLE) -> dict[str, object]:
    """Return the event that turns a department."""
    return {"kind": "department_turned", "week": week, "department": department, "angle": angle}


@dataclass(frozen=True)
class Layer:
    """A layer of the cascade: a series, whether trouble is a rise, and the difference to the twin that counts.

    Attributes
    ----------
    name
        In plain words.
    series
        Name in `sim.measures.series.SERIES`.
    sign
        1 where trouble is a rise, -1 where it is a fall.
    threshold
        Difference from the twin that counts as toppled: about a tenth of what the measure can lose.
    """

    name: str
    series: str
    sign: int
    threshold: float


LAYERS = (
    Layer("hand-offs", "rework", 1, 0.02),
    Layer("load", "overload", 1, 0.1),
    Layer("mood", "engagement", -1, 0.1),
    Layer("customers", "customers", -1, 0.1),
    Layer("cash", "cash", -1, 4.0),
)
"""The layers in the order in which the claim expects them to topple; cash in weeks of cost, a third of the first buffer."""


def difference(shocked: Batch, twin: Batch, series: str, sign: int = 1, closed: float = math.nan) -> Floats:
    """Return sign * (shocked - twin), (runs, weeks); a closed firm counts as `closed`."""
    a, b = shocked.of(series), twin.of(series)
    if not math.isnan(closed):
        a, b = np.where(np.isnan(a), closed, a), np.where(np.isnan(b), closed, b)
    gap: Floats = sign * (a - b)
    return gap


def topple(shocked: Batch, twin: Batch, layer: Layer, week: int = WEEK) -> Floats:
    """Return the weeks from the shock until a layer topples and stays so for `LASTING` weeks, (runs,); nan if it does not."""
    with np.errstate(invalid="ignore"):
        beyond = difference(shocked, twin, layer.series, layer.sign)[:, week:] > layer.threshold
    return first_true(beyond, LASTING)


def lost_departments(batch: Batch) -> NDArray[np.bool_]:
    """Return whether each department has lost its way, (runs, weeks, departments); not after closing.

    It delivers more than 60 degrees off the vision (alignment below a half), or its people have on average less than half
    their engagement.
    """
    names = list(DEPARTMENT_SERIES)
    alignment = batch.departments[..., names.index("alignment")]
    engagement = batch.departments[..., names.index("engagement")]
    with np.errstate(invalid="ignore"):
        return np.asarray((alignment < 0.5) | (engagement < 0.5), dtype=np.bool_)


def reached(shocked: Batch, twin: Batch, department: int = DEPARTMENT, week: int = WEEK) -> Floats:
    """Return how many other departments the shock took with it, (runs,): lost at some time, for `LASTING` weeks, beyond the twin's."""
    counts = []
    for batch in (shocked, twin):
        lost = np.delete(lost_departments(batch)[:, week:], department, axis=2)
        lasting = np.lib.stride_tricks.sliding_window_view(lost, LASTING, axis=1).all(axis=-1)
        counts.append(lasting.any(axis=1).sum(axis=1).astype(float))
    more: Floats = counts[0] - counts[1]
    return more


def recovery(shocked: Batch, twin: Batch, series: str = "coherence", within: float = 0.05, week: int = WEEK) -> Floats:
    """Return the weeks from the shock until a series is back within a distance of the twin's for good, (runs,); nan if never."""
    gap = np.abs(difference(shocked, twin, series))[:, week:]
    away = ~(gap <= within)
    last = away.shape[1] - np.argmax(away[:, ::-1], axis=1)
    weeks = np.where(away.any(axis=1), last, 0).astype(float)
    return np.where(weeks >= away.shape[1], np.nan, weeks)


def department_loss(shocked: Batch, twin: Batch, name: str, weeks: Sequence[int], sign: int) -> list[list[float]]:
    """Return the mean of sign * (shocked - twin) over the pairs that both live, for each department and week."""
    i = list(DEPARTMENT_SERIES).index(name)
    when = list(weeks)
    gap = sign * (shocked.departments[..., i][:, when] - twin.departments[..., i][:, when])
    count = np.sum(~np.isnan(gap), axis=0)
    mean = np.where(count > 0, np.nansum(gap, axis=0) / np.maximum(count, 1), np.nan)
    return [[float(v) for v in row] for row in mean.T]


def with_shock(changes: Mapping[str, object] | None = None, **shock: object) -> dict[str, object]:
    """Return changes with a turned department added to their events."""
    given = dict(changes or {})
    events = given.pop("events", ())
    return {**given, "events": [*(events if isinstance(events, list | tuple) else ()), turned(**shock)]}  # type: ignore[arg-type]
