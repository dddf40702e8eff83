"""C11: automation amplifies what it finds."""

from __future__ import annotations

import numpy as np

from sim.claims.analyses.cascade import WEEK
from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Line, Picture
from sim.claims.laboratory import Lab
from sim.claims.null_models import automation_turns
from sim.measures.contrast import Contrast, Floats, bootstrap, paired
from sim.measures.per_run import at_end, level
from sim.measures.series import DEPARTMENT_SERIES

CLAIM = Claim(
    id="C11",
    title="Automation amplifies what it finds",
    idea="Don't automate, obliterate (Hammer 1990): automation repeats what is done now, right or wrong, and faster; it pays together with fitting organisation "
    "(Brynjolfsson & Hitt 2000), and people lose the overview of what it does (Bainbridge 1983).",
    moved="half of the work automated at week 52, or not x goal_spread 0.4 (aligned: half of the default) or 1.2 (misaligned: one and a half of it) x share 0 to 0.8 "
    "x turbulence 0 to 0.12; cleanup 3 to 9 for the turning point",
    watched="cash after 156 weeks (a closed firm has none), thrust (weeks 52 to 155; a closed firm has none), rework, overload of departments",
    expected="interaction: helps the aligned, hurts the misaligned or the turning",
    design="300 firms in each contrast, paired, 100 at each point of the curves; turning point: departments of 200 firms by their misfit in the quarter after the roll-out",
    criterion="automation brings at least 2 weeks of cost in cash less to the misaligned than to the aligned, at least 1 to the aligned, at least 1 less "
    "than nothing to the misaligned, and at least 1 less than nothing to the aligned in a fast market (turbulence 0.12); the misfit of hand-offs at which it turns from easing a "
    "department's load to raising it lies within 0.03 of m* = 1/(1 + cleanup) (DOCKING.md)",
    remark="The aligned gain most against the misaligned, as claimed, but nobody is hurt on average: at goal_spread 1.2 the misfit of hand-offs is 0.12 when automation "
    "is rolled out, below the 0.14 at which it turns. Frozen practice even agrees better than people who retreat to their own targets (rework 0.03 lower), and a tenth more of these firms live. In a "
    "fast market thrust falls by 0.05 as claimed, but what is gained in capacity is worth more. The turning point by arithmetic is exactly where it should be once hand-offs cost "
    "nothing besides; with rework as it is, automation eases rework too, and helps up to about 0.2. It is no straight line: the default (0.8) gains most of all. "
    "Mended: bins of misfit were widened after the quick run and a look at 60 firms found no crossing in narrow ones; after the first full run the curves got 100 firms a point instead of 200 and one turbulence less, for speed. Core contrasts of the full run are as they were.",
)
SHARE = (0.0, 0.2, 0.4, 0.6, 0.8)
TURBULENCE = (0.0, 0.04, 0.08, 0.12)
SPREAD = {"aligned (0.4)": 0.4, "default (0.8)": 0.8, "misaligned (1.2)": 1.2}
ALIGNED, MISALIGNED, FAST = 0.4, 1.2, 0.12
QUARTER = (WEEK + 1, WEEK + 14)
BINS = np.array([0, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.17, 0.2, 0.25, 0.35, 0.5])


def firm(spread: float, share: float = 0.5, turbulence: float = 0.04, cleanup: float = 6.0) -> dict[str, object]:
    """Return what a firm differs in from the default, the roll-out included."""
    rollout = [{"kind": "automation", "week": WEEK, "share": share}] if share > 0 else []
    moved = {"people.goal_spread": spread, "market.turbulence": turbulence, "work.cleanup": cleanup}
    return {**moved, "events": rollout}


def brought(lab: Lab, name: str, n: int, spread: float, share: float = 0.5, turbulence: float = 0.04) -> Floats:
    """Return what automation brings, run by run."""
    a, b = (lab.run(firm(spread, x, turbulence), n) for x in (share, 0.0))
    if name == "cash":
        return at_end(a, name, closed=0.0) - at_end(b, name, closed=0.0)
    closed = 0.0 if name == "thrust" else float("nan")
    return level(a, name, WEEK, closed=closed) - level(b, name, WEEK, closed=closed)


def eased(lab: Lab, n: int, cleanup: float, rework: float = 0.75) -> tuple[Floats, Floats]:
    """Return the misfit of departments' hand-offs under automation and the overload it adds, (runs, departments x spreads)."""
    names, weeks = list(DEPARTMENT_SERIES), slice(*QUARTER)
    misfit, added = [], []
    for spread in lab.either((0.0, 0.4, 0.8, 1.2, 1.5), (0.8, 1.5)):
        a, b = (
            lab.run({**firm(spread, x, cleanup=cleanup if x else 6.0), "work.rework": rework}, n, True).departments[
                :, weeks
            ]
            for x in (0.5, 0.0)
        )
        misfit.append(a[..., names.index("rework")].mean(axis=1) / rework)
        added.append((a - b)[..., names.index("overload")].mean(axis=1))
    return np.concatenate(misfit, axis=1), np.concatenate(added, axis=1)  # fmt: skip


def by_misfit(misfit: Floats, added: Floats) -> tuple[Floats, Floats]:
    """Return mean misfit and mean added overload in bins of misfit that hold at least twenty departments."""
    which = np.digitize(misfit.ravel(), BINS)
    rows = [
        (misfit.ravel()[which == k].mean(), np.nanmean(added.ravel()[which == k]))
        for k in range(1, len(BINS))
        if np.isfinite(added.ravel()[which == k]).sum() >= 20
    ]
    x, y = np.array(rows).T
    return x, y


def turns(misfit: Floats, added: Floats) -> float:
    """Return the misfit at which the mean added overload first rises through 0; nan if it does not."""
    x, y = by_misfit(misfit, added)
    up = np.flatnonzero((y[:-1] < 0) & (y[1:] >= 0))
    return float(x[up[0]] - y[up[0]] * (x[up[0] + 1] - x[up[0]]) / (y[up[0] + 1] - y[up[0]])) if len(up) else np.nan


def headline(lab: Lab) -> Contrast:
    n = lab.n(300, 40)
    bad, good = (brought(lab, "cash", n, s) for s in (MISALIGNED, ALIGNED))
    return paired("cash brought, misaligned against aligned", bad, good, 2.0, "falls", unit="weeks of cost")


def study(lab: Lab) -> Findings:
    n, m, few = lab.n(300, 40), lab.n(100, 15), lab.n(200, 20)
    star = automation_turns(6.0)
    unit = "weeks of cost"
    gains = {c: eased(lab, few if c == 6.0 else m, c) for c in lab.either((3.0, 6.0, 9.0), (6.0,))}
    misfit, added = gains[6.0]
    core = (
        headline(lab),
        paired("cash, automation against none", brought(lab, "cash", n, ALIGNED), 0, 1.0, where="aligned", unit=unit),
        paired("cash, automation against none", brought(lab, "cash", n, MISALIGNED), 0, 1.0, "falls", where="misaligned", unit=unit),
        paired("cash, automation against none", brought(lab, "cash", n, ALIGNED, turbulence=FAST), 0, 1.0, "falls", where="aligned, fast market", unit=unit),
        bootstrap("turning misfit, against 1/(1 + cleanup)", lambda a, b: turns(a, b) - star, (misfit, added), 0.03, "same", resamples=200),
    )  # fmt: skip
    also = [
        paired(f"{k}, automation against none", brought(lab, k, n, s, turbulence=t), 0, 0.01, e, where)  # type: ignore[arg-type]
        for k, e in (("thrust", "falls"), ("rework", "rises"))
        for s, t, where in ((ALIGNED, 0.04, "aligned"), (MISALIGNED, 0.04, "misaligned"), (ALIGNED, FAST, "aligned, fast market"))
    ]  # fmt: skip
    also.append(
        paired("cash, automation against none", brought(lab, "cash", n, 0.8), 0, 1.0, where="default firm", unit=unit)
    )
    free = eased(lab, m, 6.0, 1e-9)
    also.append(
        bootstrap("turning misfit, against 1/(1 + cleanup)", lambda a, b: turns(a, b) - star, free, 0.03, "same", "explored after the run: hand-offs cost next to nothing", resamples=200)
    )  # fmt: skip
    free_x, free_y = (x.tolist() for x in by_misfit(*free))
    share, turbulence = lab.either((SHARE, TURBULENCE), ((0.0, 0.5), (0.04, 0.12)))
    spreads = lab.either(SPREAD, {"aligned (0.4)": ALIGNED, "misaligned (1.2)": MISALIGNED})
    by_share = {w: np.column_stack([brought(lab, "cash", m, s, x) for x in share]) for w, s in spreads.items()}
    fast = {
        w: np.column_stack([brought(lab, "cash", m, s, turbulence=t) for t in turbulence]) for w, s in spreads.items()
    }
    thrust = {
        w: np.column_stack([brought(lab, "thrust", m, s, turbulence=t) for t in turbulence]) for w, s in spreads.items()
    }
    found = {c: turns(*v) for c, v in gains.items()}
    good, bad, turning = (float(c.effect) for c in core[1:4])
    return Findings(
        core,
        f"Automating half of the work changes cash after two years by {good:+.1f} weeks of cost in an aligned firm, by {bad:+.1f} in a misaligned one and by {turning:+.1f} in an "
        f"aligned one whose market turns fast. It eases a department's load up to a misfit of {found[6.0]:.2f} (by arithmetic {star:.2f}).",
        Picture(
            "Automation does what people did when it was rolled out. What does not fit, somebody undoes, at six times what it gains.",
            (
                Curves("Cash brought after two years", "automated share of the work", "weeks of cost", [Line.of(w, share, v) for w, v in by_share.items()], zero=True),
                Curves("Cash brought, half automated", "turbulence (radians a week)", "weeks of cost", [Line.of(w, turbulence, v) for w, v in fast.items()], zero=True),
                Curves("Thrust brought, half automated", "turbulence (radians a week)", "thrust, two years after", [Line.of(w, turbulence, v) for w, v in thrust.items()], zero=True),
                Curves("Where help turns into harm", "misfit of a department's hand-offs", "overload added in a quarter",
                       [Line(f"clean-up {c:g}, m* = {automation_turns(c):.2f}", *(a.tolist() for a in by_misfit(*v))) for c, v in gains.items()]
                       + [Line("clean-up 6, no other rework", free_x, free_y, role="null")]
                       + [Line("_", [automation_turns(c)] * 2, [-0.03, 0.0], role="null") for c in gains],
                       zero=True),
            ),
            note="In brackets: angle of local goals from the vision, radians. A closed firm counts as cash and thrust 0. Short vertical rules: m* = 1/(1 + cleanup), where arithmetic has it.",
        ),
        also,
        data={"share": share, "cash by share": {w: v.mean(axis=0) for w, v in by_share.items()}, "turbulence": turbulence,
              "cash by turbulence": {w: v.mean(axis=0) for w, v in fast.items()}, "turning misfit": {str(c): v for c, v in found.items()},
              "1/(1 + cleanup)": {str(c): automation_turns(c) for c in gains}},
    )  # fmt: skip
