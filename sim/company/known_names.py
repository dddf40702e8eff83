"""Names of the client's people in what a consultant types (facts' sources, names of measures): found and replaced.

The client folder holds no names. It holds keyed marks of their words (HMAC-SHA256, cut to 48 bits), which say nothing without
the key of the pseudonyms; where the key is on this machine, what is typed is compared with them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sim.company.importing import privacy
from sim.company.importing.import_log import CompanyError

MASK = "[name]"
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S*\S@\S+")


def mark(word: str, key: bytes) -> str:
    """Return the mark of a word."""
    return hmac.new(key, b"name " + word.lower().encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:12]


def marks(words: Iterable[str], key: bytes) -> list[str]:
    """Return the marks of many words, in an order that says nothing."""
    return sorted({mark(word, key) for word in words})


@dataclass(frozen=True)
class KnownNames:
    """What is known of a client's names: their marks and the key, or no key."""

    marks: frozenset[str] = frozenset()
    key: bytes | None = None

    def hidden(self, text: str) -> str:
        """Return a text without e-mail addresses and without known names.

        A known word is replaced where it is written with a capital, or stands beside another one: so "May" of a name goes, and
        "may" of a sentence stays.
        """
        text = _ADDRESS.sub(MASK, text)
        if self.key is None:
            return text
        found = list(_WORD.finditer(text))
        known = [len(m[0]) >= 3 and mark(m[0], self.key) in self.marks for m in found]
        out, end = [], 0
        for i, m in enumerate(found):
            beside = (i > 0 and known[i - 1]) or (i + 1 < len(found) and known[i + 1])
            if known[i] and (m[0][0].isupper() or beside):
                out += [text[end : m.start()], MASK]
                end = m.end()
        return re.sub(rf"{re.escape(MASK)}([\s.]+{re.escape(MASK)})+", MASK, "".join([*out, text[end:]]))


def known_names(company: dict[str, object], key: Path | None = None) -> KnownNames:
    """Return the names of a client, with the key where it is in its usual place or in a given file.

    Parameters
    ----------
    company
        What the client folder says of the company.
    """
    kept = company.get("name_marks")
    place = key or privacy.key_folder() / f"{company.get('key', '')}.key"
    if not isinstance(kept, list) or not place.is_file():
        return KnownNames()
    try:
        secret = privacy.read_key(place)
    except CompanyError:
        return KnownNames()
    if privacy.fingerprint(secret) != company.get("key"):
        return KnownNames()
    return KnownNames(frozenset(map(str, kept)), secret)
