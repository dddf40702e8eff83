"""Figures that tell whether a study was large enough: indices against N, and steadiness against replicates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.report import style
from sim.sensitivity.convergence import Convergence
from sim.sensitivity.replicates import Stability
from sim.sensitivity.report.figure import Sheet, short
from sim.sensitivity.sample import Sample

MOST = 6
"""Factors that are drawn in colour: the strongest."""


def convergence(found: Convergence, stem: Path) -> list[Path]:
    """Draw the ranking index of each factor against the size of the design, with its 95 % interval."""
    with style.look():
        f = found.findings
        order = np.argsort(-found.values[-1], kind="stable")
        sheet = Sheet(f"How the indices settle: {f.source.label}", f.verdict.text, 3.9)
        ax = sheet.axes(0.9, 0.1, 7.2, 3.3)
        sizes = found.sizes.astype(np.float64)
        for i in order[MOST:]:
            ax.plot(sizes, found.values[:, i], color=style.FAINT, linewidth=1, zorder=1)
        ends = []
        for rank, i in enumerate(order[:MOST]):
            colour = style.DEPARTMENTS[rank]
            ax.fill_between(sizes, found.low[:, i], found.high[:, i], color=colour, alpha=0.13, linewidth=0)
            ax.plot(sizes, found.values[:, i], color=colour, marker="o", markersize=4, linewidth=1.8)
            ends.append((float(found.values[-1, i]), short(f.names[i]), colour))
        low, high = ax.get_ylim()
        gap = 0.055 * (high - low)
        last = np.inf
        for value, name, colour in sorted(ends, reverse=True):
            last = min(value, last - gap)
            ax.text(sizes[-1] * 1.04, last, name, color=colour, va="center", fontsize=9.5)
        ax.set_xscale("log", base=2)
        ax.set_xticks(sizes, [f"{int(n):,}" for n in sizes])
        ax.minorticks_off()
        ax.set_xlabel(f"{f.unit}: the design's first part, up to all of it")
        ax.set_ylabel(f.indices[0].label)
        return sheet.save(f.source, f.interval, stem)


def stability(sample: Sample, found: Stability, stem: Path) -> list[Path]:
    """Draw how steady points' statistics are with more and more replicates (Lorscheid et al. 2012; Lee et al. 2015)."""
    with style.look():
        words = (
            f"The coefficient of variation stays within {100 * found.tolerance:.0f} % of its last value from {found.settled} replicates on."
            if found.settled is not None
            else "The coefficient of variation has not settled: more replicates are needed to know how many are enough."
        )
        if found.needed is not None:
            words += f" Luck is below 5 % of the variance of points' means from {found.needed:,} replicates on."
        sheet = Sheet(f"How many replicates are enough: {sample.source.label}", words, 3.6)
        left, right = sheet.axes(0.9, 0.25, 3.9, 2.8), sheet.axes(5.8, 0.25, 3.8, 2.8)
        low, middle, high = found.variation
        left.fill_between(
            found.counts, low, high, color=style.BLUE, alpha=0.18, linewidth=0, label="80 % of the points"
        )
        left.plot(found.counts, middle, color=style.BLUE, linewidth=2, label="mean over points")
        left.set_title("Coefficient of variation", loc="left", fontsize=10.5, fontweight="bold")
        left.legend(loc="upper right")
        right.plot(found.counts, found.remaining, color=style.BLUE, linewidth=2)
        right.axhline(0.05, color=style.EVENT, linewidth=1, dashes=(4, 2))
        right.set_title("Luck in the variance of points' means", loc="left", fontsize=10.5, fontweight="bold")
        right.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        for ax in (left, right):
            ax.set_ylim(bottom=0)
            ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
            ax.set_xlabel("replicates")
        return sheet.save(sample.source, "bands: quantiles over points (10, 90 %)", stem)
