"""What keeps people private: keyed pseudonyms, groups that are large enough, cells that no spreadsheet executes.

Pseudonyms are keyed hashes (HMAC-SHA256): without the key nobody can try out names, and the key is kept outside the folder
that is handed on. Groups under five are merged so that also no difference between published groups is under five: what is
published is one partition of all respondents.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from sim.company.importing.import_log import CompanyError, refuse

LEAST = 5
"""People that a group needs before anything measured on them is shown."""
EDGE = 0.05
"""How near to an end of the scale a published mean may come: at the end itself everybody's answer would be known."""
LEAST_SPREAD = 0.1
"""The smallest standard deviation that is published: 0 would say that everybody answered alike, and undo the softened mean."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def key_folder() -> Path:
    """Return where keys are kept unless told otherwise: in the user's own data folder, never beside results."""
    base = os.environ.get("COHERENCE_KEYS")
    if base:
        return Path(base)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "coherence" / "keys"


def new_key() -> bytes:
    """Return a fresh key of 256 bits."""
    return secrets.token_bytes(32)


def fingerprint(key: bytes) -> str:
    """Return what tells keys apart and says nothing about them."""
    return hashlib.sha256(b"coherence key fingerprint" + key).hexdigest()[:16]


def write_key(key: bytes, path: Path) -> None:
    """Write a key for its owner's eyes only, never over another file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(key.hex() + "\n")
    except FileExistsError:
        raise refuse(str(path), "exists: give another place for the key with --key") from None
    except OSError as error:
        raise refuse(str(path), f"cannot be written: {error.strerror}") from None


def read_key(path: Path) -> bytes:
    """Return the key in a file."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise refuse(str(path), "is not a key of coherence") from None
    if len(key) != 32:
        raise refuse(str(path), "is not a key of coherence")
    return key


def pseudonyms(names: Iterable[str], key: bytes) -> list[str]:
    """Return a pseudonym for each name, the same for the same name and key."""
    words = [hmac.new(key, name.encode("utf-8", "surrogatepass"), hashlib.sha256).digest() for name in names]
    for size in (5, 10, 20, 32):
        found = ["p" + base64.b32encode(word[:size]).decode().rstrip("=").lower() for word in words]
        if len(set(found)) == len(set(words)):
            return found
    raise CompanyError("pseudonyms collide, which cannot happen")  # pragma: no cover


def merged_groups(counts: Mapping[str, int], least: int = LEAST) -> dict[str, str] | None:
    """Return which group each small group is shown with; None where all together are too few.

    The result is a partition into groups of at least `least`, so that no union and no difference of published groups
    is smaller.
    """
    counts = {name: count for name, count in counts.items() if count > 0}
    if sum(counts.values()) < least:
        return None
    order = sorted(counts, key=lambda name: (counts[name], name))
    pool: list[str] = [name for name in order if counts[name] < least]
    rest = [name for name in order if counts[name] >= least]
    while pool and sum(counts[name] for name in pool) < least:
        pool.append(rest.pop(0))
    label = " + ".join(sorted(pool))
    if len(pool) > 3 or len(label) > 60:
        label = f"{len(pool)} small departments"
    if not rest:
        label = "the whole company"
    return dict.fromkeys(pool, label) | {name: name for name in rest}


def softened(mean: float) -> float:
    """Return a group's mean on 0 to 1 as it may be published: two digits, and away from the ends."""
    return round(min(max(mean, EDGE), 1 - EDGE), 2)


def softened_spread(sd: float) -> float:
    """Return a standard deviation on 0 to 1 as it may be published: two digits, and not so small that it tells answers."""
    return round(max(sd, LEAST_SPREAD), 2)


def harmless(cell: object) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula; numbers stay numbers."""
    text = str(cell)
    if isinstance(cell, int | float):
        return text
    if text.lstrip(" ").startswith(_FORMULA):
        return "'" + text
    return text.replace("\r", " ").replace("\n", " ")


_TOKEN = re.compile(r"[\w@.'+-]*[\w@]")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w.-]*\w")
MOST_WORDS = 5
"""Words that a full name may have to be found in a text."""


def is_code(text: str) -> bool:
    """Return whether a cell is a code, such as 104 or E-12, and by itself names nobody."""
    return re.fullmatch(r"[A-Za-z]{0,6}[-_./ ]?\d[\w.\-/]*", text.strip()) is not None


class Names:
    """Everything that names somebody in the input, to be found again in what we are about to write.

    Ids that are codes name nobody by themselves, and a common word (Sales, North, Market) is no name when it stands alone.

    Attributes
    ----------
    whole
        Full names, addresses and logins, in small letters.
    words
        Parts of names of three letters or more that are no common words.
    """

    def __init__(self, names: Iterable[str], ids: Iterable[str] = ()) -> None:
        self.words: set[str] = set()
        self.whole: set[str] = set()
        for name in names:
            text = " ".join(name.strip().lower().split())
            if len(text) < 2 or not any(c.isalpha() for c in text):
                continue
            self.whole.add(text)
            if text.count(",") == 1:
                self.whole.add(" ".join(part.strip() for part in reversed(text.split(","))))
            if "@" not in text:
                parts = re.split(r"[\W\d_]+", text)
                self.words.update(w for w in parts if len(w) >= 3 and w not in common_words())
        self.whole.update(low for i in ids if self.made_of_names(low := i.strip().lower()))

    def made_of_names(self, key: str) -> bool:
        """Return whether an id holds a part of somebody's name, as logins do."""
        letters = re.findall(r"[^\W\d_]{3,}", key)
        if not letters:
            return False
        return any(
            w in self.words or any(run[i:] in self.words or run[: i + 1] in self.words for i in range(len(run)))
            for run in letters
            for w in (run,)
        )

    def within(self, text: str) -> bool:
        """Return whether a text holds somebody's full name, or a part of one as a word that is no common word."""
        low = text.lower()
        bare = " ".join(low.split())
        if bare in self._telling:
            return True
        if bare in self.whole and not set(re.split(r"[\W\d_]+", low)) - {""} <= common_words():
            return True
        if any(" " in low[a:b] or "@" in low[a:b] for a, b in self._spans(low)):
            return True
        return any(word in self.words for word in re.split(r"[\W\d_]+", low))

    def hidden(self, text: str) -> str:
        """Return a text with names and addresses replaced."""
        text = _ADDRESS.sub("[address]", text)
        for start, end in reversed(self._spans(text.lower())):
            text = text[:start] + "[name]" + text[end:]
        return re.sub(r"[^\W\d_]+", lambda m: "[name]" if m[0].lower() in self.words and m[0] != "name" else m[0], text)

    def standing_in(self, text: str) -> list[str]:
        """Return the full names, addresses and logins that stand in a text."""
        low = text.lower()
        return sorted({" ".join(low[a:b].split()) for a, b in self._spans(low)} - {"name", "[name]"})

    def _spans(self, low: str) -> list[tuple[int, int]]:
        """Return where full names stand: the text's own words are looked up, since there may be many thousands of names."""
        if not self._telling:
            return []
        tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(low)]
        out: list[tuple[int, int]] = []
        i = 0
        while i < len(tokens):
            most = self._first.get(low[tokens[i][0] : tokens[i][1]], 0)
            for size in range(min(most, len(tokens) - i), 0, -1):
                start, end = tokens[i][0], tokens[i + size - 1][1]
                if end - start > 200:
                    continue
                piece = " ".join(low[start:end].split())
                if piece in self._telling:
                    out.append((start, end))
                    i += size - 1
                    break
            i += 1
        return out

    @property
    def _telling(self) -> set[str]:
        """Full names that tell somebody apart: of two words, an address, or a login of four letters or more made of names."""
        if not hasattr(self, "_known"):
            self._known: set[str] = {
                w for w in self.whole if len(w) >= 4 and (" " in w or "@" in w or re.search(r"\d|[._]", w))
            }
            self._first: dict[str, int] = {}
            for name in self._known:
                found = _TOKEN.findall(name)
                if found:
                    self._first[found[0]] = min(max(self._first.get(found[0], 0), len(found)), MOST_WORDS)
        return self._known


@cache
def common_words() -> frozenset[str]:
    """Return words that stand in names of departments everywhere, and so name nobody when they stand alone."""
    from sim.company.importing.vocabulary import parts, table, words

    listed = {
        w for row in table("roles") for phrase in parts(row["words"]) for w in re.split(r"[\W\d_]+", phrase.lower())
    }
    return frozenset(listed | words("common_word") - {""})
