"""Problems of a scenario: where, which value, and what is allowed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails, PydanticCustomError

from sim.errors import CoherenceError

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    file
        The file that says it, ``"override"`` for a value given beside it, None for a scenario changed in memory.
    line
        Line in the file, counted from 1; None where it is in no file.
    field
        Dotted name as ``load(overrides=...)`` takes it, such as ``founder.clarity`` or ``events.3.week`` (counted
        from 1); empty where the whole file is meant.
    value
        The value; None where there is none.
    message
        What is wrong with it, to be read after ``field = value``.
    """

    file: str | None
    line: int | None
    field: str
    value: Any
    message: str

    def __str__(self) -> str:
        """Return one line: ``file:line: field = value message``."""
        where = "" if self.file is None else f"{self.file}: " if self.line is None else f"{self.file}:{self.line}: "
        what = self.field if self.value is None or not self.field else f"{self.field} = {shown(self.value)}"
        return f"{where}{what} {self.message}" if what else f"{where}{self.message}"


class ScenarioError(CoherenceError, ValueError):
    """Everything that is wrong with a scenario, at once.

    Attributes
    ----------
    problems : list of Problem
        What is wrong, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
        self.args = (self.problems,)  # so that it can be sent between processes


def several(findings: Sequence[tuple[Place, Any, str]]) -> PydanticCustomError:
    """Bundle findings (place, value, what is wrong) into one error that pydantic passes on."""
    text = "; ".join(str(Problem(None, None, dotted(place), value, what)) for place, value, what in findings[:20])
    text += f"; and {len(findings) - 20} more" if len(findings) > 20 else ""
    # Pydantic fills in braces of the template, so the text comes in through the context.
    return PydanticCustomError("problems", "{text}", {"text": text, "findings": list(findings)})


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Return '; did you mean ...?' with the nearest allowed spelling, or the allowed words if none is near.

    Examples
    --------
    >>> nearest("clarty", ["clarity", "voice"])
    "; did you mean 'clarity'?"
    >>> nearest("x", ["clarity", "voice"])
    '; allowed: clarity, voice'
    """
    words = list(allowed)
    # Comparing grows with the product of the lengths, and files may come from strangers.
    word = word[:80]
    tails = {w.rsplit(".", 1)[-1]: w for w in words}
    close = [tails[word]] if word in tails else difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if not close:
        close = [tails[t] for t in difflib.get_close_matches(word.rsplit(".", 1)[-1], tails, n=1, cutoff=0.6)]
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; allowed: {', '.join(words)}" if 0 < len(words) <= 12 else ""


def dotted(place: Place) -> str:
    """Return a place as people write and count it: lists from 1, keys that need it in quotes."""
    parts = (str(p + 1) if isinstance(p, int) else key(p) for p in place)
    return ".".join(parts)


def key(word: str) -> str:
    """Return a key as TOML writes it."""
    bare = bool(word) and all(c.isascii() and (c.isalnum() or c in "-_") for c in word)
    return word if bare else shortened(json.dumps(word, ensure_ascii=False))


def number(value: float) -> str:
    """Return a number without the ornaments of floating point: 1, 0.25, 1000000."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    try:
        return str(value)
    except ValueError:  # Python refuses to print integers of many thousand digits
        return "a number of thousands of digits"


def shown(value: Any) -> str:
    """Return a value as TOML would write it, shortened."""
    return shortened(_toml(value, 0))


def _toml(value: Any, depth: int) -> str:
    # A cut-off, for a value may be as large as the file and as deep as the parser allows.
    if depth > 3:
        return "..."
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return json.dumps(value[:200], ensure_ascii=False)
    if isinstance(value, dict):
        inside = ", ".join(f"{key(str(k))} = {_toml(v, depth + 1)}" for k, v in list(value.items())[:12])
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(v, depth + 1) for v in value[:24])}]"
    return str(value)


def shortened(text: str, limit: int = 72) -> str:
    """Return a text with its end left out if it is long."""
    return text if len(text) <= limit else text[: limit - 4] + " ..."


def phrase(error: ErrorDetails) -> str:
    """Return an error of pydantic in words, to be read after ``field = value``."""
    context = error.get("ctx", {})
    kind = error["type"]
    value = error["input"]
    if kind in ("float_type", "float_parsing") and isinstance(value, int) and not isinstance(value, bool):
        return "is too large"
    limits = {
        "greater_than_equal": ("at least", "ge"),
        "less_than_equal": ("at most", "le"),
        "greater_than": ("greater than", "gt"),
        "less_than": ("less than", "lt"),
    }
    if kind in limits:
        words, limit = limits[kind]
        return f"must be {words} {number(context[limit])}"
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        least = kind.endswith("short")
        count = context["min_length" if least else "max_length"]
        if least and count == 1:
            return "must not be empty"
        unit = "characters" if kind.startswith("string") else "entries"
        return f"must have at {'least' if least else 'most'} {count} {unit}"
    if kind == "literal_error":
        words = str(context["expected"])
        near = nearest(value, words.split("'")[1::2]) if isinstance(value, str) else ""
        return f"must be {words}{near if 'did you mean' in near else ''}"
    plain = {
        "float_type": "must be a number",
        "float_parsing": "must be a number",
        "finite_number": "must be a finite number",
        "int_type": "must be a whole number",
        "int_parsing": "must be a whole number",
        "int_from_float": "must be a whole number",
        "int_parsing_size": "is too large",
        "bool_type": "must be true or false",
        "bool_parsing": "must be true or false",
        "string_type": "must be text in quotes",
        "string_unicode": "must be valid Unicode text",
        "tuple_type": "must be a list in square brackets",
        "model_type": "must be a table",
        "model_attributes_type": "must be a table",
        "dict_type": "must be a table",
    }
    return plain.get(kind) or error["msg"].replace("Input should be", "must be")
