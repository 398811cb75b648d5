"""Every view of queries/views on drawn tables: the grain it states, and which row it chooses if there are several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sen2dash.store import schema
from sen2dash.store.views import view_files
from tests import casebook

TESTED = {
    "request_journey",
    "caseload",
    "placement",
    "current_placement",
    "first_placement",
    "placements_and_needs",
    "tribunal_without_mediation",
    "register_match",
    "previous_journey",
    "same_person",
    "same_request",
    "same_plan",
}
#: DECISIONS says why these are not split.
LONG = {"register_match", "same_plan", "same_person", "same_request", "profile"}


def select(case: Mapping[str, Any], sql: str) -> list[tuple[Any, ...]]:
    """The rows of a SELECT on a case, as tuples."""
    store = casebook.make_store(case)
    try:
        return [tuple(row.values()) for row in store.rows(sql)]
    finally:
        store.close()


def given(**tables: str) -> dict[str, Any]:
    return {"given": tables}


def test_every_view_is_tested() -> None:
    # Views built from names in the specification are tested with the store.
    assert {name for name, _ in view_files()} == TESTED | schema.built_views().keys()


def test_every_view_states_its_grain_in_its_first_line() -> None:
    for folder in ("views", "views/indicators"):
        for name, sql in view_files(folder):
            assert sql.startswith("-- One row per "), name


def test_the_views_longer_than_60_lines_are_those_of_decisions() -> None:
    files = [each for folder in ("views", "views/indicators") for each in view_files(folder)]
    assert {name for name, sql in files if len(sql.splitlines()) > 60} == LONG


def test_request_journey_has_one_row_per_request() -> None:
    rows = select(
        given(
            requests="row_id | person_id | received_date\n1 | 1 | 2024-01-01\n2 | 1 | \n3 | 2 | bad",
            assessment="row_id | requests_id | assessment_outcome\n7 | 2 | Y",
            namedplan="row_id | assessment_id | start_date | cease_date\n9 | 7 | 2024-03-01 | 2025-01-16",
            activeplans="row_id | requests_id | last_review\n5 | 3 | 2024-05-01",
        ),
        "select requests_id, person_id, assessment_id, namedplan_id, activeplans_id, is_active, has_ceased, "
        "cast(issue_date as varchar) from request_journey order by requests_id",
    )
    assert rows == [
        (1, 1, None, None, None, False, False, None),
        (2, 1, 7, 9, None, False, True, "2024-03-01"),
        (3, 2, None, None, 5, False, False, None),
    ]


def plans(*dates: tuple[str, str]) -> dict[str, Any]:
    """One person with a request, an assessment and a plan for each start and cease date."""
    numbers = range(1, len(dates) + 1)
    return given(
        requests="row_id | person_id\n" + "\n".join(f"{n} | 1" for n in numbers),
        assessment="row_id | requests_id\n" + "\n".join(f"{n} | {n}" for n in numbers),
        namedplan="row_id | assessment_id | start_date | cease_date\n"
        + "\n".join(f"{n} | {n} | {start} | {cease}" for n, (start, cease) in zip(numbers, dates, strict=True)),
    )


@pytest.mark.parametrize(
    ("dates", "chosen"),
    [
        ([("2025-01-16", "")], [1]),
        ([("2025-01-17", "")], []),
        ([("2020-01-01", "2025-01-16")], []),
        ([("2020-01-01", "2025-01-17")], [1]),
        ([("2020-01-01", "2025-02-30")], []),
        ([("", "")], []),
        ([("2020-01-01", ""), ("2022-01-01", ""), ("2021-01-01", "")], [2]),
        ([("2022-01-01", ""), ("2022-01-01", "")], [2]),
        ([("2023-01-01", "2024-01-01"), ("2022-01-01", "")], [2]),
    ],
)
def test_caseload(dates: list[tuple[str, str]], chosen: list[int]) -> None:
    assert select(plans(*dates), "select namedplan_id from caseload") == [(n,) for n in chosen]


def placements(*rows: tuple[str, str, str]) -> dict[str, Any]:
    """The placements of one person with an active plan: rank, entry date, leaving date."""
    case = plans(("2020-01-01", ""))
    case["given"]["activeplans"] = "row_id | requests_id\n1 | 1"
    lines = [f"{n} | 1 | {rank} | {entry} | {leaving}" for n, (rank, entry, leaving) in enumerate(rows, start=1)]
    case["given"]["placementdetail"] = (
        "row_id | activeplans_id | placement_rank | entry_date | leaving_date\n" + "\n".join(lines)
    )
    return case


@pytest.mark.parametrize(
    ("rows", "current", "first"),
    [
        ([("1", "2025-01-16", "")], [1], [1]),
        ([("1", "2025-01-17", "")], [], []),
        ([("1", "2020-09-01", "2025-01-16")], [1], [1]),
        ([("1", "2020-09-01", "2025-01-15")], [], []),
        ([("1", "2020-09-01", "soon")], [], []),
        ([("2", "2024-09-01", ""), ("1", "2020-09-01", "")], [2], [2]),
        ([("", "2024-09-01", ""), ("2", "2020-09-01", "")], [2], []),
        ([("3", "2024-09-01", "")], [1], []),
        ([("1", "2020-09-01", ""), ("1", "2021-09-01", "")], [2], [2]),
        ([("1", "2021-09-01", ""), ("1", "2021-09-01", "")], [2], [2]),
    ],
)
def test_current_and_first_placement(rows: list[tuple[str, str, str]], current: list[int], first: list[int]) -> None:
    case = placements(*rows)
    assert select(case, "select placementdetail_id from current_placement") == [(n,) for n in current]
    assert select(case, "select placementdetail_id from first_placement") == [(n,) for n in first]


def test_a_placement_meets_its_plan_through_its_request() -> None:
    case = placements(("1", "2024-09-01", ""))
    case["given"]["requests"] += "\n2 | 1"
    case["given"]["activeplans"] += "\n2 | 2"
    case["given"]["placementdetail"] += "\n2 | 2 | 1 | 2024-09-01 | "
    rows = select(case, "select placementdetail_id, namedplan_id, is_plan_active, is_open from placement order by 1")
    assert rows == [(1, 1, True, True), (2, None, False, True)]
    assert select(case, "select placementdetail_id from current_placement") == [(1,)]


def test_placements_and_needs() -> None:
    case = placements(("1", "2020-09-01", ""), ("1", "2020-09-01", "2021-07-31"), ("2", "2020-09-01", ""))
    case["given"]["requests"] += "\n2 | 1"
    case["given"]["activeplans"] += "\n2 | 2"
    case["given"]["senneed"] = "activeplans_id | sen_type | sen_type_rank\n1 | ASD | 1\n1 | asd | 2\n1 | | 2"
    sql = (
        "select activeplans_id, n_placements, n_open, n_open_rank_1, n_open_rank_2, n_needs, n_needs_rank_1, "
        "n_needs_rank_2, n_need_types, n_different_need_types from placements_and_needs order by 1"
    )
    assert select(case, sql) == [(1, 3, 2, 1, 1, 3, 1, 2, 2, 1), (2, 0, 0, 0, 0, 0, 0, 0, 0, 0)]


def test_tribunal_without_mediation() -> None:
    rows = select(
        given(
            requests="row_id | request_tribunal | request_mediation\n1 | 1 | 0\n2 | 1 | \n3 | true | maybe\n4 | 1 | 1\n5 | 0 | 0",
            assessment="row_id | assessment_tribunal | assessment_mediation | other_tribunal | other_mediation\n8 | 1 | 0 | 1 | ",
        ),
        "select table_name, row_id, field, mediation from tribunal_without_mediation order by row_id, field",
    )
    assert rows == [
        ("requests", 1, "RequestTribunal", "0"),
        ("requests", 2, "RequestTribunal", None),
        ("requests", 3, "RequestTribunal", "maybe"),
        ("assessment", 8, "AssessmentTribunal", "0"),
        ("assessment", 8, "OtherTribunal", None),
    ]


def test_register_match() -> None:
    case = given(
        placementdetail="row_id | urn | ukprn\n1 | 100001 | \n2 | 100009 | \n3 | | 10000002\n4 | | \n5 | 100003 |"
    )
    sql = (
        "select row_id, is_urn_known, cast(urn_close_date as varchar), open_urn, is_mainstream, is_state_funded "
        "from register_match where table_name = 'placementdetail' order by row_id"
    )
    assert select(case, sql) == []
    case["establishments"] = (
        "urn | ukprn | name | type_code | status | close_date\n"
        "100001 | 10000001 | A | 2 | Closed | 2020-08-31\n"
        "100002 | 10000002 | B | 28 | Open | \n"
        "100003 | 10000003 | C | 7 | Open | "
    )
    assert select(case, sql) == [
        (1, True, "2020-08-31", None, True, True),
        (2, False, None, None, None, None),
        (3, False, None, "100002", None, True),
        (4, False, None, None, None, None),
        (5, True, None, None, False, True),
    ]


def two_years(earlier: dict[str, str], now: dict[str, str]) -> dict[str, Any]:
    return {"given": now, "previous": {"given": earlier}}


PERSON = "row_id | surname | forename | person_birth_date | upn | unique_learner_number\n"


@pytest.mark.parametrize(
    ("earlier", "now", "pairs"),
    [
        ("1 | A | B | 2010-01-01 | U1 | ", "1 | X | Y | 2011-01-01 | U1 | ", [(1, 1)]),
        ("1 | A | B | 2010-01-01 | | L1", "1 | X | Y | 2011-01-01 | U1 | L1", [(1, 1)]),
        ("1 | A | B | 2010-01-01 | | 9999999999", "1 | X | Y | 2011-01-01 | | 9999999999", []),
        ("1 | De Vere | Zoë | 2010-01-01 | U1 | ", "1 | DEVERE | zoë | 2010-01-01 | U2 | ", [(1, 1)]),
        ("1 | A | B | 2010-01-01 | | ", "1 | A | B | 2010-01-02 | | ", []),
        ("1 | A | B | bad | | ", "1 | A | B | bad | | ", []),
        ("1 | A | B | 2010-01-01 | U1 | L2", "1 | A | B | 2010-01-01 | U1 | \n2 | C | D | 2010-01-01 | | L2", [(1, 1)]),
        (
            "1 | A | B | 2010-01-01 | U1 | ",
            "1 | A | B | 2010-01-01 | U1 | \n2 | A | B | 2010-01-01 | U1 | ",
            [(1, 1), (1, 2)],
        ),
        ("1 | | | 2010-01-01 | | ", "1 | | | 2010-01-01 | | ", []),
        ("1 | O’Neil | B | 2010-01-01 | | ", "1 | ONEIL | B | 2010-01-01 | | ", [(1, 1)]),
        ("1 | A | B | 2010-01-01 | U1 | L1", "1 | A | B | 2010-01-01 | U2 | L1\n2 | A | B | | U1 | ", [(1, 2)]),
    ],
)
def test_same_person(earlier: str, now: str, pairs: list[tuple[int, int]]) -> None:
    case = two_years({"person": PERSON + earlier}, {"person": PERSON + now})
    assert select(case, "select previous_person_id, person_id from same_person order by all") == pairs


REQUEST = "row_id | received_date\n"


@pytest.mark.parametrize(
    ("earlier", "now", "standing"),
    [
        ("1 | 2023-05-01", "4 | 2023-05-01", [(1, False)]),
        ("1 | 2023-05-01", "4 | 2023-05-02", [(1, False)]),
        ("1 | ", "4 | 2023-05-02", [(1, False)]),
        ("1 | 2023-05-01\n2 | 2023-06-01", "4 | 2023-05-01\n5 | 2023-05-01", [(1, False)]),
        ("1 | 2023-05-01", "4 | 2023-05-01\n7 | 2023-05-01", [(1, True)]),
        ("1 | 2023-05-01", "4 | 2023-05-01\n7 | 2023-05-02", [(1, False)]),
        ("1 | 2023-05-01\n2 | bad", "7 | ", [(1, True), (2, True)]),
    ],
)
def test_same_request(earlier: str, now: str, standing: list[tuple[int, bool]]) -> None:
    """Only request 7 has an assessment."""
    person = PERSON + "1 | A | B | 2010-01-01 | U1 | "
    assessed = {"assessment": "requests_id | assessment_outcome\n7 | Y"} if "7 |" in now else {}
    case = two_years(
        {"person": person, "requests": REQUEST + earlier}, {"person": person, "requests": REQUEST + now, **assessed}
    )
    assert select(case, "select previous_requests_id, has_assessment from same_request order by all") == standing


@pytest.mark.parametrize(
    ("earlier", "now", "pairs"),
    [
        (("2023-05-01", ""), ("2023-05-01", ""), [("2023-05-01", "2023-05-01")]),
        (("2023-05-01", ""), ("2023-05-02", ""), [("2023-05-01", "2023-05-02")]),
        (("2023-05-01", "2023-09-01"), ("2023-09-01", ""), []),
        (("2023-05-01", "2024-01-19"), ("2023-09-01", ""), [("2023-05-01", "2023-09-01")]),
        (("bad", ""), ("2023-05-02", ""), []),
    ],
)
def test_same_plan(earlier: tuple[str, str], now: tuple[str, str], pairs: list[tuple[str, str]]) -> None:
    person = {"person": PERSON + "1 | A | B | 2010-01-01 | U1 | "}
    case = two_years(person | plans(earlier)["given"], person | plans(now)["given"])
    sql = "select cast(previous_start_date as varchar), cast(start_date as varchar) from same_plan order by all"
    assert select(case, sql) == pairs


def test_previous_journey_goes_by_its_own_census_day() -> None:
    """The plan is active on 18 January 2024, though not on 16 January 2025."""
    case = {"given": {}, "previous": plans(("2020-01-01", "2024-01-18"), ("2020-01-01", "2024-01-19"))}
    assert select(case, "select requests_id, is_active from previous_journey order by 1") == [(1, False), (2, True)]
    assert select(given(), "select * from previous_journey") == []
