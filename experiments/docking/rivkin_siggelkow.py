"""Rivkin and Siggelkow (2003): balancing search and stability.

A firm takes N = 6 decisions on an NK landscape, three in each of two departments. Each period each manager weighs the
present choice of the own department against others, taking what the other department does now as given, and proposes the best
by the own incentive: the department's contributions, or the whole firm's. The head rubber-stamps both proposals. There is
no coordination: both may move at once, and what each meant well may together do harm.

J. W. Rivkin and N. Siggelkow, "Balancing search and stability: interdependencies among elements of organizational design",
Management Science 49(3), 290-311, 2003. Relational docking: firm-wide beat departmental incentives at K = 1-3, no gap at
K = 0; capable managers (who see all their options) with firm-wide incentives and no coordination cycle and do worst.

Run: ``python -m experiments.docking.rivkin_siggelkow [--quick] [-j N]``
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
    mean_interval,
    options,
    relation,
    report,
    runs,
)
from experiments.docking.picture import COLOURS, curve, drawn

SEED = 2003
N, HALF, PERIODS, LATE = 6, 3, 100, 10
POLICIES = ("local, departmental", "local, firm-wide", "capable, departmental", "capable, firm-wide")


@numba.njit(cache=True, nogil=True)
def firm(rng: np.random.Generator, k: int, periods: int, late: int, out: NDArray[np.float64]) -> None:
    """Run the four organisations on one landscape, from one start and with the same ideas.

    Parameters
    ----------
    rng
        The run's luck.
    k
        Decisions, uniform among all others, on which each contribution depends besides its own.
    periods, late
        Length, and how many periods at the end count as late.
    out : (4, 3)
        Filled, for each of `POLICIES`, with the performance in the last period as a share of the best possible, whether
        anything changed in the late periods, and the mean performance of the late periods.
    """
    part = np.empty((N, 1 << N))  # contribution of each decision by the form of the firm
    for i in range(N):
        others = np.array([j for j in range(N) if j != i], np.int64)
        for a in range(k):
            b = a + int(rng.random() * (N - 1 - a))
            others[a], others[b] = others[b], others[a]
        table = rng.random(1 << (k + 1))
        for form in range(1 << N):
            row = (form >> i) & 1
            for a in range(k):
                row = (row << 1) | ((form >> others[a]) & 1)
            part[i, form] = table[row]
    whole = np.zeros(1 << N)
    own = np.zeros((2, 1 << N))
    for i in range(N):
        for form in range(1 << N):
            whole[form] += part[i, form] / N
            own[i // HALF, form] += part[i, form] / HALF
    start = int(rng.random() * (1 << N))
    idea = np.empty((periods, 2), np.int64)  # which own decision a local searcher thinks of turning round
    for t in range(periods):
        for d in range(2):
            idea[t, d] = int(rng.random() * HALF)
    best = whole.max()
    for policy in range(4):
        capable, firm_wide = policy >= 2, policy % 2 == 1
        form, moved, late_sum = start, False, 0.0
        for t in range(periods):
            chosen = 0
            for d in range(2):
                aim = whole if firm_wide else own[d]
                mask = ((1 << HALF) - 1) << (HALF * d)
                top, value = form & mask, aim[form]
                if capable:
                    for option in range(1 << HALF):
                        other = (form & ~mask) | (option << (HALF * d))
                        if aim[other] > value:
                            top, value = other & mask, aim[other]
                else:
                    other = form ^ (1 << (HALF * d + idea[t, d]))
                    if aim[other] > value:
                        top = other & mask
                chosen |= top
            if t >= periods - late:
                moved = moved or chosen != form
                late_sum += whole[chosen] / best
            form = chosen
        out[policy, 0] = whole[form] / best
        out[policy, 1] = 1.0 if moved else 0.0
        out[policy, 2] = late_sum / late


def dock(how: Options) -> Docking:
    """Check the published directions, policy against policy on the same landscapes."""
    n = 2000 if how.quick else 10_000
    found = Docking(
        "rivkin_siggelkow",
        "Rivkin & Siggelkow (2003): search and stability",
        "J. W. Rivkin and N. Siggelkow, Balancing search and stability, Management Science 49(3), 290-311, 2003.",
        "published directions only",
        SEED,
        n,
        (
            "Each contribution depends on K decisions uniform among all others, in either department.",
            "Local: each manager thinks of turning round one own decision a period. Capable: sees all eight own options.",
            f"Cycling: anything changes in the last {LATE} of {PERIODS} periods. Performance: share of the landscape's best.",
            "The four organisations share landscape, start and ideas (paired).",
        ),
    )

    def one(k: int, rng: np.random.Generator) -> NDArray[np.float64]:
        out = np.empty((4, 3))
        firm(rng, k, PERIODS, LATE, out)
        return out.ravel()

    levels = range(N)
    cells = np.array([runs(partial(one, k), n, SEED, k, how.workers) for k in levels]).reshape(N, n, 4, 3)
    end, moved = cells[..., 0], cells[..., 1]
    gap = float(np.abs(end[0, :, 1] - end[0, :, 0]).max())
    found.checks.append(
        Check(
            "K = 0, local: firm-wide less departmental, largest over runs",
            IDENTITY,
            gap == 0,
            gap,
            gap,
            gap,
            "exactly 0 in every run",
            n,
            0.0,
        )
    )
    for k in (1, 2, 3):
        what = f"K = {k}, local: firm-wide less departmental incentives"
        found.checks.append(relation(what, end[k, :, 1] - end[k, :, 0], "above zero"))
    for k in (3, 4, 5):
        rest = moved[k, :, 3] - moved[k, :, 2]
        found.checks.append(
            relation(f"K = {k}: share cycling, capable firm-wide less capable departmental", rest, "above zero")
        )
        for other in range(3):
            what = f"K = {k}: {POLICIES[other]} less capable firm-wide"
            found.checks.append(
                relation(
                    what, end[k, :, other] - end[k, :, 3], "above zero: capable, firm-wide, uncoordinated does worst"
                )
            )
    mean, half = mean_interval(cells, axis=1)
    found.tables["curves"] = {
        "K": list(levels),
        "policies": POLICIES,
        "columns": ["end", "cycling", "late"],
        "mean": mean,
        "half": half,
    }
    gaps = ", ".join(f"{mean[k, 1, 0] - mean[k, 0, 0]:+.3f} at K = {k}" for k in levels)
    found.lesson = (
        f"Local managers: firm-wide less departmental incentives {gaps}. Capable managers with firm-wide incentives reach "
        f"{mean[5, 3, 0]:.3f} at K = 5 ({mean[5, 3, 1]:.0%} still cycling), local ones {mean[5, 1, 0]:.3f}: each answers a firm that is gone "
        "when the answer arrives."
    )
    draw(found, how)
    return found


def draw(found: Docking, how: Options) -> None:
    """Draw performance and cycling of the four organisations by K."""
    t = found.tables["curves"]
    title = "Rivkin & Siggelkow (2003): good will without coordination"
    subtitle = "Performance after 100 periods, and firms that still change what they decided, by interdependence K."
    rests = f"n = {found.n} landscapes a K, shared by the four organisations; seed {found.seed}; bars: 95 % intervals of means"
    with drawn(how.folder / found.name, title, subtitle, rests, height=3.4) as (left, right):
        for p, (name, colour) in enumerate(zip(POLICIES, COLOURS, strict=False)):
            curve(left, t["K"], t["mean"][:, p, 0], t["half"][:, p, 0], colour, name)
            curve(right, t["K"], t["mean"][:, p, 1], t["half"][:, p, 1], colour, name)
        left.set(xlabel="interdependence K", ylabel="share of the best possible, period 100")
        left.legend()
        right.set(xlabel="interdependence K", ylabel="share of firms still changing")


if __name__ == "__main__":
    report(dock, options(__doc__))
