"""The page of the claims ledger: a table that a reader takes in at a glance, then a section for each claim."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

SIGNS = {
    "reproduced": "🟢 reproduced",
    "conditional": "🟡 conditional",
    "no effect": "⚪ no effect",
    "reversed": "🔴 reversed",
}


def write_page(folder: Path) -> Path:
    """Write README.md from the verdict files of a folder; return its path."""
    entries = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("C[0-9][0-9].json"))]
    path = folder / "README.md"
    path.write_text(page(entries), encoding="utf-8")
    return path


def page(entries: list[dict[str, Any]]) -> str:
    """Return the page for verdicts as they stand in their files."""
    counts = Counter(e["verdict"] for e in entries)
    tally = ", ".join(f"{counts[v]} {v}" for v in SIGNS if counts[v])
    quick = " **Quick design: directions only.**" if any(e["quick"] for e in entries) else ""
    lines = [
        "# The claims ledger",
        "",
        f"What articles say about strategic coherence in small firms, tried in simulation: {tally}.{quick}",
        "Every claim is judged with the default firm, only the named factors moved, by a criterion written before the run; "
        "firms are compared with twins that share all their luck. What failed stays; where a design was changed after a look, the claim's own text says so.",
        "",
        "| | claim | verdict | effect [95 % interval] | pairs | carried by | in plain words |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_row(e) for e in entries]
    lines += [
        "",
        "*Verdict*: with how many of the contrasts that the criterion names read as expected. "
        "*Carried by*: mechanisms without which less than half of the headline effect is left. "
        "*Pairs*: paired replicates behind the headline. A verdict: **reproduced** when every contrast that the criterion names "
        "lies with its whole interval on the expected side and reaches the smallest effect of interest, and null models are beaten; "
        "**conditional** when only some do; **reversed** when none does and one lies on the other side; else **no effect**.",
        "",
    ]
    for entry in entries:
        lines += _section(entry)
    versions = sorted(
        {
            f"smb-coherence {e['version']} (engine {e['engine']}), scenario {e['scenario']}, seed {e['seed']}"
            for e in entries
        }
    )
    lines += [
        "---",
        "",
        *(f"{v}." for v in versions),
        "Made by `coherence claims`; one JSON file and one figure (PNG, SVG) each beside this page.",
        "",
    ]
    return "\n".join(lines)


def _row(e: dict[str, Any]) -> str:
    head = e["headline"]
    carried = ", ".join(e["carried_by"]) or ("–" if e["ablations"] else "not asked")
    readings = [c["reading"] for c in e["core"]]
    verdict = f"{SIGNS[e['verdict']]}, {readings.count('as expected')} of {len(readings)}"
    if e["verdict"] == "conditional" and head["reading"] != "as expected":
        verdict += f" (headline {head['reading']})"
    cells = (
        f"[{e['id']}](#{e['id'].lower()})", e["title"], verdict, f"{head['name']}: {_effect(head)}", str(head["n"]),
        carried, e["plain"],
    )  # fmt: skip
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"


def _section(e: dict[str, Any]) -> list[str]:
    claim = e["claim"]
    lines = [
        f'<a id="{e["id"].lower()}"></a>',
        f"## {e['id']} {e['title']}: {e['verdict']}",
        "",
        e["plain"],
        *([f"\n*Conditional on*: {e['conditional_on']}."] if e["conditional_on"] else []),
        *([f"\n*Why (written after the run)*: {claim['remark']}"] if claim["remark"] else []),
        "",
        f"![{e['id']}]({e['id']}.png)",
        "",
        f"Idea: {claim['idea']}  ",
        f"Moved: {claim['moved']}. Watched: {claim['watched']}. Expected: {claim['expected']}  ",
        f"Design: {claim['design']}  ",
        f"Criterion, fixed before the run: {claim['criterion']}",
        "",
        "| contrast | effect [95 % interval] | d | smallest of interest | pairs | expected | reads |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind in ("core", "nulls", "also"):
        mark = {"core": "**", "nulls": "", "also": ""}[kind]
        note = {"core": "", "nulls": " (beyond the null model)", "also": " (decides nothing)"}[kind]
        for c in e[kind]:
            where = f", {c['where']}" if c["where"] else ""
            lines.append(
                f"| {mark}{c['name']}{where}{mark}{note} | {_effect(c)} | {_number(c['size'])} | {_number(c['smallest'])} | {c['n']} | {c['expected']} | {c['reading']} |"
            )
    if e["ablations"]:
        lines += [
            "",
            "| the headline with a mechanism switched off | effect [95 % interval] | share left |",
            "| --- | --- | --- |",
        ]
        for name, c in e["ablations"].items():
            left = "–" if c["share_of_effect"] is None else f"{100 * c['share_of_effect']:.0f} %".replace("-", "−")
            lines.append(f"| {name} | {_effect(c)} | {left} |")
    lines += [
        "",
        f"{e['runs']} runs, seed {e['seed']}, replicates {e['replicates']}, design {e['design']}, intervals: {', '.join(dict.fromkeys(c['interval'] for c in e['core']))}.",
        "",
    ]
    return lines


def _effect(c: dict[str, Any]) -> str:
    if c["effect"] is None or c["low"] is None:
        return "no value"
    unit = f" {c['unit']}" if c["unit"] else ""
    return f"{c['effect']:+.3g}{unit} [{c['low']:.3g}, {c['high']:.3g}]".replace("-", "−")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}".replace("-", "−")
