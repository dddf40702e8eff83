"""Figures of indices: bars, pairs, and Morris's plane."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib import colormaps

from sim.report import style
from sim.sensitivity.analysis import Findings
from sim.sensitivity.report.figure import Sheet, measured, short, whiskers

SHADES = (style.BLUE, "#E69F00", "#009E73")
MOST = 30
"""Factors that bars show: the strongest."""


def bars(findings: Findings, stem: Path) -> list[Path]:
    """Draw the indices of all factors as bars with intervals, and luck's share of the variance beneath them."""
    with style.look():
        order = np.argsort(-findings.indices[0].values, kind="stable")[:MOST]
        shown = findings.indices[:1] if findings.method == "morris" else findings.indices
        rows = len(order)
        deep = 0.2 + 0.34 * rows
        luck = findings.luck
        sheet = Sheet(_title(findings), findings.verdict.text, deep + (0.95 if luck else 0.45) + 0.3)
        ax = sheet.axes(2.0, 0.3, 7.4, deep)
        thick = 0.8 / len(shown)
        for j, index in enumerate(shown):
            y = np.arange(rows) + (j - (len(shown) - 1) / 2) * thick
            error = whiskers(index.values[order], index.low[order], index.high[order])
            ax.barh(y, index.values[order], thick * 0.92, color=SHADES[j], label=index.label, xerr=error,
                    error_kw={"ecolor": style.INK, "elinewidth": 1, "capsize": 2})  # fmt: skip
        if findings.floor is not None and np.nanmax(findings.floor) > 0:
            for row, level in enumerate(findings.floor[order]):
                ax.plot([level, level], [row - 0.45, row + 0.45], color=style.EVENT, linewidth=1.6,
                        label="what noise alone shows" if row == 0 else None)  # fmt: skip
        ax.axvline(0, color=style.GREY, linewidth=0.8)
        ax.set_yticks(range(rows), [short(findings.names[i]) for i in order])
        ax.set_ylim(rows - 0.4, -0.6)
        ax.legend(loc="lower right", borderaxespad=0.2)
        if luck is not None:
            _share(sheet, findings, deep + 0.75)
        return sheet.save(findings.source, findings.interval, stem)


def _share(sheet: Sheet, findings: Findings, down: float) -> None:
    luck = findings.luck
    assert luck is not None
    ax = sheet.axes(2.0, down, 7.4, 0.24)
    left = 0.0
    parts = (
        (luck.parameters, style.BLUE, "parameters"),
        (luck.shared, "#B0B0B0", "luck, alike at all points"),
        (luck.local, "#7F7F7F", "luck, other"),
    )
    for part, colour, words in parts:
        part = max(part, 0.0)
        ax.barh(0, part, 0.9, left=left, color=colour)
        if part > 0.17:
            ax.text(
                left + part / 2, 0, f"{words} {100 * part:.0f} %", ha="center", va="center", color="white", fontsize=8.5
            )
        left += part
    ax.set_xlim(0, max(left, 1e-9))
    ax.set_xticks([])
    ax.set_yticks([0], ["single runs'\nvariance"])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def _title(findings: Findings) -> str:
    names = {"morris": "Morris screening", "sobol": "Sobol' indices", "fast": "FAST", "rbd_fast": "RBD-FAST", "delta": "Delta",
             "pawn": "PAWN", "anova": "Sobol' indices on the whole grid"}  # fmt: skip
    return f"{names[findings.method]}: {findings.source.label}"


def pairs(findings: Findings, stem: Path) -> list[Path]:
    """Draw the second-order indices of all pairs of factors as a heat map; those whose interval holds 0 are in grey type.

    Raises
    ------
    ValueError
        If the findings have no second order.
    """
    if findings.second is None:
        raise ValueError(f"{findings.method} has no second order")
    with style.look():
        second, k = findings.second, len(findings.names)
        cell = min(0.62, 7.0 / k)
        sheet = Sheet(
            f"Interactions: {findings.source.label}",
            "Second-order index of each pair: the share of variance that two factors earn together, beyond what each earns alone. "
            "Grey numbers cannot be told from 0; the true index is never negative.",
            cell * k + 1.1,
        )
        ax = sheet.axes(2.0, 0.1, cell * k, cell * k)
        limit = max(0.05, float(np.nanmax(np.abs(second.values))))
        mesh = ax.imshow(second.values, cmap=colormaps["RdBu_r"], vmin=-limit, vmax=limit)
        for i in range(k):
            for j in range(k):
                if i != j:
                    sure = second.low[i, j] > 0 and second.values[i, j] >= 0.005
                    dark = abs(second.values[i, j]) > 0.6 * limit
                    colour = ("white" if dark else style.INK) if sure else "#8a8a8a"
                    text = f"{second.values[i, j]:.2f}".replace("-0.00", "0.00").replace("-", "\N{MINUS SIGN}")
                    ax.text(j, i, text, ha="center", va="center", fontsize=min(9.0, 13 * cell), color=colour)
        names = [short(name) for name in findings.names]
        ax.set_xticks(range(k), names, rotation=40, ha="right", rotation_mode="anchor")
        ax.set_yticks(range(k), names)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        bar = sheet.axes(2.0 + cell * k + 0.2, 0.1, 0.15, cell * k)
        sheet.figure.colorbar(mesh, cax=bar, label="second-order index")
        bar.spines[:].set_visible(False)
        return sheet.save(findings.source, findings.interval, stem)


def plane(findings: Findings, stem: Path) -> list[Path]:
    """Draw Morris's plane: the mean size of effects against their spread; far right matters, above the line interacts."""
    with style.look():
        star, sigma = findings.index("mu_star"), findings.index("sigma")
        sheet = Sheet(
            f"Morris's plane: {findings.source.label}",
            "To the right: factors that matter. High: factors whose effect depends on the others, or is curved. "
            "Each effect is that of moving through all of a factor's range.",
            5.5,
        )
        ax = sheet.axes(0.9, 0.1, 8.6, 4.9)
        x, y = star.values, sigma.values
        ax.errorbar(x, y, xerr=whiskers(x, star.low, star.high), fmt="none", ecolor="#B5CFE3", elinewidth=1, zorder=1)
        lost = np.isin(findings.names, findings.verdict.noisy)
        ax.scatter(x[~lost], y[~lost], color=style.BLUE, s=26, zorder=3)
        if lost.any():
            ax.scatter(
                x[lost],
                y[lost],
                facecolor="white",
                edgecolor=style.BLUE,
                s=24,
                zorder=3,
                label="not told from luck alone",
            )
            ax.legend(loc="upper left")
        right, top = 1.12 * float(np.max(star.high)), 1.15 * float(y.max())
        for slope, words in ((1.0, "sigma = mu*"), (0.5, "sigma = 0.5 mu*"), (0.1, "sigma = 0.1 mu*")):
            end = min(right, top / slope)
            ax.plot([0, end], [0, slope * end], color=style.FAINT, linewidth=0.9, zorder=0)
            ax.text(0.97 * end, 0.97 * slope * end, words, color=style.GREY, fontsize=8, ha="right", va="bottom")
        taken: list[tuple[float, float]] = []
        for i in np.argsort(-x):
            place = (float(x[i]) / right, float(y[i]) / top)
            if x[i] > 0.12 * x.max() and all(abs(place[0] - a) > 0.1 or abs(place[1] - b) > 0.035 for a, b in taken):
                ax.annotate(short(findings.names[i]), (x[i], y[i]), (4, 4), textcoords="offset points", fontsize=9)
                taken.append(place)
        ax.set_xlim(0, right)
        ax.set_ylim(0, top)
        ax.set_xlabel(f"mu*: mean size of the effect on {measured(findings.source)}")
        ax.set_ylabel("sigma: spread of the effect")
        return sheet.save(findings.source, findings.interval, stem)
