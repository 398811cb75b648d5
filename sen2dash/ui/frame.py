"""What every page shares: how a session starts, the guard, the heading, and whether names are hidden.

No page shows anything before `guard` has run. Nothing personal reaches the browser while names are hidden.
"""

from __future__ import annotations

import streamlit as st

from sen2dash.ui import glossary, sign_in, style
from sen2dash.ui.navigation import current_page
from sen2dash.ui.picture_script import SCRIPT as PICTURES
from sen2dash.ui.rows import CLICKS
from sen2dash.ui.words import authority, plain
from sen2dash.web import access, vault
from sen2dash.web.access import Right

STARTED = "ui_started"
HIDE_NAMES = "ui_hide_names"


def start() -> None:
    """Set up the session and draw the parts that every page shares. Called only by main.py."""
    st.set_page_config(
        page_title="sen2dash", page_icon=style.ICON, layout="wide", initial_sidebar_state=style.SIDE_WIDTH
    )
    st.logo(style.WORDMARK, size="large")
    st.html(style.STYLE)
    person = access.person()
    sign_in.clear_for_another(person)
    st.session_state[STARTED] = True
    if not person.may(Right.VIEW):
        # A return that was loaded before is about to be erased, so leaving loses nothing.
        _prepare_browser(has_return=False)
        return
    entry = vault.current()
    with st.sidebar:
        if entry is not None:
            report = entry.report
            st.markdown(f"**{plain(authority(report))}**  \n{plain(report.collection.label)}")
            if entry.inputs.is_made_up:
                st.caption("Made-up data: no real child is shown.")
        if person.may(Right.CHILD):
            st.toggle(
                "Hide names and dates of birth",
                key=HIDE_NAMES,
                help="For a shared screen or a screenshot. Names and dates of birth are removed before a page is sent.",
            )
        glossary.opener()
        _prepare_browser(entry is not None)
        # Signing out leaves the page, so it comes after what asks whether to leave.
        sign_in.account(person)


def _prepare_browser(has_return: bool) -> None:
    """Make the browser ask before the tab is closed or reloaded while a return is loaded."""
    handler = "(event) => { event.preventDefault(); event.returnValue = true; }" if has_return else "null"
    st.html(style.WARN.format(handler=handler) + CLICKS + PICTURES, unsafe_allow_javascript=True)


def guard() -> None:
    """Stop unless main.py has set this session up, and the person may see the page. Every page calls it first."""
    if not st.session_state.get(STARTED):
        st.error("This page cannot be opened on its own.")
        st.stop()
    vault.session()
    sign_in.check(current_page())


def names_hidden() -> bool:
    """Whether names and birth dates are hidden at the moment."""
    return bool(st.session_state.get(HIDE_NAMES, False))


def header(title: str, lead: str = "") -> None:
    """The heading of a page, with help on the words that the page uses most, and one line under it."""
    st.title(title, anchor=False, help=glossary.help_for(current_page()))
    if lead:
        st.markdown(lead)
    entry = vault.current()
    origin = entry.report.origin if entry is not None else None
    if origin is not None and origin.not_given and current_page() != "upload":
        # Its own page says more.
        st.warning(
            f"**Not given: {plain(origin.not_given_words)}.** Figures that need them are left blank, not shown as 0.",
            icon=":material/warning:",
        )
