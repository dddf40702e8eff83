"""The ledger's page: what came out of every claim, by criteria that were fixed before any run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.claims.claim import judge_family, read_entries, write_entry
from sim.claims.figure import expectation, number, unit_of
from sim.output.files import write_whole

FIRST_PICTURE = "headlines"
KINDS = {"main": "The claims", "extra": "What the articles claim besides: a second family"}


def write_page(place: Path) -> Path:
    """Judge the entries of a folder as a family, write them and the ledger's page, and return the page's path."""
    entries = read_entries(place)
    before = [dict(entry) for entry in entries]
    judge_family(entries)
    for old, entry in zip(before, entries, strict=True):
        if old != entry:
            write_entry(entry, place)
    write_whole(place / "README.md", page(entries))
    return place / "README.md"


def page(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the ledger as Markdown."""
    families = {family: [e for e in entries if e["family"] == family] for family in KINDS}
    lines = [
        "# The claims ledger",
        "",
        "What the source articles say about strategic coherence in small firms, tried on a population of firms that was fitted to measured "
        "facts and to no claim. The criteria (`sim/claims/criteria`) were fixed before any arm ran: headline, supports, null models, ablation, "
        "smallest effects, closed firms, number of pairs. A pair is one firm drawn from the population, with one luck, in arms that differ "
        "only in what is named. What fails stays.",
        "",
    ]
    if families["main"]:
        lines += [f"![All headlines]({FIRST_PICTURE}.png)", "", _tally(families["main"]), ""]
    for family, its in families.items():
        if its:
            lines += _table(KINDS[family], its)
    lines += _words()
    for entry in entries:
        lines += _section(entry)
    made = sorted(
        {
            f"smb-coherence {e['version']} (engine {e['engine']}), population {e['population']}, seed {e['seed']}"
            + (", quick designs" if e["quick"] else "")
            for e in entries
        }
    )
    lines += [
        "---",
        "",
        *(f"{text}." for text in made),
        "Made by `coherence claims`. Levels: [levels.md](levels.md).",
        "",
    ]
    return "\n".join(lines)


def _tally(entries: Sequence[Mapping[str, Any]]) -> str:
    counts = {
        word: sum(e["word"] == word for e in entries)
        for word in ("reproduced", "headline holds", "no effect", "opposite", "not shown")
    }
    return f"Of {len(entries)} claims: " + ", ".join(f"{count} {word}" for word, count in counts.items() if count) + "."


def _words() -> list[str]:
    return [
        "*Reproduced*: the headline passes (Holm over the family at .05, both 99 % intervals on the expected side, the point at least the smallest "
        "effect of interest) and so do all supports. *Headline holds*: the headline passes, not all supports. *No effect*: both intervals "
        "inside the smallest effect. *Opposite*: as passing, on the other side. *Not shown*: everything else. *By its mechanism*: with the mechanism "
        "switched off less than half of the effect is left (99 % interval of the ratio below .5); *by another*: more than half; *open*: neither is sure. "
        "Null models and ablations never change the word. *Firms*: share of firms whose mean over several lucks lies on the expected side.",
        "",
    ]


def _table(title: str, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [
        f"## {title}",
        "",
        "| | claim | verdict | headline [99 %] | expected | pairs | firms | null models | version 0.1.0 said |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for e in entries:
        head, share, old = e["headline"], e["share_of_firms"], e["model1"]
        nulls = (
            "; ".join(f"{n['name']}: {n['reading']}" for n in e["nulls"] if n["reading"])
            or "printed" * bool(e["nulls"])
            or "-"
        )
        failed = f" (fails: {', '.join(e['failed'])})" if e["word"] == "headline holds" else ""
        cells = (
            f"[{e['id']}](#{e['id'].lower()})", e["title"], f"**{e['verdict']}**{failed}", effect(head, unit_of(head)), expectation(head),
            str(head["n"]), f"{100 * share['expected_side']:.0f} %" if share else "-", nulls, old["verdict"] if old else "-",
        )  # fmt: skip
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return [*lines, ""]


def _section(e: Mapping[str, Any]) -> list[str]:
    claim, head = e["claim"], e["headline"]
    lines = [
        f'<a id="{e["id"].lower()}"></a>',
        f"## {e['id']} {e['title']}: {e['verdict']}",
        "",
        f"{claim['says']} (articles {', '.join(claim['articles'])})",
        "",
        f"![{e['id']}]({e['id']}.png)",
        "",
        "| contrast | effect [99 %] | expected | pairs | |",
        "| --- | --- | --- | --- | --- |",
        f"| **headline**: {head['says']} | {effect(head, unit_of(head))} | {expectation(head)} | {head['n']} | {_passed(e['word'] in ('reproduced', 'headline holds'))} |",
    ]
    for part in e["core"]:
        says = part["says"] if part["says"] == part["support_says"] else f"{part['support_says']}: {part['says']}"
        if any(p is not part and p["support"] == part["support"] for p in e["core"]) and part["outcome"]:
            says += f" ({part['outcome']})"
        lines.append(
            f"| ({part['name']}) {says} | {effect(part, unit_of(part))} | {expectation(part)} | {part['n']} | {_passed(part['passes'])} |"
        )
    for null in e["nulls"]:
        lines.append(
            f"| null, {null['name']}: {null['says']} | {effect(null, unit_of(null))} | | {null['n']} | {null['reading'] or 'printed'} |"
        )
    lines += [*_ablation(e), ""]
    printed = [*(f"check, {c['name']}: {effect(c, unit_of(c))}" for c in e["checks"])]
    printed += [f"{p['says']}: {effect(p, p['unit'])}, n {p['n']}" for p in e["printed"]]
    if e["share_of_firms"]:
        share = e["share_of_firms"]
        printed.insert(
            0,
            f"share of firms that show it ({share['firms']} firms, {share['seeds']} lucks each): {100 * share['expected_side']:.0f} %, "
            f"mean {number(share['mean'])}, between-firm sd {number(share['between_firm_sd'])}",
        )
    lines += [
        "<details><summary>Printed beside it</summary>",
        "",
        *(f"- {text}" for text in printed),
        "",
        "</details>",
        "",
    ]
    old = e["model1"]
    if old:
        lines.append(
            f"Version 0.1.0 said *{old['verdict']}*: {old['headline']}, {number(old['effect'])} [{number(old['low'])}, {number(old['high'])}] (95 %, {old['n']} pairs, one default firm).  "
        )
    notes = [f"smallest effect: {claim['because']}" * bool(claim["because"]), claim["outside"], e["pairs"]["note"]]
    notes.append(
        f"{e['pairs']['redrawn']} pairs closed before their event and were drawn anew" * bool(e["pairs"]["redrawn"])
    )
    notes.append(f"opposite would be: {claim['opposite']}" * bool(claim["opposite"]))
    lines += ["; ".join(note for note in notes if note).capitalize() + f". Holm p = {number(e['p_holm'])}.", ""]
    return lines


def _ablation(e: Mapping[str, Any]) -> list[str]:
    ablation = e["ablation"]
    if not ablation:
        return []
    if ablation["effect"] is None:
        return [f"| ablation: {ablation['says']} | not asked | | | |"]
    left = ablation["left"]
    share = f"left {number(left['effect'])} [{number(left['low'])}, {number(left['high'])}], {ablation['mechanism']}"
    return [
        f"| ablation: {ablation['says']} | {effect(ablation, unit_of(e['headline']))} | | {ablation['n']} | {share} |"
    ]


def _passed(passes: bool | None) -> str:
    return "" if passes is None else "holds" if passes else "fails"


def effect(its: Mapping[str, Any], unit: str) -> str:
    """Return an effect with its unit and the wider ends of its 99 % intervals."""
    if its["effect"] is None:
        return "no value"
    return f"{number(its['effect'])}{' ' + unit if unit else ''} [{number(its['low'])}, {number(its['high'])}]"
