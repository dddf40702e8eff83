"""What an import guessed, left out, or could not read: said in full to whoever runs it, masked in what is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from sim.errors import CoherenceError

Kind = Literal["guessed", "left out", "refused"]
SHOWN = 12
"""Notes of one kind about one thing that are spelt out; the others are counted."""


@dataclass(frozen=True)
class Note:
    """One thing to tell.

    Attributes
    ----------
    kind
        ``guessed`` (inferred, worth a look), ``left out`` (not used, and why) or ``refused`` (nothing was written).
    file, line
        Where; no line where the whole file is meant.
    what
        The column or thing that is meant, in our words.
    value
        What was found there: shown to the user, never written to a file, since it may be a name.
    message
        What is the matter with it.
    """

    kind: Kind
    file: str
    line: int | None
    what: str
    value: str | None
    message: str

    def __str__(self) -> str:
        """Return one line with the value."""
        return self._line(True)

    def masked(self) -> str:
        """Return one line without the value."""
        return self._line(False)

    def _line(self, shown: bool) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        what = self.what
        if self.value is not None and shown:
            text = self.value if len(self.value) <= 60 else self.value[:59] + "…"
            what += f" = {text!r}"
        return f"{where}: {what} {self.message}".replace("  ", " ")


class CompanyError(CoherenceError, ValueError):
    """An import or an analysis that cannot go on; says all that is wrong, one line each."""

    def __init__(self, *notes: Note | str) -> None:
        super().__init__("\n".join(map(str, notes)))
        self.notes = notes
        self.args = notes


def refuse(file: str, message: str, line: int | None = None, what: str = "", value: str | None = None) -> CompanyError:
    """Return the error of one problem."""
    return CompanyError(Note("refused", file, line, what, value, message))


@dataclass
class Notes:
    """Notes in the order in which they were made; of many alike, the first few are kept and the others counted."""

    kept: list[Note] = field(default_factory=list)
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, kind: Kind, file: str, line: int | None, what: str, value: str | None, message: str) -> None:
        """Make a note."""
        key = (kind, file, message)
        self.counts[key] += 1
        if self.counts[key] <= SHOWN:
            self.kept.append(Note(kind, file, line, what, value, message))

    def guessed(self, file: str, what: str, message: str) -> None:
        """Note what was inferred; the message must not hold anybody's data."""
        self.add("guessed", file, None, what, None, message)

    def lines(self, shown: bool) -> list[str]:
        """Return all notes as lines, with values (`shown`) or masked."""
        lines = [f"{note.kind}: {note if shown else note.masked()}" for note in self.kept]
        for (kind, file, message), count in self.counts.items():
            if count > SHOWN:
                lines.append(f"{kind}: {file}: {message} — and so in {count - SHOWN} more places")
        return lines
