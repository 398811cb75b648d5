"""The guard of every page, and what people see who have not signed in or may not see a page.

Nothing of a page is drawn before `check` has found that the person at the screen may see it.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import NoReturn

import streamlit as st
from streamlit.user_info import generate_login_redirect_url

from sen2dash.config import UNITED_KINGDOM
from sen2dash.ui import navigation
from sen2dash.ui.rights import may_open, right_of
from sen2dash.ui.words import plain
from sen2dash.web import access, archive_session, vault
from sen2dash.web.access import Person, Right

#: Session state: who has signed in as the audit knows it, the page that was refused last, and whose visit it is.
SEEN, REFUSED, WHOSE = "sign_in_seen", "sign_in_refused", "sign_in_whose"
#: The rights with which each account signed in last, as long as the server runs.
LAST_RIGHTS: dict[str, frozenset[Right]] = {}
#: Seconds before the end of a sign-in from which the page says so, and between two looks at the time.
WARN_SECONDS, LOOK_SECONDS = 600, 30
AGAIN = "Sign in again"
#: What an account without any right sees as the title.
NO_ACCESS = "You have no access"


def clear_for_another(person: Person) -> None:
    """Erase what the visit holds if it was somebody else's: behind a proxy, a tab outlasts the person at the screen.

    The state of the widgets is erased too, which can name a child or a kept return. Comes before anything is drawn.
    """
    if st.session_state.get(WHOSE, person.who) != person.who:
        vault.clear()
        archive_session.close()
        for key in [str(key) for key in st.session_state if key != vault.SESSION_KEY]:
            del st.session_state[key]
    st.session_state[WHOSE] = person.who


def check(page: str) -> None:
    """Let the page be drawn if the person may see it; otherwise say why not, and stop."""
    person = access.person()
    vault.allow_loading(person.may(Right.CHILD))
    if not person.may(Right.VIEW):
        # What was loaded before the sign-in ended is of no use to anybody.
        vault.clear()
    if not person.is_signed_in:
        _ask(person)
    _record_sign_in(person)
    if not person.rights:
        _refuse(NO_ACCESS, page, person, "Your account has no right to use sen2dash.")
    if not may_open(person, page):
        words = "This page shows children, and your account has the right to see figures only."
        if right_of(page) is Right.ADMIN:
            words = "This page is for administrators."
        _refuse("You have no access to this page", page, person, words)


def account(person: Person) -> None:
    """In the sidebar: who has signed in, until when, and a way to sign out. Nothing where there is no sign-in."""
    if person.until is None:
        return
    if access.has_provider():
        st.fragment(_until_now, run_every=LOOK_SECONDS)()
    else:
        _until(person)
    _sign_out()


def _until_now() -> None:
    """Say until when the sign-in lasts at this moment. Draws itself again every half a minute, without the page."""
    _until(access.person())


def _until(person: Person) -> None:
    """Until when the sign-in lasts, and shortly before, how to go on: a status, because nothing has gone wrong.

    Whoever signs in again in another tab of the browser goes on here, with what is loaded: see `web.sign_ins`.
    """
    if person.until is None:
        # The next click says that it has ended.
        return
    ends = datetime.fromtimestamp(person.until, UNITED_KINGDOM)
    name = f" as {plain(person.name)}" if person.name else ""
    st.caption(f"Signed in{name} until {ends:%H:%M}.")
    is_soon = person.until - time.time() < WARN_SECONDS
    words = f"<strong>Your sign-in ends at {ends:%H:%M}.</strong> Then what is loaded is erased." if is_soon else ""
    # There before it says something, so that screen readers notice when it does.
    st.html(f'<div role="status">{words}</div>')
    if is_soon:
        st.link_button(AGAIN, generate_login_redirect_url("default"), icon=":material/open_in_new:", type="primary")
        st.caption("It opens another tab. Then come back here: what is loaded stays.")


def _title(words: str) -> None:
    """The heading, in place of that of the page that was asked for."""
    st.set_page_config(page_title=f"{words} - sen2dash")
    st.title(words, anchor=False)


def _sign_out() -> None:
    if st.button("Sign out", key="sign_in_out", on_click=vault.clear, icon=":material/logout:"):
        st.logout()


def _ask(person: Person) -> NoReturn:
    """The page for people who have not signed in, or whose sign-in has ended."""
    if not access.has_provider():
        _no_name()
    _title("Sign in to sen2dash")
    if person.has_expired:
        st.info("**Your sign-in has ended.** What you had loaded has been erased.", icon=":material/info:")
    st.markdown("Check the SEN2 return of your authority and see its figures. Use your work account.")
    if st.button("Sign in", key="sign_in", type="primary", icon=":material/login:"):
        st.login()
    st.stop()


def _no_name() -> NoReturn:
    """The page for a visitor whom the proxy did not name."""
    _title(NO_ACCESS)
    st.markdown(f"The server does not know who you are. Ask {plain(access.contact())}.")
    st.stop()


def _refuse(title: str, page: str, person: Person, why: str) -> NoReturn:
    """Say that the person may not see a page and whom to ask, once for the audit."""
    if st.session_state.get(REFUSED) != page:
        st.session_state[REFUSED] = page
        access.record("refused", page, person)
    _title(title)
    with st.container(border=True):
        st.markdown(f"{why} To get access, ask {plain(access.contact())}.")
        if person.rights:
            st.page_link(
                navigation.page(navigation.first_page()), label=f"Go to {navigation.title_of(navigation.first_page())}"
            )
        else:
            name = f"You are signed in as {plain(person.name)}. " if person.name else ""
            st.markdown(f"{name}If you are given a role, sign out and sign in again.")
            _sign_out_or_nothing(person)
    st.stop()


def _sign_out_or_nothing(person: Person) -> None:
    if person.until is not None:
        _sign_out()


def _record_sign_in(person: Person) -> None:
    """Record a sign-in with its rights, once for each session, and what is different from the rights before."""
    is_local = person.until is None and not access.settings().sign_in_by_proxy
    if is_local or st.session_state.get(SEEN) == (person.who, person.until):
        return
    st.session_state[SEEN] = (person.who, person.until)
    access.record("sign_in", ".".join(_words(person.rights)), person)
    before = LAST_RIGHTS.get(person.who, person.rights)
    LAST_RIGHTS[person.who] = person.rights
    for change, rights in (("given", person.rights - before), ("removed", before - person.rights)):
        for word in _words(rights):
            access.record("right", f"{change}.{word}", person)


def _words(rights: frozenset[Right]) -> list[str]:
    """Rights in words of the audit: admin, child, view."""
    return sorted(right.value.removeprefix("sen2.") for right in rights)
