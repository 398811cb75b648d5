"""What claims and headers give: who it is, which rights, which authority, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sen2dash.config import Settings
from sen2dash.errors import NoAccess
from sen2dash.reading.header import authority_of
from sen2dash.reading.shred import CHUNK
from sen2dash.sample.generate import sample_bytes
from sen2dash.web import access
from sen2dash.web.access import BY_PROXY, NOBODY, Person, Right, of_claims, of_headers, rights_of

VIEW, CHILD, ADMIN = Right
NOW = 1_800_000_000.0
HOUR = 3600
CLAIMS: dict[str, Any] = {
    "is_logged_in": True,
    "oid": "0f1e",
    "sub": "sub-1",
    "name": "Ada Officer",
    "email": "ada@authority.example",
    "roles": ["sen2.child"],
    "exp": NOW + 10 * HOUR,
    "auth_time": NOW - HOUR,
    "iat": NOW - HOUR,
}


def person_of(settings: Settings | None = None, without: str = "", **claims: Any) -> Person:
    given = {name: value for name, value in {**CLAIMS, **claims}.items() if name != without}
    return of_claims(given, settings or Settings(), NOW)


@pytest.mark.parametrize(
    ("roles", "rights"),
    [
        (["sen2.view"], {VIEW}),
        (["sen2.child"], {VIEW, CHILD}),
        (["sen2.admin"], {VIEW, ADMIN}),
        (["sen2.child", "sen2.admin"], {VIEW, CHILD, ADMIN}),
        (["sen2.view", "finance.all"], {VIEW}),
        (["finance.all"], set()),
        (["SEN2.CHILD", "sen2.child2", "child"], set()),
        ([], set()),
        (None, set()),
        ("sen2.view, sen2.admin", {VIEW, ADMIN}),
        ("sen2.viewer", set()),
        ([["sen2.child"], 1, None], set()),
        ({"sen2.child": True}, set()),
        (True, set()),
    ],
)
def test_roles_give_rights_and_unknown_ones_give_none(roles: object, rights: set[Right]) -> None:
    assert rights_of(roles) == rights


def test_a_person_is_named_by_oid_else_sub_and_never_by_e_mail() -> None:
    assert (person_of().who, person_of().name) == ("0f1e", "Ada Officer")
    assert person_of(without="oid").who == "sub-1"
    assert person_of(oid="").who == "sub-1"
    assert person_of(name="ada@authority.example").name == ""
    assert "ada@" not in repr(person_of(without="name"))


@pytest.mark.parametrize(
    ("claims", "has_expired"),
    [
        ({"exp": NOW}, True),
        ({"exp": NOW - 1}, True),
        ({"auth_time": NOW - 8 * HOUR}, True),
        ({"auth_time": NOW + 2 * HOUR}, False),
        ({"exp": None}, False),
        ({"exp": "later"}, False),
        ({"exp": True}, False),
        ({"exp": float("nan")}, False),
        ({"exp": float("inf")}, False),
        ({"auth_time": None}, False),
        ({"auth_time": "now"}, False),
        ({"oid": None, "sub": None}, False),
        ({"oid": 7, "sub": ["x"]}, False),
        ({"is_logged_in": False}, False),
        ({"is_logged_in": "true"}, False),
    ],
)
def test_whoever_has_no_valid_sign_in_has_no_right(claims: dict[str, Any], has_expired: bool) -> None:
    found = person_of(**claims)
    assert (found.who, found.rights, found.has_expired) == ("", frozenset(), has_expired)


@pytest.mark.parametrize("missing", ["exp", "is_logged_in"])
def test_a_missing_claim_is_no_sign_in(missing: str) -> None:
    assert person_of(without=missing) == NOBODY


def test_a_sign_in_lasts_as_long_as_the_shorter_of_both_limits() -> None:
    assert person_of().until == NOW + 7 * HOUR
    assert person_of(exp=NOW + 60).until == NOW + 60
    assert person_of(Settings(sign_in_hours=2)).until == NOW + HOUR
    assert person_of(auth_time=NOW - 8 * HOUR + 1).may(CHILD)
    assert person_of(exp=NOW + 1).has_ended(NOW + 1)


def test_without_auth_time_the_token_s_own_time_counts() -> None:
    assert person_of(without="auth_time", iat=NOW - 3 * HOUR).until == NOW + 5 * HOUR
    assert person_of(without="auth_time", iat=NOW - 9 * HOUR).has_expired
    assert of_claims({k: v for k, v in CLAIMS.items() if k not in ("auth_time", "iat")}, Settings(), NOW) == NOBODY


def test_the_claims_can_have_other_names() -> None:
    settings = Settings(roles_claim="groups", authority_claim="area")
    found = person_of(settings, groups=["sen2.view"], area="873")
    assert (set(found.rights), found.authority) == ({VIEW}, "873")


@pytest.mark.parametrize(
    ("claim", "server", "authority", "has_rights"),
    [
        ("873", "", "873", True),
        (873, "", "873", True),
        (None, "", "", True),
        ("", "", "", True),
        (None, "873", "873", True),
        ("873", "873", "873", True),
        ("301", "873", "", False),
        ("Cambridgeshire", "", "", False),
        (["873"], "", "", False),
        (True, "", "", False),
        ("８７３", "", "", False),
    ],
)
def test_the_authority_of_a_claim(claim: object, server: str, authority: str, has_rights: bool) -> None:
    found = person_of(Settings(authority=server), la_code=claim)
    assert (found.authority, bool(found.rights)) == (authority, has_rights)


def test_behind_a_proxy_everyone_may_see_children_and_nobody_administers() -> None:
    assert of_headers({}, Settings()) == Person(BY_PROXY, frozenset({VIEW, CHILD}))
    settings = Settings(proxy_user_header="X-Account", authority="873")
    assert of_headers({"X-Account": "ada"}, settings) == Person("ada", frozenset({VIEW, CHILD}), "873")
    assert of_headers({}, settings) == Person("", frozenset(), "873")


@pytest.fixture
def as_person(monkeypatch: pytest.MonkeyPatch) -> Callable[[Person], None]:
    return lambda person: monkeypatch.setattr(access, "person", lambda: person)


def test_a_right_that_is_missing_is_refused_with_whom_to_ask(as_person: Callable[[Person], None]) -> None:
    as_person(Person("a", frozenset({VIEW})))
    assert access.require(VIEW).who == "a"
    with pytest.raises(NoAccess) as refused:
        access.require(CHILD)
    assert refused.value.hint == "Ask the person who looks after sen2dash."
    as_person(NOBODY)
    with pytest.raises(NoAccess, match="no access") as refused:
        access.require(VIEW)
    assert refused.value.hint == "Sign in again."


def test_only_the_own_authority_s_return_is_let_in(as_person: Callable[[Person], None]) -> None:
    as_person(Person("a", frozenset({VIEW, CHILD}), "873"))
    access.check_authority("873")
    for number, words in (("301", "It is of local authority 301."), ("", "names no local authority"), (None, "names")):
        with pytest.raises(NoAccess, match="another authority") as refused:
            access.check_authority(number)
        assert words in refused.value.message
    as_person(Person("a", frozenset({VIEW, CHILD})))
    access.check_authority("301")


def test_the_authority_is_read_from_the_header_alone() -> None:
    data = sample_bytes(persons=5, seed=1)
    number = authority_of(data)
    assert number is not None and f"<LEA>{number}</LEA>".encode() in data
    end = data.index(b"</Header>") + len(b"</Header>")
    # What follows the first piece of the file is not read, so it may be anything.
    assert authority_of(data[:end] + b"<X/>" * (CHUNK // 4) + b"<Persons><Person></oops>") == number
    start = data.index(b"<Header>")
    body = data.index(b"<Persons>")
    close = data.index(b"</Persons>") + len(b"</Persons>")
    late = data[:start] + data[body:close] + data[start:end] + data[close:]
    assert authority_of(late) == number
    assert authority_of(data.replace(f"<LEA>{number}</LEA>".encode(), b"")) == ""
    assert authority_of(data[:start] + data[end:]) is None
    assert authority_of(b"<Message><Header>") is None


def test_what_is_recorded_reaches_the_audit_and_never_stops_a_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, as_person: Callable[[Person], None]
) -> None:
    seen: list[tuple[str, str, str]] = []

    def fails(person: Person, event: str, what: str) -> None:
        raise OSError("ada is unknown")

    monkeypatch.setattr(
        access, "RECORDERS", [fails, lambda person, event, what: seen.append((person.who, event, what))]
    )
    as_person(Person("a", frozenset({VIEW})))
    access.record("refused", "errors")
    assert seen == [("a", "refused", "errors")]
    assert "OSError" in caplog.text
    assert "ada" not in caplog.text
