"""People one by one: what they believe and feel, whose department they are in, how long they have been there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.state import State

Floats = NDArray[np.float64]


class Crowd(NamedTuple):
    """People and heads of one firm at the end of one week, who leaves having left.

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
    """

    week: int
    post: NDArray[np.int64]
    department: NDArray[np.int64]
    belief: Floats
    knows: Floats
    engagement: Floats
    tenure: NDArray[np.int64]
    heads: Floats


def look(state: State) -> Crowd:
    """Return what is seen of people in the state of a firm between two weeks."""
    week = int(state.firm["week"][0])
    posts, existing = int(state.firm["posts"][0]), int(state.firm["departments"][0])
    people = state.people
    there = np.flatnonzero(people.filled[:posts])
    belief = _units(people.belief[there])
    return Crowd(
        week - 1,
        there,
        people.department[there].astype(np.int64),
        belief,
        belief @ state.vision,
        people.engagement[there].copy(),
        np.where(people.newcomer[there], week - people.since[there], -1),
        _units(state.departments.understanding[:existing]) @ state.vision,
    )


def _units(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
