"""What is wrong with a scenario, said so that one can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

Place = tuple[str | int, ...]


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Return '; did you mean ...?' with the nearest allowed spelling, or the allowed words if none is near."""
    words = list(allowed)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if not close:
        tails = {w.rsplit(".", 1)[-1]: w for w in words}
        close = [tails[t] for t in difflib.get_close_matches(word.rsplit(".", 1)[-1], tails, n=1, cutoff=0.6)]
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; allowed: {', '.join(words)}" if len(words) <= 12 else ""


class Problem:
    """Carries several findings of one check through pydantic as one error."""

    @staticmethod
    def several(found: Sequence[tuple[Place, Any, str]]) -> PydanticCustomError:
        """Bundle findings (place, value, what is wrong) into one error that pydantic passes on."""
        return PydanticCustomError("problems", "{count} problems", {"count": len(found), "found": list(found)})

    @staticmethod
    def reason(error: ValueError) -> str:
        """Return the first reason of a pydantic error in plain words."""
        if isinstance(error, ValidationError):
            return str(error.errors()[0]["msg"]).replace("Input should be", "must be")
        return str(error)
