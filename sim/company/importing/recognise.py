"""Which file is what: people, ties, departments, survey or items, by what a table holds and not by its name or place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.company.importing.columns import DEPARTMENTS, FACTS, ITEMS, LINKS, PEOPLE, SURVEY, guess
from sim.company.importing.formats import kind_of, sheets
from sim.company.importing.import_log import CompanyError, Notes, refuse
from sim.company.importing.link_tables import CONTACT
from sim.company.importing.mapping import KINDS, ROLES
from sim.company.importing.mapping import Mapping as Corrections
from sim.company.importing.questionnaire import own_items
from sim.company.importing.survey_answers import head_labels
from sim.company.importing.survey_items import CONSTRUCTS, Item, matched
from sim.company.importing.tables import Table
from sim.company.importing.vocabulary import plain

_BY_NAME = {
    "people": (
        "people",
        "staff",
        "employee",
        "personal",
        "mitarbeiter",
        "nodes",
        "roster",
        "census",
        "personnel",
        "empleados",
        "salaries",
        "hr",
    ),
    "links": ("link", "edge", "tie", "network", "contacts", "netzwerk", "kanten", "communication", "reseau", "red"),
    "departments": ("department", "goals", "kpi", "abteilung", "ziele", "departamentos"),
    "survey": ("survey", "answers", "responses", "umfrage", "antworten", "befragung", "enquete", "encuesta", "results"),
    "items": ("items", "questions", "fragen", "codebook", "questionnaire", "preguntas"),
}
_SURVEY_TOOL = {
    "timestamp", "zeitstempel", "horodateur", "marcatemporal", "startdate", "responseid", "recordeddate", "collectorid", "datecreated", "finished",
    "progress", "distributionchannel", "respondentid", "submitdate", "completiontime",
}  # fmt: skip


@dataclass
class Source:
    """Where one kind of table is read from: a table, or a graph's file."""

    path: Path
    table: Table | None
    score: float = 1.0

    @property
    def readable(self) -> Path | Table:
        """What readers take."""
        return self.table if self.table is not None else self.path


@dataclass
class Recognised:
    """What was found in all files: kind -> source; sheets that were left over, by file."""

    sources: dict[str, Source] = field(default_factory=dict)
    left_over: dict[str, list[str]] = field(default_factory=dict)


def recognise(
    paths: Sequence[Path], given: dict[str, Path], mapping: Corrections, notes: Notes, encoding: str | None = None
) -> Recognised:
    """Return which file, or sheet of a file, is what.

    Parameters
    ----------
    paths
        Files in any order.
    given
        Kind -> file, where the user said so.
    mapping
        Sheets and encodings that the user named.
    notes
        Takes what was guessed.
    encoding
        Of all text files, where the user knows it.

    Raises
    ------
    CompanyError
        If a file is nothing of the kind, or two are the same, or there are no people.
    """
    tables: list[tuple[Path, Table]] = []
    out = Recognised()
    graphs: list[Path] = []
    rest = [p for p in dict.fromkeys(paths) if p not in given.values()]
    for path in rest:
        if kind_of(path) == "graph":
            graphs.append(path)
        else:
            tables += [(path, t) for t in _tables(path, encoding)]
    for kind, path in given.items():
        out.sources[kind] = _given(kind, path, mapping, encoding)
    items = _items_of(out, tables)
    _assign(out, tables, graphs, items, mapping, notes)
    if "people" not in out.sources:
        raise _no_people(out, rest)
    for kind, source in out.sources.items():
        own = mapping.of(kind).encoding
        if own and own != encoding and source.table is not None and not source.table.sheet.name:
            source.table = Table(source.path, None, own, list(mapping.of(kind).columns.values()))
        elif mapping.of(kind).columns and source.table is not None:
            source.table = Table(source.path, source.table.sheet, None, list(mapping.of(kind).columns.values()))
    return out


def _tables(path: Path, encoding: str | None) -> list[Table]:
    out = []
    for sheet in sheets(path, encoding):
        try:
            out.append(Table(path, sheet))
        except CompanyError:
            if not sheet.name:
                raise
    if not out:
        raise refuse(path.name, "holds no rows")
    return out


def _given(kind: str, path: Path, mapping: Corrections, encoding: str | None) -> Source:
    if kind_of(path) == "graph":
        return Source(path, None)
    tables = _tables(path, encoding)
    wanted = mapping.of(kind).sheet
    if wanted:
        return Source(path, _sheet(path, tables, wanted))
    items = own_items() if kind == "survey" else {}
    best = max(tables, key=lambda t: (scores(t, items)[kind], t.sheet.name.lower().startswith(_BY_NAME[kind])))
    if scores(best, items)[kind] == 0:
        best = next((t for t in tables if any(word in plain(t.sheet.name) for word in _BY_NAME[kind])), tables[0])
    return Source(path, best)


def _sheet(path: Path, tables: list[Table], wanted: str) -> Table:
    for table in tables:
        if table.sheet.name.strip().lower() == wanted.strip().lower():
            return table
    names = ", ".join(repr(t.sheet.name) for t in tables if t.sheet.name) or "none: it is no workbook"
    raise refuse(path.name, f"is no sheet that holds rows; there are {names}", None, "--sheet", wanted)


def _items_of(out: Recognised, tables: list[tuple[Path, Table]]) -> dict[str, Item]:
    """Return the plain codes and wordings by which answers are known, from the items file if there is one."""
    from sim.company.importing.survey_items import read_items

    source = out.sources.get("items")
    table = source.table if source else next((t for _, t in tables if scores(t, {})["items"]), None)
    if table is None:
        return dict(own_items())
    try:
        return read_items(table, Notes())
    except CompanyError:
        return {}


def _assign(
    out: Recognised,
    tables: list[tuple[Path, Table]],
    graphs: list[Path],
    items: Mapping[str, Item],
    mapping: Corrections,
    notes: Notes,
) -> None:
    pool: list[tuple[float, str, Path, Table | None]] = [(9.0, "links", path, None) for path in graphs]
    unknown: list[tuple[Path, Table]] = []
    for path, table in tables:
        marks = scores(table, items)
        forced = next(
            (
                k
                for k in KINDS
                if mapping.of(k).sheet and table.sheet.name.lower() == (mapping.of(k).sheet or "").lower()
            ),
            None,
        )
        if forced:
            marks = dict.fromkeys(KINDS, 0.0) | {forced: 100.0}
        kind = max(KINDS, key=lambda k: marks[k])
        if marks[kind] == 0 and not table.sheet.name:
            kind = next((k for k, words in _BY_NAME.items() if any(w in plain(path.stem) for w in words)), kind)
            marks[kind] = 0.1 if any(w in plain(path.stem) for w in _BY_NAME[kind]) else 0.0
        if marks[kind] > 0:
            pool.append((marks[kind], kind, path, table))
        else:
            unknown.append((path, table))
    for mark, kind, path, found in sorted(pool, key=lambda entry: -entry[0]):
        before = out.sources.get(kind)
        if before is None:
            out.sources[kind] = Source(path, found, mark)
        elif found is not None and (before.path == path or before.score >= 2 * mark):
            unknown.append((path, found))
        else:
            raise refuse(
                path.name, f"and {before.path.name} both look like {kind}: say which is which with --{kind} FILE"
            )
    _left_over(out, unknown, notes)


def _left_over(out: Recognised, unknown: list[tuple[Path, Table]], notes: Notes) -> None:
    used = {source.path for source in out.sources.values()}
    for path, table in unknown:
        if path in used or table.sheet.name:
            out.left_over.setdefault(path.name, []).append(table.sheet.name)
            continue
        if {"fact", "value", "sd"} <= set(guess(table.header, FACTS)):
            raise refuse(
                path.name, "is a table of facts, which coherence calibrate takes, not import", table.header_line
            )
        if "links" not in out.sources and _headless(table, out):
            out.sources["links"] = Source(path, table)
            continue
        if "people" not in out.sources and len(unknown) == 1 and not out.sources:
            out.sources["people"] = Source(path, table)
            continue
        raise refuse(
            path.name,
            "is not known as people, links, departments, survey or items: say what it is with --links FILE or the like; its headings are "
            + ", ".join(repr(h) for h in table.header[:8]),
            table.header_line,
        )
    for file, names in out.left_over.items():
        source = [
            f"{kind}: {s.table.sheet.name!r}"
            for kind, s in out.sources.items()
            if s.path.name == file and s.table is not None
        ]
        if any(names):
            notes.guessed(
                file,
                "sheets",
                f"read are {', '.join(source) or 'none'}; not read are {', '.join(map(repr, names))} (--sheet NAME takes another)",
            )


def _headless(table: Table, out: Recognised) -> bool:
    """Return whether a table of two or three columns starts at once with two ids of the people."""
    people = out.sources.get("people")
    if people is None or people.table is None or not 2 <= len(table.header) <= 3:
        return False
    found = guess(people.table.header, PEOPLE)
    column = found.get("person_id", found.get("email", found.get("name")))
    if column is None:
        return False
    ids = {row.cells[column].lower() for row in people.table.rows()}
    return {c.lower() for c in table.header[:2]} <= ids


def _no_people(out: Recognised, paths: Sequence[Path]) -> CompanyError:
    said = ", ".join(f"{s.path.name} is taken for {kind}" for kind, s in out.sources.items())
    names = ", ".join(p.name for p in paths) or "the files"
    return refuse(names, f"hold no table of people ({said or 'nothing is known'}): say which it is with --people FILE")


def scores(table: Table, items: Mapping[str, Item]) -> dict[str, float]:
    """Return how much a table looks like each kind; 0 for not at all."""
    out = dict.fromkeys(KINDS, 0.0)
    head = table.header
    people, links, departments = guess(head, PEOPLE), guess(head, LINKS), guess(head, DEPARTMENTS)
    rows = table.top(100)
    asked = guess(head, ITEMS)
    if "construct" in asked and ("item" in asked or "text" in asked):
        meant = {alias for aliases in CONSTRUCTS.values() for alias in aliases}
        if (
            any(plain(r.cells[asked["construct"]]) in meant for r in rows)
            or plain(head[asked["construct"]]) == "construct"
        ):
            out["items"] = 10.0
    who = {"person_id", "email", "name", "first_name"} & set(people)
    if who:
        own = {"manager_id", "department", "job_title", "hire_date", "fte", "status"} & set(people)
        out["people"] = 4.0 + len(own) if own else 0.5 if len(people) >= 2 else 0.0
    if "department" in departments and "manager_id" not in people:
        role = departments.get("role")
        goals = {"paid_for", "asked_for"} & set(departments)
        roles = role is not None and any(plain(r.cells[role]) in ROLES for r in rows)
        if goals or roles:
            out["departments"] = 9.0 + len(goals)
    out["links"] = _links_score(table, links, people)
    out["survey"] = _survey_score(table, items)
    return out


def _links_score(table: Table, links: dict[str, int], people: dict[str, int]) -> float:
    head = table.header
    if "source" in links and "target" in links:
        strong = plain(head[links["target"]]) not in {"alter", "contact", "b", "j", "to", "an", "de"} or len(head) <= 5
        return 8.0 if strong and not {"manager_id", "job_title"} & set(people) else 2.0
    named = [c for c in head if CONTACT.match(plain(c)) and re.search(r"\d", c)]
    if len(named) >= 2:
        return 8.0
    others = [c for i, c in enumerate(head) if i != links.get("source")]
    own = {"manager_id", "department", "job_title"} & set(people)
    if "source" in links and not own and any(CONTACT.match(plain(c)) for c in others) and len(head) <= 4:
        return 6.0
    first = {r.cells[0].lower() for r in table.top(3000) if r.cells[0]}
    inner = [c.lower() for c in head[1:] if c]
    if len(inner) >= 2 and sum(c in first for c in inner) * 2 >= len(inner):
        return 9.0
    return 0.0


def _survey_score(table: Table, items: Mapping[str, Item]) -> float:
    labels, _ = head_labels(table, items)
    hits = len(matched(labels, items)) if items else 0
    found = guess(table.header, SURVEY)
    if hits >= 2 or (hits == 1 and len(items) == 1):
        return 12.0 + hits
    if {"item", "answer"} <= set(found) and {"person_id", "email", "name"} & set(found):
        return 9.0
    tool = sum(plain(c) in _SURVEY_TOOL for c in table.header)
    asked = sum(bool(re.match(r"(q|item|frage|question|pregunta)[ _.]?\d+", c.lower())) for c in table.header)
    sentences = sum(len(c.split()) >= 4 for c in table.header)
    if tool >= 2 or asked >= 2 or (tool and sentences >= 2) or sentences >= 4:
        return 3.5 if asked or sentences else 1.0
    return 0.0
