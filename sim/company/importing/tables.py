"""Tables with a heading: the heading is found below titles, repeated headings and totals are no rows, every row knows its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sim.company.importing.columns import DEPARTMENTS, FACTS, ITEMS, LINKS, PEOPLE, SURVEY, guess
from sim.company.importing.formats import Row, Sheet, sheets
from sim.company.importing.import_log import CompanyError, Notes, refuse
from sim.company.importing.vocabulary import Aliases, plain, plain_words

MOST_ROWS = 20_000_000
MOST_COLUMNS = 20_000
LOOKED_AT = 30
"""Rows from the top in which the heading is looked for."""
_ALL: tuple[Aliases, ...] = (PEOPLE, LINKS, DEPARTMENTS, SURVEY, ITEMS, FACTS)


@dataclass
class Dropped:
    """Rows that are no data: repeated headings, and totals or footers."""

    headings: list[int] = field(default_factory=list)
    footers: list[int] = field(default_factory=list)


class Table:
    """A table that can be read again and again.

    Attributes
    ----------
    file
        Its name without folders, as messages call it.
    header, header_line
        Its headings, and the line that they stand in.
    made
        How it was read, in words.
    warning
        What seems wrong with its letters, or None.
    """

    def __init__(
        self, path: Path, sheet: Sheet | None = None, encoding: str | None = None, chosen: Sequence[str] = ()
    ) -> None:
        self.path = path
        self.file = path.name
        if sheet is None:
            sheet = _first_filled(path, sheets(path, encoding))
        self.sheet = sheet
        self.made = sheet.made
        self.warning = sheet.warning
        self.dropped = Dropped()
        rows = list(islice(self._filled(), LOOKED_AT))
        if not rows:
            raise refuse(self.file, "holds no rows", None, f"sheet {sheet.name!r}" if sheet.name else "")
        first = _heading(rows, chosen)
        self.skipped = first
        self.header = list(rows[first].cells)
        self.header_line = rows[first].line
        width = max((len(r.cells) for r in rows[first:]), default=0)
        if first and width > len(self.header):
            self.header.extend([""] * (width - len(self.header)))

    def rows(self, with_header: bool = False) -> Iterator[Row]:
        """Yield the rows below the header that are not empty, no headings again and no totals, as wide as the header."""
        self.dropped = Dropped()
        width = len(self.header)
        again = {plain(c) for c in self.header} - {""}
        for count, row in enumerate(islice(self._filled(), self.skipped + (not with_header), None)):
            if count >= MOST_ROWS:
                raise refuse(self.file, f"has more than {MOST_ROWS:,} rows", row.line)
            if len(row.cells) < width:
                row = Row(row.line, row.cells + [""] * (width - len(row.cells)))
            if not with_header and _is_heading_again(row.cells, self.header, again):
                self.dropped.headings.append(row.line)
                continue
            if is_footer(row.cells):
                self.dropped.footers.append(row.line)
                continue
            yield row

    def top(self, most: int = 200) -> list[Row]:
        """Return the first rows."""
        return list(islice(self.rows(), most))

    def tell_dropped(self, notes: Notes) -> None:
        """Note what was skipped above the heading, and rows that were no data when the table was last read."""
        if self.warning:
            notes.attention(self.file, "text", self.warning)
        if self.skipped:
            text = f"is taken for the heading; {'a row' if self.skipped == 1 else f'{self.skipped} rows'} above it as a title"
            notes.guessed(self.file, f"line {self.header_line}", text)
        for line in self.dropped.headings:
            notes.add("left out", self.file, line, "row", None, "repeats the heading")
        for line in self.dropped.footers:
            notes.add("left out", self.file, line, "row", None, "is a total or a footer, not somebody")

    def _filled(self) -> Iterator[Row]:
        for row in self.sheet.rows():
            if len(row.cells) > MOST_COLUMNS:
                raise refuse(self.file, f"has more than {MOST_COLUMNS:,} columns", row.line)
            if any(row.cells):
                yield row


def _first_filled(path: Path, found: list[Sheet]) -> Sheet:
    for sheet in found:
        if next(sheet.rows(), None) is not None:
            return sheet
    raise refuse(path.name, "holds no rows")


def known_headings(cells: Sequence[str]) -> int:
    """Return how many fields of any one kind of table the cells of a row can be headings of."""
    if len(cells) > 2000:
        return 0
    return max(len(guess(cells, aliases)) for aliases in _ALL)


def _heading(rows: list[Row], chosen: Sequence[str]) -> int:
    """Return which of the first rows is the heading: the first of those in which the most headings are known."""
    wanted = {plain(c) for c in chosen if c}
    wide = max(sum(1 for c in row.cells if c) for row in rows)
    best, most = 0, -1.0
    for i, row in enumerate(rows):
        there = sum(1 for c in row.cells if c)
        score = known_headings(row.cells) + 10.0 * len(wanted & {plain(c) for c in row.cells})
        if there < 2 <= wide:  # a title, even if its only word could be a heading
            score = -0.5 if score <= 1 else score
        if score > most:
            best, most = i, score
    if most <= 0 or (most < 2 and best > 0 and _is_data(rows, best)):
        # Nothing known: the first row that is about as wide as the table.
        return next((i for i, row in enumerate(rows) if sum(1 for c in row.cells if c) * 2 >= wide), 0)
    return best


def _is_data(rows: list[Row], best: int) -> bool:
    """Return whether a row is more likely data: rows above it are as wide, and it is known by one word alone."""
    there = sum(1 for c in rows[best].cells if c)
    return any(sum(1 for c in row.cells if c) >= there for row in rows[:best])


def _is_heading_again(cells: list[str], header: list[str], known: set[str]) -> bool:
    if not known or plain(cells[0]) not in known | {""}:
        return False
    there = [(plain(c), plain(h)) for c, h in zip(cells, header, strict=False) if c]
    same = sum(c == h and c != "" for c, h in there)
    return (same >= 2 and same == len(there)) or (same == len(there) == 1 and len(header) == 1)


def is_footer(cells: Sequence[str]) -> bool:
    """Return whether a row is a total or a footer: its first words say so, and it does not hold what people's rows hold."""
    there = [c for c in cells if c]
    if not there:
        return True
    first = there[0].lower()
    word = plain(re.split(r"[:=(]|\s\d|\d+$", first)[0])
    if word not in plain_words("total") or not word:
        return False
    texts = [c for c in there[1:] if re.search(r"[^\W\d_]", c)]
    return len(texts) <= 1


__all__ = ["CompanyError", "Dropped", "Row", "Table", "is_footer", "known_headings"]
