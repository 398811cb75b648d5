"""Whether row security binds a role of PostgreSQL. A role that could become one that it does not bind is not bound."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from sen2dash.errors import BadArchive
from sen2dash.text import printable

#: What PostgreSQL says of its roles, and of who owns a table.
ROLES = sa.table(
    "pg_roles",
    *(sa.column(name) for name in ("oid", "rolname", "rolsuper", "rolbypassrls", "rolcreaterole")),
)
OWNERS = sa.table("pg_tables", sa.column("tablename"), sa.column("tableowner"))
#: Roles of PostgreSQL that may read or write the files of the server, or run programs there.
SERVER_ROLES = ("pg_execute_server_program", "pg_read_server_files", "pg_write_server_files")


def exists(connection: Connection, role: str) -> bool:
    """Whether the database has this role."""
    return bool(connection.scalar(select(func.count()).select_from(ROLES).where(ROLES.c.rolname == role)))


def why_not_bound(connection: Connection, role: str) -> str:
    """Why row security does not keep a role to its own rows, as a sentence; empty if it does.

    Every role that it may become with `set role` counts as well. Needs the tables of the archive.
    """
    owners = select(OWNERS.c.tableowner).where(OWNERS.c.tablename.like("archive\\_%"))
    may_use = func.has_table_privilege(ROLES.c.oid, "archive_return", "select")
    query = (
        select(
            ROLES.c.rolname,
            ROLES.c.rolsuper,
            ROLES.c.rolbypassrls,
            ROLES.c.rolcreaterole,
            ROLES.c.rolname.in_(SERVER_ROLES).label("is_server"),
            ROLES.c.rolname.in_(owners).label("is_owner"),
            sa.and_(ROLES.c.rolname != role, may_use).label("is_other"),
        )
        .where(func.pg_has_role(role, ROLES.c.oid, "member"))
        .order_by(ROLES.c.rolname != role, ROLES.c.rolname)
    )
    for row in connection.execute(query):
        who = f"The role {printable(role)}"
        if row.rolname != role:
            who += f" is a member of the role {printable(row.rolname)}, which"
        if row.rolsuper:
            return f"{who} is a superuser, so it can read all rows."
        if row.rolbypassrls:
            return f"{who} may bypass row security, so it can read all rows."
        if row.rolcreaterole:
            return f"{who} may create roles, so it could become another one."
        if row.is_server:
            return f"{who} may use the files or programs of the database server."
        if row.is_owner:
            return f"{who} owns tables of the archive, so row security does not bind it."
        if row.is_other:
            return f"{who} may use the tables of the archive as well."
    return ""


def refuse_unbound(connection: Connection, role: str) -> None:
    """Refuse a role that row security does not bind. Errors: BadArchive."""
    if why := why_not_bound(connection, role):
        raise BadArchive(
            "This database role may not be used",
            why,
            "Use a role of its own for each authority or shared service, which owns nothing and is a member of no "
            "other role of the archive.",
        )
