"""C15: stress makes people serve themselves; spiral and hysteresis."""

from __future__ import annotations

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired, shares
from sim.measures.per_run import survived
from sim.scenario.parameters import scarce
from sim.simulate import Batch

CLAIM = Claim(
    id="C15",
    title="Stress makes people serve themselves: spiral and hysteresis",
    idea="Under threat people and units fall back on what they are paid for (Staw, Sandelands & Dutton 1981, threat-rigidity); decline feeds on itself (Hambrick & "
    "D'Aveni 1988, downward spirals), and a system that feeds on itself does not come back the way it went (Scheffer et al. 2001).",
    moved="scarcity in steps of 0.1 from 0.5 to 1 and back to 0.5, a quarter of a year each (half a year each: half as fast); alone, and together with the cash that feels "
    "safe, which rises as scarcity would have cut the first buffer (8 weeks of cost at 0.5, 18 at 0.8, 96 at 1); rigidity 0.8 (people serve themselves under stress) or 0",
    watched="coherence at the same scarcity on the way out and on the way back, closings on either way, survival",
    expected="the way back is not the way out",
    design="300 firms, paired with a twin that stays at 0.5; coherence in the second half of each step, less that of the twin in the same weeks; firms that are there on both "
    "visits; 150 firms at half the speed (312 weeks)",
    criterion="coherence at the same scarcity is at least 0.01 lower on the way back, also at half the speed (else it is only a delay), and by at least 0.005 more with "
    "rigidity 0.8 than with 0; at least 0.05 more firms close on the way back than on the way out through the same scarcities; at least 0.05 fewer firms live through the "
    "ramp with rigidity 0.8 than with 0 (the spiral); the first of these also where scarcity alone is moved",
    remark="The design was mended after its quick run, before any full one. As first written scarcity alone was moved; after the founding that means slack and margin, and the firm has "
    "saved so much by then that money stress stays at 0 (highest of a run: 0.002 on average) and nothing happens. So the cash that feels safe follows scarcity as well; the first design stays in the core, which makes the verdict conditional on stress "
    "being felt. Then there is a point of no return: all firms come back from scarcity 0.8, four of five from 0.9 and one in fifty from 1. Self-serving is needed (without it the ways are "
    "the same curve and nine in ten live), and so are hand-off rework and strain: stress, own targets, misfit, rework and less cash close the circle.",
)
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
STEP = 13


def ramp(
    lab: Lab, rigidity: float = 0.8, slower: int = 1, there: bool = True, felt: bool = True, top: float = 1.0
) -> dict[str, object]:
    """Return the way out and back.

    Parameters
    ----------
    there
        False for the twin that stays.
    felt
        Whether the cash that feels safe follows. A buffer is something that a firm is founded with; later it is as short of
        it as cash is short of what feels safe, so that this grows in the proportion in which scarcity would have cut the buffer.
    top
        Where the way out ends.
    """
    out = [s for s in LEVELS if s <= top]
    path = (*out, *reversed(out[:-1]))
    safety, buffer = float(lab.scenario().value("money.safety")), scarce(LEVELS[0])["money.buffer"]
    events = []
    for k, s in enumerate(path):
        safe = {"money.safety": safety * buffer / scarce(s)["money.buffer"]} if felt else {}
        if k > 0:
            events.append({"kind": "set", "week": k * STEP * slower, "values": {"scarcity": s, **safe}})
    moved: dict[str, object] = {"scarcity": LEVELS[0], "money.rigidity": rigidity, "weeks": 12 * STEP * slower}
    return {**moved, "events": events if there else []}


def visits(batch: Batch, name: str) -> tuple[Floats, Floats]:
    """Return a series on the way out and on the way back, (runs, scarcities below the top); nan where the firm has closed."""
    series = batch.of(name)
    steps = series.reshape(len(series), 12, -1)
    half = steps[:, :, steps.shape[2] // 2 :].mean(axis=2)
    top = len(LEVELS) - 1
    return half[:, :top], half[:, top + 1 : 2 * top + 1][:, ::-1]


def beyond(
    lab: Lab, n: int, name: str = "coherence", rigidity: float = 0.8, slower: int = 1, felt: bool = True
) -> tuple[Floats, Floats]:
    """Return a series on the way out and back, less the twin's, where both visits were lived."""
    a, b = (visits(lab.run(ramp(lab, rigidity, slower, there, felt), n), name) for there in (True, False))
    out, back = a[0] - b[0], a[1] - b[1]
    return np.where(np.isnan(back), np.nan, out), back


def loop(
    lab: Lab, n: int, name: str = "coherence", rigidity: float = 0.8, slower: int = 1, felt: bool = True
) -> Floats:
    """Return by how much a series is higher on the way back, mean over the scarcities visited twice, run by run."""
    out, back = beyond(lab, n, name, rigidity, slower, felt)
    lived = np.isfinite(back).any(axis=1)
    gap: Floats = np.full(len(back), np.nan)
    gap[lived] = np.nanmean(back[lived] - out[lived], axis=1)
    return gap


def closes(batch: Batch, back: bool) -> Floats:
    """Return whether a firm closes on the way out, or on the way back, through the same scarcities."""
    step = batch.series.shape[1] // 12
    first, last = (len(LEVELS) * step, 11 * step) if back else (0, (len(LEVELS) - 1) * step)
    closed: Floats = ((batch.closed >= first) & (batch.closed < last)).astype(float)
    return closed


def headline(lab: Lab) -> Contrast:
    return paired(
        "coherence at the same scarcity, way back against way out", loop(lab, lab.n(300, 60)), 0, 0.01, "falls"
    )


def study(lab: Lab) -> Findings:
    n, m = lab.n(300, 60), lab.n(150, 30)
    stiff, loose = lab.run(ramp(lab), n), lab.run(ramp(lab, 0.0), n)
    alone = lab.run(ramp(lab, felt=False), n)
    peak = np.nanmax(alone.of("stress"), axis=1)
    core = (
        headline(lab),
        paired("coherence, way back against way out", loop(lab, m, slower=2), 0, 0.01, "falls", where="half as fast"),
        paired("coherence, way back against way out, rigidity 0.8 against 0", loop(lab, n), loop(lab, n, rigidity=0.0), 0.005, "falls"),
        paired("coherence, way back against way out", loop(lab, n, felt=False), 0, 0.01, "falls", where="scarcity alone"),
        shares("firms that close, way back against way out", closes(stiff, True), closes(stiff, False), 0.05),
        shares("firms alive after the ramp, rigidity 0.8 against 0", survived(stiff), survived(loose), 0.05, "falls"),
    )  # fmt: skip
    also = (
        paired("money stress, way back against way out", loop(lab, n, "stress"), 0, 0.05),
        paired("cash, way back against way out", loop(lab, n, "cash"), 0, 1.0, "falls", unit="weeks of cost"),
        paired("engagement, way back against way out", loop(lab, n, "engagement"), 0, 0.02, "falls"),
        paired("highest money stress of the ramp", peak, 0, 0.05, where="scarcity alone"),
        shares("firms alive, ramp against twin", survived(alone), survived(lab.run(ramp(lab, there=False), n)), 0.05, "falls", where="scarcity alone"),
        shares("firms alive, ramp against twin", survived(stiff), survived(lab.run(ramp(lab, there=False), n)), 0.05, "falls"),
    )  # fmt: skip

    def ways(name: str) -> list[Line]:
        out, back = beyond(lab, n, name)
        return [Line.of("way out", LEVELS[:-1], out), Line.of("way back", LEVELS[:-1], back)]

    weeks = list(range(2, 156, 4))
    runs = {
        "out to 1 and back": stiff,
        "the same, rigidity 0": loose,
        "stays at 0.5": lab.run(ramp(lab, there=False), n),
    }
    roles = ("", "", "base")

    def weekly(name: str) -> list[Line]:
        return [Line.of(w, weeks, b.of(name)[:, weeks], r) for (w, b), r in zip(runs.items(), roles, strict=True)]

    alive = [Line.of(w, weeks, np.isfinite(b.of("cash")[:, weeks]), r) for (w, b), r in zip(runs.items(), roles, strict=True)]  # fmt: skip
    turn_back = {f"back from {t:g}": lab.run(ramp(lab, top=t), n) for t in (0.8, 0.9)}
    alive += [Line.of(w, weeks, np.isfinite(b.of("cash")[:, weeks])) for w, b in turn_back.items()]
    marks = ((6 * STEP - STEP / 2, "most scarce"),)
    lives = [100 * float(survived(b).mean()) for b in runs.values()]
    return Findings(
        core,
        f"At the same scarcity coherence differs by {core[0].effect:+.3f} between the way back and the way out; {100 * closes(stiff, False).mean():.0f} % of the firms close "
        f"on the way out and {100 * closes(stiff, True).mean():.0f} % on the way back; {lives[0]:.0f} % live through it all, {lives[1]:.0f} % where people do not serve "
        f"themselves under stress, {lives[2]:.0f} % without any scarcity.",
        Picture(
            "Scarcity, and with it the cash that feels safe, rises from 0.5 to 1 in quarterly steps and comes back the same way. If nothing stayed behind, both ways would be one curve.",
            (
                Curves("Coherence by scarcity", "scarcity", "rowing together, less the twin", ways("coherence"), zero=True),
                Curves("Cash by scarcity", "scarcity", "weeks of cost, less the twin", ways("cash"), zero=True),
                Curves("Coherence by week", "week", "rowing together, firms alive", weekly("coherence"), marks=marks),
                Curves("Firms alive", "week", "share of firms", alive, y_limits=(0, 1.04)),
            ),
            note="Second half of each step; firms that are there on both visits. Rigidity: how much of what people do goes to their own targets under money stress (0.8 unless said).",
        ),
        also,
        data={"scarcity": LEVELS[:-1], **{f"{k}, {w}": np.nanmean(v, axis=0) for k in ("coherence", "cash", "stress", "engagement") for w, v in zip(("out", "back"), beyond(lab, n, k), strict=True)},
              "alive": dict(zip(runs, lives, strict=True)), "alive, turning back sooner": {w: 100 * float(survived(b).mean()) for w, b in turn_back.items()}},
    )  # fmt: skip
