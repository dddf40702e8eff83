"""The server of the classroom: a page from NiceGUI, and answers to what the page asks. It keeps nothing but votes.

The page draws and plays by itself with the scripts in ``static``; each question carries all that its answer depends on. So
tabs share nothing, and a closed tab, a reload or a killed server leave nothing behind.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field, ValidationError

from sim.classroom.catalogue import catalogue
from sim.classroom.lesson_claims import Window, judge, read
from sim.classroom.lessons import Lesson
from sim.classroom.recording import film
from sim.classroom.request import Ask
from sim.classroom.take_home import take_home
from sim.classroom.trainer_guide import guide
from sim.classroom.votes import Ballot, BallotBox
from sim.classroom.writing import as_toml
from sim.errors import CoherenceError
from sim.scenario import ScenarioError
from sim.scenario.errors import phrase
from sim.scenario.parameters import Part

STATIC = Path(__file__).parent / "static"
MOST_BODY = 256 * 1024
"""Largest question, a scenario file included."""
AT_ONCE = 2
"""Questions answered at the same time; further ones wait."""
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' ws: wss:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'self'"
)
"""NiceGUI's own page needs inline scripts; nothing may come from, or go, elsewhere."""

Shelf = dict[str, tuple[Lesson, Path]]


class Reading(Part):
    """What a puzzle or an experiment asks of many firms."""

    ask: Ask
    window: Window


class Named(Part):
    """A lesson by name, and the firm that the class steered."""

    lesson: str = Field(max_length=80)
    ask: Ask | None = None


class RequestError(CoherenceError):
    """A request that is wrong; the message is shown on the page."""

    def __init__(self, said: str, status: int = 422) -> None:
        super().__init__(said)
        self.status = status


class Guard:
    """Middleware: who may ask (no other site's page, by Host and Origin), how much at a time, and what a page may load."""

    def __init__(self, app: Any, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        origin = headers.get("origin")
        strange = self.hosts and name not in self.hosts
        foreign = origin is not None and origin.split("://", 1)[-1] != host
        if strange or foreign:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await Response("This page is only for the computer that it runs on.", 403)(scope, receive, send)
            return

        async def dressed(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", POLICY.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                ]
            await send(message)

        await self.app(scope, receive, dressed)


async def body_of[Question: BaseModel](request: Request, kind: type[Question]) -> Question:
    """Read and check a question; RequestError if it is too large or wrong."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise RequestError("A question must be JSON.", 415)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BODY:
            raise RequestError(f"This is larger than {MOST_BODY // 1024} KiB, the most that the classroom takes.", 413)
        chunks.append(chunk)
    try:
        return kind.model_validate(json.loads(b"".join(chunks)))
    except (ValueError, RecursionError) as error:
        if isinstance(error, ValidationError):
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise RequestError(f"{place} {phrase(first)}".strip()) from None
        raise RequestError("This is not a question in JSON.", 400) from None


def make_app(shelf: Shelf, votes: Path, hosts: frozenset[str] = frozenset()) -> FastAPI:
    """Return the classroom.

    Parameters
    ----------
    shelf
        The lessons (`sim.classroom.lessons.shelf`).
    votes
        The folder for votes.
    hosts
        Names by which the server may be called; empty: any.
    """
    from nicegui import ui

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    box = BallotBox(votes)
    gate = asyncio.Semaphore(AT_ONCE)
    long_work = asyncio.Lock()
    known: dict[str, Any] = {}
    stock = catalogue(shelf)

    async def working(job: Callable[[], Any]) -> Any:
        async with gate:
            return await asyncio.to_thread(job)

    def lesson_of(key: str) -> tuple[Lesson, Path]:
        if key not in shelf:
            raise RequestError(f"There is no lesson {key!r}.", 404)
        return shelf[key]

    @app.exception_handler(RequestError)
    async def problem(_: Request, error: Exception) -> Response:
        return JSONResponse({"problem": str(error)}, getattr(error, "status", 422))

    @app.exception_handler(ScenarioError)
    async def scenario_problem(_: Request, error: Exception) -> Response:
        return JSONResponse({"problem": str(error)[:2000]}, 422)

    @app.exception_handler(ValueError)
    async def value_problem(_: Request, error: Exception) -> Response:
        return JSONResponse({"problem": str(error)[:2000]}, 422)

    @app.exception_handler(OSError)
    async def disk_problem(_: Request, error: Exception) -> Response:
        return JSONResponse({"problem": f"Could not be stored: {error}"}, 500)

    @app.get("/api/catalogue")
    async def the_catalogue() -> Response:
        return JSONResponse(stock)

    @app.post("/api/run")
    async def a_run(request: Request) -> Response:
        ask = await body_of(request, Ask)
        return JSONResponse(await working(lambda: film(ask.build(), ask.seed, ask.replicate, ask.side)))

    @app.post("/api/scenario")
    async def a_scenario(request: Request) -> Response:
        ask = await body_of(request, Ask)
        return Response(as_toml(ask.build(), ask.seed, ask.replicate), media_type="application/toml")

    @app.post("/api/reading")
    async def a_reading(request: Request) -> Response:
        question = await body_of(request, Reading)
        return JSONResponse((await working(lambda: read(question.ask.build(), question.window)))._asdict())

    async def findings_of(key: str, lesson: Lesson) -> Any:
        if key not in known:
            found = await working(lambda: judge(*lesson.firms, lesson.claims))
            known[key] = [f._asdict() for f in found]
        return known[key]

    @app.post("/api/evidence")
    async def the_evidence(request: Request) -> Response:
        key = (await body_of(request, Named)).lesson
        return JSONResponse(await findings_of(key, lesson_of(key)[0]))

    @app.post("/api/vote")
    async def a_vote(request: Request) -> Response:
        ballot = await body_of(request, Ballot)
        await asyncio.to_thread(box.put, ballot)
        return JSONResponse({"kept": True})

    @app.post("/api/takehome")
    async def a_file(request: Request) -> Response:
        named = await body_of(request, Named)
        lesson, folder = lesson_of(named.lesson)
        findings = await findings_of(named.lesson, lesson)
        async with long_work:  # one at a time, so that the other tabs stay quick
            page = await asyncio.to_thread(take_home, lesson, folder, findings, named.ask)
        return Response(page, media_type="text/html", headers={"content-disposition": "attachment"})

    @app.get("/guide/{key}")
    async def the_guide(key: str) -> Response:
        lesson, _ = lesson_of(key)
        return HTMLResponse(guide(lesson, await findings_of(key, lesson)))

    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    @ui.page("/", title="One boat, many oars")
    def page() -> None:
        ui.add_head_html('<link rel="stylesheet" href="/static/classroom.css">')
        for script in scripts():
            ui.add_head_html(f'<script defer src="/static/{script.name}"></script>')
        ui.element("div").classes("classroom-root")

    ui.run_with(app, title="One boat, many oars", show_welcome_message=False, tailwind=False)
    app.add_middleware(Guard, hosts=hosts)
    return app


def scripts() -> list[Path]:
    """Return the page's scripts in the order in which they build on each other."""
    return sorted(STATIC.glob("*.js"))
