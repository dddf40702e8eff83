"""One figure of eight panels for March (1991): our runs, the reference where there is one, intervals."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from experiments.docking.dock import Docking
from experiments.docking.picture import BLUE, COLOURS, EVENT, GREEN, GREY, INK, ORANGE, curve, drawn


def draw(found: Docking, folder: Path, n: int, fewer: int) -> None:
    """Draw ``march.png`` and ``march.svg``."""
    t = found.tables
    one, two, three, four, five, peak, size = (
        t[k] for k in ("figure_1", "figure_2", "figure_3", "figure_4", "figure_5", "best_turnover", "size")
    )
    cells = [c for c in found.checks if c.what.startswith("Figure 1")]
    title = f"March (1991) rebuilt: {sum(c.passed for c in cells)} of {len(cells)} cells of Figure 1 match"
    subtitle = (
        "Knowledge of the organisation's code (1: all right, 0: a guess). Slow socialisation, mixed people and some turnover keep "
        "enough difference alive to learn from; with a moving reality an organisation without turnover goes stale."
    )
    rests = f"Figure 1 and 5 without turnover: n = {n} runs a cell, best turnover {fewer // 2}, others {fewer}; bars and bands: 95 % intervals of means; seed {found.seed}, Philox key per cell and run"
    with drawn(folder / "march", title, subtitle, rests, rows=4, columns=2, height=2.6) as panels:
        p = panels[0]
        p.set_title("Figure 1: fast people spoil a fast code", loc="left", fontsize=10.5)
        for k, p2 in enumerate(one["p2"]):
            curve(p, one["p1"], one["mean"][k], one["half"][k], COLOURS[k], f"code learns at p2 = {p2}")
            p.plot(one["p1"], one["reference"][k], "x", color=INK, markersize=7, label="reference" if k == 2 else None)
        p.set(xlabel="people learn at p1", ylabel="knowledge at equilibrium", ylim=(0.68, 1))
        p.legend(fontsize=8.5)

        p = panels[1]
        p.set_title("Figure 2: slow and fast together beat their mean", loc="left", fontsize=10.5)
        curve(p, two["p1"], two["mixed"], two["mixed_half"], BLUE, "mixture of p1 = .1 and .9")
        curve(p, two["p1"], two["same"], two["same_half"], ORANGE, "all at the mean p1")
        p.set(xlabel="mean p1 (p2 = .5)", ylabel="knowledge at equilibrium")
        p.legend(fontsize=8.5)

        p = panels[2]
        p.set_title("Figure 3: the fast know more, thanks to the slow", loc="left", fontsize=10.5)
        share = np.asarray(three["fast"]) / 50
        for k, (name, colour) in enumerate((("slow people", ORANGE), ("fast people", BLUE), ("code", GREY))):
            curve(p, share, three["mean"][:, k], three["half"][:, k], colour, name)
        p.set(xlabel="share of fast people", ylabel="knowledge at period 20")
        p.legend(fontsize=8.5)

        p = panels[3]
        p.set_title("Figure 4: turnover helps where people learn fast", loc="left", fontsize=10.5)
        for name, colour, label in (
            ("p1=0.1", BLUE, "slow people, p1 = .1"),
            ("p1=0.9", ORANGE, "fast people, p1 = .9"),
        ):
            curve(p, four["p3"], four[name]["mean"], four[name]["half"], colour, label)
        p.set(xlabel="turnover p3 per period", ylabel="code at period 20")
        p.legend(fontsize=8.5)

        p = panels[4]
        p.set_title("Figure 5: without turnover the code goes stale", loc="left", fontsize=10.5)
        weeks = np.arange(len(five["p3=0"]["mean"]))
        curve(p, weeks, five["p3=0"]["mean"], five["p3=0"]["half"], BLUE, "no turnover")
        curve(p, weeks, five["p3=0.1"]["mean"], five["p3=0.1"]["half"], ORANGE, "turnover .1")
        start = five["exact_from"]
        exact = five["p3=0"]["mean"][start] * (1 - 2 * five["p4"]) ** (weeks[start:] - start)
        p.plot(weeks[start:], exact, "--", color=INK, linewidth=1, label="exact decay (1 − 2 p4)^t")
        p.set(xlabel="period (p4 = .02, p1 = p2 = .5)", ylabel="code")
        p.legend(fontsize=8.5)

        p = panels[5]
        p.set_title("The faster reality moves, the more turnover is best", loc="left", fontsize=10.5)
        at = np.arange(len(peak["p4"]))
        middle, low, high = np.asarray(peak["best"]).T
        p.errorbar(at, middle, yerr=[middle - low, high - middle], fmt="o-", color=GREEN, markersize=4, capsize=2)
        p.set_xticks(at, [f"{x:g}" for x in peak["p4"]])
        p.set(xlabel="turbulence p4 per period", ylabel="best turnover p3 (bootstrap)", ylim=(0, None))

        p = panels[6]
        p.set_title("What turnover does in still and moving worlds", loc="left", fontsize=10.5)
        for k, colour in zip((0, 3, 4, 5, 6), COLOURS, strict=False):
            curve(p, peak["p3"], peak["mean"][k], peak["half"][k], colour, f"p4 = {peak['p4'][k]:g}")
        p.set(xlabel="turnover p3 per period", ylabel="code, periods 100-150")
        p.legend(fontsize=8.5, ncols=2)

        p = panels[7]
        p.set_title("More people, more knowledge", loc="left", fontsize=10.5)
        curve(p, size["people"], size["mean"], size["half"], EVENT)
        p.set(xlabel="people n (p1 = p2 = .5)", ylabel="knowledge at equilibrium")
