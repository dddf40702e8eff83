"""Work for many at once: a share for each client, short work first, and nothing for those who have left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sim.errors import CoherenceError

THREADS = 2
"""Pieces of work done at the same time."""
MOST_WAITING = 12
"""Pieces of work that one client may have waiting."""
LOOK = 0.2
"""Seconds between two looks whether the client is still there."""

Dropped = Callable[[], bool]


class TooManyError(CoherenceError):
    """A client has too much work waiting; the message is one sentence."""


class GoneError(CoherenceError):
    """The client has left: nobody reads the answer."""

    def __init__(self, message: str = "nobody waits for the answer any longer") -> None:
        super().__init__(message)


@dataclass
class _Piece:
    client: str
    cost: float
    job: Callable[[Dropped], Any]
    answer: asyncio.Future[Any]
    dropped: bool = False


@dataclass
class WorkQueue:
    """Threads shared fairly between clients.

    The client that has had the least work is served next, and of its pieces the cheapest; so a client that asks for much
    waits for itself only. Whoever comes, or comes back, starts level with the least served of those who wait.

    Attributes
    ----------
    threads
        Pieces of work done at the same time.
    most_waiting
        Pieces that one client may have waiting.
    """

    threads: int = THREADS
    most_waiting: int = MOST_WAITING
    _waiting: dict[str, list[_Piece]] = field(default_factory=dict)
    _served: dict[str, float] = field(default_factory=dict)
    _busy: int = 0

    def __post_init__(self) -> None:
        """Make the threads."""
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="classroom")

    async def do(
        self,
        client: str,
        cost: float,
        job: Callable[[Dropped], Any],
        gone: Callable[[], Awaitable[bool]],
    ) -> Any:
        """Do a piece of work when its turn comes, and return what it returns.

        Parameters
        ----------
        client
            Who asks.
        cost
            How much work it is, in any unit that all callers share.
        job
            Called in a thread with a function that says whether the answer is still wanted; long work asks it.
        gone
            Whether the client has left.

        Raises
        ------
        TooManyError
            If the client has too much waiting.
        GoneError
            If the client left before the answer.
        """
        if await gone():
            raise GoneError
        mine = self._waiting.setdefault(client, [])
        if len(mine) >= self.most_waiting:
            raise TooManyError(f"{len(mine)} of your questions are waiting: wait for an answer before you ask more.")
        if len(mine) == 0:
            level = min((self._served.get(c, 0.0) for c, w in self._waiting.items() if w), default=0.0)
            self._served[client] = max(self._served.get(client, 0.0), level)
        piece = _Piece(client, cost, job, asyncio.get_running_loop().create_future())
        mine.append(piece)
        self._next()
        try:
            while not (await asyncio.wait({piece.answer}, timeout=LOOK))[0]:
                if await gone():
                    raise GoneError
        except (GoneError, asyncio.CancelledError):
            piece.dropped = True
            if piece in self._waiting.get(client, []):
                self._waiting[client].remove(piece)
            piece.answer.add_done_callback(lambda done: done.cancelled() or done.exception())
            raise
        return piece.answer.result()

    def _next(self) -> None:
        while self._busy < self.threads:
            clients = [client for client, pieces in self._waiting.items() if pieces]
            if not clients:
                if self._busy == 0:  # nobody waits and nothing runs: all start level again
                    self._waiting.clear()
                    self._served.clear()
                return
            client = min(clients, key=lambda c: self._served.get(c, 0.0))
            piece = min(self._waiting[client], key=lambda p: p.cost)
            self._waiting[client].remove(piece)
            self._served[client] = self._served.get(client, 0.0) + piece.cost
            self._busy += 1
            running = asyncio.get_running_loop().run_in_executor(
                self._pool, piece.job, partial(getattr, piece, "dropped")
            )
            running.add_done_callback(partial(self._done, piece))

    def _done(self, piece: _Piece, done: asyncio.Future[Any]) -> None:
        self._busy -= 1
        if done.cancelled():
            piece.answer.cancel()
        elif (error := done.exception()) is not None:
            if not piece.answer.done():
                piece.answer.set_exception(error)
        elif not piece.answer.done():
            piece.answer.set_result(done.result())
        self._next()
