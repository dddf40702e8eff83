"""People: who works where, since when, and who has left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sim.company.importing import person_columns as pick
from sim.company.importing.columns import PEOPLE, check_chosen, tell
from sim.company.importing.identity import Directory, tidy
from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.mapping import TableMapping
from sim.company.importing.org_chart import break_cycles, fill_departments, find_founder, report_to
from sim.company.importing.person_columns import Columns
from sim.company.importing.staff import MOST_PEOPLE, NOWHERE, Person, Staff
from sim.company.importing.tables import Row, Table
from sim.company.importing.values import day, filled, number, open_ended

__all__ = ["MOST_PEOPLE", "NOWHERE", "Person", "Staff", "read_people"]


@dataclass
class _Reading:
    """What is known while the rows are read."""

    seen: dict[str, Row] = field(default_factory=dict)
    snapshot: dict[str, date] = field(default_factory=dict)
    latest: date = date.min
    dates: set[date] = field(default_factory=set)
    gone: dict[str, date | None] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    same_name: Counter[str] = field(default_factory=Counter)


def read_people(
    source: Path | Table,
    notes: Notes,
    founder: str | None = None,
    mapping: TableMapping | None = None,
    today: date | None = None,
) -> Staff:
    """Return the staff in a table of people.

    Parameters
    ----------
    source
        The table, or its file.
    notes
        Takes what was guessed and left out.
    founder
        Who founded the firm, as the table writes it.
    mapping
        Which heading is which field, where the user said so.
    today
        Whoever has a leaving date after this day has not left yet; left out: the day of the computer.

    Raises
    ------
    CompanyError
        If nobody can be made out.
    """
    table = source if isinstance(source, Table) else Table(source)
    chosen = mapping.columns if mapping else {}
    check_chosen(table.file, table.header_line, table.header, chosen, PEOPLE)
    columns = pick.columns_of(table, chosen, notes)
    tell(table.file, table.header, columns.used, notes, table.made, PEOPLE, columns.marks)
    staff = _collect(table, columns, notes, today or date.today())
    table.tell_dropped(notes)
    if not staff.people:
        raise refuse(table.file, "holds nobody who works here now")
    if len(staff.people) == 1:
        raise refuse(table.file, "holds one person only: a firm needs a founder and somebody besides")
    shared = staff.directory.fill(((p.key, p.names) for p in staff.people), columns.id_is_name)
    if shared:
        notes.guessed(
            table.file, "names",
            f"{shared} {'name or address belongs' if shared == 1 else 'names or addresses belong'} to more than one person: "
            "such a name finds nobody; ids would",
        )  # fmt: skip
    report_to(staff, columns.managers, table.file, notes)
    break_cycles(staff, table.file, notes)
    find_founder(staff, table.file, notes, founder)
    fill_departments(staff, table.file, notes)
    _summed(staff, table.file, notes)
    return staff


def _collect(table: Table, columns: Columns, notes: Notes, today: date) -> Staff:
    staff, reading = Staff([], directory=Directory()), _Reading()
    for row in table.rows():
        _take(row, table.file, columns, staff, reading, notes, today)
    if columns.snapshots:
        _last_snapshot(table.file, reading, notes)
    staff.people = list(reading.people.values())
    ended = [d for d in reading.gone.values() if d is not None]
    says_leaving = bool({"leave_date", "status", "left_flag", "active_flag"} & set(columns.used)) or columns.snapshots
    if says_leaving and ended:
        known = [d for p in staff.people if (d := p.hired) is not None and d <= today]
        last = max(min(max(ended), today), max(known, default=date.min), min(reading.latest, today))
        staff.left_in_a_year = sum(0 <= (last - d).days <= 365 for d in ended)
    for key in reading.gone:
        row = reading.seen[key]
        notes.add("left out", table.file, row.line, "person_id", row.cells[columns.used["person_id"]], "has left")
    return staff


def _take(row: Row, file: str, columns: Columns, staff: Staff, reading: _Reading, notes: Notes, today: date) -> None:
    cell = {name: filled(row.cells[column]) for name, column in columns.used.items()}
    full = cell.get("name") or " ".join(filter(None, (cell.get("first_name"), cell.get("last_name"))))
    key = cell["person_id"]
    names = tuple(dict.fromkeys(x for x in (cell.get("email", ""), full) if x))
    staff.personal.update(names)
    staff.personal.update(x for x in (cell.get("first_name", ""), cell.get("last_name", "")) if x)
    if not key:
        notes.add("left out", file, row.line, "person", full or None, "has no person_id")
        return
    (staff.personal if columns.id_is_name else staff.ids).add(key)
    hired = _date(cell.get("hire_date", ""), columns.day_first.get("hire_date"), file, row.line, "hire_date", notes)
    ended = _date(cell.get("leave_date", ""), columns.day_first.get("leave_date"), file, row.line, "leave_date", notes)
    when = day(cell.get("snapshot", ""), columns.day_first.get("snapshot")) if columns.snapshots else None
    low = tidy(key)
    if low in reading.seen:
        before = reading.seen[low]
        if columns.snapshots and when is not None:
            if when < reading.snapshot.get(low, date.min):
                return
            reading.people.pop(low, None)
            reading.gone.pop(low, None)
        elif columns.id_is_name and tuple(before.cells) != tuple(row.cells):
            reading.same_name[low] += 1
            notes.add(
                "guessed",
                file,
                row.line,
                "name",
                key,
                "is the name of more than one person: they are kept apart; ask for ids",
            )
            names = (*names, key)
            key = low = f"{low} #{reading.same_name[low] + 1}"
        else:
            same = tuple(before.cells) == tuple(row.cells)
            text = (
                f"stands here again, just as in line {before.line}"
                if same
                else "stands here again with other content; the first is kept"
            )
            notes.add("left out", file, row.line, "person_id", key, text)
            return
    elif len(reading.seen) >= MOST_PEOPLE:
        raise refuse(file, f"has more than {MOST_PEOPLE:,} people", row.line)
    reading.seen[low] = row
    if when is not None:
        reading.snapshot[low] = when
        reading.dates.add(when)
        reading.latest = max(reading.latest, when)
    if ended and ended > today:
        notes.add("guessed", file, row.line, "leave_date", None, "lies ahead, so the person still works here")
        ended = None
    if ended or columns.has_left(cell):
        reading.gone[low] = ended
        return
    bosses = tuple(filled(row.cells[c]) for c in columns.managers)
    reading.people[low] = Person(
        key, (key, *names), cell.get("department", "")[:200], title=cell.get("job_title", "")[:200], hired=hired,
        bosses=bosses, line=row.line, fte=_fte(cell, columns, file, row.line, notes),
    )  # fmt: skip


def _last_snapshot(file: str, reading: _Reading, notes: Notes) -> None:
    """Take whoever is missing from the last snapshot to have left, if the dates are those of snapshots of everybody."""
    text = f"{len(reading.dates)} dates of the same people: each person's latest row is kept (the latest is {reading.latest.isoformat()})"
    notes.guessed(file, "snapshots", text)
    last = [key for key, when in reading.snapshot.items() if when == reading.latest]
    if 2 * len(last) < len(reading.snapshot):
        return
    for key, when in reading.snapshot.items():
        if when < reading.latest and key in reading.people:
            del reading.people[key]
            reading.gone[key] = when


def _date(text: str, day_first: bool | None, file: str, line: int, what: str, notes: Notes) -> date | None:
    if not text:
        return None
    found = day(text, day_first)
    if found is None:
        if open_ended(text):
            notes.add("guessed", file, line, what, None, "is a date that stands for none (such as 1900 or 2099)")
        else:
            notes.add("left out", file, line, what, text, "is not a date")
    return found


def _fte(cell: dict[str, str], columns: Columns, file: str, line: int, notes: Notes) -> float:
    text = cell.get("fte", "")
    if not text and cell.get("weekly_hours"):
        hours = number(cell["weekly_hours"])
        if hours is not None and 0 < hours <= 1.5 * columns.full_week:
            return min(hours / columns.full_week, 1.5)
        notes.add(
            "left out", file, line, "weekly_hours", cell["weekly_hours"], "is no number of hours, so full time is taken"
        )
        return 1.0
    if not text:
        return 1.0
    value = number(text)
    if value is not None and 1.5 < value <= 150:
        value /= columns.full_week if columns.fte_in_hours else 100
    if value is None or not 0 < value <= 1.5:
        notes.add("left out", file, line, "fte", text, "is not a share of full time, so 1 is taken")
        return 1.0
    return value


def _summed(staff: Staff, file: str, notes: Notes) -> None:
    staff.directory.loosely.pop("", None)
    said = ", ".join(f"{count} {how}" for how, count in staff.directory.loosely.most_common(4))
    if said:
        notes.guessed(file, "managers", f"found in another form than the ids of the file (different cells): {said}")
    staff.directory.loosely.clear()
