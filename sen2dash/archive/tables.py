"""The tables of the archive, as the newest migration leaves them. A test compares the two.

In plain are only ids, kinds, authority numbers, dates, times, sizes and hashes. Everything else is sealed.
"""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
#: Where the revision of the tables is noted.
VERSION_TABLE = "archive_version"

#: One row for each database role, and one in SQLite: how the data key is wrapped. owner: the role; empty in SQLite.
KEYS = sa.Table(
    "archive_key",
    METADATA,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("key_id", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("log_n", sa.Integer, nullable=False),
    sa.Column("r", sa.Integer, nullable=False),
    sa.Column("p", sa.Integer, nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
)
#: One row per kept return. fingerprint: of the digest, made with the data key, so that it says nothing without it.
#: place: in the order of keeping, for each authority.
RETURNS = sa.Table(
    "archive_return",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("authority", sa.String(3), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("retain_until", sa.Date, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("kept_at", sa.String(40), nullable=False),
    sa.Column("manifest", sa.LargeBinary, nullable=False),
    sa.Column("summary", sa.LargeBinary, nullable=False),
    sa.Column("xml", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("authority", "fingerprint", name="archive_return_once"),
    sa.UniqueConstraint("id", "authority", name="archive_return_of_authority"),
)
#: Marks and notes of a kept return: one row per return and kind.
ATTACHMENTS = sa.Table(
    "archive_attachment",
    METADATA,
    sa.Column("return_id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("authority", sa.String(3), nullable=False),
    sa.Column("saved_at", sa.String(40), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.ForeignKeyConstraint(
        ["return_id", "authority"],
        ["archive_return.id", "archive_return.authority"],
        name="archive_attachment_of_return",
        ondelete="CASCADE",
    ),
)
#: The audit: one row per event, in a chain for each authority and one for events without an authority.
AUDIT = sa.Table(
    "archive_audit",
    METADATA,
    sa.Column("authority", sa.Text, primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("time", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
#: PostgreSQL: which database role an authority belongs to. Row security looks here. Unused in SQLite.
TENANTS = sa.Table(
    "archive_tenant",
    METADATA,
    sa.Column("authority", sa.String(3), primary_key=True),
    sa.Column("role_name", sa.Text, nullable=False),
)
