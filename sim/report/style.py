"""One look for all figures: colours that colour-blind readers can tell apart, type, footers, and files without dates."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.report.run_data import Mark, Material

INK = "#222222"
GREY = "#6b6b6b"
FAINT = "#d9d9d9"
BLUE = "#0072B2"
EVENT = "#D55E00"
DEPARTMENTS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#8C510A", "#7F7F7F", "#5D3A9B")
"""Okabe and Ito's colours (2008) without the ones that events use, and three more of other lightness."""
WIDTH = 10.0
"""Inches: 1200 pixels at DPI."""
DPI = 120
LISTED = 6
"""Events that a figure names; more would be unreadable."""


def look() -> AbstractContextManager[None]:
    """Return a context in which figures look alike: text stays text in SVG, and its ids do not depend on chance."""
    return mpl.rc_context(
        {
            "font.family": "DejaVu Sans",
            "font.size": 9.5,
            "text.color": INK,
            "legend.frameon": False,
            "legend.fontsize": 9.5,
            "svg.fonttype": "none",
            "svg.hashsalt": "coherence",
            "path.simplify": True,
        }
    )


def sheet(height: float) -> Figure:
    """Return an empty figure of the common width, with a canvas but without pyplot."""
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


class Heading:
    """Title and subtitle, wrapped to the sheet; ``height`` is the inches that they take from its upper edge."""

    def __init__(self, title: str, subtitle: str) -> None:
        """Wrap the words."""
        self.title = textwrap.wrap(title, 76)
        self.subtitle = textwrap.wrap(subtitle, 120)
        self.start = 0.24 + 0.27 * len(self.title)
        self.height = self.start + 0.19 * len(self.subtitle)

    def write(self, figure: Figure) -> None:
        """Write the words on a sheet."""
        height, left = figure.get_figheight(), 0.3 / WIDTH
        title, subtitle = "\n".join(self.title), "\n".join(self.subtitle)
        figure.text(left, 1 - 0.18 / height, title, fontsize=14.5, fontweight="bold", va="top", linespacing=1.25)
        figure.text(left, 1 - self.start / height, subtitle, fontsize=10, color=GREY, va="top", linespacing=1.3)


def footer(figure: Figure, material: Material, bands: str) -> None:
    """Write under the figure what it rests on: runs, seeds, bands, version and scenario."""
    first, last = int(material.replicates[0]), int(material.replicates[-1])
    which = f"replicates {first} to {last}" if material.runs > 1 else f"replicate {first}"
    text = (
        f"n = {material.runs} runs, seed {material.seed}, {which}  |  {bands}  |  "
        f"smb-coherence {material.version}, scenario {material.name} {material.hash}"
    )
    lines = textwrap.wrap(text, 150)
    figure.text(0.3 / WIDTH, 0.12 / figure.get_figheight(), "\n".join(lines), fontsize=8, color=GREY, va="bottom")


def save(figure: Figure, stem: Path) -> list[Path]:
    """Write a figure as PNG and SVG beside each other, without dates: the same figure gives the same bytes."""
    png, svg = stem.with_name(f"{stem.name}.png"), stem.with_name(f"{stem.name}.svg")
    figure.savefig(png, dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    figure.savefig(svg, metadata={"Date": None, "Creator": "smb-coherence"})
    return [png, svg]


def week_ticks(weeks: int) -> list[int]:
    """Return at most seven round weeks from 0 on."""
    for step in (1, 2, 4, 13, 26, 52, 104, 260, 520, 1040):
        if weeks / step <= 6.5:
            return list(range(0, weeks + 1, step))
    return [0, weeks]


def round_ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Return at most ``most + 1`` round numbers that span low to high, the limits included."""
    span = max(high - low, 1e-9)
    size = 10.0 ** math.floor(math.log10(span / most))
    step = next(size * k for k in (1, 2, 2.5, 5, 10, 20) if span / (size * k) <= most - 1)
    first, final = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 10) for k in range(first, final + 1)]


def number(value: float) -> str:
    """Return a tick's label."""
    return minus(f"{value:g}")


def minus(text: str) -> str:
    """Return a written number with the minus sign that print has."""
    return text.replace("-", "\N{MINUS SIGN}")


def badges(marks: Sequence[Mark], inches_per_week: float) -> list[tuple[int, str]]:
    """Return the numbers of events and where they stand; numbers that would overlap share one badge."""
    room = 0.25 if len(marks) < 10 else 0.5
    groups: list[tuple[int, list[int]]] = []
    for i, mark in enumerate(marks):
        if groups and (mark.week - groups[-1][0]) * inches_per_week < room:
            groups[-1][1].append(i + 1)
        else:
            groups.append((mark.week, [i + 1]))
    return [(week, str(k[0]) if len(k) == 1 else f"{k[0]}–{k[-1]}") for week, k in groups]


def event_key(marks: Sequence[Mark]) -> list[str]:
    """Return the lines that say what the numbered events are, the first few of them."""
    shown = [f"{i + 1}  week {m.week}{_until(m)}: {m.caption}" for i, m in enumerate(marks[:LISTED])]
    if len(marks) > LISTED:
        shown.append(f"and {len(marks) - LISTED} more, up to week {marks[-1].week}")
    return textwrap.wrap(
        "     ".join(text.replace(" ", "\N{NO-BREAK SPACE}") for text in shown), 118, break_long_words=False
    )


def key_height(key: Sequence[str]) -> float:
    """Return the inches that the key of the events takes."""
    return 0.2 * len(key) + 0.15 if key else 0.0


def write_key(figure: Figure, key: Sequence[str]) -> None:
    """Write the key of the events above the footer."""
    if key:
        figure.text(
            0.3 / WIDTH,
            0.45 / figure.get_figheight(),
            "\n".join(key),
            fontsize=9,
            color=EVENT,
            va="bottom",
            linespacing=1.35,
        )


def _until(mark: Mark) -> str:
    return "" if mark.until is None else f" to {mark.until}"
