"""Delete kept returns: one, those that have ended, or all. The audit keeps id, digest and counts, and no person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from sen2dash.archive.audit import Event, entries
from sen2dash.archive.kept import NOTICE, KeptReturn, day_of, ends_column, event_of, listed, sealed_column
from sen2dash.archive.opening import Archive
from sen2dash.archive.tables import AUDIT, KEYS, RETURNS
from sen2dash.config import UNITED_KINGDOM
from sen2dash.errors import BadArchive
from sen2dash.text import printable

#: In the audit, the word of a `retention` by which nothing was changed: somebody was shown that the return has ended.
NOTICE_GIVEN = "notice"


def delete(archive: Archive, kept: KeptReturn) -> None:
    """Delete a return with its summary, marks and notes. The audit keeps its id, digest and counts."""
    with archive.writing(kept.authority) as connection:
        sealed_column(connection, kept, "manifest")
        _delete(archive, connection, kept, "delete")


def expire(archive: Archive) -> tuple[KeptReturn, ...]:
    """Delete the returns whose end and notice are over, and return them.

    They must be over by the clock of the computer too: a time that a setting puts in its place deletes nothing early.
    A return of which nobody was given notice stays.
    """
    today = min(archive.settings.clock().date(), datetime.now(UNITED_KINGDOM).date())
    over = [each for each in listed(archive, is_thorough=False) if each.removed_on and each.removed_on <= today]
    first = notices(archive) if over else {}
    over = [each for each in over if each.id in first and removed_on(each, first, today) <= today]
    gone = []
    for kept in over:
        with archive.writing(kept.authority) as connection:
            # Another process may have deleted it or prolonged it meanwhile.
            ends = connection.scalar(select(ends_column()).where(RETURNS.c.id == kept.id))
            if day_of(ends) == kept.retain_until:
                _delete(archive, connection, kept, "expire")
                gone.append(kept)
    return tuple(gone)


def ended(archive: Archive) -> tuple[KeptReturn, ...]:
    """Return the returns whose end is over. Unless somebody prolongs them, `expire` deletes them after the notice."""
    today = archive.settings.clock().date()
    return tuple(each for each in listed(archive, is_thorough=False) if each.retain_until and each.retain_until < today)


def notices(archive: Archive) -> dict[str, date]:
    """The day on which somebody was first given notice that a return has ended, by the id of the return.

    A new end date begins anew.
    """
    found: dict[str, date] = {}
    with archive.database.reading() as connection:
        for entry in entries(connection, archive.key):
            event = entry.event
            if event is None or event.action != "retention" or event.return_id is None:
                continue
            if event.what == NOTICE_GIVEN:
                found.setdefault(event.return_id, datetime.fromisoformat(entry.time).astimezone(UNITED_KINGDOM).date())
            else:
                found.pop(event.return_id, None)
    return found


def removed_on(kept: KeptReturn, first: Mapping[str, date], today: date) -> date:
    """The day from which an ended return is deleted; later if nobody was given notice before that day.

    first: as `notices` returns it. A return of which nobody has been given notice is given it today.
    """
    usual, given = kept.removed_on or today, first.get(kept.id, today)
    return usual if given < usual else given + NOTICE


def give_notice(archive: Archive, first: Mapping[str, date], kept: KeptReturn) -> None:
    """Note that somebody was shown that a return has ended, the first time. first: as `notices` returns it."""
    if kept.id not in first:
        archive.record(event_of("retention", kept).model_copy(update={"what": NOTICE_GIVEN}), kept.authority)


def check_known(archive: Archive, authority: str) -> None:
    """Refuse an authority of which the archive has neither a return nor an audit. Errors: BadArchive."""
    with archive.database.reading() as connection:
        known = _authorities(archive, connection)
    if authority not in known:
        raise BadArchive(
            "The archive has nothing for this authority",
            f"The archive holds no return and no audit of authority {printable(authority)}.",
            "See python -m sen2dash archive list.",
        )


def erase(archive: Archive, authority: str | None = None) -> int:
    """Delete every return of an authority with its audit, and the key where nothing is sealed with it any more.

    authority: None for all of them. Returns how many returns there were. Without the key, what is left of them in the
    files of the database cannot be read; a backup holds the key record of its time, and still opens.
    Errors: BadArchive if the archive has nothing for this authority.
    """
    if authority is not None:
        check_known(archive, authority)
    own = archive.database.own_chain
    # Whoever is writing finishes first, and whoever comes later finds another key, or none.
    with archive.writing(own, is_erasing=True) as connection:
        known = _authorities(archive, connection)
        chosen = sorted(known if authority is None else {authority})
        n = connection.scalar(select(func.count()).select_from(RETURNS).where(RETURNS.c.authority.in_(chosen)))
        connection.execute(sa.delete(RETURNS).where(RETURNS.c.authority.in_(chosen)))
        connection.execute(sa.delete(AUDIT).where(AUDIT.c.authority.in_(chosen)))
        if known - {*chosen}:
            archive.note(connection, None, Event(action="erase", authority=authority, rows=n or 0))
        else:
            connection.execute(sa.delete(AUDIT).where(AUDIT.c.authority == own))
            connection.execute(sa.delete(KEYS).where(KEYS.c.owner == archive.database.owner))
    return n or 0


def _authorities(archive: Archive, connection: Connection) -> set[str]:
    """The authorities of which there is a return or a chain of the audit."""
    with_returns, with_audit = (set(connection.scalars(select(each.c.authority))) for each in (RETURNS, AUDIT))
    return (with_returns | with_audit) - {archive.database.own_chain}


def _delete(archive: Archive, connection: Connection, kept: KeptReturn, action: Literal["delete", "expire"]) -> None:
    connection.execute(sa.delete(RETURNS).where(RETURNS.c.id == kept.id))
    archive.note(connection, kept.authority, event_of(action, kept))
