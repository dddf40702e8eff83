"""How indices settle as a design grows: the same analysis of its first half, quarter and so on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.sensitivity.analysis import Findings, analyse
from sim.sensitivity.sample import NotApplicable, Sample

Floats = NDArray[np.float64]
FEWEST = {"morris": 4, "sobol": 16, "rbd_fast": 64, "delta": 64, "pawn": 64}
"""The smallest parts of a design that are looked at; designs that are not here have no smaller design within them."""


@dataclass(frozen=True)
class Convergence:
    """The ranking index at growing sizes of the design, (sizes, factors) each, with its 95 % interval."""

    findings: Findings
    sizes: NDArray[np.int64]
    values: Floats
    low: Floats
    high: Floats


def converge(sample: Sample, method: str, draws: int = 200) -> Convergence:
    """Return the ranking index of the first half of a design, its first quarter and so on, and of all of it.

    The beginning of a Sobol' sequence is one, too, and trajectories come in no order.

    Raises
    ------
    NotApplicable
        If no part of the design is such a design itself, or it is too small to be cut.
    """
    if method not in FEWEST:
        raise NotApplicable(
            f"no part of a {sample.sweep.study.design.kind} design is one itself: there is no convergence to show"
        )
    clusters = sample.clusters
    sizes = [len(clusters)]
    while sizes[0] // 2 >= FEWEST[method]:
        sizes.insert(0, sizes[0] // 2)
    if len(sizes) < 2:
        raise NotApplicable(f"{len(clusters)} clusters of points are too few to show how {method} settles")
    found = [analyse(_first(sample, size), method, draws) for size in sizes]
    indices = [f.indices[0] for f in found]
    return Convergence(
        found[-1],
        np.array([f.size for f in found]),
        np.array([i.values for i in indices]),
        np.array([i.low for i in indices]),
        np.array([i.high for i in indices]),
    )


def _first(sample: Sample, clusters: int) -> Sample:
    """Return a sample of which only the first clusters are left."""
    out = np.ones(len(sample.y), np.bool_)
    out[sample.clusters[:clusters].ravel()] = False
    return replace(sample, left_out=out)
