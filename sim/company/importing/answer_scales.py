"""Answers in words: the usual scales in English, German, French and Spanish, labels with a number, and scales of the client's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sim.company.importing.values import missing, number
from sim.company.importing.vocabulary import parts, plain, plain_words, table

LANGUAGES = ("en", "de", "fr", "es")
_LED = re.compile(
    r"\s*(-?\d+(?:[.,]\d+)?)\s*(?:[-–—:=.)(/]|\s)\s*\D.*|.*\D\s*[(=\[]\s*(-?\d+(?:[.,]\d+)?)\s*[)\]]?\s*", re.S
)


@dataclass(frozen=True)
class Scale:
    """Words for the points of a scale: plain word -> share from 0 to 1."""

    name: str
    points: int
    share: Mapping[str, float]


@cache
def scales() -> tuple[Scale, ...]:
    """Return all usual scales of answers."""
    out: dict[tuple[str, int], dict[str, float]] = {}
    for row in table("answer_scales"):
        points, position = int(row["points"]), int(row["position"])
        share = out.setdefault((row["family"], points), {})
        for language in LANGUAGES:
            for word in parts(row[language]):
                share.setdefault(plain(word), (position - 1) / (points - 1))
    return tuple(Scale(name, points, share) for (name, points), share in out.items())


def own_scale(text: str, low: float | None, high: float | None) -> dict[str, float]:
    """Return the scale in a cell of labels: ``never=1 | sometimes=3 | always=5``, or labels in order.

    Examples
    --------
    >>> own_scale("low | middle | high", None, None)
    {'low': 0.0, 'middle': 0.5, 'high': 1.0}
    """
    pieces = [p.strip() for p in re.split(r"[|;]", text) if p.strip()]
    if len(pieces) < 2:
        return {}
    split = [re.fullmatch(r"(.*?)\s*[=:]\s*(-?\d+(?:[.,]\d+)?)|(-?\d+(?:[.,]\d+)?)\s*[=:]\s*(.*)", p) for p in pieces]
    if all(split):
        values = {plain(m[1] or m[4] or ""): number(m[2] or m[3] or "") or 0.0 for m in split if m}
        bottom = low if low is not None else min(values.values())
        top = high if high is not None else max(values.values())
        return (
            {w: min(max((v - bottom) / (top - bottom), 0.0), 1.0) for w, v in values.items() if w}
            if top > bottom
            else {}
        )
    return {plain(p): i / (len(pieces) - 1) for i, p in enumerate(pieces)}


def is_no_answer(text: str) -> bool:
    """Return whether a cell says that there is no answer: empty, don't know, weiß nicht and the like."""
    return not text or missing(text) or plain(text) in plain_words("no_answer")


def led_number(text: str) -> float | None:
    """Return the number of an answer such as ``5 (fully)``, ``1 - not at all``, ``agree (4)``; None where there is none."""
    value = number(text)
    if value is not None:
        return value
    match = _LED.fullmatch(text)
    return number(match[1] or match[2]) if match else None


def scale_of(answers: Iterable[str], points: int | None, own: Mapping[str, float]) -> Mapping[str, float]:
    """Return the words of the scale that most of an item's answers are on.

    Parameters
    ----------
    answers
        Different answers of the item, numbers among them.
    points
        Points of the item's scale, where it is known: a scale of as many points goes first.
    own
        The client's own words for this item; they go before all.
    """
    words = {plain(a) for a in answers if led_number(a) is None and not is_no_answer(a)}
    if not words:
        return own
    if own and any(w in own for w in words):
        return own

    def fit(scale: Scale) -> tuple[int, bool, int]:
        return sum(w in scale.share for w in words), scale.points == points, -abs(scale.points - (points or 5))

    best = max(scales(), key=fit)
    return best.share if fit(best)[0] else {}
