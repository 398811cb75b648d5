"""Browsers without a screen, which send the requests and frames of a page and also ones that no page would send."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from sen2dash.web.server import COOKIE

XSRF = "_streamlit_xsrf"
#: Seconds to wait for a frame or an answer.
WAIT = 30.0


@dataclass
class Answer:
    """The response to a request."""

    status: int
    text: str


@dataclass
class Browser:
    """A browser with its cookies. address: the server's."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def cookie(self) -> str:
        """The cookie header sent with every request."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def keep(self, header: str) -> None:
        """Keep the cookie of one Set-Cookie header."""
        for name, morsel in SimpleCookie(header).items():
            self.cookies[name] = morsel.value

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """One request, with the cookies of this browser."""
        line = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=WAIT)
        all_headers = {"Cookie": self.cookie(), **({"X-Xsrftoken": self.cookies[XSRF]} if XSRF in self.cookies else {})}
        line.request(method, path, body or None, {**all_headers, **(headers or {})})
        answer = line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.keep(value)
        found = Answer(answer.status, answer.read().decode("utf-8", "replace"))
        line.close()
        return found

    def visit(self) -> Browser:
        """Open the start page, and create the token that Streamlit's script would request."""
        assert self.ask("GET", "/").status == 200
        self.ask("GET", "/_stcore/host-config")
        self.ask("GET", "/_stcore/health")
        return self

    def upload(self, session: str, name: str, data: bytes) -> Answer:
        """Send a file to a session, as the uploader does."""
        body = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\nContent-Type: text/xml\r\n\r\n'
            + data
            + b"\r\n--x--\r\n"
        )
        return self.ask(
            "PUT", f"/_stcore/upload_file/{session}/{name}", body, {"Content-Type": "multipart/form-data; boundary=x"}
        )

    def connect(self, session: str = "", headers: Mapping[str, str] | None = None) -> Tab:
        """Open a tab of this browser: a new session or, as after a lost connection, the session with this id."""
        names = ["streamlit", self.cookies.get(XSRF, "none"), *([session] if session else [])]
        with ExitStack() as stack:
            line = stack.enter_context(
                connect(
                    self.address.replace("http", "ws", 1) + "/_stcore/stream",
                    subprotocols=[Subprotocol(name) for name in names],
                    additional_headers={"Cookie": self.cookie(), **(headers or {})},
                    origin=None,
                    max_size=None,
                    proxy=None,
                )
            )
            assert line.response is not None
            for value in line.response.headers.get_all("Set-Cookie"):
                self.keep(value)
            return Tab(line, stack.pop_all())


@dataclass
class Tab:
    """One websocket and everything received through it."""

    line: ClientConnection
    #: Closes the websocket.
    stack: ExitStack
    received: list[ForwardMsg] = field(default_factory=list)

    def draw(self, message: BackMsg | None = None) -> str:
        """Have the page drawn, and return the id of the session it was drawn for. message: what to send for it."""
        if message is None:
            message = BackMsg()
            message.rerun_script.query_string = ""
        self.line.send(message.SerializeToString())
        session = ""
        while True:
            frame = self.line.recv(timeout=WAIT)
            assert isinstance(frame, bytes)
            found = ForwardMsg.FromString(frame)
            self.received.append(found)
            if found.WhichOneof("type") == "new_session":
                session = found.new_session.initialize.session_id
            if found.WhichOneof("type") == "script_finished" and session:
                return session

    def shows(self, text: str) -> bool:
        """Whether a text was sent."""
        return any(text.encode() in frame.SerializeToString() for frame in self.received)

    def close(self) -> None:
        """Close the tab."""
        self.stack.close()


def forged(browser: Browser) -> dict[str, str]:
    """The cookies of a browser with the end of the signature changed."""
    value = browser.cookies[COOKIE]
    # Only the first bits of the last letter count: A and B would be the same signature.
    return {**browser.cookies, COOKIE: value[:-1] + ("A" if value[-1] != "A" else "Q")}
