"""Where in a TOML text each key and list entry stands.

The parser of the standard library gives values without positions. This scanner gives positions without values; it reads
texts that the parser has accepted, so it may be lenient, and it never fails: from something unexpected on, it knows no more.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from contextlib import suppress

from sim.scenario.errors import Place

_SPACE = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})', re.DOTALL),
    re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_BARE_VALUE = re.compile(r"[^,\]}\n#]+")


def locate(text: str) -> dict[Place, int]:
    """Return the line, counted from 1, of every key, table and list entry by its path from the top.

    Examples
    --------
    >>> locate("weeks = 5\\n[founder]\\nvoice = 0.5")
    {('weeks',): 1, ('founder',): 2, ('founder', 'voice'): 3}
    """
    scanner = _Scanner(text)
    with suppress(_LostError, RecursionError):
        scanner.document()
    return scanner.lines


class _LostError(Exception):
    """The text is not what the scanner expects."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Place, int] = {}
        self.ends = [m.start() for m in re.finditer("\n", text)]
        self.entries: dict[Place, int] = {}

    def document(self) -> None:
        table: Place = ()
        while True:
            self._pass(_GAP)
            if self.at >= len(self.text):
                return
            if self._peek("[["):
                table = self._header("[[", "]]")
            elif self._peek("["):
                table = self._header("[", "]")
            else:
                self._pair(table)

    def _header(self, opening: str, closing: str) -> Place:
        start = self.at
        self.at += len(opening)
        keys = self._keys()
        self._expect(closing)
        path: Place = ()
        for k in keys[:-1]:
            path = self._last((*path, k), start)
        path = (*path, keys[-1])
        if opening == "[":
            self._note(path, start)
            return path
        self.entries[path] = self.entries.get(path, -1) + 1
        return self._last(path, start)

    def _last(self, path: Place, start: int) -> Place:
        """Return the path, going on into the newest entry where it is an array of tables."""
        self._note(path, start)
        if path in self.entries:
            path = (*path, self.entries[path])
            self._note(path, start)
        return path

    def _pair(self, table: Place) -> None:
        start = self.at
        path = table
        for k in self._keys():
            path = (*path, k)
            self._note(path, start)
        self._expect("=")
        self._value(path)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._pass(_SPACE) is not None and self._peek("."):
            self.at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._pass(_SPACE)
        raw = self._pass(_STRINGS[2]) or self._pass(_STRINGS[3])
        if raw is None:
            word = self._pass(_BARE_KEY)
            if word is None:
                raise _LostError
            return word
        try:
            return str(tomllib.loads(f"k = {raw}")["k"]) if "\\" in raw else raw[1:-1]
        except tomllib.TOMLDecodeError:
            raise _LostError from None

    def _value(self, path: Place) -> None:
        self._pass(_SPACE)
        if self._peek("["):
            self.at += 1
            self._list(path)
        elif self._peek("{"):
            self.at += 1
            self._inline(path)
        elif not any(self._pass(kind) for kind in _STRINGS) and not self._pass(_BARE_VALUE):
            raise _LostError

    def _list(self, path: Place) -> None:
        entry = 0
        while True:
            self._pass(_GAP)
            if self._peek("]"):
                self.at += 1
                return
            self._note((*path, entry), self.at)
            self._value((*path, entry))
            entry += 1
            self._pass(_GAP)
            if self._peek(","):
                self.at += 1

    def _inline(self, path: Place) -> None:
        while True:
            self._pass(_GAP)
            if self._peek("}"):
                self.at += 1
                return
            self._pair(path)
            self._pass(_GAP)
            if self._peek(","):
                self.at += 1

    def _note(self, path: Place, start: int) -> None:
        self.lines.setdefault(path, bisect_right(self.ends, start - 1) + 1)

    def _peek(self, token: str) -> bool:
        return self.text.startswith(token, self.at)

    def _expect(self, token: str) -> None:
        self._pass(_SPACE)
        if not self._peek(token):
            raise _LostError
        self.at += len(token)

    def _pass(self, pattern: re.Pattern[str]) -> str | None:
        match = pattern.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match.group()
