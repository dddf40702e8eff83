"""C12: managed misalignment; some dissent is best in a moving market, none in a still one."""

from __future__ import annotations

import numpy as np

from sim.claims.analyses.dissent import LAW, as_autonomy, best_by_law, best_measured, exponent, losses
from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Bars, Curves, Heat, Line, Panel, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired
from sim.measures.curve_shape import hump, top_moves, top_of
from sim.measures.per_run import level, survived

CLAIM = Claim(
    id="C12",
    title="Managed misalignment: some dissent is best in a moving market, none in a still one",
    idea="Exploration and exploitation (March 1991); consensus may harm in dynamic environments (Priem 1990, against it Homburg et al. "
    "1999); diversity of errors improves a crowd's mean (Krogh & Vedelsby 1995; Page 2007). Here dissent is what the evidence is made of.",
    moved="autonomy 0 to 0.8 x turbulence 0 to 0.16 x headcount 10 to 90 x outcome noise 0.3 to 2; horizon; openness, voice",
    watched="thrust (a closed firm has none), fit of the vision, survival",
    expected="inverted U; the best dissent grows with turbulence, falls with size, with exponents near 1/3 of q noise^2/n; it costs now and pays later; "
    "without listening it only costs",
    design="200 firms a level at 30 people (10 or 90: 120), paired across levels; a learner alone (MODEL.md section 6, check 4), 30 runs of 2600 weeks, for the exponents",
    criterion="in a moving market (turbulence 0.08) the best autonomy beats 0 and 0.8 by 0.01 of thrust (chosen and tested on different replicates); in a still one autonomy 0.2 "
    "is no better than 0 by 0.005; the best autonomy is at least 0.03 higher at turbulence 0.12 than at 0.04, and 0.03 lower at 90 people than at 10; the learner's "
    "exponents are within 0.1 of the closed form; autonomy 0.3 against 0 costs 0.01 of thrust in the first 13 weeks and brings 0.01 in the last year; what it "
    "brings is larger by 0.01 with openness 1 than with 0 and with voice 1 than with 0.1, and not above 0.01 with openness 0",
    remark="In the default firm no added dissent is best, in any market. Two things take its place: local goals already make departments row apart, and the founder "
    "listens to results only half. Where the founder listens to nothing but results an inverted U appears in fast markets, and it is clear once local goals are "
    "gone (best at 0.28 radians at turbulence 0.08 and 0.45 at 0.12, none at 0.04 and below). The learner alone follows the closed form. So dissent "
    "pays where it is listened to and where there is not enough of it already; else it only costs, now and later, although it pays part of its "
    "cost back as weeks go by. Ten runs a point left the exponents' intervals wider than the margin; the design now has thirty.",
)
AUTONOMY = (0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8)
TURBULENCE = (0.0, 0.02, 0.04, 0.08, 0.12, 0.16)
SOME = (0.0, 0.1, 0.2, 0.3, 0.45, 0.8)
MOVING = {"market.turbulence": 0.08}
LAST_YEAR = 104


def thrusts(
    lab: Lab, changes: dict[str, float], n: int, name: str = "thrust", levels: tuple[float, ...] = AUTONOMY
) -> Floats:
    """Return an outcome by autonomy, (runs, levels)."""
    return np.column_stack([level(lab.run({**changes, "people.autonomy": a}, n), name, 26, closed=0) for a in levels])


def headline(lab: Lab) -> Contrast:
    return hump("thrust, autonomy", AUTONOMY, thrusts(lab, MOVING, lab.n(200, 12)), 0.01, where="moving market")[0]


def brought(
    lab: Lab, changes: dict[str, float], n: int, name: str = "thrust", first: int = LAST_YEAR, last: int = 156
) -> Floats:
    """Return what autonomy 0.3 brings against 0 in a moving market, run by run."""
    with_, without = (lab.run({**MOVING, **changes, "people.autonomy": a}, n) for a in (0.3, 0.0))
    return level(with_, name, first, last, closed=0) - level(without, name, first, last, closed=0)


def law(lab: Lab) -> tuple[list[Contrast], list[Curves]]:
    """Return the learner's exponents beside the closed form, and their curves."""
    runs, weeks = lab.n(30, 4), lab.either(2600, 500)
    turbulence, noise, people = lab.either(
        ((0.01, 0.02, 0.04, 0.06), (0.5, 1.0, 2.0, 3.0), (12, 25, 50, 100, 200)), ((0.02, 0.06), (1.0, 3.0), (20, 60))
    )
    size, still = lab.either(50, 30), 0.02
    designs = {
        "turbulence": [(t, 1.0, size) for t in turbulence],
        "noise": [(still, s, size) for s in noise],
        "people": [(still, 1.0, n) for n in people],
    }
    words = {"turbulence": "turbulence (radians per week)", "noise": "noise of a single result", "people": "people"}
    contrasts, curves = [], []
    for (name, points), xs in zip(designs.items(), (turbulence, noise, people), strict=True):
        tried = [losses(lab, *p, runs=runs, weeks=weeks) for p in points]
        contrasts.append(exponent(name, xs, points, tried, 0.1))
        found = [as_autonomy(best_measured(*p, t)) for p, t in zip(points, tried, strict=True)]
        expected = [as_autonomy(best_by_law(*p)) for p in points]
        title = f"The learner alone: exponent {contrasts[-1].effect + LAW[name]:.2f}, by law {LAW[name]:.2f}"
        lines = [Line("measured", xs, found), Line("closed form", xs, expected, role="null")]
        curves.append(Curves(title, words[name], "best autonomy (radians)", lines, log_x=True))
    return contrasts, curves


def study(lab: Lab) -> Findings:
    n, m, few = lab.n(200, 12), lab.n(120, 8), lab.n(120, 12)
    turbulence = lab.either(TURBULENCE, (0.0, 0.04, 0.08, 0.12))
    by_turbulence = {t: thrusts(lab, {"market.turbulence": t}, n) for t in turbulence}
    by_size = {s: thrusts(lab, {**MOVING, "headcount": s}, m, levels=SOME) for s in lab.either((10, 30, 90), (10, 90))}
    by_noise = {s: thrusts(lab, {**MOVING, "market.outcome_noise": s}, m, levels=SOME) for s in (0.3, 1.0, 2.0)}
    exponents, curves = law(lab)
    left, right = hump("thrust, autonomy", AUTONOMY, by_turbulence[0.08], 0.01, where="moving market")
    still = by_turbulence[0.0]
    listening = lab.either(
        {
            o: {v: brought(lab, {"founder.openness": o, "founder.voice": v}, few) for v in (0.1, 0.4, 0.8, 1.0)}
            for o in (0.0, 0.25, 0.5, 0.75, 1.0)
        },
        None,
    )
    deaf, open_ = (brought(lab, {"founder.openness": o}, n) for o in (0.0, 1.0))
    silent, spoken = (brought(lab, {"founder.voice": v}, n) for v in (0.1, 1.0))
    core = (
        left,
        right,
        paired("thrust, autonomy 0.2 against 0", still[:, 3], still[:, 0], 0.005, "not better", where="still market"),
        top_moves(
            "best autonomy, turbulence 0.12 against 0.04", AUTONOMY, by_turbulence[0.12], by_turbulence[0.04], 0.03
        ),
        top_moves("best autonomy, 90 against 10 people", SOME, by_size[90], by_size[10], 0.03, expected="falls"),
        *exponents,
        paired(
            "thrust in the first 13 weeks, autonomy 0.3 against 0",
            brought(lab, {}, n, first=0, last=13),
            0,
            0.01,
            "falls",
        ),
        paired("thrust in the last year, autonomy 0.3 against 0", brought(lab, {}, n), 0, 0.01),
        paired("what it brings, openness 1 against 0", open_, deaf, 0.01),
        paired("what it brings, voice 1 against 0.1", spoken, silent, 0.01),
        paired("what it brings with openness 0", deaf, 0, 0.01, "not better"),
    )
    also: list[Contrast] = [
        *hump("thrust, autonomy", AUTONOMY, by_turbulence[0.04], 0.01, where="default market"),
        top_moves("best autonomy, noise 2 against 0.3", SOME, by_noise[2.0], by_noise[0.3], 0.03),
        paired("fit of the vision in the last year, autonomy 0.3 against 0", brought(lab, {}, n, "fit"), 0, 0.01),
        paired(
            "fit of the vision in the last year, autonomy 0.3 against 0, openness 0",
            brought(lab, {"founder.openness": 0}, n, "fit"),
            0,
            0.01,
        ),
    ]
    horizons = [(0, 13), (13, 26), (26, 52), (52, 104), (104, 156)]
    ages = [float(sum(h) / 2) for h in horizons]
    paid = {
        t: np.column_stack([brought(lab, {"market.turbulence": t}, n, first=a, last=b) for a, b in horizons])
        for t in (0.0, 0.04, 0.08)
    }
    tops = [top_of(by_turbulence[t], AUTONOMY) for t in turbulence]
    closed_form = [as_autonomy(best_by_law(t, 1.0, 24)) for t in turbulence]
    alive = [
        [float(survived(lab.run({"market.turbulence": t, "people.autonomy": a}, n)).mean()) for a in AUTONOMY]
        for t in turbulence
    ]
    panels: list[Panel] = [
        Curves(
            "Thrust by dissent",
            "autonomy (radians)",
            "thrust, weeks 26 to 155",
            [Line.of(f"turbulence {t:g}", AUTONOMY, v) for t, v in by_turbulence.items()],
        ),
        Curves(
            "Best dissent, whole firm",
            "turbulence (radians per week)",
            "best autonomy (radians)",
            [Line("measured", turbulence, tops), Line("closed form, 24 reports", turbulence, closed_form, role="null")],
        ),
        Curves(
            "By size, in a moving market",
            "autonomy (radians)",
            "thrust",
            [Line.of(f"{s} people", SOME, v) for s, v in by_size.items()],
        ),
        Curves(
            "By noise of results, in a moving market",
            "autonomy (radians)",
            "thrust",
            [Line.of(f"noise {s:g}", SOME, v) for s, v in by_noise.items()],
        ),
        *curves,
        Curves(
            "It costs now; does it pay later?",
            "week",
            "thrust brought by autonomy 0.3",
            [Line.of(f"turbulence {t:g}", ages, v) for t, v in paid.items()],
            zero=True,
        ),
        Heat("Firms alive", "autonomy (radians)", "turbulence", AUTONOMY, turbulence, alive, "share", (0, 1), "good"),
    ]
    if listening:
        cells = [[float(v.mean()) for v in row.values()] for row in listening.values()]
        panels.append(
            Heat(
                "Thrust brought by autonomy 0.3 in the last year",
                "voice",
                "openness",
                list(listening[0.0]),
                list(listening),
                cells,
                "thrust",
                high_is="signed",
                decimals=3,
            )
        )
    else:
        panels.append(
            Bars(
                "Thrust brought by autonomy 0.3",
                "thrust",
                ("openness 0", "openness 1"),
                (float(deaf.mean()), float(open_.mean())),
            )
        )
    heard = {
        words: {
            t: thrusts(lab, {"founder.openness": 1, "market.turbulence": t, **more}, few)
            for t in lab.either((0.0, 0.04, 0.08, 0.12), (0.0, 0.08))
        }
        for words, more in (
            ("local goals as they are", {}),
            ("no local goals", {"people.incentive": 0.0, "money.rigidity": 0.0}),
        )
    }
    for words, curves_ in heard.items():
        panels.append(
            Curves(
                f"Openness 1, {words}",
                "autonomy (radians)",
                "thrust, weeks 26 to 155",
                [Line.of(f"turbulence {t:g}", AUTONOMY, v) for t, v in curves_.items()],
            )
        )
        where = f"explored after the quick run: openness 1, {words}"
        also += hump("thrust, autonomy", AUTONOMY, curves_[0.08], 0.01, where=where)
    mean = by_turbulence[0.08].mean(axis=0)
    tops_heard = f"{top_of(heard['no local goals'][0.08], AUTONOMY):.2f}"
    best = AUTONOMY[int(mean.argmax())]
    return Findings(
        core,
        f"In a market that turns 0.08 radians a week thrust is best, {mean.max():.3f}, {f'at {best:g} radians of dissent' if best else 'without added dissent'}, and {mean[-1]:.3f} at 0.8; "
        f"in a still one {still.mean(axis=0)[0]:.3f} without and {still.mean(axis=0)[3]:.3f} at 0.2. Where only results are listened to and no goals are local, {tops_heard} radians are best. A learner alone follows the law of dissent "
        f"(exponents {exponents[0].effect + 2 / 3:.2f}, {exponents[1].effect + 2 / 3:.2f} and {exponents[2].effect - 1 / 3:.2f}, by law 0.67, 0.67, −0.33).",
        Picture(
            "Every deviation costs thrust today; where its results are heard, it tells the founder where the market has gone.",
            panels,
            columns=3,
            note="Closed form: MODEL.md section 6, check 4. The learner alone is a firm that does what its founder says but for dissent, and whose founder knows only "
            "results. A closed firm counts as thrust 0.",
        ),
        also,
        data={"autonomy": AUTONOMY, "thrust by turbulence": {str(t): v.mean(axis=0) for t, v in by_turbulence.items()}, "best autonomy": dict(zip(map(str, turbulence), tops, strict=True)),
              "best autonomy by size": {str(s): top_of(v, SOME) for s, v in by_size.items()}, "best autonomy at openness 1": {w: {str(t): top_of(v, AUTONOMY) for t, v in c.items()} for w, c in heard.items()}, "best autonomy by noise": {str(s): top_of(v, SOME) for s, v in by_noise.items()},
              "exponents": {k: c.effect + LAW[k] for k, c in zip(LAW, exponents, strict=True)}},
    )  # fmt: skip
