"""A firm as a boat: everybody a short arrow in their department, and forward is where customers want to go.

Directions have many dimensions, and a sheet has two. An angle on the sheet is the true angle between a direction and the
market's; only its side, left or right, is a choice: that of the component along the direction in which people differ most
among those at right angles to the market. Boats that are drawn beside each other share that choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from numpy.typing import NDArray

from sim.report import style
from sim.report.panel import Panel

if TYPE_CHECKING:
    from sim.simulate import Snapshot

Floats = NDArray[np.float64]
GIVEN_UP = 0.5
"""Engagement under which somebody counts as having given up (half of the attention is lost)."""
ASTRAY = LinearSegmentedColormap.from_list(
    "astray", [(0.0, "#B34700"), (0.5, "#E08A1E"), (0.75, "#9AA5AD"), (1.0, style.BLUE)]
)
"""From against the vision (cosine -1) to with it (1); grey where somebody begins to count as misaligned, at 60 degrees."""
HULL = "#f2f0eb"
LARGEST, GAP, BOW = 0.3, 0.1, 0.5
"""Inches: the most room of one person in either direction, between departments, and of the bow."""
_ARROW = np.array([(-0.07, -0.5), (0.07, -0.5), (0.07, 0.02), (0.26, 0.02), (0.0, 0.5), (-0.26, 0.02), (-0.07, 0.02)])
"""An arrow of length 1 that points forward, around its middle."""


class Boat(NamedTuple):
    """A firm at the end of a week.

    Attributes
    ----------
    week
        Which.
    angle : (people,)
        From the market, in radians; positive is right.
    along : (people,)
        Cosine of the direction rowed in with the vision.
    given_up : (people,)
        Whether engagement is under a half.
    department : (people,)
        Number of the department.
    vision
        The vision's angle from the market.
    """

    week: int
    angle: Floats
    along: Floats
    given_up: NDArray[np.bool_]
    department: NDArray[np.int64]
    vision: float


def boats(snapshots: Sequence[Snapshot]) -> list[Boat]:
    """Return firms as boats that share their choice of sides."""
    across = np.vstack([s.people - np.outer(s.people @ s.market, s.market) for s in snapshots])
    _, vectors = np.linalg.eigh(across.T @ across)
    side = vectors[:, -1]
    side = side * np.sign(side[np.argmax(np.abs(side))])  # a sign that does not depend on the solver
    found = []
    for s in snapshots:
        angle = _angles(np.vstack([s.people, s.vision]), s.market, side)
        along = s.people @ s.vision / np.maximum(np.linalg.norm(s.people, axis=1) * np.linalg.norm(s.vision), 1e-12)
        department = np.asarray(s.department_of, np.int64)
        found.append(Boat(s.week, angle[:-1], along, s.engagement < GIVEN_UP, department, float(angle[-1])))
    return found


def _angles(rows: Floats, market: Floats, side: Floats) -> Floats:
    cosine = rows @ market / np.maximum(np.linalg.norm(rows, axis=1), 1e-12)
    aside = rows @ (side - (side @ market) * market)
    found: Floats = np.where(aside < 0, -1.0, 1.0) * np.arccos(np.clip(cosine, -1.0, 1.0))
    return found


class Benches:
    """Where the departments of two boats sit, so that both have the same room.

    Parameters
    ----------
    counts
        People of each department: the most that either boat has.
    width, height
        Inches between the sides of the hull, and from its stern to the bow.
    """

    def __init__(self, counts: Sequence[int], width: float, height: float) -> None:
        self.width, self.height = width, height
        here = [d for d, n in enumerate(counts) if n]
        room = height - GAP * (len(here) + 1)
        size = LARGEST
        while size > 0.02 and sum(-(-counts[d] // int(width / size)) for d in here) * size > room:
            size -= 0.002
        self.size, self.columns = size, int(width / size)
        rows = {d: -(-counts[d] // self.columns) for d in here}
        spare = (room - sum(rows.values()) * size) / max(len(here), 1)
        self.places: dict[int, tuple[float, float]] = {}
        top = height - GAP
        for d in here:
            tall = rows[d] * size + spare
            self.places[d] = (top - tall, top)
            top -= tall + GAP

    def seats(self, department: int, count: int) -> Floats:
        """Return where a department's people sit, (count, 2) inches from the stern's left end."""
        low, high = self.places[department]
        rows = -(-count // self.columns)
        found = np.empty((count, 2))
        for i in range(count):
            row, column = divmod(i, self.columns)
            within = min(self.columns, count - row * self.columns)
            found[i, 0] = self.width / 2 + (column - (within - 1) / 2) * self.size
            found[i, 1] = (low + high) / 2 + ((rows - 1) / 2 - row) * self.size
        return found


def draw_boat(panel: Panel, boat: Boat, benches: Benches) -> None:
    """Draw a boat on a panel whose scale is inches, its stern's left end at (0, 0)."""
    width, height = benches.width, benches.height
    turn = np.linspace(0, 1, 30)
    bow = np.column_stack([width * turn, height + BOW * np.sin(np.pi * turn) ** 0.8])
    hull = np.vstack([[(0, 0)], bow, [(width, 0)]])
    panel.polygon(hull, HULL, level=0)
    panel.line([*hull[:, 0], 0], [*hull[:, 1], 0], style.GREY, width=1.3, level=1)
    for low, _ in list(benches.places.values())[:-1]:
        panel.line([0, width], [low - GAP / 2] * 2, style.FAINT, width=1.2, level=1)
    for d in benches.places:
        who = np.flatnonzero(boat.department == d)
        seats = benches.seats(d, len(who))
        draw_arrows(panel, seats, boat.angle[who], 0.92 * benches.size, boat.along[who], boat.given_up[who])
    middle, length = (width / 2, height + 0.04), BOW - 0.1
    tip = (middle[0] + length * np.sin(boat.vision), middle[1] + length * np.cos(boat.vision))
    panel.line([middle[0], tip[0]], [middle[1], tip[1]], style.INK, width=1.8, dashes=(3, 1.2), level=5)
    panel.dots(tip[0], tip[1], style.INK, size=4.5, edge=style.INK)


def draw_arrows(
    panel: Panel, at: Floats, angle: Floats, length: float, along: Floats, hollow: NDArray[np.bool_]
) -> None:
    """Draw people as arrows: at (people, 2), turned right by their angles, coloured by how far they row along the vision."""
    sine, cosine = np.sin(angle), np.cos(angle)
    x, y = length * _ARROW[:, 0], length * _ARROW[:, 1]
    corners = np.stack(
        [
            at[:, :1] + cosine[:, None] * x + sine[:, None] * y,
            at[:, 1:] - sine[:, None] * x + cosine[:, None] * y,
        ],
        axis=2,
    )
    edges = ASTRAY((np.asarray(along) + 1) / 2)
    faces = np.where(np.asarray(hollow)[:, None], to_rgba("white"), edges)
    panel.figure.add_artist(
        PolyCollection(
            list(corners),
            facecolors=faces,
            edgecolors=edges,
            linewidths=min(1.0, 5 * length),
            transform=panel.transform,
            zorder=3,
        )
    )
