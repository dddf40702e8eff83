"""C22: for small firms alignment is survival, for large ones optimisation."""

from __future__ import annotations

import math

import numpy as np

from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Bars, Curves, Line, Picture
from sim.claims.laboratory import Lab
from sim.claims.null_models import ruin
from sim.measures.contrast import Contrast, Floats, mean_interval, paired, shares
from sim.measures.per_run import survived, total
from sim.simulate import Batch

CLAIM = Claim(
    id="C22",
    title="For small firms alignment is survival, for large ones optimisation",
    idea="A small firm has neither slack nor compartments, so that what costs a large one some margin closes it (Freeman, Carroll & Hannan 1983; Bourgeois 1981; Welsh & White 1981, "
    "a small business is not a little big business).",
    moved="three packages of headcount, scarcity (slack, buffer, margin) and k_out: shop 8, 0.7, 2; firm 30, 0.5, 1; corporation 200, 0.2, 0.5; x goal_spread 0 to 1.5, aligned 0.4 and misaligned 1.2; the shop with "
    "one part of the corporation's package at a time",
    watched="survival to week 156; margin: revenue less costs over revenue, summed over the weeks lived",
    expected="alignment decides survival in the shop, and profit but not survival in the corporation",
    design="480 shops, 300 firms and 120 corporations a point, paired by luck",
    criterion="alignment (1.2 to 0.4) saves at least 0.1 of the shops, 0.1 more than of the corporations, changes the corporations' survival by less than 0.05 and raises their margin by 0.01; the difference in "
    "survival exceeds by 0.05 what cash doing a random walk would give, with drift and spread measured in corporations, the spread as 1/sqrt(n), and the shop's own buffer and margin",
    remark="It is means, not size, that turn misalignment into death. A shop with the corporation's means is saved by alignment in 6 % of cases instead of 80, a shop with 200 people as often as one of 8, and cross ties change nothing; "
    "a random walk of cash with the corporations' drift and the shop's own buffer and margin gives the same difference, so smallness adds nothing beyond it. Nor is it mere optimisation for corporations: at 1.2 radians 19 % of "
    "them close and alignment is worth 33 points of margin to both. Between 0.4 and 0.8 radians the claim reads as its authors mean it: no corporation closes and 26 % of the shops do, while corporations lose "
    "5 points of margin. Without local rewards, rework or strain there is no difference.",
)
SPREADS = (0.0, 0.4, 0.8, 1.2, 1.5)
ALIGNED, MISALIGNED = 0.4, 1.2
PACKAGES: dict[str, tuple[int, float, float]] = {
    "shop of 8": (8, 0.7, 2.0),
    "firm of 30": (30, 0.5, 1.0),
    "corporation of 200": (200, 0.2, 0.5),
}
SWAPS = {
    "shop with 200 people": (200, 0.7, 2.0),
    "shop with ample means": (8, 0.2, 2.0),
    "shop with few cross ties": (8, 0.7, 0.5),
}
SHOP, FIRM, CORPORATION = PACKAGES


def replicates(lab: Lab, size: int) -> int:
    return lab.n(480 if size < 30 else 300 if size < 200 else 120, 80 if size < 30 else 30 if size < 200 else 14)


def firms(lab: Lab, name: str, spread: float) -> Batch:
    size, scarcity, ties = (PACKAGES | SWAPS)[name]
    changes = {"headcount": size, "scarcity": scarcity, "people.k_out": ties, "people.goal_spread": spread}
    return lab.run(changes, replicates(lab, size))


def margin(batch: Batch) -> Floats:
    """Return profit over revenue, over all weeks lived."""
    revenue = total(batch, "revenue")
    return (revenue - total(batch, "costs")) / revenue


def saved(lab: Lab, name: str) -> Floats:
    """Return survival if aligned less survival if misaligned, run by run."""
    return survived(firms(lab, name, ALIGNED)).astype(float) - survived(firms(lab, name, MISALIGNED))


def earned(lab: Lab, name: str) -> Floats:
    return margin(firms(lab, name, ALIGNED)) - margin(firms(lab, name, MISALIGNED))


def headline(lab: Lab) -> Contrast:
    large = saved(lab, CORPORATION)
    return paired(
        "survival that alignment brings, shop against corporation",
        saved(lab, SHOP)[: len(large)],
        large,
        0.1,
        unit="share of firms",
    )


def by_chance(lab: Lab, name: str, spread: float) -> float:
    """Return the share of a package's firms that a random walk of cash closes, from corporations' drift and spread."""
    size, scarcity, _ = PACKAGES[name]
    corporations = firms(lab, CORPORATION, spread)
    values, own = corporations.scenario.money, lab.scenario({"scarcity": scarcity}).money
    changes = np.diff(corporations.of("cash"), axis=1)
    week = np.nanmean(changes, axis=0)
    drift = float(week.mean()) + 1 / (1 - own.margin) - 1 / (1 - values.margin)
    sd = float(np.nanstd(changes - week)) * math.sqrt(PACKAGES[CORPORATION][0] / size)
    return ruin(own.buffer, drift, max(sd, 1e-9), corporations.series.shape[1])


def study(lab: Lab) -> Findings:
    small, large = saved(lab, SHOP), saved(lab, CORPORATION)
    m = len(large)
    alive = {p: {s: survived(firms(lab, p, s)) for s in (ALIGNED, MISALIGNED)} for p in (SHOP, CORPORATION)}
    core = (
        headline(lab),
        shares("shops alive, aligned against misaligned", alive[SHOP][ALIGNED], alive[SHOP][MISALIGNED], 0.1),
        shares("corporations alive, aligned against misaligned", alive[CORPORATION][ALIGNED], alive[CORPORATION][MISALIGNED], 0.05, "same"),
        paired("corporations' margin, aligned against misaligned", earned(lab, CORPORATION), 0, 0.01, unit="of revenue"),
    )  # fmt: skip
    closed = {(p, s): by_chance(lab, p, s) for p in (SHOP, CORPORATION) for s in (ALIGNED, MISALIGNED)}
    chance = {p: closed[p, MISALIGNED] - closed[p, ALIGNED] for p in (SHOP, CORPORATION)}
    beyond = paired(
        "survival that alignment brings, shop against corporation, beyond the random walk of cash",
        small[:m] - large,
        chance[SHOP] - chance[CORPORATION],
        0.05,
        unit="share of firms",
    )
    names = lab.either((*PACKAGES, *SWAPS), (SHOP, CORPORATION))
    gains = {name: mean_interval(saved(lab, name)[:, None]) for name in names}
    profits = {name: mean_interval(earned(lab, name)[:, None]) for name in names}
    also = [
        paired("margin that alignment brings, corporation against shop", earned(lab, CORPORATION), earned(lab, SHOP)[:m], 0.01, unit="of revenue"),
        *(
            paired("survival that alignment brings, against the shop", saved(lab, k), small[: len(saved(lab, k))], 0.1, "falls", where=k)
            for k in SWAPS if k in names
        ),
    ]  # fmt: skip
    spreads, packages = lab.either((SPREADS, tuple(PACKAGES)), ((ALIGNED, MISALIGNED), (SHOP, CORPORATION)))

    def curves(outcome: dict[str, list[Floats]]) -> list[Line]:
        return [Line.of(k, spreads, np.column_stack(v)) for k, v in outcome.items()]

    living = {k: [survived(firms(lab, k, s)).astype(float) for s in spreads] for k in packages}
    profit = {k: [100 * margin(firms(lab, k, s)) for s in spreads] for k in packages}

    def bars(title: str, x: str, found: dict[str, tuple[Floats, Floats, Floats]], times: float) -> Bars:
        value, low, high = ([times * float(v[i][0]) for v in found.values()] for i in range(3))
        return Bars(title, x, list(found), value, low, high)

    return Findings(
        core,
        f"Aligning the departments' goals (from 1.2 to 0.4 radians) saves {100 * small.mean():.0f} % of the shops and {100 * large.mean():.0f} % of the corporations; it raises margin by "
        f"{100 * earned(lab, SHOP).mean():.1f} points of revenue in shops and {100 * earned(lab, CORPORATION).mean():.1f} in corporations.",
        Picture(
            "The same misalignment in three kinds of firm: one that is small and short of means, the default, and one that is large and rich.",
            (
                Curves("Firms alive after three years", "angle of departments' goals off the vision (radians)", "share of firms", curves(living), y_limits=(-0.02, 1.04)),
                Curves("Margin", "angle of departments' goals off the vision (radians)", "% of revenue, weeks lived", curves(profit), zero=True),
                bars("Firms saved by alignment", "% of firms", gains, 100),
                bars("Margin earned by alignment", "points of revenue", profits, 100),
            ),
            note="Aligned: 0.4 radians, misaligned: 1.2. Ample means: the corporation's scarcity 0.2 for the shop's 0.7 (slack, buffer, margin). Margin: over the weeks that a firm lived.",
        ),
        also,
        nulls=(beyond,),
        data={"closed by the random walk": {f"{p}, {s}": v for (p, s), v in closed.items()}, "alive": {k: [float(x.mean()) for x in v] for k, v in living.items()},
              "margin, %": {k: [float(np.nanmean(x)) for x in v] for k, v in profit.items()}, "goal_spread": spreads},
    )  # fmt: skip
