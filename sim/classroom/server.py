"""The classroom's server: plain pages, and answers to what they ask.

The page draws and plays by itself; each question about firms carries all that its answer depends on. So tabs share nothing,
and a closed tab, a reload or a killed server lose nothing. What a class does together is kept in the journal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import Field

from sim.classroom.catalogue import catalogue
from sim.classroom.class_api import add_class
from sim.classroom.class_room import ClassRoom
from sim.classroom.guard import Guard, RequestError, client_of, question
from sim.classroom.journal import Journal
from sim.classroom.lesson_check import evidence, puzzle_start
from sim.classroom.lesson_claims import FIRMS, Window, contrast, read
from sim.classroom.lessons import Lesson, Puzzle
from sim.classroom.pages import STATIC, page
from sim.classroom.recording import film
from sim.classroom.request import Ask
from sim.classroom.take_home import lattice, take_home
from sim.classroom.trainer_guide import guide, guide_policy
from sim.classroom.work_queue import Dropped, GoneError, TooManyError, WorkQueue
from sim.classroom.writing import as_toml
from sim.scenario.parameters import Part

Shelf = dict[str, tuple[Lesson, Path]]


class Reading(Part):
    """What a puzzle or an experiment asks of many firms."""

    ask: Ask
    window: Window


class Difference(Reading):
    """What an experiment asks: how much more one firm has of a measure than another."""

    base: Ask


class Named(Part):
    """A lesson by name, and the firm that the class steered."""

    lesson: str = Field(max_length=80)
    ask: Ask | None = None


class Classroom:
    """What all answers share: lessons, the queue, the class, and findings that are the same for everybody."""

    def __init__(self, shelf: Shelf, votes: Path) -> None:
        self.shelf = shelf
        self.queue = WorkQueue()
        self.room = ClassRoom(Journal(votes), {key: len(lesson.vote.options) for key, (lesson, _) in shelf.items()})
        self.catalogue = catalogue(shelf)
        self._starts: dict[str, dict[str, float]] = {}
        self._known: dict[tuple[str, str], Any] = {}
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}

    async def work(self, request: Request, cost: float, job: Callable[[Dropped], Any]) -> Any:
        """Do a piece of work in the asking client's turn."""
        return await self.queue.do(client_of(request), cost, job, request.is_disconnected)

    async def once(self, request: Request, what: str, key: str, cost: float, job: Callable[[Dropped], Any]) -> Any:
        """Do what is the same for everybody once, and remember it."""
        place = (what, key)
        async with self._locks.setdefault(place, asyncio.Lock()):
            if place not in self._known:
                self._known[place] = await self.work(request, cost, job)
        return self._known[place]

    def lesson(self, key: str) -> tuple[Lesson, Path]:
        """Return a lesson and its folder; RequestError if there is none of that name."""
        if key not in self.shelf:
            raise RequestError(f"There is no lesson {key!r}.", 404)
        return self.shelf[key]

    def start(self, lesson: Lesson, puzzle: Puzzle) -> dict[str, float]:
        """Return where the sliders of a lesson's puzzle stand before anybody has moved them."""
        if lesson.key not in self._starts:
            self._starts[lesson.key] = puzzle_start(lesson, puzzle)
        return self._starts[lesson.key]

    async def findings(self, request: Request, key: str) -> dict[str, Any]:
        """Return what many firms say to a lesson's claims, and how large a difference must be to stand out."""
        lesson, _ = self.lesson(key)
        cost = _cost(lesson.change.ask(lesson), 400)
        found: dict[str, Any] = await self.once(request, "findings", key, cost, lambda _: evidence(lesson))
        return found


def make_app(
    shelf: Shelf, votes: Path, names: frozenset[str] = frozenset(), address: str = "", key: str | None = None
) -> FastAPI:
    """Return the classroom.

    Parameters
    ----------
    shelf
        The lessons (`sim.classroom.lessons.shelf`).
    votes
        The folder of the journal.
    names
        Names besides this computer's own loopback ones by which the server may be called.
    address
        Where phones find the class; empty: no phones.
    key
        What a trainer's screen on another computer must say; None: there is none but on this computer.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    classroom = Classroom(shelf, votes)
    _say_problems(app)

    @app.get("/")
    async def the_page() -> Response:
        return HTMLResponse(page("page.html"))

    @app.get("/api/catalogue")
    async def the_catalogue() -> Response:
        return JSONResponse({**classroom.catalogue, "phones": bool(address)})

    @app.post("/api/run")
    async def a_run(request: Request) -> Response:
        ask = await question(request, Ask)
        job = lambda _: film(ask.build_for(1), ask.seed, ask.replicate, ask.side)  # noqa: E731
        return JSONResponse(await classroom.work(request, _cost(ask, 1), job))

    @app.post("/api/scenario")
    async def a_scenario(request: Request) -> Response:
        ask = await question(request, Ask)
        return Response(as_toml(ask.build(), ask.seed, ask.replicate), media_type="application/toml")

    @app.post("/api/reading")
    async def a_reading(request: Request) -> Response:
        asked = await question(request, Reading)
        scenario = asked.ask.build_for(FIRMS)
        job = lambda _: read(scenario, asked.window)  # noqa: E731
        found = await classroom.work(request, float(scenario.posts * scenario.weeks * FIRMS), job)
        return JSONResponse(found._asdict())

    @app.post("/api/contrast")
    async def a_contrast(request: Request) -> Response:
        asked = await question(request, Difference)
        scenario, base = asked.ask.build_for(2 * FIRMS), asked.base.build_for(2 * FIRMS)
        cost = float((scenario.posts * scenario.weeks + base.posts * base.weeks) * FIRMS)
        found = await classroom.work(request, cost, lambda _: contrast(scenario, base, asked.window))
        return JSONResponse(found._asdict())

    @app.post("/api/evidence")
    async def the_evidence(request: Request) -> Response:
        return JSONResponse(await classroom.findings(request, (await question(request, Named)).lesson))

    @app.post("/api/takehome")
    async def a_file(request: Request) -> Response:
        named = await question(request, Named)
        lesson, folder = classroom.lesson(named.lesson)
        findings = await classroom.findings(request, named.lesson)
        cost = _cost(lesson.change.ask(lesson), 1000)
        grid = await classroom.once(request, "lattice", named.lesson, cost, lambda gone: lattice(lesson, dropped=gone))
        home = await classroom.work(
            request, cost / 100, lambda _: take_home(lesson, folder, findings, named.ask, grid=grid)
        )
        return Response(home, media_type="text/html", headers={"content-disposition": "attachment"})

    @app.get("/guide/{lesson}")
    async def the_guide(request: Request, lesson: str) -> Response:
        findings = await classroom.findings(request, lesson)
        headers = {"content-security-policy": guide_policy()}
        return HTMLResponse(guide(*classroom.lesson(lesson), findings["findings"]), headers=headers)

    add_class(app, classroom, address, key)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=500), name="static")
    app.add_middleware(Guard, names=names)
    return app


def _cost(ask: Ask, firms: int) -> float:
    """Return about how much work a question is, without building it: people x weeks x firms."""
    people, weeks = ask.set.get("headcount", 30), ask.set.get("weeks", ask.weeks or 156)
    return max(1.0, float(people)) * max(1.0, float(weeks)) * firms


def _say_problems(app: FastAPI) -> None:
    def answer(status: int, said: str) -> Response:
        return JSONResponse({"problem": said[:2000]}, status)

    @app.exception_handler(RequestError)
    async def problem(_: Request, error: Exception) -> Response:
        return answer(getattr(error, "status", 422), str(error))

    @app.exception_handler(ValueError)  # ScenarioError and what lessons and questions refuse
    async def value_problem(_: Request, error: Exception) -> Response:
        return answer(422, str(error))

    @app.exception_handler(TooManyError)
    async def too_many(_: Request, error: Exception) -> Response:
        return answer(429, str(error))

    @app.exception_handler(GoneError)
    async def gone(_: Request, error: Exception) -> Response:  # noqa: ARG001
        return Response(status_code=499)

    @app.exception_handler(OSError)
    async def disk_problem(_: Request, error: Exception) -> Response:
        return answer(500, f"Could not be stored: {error}")
