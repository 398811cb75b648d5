"""Delete kept returns: one, those that have ended, or all. The audit keeps id, digest and counts, and no person."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from sen2dash.archive.audit import Event
from sen2dash.archive.kept import Kept, event_of, listed, sealed_column
from sen2dash.archive.opened import Archive
from sen2dash.archive.tables import AUDIT, KEYS, RETURNS


def delete(archive: Archive, kept: Kept) -> None:
    """Delete a return with its summary, marks and notes. The audit keeps its id, digest and counts."""
    with archive.writing(kept.authority) as connection:
        sealed_column(connection, kept, "manifest")
        _delete(archive, connection, kept, "delete")


def expire(archive: Archive) -> tuple[Kept, ...]:
    """Delete the returns whose end and notice are over, and return them."""
    today = archive.settings.clock().date()
    over = [each for each in listed(archive, is_thorough=False) if each.removed_on <= today]
    gone = []
    for kept in over:
        with archive.writing(kept.authority) as connection:
            # Another process may have deleted it or prolonged it meanwhile.
            ends = connection.scalar(select(RETURNS.c.retain_until).where(RETURNS.c.id == kept.id))
            if ends == kept.retain_until:
                _delete(archive, connection, kept, "expire")
                gone.append(kept)
    return tuple(gone)


def erase(archive: Archive, authority: str | None = None) -> int:
    """Delete every return of an authority with its audit; where none is left, the key as well. None: all of them.

    Returns how many returns there were. Sealed data cannot be read without the key, wherever a copy of it is.
    """
    own = archive.database.own_chain
    with archive.database.reading() as connection:
        seen = {*connection.scalars(select(RETURNS.c.authority)), *connection.scalars(select(AUDIT.c.authority))} - {
            own
        }
    chosen = sorted(seen if authority is None else {authority})
    with archive.writing(own, *chosen) as connection:
        n = connection.scalar(select(func.count()).select_from(RETURNS).where(RETURNS.c.authority.in_(chosen)))
        connection.execute(sa.delete(RETURNS).where(RETURNS.c.authority.in_(chosen)))
        connection.execute(sa.delete(AUDIT).where(AUDIT.c.authority.in_(chosen)))
        if connection.scalar(select(func.count()).select_from(RETURNS)):
            archive.note(connection, None, Event(action="erase", rows=n or 0))
        else:
            connection.execute(sa.delete(AUDIT).where(AUDIT.c.authority == own))
            connection.execute(sa.delete(KEYS).where(KEYS.c.owner == archive.database.owner))
    return n or 0


def _delete(archive: Archive, connection: Connection, kept: Kept, action: Literal["delete", "expire"]) -> None:
    connection.execute(sa.delete(RETURNS).where(RETURNS.c.id == kept.id))
    archive.note(connection, kept.authority, event_of(action, kept))
