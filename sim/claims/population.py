"""The firms that claims are tried on: a population fitted to facts, one firm for each pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.scenario import Scenario
from sim.scenario.parameters import parameter_names

Floats = NDArray[np.float64]
BLOCK = 256
NAMES = tuple(parameter_names())


@dataclass(frozen=True)
class Firms:
    """Firms, drawn from a population.

    Attributes
    ----------
    values : (firms, parameters)
        In the order of `sim.scenario.parameters.parameter_names`.
    headcount : (firms,)
    origin : (firms,)
        From which row of the population each comes: firms of one row are one cluster.
    """

    values: Floats
    headcount: NDArray[np.int64]
    origin: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of firms."""
        return len(self.headcount)

    def of(self, name: str) -> Floats:
        """Return one parameter of all firms."""
        return self.values[:, NAMES.index(name)]


@dataclass
class Population:
    """A population of firms that can be drawn from without end.

    Attributes
    ----------
    base
        What all firms share: departments, axes, past.
    draw
        From the number of a firm to (values, headcount, origin); a firm's number is its replicate.
    """

    base: Scenario
    draw: Callable[[int], tuple[Floats, int, int]]
    _blocks: dict[int, Firms] = field(default_factory=dict)

    def firms(self, first: int, count: int) -> Firms:
        """Return firms first, ..., first + count - 1."""
        return self.which(np.arange(first, first + count))

    def which(self, numbers: NDArray[np.int64]) -> Firms:
        """Return the firms with some numbers, in their order."""
        blocks = numbers // BLOCK
        needed = np.unique(blocks)
        for block in needed.tolist():
            if block not in self._blocks:
                self._blocks[block] = _drawn(self.draw, range(block * BLOCK, (block + 1) * BLOCK))
        place = np.searchsorted(needed, blocks) * BLOCK + numbers % BLOCK
        kept = [self._blocks[block] for block in needed.tolist()]
        return Firms(
            np.concatenate([firms.values for firms in kept])[place],
            np.concatenate([firms.headcount for firms in kept])[place],
            np.concatenate([firms.origin for firms in kept])[place],
        )


def _drawn(draw: Callable[[int], tuple[Floats, int, int]], which: range) -> Firms:
    values, headcount, origin = zip(*(draw(i) for i in which), strict=True)
    return Firms(np.array(values), np.array(headcount, np.int64), np.array(origin, np.int64))


def of_table(base: Scenario, columns: Mapping[str, Floats], rank: Callable[[int], float]) -> Population:
    """Return a population of joint draws.

    Parameters
    ----------
    base
        What all firms share.
    columns
        Parameter, or ``headcount``, -> (rows,).
    rank
        From a firm's number to its uniform number: it is the firm of row floor(rank x rows).
    """
    common = np.array([float(base.value(name)) for name in NAMES])
    rows = len(next(iter(columns.values())))
    places = [(NAMES.index(name), column) for name, column in columns.items() if name != "headcount"]
    sizes = columns.get("headcount", np.full(rows, float(base.posts)))

    def draw(number: int) -> tuple[Floats, int, int]:
        row = min(int(rank(number) * rows), rows - 1)
        values = common.copy()
        for place, column in places:
            values[place] = column[row]
        return values, int(sizes[row]), row

    return Population(base, draw)


def of_scenario(scenario: Scenario, seed: int) -> Population:
    """Return the population that an uncertain scenario describes; pair r is its replicate r.

    Parameters
    ----------
    scenario
        With a table of joint draws or with distributions.
    seed
        As in `sim.run`.
    """
    from sim.uncertain import TABLE, certain, drawn_values, rank

    base = certain(scenario)
    common = np.array([float(base.value(name)) for name in NAMES])
    rows = len(scenario.draws.rows) if scenario.draws is not None else 0

    def draw(number: int) -> tuple[Floats, int, int]:
        drawn = drawn_values(scenario, seed, number)
        if "money.reserve" in drawn and "money.buffer" not in drawn | dict.fromkeys(base.by_hand):
            drawn["money.buffer"] = drawn["money.reserve"]
        values = common.copy()
        for name, value in drawn.items():
            if name != "headcount":
                values[NAMES.index(name)] = float(value)
        origin = min(int(rank(seed, number, TABLE) * rows), rows - 1) if rows else number
        return values, int(drawn.get("headcount", base.posts)), origin

    return Population(base, draw)
