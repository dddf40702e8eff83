"""What the runs say in a few sentences, each computed from the numbers and none known beforehand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.measures.intervals import quantiles
from sim.measures.series import SERIES
from sim.measures.summaries import LATE, survived, window_mean
from sim.report.run_data import Material
from sim.report.table import cells, markdown, per_run, survival

CLEAR = 0.9
"""Share of the runs that must agree before a sentence says that something rose or fell."""


def sentences(material: Material) -> list[str]:
    """Return what the table says, in plain words."""
    return list(_sentences(material))


def _sentences(material: Material) -> Iterator[str]:
    yield _fate(material)
    found = {cell.line.key: cell for cell in cells(material)}
    together, thrust = found["coherence"], found["thrust"]
    yield (
        f"In the last {LATE} weeks that it lived, the middle firm rowed together at {together.median:.2f} "
        f"(1 is everybody the same way); what was left towards its market, the thrust, was {thrust.median:.2f}."
    )
    late = per_run(material)
    yield _gap(late["cognitive"] - late["behavioural"])
    if material.weeks >= 2 * LATE and material.survived:
        open_to_the_end = survived(material.closed)
        for name in ("coherence", "engagement", "customers"):
            values = material.of(name)[open_to_the_end]
            yield _change(SERIES[name].label, window_mean(values, -LATE) - window_mean(values, 0, LATE))


def _fate(material: Material) -> str:
    alive = survival(material)
    text = (
        f"{alive.open} of {alive.runs} simulated firms were still open after {material.weeks} weeks "
        f"({100 * alive.share:.0f} %; with another set of runs like these the share may well be anywhere "
        f"from {100 * alive.low:.0f} to {100 * alive.high:.0f} %)."
    )
    lived = material.lived[material.closed >= 0]
    if lived.size == 1:
        return f"{text} The one that closed lived {lived[0]} weeks."
    if lived.size:
        return f"{text} Of those that closed, the first lived {lived.min()} weeks and the middle one {np.median(lived):.0f}."
    return text


def _gap(difference: NDArray[np.float64]) -> str:
    n = difference.size
    more, less = int(np.sum(difference > 0)), int(np.sum(difference < 0))
    middle = float(np.median(difference))
    if more >= CLEAR * n:
        return f"People believe in the vision more than they act on it in {more} of {n} runs (middle difference {middle:.2f})."
    if less >= CLEAR * n:
        return f"People act on the vision more than they believe in it in {less} of {n} runs (middle difference {-middle:.2f})."
    return (
        f"Whether people believe in the vision more than they act on it differs from run to run ({more} of {n} say so)."
    )


def _change(label: str, difference: NDArray[np.float64]) -> str:
    n = difference.size
    up, down = int(np.sum(difference > 0)), int(np.sum(difference < 0))
    low, middle, high = (float(q) for q in quantiles(difference, (0.1, 0.5, 0.9)))
    since = f"from the first {LATE} weeks to the last"
    band = f"(middle change {middle:+.2f}, 80 % of firms {low:+.2f} to {high:+.2f})"
    if up >= CLEAR * n:
        return f"{label} rose {since} in {up} of the {n} firms that stayed open {band}."
    if down >= CLEAR * n:
        return f"{label} fell {since} in {down} of the {n} firms that stayed open {band}."
    return f"{label} has no clear course {since}: it fell in {down} and rose in {up} of the {n} firms that stayed open {band}."


def _bands(material: Material) -> str:
    if not material.drawn:
        return "The bands show what luck does, not how sure we are of the model or its parameters."
    lucks = f" Every firm has {material.lucks} runs, each with luck of its own." if material.lucks > 1 else ""
    return f"The bands show what luck and these differences do, not how sure we are of the model.{lucks}"


def _drawn(material: Material) -> str:
    lines = ["| Parameter | Median | 80 % of firms |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {mid:.3g} | {low:.3g} to {high:.3g} |" for name, (low, mid, high) in material.spread.items()]
    return "\n".join(lines)


def summary(material: Material, figures: bool = True) -> str:
    """Return the summary page in Markdown: sentences, table, figures, and what the numbers are not."""
    runs = f"{material.runs} run" + ("s" if material.runs > 1 else "")
    parts = [
        f"# {material.title}",
        "\n".join(f"- {text}" for text in sentences(material)),
        "## Numbers",
        markdown(material),
    ]
    if material.drawn:
        parts += ["## In what firms differ", _drawn(material)]
    if figures:
        parts += ["## Figures", "![The firm week by week](fan.png)"]
        if material.views:
            parts.append("![Where everybody heads](compass.png)")
        parts.append("![Department by department](cascade.png)")
    parts += [
        "## How to read this",
        f"{runs} of one scenario (`{material.name}`, {material.hash}) with seed {material.seed}, which differ "
        f"{material.difference}. {_bands(material)} "
        f"smb-coherence {material.version}.",
    ]
    return "\n\n".join(parts) + "\n"
