"""The part that a department plays: it promises to customers, delivers to them, or supports the others.

By whole words of its name, phrases first, what delivers before what promises; where the name says nothing, by its people's titles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from sim.company.importing.vocabulary import parts, table

ORDER = ("deliver", "promise", "support")


@cache
def _lists() -> dict[str, list[tuple[str, str]]]:
    out: dict[str, list[tuple[str, str]]] = {"phrase": [], "word": [], "stem": []}
    for row in table("roles"):
        out[row["kind"]] += [(_tidy(w), row["role"]) for w in parts(row["words"])]
    out["phrase"].sort(key=lambda pair: -len(pair[0]))
    return out


def _tidy(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+|[&/]", text.lower()))


def role_by_words(text: str) -> str | None:
    """Return the role that the words of a text say, None where they say nothing.

    Examples
    --------
    >>> [role_by_words(t) for t in ("Workshop", "Shop floor", "Shop", "Accounting", "Sales")]
    ['deliver', 'deliver', 'promise', 'support', 'promise']
    """
    low = _tidy(text)
    inside = f" {low} "
    for phrase, role in _lists()["phrase"]:
        if f" {phrase} " in inside:
            return role
    words = low.split()
    found = {role for word, role in _lists()["word"] if word in words}
    found |= {role for stem, role in _lists()["stem"] if any(stem in word for word in words)}
    return next((role for role in ORDER if role in found), None)


def role_of(name: str, titles: Iterable[str] = ()) -> tuple[str, str]:
    """Return the part that a department is likely to play, and by what it was guessed: name, titles or default."""
    named = role_by_words(name)
    if named:
        return named, "name"
    votes = Counter(role for title in titles if (role := role_by_words(title)))
    if votes:
        best, count = votes.most_common(1)[0]
        if 2 * count > sum(votes.values()):
            return best, "titles of its people"
    return "support", "default"
