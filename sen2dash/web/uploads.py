"""Uploads on their way: a limit for each session, none that stands still, none that keeps the server from stopping."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

#: Seconds in which some more of a file must come.
STALL_SECONDS = 60.0
#: Seconds that the server waits for requests that have not ended when it is to stop.
STOP_SECONDS = 3
#: Files of one session that can be on their way, or wait for their page, at a time.
MAX_FILES = 30

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Uploads:
    """The uploads of each session that are on their way. Where they are too much together, the oldest ends.

    limit: bytes that the files of one session may have together.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._on_way: dict[str, dict[asyncio.Event, int]] = {}

    async def take(self, app: App, session: str, scope: Scope, receive: Receive, send: Send) -> bool:
        """Let the app answer an upload; whether it came to its end."""
        over, size = asyncio.Event(), self._size_of(scope)
        others = self._on_way.setdefault(session, {})
        while others and (sum(others.values()) + size > self._limit or len(others) >= MAX_FILES):
            oldest = next(iter(others))
            oldest.set()
            del others[oldest]
        others[over] = size
        ended = asyncio.ensure_future(over.wait())

        async def receive_more() -> Message:
            more = asyncio.ensure_future(receive())
            waiting: set[asyncio.Future[Any]] = {more, ended}
            await asyncio.wait(waiting, timeout=STALL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if more.done() and not over.is_set():
                return more.result()
            more.cancel()
            return {"type": "http.disconnect"}

        try:
            await app(scope, receive_more, send)
        except ClientDisconnect:
            return False
        finally:
            ended.cancel()
            others.pop(over, None)
            if not others and self._on_way.get(session) is others:
                del self._on_way[session]
        return True

    def _size_of(self, scope: Scope) -> int:
        """The bytes that a request says it has; the whole limit where it does not say."""
        length = Headers(scope=scope).get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else self._limit


def stop_in_time() -> None:
    """Have the web server stop within seconds, whatever a request is waiting for. Called when the server has started.

    The web server hears the signals that stop it by a method of its own; without a limit it waits for a client that
    has sent half a file for as long as that client likes.
    """
    heard_by: Any = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    config: Any = getattr(heard_by, "config", None)
    if hasattr(config, "timeout_graceful_shutdown"):
        config.timeout_graceful_shutdown = STOP_SECONDS
