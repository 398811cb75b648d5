"""Control uploads in progress: limit their size per session, end stalled ones, and let the server stop on time."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

#: Seconds within which more of a file must arrive.
STALL_SECONDS = 60.0
#: Seconds that the server waits for unfinished requests when it is told to stop.
STOP_SECONDS = 3
#: The most files of one session that can be arriving, or waiting for their page, at a time.
MAX_FILES = 300
#: How many uploads of a session the server ended since its page last collected files, by Streamlit's id.
_ENDED: dict[str, int] = {}

App = Callable[[Scope, Receive, Send], Awaitable[None]]


def ended(session: str) -> int:
    """Return how many uploads of a session the server ended since this was last asked."""
    return _ENDED.pop(session, 0)


class Uploads:
    """The uploads in progress for each session. If they are too large together, the oldest is ended.

    limit: the most bytes that the files of one session may have together.
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
            _ENDED[session] = _ENDED.get(session, 0) + 1
        others[over] = size
        is_over = asyncio.ensure_future(over.wait())

        async def receive_more() -> Message:
            more = asyncio.ensure_future(receive())
            waiting: set[asyncio.Future[Any]] = {more, is_over}
            await asyncio.wait(waiting, timeout=STALL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if more.done() and not over.is_set():
                return more.result()
            more.cancel()
            if not over.is_set():
                _ENDED[session] = _ENDED.get(session, 0) + 1
            return {"type": "http.disconnect"}

        try:
            await app(scope, receive_more, send)
        except ClientDisconnect:
            return False
        finally:
            is_over.cancel()
            others.pop(over, None)
            if not others and self._on_way.get(session) is others:
                del self._on_way[session]
        return True

    def _size_of(self, scope: Scope) -> int:
        """Return the size that a request states, or the whole limit if it states none."""
        length = Headers(scope=scope).get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else self._limit


def stop_in_time() -> None:
    """Make the web server stop within seconds, even if requests are waiting. Call this once the server has started.

    The web server handles stop signals in its own method. Without a limit, it would wait as long as a client takes to
    send the rest of a file.
    """
    heard_by: Any = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    config: Any = getattr(heard_by, "config", None)
    if hasattr(config, "timeout_graceful_shutdown"):
        config.timeout_graceful_shutdown = STOP_SECONDS
