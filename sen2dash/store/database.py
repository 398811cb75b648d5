"""The module that runs DuckDB: one locked-down in-memory database a return. No rules, no words for people.

A store holds the return in the main schema and, where one was given, an earlier return in the schema `previous` and
an establishment register in `establishment`. Nothing is written to disk and no connection is shared between stores.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sen2dash import limits, reference, spec
from sen2dash.config import QUERIES, Settings
from sen2dash.errors import CatalogueError, TooLarge
from sen2dash.folding import folded
from sen2dash.model import Collection, Facts, Indicator, Rule
from sen2dash.spec.columns import ESTABLISHMENT_COLUMNS, columns_of
from sen2dash.store import lineage

#: Bytes of batches that are collected before they are loaded: one load for all but the largest returns.
LOAD_BYTES = 64_000_000
FINDING_COLUMNS = ("person_id", "table_name", "row_id", "field", "value", "detail")
FACTS_DDL = ", ".join(
    f"{name} {'varchar' if fact.type == 'str' else 'bigint'}" for name, fact in Facts.__dataclass_fields__.items()
)
DEVIATION_DDL = (
    "kind varchar, table_name varchar, row_id bigint, person_id bigint, line bigint, "
    "name varchar, spec_name varchar, content varchar"
)
#: The dates at which a measure takes the age of its people, and the column of the view row_age that holds it.
AGE_COLUMNS = {
    "aug31": "august_age",
    "ReceivedDate": "received_age",
    "StartDate": "start_age",
    "CeaseDate": "cease_age",
}
Parameters = Mapping[str, Any]


def table_ddl(table: str) -> list[tuple[str, str]]:
    """Columns and types of one table of the return: keys, then each item, typed ones followed by their text."""
    columns = []
    item_columns = {item.column: item for item in spec.items_of(table)}
    for name in columns_of(table):
        item = item_columns.get(name)
        if item is None:
            columns.append((name, "bigint"))
        else:
            columns.append((name, spec.TYPED.get(item.type, "varchar")))
            if item.is_typed:
                columns.append((item.text_column, "varchar"))
    return columns


@cache
def _load_expressions(table: str) -> str:
    """The SELECT list that turns a batch of text into the columns of `table_ddl`."""
    item_columns = {item.column: item for item in spec.items_of(table)}
    parts = []
    for name in columns_of(table):
        item = item_columns.get(name)
        if item is None or not item.is_typed:
            parts.append(name)
        elif item.type == "date":
            # DuckDB reads more forms than ccyy-mm-dd: only a text that comes back the same is a real date.
            parts.append(
                f"if(length({name}) = 10 and cast(try_cast({name} as date) as varchar) = {name}, "
                f"try_cast({name} as date), null)"
            )
            parts.append(name)
        else:
            parts.append(
                f"case when lower({name}) in ('1', 'true') then true "
                f"when lower({name}) in ('0', 'false') then false end"
            )
            parts.append(name)
    return ", ".join(parts)


def _unreadable_items_sql() -> str:
    """One row a typed item whose text is there and could not be read (for H21 and H22)."""
    parts = []
    for table in spec.TABLES:
        for item in spec.items_of(table):
            if item.is_typed and item.element != "ReferenceDate":
                parts.append(
                    f"select person_id, '{table}' as table_name, row_id, '{item.element}' as field, "
                    f"{item.text_column} as value, '{item.type}' as item_type from {table} "
                    f"where {item.text_column} is not null and {item.column} is null"
                )
    return " union all ".join(parts)


def _yes_items_sql() -> str:
    """One row a yes/no item of a table: how many rows say yes (for whole-return rules)."""
    parts = [
        f"select '{table}' as table_name, '{item.element}' as field, "
        f"cast(count(*) filter (where {item.column}) as bigint) as n_yes from {table}"
        for table in spec.TABLES
        for item in spec.items_of(table)
        if item.type == "boolean"
    ]
    return " union all ".join(parts)


def _row_counts_sql() -> str:
    """One row a table of the return: how many rows it has."""
    return " union all ".join(
        f"select '{table}' as table_name, cast(count(*) as bigint) as n_rows from {table}" for table in spec.TABLES
    )


GENERATED_VIEWS = {
    "unreadable_item": _unreadable_items_sql,
    "yes_item": _yes_items_sql,
    "table_size": _row_counts_sql,
}


def path_sql(table: str) -> str:
    """An SQL expression for the position path of a row `t` of this table, with `p` its person and `r` its request."""
    if table == "header":
        return "'/Message/Header'"
    steps = ["'/Message/Persons/Person[' || p.place || ']'"]
    for name in (*spec.ancestors(table)[1:], table):
        group = spec.group_of(name)
        if name == "person":
            continue
        place = {"requests": "r.place"}.get(name, "t.place" if name == table and group.repeats else "1")
        steps.append(f"'/{group.element}[' || {place} || ']'")
    return " || ".join(steps)


@cache
def row_place_sql(tables: tuple[str, ...]) -> str:
    """One row a row of these tables: table_name, row_id, line and path."""
    parts = []
    for table in tables:
        joins = ""
        if table != "header":
            own = "t.row_id" if table == "person" else "t.person_id"
            joins = f" join person as p on p.row_id = {own}"
            if table != "person":
                own = "t.row_id" if table == "requests" else "t.requests_id"
                joins += f" join requests as r on r.row_id = {own}"
        parts.append(
            f"select '{table}' as table_name, t.row_id, t.line, {path_sql(table)} as path from {table} as t{joins}"
        )
    return " union all ".join(parts)


class Store:
    """One return in memory. Close it to give the memory back."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "enable_external_access": "false",
                "autoload_known_extensions": "false",
                "autoinstall_known_extensions": "false",
                "allow_community_extensions": "false",
                "allow_persistent_secrets": "false",
                "python_enable_replacements": "false",
                "memory_limit": f"{settings.memory_limit_mb}MB",
                "threads": "1",
                # Threads that wait for files, eight a database: there are none to wait for.
                "async_threads": "0",
                "temp_directory": "",
            },
        )
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], list[pa.Table]] = {}
        self._bytes_waiting = 0
        self.has_previous = False
        self.has_establishments = False
        #: Column of the register to why it cannot be relied on; whether some values of others could not be read.
        self.register_faults: Mapping[str, str] = {}
        self.has_unread = False
        self._has_measures = False
        self.collection: Collection | None = None
        #: The dates of the earlier return, where there is one.
        self.previous_collection: Collection | None = None
        self._create()
        # The path of a database stays open to it, even where it is none: a COPY would write to a file of that name.
        self._connection.execute("set disabled_filesystems = 'LocalFileSystem'")
        self._connection.execute("set lock_configuration = true")

    @contextmanager
    def _within_memory(self) -> Iterator[None]:
        """TooLarge where the database has no memory left for what is run inside."""
        try:
            yield
        except (duckdb.OutOfMemoryException, MemoryError):
            raise TooLarge(
                "The return is too large for the memory that it may use",
                f"It needs more than {self.settings.memory_limit_mb:,} MB.",
                "Ask your administrator to raise SEN2DASH_MEMORY_LIMIT_MB.",
            ) from None

    # -- loading ------------------------------------------------------------------------------------------

    def _create(self) -> None:
        run = self._connection.execute
        run("create schema previous")
        for schema in ("main", "previous"):
            for table in spec.TABLES:
                columns = ", ".join(f"{name} {kind}" for name, kind in table_ddl(table))
                run(f"create table {schema}.{table} ({columns})")
            run(f"create table {schema}.deviation ({DEVIATION_DDL})")
            run(f"create table {schema}.file ({FACTS_DDL})")
        run("create table code (code_set varchar, code varchar, label varchar, published_group varchar)")
        kinds = {"open_date": "date", "close_date": "date"}
        columns = ", ".join(f"{name} {kinds.get(name, 'varchar')}" for name in ESTABLISHMENT_COLUMNS)
        run(f"create table establishment ({columns})")
        run(
            "create table finding (rule_id varchar, person_id bigint, table_name varchar, row_id bigint, "
            "field varchar, value varchar, detail varchar)"
        )
        run(
            "create table member (indicator_id varchar, person_id bigint, table_name varchar, row_id bigint, "
            "in_denominator boolean, in_numerator boolean, age bigint)"
        )
        self._run_file("macros.sql")

    def load(self, table: str, batch: pa.Table, schema: str = "main") -> None:
        """Take a batch as `shred.shred` hands it over. It is in the tables after `flush`."""
        self._waiting.setdefault((schema, table), []).append(batch)
        self._bytes_waiting += batch.nbytes
        if self._bytes_waiting >= LOAD_BYTES:
            self.flush()

    def flush(self) -> None:
        """Load what is waiting. TooLarge where the database has no memory left for it."""
        for (schema, table), batches in self._waiting.items():
            self._connection.register("incoming", pa.concat_tables(batches))
            expressions = "*" if table == "deviation" else _load_expressions(table)
            try:
                with self._within_memory():
                    self._connection.execute(f"insert into {schema}.{table} select {expressions} from incoming")
            finally:
                self._connection.unregister("incoming")
        self._waiting.clear()
        self._bytes_waiting = 0

    def load_facts(self, facts: Facts, schema: str = "main") -> None:
        """Keep what is true of the file as a whole."""
        self.flush()
        values = asdict(facts)
        marks = ", ".join("?" for _ in values)
        with self._within_memory():
            self._connection.execute(f"insert into {schema}.file values ({marks})", list(values.values()))
        if schema == "previous":
            self.has_previous = True

    def load_establishments(self, register: pa.Table, faults: Mapping[str, str] | None = None) -> None:
        """Keep a register with the columns of ESTABLISHMENT_COLUMNS. faults: columns not to be relied on, and why."""
        with self._within_memory():
            self._connection.register("incoming", register)
            self._connection.execute("insert into establishment select * from incoming")
            self._connection.unregister("incoming")
        self.has_establishments = True
        self.register_faults = faults or {}
        self.has_unread = register["unread"].null_count < len(register)

    def clear(self) -> None:
        """Forget the return but keep the database, for many small returns one after another."""
        with self._lock:
            for schema in ("main", "previous"):
                for table in (*spec.TABLES, "deviation", "file"):
                    self._connection.execute(f"delete from {schema}.{table}")
            self._connection.execute("delete from establishment")
            self._connection.execute("delete from finding")
            self._connection.execute("delete from member")
            self.has_previous = self.has_establishments = self.has_unread = self._has_measures = False
            self.register_faults = {}
            self.collection = self.previous_collection = None

    def derive(self, reading: str | None = None) -> Collection:
        """Work out the collection's dates, fill the code lists and build the views.

        reading: the SQL that will be run; only the views that it reads are built (default: all of them).
        TooLarge where the database has no memory left for them.
        """
        with self._within_memory():
            return self._derive(reading)

    def _derive(self, reading: str | None) -> Collection:
        self.flush()
        self.collection = self._read_collection("main")
        if self.has_previous:
            self.previous_collection = self._read_collection("previous")
        overrides = self.settings.code_overrides()
        rows = []
        code_sets = sorted({code.code_set for code in spec.all_codes()} | {"CS003", spec.AUTHORITIES_OF_MOVES})
        groups = {(code.code_set, code.code): code.published_group for code in spec.all_codes()}
        for code_set in code_sets:
            known = spec.codes(code_set, self.collection.rules_of)
            chosen = overrides.get(code_set, tuple(known))
            rows += [(code_set, c, known.get(c, c), groups.get((code_set, c), "")) for c in chosen]
        self._connection.execute("delete from code")
        columns = list(zip(*rows, strict=True))
        names = ["code_set", "code", "label", "published_group"]
        self._connection.register("incoming", pa.table(dict(zip(names, map(pa.array, columns), strict=True))))
        self._connection.execute("insert into code select * from incoming")
        self._connection.unregister("incoming")
        self._fold_names()
        wanted = None if reading is None else lineage.needed(reading, view_files())
        empty = self._empty_views()
        for name, sql in view_files():
            if wanted is None or name in wanted:
                # A view of an input that was not given is empty: nothing is read to find that out.
                select = f"select * from (\n{sql}\n) limit 0" if name in empty else sql
                self._run_bound(f"create or replace table {name} as {select}", self.parameters())
        for name, make in GENERATED_VIEWS.items():
            self._connection.execute(f"create or replace view {name} as {make()}")
        return self.collection

    def _empty_views(self) -> frozenset[str]:
        """The views that read, directly or through others, an earlier return or a register that was not given."""
        absent = [] if self.has_previous else [f"previous.{table}" for table in (*spec.TABLES, "deviation", "file")]
        absent += [] if self.has_establishments else ["establishment"]
        return lineage.following(view_files(), absent)

    def _fold_names(self) -> None:
        """Keep the folded form of every name of the two returns, for the macro `folded`."""
        names = self.table(
            "select surname as name from person union select forename from person "
            "union select surname from previous.person union select forename from previous.person"
        ).column("name")
        forms = pa.array([folded(name) or None if name else None for name in names.to_pylist()], pa.string())
        self._connection.register("incoming", pa.table({"name": names, "folded": forms}))
        self._connection.execute("truncate folded_name")
        self._connection.execute("insert into folded_name from incoming where folded is not null")
        self._connection.unregister("incoming")

    def derive_measures(self) -> None:
        """Build what measures and cohorts read: the categories of `reference` and the views under views/measures.

        Apart from `derive`, because rules need none of it. Does nothing the second time.
        """
        with self._lock, self._within_memory():
            if self._has_measures:
                return
            for name, rows in reference.store_tables().items():
                self._connection.register("incoming", rows)
                self._connection.execute(f"create or replace table {name} as select * from incoming")
                self._connection.unregister("incoming")
            for name, sql in view_files("views/measures"):
                self._run_bound(f"create or replace table {name} as {sql}", self.parameters())
            self._run_file("cohort_macros.sql")
            self._has_measures = True

    def _read_collection(self, schema: str) -> Collection:
        (row,) = self.rows(
            f"select (select max(year) from {schema}.file) as year, any_value(reference_date) as reference_date, "
            f"any_value(lea) as lea from {schema}.header"
        )
        year, reference, lea = row["year"], row["reference_date"], row["lea"]
        census: date = reference or spec.census_day(year)
        return Collection(
            year=year,
            rules_of=spec.rules_year(year),
            census_date=census,
            year_start=date(year - 1, 1, 1),
            year_end=date(year - 1, 12, 31),
            august_31=date(max(census.year - (census <= date(census.year, 8, 31)), 1), 8, 31),
            lea=lea,
        )

    def parameters(self, settings: Settings | None = None) -> dict[str, Any]:
        """Every parameter that a rule, view or measure may bind. settings: others than those of the store."""
        assert self.collection is not None
        settings = settings or self.settings
        earlier = self.previous_collection
        return {
            "return_year": self.collection.year,
            "rules_of": self.collection.rules_of,
            "census_day_of_year": spec.census_day(self.collection.year),
            "census_date": self.collection.census_date,
            "year_start": self.collection.year_start,
            "year_end": self.collection.year_end,
            "august_31": self.collection.august_31,
            "lea": self.collection.lea,
            "previous_census_date": earlier.census_date if earlier else None,
            "previous_year_start": earlier.year_start if earlier else None,
            "previous_year_end": earlier.year_end if earlier else None,
            "now": settings.clock(),
            **limits.PARAMETERS,
            "twenty_weeks_days": settings.twenty_weeks_days,
            "include_challenged": settings.include_challenged,
        }

    # -- reading ------------------------------------------------------------------------------------------

    def _run_file(self, name: str) -> None:
        for statement in self._connection.extract_statements((QUERIES / name).read_text(encoding="utf-8")):
            self._connection.execute(statement)

    def _run_bound(self, sql: str, parameters: Parameters, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        """Run one statement with the parameters that it names."""
        chosen = connection or self._connection
        (statement,) = chosen.extract_statements(sql)
        chosen.execute(statement, {name: parameters[name] for name in statement.named_parameters})

    def add_findings(self, rule_id: str, sql: str) -> None:
        """Run one rule and keep its offenders. Raises duckdb.Error (as RuntimeError) where it cannot be run.

        TooLarge where the database has no memory left for it.
        May be called from several threads at once: each works on a cursor of its own.
        """
        try:
            with self._within_memory(), self._connection.cursor() as cursor:
                self._run_bound(_insert_findings(sql), {**self.parameters(), "rule_id": rule_id}, cursor)
        except (duckdb.Error, KeyError) as error:
            raise RuntimeError(_reason(error)) from None

    def add_to_details(self, notes: pa.Table, most_read: int) -> None:
        """Add a note to the detail of each finding with this field and these first characters of its value."""
        with self._lock:
            self._connection.register("incoming", notes)
            self._connection.execute(
                "update finding set detail = concat_ws('; ', nullif(finding.detail, ''), incoming.note) from incoming "
                "where finding.field is not distinct from incoming.field and left(finding.value, ?) = incoming.value",
                [most_read],
            )
            self._connection.unregister("incoming")

    def clear_members(self) -> None:
        """Forget the members of every measure."""
        with self._lock, self._within_memory():
            self._connection.execute("truncate member")

    def add_members(self, indicator_id: str, age_at: str, sql: str) -> None:
        """Run one measure and keep its members, with the person's age at the date that the measure takes.

        age_at: a key of AGE_COLUMNS. Raises duckdb.Error (as RuntimeError) where it cannot be run.
        """
        with self._lock, self._within_memory():
            try:
                self._run_bound(_insert_members(age_at, sql), {**self.parameters(), "indicator_id": indicator_id})
            except duckdb.OutOfMemoryException:
                raise
            except (duckdb.Error, KeyError) as error:
                raise RuntimeError(_reason(error)) from None

    @property
    def has_measures(self) -> bool:
        """Whether the views that measures read are built, so that there may be members."""
        return self._has_measures

    def use_settings(self, settings: Settings, rules: Sequence[Rule], indicators: Sequence[Indicator]) -> None:
        """Take other settings: run these rules and measures in place of what they found before, all of them or none.

        The views that bind a changed parameter are built anew as well. Raises duckdb.Error (as RuntimeError) where one
        cannot be run or the memory is used up: everything is then as it was.
        """
        with self._lock, self._connection.cursor() as cursor:
            parameters = self.parameters(settings)
            changed = {name for name, value in self.parameters().items() if value != parameters[name]} - {"now"}
            empty = self._empty_views()
            try:
                cursor.begin()
                for name, sql in changing_views(frozenset(changed), self._has_measures):
                    select = f"select * from (\n{sql}\n) limit 0" if name in empty else sql
                    self._run_bound(f"create or replace table {name} as {select}", parameters, cursor)
                for rule in rules:
                    own = {**parameters, "rule_id": rule.id}
                    self._run_bound("delete from finding where rule_id = $rule_id", own, cursor)
                    self._run_bound(_insert_findings(rule.sql), own, cursor)
                for each in indicators:
                    own = {**parameters, "indicator_id": each.id}
                    self._run_bound("delete from member where indicator_id = $indicator_id", own, cursor)
                    self._run_bound(_insert_members(each.age_at, each.sql), own, cursor)
                cursor.commit()
            except BaseException as error:
                with suppress(duckdb.Error):
                    cursor.rollback()
                if isinstance(error, duckdb.Error | KeyError):
                    raise RuntimeError(_reason(error)) from None
                raise
            self.settings = settings

    def table(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """One SELECT as an Arrow table; parameters are bound, surplus ones of the collection are left out.

        TooLarge where the database has no memory left for it.
        """
        with self._lock, self._within_memory():
            statements = self._connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise ValueError("exactly one SELECT is run at a time")
            known = {**(self.parameters() if self.collection else {}), **(parameters or {})}
            bound = {name: known[name] for name in statements[0].named_parameters}
            cursor = self._connection.cursor()
            try:
                return cursor.sql(sql, params=bound).to_arrow_table() if bound else cursor.sql(sql).to_arrow_table()
            finally:
                cursor.close()

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """One SELECT as a list of dictionaries."""
        found: list[dict[str, Any]] = self.table(sql, parameters).to_pylist()
        return found

    def value(self, sql: str, parameters: Parameters | None = None) -> Any:
        """The one value of a SELECT with one row and one column; None where there is no row."""
        found = self.rows(sql, parameters)
        return next(iter(found[0].values())) if found else None

    def finding_counts(self) -> dict[str, tuple[int, int]]:
        """Rule id to the number of its findings and of the people they concern."""
        found = self.rows(
            "select rule_id, cast(count(*) as bigint) as n, cast(count(distinct person_id) as bigint) as people "
            "from finding group by all"
        )
        return {row["rule_id"]: (row["n"], row["people"]) for row in found}

    def close(self) -> None:
        """Give the memory back. Safe to call twice."""
        with self._lock:
            self._connection.close()


def _insert_findings(sql: str) -> str:
    names = ", ".join(FINDING_COLUMNS)
    return f"insert into finding (rule_id, {names}) select $rule_id, {names} from (\n{sql}\n)"


def _insert_members(age_at: str, sql: str) -> str:
    return (
        "insert into member select $indicator_id, m.person_id, m.table_name, m.row_id, m.in_denominator, "
        f"coalesce(m.in_numerator, false), a.{AGE_COLUMNS[age_at]} from (\n{sql}\n) as m "
        "left join row_age as a on m.table_name = a.table_name and m.row_id = a.row_id"
    )


def changing_views(parameters: frozenset[str], with_measures: bool = True) -> tuple[tuple[str, str], ...]:
    """Name and SELECT of the views that bind one of these parameters, directly or through others, in order."""
    views = (*view_files(), *(view_files("views/measures") if with_measures else ()))
    names = lineage.following(views, parameters=parameters)
    return tuple((name, sql) for name, sql in views if name in names)


def _reason(error: Exception) -> str:
    """The first line of a database error, without values of the return."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return text.split(" when casting")[0][:200] if "Conversion Error" not in text else "Conversion Error"


@cache
def view_files(folder: str = "views") -> tuple[tuple[str, str], ...]:
    """Name and SELECT of every file of a folder under queries/, each behind the views that it reads."""
    return lineage.in_order(
        {path.stem: path.read_text(encoding="utf-8") for path in sorted((QUERIES / folder).glob("*.sql"))}
    )


def check_select(sql: str, path: Path) -> None:
    """CatalogueError unless the text is exactly one SELECT."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise CatalogueError("An SQL file cannot be parsed", f"{path.name}: {_reason(error)}") from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise CatalogueError("An SQL file is not one SELECT", f"{path.name} must hold exactly one SELECT.")


def columns_of_query(store: Store, sql: str) -> Sequence[str]:
    """The column names that a SELECT gives."""
    return list(store.table(sql).column_names)
