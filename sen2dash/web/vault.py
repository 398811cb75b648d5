"""Hold the data of each session and make sure it is erased: the report and its compressed file, nothing on disk.

Streamlit's own session state outlives a closed tab on a quiet server, so reports are kept here, keyed by session. They
are erased when the session ends (a session-scoped resource signals this), after a time without use, when the person
clears them, and when the server stops. Anything Streamlit keeps for an ended session is erased with them.
"""

from __future__ import annotations

import functools
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import streamlit as st
from streamlit import runtime

from sen2dash.checks import dfe_numbers, teams
from sen2dash.checks.dfe_numbers import Numbers
from sen2dash.checks.report import Report
from sen2dash.config import Settings
from sen2dash.reading import publication_folder
from sen2dash.reading.publication import ImportSummary
from sen2dash.reading.teams import TeamList
from sen2dash.reference.releases import Published
from sen2dash.web import access
from sen2dash.web.access import Right
from sen2dash.web.owners import OWNERS, Loss
from sen2dash.web.session_data import Inputs, LoadedReturn, Work
from sen2dash.web.session_files import streamlit_id

#: Seconds that a session may be disconnected (a sleeping laptop, a proxy restart) before its return is erased. It is
#: less than Streamlit's disconnectedSessionTTL, because Streamlit can only end a session that it would still resume.
GRACE_SECONDS = 120.0
SESSION_KEY = "vault_session"


class SessionHolder(Protocol):
    """Something else that sessions hold, and that is erased when they end."""

    def sweep(self, gone: set[str], now: float) -> None:
        """Erase what belongs to these sessions, and what was not used for too long."""

    def close(self) -> None:
        """Erase everything."""


class Vault:
    """Reports and work by session. Every method may be called from any thread.

    companions: swept with it. n_erased: how often something was erased so far.
    """

    def __init__(self, idle_seconds: float, grace_seconds: float = GRACE_SECONDS) -> None:
        self.idle_seconds = idle_seconds
        self.grace_seconds = grace_seconds
        self._entries: dict[str, LoadedReturn] = {}
        self._work: dict[str, Work] = {}
        self._orphaned: dict[str, float] = {}
        self._streamlit_ids: dict[str, str] = {}
        self._timed_out: set[str] = set()
        self.n_erased = 0
        self.companions: list[SessionHolder] = []
        self._lock = threading.Lock()

    def work(self, session: str) -> Work:
        """Return the session's work, which is kept when a return is replaced. This counts as use of it."""
        with self._lock:
            found = self._work.setdefault(session, Work())
            found.touched = time.monotonic()
            return found

    def put(self, session: str, report: Report, inputs: Inputs) -> None:
        """Keep a report, replacing any earlier one, with this session's rule numbers, published figures and teams."""
        work = self.work(session)
        # A workbook whose header was asked for belonged to what the session held before.
        work.to_head = None
        if work.numbers.by_rule:
            dfe_numbers.apply(report, work.numbers.by_rule)
        report.compare_with = work.published or publication_folder.default().published
        if inputs.teams is not None:
            report.teams = teams.use(report.store, inputs.teams)
        with self._lock:
            old = self._entries.pop(session, None)
            self._entries[session] = LoadedReturn(report, inputs)
            self._timed_out.discard(session)
            self.n_erased += old is not None
        if old is not None:
            old.close()

    def get(self, session: str) -> LoadedReturn | None:
        """Return the session's entry. This counts as use of it."""
        with self._lock:
            entry = self._entries.get(session)
            if entry is not None:
                entry.touched = time.monotonic()
            return entry

    def drop(self, session: str) -> None:
        """Erase the session's report and notes."""
        with self._lock:
            if session in self._work:
                self._work[session].notes.clear()
                self._work[session].to_open = self._work[session].to_head = None
                self._work[session].waiting = None
            entry = self._entries.pop(session, None)
            self._timed_out.discard(session)
            self.n_erased += 1
        if entry is not None:
            entry.close()

    def drop_of(self, streamlit_id: str) -> None:
        """Erase what the sessions with this id of Streamlit hold."""
        with self._lock:
            found = [session for session, each in self._streamlit_ids.items() if each == streamlit_id]
        for session in found:
            self.drop(session)

    def adopt(self, session: str, streamlit_id: str = "") -> None:
        """Record that the session is connected, perhaps again. streamlit_id: Streamlit's id for it."""
        with self._lock:
            self._orphaned.pop(session, None)
            self._streamlit_ids[session] = streamlit_id

    def orphan(self, session: str) -> None:
        """Record that the session has disconnected, perhaps only briefly."""
        with self._lock:
            self._orphaned[session] = time.monotonic()

    def has_timed_out(self, session: str) -> bool:
        """Whether the session's report was erased because nobody used it."""
        with self._lock:
            return session in self._timed_out

    def sweep(self, now: float | None = None, is_there: Callable[[str], bool] = lambda _: False) -> set[str]:
        """Erase data whose session has ended or that was not used for too long.

        is_there: whether a session, by Streamlit's id, is connected. This is needed because a tab that reconnects sends
        no signal here until it is used. Returns Streamlit's ids of the sessions that ended.
        """
        now = time.monotonic() if now is None else now
        with self._lock:
            gone = {
                session
                for session, since in self._orphaned.items()
                if now - since > self.grace_seconds and not is_there(self._streamlit_ids.get(session, ""))
            }
            idle = {session for session, e in self._entries.items() if now - e.touched > self.idle_seconds} - gone
            idle |= {
                session
                for session, work in self._work.items()
                if work.holds_a_file and session not in self._entries and now - work.touched > self.idle_seconds
            } - gone
            closing = [self._entries.pop(session) for session in (gone | idle) if session in self._entries]
            self._timed_out = (self._timed_out | idle) - gone
            for session in idle & self._work.keys():
                self._work[session].notes.clear()
                work = self._work[session]
                work.waiting = work.to_open = work.to_head = None
            for session in gone:
                del self._orphaned[session]
                self._work.pop(session, None)
            self.n_erased += len(gone | idle)
            ended = {self._streamlit_ids.pop(session, "") for session in gone} - {""}
        for entry in closing:
            entry.close()
        for companion in self.companions:
            companion.sweep(gone, now)
        return ended

    def close(self) -> None:
        """Erase everything."""
        with self._lock:
            entries, self._entries = list(self._entries.values()), {}
            self._work.clear()
        for entry in entries:
            entry.close()
        for companion in self.companions:
            companion.close()


VAULT = Vault(idle_seconds=Settings().idle_minutes * 60.0)


@st.cache_resource(scope="session", on_release=VAULT.orphan, show_spinner=False)
def _presence(session: str) -> str:
    """Create a resource of the session, which Streamlit releases as soon as the session ends."""
    return session


def session() -> str:
    """Return the key of this session, made on first use."""
    key: str = st.session_state.setdefault(SESSION_KEY, uuid.uuid4().hex)
    _presence(key)
    VAULT.adopt(key, streamlit_id())
    return key


def current() -> LoadedReturn | None:
    """Return this session's entry; None if no return is loaded."""
    return VAULT.get(session())


def keep(report: Report, inputs: Inputs) -> None:
    """Keep a report for this session. Errors: NoAccess."""
    access.require(Right.VIEW)
    VAULT.put(session(), report, inputs)
    OWNERS.on_replaced(streamlit_id())


def clear() -> None:
    """Erase this session's data."""
    VAULT.drop(session())


def work() -> Work:
    """Return this session's notes, rule numbers and published figures."""
    return VAULT.work(session())


def use_numbers(numbers: Numbers) -> None:
    """Use the DfE's rule numbers from a list, in this report and later ones. `NONE` removes them."""
    work().numbers = numbers
    entry = current()
    if entry is not None:
        dfe_numbers.apply(entry.report, numbers.by_rule)


def use_teams(found: TeamList | None, name: str = "") -> None:
    """Use a list of teams in this report and in its later versions. None removes it. name: of the file."""
    entry = current()
    if entry is not None:
        entry.report.teams = teams.use(entry.report.store, found)
        entry.inputs = replace(entry.inputs, teams=found, teams_name=name)


def use_published(published: Published | None, publication: ImportSummary | None) -> None:
    """Compare this report and later ones with these figures; None: with those of the server."""
    work().published, work().publication = published, publication
    entry = current()
    if entry is not None:
        entry.report.compare_with = published or publication_folder.default().published
        entry.report.cache.clear()


def allow_loading(may: bool) -> None:
    """Record whether the person of this session may upload files."""
    OWNERS.allow_loading(streamlit_id(), may)


def sign_out(streamlit_id: str) -> None:
    """Erase what a session holds whose browser has signed out, and end its sign-in. streamlit_id: Streamlit's id."""
    VAULT.drop_of(streamlit_id)
    if runtime.exists():
        runtime.get_instance().clear_user_info_for_session(streamlit_id)


def has_timed_out() -> bool:
    """Whether this session's return was erased after a time without use."""
    return VAULT.has_timed_out(session())


def loss() -> Loss | None:
    """Return why this tab's earlier session and return were lost; None if it had none."""
    return OWNERS.loss_of(streamlit_id())


def note_owners() -> None:
    """Record the browser of each session when Streamlit opens it. Until then, the guard blocks access to it."""
    connect = runtime.Runtime.connect_session
    if getattr(connect, "notes_owners", False):
        return

    @functools.wraps(connect)
    def connect_and_note(*args: Any, **kwargs: Any) -> str:
        session_id = connect(*args, **kwargs)
        OWNERS.on_opened(session_id)
        return session_id

    connect_and_note.notes_owners = True  # type: ignore[attr-defined]
    runtime.Runtime.connect_session = connect_and_note  # type: ignore[method-assign]
