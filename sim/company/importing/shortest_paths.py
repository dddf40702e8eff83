"""Shortest paths in who talks with whom: how many run through whom.

networkx has the same algorithm (Brandes 2001) but needs a minute for 3,000 people; compiled, it takes seconds. Tests compare
the two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.compile import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def follow_paths(
    first: Integers, neighbour: Integers, sources: Integers, between: NDArray[np.bool_], load: Floats
) -> float:
    """Follow all shortest paths from some people; return the share of them that run through a set of people.

    Parameters
    ----------
    first, neighbour : (people + 1,), (ties,)
        Neighbours of person i are ``neighbour[first[i]:first[i + 1]]``.
    sources
        People to start from.
    between : (people,) of bool
        The set. A path runs through it if anybody on it, its two ends left out, belongs to the set.
    load : (people,)
        Betweenness is added to it: for each person, the share of the shortest paths between two others that run through them,
        summed over pairs. Empty: it is not wanted, which saves half of the time.

    Returns
    -------
    float
        Mean over pairs that have a path but no direct tie; nan where there is no such pair.
    """
    people = len(first) - 1
    distance, order = np.empty(people, np.int64), np.empty(people, np.int64)
    paths, free, depend = np.empty(people), np.empty(people), np.empty(people)
    through, pairs = 0.0, 0
    for s in sources:
        distance[:] = -1
        paths[:] = 0.0
        free[:] = 0.0
        depend[:] = 0.0
        distance[s], paths[s], free[s], order[0] = 0, 1.0, 1.0, s
        done, known = 0, 1
        while done < known:
            v = order[done]
            done += 1
            for k in range(first[v], first[v + 1]):
                w = neighbour[k]
                if distance[w] < 0:
                    distance[w] = distance[v] + 1
                    order[known] = w
                    known += 1
                if distance[w] == distance[v] + 1:
                    paths[w] += paths[v]
                    if v == s or not between[v]:
                        free[w] += free[v]
        for i in range(known - 1, 0, -1):
            w = order[i]
            if distance[w] >= 2:
                pairs += 1
                through += 1.0 - free[w] / paths[w]
            if len(load) == 0:
                continue
            for k in range(first[w], first[w + 1]):
                v = neighbour[k]
                if distance[v] == distance[w] - 1:
                    depend[v] += paths[v] / paths[w] * (1.0 + depend[w])
            load[w] += depend[w]
    return through / pairs if pairs else np.nan


def brokers(first: Integers, neighbour: Integers, sources: Integers, share: float = 0.5) -> tuple[Integers, float]:
    """Find the fewest people, by betweenness, through whom at least a share of all shortest paths run.

    Parameters
    ----------
    first, neighbour, sources
        As in `follow_paths`; with fewer sources than people the result is an estimate.

    Returns
    -------
    (Integers, float)
        The people, the one with the highest betweenness first, and the share that runs through at least one of them; nobody
        and 0 where everybody who is connected has a direct tie.
    """
    people = len(first) - 1
    load = np.zeros(people)
    nobody = np.zeros(people, np.bool_)
    if np.isnan(follow_paths(first, neighbour, sources, nobody, load)):
        return np.empty(0, np.int64), 0.0
    ranked = np.argsort(-load, kind="stable")

    def through(count: int) -> float:
        chosen = nobody.copy()
        chosen[ranked[:count]] = True
        return float(follow_paths(first, neighbour, sources, chosen, load[:0]))

    low, high, best = 0, 1, through(1)
    while best < share and high < people:
        low, high = high, min(2 * high, people)
        best = through(high)
    while high - low > 1:
        middle = (low + high) // 2
        value = through(middle)
        low, high, best = (low, middle, value) if value >= share else (middle, high, best)
    return ranked[:high], best
