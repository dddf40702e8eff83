"""The figure of a claim: its panels side by side, and under them what they rest on."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.claims.claim import Entry
from sim.claims.figure_spec import Bars, Curves, Forest, Heat, Histogram, Line, Panel, Travel
from sim.claims.travel_figure import travel, travel_height
from sim.measures.contrast import Contrast
from sim.output.version import package_version
from sim.report import style

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
VERDICTS = {"reproduced": "#00734f", "reversed": "#b3261e", "no effect": "#6b6b6b", "conditional": "#9a6300"}
READINGS = {"as expected": "#00734f", "reversed": "#b3261e", "no effect": "#6b6b6b", "not shown": "#6b6b6b"}
TALL = 2.35
GAP = 1.0
"""Inches between rows: axis labels and the next titles."""
LEFT = 0.75


def claim_figure(entry: Entry, stem: Path) -> list[Path]:
    """Draw a claim's picture; return the files written.

    Parameters
    ----------
    entry
        The claim with its findings and verdict.
    stem
        Path without suffix; ``.png`` and ``.svg`` are added.
    """
    picture = entry.findings.picture
    with style.look(), mpl.rc_context(_AXES):
        words = style.Heading(f"{entry.claim.id}  {entry.claim.title}", picture.says)
        rows = _rows(picture.panels, picture.columns)
        note = textwrap.wrap(picture.note, 150)
        start = words.height + 0.88 + 0.15 * len(_said(entry).splitlines())
        below = 0.55 + 0.16 * len(note)
        height = start + sum(_tall(row) for row in rows) + GAP * len(rows) - 0.35 + below
        figure = style.sheet(height)
        words.write(figure)
        _verdict(figure, entry, words.height)
        top = start
        for row in rows:
            _row(figure, row, top, picture.columns)
            top += _tall(row) + GAP
        if note:
            figure.text(
                0.3 / style.WIDTH,
                0.5 / height,
                "\n".join(note),
                fontsize=8.5,
                color=style.GREY,
                va="bottom",
                linespacing=1.3,
            )
        _footer(figure, entry)
        return style.save(figure, stem)


_AXES: dict[Any, Any] = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#999999",
    "axes.labelcolor": style.GREY,
    "axes.labelsize": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "xtick.color": style.GREY,
    "ytick.color": style.GREY,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "legend.frameon": True,
    "legend.framealpha": 0.75,
    "legend.edgecolor": "none",
    "legend.title_fontsize": 8.5,
}


def _rows(panels: Sequence[Panel], columns: int) -> list[list[Panel]]:
    rows: list[list[Panel]] = []
    for panel in panels:
        alone = isinstance(panel, Travel)
        if alone or not rows or len(rows[-1]) == columns or isinstance(rows[-1][0], Travel):
            rows.append([])
        rows[-1].append(panel)
    return rows


def _tall(row: Sequence[Panel]) -> float:
    heights = [TALL]
    for panel in row:
        if isinstance(panel, Travel):
            heights.append(travel_height(panel))
        elif isinstance(panel, Forest):
            heights.append(0.42 * len(panel.contrasts) + 0.2)
        elif isinstance(panel, Bars):
            heights.append(0.26 * len(panel.names) + 0.2)
    return max(heights)


def _row(figure: Figure, row: Sequence[Panel], top: float, columns: int) -> None:
    if isinstance(row[0], Travel):
        travel(figure, row[0], top)
        return
    wide, tall = (style.WIDTH - 0.3) / columns, _tall(row)
    for i, panel in enumerate(row):
        left = 0.3 + i * wide + _margin(panel, wide)
        right = 0.3 + (i + 1) * wide - (0.7 if isinstance(panel, Heat) else 0.25)
        up = figure.get_figheight()
        axes = figure.add_axes((left / style.WIDTH, 1 - (top + tall) / up, (right - left) / style.WIDTH, tall / up))
        axes.set_title("\n".join(textwrap.wrap(panel.title, int((right - left + 0.3) * 12))), x=-0.0, pad=8)
        _DRAW[type(panel)](axes, panel)


def _margin(panel: Panel, wide: float) -> float:
    if isinstance(panel, Forest):
        return min(wide * 0.52, 2.6)
    if isinstance(panel, Bars):
        return min(0.3 + 0.075 * max(len(n) for n in panel.names), wide * 0.5)
    return LEFT - 0.1


def _curves(axes: Axes, panel: Curves) -> None:
    colours = iter(COLOURS * 3)
    for line in panel.lines:
        _line(axes, line, colours)
    if panel.zero:
        axes.axhline(0, color="#999999", linewidth=0.8, zorder=1)
    if panel.log_x:
        axes.set_xscale("log")
        xs = sorted({x for line in panel.lines for x in line.x if line.role != "null"})
        axes.set_xticks(xs, [style.number(x) for x in xs])
        axes.minorticks_off()
    if panel.log_y:
        axes.set_yscale("log")
    if panel.y_limits:
        axes.set_ylim(*panel.y_limits)
    for x, text in panel.marks:
        axes.axvline(x, color=style.EVENT, linewidth=1, linestyle=(0, (3, 2)), zorder=1)
        axes.annotate(text, (x, 1), (3, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
                      color=style.EVENT, fontsize=8, va="top")  # fmt: skip
    axes.set_xlabel(panel.x)
    axes.set_ylabel(panel.y)
    axes.grid(axis="y", color="#ececec", linewidth=0.8)
    axes.set_axisbelow(True)
    if len(panel.lines) > 1 or panel.lines[0].label:
        axes.legend(loc="best", handlelength=1.5, borderpad=0.2, labelspacing=0.3)


def _line(axes: Axes, line: Line, colours: Any) -> None:
    x, y = np.asarray(line.x, float), np.asarray(line.y, float)
    if line.role == "null":
        axes.plot(x, y, color=style.GREY, linewidth=1.3, linestyle=(0, (4, 2)), label=line.label, zorder=2)
        return
    colour = "#8a8a8a" if line.role == "base" else next(colours)
    marker = "o" if len(x) <= 14 else ""
    axes.plot(x, y, color=colour, linewidth=1.8, marker=marker, markersize=3.8, label=line.label, zorder=3)
    if len(line.low):
        axes.fill_between(
            x, np.asarray(line.low, float), np.asarray(line.high, float), color=colour, alpha=0.18, linewidth=0
        )


def _heat(axes: Axes, panel: Heat) -> None:
    values = np.asarray(panel.values, float)
    colours = {"bad": "YlOrBr", "good": "YlGnBu_r", "signed": "RdBu"}[panel.high_is]
    low, high = panel.limits or (float(np.nanmin(values)), float(np.nanmax(values)))
    if panel.high_is == "signed" and panel.limits is None:
        high = max(abs(low), abs(high))
        low = -high
    image = axes.imshow(values, cmap=colours, vmin=low, vmax=high, origin="lower", aspect="auto")
    cell = axes.get_position().width * style.WIDTH * 72 / values.shape[1]
    size = min(7.5, cell / (0.62 * (panel.decimals + 2 + (low < 0))))  # in points, as wide as the cell allows
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value) or size < 4.5:
            continue
        red, green, blue, _ = image.cmap(image.norm(value))
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
        text = f"{value:.{panel.decimals}f}".replace("-", "\N{MINUS SIGN}")
        axes.text(column, row, text, ha="center", va="center", fontsize=size, color="white" if dark else style.INK)
    axes.set_xticks(range(len(panel.xs)), [style.number(x) for x in panel.xs], fontsize=min(8.5, size + 1))
    axes.set_yticks(range(len(panel.ys)), [style.number(y) for y in panel.ys])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(panel.x)
    axes.set_ylabel(panel.y)
    if panel.contour is not None and min(values.shape) > 3 and np.nanmin(values) < panel.contour < np.nanmax(values):
        axes.contour(values, levels=[panel.contour], colors=[style.INK], linewidths=1.2)
    bar = axes.figure.colorbar(image, ax=axes, fraction=0.05, pad=0.03)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=7.5, length=2)
    bar.set_label(panel.label, fontsize=8)


def _bars(axes: Axes, panel: Bars) -> None:
    y = np.arange(len(panel.names))[::-1]
    values = np.asarray(panel.values, float)
    axes.barh(y, values, color=COLOURS[0], height=0.62, alpha=0.85)
    if len(panel.low):
        low, high = np.asarray(panel.low, float), np.asarray(panel.high, float)
        axes.hlines(y, low, high, color=style.INK, linewidth=1.4)
    axes.set_yticks(y, list(panel.names))
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(panel.x)
    if panel.zero:
        axes.axvline(0, color="#999999", linewidth=0.8)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#ececec", linewidth=0.8)
    axes.set_axisbelow(True)


def _forest(axes: Axes, panel: Forest) -> None:
    """Draw each contrast on a scale of its own smallest effect of interest, so that unlike units stand side by side."""
    y = np.arange(len(panel.contrasts))[::-1]
    limit = 0.0
    for place, c in zip(y, panel.contrasts, strict=True):
        values = np.array([c.low, c.effect, c.high]) / c.smallest
        colour = READINGS[c.reading]
        axes.plot(_squash(values[[0, 2]]), [place, place], color=colour, linewidth=2.2, solid_capstyle="butt")
        axes.plot(_squash(values[1:2]), [place], "o", color=colour, markersize=5.5)
        axes.annotate(str(c), (_squash(values[1:2])[0], place), (0, 7), textcoords="offset points", fontsize=7.5,
                      ha="center", color=colour)  # fmt: skip
        limit = max(limit, float(np.nanmax(np.abs(_squash(values)), initial=1.0)))
    axes.axvspan(-1, 1, color="#eeeeee", zorder=0, linewidth=0)
    axes.axvline(0, color="#999999", linewidth=0.8)
    axes.set_xlim(-1.45 * limit, 1.45 * limit)
    axes.set_ylim(-0.6, len(y) - 0.3)
    axes.set_yticks(y, ["\n".join(textwrap.wrap(_named(c), 34)) for c in panel.contrasts], fontsize=8)
    ticks = [
        t
        for t in (-100, -30, -10, -3, -1, 0, 1, 3, 10, 30, 100)
        if abs(_squash(np.array([float(t)]))[0]) <= 1.3 * limit
    ]
    axes.set_xticks(_squash(np.array(ticks, float)), [style.number(t) for t in ticks])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("in smallest effects of interest (grey: too small to matter)")


def _named(contrast: Contrast) -> str:
    return f"{contrast.name} ({contrast.where})" if contrast.where else contrast.name


def _squash(values: Any) -> Any:
    """Linear within the smallest effect of interest, logarithmic beyond."""
    magnitude = np.abs(values)
    return np.sign(values) * np.where(magnitude <= 1, magnitude, 1 + np.log(np.maximum(magnitude, 1)))


def _histogram(axes: Axes, panel: Histogram) -> None:
    values = np.asarray(panel.values, float)
    values = values[~np.isnan(values)]
    axes.hist(values, bins=panel.bins, color=COLOURS[0], alpha=0.85, edgecolor="white", linewidth=0.4,
              weights=np.full(len(values), 100 / max(len(values), 1)))  # fmt: skip
    for x, text in panel.marks:
        axes.axvline(x, color=style.EVENT, linewidth=1, linestyle=(0, (3, 2)))
        axes.annotate(text, (x, 1), (3, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
                      color=style.EVENT, fontsize=8, va="top")  # fmt: skip
    axes.set_xlabel("\n".join(textwrap.wrap(panel.x, 52)))
    axes.set_ylabel("% of firms")


_DRAW: dict[type, Callable[[Axes, Any], None]] = {
    Curves: _curves,
    Heat: _heat,
    Bars: _bars,
    Forest: _forest,
    Histogram: _histogram,
}


def _verdict(figure: Figure, entry: Entry, top: float) -> None:
    up = figure.get_figheight()
    verdict = entry.judgement.verdict
    colour = VERDICTS[verdict]
    text = f"{verdict.upper()}{' (quick design)' if entry.quick else ''}"
    figure.text(0.35 / style.WIDTH, 1 - (top + 0.08) / up, text, fontsize=9, fontweight="bold", color="white", va="top",
                bbox={"boxstyle": "round,pad=0.3", "facecolor": colour, "edgecolor": "none"})  # fmt: skip
    figure.text(0.3 / style.WIDTH, 1 - (top + 0.38) / up, _said(entry), fontsize=9, color=style.INK, va="top")


def _said(entry: Entry) -> str:
    where = f" ({entry.headline.where})" if entry.headline.where else ""
    text = f"{entry.headline.name}{where}: {entry.headline}, 95 % interval, n = {entry.headline.n} pairs"
    return "\n".join(textwrap.wrap(text, 130))


def _footer(figure: Figure, entry: Entry) -> None:
    kinds = ", ".join(dict.fromkeys(c.interval for c in entry.findings.core))
    text = (
        f"{entry.runs} runs, up to n = {entry.replicates} firms a point, seed {entry.seed}, replicates 0 to "
        f"{entry.replicates - 1}  |  bands and bars: 95 %, {kinds}  |  smb-coherence {package_version()}, "
        f"scenario {entry.scenario}, design {entry.design}"
    )
    figure.text(
        0.3 / style.WIDTH,
        0.12 / figure.get_figheight(),
        "\n".join(textwrap.wrap(text, 150)),
        fontsize=8,
        color=style.GREY,
        va="bottom",
    )
