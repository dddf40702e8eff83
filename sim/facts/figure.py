"""One figure of all facts: targets as a band, the model as a point, in standard deviations of each fact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from sim.facts.fact import Measured
from sim.report import style

EDGE = 4.0
"""Standard deviations at which the axis ends; what lies farther out is drawn at the edge, with its number."""


def draw(measured: Sequence[Measured], path: Path) -> None:
    """Draw the facts into a file: the fitted ones on the left, those held out on the right."""
    from matplotlib.figure import Figure

    groups = [[m for m in measured if m.fact.use == use] for use in ("fitted", "held out")]
    rows = max(len(group) for group in groups)
    with style.look():
        figure = Figure(figsize=(13, 1.4 + 0.36 * rows), layout="constrained")
        panels = figure.subplots(1, 2)
        for axes, group, title in zip(
            panels, groups, ("The population is fitted to these", "and not to these"), strict=True
        ):
            _panel(axes, group, rows, title)
        figure.savefig(path, dpi=160)


def _panel(axes, group: Sequence[Measured], rows: int, title: str) -> None:  # type: ignore[no-untyped-def]
    for reach, shade in ((2, 0.10), (1, 0.16)):
        axes.axvspan(-reach, reach, color=style.INK, alpha=shade, lw=0)
    axes.axvline(0, color=style.INK, lw=1)
    for y, m in enumerate(group):
        label = f"{m.fact.text}  ({_say(m.fact.target)} measured)"
        axes.text(-0.02, y, label, transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=8.5)
        if not math.isfinite(m.z):
            axes.text(0, y, "cannot be said", ha="center", va="center", fontsize=8, style="italic")
            continue
        colour = style.BLUE if m.met else style.EVENT
        x = min(max(m.z, -EDGE), EDGE)
        if math.isfinite(m.low):
            low, high = ((v - m.fact.target) / m.fact.sd for v in (m.low, m.high))
            axes.plot([max(low, -EDGE), min(high, EDGE)], [y, y], color=colour, lw=2, alpha=0.6)
        axes.plot(x, y, "o" if abs(m.z) <= EDGE else (">" if m.z > 0 else "<"), color=colour, ms=6)
        axes.text(EDGE + 0.15, y, _say(m.model), ha="left", va="center", fontsize=8.5, color=colour)
    axes.set(xlim=(-EDGE, EDGE), ylim=(rows - 0.5, -0.5), yticks=[], title=title)
    axes.set_xlabel("model less measured, in standard deviations of the fact")


def _say(value: float) -> str:
    return f"{value:.2g}" if math.isfinite(value) else "none"
