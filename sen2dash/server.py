"""What the web server adds around the pages: safe headers, and a door before uploads and downloads. No pages here."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import traceback
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sen2dash.errors import place_of

COOKIE = "sen2dash_browser"
#: Addresses that carry a person's data: downloads and uploads.
DATA_PATHS = ("/media/", "/_stcore/upload_file/")
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
    """Let the form parser hold an upload in memory up to the limit; by default it spools 1 MB and more to a file."""
    MultiPartParser.spool_max_size = (limit_mb + 1) * 1024 * 1024


def keep_data_out_of_the_log() -> None:
    """Log each exception by its class, its place and the way there: its message may hold a value of the return.

    Streamlit and the web server log what they catch, so this stands before every logger of the process.
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
        return record

    make_quietly.is_quiet = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_quietly)


class Door:
    """Safe headers on everything; uploads and downloads only for a browser that this server gave a page to.

    The address of a download is long and random, but it stays in histories and logs: without the cookie it opens
    nothing. The cookie names no person, is out of reach of scripts and of other sites, and ends with the browser.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._key = secrets.token_bytes(32)

    def _sign(self, token: str) -> str:
        return hmac.new(self._key, token.encode(), hashlib.sha256).hexdigest()

    def _new_cookie(self, scheme: str) -> str:
        token = secrets.token_hex(16)
        secure = "; Secure" if scheme == "https" else ""
        return f"{COOKIE}={token}.{self._sign(token)}; Path=/; HttpOnly; SameSite=Strict{secure}"

    def _is_known(self, scope: Scope) -> bool:
        for name, value in scope["headers"]:
            if name == b"cookie":
                try:
                    cookies = SimpleCookie(value.decode("latin-1"))
                except CookieError:
                    continue
                if COOKIE in cookies:
                    token, _, signature = cookies[COOKIE].value.partition(".")
                    if hmac.compare_digest(signature.encode(), self._sign(token).encode()):
                        return True
        return False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        holds_data = any(path in scope["path"] for path in DATA_PATHS)
        is_known = self._is_known(scope)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in HEADERS}
                if holds_data:
                    ours.add(b"cache-control")
                headers = [(n, v) for n, v in message.get("headers", []) if n.lower() not in ours]
                is_page = any(n.lower() == b"content-type" and v.startswith(b"text/html") for n, v in headers)
                headers += HEADERS
                if holds_data:
                    headers.append((b"cache-control", b"no-store, private"))
                if is_page and not is_known and not holds_data:
                    headers.append((b"set-cookie", self._new_cookie(scope.get("scheme", "http")).encode()))
                message = {**message, "headers": headers}
            await send(message)

        if holds_data and not is_known:
            await PlainTextResponse("Open the start page first.", 403)(scope, receive, send_safely)
            return
        await self.app(scope, receive, send_safely)
