"""A store is locked down, binds its parameters and keeps returns apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import duckdb
import pyarrow as pa
import pytest

from sen2dash.checks import catalogue
from sen2dash.checks.run import run as run_rules
from sen2dash.config import Settings
from sen2dash.errors import TooLarge
from sen2dash.indicators.run import run_indicators
from sen2dash.model import Facts
from sen2dash.spec.columns import ESTABLISHMENT_COLUMNS
from sen2dash.store.database import Store
from tests import casebook

SECRET = Path(__file__)


CASE = {"given": {"person": "surname | person_birth_date\nÉlan | 2012-02-29\nBo | 2012-02-30"}}


@pytest.fixture
def store() -> Iterator[Store]:
    made = casebook.make_store(CASE)
    yield made
    made.close()


@pytest.fixture(scope="module")
def refusing() -> Iterator[Store]:
    """A store for statements that it refuses, so that each of them finds it as it was."""
    made = casebook.make_store(CASE)
    yield made
    made.close()


# -- locked down ------------------------------------------------------------------------------------------

#: Settings applied when the database is opened, as the database itself reports them.
SETTINGS_OF_A_STORE = {
    "enable_external_access": "false",
    "lock_configuration": "true",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "python_scan_all_frames": "false",
    "temp_directory": "",
    "threads": "1",
    "async_threads": "0",
    "enable_logging": "0",
    "log_query_path": "",
    "profile_output": "",
}
#: SELECTs that read the folder or the program: they work in an open database.
READING = (
    "select * from read_csv('a.csv')",
    "select * from read_csv_auto('a.csv')",
    "select * from sniff_csv('a.csv')",
    "select content from read_text('a.csv')",
    "select content from read_blob('a.csv')",
    "select content from read_text(':memory:')",
    "select * from read_json('a.json')",
    "select * from read_json_auto('a.json')",
    "select * from read_json_objects('a.json')",
    "select * from read_ndjson('a.json')",
    "select * from read_parquet('a.parquet')",
    "select * from parquet_scan('a.parquet')",
    "select * from parquet_metadata('a.parquet')",
    "select * from parquet_schema('a.parquet')",
    "select * from read_duckdb('a.db')",
    "select * from 'a.csv'",
    "select * from 'a.parquet'",
    "select * from glob('a.*')",
    "select * from arrow_variable",
    "select * from frame_variable",
)
#: SELECTs that would reach beyond this machine, or ask about the database's environment.
REACHING = (
    "select * from read_csv('https://example.org/x.csv')",
    "select * from read_parquet('s3://bucket/x.parquet')",
    "select * from 'https://example.org/x.parquet'",
    "select getenv('HOME') as home",
    "select * from duckdb_extensions()",
    "select * from enable_logging('QueryLog', storage = 'file', storage_path = 'out')",
    "select * from enable_profiling(format = 'json', save_location = 'out.json')",
    "select * from query('copy person to ''out.csv''')",
)
#: Statements that write, attach or change database settings: they work in an open database.
CHANGING = (
    "copy (select 1 as a) to 'out.csv'",
    "copy (select 1 as a) to 'out.parquet'",
    "copy (select 1 as a) to ':memory:'",
    "copy (select 1 as a) to ':memory:.wal' (format csv)",
    "copy kept from 'a.csv'",
    "export database 'out'",
    "attach 'a.db' as other",
    "attach 'out.db' as other",
    "set disabled_filesystems = ''",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set memory_limit = '100GB'",
    "reset memory_limit",
    "set threads = 8",
    "set temp_directory = 'out'",
    "set autoload_known_extensions = true",
    "set autoinstall_known_extensions = true",
    "set python_enable_replacements = true",
    "set max_execution_time = 1000",
    "pragma enable_profiling = 'json'",
    "pragma profile_output = 'out.txt'",
    "set log_query_path = 'out.log'",
    "call enable_logging('QueryLog', storage = 'file', storage_path = 'out')",
)
#: Statements that need the network or an extension file, so that it cannot be shown here that they work.
FETCHING = (
    "set enable_external_access = true",
    "install httpfs",
    "install httpfs from community",
    "force install httpfs",
    "load httpfs",
    "load 'a.duckdb_extension'",
    "update extensions",
    "import database 'out'",
    "attach 'https://example.org/a.db' as other",
    "attach 'host=localhost' as other (type postgres)",
    "create secret s (type s3, key_id 'a', secret 'b')",
    "create persistent secret s (type s3, key_id 'a', secret 'b')",
)
REFUSED = r"(?i)disabled|permission|locked|cannot change|not exist|single select|requires the extension"
#: More than 64 MB of rows to sort.
BIG_SORT = """
    select max(place) as last from (
        select row_number() over (order by key desc, i) as place
        from (select hash(i) as key, i from range(6_000_000) as t(i))
    )
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with one file of each kind that a database could read."""
    monkeypatch.chdir(tmp_path)
    with duckdb.connect("a.db") as writing:
        writing.execute("create table kept as select 1 as a")
        for kind in ("csv", "json", "parquet"):
            writing.execute(f"copy kept to 'a.{kind}'")
    Path(":memory:").write_bytes(b"kept")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() if path.is_file() else b"" for path in folder.iterdir()}


def run(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """Run a statement near variables that a database might find by name."""
    arrow_variable = pa.table({"a": [1]})
    frame_variable = arrow_variable.to_pandas()
    assert len(frame_variable) == 1
    return connection.execute(sql).fetchall()


def test_a_store_is_set_as_it_must_be(store: Store) -> None:
    names = list(SETTINGS_OF_A_STORE)
    found = store.rows("select name, value from duckdb_settings() where list_contains($names, name)", {"names": names})
    assert {row["name"]: row["value"] for row in found} == SETTINGS_OF_A_STORE
    assert store.rows("select * from duckdb_secrets()") == []
    databases = store.rows("select database_name, path from duckdb_databases() where not internal")
    assert databases == [{"database_name": "memory", "path": None}]


@pytest.mark.parametrize("sql", READING)
def test_a_select_reads_nothing_that_an_open_database_reads(folder: Path, refusing: Store, sql: str) -> None:
    with duckdb.connect(":memory:") as is_open:
        assert run(is_open, sql) != []
    with pytest.raises(duckdb.Error, match=REFUSED):
        run(refusing._connection, sql)
    arrow_variable = pa.table({"a": [1]})
    frame_variable = arrow_variable.to_pandas()
    with pytest.raises(duckdb.Error, match=REFUSED):
        refusing.table(sql)
    assert len(frame_variable) == 1


@pytest.mark.parametrize("sql", REACHING)
def test_a_select_reaches_nothing_outside(folder: Path, refusing: Store, sql: str) -> None:
    before = contents(folder)
    with pytest.raises(duckdb.Error, match=REFUSED):
        refusing.table(sql)
    assert contents(folder) == before


@pytest.mark.parametrize("sql", CHANGING)
def test_the_database_refuses_what_an_open_one_does(folder: Path, store: Store, sql: str) -> None:
    """Behind the check for a single SELECT there is also the locked configuration of the database."""
    with duckdb.connect(":memory:") as is_open:
        is_open.execute("create table kept (a bigint)")
        run(is_open, sql)
    for path in folder.glob(":memory:*"):
        path.unlink()
    before = contents(folder)
    store._connection.execute("create table kept (a bigint)")
    with pytest.raises(duckdb.Error, match=REFUSED):
        run(store._connection, sql)
    assert contents(folder) == before


@pytest.mark.parametrize("sql", FETCHING)
def test_the_database_fetches_nothing(folder: Path, refusing: Store, sql: str) -> None:
    before = contents(folder)
    with pytest.raises(duckdb.Error, match=REFUSED):
        run(refusing._connection, sql)
    assert contents(folder) == before


@pytest.mark.parametrize(
    "sql", [*CHANGING, *FETCHING, "drop table person", "select 1 as a; select 2 as b", "insert into person from person"]
)
def test_only_one_select_is_run(folder: Path, refusing: Store, sql: str) -> None:
    before = contents(folder)
    with pytest.raises(ValueError, match=r"exactly one statement|nothing but a SELECT|is not a valid StatementType"):
        refusing.table(sql)
    assert contents(folder) == before


def test_memory_is_limited_and_nothing_spills_to_disk(folder: Path) -> None:
    before = contents(folder)
    small, enough = Store(Settings(memory_limit_mb=64)), Store(Settings(memory_limit_mb=2_000))
    try:
        with pytest.raises(TooLarge, match="more than 64 MB"):
            small.table(BIG_SORT)
        assert small.rows("select * from duckdb_temporary_files()") == []
        assert small.value("select 1 as a") == 1
        assert enough.value(BIG_SORT) == 6_000_000
    finally:
        small.close()
        enough.close()
    assert contents(folder) == before


class Full:
    """A connection whose database has run out of memory."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.real = connection

    def __getattr__(self, name: str) -> Any:
        if name in ("execute", "cursor", "register"):
            return self.refuse
        return getattr(self.real, name)

    def refuse(self, *_: Any, **__: Any) -> Any:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate data")


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.load_facts(Facts(size=1, sha256="", year=2025)),
        lambda store: store.load_establishments(pa.table({name: ["1"] for name in ESTABLISHMENT_COLUMNS})),
        lambda store: store.derive(),
        lambda store: store.derive_indicators(),
        lambda store: store.add_findings([("R01", "select 1")]),
        lambda store: store.clear_members(),
        lambda store: store.add_members("caseload", "aug31", "select 1"),
        lambda store: store.table("select 1 as a"),
        lambda store: store.finding_counts(),
        run_indicators,
        lambda store: run_rules(store, catalogue.rules()[:5]),
    ],
)
def test_every_use_of_a_full_database_ends_in_a_readable_message(use: Callable[[Store], object]) -> None:
    store = casebook.make_store({"given": {"person": "surname\nA"}})
    real = store._connection
    store._connection = cast(duckdb.DuckDBPyConnection, Full(real))
    try:
        with pytest.raises(TooLarge, match="too large for the memory") as caught:
            use(store)
        assert "SEN2DASH_MEMORY_LIMIT_MB" in caught.value.hint
    finally:
        store._connection = real
        store.close()


def test_a_rule_that_needs_too_much_memory_ends_the_check_with_a_message(folder: Path) -> None:
    store = Store(Settings(memory_limit_mb=64))
    rule = catalogue.rules()[3].model_copy(
        update={
            "sql": "select last as person_id, null as table_name, null as row_id, null as field, null as value, "
            f"null as detail from ({BIG_SORT})"
        }
    )
    try:
        store.load_facts(Facts(size=1, sha256="", year=2025))
        store.derive()
        with pytest.raises(TooLarge):
            run_rules(store, [rule] * 3)
    finally:
        store.close()


def test_a_store_starts_no_threads_of_its_own() -> None:
    """Sessions share the machine fairly: each return is processed by the thread that asks."""
    tasks = Path("/proc/self/task")
    before = {task.name for task in tasks.iterdir()} if tasks.exists() else set()
    made = Store(Settings())
    assert made.value("select count(*) as n from range(3_000_000) as t(i) where hash(i) % 7 = 0") > 0
    if before:
        # Threads of earlier tests may end meanwhile.
        assert {task.name for task in tasks.iterdir()} <= before
    made.close()


# -- parameters, types and separation ---------------------------------------------------------------------


def test_parameters_are_bound_and_never_text(store: Store) -> None:
    hostile = "Bo' or 1 = 1 --"
    assert store.rows("select surname from person where surname = $name", {"name": hostile}) == []
    assert store.value("select surname from person where surname = $name", {"name": "Élan"}) == "Élan"
    assert store.value("select $census_date::varchar as day") == "2025-01-16"
    with pytest.raises(KeyError):
        store.table("select $unheard_of as x")


def test_a_bad_date_keeps_its_text(store: Store) -> None:
    rows = store.rows(
        "select person_birth_date::varchar as born, person_birth_date_text as text from person order by 2"
    )
    assert rows == [{"born": "2012-02-29", "text": "2012-02-29"}, {"born": None, "text": "2012-02-30"}]
    assert store.rows("select field, value, item_type from unreadable_item") == [
        {"field": "PersonBirthDate", "value": "2012-02-30", "item_type": "date"}
    ]


def test_yes_and_no_in_any_case() -> None:
    store = casebook.make_store({"given": {"requests": "row_id | rya\n1|1\n2|TRUE\n3|False\n4|0\n5|yes\n6|"}})
    assert [row["rya"] for row in store.rows("select rya from requests order by row_id")] == [
        True,
        True,
        False,
        False,
        None,
        None,
    ]
    assert store.value("select n_yes from yes_item where field = 'RYA'") == 2
    store.close()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({}, ("2025-01-16", "2024-08-31")),
        ({"reference_date": "2025-09-01"}, ("2025-09-01", "2025-08-31")),
        ({"reference_date": "2025-08-31"}, ("2025-08-31", "2024-08-31")),
        ({"reference_date": "2025-02-30"}, ("2025-01-16", "2024-08-31")),
        ({"reference_date": "0001-01-01"}, ("0001-01-01", "0001-08-31")),
    ],
)
def test_dates_of_the_collection(header: dict[str, str], expected: tuple[str, str]) -> None:
    store = casebook.make_store({"header": header})
    collection = store.collection
    assert collection is not None
    assert (collection.census_date.isoformat(), collection.august_31.isoformat()) == expected
    assert (collection.year_start.isoformat(), collection.year_end.isoformat()) == ("2024-01-01", "2024-12-31")
    store.close()


def test_code_lists_can_be_set() -> None:
    store = casebook.make_store({}, Settings(now=datetime(2025, 2, 1), work_based_learning_codes="Q, R"))
    assert [row["code"] for row in store.rows("select code from code where code_set = 'CS111' order by code")] == [
        "Q",
        "R",
    ]
    store.close()


def test_an_earlier_return_stands_apart() -> None:
    store = casebook.make_store({"previous": {"given": {"person": "surname\nOld"}}})
    assert store.has_previous
    assert store.value("select count(*)::bigint as n from person") == 0
    assert store.value("select surname from previous.person") == "Old"
    store.close()


def test_two_stores_share_nothing() -> None:
    first = casebook.make_store({"given": {"person": "surname\nOne"}})
    second = casebook.make_store({"given": {"person": "surname\nTwo"}})
    assert first.value("select surname from person") == "One"
    first.close()
    first.close()
    assert second.value("select surname from person") == "Two"
    second.close()
