"""Both models' curves for four claims, March's in the left column, our firm's in the right."""

from __future__ import annotations

from pathlib import Path

from experiments.docking.dock import Docking
from experiments.docking.own import Curve
from experiments.docking.picture import COLOURS, curve, drawn

LABELS = {
    "C12": ("turnover p3", "code, periods 100-150", "p4 = ", "autonomy (radians)", "thrust", "turbulence "),
    "C13": ("code learns at p2", "code, periods 100-150", "p4 = ", "voice", "fit of the vision", "turbulence "),
    "C23": ("turnover p3", "code, period 20", "p1 = ", "turnover per week", "thrust", "onboarding "),
    "C03": ("people", "code at equilibrium", "", "headcount", "thrust", ""),
}
NAMES = {"C12": "managed misalignment", "C13": "listening", "C23": "turnover", "C03": "size"}


def draw(
    found: Docking,
    folder: Path,
    theirs: dict[str, dict[float, Curve]],
    ours: dict[str, dict[float, Curve]],
    verdicts: dict[str, bool],
    theirs_n: tuple[int, int, int],
    ours_n: int,
) -> None:
    """Draw ``side_by_side.png`` and ``side_by_side.svg``."""
    same = [claim for claim, v in verdicts.items() if v]
    title = f"Beside March (1991), our firm has the same shape in {len(same)} of {len(verdicts)} claims"
    subtitle = "Left: March's organisation. Right: our firm under its defaults."
    rests = (
        f"March: n = {theirs_n[0]} runs a cell (C03: {theirs_n[1]}, C23: {theirs_n[2]}), seed {found.seed}; our firm: n = {ours_n} replicates, seed 7, "
        "shared by all levels; bars: 95 % intervals of means; closed weeks count as zero"
    )
    with drawn(folder / "side_by_side", title, subtitle, rests, rows=4, columns=2, height=2.4) as panels:
        for row, claim in enumerate(NAMES):
            texts = LABELS[claim]
            for column, (group, who) in enumerate(((theirs, "March"), (ours, "our firm"))):
                p = panels[2 * row + column]
                x, y, key = texts[3 * column : 3 * column + 3]
                for k, (level, c) in enumerate(group[claim].items()):
                    curve(p, c.x, c.mean, c.half, COLOURS[k], f"{key}{level:g}" if key else "")
                p.set(xlabel=x, ylabel=y)
                verdict = "" if column == 0 else (": same shape" if verdicts[claim] else ": another shape")
                p.set_title(f"{claim} {NAMES[claim]}, {who}{verdict}", loc="left", fontsize=10)
                if key:
                    p.legend(fontsize=8)
