"""Which columns of a people table hold ids, managers, departments and leaving: by heading first, by content where that fails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.company.importing.columns import PEOPLE, candidates
from sim.company.importing.identity import Directory
from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.tables import Row, Table
from sim.company.importing.values import day_first, is_flag, missing, number, yes_or_no
from sim.company.importing.vocabulary import heading_words, plain, words

LOOKED_AT = 3000
"""Rows from which the content of a column is judged."""
_DATES = ("hire_date", "leave_date", "snapshot")


@dataclass
class Columns:
    """What was decided on the columns of a people table.

    Attributes
    ----------
    used
        Field -> column.
    managers
        Columns that may name the manager, the likeliest first.
    id_is_name
        Whether people are told apart by their names.
    snapshots
        Whether the table holds the same people at several dates.
    day_first
        Field of dates -> whether the day stands before the month; None where the column does not say.
    full_week, fte_in_hours
        Hours of full time, and whether the share of full time is given in hours.
    marks
        Columns that would name managers but hold yes and no alone.
    """

    used: dict[str, int]
    managers: list[int] = field(default_factory=list)
    id_is_name: bool = False
    snapshots: bool = False
    day_first: dict[str, bool | None] = field(default_factory=dict)
    full_week: float = 40.0
    fte_in_hours: bool = False
    marks: list[int] = field(default_factory=list)

    def has_left(self, cell: Mapping[str, str]) -> bool:
        """Return whether flags or status words say that somebody has left."""
        if yes_or_no(cell.get("left_flag", "")) is True or yes_or_no(cell.get("active_flag", "")) is False:
            return True
        return left_by_status(cell.get("status", ""))


def left_by_status(text: str) -> bool:
    """Return whether a status says that somebody has left, and not that they are away or about to leave."""
    low = " ".join(re.split(r"[^\w/]+", text.lower().strip())).strip()
    if not low:
        return False
    if low in words("left"):
        return True
    if low in words("here"):
        return False
    inside = f" {low} "
    if any(f" {word} " in inside for word in words("here") if word not in {"active", "employed", "working", "leave"}):
        return False
    if re.search(r"\b(not|nicht|non|no longer|in)[- ]?(active|aktiv|actif|activo|employed)\b", low):
        return True
    return any(f" {word} " in inside for word in words("left") if len(word) > 2) or bool(re.search(r"\bterminat", low))


def columns_of(table: Table, chosen: Mapping[str, str], notes: Notes) -> Columns:
    """Return which column of a people table is what.

    Raises
    ------
    CompanyError
        If no column tells people apart.
    """
    rows = table.top(LOOKED_AT)
    found = candidates(table.header, PEOPLE, chosen)
    flags = {c for c in range(len(table.header)) if rows and is_flag(r.cells[c] for r in rows if len(r.cells) > c)}
    fixed = {field for field, heading in chosen.items() if heading}
    used = _one_each(found, fixed, flags, rows)
    _names(used)
    out = Columns(used, id_is_name=_ids(table, used, fixed, rows, notes))
    out.managers = _managers(table, found, out, flags, fixed, rows, notes)
    if out.managers:
        out.used["manager_id"] = out.managers[0]
    out.day_first = _orders(table, used, rows, notes)
    out.snapshots = "snapshot" in used and _repeats(rows, used["person_id"])
    if "snapshot" in used and not out.snapshots:
        del used["snapshot"]
    _working_time(table, out, rows)
    return out


def _one_each(found: Mapping[str, list[int]], fixed: set[str], flags: set[int], rows: list[Row]) -> dict[str, int]:
    """Return one column for each field, never a column for two; flags and columns without content go last."""
    out: dict[str, int] = {}
    for name, columns in found.items():
        usable = [c for c in columns if c not in out.values()]
        if name not in fixed:
            if name in ("left_flag", "active_flag"):
                usable = [c for c in usable if c in flags]
            elif name in ("department", "job_title", "leave_date", "hire_date", "status", "name", "email"):
                usable = (
                    [c for c in usable if c not in flags or len({r.cells[c] for r in rows}) > 2]
                    if len(rows) > 2
                    else usable
                )
                usable.sort(key=lambda c: not any(not missing(r.cells[c]) for r in rows))
            if name == "department" and len(usable) > 1:
                usable.sort(key=lambda c: _looks_like_dates(rows, c))
        if usable:
            out[name] = usable[0]
    return out


def _looks_like_dates(rows: list[Row], column: int) -> bool:
    there = [r.cells[column] for r in rows if r.cells[column]]
    return bool(there) and sum(bool(re.match(r"\d{1,4}[-./]\d{1,2}[-./]\d", c)) for c in there) * 2 > len(there)


def _names(used: dict[str, int]) -> None:
    """Nom beside Prénom is the last name, Nombre beside Apellidos the first."""
    if "name" in used and "first_name" in used and "last_name" not in used:
        used["last_name"] = used.pop("name")
    elif "name" in used and "last_name" in used and "first_name" not in used:
        used["first_name"] = used.pop("name")


def _ids(table: Table, used: dict[str, int], fixed: set[str], rows: list[Row], notes: Notes) -> bool:
    """Make sure that there is a column of ids; return whether these are names."""
    column = used.get("person_id")
    if column is not None and "person_id" not in fixed:
        cells = [r.cells[column] for r in rows if r.cells[column]]
        named = sum(bool(re.search(r"[^\W\d_]{2,}[ ,]+[^\W\d_]{2,}", c)) and not re.search(r"\d", c) for c in cells)
        if cells and named * 2 > len(cells):  # an "Employee" column of names
            used.setdefault("name", column)
            del used["person_id"]
        elif rows and not cells:
            del used["person_id"]
    if "person_id" in used:
        return False
    instead = next((f for f in ("email", "name") if f in used), None)
    if instead is None and {"first_name", "last_name"} & set(used):
        raise refuse(
            table.file,
            "tells people apart by first or last names alone: a column of ids, e-mails or full names is needed",
            table.header_line,
        )
    if instead is None:
        raise refuse(
            table.file,
            "has no column that tells people apart (person_id, employee id, e-mail or name); if there is one, name it: "
            '--map person_id="HEADING"; its headings are ' + ", ".join(repr(h) for h in table.header[:12] if h),
            table.header_line,
        )
    used["person_id"] = used.pop(instead)
    notes.guessed(table.file, "person_id", f"taken from the column of {instead}")
    return True


def _managers(
    table: Table,
    found: Mapping[str, list[int]],
    out: Columns,
    flags: set[int],
    fixed: set[str],
    rows: list[Row],
    notes: Notes,
) -> list[int]:
    """Return the columns that name managers, by how many of their cells mean somebody in the file."""
    taken = {c for name, c in out.used.items() if name != "manager_id"}
    columns = [c for c in found.get("manager_id", []) if c not in taken]
    out.used.pop("manager_id", None)
    if "manager_id" in fixed:
        return columns[:1]
    plain_flags = [c for c in columns if c in flags and _is_boss_flag(rows, c, out.used["person_id"])]
    for c in plain_flags:
        notes.add(
            "left out",
            table.file,
            None,
            "column",
            table.header[c],
            "holds only yes and no (or 1 and 0): a mark, not who the manager is",
        )
    out.marks = plain_flags
    columns = [c for c in columns if c not in plain_flags]
    if len(columns) < 2:
        return columns
    directory = Directory()
    directory.fill((r.cells[out.used["person_id"]], _names_of(r, out.used)) for r in rows)
    hits = {c: sum(directory.find(r.cells[c]) >= 0 for r in rows if not missing(r.cells[c])) for c in columns}
    ranked = sorted(columns, key=lambda c: -hits[c])
    if ranked[0] != columns[0]:
        text = f"is taken for manager_id, since {hits[ranked[0]]} of its cells mean somebody in the file, and {hits[columns[0]]} of the other column's"
        notes.add("guessed", table.file, None, "column", table.header[ranked[0]], text)
    return ranked


def _is_boss_flag(rows: list[Row], column: int, ids: int) -> bool:
    """Return whether a column of 0 and 1 marks managers; in a firm whose boss is number 1 it would name one person alone."""
    cells = [r.cells[column].lower() for r in rows if r.cells[column]]
    if not {re.sub(r"\.0+$", "", c) for c in cells} <= {"1"}:
        return True
    blank = [r for r in rows if not r.cells[column]]
    top = next((r for r in rows if r.cells[ids] == "1"), None)
    return top is None or top not in blank


def _names_of(row: Row, used: Mapping[str, int]) -> tuple[str, ...]:
    cell = {f: row.cells[c] for f, c in used.items()}
    full = cell.get("name") or " ".join(filter(None, (cell.get("first_name"), cell.get("last_name"))))
    return tuple(x for x in (cell.get("email", ""), full) if x)


def _orders(table: Table, used: Mapping[str, int], rows: list[Row], notes: Notes) -> dict[str, bool | None]:
    """Return for each column of dates whether the day stands first: by its own dates, else by the others', else by the language."""
    cells = {name: [r.cells[used[name]] for r in rows] for name in _DATES if name in used}
    out = {name: day_first(column) for name, column in cells.items()}
    decided = {order for order in out.values() if order is not None}
    for name, column in cells.items():
        slashed = any(re.match(r"\d{1,2}/\d{1,2}/\d", c) for c in column)
        if out[name] is not None:
            how = f"{'day' if out[name] else 'month'} first, as those with a number above 12 show"
        elif len(decided) == 1:
            out[name] = next(iter(decided))
            how = f"{'day' if out[name] else 'month'} first, as in the other column of dates"
        elif not_english(table):
            out[name] = True
            how = "day first, since the table is not American: no date in the column decides; 2021-03-04 would"
        else:
            how = "month first: no date in the column decides; 2021-03-04 would"
        if slashed:
            notes.guessed(table.file, name, f"dates such as 03/04/2021 are read {how}")
    return out


def not_english(table: Table) -> bool:
    """Return whether a table has semicolons between cells, or headings in German, French or Spanish."""
    ours = {plain(h) for h in table.header}
    english = {h for words in PEOPLE.values() for h in words}
    foreign = heading_words("people", ("German", "French", "Spanish", "German, French, Spanish"))
    return "semicolons" in table.made or len(ours & (foreign - {"id"})) > len(ours & (english - foreign))


def _repeats(rows: list[Row], column: int) -> bool:
    counts = Counter(r.cells[column].lower() for r in rows if r.cells[column])
    return any(n > 1 for n in counts.values())


def _working_time(table: Table, out: Columns, rows: list[Row]) -> None:
    """Find out whether working time is given in hours, and what full time is."""
    for name in ("weekly_hours", "fte"):
        if name not in out.used:
            continue
        values = [v for r in rows if (v := number(r.cells[out.used[name]])) is not None and v > 0]
        if not values:
            continue
        most = Counter(values).most_common(1)[0][0]
        in_hours = (
            name == "weekly_hours"
            or ("hour" in plain(table.header[out.used[name]]))
            or (30 <= most <= 48 and max(values) <= 60)
        )
        if in_hours:
            out.full_week = max(v for v, n in Counter(values).items() if v <= 60 or n == len(values))
            out.fte_in_hours = name == "fte"
        return
