"""C01: one misaligned part topples others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.claims.analyses.cascade import (
    DEPARTMENT,
    LAYERS,
    WEEK,
    department_loss,
    difference,
    reached,
    recovery,
    topple,
    with_shock,
)
from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Histogram, Line, Picture, Travel
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, bootstrap, paired, shares
from sim.measures.per_run import level, survived
from sim.state import default_dependencies

CLAIM = Claim(
    id="C01",
    title="One misaligned part topples others: a cascade",
    idea="Misalignment in one part of a small firm spreads to the others through hand-offs, load, mood, customers and money; "
    "cascades on networks of people with thresholds (Granovetter 1978; Watts 2002).",
    moved="operations turned by a right angle at week 52, or not",
    watched="people lost (misaligned or disengaged) outside operations, departments reached, satisfaction, churn, cash; "
    "weeks until each layer topples",
    expected="more lost than in the unshocked twin, in the order hand-offs, load, mood, customers, cash",
    design="400 pairs, default firm, 156 weeks; people counted 4 to 103 weeks after the turn; weeks after closing do not count",
    criterion="outside operations at least 5 % more of the people are lost, at least 0.1 more of the other four departments are "
    "reached, satisfaction falls by 0.02 and 4 weeks of cash are gone in the last year, and where two neighbouring layers both "
    "topple, the next one topples later (4 steps, each by a week or more on average)",
    remark="The cascade is real, but it travels through work and money rather than through conviction: hand-offs fail at once, the turned "
    "department falls behind, its mood breaks and the firm runs dry, while at a typical count only 2 % of the others are lost (13 % at the "
    "worst count; half of the firms lose nobody, some all). Cash topples before customers leave, not after: rework makes unpaid work from the "
    "first week, whereas customers judge by memory and stay for a year. Local rewards, rework, strain and ties between people are each "
    "needed; a moving market and the feedback of money on people are not.",
)
AFTER = (4, 8, 13, 20, 26, 39, 52, 65, 78, 91, 103)
LAST_YEAR = 104
SHOWN = range(WEEK - 4, WEEK + 79)


def lost(lab: Lab, n: int) -> tuple[Floats, Floats]:
    """Return the shares of people lost outside operations, with and without the turn, (runs, counts)."""
    weeks = [WEEK + w for w in AFTER]
    return lab.lost(with_shock(), n, weeks, DEPARTMENT), lab.lost({}, n, weeks, DEPARTMENT)


def headline(lab: Lab) -> Contrast:
    shocked, twin = lost(lab, lab.n(400, 60))
    return paired(
        "people lost outside operations", np.nanmean(shocked - twin, axis=1), 0, 0.05, unit="of the people there"
    )


def study(lab: Lab) -> Findings:
    n, first = lab.n(400, 60), headline(lab)
    a, b = lab.run(with_shock(), n, departments=True), lab.run({}, n, departments=True)
    weeks = {layer.name: topple(a, b, layer) for layer in LAYERS}
    arrived, back = reached(a, b), recovery(a, b)
    content = [level(x, "satisfaction", LAST_YEAR) for x in (a, b)]
    cash = [level(x, "cash", LAST_YEAR, closed=0.0) for x in (a, b)]
    churn = [level(x, "churn", LAST_YEAR) for x in (a, b)]
    core = [
        first,
        paired("other departments reached", arrived, 0, 0.1, unit="departments"),
        paired("satisfaction in the last year", content[0], content[1], 0.02, "falls"),
        paired("cash in the last year", cash[0], cash[1], 4.0, "falls", unit="weeks of cost"),
    ]
    for sooner, later in pairwise(LAYERS):
        name = f"{later.name} topples after {sooner.name}"
        core.append(paired(name, weeks[later.name], weeks[sooner.name], 1.0, unit="weeks"))
    size = np.nanmax(np.subtract(*lost(lab, n)), axis=1)
    also = (
        paired("people lost outside operations, worst count", size, 0, 0.05, unit="of the people there"),
        shares("firms that live to the end", survived(a), survived(b), 0.05, "falls"),
        paired("churn in the last year", churn[0], churn[1], 0.002, unit="per week"),
        bootstrap("weeks until coherence is back, where it comes back", lambda x: float(np.nanmean(x)), (back,), 1.0),
    )
    layers = [("alignment", -1), ("rework", 1), ("overload", 1), ("engagement", -1)]
    return Findings(
        core,
        f"Turning one department of five costs {100 * first.effect:.0f} % of the people in the other four, reaches "
        f"{arrived.mean():.1f} of these departments and closes {100 * (1 - survived(a).mean()):.0f} % of the firms within two "
        f"years (twins: {100 * (1 - survived(b).mean()):.0f} %).",
        Picture(
            "Operations turns away from the vision at week 0. What differs from the twin with the same luck is the turn's doing.",
            (
                Travel(
                    "How far each department falls behind its unshocked twin (means over pairs that live)",
                    a.department_names, DEPARTMENT, [w - WEEK for w in SHOWN],
                    [department_loss(a, b, name, SHOWN, sign) for name, sign in layers],
                    ("Alignment lost", "Rework added (share of work)", "Overload added", "Engagement lost"),
                    default_dependencies(len(a.department_names)).tolist(),
                ),
                Curves(
                    "When each layer topples", "weeks after the turn", "share of firms where it has toppled",
                    [Line(k, list(range(105)), [float(np.mean(w <= t)) for t in range(105)]) for k, w in weeks.items()],
                    y_limits=(0, 1.02),
                ),
                Histogram("How large cascades are", "share of people lost outside operations, beyond the twin, at the worst count", size.tolist()),
            ),
            note="A layer has toppled when for four weeks in a row it is worse than the twin's by: rework 0.02, worst overload 0.1, "
            "engagement 0.1, customers 0.1, cash 4 weeks of cost. Rings: darker departments lose more on average over the four layers; arrows: whose work builds on whose. "
            "Dots: the week in which a department passes a tenth of the darkest (colours: square-root scale).",
        ),
        also,
        data={
            "weeks to topple, median": {k: float(np.nanmedian(w)) for k, w in weeks.items() if np.isfinite(w).any()},
            "share of firms in which it topples": {k: float(np.isfinite(w).mean()) for k, w in weeks.items()},
            "cascade sizes, deciles": np.nanquantile(size, np.linspace(0, 1, 11)),
            "share that never regain coherence": float(np.isnan(back).mean()),
            "cash lost, mean, every quarter": np.nanmean(difference(a, b, "cash", -1)[:, WEEK:], axis=0)[::13],
        },
    )  # fmt: skip
