"""Add safe headers to every response, and guard sessions and files. There are no pages here."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import net_util

from sen2dash.errors import place_of
from sen2dash.web.entrance import Entrance
from sen2dash.web.owners import CONNECTION, Connection, Owners, is_shaped
from sen2dash.web.uploads import Uploads

COOKIE = "sen2dash_browser"
#: Addresses that carry a person's data: downloads, and uploads with a session and a file after them.
DOWNLOADS, UPLOADS, UPLOAD_PARTS = "/media/", "/_stcore/upload_file/", 2
#: A websocket names its session in the third entry of this header.
PROTOCOLS, SESSION_PLACE = "sec-websocket-protocol", 2
POLICY_VIOLATION = 1008
#: Streamlit's address for signing out, and the cookies that name a person. Both of them live for 30 days by default.
SIGN_OUT, IDENTITY, MAX_AGE = "/auth/logout", b"_streamlit_user", re.compile(rb"(;\s*max-age=)([0-9]+)", re.IGNORECASE)
#: Never logged: Streamlit's own addresses, download addresses, and ids of sessions and files.
UNLOGGED = re.compile(r"\S*/(?:_stcore|media)/\S*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def keep_uploads_off_disk(limit_mb: int) -> None:
    """Let the form parser hold an upload in memory up to the limit; by default, it writes 1 MB or more to a file."""
    MultiPartParser.spool_max_size = (limit_mb + 1) * 1024 * 1024


def ask_no_other_machine() -> None:
    """Never ask a server on the internet for the address of this one.

    Streamlit would, for a websocket from another site. For its greeting, the configuration names an address.
    """
    net_util.get_external_ip = lambda: None


def keep_data_out_of_the_log() -> None:
    """Log only the class, position and traceback of each exception: its message may hold a value from the return.

    Addresses and ids that a browser uses to reach its session are removed from every message. Streamlit and the web
    server log what they catch, so this applies to every logger in the process.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "is_quiet", False):
        return

    def make_quietly(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            way = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            record.msg = f"{record.name}: {type(error).__name__} at {place_of(error)}\n{way}"
            record.args, record.exc_info, record.exc_text = (), None, None
        record.msg = _without_addresses(record.msg)
        if isinstance(record.args, Mapping):
            record.args = {name: _without_addresses(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(map(_without_addresses, record.args))
        return record

    make_quietly.is_quiet = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_quietly)


def _without_addresses(value: object) -> Any:
    """Remove everything that matches `UNLOGGED` from a log message or its arguments."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    found = UNLOGGED.sub("(left out)", text)
    return found if found != text else value


def hardened(cookie: bytes, is_secure: bool, most_seconds: int) -> bytes:
    """A Set-Cookie header of Streamlit, only for https where browsers use that; a person's ends with the sign-in."""
    if is_secure and b"; secure" not in cookie.lower():
        cookie += b"; Secure"
    if cookie.startswith(IDENTITY):
        cookie = MAX_AGE.sub(lambda found: found[1] + b"%d" % min(int(found[2]), most_seconds), cookie)
    return cookie


def _is_sign_out(scope: Scope) -> bool:
    """Whether a person signs out, and no other site sent them here to lose their work."""
    return bool(scope["path"].endswith(SIGN_OUT)) and Headers(scope=scope).get("sec-fetch-site") != "cross-site"


def download_in(path: str) -> str:
    """Return the download that a path asks for, or empty text. Fonts are under /static/media/, for everyone."""
    before, folder, name = path.partition(DOWNLOADS)
    return "" if not folder or before.endswith("/static") else name or folder


class RequestGuard:
    """Safe headers on everything; sessions, uploads and downloads only for the browser that they belong to.

    The id of a session and the address of a download stay in histories and logs, and open nothing without the cookie of
    their browser. The cookie names no person, cannot be read by scripts or other sites, and ends with the browser.
    """

    def __init__(
        self,
        app: ASGIApp,
        owners: Owners | None = None,
        is_host_allowed: Callable[[str | None], bool] = lambda _: True,
        upload_limit: int = 400_000_000,
        entrance: Entrance | None = None,
        is_behind_tls: Callable[[], bool] = lambda: False,
        sign_in_seconds: int = 8 * 3600,
        on_sign_out: Callable[[str], None] | None = None,
    ) -> None:
        self.app = app
        self._entrance = entrance if entrance is not None else Entrance()
        self._is_behind_tls = is_behind_tls
        self._sign_in_seconds = sign_in_seconds
        self._on_sign_out = on_sign_out
        self._owners = owners if owners is not None else Owners()
        self._is_host_allowed = is_host_allowed
        self._uploads = Uploads(upload_limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or one websocket."""
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[str, int] | None:
        """Why nothing is answered, and the status; None if it is. The health check is open to everyone."""
        if scope["path"].endswith("/_stcore/health"):
            return None
        if not self._is_host_allowed(Headers(scope=scope).get("host")):
            return "This server has another name.", 400
        why = self._entrance.refusal(scope)
        return (why, 403) if why else None

    def _cookie(self, scope: Scope) -> str:
        """Return our cookie as the browser sent it; empty if it has none."""
        return next((c[COOKIE] for c in map(cookie_parser, Headers(scope=scope).getlist("cookie")) if COOKIE in c), "")

    def _set_cookie(self, owner: str, scope: Scope) -> tuple[bytes, bytes]:
        # Lax: following a link from another site must not make this browser, with its return, count as a new one.
        secure = "; Secure" if self._is_secure(scope) else ""
        cookie = f"{COOKIE}={self._owners.cookie_for(owner)}; Path=/; HttpOnly; SameSite=Lax{secure}"
        return b"set-cookie", cookie.encode()

    def _is_secure(self, scope: Scope) -> bool:
        """Whether browsers reach the server by https."""
        return scope.get("scheme") in ("https", "wss") or self._is_behind_tls()

    # -- websockets -----------------------------------------------------------------------------------------------

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a websocket. It goes on with a session only where that belongs to its browser."""
        if self._refusal(scope):
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        scope = self._entrance.cleaned(scope)
        cookie = self._cookie(scope)
        known = self._owners.owner_of(cookie)
        connection = Connection(known or self._owners.new_owner(cookie))
        names = [name.strip() for name in ",".join(Headers(scope=scope).getlist(PROTOCOLS)).split(",")]
        session = names[2] if len(names) > SESSION_PLACE else ""
        if session and not self._owners.owns(known, session):
            names = names[:SESSION_PLACE]
            if known is None and is_shaped(cookie):
                connection.loss = "restarted"
            elif known is not None and not self._owners.is_known(session):
                connection.loss = "cut off"
        headers = [(n, v) for n, v in scope["headers"] if n.lower() != PROTOCOLS.encode()]
        headers += [(PROTOCOLS.encode(), ", ".join(names[: SESSION_PLACE + 1]).encode("latin-1"))] if any(names) else []

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "websocket.accept" and known is None:
                cookie_header = self._set_cookie(connection.owner, scope)
                message = {**message, "headers": [*message.get("headers", []), cookie_header]}
            await send(message)

        token = CONNECTION.set(connection)
        try:
            await self.app({**scope, "headers": headers, "subprotocols": names[:1]}, receive, send_with_cookie)
        finally:
            CONNECTION.reset(token)
            self._owners.on_closed(connection)

    # -- requests -------------------------------------------------------------------------------------------------

    def _may(self, scope: Scope, owner: str | None) -> bool:
        """Whether a browser may have what it asks for, if that is personal data."""
        path = scope["path"]
        if UPLOADS in path:
            parts = path.partition(UPLOADS)[2].split("/")
            is_own = len(parts) == UPLOAD_PARTS and self._owners.owns(owner, parts[0])
            return is_own and self._owners.may_load(parts[0])
        return self._owners.may_download(owner, download_in(path).partition(".")[0])

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        holds_data = UPLOADS in path or bool(download_in(path))
        cookie = self._cookie(scope)
        owner = self._owners.owner_of(cookie)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in HEADERS}
                if holds_data:
                    ours.add(b"cache-control")
                headers = [
                    (n, hardened(v, self._is_secure(scope), self._sign_in_seconds) if n.lower() == b"set-cookie" else v)
                    for n, v in message.get("headers", [])
                    if n.lower() not in ours
                ]
                is_page = any(n.lower() == b"content-type" and v.startswith(b"text/html") for n, v in headers)
                headers += HEADERS
                if holds_data:
                    headers.append((b"cache-control", b"no-store, private"))
                if is_page and owner is None and not holds_data:
                    headers.append(self._set_cookie(self._owners.new_owner(cookie), scope))
                message = {**message, "headers": headers}
            await send(message)

        refusal = self._refusal(scope)
        if self._on_sign_out is not None and not refusal and owner is not None and _is_sign_out(scope):
            # Every tab of this browser, not only the one that asks.
            for session in self._owners.sign_out(owner):
                self._on_sign_out(session)
        if refusal:
            await PlainTextResponse(*refusal)(scope, receive, send_safely)
        elif holds_data and not self._may(scope, owner):
            await PlainTextResponse("Open the start page first.", 403)(scope, receive, send_safely)
        elif UPLOADS in path:
            session = path.partition(UPLOADS)[2].partition("/")[0]
            if not await self._uploads.take(self.app, session, scope, receive, send_safely):
                await PlainTextResponse("The file did not come to its end.", 408)(scope, receive, send_safely)
        else:
            await self.app(scope, receive, send_safely)
