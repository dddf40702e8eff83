"""Low and high: the table of levels that all claims share, and the means of unmoved firms, made before any arm runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.claims.criteria import rules
from sim.claims.population import Population
from sim.output.files import write_whole
from sim.scenario.parameters import GROUPS, parameter_names

FIRMS = 4096
"""Firms over which percentiles are taken."""
POINTS = ("low", "package_low", "middle", "package_high", "high")
WHOLE = ("founder.cadence", "people.k_in", "review.review_every", "work.diversion_weeks")


@dataclass(frozen=True)
class Levels:
    """What low and high mean, and what an unmoved firm has on average.

    Attributes
    ----------
    points
        Parameter -> name of a level -> value.
    fitted
        Parameters in which firms of the population differ: their levels are percentiles, all others points of a range.
    means
        Means over the unmoved population of which smallest effects are shares.
    plan
        Work that a post adds in a week to an initiative that takes a share of .2, median unmoved firm.
    again
        Whether low and high are those with which headlines are made once more.
    """

    points: Mapping[str, Mapping[str, float]]
    fitted: frozenset[str]
    means: Mapping[str, float] = field(default_factory=dict)
    plan: float = 0.1
    again: bool = False

    def of(self, name: str, level: str, package: bool = False) -> float:
        """Return the value of a level: ``low``, ``high``, ``middle`` or ``range_low``; in a large package its own ones."""
        if self.again and level in ("low", "high"):
            return self.points[name][f"again_{level}"]
        if package and level in ("low", "high"):
            return self.points[name][f"package_{level}"]
        return self.points[name][level]

    def once_more(self) -> Levels:
        """Return the levels with which headlines are made again."""
        return replace(self, again=True)


def levels_of(population: Population, count: int = FIRMS) -> Levels:
    """Return the table of levels of a population."""
    stated = rules()["levels"]
    firms = population.firms(0, count)
    table: dict[str, dict[str, float]] = {}
    fitted = set()
    for name in parameter_names():
        values = firms.of(name)
        low, high = rules()["ranges"].get(name) or _plausible(name)
        if np.ptp(values) > 1e-12:
            fitted.add(name)
            method = "nearest" if name in WHOLE else "linear"
            at = {p: float(np.quantile(values, stated[p], method=method)) for p in POINTS}  # type: ignore[call-overload]
            again = [float(np.quantile(values, q, method=method)) for q in stated["again"]]  # type: ignore[call-overload]
        else:
            shares = {"low": stated["unfitted_low"], "high": stated["unfitted_high"], "middle": stated["middle"]}
            shares |= {"package_low": stated["unfitted_low"], "package_high": stated["unfitted_high"]}
            at = {p: low + (high - low) * shares[p] for p in POINTS}
            again = [low + (high - low) * q for q in stated["again"]]
            if name in WHOLE:
                at, again = {p: float(round(v)) for p, v in at.items()}, [float(round(v)) for v in again]
        table[name] = {**at, "again_low": again[0], "again_high": again[1], "range_low": float(low)}
    return Levels(table, frozenset(fitted))


def write_levels(levels: Levels, place: Path, note: Mapping[str, Any]) -> None:
    """Write the table as ``levels.json`` and ``levels.md``."""
    used = _used()
    data = {
        "note": dict(note),
        "levels": {name: {k: _short(v) for k, v in levels.points[name].items()} for name in used},
        "fitted": sorted(levels.fitted & set(used)),
        "means": {k: _short(v) for k, v in levels.means.items()},
        "plan": _short(levels.plan),
    }
    lines = [
        "# Levels",
        "What low and high are in the claims, made from the fitted population before any arm of a claim ran.",
        "",
        f"{note['firms']} firms for the percentiles, {note['runs']} unmoved firms for the means, seed {note['seed']}.",
        "",
        "| parameter | low | low in a package | middle | high in a package | high | from |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in used:
        cells = [f"{levels.points[name][p]:.3g}" for p in POINTS]
        lines.append(f"| {name} | {' | '.join(cells)} | {'percentiles' if name in levels.fitted else 'its range'} |")
    lines += ["", "| mean of an unmoved firm | value |", "| --- | --- |"]
    lines += [f"| {name} | {value:.4g} |" for name, value in levels.means.items()]
    lines += [
        "",
        f"Work that a post adds in a week to an initiative that takes a share of .2, median unmoved firm: {levels.plan:.3g}.",
        "",
    ]
    for suffix, text in ((".json", json.dumps(data, indent=1) + "\n"), (".md", "\n".join(lines))):
        write_whole(place / f"levels{suffix}", text)


def _plausible(name: str) -> tuple[float, float]:
    group, field_name = name.split(".")
    extra: Any = GROUPS[group].model_fields[field_name].json_schema_extra
    low, high = extra["range"]
    return float(low), float(high)


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _used() -> list[str]:
    """Return the parameters whose levels some claim names, in the model's order."""
    from sim.claims.criteria import FOLDER

    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml")))
    return [name for name in parameter_names() if f'"{name}"' in text]
