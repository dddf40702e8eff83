"""What a claim's figure shows, as plain data: the study says what, ``sim.claims.figure`` says how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.measures.contrast import Contrast, mean_interval


@dataclass(frozen=True)
class Line:
    """One curve: values with the limits of their intervals."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    role: str = ""
    """``null`` for a null model or closed form (dashed, grey), ``base`` for the twin (grey), else a colour in turn."""

    @classmethod
    def of(cls, label: str, x: Sequence[float], outcomes: ArrayLike, role: str = "") -> Line:
        """Return the means of outcomes (runs, len(x)) with 95 % t intervals."""
        mean, low, high = mean_interval(outcomes)
        return cls(label, [float(v) for v in x], mean.tolist(), low.tolist(), high.tolist(), role)


@dataclass(frozen=True)
class Curves:
    """Curves over a factor or over weeks."""

    title: str
    x: str
    y: str
    lines: Sequence[Line]
    marks: Sequence[tuple[float, str]] = ()
    """Vertical rules and what they say."""
    log_x: bool = False
    log_y: bool = False
    zero: bool = False
    """Whether a rule is drawn at 0."""
    y_limits: tuple[float, float] | None = None


@dataclass(frozen=True)
class Heat:
    """A phase diagram: a value over two factors."""

    title: str
    x: str
    y: str
    xs: Sequence[float]
    ys: Sequence[float]
    values: Sequence[Sequence[float]]
    """Rows from the first y on."""
    label: str
    limits: tuple[float, float] | None = None
    high_is: str = "bad"
    """``bad`` or ``good``: dark is trouble; ``signed``: two colours around 0."""
    decimals: int = 2
    contour: float | None = None


@dataclass(frozen=True)
class Bars:
    """Values by name, with intervals: departments, layers, ablations."""

    title: str
    x: str
    names: Sequence[str]
    values: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    zero: bool = True


@dataclass(frozen=True)
class Forest:
    """Contrasts below each other, with their intervals and smallest effects of interest."""

    title: str
    contrasts: Sequence[Contrast]


@dataclass(frozen=True)
class Histogram:
    """How often which value came out."""

    title: str
    x: str
    values: Sequence[float]
    bins: int = 30
    marks: Sequence[tuple[float, str]] = ()


@dataclass(frozen=True)
class Travel:
    """A cascade on its way: the loss of every department against its twin, week by week."""

    title: str
    names: Sequence[str]
    shocked: int
    weeks: Sequence[int]
    loss: Sequence[Sequence[Sequence[float]]]
    """(layers, departments, weeks), each layer scaled to its own largest value by the drawing."""
    layers: Sequence[str]
    flow: Sequence[Sequence[float]] = ()
    """Row d: whose work d's work builds on, as shares."""
    stills: Sequence[int] = (1, 4, 13, 26, 52, 78)
    """Weeks shown as a ring of departments, as far as they lie within `weeks`."""


Panel = Curves | Heat | Bars | Forest | Histogram | Travel


@dataclass(frozen=True)
class Picture:
    """One figure: what it says, and the panels that show it, in reading order."""

    says: str
    panels: Sequence[Panel]
    note: str = ""
    columns: int = 2
    footnotes: Sequence[str] = field(default=())


def plain(value: Any) -> Any:
    """Return data as JSON takes it: numbers rounded to six digits, nan as None."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}") if np.isfinite(value) else None
    return value
