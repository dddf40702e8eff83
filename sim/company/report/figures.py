"""Figures of the report: drawn with matplotlib, as SVG whose text stays text, on scales that do not move with the data."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.company.report.plain_words import minus
from sim.measures.intervals import quantiles, wilson
from sim.measures.outcomes import OUTCOMES
from sim.measures.series import SERIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.company.report.tornado import Bar
    from sim.company.whatif.whatif import Found
    from sim.simulate import Batch

INK, SOFT, LINE, BLUE, ORANGE, FAINT = "#1c2b33", "#51626b", "#d5dde1", "#00568a", "#a63c00", "#b9c6cd"
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#8C510A", "#7F7F7F", "#5D3A9B")
"""Okabe and Ito's colours (2008), and three more of other lightness."""
WIDTH = 9.0
NUMBERED = 16
"""Rows of a matrix up to which every cell carries its number."""
NAMED = 40
"""Rows up to which every row carries its name."""


@contextmanager
def look() -> Iterator[None]:
    """Give all figures one look; text stays text in SVG, and its ids do not depend on chance."""
    settings: dict[Any, Any] = {
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans", "Verdana", "Segoe UI", "Arial"],
        "font.size": 9,
        "text.color": INK,
        "axes.edgecolor": SOFT,
        "axes.labelcolor": SOFT,
        "axes.linewidth": 0.8,
        "axes.titlesize": 9.5,
        "axes.titlelocation": "left",
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "legend.frameon": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "coherence",
    }
    with mpl.rc_context(settings):
        yield


def sheet(height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure, inches high and wide, without pyplot."""
    figure = Figure(figsize=(width, height), facecolor="white", layout="constrained")
    FigureCanvasSVG(figure)
    return figure


def svg_of(figure: Figure, around: bool = False) -> str:
    """Return a figure as one SVG element that can stand in a page; what it holds is escaped by matplotlib.

    Parameters
    ----------
    around
        Whether the sheet grows or shrinks to what was drawn, labels outside included.
    """
    stream = io.StringIO()
    figure.savefig(
        stream,
        format="svg",
        bbox_inches="tight" if around else None,
        metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
    )
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<(metadata|style)[^>]*>.*?</\1>\s*", "", text, flags=re.DOTALL)
    # As wide as the page, or the part of it that the figure was drawn for.
    share = min(figure.get_figwidth() / WIDTH, 1)
    head, rest = text.split(">", 1)
    head = re.sub(r'\s(width|height)="[^"]*"', "", head)
    return f'{head} style="width: {100 * share:.0f}%">{rest}'


def short(words: str, most: int = 30) -> str:
    """Return words cut to a length."""
    return words if len(words) <= most else words[: most - 1] + "…"


def _zero_axis(axes: Any, outcome: str) -> None:
    axes.axvline(0, color=INK, linewidth=1)
    axes.grid(axis="x", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(lambda v, _: "0" if abs(v) < 1e-12 else _plain_tick(v, outcome))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0, labelcolor=INK)


def _plain_tick(value: float, outcome: str) -> str:
    if OUTCOMES[outcome].unit in ("share of firms", "share of work"):
        return minus(f"{100 * value:+g} points")
    return minus(f"{value:+g}")


def tornado(bars: Sequence[Bar], labels: Sequence[str], outcome: str) -> str:
    """Draw what moving one setting alone does, the widest first."""
    with look():
        figure = sheet(0.9 + 0.42 * len(bars))
        axes = figure.subplots()
        for i, bar in enumerate(bars):
            for difference, colour, shift in ((bar.low, ORANGE, -0.19), (bar.high, BLUE, 0.19)):
                ends = [[max(difference.mean - difference.low, 0)], [max(difference.high - difference.mean, 0)]]
                axes.barh(
                    i + shift,
                    difference.mean,
                    0.36,
                    color=colour,
                    xerr=ends,
                    error_kw={"ecolor": INK, "elinewidth": 0.9},
                )
        axes.set_yticks(range(len(bars)), [f"{short(label, 42)}\n{b.low_value:.3g} to {b.high_value:.3g}" for b, label in zip(bars, labels, strict=True)], fontsize=8)  # fmt: skip
        axes.set_ylim(len(bars) - 0.4, -0.6)
        axes.barh([0], [0], color=ORANGE, label="at its low value")
        axes.barh([0], [0], color=BLUE, label="at its high value")
        figure.legend(loc="outside upper left", ncols=2, fontsize=9)
        axes.set_xlabel(f"change of {OUTCOMES[outcome].label.lower()} ({OUTCOMES[outcome].unit}), with 95 % intervals")
        _zero_axis(axes, outcome)
        return svg_of(figure)


def ranking(found: Sequence[Found], names: Sequence[str], outcome: str, weeks: tuple[int, ...]) -> str:
    """Draw measures with their 95 % intervals at the short and the long horizon."""
    with look():
        figure = sheet(0.9 + 0.4 * len(found))
        axes = figure.subplots()
        for w, colour, shift in zip(weeks, (ORANGE, BLUE), (-0.15, 0.15) if len(weeks) > 1 else (0.0,), strict=False):
            for i, f in enumerate(found):
                d = f.at(outcome, w)
                axes.plot([d.low, d.high], [i + shift] * 2, color=colour, linewidth=2.4, solid_capstyle="round")
                axes.plot(
                    d.mean, i + shift, "o", color=colour, markersize=5.5, label=f"after {w} weeks" if i == 0 else None
                )
        axes.set_yticks(range(len(found)), [short(name, 42) for name in names])
        axes.set_ylim(len(found) - 0.5, -0.5)
        figure.legend(loc="outside upper left", ncols=2, fontsize=9)
        axes.set_xlabel(f"difference to the base in {OUTCOMES[outcome].label.lower()} ({OUTCOMES[outcome].unit})")
        _zero_axis(axes, outcome)
        return svg_of(figure)


def matrix(
    names: Sequence[str],
    values: NDArray[np.float64],
    numbers: Sequence[Sequence[str]],
    label: str,
    across: str = "",
    down: str = "",
) -> str:
    """Draw a matrix of values from 0 to 1, always on that scale; few rows carry their numbers.

    Parameters
    ----------
    names
        Of rows and columns.
    values : (rows, rows)
        nan cells stay empty.
    numbers
        What is written in the cells.
    label
        Of the scale.
    across, down
        What columns and rows are.
    """
    with look():
        n = len(names)
        side = min(2.4 + 0.5 * n, 7.2)
        figure = sheet(side, min(side + 1.8, WIDTH))
        axes = figure.subplots()
        image = axes.pcolormesh(
            values, cmap="Oranges", vmin=0, vmax=1, edgecolors="white", linewidth=1 if n <= NAMED else 0
        )
        axes.set_aspect("equal")
        axes.invert_yaxis()
        step = -(-n // NAMED)
        places = np.arange(0, n, step) + 0.5
        size = 9 if n <= NUMBERED else 7 if n <= 25 else 5.5
        axes.set_xticks(
            places,
            [short(name, 26) for name in names[::step]],
            rotation=45 if n <= 8 else 90,
            ha="left" if n <= 8 else "center",
            fontsize=size,
        )
        axes.set_yticks(places, [short(name, 30) for name in names[::step]], fontsize=size)
        axes.xaxis.tick_top()
        axes.tick_params(length=0, labelcolor=INK)
        for spine in axes.spines.values():
            spine.set_visible(False)
        if n <= NUMBERED:
            for i in range(n):
                for j in range(n):
                    if numbers[i][j]:
                        axes.text(
                            j + 0.5,
                            i + 0.5,
                            numbers[i][j],
                            ha="center",
                            va="center",
                            fontsize=8.5,
                            color="white" if values[i, j] > 0.6 else INK,
                        )
        axes.set_xlabel(across)
        axes.set_ylabel(down)
        axes.xaxis.set_label_position("bottom")
        bar = figure.colorbar(image, ax=axes, shrink=0.6, aspect=18, ticks=[0, 0.5, 1])
        bar.set_label(label)
        bar.outline.set_visible(False)
        return svg_of(figure)


COURSE = ("cash", "customers", "engagement", "coherence", "rework")
LIMITS = {"engagement": (0, 1), "coherence": (0, 1), "rework": (0, 0.5)}


def course(batch: Batch, weeks_shown: int) -> str:
    """Draw the firms week by week: how many are open; cash and customers of all; what only open firms have while nearly all are."""
    with look():
        figure = sheet(4.9)
        grid = figure.subplots(2, 3, sharex=True).ravel()
        weeks = batch.series.shape[1]
        week = np.arange(weeks)
        open_ = (batch.closed[:, None] < 0) | (batch.closed[:, None] >= week)
        count, runs = open_.sum(axis=0), len(batch)
        ends = np.array([wilson(int(c), runs) for c in count])
        grid[0].fill_between(week, ends[:, 0], ends[:, 1], color=BLUE, alpha=0.25, linewidth=0, label="95 % interval")
        grid[0].plot(week, count / runs, color=BLUE)
        grid[0].set_ylim(0, 1.02)
        grid[0].yaxis.set_major_formatter(lambda v, _: f"{100 * v:.0f} %")
        grid[0].set_title("Firms still open")
        for axes, name in zip(grid[1:], COURSE, strict=True):
            values = _of_all(batch, name, open_)
            upto = weeks if name in ("cash", "customers") else weeks_shown
            q = quantiles(values[:, :upto], (0.1, 0.25, 0.5, 0.75, 0.9))
            axes.fill_between(week[:upto], q[0], q[4], color=BLUE, alpha=0.18, linewidth=0)
            axes.fill_between(week[:upto], q[1], q[3], color=BLUE, alpha=0.32, linewidth=0)
            axes.plot(week[:upto], q[2], color=BLUE)
            axes.set_title(
                f"{OUTCOMES[name].label if name in OUTCOMES else SERIES[name].label} ({OUTCOMES[name].unit})"
            )
            axes.yaxis.set_major_formatter(lambda v, _: minus(f"{v:g}"))
            if name in LIMITS:
                axes.set_ylim(*LIMITS[name])
            else:
                axes.set_ylim(bottom=min(0.0, float(q[0].min())))
            if upto < weeks:
                axes.axvspan(upto, weeks, color="#eef1f3", linewidth=0)
                axes.text((upto + weeks) / 2, 0.5, "not drawn:\nover 10 %\nhave closed", ha="center", va="center", color=SOFT, fontsize=8, transform=axes.get_xaxis_transform())  # fmt: skip
        for axes in grid:
            axes.grid(color=LINE, linewidth=0.7)
            axes.set_axisbelow(True)
            axes.set_xlim(0, weeks)
        for axes in grid[3:]:
            axes.set_xlabel("week")
        return svg_of(figure)


def _of_all(batch: Batch, name: str, open_: NDArray[np.bool_]) -> NDArray[np.float64]:
    values = batch.of(name)
    if name == "customers":
        return np.where(open_, values, 0.0)
    if name == "cash":
        lived = np.where(batch.closed < 0, values.shape[1], batch.closed + 1)
        closing = values[np.arange(len(batch)), lived - 1]
        return np.where(open_, values, closing[:, None])
    return values


MAPS = (
    ("alignment", "Alignment with the vision", "Blues_r", -1.0, 1.0),
    ("rework", "Rework (share of work)", "Oranges", 0.0, 0.5),
    ("overload", "Overload", "Oranges", 0.0, 1.0),
    ("engagement", "Engagement", "Blues_r", 0.0, 1.0),
)
"""Series of departments, their titles, colours and fixed scales; dark is trouble."""


def departments(batch: Batch, weeks_shown: int) -> str:
    """Draw each department week by week as the mean over firms, while nearly all firms are open."""
    from sim.measures.series import DEPARTMENT_SERIES

    names = batch.department_names
    weeks = batch.series.shape[1]
    with look():
        tall = min(max(0.2 * len(names), 0.7), 3.2)
        figure = sheet(4 * (tall + 0.35) + 0.3)
        grid = figure.subplots(4, 1, sharex=True)
        for axes, (name, title, colours, low, high) in zip(grid, MAPS, strict=True):
            values = batch.departments[:, :weeks_shown, :, list(DEPARTMENT_SERIES).index(name)]
            there = ~np.isnan(values)
            total, count = np.where(there, values, 0.0).sum(axis=0), there.sum(axis=0)
            mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0).T
            image = axes.imshow(
                mean,
                cmap=colours,
                vmin=low,
                vmax=high,
                aspect="auto",
                interpolation="nearest",
                extent=(0, weeks_shown, len(names), 0),
            )
            axes.set_xlim(0, weeks)
            axes.set_facecolor("#eef1f3")
            step = -(-len(names) // 24)
            axes.set_yticks(
                np.arange(0, len(names), step) + 0.5,
                [short(n, 24) for n in names[::step]],
                fontsize=8 if len(names) <= 16 else 6,
            )
            axes.tick_params(axis="y", length=0, labelcolor=INK)
            axes.set_title(title)
            bar = figure.colorbar(
                image, ax=axes, ticks=[low, high], aspect=8, extend="max" if name == "rework" else "neither"
            )
            bar.ax.yaxis.set_major_formatter(lambda v, _: minus(f"{v:g}"))
            bar.outline.set_visible(False)
        grid[-1].set_xlabel("week")
        return svg_of(figure)
