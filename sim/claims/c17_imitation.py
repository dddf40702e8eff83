"""C17: copying the industry buys legitimacy and loses the edge."""

from __future__ import annotations

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired
from sim.measures.per_run import at_end, level

CLAIM = Claim(
    id="C17",
    title="Copying the industry buys legitimacy and loses the edge",
    idea="Firms copy each other because it looks legitimate (Meyer & Rowan 1977; DiMaggio & Powell 1983); being alike costs the price that being different "
    "earns: strategic balance (Deephouse 1999).",
    moved="imitation 0 to 0.8 (the founder follows the industry's norm instead of trends) x legitimacy 0 to 0.5 x crowding 0 to 0.2 x turbulence 0 to 0.12",
    watched="customers won per week and thrust (weeks 26 to 155; a closed firm has none), cash after 156 weeks (a closed firm has none)",
    expected="sign flips between crowding and legitimacy",
    design="300 firms at each level, paired; 150 by turbulence and market",
    criterion="imitation 0.8 against 0: what it brings in cash is at least 2 weeks of cost more with legitimacy 0.5 and no crowding than with crowding 0.2 and no "
    "legitimacy, at least 1 more than nothing in the first and at least 1 less than nothing in the second; it wins 0.0005 more customers a week (1.5 %) "
    "in the first; with neither it loses 0.01 of thrust, and in a fast market (turbulence 0.12) at least 0.01 more than in a slow one (0.02)",
    remark="A firm that follows the market is already as like its industry as one that copies it, because the norm follows the market too: imitation moves likeness to the norm by 0.002, so neither "
    "legitimacy nor crowding has anything to take hold of, and no sign flips. At the default turbulence the norm is as good a guide as noisy trends (fit the same within 0.003). The lost edge is real in fast "
    "markets only (0.07 of thrust at 0.12 radians a week). There imitation brings 0.8 [0.03, 1.6] where looks count and loses 1.4 [0.4, 2.3] where neither does (150 firms): a flip, but by legitimacy in a fast market, not by crowding. Customers hardly move, for firms here serve as many as they can.",
)
IMITATION = (0.0, 0.2, 0.4, 0.6, 0.8)
LEGITIMATE = {"market.legitimacy": 0.5, "market.crowding": 0.0}
CROWDED = {"market.legitimacy": 0.0, "market.crowding": 0.2}
NEITHER = {"market.legitimacy": 0.0, "market.crowding": 0.0}
MARKETS = {"looks count (legitimacy 0.5)": LEGITIMATE, "neither": NEITHER, "sameness is dear (crowding 0.2)": CROWDED}
START = 26


def of(lab: Lab, name: str, imitation: float, market: dict[str, float], n: int) -> Floats:
    """Return an outcome, run by run."""
    batch = lab.run({"founder.imitation": imitation, **market}, n)
    return at_end(batch, name, closed=0.0) if name == "cash" else level(batch, name, START, closed=0.0)


def brought(lab: Lab, name: str, market: dict[str, float], n: int) -> Floats:
    """Return what imitation 0.8 brings against none, run by run."""
    return of(lab, name, 0.8, market, n) - of(lab, name, 0.0, market, n)


def headline(lab: Lab) -> Contrast:
    n = lab.n(300, 30)
    legitimate, crowded = (brought(lab, "cash", market, n) for market in (LEGITIMATE, CROWDED))
    return paired("cash brought, legitimacy against crowding", legitimate, crowded, 2.0, unit="weeks of cost")


def study(lab: Lab) -> Findings:
    n = lab.n(300, 30)
    fast, slow = (brought(lab, "thrust", {**NEITHER, "market.turbulence": t}, n) for t in (0.12, 0.02))
    cash = {words: brought(lab, "cash", market, n) for words, market in MARKETS.items()}
    legitimate, neither, crowded = cash.values()
    name, unit = "cash, imitation 0.8 against 0", "weeks of cost"
    core = (
        headline(lab),
        paired(name, legitimate, 0, 1.0, where="legitimacy 0.5", unit=unit),
        paired(name, crowded, 0, 1.0, "falls", where="crowding 0.2", unit=unit),
        paired("customers won, imitation 0.8 against 0", brought(lab, "newcomers", LEGITIMATE, n), 0, 0.0005, where="legitimacy 0.5", unit="per week"),
        paired("thrust, imitation 0.8 against 0", brought(lab, "thrust", NEITHER, n), 0, 0.01, "falls", where="neither"),
        paired("thrust brought, turbulence 0.12 against 0.02", fast, slow, 0.01, "falls", where="neither"),
    )  # fmt: skip
    alike, apart = (
        2 * level(lab.run({"founder.imitation": i, "market.legitimacy": 1.0}, n), "attraction", START) - 1
        for i in (0.8, 0.0)
    )
    also = (
        paired("likeness of what is promised to the norm, imitation 0.8 against 0", alike, apart, 0.01, where="explored after the run: legitimacy 1, where attraction shows it"),
        paired(name, neither, 0, 1.0, "falls", where="neither", unit=unit),
        paired("customers won, imitation 0.8 against 0", brought(lab, "newcomers", NEITHER, n), 0, 0.0005, where="neither", unit="per week"),
        paired("fit of the vision, imitation 0.8 against 0", brought(lab, "fit", NEITHER, n), 0, 0.01, "falls", where="neither"),
    )  # fmt: skip
    levels = lab.either(IMITATION, (0.0, 0.8))
    table = {
        k: {w: np.column_stack([of(lab, k, i, m, n) for i in levels]) for w, m in MARKETS.items()}
        for k in ("cash", "newcomers")
    }
    turbulence = lab.either((0.0, 0.02, 0.04, 0.08, 0.12), (0.02, 0.12))
    thrust = {
        i: np.column_stack([of(lab, "thrust", i, {**NEITHER, "market.turbulence": t}, n) for t in turbulence])
        for i in lab.either((0.0, 0.4, 0.8), (0.0, 0.8))
    }
    m = lab.n(150, 10)
    by_market = {
        w: np.column_stack([brought(lab, "cash", {**market, "market.turbulence": t}, m) for t in turbulence])
        for w, market in MARKETS.items()
    }

    def lines(key: str) -> list[Line]:
        a_year = 52 if key == "newcomers" else 1
        return [Line.of(w, levels, a_year * (v - v[:, :1])) for w, v in table[key].items()]

    return Findings(
        core,
        f"Following the industry for 80 % of the signal changes cash after three years by {legitimate.mean():+.1f} weeks of cost where looking like the others "
        f"counts for half, by {crowded.mean():+.1f} where sameness costs up to a fifth of the price, and by {neither.mean():+.1f} where neither does.",
        Picture(
            "The industry's norm follows the market late, with a drift of its own, and everybody can read it.",
            (
                Curves("Cash brought, after three years", "imitation: weight of the industry's norm", "weeks of cost", lines("cash"), zero=True, y_limits=(-2, 2)),
                Curves("Customers brought", "imitation: weight of the industry's norm", "won per year (first customers = 1)", lines("newcomers"), zero=True, y_limits=(-0.05, 0.05)),
                Curves("Thrust, where neither counts", "turbulence (radians a week)", "thrust, weeks 26 to 155", [Line.of(f"imitation {i:g}", turbulence, v) for i, v in thrust.items()]),
                Curves("Cash brought by imitation 0.8", "turbulence (radians a week)", "weeks of cost", [Line.of(w, turbulence, v) for w, v in by_market.items()], zero=True),
            ),
            note="A closed firm counts as cash, customers and thrust 0.",
        ),
        also,
        data={"imitation": levels, **{k: {w: v.mean(axis=0) for w, v in rows.items()} for k, rows in table.items()},
              "turbulence": turbulence, "cash brought by imitation 0.8": {w: v.mean(axis=0) for w, v in by_market.items()}, "thrust": {str(i): v.mean(axis=0) for i, v in thrust.items()}},
    )  # fmt: skip
