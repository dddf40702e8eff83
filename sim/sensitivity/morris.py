"""Morris's elementary effects, and response curves of one factor at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.sensitivity.replicates import product

Floats = NDArray[np.float64]


def elementary_effects(unit: Floats, y: Floats, members: NDArray[np.bool_]) -> Floats:
    """Return the effect of each step over its length in the unit cube, (trajectories, groups, replicates).

    The sign is that of a step upwards where a group has one member; of larger groups only the size means something.

    Parameters
    ----------
    unit : (trajectories, steps + 1, factors)
        Coordinates.
    y : (trajectories, steps + 1, replicates)
        Outcomes.
    members : (groups, factors)
        Which factors belong to a group.
    """
    moves, gains = np.diff(unit, axis=1), np.diff(y, axis=1)
    effects = np.full((len(y), len(members), y.shape[2]), np.nan)
    for g, inside in enumerate(members):
        own = moves[:, :, inside]
        size = np.abs(own).max(axis=2)
        step = size.argmax(axis=1)
        rows = np.arange(len(y))
        sign = np.sign(own[rows, step, 0]) if inside.sum() == 1 else np.ones(len(y))
        effects[:, g] = gains[rows, step] * (sign / size[rows, step])[:, None]
    return effects


@dataclass(frozen=True)
class Morris:
    """Mean, mean size and spread of elementary effects, (groups,) each."""

    mu: Floats
    mu_star: Floats
    sigma: Floats


def morris(effects: Floats, w: Floats, v: Floats) -> Morris:
    """Return Morris's (1991) measures and mu* (Campolongo et al. 2007) of effects (trajectories, groups, replicates).

    Effects are those of the mean over luck; sigma is free of luck where there are replicates to tell.
    """
    mean = effects @ (v / v.sum())
    ofs = np.tensordot(w, effects, (0, 0))
    spread = w @ product(effects, effects, v) - product(ofs, ofs, v)
    few = len(w) / max(len(w) - 1, 1)
    return Morris(w @ mean, w @ np.abs(mean), np.sqrt(np.maximum(few * spread, 0.0)))


def luck_floor(effects: Floats, w: Floats) -> Floats:
    """Return the mu* that luck alone would give each group for each draw, (draws, groups).

    The mean size of a normal deviate of the standard error that the mean effect over replicates has.

    Parameters
    ----------
    effects : (trajectories, groups, replicates)
        Two replicates or more.
    w : (draws, trajectories)
        Weights, rows of which add up to 1.
    """
    variance = effects.var(axis=2, ddof=1) / effects.shape[2]
    return np.asarray(np.sqrt(2 / np.pi * (w @ variance)))


@dataclass(frozen=True)
class Curve:
    """How a measure answers to one factor, with all others at the base.

    Attributes
    ----------
    factor, values
        What varies, (levels,); of a choice, texts.
    base : index of the base's value
    mean, low, high : (levels,)
        Mean over luck with its 95 % interval (Student's t), nan with a single replicate.
    bottom, top : (levels,)
        10 % and 90 % quantiles of single runs.
    """

    factor: str
    values: NDArray[np.object_]
    base: int
    mean: Floats
    low: Floats
    high: Floats
    bottom: Floats
    top: Floats


def curves(
    names: tuple[str, ...], columns: dict[str, NDArray[np.generic]], moved: NDArray[np.object_], y: Floats
) -> list[Curve]:
    """Return the response curves of a one-at-a-time design; y is (points, replicates)."""
    from scipy.special import stdtrit

    base = int(np.flatnonzero(moved == "")[0])
    found = []
    for name in names:
        rows = np.flatnonzero((moved == name) | (moved == ""))
        values = columns[name][rows]
        if values.dtype != object:
            order = np.argsort(values, kind="stable")
            rows, values = rows[order], values[order]
        here, n = y[rows], y.shape[1]
        half = stdtrit(n - 1, 0.975) * here.std(axis=1, ddof=1) / np.sqrt(n) if n > 1 else np.full(len(rows), np.nan)
        mean = here.mean(axis=1)
        bottom, top = np.quantile(here, (0.1, 0.9), axis=1)
        place = int(np.flatnonzero(rows == base)[0])
        found.append(Curve(name, values.astype(object), place, mean, mean - half, mean + half, bottom, top))
    return found
