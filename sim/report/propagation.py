"""A cascade on its way: layer by layer, department by department, week by week, so that one sees it travel."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from sim.report import style
from sim.study.picture import Travel

START = 0.1
"""Share of a layer's largest loss at which a department counts as reached: where the dots stand."""


def travel(figure: Figure, panel: Travel, top: float) -> None:
    """Draw one strip of departments by weeks for each layer, from `top` inches down, and the path of arrival.

    The shocked department lies on top, the others below it in the order in which work reaches them. Dots mark the week in
    which a department's loss passes a tenth of the layer's largest; the line that joins them is the front of the cascade.
    """
    up, wide = figure.get_figheight(), style.WIDTH
    left, right = 1.55, 9.0
    tall = 0.17 * len(panel.names)
    order = [(panel.shocked + k) % len(panel.names) for k in range(len(panel.names))]
    weeks = np.asarray(panel.weeks, float)
    figure.text(0.3 / wide, 1 - (top - 0.05) / up, panel.title, fontsize=10, fontweight="bold", va="bottom")
    for i, layer in enumerate(panel.layers):
        y = top + 0.42 + i * (tall + 0.42)
        loss = np.asarray(panel.loss[i], float)[order]
        largest = float(np.nanmax(loss))
        axes = figure.add_axes((left / wide, 1 - (y + tall) / up, (right - left) / wide, tall / up))
        axes.imshow(np.clip(loss, 0, None), cmap="YlOrBr", vmin=0, vmax=max(largest, 1e-9), aspect="auto",
                    extent=(weeks[0] - 0.5, weeks[-1] + 0.5, len(order) - 0.5, -0.5), interpolation="nearest")  # fmt: skip
        reached = [_arrival(row, START * largest) for row in loss]
        points = [(weeks[w], d) for d, w in enumerate(reached) if w is not None]
        if points:
            axes.plot([p[0] for p in points], [p[1] for p in points], color=style.INK, linewidth=0.9, alpha=0.7)
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
