"""Who a cell means: ids and names in their usual disguises.

101.0 and 00101 mean 101; ``North, Ada``, ``Ada B. North`` and ``Ada North (101)`` mean Ada North; ``101@x.example`` may mean 101.
A form is only followed where it leads to exactly one person.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

NOBODY, SEVERAL = -1, -2
_SPACES = re.compile(r"[\s\u00a0\u202f\u200b]+")


def tidy(text: str) -> str:
    """Return a cell in small letters with single spaces."""
    return _SPACES.sub(" ", text.replace("\u200b", "")).strip().lower()


def folded(text: str) -> str:
    """Return a text without accents, with German umlauts as two letters folded to one."""
    text = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return text.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def forms(text: str) -> Iterator[tuple[str, str]]:
    """Yield ever looser forms of a cell, each with what was done to it.

    Examples
    --------
    >>> [form for form, _ in forms("North,  Ada")][:2]
    ['north, ada', 'ada north']
    """
    low = tidy(text)
    yield low, ""
    if not low:
        return
    if match := re.fullmatch(r"(\d+)[.,]0+", low):
        low = match[1]
        yield low, "without .0"
    if low.isdigit() and low.lstrip("0") != low:
        yield low.lstrip("0") or "0", "without leading zeros"
    if low.isdigit():
        return
    if match := re.fullmatch(r"([a-z]+[-_ ]?)0*(\d+)", low):
        yield match[1].rstrip("-_ ") + match[2], "without zeros and hyphens"
    yield from _named(low)
    if match := re.match(r"cn=([^,]+)", low):
        yield match[1].replace("\\", ""), "by its directory name"
        yield from _named(match[1].replace("\\", ""))
    if match := re.fullmatch(r"(.+?)\s*[(\[<]\s*([^()\[\]<>]+?)\s*[)\]>]", low):
        yield match[2], "by the id in brackets"
        yield match[1], "without brackets"
        yield from _named(match[1])
    if match := re.fullmatch(r"([\w.]*\d[\w.]*)\s*[-–:|/]\s*(\D.+)", low):
        yield match[1], "by the id before the name"
        yield match[2], "by the name after the id"
        yield from _named(match[2])
    if match := re.fullmatch(r"(\D.+?)\s*[-–:|/]\s*([\w.]*\d[\w.]*)", low):
        yield match[2], "by the id after the name"
        yield match[1], "by the name before the id"
    if "\\" in low:
        yield low.rsplit("\\", 1)[1], "without the domain"
    if low.count("@") == 1:
        local = low.split("@")[0].removeprefix("mailto:")
        yield local, "by the address before the @"
        yield re.sub(r"[._-]+", " ", local), "by the address before the @"


def _named(low: str) -> Iterator[tuple[str, str]]:
    """Yield a name turned round, without middle names, and without accents."""
    name = low
    if low.count(",") == 1:
        last, first = (part.strip() for part in low.split(","))
        if last and first:
            name = f"{first} {last}"
            yield name, "with the first name first"
    words = [w for w in name.replace(".", " ").split() if w not in _TITLES]
    if len(words) < 2:
        return
    if " ".join(words) != name:
        yield " ".join(words), "without titles and dots"
    if len(words) > 2:
        full = [w for w in words if len(w) > 1]
        if len(full) != len(words) and len(full) >= 2:
            yield " ".join(full), "without initials"
        yield f"{words[0]} {words[-1]}", "without middle names"
    plain = folded(" ".join(words))
    yield plain, "without accents"
    if len(words) == 2:
        yield f"{words[1]} {words[0]}", "with the names turned round"


_TITLES = {
    "dr",
    "prof",
    "mr",
    "mrs",
    "ms",
    "herr",
    "frau",
    "dipl",
    "ing",
    "mag",
    "jr",
    "sr",
    "m",
    "mme",
    "sra",
    "don",
    "doña",
}


class Directory:
    """Finds people by what a cell says.

    Attributes
    ----------
    loosely
        What was done to cells before somebody was found -> how often.
    """

    def __init__(self) -> None:
        self._exact: dict[str, int] = {}
        self._ids: dict[str, int] = {}
        self._loose: dict[str, int] = {}
        self._how: dict[str, str] = {}
        self._found: dict[str, int] = {}
        self.loosely: Counter[str] = Counter()

    def fill(self, people: Iterable[tuple[str, tuple[str, ...]]], ids_are_names: bool = False) -> int:
        """Take in everybody's id and names, in order; return how many names or addresses mean more than one person.

        An id means its person, whatever else it may look like, unless ids are names that somebody else has too.
        """
        everybody = list(people)
        for i, (key, names) in enumerate(everybody):
            self._ids[tidy(key)] = i
            for name in dict.fromkeys(tidy(n) for n in names):
                if name:
                    self._exact[name] = i if self._exact.get(name, i) == i else SEVERAL
        for i, (key, names) in enumerate(everybody):
            for text in dict.fromkeys((key, *names)):
                for form, how in forms(text):
                    if form:
                        self._how.setdefault(form, how)
                        self._loose[form] = i if self._loose.get(form, i) == i else SEVERAL
        if ids_are_names:
            self._ids = {key: i for key, i in self._ids.items() if self._exact.get(key) != SEVERAL}
        self._found.clear()
        return sum(1 for name, i in self._exact.items() if i == SEVERAL and name not in self._ids)

    def find(self, text: str) -> int:
        """Return the number of the person that a cell means, `NOBODY` or `SEVERAL`."""
        low = text.strip().lower()
        exact = self._ids.get(low)
        if exact is not None:
            return exact
        known = self._found.get(low)
        if known is not None:
            return known
        found = self._search(low)
        if len(self._found) < 1_000_000:
            self._found[low] = found
        return found

    def _search(self, low: str) -> int:
        several = False
        for form, how in forms(low):
            for index in (self._ids, self._exact, self._loose):
                person = index.get(form, NOBODY)
                if person >= 0:
                    self.loosely[how or ("" if index is not self._loose else self._how[form])] += 1
                    return person
                several |= person == SEVERAL
        return SEVERAL if several else NOBODY
