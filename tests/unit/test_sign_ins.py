"""A tab goes on after its person has signed in again in the same browser, and after nothing else."""

from __future__ import annotations

import pytest
import streamlit as st

from sen2dash.web import access
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
    first, later = Person("a", CHILD, until=2_000), Person("a", VIEW, until=9_000)
    assert sign_ins.newest("one", "a", first) is first
    assert sign_ins.newest("one", "a", later) is later
    # With its rights, also after the first one has ended.
    assert sign_ins.newest("one", "a", first) is later
    clock.now = 3_000
    assert sign_ins.newest("one", "a", ENDED) is later
    clock.now = 9_000
    assert sign_ins.newest("one", "a", ENDED) is ENDED


def test_another_account_and_another_browser_prolong_nothing(sign_ins: SignIns[Person]) -> None:
    sign_ins.newest("one", "a", Person("a", CHILD, until=9_000))
    for browser, account in (("two", "a"), ("one", "b"), (None, "a"), ("", "a"), ("one", "")):
        assert sign_ins.newest(browser, account, ENDED) is ENDED


def test_signing_out_ends_it(sign_ins: SignIns[Person]) -> None:
    owners = Owners()
    owners.on_sign_out.append(sign_ins.forget)
    token = CONNECTION.set(Connection("one"))
    owners.opened("s")
    CONNECTION.reset(token)
    assert owners.browser_of("s") == "one"
    assert owners.browser_of("unknown") is None
    sign_ins.newest("one", "a", Person("a", CHILD, until=9_000))
    sign_ins.newest("two", "a", Person("a", CHILD, until=9_000))
    owners.sign_out("one")
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
    later = Person("a", VIEW, until=5_000)
    access.SIGN_INS.newest("one", "a", later)
    assert access.person() is later
    claims["is_logged_in"] = False
    assert not access.person().is_signed_in
