"""Who listens to whom: ties between people by number, and how a file of ties is taken in."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.mapping import Mapping
from sim.company.importing.staff import Staff
from sim.company.importing.tables import Table
from sim.company.importing.values import missing, number
from sim.company.importing.vocabulary import frequencies, plain

CHUNK = 1_000_000
MOST_WEIGHT = 1e6
MOST_SECRETS = 1_000_000


class Links:
    """Directed, weighted links between people by number; the same link given again adds its weight.

    Attributes
    ----------
    listener, speaker : (links,)
    weight : (links,) above 0
    read, given
        Ties of the file that could be read, and all that it holds.
    one_way_is_usual
        Whether nothing is wrong when no tie goes both ways, as with messages.
    """

    def __init__(self, people: int) -> None:
        self.people = people
        self.read = self.given = 0
        self.one_way_is_usual = False
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

    def join_both_ways(self, undirected: Links) -> None:
        """Add ties that have no direction, both ways; a pair that is listed in both orders is one tie, not two."""
        undirected.settle()
        if not len(undirected):
            return
        one, other = undirected.listener, undirected.speaker
        low, high = np.minimum(one, other), np.maximum(one, other)
        codes, place = np.unique(low * self.people + high, return_inverse=True)
        weight = np.zeros(len(codes))
        np.maximum.at(weight, place, undirected.weight)
        for code, w in zip(codes.tolist(), weight.tolist(), strict=True):
            a, b = divmod(code, self.people)
            self.add(a, b, w)
            self.add(b, a, w)

    @property
    def listener(self) -> NDArray[np.int64]:
        """Who listens."""
        return self.codes // self.people

    @property
    def speaker(self) -> NDArray[np.int64]:
        """Who is listened to."""
        return self.codes % self.people

    @property
    def mutual(self) -> float:
        """Share of ties that go both ways, 0 where there is none."""
        back = self.speaker * self.people + self.listener
        return float(np.isin(back, self.codes).mean()) if len(self.codes) else 0.0

    @property
    def suspicious(self) -> bool:
        """Whether no tie goes both ways although some should."""
        return len(self) >= 3 and not self.one_way_is_usual and self.mutual == 0

    def __len__(self) -> int:
        """Return how many links there are."""
        return len(self.codes)


@dataclass
class Adding:
    """Takes ties as a file tells them: finds the people, turns words into weights, minds the direction."""

    links: Links
    staff: Staff
    file: str
    notes: Notes
    secrets: set[str]
    both: Links = field(init=False)
    words: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Make room for ties without a direction."""
        self.both = Links(self.links.people)

    def tie(self, line: int | None, listener: str, speaker: str, weight: str, both: bool) -> None:
        """Add a tie between two people as the file calls them."""
        value = self.weight(line, weight)
        if value == 0.0:
            return  # said to be none
        self.links.given += 1
        ends = [self.person(line, text) for text in (listener, speaker)]
        if value is None or min(ends) < 0:
            return
        if ends[0] == ends[1]:
            self.notes.add("left out", self.file, line, "link", listener, "goes from somebody to themselves")
            return
        self.links.read += 1
        (self.both if both else self.links).add(ends[0], ends[1], min(value, MOST_WEIGHT))

    def person(self, line: int | None, text: str) -> int:
        """Return the number of a person, below 0 with a note where there is none."""
        person = self.staff.find(text) if text else -1
        if person < 0:
            if text and len(self.secrets) < MOST_SECRETS:
                self.secrets.add(text)
            what = "means more than one person" if person == -2 else "is nobody in the people file"
            self.notes.add("left out", self.file, line, "person", text or None, what if text else "is missing")
        return person

    def weight(self, line: int | None, text: str) -> float | None:
        """Return the weight in a cell: a number, a word of frequency, yes; 0 for no tie, None where it is none of these."""
        if not text:
            return 1.0
        value = number(text)
        if value is not None and value >= 0:
            return value
        word = plain(text)
        often = frequencies().get(word)
        if often is not None:
            self.words[word] += 1
            return often
        if word in {"yes", "ja", "oui", "si", "x", "true", "wahr"}:
            return 1.0
        if word in {"false", "falsch", "faux", "falso", "nein", "non"} or missing(text):
            return 0.0
        self.links.given += 1
        self.notes.add(
            "left out", self.file, line, "weight", text, "is neither a number from 0 on nor a word for how often"
        )
        return None

    def settle(self) -> None:
        """Finish: add up, and add ties without a direction both ways."""
        self.links.join_both_ways(self.both)
        self.links.settle()
        if self.words:
            said = ", ".join(f"{word} = {frequencies()[word]:g}" for word, _ in self.words.most_common(8))
            self.notes.guessed(self.file, "weight", f"words for how often are taken as times a month: {said}")


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
    from sim.company.importing.formats import kind_of
    from sim.company.importing.graphs import read_graph
    from sim.company.importing.link_tables import read_table

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
