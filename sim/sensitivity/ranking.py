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
    """What can be said of a ranking. No factor stands in more than one of its lists.

    Attributes
    ----------
    settled
        Whether every factor matters or does not beyond doubt, and every two neighbours among those that matter are apart or
        tied; None where nothing can be said.
    ranking
        Factors that matter, the strongest first: told from noise, and not negligible.
    negligible
        Factors whose difference to noise ends below the tolerance.
    noisy
        Factors that are neither: they may matter, or be noise.
    pairs
        Neighbours in the ranking.
    needed
        Size of the design that would settle it, None where it is settled or cannot be said.
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


FEWEST = {"N": 64, "trajectories": 10, "points": 100, "replicates": 5}
"""The smallest designs about which anything is said: intervals from fewer are too narrow to be believed. Of points, at least
ten for each factor too."""


def unsaid(names: tuple[str, ...], values: Floats, draws: Floats, size: int, unit: str) -> Verdict | None:
    """Return the verdict that nothing can be said, and why; None where something can.

    Parameters
    ----------
    names, values, draws, size, unit
        As in `judge`.
    """
    fewest = max(FEWEST[unit], 10 * len(names) if unit == "points" else 0)
    begin = "Whether this order is settled cannot be said: "
    lost = [name for i, name in enumerate(names) if not (np.isfinite(values[i]) and np.isfinite(draws[:, i]).all())]
    if lost:
        text = f"there is no number for {_listed(tuple(lost))}: too few runs, or luck hides what the factors do."
    elif not len(draws):
        text = f"the design of {_here(size, unit)} gives no intervals."
    elif size < fewest:
        text = f"{_here(size, unit)} is too few, a verdict needs at least {fewest:,}."
    else:
        return None
    return Verdict(None, (), (), (), (), None, begin + text)


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
        How large the design is, and in what: ``N``, ``trajectories``, ``points`` or ``replicates``.
    scale
        What the tolerance is a share of.
    floor : (draws, factors)
        What noise alone would show, draw by draw with the same weights, so that the interval of the difference can be taken:
        to compare the ends of two intervals would call a factor noise that stands clear of it.
    """
    nothing = unsaid(names, values, draws, size, unit)
    if nothing is not None:
        return nothing
    tolerance = TOLERANCE * scale
    order = [int(i) for i in np.argsort(-values, kind="stable") if names[i] != DUMMY]
    above = draws - (0.0 if floor is None else floor)
    low, high = interval(above)
    matter = [i for i in order if low[i] > 0 and high[i] >= tolerance]
    unclear = [i for i in order if low[i] <= 0 and high[i] >= tolerance]
    negligible = tuple(names[i] for i in order if high[i] < tolerance)
    pairs = tuple(_pair(names, i, j, values, draws, size, tolerance) for i, j in itertools.pairwise(matter))
    still = [pair for pair in pairs if pair.state == "open"]
    sizes = [pair.needed for pair in still]
    for i in unclear:
        sizes.append(_size_for(float(np.median(above[:, i])), float(high[i] - low[i]) / 2, size, tolerance))
    needed = _round(max(sizes), size, unit) if sizes else None
    ranking, noisy = tuple(names[i] for i in matter), tuple(names[i] for i in unclear)
    text = _words(ranking, negligible, noisy, pairs, still, needed, size, unit, tolerance)
    return Verdict(needed is None, ranking, negligible, noisy, pairs, needed, text)


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
    nothing = unsaid(names, values, draws, size, unit)
    if nothing is not None:
        return nothing
    limit = SCREEN * scale
    low, high = interval(draws)
    told = interval(draws - (0.0 if floor is None else floor))[0] > 0
    order = [int(i) for i in np.argsort(-values, kind="stable") if names[i] != DUMMY]
    ranking = tuple(names[i] for i in order if low[i] > limit and told[i])
    negligible = tuple(names[i] for i in order if high[i] < limit)
    noisy = tuple(names[i] for i in order if high[i] >= limit and not told[i])
    on_it = [i for i in order if low[i] <= limit <= high[i] and told[i]]
    doubt = [i for i in order if high[i] >= limit and (low[i] <= limit or not told[i])]
    needed = None
    if doubt:
        # The half width must fall to the distance from the limit; factors that are on it are as good as settled.
        room = [max(abs(float(values[i]) - limit), TOLERANCE * scale) for i in doubt]
        worst = max(((high[i] - low[i]) / 2 / r) ** 2 for i, r in zip(doubt, room, strict=True))
        needed = _round(int(np.ceil(size * worst)), size, unit) if worst > 1 or noisy else None
    verb = "matters" if len(ranking) == 1 else "matter"
    parts = [
        f"{_count(len(ranking), 'factor')} of {len(order)} {verb} beyond doubt "
        f"(mu* above {100 * SCREEN:.0f} % of the largest, {limit:.2g})",
        f"{len(negligible)} do not",
    ]
    if on_it:
        names_of = ", ".join(names[i] for i in on_it[:4]) + (" and others" if len(on_it) > 4 else "")
        where = "in doubt" if needed else "on the limit"
        parts.append(f"{len(on_it)} {'are' if len(on_it) > 1 else 'is'} {where} ({names_of})")
    said = [f"{'Settled' if not needed else 'Not settled'} with {size:,} {unit}, as a screening: {', '.join(parts)}."]
    if noisy:
        said.append(f"Not told from luck: {_listed(noisy)}.")
    if needed:
        said.append(
            f"At least {needed:,} {unit} needed, estimated from intervals that shrink like 1/sqrt({unit}) until they leave "
            f"the limit{', or more replicates' if noisy else ''}."
        )
    return Verdict(not needed, ranking, negligible, noisy, (), needed, " ".join(said))


def _listed(names: tuple[str, ...], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _pair(names: tuple[str, ...], i: int, j: int, values: Floats, draws: Floats, size: int, tolerance: float) -> Pair:
    low, high = (float(end) for end in interval(draws[:, i] - draws[:, j]))
    gap, half = float(values[i] - values[j]), (high - low) / 2
    state = "apart" if low > 0 else "tied" if -tolerance < low and high < tolerance else "open"
    return Pair(names[i], names[j], gap, low, high, state, _size_for(gap, half, size, tolerance))


def _size_for(gap: float, half: float, size: int, tolerance: float) -> int:
    """Return the size at which a difference is told from 0, or within the tolerance of it.

    It ends apart once the half width is below the gap, or tied once it is below what the gap leaves of the tolerance.
    """
    room = max(gap, tolerance - gap, tolerance / 100)
    return int(np.ceil(size * (half / room) ** 2))


def _here(size: int, unit: str) -> str:
    return f"{unit} = {size:,}" if unit == "N" else f"{size:,} {unit}"


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
    here, goal = _here(size, unit), _here(needed or size, unit)
    shrink = f"estimated from intervals that shrink like 1/sqrt({unit})"
    if still:
        worst = max(still, key=lambda pair: pair.needed)
        more = f", nor {_count(len(still) - 1, 'more pair')} of neighbours" if len(still) > 1 else ""
        said.append(
            f"Not settled with {here}: {worst.above} and {worst.below} are not told apart (difference {worst.difference:.2g}, "
            f"95 % interval {worst.low:.2g} to {worst.high:.2g}){more}. At least {goal} needed, {shrink} until such a pair is "
            f"either apart or tied within {tolerance:.2g}."
        )
    elif noisy:
        said.append(
            f"Not settled with {here}: {_count(len(noisy), 'factor')} may matter or be noise. At least {goal} needed, {shrink} "
            f"until that is told."
        )
    elif not ranking:
        said.append(f"Settled with {here}: no factor matters; all intervals end below {tolerance:.2g}.")
    else:
        tied = [f"{pair.above} and {pair.below}" for pair in pairs if pair.state == "tied"]
        ties = f"; tied within {tolerance:.2g}: {', '.join(tied)}" if tied else ""
        said.append(f"Settled with {here}: {', then '.join(ranking[:8])}{ties}.")
    clear = _clear(ranking, pairs)
    if clear and (still or noisy):
        said.append(f"Beyond doubt: {', then '.join(clear)}.")
    if noisy:
        said.append(f"Not told from noise: {_listed(noisy)}.")
    if negligible:
        said.append(f"Negligible (interval ends below {tolerance:.2g}): {_listed(negligible)}.")
    return " ".join(said)


def _clear(ranking: tuple[str, ...], pairs: tuple[Pair, ...]) -> list[str]:
    """Return the factors at the head of the ranking that are apart from their neighbours below; a single one is."""
    apart = list(itertools.takewhile(lambda pair: pair.state == "apart", pairs))
    return list(ranking) if len(apart) == len(pairs) else [pair.above for pair in apart]
