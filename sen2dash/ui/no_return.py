"""What a page shows while the session holds no return, and the way back to it once there is one."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from sen2dash.checks.report import Report
from sen2dash.config import Settings
from sen2dash.ui.frame import header
from sen2dash.ui.navigation import current_page, page, title_of
from sen2dash.ui.words import counted, plain
from sen2dash.web import access, archive_session, vault
from sen2dash.web.session_data import LoadedReturn

#: The page of kept returns, where there is one.
KEPT = "kept"
#: The page that was asked for before a return was loaded, and the parameters of its address.
ASKED_FOR = "ui_asked_for"


def entry_or_stop(title: str, what: str) -> LoadedReturn:
    """Return what the session holds; if it holds nothing, say what this page shows and how to get it, and stop."""
    entry = vault.current()
    if entry is None:
        _say_no_return(title, what)
    if st.session_state.get(ASKED_FOR, ("",))[0] == current_page():
        del st.session_state[ASKED_FOR]
    return entry


def report_or_stop(title: str, what: str) -> Report:
    """Return the session's report, or do the same as `entry_or_stop` if there is none."""
    return entry_or_stop(title, what).report


def _say_no_return(title: str, what: str) -> NoReturn:
    st.session_state[ASKED_FOR] = (
        current_page(),
        {name: st.query_params.get_all(name) for name in st.query_params},
    )
    if access.must_protect():
        header(title)
        _say_nothing_shared()
    header(title, what)
    with st.container(border=True):
        if vault.has_timed_out():
            st.markdown(
                f"**Your return was erased** because nobody used it for {counted(Settings().idle_minutes, 'minute')}. "
                "Choose the file again to continue."
            )
        elif why := say_loss():
            st.markdown(why)
        else:
            st.markdown("**No return is loaded.** A return is open for one visit only: refreshing the tab erases it.")
        st.page_link(page("upload"), label="Choose a return")
        if archive_session.is_set_up():
            st.page_link(page(KEPT), label="Open a kept return")
    st.stop()


def _say_nothing_shared() -> NoReturn:
    """Say to somebody who may not load a return how to see figures, and stop."""
    with st.container(border=True):
        if archive_session.is_set_up():
            st.markdown("**Nothing has been shared with you in this visit.** Open a kept return to see its figures.")
            st.page_link(page(KEPT), label="Go to the kept returns")
        else:
            st.markdown(f"**Nothing has been shared with you.** To see figures, ask {plain(access.contact())}.")
    st.stop()


def offer_requested_page() -> None:
    """Once a return is loaded, a link to the page that was asked for before, with the filters of its address."""
    name, parameters = st.session_state.get(ASKED_FOR, ("", {}))
    if not name:
        return
    title = title_of(name)
    filters = ", with the filters of the link" if parameters else ""
    st.page_link(
        page(name), label=f"Go on to {title}{filters}", query_params=parameters, icon=":material/arrow_forward:"
    )


def say_loss() -> str:
    """Why a return that this tab had is no longer there, for a tab that reconnected; empty if nothing is known."""
    reasons = {
        "restarted": "**The server was restarted**, which erased your return if you had one open.",
        "cut off": "**The connection was lost for too long**, which erased your return if you had one open.",
    }
    why = vault.loss()
    return f"{reasons[why]} Choose the file again to continue." if why else ""
