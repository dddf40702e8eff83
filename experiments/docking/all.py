"""Run the whole docking and write its page, ``results/docking/README.md``.

Run: ``python experiments/docking/all.py [--quick] [-j N] [--page]`` (``--page``: only the page, from results already there)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from experiments.docking import (
    ethiraj_levinthal,
    fang_lee_schilling,
    march,
    nk,
    posen_levinthal,
    rivkin_siggelkow,
    side_by_side,
    virtual_design_team,
)
from experiments.docking.dock import options, report

MODELS = (
    march,
    ethiraj_levinthal,
    nk,
    rivkin_siggelkow,
    posen_levinthal,
    fang_lee_schilling,
    virtual_design_team,
    side_by_side,
)
LEVELS = ("numerical identity", "distributional equivalence", "relational alignment")
HEAD = """# Docking: what our rebuilt models say beside the published ones

Written by `python experiments/docking/all.py`; do not edit. Each model is rebuilt from its description in one file of
`experiments/docking/`. Three levels are told apart: *numerical identity* (the same numbers), *distributional equivalence*
(the 95 % interval of the difference lies within a margin stated before the run) and *relational alignment* (the published
direction, with an interval that excludes its opposite). A check that fails stays here. Reference values come from public
replications or exact results and were not read off the original figures.
"""


def page(folder: Path) -> str:
    """Return the page, from the results in a folder."""
    found = [json.loads((folder / f"{m.__name__.rsplit('.', 1)[-1]}.json").read_text(encoding="utf-8")) for m in MODELS]
    lines = [
        HEAD,
        "| model | identity | equivalence | relation | runs a cell | seed |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_row(f) for f in found]
    failed = sum(not c["passed"] for f in found for c in f["checks"])
    total = sum(len(f["checks"]) for f in found)
    lines.append(
        f"\n{total - failed} of {total} checks passed. Numbers are passed checks of all checks at that level.\n"
    )
    for f in found:
        lines += _section(f)
    return "\n".join(lines)


def _row(f: dict[str, Any]) -> str:
    counts = []
    for level in LEVELS:
        of = [c["passed"] for c in f["checks"] if c["level"] == level]
        counts.append(f"{sum(of)} of {len(of)}" if of else "")
    return f"| [{f['title']}](#{_anchor(f['title'])}) | {' | '.join(counts)} | {f['n']} | {f['seed']} |"


def _anchor(title: str) -> str:
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")


def _section(f: dict[str, Any]) -> list[str]:
    lines = [f"## {f['title']}\n", f"{f['lesson']}\n", f"![{f['title']}]({f['name']}.png)\n"]
    failed = [c for c in f["checks"] if not c["passed"]]
    if failed:
        lines.append("What did not come out:\n")
        lines += [f"- {_spoken(c)}" for c in failed]
        lines.append("")
    lines.append(f"{f['paper']} Held against: {f['reference']}.\n")
    lines += [f"- {a}" for a in f["assumptions"]]
    lines.append(
        f"\nAll checks: [{f['name']}.csv]({f['name']}.csv); numbers of the figure: [{f['name']}.json]({f['name']}.json).\n"
    )
    if f["name"] == "march":
        lines += _figure_1(f["tables"]["figure_1"])
    if f["name"] == "side_by_side":
        lines += _shapes(f["checks"])
    return lines


def _spoken(c: dict[str, Any]) -> str:
    if c["what"][:3] in side_by_side.STATEMENTS:
        return f"{c['what']}. {c['criterion'].split('; ')[1]}."
    against = "" if c["expected"] is None else f", expected {c['expected']:.4g}"
    return f"{c['what']}: {c['measured']:.4g} [{c['low']:.4g}, {c['high']:.4g}]{against} (passes if: {c['criterion']})."


def _figure_1(t: dict[str, Any]) -> list[str]:
    lines = ["Figure 1, our mean (reference), half-widths of the 95 % intervals at most ", ""]
    lines[0] += f"{max(max(row) for row in t['half']):.4f}:\n"
    lines[1:] = ["| p2 | " + " | ".join(f"p1 = {p}" for p in t["p1"]) + " |", "| --- " * (len(t["p1"]) + 1) + "|"]
    for p2, mean, reference in zip(t["p2"], t["mean"], t["reference"], strict=True):
        lines.append(
            f"| {p2} | " + " | ".join(f"{m:.3f} ({r:.3f})" for m, r in zip(mean, reference, strict=True)) + " |"
        )
    return [*lines, ""]


def _shapes(checks: list[dict[str, Any]]) -> list[str]:
    lines = ["| statement | March | our firm | same |", "| --- | --- | --- | --- |"]
    for c in checks:
        a, b = ("yes" if x else "no" for x in (c["expected"], c["measured"]))
        lines.append(f"| {c['what']} | {a} | {b} | {'same' if c['passed'] else 'differs'} |")
    return [*lines, ""]


def main() -> None:
    """Run everything, or only write the page again."""
    only_page = "--page" in sys.argv
    sys.argv = [a for a in sys.argv if a != "--page"]
    how = options(__doc__)
    if not only_page:
        for model in MODELS:
            report(model.dock, how)
    (how.folder / "README.md").write_text(page(how.folder), encoding="utf-8")


if __name__ == "__main__":
    main()
