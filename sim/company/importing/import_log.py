"""Import log: full messages go to the terminal; personal data are masked in the saved log.

Notes that say the same about the same thing are kept once, with a count and the first few lines and values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sim.errors import CoherenceError

Kind = Literal["attention", "guessed", "left out", "refused"]
SHOWN = 5
"""Lines and values of notes alike that are spelt out; the others are counted."""
LONGEST = 60
"""Letters of a value that are shown."""


@dataclass
class Note:
    """One thing to tell, and how often it happened.

    Attributes
    ----------
    kind
        ``attention`` (the result is probably wrong), ``guessed`` (inferred, worth a look), ``left out`` (not used, and why)
        or ``refused`` (nothing was written).
    file, line
        Where it happened first; no line where the whole file is meant.
    what
        The column or thing that is meant, in our words.
    value
        What was found there: shown to the user, never written to a file, since it may be a name.
    message
        What is the matter with it.
    count, lines, values
        How often it happened, and the first few lines and values.
    """

    kind: Kind
    file: str
    line: int | None
    what: str
    value: str | None
    message: str
    count: int = 1
    lines: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def again(self, line: int | None, value: str | None) -> None:
        """Count the same note once more."""
        self.count += 1
        if line is not None and len(self.lines) < SHOWN:
            self.lines.append(line)
        if value is not None and value != self.value and value not in self.values and len(self.values) < SHOWN - 1:
            self.values.append(value)

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
            what += f" = {_short(self.value)}"
        text = f"{where}: {what} {self.message}".replace("  ", " ")
        return text + self._more(shown)

    def _more(self, shown: bool) -> str:
        if self.count == 1:
            return ""
        text = f"; {self.count:,} times in all"
        if self.lines:
            dots = ", ..." if self.count - 1 > len(self.lines) else ""
            text += f", also in line{'s' if len(self.lines) > 1 else ''} {', '.join(map(str, self.lines))}{dots}"
        if self.values and shown:
            text += f" ({', '.join(map(_short, self.values))}{', ...' if len(self.values) >= SHOWN - 1 else ''})"
        return text


def _short(value: str) -> str:
    return repr(value if len(value) <= LONGEST else value[: LONGEST - 1] + "…")


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
    """Notes in the order in which they were first made; what is alike is counted."""

    kept: dict[tuple[str, str, str, str], Note] = field(default_factory=dict)

    def add(self, kind: Kind, file: str, line: int | None, what: str, value: str | None, message: str) -> None:
        """Make a note."""
        key = (kind, file, what, message)
        before = self.kept.get(key)
        if before is not None:
            before.again(line, value)
        elif len(self.kept) < 2000:
            self.kept[key] = Note(kind, file, line, what, value, message)

    def guessed(self, file: str, what: str, message: str) -> None:
        """Note what was inferred; the message must not hold anybody's data."""
        self.add("guessed", file, None, what, None, message)

    def attention(self, file: str, what: str, message: str) -> None:
        """Note loudly that a result is probably wrong; the message must not hold anybody's data."""
        self.add("attention", file, None, what, None, message)

    def lines(self, shown: bool) -> list[str]:
        """Return all notes as lines, with values (`shown`) or masked; what needs attention comes last, to be seen."""
        notes = sorted(self.kept.values(), key=lambda note: note.kind == "attention")
        return [
            f"{'ATTENTION' if note.kind == 'attention' else note.kind}: {note if shown else note.masked()}"
            for note in notes
        ]
