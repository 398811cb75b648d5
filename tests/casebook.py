"""Test data as small drawn tables: text to a loaded store.

A drawn table has a line of column names and one line per row, with | between cells. A blank cell is NULL. Columns that
do not matter are left out: row_id counts from 1, and person_id and parent ids are 1. Parent rows that are not drawn are
added, blank. Items are written under their column name (`received_date`), as the text that would be in the file. A cell
of '' (two quotes) is not needed: blank is NULL, as in a return. A column `times` repeats a row that many times, and a
cell of # is the number of the row in its table, so that a hundred people take one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from sen2dash import spec
from sen2dash.config import Settings
from sen2dash.indicators import filters
from sen2dash.model import Cohort, Facts
from sen2dash.reading.batches import DEVIATION_COLUMNS, deviation_batch
from sen2dash.spec.columns import ESTABLISHMENT_COLUMNS, columns_of
from sen2dash.store import lineage, schema, views
from sen2dash.store.database import Store

NOW = datetime(2025, 2, 1, 12, 0)
HEADER = {
    "collection": "SEN2",
    "reference_date": None,
    "source_level": "L",
    "lea": "333",
    "software_code": "Test",
    "release": "1",
    "serial_no": "001",
    "dmo": "Y",
    "dco": "Y",
    "dsco": "Y",
}


def draw(text: str) -> list[dict[str, str | None]]:
    """The rows of a drawn table."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    names = [cell.strip() for cell in lines[0].split("|")]
    rows: list[dict[str, str | None]] = []
    for line in lines[1:]:
        cells = [cell.strip() or None for cell in line.split("|")]
        assert len(cells) == len(names), f"{len(cells)} cells under {len(names)} names: {line}"
        row = dict(zip(names, cells, strict=True))
        for _ in range(int(row.pop("times", None) or 1)):
            rows.append({name: str(len(rows) + 1) if cell == "#" else cell for name, cell in row.items()})
    return rows


def batch(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as the batch that the reader would make."""
    keys = [c for c in columns_of(table) if c not in {i.column for i in spec.items_of(table)}]
    unknown = {name for row in rows for name in row} - set(columns_of(table))
    assert not unknown, f"{table} has no column {sorted(unknown)}"
    arrays = []
    for name in columns_of(table):
        kind = pa.int64() if name in keys else pa.string()
        values = [row.get(name) for row in rows]
        arrays.append(pa.array([None if v is None else int(v) for v in values] if name in keys else values, kind))
    return pa.Table.from_arrays(arrays, columns_of(table))


def complete(given: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Add keys that were left out and parent rows that were not drawn."""
    tables: dict[str, list[dict[str, Any]]] = {t: [dict(row) for row in given.get(t, [])] for t in spec.TABLES}
    for table in spec.TABLES[1:]:
        for place, row in enumerate(tables[table], start=1):
            row["row_id"] = int(row.get("row_id") or place)
            if table == "person":
                row["row_id"] = int(row.get("person_id") or row["row_id"])
                row["person_id"] = row["row_id"]
            row["place"] = int(row.get("place") or 1)
            row["line"] = int(row.get("line") or row["row_id"])
    for table in reversed(spec.TABLES[1:]):
        above = spec.ancestors(table)
        for row in tables[table]:
            for parent in above:
                row[f"{parent}_id"] = int(row.get(f"{parent}_id") or 1)
            if above:
                parent = above[-1]
                if not any(r["row_id"] == row[f"{parent}_id"] for r in tables[parent]):
                    made = {"row_id": row[f"{parent}_id"], "place": 1, "line": 1}
                    made |= {f"{a}_id": row[f"{a}_id"] for a in spec.ancestors(parent)}
                    if parent == "person":
                        made["person_id"] = made["row_id"]
                    tables[parent].append(made)
    for table in spec.TABLES[1:]:
        for row in tables[table]:
            _fill_from_parent(table, row, tables)
        tables[table].sort(key=lambda row: row["row_id"])
    return tables


def _fill_from_parent(table: str, row: dict[str, Any], tables: dict[str, list[dict[str, Any]]]) -> None:
    """Take the ids of a row's ancestors from its parent row, so that only the parent has to be drawn."""
    above = spec.ancestors(table)
    if len(above) > 1:
        parent = next(r for r in tables[above[-1]] if r["row_id"] == row[f"{above[-1]}_id"])
        for name in above[:-1]:
            row[f"{name}_id"] = parent[f"{name}_id"]


def make_store(case: Mapping[str, Any], settings: Settings | None = None) -> Store:
    """A store with the content of a case: year, header, file, given, deviations, previous, establishments."""
    store = Store(settings or _settings(case.get("now", NOW)))
    _fill(store, case)
    store.derive()
    return store


@cache
def _shared_store() -> Store:
    return Store(_settings(NOW))


@cache
def _settings(now: datetime) -> Settings:
    return Settings(now=now)


#: The header in the shared store, which is the same for most cases.
_header_there: dict[str, Any] = {}
HEADER_TABLE = "main.header"
EVERY_TABLE = frozenset((*spec.TABLES, *(f"previous.{table}" for table in spec.TABLES)))


def borrow_store(case: Mapping[str, Any], sql: str | None = None, settings: Settings | None = None) -> Store:
    """A shared store with the content of a case. Do not close it: the next borrower empties it.

    For a single SELECT, only the tables and views that it reads are filled and built.
    """
    store = _shared_store()
    # The next case loads its own header only if it differs, which `_load` checks.
    store._filled.discard(HEADER_TABLE)
    store.clear()
    store.settings = settings or _settings(case.get("now", NOW))
    _fill(store, case, tables_read(sql) if sql is not None else EVERY_TABLE)
    store.derive(sql)
    return store


@cache
def tables_read(sql: str) -> frozenset[str]:
    """The tables of a return that a statement reads, directly or through views: 'person', 'previous.person'."""
    known = {**dict(views.view_files()), **schema.generated_views()}
    found: set[str] = set()
    waiting = {sql}
    while waiting:
        new = lineage.reads(waiting.pop()) - found
        found |= new
        waiting |= {known[name] for name in new if name in known}
    if "folded_name" in found:
        # The store folds the names of everyone in both returns.
        found |= {"person", "previous.person"}
    return frozenset(found)


def _fill(store: Store, case: Mapping[str, Any], wanted: frozenset[str] | None = None) -> None:
    """Fill the tables with the content of a case. wanted: for the shared store, the tables that will be read."""
    year = int(case.get("year", 2025))
    _load(store, case, year, "main", wanted)
    if "previous" in case:
        earlier = case["previous"] or {}
        _load(store, earlier, int(earlier.get("year", year - 1)), "previous", wanted)
    if "establishments" in case:
        rows = draw(case["establishments"]) if case["establishments"] else []
        kinds = {name: pa.date32() if name.endswith("_date") else pa.string() for name in ESTABLISHMENT_COLUMNS}
        columns = [
            pa.array([spec.real_date(r.get(n)) if n.endswith("_date") else r.get(n) for r in rows], kinds[n])
            for n in ESTABLISHMENT_COLUMNS
        ]
        store.load_establishments(pa.Table.from_arrays(columns, ESTABLISHMENT_COLUMNS), case.get("register_faults"))


def _load(store: Store, case: Mapping[str, Any], year: int, into: str, wanted: frozenset[str] | None) -> None:
    given = {table: draw(text) for table, text in (case.get("given") or {}).items()}
    deviations = given.pop("deviation", [])
    header = {
        **HEADER,
        "year": str(year),
        "reference_date": str(spec.census_day(year)),
        "date_time": f"{spec.census_day(year)}T09:00:00",
        **(case.get("header") or {}),
    }
    if "header" in given:
        header |= given.pop("header")[0]
    tables = complete(given)
    tables["header"] = [
        {"row_id": 1, "place": 1, "line": 2, **{k: None if v is None else str(v) for k, v in header.items()}}
    ]
    if wanted is not None and into == "main":
        _load_shared_header(store, tables.pop("header"))
    for table, rows in tables.items():
        if wanted is None:
            if rows:
                store.load(table, batch(table, rows), into)
        elif rows and (table == "header" or (table if into == "main" else f"{into}.{table}") in wanted):
            _load_few(store, table, rows, into)
    if deviations:
        numbers = ("row_id", "person_id", "line")
        departures = [
            tuple(int(text) if (text := r.get(n)) and n in numbers else text for n in DEVIATION_COLUMNS)
            for r in deviations
        ]
        store.load("deviation", deviation_batch(departures), into)
    facts = Facts(
        size=1,
        sha256=f"made up {into}",
        year=year,
        persons=len(tables["person"]),
        n_header=1,
        n_collection_details=1,
        n_source=1,
        n_persons_groups=1,
    )
    for name, value in (case.get("file") or {}).items():
        setattr(facts, name, value)
    store.load_facts(facts, into)


def _load_shared_header(store: Store, rows: list[dict[str, Any]]) -> None:
    """Make sure this header is in the shared store, which may already have it."""
    if _header_there != rows[0]:
        store._connection.execute(f"truncate {HEADER_TABLE}")
        _load_few(store, "header", rows, "main")
        _header_there.clear()
        _header_there.update(rows[0])


@cache
def _expressions(table: str) -> dict[str, str]:
    """Each column of a table, in order, with the expression that the store makes it with."""
    parts, depth, start = [], 0, 0
    text = f"{schema.load_expressions(table)},"
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and not depth:
            parts.append(text[start:place].strip())
            start = place + 1
    return dict(zip((name for name, _ in schema.table_ddl(table)), parts, strict=True))


def _load_few(store: Store, table: str, rows: list[dict[str, Any]], into: str) -> None:
    """Load drawn rows in one short statement: `Store.load` plans an expression per column, even for blank ones."""
    given = [name for name in columns_of(table) if any(row.get(name) is not None for row in rows)]
    unknown = {name for row in rows for name in row} - set(columns_of(table))
    assert not unknown, f"{table} has no column {sorted(unknown)}"
    items = {item.column: item for item in spec.items_of(table)}
    made = [name for name in given if name not in items or not items[name].is_typed]
    for name in given:
        if name not in made:
            made += [name, items[name].text_column]
    lines = ", ".join(f"({', '.join(_literal(row.get(name), name in items) for name in given)})" for row in rows)
    expressions = ", ".join(_expressions(table)[name] for name in made)
    store._filled.add(f"{into}.{table}")
    store._connection.execute(
        f"insert into {into}.{table} ({', '.join(made)}) "
        f"select {expressions} from (values {lines}) as incoming ({', '.join(given)})"
    )


def _literal(value: Any, is_text: bool) -> str:
    if value is None:
        return "null"
    return "'" + str(value).replace("'", "''") + "'" if is_text else str(int(value))


def read_cases(path: Path) -> tuple[str, dict[str, dict[str, Any]]]:
    """The id that a case file is for (key rule or indicator), and its cases by name."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    name = content.pop("rule", None) or content.pop("indicator")
    return name, content


def people_of(store: Store, cohort: Cohort) -> frozenset[int]:
    """The person numbers of the cohort."""
    store.derive_indicators()
    sql = "select person_id from cohort_person($cohort_characteristics, $cohort_categories)"
    return frozenset(store.table(sql, filters.parameters(cohort))["person_id"].to_pylist())


def assert_is_select(sql: str) -> None:
    """A text is exactly one SELECT."""
    assert [statement.type for statement in duckdb.extract_statements(sql)] == [duckdb.StatementType.SELECT]
