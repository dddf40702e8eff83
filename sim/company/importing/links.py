"""Who listens to whom: edge lists, adjacency matrices, GraphML and GEXF."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.company.importing.columns import COLLABORATION, LINKS, guess, number, plain, tell
from sim.company.importing.import_log import CompanyError, Notes, refuse
from sim.company.importing.people import Staff
from sim.company.importing.tables import Table

MOST_GRAPH = 64 * 1024 * 1024
CHUNK = 1_000_000
MOST_WEIGHT = 1e6
GRAPHS = (".graphml", ".gexf", ".xml")


class Links:
    """Directed, weighted links between people by number; the same link given again adds its weight.

    Attributes
    ----------
    listener, speaker : (links,)
    weight : (links,) above 0
    """

    def __init__(self, people: int) -> None:
        self.people = people
        self._codes = array("q")
        self._weights = array("d")
        self.codes: NDArray[np.int64] = np.empty(0, np.int64)
        self.weight: NDArray[np.float64] = np.empty(0)

    def add(self, listener: int, speaker: int, weight: float) -> None:
        """Add a link."""
        self._codes.append(listener * self.people + speaker)
        self._weights.append(weight)
        if len(self._codes) >= CHUNK:
            self.settle()

    def settle(self) -> None:
        """Add up what was added; needed before the links are read."""
        if not self._codes:
            return
        codes = np.concatenate([self.codes, np.frombuffer(self._codes, np.int64)])
        weights = np.concatenate([self.weight, np.frombuffer(self._weights)])
        self.codes, place = np.unique(codes, return_inverse=True)
        self.weight = np.minimum(np.bincount(place, weights, len(self.codes)), MOST_WEIGHT)
        self._codes, self._weights = array("q"), array("d")

    @property
    def listener(self) -> NDArray[np.int64]:
        """Who listens."""
        return self.codes // self.people

    @property
    def speaker(self) -> NDArray[np.int64]:
        """Who is listened to."""
        return self.codes % self.people

    def __len__(self) -> int:
        """Return how many links there are."""
        return len(self.codes)


def read_links(path: Path, staff: Staff, notes: Notes, secrets: set[str]) -> Links:
    """Return the links in a file of any of the kinds that network tools write.

    Raises
    ------
    CompanyError
        If it is none of them, or nobody in it is known.
    """
    links = Links(len(staff.people))
    add = _checked(links, staff, path.name, notes, secrets)
    if path.suffix.lower() in GRAPHS:
        _read_graph(path, staff, add, notes)
    else:
        _read_table(Table(path, ("edges", "links", "ties", "network")), staff, add, notes)
    links.settle()
    if len(links) == 0:
        raise refuse(path.name, "holds no link between two people of the people file: are its ids the same?")
    return links


Add = Callable[[int | None, str, str, str, bool], None]


def _checked(links: Links, staff: Staff, file: str, notes: Notes, secrets: set[str]) -> Add:
    def add(line: int | None, one: str, other: str, weight: str, both: bool) -> None:
        ends = []
        for text in (one, other):
            person = staff.find(text)
            if person < 0:
                if len(secrets) < 1_000_000:
                    secrets.add(text)
                what = "means more than one person" if person == -2 else "is nobody in the people file"
                notes.add("left out", file, line, "person", text or None, what if text else "is missing")
                return
            ends.append(person)
        if ends[0] == ends[1]:
            notes.add("left out", file, line, "link", one, "goes from somebody to themselves")
            return
        value = number(weight) if weight else 1.0
        if value is None or value < 0:
            notes.add("left out", file, line, "weight", weight, "is not a number from 0 on")
            return
        if value == 0:
            return
        links.add(ends[0], ends[1], min(value, MOST_WEIGHT))
        if both:
            links.add(ends[1], ends[0], min(value, MOST_WEIGHT))

    return add


def _read_table(table: Table, staff: Staff, add: Add, notes: Notes) -> None:
    found = guess(table.header, LINKS)
    known = [staff.find(cell) for cell in table.header]
    named = sum(i >= 0 for i in known[1:])
    if "source" in found and "target" in found:
        tell(table.file, table.header, found, notes, table.made)
        mutual = plain(table.header[found["source"]]) in COLLABORATION
        says = (
            "shared work, so both listen" if mutual else "source listens to target; undirected where the type says so"
        )
        notes.guessed(table.file, "direction", says)
        _edges(table, found, mutual, False, add)
    elif len(table.header) >= 3 and named >= max(2, (len(table.header) - 1) / 2):
        notes.guessed(
            table.file,
            "read as",
            f"{table.made}; an adjacency matrix, the person of a row listens to those of the columns",
        )
        for row in table.rows():
            for heading, text in zip(table.header[1:], row.cells[1:], strict=False):
                if text and text != "0":
                    add(row.line, row.cells[0], heading, text, False)
    elif 2 <= len(table.header) <= 3 and known[0] >= 0 and known[1] >= 0:
        notes.guessed(table.file, "read as", f"{table.made}; an edge list without a heading, source and target")
        _edges(table, {"source": 0, "target": 1} | ({"weight": 2} if len(table.header) == 3 else {}), False, True, add)
    else:
        raise refuse(
            table.file,
            "is neither an edge list (source, target) nor a matrix of the people in the people file",
            table.header_line,
        )


def _edges(table: Table, found: dict[str, int], mutual: bool, headless: bool, add: Add) -> None:
    source, target, weight, kind = (found.get(name, -1) for name in ("source", "target", "weight", "type"))
    for row in table.rows(with_header=headless):
        cells = row.cells
        both = mutual or (kind >= 0 and plain(cells[kind]) in {"undirected", "mutual", "false"})
        add(row.line, cells[source], cells[target], cells[weight] if weight >= 0 else "", both)


def _read_graph(path: Path, staff: Staff, add: Add, notes: Notes) -> None:
    try:
        if path.stat().st_size > MOST_GRAPH:
            raise refuse(path.name, "is larger than 64 MiB: save its edges as .csv")
        raw = path.read_bytes()
    except OSError as error:
        raise refuse(path.name, f"cannot be read: {error.strerror}") from None
    low = raw.lower()
    if b"<!doctype" in low or b"<!entity" in low:
        raise refuse(path.name, "declares a document type, which is refused: network tools write none")
    graph = _graph(path, low)
    names = {node: _name(node, data, staff) for node, data in graph.nodes(data=True)}
    notes.guessed(
        path.name, "read as", f"a {'directed' if graph.is_directed() else 'undirected'} graph; source listens to target"
    )
    for one, other, data in graph.edges(data=True):
        weight = data.get("weight", data.get("Weight", 1))
        both = not graph.is_directed()
        add(None, names[one], names[other], str(weight), both)


def _graph(path: Path, low: bytes) -> Any:
    import warnings

    import networkx as nx

    read = nx.read_gexf if b"<gexf" in low[:4000] else nx.read_graphml
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read(path)
    except CompanyError:
        raise
    except RecursionError:
        raise refuse(path.name, "is nested too deeply") from None
    except Exception as error:  # a damaged file fails in as many ways as it can be damaged
        line = getattr(error, "position", (None,))[0]
        raise refuse(path.name, "is not a GraphML or GEXF graph that can be read", line) from None


def _name(node: object, data: dict[str, Any], staff: Staff) -> str:
    """Return the first of a node's id and labels that means somebody, else its id."""
    for text in (node, *(data.get(name) for name in ("person_id", "id", "label", "Label", "name"))):
        if text is not None and staff.find(str(text)) >= 0:
            return str(text)
    return str(node)
