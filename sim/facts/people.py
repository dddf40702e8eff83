"""People one by one: what they believe and feel, whose department they are in, how long they have been there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.simulate import Simulation

Floats = NDArray[np.float64]


class Crowd(NamedTuple):
    """People and heads of one firm at the end of one week.

    Attributes
    ----------
    week
        The week.
    post, department : (people,)
    belief : (people, D)
        Unit directions.
    knows : (people,)
        Cosine of belief and vision.
    engagement : (people,)
    tenure : (people,)
        Full weeks since somebody filled a vacant post; -1 for founders and people who were merged in.
    heads : (K,)
        Cosine of the heads' understanding and the vision.
    layers : (K,)
        Layers of the departments.
    """

    week: int
    post: NDArray[np.int64]
    department: NDArray[np.int64]
    belief: Floats
    knows: Floats
    engagement: Floats
    tenure: NDArray[np.int64]
    heads: Floats
    layers: NDArray[np.int64]


def look(simulation: Simulation, seed: int, replicate: int, weeks: Sequence[int]) -> tuple[Crowd, ...]:
    """Run once more and return what is seen of people at the end of some weeks; none after closing."""
    return tuple(
        Crowd(
            snapshot.week,
            snapshot.posts.astype(np.int64),
            snapshot.department_of.astype(np.int64),
            _units(snapshot.beliefs),
            _units(snapshot.beliefs) @ snapshot.vision,
            snapshot.engagement,
            snapshot.tenure.astype(np.int64),
            _units(snapshot.understanding) @ snapshot.vision,
            snapshot.layers.astype(np.int64),
        )
        for snapshot in simulation.snapshots(seed, replicate, weeks)
    )


def _units(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
