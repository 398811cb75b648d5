"""Rules T05 to T09 give the same results in SQL and in Python on small pairs of returns with many similar rows."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sen2dash import spec
from sen2dash.checks import catalogue, run
from tests import casebook
from tests.properties import earlier
from tests.properties.returns import samples

YEAR = 2025
RULES = tuple(catalogue.rule(rule_id) for rule_id in ("T05", "T06", "T07", "T08", "T09"))
UPNS = st.sampled_from((None, None, "U1", "U2", "U3"))
ULNS = st.sampled_from((None, None, "L1", "L2", "9999999999"))
SURNAMES = st.sampled_from(("O'Brien", "O’BRIEN", "Obrien", "Zoë", "zoe", "-", None))
FORENAMES = st.sampled_from(("Ann", "Ánn", "Bo", None))
BIRTHS = st.sampled_from(("2010-05-01", "2010-05-02", "2010-02-30", None))
#: Dates around both census days, 18 January 2024 and 16 January 2025.
DATES = st.sampled_from(
    (None, "2022-03-01", "2023-05-01", "2024-01-17", "2024-01-18", "2024-01-19", "2024-06-01", "2024-06-31")
)
ENDS = st.sampled_from((None, None, "2023-09-01", "2024-01-18", "2024-01-19", "2025-01-16", "2025-01-17", "2024-02-30"))
OUTCOMES = st.sampled_from(("A", "A", "H", "Y", None))


@st.composite
def cases(draw: st.DrawFn, alike: bool) -> dict[str, Any]:
    """A request with rows that may be beneath it. alike: always with a plan, so that there are many plans."""
    made: dict[str, Any] = {"requests": {"received_date": draw(DATES), "request_outcome": draw(OUTCOMES)}}
    if alike or draw(st.booleans()):
        made["assessment"] = {"assessment_outcome": draw(OUTCOMES)}
        if alike or draw(st.booleans()):
            made["namedplan"] = {"start_date": draw(DATES), "cease_date": draw(ENDS)}
    if draw(st.booleans()):
        made["activeplans"] = {"transfer_la": draw(st.sampled_from((None, None, "202")))}
    return made


@st.composite
def persons(draw: st.DrawFn, alike: bool) -> dict[str, Any]:
    """A person with up to four requests. alike: all with the same UPN."""
    return {
        "row": {
            "upn": "U1" if alike else draw(UPNS),
            "unique_learner_number": draw(ULNS),
            "surname": draw(SURNAMES),
            "forename": draw(FORENAMES),
            "person_birth_date": draw(BIRTHS),
            "sex": draw(st.sampled_from(("M", "F", None))),
        },
        "cases": draw(st.lists(cases(alike), max_size=4)),
    }


@st.composite
def returns(draw: st.DrawFn, alike: bool) -> dict[str, list[dict[str, Any]]]:
    """The tables of a return, sometimes with one person repeated about twenty times."""
    people = draw(st.lists(persons(alike), max_size=2 if alike else 4))
    if people and not draw(st.integers(0, 4)):
        people += people[-1:] * (draw(st.sampled_from((19, 20, 21))) - 1)
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in spec.TABLES}
    for number, person in enumerate(people, start=1):
        tables["person"].append({"person_id": number, **person["row"]})
        for case in person["cases"]:
            tables["requests"].append({"person_id": number, **case["requests"]})
            request = len(tables["requests"])
            for name in ("assessment", "activeplans"):
                if name in case:
                    tables[name].append({"requests_id": request, **case[name]})
            if "namedplan" in case:
                tables["namedplan"].append({"assessment_id": len(tables["assessment"]), **case["namedplan"]})
    return casebook.complete(tables)


def drawn(tables: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Tables in the form that a case uses."""
    texts = {}
    for name, rows in tables.items():
        if rows:
            columns = list(rows[0])
            lines = [" | ".join("" if row[c] is None else str(row[c]) for c in columns) for row in rows]
            texts[name] = "\n".join((" | ".join(columns), *lines))
    return texts


def agree(then: dict[str, list[dict[str, Any]]], now: dict[str, list[dict[str, Any]]]) -> None:
    case = {"year": YEAR, "given": drawn(now), "previous": {"given": drawn(then)}}
    store = casebook.borrow_store(case)
    assert {outcome.status for outcome in run.run(store, RULES)} <= {"clear", "found"}
    found: dict[str, list[dict[str, Any]]] = {rule.id: [] for rule in RULES}
    for row in store.rows("select * from finding"):
        found[row["rule_id"]].append(row)
    before, after = earlier.read(then, spec.census_day(YEAR - 1)), earlier.read(now, spec.census_day(YEAR))
    owner = {row["row_id"]: row["person_id"] for row in then["requests"]}

    def number(row: dict[str, Any]) -> int:
        match = re.match(r"person (\d+)", row["detail"])
        assert match is not None
        return int(match[1])

    assert Counter(row["detail"] for row in found["T05"]) == Counter(earlier.large_changes(before, after))
    assert Counter(map(number, found["T06"])) == Counter(earlier.gone_plans(before, after))
    assert Counter((number(row), row["field"]) for row in found["T07"]) == Counter(
        (owner[request], item) for request, item in earlier.gone_cases(before, after)
    )
    assert Counter((row["row_id"], row["field"]) for row in found["T08"]) == Counter(
        earlier.changed_details(before, after)
    )
    assert Counter(row["row_id"] for row in found["T09"]) == Counter(earlier.older_plans(before, after))


@samples(60)
@given(returns(alike=False), returns(alike=False))
def test_people_who_are_much_alike(then: dict[str, Any], now: dict[str, Any]) -> None:
    agree(then, now)


@samples(60)
@given(returns(alike=True), returns(alike=True))
def test_people_of_one_upn_with_many_plans(then: dict[str, Any], now: dict[str, Any]) -> None:
    agree(then, now)
