"""Is a curve a hump, and where is its top? Shapes of outcomes over a factor, without choosing and testing on the same luck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.measures.contrast import Contrast, bootstrap, paired

Floats = NDArray[np.float64]


def hump(
    name: str, xs: Sequence[float], outcomes: ArrayLike, smallest: float, where: str = "", unit: str = ""
) -> tuple[Contrast, Contrast]:
    """Return by how much the best level in the middle beats the lower end and the upper end.

    The best level is found in the replicates with even numbers, the contrasts are made in those with odd ones: a level
    that is best by luck is not tested on that luck.

    Parameters
    ----------
    name
        Outcome and factor, as in "thrust, agility": the levels follow.
    xs
        Levels of the factor, rising.
    outcomes : (runs, levels)
        Paired along the first axis; the other parameters as in `paired`.
    """
    values = np.asarray(outcomes, float)
    best = 1 + int(np.nanargmax(np.nanmean(values[::2, 1:-1], axis=0)))
    tested = values[1::2]
    over = f"{name} {xs[best]:g} over {{}}"
    return (
        paired(over.format(f"{xs[0]:g}"), tested[:, best], tested[:, 0], smallest, where=where, unit=unit),
        paired(over.format(f"{xs[-1]:g}"), tested[:, best], tested[:, -1], smallest, where=where, unit=unit),
    )


def top(xs: ArrayLike, means: ArrayLike) -> float:
    """Return where a curve is highest: the vertex of the parabola through the highest level and its neighbours.

    At an end of the levels the end itself is returned. `xs` need not be evenly spaced.
    """
    x, y = np.asarray(xs, float), np.asarray(means, float)
    best = int(np.nanargmax(y))
    if best in (0, len(x) - 1):
        return float(x[best])
    (x0, x1, x2), (y0, y1, y2) = x[best - 1 : best + 2], y[best - 1 : best + 2]
    a = (x1 - x0) * (y1 - y2)
    b = (x1 - x2) * (y1 - y0)
    if a == b:
        return float(x1)
    vertex = x1 - 0.5 * ((x1 - x0) * a - (x1 - x2) * b) / (a - b)
    return float(np.clip(vertex, x0, x2))


def top_of(outcomes: ArrayLike, xs: ArrayLike) -> float:
    """Return where the mean over runs (runs, levels) is highest."""
    return top(xs, np.nanmean(np.asarray(outcomes, float), axis=0))


def top_moves(
    name: str,
    xs: Sequence[float],
    outcomes: ArrayLike,
    base: ArrayLike,
    smallest: float,
    where: str = "",
    unit: str = "",
    expected: str = "rises",
) -> Contrast:
    """Return how far the top of one curve lies to the right of another's, with a bootstrap interval over replicates."""
    return bootstrap(
        name,
        lambda a, b: top_of(a, xs) - top_of(b, xs),
        (outcomes, base),
        smallest,
        expected,  # type: ignore[arg-type]
        where,
        unit,
    )


def slope(x: ArrayLike, y: ArrayLike) -> float:
    """Return the slope of log y on log x by least squares; nan where some y is not positive."""
    a, b = np.asarray(x, float), np.asarray(y, float)
    if np.any(~(b > 0)):
        return float("nan")
    a, b = np.log(a), np.log(b)
    a = a - a.mean()
    return float((a @ (b - b.mean())) / (a @ a))
