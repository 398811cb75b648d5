"""The statements that store the findings of rules and the members of indicators, and the rows of the code lists.

The SQL built here contains only names and the SQL of files, never a value from a return. This module runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import pyarrow as pa

from sen2dash import spec
from sen2dash.store import schema

#: The dates at which an indicator can take people's ages, mapped to the column of the view row_age with the age.
AGE_COLUMNS = {
    "aug31": "august_age",
    "ReceivedDate": "received_age",
    "StartDate": "start_age",
    "CeaseDate": "cease_age",
}
LAST_ORDER = re.compile(r"\norder by all\s*\Z", re.IGNORECASE)
DISTINCT_ON = re.compile(r"\bdistinct\s+on\b", re.IGNORECASE)


def insert_findings(rules: Sequence[tuple[str, str]]) -> str:
    """Return the statement that stores the findings of rules, each an id (a letter and two digits) and a SELECT."""
    columns = map(str.split, schema.FINDING_DDL.split(", ")[1:])
    typed = ", ".join(f"cast({name} as {kind})" for name, kind in columns)
    unordered = ((rule_id, _without_order(sql)) for rule_id, sql in rules)
    selects = " union all ".join(f"select '{rule_id}', {typed} from (\n{sql}\n)" for rule_id, sql in unordered)
    return f"insert into finding {selects}"


def _without_order(sql: str) -> str:
    """Remove the last line of a rule's SELECT, which sorts the rows: lists of findings sort them again.

    The line stays if it decides which rows there are.
    """
    return sql if DISTINCT_ON.search(sql) else LAST_ORDER.sub("", sql)


def insert_members(age_at: str, sql: str) -> str:
    """Return the statement that stores the members of an indicator. age_at: a key of AGE_COLUMNS."""
    return (
        "insert into member select $indicator_id, m.person_id, m.table_name, m.row_id, m.in_denominator, "
        f"coalesce(m.in_numerator, false), a.{AGE_COLUMNS[age_at]} from (\n{sql}\n) as m "
        "left join row_age as a on m.table_name = a.table_name and m.row_id = a.row_id"
    )


@cache
def code_table(rules_of: int, overrides: tuple[tuple[str, tuple[str, ...]], ...]) -> pa.Table:
    """Return every code of every code set in a year, or the settings' replacement for the set, with labels."""
    chosen = dict(overrides)
    groups = {(code.code_set, code.code): code.published_group for code in spec.all_codes()}
    code_sets = sorted({code_set for code_set, _ in groups} | {"CS003", spec.AUTHORITIES_OF_MOVES})
    rows = []
    for code_set in code_sets:
        known = spec.codes(code_set, rules_of)
        for code in chosen.get(code_set, tuple(known)):
            rows.append((code_set, code, known.get(code, code), groups.get((code_set, code), "")))
    return pa.table(dict(zip(schema.CODE_COLUMNS, map(pa.array, zip(*rows, strict=True)), strict=True)))
