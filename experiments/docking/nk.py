"""NK landscapes (Kauffman 1993; Levinthal 1997): adaptation on rugged landscapes, and their exact limits.

A form of N binary attributes earns the mean of N contributions, each a uniform number that depends on the attribute itself
and K others. Firms that start anywhere climb by single changes. With K = 0 all climb to one form; interdependence makes
many peaks, and firms that started apart stay apart.

D. A. Levinthal, "Adaptation on rugged landscapes", Management Science 43(7), 934-950, 1997. Exact: K = 0 has one peak, of
mean height 2/3; K = N - 1 has 2^N / (N + 1) peaks on average (Kauffman & Levin 1987), with variance
2^N (N - 1) / (2 (N + 1)^2) (Macken & Perelson 1989).

Run: ``python -m experiments.docking.nk [--quick] [-j N]``
"""

from __future__ import annotations

from functools import partial

import numba
import numpy as np
from numpy.typing import NDArray

from experiments.docking.dock import (
    IDENTITY,
    Check,
    Docking,
    Options,
    equivalent,
    mean_interval,
    options,
    relation,
    report,
    runs,
)
from experiments.docking.picture import BLUE, INK, ORANGE, curve, drawn

SEED = 1997
N, FIRMS = 10, 100


@numba.njit(cache=True, nogil=True)
def landscape(rng: np.random.Generator, n: int, k: int) -> NDArray[np.float64]:
    """Return the height of each of the 2^n forms: mean contribution of n attributes, each read with k random others."""
    height = np.zeros(1 << n)
    for i in range(n):
        others = np.array([j for j in range(n) if j != i], np.int64)
        for a in range(k):  # the first k of a random order
            b = a + int(rng.random() * (n - 1 - a))
            others[a], others[b] = others[b], others[a]
        table = rng.random(1 << (k + 1))
        for form in range(1 << n):
            row = (form >> i) & 1
            for a in range(k):
                row = (row << 1) | ((form >> others[a]) & 1)
            height[form] += table[row]
    return height / n


@numba.njit(cache=True, nogil=True)
def climb(rng: np.random.Generator, height: NDArray[np.float64], n: int, form: int) -> int:
    """Return the peak that a firm reaches from a form by random improving changes of one attribute."""
    while True:
        better, found = 0, -1
        for i in range(n):
            if height[form ^ (1 << i)] > height[form]:
                better += 1
                if rng.random() * better < 1:
                    found = i
        if found < 0:
            return form
        form ^= 1 << found


@numba.njit(cache=True, nogil=True)
def world(rng: np.random.Generator, n: int, k: int, firms: int) -> tuple[float, float, float, float]:
    """Let firms climb one landscape; return peaks, forms that survive, mean height reached, highest height."""
    height = landscape(rng, n, k)
    peaks = 0
    for form in range(1 << n):
        top = True
        for i in range(n):
            top = top and height[form ^ (1 << i)] < height[form]
        peaks += top
    kept = np.zeros(1 << n, np.bool_)
    total = 0.0
    for _ in range(firms):
        end = climb(rng, height, n, int(rng.random() * (1 << n)))
        kept[end] = True
        total += height[end]
    return float(peaks), float(np.sum(kept)), total / firms, height.max()


def dock(how: Options) -> Docking:
    """Compare the two ends with their exact values, and show what lies between."""
    n = 400 if how.quick else 4000
    found = Docking(
        "nk",
        "Levinthal (1997): rugged landscapes",
        "D. A. Levinthal, Adaptation on rugged landscapes, Management Science 43(7), 934-950, 1997.",
        "exact limits: Kauffman & Levin (1987); Macken & Perelson (1989)",
        SEED,
        n,
        (
            f"N = {N}, {FIRMS} firms a landscape, the K others of each attribute uniform; a random improving neighbour is taken.",
        ),
    )
    levels = list(range(N))
    cells = np.array([runs(partial(world, n=N, k=k, firms=FIRMS), n, SEED, k, how.workers) for k in levels])
    flat, rough = cells[0], cells[-1]
    for what, column in (("peaks", 0), ("forms that 100 firms end in", 1)):
        low, high = float(flat[:, column].min()), float(flat[:, column].max())
        found.checks.append(
            Check(
                f"K = 0: {what}",
                IDENTITY,
                low == high == 1,
                flat[:, column].mean(),
                low,
                high,
                "exactly 1 in every run",
                n,
                1.0,
            )
        )
    miss = float(np.abs(flat[:, 2] - flat[:, 3]).max())
    found.checks.append(
        Check(
            "K = 0: highest point less height reached, largest over runs",
            IDENTITY,
            miss < 1e-12,
            miss,
            miss,
            miss,
            "below 1e-12",
            n,
            0.0,
        )
    )
    found.checks.append(equivalent("K = 0: height reached", flat[:, 2], 2 / 3, 0.01, of="the exact mean"))
    peaks = 2**N / (N + 1)
    found.checks.append(equivalent(f"K = {N - 1}: peaks", rough[:, 0], peaks, 0.01 * peaks, of="the exact mean"))
    spread = 2**N * (N - 1) / (2 * (N + 1) ** 2)
    square = (rough[:, 0] - peaks) ** 2
    found.checks.append(
        equivalent(
            f"K = {N - 1}: variance of the number of peaks", square, spread, 0.2 * spread, of="the exact variance"
        )
    )
    for k in levels[1:]:
        found.checks.append(
            relation(
                f"forms at K = {k} less K = {k - 1}",
                cells[k, :, 1] - cells[k - 1, :, 1],
                "above zero: K keeps firms apart",
            )
        )
    mean, half = mean_interval(cells, axis=1)
    found.tables["curves"] = {
        "K": levels,
        "columns": ["peaks", "forms", "height", "highest"],
        "mean": mean,
        "half": half,
    }
    top = int(np.argmax(mean[:, 2]))
    found.lesson = (
        f"Both ends are exact. Between them peaks grow from 1 to {mean[-1, 0]:.1f} (exactly {peaks:.1f}); the height that climbers reach is "
        f"highest at K = {top} ({mean[top, 2]:.3f}) and falls to {mean[-1, 2]:.3f} at K = {N - 1}, while the highest point rises to {mean[-1, 3]:.3f}."
    )
    draw(found, how)
    return found


def draw(found: Docking, how: Options) -> None:
    """Draw peaks and surviving forms, and the height reached."""
    t = found.tables["curves"]
    title = "NK: interdependence makes many peaks, and firms stay where they started"
    subtitle = f"Landscapes of N = {N} attributes, {FIRMS} firms climbing each. Crosses: exact values at both ends."
    rests = f"n = {found.n} landscapes a K, seed {found.seed}; bars: 95 % intervals of means"
    with drawn(how.folder / found.name, title, subtitle, rests, height=3.3) as (left, right):
        curve(left, t["K"], t["mean"][:, 0], t["half"][:, 0], BLUE, "peaks")
        curve(left, t["K"], t["mean"][:, 1], t["half"][:, 1], ORANGE, f"forms in which {FIRMS} firms end")
        left.plot([0, N - 1], [1, 2**N / (N + 1)], "x", color=INK, markersize=9, label="exact")
        left.set(xlabel="interdependence K", ylabel="number", yscale="log")
        left.legend()
        curve(right, t["K"], t["mean"][:, 3], t["half"][:, 3], BLUE, "highest point")
        curve(right, t["K"], t["mean"][:, 2], t["half"][:, 2], ORANGE, "height reached by climbing")
        right.plot([0], [2 / 3], "x", color=INK, markersize=9, label="exact, 2/3")
        right.set(xlabel="interdependence K", ylabel="performance")
        right.legend()


if __name__ == "__main__":
    report(dock, options(__doc__))
