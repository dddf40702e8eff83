"""Which column is what: the headings that HR, org-chart and network tools write, and our names for them.

The headings stand in vocabulary/headings.csv, with the systems and languages that they come from; a correction by the user
(``--map person_id="Pers.No."`` or mapping.toml) goes before them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.values import day as day
from sim.company.importing.values import number as number
from sim.company.importing.values import truth as truth
from sim.company.importing.vocabulary import Aliases, headings
from sim.company.importing.vocabulary import plain as plain
from sim.scenario.errors import nearest

PEOPLE: Aliases = headings("people")
LINKS: Aliases = {field: words for field, words in headings("links").items() if field != "other"}
DEPARTMENTS: Aliases = headings("departments")
ITEMS: Aliases = headings("items")
FACTS: Aliases = headings("facts")
SURVEY: Aliases = {
    "person_id": (*PEOPLE["person_id"], *headings("survey")["person_id"]),
    "email": PEOPLE["email"],
    "name": PEOPLE["name"],
    "department": PEOPLE["department"],
    "item": headings("survey")["item"],
    "answer": headings("survey")["answer"],
}
TABLES: Mapping[str, Aliases] = {
    "people": PEOPLE,
    "links": LINKS,
    "departments": DEPARTMENTS,
    "survey": SURVEY,
    "items": ITEMS,
}
PERSONAL = re.compile(
    r"birth|dob$|geburt|naissance|nacimiento|gender|^sex$|^sexe?o?$|geschlecht|ethnic|race|nationality|nationalit|salary|^pay|payrate|compens"
    r"|^base|wage|gehalt|lohn|salaire|salario|sueldo|bonus|address|adresse|direccionp|street|strasse|city|zip|postal|plz|phone|telefon|mobile"
    r"|iban|bank|ssn|socialsecurity|^tax|steuer|religion|konfession|marital|familienstand|photo|foto|note|comment|remark|bemerkung|kommentar"
    r"|freetext|disab|behinder|health|krank"
)
"""Headings of what is personal and never used, whatever it holds."""


def guess(header: Sequence[str], aliases: Aliases, chosen: Mapping[str, str] | None = None) -> dict[str, int]:
    """Return field -> column; of several candidates the one whose heading stands first in the list.

    Parameters
    ----------
    header
        The headings of a table.
    aliases
        Field -> plain headings, the likeliest first.
    chosen
        Field -> heading, as the user said; an empty heading says that there is no such column.
    """
    taken: dict[str, int] = {}
    for field, columns in candidates(header, aliases, chosen).items():
        place = next((c for c in columns if c not in taken.values()), None)
        if place is not None:
            taken[field] = place
    return taken


def candidates(
    header: Sequence[str], aliases: Aliases, chosen: Mapping[str, str] | None = None
) -> dict[str, list[int]]:
    """Return field -> all columns that may be it, the likeliest first; what the user chose is the only candidate."""
    chosen = chosen or {}
    exact = [plain(cell) for cell in header]
    bare = [plain(re.sub(r"[\[(].*?[\])]", "", cell)) for cell in header]
    last = [plain(re.split(r"[:.>]|\s[-–]\s", cell)[-1]) for cell in header]
    fixed = {field: exact.index(plain(heading)) for field, heading in chosen.items() if plain(heading) in exact}
    out: dict[str, list[int]] = {}
    for field in dict.fromkeys([*fixed, *aliases]):
        if field in fixed:
            out[field] = [fixed[field]]
            continue
        if field in chosen and not chosen[field]:
            continue
        rank = _ranks(tuple(aliases[field]))
        found: dict[int, None] = {}
        for names in (exact, bare, last):
            known = [(rank[name], column) for column, name in enumerate(names) if name in rank]
            found |= dict.fromkeys(column for _, column in sorted(known) if column not in fixed.values())
        if found:
            out[field] = list(found)
    return out


@cache
def _ranks(words: tuple[str, ...]) -> dict[str, int]:
    """Return which place each heading has in a list."""
    return {word: i for i, word in reversed(list(enumerate(words)))}


def check_chosen(file: str, line: int, header: Sequence[str], chosen: Mapping[str, str], aliases: Aliases) -> None:
    """Raise an error where the user named a field or a heading that there is not."""
    known = {plain(cell): cell for cell in header}
    for field, heading in chosen.items():
        if field not in aliases:
            raise refuse(
                file, f"is not a field{nearest(field, aliases)}; there are {', '.join(aliases)}", None, "--map", field
            )
        if heading and plain(heading) not in known:
            raise refuse(
                file, f"is not a heading of this table{nearest(heading, list(header))}", line, f"--map {field}", heading
            )


def tell(
    file: str,
    header: Sequence[str],
    found: Mapping[str, int],
    notes: Notes,
    made: str,
    known: Aliases | None = None,
    told: Sequence[int] = (),
) -> None:
    """Note how a table was read: its columns, and those that are not used.

    Parameters
    ----------
    file, header, found
        The table's name and headings, and which field is which column.
    notes
        Takes the notes.
    made
        How the table was read, in words.
    known
        Headings of this kind of table; of two columns for one field, the second is not used.
    told
        Columns of which something was said already.
    """
    said = ", ".join(f"{header[column]} -> {field}" for field, column in found.items())
    notes.guessed(file, "read as", f"{made}; columns: {said}")
    double = {c for columns in candidates(header, known).values() for c in columns} if known else set()
    for column, heading in enumerate(header):
        if column in found.values() or not heading or column in told:
            continue
        if PERSONAL.search(plain(heading)) is not None:
            message = "is personal and is never used"
        elif column in double:
            message = "is not used, since another column serves (--map takes this one)"
        else:
            message = "has a heading that is not known, so it is not used"
        notes.add("left out", file, None, "column", heading, message)
