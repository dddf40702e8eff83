"""What phones, the room's screen and the trainer's screen ask about the class."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import Field

from sim.classroom.class_report import class_report, earlier, report_policy
from sim.classroom.class_room import TEAMS, ClassRoom
from sim.classroom.guard import RequestError, is_local, question
from sim.classroom.lesson_claims import FIRMS, Reading, read
from sim.classroom.lessons import Lesson, Puzzle
from sim.classroom.levers import LEVERS
from sim.classroom.network import qr_svg
from sim.classroom.pages import page
from sim.scenario.parameters import Part

if TYPE_CHECKING:
    from sim.classroom.server import Classroom

NEW_FIRMS_SEED = 20_000
"""Seed of the forty firms that decide between teams; tries use another."""
ROW_SHARE = 0.6
"""Share of pay that hangs on own numbers in the crew game's second kind of round."""


class Phone(Part):
    """What a phone does."""

    phone: str = Field(default="", max_length=40)
    act: Literal["join", "vote", "row", "team", "try"]
    code: str = Field(default="", max_length=20)
    option: int = Field(default=0, ge=0, le=20)
    angle: int = Field(default=0, ge=-180, le=180)
    team: int = Field(default=1, ge=1, le=TEAMS)
    values: dict[str, float] = Field(default={}, max_length=6)


class Hands(Part):
    """Hands counted in the room."""

    lesson: str = Field(max_length=80)
    hands: list[int] = Field(max_length=12)


class Screen(Part):
    """Which step of which lesson the room's screen shows."""

    lesson: str = Field(max_length=80)
    step: str = Field(max_length=20)


class Control(Part):
    """What the trainer does."""

    act: Literal["show", "stage", "close", "reopen", "crew", "crew_end", "decide", "class"]
    step: str = Field(default="", max_length=20)
    stage: str = Field(default="wait", max_length=10)
    lesson: str = Field(default="", max_length=80)
    own: bool = False


def add_class(app: FastAPI, classroom: Classroom, address: str, key: str | None) -> None:
    """Add the class's pages and answers to the server; parameters as in `sim.classroom.server.make_app`."""
    room = classroom.room

    def only_trainer(request: Request) -> None:
        said = request.headers.get("x-trainer") or request.query_params.get("key") or ""
        if not is_local(request) and not (key and secrets.compare_digest(said.encode(), key.encode())):
            raise RequestError("Only the trainer can do this.", 403)

    @app.get("/j")
    async def the_phone_page() -> Response:
        return HTMLResponse(page("phone.html"))

    @app.get("/trainer")
    async def the_trainer_page(request: Request) -> Response:
        only_trainer(request)
        return HTMLResponse(page("trainer.html"))

    @app.get("/class/report")
    async def the_report(request: Request) -> Response:
        only_trainer(request)
        lessons = {name: lesson for name, (lesson, _) in classroom.shelf.items()}
        headers = {"content-security-policy": report_policy()}
        if "save" in request.query_params:
            headers["content-disposition"] = 'attachment; filename="class.html"'
        return HTMLResponse(class_report(room.journal.read(), lessons), headers=headers)

    @app.get("/class/qr.svg")
    async def the_code() -> Response:
        if not address:
            raise RequestError("This classroom was opened without phones: coherence teach --class.", 404)
        await room.open()
        return Response(qr_svg(f"{address}/j#{room.code}"), media_type="image/svg+xml")

    @app.get("/api/class")
    async def the_class() -> Response:
        if address:
            await room.open()
        return JSONResponse({**_seen_by_all(classroom), "address": f"{address}/j" if address else ""})

    @app.get("/api/class/earlier")
    async def the_earlier_classes(lesson: str) -> Response:
        classroom.lesson(lesson)
        return JSONResponse(earlier(room.journal.read(), lesson, room.name))

    @app.post("/api/hands")
    async def the_hands(request: Request) -> Response:
        only_trainer(request)
        counted = await question(request, Hands)
        await room.show_hands(counted.lesson, counted.hands)
        return JSONResponse({"kept": True})

    @app.post("/api/room")
    async def the_rooms_screen(request: Request) -> Response:
        only_trainer(request)
        shown = await question(request, Screen)
        classroom.lesson(shown.lesson)
        room.screen = shown.model_dump()
        return JSONResponse({"kept": True})

    @app.post("/api/trainer")
    async def the_trainer(request: Request) -> Response:
        only_trainer(request)
        wish = await question(request, Control)
        done = await _control(classroom, request, wish)
        return JSONResponse({"done": done, **_seen_by_all(classroom)})

    @app.get("/api/phone")
    async def a_phone_looks(phone: str, seen: int = -1) -> Response:
        room.known(phone)
        if seen == room.version:
            return Response(status_code=204)
        return JSONResponse(_seen_by_phone(classroom, phone))

    @app.post("/api/phone")
    async def a_phone_acts(request: Request) -> Response:
        did = await question(request, Phone)
        if did.act == "join":
            return JSONResponse({"phone": room.join(did.code)})
        place = request.client.host if request.client else ""
        if did.act == "vote":
            await room.cast(did.phone, did.option, place)
        elif did.act == "row":
            room.row(did.phone, did.angle)
        elif did.act == "team":
            await room.pick_team(did.phone, did.team)
        else:
            await _try(classroom, request, did)
        return JSONResponse(_seen_by_phone(classroom, did.phone))


async def _control(classroom: Classroom, request: Request, wish: Control) -> bool:
    room = classroom.room
    if wish.act == "class":
        await room.begin()
        return True
    if wish.act == "show":
        room.wish = {"lesson": wish.lesson, "step": wish.step, "n": room.wish["n"] + 1}
        return True
    if wish.act == "stage":
        return await room.show(wish.stage, wish.lesson)
    if wish.act == "crew":
        return await room.crew_round(True, ROW_SHARE if wish.own else 0.0)
    if wish.act == "crew_end":
        return await room.crew_round(False, 0.0)
    vote = classroom.lesson(wish.lesson)[0].vote
    if wish.act == "close":
        return await room.close(wish.lesson, vote.question, vote.options, vote.answer)
    if wish.act == "reopen":
        return await room.reopen(wish.lesson)
    return await _decide(classroom, request, wish.lesson)


async def _try(classroom: Classroom, request: Request, did: Phone) -> None:
    room = classroom.room
    number, _ = room.team_of(did.phone)
    lesson, puzzle = _puzzle(classroom, room.lesson)
    values = {}
    for slider in puzzle.levers:
        value = did.values.get(slider.name)
        if value is None or not slider.least <= value <= slider.most:
            raise RequestError(f"{slider.name} must be from {slider.least:g} to {slider.most:g}.")
        values[slider.name] = value
    found = await _read(classroom, request, lesson, puzzle, values, 1000)
    result = {"mean": found.mean, "low": found.low, "high": found.high, "closed": found.closed, "firms": found.firms}
    await room.tried(lesson.key, number, values, {**result, "solved": puzzle.reached(found.mean)})


async def _decide(classroom: Classroom, request: Request, key: str) -> bool:
    """Run every team's last try on forty firms that nobody has seen, and keep the order."""
    lesson, puzzle = _puzzle(classroom, key)
    board: list[dict[str, Any]] = []
    for number, team in sorted(classroom.room.teams.get(key, {}).items()):
        if not team.tries:
            continue
        found = await _read(classroom, request, lesson, puzzle, team.values, NEW_FIRMS_SEED)
        row = {"team": number, "tries": team.tries, "mean": found.mean, "low": found.low, "high": found.high}
        board.append({**row, "solved": puzzle.reached(found.mean), "values": team.values, "firms": found.firms})
    most = puzzle.reach == "at least"
    board.sort(key=lambda row: (row["mean"] is None, -(row["mean"] or 0) if most else (row["mean"] or 0)))
    return await classroom.room.decide(key, board)


async def _read(
    classroom: Classroom, request: Request, lesson: Lesson, puzzle: Puzzle, values: dict[str, float], seed: int
) -> Reading:
    scenario = lesson.attempt(values)
    cost = float(scenario.posts * scenario.weeks * FIRMS)
    found: Reading = await classroom.work(request, cost, lambda _: read(scenario, puzzle, seed=seed))
    return found


def _puzzle(classroom: Classroom, key: str) -> tuple[Lesson, Puzzle]:
    lesson, _ = classroom.lesson(key)
    if lesson.puzzle is None:
        raise RequestError(f"{lesson.title} has no puzzle.", 404)
    return lesson, lesson.puzzle


def _votes(room: ClassRoom) -> dict[str, Any]:
    found = {}
    for key, vote in room.votes.items():
        seen: dict[str, Any] = {"hands": vote.hands, "phones": len(vote.phones), "closed": vote.closed}
        seen["places"] = len(room.places.get(key, ()))
        if vote.closed:
            seen["counts"] = vote.counts
        found[key] = seen
    return found


def _seen_by_all(classroom: Classroom) -> dict[str, Any]:
    """Return what the room may see: no counts of an open vote, no oars of an open round."""
    room = classroom.room
    crew = room.crew
    teams = room.teams.get(room.lesson, {})
    return {
        "class": room.name,
        "code": room.code,
        "stage": room.stage,
        "lesson": room.lesson,
        "screen": room.screen,
        "wish": room.wish,
        "phones": len(room.phones),
        "votes": _votes(room),
        "crew": {
            "open": crew.open,
            "share": crew.share,
            "seats": len(crew.seats),
            "rowing": sum(seat.angle is not None for seat in crew.seats.values()),
            "rounds": crew.rounds,
        },
        "teams": [
            {"team": n, "tries": t.tries, "tried": t.tried, "values": t.values} for n, t in sorted(teams.items())
        ],
        "board": room.board.get(room.lesson, []),
    }


def _seen_by_phone(classroom: Classroom, phone: str) -> dict[str, Any]:
    room = classroom.room
    seen: dict[str, Any] = {"v": room.version, "stage": room.stage}
    if room.stage == "vote":
        lesson, vote = classroom.lesson(room.lesson)[0], room.vote_of(room.lesson)
        seen.update(title=lesson.title, question=lesson.vote.question, options=lesson.vote.options)
        seen.update(mine=vote.phones.get(phone), closed=vote.closed, counts=vote.counts if vote.closed else None)
    elif room.stage == "crew":
        seen.update(room.crew.view(phone))
    elif room.stage == "puzzle":
        lesson, puzzle = _puzzle(classroom, room.lesson)
        number = room.members.get(phone)
        team = room.teams.get(room.lesson, {}).get(number or 0)
        known = {lever.name: lever for lever in LEVERS}
        levers = [
            {"name": s.name, "label": known[s.name].label, "least": s.least, "most": s.most, "step": known[s.name].step,
             "low": known[s.name].low, "high": known[s.name].high}
            for s in puzzle.levers
        ]  # fmt: skip
        seen.update(text=puzzle.text, levers=levers, teams=TEAMS, team=number, reach=puzzle.reach, goal=puzzle.goal)
        seen.update(
            values=team.values if team and team.tries else classroom.start(lesson, puzzle),
            tried=team.tried if team else None,
        )
        seen.update(tries=team.tries if team else 0, share=puzzle.measure == "closed")
        board = room.board.get(room.lesson, [])
        seen["place"] = next((i for i, row in enumerate(board, 1) if row["team"] == number), None)
    return seen
