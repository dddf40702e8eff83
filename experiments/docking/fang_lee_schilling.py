"""Fang, Lee and Schilling (2010): balancing exploration and exploitation through structural design.

People hold beliefs about many dimensions of reality; a belief pays only in a block of five that is right throughout. They
learn from those of their contacts who do better. Isolated groups keep their own ideas but never share them; a fully mixed
organisation agrees too soon. A few ties across groups do best.

C. Fang, J. Lee and M. A. Schilling, "Balancing exploration and exploitation through structural design: the isolation of
subgroups and organizational learning", Organization Science 21(3), 625-642, 2010. Relational docking: an inverted U in
the share beta of ties that cross groups, its peak between .05 and .3, and beta = 0 far below.

Run: ``python -m experiments.docking.fang_lee_schilling [--quick] [-j N]``
"""

from __future__ import annotations

from functools import partial

import numba
import numpy as np
from numpy.typing import NDArray

from experiments.docking.dock import (
    RELATIONAL,
    Check,
    Docking,
    Options,
    best,
    mean_interval,
    options,
    relation,
    report,
    runs,
)
from experiments.docking.picture import BLUE, GREY, ORANGE, curve, drawn

SEED = 2010
GROUPS, GROUP, BELIEFS, BLOCK, LEARN = 40, 7, 100, 5, 0.3
LONGEST = 1000
BETAS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)


@numba.njit(cache=True, nogil=True)
def payoff(belief: NDArray[np.int8], reality: NDArray[np.int8], block: int) -> int:
    """Return the payoff of one person: `block` for each block that is right throughout."""
    total = 0
    for start in range(0, len(reality), block):
        right = True
        for j in range(start, start + block):
            right = right and belief[j] == reality[j]
        if right:
            total += block
    return total


@numba.njit(cache=True, nogil=True)
def organisation(
    rng: np.random.Generator,
    groups: int,
    group: int,
    dimensions: int,
    block: int,
    learn: float,
    beta: float,
    longest: int,
) -> tuple[float, float, float]:
    """Let people learn until nobody can; return mean payoff and share of distinct people at the end, and the periods taken.

    Parameters
    ----------
    rng
        The run's luck.
    groups, group
        Groups, and people in each; within groups all are tied at first.
    dimensions, block
        Beliefs, and how many pay only together.
    learn
        Chance per belief and period to take what the majority of better contacts believes.
    beta
        Chance that a tie is cut and moved from one of its people to somebody of another group.
    longest
        Periods at most.
    """
    people = groups * group
    tied = np.zeros((people, people), np.bool_)
    for i in range(people):
        for k in range(i + 1, people):
            if i // group == k // group:
                tied[i, k] = tied[k, i] = True
    for i in range(people):
        for k in range(i + 1, (i // group + 1) * group):
            if rng.random() < beta:
                stays = i if rng.random() < 0.5 else k
                far = stays
                while far // group == stays // group or tied[stays, far]:
                    far = int(rng.random() * people)
                tied[i, k] = tied[k, i] = False
                tied[stays, far] = tied[far, stays] = True
    reality = np.empty(dimensions, np.int8)
    for j in range(dimensions):
        reality[j] = 1 if rng.random() < 0.5 else -1
    belief = np.empty((people, dimensions), np.int8)
    for i in range(people):
        for j in range(dimensions):
            belief[i, j] = int(rng.random() * 3) - 1
    now = belief.copy()
    pay, votes = np.empty(people, np.int64), np.empty(dimensions, np.int64)
    period = 0
    while period < longest:
        period += 1
        for i in range(people):
            pay[i] = payoff(now[i], reality, block)
        apart = False
        for i in range(people):
            votes[:] = 0
            better = False
            for k in range(people):
                if tied[i, k] and pay[k] > pay[i]:
                    better = True
                    for j in range(dimensions):
                        votes[j] += now[k, j]
            if better:
                for j in range(dimensions):
                    if votes[j] != 0 and np.sign(votes[j]) != now[i, j]:
                        apart = True
                        if rng.random() < learn:
                            belief[i, j] = np.sign(votes[j])
        now[:] = belief
        if not apart:
            break
    total, distinct = 0.0, 0
    for i in range(people):
        total += payoff(now[i], reality, block) / dimensions
        new = True
        for k in range(i):
            same = True
            for j in range(dimensions):
                if now[k, j] != now[i, j]:
                    same = False
                    break
            if same:
                new = False
                break
        distinct += new
    return total / people, distinct / people, float(period)


def dock(how: Options) -> Docking:
    """Vary the share of ties that cross groups."""
    n = 40 if how.quick else 150
    found = Docking(
        "fang_lee_schilling",
        "Fang, Lee & Schilling (2010): semi-isolated groups",
        "C. Fang, J. Lee and M. A. Schilling, Balancing exploration and exploitation through structural design, Organization "
        "Science 21(3), 625-642, 2010.",
        "published shape only",
        SEED,
        n,
        (
            f"{GROUPS} groups of {GROUP}, all tied within; a tie that is moved keeps one of its two people, at random, and stays mutual.",
            f"Beliefs start uniform on -1, 0, 1; a block of {BLOCK} pays {BLOCK} if it is right throughout; payoff as a share of the most possible.",
            "Contacts with a higher payoff vote on each belief, zeros abstain, ties change nothing; beliefs jump to the majority.",
            f"The end: nobody differs from the majority of better contacts (at most {LONGEST} periods).",
        ),
    )
    cells = np.array(
        [
            runs(
                partial(
                    organisation,
                    groups=GROUPS,
                    group=GROUP,
                    dimensions=BELIEFS,
                    block=BLOCK,
                    learn=LEARN,
                    beta=b,
                    longest=LONGEST,
                ),
                n,
                SEED,
                k,
                how.workers,
            )
            for k, b in enumerate(BETAS)
        ]
    )
    pay = cells[:, :, 0]
    top, low, high = best(pay, BETAS, SEED)
    inside = low >= 0.05 and high <= 0.3
    found.checks.append(
        Check(
            "best share of crossing ties", RELATIONAL, inside, top, low, high, "bootstrap interval within .05 to .3", n
        )
    )
    peak = BETAS.index(top)
    found.checks.append(
        relation("payoff at the best beta less at beta = 1", pay[peak] - pay[-1], "above zero: it falls on the right")
    )
    found.checks.append(
        relation("payoff at the best beta less at beta = 0", pay[peak] - pay[0], "above zero: it rises on the left")
    )
    far = relation(
        "three quarters of the best payoff less payoff at beta = 0",
        0.75 * pay[peak] - pay[0],
        "above zero: beta = 0 far below",
    )
    found.checks.append(far)
    mean, half = mean_interval(cells, axis=1)
    found.tables["curves"] = {"beta": BETAS, "columns": ["payoff", "distinct", "periods"], "mean": mean, "half": half}
    found.lesson = (
        f"Payoff {mean[0, 0]:.3f} in isolated groups, {mean[peak, 0]:.3f} at beta = {top:g} (best between {low:g} and {high:g}), "
        f"{mean[-1, 0]:.3f} fully rewired."
    )
    draw(found, how)
    return found


def draw(found: Docking, how: Options) -> None:
    """Draw payoff, and the difference that is left."""
    t = found.tables["curves"]
    title = "Fang, Lee & Schilling (2010): a few ties across groups do best"
    subtitle = "Mean payoff of 280 people in 40 groups, as a share of the most possible, once nobody learns any more."
    rests = f"n = {found.n} runs a beta, seed {found.seed}; bars: 95 % intervals of means"
    with drawn(how.folder / found.name, title, subtitle, rests, height=3.3) as (left, right):
        left.axvspan(0.05, 0.3, color=GREY, alpha=0.12, linewidth=0, label="published peak lies here")
        curve(left, t["beta"], t["mean"][:, 0], t["half"][:, 0], BLUE, "payoff")
        left.set(xlabel="share of ties that cross groups, beta", ylabel="payoff at the end")
        left.legend()
        curve(right, t["beta"], t["mean"][:, 1], t["half"][:, 1], ORANGE, "")
        right.set(xlabel="share of ties that cross groups, beta", ylabel="share of distinct people at the end")


if __name__ == "__main__":
    report(dock, options(__doc__))
