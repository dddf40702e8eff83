"""The chart: who reports to whom, without circles; who stands above all; departments that are missing."""

from __future__ import annotations

import re

from sim.company.importing.identity import SEVERAL, tidy
from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.privacy import is_code
from sim.company.importing.staff import NOWHERE, Staff
from sim.company.importing.vocabulary import words


def report_to(staff: Staff, columns: list[int], file: str, notes: Notes) -> None:
    """Find everybody's manager among the cells that may name one."""
    ambiguous: list[tuple[int, str]] = []
    for i, person in enumerate(staff.people):
        cells = [c for c in person.bosses if c]
        if not cells:
            continue
        for cell in cells:
            (staff.ids if is_code(cell) else staff.personal).add(cell)
        staff.managers_named += 1
        found = [staff.find(cell) for cell in cells]
        boss = next((b for b in found if b >= 0 and b != i), None)
        if boss is not None:
            person.manager = boss
            staff.managers_found += 1
        elif i in found:
            notes.add("left out", file, person.line, "manager_id", cells[0], "is the person's own")
            staff.managers_named -= 1
        elif SEVERAL in found:
            ambiguous.append((i, cells[found.index(SEVERAL)]))
        else:
            notes.add(
                "left out",
                file,
                person.line,
                "manager_id",
                cells[0],
                "is nobody in this file, so the manager is missing",
            )
    _of_one_name(staff, ambiguous, file, notes)
    if columns and staff.managers_named and 2 * staff.managers_found < staff.managers_named:
        notes.attention(
            file, "manager_id",
            f"{staff.managers_found} of {staff.managers_named} managers were found: are the ids of managers those of the people? "
            'Name another column with --map manager_id="HEADING"',
        )  # fmt: skip
    if not columns:
        notes.attention(
            file,
            "manager_id",
            'is no column of this table: the firm is taken for flat; if there is one, --map manager_id="HEADING"',
        )


def _of_one_name(staff: Staff, cells: list[tuple[int, str]], file: str, notes: Notes) -> None:
    """Take an ambiguous manager for the one of that name who has no manager, if there is one alone."""
    bosses = {i for i, _ in cells}
    for i, cell in cells:
        low = tidy(cell)
        person = staff.people[i]
        top = [
            j for j, p in enumerate(staff.people)
            if j != i and low in {tidy(n) for n in p.names} | {tidy(p.key).split(" #")[0]} and p.manager < 0 and j not in bosses
        ]  # fmt: skip
        if len(top) == 1:
            person.manager = top[0]
            staff.managers_found += 1
            text = "is the name of more than one person: the one without a manager is taken; ask for ids"
            notes.add("guessed", file, person.line, "manager_id", cell, text)
        else:
            notes.add(
                "left out", file, person.line, "manager_id", cell, "is the name of more than one person: ask for ids"
            )


def break_cycles(staff: Staff, file: str, notes: Notes) -> None:
    """Cut circles of managers."""
    state = bytearray(len(staff.people))  # 0 not seen, 1 on this walk, 2 done
    for start in range(len(staff.people)):
        i, walk = start, []
        while i >= 0 and state[i] == 0:
            state[i] = 1
            walk.append(i)
            i = staff.people[i].manager
        if i >= 0 and state[i] == 1:
            person = staff.people[i]
            text = "closes a circle of managers: this person is taken for its top"
            notes.add("left out", file, person.line, "manager_id", next((b for b in person.bosses if b), None), text)
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


def is_founders_title(title: str) -> bool:
    """Return whether a job title is that of whoever leads the whole firm, and not of their assistant or deputy.

    Examples
    --------
    >>> is_founders_title("Managing Director"), is_founders_title("Assistant to the CEO")
    (True, False)
    """
    low = f" {' '.join(re.findall(r'[^\W_]+', title.lower()))} "
    if any(f" {word} " in low for word in words("not_founder_title")):
        return False
    return any(f" {word} " in low for word in words("founder_title"))


def find_founder(staff: Staff, file: str, notes: Notes, said: str | None) -> None:
    """Find who leads the firm: whoever stands above most people; titles only decide between equals."""
    if said is not None:
        staff.founder = staff.find(said)
        if staff.founder < 0:
            text = (
                "is the name of more than one person: give the id"
                if staff.founder == SEVERAL
                else "is nobody in this file"
            )
            raise refuse(file, text, None, "--founder", said)
        return
    under = below(staff)
    tops = [i for i, p in enumerate(staff.people) if p.manager < 0]
    titled = {i for i in tops if is_founders_title(staff.people[i].title)}
    best = max(tops, key=lambda i: (under[i], i in titled, -i), default=-1)
    equal = [i for i in tops if under[i] == under[best]] if best >= 0 else []
    if best < 0 or (under[best] == 0 and len(titled) != 1) or (len(equal) > 1 and len(titled & set(equal)) != 1):
        notes.attention(file, "founder", "not found: nobody stands above the others; say who with --founder ID")
        return
    staff.founder = best
    others = len(staff.people) - 1
    if under[best] == 0 or len(equal) > 1:
        how = "by title, since the chart does not decide"
    else:
        how = f"by standing above {under[best]} of the {others} others"
    notes.guessed(
        file, "founder", f"found {how} (line {staff.people[best].line}); the founder steers and is not one of the posts"
    )
    if 0 < 2 * under[best] < others:
        notes.attention(
            file,
            "founder",
            f"stands above {under[best]} of {others} people only: are managers missing, or is it somebody else (--founder ID)?",
        )


def fill_departments(staff: Staff, file: str, notes: Notes) -> None:
    """Give people without a department their manager's, and spell departments alike."""
    depth = depths(staff)
    spelt: dict[str, str] = {}
    staff.departments_given = sum(1 for i, p in enumerate(staff.people) if p.department and i != staff.founder)
    for i in sorted(range(len(staff.people)), key=lambda i: depth[i]):
        person = staff.people[i]
        if not person.department and i != staff.founder:
            boss = staff.people[person.manager] if person.manager >= 0 and person.manager != staff.founder else None
            person.department = boss.department if boss and boss.department else NOWHERE
            how = "the manager's is taken" if boss and boss.department else f"{NOWHERE!r} is taken"
            notes.add("guessed", file, person.line, "department", None, f"is missing: {how}")
    for person in staff.people:
        clean = " ".join(person.department.split())
        person.department = spelt.setdefault(clean.lower(), clean)
    members = [p for i, p in enumerate(staff.people) if i != staff.founder]
    if not members:
        raise refuse(file, "holds nobody besides the founder")
    if 2 * staff.departments_given < len(members):
        notes.attention(
            file, "department", f"is given for {staff.departments_given} of {len(members)} people only; if another column holds it, "
            '--map department="HEADING"',
        )  # fmt: skip
