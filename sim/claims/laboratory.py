"""Where claims are tried: firms drawn from a population, the arms of a claim run with one luck a pair, block by block.

A block's runs are turned into numbers at once and let go, so that thousands of pairs need no more room than a few.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.arms import NAMES, Firm, Formula, Luck, Seating, Seats, luck_of, seating, week_of
from sim.claims.criteria import Claim
from sim.claims.levels import Levels
from sim.claims.observe import BY_DEPARTMENT, OBSERVED, TENURES, live_observed
from sim.claims.population import Firms, Population
from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.rules.week import PHASES, live
from sim.simulate import NOTHING

Floats = NDArray[np.float64]
BLOCK = 32
"""Pairs that are run at a time."""


@dataclass(frozen=True)
class Runs:
    """One arm of a block, a run for each pair; nan after closing.

    Attributes
    ----------
    closed : (pairs,)
        Week of closing, -1 where the firm lived to the end.
    series : (pairs, weeks, measures); departments : (pairs, weeks, departments, measures)
    observed : (pairs, weeks, len(OBSERVED)); counts : (pairs, weeks, departments, 2)
        See `sim.claims.observe`.
    newcomers : (pairs, TENURES, 2)
    firms
        Each pair's firm in this arm.
    """

    closed: NDArray[np.int64]
    series: Floats
    departments: Floats
    observed: Floats
    counts: Floats
    newcomers: Floats
    firms: Sequence[Firm]

    def values(self, name: str) -> Floats:
        """Return a parameter of the firms, (pairs,)."""
        return np.array([firm.values[name] for firm in self.firms])


@dataclass
class Block:
    """Some pairs, with all arms that were asked for.

    Attributes
    ----------
    pairs : (pairs,)
        Their numbers, which are their replicates.
    firms
        As drawn from the population.
    week : (pairs,)
        w.
    turned : (pairs,)
        The department that is drawn for the pair, counted from 0, among the departments of the population's firms.
    arms
        Name -> runs.
    """

    pairs: NDArray[np.int64]
    firms: Firms
    week: NDArray[np.int64]
    turned: NDArray[np.int64]
    horizon: int
    arms: dict[str, Runs]
    again: Callable[[Sequence[Mapping[str, Any]]], Runs]
    """Run one more arm, given pair by pair."""
    memo: dict[str, Any] = field(default_factory=dict)
    """What several measures of this block share."""

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.pairs)


@dataclass
class Lab:
    """Runs arms.

    Attributes
    ----------
    population, levels
        Which firms; what low and high mean.
    seed
        With a pair's number it fixes a run.
    workers
        Blocks that are run at the same time; results do not depend on it.
    first
        Number of the first pair.
    """

    population: Population
    levels: Levels
    seed: int = 0
    workers: int = 1
    first: int = 0
    runs: int = 0
    memo: dict[str, Any] = field(default_factory=dict)
    """What is made once and used by several measures, such as thresholds from other firms."""
    _seats: threading.local = field(default_factory=threading.local)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def gather(
        self,
        claim: Claim,
        arms: Sequence[str],
        count: int,
        extract: Callable[[Block], Mapping[str, Floats]],
        *,
        horizon: int | None = None,
        over: Mapping[str, Any] | None = None,
        levels: Levels | None = None,
        formulas: Mapping[str, Formula] | None = None,
        first: int | None = None,
        lucks: int = 1,
    ) -> dict[str, Floats]:
        """Run pairs and return what is taken of them, put together in the order of the pairs.

        Parameters
        ----------
        claim, arms
            The criteria, and which of their arms are run.
        count
            Pairs.
        extract
            From a block to arrays with a row for each pair.
        horizon
            Weeks; the claim's unless given.
        over
            Settings in all arms, over what these set.
        levels
            Other levels than the lab's.
        formulas
            Functions by name that arms refer to.
        first
            Number of the first pair.
        lucks
            Pairs of each firm, one after the other, each with luck of its own.
        """
        start = self.first if first is None else first
        weeks = claim.horizon if horizon is None else horizon
        starts = list(range(start, start + count, BLOCK))

        def one(begin: int) -> Mapping[str, Floats]:
            size = min(BLOCK, start + count - begin)
            block = self._block(
                claim, arms, begin, size, lucks, weeks, over or {}, levels or self.levels, formulas or {}
            )
            return extract(block)

        if self.workers <= 1 or len(starts) == 1:
            parts = [one(begin) for begin in starts]
        else:
            one(starts[0])  # compiles, if need be, before threads start
            with ThreadPoolExecutor(self.workers) as pool:
                parts = list(pool.map(one, starts))
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _block(
        self,
        claim: Claim,
        arms: Sequence[str],
        first: int,
        count: int,
        lucks_of_each: int,
        weeks: int,
        over: Mapping[str, Any],
        levels: Levels,
        formulas: Mapping[str, Formula],
    ) -> Block:
        pairs = np.arange(first, first + count)
        maker = self._maker(claim, pairs, lucks_of_each, weeks, over, levels, formulas)
        made = {name: maker.run([claim.arms[name]] * count) for name in arms}
        names = self.population.base.departments
        turned = np.array([min(int(luck.turned * len(names)), len(names) - 1) for luck in maker.lucks])
        return Block(pairs, maker.firms, np.array(maker.week), turned, weeks, made, maker.run)

    def _maker(
        self,
        claim: Claim,
        pairs: NDArray[np.int64],
        lucks_of_each: int,
        weeks: int,
        over: Mapping[str, Any],
        levels: Levels,
        formulas: Mapping[str, Formula],
    ) -> _Maker:
        firms = self.population.which(pairs // lucks_of_each)
        lucks = [luck_of(self.seed, int(r), self.population.base.dimensions) for r in pairs]
        owns = [dict(zip(NAMES, row, strict=True)) for row in firms.values.tolist()]
        week = [week_of(claim, luck, own, levels) for luck, own in zip(lucks, owns, strict=True)]
        return _Maker(self, claim, weeks, over, levels, formulas, owns, firms, pairs, lucks, week)

    def seatings(
        self, claim: Claim, arm: str, pairs: Sequence[int], formulas: Mapping[str, Formula] | None = None
    ) -> list[tuple[Seating, Firm]]:
        """Return how an arm is run by the firms of some pairs, and these firms, for whoever runs them in another way."""
        maker = self._maker(claim, np.asarray(pairs, np.int64), 1, claim.horizon, {}, self.levels, formulas or {})
        stated = claim.arms[arm]
        around = any(event["kind"] == "goals" for event in stated.get("events", ()))
        seats = self.seats(claim.horizon)
        return [maker.seating(stated, i, maker.vision(stated, i, seats) if around else None) for i in range(len(pairs))]

    def seats(self, weeks: int) -> Seats:
        """Return this thread's seats for runs of a length."""
        kept: dict[int, Seats] = self._seats.__dict__.setdefault("kept", {})
        if weeks not in kept:
            kept[weeks] = Seats(self.population.base, weeks)
        return kept[weeks]

    def count(self, runs: int) -> None:
        """Note that runs were made."""
        with self._lock:
            self.runs += runs


@dataclass(frozen=True)
class _Maker:
    """Makes the runs of one block."""

    lab: Lab
    claim: Claim
    weeks: int
    over: Mapping[str, Any]
    levels: Levels
    formulas: Mapping[str, Formula]
    owns: Sequence[Mapping[str, float]]
    firms: Firms
    pairs: NDArray[np.int64]
    lucks: Sequence[Luck]
    week: Sequence[int]

    def run(self, arms: Sequence[Mapping[str, Any]]) -> Runs:
        """Run an arm, given pair by pair."""
        seats, count, weeks = self.lab.seats(self.weeks), len(self.pairs), self.weeks
        series = np.full((count, weeks, len(SERIES)), np.nan)
        observed = np.full((count, weeks, len(OBSERVED)), np.nan)
        newcomers = np.zeros((count, TENURES, 2))
        closed = np.full(count, -1, np.int64)
        departments: Floats | None = None
        counts: Floats | None = None
        firms = []
        for i, arm in enumerate(arms):
            around = any(event["kind"] == "goals" for event in arm.get("events", ()))
            seat, firm = self.seating(arm, i, self.vision(arm, i, seats) if around else None)
            simulation = seats.take(seat)
            if departments is None or counts is None:
                size = len(simulation.state.plan.headcount)
                departments = np.full((count, weeks, size, len(DEPARTMENT_SERIES)), np.nan)
                counts = np.full((count, weeks, size, len(BY_DEPARTMENT)), np.nan)
            simulation.found(self.lab.seed, int(self.pairs[i]))
            joined = np.zeros((2, len(simulation.state.people.filled)), np.int64)
            closed[i] = live_observed(
                simulation.box,
                weeks,
                series[i],
                departments[i],
                observed[i],
                counts[i],
                joined,
                newcomers[i],
                firm.week,
            )
            simulation.check()
            firms.append(firm)
        assert departments is not None
        assert counts is not None
        self.lab.count(count)
        return Runs(closed, series, departments, observed, counts, newcomers, firms)

    def seating(self, arm: Mapping[str, Any], i: int, vision: Floats | None) -> tuple[Seating, Firm]:
        """Return how the i-th pair runs an arm."""
        roles = [(d.name, d.role) for d in self.lab.population.base.departments]
        return seating(
            self.claim, arm, self.owns[i], int(self.firms.headcount[i]), roles, self.lucks[i], self.levels,
            self.formulas, self.over, self.week[i], vision,
        )  # fmt: skip

    def vision(self, arm: Mapping[str, Any], i: int, seats: Seats) -> Floats:
        """Return the vision that the pair's firm has when week w begins."""
        seat, firm = self.seating({k: v for k, v in arm.items() if k != "events"}, i, None)
        simulation = seats.take(seat)
        simulation.found(self.lab.seed, int(self.pairs[i]))
        live(simulation.box, firm.week, 0, len(PHASES), *NOTHING)
        return simulation.state.vision.copy()
