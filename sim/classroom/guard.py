"""Who may ask the classroom what: names by which it may be called, what a page may load, and how a question is read."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, ValidationError

from sim.errors import CoherenceError
from sim.scenario.errors import phrase

MOST_BODY = 256 * 1024
"""Largest question in bytes, a scenario file included."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
"""Pages load scripts and styles from this server only; nothing inline, nothing evaluated, nothing from elsewhere."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class RequestError(CoherenceError):
    """A request that is wrong; the message is shown on the page."""

    def __init__(self, said: str, status: int = 422) -> None:
        super().__init__(said)
        self.status = status


class Guard:
    """Middleware: keep out pages of other sites (by Host and Origin) and add the headers that bind our own.

    A page of another site reaches this server only under a name of that site (DNS rebinding), so a name must be one of
    `names`; an address in figures must be the one on which the connection arrived.
    """

    def __init__(self, app: Any, names: frozenset[str]) -> None:
        self.app = app
        self.names = LOOPBACK | {name.lower() for name in names}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or pass on."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._known(host, scope) or (origin is not None and origin.split("://", 1)[-1] != host):
            refusal = Response("This page is only for the class that it was opened for.", 403)
            await refusal(scope, receive, send)
            return

        async def bound(message: Any) -> None:
            if message["type"] == "http.response.start":
                present = {key.lower() for key, _ in message["headers"]}
                wanted = (
                    (b"content-security-policy", POLICY.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                    (b"cross-origin-resource-policy", b"same-origin"),
                    (b"cache-control", b"no-cache"),
                )
                more = [(key, value) for key, value in wanted if key not in present]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self.app(scope, receive, bound)

    def _known(self, host: str, scope: Any) -> bool:
        name = (host if host.endswith("]") else host.rsplit(":", 1)[0]).lower()
        if name in self.names:
            return True
        try:
            called = ipaddress.ip_address(name.strip("[]"))
            return called == ipaddress.ip_address((scope.get("server") or ("", 0))[0])
        except ValueError:
            return False


async def question[Question: BaseModel](request: Request, kind: type[Question]) -> Question:
    """Read and check a question.

    Parameters
    ----------
    request
        Its body is read up to `MOST_BODY` bytes.
    kind
        What the body must be.

    Raises
    ------
    RequestError
        If it is too large, not JSON, or wrong.
    """
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise RequestError("A question must be JSON.", 415)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BODY:
            raise RequestError(f"This is larger than {MOST_BODY // 1024} KiB, the most that the classroom takes.", 413)
        chunks.append(chunk)
    try:
        data = json.loads(b"".join(chunks))
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise RequestError("This holds half a character (a lone surrogate), which is no text.") from None
    except (ValueError, RecursionError):
        raise RequestError("This is not a question in JSON.", 400) from None
    try:
        return kind.model_validate(data)
    except (ValidationError, RecursionError) as error:
        if isinstance(error, RecursionError):
            raise RequestError("This is nested too deeply.", 400) from None
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RequestError(f"{place} {phrase(first)}".strip()) from None


def client_of(request: Request) -> str:
    """Return who asks: an address; on this computer a tab, which says its name."""
    address = request.client.host if request.client else ""
    return f"{address} {request.headers.get('x-tab', '')[:40]}" if is_local(request) else address


def is_local(request: Request) -> bool:
    """Return whether a question comes from this computer."""
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return request.client is not None and request.client.host == "testclient"
