"""PostgreSQL keeps authorities apart by itself: even SQL of its own gets a session no row of another authority."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy as sa

from sen2dash.archive import database
from sen2dash.archive.kept import listed
from sen2dash.archive.opening import Archive
from sen2dash.errors import BadArchive
from tests.archive import made
from tests.archive.conftest import Open, run_as
from tests.archive.made import Made, keep

pytestmark = pytest.mark.slow
TABLES = ("archive_return", "archive_attachment", "archive_audit", "archive_key")
Address = Callable[..., str]


@pytest.fixture
def other(region: Address, open_it: Open, first: Made) -> Archive:
    """The archive of authority 301, with a return in it."""
    archive = open_it(region("sen2_301"))
    keep(archive, made.make(seed=1, lea="301"))
    return archive


def session(address: str) -> psycopg.Connection:
    """A session that runs any SQL."""
    url = sa.make_url(address)
    host = url.host or str(url.query["host"])
    return psycopg.connect(host=host, port=url.port or 5432, dbname=url.database, user=url.username, autocommit=True)


def test_sql_of_its_own_gets_a_session_no_row_of_another_authority(
    region: Address, open_it: Open, other: Archive, first: Made
) -> None:
    mine = open_it(region("sen2_333"))
    keep(mine, first)
    assert [each.authority for each in listed(mine)] == ["333"]
    assert [each.authority for each in listed(other)] == ["301"]
    with session(region("sen2_333")) as sql:
        for table, column in (
            ("archive_return", "authority"),
            ("archive_audit", "authority"),
            ("archive_key", "owner"),
        ):
            found = {row[0] for row in sql.execute(f"select {column} from {table}")}
            assert found <= {"333", "sen2_333", "role sen2_333"}
            assert found
        assert sql.execute("select authority from archive_tenant").fetchall() == [("333",)]
        everything = "select count(*) from archive_return where true or authority = '301'"
        assert sql.execute(everything).fetchone() == (1,)
        # What a session can change of itself does not matter.
        for setting in ("app.authority = '301'", "role = 'sen2_333'", "search_path = public", "row_security = on"):
            sql.execute(f"set {setting}")
            assert sql.execute(everything).fetchone() == (1,)


@pytest.mark.parametrize(
    "statement",
    [
        "set role sen2_301",
        "set role keeper",
        "alter table archive_return disable row level security",
        "alter table archive_return no force row level security",
        "drop policy own_rows on archive_return",
        "insert into archive_tenant values ('302', 'sen2_333')",
        "update archive_tenant set role_name = 'sen2_333'",
        "select archive_admit('sen2_333', '302')",
        "update archive_audit set time = 'x'",
        "alter role sen2_333 bypassrls",
        "insert into archive_audit values ('301', 9, 't', 'sealed', '', 'p', 'h')",
        "insert into archive_key select 'sen2_301', format, key_id, kind, salt, log_n, r, p, wrapped, made_at from archive_key",
        "update archive_return set authority = '301'",
        "set row_security = off; select * from archive_return",
        "copy archive_return to program 'cat'",
        "create function f() returns int language sql security definer as 'select 1'",
    ],
)
def test_the_role_cannot_give_itself_more(region: Address, open_it: Open, first: Made, statement: str) -> None:
    keep(open_it(region("sen2_333")), first)
    with (
        session(region("sen2_333")) as sql,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        sql.execute(statement)


def test_rows_of_another_authority_cannot_be_changed_or_deleted(region: Address, other: Archive) -> None:
    with session(region("sen2_333")) as sql:
        for table in TABLES:
            assert sql.execute(f"delete from {table}").rowcount == 0
        assert sql.execute("update archive_return set retain_until = '2020-01-01'").rowcount == 0
    assert len(listed(other)) == 1


def test_marks_cannot_be_put_beside_the_return_of_another_authority(region: Address, other: Archive) -> None:
    (theirs,) = listed(other)
    with session(region("sen2_333")) as sql, pytest.raises(psycopg.errors.ForeignKeyViolation):
        sql.execute("insert into archive_attachment values (%s, 'notes', '333', 't', '')", [theirs.id])


def test_row_security_is_forced_on_every_table_that_holds_an_authoritys_rows(region: Address) -> None:
    with session(region("keeper")) as sql:
        found = sql.execute(
            "select relname from pg_class where relrowsecurity and relforcerowsecurity and relname like 'archive_%'"
        ).fetchall()
        assert {name for (name,) in found} == set(TABLES)
        # Their owner reads nothing either.
        assert [sql.execute(f"select count(*) from {table}").fetchone() for table in TABLES] == [(0,)] * 4


def test_a_return_of_another_authority_is_refused_in_words(region: Address, open_it: Open) -> None:
    archive = open_it(region("sen2_333"))
    with pytest.raises(BadArchive, match="not for this authority: The database role has no right"):
        keep(archive, made.make(seed=1, lea="301"))
    with pytest.raises(BadArchive, match="does not allow this"), archive.database.writing() as connection:
        connection.exec_driver_sql("insert into archive_tenant values ('301', 'sen2_333')")


@pytest.mark.parametrize("role", ["keeper", "postgres"])
def test_a_role_that_row_security_does_not_bind_is_refused(region: Address, open_it: Open, role: str) -> None:
    with pytest.raises(BadArchive, match="This database role may not be used"):
        open_it(region(role))


UNBOUND = (
    ("alter role sen2_333 bypassrls", "alter role sen2_333 nobypassrls", "may bypass row security"),
    ("alter role sen2_333 createrole", "alter role sen2_333 nocreaterole", "may create roles"),
    ("grant keeper to sen2_333", "revoke keeper from sen2_333", "member of the role keeper, which owns tables"),
    ("grant sen2_301 to sen2_333", "revoke sen2_301 from sen2_333", "role sen2_301, which may use the tables"),
    ("grant postgres to sen2_333", "revoke postgres from sen2_333", "role postgres, which is a superuser"),
    (
        "grant pg_execute_server_program to sen2_333",
        "revoke pg_execute_server_program from sen2_333",
        "files or programs of the database server",
    ),
)


@pytest.mark.parametrize(("grant", "revoke", "words"), UNBOUND)
def test_a_role_that_could_become_another_is_refused(
    server: sa.URL, region: Address, open_it: Open, grant: str, revoke: str, words: str
) -> None:
    run_as(server, grant)
    try:
        with pytest.raises(BadArchive, match=words):
            open_it(region("sen2_333"))
        with pytest.raises(BadArchive, match=words):
            database.prepare(region("keeper"), "sen2_333", ["334"])
        if "server_program" not in grant:
            with pytest.raises(sa.exc.DBAPIError, match="does not bind"):
                run_as(server.set(database="region"), "select archive_admit('sen2_333', '334')")
    finally:
        run_as(server, revoke)
    open_it(region("sen2_333"))


def test_the_rows_are_those_of_the_role_that_signed_in_whatever_it_becomes(
    server: sa.URL, region: Address, open_it: Open, other: Archive, first: Made
) -> None:
    keep(open_it(region("sen2_333")), first)
    run_as(server, "grant sen2_301 to sen2_333")
    try:
        with session(region("sen2_333")) as sql:
            sql.execute("set role sen2_301")
            for table, column in (("archive_return", "authority"), ("archive_key", "owner")):
                assert {row[0] for row in sql.execute(f"select {column} from {table}")} <= {"333", "sen2_333"}
            assert sql.execute("select authority from archive_tenant").fetchall() == [("333",)]
    finally:
        run_as(server, "revoke sen2_301 from sen2_333")
    assert [each.authority for each in listed(other)] == ["301"]


def test_a_database_that_is_not_prepared_is_refused(server: sa.URL, region: Address, open_it: Open) -> None:
    run_as(server, "create database empty owner keeper")
    try:
        with pytest.raises(BadArchive, match="no tables of the archive"):
            open_it(region("sen2_333", "empty"))
        for wrong, words in (
            ("nobody", "no role nobody"),
            ("postgres", "is a superuser"),
            ("keeper", "owns tables of the archive"),
        ):
            with pytest.raises(BadArchive, match=words):
                database.prepare(region("keeper", "empty"), wrong, ["333"])
        database.prepare(region("keeper", "empty"), "sen2_333", ["333", "334"])
        database.prepare(region("keeper", "empty"), "sen2_333", ["333"])
        with pytest.raises(BadArchive, match="belongs to the role sen2_333"):
            database.prepare(region("keeper", "empty"), "sen2_301", ["333"])
        archive = open_it(region("sen2_333", "empty"))
        assert archive.database.authorities == frozenset({"333", "334"})
        archive.close()
        run_as(server.set(database="empty"), "update archive_version set version_num = '9999'")
        with pytest.raises(BadArchive, match="newer release"):
            open_it(region("sen2_333", "empty"))
    finally:
        run_as(server, "drop database empty with (force)")


def test_a_server_that_is_not_there_is_refused_without_its_password(open_it: Open) -> None:
    with pytest.raises(BadArchive) as found:
        open_it("postgresql+psycopg://user:hidden-word@127.0.0.1:1/returns")
    assert "hidden-word" not in found.value.one_line()


def test_sqlite_has_nothing_to_prepare() -> None:
    with pytest.raises(BadArchive, match="nothing to prepare"):
        database.prepare("sqlite:///returns.db", "role", ["333"])
