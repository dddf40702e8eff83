"""The questions of a survey: what each measures, its scale, and the words by which answers' tables may call it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.company.importing.answer_scales import own_scale
from sim.company.importing.columns import ITEMS, check_chosen, guess, number, plain, tell, truth
from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.mapping import TableMapping
from sim.company.importing.tables import Table

CONSTRUCTS = {
    "belief": (
        "belief",
        "alignment",
        "strategy",
        "vision",
        "strategicalignment",
        "uberzeugung",
        "adhesion",
        "creencia",
    ),
    "incentive": (
        "incentive",
        "localincentive",
        "pay",
        "reward",
        "rewards",
        "ownnumbers",
        "anreiz",
        "incitation",
        "incentivo",
    ),
    "engagement": ("engagement", "engaged", "compromiso", "mitarbeiterengagement"),
    "clarity": ("clarity", "clear", "strategyclarity", "klarheit", "clarte", "claridad"),
    "voice": ("voice", "psychologicalsafety", "safety", "speakup", "speakingup", "offenheit", "parole", "voz"),
    "knowledge": ("knowledge", "priorities", "priority", "knowledgecheck", "wissen", "connaissance", "conocimiento"),
}
MOST_ITEMS = 500


@dataclass(frozen=True)
class Item:
    """A question.

    Attributes
    ----------
    name, text
        Its code and its wording.
    construct
        What it measures.
    low, high
        The ends of its scale.
    reversed
        Whether high means little.
    key
        Right answers of a knowledge check, plain.
    labels
        The client's own words for points of the scale -> share from 0 to 1.
    texts
        Its wording in other languages.
    """

    name: str
    construct: str
    low: float
    high: float
    reversed: bool
    key: tuple[str, ...] = ()
    text: str = ""
    labels: Mapping[str, float] = field(default_factory=dict)
    texts: tuple[str, ...] = ()

    @property
    def points(self) -> int | None:
        """Points of the scale, where it has whole steps."""
        return int(self.high - self.low) + 1 if 1 <= self.high - self.low <= 10 else None


def read_items(source: Path | Table, notes: Notes, mapping: TableMapping | None = None) -> dict[str, Item]:
    """Return the questions by plain name.

    Raises
    ------
    CompanyError
        If the table declares none that can be used, with the reason that most rows share.
    """
    table = source if isinstance(source, Table) else Table(source)
    chosen = mapping.columns if mapping else {}
    check_chosen(table.file, table.header_line, table.header, chosen, ITEMS)
    found = guess(table.header, ITEMS, chosen)
    if "construct" in found and "item" not in found and "text" in found:
        found["item"] = found.pop("text")
    for needed in ("item", "construct"):
        if needed not in found:
            heads = ", ".join(repr(h) for h in table.header[:10] if h)
            raise refuse(
                table.file,
                f'has no column {needed!r}; its headings are {heads}; name it: --map items.{needed}="HEADING"',
                table.header_line,
            )
    tell(table.file, table.header, found, notes, table.made)
    items: dict[str, Item] = {}
    reasons: dict[str, int] = {}
    for row in table.rows():
        cell = {name: row.cells[column] for name, column in found.items()}
        item, what, why = _item(cell)
        if item is not None and plain(item.name) in items:
            item, what, why = None, "item", "stands here again"
        if item is None:
            reasons[why] = reasons.get(why, 0) + 1
            notes.add("left out", table.file, row.line, what, cell.get(what) or None, why)
            continue
        if len(items) >= MOST_ITEMS:
            raise refuse(table.file, f"has more than {MOST_ITEMS} items", row.line)
        items[plain(item.name)] = item
    if not items:
        most = max(reasons, key=lambda r: reasons[r], default="there is no row")
        raise refuse(
            table.file, f"declares no item that can be used: in {max(reasons.values(), default=0)} rows the item {most}"
        )
    table.tell_dropped(notes)
    return items


def _item(cell: Mapping[str, str]) -> tuple[Item | None, str, str]:
    """Return an item, or what is wrong and why."""
    meant = {alias: name for name, aliases in CONSTRUCTS.items() for alias in aliases}
    construct = meant.get(plain(cell["construct"]))
    if construct is None:
        return None, "construct", f"is not one of {', '.join(CONSTRUCTS)}"
    if not plain(cell["item"]):
        return None, "item", "has no name"
    low, high = number(cell.get("low", "")), number(cell.get("high", ""))
    if low is None and high is None:
        low, high = ends(cell.get("scale", ""))
    key = tuple(plain(k) for k in cell.get("key", "").replace("|", ";").split(";") if plain(k))
    labels = own_scale(cell.get("labels", "") or cell.get("scale", ""), low, high)
    if construct == "knowledge":
        if not key:
            return None, "item", "checks knowledge but has no key (the right answers, with | between them)"
    elif low is None and high is None and labels:
        low, high = 1.0, float(len(labels))
    elif low is None or high is None or low >= high:
        return None, "item", 'has no scale: low and high must be numbers, low the smaller, or scale such as "1-5"'
    item = Item(
        cell["item"],
        construct,
        low or 0.0,
        high or 1.0,
        truth(cell.get("reversed", "")),
        key,
        cell.get("text", ""),
        labels,
    )
    return item, "", ""


def ends(text: str) -> tuple[float | None, float | None]:
    """Return the ends of a scale such as ``1-5``, ``0 to 10`` or ``5`` (from 1 on).

    Examples
    --------
    >>> ends("1-5"), ends("0 to 10"), ends("7")
    ((1.0, 5.0), (0.0, 10.0), (1.0, 7.0))
    """
    found = [float(n) for n in re.findall(r"(?<![\d.,])\d{1,3}(?![\d])", text)]
    if len(found) >= 2 and found[0] < found[-1]:
        return found[0], found[-1]
    if len(found) == 1 and 2 <= found[0] <= 11:
        return 1.0, found[0]
    return None, None


def matched(labels: Sequence[Sequence[str]], items: Mapping[str, Item]) -> dict[str, int]:
    """Return item -> column of a wide table, by code, by wording, or by what stands in brackets.

    Parameters
    ----------
    labels
        All that each column is called: its heading, and the second heading of survey tools.
    items
        The questions by plain name.
    """
    by_text = {low: name for name, item in items.items() for t in (item.text, *item.texts) if len(low := plain(t)) >= 8}
    out: dict[str, int] = {}
    for exact in (True, False):
        for column, names in enumerate(labels):
            if column in out.values():
                continue
            for label in names:
                name = _meant(label, items, by_text, exact)
                if name is not None and name not in out:
                    out[name] = column
                    break
    return out


def _meant(label: str, items: Mapping[str, Item], by_text: Mapping[str, str], exact: bool) -> str | None:
    bare = plain(label)
    if exact:
        return bare if bare in items else by_text.get(bare)
    inside = re.search(r"\[(.+)\]\s*$", label)
    pieces = [inside[1]] if inside else []
    pieces += re.split(r"\s[-–—]\s|:\s|\s\|\s", label)[1:]
    if match := re.match(r"\s*([A-Za-z]{0,4}\d{1,3}[a-z]?(?:_\d+)?)\s*[.:)\-–]\s*(\S.*)", label, re.S):
        pieces += [match[2], match[1]]
    for piece in pieces:
        low = plain(piece)
        if low in by_text:
            return by_text[low]
        if low in items:
            return low
    return by_text.get(re.sub(r"^q?\d{1,3}", "", bare))
