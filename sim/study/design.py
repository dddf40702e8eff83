"""Designs: which points a study looks at.

A design is a function of the study alone. Samplers get a generator seeded by the study, so that seed 0 is a seed like any
other, and work in the unit cube; each factor turns its coordinates into values itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.study.factors import Column, Factor, Floats, as_column
from sim.study.points_file import DesignError, read_points
from sim.study.study import Study
from sim.study.study_fields import MOST_POINTS, Fast, FromFile, Grid, Lhs, Morris, Oat, Sobol


@dataclass(frozen=True)
class Design:
    """Points in the order in which they are run.

    Attributes
    ----------
    factors
        What varies.
    unit : (points, factors)
        Coordinates in the unit cube: what SALib knows of the design.
    columns
        Factor -> values (points,): float64, int64, bool, or object for texts.
    moved : (points,) of text, or None
        In a one-at-a-time design, the factor that is off its base, empty at the base point.
    """

    factors: tuple[Factor, ...]
    unit: Floats
    columns: dict[str, Column]
    moved: Column | None = None

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.unit)

    @property
    def names(self) -> tuple[str, ...]:
        """The factors' names, in the order of the columns."""
        return tuple(factor.name for factor in self.factors)

    @property
    def problem(self) -> dict[str, Any]:
        """SALib's description of the unit cube: num_vars, names, bounds, and groups if any factor has one."""
        return problem(self.factors)

    @property
    def numbers(self) -> Floats:
        """The values as numbers (points, factors); of a choice, the index into its values."""
        return np.column_stack([factor.numbers(self.columns[factor.name]) for factor in self.factors])

    @property
    def hash(self) -> str:
        """SHA-256 of the points, first 16 hexadecimal digits."""
        digest = hashlib.sha256()
        for name, column in self.columns.items():
            digest.update(f"{name} {column.dtype.kind} {len(column)}\n".encode())
            digest.update(
                "\n".join(column).encode() if column.dtype == object else np.ascontiguousarray(column).tobytes()
            )
        return digest.hexdigest()[:16]


def problem(factors: tuple[Factor, ...]) -> dict[str, Any]:
    """Return SALib's description of the unit cube of some factors."""
    names = [factor.name for factor in factors]
    found: dict[str, Any] = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    if any(factor.group for factor in factors):
        found["groups"] = [factor.group or factor.name for factor in factors]
    return found


def number_of_points(study: Study) -> int | None:
    """Return how many points a design has, without making it; None where a file says."""
    design, k = study.design, len(study.factors)
    moving = len(set(problem(study.factors).get("groups", study.names)))
    if isinstance(design, Grid):
        return int(np.prod([len(f.levels(design.levels)) for f in study.factors], dtype=object))
    if isinstance(design, Lhs):
        return design.n
    if isinstance(design, Morris):
        return (design.optimal or design.trajectories) * (moving + 1)
    if isinstance(design, Sobol):
        return design.n * ((2 if design.second_order else 1) * moving + 2)
    if isinstance(design, Fast):
        return design.n * k
    return None


def make_design(study: Study) -> Design:
    """Return the points of a study.

    Raises
    ------
    DesignError
        If a file of points cannot be read or fits the factors not, or there are too many points.
    """
    count = number_of_points(study)
    if count is not None and count > MOST_POINTS:
        raise DesignError(
            f"{study.name}: the design has {count:,} points, more than the {MOST_POINTS:,} that are allowed"
        )
    design = study.design
    if isinstance(design, FromFile):
        return _of_values(study.factors, read_points(study.factors, study.scenario, Path(design.path)))
    if isinstance(design, Oat):
        return _one_at_a_time(study.factors, design.levels)
    if isinstance(design, Grid):
        return _grid(study.factors, design.levels)
    return from_unit(study.factors, sample(study))


def from_unit(factors: tuple[Factor, ...], unit: Floats) -> Design:
    """Return the design at some coordinates (points, factors) of the unit cube."""
    columns = {f.name: f.column(f.codes(unit[:, i])) for i, f in enumerate(factors)}
    return Design(factors, unit, columns)


def sample(study: Study) -> Floats:
    """Return the coordinates (points, factors) of a design that is drawn."""
    design, cube = study.design, problem(study.factors)
    chance = np.random.default_rng(study.seed)
    unit: Any
    if isinstance(design, Lhs):
        from scipy.stats import qmc

        unit = qmc.LatinHypercube(len(study.factors), rng=chance).random(design.n)
    elif isinstance(design, Morris):
        from SALib.sample import morris

        unit = morris.sample(
            cube, design.trajectories, num_levels=design.levels, optimal_trajectories=design.optimal, seed=chance
        )
    elif isinstance(design, Sobol):
        from SALib.sample import sobol

        unit = sobol.sample(cube, design.n, calc_second_order=design.second_order, seed=chance)
    elif isinstance(design, Fast):
        from SALib.sample import fast_sampler

        unit = fast_sampler.sample(cube, design.n, M=design.harmonics, seed=chance)
    else:
        raise TypeError(f"a {design.kind} design is not drawn")
    return np.clip(np.ascontiguousarray(unit, np.float64), 0.0, 1.0)


def _grid(factors: tuple[Factor, ...], count: int) -> Design:
    levels = [factor.levels(count) for factor in factors]
    places = np.meshgrid(*(np.arange(len(level)) for level in levels), indexing="ij")
    columns = {f.name: level[place.ravel()] for f, level, place in zip(factors, levels, places, strict=True)}
    return _of_values(factors, columns)


def _one_at_a_time(factors: tuple[Factor, ...], count: int) -> Design:
    rows: list[list[Any]] = [[factor.base for factor in factors]]
    moved = [""]
    for i, factor in enumerate(factors):
        for level in factor.levels(count).tolist():
            if level != factor.base:
                rows.append([*rows[0][:i], level, *rows[0][i + 1 :]])
                moved.append(factor.name)
    columns = {f.name: as_column([row[i] for row in rows]) for i, f in enumerate(factors)}
    return _of_values(factors, columns, np.array(moved, dtype=object))


def _of_values(factors: tuple[Factor, ...], columns: dict[str, Column], moved: Column | None = None) -> Design:
    unit = np.column_stack([factor.coordinates(columns[factor.name]) for factor in factors])
    return Design(factors, unit, columns, moved)
