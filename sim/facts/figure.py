"""One figure of all facts: targets as a band, the model as a point, in standard deviations of each fact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.facts.fact import Measured
from sim.report import style

WIDE = 15.0
"""Inches."""
EDGE = 4.0
"""Standard deviations at which the axis ends; what lies farther out is drawn at the edge, with its number."""


def draw(measured: Sequence[Measured], path: Path) -> None:
    """Draw the facts into a file: the fitted ones on the left, those held out on the right."""
    groups = [[m for m in measured if m.fact.use == use] for use in ("fitted", "held out")]
    rows = max(len(group) for group in groups)
    titles = ("The population is fitted to these", "and not to these")
    with style.look():
        height = 1.3 + 0.34 * rows
        figure = Figure(figsize=(WIDE, height), facecolor="white")
        for left, group, title in zip((3.55, 11.2), groups, titles, strict=True):
            axes = figure.add_axes((left / WIDE, 0.75 / height, 3.1 / WIDE, 0.34 * rows / height))
            _panel(axes, group, rows, title)
        note = "Points: model less measured, in standard deviations of the fact; lines: 95 % interval over luck. "
        note += "Grey: within one and two standard deviations. Numbers on the right: the model's."
        figure.text(0.01, 0.12 / height, note, fontsize=8.5, color=style.GREY)
        figure.savefig(path, dpi=130)


def _panel(axes: Axes, group: Sequence[Measured], rows: int, title: str) -> None:
    for reach, shade in ((2, 0.08), (1, 0.12)):
        axes.axvspan(-reach, reach, color=style.INK, alpha=shade, lw=0)
    axes.axvline(0, color=style.INK, lw=1)
    for y, m in enumerate(group):
        label = f"{m.fact.text}  ({_say(m.fact.target)})"
        axes.text(-EDGE - 0.2, y, label, ha="right", va="center", fontsize=8.5)
        if not math.isfinite(m.z):
            axes.text(0, y, "cannot be said", ha="center", va="center", fontsize=8, style="italic")
            continue
        colour = style.BLUE if m.met else style.EVENT
        x = min(max(m.z, -EDGE), EDGE)
        if math.isfinite(m.low):
            low, high = ((v - m.fact.target) / m.fact.sd for v in (m.low, m.high))
            axes.plot([max(low, -EDGE), min(high, EDGE)], [y, y], color=colour, lw=2, alpha=0.55)
        axes.plot(x, y, "o" if abs(m.z) <= EDGE else (">" if m.z > 0 else "<"), color=colour, ms=6)
        axes.text(EDGE + 0.2, y, _say(m.model), ha="left", va="center", fontsize=8.5, color=colour)
    axes.set(xlim=(-EDGE, EDGE), ylim=(rows - 0.5, -0.5), yticks=[], xticks=range(-4, 5, 2))
    axes.set_title(title, fontsize=11, fontweight="bold")
    axes.spines[["left", "right", "top"]].set_visible(False)


def _say(value: float) -> str:
    return f"{value:.2g}" if math.isfinite(value) else "none"
