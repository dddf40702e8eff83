"""A panel: a rectangle of paper with a scale, and the few marks that our figures are made of.

matplotlib's Axes cost about a tenth of a second each, most of it in ticks. Our figures need only lines, bands, images
and words, put straight on the sheet; so they are drawn several times as fast, which an owner who waits notices.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap
from matplotlib.figure import Figure
from matplotlib.image import BboxImage
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox
from numpy.typing import ArrayLike, NDArray

from sim.report import style
from sim.report.run_data import Mark


class Panel:
    """A rectangle on a sheet, in inches from its top left corner, with a linear scale in both directions."""

    def __init__(
        self,
        figure: Figure,
        place: tuple[float, float, float, float],
        x: tuple[float, float],
        y: tuple[float, float],
    ) -> None:
        """Place a panel at (left, top, width, height) inches, for x and y between two limits each."""
        self.figure = figure
        self.left, top, self.width, self.height = place
        self.bottom = figure.get_figheight() - top - self.height
        self.x, self.y = x, y
        across, up = self.width / (x[1] - x[0]), self.height / (y[1] - y[0])
        scale = Affine2D().translate(-x[0], -y[0]).scale(across, up).translate(self.left, self.bottom)
        self.transform = scale + figure.dpi_scale_trans

    def line(
        self,
        x: ArrayLike,
        y: ArrayLike,
        colour: str,
        width: float = 1.8,
        dashes: tuple[float, ...] = (),
        level: float = 3,
    ) -> None:
        """Draw a line; a higher level lies above."""
        line = Line2D(
            np.asarray(x), np.asarray(y), color=colour, linewidth=width, transform=self.transform, zorder=level,
            solid_capstyle="butt", dash_capstyle="butt",
        )  # fmt: skip
        if dashes:
            line.set_dashes(dashes)
        self.figure.add_artist(line)

    def dots(
        self,
        x: ArrayLike,
        y: ArrayLike,
        colour: str,
        shape: str = "o",
        size: float = 8,
        alpha: float = 1,
        edge: str = "none",
    ) -> None:
        """Draw markers; those with an edge lie above those without."""
        self.figure.add_artist(
            Line2D(
                np.atleast_1d(np.asarray(x)), np.atleast_1d(np.asarray(y)), linestyle="none", color=colour, marker=shape,
                markersize=size, alpha=alpha, markeredgecolor=edge, transform=self.transform, zorder=2 if edge == "none" else 6,
            )
        )  # fmt: skip

    def band(
        self, x: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], colour: str, alpha: float
    ) -> None:
        """Fill between two lines."""
        corners = np.column_stack([np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])])
        self.polygon(corners, colour, alpha)

    def polygon(self, corners: ArrayLike, colour: str, alpha: float = 1, level: float = 2) -> None:
        """Fill a polygon of corners, (n, 2)."""
        shape = Polygon(
            np.asarray(corners),
            closed=True,
            facecolor=colour,
            alpha=alpha,
            linewidth=0,
            transform=self.transform,
            zorder=level,
        )
        self.figure.add_artist(shape)

    def image(self, values: NDArray[np.float64], colours: Colormap, low: float, high: float) -> None:
        """Fill the panel with a heat map, row 0 on top."""
        box = TransformedBbox(
            Bbox.from_bounds(self.left, self.bottom, self.width, self.height), self.figure.dpi_scale_trans
        )
        image = BboxImage(box, cmap=colours, interpolation="nearest", origin="upper", zorder=1)
        image.set_data(np.ma.masked_invalid(values))
        image.set_clim(low, high)
        self.figure.add_artist(image)

    def rules(self, ys: Sequence[float]) -> None:
        """Draw faint horizontal lines."""
        segments = [[(self.x[0], y), (self.x[1], y)] for y in ys]
        self.figure.add_artist(
            LineCollection(segments, colors=style.FAINT, linewidths=0.7, transform=self.transform, zorder=0)
        )

    def frame(self) -> None:
        """Draw the left and the lower edge."""
        (left, right), (low, high) = self.x, self.y
        self.line([left, left, right], [high, low, low], style.GREY, width=0.8, level=4)

    def write(
        self, text: str, x: float, y: float, shift: tuple[float, float] = (0, 0), colour: str = style.INK, size: float = 9,
        across: str = "center", up: str = "center", weight: str = "normal", turn: float = 0, slant: str = "normal",
    ) -> None:  # fmt: skip
        """Write at a point of the scale, shifted by inches."""
        place_x = self.left + (x - self.x[0]) / (self.x[1] - self.x[0]) * self.width + shift[0]
        place_y = self.bottom + (y - self.y[0]) / (self.y[1] - self.y[0]) * self.height + shift[1]
        self.figure.text(
            place_x, place_y, text, transform=self.figure.dpi_scale_trans, color=colour, fontsize=size, ha=across, va=up,
            fontweight=weight, rotation=turn, fontstyle=slant,
        )  # fmt: skip

    def title(self, text: str, raised: bool) -> None:
        """Write the panel's title, ``raised`` above the numbers of events."""
        self.write(
            text,
            self.x[0],
            self.y[1],
            (0, 0.22 if raised else 0.08),
            size=10.5,
            across="left",
            up="bottom",
            weight="bold",
        )

    def label_left(self, places: Sequence[float], texts: Sequence[str]) -> None:
        """Write labels left of the panel."""
        for y, text in zip(places, texts, strict=True):
            self.write(text, self.x[0], y, (-0.07, -0.01), across="right")

    def label_weeks(self, weeks: Sequence[int], written: bool) -> None:
        """Mark weeks below the panel, with their numbers if ``written``."""
        start = self.y[0]
        down = -0.045 / self.height * (self.y[1] - self.y[0])
        segments = [[(week, start), (week, start + down)] for week in weeks]
        self.figure.add_artist(
            LineCollection(segments, colors=style.GREY, linewidths=0.8, transform=self.transform, zorder=4)
        )
        if written:
            for week in weeks:
                self.write(str(week), week, start, (0, -0.08), up="top")
            self.write("week", (self.x[0] + self.x[1]) / 2, start, (0, -0.27), up="top", size=9.5)

    def events(self, marks: Sequence[Mark], bands: bool = True) -> None:
        """Draw events as dashed lines with their numbers above, and a tint (if ``bands``) while one lasts."""
        thickness = 1.1 if len(marks) <= style.LISTED else 0.5
        for mark in marks:
            if mark.until is not None and bands:
                end = min(mark.until, self.x[1])
                self.figure.add_artist(
                    Rectangle((mark.week, self.y[0]), end - mark.week, self.y[1] - self.y[0], facecolor=style.EVENT, alpha=0.1,
                              linewidth=0, transform=self.transform, zorder=1)
                )  # fmt: skip
            self.line([mark.week] * 2, self.y, style.EVENT, width=thickness, dashes=(3, 2), level=5)
        for week, text in style.badges(marks, self.width / (self.x[1] - self.x[0])):
            self.write(text, week, self.y[1], (0, 0.03), colour=style.EVENT, size=8.5, up="bottom", weight="bold")
