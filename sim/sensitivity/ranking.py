"""Whether a ranking is settled, in words, and how large a design would settle it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.sensitivity.bootstrap import interval
from sim.study.factors import DUMMY

Floats = NDArray[np.float64]
TOLERANCE = 0.05
"""Indices that differ by less are called tied, and those below negligible: the width of interval that Sarrazin, Pianosi &
Wagener (2016) ask of a converged index. For measures without a natural scale it is a share of the largest."""


@dataclass(frozen=True)
class Pair:
    """Two neighbours in the ranking: their difference with its interval, and what it says."""

    above: str
    below: str
    difference: float
    low: float
    high: float
    state: str
    """``apart``, ``tied`` or ``open``."""
    needed: int
    """Size of the design at which it would not be open, as far as intervals shrink like 1/sqrt(size)."""


@dataclass(frozen=True)
class Verdict:
    """What can be said of a ranking.

    Attributes
    ----------
    settled
        Whether every two neighbours among the factors that matter are apart or tied; None where there are no intervals.
    ranking
        Factors that matter, the strongest first.
    negligible
        Factors whose interval ends below the tolerance.
    noisy
        Factors that matter but cannot be told from the noise floor.
    pairs
        Neighbours in the ranking.
    needed
        Size of the design that would settle it, None where it is settled.
    text
        All this in words.
    """

    settled: bool | None
    ranking: tuple[str, ...]
    negligible: tuple[str, ...]
    noisy: tuple[str, ...]
    pairs: tuple[Pair, ...]
    needed: int | None
    text: str


def judge(
    names: tuple[str, ...],
    values: Floats,
    draws: Floats,
    size: int,
    unit: str,
    scale: float = 1.0,
    floor: Floats | None = None,
) -> Verdict:
    """Return what can be said of a ranking.

    Parameters
    ----------
    names, values
        Factors and the index that ranks them.
    draws : (draws, factors)
        Of a bootstrap; none where there are no intervals.
    size, unit
        How large the design is, and in what: ``N``, ``trajectories`` or ``points``.
    scale
        What the tolerance is a share of.
    floor : (factors,)
        What noise alone would show.
    """
    tolerance = TOLERANCE * scale
    order = [int(i) for i in np.argsort(-values, kind="stable")]
    if not len(draws):
        text = f"Whether this order is settled cannot be said: the design of {unit} = {size:,} gives no intervals."
        return Verdict(None, tuple(names[i] for i in order), (), (), (), None, text)
    low, high = interval(draws)
    matter = [i for i in order if high[i] >= tolerance and names[i] != DUMMY]
    negligible = tuple(names[i] for i in order if high[i] < tolerance)
    under = np.zeros(len(names)) if floor is None else np.maximum(np.nan_to_num(floor), 0.0)
    noisy = tuple(names[i] for i in matter if low[i] <= under[i])
    pairs = tuple(_pair(names, i, j, values, draws, size, tolerance) for i, j in itertools.pairwise(matter))
    still = [pair for pair in pairs if pair.state == "open"]
    needed = _round(max(pair.needed for pair in still), size, unit) if still else None
    ranking = tuple(names[i] for i in matter)
    text = _words(ranking, negligible, noisy, pairs, still, needed, size, unit, tolerance)
    return Verdict(not still, ranking, negligible, noisy, pairs, needed, text)


SCREEN = 0.1
"""Share of the largest mu* below which a screening drops a factor, assumed as many do."""


def screen(
    names: tuple[str, ...],
    values: Floats,
    draws: Floats,
    size: int,
    unit: str,
    scale: float,
    floor: Floats | None = None,
) -> Verdict:
    """Return what a screening settles: not the order, but which factors matter; parameters as in `judge`."""
    limit = SCREEN * scale
    low, high = interval(draws)
    order = [int(i) for i in np.argsort(-values, kind="stable") if names[i] != DUMMY]
    ranking = tuple(names[i] for i in order if low[i] > limit)
    negligible = tuple(names[i] for i in order if high[i] < limit)
    doubt = [i for i in order if low[i] <= limit <= high[i]]
    noisy = tuple(
        names[i]
        for i in order
        if floor is not None and np.isfinite(floor[i]) and low[i] <= floor[i] and high[i] >= limit
    )
    needed = None
    if doubt:
        # The half width must fall to the distance from the limit; factors that are on it are as good as settled.
        room = [max(abs(float(values[i]) - limit), TOLERANCE * scale) for i in doubt]
        worst = max(((high[i] - low[i]) / 2 / r) ** 2 for i, r in zip(doubt, room, strict=True))
        needed = _round(int(np.ceil(size * worst)), size, unit) if worst > 1 else None
    said = [f"{'Settled' if not needed else 'Not settled'} with {size:,} {unit}, as a screening: {_count(len(ranking), 'factor')} of {len(order)} "
            f"{'matters' if len(ranking) == 1 else 'matter'} beyond doubt (mu* above {100 * SCREEN:.0f} % of the largest, {limit:.2g}), "
            f"{len(negligible)} do not"]  # fmt: skip
    if doubt:
        some = ", ".join(names[i] for i in doubt[:4]) + (" and others" if len(doubt) > 4 else "")
        said[0] += (
            f", {len(doubt)} {'are' if len(doubt) > 1 else 'is'} {'in doubt' if needed else 'on the limit'} ({some})"
        )
    said[0] += "."
    if needed:
        said.append(
            f"At least {needed:,} {unit} needed, estimated from intervals that shrink like 1/sqrt({unit}) until they leave the limit."
        )
    if noisy:
        said.append(f"Not told from luck: {_listed(noisy)}.")
    return Verdict(not needed, ranking, negligible, noisy, (), needed, " ".join(said))


def _listed(names: tuple[str, ...], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _pair(names: tuple[str, ...], i: int, j: int, values: Floats, draws: Floats, size: int, tolerance: float) -> Pair:
    low, high = (float(end) for end in interval(draws[:, i] - draws[:, j]))
    gap, half = float(values[i] - values[j]), (high - low) / 2
    state = "apart" if low > 0 else "tied" if -tolerance < low and high < tolerance else "open"
    # A pair that is open ends apart, once the half width is below the gap, or tied, once it is below what the gap leaves.
    room = max(gap, tolerance - gap, tolerance / 100)
    return Pair(names[i], names[j], gap, low, high, state, int(np.ceil(size * (half / room) ** 2)))


def _round(needed: int, size: int, unit: str) -> int:
    needed = max(needed, size + 1)
    if unit == "N":
        return int(1 << (needed - 1).bit_length())
    step: int = 10 ** max(len(str(needed)) - 2, 1)
    return int(-(-needed // step) * step)


def _words(
    ranking: tuple[str, ...],
    negligible: tuple[str, ...],
    noisy: tuple[str, ...],
    pairs: tuple[Pair, ...],
    still: list[Pair],
    needed: int | None,
    size: int,
    unit: str,
    tolerance: float,
) -> str:
    said = []
    here = f"{unit} = {size:,}" if unit == "N" else f"{size:,} {unit}"
    if not ranking:
        said.append(f"Settled with {here}: no factor matters; all intervals end below {tolerance:.2g}.")
    elif still:
        worst = max(still, key=lambda pair: pair.needed)
        more = f", nor {_count(len(still) - 1, 'more pair')} of neighbours" if len(still) > 1 else ""
        goal = f"N = {needed:,}" if unit == "N" else f"{needed:,} {unit}"
        said.append(
            f"Not settled with {here}: {worst.above} and {worst.below} are not told apart (difference {worst.difference:.2g}, "
            f"95 % interval {worst.low:.2g} to {worst.high:.2g}){more}. At least {goal} needed, estimated from intervals that "
            f"shrink like 1/sqrt({unit}) until such a pair is either apart or tied within {tolerance:.2g}."
        )
        clear = _clear(pairs)
        if clear:
            said.append(f"Beyond doubt: {', then '.join(clear)}.")
    else:
        tied = [f"{pair.above} and {pair.below}" for pair in pairs if pair.state == "tied"]
        ties = f"; tied within {tolerance:.2g}: {', '.join(tied)}" if tied else ""
        said.append(f"Settled with {here}: {', then '.join(ranking[:8])}{ties}.")
    if noisy:
        said.append(f"Not told from noise: {_listed(noisy)}.")
    if negligible:
        said.append(f"Negligible (interval ends below {tolerance:.2g}): {_listed(negligible)}.")
    return " ".join(said)


def _clear(pairs: tuple[Pair, ...]) -> list[str]:
    """Return the factors at the head of the ranking that are apart from their neighbours below."""
    found = []
    for pair in pairs:
        if pair.state != "apart":
            break
        found.append(pair.above)
    return found
