"""A story and its twin in one picture: two boats at a late week, and the weeks of all firms of both on the same axes."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray
from PIL import Image

from sim.measures.contrast import Contrast, paired, shares
from sim.measures.intervals import quantiles, wilson
from sim.measures.summaries import SUMMARIES
from sim.report import style
from sim.report.boat import BOW, Benches, Boat, draw_arrows, draw_boat
from sim.report.panel import Panel
from sim.report.run_data import Material

Floats = NDArray[np.float64]
COLOURS = ("#5D3A9B", "#00855F")
"""Of the story and of its twin: apart in lightness too, and neither is a colour of the boats."""
DASHES: tuple[tuple[float, ...], tuple[float, ...]] = ((), (4, 1.5))
BAND = (0.05, 0.5, 0.95)
HEIGHT, TOP = 5.85, 0.88
HULL, BODY = 1.72, 3.05
BOATS, CHARTS = (1.2, 3.3), (5.85, 8.12)
ACROSS, TALL, PITCH = 1.68, 1.3, 2.06


class Pair(NamedTuple):
    """A story and its twin: their runs with the same luck, and one firm of each, from the same replicate and week."""

    story: Material
    twin: Material
    boats: tuple[Boat, Boat]
    replicate: int

    @property
    def both(self) -> tuple[Material, Material]:
        """The two, the story first."""
        return self.story, self.twin


class Finding(NamedTuple):
    """What a pair's outcome came to: its words, both means as text, and the paired difference (story less twin)."""

    words: str
    story: str
    twin: str
    contrast: Contrast


def findings(pair: Pair) -> list[Finding]:
    """Return what the cause does: survival, and means of the last quarter of a year that each firm lived.

    Firms with the same luck are compared; of cash the last week lived counts.
    """
    found = []
    for name, words, write in (
        ("coherence", "rowing together", "{:.2f}"),
        ("thrust", "thrust", "{:.2f}"),
        ("cash", "cash", "{:.1f}"),
    ):
        a, b = (SUMMARIES[name].function(m.series, m.closed) for m in pair.both)
        one, two = (style.minus(write.format(v.mean())) for v in (a, b))
        found.append(Finding(words, one, two, paired(words, a, b, 0.0)))
    one, two = (f"{m.survived} of {m.runs}" for m in pair.both)
    alive = shares("open", pair.story.closed < 0, pair.twin.closed < 0, 0.0)
    return [Finding("open", one, two, alive), *found]


def sentence(pair: Pair) -> str:
    """Return what the cause does in one sentence, every number of which comes from the runs."""
    alive, *others = findings(pair)
    parts = [
        f"in the story {alive.story} firms are still open after {pair.story.weeks} weeks, in the twin {alive.twin} "
        f"({_difference(alive.contrast, 100, 0, ' points')})"
    ]
    for found in others:
        cash = found.words == "cash"
        unit, digits = (" weeks of cost", 1) if cash else ("", 2)
        said = _difference(found.contrast, 1, digits)
        parts.append(f"{found.words} is {found.story} against {found.twin}{unit} ({said})")
    clear = any(_clear(found.contrast) for found in (alive, *others))
    text = ("" if clear else "nothing that is shown here differs clearly: ") + "; ".join(parts) + "."
    return text[0].upper() + text[1:]


def _clear(contrast: Contrast) -> bool:
    return bool(contrast.low > 0 or contrast.high < 0)


def _difference(contrast: Contrast, scale: float, digits: int, unit: str = "") -> str:
    values = [scale * v for v in (contrast.effect, contrast.low, contrast.high)]
    if not any(values):
        return "no difference in any pair"
    if digits and max(map(abs, values)) < 0.5 * 10**-digits:
        return f"95 % interval of the difference within ±{0.5 * 10**-digits:g}"
    if digits and abs(values[0]) < 0.5 * 10 ** (1 - digits):
        digits += 1
    effect, low, high = (style.minus(f"{round(v, digits) + 0.0:+.{digits}f}") for v in values)
    verdict = "" if _clear(contrast) else ": no clear difference"
    return f"{effect}{unit}, 95 % interval {low} to {high}{verdict}"


def pair_figure(pair: Pair, path: Path) -> None:
    """Draw a pair as a PNG file; the same pair gives the same bytes."""
    with style.look():
        figure = style.sheet(HEIGHT)
        _boats(figure, pair)
        _charts(figure, pair)
        _events(figure, pair)
        _footer(figure, pair)
        _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    """Write a figure with a palette of its own: a third of the size, and nobody sees the difference."""
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=style.DPI, format="png")
    with Image.open(drawn) as image:
        # The usual median cut would give rare colours up, and the few who row astray are the point.
        flat = image.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        flat.save(path, format="PNG", optimize=True)


def _boats(figure: Figure, pair: Pair) -> None:
    names = pair.story.department_names
    most = max(len(names), *(int(b.department.max(initial=0)) + 1 for b in pair.boats))
    counts = [max(int(np.sum(b.department == d)) for b in pair.boats) for d in range(most)]
    benches = Benches(counts, HULL, BODY)
    for material, boat, left, colour in zip(pair.both, pair.boats, BOATS, COLOURS, strict=True):
        panel = Panel(figure, (left, TOP, HULL, BODY + BOW), (0, HULL), (0, BODY + BOW))
        draw_boat(panel, boat, benches)
        panel.write(
            _balanced(material.title, 22),
            HULL / 2,
            BODY + BOW,
            (0, 0.07),
            colour,
            10.5,
            up="bottom",
            weight="bold",
        )
    column = Panel(figure, (0, TOP, BOATS[0], BODY + BOW), (0, BOATS[0]), (0, BODY + BOW))
    for d, (low, high) in benches.places.items():
        name = "\n".join(textwrap.wrap(names[d] if d < len(names) else f"department {d + 1}", 13))
        column.write(name, BOATS[0] - 0.1, (low + high) / 2, size=10, across="right", colour=style.INK)
    column.write("customers", BOATS[0] - 0.26, BODY + 0.2, size=10, across="right", slant="italic", colour=style.GREY)
    column.line([BOATS[0] - 0.16] * 2, [BODY + 0.06, BODY + 0.28], style.GREY, width=1.6)
    column.polygon(
        [(BOATS[0] - 0.16, BODY + 0.4), (BOATS[0] - 0.09, BODY + 0.26), (BOATS[0] - 0.23, BODY + 0.26)], style.GREY
    )
    _key_of_boats(figure, TOP + BODY + BOW + 0.12, pair.boats[0].week)


def _balanced(text: str, width: int) -> str:
    """Return a text on as few lines as it needs, all about equally long."""
    lines = len(textwrap.wrap(text, width))
    narrow = next(w for w in range(1, width + 1) if len(textwrap.wrap(text, w, break_long_words=False)) <= lines)
    return "\n".join(textwrap.wrap(text, narrow, break_long_words=False))


def _key_of_boats(figure: Figure, top: float, week: int) -> None:
    panel = Panel(figure, (0.3, top, 4.8, 0.46), (0, 4.8), (0, 0.46))
    entries = (
        (0.1, 0.34, 1.0, False, "with the vision"),
        (1.5, 0.34, 0.0, False, "astray"),
        (2.42, 0.34, 1.0, True, "given up"),
    )
    for x, y, along, hollow, words in entries:
        draw_arrows(panel, np.array([(x, y)]), np.zeros(1), 0.2, np.array([along]), np.array([hollow]))
        panel.write(words, x + 0.13, y, size=10, across="left")
    panel.line([3.38, 3.7], [0.34, 0.34], style.INK, width=1.8, dashes=(3, 1.2))
    panel.dots(3.7, 0.34, style.INK, size=4.5, edge=style.INK)
    panel.write("the vision", 3.8, 0.34, size=10, across="left")
    words = f"One firm of each in week {week}, with the same luck. Everybody is\nan arrow; forward is where customers want to go."
    panel.write(words, 0, 0.15, size=10, across="left", up="top", colour=style.GREY)


def _charts(figure: Figure, pair: Pair) -> None:
    figure.legend(
        [
            (Line2D([], [], color=colour, linewidth=2.2, linestyle="-" if not dashes else (0, dashes)))
            for colour, dashes in zip(COLOURS, DASHES, strict=True)
        ] + [Patch(color=style.GREY, alpha=0.3, linewidth=0)],
        ["the story", "its twin", "90 % of firms"],
        loc="upper left", bbox_to_anchor=((CHARTS[0] - 0.35) / style.WIDTH, 1 - 0.14 / HEIGHT), ncols=3, fontsize=10.5,
        borderaxespad=0, borderpad=0, handlelength=1.9, columnspacing=1.3, handletextpad=0.5,
    )  # fmt: skip
    draw: tuple[tuple[str, Callable[[Panel, Material, int], None]], ...] = (
        ("Rowing together", lambda p, m, i: _fan(p, m, i, "coherence")),
        ("Thrust to customers", lambda p, m, i: _fan(p, m, i, "thrust")),
        ("Cash, weeks of cost", lambda p, m, i: _fan(p, m, i, "cash")),
        ("Firms still open", _open),
    )
    for i, (title, curve) in enumerate(draw):
        row, column = divmod(i, 2)
        low, ticks = _scale(pair, i)
        place = (CHARTS[column], TOP + 0.05 + row * PITCH, ACROSS, TALL)
        panel = Panel(figure, place, (0, pair.story.weeks), (low, ticks[-1]))
        panel.rules(ticks)
        for which in (1, 0):
            curve(panel, pair.both[which], which)
        panel.frame()
        panel.line([0, pair.story.weeks], [0, 0], style.GREY, width=0.8, level=1)
        labels = ["0 %", "50 %", "100 %"] if i == 3 else [style.number(t) for t in ticks]
        for y, text in zip(ticks, labels, strict=True):
            panel.write(text, 0, y, (-0.07, -0.01), across="right", size=10)
        _weeks(panel, pair.story.weeks, row == 1)
        panel.write(title, 0, ticks[-1], (-0.3, 0.27), size=10.5, across="left", up="bottom", weight="bold")
        _marks(panel, pair)


def _weeks(panel: Panel, weeks: int, written: bool) -> None:
    ticks = [week for week in style.week_ticks(weeks) if week % 52 == 0] if weeks >= 104 else style.week_ticks(weeks)
    panel.label_weeks(ticks, written=False)
    for week in ticks:
        panel.write(str(week), week, panel.y[0], (0, -0.08), up="top", size=10)
    if written:
        panel.write("week", weeks / 2, panel.y[0], (0, -0.27), up="top", size=10)


def _fan(panel: Panel, material: Material, which: int, name: str) -> None:
    low, middle, high = (row[material.telling] for row in quantiles(material.of(name), BAND))
    week = np.arange(len(middle), dtype=np.float64)
    panel.band(week, low, high, COLOURS[which], 0.2)
    panel.line(week, middle, COLOURS[which], width=2.0, dashes=DASHES[which], level=4 if which else 3.5)


def _open(panel: Panel, material: Material, which: int) -> None:
    week = np.arange(material.weeks, dtype=np.float64)
    count = np.sum((material.closed[:, None] < 0) | (material.closed[:, None] > week), axis=0)
    low, high = np.array([wilson(int(n), material.runs) for n in count]).T
    panel.band(week, low, high, COLOURS[which], 0.2)
    panel.line(week, count / material.runs, COLOURS[which], width=2.0, dashes=DASHES[which], level=4 if which else 3.5)


def _scale(pair: Pair, chart: int) -> tuple[float, list[float]]:
    """Return where a chart's scale begins, and its round numbers; the last one is its end."""
    if chart in (0, 3):
        return 0.0, [0.0, 0.5, 1.0]
    name = "thrust" if chart == 1 else "cash"
    ends = [quantiles(m.of(name), (BAND[0], BAND[2]))[:, m.telling] for m in pair.both]
    low, high = min(0.0, *(float(e[0].min()) for e in ends)), max(float(e[1].max()) for e in ends)
    ticks = [0.0, 0.5, 1.0] if chart == 1 else [t for t in style.round_ticks(0.0, max(high, 1.0), 3) if t >= 0]
    return low, ticks


def _happenings(pair: Pair) -> list[tuple[int, str, str]]:
    """Return week, caption and colour of all events: grey where both firms live them."""
    found = {}
    for material, colour in zip(pair.both, COLOURS, strict=True):
        for mark in material.marks:
            key = (mark.week, mark.caption)
            found[key] = style.GREY if key in found else colour
    return [(week, caption, colour) for (week, caption), colour in sorted(found.items())]


def _marks(panel: Panel, pair: Pair) -> None:
    for i, (week, _, colour) in enumerate(_happenings(pair), 1):
        panel.line([week] * 2, panel.y, colour, width=1.2, dashes=(1.5, 1.5), level=5)
        panel.write(str(i), week, panel.y[1], (0, 0.03), colour, 10, up="bottom", weight="bold")


def _events(figure: Figure, pair: Pair) -> None:
    who = {COLOURS[0]: " (story)", COLOURS[1]: " (twin)", style.GREY: " (both)"}
    panel = Panel(figure, (CHARTS[0] - 0.35, TOP + PITCH + TALL + 0.55, 4.4, 0.6), (0, 4.4), (0, 0.6))
    for i, (week, caption, colour) in enumerate(_happenings(pair)):
        panel.write(
            f"{i + 1}  week {week}: {caption}{who[colour]}",
            0,
            0.6 - 0.19 * i,
            colour=colour,
            size=10,
            across="left",
            up="top",
        )


def _footer(figure: Figure, pair: Pair) -> None:
    story, twin = pair.both
    last = int(story.replicates[-1])
    text = (
        f"n = {story.runs} firms each, the same luck in both: seed {story.seed}, replicates 0 to {last}. Lines: medians; bands: "
        f"90 % of the firms open, while a tenth are (share: 95 % interval). Boats: replicate {pair.replicate}, week {pair.boats[0].week}. "
        f"smb-coherence {story.version}, {story.name} {story.hash}, {twin.name} {twin.hash}."
    )
    figure.text(
        0.3 / style.WIDTH,
        0.1 / HEIGHT,
        "\n".join(textwrap.wrap(text, 148)),
        fontsize=8.8,
        color=style.GREY,
        va="bottom",
        linespacing=1.25,
    )
