"""A finding: the sentence that a report prints, with the numbers and the rule that it follows from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """What a report says, and what it rests on.

    Attributes
    ----------
    topic
        What it is about: ``survival``, ``silo`` and so on.
    rule
        Which case of the rule for this topic applied; the words follow from it.
    sentence
        What is printed.
    value, low, high
        The number, and its interval; nan where there is none. Where a number is compared with chance, what chance gives.
    n
        What it rests on: runs, pairs, people, ties or answers.
    of
        What n counts.
    headline
        A few words above the sentence, for those that open the report.
    """

    topic: str
    rule: str
    sentence: str
    value: float = math.nan
    n: int = 0
    of: str = ""
    low: float = math.nan
    high: float = math.nan
    headline: str = ""

    def __str__(self) -> str:
        """Return the sentence."""
        return self.sentence


@dataclass
class Section:
    """A part of the report: findings, tables and figures under a heading."""

    title: str
    anchor: str
    lead: str = ""
    parts: list[Finding | Table | Picture | str] = field(default_factory=list)

    @property
    def findings(self) -> Iterator[Finding]:
        """Its findings."""
        return (part for part in self.parts if isinstance(part, Finding))

    @property
    def tables(self) -> Iterator[Table]:
        """Its tables."""
        return (part for part in self.parts if isinstance(part, Table))


@dataclass(frozen=True)
class Table:
    """A table with a caption, a row of headings and rows; `words` are columns of text, which stand left."""

    name: str
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: tuple[int, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A drawing (SVG) with words for those who do not see it, and a caption."""

    svg: str
    alt: str
    caption: str
