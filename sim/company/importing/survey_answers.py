"""Survey answers, long or wide, as numbers or in words, with the headings of the usual survey tools."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.company.importing.answer_scales import is_no_answer, led_number, scale_of
from sim.company.importing.columns import SURVEY, check_chosen, guess, plain, tell
from sim.company.importing.import_log import CompanyError, Notes, refuse
from sim.company.importing.item_results import item_results
from sim.company.importing.mapping import TableMapping
from sim.company.importing.staff import Staff
from sim.company.importing.survey import Survey, summed_up
from sim.company.importing.survey_items import Item, matched
from sim.company.importing.tables import Row, Table

MOST_RESPONDENTS = 200_000
UNREADABLE = 0.2
"""Share of an item's answers that may fail before the item is refused as a whole."""
_HEADS = 3
"""Rows below the heading that survey tools may write more headings into."""
_TOOL = re.compile(r'\{\s*"?importid|^open-ended response$|^response$|^recipient last name$', re.I)


@dataclass
class _Shape:
    """How a survey table is laid out."""

    labels: list[list[str]]
    skip: int
    wide: dict[str, int]
    long: tuple[int, int] | None
    who: int | None
    department: int | None


@dataclass
class _Answers:
    order: list[str]
    scores: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    department: dict[str, str] = field(default_factory=dict)
    given: Counter[str] = field(default_factory=Counter)
    failed: dict[str, Counter[str]] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)


def head_labels(table: Table, items: Mapping[str, Item]) -> tuple[list[list[str]], int]:
    """Return all that each column is called, and how many rows below the heading are headings too (Qualtrics, SurveyMonkey)."""
    labels = [[h] for h in table.header]
    skip = 0
    texts = {low for i in items.values() for t in (i.text, *i.texts) if (low := plain(t))}
    for row in table.top(_HEADS):
        cells = [c for c in row.cells if c]
        known = sum(plain(c) in items or plain(c) in texts for c in cells)
        is_head = any(_TOOL.search(c) for c in cells) or (known >= 2 and 2 * known >= len(cells))
        if not is_head:
            break
        skip += 1
        above = ""
        for column, cell in enumerate(row.cells[: len(labels)]):
            above = table.header[column] or above
            if cell and not cell.startswith("{"):
                labels[column] += [cell, f"{above} [{cell}]"]
    return labels, skip


def read_survey(
    source: Path | Table,
    items: dict[str, Item],
    staff: Staff,
    notes: Notes,
    secrets: set[str],
    mapping: TableMapping | None = None,
) -> Survey:
    """Return the group means of a survey, long (person, item, answer) or wide (a column for each item).

    Raises
    ------
    CompanyError
        If the table holds no answers of people in the people file, or answers that mostly cannot be read.
    """
    table = source if isinstance(source, Table) else Table(source)
    chosen = mapping.columns if mapping else {}
    check_chosen(table.file, table.header_line, table.header, chosen, SURVEY)
    shape = _shape(table, items, staff, chosen)
    made = f"{table.made}; {'long' if shape.long else 'wide'}, {len(items if shape.long else shape.wide)} items"
    used: dict[str, int] = {items[name].name: column for name, column in shape.wide.items()}
    if shape.long:
        used |= {"item": shape.long[0], "answer": shape.long[1]}
    if shape.who is not None:
        used["person_id"] = shape.who
    elif shape.department is not None:
        used["department"] = shape.department
    tell(table.file, [names[0] or names[-1] for names in shape.labels], used, notes, made)
    if shape.skip:
        notes.guessed(
            table.file,
            "headings",
            f"{shape.skip} more row{'s hold' if shape.skip > 1 else ' holds'} headings, as survey tools write them",
        )
    for name in [] if shape.long else [n for n in items if n not in shape.wide]:
        notes.add("left out", table.file, None, "item", items[name].name, "has no column")
    rows = [row for i, row in enumerate(table.rows()) if i >= shape.skip]
    answers = _collect(table, rows, shape, items, staff, notes, secrets)
    table.tell_dropped(notes)
    if not answers.scores:
        raise refuse(
            table.file, "holds no answer of anybody in the people file: are its ids, names or addresses the same?"
        )
    order = _usable(table.file, answers, items, notes)
    people = list(answers.scores)
    places = [answers.order.index(name) for name in order]
    matrix = np.array([answers.scores[p][places] for p in people])
    departments = [answers.department[p] for p in people]
    survey = summed_up(matrix, [items[name].construct for name in order], departments)
    words = [(items[name].name, items[name].construct, items[name].text[:200]) for name in order]
    survey.items = item_results(matrix, words, departments, survey.groups)
    _rates(survey, staff, departments)
    survey.asked = len(staff.people) - (staff.founder >= 0)
    survey.cells = sum(answers.given.values())
    survey.read = survey.cells - sum(sum(f.values()) for f in answers.failed.values())
    if 2 * survey.answered < survey.asked:
        notes.attention(table.file, "answers", f"{survey.answered} of {survey.asked} people answered")
    return survey


def _rates(survey: Survey, staff: Staff, departments: list[str]) -> None:
    """Count by group who was asked and who answered."""
    if survey.groups is None:
        return
    # Departments in which nobody answered belong to no group yet: they go where the fewest are, or the rate would hide them.
    least = min(survey.respondents, key=lambda g: (survey.respondents[g], g))
    for name, size in staff.departments.items():
        group = survey.groups.get(name, least)
        survey.asked_of[group] = survey.asked_of.get(group, 0) + size
    for name in departments:
        survey.answered_of[survey.groups[name]] = survey.answered_of.get(survey.groups[name], 0) + 1


def _shape(table: Table, items: dict[str, Item], staff: Staff, chosen: dict[str, str]) -> _Shape:
    labels, skip = head_labels(table, items)
    found = guess([names[0] for names in labels], SURVEY, chosen)
    wide = matched(labels, items)
    long = (found["item"], found["answer"]) if "item" in found and "answer" in found and len(wide) < 2 else None
    if long:
        wide = {}
    if not wide and not long:
        raise refuse(
            table.file,
            "is neither long (person, item, answer) nor wide (a column for each item of the items file): its headings are "
            + ", ".join(repr(h) for h in table.header[:8]),
            table.header_line,
        )
    rows = [r for i, r in enumerate(table.top(300)) if i >= skip]
    taken = {*wide.values(), *(long or ())}
    options = [found[f] for f in ("person_id", "email", "name") if f in found and found[f] not in taken]
    if "person_id" not in chosen:
        options += [c for c in range(len(labels)) if c not in taken and c not in options]
    hits = {c: sum(staff.find(r.cells[c]) >= 0 for r in rows) for c in options}
    who = max(options, key=lambda c: (hits[c], -options.index(c)), default=None)
    if who is not None and hits[who] == 0:
        who = next((found[f] for f in ("person_id", "email", "name") if f in found), None)
    department = found.get("department")
    if department in taken:
        department = None
    anonymous = department is not None and (who is None or not hits.get(who))
    if who is None and (long or department is None):
        raise refuse(
            table.file,
            'does not say who answered: a column of people or, if wide, of departments is needed (--map survey.person_id="HEADING")',
            table.header_line,
        )
    return _Shape(labels, skip, wide, long, None if anonymous and not long else who, department)


def _collect(
    table: Table, rows: list[Row], shape: _Shape, items: dict[str, Item], staff: Staff, notes: Notes, secrets: set[str]
) -> _Answers:
    answers = _Answers(list(items))
    place = {name: i for i, name in enumerate(answers.order)}
    scale = _scales(rows, shape, items)
    for row in rows:
        who = _respondent(table.file, row, shape, staff, notes, secrets)
        if who is None:
            continue
        person, department = who
        if person not in answers.scores:
            if len(answers.scores) >= MOST_RESPONDENTS:
                raise refuse(table.file, f"has more than {MOST_RESPONDENTS:,} respondents", row.line)
            answers.scores[person] = np.full(len(items), math.nan)
            answers.department[person] = department
        elif not shape.long:
            shown = row.cells[shape.who] if shape.who is not None else None
            notes.add("left out", table.file, row.line, "person", shown, "answered twice; the first answers are kept")
            continue
        if shape.long:
            name = plain(row.cells[shape.long[0]])
            if name not in place:
                by_text = matched([[row.cells[shape.long[0]]]], items)
                name = next(iter(by_text), "")
            if not name:
                notes.add(
                    "left out",
                    table.file,
                    row.line,
                    "item",
                    row.cells[shape.long[0]] or None,
                    "is not in the items file",
                )
                continue
            cells = {name: row.cells[shape.long[1]]}
        else:
            cells = {name: row.cells[column] for name, column in shape.wide.items()}
        for name, text in cells.items():
            if is_no_answer(text) and not (items[name].key and plain(text) in items[name].key):
                continue
            answers.given[name] += 1
            value = scored(items[name], text, scale[name])
            if value is None:
                answers.failed.setdefault(name, Counter())[text] += 1
                answers.lines.setdefault((name, text), row.line)
            else:
                answers.scores[person][place[name]] = value
    return answers


def _scales(rows: list[Row], shape: _Shape, items: dict[str, Item]) -> dict[str, dict[str, float]]:
    """Return the words of each item's answers; words of the whole survey help where an item's own are few."""
    seen: dict[str, set[str]] = {name: set() for name in items}
    if shape.long:
        for row in rows:
            name = plain(row.cells[shape.long[0]])
            if name in seen and len(seen[name]) < 200:
                seen[name].add(row.cells[shape.long[1]])
    else:
        for name, column in shape.wide.items():
            seen[name] = set(list({row.cells[column] for row in rows})[:200])
    everything = sorted(set().union(*seen.values())) if seen else []
    out = {}
    for name, words in seen.items():
        points = items[name].points
        whole = scale_of(everything, points, items[name].labels)
        own = scale_of(sorted(words), points, items[name].labels)
        covered = all(plain(w) in whole for w in words if led_number(w) is None and not is_no_answer(w))
        out[name] = dict(whole if covered and whole else own)
    return out


def _respondent(
    file: str, row: Row, shape: _Shape, staff: Staff, notes: Notes, secrets: set[str]
) -> tuple[str, str] | None:
    """Return who answered, and their department; None where the row does not count."""
    if shape.who is None:
        assert shape.department is not None
        cell = row.cells[shape.department]
        known = {name.lower(): name for name in staff.departments}.get(" ".join(cell.lower().split()))
        if known is None:
            notes.add("left out", file, row.line, "department", cell or None, "is not known")
            return None
        return f"row {row.line}", known
    cell = row.cells[shape.who]
    person = staff.find(cell) if cell else -1
    if person < 0:
        secrets.add(cell)
        notes.add("left out", file, row.line, "person", cell or None, "is nobody in the people file")
        return None
    if person == staff.founder:
        notes.add("left out", file, row.line, "person", cell, "is the founder, who is not surveyed as one of the posts")
        return None
    return str(person), staff.people[person].department


def scored(item: Item, text: str, words: dict[str, float]) -> float | None:
    """Return an answer on a scale from 0 to 1, high for much of what is measured; None where it cannot be read."""
    if item.construct == "knowledge":
        return float(plain(text) in item.key)
    share = words.get(plain(text))
    if share is None:
        value = led_number(text)
        if value is None or not item.low <= value <= item.high:
            return None
        share = (value - item.low) / (item.high - item.low)
    return 1 - share if item.reversed else share


def _usable(file: str, answers: _Answers, items: dict[str, Item], notes: Notes) -> list[str]:
    """Return the items whose answers can be read; tell which answers could not."""
    out, refused = [], 0
    for name in answers.order:
        item, failed = items[name], answers.failed.get(name, Counter())
        many = sum(failed.values()) > max(UNREADABLE * answers.given[name], 1)
        for text, count in failed.most_common(5):
            scale = f"is not from {item.low:g} to {item.high:g}, nor a word of a usual scale"
            notes.add(
                "left out",
                file,
                answers.lines[name, text],
                item.name,
                text,
                f"{scale} ({count} answer{'s' * (count > 1)})",
            )
        if many:
            refused += 1
            text = (
                f"is not used: {sum(failed.values())} of its {answers.given[name]} answers could not be read; "
                'give their values in a column "labels" of the items file, such as never=1|always=5'
            )
            notes.add("attention", file, None, "item", item.name, text)
        elif answers.given[name]:
            out.append(name)
    if not out:
        if refused:
            shown = [t for f in answers.failed.values() for t, _ in f.most_common(2)][:4]
            raise CompanyError(
                refuse(
                    file, "hold answers that cannot be read on the scales of the items file: give their values in a column "
                    '"labels" of the items file, such as never=1|sometimes=3|always=5', None, "all items", ", ".join(shown),
                ).notes[0]
            )  # fmt: skip
        raise refuse(file, "holds no answer to any item of the items file")
    return out
