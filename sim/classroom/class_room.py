"""A class that takes part: votes by hand and by phone, the crew game, teams; all of it kept in the journal and read back.

Every change is an event: it is stored, then applied. A server that was killed applies the stored events again and is where
it was. Only the positions of oars within a round are not stored; phones send theirs again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sim.classroom.crew_game import CrewGame
from sim.classroom.guard import RequestError
from sim.classroom.journal import Journal

GOES_ON = timedelta(hours=4)
"""A class whose last event is younger than this goes on when the server starts; otherwise a new one begins."""
MOST_PHONES = 300
TEAMS = 6
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
STAGES = ("wait", "vote", "crew", "puzzle")


@dataclass
class Vote:
    """A lesson's vote: hands and phones for each option."""

    hands: list[int]
    phones: dict[str, int] = field(default_factory=dict)
    closed: bool = False

    @property
    def counts(self) -> list[int]:
        """Votes for each option, hands and phones together."""
        cast = list(self.phones.values())
        return [hands + cast.count(option) for option, hands in enumerate(self.hands)]


@dataclass
class Team:
    """A team at a lesson's puzzle: where its levers stand, and what its last try came to."""

    values: dict[str, float] = field(default_factory=dict)
    tries: int = 0
    tried: dict[str, Any] | None = None


class ClassRoom:
    """The class of today.

    Parameters
    ----------
    journal
        Where events are kept.
    options
        Number of options of each lesson's vote, by lesson.
    """

    def __init__(self, journal: Journal, options: dict[str, int]) -> None:
        self.journal = journal
        self.options = options
        self.version = secrets.randbelow(2**30)
        """Changes with everything that phones can see; another one after each start."""
        self.screen: dict[str, str] = {}
        """Lesson and step that the room's screen shows."""
        self.wish: dict[str, Any] = {"lesson": "", "step": "", "n": 0}
        """Lesson and step that the trainer wants there, counted."""
        self._lock = asyncio.Lock()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._clear("", "")
        events = journal.read()
        begins = [i for i, event in enumerate(events) if event["kind"] == "class"]
        if begins and _age(events[-1]) < GOES_ON:
            for event in events[begins[-1] :]:
                self._apply(event)

    def _clear(self, name: str, code: str) -> None:
        self.name, self.code = name, code
        self.stage, self.lesson = "wait", ""
        self.votes: dict[str, Vote] = {}
        self.phones: set[str] = set()
        self.places: dict[str, set[str]] = {}
        self.crew = CrewGame(sum(map(ord, name)))
        self.teams: dict[str, dict[int, Team]] = {}
        self.members: dict[str, int] = {}
        self.board: dict[str, list[dict[str, Any]]] = {}

    async def happen(self, check: Callable[[], dict[str, Any] | None]) -> bool:
        """Store and apply an event; return whether there was one.

        Parameters
        ----------
        check
            Returns the event, or None if there is nothing to do; called when no other event is on its way.
        """
        async with self._lock:
            if not self.name:
                await self._put(self._new())
            event = check()
            if event is None:
                return False
            await self._put(event)
            return True

    async def _put(self, event: dict[str, Any]) -> None:
        stored = await asyncio.get_running_loop().run_in_executor(self._writer, self.journal.put, event)
        self._apply(stored)

    def _new(self) -> dict[str, Any]:
        code = "".join(secrets.choice(LETTERS) for _ in range(4))
        return {"kind": "class", "class": f"{datetime.now().astimezone():%Y-%m-%d %H:%M}", "code": code}

    async def begin(self) -> None:
        """Begin a new class with a code of its own."""
        await self.happen(self._new)

    async def open(self) -> None:
        """Make sure that there is a class, so that there is a code."""
        await self.happen(lambda: None)

    def vote_of(self, lesson: str) -> Vote:
        """Return a lesson's vote; RequestError if there is no such lesson."""
        if lesson not in self.options:
            raise RequestError(f"There is no lesson {lesson!r}.", 404)
        return self.votes.setdefault(lesson, Vote([0] * self.options[lesson]))

    async def show_hands(self, lesson: str, counts: list[int]) -> bool:
        """Set the number of hands for each option; a closed vote stays as it was."""

        def check() -> dict[str, Any] | None:
            vote = self.vote_of(lesson)
            if len(counts) != len(vote.hands) or not all(0 <= count <= 999 for count in counts):
                raise RequestError(f"counts must be {len(vote.hands)} numbers from 0 to 999.")
            return None if vote.closed or counts == vote.hands else {"kind": "hands", "lesson": lesson, "hands": counts}

        return await self.happen(check)

    async def cast(self, phone: str, option: int, place: str) -> bool:
        """Count a phone's ballot in the vote that is open; a second one replaces the first."""

        def check() -> dict[str, Any] | None:
            if self.stage != "vote" or self.vote_of(self.lesson).closed:
                raise RequestError("The vote is closed.", 409)
            self.known(phone)
            if not 0 <= option < self.options[self.lesson]:
                raise RequestError(f"option {option} must be from 0 to {self.options[self.lesson] - 1}.")
            self.places.setdefault(self.lesson, set()).add(place)
            if self.vote_of(self.lesson).phones.get(phone) == option:
                return None
            return {"kind": "ballot", "lesson": self.lesson, "phone": phone, "option": option}

        return await self.happen(check)

    async def close(self, lesson: str, question: str, options: tuple[str, ...], answer: int) -> bool:
        """Close a vote; closing it again changes and stores nothing."""

        def check() -> dict[str, Any] | None:
            vote = self.vote_of(lesson)
            if vote.closed:
                return None
            asked = {"question": question, "options": list(options), "answer": answer}
            return {"kind": "close", "lesson": lesson, **asked, "hands": vote.hands, "counts": vote.counts}

        return await self.happen(check)

    async def reopen(self, lesson: str) -> bool:
        """Open a closed vote again, as it was."""
        return await self.happen(lambda: {"kind": "reopen", "lesson": lesson} if self.vote_of(lesson).closed else None)

    async def show(self, stage: str, lesson: str) -> bool:
        """Say what phones show from now on."""
        if stage not in STAGES:
            raise RequestError(f"stage {stage!r} must be one of {', '.join(STAGES)}.")
        if stage in ("vote", "puzzle"):
            self.vote_of(lesson)
        same = (stage, lesson) == (self.stage, self.lesson)
        return await self.happen(lambda: None if same else {"kind": "stage", "stage": stage, "lesson": lesson})

    def join(self, code: str) -> str:
        """Return a new phone's name; RequestError if the code is not that of the class, or the class is full."""
        if not self.code or code.strip().upper() != self.code:
            raise RequestError("This is not the code of a class here. Look at the screen again.", 403)
        if len(self.phones) >= MOST_PHONES:
            raise RequestError(f"This class is full: {MOST_PHONES} phones.", 409)
        phone = secrets.token_urlsafe(9)
        self.phones.add(phone)
        return phone

    def known(self, phone: str) -> None:
        """Let a phone in that has been in this class before; RequestError if its name is no name."""
        if phone not in self.phones:
            if not (len(phone) == 12 and phone.isascii()) or len(self.phones) >= MOST_PHONES:
                raise RequestError("This phone is not in the class: load the page again.", 403)
            self.phones.add(phone)

    async def crew_round(self, opening: bool, share: float) -> bool:
        """Open a round of the crew game, or end it and keep its result."""

        def check() -> dict[str, Any] | None:
            if opening:
                return None if self.crew.open else {"kind": "crew_open", "share": share}
            return {"kind": "crew_round", "result": self.crew.outcome()} if self.crew.open else None

        return await self.happen(check)

    def row(self, phone: str, angle: int) -> None:
        """Point a phone's oar; a head's people see it."""
        self.known(phone)
        before = self.crew.sit(phone).angle
        self.crew.row(phone, angle)
        if self.crew.sit(phone).head and angle != before:
            self.version += 1

    async def pick_team(self, phone: str, team: int) -> bool:
        """Put a phone into a team."""

        def check() -> dict[str, Any] | None:
            self.known(phone)
            if not 1 <= team <= TEAMS:
                raise RequestError(f"team {team} must be from 1 to {TEAMS}.")
            return None if self.members.get(phone) == team else {"kind": "team", "phone": phone, "team": team}

        return await self.happen(check)

    def team_of(self, phone: str) -> tuple[int, Team]:
        """Return a phone's team at the puzzle that is shown; RequestError if it has none."""
        self.known(phone)
        if self.stage != "puzzle" or phone not in self.members:
            raise RequestError("Choose a team first.", 409)
        number = self.members[phone]
        return number, self.teams.setdefault(self.lesson, {}).setdefault(number, Team())

    async def tried(self, lesson: str, team: int, values: dict[str, float], result: dict[str, Any]) -> bool:
        """Keep what a team's try came to."""
        event = {"kind": "try", "lesson": lesson, "team": team, "values": values, "result": result}
        return await self.happen(lambda: event)

    async def decide(self, lesson: str, board: list[dict[str, Any]]) -> bool:
        """Keep the order of the teams."""
        return await self.happen(lambda: {"kind": "board", "lesson": lesson, "board": board})

    def _apply(self, event: dict[str, Any]) -> None:
        kind, lesson = event["kind"], str(event.get("lesson", ""))
        if "phone" in event:
            self.phones.add(event["phone"])
        if kind == "class":
            self._clear(event["class"], event["code"])
        elif kind == "stage":
            self.stage, self.lesson = event["stage"], lesson
        elif kind in ("hands", "ballot", "close", "reopen"):
            if lesson not in self.options:
                return  # a lesson that is no longer here
            vote = self.vote_of(lesson)
            if kind == "hands":
                vote.hands = event["hands"]
            elif kind == "ballot":
                vote.phones[event["phone"]] = event["option"]
                return  # phones see counts only when the vote is closed
            else:
                vote.closed = kind == "close"
        elif kind == "crew_open":
            self.crew.begin(event["share"])
        elif kind == "crew_round":
            self.crew.open = False
            self.crew.rounds.append(event["result"])
        elif kind == "team":
            self.members[event["phone"]] = event["team"]
        elif kind == "try":
            team = self.teams.setdefault(lesson, {}).setdefault(event["team"], Team())
            team.values, team.tried, team.tries = event["values"], event["result"], team.tries + 1
        elif kind == "board":
            self.board[lesson] = event["board"]
        self.version += 1


def _age(event: dict[str, Any]) -> timedelta:
    try:
        return datetime.now(UTC) - datetime.fromisoformat(event["at"])
    except (KeyError, ValueError, TypeError):
        return GOES_ON
