"""C18: informal alignment does not scale."""

from __future__ import annotations

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Curves, Heat, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, paired
from sim.measures.per_run import average, level
from sim.simulate import Batch

CLAIM = Claim(
    id="C18",
    title="Informal alignment does not scale",
    idea="What a small firm settles by talk, a large one must settle by formal ways of telling: each layer garbles the message (Williamson 1967, control loss), and growth breaks "
    "informal coordination (Greiner 1972; Mintzberg 1979).",
    moved="headcount 5 to 400 x relay 0.6 or 0.95 (fidelity of a layer) x cadence 26 or 4 weeks (informal: 0.6 and 26; formal: 0.95 and 4); span 7 or 80 at 400 people",
    watched="cognitive alignment (mean cosine of beliefs with the vision) in weeks 26 to 103, weeks lived",
    expected="falls with layers; formal relays repair it, most in large firms",
    design="160 firms a point up to 40 people, 80 above, paired by luck, 104 weeks; departments of 400 people have three layers, of 10 one",
    criterion="where telling is informal, cognitive alignment is at least 0.05 lower at 400 than at 10 people (0.95 against 0.9 is 18 against 26 degrees off); 400 people under "
    "one layer (span 80) are at least 0.02 better aligned than under three; formal telling raises it at 400 people by 0.05, and by 0.03 more than at 10",
    remark="Size by itself does no harm: from 10 people on belief in the vision stays where it was, because colleagues average out what careless layers garble. Without a network of colleagues the claim's "
    "fall appears (0.09 lower at 400 than at 10 people). Layers garble only what passes through them, and a firm that is told twice a year passes little through: one layer instead of three "
    "would bring it 0.01. Explored afterwards: told every four weeks through careless relays, belief does fall, by 0.05 from 10 to 400 people, so that careless relays do not scale where much is told, and then silence is "
    "the better policy (0.96 at 400 people against 0.89). The worst off are firms of 5, whose one-person departments have no colleagues to hear the vision from.",
)
SIZES = (5, 10, 20, 40, 80, 160, 400)
SMALL, LARGE = 10, 400
INFORMAL: dict[str, object] = {"people.relay": 0.6, "founder.cadence": 26}
FORMAL: dict[str, object] = {"people.relay": 0.95, "founder.cadence": 4}
WAYS = {
    "informal: careless, twice a year": INFORMAL,
    "careful, twice a year": {**INFORMAL, "people.relay": 0.95},
    "careless, every 4 weeks": {**INFORMAL, "founder.cadence": 4},
    "formal: careful, every 4 weeks": FORMAL,
}
RELAY = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
CADENCE = (1, 4, 13, 26, 52)
SINCE = 26


def replicates(lab: Lab, size: int) -> int:
    return lab.n(160 if size <= 40 else 80, 40 if size <= 40 else 10)


def told(lab: Lab, size: int, way: dict[str, object], n: int | None = None) -> Batch:
    return lab.run({"headcount": size, "weeks": 104, **way}, n or replicates(lab, size))


def belief(lab: Lab, size: int, way: dict[str, object], name: str = "cognitive") -> Floats:
    return level(told(lab, size, way), name, SINCE)


def headline(lab: Lab) -> Contrast:
    large = belief(lab, LARGE, INFORMAL)
    return paired(
        "cognitive alignment, 400 against 10 people",
        large,
        belief(lab, SMALL, INFORMAL)[: len(large)],
        0.05,
        "falls",
        where="informal",
    )


def study(lab: Lab) -> Findings:
    first, informal = headline(lab), belief(lab, LARGE, INFORMAL)
    repaired = belief(lab, LARGE, FORMAL) - informal
    small = (belief(lab, SMALL, FORMAL) - belief(lab, SMALL, INFORMAL))[: len(repaired)]
    core = (
        first,
        paired(
            "cognitive alignment of 400 people, one layer against three",
            belief(lab, LARGE, {**INFORMAL, "people.span": 80}),
            informal,
            0.02,
            where="informal",
        ),
        paired("cognitive alignment of 400 people, formal against informal", repaired, 0, 0.05),
        paired("what formal telling repairs, 400 against 10 people", repaired, small, 0.03),
    )
    also = [
        paired(f"{name}, 400 against 10 people", level(told(lab, LARGE, INFORMAL), name, SINCE, closed=0),
               level(told(lab, SMALL, INFORMAL), name, SINCE, closed=0)[: len(repaired)], 0.05, "falls", where="informal")
        for name in ("behavioural", "thrust")
    ]  # fmt: skip
    often = {**INFORMAL, "founder.cadence": 4}
    crowd = belief(lab, LARGE, often)
    also.append(
        paired("cognitive alignment, 400 against 10 people", crowd, belief(lab, SMALL, often)[: len(crowd)], 0.05, "falls",
               where="explored after the full run: relay 0.6, every 4 weeks")
    )  # fmt: skip
    sizes: tuple[int, ...] = lab.either(SIZES, (SMALL, LARGE))
    ways = lab.either(WAYS, {k: v for k, v in WAYS.items() if v in (INFORMAL, FORMAL)})

    def curve(way: dict[str, object], name: str) -> Floats:
        columns = [belief(lab, s, way, name) for s in sizes]
        longest = max(map(len, columns))
        return np.column_stack([np.pad(c, (0, longest - len(c)), constant_values=np.nan) for c in columns])

    believed, acted = ({k: curve(v, name) for k, v in ways.items()} for name in ("cognitive", "behavioural"))
    relay, cadence = lab.either((RELAY, CADENCE), ((0.6, 0.95), (4, 26)))
    few, shown = lab.n(24, 6), lab.either((SMALL, 160), (SMALL, 40))

    def cells(size: int) -> list[list[float]]:
        ways = [[{"people.relay": r, "founder.cadence": c} for r in relay] for c in cadence]
        return [[average(level(told(lab, size, way, few), "cognitive", SINCE)) for way in row] for row in ways]

    at = {k: dict(zip(sizes, np.nanmean(v, axis=0), strict=True)) for k, v in believed.items()}
    talk, form = (next(v for k, v in at.items() if k.startswith(w)) for w in ("informal", "formal"))
    return Findings(
        core,
        f"Where the vision is told twice a year through careless relays, people's beliefs agree with it by {talk[SMALL]:.2f} in a firm of 10 and by {talk[LARGE]:.2f} in a firm of 400; "
        f"careful relays every four weeks bring {form[SMALL]:.2f} and {form[LARGE]:.2f}.",
        Picture(
            "The vision passes from the founder to the heads and down through layers; colleagues talk in between.",
            (
                Curves("Believing in the vision", "people in the firm", "cosine with the vision",
                       [Line.of(k, sizes, v) for k, v in believed.items()], log_x=True, y_limits=(0.85, 0.99)),
                Curves("Acting on it", "people in the firm", "cosine with the vision",
                       [Line.of(k, sizes, v) for k, v in acted.items()], log_x=True, y_limits=(0.83, 0.915)),
                *(
                    Heat(f"Belief in a firm of {s}", "relay: fidelity of a layer", "weeks between broadcasts", relay, cadence, cells(s), "cosine", (0.75, 1.0), "good")
                    for s in shown
                ),
            ),
            note="Careless: a layer passes the vision on with fidelity 0.6 (relay), careful: 0.95. A layer reaches seven people: departments of a firm of 35 have one, of 36 to 245 two, of 400 three. Weeks 26 to 103, as long as firms live.",
        ),
        also,
        data={"sizes": sizes, "cognitive": {k: np.nanmean(v, axis=0) for k, v in believed.items()},
              "alive": {k: [float((told(lab, s, v).closed < 0).mean()) for s in sizes] for k, v in ways.items()}},
    )  # fmt: skip
