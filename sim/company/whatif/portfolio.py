"""Which levers buy most within a budget: alone, and together.

The search over combinations fits what was tried so far (a ridge regression on levers and pairs of levers), asks an exact
optimiser for the best combination that it has not tried and that the budget allows (HiGHS, through `scipy.optimize.milp`),
runs that one, and so on. It needs no library beyond those that are here anyway, and its every step can be explained.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Worth = Callable[[frozenset[int]], float]
PAIR_RIDGE = 0.3
"""How strongly pairs are shrunk towards no interaction; levers alone hardly are."""
MOST_PAIRS = 40
"""Pairs, the strongest first, that the optimiser is told of."""
CURIOUS = 3
"""Every so many steps pairs that were never tried together are taken to be a little better than they look."""


def search(
    worth: Worth, costs: Sequence[float], budget: float, apart: Sequence[tuple[int, int]] = (), runs: int = 40
) -> list[tuple[frozenset[int], float]]:
    """Return combinations tried with their worth, the best first.

    Parameters
    ----------
    worth
        Worth of a combination of levers, by number; called once for each combination.
    costs, budget
        Of the levers; a combination costs the sum.
    apart
        Pairs that exclude each other.
    runs
        Combinations to try at most, doing nothing not counted.
    """
    n = len(costs)
    tried: dict[frozenset[int], float] = {frozenset(): 0.0}
    for i in range(n):
        if costs[i] <= budget and len(tried) <= runs:
            tried[frozenset([i])] = worth(frozenset([i]))
    step = 0
    while len(tried) <= runs:
        main, pairs, noise = _fit(tried, n)
        if step % CURIOUS == CURIOUS - 1:
            for pair in combinations(range(n), 2):
                if not any(set(pair) <= t for t in tried):
                    pairs[pair] = pairs.get(pair, 0.0) + noise
        best = _best(main, pairs, costs, budget, apart, list(tried))
        if best is None:
            break
        tried[best] = worth(best)
        step += 1
    del tried[frozenset()]
    return sorted(tried.items(), key=lambda item: (-item[1], sorted(item[0])))


def _fit(tried: dict[frozenset[int], float], n: int) -> tuple[NDArray[np.float64], dict[tuple[int, int], float], float]:
    """Return the worth of levers and of pairs, and the size of what is not explained."""
    known = [pair for pair in combinations(range(n), 2) if any(set(pair) <= t for t in tried)]
    rows = np.array(
        [[float(i in t) for i in range(n)] + [float(set(pair) <= t) for pair in known] for t in tried], dtype=np.float64
    )
    y = np.array(list(tried.values()))
    penalty = np.diag([1e-3] * n + [PAIR_RIDGE] * len(known))
    weights = np.linalg.solve(rows.T @ rows + penalty, rows.T @ y)
    noise = float(np.std(y - rows @ weights)) + 0.05 * float(np.std(y))
    return weights[:n], dict(zip(known, weights[n:].tolist(), strict=True)), noise


def _best(
    main: NDArray[np.float64],
    pairs: dict[tuple[int, int], float],
    costs: Sequence[float],
    budget: float,
    apart: Sequence[tuple[int, int]],
    tried: Sequence[frozenset[int]],
) -> frozenset[int] | None:
    """Return the combination of the highest predicted worth that was not tried, or None where there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    pairs = dict(sorted(pairs.items(), key=lambda item: -abs(item[1]))[:MOST_PAIRS])
    n, k = len(main), len(pairs)
    rows: list[NDArray[np.float64]] = []
    low: list[float] = []

    def at_least(bound: float, entries: dict[int, float]) -> None:
        row = np.zeros(n + k)
        for place, value in entries.items():
            row[place] = value
        rows.append(row)
        low.append(bound)

    at_least(-budget - 1e-9, {i: -costs[i] for i in range(n)})
    for i, j in apart:
        at_least(-1, {i: -1, j: -1})
    for y, ((i, j), value) in enumerate(
        pairs.items(), n
    ):  # y = 1 exactly where both are in; what is not wanted need not be forbidden
        if value > 0:
            at_least(0, {i: 1, y: -1})
            at_least(0, {j: 1, y: -1})
        else:
            at_least(-1, {i: -1, j: -1, y: 1})
    for t in tried:  # not this one again
        at_least(1 - len(t), {i: -1.0 if i in t else 1.0 for i in range(n)})
    found = milp(
        -np.concatenate([main, list(pairs.values())]),
        integrality=np.array([1] * n + [0] * k),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), np.array(low), np.inf),
        options={"mip_rel_gap": 0.01, "time_limit": 5},
    )
    if found.x is None:
        return None
    return frozenset(int(i) for i in np.flatnonzero(found.x[:n] > 0.5))


def random_search(
    worth: Worth,
    costs: Sequence[float],
    budget: float,
    apart: Sequence[tuple[int, int]] = (),
    runs: int = 40,
    seed: int = 0,
) -> list[tuple[frozenset[int], float]]:
    """Return as `search`, but of combinations filled up in random order: what the search must beat."""
    generator = np.random.default_rng(seed)
    tried: dict[frozenset[int], float] = {}
    for _ in range(50 * runs):
        if len(tried) >= runs:
            break
        chosen: set[int] = set()
        left = budget
        for i in generator.permutation(len(costs)).tolist():
            clashes = any(i in pair and (set(pair) - {i}) <= chosen for pair in apart)
            if costs[i] <= left and not clashes and generator.random() < 0.7:
                chosen.add(i)
                left -= costs[i]
        if chosen and frozenset(chosen) not in tried:
            tried[frozenset(chosen)] = worth(frozenset(chosen))
    return sorted(tried.items(), key=lambda item: (-item[1], sorted(item[0])))
