"""Corrections that are kept: which heading is which field, how ties run, what departments are called and do.

They stand in ``mapping.toml`` of the client folder, so that next quarter's exports need none of them again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.company.importing.columns import TABLES
from sim.company.importing.import_log import CompanyError, refuse
from sim.scenario.errors import nearest
from sim.scenario.toml_write import toml

FILE = "mapping.toml"
KINDS = ("people", "links", "departments", "survey", "items")
DIRECTIONS = ("source-listens", "target-listens", "both")
ROLES = ("promise", "deliver", "support")


@dataclass
class TableMapping:
    """How one kind of table is to be read: field -> heading, the sheet, the encoding."""

    columns: dict[str, str] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None


@dataclass
class Mapping:
    """All corrections of a client's import.

    Attributes
    ----------
    tables
        Kind of table -> how to read it.
    direction
        Who listens: the source, the target, or both; None where it follows from the headings.
    relations
        Kinds of ties that are taken, of several in one file; empty where there is one alone.
    date
        Which date's ties are taken: ``latest``, ``all`` or a date; None where there is one alone.
    roles, names
        Department as the people file writes it -> its role, and what it is to be called.
    founder
        Pseudonym of the founder, where the user named one.
    """

    tables: dict[str, TableMapping] = field(default_factory=dict)
    direction: str | None = None
    relations: tuple[str, ...] = ()
    date: str | None = None
    roles: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    founder: str | None = None

    def of(self, kind: str) -> TableMapping:
        """Return how a kind of table is to be read."""
        return self.tables.setdefault(kind, TableMapping())

    def copy(self) -> Mapping:
        """Return a copy that can be changed."""
        return loads(dumps(self))

    def map(self, text: str) -> None:
        """Take in ``field=Heading``, for every kind of table that knows the field, or ``kind.field=Heading`` for one.

        Raises
        ------
        CompanyError
            If there is no such field.
        """
        name, sign, heading = text.partition("=")
        name, heading = name.strip(), heading.strip().strip('"')
        if not sign or not name:
            raise refuse("--map", 'is not of the form field="Heading"', value=text)
        kind, dot, rest = name.partition(".")
        if dot and kind not in TABLES:
            raise refuse("--map", f"names no kind of table{nearest(kind, TABLES)}", value=kind)
        kinds = [kind] if dot else [k for k, aliases in TABLES.items() if name in aliases]
        wanted = rest if dot else name
        if not kinds or wanted not in TABLES[kinds[0]]:
            known = (
                sorted({f for aliases in (TABLES[kind] if dot else TABLES).values() for f in aliases})
                if not dot
                else list(TABLES[kind])
            )
            raise refuse("--map", f"is not a field{nearest(wanted, known)}; there are {', '.join(known)}", value=wanted)
        for k in kinds:
            self.of(k).columns[wanted] = heading


def loads(text: str, file: str = FILE) -> Mapping:
    """Return the mapping in a TOML text.

    Raises
    ------
    CompanyError
        With what is wrong in it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refuse(file, f"is not TOML: {error}") from None
    out, wrong = Mapping(), []

    def bad(what: str, value: object, message: str) -> None:
        wrong.append(refuse(file, message, None, what, str(value)))

    known = (*KINDS, "ties", "roles", "names", "founder")
    for key, value in data.items():
        if key not in known:
            bad(key, value, f"is not a part of a mapping{nearest(key, known)}")
        elif key == "founder":
            out.founder = str(value)
        elif not isinstance(value, dict):
            bad(key, value, "must be a table")
        elif key in KINDS:
            _read_table(out.of(key), key, value, bad)
        elif key == "ties":
            out.direction = _one_of(value.get("direction"), DIRECTIONS, "ties.direction", bad)
            relations = value.get("relations", [])
            if not isinstance(relations, list):
                bad("ties.relations", relations, "must be a list")
            else:
                out.relations = tuple(map(str, relations))
            out.date = str(value["date"]) if "date" in value else None
        elif key == "roles":
            out.roles = {str(d): r for d, v in value.items() if (r := _one_of(v, ROLES, f"roles.{d}", bad))}
        else:
            out.names = {str(d): str(v) for d, v in value.items()}
    if wrong:
        raise CompanyError(*(note for error in wrong for note in error.notes))
    return out


def _read_table(out: TableMapping, kind: str, data: Map[str, Any], bad: Any) -> None:
    for key, value in data.items():
        if key == "columns" and isinstance(value, dict):
            for name, heading in value.items():
                if name not in TABLES[kind]:
                    bad(f"{kind}.columns.{name}", heading, f"is not a field{nearest(name, TABLES[kind])}")
                else:
                    out.columns[name] = str(heading)
        elif key in ("sheet", "encoding"):
            setattr(out, key, str(value))
        else:
            bad(f"{kind}.{key}", value, "is not known: there are columns, sheet and encoding")


def _one_of(value: object, allowed: tuple[str, ...], what: str, bad: Any) -> str | None:
    if value is None:
        return None
    if value not in allowed:
        bad(what, value, f"is not one of {', '.join(allowed)}{nearest(str(value), allowed)}")
        return None
    return str(value)


def read_mapping(path: Path) -> Mapping:
    """Return the mapping in a file; an empty one where there is no file."""
    try:
        return loads(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        return Mapping()
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(path.name, f"cannot be read: {error}") from None


def dumps(mapping: Mapping) -> str:
    """Return a mapping as TOML."""
    data: dict[str, Any] = {}
    if mapping.founder:
        data["founder"] = mapping.founder
    for kind in KINDS:
        table = mapping.tables.get(kind)
        if table is None:
            continue
        entry: dict[str, Any] = {k: v for k, v in (("sheet", table.sheet), ("encoding", table.encoding)) if v}
        if table.columns:
            entry["columns"] = dict(table.columns)
        if entry:
            data[kind] = entry
    ties = {"direction": mapping.direction, "relations": list(mapping.relations), "date": mapping.date}
    if any(ties.values()):
        data["ties"] = {k: v for k, v in ties.items() if v}
    for name in ("roles", "names"):
        if getattr(mapping, name):
            data[name] = dict(getattr(mapping, name))
    return toml(data)
