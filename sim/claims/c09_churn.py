"""C09: sales paid to close, service paid to save; churn eats growth."""

from __future__ import annotations

import math

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired, shares
from sim.measures.per_run import at_end, level, survived
from sim.scenario.model import DEPARTMENTS

CLAIM = Claim(
    id="C09",
    title="Sales paid to close, service paid to save: churn eats growth",
    idea="What is promised and not delivered is the gap that customers leave for (Parasuraman, Zeithaml & Berry 1985); keeping customers is worth more than winning "
    "them (Reichheld & Sasser 1990).",
    moved="goals of the promising departments (marketing, sales) and of the delivering ones (operations, service) turned apart by 0 to 1.6 radians, "
    "each 0.8 radians (the default goal_spread) from the vision; support is paid for the vision",
    watched="customers won in the first 13 weeks, churn and weeks that a customer is worth (weeks 52 to 155), customers after 156 weeks (a closed firm has none)",
    expected="early gain or none, later loss",
    design="300 firms at each of 5 angles between the goals, paired; besides, sales paid for what the market wants and service 1.6 radians off it, against both paid for the "
    "direction half-way",
    criterion="goals 1.6 radians apart against together: churn rises by 0.002 per week (a tenth), a customer is worth at least 5 weeks of cost less (a tenth) and "
    "the firm ends with at least 0.05 fewer customers; with sales on the market and service 1.6 off it, against both half-way, no fewer "
    "customers are won in the first 13 weeks (by 0.001 per week, a thirtieth) and at least 0.05 fewer are there at the end",
    remark="Churn eats growth before it grows: sales that promise what the market wants win 0.0008 more customers a week, but service that is paid for something else "
    "loses more than these from the first week, so that even in the first quarter there are 0.01 fewer. The loss comes in two sizes. Where both goals are equally far from the vision, only the "
    "gap and the rework between sales and service cost: a customer is worth a fifth less and cash is 9 weeks of cost lower after three years, but the number of customers "
    "stays, because newcomers queue for what the firm can serve. Where service alone is 1.6 off, hand-offs, mood and delivery suffer too and four of five firms close. Local rewards carry all of it: at "
    "incentive 0.2 even that firm keeps its customers.",
)
ANGLE = 0.8
APART = (0.0, 0.4, 0.8, 1.2, 1.6)
LATER = 52


def goals(promise: tuple[float, float, float], deliver: tuple[float, float, float]) -> dict[str, object]:
    """Return departments with goals on the first three axes; the vision is (1, 0, 0)."""

    def weights(x: tuple[float, float, float]) -> dict[str, float]:
        return dict(zip(("premium", "careful", "niche"), x, strict=True))

    by_role = {"promise": weights(promise), "deliver": weights(deliver), "support": weights((1.0, 0.0, 0.0))}
    return {"departments": [{"name": d.name, "role": d.role, "goal": by_role[d.role]} for d in DEPARTMENTS]}


def apart(angle: float) -> dict[str, object]:
    """Return goals at an angle from each other and both at `ANGLE` from the vision, on a cone around it."""
    c, s = math.cos(ANGLE), math.sin(ANGLE)
    half = 0.5 * math.acos(max(-1.0, (math.cos(angle) - c * c) / (s * s)))
    return goals((c, s * math.cos(half), s * math.sin(half)), (c, s * math.cos(half), -s * math.sin(half)))


CLOSE_AND_SAVE = goals((1.0, 0.0, 0.0), (math.cos(2 * ANGLE), math.sin(2 * ANGLE), 0.0))
"""Sales paid for the vision, which is what the market wants at first, service for something else."""
HALF_WAY = goals((math.cos(ANGLE), math.sin(ANGLE), 0.0), (math.cos(ANGLE), math.sin(ANGLE), 0.0))
"""Both paid for the direction between the two: as far from each other as 0, on average as far from the vision."""

LESS: dict[str, object] = {"people.incentive": 0.2}


def of(lab: Lab, name: str, changes: dict[str, object], n: int) -> Floats:
    """Return an outcome, run by run."""
    batch = lab.run(changes, n)
    if name == "worth":
        # Weeks that a customer stays, times what the firm earns with one in a week.
        per_week = level(batch, "revenue", LATER) / level(batch, "customers", LATER)
        return per_week / level(batch, "churn", LATER)
    if name == "early":
        return level(batch, "newcomers", 0, 13)
    return at_end(batch, "customers", closed=0.0) if name == "customers" else level(batch, name, LATER)


def headline(lab: Lab) -> Contrast:
    n = lab.n(300, 60)
    far, near = (of(lab, "churn", apart(a), n) for a in (1.6, 0.0))
    return paired("churn, goals 1.6 radians apart against together", far, near, 0.002, unit="per week")


def study(lab: Lab) -> Findings:
    n = lab.n(300, 60)
    far, near = apart(1.6), apart(0.0)
    name, close = "goals 1.6 apart against together", "sales on the market, service off it"
    core = (
        headline(lab),
        paired(f"worth of a customer, {name}", of(lab, "worth", far, n), of(lab, "worth", near, n), 5.0, "falls", unit="weeks of cost"),
        paired(f"customers at the end, {name}", of(lab, "customers", far, n), of(lab, "customers", near, n), 0.05, "falls"),
        paired("customers won in 13 weeks", of(lab, "early", CLOSE_AND_SAVE, n), of(lab, "early", HALF_WAY, n), 0.001, "not worse", where=close, unit="per week"),
        paired("customers at the end", of(lab, "customers", CLOSE_AND_SAVE, n), of(lab, "customers", HALF_WAY, n), 0.05, "falls", where=close),
    )  # fmt: skip
    also = (
        shares(f"firms alive, {name}", survived(lab.run(far, n)), survived(lab.run(near, n)), 0.05, "falls"),
        shares("firms alive", survived(lab.run(CLOSE_AND_SAVE, n)), survived(lab.run(HALF_WAY, n)), 0.05, "falls", where=close),
        paired("customers won in 13 weeks, is it more?", of(lab, "early", CLOSE_AND_SAVE, n), of(lab, "early", HALF_WAY, n), 0.001, where=close, unit="per week"),
        paired("churn", of(lab, "churn", CLOSE_AND_SAVE, n), of(lab, "churn", HALF_WAY, n), 0.002, where=close, unit="per week"),
        paired("worth of a customer", of(lab, "worth", CLOSE_AND_SAVE, n), of(lab, "worth", HALF_WAY, n), 5.0, "falls", where=close, unit="weeks of cost"),
        paired("customers, mean of 13 weeks", level(lab.run(CLOSE_AND_SAVE, n), "customers", 0, 13), level(lab.run(HALF_WAY, n), "customers", 0, 13), 0.005, where=close),
        paired(f"cash at the end, {name}", at_end(lab.run(far, n), "cash", 0.0), at_end(lab.run(near, n), "cash", 0.0), 1.0, "falls", unit="weeks of cost"),
        paired(f"rework, {name}", of(lab, "rework", far, n), of(lab, "rework", near, n), 0.01),
        paired("customers at the end", of(lab, "customers", {**CLOSE_AND_SAVE, **LESS}, n), of(lab, "customers", {**HALF_WAY, **LESS}, n), 0.05, "falls", where=f"explored after the run: {close}, incentive 0.2"),
    )  # fmt: skip
    angles, weeks = lab.either(APART, (0.0, 1.6)), list(range(0, 156, 3))
    keys = ("churn", "worth", "customers", "alive")
    table = {k: np.column_stack([of(lab, k, apart(a), n) for a in angles]) for k in keys[:3]}
    table["alive"] = np.column_stack([survived(lab.run(apart(a), n)) for a in angles])
    two = {"apart": CLOSE_AND_SAVE, "both half-way": HALF_WAY}

    def weekly(series: str, closed: float) -> list[Line]:
        found = {words: lab.run(changes, n).of(series)[:, weeks] for words, changes in two.items()}
        return [Line.of(w, weeks, v if math.isnan(closed) else np.nan_to_num(v, nan=closed)) for w, v in found.items()]

    churn, worth = ([float(np.nanmean(of(lab, k, c, n))) for c in (near, far)] for k in ("churn", "worth"))
    open_ = [float(survived(lab.run(c, n)).mean()) for c in (CLOSE_AND_SAVE, HALF_WAY)]
    across = "angle between the goals (radians)"
    return Findings(
        core,
        f"Where sales and service are paid for goals 1.6 radians apart instead of the same one, {100 * churn[1]:.1f} % instead of {100 * churn[0]:.1f} % of the customers leave "
        f"each week, a customer is worth {worth[1]:.0f} instead of {worth[0]:.0f} weeks of cost, and the number of customers stays. "
        f"Where sales promise what the market wants and service is paid for something else, {100 * open_[0]:.0f} % of the firms live three years, against {100 * open_[1]:.0f} % where "
        f"both are paid for the direction half-way.",
        Picture(
            "Top: goals equally far from the vision; only the angle between what is promised and what is delivered differs. "
            "Bottom: sales promise what the market wants and service goes elsewhere (apart), or both go half-way.",
            (
                Curves("Customers lost", across, "share per week, weeks 52 to 155", [Line.of("churn", angles, table["churn"])]),
                Curves("Worth of a customer", across, "weeks of cost", [Line.of("revenue while one stays", angles, table["worth"])]),
                Curves("After three years", across, "share of firms; of first customers", [Line.of("firms alive", angles, table["alive"]), Line.of("customers", angles, table["customers"])], zero=True),
                Curves("Customers won", "week", "share of first customers, per week", weekly("newcomers", math.nan)),
                Curves("Customers lost", "week", "share per week", weekly("churn", math.nan)),
                Curves("Customers", "week", "first customers = 1", weekly("customers", 0.0)),
            ),
            columns=3,
            note="A closed firm has no customers; weekly rates and worth are those of the weeks that were lived.",
        ),
        also,
        data={"angle between goals": angles, **{k: np.nanmean(v, axis=0) for k, v in table.items()}},
    )  # fmt: skip
