"""Figures of the measure itself: curves of one factor at a time, heat maps of two, phase diagrams of cascades, boxes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from sim.report import style
from sim.sensitivity.discovery import Discovery
from sim.sensitivity.morris import Curve, curves
from sim.sensitivity.report.figure import Sheet, short
from sim.sensitivity.sample import NotApplicable, Sample
from sim.study.factors import Factor

Floats = NDArray[np.float64]
PHASES = ("closes", "lives, out of step", "rows together")
PHASE_COLOURS = ("#B4464B", "#E9C46A", "#4C9A8B")
OPEN, TOGETHER = 0.5, 0.7
"""A cell lives if at least half of its firms do, and rows together if their mean coherence is at least 0.7."""


def responses(sample: Sample, stem: Path) -> list[Path]:
    """Draw the response to each factor of a one-at-a-time design: mean, its 95 % interval, and 80 % of single runs.

    Raises
    ------
    NotApplicable
        If the design is of another kind.
    """
    design = sample.sweep.design
    if design.moved is None:
        raise NotApplicable(f"a {sample.sweep.study.design.kind} design has no curves of one factor at a time")
    found = curves(design.names, design.columns, design.moved, sample.y)
    with style.look():
        rows = -(-len(found) // 3)
        sheet = Sheet(
            f"One factor at a time: {sample.source.label}",
            "All other factors at the base, marked by a dot. Line and dark band: mean and its 95 % interval; "
            "light band: 80 % of single firms.",
            rows * 2.1 + 0.2,
        )
        low = min(float(c.bottom.min()) for c in found)
        high = max(float(c.top.max()) for c in found)
        for i, curve in enumerate(found):
            row, column = divmod(i, 3)
            ax = sheet.axes(0.65 + 3.15 * column, 0.2 + 2.1 * row, 2.6, 1.45)
            _curve(ax, curve)
            ax.set_ylim(low - 0.03 * (high - low), high + 0.03 * (high - low))
            ax.set_title(short(curve.factor), loc="left", fontsize=10.5, fontweight="bold")
        return sheet.save(
            sample.source, "95 % Student's t over replicates; light bands: quantiles over runs (10, 90 %)", stem
        )


def _curve(ax: Axes, curve: Curve) -> None:
    numeric = not isinstance(curve.values[0], str | bool)
    x = curve.values.astype(np.float64) if numeric else np.arange(len(curve.values), dtype=np.float64)
    ax.fill_between(x, curve.bottom, curve.top, color=style.BLUE, alpha=0.12, linewidth=0)
    if not np.isnan(curve.low).any():
        ax.fill_between(x, curve.low, curve.high, color=style.BLUE, alpha=0.3, linewidth=0)
    ax.plot(x, curve.mean, color=style.BLUE, linewidth=1.8)
    ax.plot(x[curve.base], curve.mean[curve.base], "o", color=style.INK, markersize=5)
    if not numeric:
        ax.set_xticks(x, [str(value) for value in curve.values])


def table(sample: Sample, factors: Sequence[str]) -> tuple[list[NDArray[np.generic]], Floats]:
    """Return the levels of some factors of a grid, and the mean over replicates and all other factors (levels, levels).

    Raises
    ------
    NotApplicable
        If the design is no grid or a factor is not in it.
    """
    study = sample.sweep.study
    if study.design.kind != "grid":
        raise NotApplicable(f"a {study.design.kind} design is no grid: heat maps need one")
    for name in factors:
        if name not in study.names:
            raise NotApplicable(f"{name} does not vary in {study.name}: choose among {', '.join(study.names)}")
    levels = [factor.levels(study.design.levels) for factor in study.factors]
    cells = sample.y.mean(axis=1).reshape([len(level) for level in levels])
    places = [study.names.index(name) for name in factors]
    mean = cells.mean(axis=tuple(i for i in range(cells.ndim) if i not in places))
    return [levels[i] for i in places], mean if places == sorted(places) else mean.T


def heat(sample: Sample, across: str, up: str, stem: Path, by: str | None = None) -> list[Path]:
    """Draw the mean of a measure over two factors of a grid, once for each of up to four levels of a third if `by` names it."""
    study = sample.sweep.study
    x, y = _factor(sample, across), _factor(sample, up)
    _, mean = table(sample, (up, across))
    panels = [("", mean)]
    if by is not None:
        third = _factor(sample, by)
        slices = third.levels(study.design.levels)  # type: ignore[union-attr]
        whole = _cube(sample, (by, up, across))
        picks = np.unique(np.linspace(0, len(slices) - 1, min(4, len(slices))).round().astype(int))
        panels = [(f"{short(by)} = {_number(slices[i])}", whole[i]) for i in picks]
    others = [short(n) for n in study.names if n not in (across, up, by)]
    with style.look():
        width = min(3.6, 8.4 / len(panels) - 0.15)
        sheet = Sheet(
            f"{sample.source.label}, by {short(across)} and {short(up)}" + (f" and {short(by)}" if by else ""),
            "Mean over replicates" + (f" and over {' and '.join(others)}" if others else "") + ".",
            width + 0.95,
        )
        low, high = min(float(p.min()) for _, p in panels), max(float(p.max()) for _, p in panels)
        for i, (words, values) in enumerate(panels):
            ax = sheet.axes(0.75 + i * (width + 0.15), 0.25, width, width)
            mesh = ax.imshow(values, origin="lower", aspect="auto", cmap=colormaps["viridis"], vmin=low, vmax=high)
            _scale(ax, x, y, study.design.levels, first=i == 0)  # type: ignore[union-attr]
            ax.set_title(words, loc="left", fontsize=10)
        bar = sheet.axes(0.75 + len(panels) * (width + 0.15) + 0.05, 0.25, 0.15, width)
        sheet.figure.colorbar(mesh, cax=bar)
        bar.spines[:].set_visible(False)
        return sheet.save(sample.source, "means, no intervals", stem)


def phases(survived: Sample, coherence: Sample, across: str, up: str, stem: Path) -> list[Path]:
    """Draw what becomes of firms over two factors of a grid: a phase per cell, and the share that is open as contours."""
    x, y = _factor(survived, across), _factor(survived, up)
    _, alive = table(survived, (up, across))
    _, mean = table(coherence, (up, across))
    phase = np.where(alive < OPEN, 0, np.where(mean < TOGETHER, 1, 2))
    with style.look():
        sheet = Sheet(
            f"Cascade phases: {short(across)} and {short(up)}",
            f"{survived.source.title}. A cell {PHASES[0]} if fewer than {100 * OPEN:.0f} % of its firms are open at the end; it "
            f"{PHASES[2]} if their mean coherence is {TOGETHER:g} or more. Lines: share of firms open.",
            4.9,
        )
        ax = sheet.axes(0.9, 0.1, 5.4, 4.2)
        ax.imshow(
            phase, origin="lower", aspect="auto", cmap=ListedColormap(PHASE_COLOURS), vmin=-0.5, vmax=2.5, alpha=0.85
        )
        if np.ptp(alive) > 0:
            lines = ax.contour(
                alive,
                levels=[v for v in (0.1, 0.5, 0.9) if alive.min() < v < alive.max()],
                colors=style.INK,
                linewidths=1,
            )
            ax.clabel(lines, fmt=lambda value: f"{100 * value:.0f} %", fontsize=8)
        _scale(ax, x, y, survived.sweep.study.design.levels)  # type: ignore[union-attr]
        shares = [float(np.mean(phase == i)) for i in range(3)]
        handles = [
            Patch(color=c, alpha=0.85, label=f"{n} ({100 * s:.0f} % of cells)")
            for c, n, s in zip(PHASE_COLOURS, PHASES, shares, strict=True)
        ]
        sheet.figure.legend(
            handles=handles[::-1], loc="upper left", borderaxespad=0,
            bbox_to_anchor=(6.6 / style.WIDTH, 1 - (sheet.top + 0.2) / sheet.figure.get_figheight()),
        )  # fmt: skip
        return sheet.save(survived.source, "shares and means over replicates, no intervals", stem)


def box(sample: Sample, found: Discovery, happens: NDArray[np.bool_], stem: Path) -> list[Path]:
    """Draw the box that discovery found in the plane of its two surest factors, and the scores of all factors."""
    with style.look():
        sheet = Sheet(f"Where it happens: {found.what}", found.text, 4.5)
        names = [limit.factor for limit in found.limits]
        names += [name for name in found.scores if name not in names]
        across, up = names[0], names[1] if len(names) > 1 else names[0]
        rows = sample.independent.ravel()
        ax = sheet.axes(0.9, 0.2, 4.4, 3.6)
        x, y = (_factor(sample, n).numbers(sample.sweep.design.columns[n][rows]) for n in (across, up))
        for case, colour, words in ((~happens, "#B8B8B8", "does not happen"), (happens, style.EVENT, "happens")):
            ax.scatter(x[case], y[case], s=9, color=colour, alpha=0.7, linewidth=0, label=words)
        sides = {limit.factor: limit for limit in found.limits if not limit.values}
        spans = []
        for name, values in ((across, x), (up, y)):
            side = sides.get(name)
            spans.append((float(side.low), float(side.high)) if side else (float(values.min()), float(values.max())))
        (left, right), (low, high) = spans
        ax.add_patch(Rectangle((left, low), right - left, high - low, fill=False, edgecolor=style.INK, linewidth=1.8))
        ax.set_xlabel(short(across))
        ax.set_ylabel(short(up))
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.12), ncols=2, markerscale=2)
        score = sheet.axes(7.1, 0.2, 2.5, 3.6)
        top = list(found.scores.items())[:12]
        score.barh(range(len(top)), [value for _, value in top], color=style.BLUE)
        score.axvline(found.floor, color=style.EVENT, linewidth=1.4)
        score.set_yticks(range(len(top)), [short(name) for name, _ in top])
        score.set_ylim(len(top) - 0.4, -0.6)
        score.set_title("Feature scores (line: chance)", loc="left", fontsize=10, fontweight="bold")
        return sheet.save(found.source, "PRIM, sides with quasi-p < 0.05; scores of extremely randomised trees", stem)


def _factor(sample: Sample, name: str) -> Factor:
    for factor in sample.sweep.study.factors:
        if factor.name == name:
            return factor
    raise NotApplicable(
        f"{name} does not vary in {sample.sweep.study.name}: choose among {', '.join(sample.sweep.study.names)}"
    )


def _cube(sample: Sample, names: tuple[str, str, str]) -> Floats:
    study = sample.sweep.study
    shape = [len(factor.levels(study.design.levels)) for factor in study.factors]  # type: ignore[union-attr]
    cells = sample.y.mean(axis=1).reshape(shape)
    places = [study.names.index(name) for name in names]
    rest = tuple(i for i in range(cells.ndim) if i not in places)
    kept = sorted(places)
    return np.asarray(np.transpose(cells.mean(axis=rest), [kept.index(i) for i in places]))


def _scale(ax: Axes, across: Factor, up: Factor, levels: int, first: bool = True) -> None:
    for axis, factor in ((ax.xaxis, across), (ax.yaxis, up)):
        values = factor.levels(levels)
        picks = np.arange(0, len(values), max(1, -(-(len(values) - 1) // 4)))
        axis.set_ticks(picks, [_number(values[i]) for i in picks])
    if not first:
        ax.set_yticks([])
    else:
        ax.set_ylabel(short(up.name))
    ax.set_xlabel(short(across.name))
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)


def _number(value: object) -> str:
    return f"{value:.2g}" if isinstance(value, float | np.floating) else str(value)
