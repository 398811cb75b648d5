"""The guard on requests where people sign in: who is answered, uploads, signing out, and cookies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from sen2dash.web.entrance import Entrance
from sen2dash.web.owners import CONNECTION, Connection, Owners
from sen2dash.web.server import COOKIE, RequestGuard
from tests.aside import run_aside

Ask = Callable[..., tuple[int, list[bytes]]]


async def page(request: Request) -> Response:
    answer = HTMLResponse("start")
    answer.set_cookie("_streamlit_user", "who", max_age=2_592_000, httponly=True)
    return answer


async def file(request: Request) -> Response:
    return PlainTextResponse(request.headers.get("x-account", ""))


class Browser:
    """A browser with the cookie of this run of the server."""

    def __init__(self, **guard: Any) -> None:
        self.owners, self.ended = Owners(), list[str]()
        self.owner = self.owners.new_owner("")
        routes = [
            Route(path, file)
            for path in ("/media/abc.csv", "/_stcore/upload_file/s/f", "/auth/logout", "/_stcore/health")
        ]
        given = {"owners": self.owners, "on_sign_out": self.ended.append, **guard}
        self.app = Starlette(routes=[Route("/", page), *routes], middleware=[Middleware(RequestGuard, **given)])

    def open(self, session: str) -> None:
        token = CONNECTION.set(Connection(self.owner))
        self.owners.on_opened(session)
        self.owners.record_download("abc")
        CONNECTION.reset(token)

    def ask(self, path: str, server: str = "127.0.0.1", kind: str = "http", **headers: str) -> tuple[int, list[bytes]]:
        """The status (or the code with which a websocket was closed), and the cookies that were set."""
        named = {"host": "localhost", "cookie": f"{COOKIE}={self.owners.cookie_for(self.owner)}", **headers}
        scope: dict[str, Any] = {
            "type": kind,
            "scheme": "http",
            "method": "GET",
            "path": path,
            "root_path": "",
            "query_string": b"",
            "server": (server, 8501),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()],
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request" if kind == "http" else "websocket.connect", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        run_aside(self.app(scope, receive, send))
        cookies = [value for name, value in sent[0].get("headers", []) if name.lower() == b"set-cookie"]
        self.said = b"".join(message.get("body", b"") for message in sent).decode()
        return sent[0].get("status", sent[0].get("code")), cookies


def test_nothing_is_uploaded_before_a_page_has_seen_who_it_is() -> None:
    browser = Browser()
    browser.owners.is_open = False
    browser.open("s")
    assert browser.ask("/_stcore/upload_file/s/f")[0] == 403
    browser.owners.allow_loading("s", True)
    assert browser.ask("/_stcore/upload_file/s/f")[0] == 200
    browser.owners.allow_loading("s", False)
    assert browser.ask("/_stcore/upload_file/s/f")[0] == 403


def test_signing_out_ends_every_session_and_download_of_the_browser() -> None:
    browser = Browser()
    browser.open("s")
    browser.open("t")
    assert browser.ask("/media/abc.csv")[0] == 200
    browser.ask("/auth/logout", sec_fetch_site="cross-site")
    assert browser.ended == []
    browser.ask("/auth/logout", sec_fetch_site="same-origin")
    assert browser.ended == ["s", "t"]
    assert browser.ask("/media/abc.csv")[0] == 403
    assert browser.ask("/_stcore/upload_file/s/f")[0] == 403


def test_without_a_provider_the_address_for_signing_out_does_nothing() -> None:
    browser = Browser(on_sign_out=None)
    browser.open("s")
    browser.ask("/auth/logout")
    assert browser.ask("/media/abc.csv")[0] == 200


def test_a_server_without_a_sign_in_answers_only_at_its_own_machine() -> None:
    browser = Browser(entrance=Entrance(is_local=True))
    assert browser.ask("/")[0] == 200
    assert browser.ask("/", server="10.0.0.5")[0] == 403
    assert "Nobody signs in" in browser.said
    assert browser.ask("/_stcore/stream", server="10.0.0.5", kind="websocket")[0] == 1008
    assert browser.ask("/_stcore/health", server="10.0.0.5")[0] == 200


def test_only_the_proxy_is_answered_where_there_is_a_secret() -> None:
    browser = Browser(entrance=Entrance(user_header="x-account", secret="s" * 16))
    assert browser.ask("/", x_account="eve")[0] == 403
    assert browser.ask("/", x_sen2dash_proxy="s" * 16)[0] == 200


@pytest.mark.parametrize(("is_tls", "ending"), [(True, b"; Secure"), (False, b"")])
def test_cookies_are_secure_behind_tls_and_that_of_a_person_is_short(is_tls: bool, ending: bytes) -> None:
    browser = Browser(is_behind_tls=lambda: is_tls, sign_in_seconds=7_200)
    _, (user,) = browser.ask("/")
    assert user.startswith(b"_streamlit_user=who; HttpOnly; Max-Age=7200; ")
    assert user.endswith(b"; Secure") == is_tls
    _, cookies = browser.ask("/", cookie="")
    ours = next(each for each in cookies if each.startswith(COOKIE.encode()))
    assert ours.endswith(b"SameSite=Lax" + ending)
