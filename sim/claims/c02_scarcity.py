"""C02: scarcity amplifies a cascade, and not linearly."""

from __future__ import annotations

import numpy as np

from sim.claims.analyses.cascade import DEPARTMENT, WEEK, with_shock
from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Heat, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired
from sim.measures.per_run import average

CLAIM = Claim(
    id="C02",
    title="Scarcity amplifies a cascade, and not linearly",
    idea="A small firm has no slack with which to absorb a misaligned part, so that scarcity turns friction into collapse; "
    "slack as shock absorber (Cyert & March 1963; Bourgeois 1981), threat-rigidity (Staw, Sandelands & Dutton 1981).",
    moved="scarcity 0 to 1, and operations turned by a right angle at week 52 or not; clarity, incentive and contagion for the phase diagrams",
    watched="firms closed by the turn, people lost outside operations",
    expected="steepening loss; interaction above 0",
    design="300 pairs at each of 9 scarcities; 40 pairs in each cell of the phase diagrams; a pair is a turned firm and its twin at the same scarcity",
    criterion="the turn closes at least 0.1 more of the firms at scarcity 0.6 (where twins are healthy) than at 0.1, the upper half of this "
    "rise is steeper than the lower by at least 0.05 (0.1, 0.35, 0.6), and it costs at least 0.02 more of the people outside operations",
    remark="What scarcity amplifies is what money can no longer absorb, and steeply: from no firm at scarcity 0.1 to two thirds at 0.6. "
    "It does not make more people lose their way while their firm lives: scarce firms close before mood and belief have spread, and weeks after "
    "closing are not counted. Beyond 0.75 twins close as well, and a turn has nothing left to take. Without local rewards, rework or "
    "strain there is no toll at any scarcity; without a network of colleagues a quarter of the difference is left.",
)
SCARCITY = (0.0, 0.1, 0.2, 0.35, 0.5, 0.6, 0.7, 0.85, 1.0)
QUICK = (0.1, 0.35, 0.6)
AFTER = (8, 20, 39, 65, 103)


def toll(lab: Lab, changes: dict[str, object], n: int) -> tuple[Floats, Floats, Floats]:
    """Return what a turn costs, run by run: closings caused, people lost outside operations; and closings of the twin."""
    weeks = [WEEK + w for w in AFTER]
    turned, twin = lab.lost(with_shock(changes), n, weeks, DEPARTMENT), lab.lost(changes, n, weeks, DEPARTMENT)
    closed = [np.isnan(x[:, -1]).astype(float) for x in (turned, twin)]
    gap = turned - twin
    there = (~np.isnan(gap)).sum(axis=1)
    people = np.where(there > 0, np.nansum(gap, axis=1) / np.maximum(there, 1), np.nan)
    return closed[0] - closed[1], people, closed[1]


def headline(lab: Lab) -> Contrast:
    n = lab.n(300, 60)
    scarce, ample = toll(lab, {"scarcity": 0.6}, n)[0], toll(lab, {"scarcity": 0.1}, n)[0]
    return paired("closings by the turn, scarcity 0.6 against 0.1", scarce, ample, 0.1, unit="share of firms")


def diagram(
    lab: Lab, x: str, xs: tuple[float, ...], y: str, ys: tuple[float, ...], n: int
) -> tuple[list[list[float]], list[list[float]]]:
    """Return closings caused and people lost outside over two factors."""
    cells = [[toll(lab, {x: a, y: b}, n) for a in xs] for b in ys]
    return [[float(c[0].mean()) for c in row] for row in cells], [[average(c[1]) for c in row] for row in cells]


def study(lab: Lab) -> Findings:
    n = lab.n(300, 60)
    levels = lab.either(SCARCITY, QUICK)
    tolls = {s: toll(lab, {"scarcity": s}, n) for s in levels}
    low, middle, high = (tolls[s] for s in QUICK)
    core = (
        headline(lab),
        paired("steepening of closings by the turn (0.1, 0.35, 0.6)", high[0] - 2 * middle[0] + low[0], 0, 0.05),
        paired("people lost outside, scarcity 0.6 against 0.1", high[1], low[1], 0.02, unit="of the people there"),
    )
    m, small = lab.n(40, 6), (0.2, 0.6)
    scarcity, clarity = lab.either((0.1, 0.3, 0.5, 0.7, 0.9), small), lab.either((0.3, 0.5, 0.7, 0.85, 1.0), (0.4, 0.9))
    incentive, contagion = lab.either((0.0, 0.2, 0.35, 0.5, 0.65), small), lab.either((0.0, 0.4, 0.7, 1.0, 1.2), small)
    one = diagram(lab, "scarcity", scarcity, "founder.clarity", clarity, m)
    two = diagram(lab, "people.incentive", incentive, "mood.contagion", contagion, m)
    caused, twins = np.column_stack([tolls[s][0] for s in levels]), np.column_stack([tolls[s][2] for s in levels])
    people = np.column_stack([tolls[s][1] for s in levels])
    people[:, np.isfinite(people).sum(axis=0) < 30] = np.nan  # too few live long enough to be counted
    worst = levels[int(np.argmax(caused.mean(axis=0)))]
    return Findings(
        core,
        f"The same turned department closes {100 * low[0].mean():.0f} % more firms than would have closed anyway at scarcity 0.1, "
        f"{100 * middle[0].mean():.0f} % at 0.35 and {100 * high[0].mean():.0f} % at 0.6; the toll is greatest at scarcity {worst:g}.",
        Picture(
            "One department is turned at week 52. Ample firms absorb it; where slack, buffer and margin are short it takes the firm with it.",
            (
                Curves("The toll of one turned department", "scarcity", "share of firms closed in 156 weeks", [
                    Line.of("closed by the turn", levels, caused), Line.of("closed anyway (twins)", levels, twins, "base")]),
                Curves("People lost outside that department", "scarcity", "share of people, beyond the twin",
                       [Line.of("", levels, people)], zero=True),
                Heat("Closed by the turn: scarcity and clarity", "scarcity", "clarity", scarcity, clarity, one[0], "share of firms", (0, 1)),
                Heat("People lost outside: scarcity and clarity", "scarcity", "clarity", scarcity, clarity, one[1], "share of people"),
                Heat("Closed by the turn: incentive and contagion", "weight of local incentives", "contagion of mood", incentive, contagion, two[0], "share of firms", (0, 1)),
                Heat("People lost outside: incentive and contagion", "weight of local incentives", "contagion of mood", incentive, contagion, two[1], "share of people"),
            ),
            note="Closed by the turn: the turned firm's closings less those of its twins with the same luck; so it falls again where twins close anyway.",
        ),
        data={"scarcity": levels, "closed by the turn": caused.mean(axis=0), "twins closed": twins.mean(axis=0), "people lost outside": [average(column) for column in people.T]},
    )  # fmt: skip
