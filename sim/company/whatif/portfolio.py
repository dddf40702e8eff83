"""Which measures together gain most within a budget.

First every measure is tried alone. Then the best combinations so far are changed by one measure at a time, added or swapped,
the most promising change first. How promising a change is follows from what was tried: the gains of the measures alone add
up, corrected by what pairs of measures that were tried together gave beyond that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

Gain = Callable[[frozenset[int]], float]
KEPT = 3
"""Best combinations so far that are changed."""


def search(
    gain: Gain, costs: Sequence[float], budget: float, apart: Sequence[tuple[int, int]] = (), runs: int = 40
) -> list[tuple[frozenset[int], float]]:
    """Try combinations of measures; return them with their gains, the best first.

    Parameters
    ----------
    gain
        Of a combination of measures, by number; called once for each combination.
    costs, budget
        Of the measures; a combination costs the sum.
    apart
        Pairs that exclude each other.
    runs
        Combinations to try at most.
    """
    tried: dict[frozenset[int], float] = {}
    for i in range(len(costs)):
        if costs[i] <= budget and len(tried) < runs:
            tried[frozenset([i])] = gain(frozenset([i]))
    while len(tried) < runs:
        expected = _expected(tried)
        best = sorted(tried, key=lambda t: (-tried[t], sorted(t)))[:KEPT]
        changes = {new for t in best for new in _changes(t, tried, costs, budget, apart)}
        if not changes:
            break
        chosen = max(changes, key=lambda t: (expected(t), sorted(t)))
        tried[chosen] = gain(chosen)
    return sorted(tried.items(), key=lambda item: (-item[1], sorted(item[0])))


def _changes(
    combination: frozenset[int],
    tried: dict[frozenset[int], float],
    costs: Sequence[float],
    budget: float,
    apart: Sequence[tuple[int, int]],
) -> list[frozenset[int]]:
    """Return untried combinations that the budget allows and that differ by one measure added or swapped."""
    outside = [i for i in range(len(costs)) if i not in combination]
    added = [combination | {i} for i in outside]
    swapped = [combination - {out} | {i} for out in combination for i in outside]
    return [
        t
        for t in [*added, *swapped]
        if t not in tried and sum(costs[i] for i in t) <= budget + 1e-9 and not any(set(pair) <= t for pair in apart)
    ]


def _expected(tried: dict[frozenset[int], float]) -> Callable[[frozenset[int]], float]:
    """Return what combinations should gain: measures alone, plus half of what tried pairs gave beyond that.

    The half keeps a pair that was lucky once from leading the search.
    """
    pairs = sorted({pair for t in tried for pair in combinations(sorted(t), 2)})
    together = [t for t in tried if len(t) > 1]
    beyond = {}
    if together:
        rows = np.array([[float(set(pair) <= t) for pair in pairs] for t in together])
        rest = np.array([tried[t] - sum(tried.get(frozenset([i]), 0.0) for i in t) for t in together])
        weights = np.linalg.solve(rows.T @ rows + 0.5 * np.eye(len(pairs)), rows.T @ rest)
        beyond = dict(zip(pairs, weights.tolist(), strict=True))

    def expected(t: frozenset[int]) -> float:
        alone = sum(tried.get(frozenset([i]), 0.0) for i in t)
        return float(alone + 0.5 * sum(beyond.get(pair, 0.0) for pair in combinations(sorted(t), 2)))

    return expected
