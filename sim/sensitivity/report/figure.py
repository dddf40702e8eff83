"""What figures of studies share: a sheet with title and footer, axes placed in inches, names and colours."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.report import style
from sim.sensitivity.sample import Source

Floats = NDArray[np.float64]
LEFT, RIGHT = 0.3, 0.35
FOOT = 0.55
"""Inches under the last panel: the footer."""


class Sheet:
    """A figure with a heading, whose panels are placed in inches from the left and below the heading."""

    def __init__(self, title: str, subtitle: str, room: float) -> None:
        """Make a sheet with so many inches of room between heading and footer."""
        words = style.Heading(title, subtitle)
        self.top = words.height + 0.25
        self.figure: Figure = style.sheet(self.top + room + FOOT)
        words.write(self.figure)

    def axes(self, left: float, down: float, width: float, height: float) -> Axes:
        """Return axes at (left, down, width, height) inches; down counts from the heading."""
        across, up = self.figure.get_figwidth(), self.figure.get_figheight()
        ax = self.figure.add_axes(
            (left / across, 1 - (self.top + down + height) / up, width / across, height / up), facecolor="none"
        )
        for side in ("top", "right"):
            ax.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            ax.spines[side].set_color(style.GREY)
        ax.tick_params(color=style.GREY, labelsize=9)
        return ax

    def save(self, source: Source, interval: str, stem: Path) -> list[Path]:
        """Write the footer and the files; return them."""
        footer(self.figure, source, interval)
        return style.save(self.figure, stem)


def footer(figure: Figure, source: Source, interval: str) -> None:
    """Write under a figure what it rests on: runs, seeds, intervals, version and scenario."""
    last = f"replicates 0 to {source.replicates - 1}" if source.replicates > 1 else "replicate 0"
    out = f", {source.left_out:,} points with holes left out" if source.left_out else ""
    text = (
        f"n = {source.runs:,} runs ({source.points - source.left_out:,} points x {source.replicates}{out}), {source.design} design, "
        f"seed {source.seed}, {last}  |  {interval}  |  smb-coherence {source.version}, study {source.name}, scenario "
        f"{source.scenario} {source.hash}"
    )
    lines = textwrap.wrap(text, 150, break_on_hyphens=False)
    figure.text(
        LEFT / style.WIDTH, 0.1 / figure.get_figheight(), "\n".join(lines), fontsize=8, color=style.GREY, va="bottom"
    )


def short(name: str) -> str:
    """Return a factor's name without its group."""
    return name.rpartition(".")[2].replace("_", " ")


def measured(source: Source) -> str:
    """Return the measure's words with its unit."""
    return f"{source.label} ({source.unit})" if source.unit not in ("", "1") else source.label


def whiskers(values: Floats, low: Floats, high: Floats) -> Floats | None:
    """Return the lengths that matplotlib's error bars want, None where there are no intervals."""
    if np.isnan(low).all():
        return None
    return np.maximum(np.stack([values - low, high - values]), 0.0)
