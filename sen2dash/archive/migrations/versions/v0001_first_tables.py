"""The first tables of the archive; in PostgreSQL also the row security that keeps authorities apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

#: The authorities of the database role that asks. It cannot be changed by the session: see archive_admit.
POSTGRESQL = (
    """
    create policy own_rows on archive_tenant for select using (role_name = cast(current_user as text))
    """,
    """
    create policy own_rows on archive_key
    using (owner = cast(current_user as text)) with check (owner = cast(current_user as text))
    """,
    """
    create policy own_rows on archive_return
    using (authority in (select authority from archive_tenant where role_name = cast(current_user as text)))
    with check (authority in (select authority from archive_tenant where role_name = cast(current_user as text)))
    """,
    """
    create policy own_rows on archive_attachment
    using (authority in (select authority from archive_tenant where role_name = cast(current_user as text)))
    with check (authority in (select authority from archive_tenant where role_name = cast(current_user as text)))
    """,
    """
    create policy own_rows on archive_audit
    using (
        authority = 'role ' || current_user
        or authority in (select authority from archive_tenant where role_name = cast(current_user as text))
    )
    with check (
        authority = 'role ' || current_user
        or authority in (select authority from archive_tenant where role_name = cast(current_user as text))
    )
    """,
    "alter table archive_tenant enable row level security",
    "alter table archive_key enable row level security",
    "alter table archive_key force row level security",
    "alter table archive_return enable row level security",
    "alter table archive_return force row level security",
    "alter table archive_attachment enable row level security",
    "alter table archive_attachment force row level security",
    "alter table archive_audit enable row level security",
    "alter table archive_audit force row level security",
    # The owner of the tables calls this once for each authority. An entry of the audit is never updated.
    """
    create function archive_admit(admitted text, number text) returns void language plpgsql as $body$
    begin
        if number !~ '^[0-9]{3}$' then
            raise exception 'An authority has three digits.';
        end if;
        if exists (select 1 from pg_roles where rolname = admitted and (rolsuper or rolbypassrls))
            or pg_has_role(admitted, current_user, 'member')
        then
            raise exception 'Row security does not bind this role.';
        end if;
        execute format(
            'grant select, insert, update, delete on archive_key, archive_return, archive_attachment to %I', admitted
        );
        execute format('grant select, insert, delete on archive_audit to %I', admitted);
        execute format('grant select on archive_tenant, archive_version to %I', admitted);
        insert into archive_tenant (authority, role_name) values (number, admitted);
    end
    $body$
    """,
    "revoke all on function archive_admit(text, text) from public",
)


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
        for statement in POSTGRESQL:
            op.execute(statement)
