"""C10: saying yes to everything dilutes focus."""

from __future__ import annotations

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Heat, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired, shares
from sim.measures.per_run import level, lifetime, survived, total

CLAIM = Claim(
    id="C10",
    title="Saying yes to everything dilutes focus",
    idea="The essence of strategy is choosing what not to do (Porter 1996); who is short of money looks at what is in front of them and "
    "borrows from the future (Mullainathan & Shafir 2013).",
    moved="discipline 0 to 1 x opportunity_rate 0.02 to 0.2 (0.1 unless moved: opportunities are off by default) x scarcity 0.2 to 0.8",
    watched="cash after 13 and after 156 weeks (a closed firm has none), delivered coherence, opportunities taken per year lived, survival",
    expected="short gain, long loss; scarce firms say yes more",
    design="300 firms at each of 6 disciplines, paired; at scarcity 0.2 and 0.8 three disciplines; 60 firms in each cell of the diagram",
    criterion="discipline 0 against 1: cash after 13 weeks rises by 0.25 weeks of cost (half of one payoff), after 156 weeks falls by 2, delivered coherence (all "
    "weeks lived) falls by 0.01; at the default discipline of 0.8 a firm at scarcity 0.8 takes at least 0.25 more opportunities a year than one at 0.2, and saying yes "
    "costs at least 0.05 more firms at scarcity 0.8 than at 0.2",
    remark="There is no short gain at the default payoff: a side job pays half a week of cost, but work is paid when the last department has finished, and the distracted one is late. In the "
    "first year work paid is over a quarter less and rework nearly doubles. Payoffs without the distraction would bring 6 weeks of cost in three years (tried with 150 firms). At a payoff of 3, the upper end of "
    "its range, the first quarter gains 0.5 and the three years lose 40. Scarce firms do say yes more, over twice as often, and two a year even with "
    "full discipline, for stress undoes it. That saying yes closes fewer scarce firms than ample ones is a floor: at scarcity 0.8 six of seven close even with full discipline.",
)
DISCIPLINE = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
RATE = (0.02, 0.05, 0.1, 0.15, 0.2)
SCARCITY = (0.2, 0.5, 0.8)
PAYOFF, YEAR = 0.5, 52


def changes(discipline: float, scarcity: float = 0.5, rate: float = 0.1) -> dict[str, float]:
    return {"work.discipline": discipline, "work.opportunity_rate": rate, "scarcity": scarcity}


def cash(lab: Lab, n: int, discipline: float, week: int = 156, scarcity: float = 0.5, rate: float = 0.1) -> Floats:
    """Return cash after so many weeks, run by run."""
    return np.nan_to_num(lab.run(changes(discipline, scarcity, rate), n).of("cash")[:, week - 1], nan=0.0)


def taken(lab: Lab, n: int, discipline: float, scarcity: float) -> Floats:
    """Return the opportunities taken per year lived, run by run."""
    batch = lab.run(changes(discipline, scarcity), n)
    return total(batch, "other") / PAYOFF / lifetime(batch) * YEAR


def alive(lab: Lab, n: int, discipline: float, scarcity: float) -> Floats:
    """Return whether each firm lives to the end, run by run."""
    return survived(lab.run(changes(discipline, scarcity), n)).astype(float)


def killed(lab: Lab, n: int, scarcity: float) -> Floats:
    """Return whether a firm closes by saying yes, less whether it is saved by it, run by run."""
    return alive(lab, n, 1.0, scarcity) - alive(lab, n, 0.0, scarcity)


def headline(lab: Lab) -> Contrast:
    n = lab.n(300, 40)
    yes, no = (cash(lab, n, d) for d in (0.0, 1.0))
    return paired("cash after 156 weeks, yes to all against none", yes, no, 2.0, "falls", unit="weeks of cost")


def study(lab: Lab) -> Findings:
    n, m = lab.n(300, 40), lab.n(60, 8)
    yes, no = (lab.run(changes(d), n) for d in (0.0, 1.0))
    core = (
        headline(lab),
        paired(
            "cash after 13 weeks, yes to all against none",
            cash(lab, n, 0.0, 13),
            cash(lab, n, 1.0, 13),
            0.25,
            unit="weeks of cost",
        ),
        paired(
            "delivered coherence, yes to all against none",
            level(yes, "delivered"),
            level(no, "delivered"),
            0.01,
            "falls",
        ),
        paired(
            "opportunities taken, scarcity 0.8 against 0.2",
            taken(lab, n, 0.8, 0.8),
            taken(lab, n, 0.8, 0.2),
            0.25,
            unit="per year",
        ),
        paired(
            "closed by saying yes, scarcity 0.8 against 0.2",
            killed(lab, n, 0.8),
            killed(lab, n, 0.2),
            0.05,
            unit="share of firms",
        ),
    )
    also = [
        shares("firms alive, yes to all against none", alive(lab, n, 0.0, s), alive(lab, n, 1.0, s), 0.05, "falls", f"scarcity {s:g}")
        for s in SCARCITY
    ]  # fmt: skip
    where = "explored after the run: payoff 3, the upper end of its range"
    rich = [np.nan_to_num(lab.run({**changes(d), "work.payoff": 3.0}, n).of("cash"), nan=0.0) for d in (0.0, 1.0)]
    quarter, end = (rich[0][:, week - 1] - rich[1][:, week - 1] for week in (13, 156))
    name, first_year = "{}, yes to all against none", "first year"
    worked, redone = ([level(x, k, 0, YEAR) for x in (yes, no)] for k in ("throughput", "rework"))
    also += [
        paired(name.format("cash after 13 weeks"), quarter, 0, 0.25, "rises", where, "weeks of cost"),
        paired(name.format("cash after 156 weeks"), end, 0, 2.0, "falls", where, "weeks of cost"),
        paired(name.format("work paid"), worked[0], worked[1], 0.02, "falls", first_year),
        paired(name.format("rework"), redone[0], redone[1], 0.01, "rises", first_year),
    ]
    levels, scarcity = lab.either(DISCIPLINE, (0.0, 0.8, 1.0)), lab.either(SCARCITY, (0.2, 0.8))
    rates = lab.either(RATE, (0.02, 0.2))
    weeks = list(range(0, 156, 4))

    def gained(discipline: float) -> Floats:
        a, b = (lab.run(changes(d), n).of("cash")[:, weeks] for d in (discipline, 1.0))
        return np.where(np.isnan(a), 0.0, a) - np.where(np.isnan(b), 0.0, b)

    drawn = {s: np.column_stack([taken(lab, n, d, s) for d in (0.0, 0.8, 1.0)]) for s in scarcity}
    lives = {s: np.column_stack([alive(lab, n, d, s) for d in (0.0, 0.8, 1.0)]) for s in scarcity}
    cells = [[float(np.mean(cash(lab, m, d, rate=r) - cash(lab, m, 1.0, rate=r))) for d in levels[:-1]] for r in rates]
    ends = [float(cash(lab, n, d).mean()) for d in (0.0, 1.0)]
    few, many = (float(taken(lab, n, 0.8, s).mean()) for s in (0.2, 0.8))
    return Findings(
        core,
        f"A firm that takes every side job on offer has {core[1].effect:+.1f} weeks of cost in cash after a quarter, compared with one that takes none, and "
        f"{ends[0]:.0f} instead of {ends[1]:.0f} after three years ({100 * survived(yes).mean():.0f} % instead of {100 * survived(no).mean():.0f} % are still open). At the same discipline a scarce firm takes {many:.1f} a year and an ample one {few:.1f}.",
        Picture(
            "Every side job pays half a week of cost at once, and takes a department's mind off the strategy for a quarter of a year.",
            (
                Curves("Cash gained by saying yes", "week", "weeks of cost, against discipline 1",
                       [Line.of(f"discipline {d:g}", weeks, gained(d)) for d in lab.either((0.0, 0.4, 0.8), (0.0,))], zero=True),
                Curves("Who says yes", "discipline", "side jobs taken per year lived", [Line.of(f"scarcity {s:g}", (0.0, 0.8, 1.0), v) for s, v in drawn.items()]),
                Curves("Firms alive after three years", "discipline", "share of firms", [Line.of(f"scarcity {s:g}", (0.0, 0.8, 1.0), v) for s, v in lives.items()], y_limits=(0, 1.04)),
                Heat("Cash after three years gained by saying yes", "discipline", "opportunities per week", levels[:-1], rates, cells, "weeks of cost, against discipline 1", high_is="signed", decimals=1),
            ),
            note="A closed firm counts as cash 0. About five opportunities a year come along at the rate of 0.1 per week; a department takes one at a time.",
        ),
        also,
        data={"discipline": levels, "cash after 156 weeks": [float(cash(lab, n, d).mean()) for d in levels],
              "taken per year": {str(s): v.mean(axis=0) for s, v in drawn.items()}, "alive": {str(s): v.mean(axis=0) for s, v in lives.items()}},
    )  # fmt: skip
