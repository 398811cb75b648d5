"""The guard on uploads and downloads, the headers on every response, and uploads that stay off the disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from threading import Event
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message
from streamlit import config, net_util
from streamlit.web import bootstrap
from streamlit.web.server import server_util

from app import app, lifespan
from sen2dash.config import Settings
from sen2dash.errors import NotXml, place_of
from sen2dash.reading import shred
from sen2dash.ui import warming
from sen2dash.web.owners import CONNECTION, FORGET_SECONDS, MAX_DOWNLOADS, Connection, Owners
from sen2dash.web.server import COOKIE, RequestGuard, ask_no_other_machine, keep_data_out_of_the_log
from tests.aside import run_aside

UPLOAD = (
    b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.xml"\r\n\r\n'
    + b"y" * 3_000_000
    + b"\r\n--x--\r\n"
)
PERSON = "Zoë Smith born 2010-01-01"


@dataclass
class Answer:
    """The response."""

    status: int
    headers: Headers
    text: str


@dataclass
class Client:
    """A browser that talks to the application directly and keeps its cookie."""

    application: Starlette
    owners: Owners = field(default_factory=Owners)
    cookie: bytes = b""

    def name(self) -> str:
        """The browser that the cookie identifies."""
        owner = self.owners.owner_of(self.cookie.decode().partition("=")[2])
        assert owner is not None
        return owner

    def connect(self, session: str) -> None:
        """Open a session with a download, as a websocket of this browser does."""
        token = CONNECTION.set(Connection(self.name()))
        self.owners.on_opened(session)
        self.owners.record_download("abc")
        CONNECTION.reset(token)

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes = b"",
        cookie: bytes | None = None,
        scheme: str = "http",
        host: bytes = b"localhost",
    ) -> Answer:
        cookie = self.cookie if cookie is None else cookie
        headers = [(b"host", host), (b"content-type", b"multipart/form-data; boundary=x")]
        headers += [(b"cookie", cookie)] if cookie else []
        scope: dict[str, Any] = {
            "type": "http",
            "scheme": scheme,
            "method": method,
            "path": path,
            "root_path": "",
            "query_string": b"",
            "headers": headers,
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        run_aside(self.application(scope, receive, send))
        answer = Headers(raw=sent[0]["headers"])
        if "set-cookie" in answer:
            self.cookie = answer["set-cookie"].split(";")[0].encode()
        return Answer(sent[0]["status"], answer, b"".join(m.get("body", b"") for m in sent[1:]).decode())


async def start_page(request: Request) -> Response:
    return HTMLResponse("<p>start</p>")


async def file(request: Request) -> Response:
    return PlainTextResponse("child data", headers={"cache-control": "max-age=600"})


async def take(request: Request) -> Response:
    form = await request.form()
    upload = form["file"]
    assert not isinstance(upload, str)
    return PlainTextResponse(f"{upload.size} {getattr(upload.file, '_rolled', None)}")


@pytest.fixture
def factory_as_before() -> Iterator[None]:
    """Use the standard factory of log records during the test, then restore the previous one."""
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)
    yield
    logging.setLogRecordFactory(before)


@pytest.fixture
def client() -> Client:
    routes = [
        Route("/", start_page),
        Route("/media/abc.csv", file),
        Route("/static/media/font.woff2", file),
        Route("/_stcore/upload_file/x/file", take, methods=["PUT"]),
        Route("/_stcore/health", file),
    ]
    owners = Owners()
    guard = Middleware(RequestGuard, owners=owners, is_host_allowed=lambda host: host == "localhost")
    return Client(Starlette(routes=routes, middleware=[guard]), owners)


@pytest.mark.parametrize(
    "path", ["/media/abc.csv", "/media/unknown.csv", "/_stcore/upload_file/x/file", "/base/media/abc.csv"]
)
def test_data_is_closed_to_a_browser_that_was_given_no_page(client: Client, path: str) -> None:
    answer = client.ask(path)
    assert answer.status == 403
    assert "child data" not in answer.text


@pytest.mark.parametrize("path", ["/static/media/font.woff2", "/base/static/media/font.woff2"])
def test_fonts_are_open_to_every_browser(client: Client, path: str) -> None:
    assert client.ask(path).status == (200 if path.startswith("/static") else 404)


def test_data_is_open_to_the_browser_that_it_was_made_for(client: Client) -> None:
    client.ask("/")
    client.connect("x")
    answer = client.ask("/media/abc.csv")
    assert answer.text == "child data"
    assert answer.headers["cache-control"] == "no-store, private"


@pytest.mark.parametrize(
    ("path", "method"), [("/media/abc.csv", "GET"), ("/_stcore/upload_file/x/file", "PUT"), ("/media/", "GET")]
)
def test_data_is_closed_to_another_browser_of_the_same_server(client: Client, path: str, method: str) -> None:
    client.ask("/")
    client.connect("x")
    other = Client(client.application, client.owners)
    other.ask("/")
    other.owners.on_opened("y")
    assert other.ask(path, method, UPLOAD).status == 403


@pytest.mark.parametrize(
    "path", ["/_stcore/upload_file/x", "/_stcore/upload_file/x/file/more", "/_stcore/upload_file/"]
)
def test_an_upload_names_a_session_and_a_file(client: Client, path: str) -> None:
    client.ask("/")
    client.connect("x")
    assert client.ask(path, "PUT", UPLOAD).status == 403


@pytest.mark.parametrize(("host", "status"), [(b"localhost", 200), (b"evil.example", 400), (b"", 400)])
def test_a_page_is_open_under_the_names_of_the_server_alone(client: Client, host: bytes, status: int) -> None:
    answer = client.ask("/", host=host)
    assert answer.status == status
    assert ("start" in answer.text) is (status == 200)
    assert "content-security-policy" in answer.headers
    assert client.ask("/_stcore/health", host=host).status == 200


def test_a_stale_cookie_is_renewed_to_the_same_browser_each_time_and_to_no_other(client: Client) -> None:
    stale = Owners().cookie_for("a" * 43)
    names = []
    for cookie in (stale, stale, Owners().cookie_for("a" * 43), "nothing"):
        client.ask("/", cookie=f"{COOKIE}={cookie}".encode())
        names.append(client.name())
    assert names[0] == names[1]
    assert len(set(names)) == 3
    assert "a" * 43 not in names


def test_a_session_is_forgotten_long_after_its_last_websocket(monkeypatch: pytest.MonkeyPatch) -> None:
    owners, clock = Owners(), [0.0]
    monkeypatch.setattr("sen2dash.web.owners.time.monotonic", lambda: clock[0])

    def open_as(name: str, session: str) -> Connection:
        connection = Connection(name)
        token = CONNECTION.set(connection)
        owners.on_opened(session)
        CONNECTION.reset(token)
        return connection

    first = open_as("one", "x")
    again = open_as("one", "x")
    # The old connection's end is noticed late, when the session already has a new one.
    owners.on_closed(first)
    clock[0] = 2 * FORGET_SECONDS
    open_as("two", "y")
    assert owners.owns("one", "x")
    owners.on_closed(again)
    clock[0] += FORGET_SECONDS
    open_as("two", "y")
    assert owners.owns("one", "x")
    clock[0] += 1
    open_as("two", "y")
    assert not owners.owns("one", "x")
    assert owners.owns("two", "y")
    assert not owners.owns(None, "y")


def test_the_list_of_downloads_has_an_end() -> None:
    owners = Owners()
    CONNECTION.set(Connection("one"))
    for number in range(MAX_DOWNLOADS + 1):
        owners.record_download(str(number))
    CONNECTION.set(None)
    assert not owners.may_download("one", "0")
    assert owners.may_download("one", str(MAX_DOWNLOADS))
    owners.record_download("nobody's")
    assert not owners.may_download("one", "nobody's")


@pytest.mark.parametrize("cookie", ["", "abc", "abc.def", "a" * 32 + "." + "0" * 64, "\u00e9.x"])
def test_a_made_up_cookie_opens_nothing(client: Client, cookie: str) -> None:
    answer = client.ask("/media/abc.csv", cookie=f"{COOKIE}={cookie}".encode())
    assert answer.status == 403


def test_the_cookie_of_another_server_opens_nothing(client: Client) -> None:
    other = Client(Starlette(routes=[Route("/", start_page)], middleware=[Middleware(RequestGuard)]))
    value = SimpleCookie(other.ask("/").headers["set-cookie"])[COOKIE].value
    assert client.ask("/media/abc.csv", cookie=f"{COOKIE}={value}".encode()).status == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client) -> None:
    cookie = SimpleCookie(client.ask("/").headers["set-cookie"])[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert "set-cookie" not in client.ask("/").headers


def test_the_cookie_stays_on_tls_where_the_page_came_over_it(client: Client) -> None:
    over_tls = SimpleCookie(client.ask("/", scheme="https").headers["set-cookie"])[COOKIE]
    in_the_clear = SimpleCookie(client.ask("/", cookie=b"none=1").headers["set-cookie"])[COOKIE]
    assert over_tls["secure"]
    assert not in_the_clear["secure"]


@pytest.mark.parametrize("path", ["/", "/media/abc.csv", "/nothing"])
def test_every_answer_has_the_safe_headers(client: Client, path: str) -> None:
    headers = client.ask(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


def test_an_upload_stays_in_memory_while_the_server_runs(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    client.ask("/")
    client.connect("x")
    spooled = client.ask("/_stcore/upload_file/x/file", "PUT", UPLOAD)
    assert spooled.text == "3000000 True"
    warmed = Event()
    monkeypatch.setattr(warming.warm, "__defaults__", (None, (warmed.set,)))

    async def run() -> None:
        async with lifespan(app):
            assert await asyncio.to_thread(warmed.wait, 30)
            assert MultiPartParser.spool_max_size > Settings().upload_limit_mb * 1_000_000

    run_aside(run())
    kept = client.ask("/_stcore/upload_file/x/file", "PUT", UPLOAD)
    assert kept.text == "3000000 False"


def test_no_server_on_the_internet_is_asked_for_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(net_util, "_external_ip", None)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, timeout: asked.append(url))
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    ask_no_other_machine()
    assert not server_util.is_url_from_allowed_origins("https://elsewhere.example")
    monkeypatch.undo()
    monkeypatch.setattr(net_util, "get_external_ip", lambda: asked.append("greeting"))
    config.get_config_options(
        force_reparse=True, options_from_flags={"server.address": "0.0.0.0", "server.headless": True}
    )
    try:
        bootstrap._print_url(False)
    finally:
        config.get_config_options(force_reparse=True)
    assert asked == []


def test_an_error_is_logged_by_its_class_and_place_and_not_its_message(
    caplog: pytest.LogCaptureFixture, factory_as_before: None
) -> None:
    def fail() -> None:
        try:
            raise ValueError(PERSON)
        except ValueError:
            logging.getLogger("streamlit.some").exception("value %s", PERSON)

    fail()
    assert "Smith" in caplog.text
    caplog.clear()
    keep_data_out_of_the_log()
    keep_data_out_of_the_log()
    fail()
    assert "Smith" not in caplog.text
    assert "2010-01-01" not in caplog.text
    assert "ValueError" in caplog.text
    assert caplog.text.count("streamlit.some: ValueError") == 1
    assert "in fail" in caplog.text


ID = "202dbb0d-3510-441d-878f-8029c3b8c985"


@pytest.mark.parametrize(
    ("message", "values"),
    [
        (f"Session with id {ID} is connected", ()),
        ("Session with id %s is connected", (ID,)),
        ('%s - "%s %s HTTP/%s" %d', ("127.0.0.1:1", "PUT", f"/base/_stcore/upload_file/{ID}/1", "1.1", 204)),
        ("%(what)s", {"what": f"/media/{'f' * 64}.csv"}),
        ("%s", (OSError(f"http://a/_stcore/stream?{ID}"),)),
    ],
)
def test_no_log_holds_the_way_to_a_session(
    caplog: pytest.LogCaptureFixture, factory_as_before: None, message: str, values: Any
) -> None:
    keep_data_out_of_the_log()
    logging.getLogger("other").warning(message, *([values] if isinstance(values, dict) else values))
    assert "(left out)" in caplog.text
    assert not any(text in caplog.text for text in (ID, "_stcore", "/media/", "fff"))


def test_the_place_of_an_error_is_the_last_line_of_our_code() -> None:
    with pytest.raises(NotXml) as ours:
        shred.shred(b"", lambda table, batch: None)
    assert place_of(ours.value).startswith("encoding.py:")
    with pytest.raises(ZeroDivisionError) as other:
        divmod(1, 0)
    assert place_of(other.value) == "outside the project"
