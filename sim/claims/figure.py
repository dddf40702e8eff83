"""The figure of a claim: its arms week by week, what holds and what does not, and where the headline is larger or smaller."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.claims.criteria import rules
from sim.report import style

WORDS = {
    "reproduced": "#00734f",
    "headline holds": "#4d8f00",
    "no effect": "#6b6b6b",
    "opposite": "#b3261e",
    "not shown": "#9a6300",
}
"""Colours of verdicts; colour-blind readers have the words beside them."""
MINUS = "\N{MINUS SIGN}"
ROW = 0.27
"""Inches of a row of a forest."""
_AXES: dict[Any, Any] = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#999999",
    "axes.labelcolor": style.GREY,
    "axes.labelsize": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "xtick.color": style.GREY,
    "ytick.color": style.INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
}


def claim_figure(entry: Mapping[str, Any], stem: Path) -> list[Path]:
    """Draw a claim's figure; return the files written.

    Parameters
    ----------
    entry
        As the ledger keeps it (`sim.claims.claim.entry_of`), with its word.
    stem
        Path without suffix; ``.png`` and ``.svg`` are added.
    """
    with style.look(), mpl.rc_context(_AXES):
        words = style.Heading(f"{entry['id']}  {entry['title']}", entry["headline"]["says"])
        judged = [entry["headline"], *entry["core"]]
        beside = _beside(entry)
        start = words.height + 0.75
        tall = max(2.4, ROW * len(judged) + 0.25)
        below = ROW * len(beside) + 0.25 if beside else 0.0
        height = start + tall + (0.95 + below if beside else 0.0) + 1.0
        figure = style.sheet(height)
        words.write(figure)
        _verdict(figure, entry, words.height)
        _curves(_axes(figure, 0.62, start, 3.3, tall), entry)
        _mixed(_axes(figure, 6.75, start, 1.6, tall), judged)
        if beside:
            _forest(_axes(figure, 3.4, start + tall + 0.95, 5.2, below), beside, entry["headline"])
        _footer(figure, entry)
        return style.save(figure, stem)


def _axes(figure: Figure, left: float, top: float, wide: float, tall: float) -> Axes:
    height = figure.get_figheight()
    return figure.add_axes((left / style.WIDTH, 1 - (top + tall) / height, wide / style.WIDTH, tall / height))


def _verdict(figure: Figure, entry: Mapping[str, Any], below: float) -> None:
    height = figure.get_figheight()
    head = entry["headline"]
    text = f"{entry['verdict'].upper()}: {number(head['effect'])} [{number(head['low'])}, {number(head['high'])}]"
    text += f", expected {expectation(head)}, {head['n']} pairs"
    if entry["share_of_firms"]:
        text += f", {100 * entry['share_of_firms']['expected_side']:.0f} % of firms"
    colour = WORDS.get(entry["word"], style.INK)
    figure.text(
        0.3 / style.WIDTH, 1 - (below + 0.08) / height, text, fontsize=9, color=colour, fontweight="bold", va="top"
    )


def _curves(axes: Axes, entry: Mapping[str, Any]) -> None:
    curves = entry["curves"]
    says = rules()["outcomes"].get(
        curves["outcome"], {"result": "weekly result, weeks of cost"}.get(curves["outcome"], curves["outcome"])
    )
    if curves["outcome"] == "alive":
        says = "share of firms open"
    colours = sns.color_palette("colorblind", max(1, len(curves["arms"])))
    for colour, (name, its) in zip(colours, curves["arms"].items(), strict=True):
        weeks, mean, half = zip(
            *((w, m, h) for w, m, h in zip(curves["weeks"], its["mean"], its["half"], strict=True) if m is not None), strict=True
        ) if any(m is not None for m in its["mean"]) else ((), (), ())  # fmt: skip
        axes.plot(weeks, mean, color=colour, linewidth=1.4, label=name.replace("_", " "))
        low, high = (
            [m - (h or 0) for m, h in zip(mean, half, strict=True)],
            [m + (h or 0) for m, h in zip(mean, half, strict=True)],
        )
        axes.fill_between(weeks, low, high, color=colour, alpha=0.18, linewidth=0)
    if curves["from_w"]:
        axes.axvline(0, color=style.EVENT, linewidth=0.9, linestyle="--")
    axes.set_xlabel("weeks from the event" if curves["from_w"] else "week")
    axes.set_title("\n".join(textwrap.wrap(str(says), 46)), x=-0.1)
    axes.legend(loc="best", frameon=True, framealpha=0.75, edgecolor="none")


def _mixed(axes: Axes, judged: Sequence[Mapping[str, Any]]) -> None:
    """Draw contrasts of different units below each other, each on a scale of its own, with its numbers beside it."""
    axes.set_title("headline and supports, each on its own scale", x=-1.55)
    axes.axvline(0, color="#999999", linewidth=0.8)
    labels = []
    for row, its in enumerate(judged):
        name = "headline" if its["name"] == "headline" else f"({its['name']}) " + its["says"]
        labels.append(textwrap.shorten(name, 40, placeholder=" ..."))
        if its["effect"] is None or its["low"] is None:
            axes.text(1.08, row, "no value", fontsize=8, va="center", color=style.GREY)
            continue
        scale = max(abs(its["low"]), abs(its["high"]), 1e-12)
        colour = WORDS["reproduced"] if its["passes"] else WORDS["not shown"]
        axes.plot([its["low"] / scale, its["high"] / scale], [row, row], color=colour, linewidth=2)
        axes.plot([its["effect"] / scale], [row], "o", color=colour, markersize=5)
        text = f"{number(its['effect'])} [{number(its['low'])}, {number(its['high'])}]"
        axes.text(1.08, row, text, fontsize=8, va="center", color=style.INK)
    axes.set_yticks(range(len(judged)), labels)
    axes.set_ylim(len(judged) - 0.5, -0.5)
    axes.set_xlim(-1.05, 1.05)
    axes.set_xticks([])


def _beside(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what has the headline's unit: the ablation, the other policy, levels, horizons, thirds."""
    rows: list[Mapping[str, Any]] = [{**entry["headline"], "says": "headline"}]
    ablation = entry["ablation"]
    if ablation and ablation["effect"] is not None:
        rows.append({**ablation, "says": "ablation: " + ablation["says"]})
    rows += [said for said in entry["printed"] if said["says"].startswith("headline")]
    return rows if len(rows) > 1 else []


def _forest(axes: Axes, rows: Sequence[Mapping[str, Any]], head: Mapping[str, Any]) -> None:
    axes.set_title(
        "the headline without its mechanism, by other policies, levels and horizons, and by thirds of firms", x=-0.58
    )
    axes.axvline(0, color="#999999", linewidth=0.8)
    delta = head["delta"] or 0.0
    axes.axvspan(-delta, delta, color=style.FAINT, alpha=0.5, linewidth=0)
    for row, its in enumerate(rows):
        if its["effect"] is None or its["low"] is None:
            continue
        axes.plot([its["low"], its["high"]], [row, row], color=style.BLUE, linewidth=1.8)
        axes.plot([its["effect"]], [row], "o", color=style.BLUE, markersize=4.5)
        axes.text(
            1.01,
            row,
            f"{number(its['effect'])}  n {its['n']}",
            transform=axes.get_yaxis_transform(),
            fontsize=8,
            va="center",
        )
    axes.set_yticks(range(len(rows)), [textwrap.shorten(r["says"], 52, placeholder=" ...") for r in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(f"{unit_of(head) or 'effect'}; grey: smaller than the smallest effect of interest")


def forest_figure(entries: Sequence[Mapping[str, Any]], stem: Path) -> list[Path]:
    """Draw all headlines below each other, in units of their smallest effect, the expected side to the right."""
    with style.look(), mpl.rc_context(_AXES):
        held = sum(e["word"] in ("reproduced", "headline holds") for e in entries)
        subtitle = (
            f"{held} of {len(entries)} headlines pass. Points: effect over the smallest effect of interest, towards the side that the "
            "articles expect; bars: 99 % intervals; the scale is linear to 2 and logarithmic beyond."
        )
        words = style.Heading("What the articles claim, and what the fitted firms show", subtitle)
        tall = 0.29 * len(entries) + 0.2
        figure = style.sheet(words.height + tall + 1.15)
        words.write(figure)
        axes = _axes(figure, 4.15, words.height + 0.3, 3.3, tall)
        axes.set_xscale("symlog", linthresh=2, linscale=1.2)
        axes.axvspan(-1, 1, color=style.FAINT, alpha=0.6, linewidth=0)
        axes.axvline(0, color="#999999", linewidth=0.8)
        for row, entry in enumerate(entries):
            head, colour = entry["headline"], WORDS.get(entry["word"], style.GREY)
            axes.text(
                1.02,
                row,
                entry["verdict"],
                transform=axes.get_yaxis_transform(),
                fontsize=8.5,
                va="center",
                color=colour,
            )
            if head["effect"] is None or head["low"] is None or not head["delta"]:
                continue
            scale = (1 if head["expected"] == "+" else -1) / head["delta"]
            axes.plot(sorted((scale * head["low"], scale * head["high"])), [row, row], color=colour, linewidth=2.2)
            axes.plot([scale * head["effect"]], [row], "o", color=colour, markersize=5)
        axes.set_yticks(
            range(len(entries)), [textwrap.shorten(f"{e['id']} {e['title']}", 58, placeholder=" ...") for e in entries]
        )
        axes.set_ylim(len(entries) - 0.5, -0.5)
        axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda x, _: f"{x:g}".replace("-", MINUS)))
        axes.set_xlabel("effect / smallest effect of interest; grey: smaller than that")
        first = entries[0]
        seeds = sorted({str(e["seed"]) for e in entries})
        text = f"seed {', '.join(seeds)}  |  99 % intervals, clustered by firm  |  smb-coherence {first['version']}, population {first['population']}"
        figure.text(0.3 / style.WIDTH, 0.15 / figure.get_figheight(), text, fontsize=8, color=style.GREY)
        return style.save(figure, stem)


def _footer(figure: Figure, entry: Mapping[str, Any]) -> None:
    pairs = entry["pairs"]
    text = (
        f"{pairs['run']} pairs ({pairs['redrawn']} closed before their event), seed {entry['seed']}, {entry['runs']:,} runs  |  "
        f"bands: 95 %, bars: 99 % (t and bootstrap, clustered by firm)  |  smb-coherence {entry['version']}, population {entry['population']}"
    )
    lines = textwrap.wrap(text, 150)
    figure.text(
        0.3 / style.WIDTH, 0.12 / figure.get_figheight(), "\n".join(lines), fontsize=8, color=style.GREY, va="bottom"
    )


def number(value: float | None) -> str:
    """Return a number as figures and pages write it."""
    return "-" if value is None or not math.isfinite(value) else f"{value:.3g}".replace("-", MINUS)


def expectation(its: Mapping[str, Any]) -> str:
    """Return what a contrast was expected to be, in a few words."""
    delta = number(its["delta"]) if its["delta"] else ""
    match its["expected"]:
        case "+":
            return f"at least +{delta}" if delta else "above 0"
        case "-":
            return f"at most {MINUS}{delta}" if delta else "below 0"
        case "equal":
            return f"within {delta}"
        case "not below":
            return f"not below {MINUS}{delta}"
        case "not above":
            return f"not above {delta}"
    return ""


def unit_of(its: Mapping[str, Any]) -> str:
    """Return the unit of a contrast, in words."""
    units = {
        "worth": "weeks of cost", "alive": "share of firms", "success": "share of firms", "over_plan": "share of firms",
        "lost_outside": "share of people", "lost_far": "share of people", "lost": "share of people",
        "disengaged": "share of people", "leavers": "share of people a month", "rework": "share of work",
        "churn": "share of customers a week", "throughput": "weeks of work", "customers": "initial customer bases",
        "margin": "share of revenue", "angle": "radians",
    }  # fmt: skip
    return str(its["unit"] or units.get(its["outcome"], ""))
