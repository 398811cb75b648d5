"""A tab goes on after its person has signed in again in the same browser, and after nothing else."""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import MagicMock

import pytest
import streamlit as st
from streamlit.runtime import websocket_session_manager
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from sen2dash.config import Settings
from sen2dash.ui import pieces
from sen2dash.web import access, resuming
from sen2dash.web.access import Person, Right
from sen2dash.web.owners import CONNECTION, Connection, Owners
from sen2dash.web.sign_ins import SignIns

VIEW, CHILD = frozenset({Right.VIEW}), frozenset({Right.VIEW, Right.CHILD})
ENDED = Person("", frozenset(), has_expired=True)


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sign_ins(clock: Clock) -> SignIns[Person]:
    return SignIns(clock)


def test_a_later_sign_in_of_the_account_counts_in_older_tabs(sign_ins: SignIns[Person], clock: Clock) -> None:
    first, later = Person("a", CHILD, until=2_000, began=100), Person("a", VIEW, until=9_000, began=200)
    assert sign_ins.newest("one", "a", first) is first
    assert sign_ins.newest("one", "a", later) is later
    # With its rights, also after the first one has ended.
    assert sign_ins.newest("one", "a", first) is later
    clock.now = 3_000
    assert sign_ins.newest("one", "a", ENDED) is later
    clock.now = 9_000
    assert sign_ins.newest("one", "a", ENDED) is ENDED


def test_the_sign_in_that_began_later_counts_even_if_it_ends_sooner(sign_ins: SignIns[Person], clock: Clock) -> None:
    first, later = Person("a", CHILD, until=9_000, began=100), Person("a", VIEW, until=2_000, began=200)
    sign_ins.newest("one", "a", first)
    assert sign_ins.newest("one", "a", later) is later
    assert sign_ins.newest("one", "a", first) is later
    # One that began at the same time changes nothing.
    assert sign_ins.newest("one", "a", Person("a", CHILD, until=9_000, began=200)) is later
    # The right that was removed does not come back when it ends.
    clock.now = 3_000
    assert sign_ins.newest("one", "a", first) is later


def test_another_account_and_another_browser_prolong_nothing(sign_ins: SignIns[Person]) -> None:
    sign_ins.newest("one", "a", Person("a", CHILD, until=9_000))
    for browser, account in (("two", "a"), ("one", "b"), (None, "a"), ("", "a"), ("one", "")):
        assert sign_ins.newest(browser, account, ENDED) is ENDED


def test_signing_out_ends_it(sign_ins: SignIns[Person]) -> None:
    owners = Owners()
    owners.on_sign_out.append(sign_ins.forget)
    token = CONNECTION.set(Connection("one"))
    owners.on_opened("s")
    CONNECTION.reset(token)
    assert owners.browser_of("s") == "one"
    assert owners.browser_of("unknown") is None
    sign_ins.newest("one", "a", Person("a", CHILD, until=9_000))
    sign_ins.newest("two", "a", Person("a", CHILD, until=9_000))
    # A page that is drawn while the sign-out is under way finds no browser any more.
    owners.on_sign_out.append(lambda browser: seen.append(owners.browser_of("s")))
    seen: list[str | None] = []
    owners.sign_out("one")
    assert seen == [None]
    assert owners.browser_of("s") is None
    assert sign_ins.newest("one", "a", ENDED) is ENDED
    assert sign_ins.newest("two", "a", ENDED) is not ENDED


def test_the_person_of_a_tab_is_that_of_the_newest_sign_in(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    claims = {"is_logged_in": True, "oid": "a", "roles": ["sen2.child"], "iat": 0, "exp": 500}
    monkeypatch.setattr(access, "has_provider", lambda: True)
    monkeypatch.setattr(access, "_browser", lambda: "one")
    monkeypatch.setattr(access, "SIGN_INS", SignIns(clock))
    monkeypatch.setattr("time.time", clock)
    monkeypatch.setattr(st, "user", type("User", (), {"to_dict": lambda _: claims})())
    assert access.person().has_expired
    later = Person("a", VIEW, until=5_000, began=200)
    access.SIGN_INS.newest("one", "a", later)
    assert access.person() is later
    clock.now = 5_000
    assert access.person().has_expired and not access.person().rights
    claims["is_logged_in"] = False
    assert not access.person().is_signed_in


def test_a_file_is_made_by_the_rights_of_the_newest_sign_in(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    claims = {"is_logged_in": True, "oid": "a", "roles": ["sen2.child"], "iat": 500, "exp": 2_000}
    owners, made = Owners(), list[Callable[[], bytes]]()
    token = CONNECTION.set(Connection("one"))
    owners.on_opened("s")
    CONNECTION.reset(token)
    for name, value in {
        "has_provider": lambda: True,
        "streamlit_id": lambda: "s",
        "OWNERS": owners,
        "SIGN_INS": SignIns(clock),
    }.items():
        monkeypatch.setattr(access, name, value)
    monkeypatch.setattr("time.time", clock)
    monkeypatch.setattr(st, "user", type("User", (), {"to_dict": lambda _: claims})())
    monkeypatch.setattr("streamlit.download_button", lambda label, data, **_: made.append(data))
    pieces.download("A file", lambda: b"child data", "a.csv", "text/csv", "a")
    assert made[0]() == b"child data"
    access.note_sign_in("one", {**claims, "iat": 900, "exp": 9_000})
    clock.now = 3_000
    assert made[0]() == b"child data"
    access.note_sign_in("one", {**claims, "iat": 3_000, "exp": 9_000, "roles": ["sen2.view"]})
    with pytest.raises(RuntimeError, match="no longer has the right"):
        made[0]()
    access.note_sign_in("one", {**claims, "iat": 3_001, "exp": 4_000})
    assert made[0]() == b"child data"
    clock.now = 4_000
    with pytest.raises(RuntimeError, match="sign-in has ended"):
        made[0]()
    access.note_sign_in("one", {**claims, "iat": 4_000, "exp": 9_000})
    owners.sign_out("one")
    with pytest.raises(RuntimeError, match="sign-in has ended"):
        made[0]()


def test_the_time_of_a_sign_in_is_that_of_the_token() -> None:
    claims = {"is_logged_in": True, "oid": "a", "iat": 900, "auth_time": 100, "exp": 2_000}
    assert access.of_claims(claims, Settings(), 1_000).began == 900
    assert access.of_claims(claims, Settings(), 3_000).began == 900
    del claims["iat"]
    assert access.of_claims(claims, Settings(), 1_000).began == 100


class Tab:
    """As much of a session of Streamlit as is asked when a tab returns."""

    n_made = 0

    def __init__(self, user_info: dict[str, Any], **_: Any) -> None:
        Tab.n_made += 1
        self.id, self._user_info, self._resumable = f"tab {Tab.n_made}", user_info, True
        self._user_info_lock = threading.Lock()

    def matches_user_info(self, user_info: dict[str, Any]) -> bool:
        return AppSession.matches_user_info(self, user_info)  # type: ignore[arg-type]

    is_resumable, clear_user_info = AppSession.is_resumable, AppSession.clear_user_info

    def __getattr__(self, name: str) -> Callable[[], None]:
        return lambda: None


def test_a_tab_returns_to_its_session_after_its_account_has_signed_in_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # An app that another test has started in this process has put its own there.
    monkeypatch.setattr(AppSession, "matches_user_info", inspect.unwrap(AppSession.matches_user_info))
    monkeypatch.setattr(websocket_session_manager, "AppSession", Tab)
    owners, manager = Owners(), WebsocketSessionManager(MemorySessionStorage(), MagicMock(), MagicMock(), None)
    for module in (resuming, access):
        monkeypatch.setattr(module, "OWNERS", owners)
    monkeypatch.setattr(access, "SIGN_INS", SignIns(time.time))
    first = {"is_logged_in": True, "iss": "https://a", "oid": "a", "sub": "1", "iat": 1, "exp": 2}
    again = {**first, "iat": time.time(), "exp": time.time() + 60, "roles": ["sen2.child"]}

    def connect(claims: dict[str, Any], browser: str = "one", tab: str | None = None) -> str:
        token = CONNECTION.set(Connection(browser))
        try:
            return manager.connect_session(None, None, dict(claims), tab)  # type: ignore[arg-type]
        finally:
            CONNECTION.reset(token)

    tab = connect(first)
    token = CONNECTION.set(Connection("one"))
    owners.on_opened(tab)
    CONNECTION.reset(token)
    manager.disconnect_session(tab)
    assert connect(again, tab=tab) != tab
    resuming.resume_same_account()
    resuming.resume_same_account()
    for other in ({"oid": "b"}, {"sub": "2"}, {"iss": "https://b"}, {"iss": ""}, {"is_logged_in": False}):
        assert connect({**again, **other}, tab=tab) != tab, other
    assert connect(again, "two", tab) != tab
    assert connect({}, tab=tab) != tab
    assert connect(again, tab=tab) == tab
    # The new sign-in counts in it at once.
    assert access.SIGN_INS.newest("one", "a", ENDED).may(Right.CHILD)
    owners.sign_out("one")
    manager.disconnect_session(tab)
    assert connect(again, tab=tab) != tab
