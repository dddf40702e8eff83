"""A cascade on its way: layer by layer, department by department, week by week, so that one sees it travel."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from sim.claims.figure_spec import Travel
from sim.report import style

START = 0.1
"""Share of a layer's largest loss at which a department counts as reached: where the dots stand."""
RING = 1.62
"""Inches that the stills take."""
STRIP = 0.42
"""Inches above each strip, for its title."""


def travel_height(panel: Travel) -> float:
    """Return the inches that a travel panel takes."""
    return RING + STRIP + len(panel.layers) * (0.17 * len(panel.names) + STRIP)


def travel(figure: Figure, panel: Travel, top: float) -> None:
    """Draw one strip of departments by weeks for each layer, from `top` inches down.

    The shocked department lies on top, the others below it in the order in which work reaches them. Dots mark the week in
    which a department's loss passes a tenth of the layer's largest. Above them, the departments as a ring at a few weeks.
    """
    up, wide = figure.get_figheight(), style.WIDTH
    left, right = 1.55, 9.0
    tall = 0.17 * len(panel.names)
    order = [(panel.shocked + k) % len(panel.names) for k in range(len(panel.names))]
    weeks = np.asarray(panel.weeks, float)
    figure.text(0.3 / wide, 1 - (top - 0.05) / up, panel.title, fontsize=10, fontweight="bold", va="bottom")
    _stills(figure, panel, top + 0.1)
    top += RING
    for i, layer in enumerate(panel.layers):
        y = top + STRIP + i * (tall + STRIP)
        loss = np.asarray(panel.loss[i], float)[order]
        largest = float(np.nanmax(loss))
        axes = figure.add_axes((left / wide, 1 - (y + tall) / up, (right - left) / wide, tall / up))
        axes.imshow(np.clip(loss, 0, None), cmap="YlOrBr", norm=PowerNorm(0.5, 0, max(largest, 1e-9)), aspect="auto",
                    extent=(weeks[0] - 0.5, weeks[-1] + 0.5, len(order) - 0.5, -0.5), interpolation="nearest")  # fmt: skip
        reached = [_arrival(row, START * largest) for row in loss]
        points = [(weeks[w], d) for d, w in enumerate(reached) if w is not None]
        if points:
            axes.plot([p[0] for p in points], [p[1] for p in points], "o", color=style.INK, markersize=3.6)
        names = [panel.names[d] for d in order]
        axes.set_yticks(range(len(order)), [f"{n} (turned)" if d == 0 else n for d, n in enumerate(names)], fontsize=8)
        axes.get_yticklabels()[0].set_color(style.EVENT)
        axes.axvline(0, color=style.EVENT, linewidth=1, linestyle=(0, (3, 2)))
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_title(layer, fontsize=9, fontweight="normal", pad=4, color=style.INK)
        axes.annotate(f"darkest: {largest:.2f}", (1, 1), (0, 4), xycoords="axes fraction", textcoords="offset points",
                      ha="right", fontsize=8, color=style.GREY)  # fmt: skip
        if i == len(panel.layers) - 1:
            axes.set_xlabel("weeks after the turn")
        else:
            axes.set_xticklabels([])
    arrow = FancyArrowPatch(
        ((right + 0.25) / wide, 1 - (top + 0.42) / up),
        ((right + 0.25) / wide, 1 - (top + 0.42 + len(panel.layers) * (tall + 0.42) - 0.42) / up),
        arrowstyle="-|>", mutation_scale=12, color=style.GREY, linewidth=1,
        transform=figure.transFigure,
    )  # fmt: skip
    figure.add_artist(arrow)
    figure.text((right + 0.42) / wide, 1 - (top + 0.42 + len(panel.layers) * (tall + 0.42) / 2 - 0.2) / up,
                "from layer to layer", rotation=270, fontsize=8, color=style.GREY, va="center", ha="left")  # fmt: skip


def _arrival(loss: np.ndarray[tuple[int, ...], np.dtype[np.float64]], threshold: float) -> int | None:
    beyond = np.flatnonzero(loss >= threshold)
    return int(beyond[0]) if len(beyond) and threshold > 0 else None


def _stills(figure: Figure, panel: Travel, top: float) -> None:
    """Draw departments as rings at some weeks, darker the more they lose on average over the layers, with hand-offs as arrows."""
    up, wide = figure.get_figheight(), style.WIDTH
    loss = np.stack(
        [np.clip(np.asarray(layer, float), 0, None) / max(float(np.nanmax(layer)), 1e-9) for layer in panel.loss]
    )
    mean = np.nanmean(loss, axis=0)
    mean = np.sqrt(mean / max(float(np.nanmax(mean)), 1e-9))  # as in the strips, so that faint loss shows
    weeks = list(panel.weeks)
    shown = [w for w in panel.stills if w in weeks]
    count = len(panel.names)
    angle = [np.pi / 2 - 2 * np.pi * ((d - panel.shocked) % count) / count for d in range(count)]
    place = np.column_stack([np.cos(angle), np.sin(angle)])
    size = (wide - 0.8) / max(len(shown), 1)
    for i, week in enumerate(shown):
        side = min(RING - 0.35, size)
        left = 0.4 + i * size + (size - side) / 2
        axes = figure.add_axes((left / wide, 1 - (top + 0.2 + side) / up, side / wide, side / up))
        axes.set_xlim(-1.55, 1.55)
        axes.set_ylim(-1.55, 1.55)
        axes.axis("off")
        axes.set_title(f"week {week}", fontsize=9, pad=2, loc="center", fontweight="normal")
        for d, row in enumerate(panel.flow):
            for f, share in enumerate(row):
                if f != d and share > 0.3:
                    axes.annotate("", place[d] * 0.98, place[f] * 0.98, arrowprops={
                        "arrowstyle": "-|>", "color": "#9a9a9a", "shrinkA": 11, "shrinkB": 11, "linewidth": 1, "mutation_scale": 8})  # fmt: skip
        for d in range(count):
            axes.plot(*place[d], "o", markersize=19, color=colormaps["YlOrBr"](mean[d, weeks.index(week)]),
                      markeredgecolor=style.EVENT if d == panel.shocked else "#9a9a9a",
                      markeredgewidth=1.8 if d == panel.shocked else 0.8)  # fmt: skip
            dark = mean[d, weeks.index(week)] > 0.55
            axes.text(float(place[d, 0]), float(place[d, 1]), panel.names[d][:4], fontsize=6.5, ha="center", va="center",
                      color="white" if dark else style.INK)  # fmt: skip
