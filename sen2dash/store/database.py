"""Keep one return in a database of its own, and what the rules and indicators find in it. This module has no rules.

A store holds the return in the main schema and, if they were added, an earlier return in the schema `previous` and an
establishment register in `establishment`. Nothing is written to disk and no connection is shared: see `locked`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from sen2dash import limits, reference, spec
from sen2dash.config import Settings
from sen2dash.folding import folded
from sen2dash.model import Collection, Facts, Indicator, Rule
from sen2dash.reference import establishments
from sen2dash.store import lineage, schema, views
from sen2dash.store.locked import LockedDatabase, Parameters
from sen2dash.store.statements import code_table, insert_findings, insert_members

#: Bytes of batches that are collected before they are loaded: one load for all except the largest returns.
LOAD_BYTES = 64_000_000
#: A person, their group (the team or, if the list has no teams, the case worker), their team and their case worker.
TeamRow = tuple[int, str | None, str | None, str | None]


class Store(LockedDatabase):
    """One return in memory. Close it to free the memory."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._waiting: dict[tuple[str, str], list[pa.Table]] = {}
        self._bytes_waiting = 0
        #: Tables, with their schema, that hold rows; and what the code lists were filled for.
        self._filled: set[str] = set()
        self._codes_of: tuple[object, ...] | None = None
        #: How often marks were set, so that a cached list with marks can be told from a later one.
        self.marks_version = 0
        self.has_previous = False
        self.has_establishments = False
        #: Unreliable columns of the register, mapped to the reason; and if some values of other columns were not read.
        self.register_faults: Mapping[str, str] = {}
        #: Columns of the register without a value in any row.
        self.blank_register_columns: frozenset[str] = frozenset()
        self.has_unread = False
        #: Tables of the return that its files did not have: they are not empty, but unknown.
        self.not_given: frozenset[str] = frozenset()
        self._has_indicators = self._has_reference = False
        #: Whether a school census was matched with the people.
        self.has_census = False
        self.collection: Collection | None = None
        #: The dates of the earlier return, if there is one.
        self.previous_collection: Collection | None = None

    # -- loading ------------------------------------------------------------------------------------------

    def _create(self) -> None:
        for statement in schema.creating():
            self._connection.execute(lineage.parsed(statement))
        self._run_file("macros.sql")
        self._run_file("finding_macros.sql")

    def load(self, table: str, batch: pa.Table, into: str = "main") -> None:
        """Accept a batch from `shred.shred`. It is in the tables after `flush`. into: one of SCHEMAS."""
        self._waiting.setdefault((into, table), []).append(batch)
        self._bytes_waiting += batch.nbytes
        if self._bytes_waiting >= LOAD_BYTES:
            self.flush()

    def flush(self) -> None:
        """Load the waiting batches. Raises TooLarge if the database runs out of memory."""
        for (into, table), batches in self._waiting.items():
            expressions = "*" if table == "deviation" else schema.load_expressions(table)
            with self._within_memory():
                self._insert(f"{into}.{table}", pa.concat_tables(batches), expressions)
        self._waiting.clear()
        self._bytes_waiting = 0

    def _insert(self, table: str, rows: pa.Table, expressions: str = "*") -> None:
        """Add rows to a table. expressions: the SELECT list that is applied to them."""
        self._filled.add(table)
        self._connection.register("incoming", rows)
        try:
            self._connection.execute(lineage.parsed(f"insert into {table} select {expressions} from incoming"))
        finally:
            self._connection.unregister("incoming")

    def load_facts(self, facts: Facts, into: str = "main") -> None:
        """Store the facts about the whole file. into: one of SCHEMAS."""
        self.flush()
        values = asdict(facts)
        marks = ", ".join("?" for _ in values)
        with self._within_memory():
            self._filled.add(f"{into}.file")
            self._connection.execute(f"insert into {into}.file values ({marks})", list(values.values()))
        if into == "previous":
            self.has_previous = True

    def load_origin(self, prefixes: Mapping[str, str], not_given: frozenset[str]) -> None:
        """Store where the tables of a return that is not XML are, and which of them were not given.

        prefixes: what a path has in front of the number of a row, by table.
        """
        names, texts = list(prefixes), list(prefixes.values())
        with self._within_memory():
            self._insert("given_place", pa.table({"table_name": names, "prefix": texts}))
        self.not_given |= not_given

    def load_previous_origin(self, not_given: frozenset[str]) -> None:
        """Record which tables of an earlier return that is not XML were not given."""
        self.not_given |= {f"previous.{table}" for table in not_given}

    def load_establishments(self, register: pa.Table, faults: Mapping[str, str] | None = None) -> None:
        """Store a register with the columns of ESTABLISHMENT_COLUMNS. faults: unreliable columns, and the reasons."""
        with self._within_memory():
            self._insert("establishment", register)
        self.has_establishments = True
        blank = [name for name in register.column_names if register[name].null_count == len(register)]
        self.blank_register_columns = frozenset(blank)
        self.register_faults = faults or {}
        self.has_unread = register["unread"].null_count < len(register)

    def load_teams(self, rows: Sequence[TeamRow]) -> None:
        """Store people's teams, replacing earlier ones. Raises TooLarge if the database runs out of memory."""
        names = ("person_id", "work_group", "team", "case_worker")
        columns = zip(*rows, strict=True) if rows else [()] * len(names)
        kinds = (pa.int64(), pa.string(), pa.string(), pa.string())
        arrays = [pa.array(values, kind) for values, kind in zip(columns, kinds, strict=True)]
        with self._lock, self._within_memory():
            self._connection.execute("truncate person_team")
            self._insert("person_team", pa.table(arrays, list(names)))

    def use_census(self, rows: pa.Table | None) -> None:
        """Use what a school census says of people (CENSUS_COLUMNS and person_id); None: no census any more.

        Raises TooLarge if the database runs out of memory.
        """
        with self._lock, self._within_memory():
            self._connection.execute("truncate census_profile")
            if rows is not None:
                self._insert("census_profile", rows.select(["person_id", *schema.CENSUS_COLUMNS]))
            self.has_census = rows is not None
            if self._has_indicators:
                every = views.view_files(views.INDICATOR_VIEWS)
                again = lineage.following(every, ["census_profile"])
                self._connection.register("register_extract", establishments.extract())
                try:
                    self._build([(name, sql) for name, sql in every if name in again], self.parameters())
                finally:
                    self._connection.unregister("register_extract")

    def clear(self) -> None:
        """Delete the return but keep the database, for many small returns one after another."""
        with self._lock:
            for table in self._filled:
                self._connection.execute(f"truncate {table}")
            self._filled.clear()
            self.has_previous = self.has_establishments = self.has_unread = self._has_indicators = False
            self.has_census = False
            self.register_faults, self.blank_register_columns = {}, frozenset()
            self.not_given = frozenset()
            self.collection = self.previous_collection = None

    def derive(self, reading: str | None = None) -> Collection:
        """Work out the collection's dates, fill the code lists and build the views.

        reading: the SQL that will be run; only the views that it reads are built (default: all of them).
        Raises TooLarge if the database runs out of memory.
        """
        with self._within_memory():
            return self._derive(reading)

    def _derive(self, reading: str | None) -> Collection:
        self.flush()
        self.collection = self._read_collection("main")
        if self.has_previous:
            self.previous_collection = self._read_collection("previous")
        self._fill_codes(self.collection.rules_of)
        wanted = views.wanted_views(reading)
        if reading is None or any("folded_name" in lineage.reads(sql) for sql in (reading, *dict(wanted).values())):
            self._fold_names()
        self._build(wanted, self.parameters())
        return self.collection

    def _build(
        self,
        wanted: Sequence[tuple[str, str]],
        parameters: Parameters,
        connection: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        """Build these views in the order given."""
        empty = views.empty_views(self.has_previous, self.has_establishments)
        for name, sql in wanted:
            self._run_bound(views.building(name, sql, name in empty), parameters, connection)

    def _fill_codes(self, rules_of: int) -> None:
        """Fill the code lists for a year and the settings, unless they are there already."""
        codes_of = (rules_of, tuple(sorted(self.settings.code_overrides().items())))
        if codes_of != self._codes_of:
            self._codes_of = None
            self._connection.execute("truncate code")
            self._insert("code", code_table(*codes_of))
            # Codes are not part of the return.
            self._filled.discard("code")
            self._codes_of = codes_of

    def _fold_names(self) -> None:
        """Store the folded form of every name in the two returns, for the macro `folded`."""
        names = self.table(
            "select surname as name from person union select forename from person "
            "union select surname from previous.person union select forename from previous.person"
        ).column("name")
        forms = pa.array([folded(name) or None if name else None for name in names.to_pylist()], pa.string())
        self._connection.execute("truncate folded_name")
        self._insert("folded_name", pa.table({"name": names, "folded": forms}).filter(forms.is_valid()))

    def derive_indicators(self) -> None:
        """Build the tables and views that indicators and cohorts read: the `reference` categories and views/indicators.

        This is separate from `derive` because rules do not need it. A second call does nothing.
        """
        with self._lock, self._within_memory():
            if self._has_indicators:
                return
            if not self._has_reference:
                self._fill_reference()
            self._connection.register("register_extract", establishments.extract())
            try:
                self._build(views.view_files(views.INDICATOR_VIEWS), self.parameters())
            finally:
                self._connection.unregister("register_extract")
            if not self._has_reference:
                # These macros read the views, so create them after the views.
                self._run_file("cohort_macros.sql")
                self._has_reference = True
            self._has_indicators = True

    def _fill_reference(self) -> None:
        """Fill the tables of categories and types that views and lists join with."""
        for name, rows in reference.store_tables().items():
            self._connection.register("incoming", rows)
            self._connection.execute(f"create or replace table {name} as select * from incoming")
            self._connection.unregister("incoming")

    def use_kept(self) -> None:
        """Count from tables that were filled from another store, instead of building them."""
        with self._lock, self._within_memory():
            self._fill_reference()
            self._run_file("cohort_macros.sql")
            self._has_reference = self._has_indicators = True

    def _read_collection(self, schema_name: str) -> Collection:
        found = self._connection.execute(
            f"select (select max(year) from {schema_name}.file), any_value(reference_date), any_value(lea) "
            f"from {schema_name}.header"
        ).fetchone()
        assert found is not None
        year, reference, lea = found
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

    def _known_parameters(self) -> Parameters:
        return self.parameters() if self.collection else {}

    def parameters(self, settings: Settings | None = None) -> dict[str, Any]:
        """Return every parameter that a rule, view or indicator may bind. settings: instead of those of the store."""
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

    # -- what rules and indicators find -------------------------------------------------------------------

    def add_findings(self, rules: Sequence[tuple[str, str]]) -> None:
        """Run some rules, each an id and a SELECT, as one statement and store their findings: all of them or none.

        Raises duckdb.Error (as RuntimeError) if one of them cannot be run, and TooLarge if the database runs out of
        memory. May be called from several threads at once: each uses its own cursor.
        """
        try:
            self._filled.add("finding")
            with self._within_memory(), self._own_cursor() as cursor:
                self._run_bound(insert_findings(rules), self.parameters(), cursor)
        except (duckdb.Error, KeyError) as error:
            raise RuntimeError(lineage.reason(error)) from None

    def add_to_details(self, notes: pa.Table, most_read: int) -> None:
        """Add a note to the detail of each finding whose field and first characters of the value match."""
        with self._lock:
            self._connection.register("incoming", notes)
            self._connection.execute(
                "update finding set detail = concat_ws('; ', nullif(finding.detail, ''), incoming.note) from incoming "
                "where finding.field is not distinct from incoming.field and left(finding.value, ?) = incoming.value",
                [most_read],
            )
            self._connection.unregister("incoming")

    def put_marks(self, rows: pa.Table) -> None:
        """Set the marks of findings, with the columns of MARK_DDL; a mark that is NULL is removed."""
        with self._lock, self._within_memory():
            self._filled.add("finding_mark")
            self._connection.register("incoming", rows)
            try:
                self._connection.execute(
                    "delete from finding_mark as m using incoming as i where m.rule_id = i.rule_id and "
                    "m.met_table = i.met_table and m.met_row = i.met_row and m.item = i.item and m.place = i.place"
                )
                self._connection.execute("insert into finding_mark select * from incoming where mark is not null")
            finally:
                self._connection.unregister("incoming")
            self.marks_version += 1

    def use_marks(self, rows: pa.Table) -> None:
        """Replace all marks by these."""
        with self._lock:
            self._connection.execute("truncate finding_mark")
        self.put_marks(rows)

    def clear_members(self) -> None:
        """Delete the members of every indicator."""
        with self._lock, self._within_memory():
            self._connection.execute("truncate member")

    def add_members(self, indicator_id: str, age_at: str, sql: str) -> None:
        """Run one indicator and store its members, with the person's age at the indicator's date.

        age_at: a key of AGE_COLUMNS. Raises duckdb.Error (as RuntimeError) if it cannot be run.
        """
        with self._lock, self._within_memory():
            self._filled.add("member")
            try:
                self._run_bound(insert_members(age_at, sql), {**self.parameters(), "indicator_id": indicator_id})
            except duckdb.OutOfMemoryException:
                raise
            except (duckdb.Error, KeyError) as error:
                raise RuntimeError(lineage.reason(error)) from None

    @property
    def has_indicators(self) -> bool:
        """Whether the views that indicators read have been built, so there may be members."""
        return self._has_indicators

    def use_settings(self, settings: Settings, rules: Sequence[Rule], indicators: Sequence[Indicator]) -> None:
        """Apply new settings: run these rules and indicators again and replace their results, all of them or none.

        Views that bind a changed parameter are rebuilt as well. Raises duckdb.Error (as RuntimeError) if one cannot be
        run or memory runs out. Nothing has then changed.
        """
        with self._lock, self._connection.cursor() as cursor:
            parameters = self.parameters(settings)
            changed = {name for name, value in self.parameters().items() if value != parameters[name]} - {"now"}
            self._filled |= {"finding", "member"}
            try:
                cursor.begin()
                self._build(views.changing_views(frozenset(changed), self._has_indicators), parameters, cursor)
                for rule in rules:
                    own = {**parameters, "rule_id": rule.id}
                    self._run_bound("delete from finding where rule_id = $rule_id", own, cursor)
                    self._run_bound(insert_findings([(rule.id, rule.sql)]), own, cursor)
                for each in indicators:
                    own = {**parameters, "indicator_id": each.id}
                    self._run_bound("delete from member where indicator_id = $indicator_id", own, cursor)
                    self._run_bound(insert_members(each.age_at, each.sql), own, cursor)
                cursor.commit()
            except BaseException as error:
                with suppress(duckdb.Error):
                    cursor.rollback()
                if isinstance(error, duckdb.Error | KeyError):
                    raise RuntimeError(lineage.reason(error)) from None
                raise
            self.settings = settings

    def rows_of_person(self, person: int) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of one person in every table of the return, in document order."""
        return {table: self.rows(schema.rows_of_person_sql(table), {"person": person}) for table in spec.TABLES[1:]}

    def rows_of_people(self, table: str, first: int, last: int) -> list[dict[str, Any]]:
        """Return the rows of the people with these numbers in one table, in document order."""
        return self.rows(schema.rows_of_people_sql(table), {"first": first, "last": last})

    def finding_counts(self) -> dict[str, tuple[int, int]]:
        """Map each rule id to the number of its findings and of the people they concern."""
        found = self.rows(
            "select rule_id, cast(count(*) as bigint) as n, cast(count(distinct person_id) as bigint) as people "
            "from finding group by all"
        )
        return {row["rule_id"]: (row["n"], row["people"]) for row in found}
