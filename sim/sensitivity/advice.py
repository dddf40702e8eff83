"""What is too small, told before anything is run."""

from __future__ import annotations

import math

from sim.sensitivity.ranking import TOLERANCE
from sim.sensitivity.sobol import expected_half_width
from sim.study.factors import DUMMY
from sim.study.study import Study
from sim.study.study_fields import Fast, FromFile, Grid, Lhs, Morris, Oat, Sobol

FEW_TRAJECTORIES = 20
FEW_POINTS_PER_FACTOR = 10
FEW_REPLICATES = 10
ANSWERS = 0.3
"""Total index of the factor whose interval is foretold."""


def advise(study: Study) -> list[str]:
    """Return what a reviewer would say of a study's size, a sentence each, before anything is run; empty if nothing.

    Limits: 20 to 50 trajectories for Morris's screening (Campolongo et al. 2007 use 10 to 50), N from the width of
    first-order intervals that is to be expected, 10 points per factor for other samples (Loeppky, Sacks & Welch 2009),
    10 replicates where luck is averaged over.
    """
    said = [*_size(study), *_replicates(study)]
    if DUMMY not in study.names and isinstance(study.design, Fast) and (study.function is None or study.noise > 0):
        said.append(
            "no factor is called dummy, so nothing will show how much index noise alone earns: add [vary.dummy]"
        )
    return said


def _size(study: Study) -> list[str]:
    design, k = study.design, len(study.factors)
    if isinstance(design, Morris):
        count = design.optimal or design.trajectories
        if count < FEW_TRAJECTORIES:
            return [f"{count} trajectories are few for a screening: {FEW_TRAJECTORIES} to 50 are usual"]
    elif isinstance(design, Sobol):
        half = expected_half_width(design.n, ANSWERS, design.second_order)
        if half > TOLERANCE:
            enough = math.ceil(design.n * (half / TOLERANCE) ** 2)
            return [
                f"N = {design.n:,} is small: a first-order index of a factor with a total of {ANSWERS:g} will have an interval "
                f"of about \N{PLUS-MINUS SIGN}{half:.2f}; for \N{PLUS-MINUS SIGN}{TOLERANCE:g} take N = {1 << (enough - 1).bit_length():,}"
            ]
    elif isinstance(design, Fast):
        slots = (design.n - 1) // (2 * design.harmonics) // (2 * design.harmonics)
        if slots < k - 1:
            enough = 4 * design.harmonics**2 * (k - 1) + 1
            return [
                f"n = {design.n:,} is small for {k} factors: on a curve {k - 1} of them share {slots} frequencies and cannot be "
                f"told apart; take n = {enough:,}"
            ]
    elif isinstance(design, Lhs) and design.n < FEW_POINTS_PER_FACTOR * k:
        return [
            f"n = {design.n:,} is small for {k} factors: {FEW_POINTS_PER_FACTOR} points per factor, {FEW_POINTS_PER_FACTOR * k:,}, are the least"
        ]
    return []


def _replicates(study: Study) -> list[str]:
    if (study.function is not None and study.noise == 0) or isinstance(study.design, FromFile):
        return []
    if study.replicates == 1:
        return [
            "1 replicate: how much of the variance is luck cannot be told, and luck will inflate what looks like interactions"
        ]
    if study.replicates < FEW_REPLICATES and not isinstance(study.design, Grid | Oat):
        return [f"{study.replicates} replicates: 10 to 30 are usual where points are means over luck"]
    return []
