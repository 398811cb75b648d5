"""Open the archive: the database, the key, what has ended. Off unless a setting names a database.

Whoever opens it is noted. Nothing here shows a page or asks for a passphrase: the front doors do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Connection, select

from sen2dash.archive import audit, database, keys
from sen2dash.archive.addresses import SETTING_HINT
from sen2dash.archive.audit import Event
from sen2dash.archive.database import Database
from sen2dash.archive.keys import DataKey, KeyRecord, Secret
from sen2dash.archive.sealing import COST, Cost
from sen2dash.archive.tables import KEYS
from sen2dash.config import UNITED_KINGDOM, Settings
from sen2dash.errors import BadArchive, NoArchive, WrongKey


@dataclass(frozen=True)
class Archive:
    """An archive with its key. It may be used from any thread. Close it when it is no longer needed.

    who: the account or the person, for the audit. is_new: this opening made its key.
    """

    database: Database
    key: DataKey = field(repr=False)
    settings: Settings
    who: str
    is_new: bool = False

    def now(self) -> datetime:
        """The time in UTC."""
        return utc(self.settings)

    @contextmanager
    def writing(self, *chains: str, is_erasing: bool = False) -> Iterator[Connection]:
        """Write in one transaction, as `Database.writing`. Errors: BadArchive if the key was replaced meanwhile.

        The key cannot be deleted while it runs. is_erasing: nobody else can write with this key while it runs.
        """
        with self.database.writing(*chains) as connection:
            owned = select(KEYS.c.key_id).where(KEYS.c.owner == self.database.owner)
            locked = owned.with_for_update() if is_erasing else owned.with_for_update(read=True, key_share=True)
            if connection.scalar(locked) != self.key.key_id:
                raise BadArchive(
                    "The archive has been erased",
                    "Since you opened it, its key has been deleted or replaced.",
                    "Open it again.",
                )
            yield connection

    def note(self, connection: Connection, authority: str | None, event: Event) -> None:
        """Add an event to the audit, in a transaction that holds the lock of its chain. None: without an authority."""
        chain = self.database.own_chain if authority is None else authority
        audit.append(connection, chain, event.model_copy(update={"who": self.who}), self.key, self.now())

    def record(self, event: Event, authority: str | None = None) -> None:
        """Add one event to the audit in a transaction of its own: a load, a sign-in, a download."""
        with self.writing(self.database.own_chain if authority is None else authority) as connection:
            self.note(connection, authority, event)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()


def utc(settings: Settings) -> datetime:
    """The time in UTC: that of the settings if they set one, in UK time."""
    if settings.now is None:
        return datetime.now(UTC)
    return settings.now.replace(tzinfo=UNITED_KINGDOM).astimezone(UTC)


def address_of(settings: Settings) -> str:
    """The address of the database. Errors: BadArchive if no setting names one."""
    if settings.archive is None or not settings.archive.get_secret_value().strip():
        raise BadArchive("There is no archive", "Nothing is kept until a setting names a database.", SETTING_HINT)
    return settings.archive.get_secret_value().strip()


def has_key(settings: Settings) -> bool:
    """Whether the archive has a key already. Errors: BadArchive if its database cannot be used."""
    try:
        found = database.connect(address_of(settings))
    except NoArchive:
        return False
    try:
        with found.reading() as connection:
            return _record(connection, found.owner) is not None
    finally:
        found.close()


def open_archive(settings: Settings, secret: Secret, who: str, is_made: bool = False, cost: Cost = COST) -> Archive:
    """Open the archive with a passphrase or a key.

    is_made: make its file and its key if there are none. cost: of a new key; lower only in tests.
    Errors: BadArchive; WrongKey, which is noted in the audit. Ended returns are not deleted here: `ending.expire`.
    """
    found = _connected(address_of(settings), secret, is_made)
    try:
        with found.reading() as connection:
            record = _record(connection, found.owner)
        if record is None and not is_made:
            raise NoArchive("There is no archive yet", "Nothing has been kept in it.", "Keep a return first.")
        if record is None:
            key, is_new = _first_key(found, keys.check_new(secret), settings, cost)
        else:
            key, is_new = _opened(found, record, secret, settings), False
        archive = Archive(found, key, settings, who, is_new)
        archive.record(Event(action="open_archive"))
        return archive
    except BaseException:
        found.close()
        raise


def change_key(archive: Archive, secret: Secret, cost: Cost = COST) -> None:
    """Wrap the data key with another passphrase or key file. No return is sealed again.

    Errors: BadArchive if the passphrase is too short. Copies of the database from before still open with the old key.
    """
    columns = archive.key.wrapped(keys.check_new(secret), archive.database.owner, cost)
    with archive.writing(archive.database.own_chain) as connection:
        connection.execute(sa.update(KEYS).where(KEYS.c.owner == archive.database.owner).values(**columns))
        archive.note(connection, None, Event(action="change_key", what=secret.kind))


def _connected(address: str, secret: Secret, is_made: bool) -> Database:
    try:
        return database.connect(address)
    except NoArchive:
        if not is_made:
            raise
    # Not later: a passphrase that is refused leaves no file.
    keys.check_new(secret)
    return database.connect(address, is_made=True)


def _first_key(found: Database, secret: Secret, settings: Settings, cost: Cost) -> tuple[DataKey, bool]:
    """Make the data key, unless another process has done so meanwhile: then open that one."""
    made = keys.new_key()
    columns = made.wrapped(secret, found.owner, cost)
    with found.writing(found.own_chain) as connection:
        record = _record(connection, found.owner)
        if record is None:
            connection.execute(sa.insert(KEYS).values(**columns, made_at=utc(settings).isoformat()))
            return made, True
    return _opened(found, record, secret, settings), False


def _opened(found: Database, record: KeyRecord, secret: Secret, settings: Settings) -> DataKey:
    try:
        return record.opened(secret)
    except WrongKey:
        with found.writing(found.own_chain) as connection:
            audit.append(connection, found.own_chain, Event(action="wrong_key"), None, utc(settings))
        raise


def _record(connection: Connection, owner: str) -> KeyRecord | None:
    query = select(*(KEYS.c[name] for name in KeyRecord._fields)).where(KEYS.c.owner == owner)
    row = connection.execute(query).one_or_none()
    return KeyRecord(*row) if row else None
