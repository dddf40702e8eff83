"""People: who works where, who reports to whom, and who founded it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sim.company.importing.columns import PEOPLE, day, guess, number, plain, tell
from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.tables import Table

MOST_PEOPLE = 100_000
NOWHERE = "unassigned"
_FOUNDER = re.compile(
    r"founder|owner|\bceo\b|chief exec|managing director|geschäftsführ|geschaeftsfuehr|inhaber|gründer|president|principal",
    re.I,
)
_GONE = re.compile(r"terminat|inactive|left|resign|retired|former|dismiss|ausgeschieden|deleted|disabled", re.I)


@dataclass(slots=True)
class Person:
    """Somebody who works here now.

    `names` are all the words by which other tables may mean this person; none of them is ever written.
    """

    key: str
    names: tuple[str, ...]
    department: str
    manager: int = -1
    title: str = ""
    fte: float = 1.0
    hired: date | None = None
    boss: str = ""
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
    secrets
        Every name, address and number that stands in the file, of leavers too.
    """

    people: list[Person]
    founder: int = -1
    left_in_a_year: int | None = None
    secrets: set[str] = field(default_factory=set)
    index: dict[str, int] = field(default_factory=dict)

    def find(self, text: str) -> int:
        """Return the number of the person that a cell means, -1 for nobody, -2 for more than one."""
        return self.index.get(text.strip().lower(), -1)

    @property
    def departments(self) -> dict[str, int]:
        """Department -> people in it, without the founder; those who hand on work come in order of first appearance."""
        counts: Counter[str] = Counter(p.department for i, p in enumerate(self.people) if i != self.founder)
        return dict(counts)


def read_people(path: Path, notes: Notes, founder: str | None = None) -> Staff:
    """Return the staff in a table of people.

    Raises
    ------
    CompanyError
        If nobody can be made out.
    """
    table = Table(path, ("people", "employees", "nodes", "staff"))
    found = guess(table.header, PEOPLE)
    if "person_id" not in found:
        instead = next((f for f in ("email", "name") if f in found), None)
        if instead is None:
            raise refuse(
                table.file,
                "has no column that tells people apart (person_id, employee id, e-mail or name)",
                table.header_line,
            )
        found["person_id"] = found.pop(instead)
        notes.guessed(table.file, "person_id", f"taken from the column of {instead}")
    tell(table.file, table.header, found, notes, table.made)
    staff = _collect(table, found, notes)
    if not staff.people:
        raise refuse(table.file, "holds nobody who works here now")
    _index(staff, table.file, notes)
    _report(staff, table.file, notes)
    _break_cycles(staff, table.file, notes)
    _find_founder(staff, table.file, notes, founder)
    _fill_departments(staff, table.file, notes)
    return staff


def _collect(table: Table, found: dict[str, int], notes: Notes) -> Staff:
    staff = Staff([])
    seen: dict[str, tuple[int, tuple[str, ...]]] = {}
    gone: list[date] = []
    latest = date.min
    says_leaving = "leave_date" in found or "status" in found
    for row in table.rows():
        cell = {name: row.cells[column] for name, column in found.items()}
        full = cell.get("name") or " ".join(filter(None, (cell.get("first_name"), cell.get("last_name"))))
        key = cell["person_id"]
        names = tuple(dict.fromkeys(x for x in (key, cell.get("email", ""), full) if x))
        staff.secrets.update(names)
        staff.secrets.update(x for x in (cell.get("first_name", ""), cell.get("last_name", "")) if x)
        if not key:
            notes.add("left out", table.file, row.line, "person", full or None, "has no person_id")
            continue
        hired = day(cell.get("hire_date", "")) if cell.get("hire_date") else None
        if cell.get("hire_date") and hired is None:
            notes.add("left out", table.file, row.line, "hire_date", cell["hire_date"], "is not a date")
        ended = day(cell.get("leave_date", "")) if cell.get("leave_date") else None
        latest = max([latest, *(d for d in (hired, ended) if d)])
        low = key.lower()
        content = tuple(row.cells)
        if low in seen:
            line, before = seen[low]
            said = (
                "stands here again, just as in line"
                if before == content
                else "stands here again with other content; kept is line"
            )
            notes.add("left out", table.file, row.line, "person_id", key, f"{said} {line}")
            continue
        if len(seen) >= MOST_PEOPLE:
            raise refuse(table.file, f"has more than {MOST_PEOPLE:,} people", row.line)
        seen[low] = (row.line, content)
        if ended or _GONE.search(cell.get("status", "")):
            if ended:
                gone.append(ended)
            notes.add("left out", table.file, row.line, "person_id", key, "has left")
            continue
        staff.people.append(
            Person(
                key, names, cell.get("department", "")[:200], title=cell.get("job_title", "")[:200], hired=hired,
                boss=cell.get("manager_id", ""), line=row.line, fte=_fte(cell.get("fte", ""), table.file, row.line, notes),
            )
        )  # fmt: skip
    if says_leaving and gone:
        staff.left_in_a_year = sum((latest - d).days <= 365 for d in gone)
    return staff


def _fte(text: str, file: str, line: int, notes: Notes) -> float:
    if not text:
        return 1.0
    value = number(text)
    if value is not None and 1.5 < value <= 100:
        value /= 100
    if value is None or not 0 < value <= 1.5:
        notes.add("left out", file, line, "fte", text, "is not a share of full time, so 1 is taken")
        return 1.0
    return value


def _index(staff: Staff, file: str, notes: Notes) -> None:
    for i, person in enumerate(staff.people):
        for name in person.names:
            low = name.strip().lower()
            if staff.index.get(low, i) != i:
                staff.index[low] = -2
            else:
                staff.index[low] = i
    # A person_id means its person, whatever else it may also look like.
    for i, person in enumerate(staff.people):
        staff.index[person.key.lower()] = i
    shared = sum(1 for i in staff.index.values() if i == -2)
    if shared:
        notes.guessed(
            file,
            "names",
            f"{shared} names or addresses belong to more than one person: they are not used to find anybody",
        )


def _report(staff: Staff, file: str, notes: Notes) -> None:
    for i, person in enumerate(staff.people):
        if not person.boss or plain(person.boss) in {"none", "na", "null", "nobody"}:
            continue
        staff.secrets.add(person.boss)
        boss = staff.find(person.boss)
        if boss == i:
            notes.add("left out", file, person.line, "manager_id", person.boss, "is the person's own")
        elif boss == -2:
            notes.add("left out", file, person.line, "manager_id", person.boss, "is the name of more than one person")
        elif boss < 0:
            notes.add(
                "left out",
                file,
                person.line,
                "manager_id",
                person.boss,
                "is nobody in this file, so the manager is missing",
            )
        else:
            person.manager = boss


def _break_cycles(staff: Staff, file: str, notes: Notes) -> None:
    state = bytearray(len(staff.people))  # 0 not seen, 1 on this walk, 2 done
    for start in range(len(staff.people)):
        i, walk = start, []
        while i >= 0 and state[i] == 0:
            state[i] = 1
            walk.append(i)
            i = staff.people[i].manager
        if i >= 0 and state[i] == 1:
            person = staff.people[i]
            notes.add(
                "left out",
                file,
                person.line,
                "manager_id",
                person.boss,
                "closes a circle of managers: this person is taken for its top",
            )
            person.manager = -1
        for j in walk:
            state[j] = 2


def below(staff: Staff) -> list[int]:
    """Return how many people stand under each one in the chart."""
    depth = depths(staff)
    count = [0] * len(staff.people)
    for i in sorted(range(len(staff.people)), key=lambda i: -depth[i]):
        if staff.people[i].manager >= 0:
            count[staff.people[i].manager] += count[i] + 1
    return count


def depths(staff: Staff) -> list[int]:
    """Return how many managers stand above each person."""
    depth = [-1] * len(staff.people)
    for start in range(len(staff.people)):
        walk, i = [], start
        while i >= 0 and depth[i] < 0:
            walk.append(i)
            i = staff.people[i].manager
        base = depth[i] if i >= 0 else -1
        for step, j in enumerate(reversed(walk), 1):
            depth[j] = base + step
    return depth


def _find_founder(staff: Staff, file: str, notes: Notes, said: str | None) -> None:
    if said is not None:
        staff.founder = staff.find(said)
        if staff.founder < 0:
            raise refuse(file, "is nobody in this file", None, "--founder", said)
        return
    under = below(staff)
    tops = [i for i, p in enumerate(staff.people) if p.manager < 0]
    titled = [i for i in tops if _FOUNDER.search(staff.people[i].title)]
    best = max(titled or tops, key=lambda i: (under[i], -i), default=-1)
    if best >= 0 and len(staff.people) > 1 and (titled or under[best] > 0):
        staff.founder = best
        by = "by title" if titled else "by having nobody above and the most people below"
        notes.guessed(
            file,
            "founder",
            f"found {by} (line {staff.people[best].line}); the founder steers and is not one of the posts",
        )
    else:
        notes.guessed(file, "founder", "not found: nobody stands above the others")


def _fill_departments(staff: Staff, file: str, notes: Notes) -> None:
    depth = depths(staff)
    spelt: dict[str, str] = {}
    for i in sorted(range(len(staff.people)), key=lambda i: depth[i]):
        person = staff.people[i]
        if not person.department and i != staff.founder:
            boss = staff.people[person.manager] if person.manager >= 0 and person.manager != staff.founder else None
            person.department = boss.department if boss and boss.department else NOWHERE
            how = "the manager's is taken" if boss and boss.department else f"{NOWHERE!r} is taken"
            notes.add("guessed", file, person.line, "department", None, f"is missing: {how}")
    for person in staff.people:
        person.department = spelt.setdefault(person.department.strip().lower(), person.department.strip())
    members = [p for i, p in enumerate(staff.people) if i != staff.founder]
    if not members:
        raise refuse(file, "holds nobody besides the founder")
