"""The page of facts: what is measured and what the population shows, as Markdown, as JSON and as one figure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import t

from sim.facts.cohorts import Cohorts
from sim.facts.fact import Fact, Measured
from sim.facts.fitted import FITTED
from sim.facts.held_out import HELD_OUT

FACTS: tuple[Fact, ...] = FITTED + HELD_OUT


def measure(facts: Sequence[Fact], runs: Sequence[Cohorts]) -> list[Measured]:
    """Return facts beside the model's numbers: the mean over repetitions with other luck, with a 95 % interval by t.

    Parameters
    ----------
    facts
        Which.
    runs
        The same population with different luck.
    """
    result = []
    for fact in facts:
        values = np.array([fact.measure(cohorts) for cohorts in runs])
        there = values[np.isfinite(values)]
        if len(there) < max(1, len(values) // 2 + 1):
            result.append(Measured(fact, math.nan))
            continue
        half = (
            float(t.ppf(0.975, len(there) - 1) * there.std(ddof=1) / math.sqrt(len(there)))
            if len(there) > 1
            else math.nan
        )
        middle = float(there.mean())
        result.append(Measured(fact, middle, middle - half, middle + half))
    return result


def as_data(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """Return facts as data for ``facts.json``: id, text, unit, target, sd, model, interval, z, use, source, sureness."""
    return [
        {
            "id": m.fact.id,
            "text": m.fact.text,
            "unit": m.fact.unit,
            "target": m.fact.target,
            "sd": m.fact.sd,
            "model": _number(m.model),
            "low": _number(m.low),
            "high": _number(m.high),
            "z": _number(m.z),
            "use": m.fact.use,
            "source": m.fact.source,
            "sure": m.fact.sure,
        }
        for m in measured
    ]


def _number(value: float) -> float | None:
    return float(f"{value:.4g}") if math.isfinite(value) else None


def write_page(measured: Sequence[Measured], folder: Path, about: Mapping[str, str]) -> None:
    """Write ``README.md``, ``facts.json`` and the figure into a folder.

    Parameters
    ----------
    measured
        All facts.
    folder
        Where.
    about
        What the page says of how it was made: label -> words.
    """
    from sim.facts.figure import draw
    from sim.output.files import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    draw(measured, folder / "facts.png")
    write_whole(folder / "facts.json", json.dumps(as_data(measured), indent=1, ensure_ascii=False) + "\n")
    write_whole(folder / "README.md", page(measured, about))


def page(measured: Sequence[Measured], about: Mapping[str, str]) -> str:
    """Return the page as Markdown."""
    fitted = [m for m in measured if m.fact.use == "fitted"]
    held = [m for m in measured if m.fact.use == "held out"]
    lines = [
        "# Facts: what is measured about small firms, and what the population shows",
        "",
        "![Facts and the population, in standard deviations of each fact](facts.png)",
        "",
        f"The population is fitted to {len(fitted)} facts; {_count(fitted)}. It is not fitted to the other {len(held)}; "
        f"{_count(held)}. A fact's standard deviation holds all that is not sure of it, its mapping to the model included, "
        "so that two of them are a wide target.",
        "",
        *(f"- {label}: {words}" for label, words in about.items()),
        "",
    ]
    for title, rows in (("Fitted", fitted), ("Held out", held)):
        lines += [
            f"## {title}",
            "",
            "| | fact | measured | model (95 % interval) | off by (sd) | sure | source |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *(_row(m) for m in rows),
            "",
        ]
    missed = [m for m in measured if not m.met]
    if missed:
        lines += ["## What is missed by more than two standard deviations", ""]
        lines += [
            f"- **{m.fact.id}** {m.fact.text}: {_say(m.model)} where {_say(m.fact.target)} is measured."
            if math.isfinite(m.model)
            else f"- **{m.fact.id}** {m.fact.text}: cannot be said, too few firms have a value."
            for m in missed
        ]
        lines.append("")
    return "\n".join(lines)


def _count(rows: Sequence[Measured]) -> str:
    near, met = sum(abs(m.z) <= 1 for m in rows), sum(m.met for m in rows)
    return f"{met} of these lie within two standard deviations, {near} within one"


def _row(m: Measured) -> str:
    interval = f" ({_say(m.low)} to {_say(m.high)})" if math.isfinite(m.low) else ""
    z = f"{m.z:+.1f}" if math.isfinite(m.z) else ""
    return (
        f"| {m.fact.id} | {m.fact.text}, {m.fact.unit} | {_say(m.fact.target)} ± {_say(m.fact.sd)} | "
        f"{_say(m.model)}{interval} | {z} | {m.fact.sure} | {m.fact.source} |"
    )


def _say(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else "none"
