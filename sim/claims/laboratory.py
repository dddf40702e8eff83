"""Where claims are tried: paired runs, each made once, in a full, a quick or a reduced design."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from sim.claims.people_lost import Floats, lost_people, lost_share
from sim.scenario import Scenario
from sim.simulate import Batch, run_many

MEMORY = 500_000_000
"""Bytes of runs that a lab remembers; what was not used for longest goes first."""
REDUCED = 4
"""The reduced design of ablations has this many times fewer runs than the full one, and not fewer than the quick one."""


class Point(NamedTuple):
    """A scenario that a claim ran: what it changes, its hash and how many replicates (0, 1, ...) were used."""

    changes: Mapping[str, object]
    hash: str
    replicates: int


class Lab:
    """Runs with paired luck: replicate r of one scenario and replicate r of another share all their luck.

    Parameters
    ----------
    quick
        Whether designs are small: for tests, which look at directions only.
    workers
        Runs that go on at the same time; results do not depend on it.
    seed
        The luck; with the replicate's number it fixes a run.
    overrides
        Go over all that a claim sets: an ablation.
    """

    def __init__(
        self, quick: bool = False, workers: int = 1, seed: int = 0, overrides: Mapping[str, object] | None = None
    ) -> None:
        self.quick, self.workers, self.seed = quick, workers, seed
        self.overrides = dict(overrides or {})
        self.reduced = False
        self.base = Scenario()
        self.points: dict[str, Point] = {}
        self.runs = 0
        self._counted: dict[tuple[str, int, tuple[int, ...]], tuple[Floats, Floats]] = {}
        self._kept: OrderedDict[tuple[str, bool], Batch] = OrderedDict()

    def n(self, full: int, quick: int) -> int:
        """Return the number of replicates: that of the full design, the quick one, or a reduced one for ablations."""
        return quick if self.quick else max(full // REDUCED, min(quick, full)) if self.reduced else full

    def either(self, full: Any, quick: Any) -> Any:
        """Return a part of the design, such as a grid: the quick design and ablations take the second."""
        return quick if self.quick or self.reduced else full

    def scenario(self, changes: Mapping[str, object] | None = None) -> Scenario:
        """Return the default firm with changes, and with the overrides over them."""
        values = {**(changes or {}), **self.overrides}
        return self.base.replace(values) if values else self.base

    def run(self, changes: Mapping[str, object] | None, n: int, departments: bool = False) -> Batch:
        """Return replicates 0, ..., n - 1 of the default firm with changes.

        Parameters
        ----------
        changes
            As in `Scenario.replace`: ``{"founder.clarity": 0.4, "scarcity": 0.7, "events": [...]}``.
        n
            Replicates. Runs made before are not made again.
        departments
            Whether the departments' series are wanted.
        """
        scenario = self.scenario(changes)
        self._note(scenario, changes or {}, n)
        for key in ((scenario.hash, True), (scenario.hash, False)):
            kept = self._kept.get(key)
            if kept is not None and len(kept) >= n and (key[1] or not departments):
                self._kept.move_to_end(key)
                return first(kept, n)
        batch = run_many(scenario, n, self.seed, self.workers, with_departments=departments)
        self.runs += n
        self._keep((scenario.hash, departments), batch)
        return batch

    def lost(
        self, changes: Mapping[str, object] | None, n: int, weeks: Sequence[int], without: int | None = None
    ) -> Floats:
        """Return the share of people lost (misaligned or disengaged) outside a department, (runs, weeks); nan after closing."""
        scenario = self.scenario(changes)
        self._note(scenario, changes or {}, n)
        key = (scenario.hash, n, tuple(weeks))
        if key not in self._counted:
            self._counted[key] = lost_people(scenario, n, self.seed, weeks, self.workers)
            self.runs += n
        return lost_share(*self._counted[key], without)

    @contextmanager
    def ablated(self, overrides: Mapping[str, object]) -> Iterator[Lab]:
        """Give a lab with the reduced design in which overrides go over all that a claim sets."""
        lab = Lab(self.quick, self.workers, self.seed, {**self.overrides, **overrides})
        lab.reduced = True
        yield lab
        self.runs += lab.runs

    def fresh(self) -> None:
        """Forget which points were asked for: a new claim begins. Runs stay remembered."""
        self.points = {}
        self._counted = {}

    def _note(self, scenario: Scenario, changes: Mapping[str, object], n: int) -> None:
        known = self.points.get(scenario.hash)
        self.points[scenario.hash] = Point(dict(changes), scenario.hash, max(n, known.replicates if known else 0))

    def _keep(self, key: tuple[str, bool], batch: Batch) -> None:
        self._kept.pop(key, None)
        self._kept[key] = batch
        while len(self._kept) > 1 and sum(_bytes(b) for b in self._kept.values()) > MEMORY:
            self._kept.popitem(last=False)


def first(batch: Batch, n: int) -> Batch:
    """Return the first n runs of a batch."""
    if len(batch) == n:
        return batch
    return replace(
        batch,
        replicates=batch.replicates[:n],
        closed=batch.closed[:n],
        series=batch.series[:n],
        departments=batch.departments[:n],
    )


def _bytes(batch: Batch) -> int:
    return int(batch.series.nbytes + batch.departments.nbytes)
