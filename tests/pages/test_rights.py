"""What people see who may see figures only, who have no right, and who have not signed in."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.analysis import earlier_years
from sen2dash.checks.report import Report
from sen2dash.config import Settings
from sen2dash.errors import NoAccess
from sen2dash.indicators import figures
from sen2dash.reading.source import SourceText
from sen2dash.ui import loading, sign_in
from sen2dash.ui.filters import SHARING
from sen2dash.ui.rights import RIGHTS
from sen2dash.web import access, archive_session, session_data, vault
from sen2dash.web.access import NOBODY, Person, Right
from tests.pages.conftest import MAIN, Open, inputs_of
from tests.pages.test_pages import words

VIEWER = Person("v", frozenset({Right.VIEW}), name="Vic Viewer", until=9e9)
ADMIN = Person("d", frozenset({Right.VIEW, Right.ADMIN}))
OFFICER = Person("c", frozenset({Right.VIEW, Right.CHILD}), name="Ada Officer", until=9e9)
FIGURES = [name for name, _, _ in ui.PAGES if RIGHTS[name] is Right.VIEW]
#: Pages that show no figures of the return that is open.
NO_FIGURES = {"rulebook", "kept", "trend"}
START, *OTHERS = [name for name, _, _ in ui.PAGES if RIGHTS[name] is Right.CHILD]
AGES = range(5, 27)
Recorded = list[tuple[str, str, str]]


@pytest.fixture
def as_person(monkeypatch: pytest.MonkeyPatch) -> Callable[[Person], None]:
    return lambda person: monkeypatch.setattr(access, "person", lambda: person)


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """The events of the audit."""
    seen: Recorded = []
    monkeypatch.setattr(sign_in, "LAST_RIGHTS", {})
    monkeypatch.setattr(access, "RECORDERS", [lambda person, event, what: seen.append((person.who, event, what))])
    return seen


def everything(at: AppTest) -> str:
    """All that reached the browser."""
    return "\n".join(str(element.proto) for element in at if hasattr(element, "proto")) + words(at)


@pytest.fixture(scope="module")
def personal(reports: dict[str, tuple[Report, bytes]]) -> set[str]:
    """Every surname of four letters or more, UPN and ULN of the return."""
    rows = reports["dirty"][0].store.rows("select surname, upn, unique_learner_number from person")
    return {text for row in rows for text in row.values() if text and len(text) > 3} - {"Unknown"}


@pytest.mark.parametrize("page", FIGURES)
def test_figures_are_for_everyone_with_small_numbers_protected_and_no_child(
    open_page: Open, as_person: Callable[[Person], None], personal: set[str], page: str
) -> None:
    as_person(VIEWER)
    at = open_page(page, "dirty")
    assert not at.exception
    assert at.title[0].value == ui.title_of(page) or page == "rulebook"
    assert "Reference number" not in words(at)
    assert "no access" not in words(at)
    sent = everything(at)
    assert not {text for text in personal if text in sent}
    assert not list(at.get("file_uploader"))
    assert not any(toggle.key == "ui_hide_names" for toggle in at.toggle)
    if page not in NO_FIGURES:
        toggle = at.toggle(key=f"{SHARING}_always")
        assert toggle.value and toggle.disabled
        assert "Counts are rounded to the nearest 5" in words(at)


def test_a_filter_does_not_tell_whether_anybody_matches(
    open_page: Open, as_person: Callable[[Person], None], reports: dict[str, tuple[Report, bytes]]
) -> None:
    as_person(VIEWER)
    sizes = {str(age): figures.select(reports["clean"][0], figures.choose({"age": [str(age)]}), True).n for age in AGES}
    few, none = (next(age for age, n in sizes.items() if n in wanted) for wanted in (range(1, 8), (0,)))
    said = []
    for age in (few, none):
        at = open_page("headlines", "clean")
        at.multiselect(key="f_age").set_value([age]).run()
        assert not at.exception and "Too few people match the filters" in words(at)
        said.append(re.sub(rf"Age(\\:)? {age}\b", "Age", words(at)))
    assert said[0] == said[1]


def test_a_viewer_cannot_turn_how_20_weeks_are_counted(open_page: Open, as_person: Callable[[Person], None]) -> None:
    for person, n_radios in ((OFFICER, 2), (VIEWER, 0)):
        as_person(person)
        at = open_page("timeliness", "dirty")
        assert "They are counted as 140 days" in words(at)
        assert sum(each.label.startswith(("20 weeks", "Cases with")) for each in at.radio) == n_radios


def test_the_same_search_finds_children_on_the_pages_of_an_officer(
    open_page: Open, as_person: Callable[[Person], None], personal: set[str]
) -> None:
    as_person(OFFICER)
    sent = everything(open_page("errors", "dirty"))
    assert {text for text in personal if text in sent}


@pytest.mark.parametrize("person", [VIEWER, ADMIN], ids=["viewer", "administrator"])
@pytest.mark.parametrize("page", OTHERS)
def test_a_page_about_children_says_whom_to_ask(
    open_page: Open, as_person: Callable[[Person], None], recorded: Recorded, person: Person, page: str
) -> None:
    as_person(person)
    at = open_page(page, "dirty", {"person": "1"})
    assert [title.value for title in at.title] == ["You have no access to this page"]
    assert "ask the person who looks after sen2dash" in words(at)
    assert not at.dataframe and not at.table and not at.get("download_button")
    assert (person.who, "refused", page) in recorded
    refused = [each for each in recorded if each[1] == "refused"]
    at.run()
    assert [each for each in recorded if each[1] == "refused"] == refused


@pytest.mark.parametrize("person", [VIEWER, ADMIN], ids=["viewer", "administrator"])
def test_a_visit_without_the_right_to_load_starts_with_the_figures(
    open_page: Open, as_person: Callable[[Person], None], person: Person
) -> None:
    as_person(person)
    at = open_page(START)
    assert [title.value for title in at.title] == ["Summary"]


@pytest.mark.parametrize("page", [name for name in FIGURES if name not in NO_FIGURES])
def test_without_an_archive_nothing_has_been_shared(
    open_page: Open, as_person: Callable[[Person], None], page: str
) -> None:
    as_person(VIEWER)
    at = open_page(page)
    assert "**Nothing has been shared with you.** To see figures, ask the person who looks after" in words(at)
    assert not at.get("page_link")
    assert "Upload a return" not in words(at)


@pytest.mark.parametrize("page", ["kept", "trend"])
def test_without_an_archive_a_viewer_does_not_read_how_to_set_one_up(
    open_page: Open, as_person: Callable[[Person], None], page: str
) -> None:
    as_person(VIEWER)
    at = open_page(page)
    assert "**Nothing has been shared with you.** No return is kept on this server." in words(at)
    assert "SEN2DASH_ARCHIVE" not in words(at)
    as_person(ADMIN)
    assert "SEN2DASH_ARCHIVE" in words(open_page(page))


def test_with_an_archive_a_viewer_is_led_to_the_kept_returns(
    open_page: Open, as_person: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_session, "is_set_up", lambda: True)
    monkeypatch.setattr(archive_session, "current", lambda: None)
    as_person(VIEWER)
    at = open_page("summary")
    assert "Open a kept return to see its figures." in words(at)
    assert "Go to the kept returns" in [each.proto.label for each in at.get("page_link")]


def test_behind_a_proxy_a_tab_holds_nothing_of_the_person_before(
    open_page: Open, as_person: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    monkeypatch.setattr(vault, "clear", lambda: closed.append("return"))
    monkeypatch.setattr(archive_session, "close", lambda: closed.append("archive"))
    as_person(Person("ada", OFFICER.rights))
    at = open_page("errors", "dirty")
    at.session_state["person_search"] = "Smith"
    at.run()
    assert closed == []
    as_person(Person("bob", OFFICER.rights))
    at.run()
    assert closed == ["return", "archive"]
    assert "person_search" not in at.session_state
    assert not at.exception and at.title[0].value == "Errors"
    at.run()
    assert closed == ["return", "archive"]


def test_the_rulebook_of_a_viewer_has_no_counts_of_the_return(
    open_page: Open, as_person: Callable[[Person], None]
) -> None:
    as_person(VIEWER)
    at = open_page("rulebook", "dirty")
    assert "In this return" not in words(at)
    assert "Findings" not in at.dataframe[0].value.columns
    assert "The DfE's own rule numbers" not in words(at)


@pytest.mark.parametrize("page", [name for name, _, _ in ui.PAGES])
def test_whoever_has_not_signed_in_sees_one_button(
    open_page: Open, as_person: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(access, "has_provider", lambda: True)
    as_person(NOBODY)
    at = open_page(page, query={"person": "1"})
    assert [title.value for title in at.title] == ["Sign in to sen2dash"]
    assert [button.label for button in at.button] == ["Sign in"]
    assert not at.sidebar.children


def test_an_account_without_a_role_is_told_whom_to_ask(
    open_page: Open, as_person: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch, recorded: Recorded
) -> None:
    monkeypatch.setattr(access, "settings", lambda: Settings(access_contact="the SEN data team"))
    as_person(Person("n", frozenset(), name="Nil [Role](x)", until=9e9))
    at = open_page("summary")
    assert [title.value for title in at.title] == ["You have no access"]
    assert "ask the SEN data team" in words(at)
    assert r"Nil \[Role\]\(x\)" in words(at)
    assert [button.label for button in at.button] == ["Sign out"]
    assert ("n", "sign_in", "") in recorded


def test_when_the_sign_in_ends_what_was_loaded_is_erased(
    as_person: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    monkeypatch.setattr(vault, "clear", lambda: closed.append("erased"))
    monkeypatch.setattr(access, "has_provider", lambda: True)
    as_person(Person("", frozenset(), has_expired=True))
    at = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert "Your sign-in has ended." in words(at)
    assert closed


def test_the_sidebar_says_who_has_signed_in_and_until_when(
    open_page: Open, as_person: Callable[[Person], None], recorded: Recorded
) -> None:
    # 1 July 2027, 12:00 in London.
    as_person(Person("c", OFFICER.rights, name="Ada Officer", until=1_814_439_600.0))
    at = open_page("upload")
    assert "Signed in as Ada Officer until 12:00." in [caption.value for caption in at.sidebar.caption]
    assert [button.label for button in at.sidebar.button][-1] == "Sign out"
    assert recorded == [("c", "sign_in", "child.view")]


def test_a_right_is_recorded_only_when_it_changed(
    open_page: Open, as_person: Callable[[Person], None], recorded: Recorded
) -> None:
    for rights in ({Right.VIEW, Right.CHILD}, {Right.VIEW, Right.CHILD}, {Right.VIEW, Right.ADMIN}, set[Right]()):
        recorded.clear()
        as_person(Person("c", frozenset(rights), until=9e9))
        open_page("summary").run()
        changed = [what for _, event, what in recorded if event == "right"]
        if rights == {Right.VIEW, Right.ADMIN}:
            assert recorded[0] == ("c", "sign_in", "admin.view")
            assert changed == ["given.admin", "removed.child"]
        elif not rights:
            assert changed == ["removed.admin", "removed.view"]
        else:
            assert changed == []


def test_whom_a_proxy_signs_in_is_recorded_and_the_user_of_this_machine_is_not(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, recorded: Recorded
) -> None:
    open_page("upload")
    assert recorded == []
    monkeypatch.setattr(access, "settings", lambda: Settings(sign_in_by_proxy=True))
    at = open_page("upload")
    assert [each.value for each in at.title] == ["Check a SEN2 return"]
    assert recorded == [(access.BY_PROXY, "sign_in", "child.view")]
    assert ("sign_in_out" in [button.key for button in at.button]) is False


def test_a_visitor_whom_the_proxy_does_not_name_gets_nothing(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Settings(sign_in_by_proxy=True, proxy_user_header="X-Account")
    monkeypatch.setattr(access, "settings", lambda: chosen)
    at = open_page("upload")
    assert [each.value for each in at.title] == ["You have no access"]
    assert not at.button


@pytest.mark.parametrize(
    ("claims", "title"),
    [
        ({}, "Check a SEN2 return"),
        ({"roles": ["sen2.view"]}, "Summary"),
        ({"roles": []}, "You have no access"),
        ({"exp": 0}, "Sign in to sen2dash"),
        ({"is_logged_in": False}, "Sign in to sen2dash"),
    ],
    ids=["child", "view", "none", "expired", "signed out"],
)
def test_the_claims_of_the_provider_decide(monkeypatch: pytest.MonkeyPatch, claims: dict[str, Any], title: str) -> None:
    now = time.time()
    monkeypatch.setattr(access, "provider", lambda: {"redirect_uri": "http://127.0.0.1/oauth2callback"})
    at = AppTest.from_file(str(MAIN), default_timeout=60)
    at.user = {"is_logged_in": True, "sub": "s", "roles": ["sen2.child"], "exp": now + 600, "iat": now, **claims}
    at.run()
    assert [each.value for each in at.title] == [title]


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A return whose people are read fails the test."""

    def build(*_: object, **__: object) -> None:
        raise AssertionError("its people were read")

    monkeypatch.setattr(loading, "build_report", build)
    monkeypatch.setattr(earlier_years, "read_earlier", build)


@pytest.mark.usefixtures("unread")
def test_another_authority_s_return_is_refused_before_its_people_are_read(
    as_person: Callable[[Person], None], clean_bytes: bytes
) -> None:
    as_person(Person("c", OFFICER.rights, "873"))
    with pytest.raises(NoAccess, match="another authority") as refused:
        loading.check(inputs_of(clean_bytes), clean_bytes)
    assert "Your account may load only returns of 873. None of its records were read." in refused.value.message
    with pytest.raises(NoAccess):
        loading.load_earlier(SourceText(clean_bytes), Settings(), None)
    own = clean_bytes.replace(b"<LEA>333</LEA>", b"<LEA>873</LEA>")
    assert own != clean_bytes
    with pytest.raises(NoAccess):
        loading.check(session_data.Inputs(SourceText(own), "own.xml", previous=SourceText(clean_bytes)), own)
    with pytest.raises(AssertionError, match="were read"):
        loading.check(inputs_of(own), own)


def test_a_sign_in_that_ends_soon_is_said_with_a_way_to_go_on(
    open_page: Open, as_person: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "has_provider", lambda: True)
    monkeypatch.setattr(sign_in, "generate_login_redirect_url", lambda provider: f"/auth/login?{provider}")
    for seconds, is_soon in ((3_600, False), (300, True)):
        as_person(replace(OFFICER, until=time.time() + seconds))
        at = open_page("errors", "dirty")
        assert not at.exception
        status = next(str(each.proto.body) for each in at.get("html") if 'role="status"' in str(each.proto.body))
        assert ("Your sign-in ends at" in status) is is_soon
        assert not [each for each in at.warning if "sign-in" in each.value]
        links = [each.proto for each in at.get("link_button")]
        assert [(each.label, each.url) for each in links] == [("Sign in again", "/auth/login?default")] * is_soon
