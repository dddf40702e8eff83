"""A compass: where market, vision, departments and people head, on the two trade-offs that matter most."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sim.report import style
from sim.report.panel import Panel
from sim.report.run_data import Material, View

NAMED = 8
"""Departments that get a colour of their own; where there are more, all share one."""
SHAPES = ("o", "s", "D", "^", "v", "P", "X", "p")
SIDE = 4.3
LEGEND_COLUMNS = 4


def main_axes(views: tuple[View, ...]) -> tuple[tuple[int, int], float]:
    """Return the two axes with the largest mean square component, in order, and their share of the total.

    Everybody who is portrayed counts once: market, vision, departments and people. Ties go to the earlier axis.
    """
    rows = np.vstack([np.vstack([v.market, v.vision, v.departments, v.people]) for v in views])
    power = np.mean(rows**2, axis=0)
    first, second = sorted(np.argsort(-power, kind="stable")[:2])
    total = float(power.sum())
    return (int(first), int(second)), float(power[first] + power[second]) / total if total > 0 else 1.0


def compass(material: Material, stem: Path) -> list[Path]:
    """Draw the directions of the representative run, early and late; return the files written.

    Raises
    ------
    ValueError
        Without views of directions.
    """
    if not material.views:
        raise ValueError("material.views is empty: a compass needs the directions of at least one week")
    with style.look():
        chosen, share = main_axes(material.views)
        legend = _handles(material)
        words = style.Heading(f"{material.title}: where everybody heads", _subtitle(material, share))
        start = words.height + 0.5
        figure = style.sheet(start + SIDE + 0.75 + 0.23 * -(-len(legend) // LEGEND_COLUMNS))
        words.write(figure)
        for i, view in enumerate(material.views):
            _dial(Panel(figure, (0.4 + i * 4.85, start, SIDE, SIDE), (-1.2, 1.2), (-1.2, 1.2)), material, view, chosen)
        figure.legend(
            handles=legend, loc="lower left", bbox_to_anchor=(0.3 / style.WIDTH, 0.45 / figure.get_figheight()),
            ncols=LEGEND_COLUMNS, borderaxespad=0, borderpad=0, handlelength=1.8, columnspacing=2.0, labelspacing=0.45,
        )  # fmt: skip
        style.footer(figure, material, f"shown: replicate {material.replicates[material.portrait]}")
        return style.save(figure, stem)


def _subtitle(material: Material, share: float) -> str:
    number = int(material.replicates[material.portrait])
    if material.closed[material.portrait] < 0:
        why = "the surviving firm whose thrust is nearest to the median"
    else:
        why = "the firm that lived longest, as none survived"
    rest = len(material.axes) - 2
    text = f"One firm, replicate {number}: {why}. Directions on the two trade-offs shown"
    return text + (
        f", which carry {100 * share:.0f} % of them; a short arrow points along the other {rest}." if rest else "."
    )


def _dial(panel: Panel, material: Material, view: View, chosen: tuple[int, int]) -> None:
    turn = np.linspace(0, 2 * np.pi, 121)
    for radius in (0.5, 1.0):
        panel.line(radius * np.cos(turn), radius * np.sin(turn), style.FAINT, width=1, level=0)
    panel.line([-1, 1], [0, 0], style.FAINT, width=1, level=0)
    panel.line([0, 0], [-1, 1], style.FAINT, width=1, level=0)
    (right, left), (up, down) = material.axes[chosen[0]], material.axes[chosen[1]]
    for text, x, y, angle in ((right, 1.08, 0, 270), (left, -1.08, 0, 90), (up, 0, 1.08, 0), (down, 0, -1.08, 0)):
        panel.write(_short(text), x, y, colour=style.GREY, size=10, turn=angle, slant="italic")
    colours = _colours(material)
    for d, direction in enumerate(view.departments[:, chosen]):
        people = view.people[view.department_of == d][:, chosen]
        panel.dots(people[:, 0], people[:, 1], colours[d], size=4.5, alpha=0.45)
        if np.isfinite(direction).all():
            panel.line([0, direction[0]], [0, direction[1]], colours[d], width=1.2)
            panel.dots(direction[0], direction[1], colours[d], _shape(material, d), edge="white")
    _arrow(panel, view.market[list(chosen)], style.INK, ())
    _arrow(panel, view.vision[list(chosen)], style.EVENT, (4, 1.5))
    at = (material.portrait, view.week)
    text = (
        f"Week {view.week}: rowing together {material.of('coherence')[at]:.2f}, thrust {material.of('thrust')[at]:.2f}"
    )
    panel.write(text, -1.2, 1.25, size=10.5, across="left", up="bottom", weight="bold")


def _arrow(panel: Panel, tip: NDArray[np.float64], colour: str, dashes: tuple[float, ...]) -> None:
    length = float(np.hypot(*tip))
    if length < 1e-6:
        return
    along = tip / length
    aside = np.array([-along[1], along[0]])
    back = tip - 0.09 * along
    panel.line([0, back[0]], [0, back[1]], colour, width=2.2, dashes=dashes, level=5)
    panel.polygon([tip, back + 0.04 * aside, back - 0.04 * aside], colour, level=7)


def _colours(material: Material) -> list[str]:
    names = material.department_names
    if len(names) > NAMED:
        return [style.BLUE] * len(names)
    return list(style.DEPARTMENTS[: len(names)])


def _shape(material: Material, department: int) -> str:
    return SHAPES[department] if len(material.department_names) <= NAMED else "o"


def _handles(material: Material) -> list[Line2D]:
    colours = _colours(material)
    names = material.department_names if len(material.department_names) <= NAMED else ("departments",)
    handles = [
        Line2D([], [], color=style.INK, linewidth=2.2, label="market: what customers want"),
        Line2D(
            [], [], color=style.EVENT, linewidth=2.2, linestyle=(0, (4, 1.5)), label="vision: what the founder wants"
        ),
    ]
    handles += [
        Line2D([], [], color=colours[d], marker=_shape(material, d), markersize=7, linewidth=1.2, label=_short(name))
        for d, name in enumerate(names)
    ]
    handles.append(
        Line2D(
            [], [], color=style.GREY, marker="o", markersize=4, alpha=0.6, linewidth=0, label="people, by department"
        )
    )
    return handles


def _short(name: str) -> str:
    return name if len(name) <= 26 else name[:25] + "…"
