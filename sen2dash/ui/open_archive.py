"""Open the archive of kept returns on a page, or say why there is none and how to get one."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.archive import sealing
from sen2dash.archive.opening import Archive
from sen2dash.errors import BadArchive, UserError
from sen2dash.web import access, archive_session
from sen2dash.web.access import Right

#: Session state: why the archive was not opened, and how often the fields for the passphrase were emptied.
REFUSED, TURN = "kept_refused", "kept_turn"
#: Session state: what was done last, in words, to say once.
DONE = "kept_done"
NO_RECOVERY = (
    "**Nobody can recover the passphrase**: not you, not your authority, not the makers of sen2dash. "
    "Without it, the kept returns cannot be opened. Keep a copy in a safe place."
)


def archive_or_stop(title: str, what: str) -> Archive:
    """Return the archive of this session. If it is not open, say what the page shows and how to open it, and stop."""
    archive = archive_session.current()
    problem: BadArchive | None = None
    if archive is None and archive_session.is_set_up() and not archive_session.needs_passphrase():
        # Not only once a minute: somebody is waiting for it.
        try:
            archive = archive_session.open_by_itself()
        except BadArchive as error:
            problem = error
    if archive is None:
        ui.header(title, what)
        say_done()
        _say_why_not(problem)
        st.stop()
    return archive


def done(words: str) -> None:
    """Have the next run say what was done. words: Markdown."""
    st.session_state[DONE] = words


def say_done() -> None:
    """Say what was done, once."""
    if DONE in st.session_state:
        st.success(st.session_state.pop(DONE), icon=":material/check:")


def close_button() -> None:
    """A button that closes the archive until somebody opens it again."""
    words = "Close the archive" if archive_session.needs_passphrase() else "Open the archive again"
    if st.button(words, key="kept_close", icon=":material/lock:"):
        archive_session.close()
        st.rerun()


def _say_why_not(problem: BadArchive | None) -> None:
    """Say why the archive is not open, and how to open it. problem: why the server could not."""
    if not archive_session.is_set_up():
        _say_not_set_up()
        return
    try:
        if problem is not None:
            raise problem
        is_first = archive_session.is_first()
        if is_first and access.person().rights <= {Right.VIEW}:
            st.info("Nothing has been kept yet.", icon=":material/info:")
        else:
            _ask(is_first)
    except BadArchive as error:
        ui.show_user_error(error)


def _say_not_set_up() -> None:
    with st.container(border=True):
        if access.person().rights <= {Right.VIEW}:
            st.markdown(
                "**Nothing has been shared with you.** No return is kept on this server. To see figures, ask "
                f"{ui.plain(access.contact())}."
            )
            return
        st.markdown(
            "**Nothing is kept on this server.** sen2dash erases each return at the end of the visit, unless your "
            "administrator switches on an archive. It keeps the returns that you choose, encrypted, so that you can "
            "open, compare and follow them over a year."
        )
        st.markdown(
            "To switch it on, an administrator sets `SEN2DASH_ARCHIVE` to a database, such as "
            "`sqlite:////home/officer/sen2dash/returns.db`, and starts sen2dash again. The file `docs/archive.md` "
            "describes what is kept, for how long, and how to back it up."
        )
        if access.person().may(Right.CHILD):
            st.page_link(ui.page("upload"), label="Go to your return")


def _ask(is_first: bool) -> None:
    """The form for the passphrase. is_first: the archive has no key yet, so one is chosen, twice."""
    if REFUSED in st.session_state:
        ui.show_user_error(st.session_state[REFUSED])
    second = None
    with st.form("kept_open"):
        if is_first:
            st.markdown(f"**Choose a passphrase for the archive.** {NO_RECOVERY}")
            one, two = st.columns(2)
            with one:
                first = _passphrase(f"Passphrase, at least {sealing.MIN_LENGTH} characters", "new-password")
            with two:
                second = _passphrase("The same passphrase again", "new-password")
        else:
            st.markdown("**The archive is closed.** Enter the passphrase to open it for this visit.")
            first = _passphrase("Passphrase of the archive", "current-password")
        is_asked = st.form_submit_button("Make the archive" if is_first else "Open the archive")
    if is_asked:
        # First, so that the next run drops the fields even if a click interrupts this one.
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        _try_to_open(first, first if second is None else second)
        st.rerun()


def _passphrase(label: str, kind: str) -> str:
    """A field for a passphrase. kind: what a password manager is to offer."""
    key = f"kept_{kind}_{label[:8]}_{st.session_state.get(TURN, 0)}"
    return st.text_input(label, type="password", max_chars=sealing.MAX_LENGTH, autocomplete=kind, key=key)


def _try_to_open(first: str, second: str) -> None:
    """Open the archive, or record why not."""
    st.session_state.pop(REFUSED, None)
    try:
        if first != second:
            raise BadArchive("The two passphrases differ", "Type the same one twice.")
        with st.spinner("Opening the archive"):
            archive_session.open_with(first)
    except UserError as error:
        st.session_state[REFUSED] = error
