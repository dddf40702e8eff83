"""C14: the founder who clings to the founding vision."""

from __future__ import annotations

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Heat, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired, shares
from sim.measures.per_run import at_end, level, survived

CLAIM = Claim(
    id="C14",
    title="The founder who clings to the founding vision",
    idea="What made a firm great is held on to after it has stopped being right (Miller 1990, the Icarus paradox); success breeds persistence, "
    "and persistence costs performance once the environment has changed (Audia, Locke & Smith 2000).",
    moved="conviction 0 to 0.9 (weight of the founding vision in steering) x turbulence 0 to 0.12",
    watched="fit of the vision (weeks 26 to 155 that were lived), survival, cash after 156 weeks (a closed firm has none)",
    expected="harmless or good in still markets, fatal in moving ones",
    design="300 firms at each of 6 convictions x 5 turbulences, paired",
    criterion="conviction 0.9 against the default 0.1: in a moving market (turbulence 0.08) fit falls by 0.05 and at least 0.05 fewer firms live; in a still one "
    "neither falls by as much as 0.02; the loss of fit in the moving market exceeds that in the still one by 0.05 (0.05 of firms is one in twenty, "
    "and 0.05 of fit as much thrust)",
    remark="Clinging costs fit as claimed, but it does not kill within three years: at 0.08 radians a week thrust falls by 0.10, while cash after three "
    "years is only 2 weeks of cost lower, and no more firms close in six years either (13 and 14 of 100 firms). A firm that agrees on a vision, right or wrong, hands work on well and keeps its people (engagement 0.016 "
    "higher with conviction 0.9, work paid the same; 150 firms), and lives on the margin that is left. At 0.12 a tenth of the firms closes by it. Some conviction (0.1 to 0.3) brings more "
    "cash than none in moving markets as well: it filters the noise of trend reading. In a still market it brings fit.",
)
CONVICTION = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
TURBULENCE = (0.0, 0.02, 0.04, 0.08, 0.12)
START, MOVING, CLINGS, OPEN = 26, 0.08, 0.9, 0.1


def of(lab: Lab, name: str, conviction: float, turbulence: float, n: int) -> Floats:
    """Return an outcome, run by run."""
    batch = lab.run({"founder.conviction": conviction, "market.turbulence": turbulence}, n)
    if name == "alive":
        return survived(batch).astype(float)
    return at_end(batch, "cash", closed=0.0) if name == "cash" else level(batch, name, START)


def lost(lab: Lab, turbulence: float, n: int) -> Floats:
    """Return the change of fit by conviction, run by run."""
    return of(lab, "fit", CLINGS, turbulence, n) - of(lab, "fit", OPEN, turbulence, n)


def headline(lab: Lab) -> Contrast:
    n = lab.n(300, 60)
    return paired("fit, conviction 0.9 against 0.1", lost(lab, MOVING, n), 0, 0.05, "falls", where="moving market")


def study(lab: Lab) -> Findings:
    n = lab.n(300, 60)
    clung, followed = ({t: of(lab, "alive", c, t, n) for t in (0.0, MOVING, 0.12)} for c in (CLINGS, OPEN))
    core = (
        headline(lab),
        shares(
            "firms alive, conviction 0.9 against 0.1",
            clung[MOVING],
            followed[MOVING],
            0.05,
            "falls",
            where="moving market",
        ),
        paired("fit, conviction 0.9 against 0.1", lost(lab, 0.0, n), 0, 0.02, "not worse", where="still market"),
        shares(
            "firms alive, conviction 0.9 against 0.1",
            clung[0.0],
            followed[0.0],
            0.02,
            "not worse",
            where="still market",
        ),
        paired("change of fit, moving against still market", lost(lab, MOVING, n), lost(lab, 0.0, n), 0.05, "falls"),
    )
    also: list[Contrast] = [
        shares("firms alive, conviction 0.9 against 0.1", clung[0.12], followed[0.12], 0.05, "falls", where="fast market, 0.12"),
    ]  # fmt: skip
    for name, smallest, unit in (("cash", 1.0, "weeks of cost"), ("coherence", 0.01, ""), ("thrust", 0.02, "")):
        for t, where in ((0.0, "still market"), (MOVING, "moving market")):
            with_, without = (of(lab, name, c, t, n) for c in (CLINGS, OPEN))
            also.append(paired(f"{name}, conviction 0.9 against 0.1", with_, without, smallest, "falls", where, unit))
    levels, turbulence = lab.either((CONVICTION, TURBULENCE), ((0.1, 0.9), (0.0, 0.08)))
    table = {
        name: {t: np.column_stack([of(lab, name, c, t, n) for c in levels]) for t in turbulence}
        for name in ("fit", "alive", "cash")
    }

    def lines(name: str) -> list[Line]:
        return [Line.of(f"turbulence {t:g}", levels, v) for t, v in table[name].items()]

    fit = [float(np.nanmean(of(lab, "fit", c, MOVING, n))) for c in (OPEN, CLINGS)]
    cash = [float(of(lab, "cash", c, MOVING, n).mean()) for c in (OPEN, CLINGS)]
    moving, fast = ([100 * float(x[t].mean()) for x in (followed, clung)] for t in (MOVING, 0.12))
    return Findings(
        core,
        f"In a market that turns 0.08 radians a week a founder who clings (conviction 0.9) fits it by {fit[1]:.2f} instead of {fit[0]:.2f}, ends with "
        f"{cash[1]:.0f} instead of {cash[0]:.0f} weeks of cost, and {moving[1]:.0f} % of the firms live three years (conviction 0.1: {moving[0]:.0f} %); at 0.12 radians a week it is "
        f"{fast[1]:.0f} % instead of {fast[0]:.0f} %.",
        Picture(
            "The founding vision is right on the first day. How long it stays right depends on the market.",
            (
                Curves("How well the vision fits the market", "conviction: weight of the founding vision", "cosine, weeks 26 to 155", lines("fit")),
                Curves("Firms alive after three years", "conviction: weight of the founding vision", "share of firms", lines("alive"), y_limits=(0, 1.04)),
                Curves("Cash after three years", "conviction: weight of the founding vision", "weeks of cost", lines("cash")),
                Heat("Cash gained against conviction 0.1", "conviction: weight of the founding vision", "turbulence (radians a week)", levels, turbulence,
                     [(v - v[:, [list(levels).index(OPEN)]]).mean(axis=0).tolist() for v in table["cash"].values()], "weeks of cost", high_is="signed", decimals=1),
            ),
            note="A closed firm counts as cash 0; fit is that of the weeks lived.",
        ),
        also,
        data={"conviction": levels, **{k: {str(t): np.nanmean(v, axis=0) for t, v in rows.items()} for k, rows in table.items()}},
    )  # fmt: skip
