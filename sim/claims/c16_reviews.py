"""C16: regular reviews with teeth keep a firm aligned."""

from __future__ import annotations

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Heat, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired
from sim.measures.curve_shape import hump
from sim.measures.per_run import at_end, level, survived

CLAIM = Claim(
    id="C16",
    title="Regular reviews with teeth keep a firm aligned",
    idea="Strategies are kept by reviews that change rewards, not by measuring alone (Simons 1995, interactive control; Kaplan & Norton 2008); feedback "
    "by itself often does nothing (Kluger & DeNisi 1996).",
    moved="review_every 2 to 52 weeks, or never x review_strength 0 to 1 x incentive 0.2 to 0.5",
    watched="coherence (weeks 52 to 155 that were lived), cash after 156 weeks (a closed firm has none)",
    expected="optimum cadence; reviews that measure but change nothing do nothing",
    design="300 firms at each level, paired; strength 0.5 unless moved; 7 cadences at 3 incentives, 5 strengths at every 13 weeks",
    criterion="reviews every 13 weeks bring 0.01 of coherence against none; the best cadence beats every 2 weeks and every 52 by 1 week of cost in cash (chosen and "
    "tested on different replicates); every 13 weeks at strength 0 coherence is the same within 0.005 and cash not better by 1 week; reviews bring at least 0.01 more "
    "coherence at incentive 0.5 than at 0.2, where there is less to repair",
    remark="Reviews with teeth do what is claimed, and toothless ones cost half a week of cost and change nothing. But they work by mistake: the default firm never falls below the "
    "target of 0.85, so every review that acts has misread coherence, and each realigns rewards that relapse by 2 % a week. With perfect monitoring reviews bring nothing at all and cost 0.3 weeks of cost; at incentive "
    "0.5, where one week in fifteen is below the target, 0.007 of coherence instead of 0.04 (150 firms). That is also why the best cadence is not in the middle but every 2 weeks: more reviews, more realignment, "
    "at two hundredths of a week each. Every week is 0.6 weeks of cost worse, less than the 1 that was to count. What is realigned is what local rewards spoil: 20 weeks of cost for a "
    "quarterly review at incentive 0.5 against 6 at the default, and nothing without such rewards.",
)
EVERY = (2, 4, 8, 13, 26, 52)
STRENGTH = (0.0, 0.25, 0.5, 0.75, 1.0)
INCENTIVE = (0.2, 0.35, 0.5)
START = 52


def of(lab: Lab, name: str, every: int, n: int, strength: float = 0.5, incentive: float = 0.35) -> Floats:
    """Return an outcome, run by run; every 0 weeks is never."""
    batch = lab.run(
        {"review.review_every": every, "review.review_strength": strength, "people.incentive": incentive}, n
    )
    if name == "alive":
        return survived(batch).astype(float)
    return at_end(batch, "cash", closed=0.0) if name == "cash" else level(batch, name, START)


def brought(lab: Lab, name: str, n: int, strength: float = 0.5, incentive: float = 0.35) -> Floats:
    """Return what a review every 13 weeks brings against none, run by run."""
    return of(lab, name, 13, n, strength, incentive) - of(lab, name, 0, n, 0.5, incentive)


def headline(lab: Lab) -> Contrast:
    return paired("coherence, a review every 13 weeks against none", brought(lab, "coherence", lab.n(300, 40)), 0, 0.01)


def study(lab: Lab) -> Findings:
    n = lab.n(300, 40)
    every = lab.either(EVERY, (2, 13, 52))
    cash = {
        i: np.column_stack([of(lab, "cash", e, n, incentive=i) for e in every]) for i in lab.either(INCENTIVE, (0.35,))
    }
    together = {
        i: np.column_stack([of(lab, "coherence", e, n, incentive=i) for e in every])
        for i in lab.either(INCENTIVE, (0.35,))
    }
    often, rarely = hump("cash, review every", every, cash[0.35], 1.0, unit="weeks of cost")
    where = "reviews that change nothing"
    more, less = (brought(lab, "coherence", n, incentive=i) for i in (0.5, 0.2))
    core = (
        headline(lab),
        often,
        rarely,
        paired("coherence, every 13 weeks", brought(lab, "coherence", n, 0.0), 0, 0.005, "same", where=where),
        paired("cash, every 13 weeks", brought(lab, "cash", n, 0.0), 0, 1.0, "not better", where, "weeks of cost"),
        paired("coherence brought by reviews, incentive 0.5 against 0.2", more, less, 0.01),
    )
    also = tuple(
        paired("cash, every 13 weeks against none", brought(lab, "cash", n, incentive=i), 0, 1.0, where=f"incentive {i:g}", unit="weeks of cost")
        for i in INCENTIVE
    )  # fmt: skip
    exact = lab.run(
        {"review.review_every": 13, "review.review_strength": 0.5, "review.monitoring": 1.0, "people.incentive": 0.35},
        n,
    )
    also += (paired("coherence, every 13 weeks against none", level(exact, "coherence", START), of(lab, "coherence", 0, n), 0.01, where="explored after the run: monitoring without error"),)  # fmt: skip
    weekly, second = (of(lab, "cash", e, n) for e in (1, 2))
    also += (paired("cash, every week against every 2", weekly, second, 1.0, where="explored after the run", unit="weeks of cost"),)  # fmt: skip
    strength = lab.either(STRENGTH, (0.0, 0.5))
    teeth = [np.column_stack([brought(lab, name, n, s) for s in strength]) for name in ("coherence", "cash")]
    none = {i: [float(np.nanmean(of(lab, k, 0, n, incentive=i))) for k in ("coherence", "cash")] for i in cash}
    m, incentives = lab.n(80, 8), lab.either((0.1, 0.2, 0.35, 0.5, 0.6), (0.2, 0.5))
    cells = [
        [float(np.mean(of(lab, "cash", e, m, incentive=i) - of(lab, "cash", 0, m, incentive=i))) for e in every]
        for i in incentives
    ]
    base, teethed, idle = none[0.35], of(lab, "coherence", 13, n), of(lab, "coherence", 13, n, 0.0)
    best = every[int(np.argmax(cash[0.35].mean(axis=0)))]
    return Findings(
        core,
        f"A quarterly review that moves rewards half of the way lifts coherence from {base[0]:.3f} to {np.nanmean(teethed):.3f}, one that only measures leaves it at "
        f"{np.nanmean(idle):.3f}; cash is most with one every {best} weeks, {cash[0.35].mean(axis=0).max():.0f} weeks of cost, against {base[1]:.0f} without.",
        Picture(
            "A review reads how far people row together; where too little, it moves what departments are paid for towards the vision. Weekly habits pull it back.",
            (
                Curves("Coherence", "weeks between reviews", "rowing together, weeks 52 to 155",
                       [Line.of(f"incentive {i:g}", every, v) for i, v in together.items()]
                       + [Line("no reviews, from the top in the same order" if i == min(none) else "_", every, [v[0]] * len(every), role="null") for i, v in none.items()], log_x=True, y_limits=(0.84, 0.96)),
                Curves("Cash after three years", "weeks between reviews", "weeks of cost",
                       [Line.of(f"incentive {i:g}", every, v) for i, v in cash.items()]
                       + [Line("no reviews, from the top in the same order" if i == min(none) else "_", every, [v[1]] * len(every), role="null") for i, v in none.items()], log_x=True, y_limits=(0, 60)),
                Curves("Teeth: a review every 13 weeks", "share of the way that rewards are moved", "coherence brought", [Line.of("incentive 0.35", strength, teeth[0])], zero=True),
                Heat("Cash brought by reviews", "weeks between reviews", "incentive", every, incentives, cells, "weeks of cost", high_is="signed", decimals=1),
            ),
            note="A closed firm counts as cash 0; coherence is that of the weeks lived. Dashed: firms without reviews.",
        ),
        also,
        data={"every": every, "cash": {str(i): v.mean(axis=0) for i, v in cash.items()}, "coherence": {str(i): np.nanmean(v, axis=0) for i, v in together.items()},
              "without reviews (coherence, cash)": {str(i): v for i, v in none.items()}, "strength": strength,
              "coherence brought": np.nanmean(teeth[0], axis=0), "cash brought by strength": np.nanmean(teeth[1], axis=0)},
    )  # fmt: skip
