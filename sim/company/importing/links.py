"""Who listens to whom: ties between people by number, and how a file of ties is taken in."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.company.importing.import_log import Notes
from sim.company.importing.staff import Staff
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
