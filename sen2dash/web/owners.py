"""Which browser a session or a download belongs to: a signed cookie, and a list for as long as the server runs.

The id of a session and the address of a download stand in histories and in the logs of proxies. Each opens nothing
without the cookie of the browser that it was made for.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from itsdangerous import BadSignature, Signer

#: Seconds after which a session without a connection is forgotten. More than Streamlit's disconnectedSessionTTL.
FORGET_SECONDS = 600.0
#: Downloads that are remembered, the newest: each is there for about a minute.
MAX_DOWNLOADS = 10_000
SHAPE = re.compile(r"[\w-]{20,200}\.[\w-]{20,200}", re.ASCII)
#: Why a tab that comes back does not find its session: another run of the server had it, or it was cut off too long.
Loss = Literal["restarted", "cut off"]


@dataclass(eq=False)
class Connection:
    """One websocket: whose it is, what it could not go on with, and the session that it got."""

    owner: str
    loss: Loss | None = None
    session: str = ""


#: The websocket that is being served, for what runs below it.
CONNECTION: ContextVar[Connection | None] = ContextVar("sen2dash_connection", default=None)


class Owners:
    """The browsers of one run of the server. Every method may be called from any thread."""

    def __init__(self) -> None:
        key = secrets.token_bytes(32)
        self._signer = Signer(key, salt=b"sen2dash.browser", digest_method=hashlib.sha256)
        self._renewer = Signer(key, salt=b"sen2dash.renewed", digest_method=hashlib.sha256)
        self._sessions: dict[str, Connection] = {}
        self._left: dict[str, float] = {}
        self._downloads: dict[str, str] = {}
        self._lock = threading.Lock()

    # -- cookies --------------------------------------------------------------------------------------------------

    def owner_of(self, cookie: str) -> str | None:
        """The browser that a cookie names; None for a cookie that this run of the server did not make."""
        try:
            return self._signer.unsign(cookie).decode()
        except (BadSignature, UnicodeError):
            return None

    def new_owner(self, stale: str) -> str:
        """A browser without a cookie of this run. stale: the one that it has instead, or nothing.

        Tabs that come back together after a restart bring the same stale cookie, and stay one browser.
        """
        if is_shaped(stale):
            return self._renewer.get_signature(stale).decode()
        return secrets.token_urlsafe(32)

    def cookie_for(self, owner: str) -> str:
        """The signed cookie of a browser."""
        return self._signer.sign(owner).decode()

    # -- sessions -------------------------------------------------------------------------------------------------

    def owns(self, owner: str | None, session: str) -> bool:
        """Whether a session is there and belongs to the browser."""
        with self._lock:
            found = self._sessions.get(session)
            return found is not None and owner is not None and found.owner == owner

    def is_known(self, session: str) -> bool:
        """Whether a session belongs to anybody."""
        with self._lock:
            return session in self._sessions

    def opened(self, session: str) -> None:
        """The websocket that is being served got this session."""
        connection = CONNECTION.get()
        if connection is None:
            return
        now = time.monotonic()
        with self._lock:
            connection.session = session
            self._sessions[session] = connection
            self._left.pop(session, None)
            for gone in [each for each, since in self._left.items() if now - since > FORGET_SECONDS]:
                del self._left[gone], self._sessions[gone]

    def closed(self, connection: Connection) -> None:
        """The websocket has gone; its session may come back by another."""
        with self._lock:
            if self._sessions.get(connection.session) is connection:
                self._left[connection.session] = time.monotonic()

    def loss_of(self, session: str) -> Loss | None:
        """Why this session is not the one that its tab had before; None for a tab that had none."""
        with self._lock:
            found = self._sessions.get(session)
            return found.loss if found is not None else None

    def replaced(self, session: str) -> None:
        """What was lost has been put in place again."""
        with self._lock:
            if session in self._sessions:
                self._sessions[session].loss = None

    # -- downloads ------------------------------------------------------------------------------------------------

    def own_download(self, name: str, session: str = "") -> None:
        """A download was made for the websocket that is being served, or else for a session."""
        connection = CONNECTION.get()
        with self._lock:
            found = connection or self._sessions.get(session)
            if found is None:
                return
            self._downloads[name] = found.owner
            while len(self._downloads) > MAX_DOWNLOADS:
                del self._downloads[next(iter(self._downloads))]

    def owns_download(self, owner: str | None, name: str) -> bool:
        """Whether a download is there and belongs to the browser."""
        with self._lock:
            return owner is not None and self._downloads.get(name) == owner


def is_shaped(cookie: str) -> bool:
    """Whether a cookie looks like one of ours, of whatever run."""
    return SHAPE.fullmatch(cookie) is not None


#: Those of the server that runs in this process.
OWNERS = Owners()
