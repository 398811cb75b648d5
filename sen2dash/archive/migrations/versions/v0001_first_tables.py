"""The first tables of the archive; in PostgreSQL also the row security that keeps authorities apart."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ROW_SECURITY = Path(__file__).with_name("v0001_row_security.sql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "archive_key",
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
    op.create_table(
        "archive_return",
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
    op.create_table(
        "archive_attachment",
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
    op.create_table(
        "archive_audit",
        sa.Column("authority", sa.Text, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "archive_tenant",
        sa.Column("authority", sa.String(3), primary_key=True),
        sa.Column("role_name", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        # The first block only says what the file is.
        for statement in ROW_SECURITY.read_text(encoding="utf-8").strip().split("\n\n")[1:]:
            op.execute(statement)
