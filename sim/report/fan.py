"""Fan charts: how the main measures go week by week over all runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.measures.intervals import quantiles
from sim.measures.series import SERIES
from sim.report import style
from sim.report.panel import Panel
from sim.report.run_data import Material

PANELS = ("coherence", "cognitive", "thrust", "rework", "engagement", "satisfaction", "customers", "cash")
"""The series shown, in reading order; the share of firms that are open takes the last place."""
UNITS = {"rework": "share of work", "customers": "start = 1", "cash": "weeks of first cost"}
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
COLUMNS = 3
TALL = 1.3
PITCH = 1.92
Place = tuple[float, float, float, float]


def fan(material: Material, stem: Path) -> list[Path]:
    """Draw median, 50 % and 80 % bands over the firms open in each week; return the files written.

    Parameters
    ----------
    material
        The findings of a batch.
    stem
        Path without suffix; ``.png`` and ``.svg`` are added.
    """
    with style.look():
        key = style.event_key(material.marks)
        rows = -(-(len(PANELS) + 1) // COLUMNS)
        words = style.Heading(_title(material), _subtitle(material))
        start = words.height + 0.85
        figure = style.sheet(start + rows * PITCH + 0.35 + style.key_height(key))
        words.write(figure)
        _legend(figure, words.height + 0.12)
        for i in range(len(PANELS) + 1):
            row, column = divmod(i, COLUMNS)
            place = (0.55 + column * 3.17, start + row * PITCH, 2.72, TALL)
            panel = _panel(figure, place, material, PANELS[i]) if i < len(PANELS) else _open(figure, place, material)
            panel.frame()
            panel.label_weeks(style.week_ticks(material.weeks), written=row == rows - 1)
            panel.events(material.marks)
        style.write_key(figure, key)
        style.footer(figure, material, "bands: quantiles over runs, while a tenth live")
        return style.save(figure, stem)


def _title(material: Material) -> str:
    return f"{material.title}: the firm week by week"


def _subtitle(material: Material) -> str:
    return (
        f"{material.runs} simulated firms that differ {material.difference}; "
        f"{material.survived} of them {'is' if material.survived == 1 else 'are'} still open after {material.weeks} weeks."
    )


def _legend(figure: Figure, top: float) -> None:
    figure.legend(
        [
            Line2D([], [], color=style.BLUE, linewidth=2),
            Patch(color=style.BLUE, alpha=0.45, linewidth=0),
            Patch(color=style.BLUE, alpha=0.18, linewidth=0),
        ],
        ["middle one of the firms open in that week", "half of them", "80 % of them"],
        loc="upper left", bbox_to_anchor=(0.3 / style.WIDTH, 1 - top / figure.get_figheight()), ncols=3,
        borderaxespad=0, borderpad=0, handlelength=1.6, columnspacing=1.8,
    )  # fmt: skip


def _panel(figure: Figure, place: Place, material: Material, name: str) -> Panel:
    values = quantiles(material.of(name), LEVELS)
    values = values[:, material.telling]
    week = np.arange(values.shape[1], dtype=np.float64)
    ticks = style.round_ticks(*_limits(name, float(values[0].min()), float(values[4].max())))
    panel = Panel(figure, place, (0, material.weeks), (ticks[0], ticks[-1]))
    panel.rules(ticks)
    panel.band(week, values[0], values[4], style.BLUE, 0.18)
    panel.band(week, values[1], values[3], style.BLUE, 0.32)
    panel.line(week, values[2], style.BLUE)
    panel.label_left(ticks, [style.number(t) for t in ticks])
    unit = UNITS.get(name)
    panel.title(SERIES[name].label + (f" ({unit})" if unit else ""), raised=bool(material.marks))
    return panel


def _limits(name: str, low: float, high: float) -> tuple[float, float]:
    """Return honest limits: bounded measures over all of their range, the others from 0."""
    if SERIES[name].unit in ("0 to 1", "-1 to 1"):
        return min(0.0, low), 1.0
    return min(0.0, low), max(high, 0.1)


def _open(figure: Figure, place: Place, material: Material) -> Panel:
    week = np.arange(material.weeks, dtype=np.float64)
    closed = material.closed[:, None]
    share = np.mean((closed < 0) | (closed > week), axis=0)
    panel = Panel(figure, place, (0, material.weeks), (0, 1))
    ticks = (0, 0.5, 1)
    panel.rules(ticks)
    panel.band(week, np.zeros(material.weeks), share, style.GREY, 0.25)
    panel.line(week, share, style.INK)
    panel.label_left(ticks, ["0 %", "50 %", "100 %"])
    panel.title("Firms still open", raised=bool(material.marks))
    return panel
