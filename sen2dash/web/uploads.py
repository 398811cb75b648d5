"""Uploads on their way: one a session, none that stands still, and none that keeps the server from stopping."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

#: Seconds in which some more of a file must come.
STALL_SECONDS = 60.0
#: Seconds that the server waits for requests that have not ended when it is to stop.
STOP_SECONDS = 3

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Uploads:
    """The upload of each session that is on its way. A newer one takes the place of the one before."""

    def __init__(self) -> None:
        self._over: dict[str, asyncio.Event] = {}

    async def take(self, app: App, session: str, scope: Scope, receive: Receive, send: Send) -> bool:
        """Let the app answer an upload; whether it came to its end."""
        before = self._over.get(session)
        if before is not None:
            before.set()
        over = self._over[session] = asyncio.Event()
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
            if self._over.get(session) is over:
                del self._over[session]
        return True


def stop_in_time() -> None:
    """Have the web server stop within seconds, whatever a request is waiting for. Called when the server has started.

    The web server hears the signals that stop it by a method of its own; without a limit it waits for a client that
    has sent half a file for as long as that client likes.
    """
    heard_by: Any = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    config: Any = getattr(heard_by, "config", None)
    if hasattr(config, "timeout_graceful_shutdown"):
        config.timeout_graceful_shutdown = STOP_SECONDS
