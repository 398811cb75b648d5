"""What may be kept: for which authority, until when, beside which other returns, and in how much room."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from sen2dash.archive import sealing
from sen2dash.archive.kept import Manifest, unsealed
from sen2dash.archive.opening import Archive
from sen2dash.archive.tables import RETURNS
from sen2dash.config import Settings
from sen2dash.errors import BadArchive, NewerRecord
from sen2dash.text import long_date

#: The years that a return is kept without a setting or an end date, and the most.
RETENTION_YEARS, MAX_YEARS = 3, 7
AUTHORITY = re.compile(r"[0-9]{3}")


def check_lea(lea: str | None) -> str:
    """Return the authority that a return is kept for. Errors: BadArchive if its header names none."""
    if lea is None or not AUTHORITY.fullmatch(lea):
        raise BadArchive(
            "The return names no authority",
            "A return is kept for the authority in its header, which needs a number of three digits.",
            "Correct the item LEA of the header first.",
        )
    return lea


def check_authority(archive: Archive, lea: str | None) -> str:
    """Return the authority that a return is kept for. Errors: BadArchive if the archive is not for it."""
    authority = check_lea(lea)
    if archive.database.authorities is not None and authority not in archive.database.authorities:
        raise BadArchive(
            "This archive is not for this authority",
            f"The database role has no right to keep returns of authority {authority}.",
            "Ask the owner of the database to admit it with archive prepare.",
        )
    return authority


def retain_until(settings: Settings, census_date: date, wanted: date | None) -> date:
    """The end date of a return. Errors: BadArchive if it is not from tomorrow to seven years from now."""
    today, days = settings.clock().date(), settings.archive_retention_days
    ends = wanted or (census_date + timedelta(days=days) if days else _years_after(census_date, RETENTION_YEARS))
    if today < ends <= _years_after(today, MAX_YEARS):
        return ends
    if wanted is None:
        raise BadArchive(
            "The return is too old to be kept without an end date",
            f"Its period would have ended on {long_date(ends)}.",
            "Add --retain-until and a date.",
        )
    raise BadArchive(
        "A return cannot be kept until then",
        f"{long_date(ends)} is not between tomorrow and {long_date(_years_after(today, MAX_YEARS))}.",
    )


def last_day(settings: Settings) -> date:
    """The last day until which a return can be kept."""
    return _years_after(settings.clock().date(), MAX_YEARS)


def usual_end(settings: Settings, census_date: date) -> date:
    """The end date to offer: the usual one or, for a return whose period would have ended, a year from now."""
    try:
        return retain_until(settings, census_date, None)
    except BadArchive:
        return _years_after(settings.clock().date(), 1)


def _years_after(day: date, years: int) -> date:
    """The same day some years later; 1 March for 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def refuse_mixing(archive: Archive, connection: Connection, authority: str, is_made_up: bool) -> None:
    """Refuse made-up returns beside real ones, and the other way round. Errors: BadArchive."""
    rows = connection.execute(select(RETURNS.c.id, RETURNS.c.manifest).where(RETURNS.c.authority == authority))
    for row in rows:
        try:
            found = unsealed(archive, row.manifest, "manifest", row.id, Manifest)
        except NewerRecord:
            continue
        if found is not None and found.is_made_up != is_made_up:
            raise BadArchive(
                "Made-up and real returns are not kept together",
                f"The archive holds {'real' if is_made_up else 'made-up'} returns of authority {authority}.",
                "Use another archive, or delete them first.",
            )


def refuse_overflow(archive: Archive, connection: Connection, authority: str, size: int) -> None:
    """Refuse a return for which there is no room. Errors: BadArchive."""
    if size > sealing.MAX_BYTES:
        raise BadArchive("The return is too large to be kept", f"It takes {size / 1e6:,.0f} MB, encrypted.")
    held = connection.scalar(select(func.sum(func.length(RETURNS.c.xml))).where(RETURNS.c.authority == authority)) or 0
    if held + size > archive.settings.archive_limit_mb * 1_000_000:
        raise BadArchive(
            "The archive is full",
            f"Its returns take {held / 1e6:,.0f} MB; the limit is {archive.settings.archive_limit_mb:,} MB.",
            "Delete a return, or ask your administrator to raise SEN2DASH_ARCHIVE_LIMIT_MB.",
        )
