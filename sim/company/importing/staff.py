"""Everybody who works here now, by number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from sim.company.importing.identity import Directory

MOST_PEOPLE = 100_000
NOWHERE = "unassigned"


@dataclass(slots=True)
class Person:
    """Somebody who works here now.

    `names` are all the words by which other tables may mean this person; none of them is ever written. `bosses` are the cells
    that may name the manager, the likeliest first.
    """

    key: str
    names: tuple[str, ...]
    department: str
    manager: int = -1
    title: str = ""
    fte: float = 1.0
    hired: date | None = None
    bosses: tuple[str, ...] = ()
    line: int = 0


@dataclass
class Staff:
    """Everybody, by number.

    Attributes
    ----------
    people
        Those who work here now.
    founder
        Number of the founder, or -1.
    left_in_a_year
        People who left in the year before the last date in the file, where it says so, else None.
    personal, ids
        Every name and address, and every id, that stands in the file, of leavers too.
    managers_named, managers_found
        Cells that name a manager, and those of them that mean somebody in the file.
    departments_given
        People whose department stands in the file.
    """

    people: list[Person]
    founder: int = -1
    left_in_a_year: int | None = None
    personal: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    directory: Directory = field(default_factory=Directory)
    managers_named: int = 0
    managers_found: int = 0
    departments_given: int = 0

    def find(self, text: str) -> int:
        """Return the number of the person that a cell means, -1 for nobody, -2 for more than one."""
        return self.directory.find(text)

    @property
    def departments(self) -> dict[str, int]:
        """Department -> people in it, without the founder; those who hand on work come in order of first appearance."""
        counts: Counter[str] = Counter(p.department for i, p in enumerate(self.people) if i != self.founder)
        return dict(counts)
