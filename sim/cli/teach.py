"""``coherence teach``: the classroom in a browser."""

from __future__ import annotations

import errno
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.terminal import Failed, Refused, note, note_compiling

if TYPE_CHECKING:
    from sim.classroom.lessons import Lesson

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
EVERYWHERE = ("0.0.0.0", "::")


def teach(
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; this computer only, unless with --class.")
    ] = None,
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port; 0 takes a free one.")] = 8600,
    phones: Annotated[
        bool, typer.Option("--class", help="Let phones on this network vote and play: shows a code to scan.")
    ] = False,
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
        import fastapi  # noqa: F401
        import segno  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise Failed(f'the classroom needs {error.name}: pip install "smb-coherence[web]"') from None
    host = host or ("0.0.0.0" if phones else "127.0.0.1")
    listener = _listen(host, port)
    _warm()
    _serve(listener, host, phones, known, votes, browser)


def _serve(
    listener: socket.socket,
    host: str,
    phones: bool,
    known: dict[str, tuple[Lesson, Path]],
    votes: Path,
    browser: bool,
) -> None:
    import secrets
    import webbrowser

    import uvicorn

    from sim.classroom.network import addresses, names
    from sim.classroom.server import make_app

    port = listener.getsockname()[1]
    loopback = host in LOOPBACK
    here = f"http://127.0.0.1:{port}" if host in EVERYWHERE else f"http://{_in_url(host)}:{port}"
    others = (
        [] if loopback else [f"http://{_in_url(a)}:{port}" for a in (addresses() if host in EVERYWHERE else [host])]
    )
    if phones and not others:
        note("Phones cannot reach this computer: it is in no network, or --host names this computer only.")
    key = secrets.token_urlsafe(9)
    called = frozenset() if loopback else names() | {host.lower()}
    app = make_app(known, votes, called, address=(others or [here])[0] if phones else "", key=key)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            typer.echo(f"The classroom is open: {here}  (votes are kept in {votes}; Ctrl-C closes it)")
            if phones:
                reach = (others or [here])[0]
                typer.echo(f"Phones: {reach}/j  (shown on the page as a code to scan)")
                typer.echo(f"Trainer's screen: {here}/trainer, on another device {reach}/trainer?key={key}")
            elif others:
                note(f"Everybody on this network can open {others[0]}")
            sys.stdout.flush()
            if browser:
                webbrowser.open(here)

    config = uvicorn.Config(app, log_level="warning", ws="none", server_header=False, timeout_graceful_shutdown=2)
    Server(config).run(sockets=[listener])


def _in_url(host: str) -> str:
    return f"[{host.strip('[]')}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens already, so that a second server on the same port is refused."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family)
        if sys.platform != "win32":  # there it would let a second server take the same port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
        listener.listen(256)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            said = f"{host}:{port} is taken, perhaps by another classroom: close that one, or take a free port with --port 0."
        else:
            said = f"{host}:{port} cannot be listened on: {error.strerror or error}; try --port 0."
        raise Refused(said) from None
    return listener


def _warm() -> None:
    """Compile now, lest the first class wait."""
    from sim.classroom.recording import film
    from sim.classroom.request import Ask

    scenario = Ask(weeks=2).build()
    note_compiling(scenario.dimensions)
    film(scenario, 0, 0)


def _write(known: dict[str, tuple[Lesson, Path]], guides: Path | None, homes: Path | None) -> None:
    from sim.classroom.lesson_check import evidence
    from sim.classroom.take_home import lattice, take_home
    from sim.classroom.trainer_guide import guide
    from sim.output.files import write_whole

    for key, (lesson, folder) in known.items():
        findings = evidence(lesson)
        pages: list[tuple[Path, str]] = []
        if guides is not None:
            pages.append((guides, guide(lesson, folder, findings["findings"])))
        if homes is not None:
            pages.append((homes, take_home(lesson, folder, findings, grid=lattice(lesson))))
        for place, text in pages:
            write_whole(place / f"{key}.html", text)
            note(f"Wrote {place / key}.html")
