"""C08: over-communicating beats under-communicating, but meetings cost."""

from __future__ import annotations

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired
from sim.measures.curve_shape import hump, top_moves
from sim.measures.per_run import at_end, level

CLAIM = Claim(
    id="C08",
    title="Over-communicating beats under-communicating, but meetings cost",
    idea="Leaders under-communicate their vision by a factor of ten (Kotter 1995); time spent in meetings is not spent on work "
    "(coordination costs: Becker & Murphy 1992).",
    moved="cadence 1 to 52 weeks between broadcasts x meeting_cost 0 to 0.1",
    watched="thrust, cash after 156 weeks (a closed firm has none of either)",
    expected="optimum at neither end",
    design="300 firms at each of 7 x 4 levels, paired",
    criterion="at the default meeting cost the best cadence beats every week and every 52 weeks by 1 week of cost in cash (chosen and tested on different "
    "replicates), every week beats every 52 weeks by 1 week of cost in cash and by 0.02 in thrust, and with meetings three times as dear "
    "(0.06) the best cadence is rarer by half a doubling",
    remark="Over-communication does buy thrust, but only 0.016 of it, and that is not worth the hours: the more often the founder speaks, the less cash at any "
    "price of a meeting, and there is no best cadence in the middle. Colleagues do the telling: without a network of people the sign turns, and every week "
    "beats every year by 7 weeks of cost. With a clarity of 0.7 each broadcast also carries noise of its own. Firms are founded aligned here, which "
    "favours silence; C18 and C24 look at firms that are large or newly joined.",
)
CADENCE = (1, 2, 4, 8, 13, 26, 52)
COST = (0.0, 0.02, 0.06, 0.1)
LOG = tuple(float(np.log2(c)) for c in CADENCE)


def of(lab: Lab, name: str, n: int, cost: float = 0.02) -> Floats:
    """Return an outcome by cadence, (runs, cadences)."""
    batches = [lab.run({"founder.cadence": c, "work.meeting_cost": cost}, n) for c in CADENCE]
    if name == "cash":
        return np.column_stack([at_end(b, "cash", closed=0.0) for b in batches])
    return np.column_stack([level(b, name, 26, closed=0.0) for b in batches])


def headline(lab: Lab) -> Contrast:
    cash = of(lab, "cash", lab.n(300, 60))
    return paired("cash, every week against every 52 weeks", cash[:, 0], cash[:, -1], 1.0, unit="weeks of cost")


def study(lab: Lab) -> Findings:
    n = lab.n(300, 60)
    cash = {c: of(lab, "cash", n, c) for c in lab.either(COST, (0.02, 0.06))}
    thrust = {c: of(lab, "thrust", n, c) for c in lab.either(COST, (0.02,))}
    often, rarely = hump("cash, cadence", CADENCE, cash[0.02], 1.0, unit="weeks of cost")
    core = (
        headline(lab),
        often,
        rarely,
        paired("thrust, every week against every 52 weeks", thrust[0.02][:, 0], thrust[0.02][:, -1], 0.02),
        top_moves("best cadence, meeting cost 0.06 against 0.02", LOG, cash[0.06], cash[0.02], 0.5, unit="doublings"),
    )
    mean = cash[0.02].mean(axis=0)
    best = CADENCE[int(np.argmax(mean))]
    return Findings(
        core,
        f"Told every week a firm ends with {mean[0]:.0f} weeks of cost in cash, told once a year with {mean[-1]:.0f}; the most, {mean.max():.0f}, where it is "
        f"told every {best} weeks.",
        Picture(
            "Every broadcast is heard by all, and costs all of them the same time.",
            (
                Curves("Cash after 156 weeks", "weeks between broadcasts", "weeks of cost", [Line.of(f"a meeting takes {100 * c:g} % of a week", CADENCE, v) for c, v in cash.items()], log_x=True),
                Curves("Thrust", "weeks between broadcasts", "thrust, weeks 26 to 155", [Line.of(f"a meeting takes {100 * c:g} % of a week", CADENCE, v) for c, v in thrust.items()], log_x=True),
            ),
            note="A closed firm counts as cash 0 and thrust 0.",
        ),
        data={"cadence": CADENCE, "cash": {str(c): v.mean(axis=0) for c, v in cash.items()}, "thrust": {str(c): v.mean(axis=0) for c, v in thrust.items()}},
    )  # fmt: skip
