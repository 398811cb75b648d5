"""Hold the archive that each session has opened, and close it when the session ends, like the session's return.

The key of an archive is in memory here and nowhere else: not in Streamlit's caches or session state, and never shared
between sessions. A passphrase is used in the call that it arrives in and is not kept.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sen2dash.archive import deleting, keeping_limits, kept, keys, opening
from sen2dash.archive.audit import Event
from sen2dash.archive.keeping import storable
from sen2dash.archive.kept import KeptReturn
from sen2dash.archive.keys import Secret
from sen2dash.archive.opening import Archive
from sen2dash.config import Settings
from sen2dash.errors import BadArchive
from sen2dash.web import access, vault

LOG = logging.getLogger("sen2dash")
#: The most characters of a name in the audit.
MAX_WHO = 200
#: Seconds after which an archive that the server could not open is tried again, unless somebody asks for it.
RETRY_SECONDS = 60.0


@dataclass
class OpenArchive:
    """The archive of one session.

    removed: the returns that were deleted when it was opened, because their time is over.
    touched: when it was last used, in seconds on the monotonic clock.
    """

    archive: Archive
    removed: tuple[KeptReturn, ...]
    touched: float = field(default_factory=time.monotonic)


class Archives:
    """Opened archives by session. Every method may be called from any thread."""

    def __init__(self, idle_seconds: float) -> None:
        self.idle_seconds = idle_seconds
        self._held: dict[str, OpenArchive] = {}
        self._failed: dict[str, float] = {}
        self._lock = threading.Lock()

    def put(self, session: str, held: OpenArchive) -> None:
        """Hold an archive, closing any earlier one."""
        with self._lock:
            old = self._held.pop(session, None)
            self._held[session] = held
            self._failed.pop(session, None)
        if old is not None:
            old.archive.close()

    def get(self, session: str) -> OpenArchive | None:
        """Return what the session holds. This counts as use of it."""
        with self._lock:
            held = self._held.get(session)
            if held is not None:
                held.touched = time.monotonic()
            return held

    def drop(self, session: str) -> None:
        """Close the session's archive."""
        with self._lock:
            held = self._held.pop(session, None)
            self._failed.pop(session, None)
        if held is not None:
            held.archive.close()

    def failed(self, session: str) -> None:
        """Record that the server could not open the archive for this session."""
        with self._lock:
            self._failed[session] = time.monotonic()

    def has_failed(self, session: str) -> bool:
        """Whether the server could not open it a moment ago."""
        with self._lock:
            return time.monotonic() - self._failed.get(session, float("-inf")) < RETRY_SECONDS

    def sweep(self, gone: set[str], now: float) -> None:
        """Close the archives of sessions that have ended, and those that were not used for too long."""
        with self._lock:
            idle = {session for session, held in self._held.items() if now - held.touched > self.idle_seconds}
        for session in gone | idle:
            self.drop(session)

    def close(self) -> None:
        """Close every archive."""
        with self._lock:
            sessions = set(self._held)
        for session in sessions:
            self.drop(session)


ARCHIVES = Archives(idle_seconds=vault.VAULT.idle_seconds)
vault.VAULT.companions.append(ARCHIVES)
#: Making a key from a passphrase takes 128 MB for most of a second, so it is done for one session at a time.
_DERIVING = threading.Lock()


def is_set_up() -> bool:
    """Whether a setting names an archive. Without one, nothing is ever kept."""
    address = Settings().archive
    return address is not None and bool(address.get_secret_value().strip())


def needs_passphrase() -> bool:
    """Whether a person has to type the passphrase, because no setting names a key file or passphrase."""
    settings = Settings()
    named = settings.archive_passphrase.get_secret_value() if settings.archive_passphrase else ""
    return keys.key_file_of(settings) is None and not named


def is_first() -> bool:
    """Whether the archive has no key yet, so that whoever opens it chooses the passphrase. Errors: BadArchive."""
    return not opening.has_key(Settings())


def current() -> Archive | None:
    """Return the archive that this session has opened; a server that has the key opens it on first use.

    None: no archive is set up, it waits for its passphrase, or the server cannot open it. `open_by_itself` says why.
    """
    session = vault.session()
    held = ARCHIVES.get(session)
    if held is not None and held.archive.who != _who():
        # Another person has signed in since.
        ARCHIVES.drop(session)
        held = None
    if held is not None:
        return held.archive
    if not is_set_up() or needs_passphrase() or ARCHIVES.has_failed(session):
        return None
    try:
        return open_by_itself()
    except BadArchive as error:
        LOG.warning("the archive could not be opened: %s", error.title)
        return None


def open_by_itself() -> Archive:
    """Open the archive with the key that the settings name. Errors: BadArchive, WrongKey."""
    try:
        secret = keys.secret_of(Settings())
        if secret is None:
            raise BadArchive("The archive has no key", "No setting names a key file or a passphrase.")
        return _open(secret)
    except BadArchive:
        ARCHIVES.failed(vault.session())
        raise


def open_with(passphrase: str) -> Archive:
    """Open the archive with its passphrase, or make it with this one. Errors: BadArchive; WrongKey, which is noted.

    Returns whose end and notice are over are deleted first.
    """
    return _open(Secret("passphrase", passphrase))


def close() -> None:
    """Close this session's archive, so that its passphrase is needed again."""
    ARCHIVES.drop(vault.session())


def removed() -> tuple[KeptReturn, ...]:
    """The returns that were deleted when this session opened the archive."""
    held = ARCHIVES.get(vault.session())
    return held.removed if held is not None else ()


def returns(archive: Archive, is_thorough: bool = True) -> tuple[KeptReturn, ...]:
    """List the kept returns that the person may know of: those of their authority, or of all. Others do not exist.

    is_thorough: also try whether each return opens, as in `kept.listed`.
    """
    only = access.person().authority
    return tuple(each for each in kept.listed(archive, is_thorough) if only in ("", each.authority))


def find(archive: Archive, ident: str) -> KeptReturn:
    """Return one of `returns` by its id. Errors: BadArchive if there is none that the person may know of."""
    found = next((each for each in returns(archive, is_thorough=False) if each.id == ident), None)
    if found is None:
        raise BadArchive("There is no such return", "It has been deleted since you chose it.")
    return found


def record(event: Event, authority: str | None = None) -> None:
    """Add an event to the audit, if this session has an archive open. Errors: BadArchive if it cannot be written.

    authority: whose return it is about, if there is one.
    """
    archive = current() if is_set_up() else None
    if archive is not None:
        _record(archive, event, authority)


def recorder() -> Callable[[Event, str | None], None]:
    """Do the same later, outside the script of a page: while a download is made. Whose session it is is settled now."""
    session = vault.session()
    current()

    def record_later(event: Event, authority: str | None = None) -> None:
        held = ARCHIVES.get(session)
        if held is not None:
            _record(held.archive, event, authority)

    return record_later


def _record(archive: Archive, event: Event, authority: str | None) -> None:
    """Add an event to the chain of its authority, if the archive is for that authority; else to its own chain."""
    known = archive.database.authorities
    is_one = authority is not None and keeping_limits.AUTHORITY.fullmatch(authority) is not None
    archive.record(event, authority if is_one and (known is None or authority in known) else None)


def _open(secret: Secret) -> Archive:
    with _DERIVING:
        archive = opening.open_archive(Settings(), secret, _who(), is_made=True)
    try:
        # Somebody without any right, who is about to be refused, deletes nothing.
        gone = deleting.expire(archive) if access.person().rights else ()
    except BaseException:
        archive.close()
        raise
    ARCHIVES.put(vault.session(), OpenArchive(archive, gone))
    return archive


def _who() -> str:
    """The person for the audit: the account, and the name that the provider shows, if there is one."""
    person = access.person()
    return storable(f"{person.name} ({person.who})" if person.name else person.who)[:MAX_WHO]
