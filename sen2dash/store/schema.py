"""The tables of a store: the SQL that creates them, loads rows into them, and builds views from their names.

The SQL built here contains only names from the specification, never a value from a return. This module runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sen2dash import reference, spec
from sen2dash.model import Facts
from sen2dash.spec.columns import ESTABLISHMENT_COLUMNS, columns_of

FINDING_COLUMNS = ("person_id", "table_name", "row_id", "field", "value", "detail")
FACTS_DDL = ", ".join(
    f"{name} {'varchar' if fact.type == 'str' else 'bigint'}" for name, fact in Facts.__dataclass_fields__.items()
)
DEVIATION_DDL = (
    "kind varchar, table_name varchar, row_id bigint, person_id bigint, line bigint, "
    "name varchar, spec_name varchar, content varchar"
)
ESTABLISHMENT_DDL = ", ".join(
    f"{name} {'date' if name in ('open_date', 'close_date') else 'varchar'}" for name in ESTABLISHMENT_COLUMNS
)
CODE_COLUMNS = ("code_set", "code", "label", "published_group")
CODE_DDL = ", ".join(f"{name} varchar" for name in CODE_COLUMNS)
FINDING_DDL = (
    "rule_id varchar, person_id bigint, table_name varchar, row_id bigint, field varchar, value varchar, detail varchar"
)
#: The marks of findings: what identifies a finding (queries/finding_macros.sql), and its mark.
MARK_DDL = "rule_id varchar, met_table varchar, met_row bigint, item varchar, place bigint, mark varchar"
MEMBER_DDL = (
    "indicator_id varchar, person_id bigint, table_name varchar, row_id bigint, "
    "in_denominator boolean, in_numerator boolean, age bigint"
)
#: Where each table of a return that is not XML is: what a path has in front of the number of the row.
GIVEN_PLACE_DDL = "table_name varchar, prefix varchar"
#: work_group: the team or, if the list has no teams, the case worker.
TEAM_DDL = "person_id bigint, work_group varchar, team varchar, case_worker varchar"
#: What a school census says of people: the category of each of its characteristics.
CENSUS_COLUMNS = tuple(reference.census_characteristics())
CENSUS_DDL = "person_id bigint, " + ", ".join(f"{name} varchar" for name in CENSUS_COLUMNS)
#: The schema of the return, and the schema of an earlier return.
SCHEMAS = ("main", "previous")
#: The tables in each schema that are filled from a file.
FILE_TABLES = (*spec.TABLES, "deviation", "file")


def table_ddl(table: str) -> list[tuple[str, str]]:
    """Return columns and types of one table of the return: keys, then each item, typed ones followed by their text."""
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
def load_expressions(table: str) -> str:
    """Return the SELECT list that turns a batch of text into the columns of `table_ddl`."""
    item_columns = {item.column: item for item in spec.items_of(table)}
    parts = []
    for name in columns_of(table):
        item = item_columns.get(name)
        if item is None or not item.is_typed:
            parts.append(name)
        elif item.type == "date":
            parts += [f"real_date({name})", name]
        else:
            parts.append(
                f"case when lower({name}) in ('1', 'true') then true "
                f"when lower({name}) in ('0', 'false') then false end"
            )
            parts.append(name)
    return ", ".join(parts)


def _unreadable_items_sql() -> str:
    """Return a SELECT of one row per unreadable item; see `built_views`."""
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
    """Return a SELECT of one row per yes/no item of a table: how many rows say yes (for whole-return rules)."""
    parts = [
        f"select '{table}' as table_name, '{item.element}' as field, "
        f"cast(count(*) filter (where {item.column}) as bigint) as n_yes from {table}"
        for table in spec.TABLES
        for item in spec.items_of(table)
        if item.type == "boolean"
    ]
    return " union all ".join(parts)


def _row_counts_sql() -> str:
    """Return a SELECT of one row per table of the return: how many rows it has."""
    return " union all ".join(
        f"select '{table}' as table_name, cast(count(*) as bigint) as n_rows from {table}" for table in spec.TABLES
    )


def path_sql(table: str) -> str:
    """Return an SQL expression for the path of a row `t` of this table; `p` is its person and `r` its request."""
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


def _row_places_sql() -> str:
    """Return a SELECT of one row per row of the return: table_name, row_id, line and path.

    A return that is not XML has the file or sheet and the number of the row in place of a path.
    """
    parts = []
    for table in spec.TABLES:
        joins = ""
        if table != "header":
            own = "t.row_id" if table == "person" else "t.person_id"
            joins = f" join person as p on p.row_id = {own}"
            if table != "person":
                own = "t.row_id" if table == "requests" else "t.requests_id"
                joins += f" join requests as r on r.row_id = {own}"
        parts.append(
            f"select '{table}' as table_name, t.row_id, t.line, "
            f"if(not exists (from given_place), {path_sql(table)}, g.prefix || t.line) as path "
            f"from {table} as t{joins} left join given_place as g on g.table_name = '{table}'"
        )
    return " union all ".join(parts)


def generated_views() -> dict[str, str]:
    """Return the name and SELECT of the views that do the same for every table or item of the specification."""
    return {
        "yes_item": _yes_items_sql(),
        "table_size": _row_counts_sql(),
        "row_place": _row_places_sql(),
    }


@cache
def creating() -> tuple[str, ...]:
    """Return the statements that create every table of an empty store, in order."""
    return tuple(_creating())


def _creating() -> Iterator[str]:
    yield "create schema previous"
    for schema in SCHEMAS:
        for table in spec.TABLES:
            columns = ", ".join(f"{name} {kind}" for name, kind in table_ddl(table))
            yield f"create table {schema}.{table} ({columns})"
        yield f"create table {schema}.deviation ({DEVIATION_DDL})"
        yield f"create table {schema}.file ({FACTS_DDL})"
    yield f"create table code ({CODE_DDL})"
    yield f"create table establishment ({ESTABLISHMENT_DDL})"
    yield f"create table person_team ({TEAM_DDL})"
    yield f"create table census_profile ({CENSUS_DDL})"
    yield f"create table given_place ({GIVEN_PLACE_DDL})"
    yield f"create table finding ({FINDING_DDL})"
    yield f"create table finding_mark ({MARK_DDL})"
    yield f"create table member ({MEMBER_DDL})"
    for name, sql in generated_views().items():
        yield f"create view {name} as {sql}"


def built_views() -> dict[str, str]:
    """Return the same for the views that are built like those of queries/views, because several rules read them."""
    grain = "-- One row per typed item whose text is there and could not be read (for H21 and H22).\n"
    return {"unreadable_item": grain + _unreadable_items_sql()}


def rows_of_person_sql(table: str) -> str:
    """Return a SELECT of the rows of $person in one table, in document order."""
    key = _person_key(table)
    return f"select * from {table} where {key} = $person order by row_id"


def rows_of_people_sql(table: str) -> str:
    """Return a SELECT of the rows of the people from $first to $last in one table, in document order."""
    key = _person_key(table)
    return f"select * from {table} where {key} between $first and $last order by row_id"


def _person_key(table: str) -> str:
    return "row_id" if table == "person" else "person_id"
