"""Figures of the report as plain SVG: tornado, ranking of cases, conflict of goals, network. Text stays text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.company.report.html import text
from sim.measures.outcomes import OUTCOMES, written

if TYPE_CHECKING:
    from sim.company.report.content import Bar
    from sim.company.whatif.whatif import Found

INK, SOFT, LINE, BLUE, ORANGE, FAINT = "#1c2b33", "#51626b", "#d5dde1", "#00568a", "#a63c00", "#b9c6cd"
WIDTH = 900
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#8C510A", "#7F7F7F", "#5D3A9B")
FONT = "font-family='Segoe UI, Helvetica Neue, Arial, DejaVu Sans, sans-serif'"
MOST_TIES = 2500


def _svg(height: float, parts: Sequence[str]) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height:.0f}' {FONT}>"
        + "".join(parts)
        + "</svg>"
    )


def _write(
    x: float, y: float, words: str, size: int = 15, anchor: str = "start", colour: str = INK, weight: str = "400"
) -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' text-anchor='{anchor}' fill='{colour}' font-weight='{weight}'>{text(words)}</text>"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = LINE, width: float = 1) -> str:
    return (
        f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}' stroke-width='{width:.2f}'/>"
    )


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


class _Scale:
    """A horizontal scale with 0 on it."""

    def __init__(self, values: Sequence[float], left: float, right: float) -> None:
        self.low, self.high = min(0.0, *values), max(0.0, *values)
        room = 0.04 * max(self.high - self.low, 1e-9)
        self.low, self.high = self.low - room, self.high + room
        self.left, self.right = left, right

    def __call__(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def axis(self, top: float, bottom: float, outcome: str) -> list[str]:
        """Return grid lines with their numbers below."""
        span = self.high - self.low
        size = 10.0 ** math.floor(math.log10(span / 4))
        step = next(k * size for k in (1, 2, 5, 10) if span / (k * size) <= 6)
        parts = []
        for k in range(math.ceil(self.low / step), math.floor(self.high / step) + 1):
            x = self(k * step)
            parts += [_line(x, top, x, bottom, INK if k == 0 else LINE, 1.4 if k == 0 else 1)]
            parts += [_write(x, bottom + 18, "0" if k == 0 else written(k * step, outcome, True), 13, "middle", SOFT)]
        return parts


def tornado(bars: Sequence[Bar], labels: Sequence[str], outcome: str) -> str:
    """Return the tornado: what moving one parameter alone does."""
    scale = _Scale([v for b in bars for v in (b.low.mean, b.high.mean)], 330, 860)
    bottom = 40 + 34 * len(bars)
    parts = [
        _write(330, 16, "at its low value", 14, colour=ORANGE, weight="600"),
        _write(470, 16, "at its high value", 14, colour=BLUE, weight="600"),
    ]
    parts += scale.axis(30, bottom, outcome)
    for i, (bar, label) in enumerate(zip(bars, labels, strict=True)):
        y = 40 + 34 * i
        parts.append(_write(318, y + 13, _short(label, 42), 14, "end"))
        parts.append(_write(318, y + 27, f"{bar.low_value:.3g} to {bar.high_value:.3g}", 11, "end", SOFT))
        for difference, colour, shift in ((bar.low, ORANGE, 0), (bar.high, BLUE, 13)):
            x, zero = scale(difference.mean), scale(0)
            parts.append(
                f"<rect x='{min(x, zero):.1f}' y='{y + shift:.1f}' width='{max(abs(x - zero), 1):.1f}' height='12' fill='{colour}'/>"
            )
    parts.append(
        _write(
            595,
            bottom + 40,
            f"change of {OUTCOMES[outcome].label.lower()} ({OUTCOMES[outcome].unit})",
            13,
            "middle",
            SOFT,
        )
    )
    return _svg(bottom + 52, parts)


def ranking(found: Sequence[Found], outcome: str, weeks: tuple[int, ...]) -> str:
    """Return the cases with their 95 % intervals at the short and the long horizon."""
    all_ = [f.at(outcome, w) for f in found for w in weeks]
    scale = _Scale([v for d in all_ for v in (d.low, d.high)], 330, 860)
    bottom = 40 + 40 * len(found)
    parts = []
    for i, (w, colour) in enumerate(zip(weeks, (ORANGE, BLUE), strict=False)):
        parts.append(
            f"<circle cx='{336 + 190 * i}' cy='11' r='6' fill='{colour}'/>"
            + _write(348 + 190 * i, 16, f"after {w} weeks", 14, colour=colour, weight="600")
        )
    parts += scale.axis(30, bottom, outcome)
    for i, f in enumerate(found):
        y = 48 + 40 * i
        parts.append(
            _write(
                318,
                y + 9,
                _short(f.name if len(f.parts) == 1 else f"Best within budget: {len(f.parts)} together", 42),
                14,
                "end",
            )
        )
        for w, colour, shift in zip(weeks, (ORANGE, BLUE), (0, 14), strict=False):
            d = f.at(outcome, w)
            parts.append(_line(scale(d.low), y + shift, scale(d.high), y + shift, colour, 3))
            parts.append(f"<circle cx='{scale(d.mean):.1f}' cy='{y + shift:.1f}' r='6' fill='{colour}'/>")
    parts.append(
        _write(
            595,
            bottom + 40,
            f"difference to the base in {OUTCOMES[outcome].label.lower()} ({OUTCOMES[outcome].unit})",
            13,
            "middle",
            SOFT,
        )
    )
    return _svg(bottom + 52, parts)


def conflict(matrix: dict[str, dict[str, float]]) -> str:
    """Return the conflict of departments' goals as a map; every cell carries its number."""
    names = list(matrix)
    n = len(names)
    cell = min(86.0, 620 / n)
    left, top = 250, 34.0
    parts = []
    for i, one in enumerate(names):
        parts.append(_write(left - 10, top + cell * (i + 0.5) + 5, _short(one, 30), 14, "end"))
        parts.append(_write(left + cell * (i + 0.5), top - 10, _short(one, max(4, int(cell / 8))), 13, "middle"))
        for j, other in enumerate(names):
            value = matrix[one].get(other, 0.0)
            depth = min(value / 0.6, 1.0)
            shade = "#" + "".join(f"{round(255 + depth * (c - 255)):02x}" for c in (166, 60, 0))
            parts.append(
                f"<rect x='{left + cell * j:.1f}' y='{top + cell * i:.1f}' width='{cell - 2:.1f}' height='{cell - 2:.1f}' fill='{shade}'/>"
            )
            if n <= 16:
                colour = "#ffffff" if depth > 0.78 else INK
                parts.append(
                    _write(left + cell * (j + 0.5), top + cell * (i + 0.5) + 5, f"{value:.2f}", 13, "middle", colour)
                )
    return _svg(top + cell * n + 8, parts)


def network(groups: Sequence[int], names: Sequence[str], ties: Sequence[tuple[int, int]]) -> str:
    """Return the network: a dot for each person in its group, lines for who listens to whom; nobody is marked.

    Parameters
    ----------
    groups
        Group of each person.
    names
        Of the groups.
    ties
        Pairs of people.
    """
    count = [0] * len(names)
    for g in groups:
        count[g] += 1
    biggest = max(max(count, default=1), 1)
    around = 165 if len(names) > 1 else 0
    room = min(120.0, 560 / max(len(names), 1) + 20) if len(names) > 1 else 180
    centre = [
        (
            450 + 1.7 * around * math.cos(2 * math.pi * k / len(names) - math.pi / 2),
            305 + around * math.sin(2 * math.pi * k / len(names) - math.pi / 2),
        )
        for k in range(len(names))
    ]
    place, seen = [], [0] * len(names)
    for g in groups:
        k = seen[g]
        seen[g] += 1
        far = room * math.sqrt((k + 0.5) / biggest)
        place.append((centre[g][0] + far * math.cos(2.39996 * k), centre[g][1] + 0.85 * far * math.sin(2.39996 * k)))
    parts = []
    if len(ties) <= MOST_TIES:
        for colour, width, across in ((FAINT, 1.0, False), (ORANGE, 1.3, True)):
            for a, b in ties:
                if (groups[a] != groups[b]) is across:
                    parts.append(_line(*place[a], *place[b], colour, width))
    else:
        between: dict[tuple[int, int], int] = {}
        for a, b in ties:
            if groups[a] != groups[b]:
                pair = (min(groups[a], groups[b]), max(groups[a], groups[b]))
                between[pair] = between.get(pair, 0) + 1
        most = max(between.values(), default=1)
        for (one, other), c in between.items():
            parts.append(_line(*centre[one], *centre[other], ORANGE, max(0.4, 14 * c / most)))
    radius = 7.0 if len(groups) <= 80 else max(1.2, 60 / math.sqrt(len(groups)))
    for (x, y), g in zip(place, groups, strict=True):
        parts.append(
            f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius:.1f}' fill='{COLOURS[g % len(COLOURS)]}' stroke='#fff' stroke-width='{min(1.2, radius / 4):.2f}'/>"
        )
    for k, name in enumerate(names):
        far = room * math.sqrt(count[k] / biggest) * 0.85 + 24
        y = centre[k][1] + (far if centre[k][1] >= 305 else -far + 8)
        words = text(f"{_short(name, 44)} ({count[k]})")
        parts.append(
            f"<text x='{centre[k][0]:.1f}' y='{y:.1f}' font-size='15' font-weight='600' text-anchor='middle' fill='{INK}' stroke='#fff' stroke-width='4' paint-order='stroke'>{words}</text>"
        )
    return _svg(610, parts)
