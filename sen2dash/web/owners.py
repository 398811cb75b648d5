"""Record which browser each session and download belongs to: a signed cookie, and a list while the server runs.

The id of a session and the address of a download appear in browser histories and proxy logs. Neither opens anything
without the cookie of the browser that it was made for.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from itsdangerous import BadSignature, Signer

#: Seconds after which a session without a connection is forgotten. More than Streamlit's disconnectedSessionTTL.
FORGET_SECONDS = 600.0
#: The most downloads that are remembered; the oldest are dropped. Each lasts about a minute.
MAX_DOWNLOADS = 10_000
SHAPE = re.compile(r"[\w-]{20,200}\.[\w-]{20,200}", re.ASCII)
#: Why a returning tab does not find its session: the server was restarted, or the tab was disconnected too long.
Loss = Literal["restarted", "cut off"]


@dataclass(eq=False)
class Connection:
    """One websocket: its browser, the session that it could not resume, and the session that it got.

    may_load: whether the person of the session may upload files; None as long as no page has asked. has_signed_out:
    whether they have signed out since.
    """

    owner: str
    loss: Loss | None = None
    session: str = ""
    may_load: bool | None = None
    has_signed_out: bool = False


#: The websocket that is being served, for the code called while serving it.
CONNECTION: ContextVar[Connection | None] = ContextVar("sen2dash_connection", default=None)


class Owners:
    """The browsers of one run of the server. Every method may be called from any thread."""

    def __init__(self) -> None:
        #: Whether everyone may upload files. If not, a page has to say so first, for each session.
        self.is_open = True
        #: Called with a browser that signs out.
        self.on_sign_out: list[Callable[[str], None]] = []
        key = secrets.token_bytes(32)
        self._signer = Signer(key, salt=b"sen2dash.browser", digest_method=hashlib.sha256)
        self._renewer = Signer(key, salt=b"sen2dash.renewed", digest_method=hashlib.sha256)
        self._sessions: dict[str, Connection] = {}
        self._left: dict[str, float] = {}
        self._downloads: dict[str, str] = {}
        self._lock = threading.Lock()

    # -- cookies --------------------------------------------------------------------------------------------------

    def owner_of(self, cookie: str) -> str | None:
        """Return the browser that a cookie names; None for a cookie that this run of the server did not make."""
        try:
            return self._signer.unsign(cookie).decode()
        except (BadSignature, UnicodeError):
            return None

    def new_owner(self, stale: str) -> str:
        """Register a browser without a cookie of this run. stale: its cookie from an earlier run, or empty.

        Tabs that return together after a restart bring the same stale cookie, and stay one browser.
        """
        if is_shaped(stale):
            return self._renewer.get_signature(stale).decode()
        return secrets.token_urlsafe(32)

    def cookie_for(self, owner: str) -> str:
        """Return the signed cookie of a browser."""
        return self._signer.sign(owner).decode()

    # -- sessions -------------------------------------------------------------------------------------------------

    def owns(self, owner: str | None, session: str) -> bool:
        """Whether a session exists and belongs to the browser."""
        with self._lock:
            found = self._sessions.get(session)
            return found is not None and owner is not None and found.owner == owner

    def is_known(self, session: str) -> bool:
        """Whether a session belongs to any browser."""
        with self._lock:
            return session in self._sessions

    def on_opened(self, session: str) -> None:
        """Record that the websocket being served got this session."""
        connection = CONNECTION.get()
        if connection is None:
            return
        now = time.monotonic()
        with self._lock:
            connection.session = session
            if session in self._sessions:
                connection.may_load = self._sessions[session].may_load
            self._sessions[session] = connection
            self._left.pop(session, None)
            for gone in [each for each, since in self._left.items() if now - since > FORGET_SECONDS]:
                del self._left[gone], self._sessions[gone]

    def browser_of(self, session: str) -> str | None:
        """Return the browser of a session; None if it has signed out, or if there is no such session."""
        with self._lock:
            found = self._sessions.get(session)
            return found.owner if found is not None and not found.has_signed_out else None

    def on_closed(self, connection: Connection) -> None:
        """Record that the websocket has closed. Its session may return through another."""
        with self._lock:
            if self._sessions.get(connection.session) is connection:
                self._left[connection.session] = time.monotonic()

    def loss_of(self, session: str) -> Loss | None:
        """Return why this session is not the one that its tab had before; None if the tab had none."""
        with self._lock:
            found = self._sessions.get(session)
            return found.loss if found is not None else None

    def on_replaced(self, session: str) -> None:
        """Record that the lost data has been loaded again."""
        with self._lock:
            if session in self._sessions:
                self._sessions[session].loss = None

    # -- rights ---------------------------------------------------------------------------------------------------

    def allow_loading(self, session: str, may: bool) -> None:
        """Record whether the person of a session may upload files."""
        with self._lock:
            if session in self._sessions and not self._sessions[session].has_signed_out:
                self._sessions[session].may_load = may

    def may_load(self, session: str) -> bool:
        """Whether files may be uploaded to a session."""
        with self._lock:
            found = self._sessions.get(session)
            return found is not None and (self.is_open if found.may_load is None else found.may_load)

    def sign_out(self, owner: str) -> list[str]:
        """Drop the downloads of a browser and bar it from uploads. Returns its sessions, which end with the sign-in."""
        with self._lock:
            self._downloads = {name: of for name, of in self._downloads.items() if of != owner}
            found = [session for session, connection in self._sessions.items() if connection.owner == owner]
            for session in found:
                self._sessions[session].may_load = False
                self._sessions[session].has_signed_out = True
        # Only now: a page that is being drawn could otherwise record its sign-in once more.
        for told in self.on_sign_out:
            told(owner)
        return found

    # -- downloads ------------------------------------------------------------------------------------------------

    def record_download(self, name: str, session: str = "") -> None:
        """Record that a download was made for the websocket being served, or else for a session."""
        connection = CONNECTION.get()
        with self._lock:
            found = connection or self._sessions.get(session)
            if found is None or found.has_signed_out:
                return
            self._downloads[name] = found.owner
            while len(self._downloads) > MAX_DOWNLOADS:
                del self._downloads[next(iter(self._downloads))]

    def may_download(self, owner: str | None, name: str) -> bool:
        """Whether a download exists and belongs to the browser."""
        with self._lock:
            return owner is not None and self._downloads.get(name) == owner


def is_shaped(cookie: str) -> bool:
    """Whether a cookie looks like one of ours, from any run."""
    return SHAPE.fullmatch(cookie) is not None


#: The owners of the server that runs in this process.
OWNERS = Owners()
