"""Ties in graph files: GraphML and GEXF, through networkx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.company.importing.import_log import CompanyError, Notes, refuse
from sim.company.importing.links import Adding
from sim.company.importing.mapping import Mapping
from sim.company.importing.staff import Staff

MOST_GRAPH = 64 * 1024 * 1024
_NAMES = ("person_id", "id", "label", "Label", "name", "Name", "email", "employee_id")


def read_graph(path: Path, staff: Staff, adding: Adding, notes: Notes, mapping: Mapping) -> None:
    """Read the ties of a graph.

    Raises
    ------
    CompanyError
        If it is too large, declares a document type, or is damaged.
    """
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
    undirected = mapping.direction == "both" or (mapping.direction is None and not graph.is_directed())
    turned = mapping.direction == "target-listens"
    says = "both listen" if undirected else "the target listens to the source" if turned else "source listens to target"
    notes.guessed(path.name, "read as", f"a {'directed' if graph.is_directed() else 'undirected'} graph; {says}")
    for one, other, data in graph.edges(data=True):
        ends = (names[other], names[one]) if turned else (names[one], names[other])
        adding.tie(None, *ends, str(data.get("weight", data.get("Weight", 1))), undirected)


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
    """Return the first of a node's labels and id that means somebody, else its id; labels go first, since tools number nodes."""
    texts = [str(data[name]) for name in _NAMES if data.get(name) is not None] + [str(node)]
    return next((text for text in texts if staff.find(text) >= 0), str(node))
