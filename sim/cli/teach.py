"""``coherence teach``: the classroom in a browser."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.terminal import Failed, Refused, note, note_compiling

if TYPE_CHECKING:
    from sim.classroom.lessons import Lesson

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def teach(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; others than this computer only if told.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port; 0 takes a free one.")] = 8600,
    lessons: Annotated[
        list[Path] | None, typer.Option("--lessons", metavar="DIR", help="Folder of lessons of yours; may be repeated.")
    ] = None,
    votes: Annotated[Path, typer.Option("--votes", metavar="DIR", help="Folder in which votes are kept.")] = Path(
        "votes"
    ),
    guides: Annotated[
        Path | None, typer.Option("--guides", metavar="DIR", help="Write the facilitator's guide there, and end.")
    ] = None,
    take_home: Annotated[
        Path | None,
        typer.Option("--take-home", metavar="DIR", help="Write the lessons' take-home files there, and end."),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = False,
) -> None:
    """Open the classroom: a page on this computer that needs no internet."""
    from sim.classroom.lessons import shelf

    known = shelf(lessons or [])
    if guides is not None or take_home is not None:
        _write(known, guides, take_home)
        return
    try:
        import nicegui  # noqa: F401
        import uvicorn
    except ImportError:
        raise Failed('the classroom needs NiceGUI: pip install "smb-coherence[web]"') from None
    from sim.classroom.server import make_app

    _warm()
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    loopback = host in LOOPBACK
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if not loopback:
        note(f"Listening on {host}: everybody on this network can open the page.")
    typer.echo(f"The classroom is open: {address}  (votes are kept in {votes}; Ctrl-C closes it)")
    if browser:
        import webbrowser

        webbrowser.open(address)
    app = make_app(known, votes, frozenset({"127.0.0.1", "localhost", "[::1]"}) if loopback else frozenset())
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", ws_max_size=1024 * 1024, timeout_graceful_shutdown=2)
    )
    server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        raise Refused(f"{host}:{port} cannot be listened on: {error.strerror or error}; try --port 0.") from None
    return listener


def _warm() -> None:
    """Compile now, lest the first class wait."""
    from sim.classroom.recording import film
    from sim.classroom.request import Ask

    scenario = Ask(weeks=2).build()
    note_compiling(scenario.dimensions)
    film(scenario, 0, 0)


def _write(known: dict[str, tuple[Lesson, Path]], guides: Path | None, homes: Path | None) -> None:
    from sim.classroom.lesson_claims import judge
    from sim.classroom.take_home import take_home
    from sim.classroom.trainer_guide import guide
    from sim.output.files import write_whole

    for key, (lesson, folder) in known.items():
        findings = [f._asdict() for f in judge(*lesson.firms, lesson.claims)]
        pages: list[tuple[Path, str]] = []
        if guides is not None:
            pages.append((guides, guide(lesson, findings)))
        if homes is not None:
            pages.append((homes, take_home(lesson, folder, findings)))
        for place, text in pages:
            write_whole(place / f"{key}.html", text)
            note(f"Wrote {place / key}.html")
