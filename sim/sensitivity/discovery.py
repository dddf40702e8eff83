"""Scenario discovery: where in the cube does it happen? PRIM's box and the scores of a forest, from the EMA Workbench."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.sensitivity.given_data import phantom
from sim.sensitivity.sample import NotApplicable, Sample, Source
from sim.study.factors import DUMMY

Floats = NDArray[np.float64]
SURE = 0.05
"""A limit stays if chance would do as well with a smaller probability (quasi-p value; Bryant & Lempert 2010)."""
DENSE = 0.8
"""Density that is asked of the box, if any box on the way has it."""


class Limit(NamedTuple):
    """A side of the box: factor, what it is held to, and the quasi-p value of the weaker of its ends."""

    factor: str
    low: Any
    high: Any
    values: tuple[Any, ...]
    quasi_p: float

    def __str__(self) -> str:
        """Return the limit in words."""
        if self.values:
            return f"{self.factor} is {' or '.join(map(str, self.values))}"
        return f"{self.factor} from {self.low:.3g} to {self.high:.3g}"


@dataclass(frozen=True)
class Discovery:
    """Where something happens.

    Attributes
    ----------
    source, what
        What this rests on, and what was looked for.
    cases, points
        Points at which it happens, of how many.
    limits
        Sides of the box, the surest first; empty where no box was found.
    coverage, density, mass
        Share of all cases that lie in the box; share of the box's points that are cases; share of points in the box.
    trajectory : (steps, 2)
        Coverage and density of all boxes on the way.
    scores
        Factor -> importance in a forest of extremely randomised trees (Jaxa-Rozen & Kwakkel 2018), the largest first.
    floor
        Importance of a factor that nothing depends on.
    """

    source: Source
    what: str
    cases: int
    points: int
    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    trajectory: Floats
    scores: dict[str, float]
    floor: float

    @property
    def text(self) -> str:
        """The box in words."""
        what = f"{self.what[:1].upper()}{self.what[1:]}"
        if not self.limits:
            return f"{what}: at {self.cases:,} of {self.points:,} points, in no box that chance would not find as well."
        where = "; ".join(map(str, self.limits))
        return (
            f"{what}: at {self.cases:,} of {self.points:,} points. Mostly where {where}: this box holds "
            f"{100 * self.coverage:.0f} % of the cases, and {100 * self.density:.0f} % of its points are cases "
            f"({100 * self.cases / self.points:.0f} % overall)."
        )


def discover(
    sample: Sample, happens: Callable[[Floats], NDArray[np.bool_]], what: str, mass: float = 0.05, trees: int = 100
) -> Discovery:
    """Return where something happens: PRIM (Friedman & Fisher 1999), and how much each factor tells of it.

    Parameters
    ----------
    sample
        A measure of a sweep of independent points (lhs, file, sobol) or a grid.
    happens
        From the means over replicates (points,) to whether it happens there.
    what
        What that is, in words.
    mass
        Least share of the points in the box.
    trees
        In the forest.

    Raises
    ------
    NotApplicable
        If the design is of another kind, it happens nowhere or everywhere, or the extra ``discovery`` is missing.
    """
    sweep = sample.sweep
    if sweep.study.design.kind not in ("lhs", "file", "sobol", "grid"):
        raise NotApplicable(
            f"a {sweep.study.design.kind} design is no fair sample of the cube: discovery needs lhs, sobol, file or grid"
        )
    rows = sample.independent.ravel()
    case = np.asarray(happens(sample.y[rows].mean(axis=1)), np.bool_)
    if not 0 < case.sum() < len(case):
        raise NotApplicable(f"{what}: at {int(case.sum()):,} of {len(case):,} points, so there is no border to find")
    factors = [f for f in sweep.study.factors if f.name != DUMMY]
    columns = {f.name: sweep.design.columns[f.name][rows] for f in factors}
    box, trajectory, stats = _prim(columns, case, mass)
    scores, floor = _scores({f.name: f.numbers(columns[f.name]) for f in factors}, case, sweep.study.seed, trees)
    return Discovery(sample.source, what, int(case.sum()), len(case), box, *stats, trajectory, scores, floor)


def _prim(
    columns: dict[str, Any], case: NDArray[np.bool_], mass: float
) -> tuple[tuple[Limit, ...], Floats, tuple[float, float, float]]:
    import pandas as pd

    prim = _workbench("prim")
    x = pd.DataFrame(
        {name: column.astype(str) if column.dtype.kind in "bO" else column for name, column in columns.items()}
    )
    with _quiet():
        box = prim.Prim(x, case.astype(np.int64), mass_min=mass, peel_alpha=0.05).find_box()
        path = box.peeling_trajectory
        chosen = _chosen(path)
        limits = _sure(box.box_lims[chosen], box.box_lims[0], box.p_values[chosen])
    trajectory = path[["coverage", "density"]].to_numpy(np.float64)
    inside = np.ones(len(case), np.bool_)
    for limit in limits:
        column = x[limit.factor]
        inside &= (
            column.isin(limit.values).to_numpy() if limit.values else column.between(limit.low, limit.high).to_numpy()
        )
    held = int((inside & case).sum())
    stats = (held / int(case.sum()), held / max(int(inside.sum()), 1), float(inside.mean()))
    return tuple(sorted(limits, key=lambda limit: limit.quasi_p)), trajectory, stats


def _sure(box: Any, start: Any, chances: dict[str, list[float]]) -> list[Limit]:
    """Return the sides of a box, without the ends that chance would set as well."""
    limits = []
    for name, (first, second) in chances.items():
        low, high = box[name].to_list()
        if isinstance(low, set):
            if 0 <= first < SURE:
                limits.append(Limit(str(name), None, None, tuple(sorted(low)), float(first)))
            continue
        widest = start[name].to_list()
        ends = [end for end, chance in ((0, first), (1, second)) if 0 <= chance < SURE]
        if ends:
            low, high = (low if 0 in ends else widest[0]), (high if 1 in ends else widest[1])
            limits.append(Limit(str(name), low, high, (), float(max((first, second)[end] for end in ends))))
    return limits


def _chosen(path: Any) -> int:
    """Return the box to show: the largest coverage among those that are dense enough, else the best product of both."""
    coverage, density = path["coverage"].to_numpy(), path["density"].to_numpy()
    dense = np.flatnonzero(density >= DENSE)
    return int(dense[np.argmax(coverage[dense])]) if len(dense) else int(np.argmax(coverage * density))


def _scores(
    numbers: dict[str, Floats], case: NDArray[np.bool_], seed: int, trees: int
) -> tuple[dict[str, float], float]:
    import pandas as pd

    scoring = _workbench("feature_scoring")
    table = pd.DataFrame({**numbers, DUMMY: phantom(len(case), seed)})
    with _quiet():
        found, _ = scoring.get_ex_feature_scores(
            table, case.astype(np.int64), nr_trees=trees, random_state=seed % 2**32
        )
    scores = {str(name): float(value) for name, value in found[1].items()}
    floor = scores.pop(DUMMY)
    return scores, floor


def _workbench(room: str) -> Any:
    from importlib import import_module

    try:
        with _quiet():
            return import_module(f"ema_workbench.analysis.{room}")
    except ImportError:
        raise NotApplicable("discovery needs the EMA Workbench: pip install 'smb-coherence[discovery]'") from None


class _quiet(warnings.catch_warnings):  # noqa: N801 - a context, not a thing
    """Keep a library's remarks to itself."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("ignore")
        logging.getLogger("EMA").setLevel(logging.ERROR)
