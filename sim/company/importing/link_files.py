"""A file of ties of any kind, and what seems wrong with what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.company.importing.formats import kind_of
from sim.company.importing.graphs import read_graph
from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.link_tables import read_table
from sim.company.importing.links import Adding, Links
from sim.company.importing.mapping import Mapping
from sim.company.importing.staff import Staff
from sim.company.importing.tables import Table


def read_links(
    source: Path | Table, staff: Staff, notes: Notes, secrets: set[str], mapping: Mapping | None = None
) -> Links:
    """Return the links in a file of any of the kinds that network tools write.

    Parameters
    ----------
    source
        The table of ties, or a file; a graph (GraphML, GEXF) must be given as a file.
    staff
        The people whom ties are between.
    notes, secrets
        Take what was guessed and left out, and names of people who are not in the people file.
    mapping
        Direction, relation and date where the user said so.

    Raises
    ------
    CompanyError
        If it is none of them, or nobody in it is known, or several relations are mixed and none was named.
    """
    mapping = mapping or Mapping()
    links = Links(len(staff.people))
    file = source.file if isinstance(source, Table) else source.name
    adding = Adding(links, staff, file, notes, secrets)
    if isinstance(source, Path) and kind_of(source) == "graph":
        read_graph(source, staff, adding, notes, mapping)
    else:
        table = source if isinstance(source, Table) else Table(source)
        read_table(table, staff, adding, notes, mapping)
        table.tell_dropped(notes)
    adding.settle()
    if len(links) == 0:
        seen = f" (of {links.given:,} given)" if links.given else ""
        raise refuse(file, f"holds no link between two people of the people file{seen}: are its ids the same?")
    _tell(links, staff, file, notes, mapping)
    return links


def _tell(links: Links, staff: Staff, file: str, notes: Notes, mapping: Mapping) -> None:
    staff.directory.loosely.pop("", None)
    if staff.directory.loosely:
        said = ", ".join(f"{count:,} {how}" for how, count in staff.directory.loosely.most_common(4))
        notes.guessed(file, "people", f"found in another form than in the people file (different cells): {said}")
        staff.directory.loosely.clear()
    if links.given and 2 * links.read < links.given:
        notes.attention(
            file, "ties", f"{links.read:,} of {links.given:,} could be read: are its ids those of the people file?"
        )
    there = len(np.unique(np.concatenate([links.listener, links.speaker])))
    if there >= 4 and len(links) >= 0.98 * there * (there - 1):
        notes.attention(
            file, "ties", f"are between all pairs of the {there} people: if a column says which ties there are (1) and are not (0), "
            '--map weight="HEADING"',
        )  # fmt: skip
    if links.suspicious and mapping.direction is None:
        notes.attention(
            file,
            "direction",
            "no tie goes both ways: if ties have no direction (contacts, meetings, shared work), say --undirected",
        )
