"""The picture of who listens to whom: groups on a ring, people as dots where they are few; nobody is marked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle
from numpy.typing import NDArray

from sim.company.report.figures import COLOURS, FAINT, INK, ORANGE, look, sheet, short, svg_of

Floats = NDArray[np.float64]
MOST_DOTS, MOST_TIES = 160, 1200
"""People and ties up to which each is drawn; beyond, groups are bubbles."""
MOST_GROUPS_OF_DOTS = 14
MOST_LINES = 120
"""Pairs of groups between which lines are drawn, the strongest first."""


def network(groups: Sequence[int], names: Sequence[str], ties: Sequence[tuple[int, int]]) -> str:
    """Draw the network.

    Parameters
    ----------
    groups
        Group of each person.
    names
        Of the groups.
    ties
        Pairs of people.
    """
    counts = np.bincount(np.asarray(groups, np.int64), minlength=len(names))
    between = np.zeros((len(names), len(names)))
    for a, b in ties:
        between[groups[a], groups[b]] += 1
    with look():
        figure = sheet(5.7, 8.2)
        axes = figure.subplots()
        axes.set_aspect("equal")
        axes.axis("off")
        order = ring_order(between + between.T)
        few = len(groups) <= MOST_DOTS and len(ties) <= MOST_TIES and len(names) <= MOST_GROUPS_OF_DOTS
        centre = _ring(order, counts)
        radius = _radii(counts, len(names))
        if few:
            _dots(axes, groups, ties, centre, radius, counts)
        else:
            _bubbles(axes, between, centre, radius)
        _labels(axes, names, counts, centre, radius)
        return svg_of(figure, around=True)


def ring_order(strength: Floats) -> list[int]:
    """Return groups in an order in which neighbours talk much: each next one is the nearest to those just placed."""
    n = len(strength)
    strength = strength / np.maximum(np.sqrt(np.outer(strength.sum(1), strength.sum(1))), 1e-9)
    order = [int(strength.sum(axis=1).argmax())] if n else []
    while len(order) < n:
        rest = [i for i in range(n) if i not in order]
        recent = order[-3:]
        order.append(
            max(rest, key=lambda i: (sum(strength[i, j] / (k + 1) for k, j in enumerate(reversed(recent))), -i))
        )
    return order


def _ring(order: Sequence[int], counts: Floats | NDArray[np.int64]) -> Floats:
    """Return places on a ring; a larger group takes more of it."""
    if len(order) == 1:
        return np.zeros((1, 2))
    room = np.sqrt(counts[list(order)]) + 0.6 * np.sqrt(counts.mean())
    middle = (np.cumsum(room) - room / 2) / room.sum() * 2 * math.pi
    place = np.empty((len(order), 2))
    place[list(order)] = np.column_stack([np.sin(middle), np.cos(middle)])
    return place


def _radii(counts: NDArray[np.int64], groups: int) -> Floats:
    largest = 0.9 if groups == 1 else min(0.52, 2.2 / groups + 0.06)
    return np.asarray(largest * np.sqrt(counts / max(int(counts.max()), 1)))


def _dots(
    axes: Axes,
    groups: Sequence[int],
    ties: Sequence[tuple[int, int]],
    centre: Floats,
    radius: Floats,
    counts: NDArray[np.int64],
) -> None:
    seen = [0] * len(centre)
    place = np.empty((len(groups), 2))
    for i, g in enumerate(groups):
        k = seen[g]
        seen[g] += 1
        far = radius[g] * math.sqrt((k + 0.5) / counts[g]) * 0.86
        place[i] = centre[g] + far * np.array([math.cos(2.39996 * k), math.sin(2.39996 * k)])
    for colour, width, across in ((FAINT, 0.6, False), (ORANGE, 0.8, True)):
        lines = [(place[a], place[b]) for a, b in ties if (groups[a] != groups[b]) is across]
        axes.add_collection(LineCollection(lines, colors=colour, linewidths=width, alpha=0.8 if across else 1))
    size = 46 if len(groups) <= 60 else 22
    axes.scatter(
        place[:, 0],
        place[:, 1],
        s=size,
        c=[COLOURS[g % len(COLOURS)] for g in groups],
        edgecolors="white",
        linewidths=0.8,
        zorder=3,
    )


def _bubbles(axes: Axes, between: Floats, centre: Floats, radius: Floats) -> None:
    both = np.triu(between + between.T, 1)
    pairs = sorted(zip(*np.nonzero(both), strict=True), key=lambda p: -both[p])[:MOST_LINES]
    most = max((both[p] for p in pairs), default=1.0)
    lines = [(centre[a], centre[b]) for a, b in pairs]
    widths = [0.3 + 5 * float(both[p]) / most for p in pairs]
    shades = [0.15 + 0.6 * float(both[p]) / most for p in pairs]
    axes.add_collection(LineCollection(lines, colors=ORANGE, linewidths=widths, alpha=shades))
    inside = np.diag(between) / np.maximum(between.sum(axis=1), 1)
    for place, r, share in zip(centre, radius, inside, strict=True):
        for size, colour in ((r, "#dfe8ee"), (r * math.sqrt(share), COLOURS[0])):
            axes.add_patch(Circle(place, size, facecolor=colour, edgecolor="white", zorder=3))


def _labels(axes: Axes, names: Sequence[str], counts: NDArray[np.int64], centre: Floats, radius: Floats) -> None:
    n = len(names)
    for name, count, place, r in zip(names, counts.tolist(), centre, radius, strict=True):
        words = f"{short(name, 34)} ({count})"
        if n == 1:
            axes.text(0, -r - 0.1, words, ha="center", va="top", fontweight="bold")
            continue
        angle = math.degrees(math.atan2(place[1], place[0]))
        x, y = place * (1 + r + 0.05)
        left = place[0] < -0.02
        if n <= 10:
            side = "center" if abs(place[0]) < 0.25 else "right" if left else "left"
            up = "bottom" if place[1] > 0.6 else "top" if place[1] < -0.6 else "center"
            axes.text(x, y, words, ha=side, va=up, fontsize=9, fontweight="bold", color=INK)
        else:
            turned = angle + 180 if left else angle
            axes.text(
                x,
                y,
                words,
                ha="right" if left else "left",
                va="center",
                rotation=turned,
                rotation_mode="anchor",
                fontsize=8 if n <= 26 else 6.5,
                color=INK,
            )
    # The layout makes room for labels outside.
    reach = float(np.max(np.abs(centre) + radius[:, None])) + 0.03
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-reach, reach)


def caption(people: int, groups: int, ties: int) -> str:
    """Return what the picture shows."""
    if people <= MOST_DOTS and ties <= MOST_TIES and groups <= MOST_GROUPS_OF_DOTS:
        return "A dot is a person, a line a tie; orange ties cross groups. Groups of fewer than five people are shown together."
    return (
        "A circle is a group, its area the number of people; the dark part is the share of its ties that stay inside. Lines are ties between groups, thicker for more"
        f"{f'; the {MOST_LINES} strongest pairs are drawn' if groups > 16 else ''}. Groups of fewer than five people are shown together."
    )
