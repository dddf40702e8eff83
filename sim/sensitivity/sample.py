"""A finished sweep as analyses see it: whole clusters of outcomes, without holes unless somebody asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import CoherenceError
from sim.study.design import problem
from sim.study.factors import DUMMY, Floats
from sim.study.results import SweepResults
from sim.study.study_fields import Morris, Sobol


class NotApplicable(CoherenceError, ValueError):  # noqa: N818 - nobody made a mistake
    """An analysis that a sweep does not allow; the message is one sentence for users."""


class Source(NamedTuple):
    """What a finding rests on: everything that stands under its figure."""

    name: str
    title: str
    measure: str
    label: str
    unit: str
    design: str
    points: int
    replicates: int
    left_out: int
    seed: int
    version: str
    scenario: str
    hash: str

    @property
    def runs(self) -> int:
        """Runs that the finding rests on."""
        return (self.points - self.left_out) * self.replicates


@dataclass(frozen=True)
class Sample:
    """A measure of all runs of a sweep.

    Attributes
    ----------
    sweep, measure
        Where it is from.
    y : (points, replicates)
        Outcomes; nan only at points that are left out.
    left_out : (points,) of bool
        Points with a hole, all False unless holes were allowed.
    """

    sweep: SweepResults
    measure: str
    y: Floats
    left_out: NDArray[np.bool_]

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Names of what moves together: groups, and factors without one, in the order of the design's blocks."""
        cube = problem(self.sweep.study.factors)
        return tuple(dict.fromkeys(cube.get("groups", cube["names"])))

    @cached_property
    def members(self) -> NDArray[np.bool_]:
        """Which factors belong to a group, (groups, factors)."""
        cube = problem(self.sweep.study.factors)
        own = cube.get("groups", cube["names"])
        return np.array([[name == group for name in own] for group in self.groups])

    @property
    def size(self) -> int:
        """Points in a cluster: those that an analysis needs together."""
        design = self.sweep.study.design
        if isinstance(design, Sobol):
            return (2 if design.second_order else 1) * len(self.groups) + 2
        return len(self.groups) + 1 if isinstance(design, Morris) else 1

    @cached_property
    def clusters(self) -> NDArray[np.int64]:
        """Points by whole cluster, (clusters, size)."""
        rows = np.arange(len(self.y)).reshape(-1, self.size)
        return rows[~self.left_out[rows].any(axis=1)]

    @cached_property
    def independent(self) -> NDArray[np.int64]:
        """Points that are a fair sample of the cube, by cluster (clusters, points that go together)."""
        return self.clusters[:, [0, -1]] if isinstance(self.sweep.study.design, Sobol) else self.clusters

    @cached_property
    def source(self) -> Source:
        """What findings rest on."""
        study, said = self.sweep.study, self.sweep.columns[self.measure]
        scenario = study.scenario
        return Source(
            name=study.name,
            title=study.title or study.name,
            measure=self.measure,
            label=said["label"],
            unit=said["unit"],
            design=study.design.kind,
            points=self.sweep.points,
            replicates=self.sweep.replicates,
            left_out=len(self.y) - self.clusters.size,
            seed=study.seed,
            version=self.sweep.version,
            scenario=scenario.name if scenario is not None else f"function {study.function}",
            hash=scenario.hash if scenario is not None else study.hash,
        )


def read(sweep: SweepResults, measure: str, without_holes: bool = False) -> Sample:
    """Return a measure of all runs of a sweep.

    Parameters
    ----------
    sweep, measure
        What to read.
    without_holes
        Leave out clusters in which a run has no value, instead of refusing; how many is said on every figure.

    Raises
    ------
    NotApplicable
        If runs failed or have no value, or all have the same.
    """
    y = sweep.outcomes(measure)
    holes = np.isnan(y)
    if holes.any() and not without_holes:
        raise NotApplicable(_refusal(sweep, measure, int(holes.sum())))
    if holes.any() and sweep.study.design.kind in ("grid", "fast", "oat"):
        raise NotApplicable(f"{sweep.folder}: a {sweep.study.design.kind} design bears no holes: run again what failed")
    sample = Sample(sweep, measure, y, holes.any(axis=1))
    if len(sample.clusters) < 2 and sweep.study.design.kind in ("sobol", "morris", "lhs", "file"):
        raise NotApplicable(f"{sweep.folder}: nothing is left of {measure} without the points that have holes")
    values = y[sample.clusters.ravel()]
    if np.ptp(values) == 0:
        raise NotApplicable(
            f"{measure} is {values.flat[0]:g} in all runs of {sweep.folder}: there is nothing to explain"
        )
    return sample


def _refusal(sweep: SweepResults, measure: str, holes: int) -> str:
    runs, failed = sweep.points * sweep.replicates, sweep.failed
    if failed:
        first = sweep.failures()[0]
        return (
            f"{failed:,} of {runs:,} runs in {sweep.folder} failed (the first, point {first['point']}, replicate "
            f"{first['replicate']}: {first['error']}), and an analysis with holes is wrong without a word: coherence sweep "
            f"STUDY -o {sweep.folder} --rerun-failed runs them again, --without-holes leaves their points out and says so"
        )
    return (
        f"{measure} has no value in {holes:,} of {runs:,} runs ({sweep.columns[measure]['meaning']}): choose a measure that "
        f"every run has, such as lived, or leave these points out with --without-holes, which looks at the other firms only"
    )


def dummies(names: tuple[str, ...]) -> list[int]:
    """Return where dummies stand among names."""
    return [i for i, name in enumerate(names) if name == DUMMY]
