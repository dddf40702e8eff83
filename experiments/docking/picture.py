"""The look of the docking's figures: the report's type and colours, a heading, and a footer that says what a figure rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from sim.report.style import BLUE, DEPARTMENTS, EVENT, FAINT, GREY, INK, WIDTH, Heading, look, save, sheet

ORANGE, GREEN, PINK, SKY, BROWN = (DEPARTMENTS[i] for i in (1, 2, 3, 4, 5))
COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY, BROWN)
__all__ = ["BLUE", "COLOURS", "EVENT", "FAINT", "GREEN", "GREY", "INK", "ORANGE", "curve", "drawn", "plain"]


@contextmanager
def drawn(
    stem: Path, title: str, subtitle: str, rests_on: str, rows: int = 1, columns: int = 2, height: float = 3.1
) -> Iterator[list[Axes]]:
    """Give the panels of a figure, and write it as PNG and SVG at the end.

    Parameters
    ----------
    stem
        The file without its ending.
    title, subtitle
        The story in one line, and what is shown.
    rests_on
        n, seed and interval, for the footer; the version is added.
    rows, columns, height
        The panels, and inches of each row.
    """
    stem.parent.mkdir(parents=True, exist_ok=True)
    heading = Heading(title, subtitle)
    foot = textwrap.wrap(f"{rests_on}  |  smb-coherence {version('smb-coherence')}", 150)
    top, bottom = heading.height + 0.38, 0.62 + 0.14 * len(foot)
    with look():
        figure: Figure = sheet(top + bottom + rows * height + (rows - 1) * 0.75)
        tall = figure.get_figheight()
        heading.write(figure)
        grid = figure.add_gridspec(
            rows,
            columns,
            left=0.075,
            right=0.975,
            top=1 - top / tall,
            bottom=bottom / tall,
            wspace=0.25 if columns < 3 else 0.32,
            hspace=0.75 / height,
        )
        panels = [figure.add_subplot(grid[r, c]) for r in range(rows) for c in range(columns)]
        for panel in panels:
            plain(panel)
        yield panels
        figure.text(0.3 / WIDTH, 0.12 / tall, "\n".join(foot), fontsize=8, color=GREY, va="bottom")
        save(figure, stem)


def plain(panel: Axes) -> None:
    """Take away what carries no meaning."""
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        panel.spines[side].set_color(GREY)
    panel.tick_params(colors=GREY, labelcolor=INK)
    panel.grid(axis="y", color=FAINT, linewidth=0.6)
    panel.set_axisbelow(True)


def curve(
    panel: Axes,
    x: ArrayLike,
    mean: ArrayLike,
    half: ArrayLike,
    colour: str,
    label: str = "",
    marker: str = "o",
    style: str = "-",
) -> None:
    """Draw means with their intervals."""
    x, mean, half = np.asarray(x, float), np.asarray(mean, float), np.asarray(half, float)
    many = len(x) > 30
    panel.fill_between(x, mean - half, mean + half, color=colour, alpha=0.2, linewidth=0)
    panel.plot(
        x, mean, style, color=colour, label=label or None, marker="" if many else marker, markersize=4, linewidth=1.6
    )
    if not many:
        panel.errorbar(x, mean, yerr=half, fmt="none", ecolor=colour, elinewidth=1, capsize=2)
