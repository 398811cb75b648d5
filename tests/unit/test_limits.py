"""Each time limit is one number: in Python, as a parameter of SQL, and nowhere in the SQL itself."""

from __future__ import annotations

import re

import pytest

from sen2dash import limits
from sen2dash.analysis import timeliness
from sen2dash.checks import catalogue
from sen2dash.config import QUERIES
from sen2dash.store import lineage
from sen2dash.store.views import view_files

SOURCES = [path.relative_to(QUERIES).as_posix() for path in sorted(QUERIES.rglob("*.sql")) if "macros" not in path.name]


def test_the_limits_in_days() -> None:
    assert limits.PARAMETERS == {
        "four_weeks_days": 28,
        "six_weeks_days": 42,
        "sixteen_weeks_days": 112,
        "thirty_weeks_days": 210,
        "fifty_two_weeks_days": 364,
    }


def test_the_indicators_have_the_same_limits() -> None:
    words = {6: "six_weeks_days", 16: "sixteen_weeks_days", 30: "thirty_weeks_days", 52: "fifty_two_weeks_days"}
    for name, weeks in timeliness.LIMITS.items():
        parameter = words.get(weeks, "twenty_weeks_days")
        assert parameter in lineage.binds(catalogue.indicator(name).sql)
        assert weeks * limits.WEEK == limits.PARAMETERS.get(parameter, 140)


@pytest.mark.parametrize("source", SOURCES)
def test_no_statement_says_a_limit_as_a_number(source: str) -> None:
    code = re.sub(r"/\*.*?\*/|--[^\n]*|'[^']*'", "", (QUERIES / source).read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"[<>=]\s*(28|41|42|43|111|112|113|139|140|141|210|364)\b|\bbetween 43\b", code)


def test_every_limit_is_bound() -> None:
    statements = [rule.sql for rule in catalogue.rules()] + [each.sql for each in catalogue.indicators()]
    statements += [sql for folder in ("views", "views/indicators") for _, sql in view_files(folder)]
    assert set().union(*map(lineage.binds, statements)) >= set(limits.PARAMETERS)
