"""Ties in tables: edge lists with or without a heading, lists of names, adjacency matrices."""

from __future__ import annotations

import re
from collections import Counter

from sim.company.importing.columns import LINKS, check_chosen, guess, tell
from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.links import Adding, Links
from sim.company.importing.mapping import Mapping
from sim.company.importing.staff import Staff
from sim.company.importing.tables import Table
from sim.company.importing.values import day, day_first, is_flag, missing
from sim.company.importing.vocabulary import heading_group, plain, plain_words, words
from sim.scenario.errors import nearest

MANY_DATES = 60
"""Dates above which rows are single events (mails, meetings), and not the same ties again and again."""
CONTACT = re.compile(
    r"(contact|nominee|nomination|person|name|colleague|choice|peer|alter|kontakt|kollege|kollegin|nennung|collegue|collaborateur"
    r"|contacto|companero|colega|nominado|mention|advisor|partner)\w{0,12}$"
)
"""Headings of columns that name the people whom the person of a row listens to."""


def read_table(table: Table, staff: Staff, adding: Adding, notes: Notes, mapping: Mapping) -> None:
    """Read the ties in a table of whatever shape."""
    chosen = mapping.of("links").columns
    check_chosen(table.file, table.header_line, table.header, chosen, LINKS)
    found = guess(table.header, LINKS, chosen)
    known = [staff.find(cell) for cell in table.header]
    lists = _name_lists(table, staff, found)
    if lists:
        _read_lists(table, found.get("source", 0), lists, adding, notes, mapping)
    elif "source" in found and "target" in found and sum(i >= 0 for i in known) < 2:
        _read_edges(table, found, adding, notes, mapping)
    elif is_matrix(table, staff):
        said = "an adjacency matrix, the person of a row listens to those of the columns"
        if mapping.direction == "target-listens":
            said = "an adjacency matrix, the people of the columns listen to the person of a row"
        notes.guessed(table.file, "read as", f"{table.made}; {said}")
        for row in table.rows():
            for heading, text in zip(table.header[1:], row.cells[1:], strict=False):
                if text and text != "0":
                    _tie(adding, row.line, row.cells[0], heading, text, mapping.direction or "source-listens")
    elif 2 <= len(table.header) <= 3 and known[0] >= 0 and known[1] >= 0:
        notes.guessed(table.file, "read as", f"{table.made}; an edge list without a heading, source and target")
        direction = _direction(adding.links, table.file, ("", "", ""), notes, mapping)
        for row in table.rows(with_header=True):
            _tie(
                adding, row.line, row.cells[0], row.cells[1], row.cells[2] if len(table.header) == 3 else "", direction
            )
    else:
        missing_ones = [f for f in ("source", "target") if f not in found]
        hint = (
            f'; name the columns: --map {missing_ones[0]}="HEADING"; its headings are '
            if missing_ones
            else "; its headings are "
        )
        raise refuse(
            table.file,
            "is neither an edge list (source, target) nor a matrix or a list of names of the people in the people file"
            + hint + ", ".join(repr(h) for h in table.header[:8]),
            table.header_line,
        )  # fmt: skip


def is_matrix(table: Table, staff: Staff) -> bool:
    """Return whether most headings of a table, after the first, are people."""
    named = sum(staff.find(cell) >= 0 for cell in table.header[1:])
    return len(table.header) >= 3 and named >= max(2, (len(table.header) - 1) / 2)


def _tie(adding: Adding, line: int, source: str, target: str, weight: str, direction: str) -> None:
    if direction == "target-listens":
        source, target = target, source
    adding.tie(line, source, target, weight, direction == "both")


def _name_lists(table: Table, staff: Staff, found: dict[str, int]) -> list[int]:
    """Return the columns in which people are named by the person of their row: two or more, or one with several names a cell."""
    first = found.get("source", 0)
    used = {found[f] for f in ("weight", "type", "date") if f in found}
    rows = table.top(300)
    out = []
    for column, heading in enumerate(table.header):
        if column == first or not rows or column in used or staff.find(heading) >= 0:
            continue
        cells = [r.cells[column] for r in rows if r.cells[column]]
        if not cells:
            continue
        known = sum(staff.find(c) >= 0 for c in cells)
        like = bool(CONTACT.match(plain(heading)))
        if known * (3 if like else 1.6) >= len(cells) and (
            like or ("target" not in found and _distinct_people(cells, staff))
        ):
            out.append(column)
        elif like and sum(sum(staff.find(p) >= 0 for p in _parts(c)) >= 2 for c in cells) * 2 >= len(cells):
            return [column]
    heads = [r.cells[first] for r in rows if r.cells[first]]
    owner = sum(staff.find(c) >= 0 for c in heads) * 2 >= max(len(heads), 1)
    return out if len(out) >= 2 and owner else []


def _distinct_people(cells: list[str], staff: Staff) -> bool:
    """Return whether the cells are people and not small numbers that happen to be ids."""
    found = {staff.find(c) for c in cells}
    return len(found - {-1, -2}) >= 2 and not is_flag(cells)


def _parts(cell: str) -> list[str]:
    return [p.strip() for p in re.split(r"[;|\n]" if re.search(r"[;|\n]", cell) else r",", cell) if p.strip()]


def _read_lists(table: Table, first: int, columns: list[int], adding: Adding, notes: Notes, mapping: Mapping) -> None:
    text = f"{table.made}; a list of names: the person in {table.header[first]!r} listens to those in {len(columns)} column{'s' * (len(columns) > 1)}"
    notes.guessed(table.file, "read as", text)
    for row in table.rows():
        for column in columns:
            cell = row.cells[column]
            if missing(cell):
                continue
            several = _parts(cell) if adding.staff.find(cell) < 0 else [cell]
            for name in several:
                _tie(adding, row.line, row.cells[first], name, "", mapping.direction or "source-listens")


def _direction(
    links: Links,
    file: str,
    heads: tuple[str, str, str],
    notes: Notes,
    mapping: Mapping,
    others: frozenset[str] = frozenset(),
) -> str:
    """Return who listens, by what the user said, else by the headings."""
    names = {
        "source-listens": "the source listens to the target",
        "target-listens": "the target listens to the source",
        "both": "both listen",
    }
    if mapping.direction:
        notes.guessed(file, "direction", f"{names[mapping.direction]}, as --direction or --undirected says")
        return mapping.direction
    source, target, weight = map(plain, heads)
    if source in heading_group("links", "source", "shared work"):
        notes.guessed(file, "direction", "shared work, so both listen")
        return "both"
    mail = weight in heading_group("links", "weight", "messages") or bool(
        others & heading_group("links", "other", "messages")
    )
    if (
        source in heading_group("links", "source", "who speaks first")
        or target in heading_group("links", "target", "who listens second")
        or mail
    ):
        links.one_way_is_usual = True
        notes.guessed(
            file,
            "direction",
            "these are messages: whoever receives listens to whoever sends (--direction source-listens turns it round)",
        )
        return "target-listens"
    notes.guessed(
        file,
        "direction",
        "source listens to target; undirected where the type says so (--direction target-listens turns it round)",
    )
    return "source-listens"


def _read_edges(table: Table, found: dict[str, int], adding: Adding, notes: Notes, mapping: Mapping) -> None:
    source, target = found["source"], found["target"]
    weight, kind, when = (found.get(name, -1) for name in ("weight", "type", "date"))
    heads = (table.header[source], table.header[target], table.header[weight] if weight >= 0 else "")
    others = frozenset(map(plain, table.header))
    direction = _direction(adding.links, table.file, heads, notes, mapping, others)
    relations = _relations(table, kind, notes, mapping)
    keep_date = _date_kept(table, when, notes, mapping)
    tell(table.file, table.header, found, notes, table.made, LINKS)
    _unused_flags(table, found, notes)
    order = day_first(r.cells[when] for r in table.top(2000)) if when >= 0 else None
    for row in table.rows():
        cells = row.cells
        if relations is not None and plain(cells[kind]) not in relations:
            continue
        if keep_date is not None and _day(cells[when], order) != keep_date:
            continue
        undirected = kind >= 0 and cells[kind].lower() in words("undirected")
        text = cells[weight] if weight >= 0 else ""
        for name in _recipients(cells[target], adding.staff):
            _tie(adding, row.line, cells[source], name, text, "both" if undirected else direction)


def _recipients(cell: str, staff: Staff) -> list[str]:
    """Return the people in a cell: one, or several with semicolons or commas between them, as in mail logs."""
    if not re.search(r"[;,|]", cell) or staff.find(cell) >= 0:
        return [cell]
    several = _parts(cell)
    return several if any(staff.find(name) >= 0 for name in several) else [cell]


def _day(text: str, order: bool | None) -> str:
    found = day(text, order)
    return found.isoformat() if found else text


def _relations(table: Table, kind: int, notes: Notes, mapping: Mapping) -> set[str] | None:
    """Return the plain names of the relations to take, None for all."""
    if kind < 0:
        if mapping.relations:
            raise refuse(
                table.file,
                "has no column of relations, so --relation cannot choose one",
                None,
                "--relation",
                mapping.relations[0],
            )
        return None
    shapes = words("undirected") | words("directed")
    counts: Counter[str] = Counter(r.cells[kind] for r in table.rows())
    named = {name: n for name, n in counts.items() if name and name.lower() not in shapes}
    known = {plain(name): name for name in named}
    if mapping.relations:
        for wanted in mapping.relations:
            if plain(wanted) not in known:
                raise refuse(
                    table.file,
                    f"is not a relation of this file{nearest(wanted, list(named))}",
                    None,
                    "--relation",
                    wanted,
                )
        notes.guessed(table.file, "relation", f"{' and '.join(mapping.relations)} alone, as --relation says")
        return {plain(r) for r in mapping.relations}
    if len(known) > 1:
        listed = ", ".join(f"{name} ({n})" for name, n in Counter(named).most_common(12))
        conflicts, listening = plain_words("conflict_relation"), plain_words("listening_relation")
        first = max(
            named,
            key=lambda n: (any(w in plain(n) for w in listening), not any(w in plain(n) for w in conflicts), named[n]),
        )
        raise refuse(
            table.file,
            f'holds ties of {len(known)} relations, which mean different things: {listed}; say which one means listening: --relation "{first}"',
        )
    for name in known:
        if any(w in name for w in plain_words("conflict_relation")):
            notes.attention(
                table.file,
                "relation",
                f"these ties are called {named and next(iter(named))!r}, which is hardly listening",
            )
    return None


def _date_kept(table: Table, when: int, notes: Notes, mapping: Mapping) -> str | None:
    """Return the one date whose ties are taken, None for all."""
    wanted = mapping.date
    if when < 0:
        if wanted and wanted != "all":
            raise refuse(table.file, "has no column of dates, so --date cannot choose one", None, "--date", wanted)
        return None
    order = day_first(r.cells[when] for r in table.top(2000))
    dates = sorted({_day(r.cells[when], order) for r in table.rows() if r.cells[when]})
    if len(dates) < 2:
        return None
    if wanted == "latest":
        notes.guessed(table.file, "date", f"the ties of {dates[-1]} alone, the latest of {len(dates)}")
        return dates[-1]
    if wanted and wanted != "all":
        one = _day(wanted, order)
        if one not in dates:
            raise refuse(
                table.file, f"is none of the dates of this file ({dates[0]} to {dates[-1]})", None, "--date", wanted
            )
        return one
    if len(dates) > MANY_DATES and not wanted:
        notes.guessed(
            table.file,
            "date",
            f"each row is an event: those of {len(dates):,} dates ({dates[0]} to {dates[-1]}) are counted",
        )
        return None
    said = "as --date all says" if wanted else "take one with --date latest or --date " + dates[-1]
    notes.add(
        "guessed" if wanted else "attention",
        table.file,
        None,
        "date",
        None,
        f"ties of {len(dates)} dates ({dates[0]} to {dates[-1]}) are added up: {said}",
    )
    return None


def _unused_flags(table: Table, found: dict[str, int], notes: Notes) -> None:
    rows = table.top(2000)
    for column, heading in enumerate(table.header):
        cells = [r.cells[column] for r in rows if r.cells[column]]
        if column in found.values() or not is_flag(cells) or len({c.lower() for c in cells}) < 2:
            continue
        text = 'holds only yes and no (or 1 and 0) and is not used: if it says whether there is a tie, --map weight="HEADING"'
        notes.add("attention", table.file, None, "column", heading, text)
