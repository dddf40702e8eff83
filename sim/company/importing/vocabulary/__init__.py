"""Word lists as tables: headings, words for missing, left, yes and no, frequencies, answer scales, roles.

The data dictionary that consultants read is generated from the same tables.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

Aliases = Mapping[str, Sequence[str]]


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """Return a text in small letters and digits alone, without accents."""
    folded = unicodedata.normalize("NFKD", text[:300]).lower().replace("ß", "ss")
    return "".join(c for c in folded if c.isascii() and c.isalnum())


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one of the tables in this folder."""
    text = resources.files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def parts(cell: str) -> list[str]:
    """Return the words of a cell that holds several, with | between them."""
    return [word for word in cell.split("|") if word]


@cache
def headings(name: str) -> Aliases:
    """Return the plain headings of each field of a kind of table, the likeliest first."""
    out: dict[str, dict[str, None]] = {}
    for row in table("headings"):
        if row["table"] == name:
            out.setdefault(row["field"], {}).update(dict.fromkeys(plain(h) for h in parts(row["headings"])))
    return {field: tuple(words) for field, words in out.items()}


@cache
def heading_group(name: str, field: str, where: str) -> frozenset[str]:
    """Return the plain headings that stand in one row of the table of headings."""
    rows = [r for r in table("headings") if (r["table"], r["field"], r["where"]) == (name, field, where)]
    return frozenset(plain(h) for row in rows for h in parts(row["headings"]))


@cache
def heading_words(name: str, where: tuple[str, ...]) -> frozenset[str]:
    """Return all plain headings of a kind of table that come from some systems or languages."""
    rows = [r for r in table("headings") if r["table"] == name and r["where"] in where]
    return frozenset(plain(h) for row in rows for h in parts(row["headings"]))


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list, in small letters."""
    return frozenset(w.lower() for row in table("words") if row["list"] == name for w in parts(row["words"]))


@cache
def plain_words(name: str) -> frozenset[str]:
    """Return the words of a list in letters and digits alone."""
    return frozenset(p for w in words(name) if (p := plain(w)))


@cache
def frequencies() -> Mapping[str, float]:
    """Return how often a month each word of frequency means."""
    return {plain(w): float(row["per_month"]) for row in table("frequencies") for w in parts(row["words"])}
