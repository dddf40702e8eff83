"""The crew game: every phone is a rower or the head of a department, and steers its own oar for its own pay.

A game with people, not a run of the model; its measures are the model's in two dimensions (sim/MODEL.md, phase 13), with
everybody rowing at full strength: coherence is the length of the mean of all directions, thrust its component along the
course that customers want.

The founder tells the course to the heads only, each mishears a little, and a rower sees where the own head rows. Pay is
(1 - share) thrust + share cos(own angle - own bonus), in points of 100.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Any

DEPARTMENTS = ("Sales", "Making", "Delivery", "Office")
BONUS = (70, -70, 130, -130)
"""Directions in degrees, right of straight ahead, that the departments' own numbers pay for."""
MISHEARD = 8.0
"""Standard deviation in degrees of what a head hears around what the founder says."""
MOST_TURN = 180


@dataclass
class Seat:
    """A phone's place: department, whether it is the head, and where its oar points (None: not rowing yet)."""

    department: int
    head: bool
    angle: int | None = None


@dataclass
class CrewGame:
    """Seats, the round that is being played, and the rounds that have been.

    Attributes
    ----------
    seed
        The class's number: courses and what is misheard follow from it.
    seats
        By phone, in the order in which they came.
    share
        Of pay that hangs on own numbers in this round.
    open
        Whether oars can be moved.
    rounds
        Results, oldest first.
    """

    seed: int
    seats: dict[str, Seat] = field(default_factory=dict)
    share: float = 0.0
    open: bool = False
    rounds: list[dict[str, Any]] = field(default_factory=list)

    @property
    def course(self) -> int:
        """Where customers want to go in this round: degrees right of straight ahead."""
        return random.Random(f"{self.seed} {len(self.rounds)}").randint(-40, 40)

    def sit(self, phone: str) -> Seat:
        """Return a phone's seat; a new phone sits in the smallest department, whose first phone is its head."""
        if phone not in self.seats:
            counts = [sum(s.department == d for s in self.seats.values()) for d in range(len(DEPARTMENTS))]
            department = counts.index(min(counts))
            self.seats[phone] = Seat(department, counts[department] == 0)
        return self.seats[phone]

    def begin(self, share: float) -> None:
        """Open a round; nobody rows until the own oar is moved."""
        self.share, self.open = share, True
        for seat in self.seats.values():
            seat.angle = None

    def row(self, phone: str, angle: int) -> None:
        """Point an oar, while the round is open."""
        if self.open:
            self.sit(phone).angle = max(-MOST_TURN, min(MOST_TURN, angle))

    def outcome(self) -> dict[str, Any]:
        """Return what the oars come to now, of those who row."""
        rowing = [s for s in self.seats.values() if s.angle is not None]
        angles = [math.radians(s.angle or 0) for s in rowing]
        n = max(1, len(rowing))
        x, y = sum(map(math.cos, angles)) / n, sum(map(math.sin, angles)) / n
        course = math.radians(self.course)
        own = [math.cos(a - math.radians(BONUS[s.department])) for a, s in zip(angles, rowing, strict=True)]
        return {
            "share": self.share,
            "course": self.course,
            "people": len(rowing),
            "coherence": round(math.hypot(x, y), 3),
            "thrust": round(x * math.cos(course) + y * math.sin(course), 3),
            "own": round(sum(own) / n, 3),
            "oars": [[s.department, int(s.head), s.angle] for s in rowing],
        }

    def view(self, phone: str) -> dict[str, Any]:
        """Return what a phone may know: what it hears, what it is paid for, and what the last round brought."""
        seat = self.sit(phone)
        head = next((s for s in self.seats.values() if s.head and s.department == seat.department), seat)
        if seat.head:
            noise = random.Random(f"{self.seed} {len(self.rounds)} {seat.department}").gauss(0, MISHEARD)
            heard: int | None = round(self.course + noise)
        else:
            heard = head.angle
        last = self.rounds[-1] if self.rounds and not self.open else None
        return {
            "department": DEPARTMENTS[seat.department],
            "head": seat.head,
            "hears": heard if self.open else None,
            "bonus": BONUS[seat.department],
            "share": self.share,
            "angle": seat.angle,
            "open": self.open,
            "round": len(self.rounds) + int(self.open),
            "points": None if last is None else self._points(seat, last),
            "last": last and {key: last[key] for key in ("thrust", "coherence", "people")},
        }

    def _points(self, seat: Seat, last: dict[str, Any]) -> int | None:
        if seat.angle is None:
            return None
        own = math.cos(math.radians(seat.angle - BONUS[seat.department]))
        share, thrust = float(last["share"]), float(last["thrust"])
        return round(100 * ((1 - share) * thrust + share * own))
