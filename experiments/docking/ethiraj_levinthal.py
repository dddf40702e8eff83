"""Ethiraj and Levinthal (2009): hoping for A to Z while rewarding only A.

A simple organisation decides N things that do not depend on each other, and pursues G goals at once. Each decision, in each
of its two states, contributes a uniform number to each goal. Local search proposes to turn one decision round. If only
changes that improve every goal are accepted, almost nothing is ever accepted; to pursue one goal and forget the others does better.

S. K. Ethiraj and D. Levinthal, "Hoping for A to Z while rewarding only A: complex organizations and multiple goals",
Organization Science 20(1), 4-21, 2009. Closed forms for the mean over goals: all must improve, 1/2 + (1/3) 2^-G;
one goal of G pursued, 1/2 + 1/(6 G).

Run: ``python -m experiments.docking.ethiraj_levinthal [--quick] [-j N]``
"""

from __future__ import annotations

from functools import partial

import numba
import numpy as np

from experiments.docking.dock import Docking, Options, equivalent, mean_interval, options, relation, report, runs
from experiments.docking.picture import BLUE, INK, ORANGE, curve, drawn

SEED = 2009
DECISIONS, PERIODS = 24, 600
GOALS = (1, 2, 3, 4, 5, 6, 8)
MARGIN = 0.003
"""Equivalence: a third of the least gap between the two policies where they differ (.0138 at G = 3, then .021 or more)."""


@numba.njit(cache=True, nogil=True)
def search(rng: np.random.Generator, decisions: int, goals: int, pursued: int, periods: int) -> tuple[float, float]:
    """Search locally; return the mean over goals and the first goal at the end.

    Parameters
    ----------
    rng
        The run's luck.
    decisions, goals
        N and G.
    pursued
        The first so many goals must all improve for a change to be accepted.
    periods
        Proposals: one decision each, drawn uniformly.
    """
    contribution = rng.random((decisions, 2, goals))
    state = np.empty(decisions, np.int64)
    for j in range(decisions):
        state[j] = 1 if rng.random() < 0.5 else 0
    for _ in range(periods):
        j = int(rng.random() * decisions)
        now, then = contribution[j, state[j]], contribution[j, 1 - state[j]]
        accepted = True
        for g in range(pursued):
            accepted = accepted and then[g] > now[g]
        if accepted:
            state[j] = 1 - state[j]
    total, first = 0.0, 0.0
    for j in range(decisions):
        total += np.mean(contribution[j, state[j]])
        first += contribution[j, state[j], 0]
    return total / decisions, first / decisions


def all_must_improve(goals: int) -> float:
    """Return the expected mean over goals where every goal must improve."""
    return 1 / 2 + 1 / 3 * 2.0**-goals


def one_pursued(goals: int) -> float:
    """Return the expected mean over goals where one of them is pursued."""
    return 1 / 2 + 1 / (6 * goals)


def dock(how: Options) -> Docking:
    """Compare both policies with their closed forms."""
    n = 3000 if how.quick else 10_000
    found = Docking(
        "ethiraj_levinthal",
        "Ethiraj & Levinthal (2009): many goals",
        "S. K. Ethiraj and D. Levinthal, Hoping for A to Z while rewarding only A, Organization Science 20(1), 4-21, 2009.",
        "closed forms, derived for independent decisions and uniform contributions",
        SEED,
        n,
        (
            f"{PERIODS} proposals of one decision each: every one of {DECISIONS} decisions is proposed (missed with chance 2e-10).",
            "Both states are drawn afresh per decision and goal; the start is random.",
        ),
    )
    table: dict[str, list[float]] = {"goals": list(GOALS)}
    cells = {}
    for row, (name, form) in enumerate((("all", all_must_improve), ("one", one_pursued))):
        for k, goals in enumerate(GOALS):
            pursued = goals if name == "all" else 1
            values = runs(
                partial(search, decisions=DECISIONS, goals=goals, pursued=pursued, periods=PERIODS),
                n,
                SEED,
                20 * row + k,
                how.workers,
            )
            cells[name, goals] = values[:, 0]
            policy = "every goal must improve" if name == "all" else "one goal pursued"
            found.checks.append(
                equivalent(
                    f"{policy}, G = {goals}: mean over goals", values[:, 0], form(goals), MARGIN, of="the closed form"
                )
            )
        means, halves = zip(*(mean_interval(cells[name, g]) for g in GOALS), strict=True)
        table |= {name: [float(m) for m in means], f"{name}_half": [float(h) for h in halves]}
        table[f"{name}_exact"] = [form(g) for g in GOALS]
    for goals in GOALS[2:]:
        gap = cells["one", goals] - cells["all", goals]
        found.checks.append(
            relation(f"G = {goals}: one goal pursued less all must improve", gap, "above zero from three goals on")
        )
    found.tables["curves"] = table
    found.lesson = (
        "With up to two goals it is all the same; from three on, an organisation that pursues one goal does better on the "
        "average of all than one that insists on improving every goal: with eight goals a policy of 'no goal may suffer' moves nothing."
    )
    draw(found, how)
    return found


def draw(found: Docking, how: Options) -> None:
    """Draw the two policies beside their closed forms."""
    t = found.tables["curves"]
    title = "Ethiraj & Levinthal (2009): insist on every goal and nothing moves"
    subtitle = (
        "Mean performance over G goals after local search over 24 independent decisions. Crosses: the closed forms."
    )
    rests = f"n = {found.n} runs a cell, seed {found.seed}; bars: 95 % intervals of means, narrower than the markers"
    with drawn(how.folder / found.name, title, subtitle, rests, columns=1, height=3.6) as (panel,):
        for name, colour, label in (("one", BLUE, "one goal pursued"), ("all", ORANGE, "every goal must improve")):
            curve(panel, t["goals"], t[name], t[f"{name}_half"], colour, label)
            panel.plot(
                t["goals"],
                t[f"{name}_exact"],
                "x",
                color=INK,
                markersize=8,
                label="closed form" if name == "all" else None,
            )
        panel.axhline(0.5, color=INK, linewidth=0.8, linestyle=":")
        panel.text(GOALS[0], 0.501, "a random start", ha="left", va="bottom", fontsize=8.5)
        panel.set(xlabel="goals G", ylabel="mean performance over all goals")
        panel.legend()


if __name__ == "__main__":
    report(dock, options(__doc__))
