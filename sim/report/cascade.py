"""Heat maps of departments by weeks: where trouble starts and where it goes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Colormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.report import style
from sim.report.panel import Panel
from sim.report.run_data import Material


class Map(NamedTuple):
    """A heat map: the series, its plain title, and whether high values are the good ones."""

    name: str
    title: str
    good: bool


MAPS = (
    Map("alignment", "Alignment: how far their work points along the vision (1 = wholly)", True),
    Map("rework", "Rework: share of the work that is done twice", False),
    Map("overload", "Overload: how far they are behind with their work (0 = not at all)", False),
    Map("engagement", "Engagement: how far people are with it (1 = wholly)", True),
)
Place = tuple[float, float, float, float]
NAMED = 24
"""Department names that fit beside a map."""


def cascade(material: Material, stem: Path) -> list[Path]:
    """Draw each department week by week, as the mean over the runs that live; return the files written.

    Dark is trouble in all four maps. Each has its own scale, which ends where its values end.
    """
    with style.look():
        key = style.event_key(material.marks)
        words = style.Heading(f"{material.title}: department by department", _subtitle(material))
        rows = len(material.department_names)
        tall = min(max(0.17 * rows, 0.8), 3.0)
        start = words.height + 0.5
        figure = style.sheet(start + len(MAPS) * (tall + 0.55) + 0.4 + style.key_height(key))
        words.write(figure)
        left = min(max(0.35 + 0.075 * max(len(_short(n)) for n in material.department_names), 1.0), 2.4)
        for i, which in enumerate(MAPS):
            top = start + i * (tall + 0.55)
            panel = _map(figure, (left, top, 8.85 - left, tall), material, which)
            panel.label_weeks(style.week_ticks(material.weeks), written=i == len(MAPS) - 1)
        style.write_key(figure, key)
        style.footer(figure, material, "cells: means over runs, while a tenth live")
        return style.save(figure, stem)


def _subtitle(material: Material) -> str:
    return (
        "Dark is trouble. Means over the firms open in that week "
        f"(n = {material.runs} at the start, {material.survived} at the end); each map has its own scale."
    )


def _map(figure: Figure, place: Place, material: Material, which: Map) -> Panel:
    values = np.where(material.telling, _means(material.of_departments(which.name)).T, np.nan)
    low, high = _limits(which, values)
    colours = _colours(which.good)
    rows, weeks = values.shape
    panel = Panel(figure, place, (0, weeks), (rows, 0))
    panel.image(values, colours, low, high)
    step = math.ceil(rows / NAMED)
    panel.label_left([d + 0.5 for d in range(0, rows, step)], [_short(n) for n in material.department_names[::step]])
    panel.title(which.title, raised=bool(material.marks))
    panel.events(material.marks, bands=False)
    scale = Panel(figure, (9.02, place[1], 0.16, place[3]), (0, 1), (low, high))
    scale.image(np.linspace(high, low, 64)[:, None], colours, low, high)
    for value, up in ((high, "top"), (low, "bottom")):
        scale.write(style.number(value), 1, value, (0.06, 0), across="left", up=up)
    return panel


def _means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return means over the runs that have a value, (weeks, departments); nan where none has."""
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    means: NDArray[np.float64] = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return means


def _limits(which: Map, values: NDArray[np.float64]) -> tuple[float, float]:
    """Return a scale from the good end (1 or 0) to the worst value, of at least a tenth, on round numbers."""
    if which.good:
        return min(math.floor(10 * float(np.nanmin(values)) + 1e-9) / 10, 0.9), 1.0
    return 0.0, max(math.ceil(10 * float(np.nanmax(values)) - 1e-9) / 10, 0.1)


def _colours(good: bool) -> Colormap:
    return colormaps["YlGnBu_r" if good else "YlGnBu"].with_extremes(bad="#eeeeee")


def _short(name: str) -> str:
    return name if len(name) <= 22 else name[:21] + "…"
