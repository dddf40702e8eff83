"""C03: small firms are hit disproportionately."""

from __future__ import annotations

import numpy as np

from sim.claims.analyses.cascade import WEEK, with_shock
from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Line, Picture
from sim.claims.laboratory import Lab
from sim.claims.null_models import ruin
from sim.measures.contrast import Contrast, Floats, bootstrap, paired
from sim.measures.curve_shape import slope
from sim.measures.per_run import level, survived

CLAIM = Claim(
    id="C03",
    title="Small firms are hit disproportionately",
    idea="In a firm of five one misaligned person is a fifth of the firm and a neighbour of everybody; liability of smallness "
    "(Freeman, Carroll & Hannan 1983), and fewer compartments that stop a cascade (Simon 1962).",
    moved="headcount 5 to 320 x one person turned by a right angle at week 52, and x operations turned (a fifth of the people at any size)",
    watched="thrust lost in the half-year after, against the twin; firms closed by the turned department",
    expected="one person's damage falls faster than 1/n; the toll of a turned fifth is larger in small firms, beyond the null model",
    design="400 pairs (5 to 20 people), 200 (40), 100 (80 and more); weeks after closing count as no thrust",
    criterion="the log-log slope of thrust lost on headcount (5 to 80) is below -1 by at least 0.1; the turned department closes at least 0.05 more "
    "firms of 10 than of 160; this exceeds by 0.05 what cash doing a random walk with the same drift and with a spread that falls as "
    "1/sqrt(n) would give (MODEL.md's ruin formula, drift and spread measured at 160)",
    remark="One person's damage does fall faster than 1/n, because colleagues and redundant work absorb one dissenter in a firm of 20 or more and not "
    "in a firm of 5 to 10, where that person is a whole department or half of one. A turned department is another matter: it closes more large firms "
    "than small ones, the reverse of the claim. In a firm of 5 it is one person, who hears the founder and nobody who agrees; in a firm of "
    "160 it is 32 people who mostly hear and comfort each other, a compartment that keeps its own belief and mood. From 20 people on the toll no longer "
    "depends on size. The random walk of cash says the opposite of both and explains neither.",
)
SIZES = (5, 10, 20, 40, 80)
HALF_YEAR = (WEEK, WEEK + 26)
ONE: dict[str, object] = {"kind": "people_turned", "week": WEEK, "people": 1, "angle": 1.5708}


def replicates(lab: Lab, size: int) -> int:
    return lab.n(400 if size <= 20 else 200 if size <= 40 else 100, 60 if size <= 20 else 24)


def damage(lab: Lab, size: int) -> Floats:
    """Return the thrust that one turned person costs, run by run."""
    n = replicates(lab, size)
    base = {"headcount": size}
    turned, twin = lab.run({**base, "events": [ONE]}, n), lab.run(base, n)
    return level(twin, "thrust", *HALF_YEAR, closed=0) - level(turned, "thrust", *HALF_YEAR, closed=0)


def power(*damages: Floats) -> float:
    return slope(SIZES, [float(d.mean()) for d in damages]) + 1


def headline(lab: Lab) -> Contrast:
    n = replicates(lab, SIZES[-1])
    return bootstrap(
        "power of headcount in one person's damage, beyond -1",
        power,
        tuple(damage(lab, s)[:n] for s in SIZES),
        0.1,
        "falls",
    )


def closings(lab: Lab, size: int) -> tuple[Floats, Floats]:
    """Return whether a turned department closes the firm, less the twin, run by run; and the turned firms' weekly cash changes."""
    n, base = replicates(lab, size), {"headcount": size}
    turned, twin = lab.run(with_shock(base), n), lab.run(base, n)
    return survived(twin).astype(float) - survived(turned), np.diff(turned.of("cash")[:, WEEK:], axis=1)


def study(lab: Lab) -> Findings:
    sizes = lab.either((*SIZES, 160, 320), (5, 10, 160))
    damages = [damage(lab, s) for s in SIZES]
    tolls = {s: closings(lab, s) for s in sizes}
    small, large = tolls[10][0], tolls[160][0]
    changes = tolls[160][1]
    week = np.nanmean(changes, axis=0)
    start = float(np.nanmean(lab.run({"headcount": 160}, replicates(lab, 160)).of("cash")[:, WEEK - 1]))
    drift, spread = float(week.mean()), float(np.nanstd(changes - week))
    null = [ruin(start, drift, spread * np.sqrt(160 / s), 104) for s in sizes]
    excess = null[sizes.index(10)] - null[sizes.index(160)]
    shared = min(len(small), len(large))
    core = (
        headline(lab),
        paired(
            "closings by a turned department, 10 against 160 people",
            small[:shared],
            large[:shared],
            0.05,
            unit="share of firms",
        ),
    )
    beyond = paired(
        "closings, 10 against 160 people, beyond the random walk of cash",
        small[:shared] - large[:shared],
        excess,
        0.05,
        unit="share of firms",
    )
    wide = max(len(d) for d in damages)
    together = np.column_stack([np.pad(d, (0, wide - len(d)), constant_values=np.nan) for d in damages])
    first = together.mean(where=~np.isnan(together), axis=0)
    toll = np.column_stack([np.pad(tolls[s][0], (0, wide - len(tolls[s][0])), constant_values=np.nan) for s in sizes])
    per_head = together * np.asarray(SIZES)
    return Findings(
        core,
        f"One turned person costs a firm of 5 {100 * first[0]:.1f} points of thrust and a firm of 80 {100 * first[-1]:.2f}: damage falls as "
        f"headcount to the power {core[0].effect - 1:.2f}. A turned department closes {100 * np.mean(small):.0f} % of firms of 10 and "
        f"{100 * np.mean(large):.0f} % of firms of 160.",
        Picture(
            "Left: one person turns away. Right: a fifth of the people do. Would damage fall as 1/n, the left curves were the dashed lines.",
            (
                Curves("Thrust lost to one turned person", "people in the firm", "thrust lost in half a year", [
                    Line.of("measured", SIZES, together),
                    Line("1/n", SIZES, [float(first[0] * SIZES[0] / s) for s in SIZES], role="null")], log_x=True),
                Curves("The same, times headcount", "people in the firm", "thrust lost x people", [
                    Line.of("measured", SIZES, per_head),
                    Line("1/n", SIZES, [float(first[0] * SIZES[0])] * len(SIZES), role="null")], log_x=True, zero=True),
                Curves("Closed by a turned department", "people in the firm", "share of firms, beyond the twins", [
                    Line.of("measured", sizes, toll), Line("random walk of cash", sizes, null, role="null")], log_x=True, zero=True),
            ),
            columns=3,
        ),
        nulls=(beyond,),
        data={"sizes": SIZES, "thrust lost to one": first, "toll sizes": sizes, "closed by a turned department": np.nanmean(toll, axis=0),
              "null": null, "drift": drift, "spread at 160": spread, "cash at the turn": start},
    )  # fmt: skip
