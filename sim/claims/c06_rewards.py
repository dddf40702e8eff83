"""C06: believing is not doing; local rewards pull people off a strategy that they understand."""

from __future__ import annotations

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Heat, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired
from sim.measures.per_run import average, level, survived

CLAIM = Claim(
    id="C06",
    title="Believing is not doing: local rewards pull people off a strategy that they understand",
    idea="On the folly of rewarding A while hoping for B (Kerr 1975); multitask incentives (Holmstrom & Milgrom 1991): departments "
    "that are paid for their own numbers row towards these, whatever they believe.",
    moved="incentive 0 to 0.8, goal_spread 0 to 1.5",
    watched="belief in the vision (cognitive) less acting on it (behavioural), agreement between departments, engagement",
    expected="the gap grows with incentive while beliefs stay aligned, until engagement breaks",
    design="300 firms at each of 7 incentives, paired; 60 in each cell with goal_spread; weeks 13 to 155 that were lived",
    criterion="from incentive 0 to 0.5 the gap between belief and action grows by 0.05 and departments agree less by 0.05, while belief falls by less "
    "than 0.05; at 0.8 engagement is at least 0.1 below and belief at least 0.05 below that at 0.35",
    remark="As claimed, and with a cliff that the claim does not mention: between a local weight of 0.5 and 0.6 firms go from mostly alive to mostly closed, "
    "because conflict, rework and strain feed each other. Only local rewards carry the gap: no other mechanism that is switched off takes any of it.",
)
INCENTIVE = (0.0, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8)
START = 13


def of(lab: Lab, name: str, incentive: float, n: int, spread: float | None = None) -> Floats:
    """Return an outcome, run by run; ``gap`` is belief less action."""
    changes = {"people.incentive": incentive} | ({} if spread is None else {"people.goal_spread": spread})
    batch = lab.run(changes, n)
    if name == "gap":
        return level(batch, "cognitive", START) - level(batch, "behavioural", START)
    return survived(batch).astype(float) if name == "alive" else level(batch, name, START)


def headline(lab: Lab) -> Contrast:
    n = lab.n(300, 60)
    return paired("belief less action, incentive 0.5 against 0", of(lab, "gap", 0.5, n), of(lab, "gap", 0.0, n), 0.05)


def study(lab: Lab) -> Findings:
    n = lab.n(300, 60)

    def between(words: str, name: str, high: float, low: float, smallest: float, expected: str) -> Contrast:
        a, b = of(lab, name, high, n), of(lab, name, low, n)
        return paired(f"{words}, incentive {high:g} against {low:g}", a, b, smallest, expected)  # type: ignore[arg-type]

    core = (
        headline(lab),
        between("departments agree", "between", 0.5, 0.0, 0.05, "falls"),
        between("belief", "cognitive", 0.5, 0.0, 0.05, "not worse"),
        between("engagement", "engagement", 0.8, 0.35, 0.1, "falls"),
        between("belief", "cognitive", 0.8, 0.35, 0.05, "falls"),
    )
    levels = lab.either(INCENTIVE, (0.0, 0.35, 0.5, 0.8))
    names = {"cognitive": "belief in the vision", "behavioural": "acting on it", "between": "departments agree"}
    mood = {"engagement": "engagement", "alive": "firms alive"}

    def lines(which: dict[str, str]) -> list[Line]:
        return [Line.of(v, levels, np.column_stack([of(lab, k, i, n) for i in levels])) for k, v in which.items()]

    spread = lab.either((0.0, 0.4, 0.8, 1.2, 1.5), (0.0, 0.8))
    m = lab.n(60, 10)
    cells = {k: [[average(of(lab, k, i, m, s)) for i in levels] for s in spread] for k in ("gap", "alive")}
    believed, acted = (float(of(lab, k, 0.5, n).mean()) for k in ("cognitive", "behavioural"))
    none = float(of(lab, "behavioural", 0.0, n).mean())
    return Findings(
        core,
        f"Where half of what people do is paid for locally they believe in the vision as before ({believed:.2f}) but act on it less ({acted:.2f}, "
        f"against {none:.2f} without local pay).",
        Picture(
            "People hear and share the vision, and row towards what their department is paid for.",
            (
                Curves("Belief holds, action gives way", "weight of local incentives", "cosine", lines(names)),
                Curves("Until mood breaks", "weight of local incentives", "engagement; share of firms", lines(mood), y_limits=(0, 1.04)),
                Heat("Belief less action", "weight of local incentives", "angle of local goals (radians)", levels, spread, cells["gap"], "cosine"),
                Heat("Firms alive after 156 weeks", "weight of local incentives", "angle of local goals (radians)", levels, spread, cells["alive"], "share", (0, 1), "good"),
            ),
        ),
        data={"incentive": levels, **{k: [average(of(lab, k, i, n)) for i in levels] for k in (*names, *mood, "gap")}},
    )  # fmt: skip
