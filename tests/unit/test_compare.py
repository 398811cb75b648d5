"""Two drawn returns compared: which step pairs whom, where a step ends, and what counts as a change."""

from __future__ import annotations

from typing import Any

import pytest

from sen2dash.compare.pairing import pair_in_order
from tests.comparing import changed_people, comparing, pairing_alone

Pairs = list[tuple[int, int]]
ONE = "upn\nU1"


def pairs_of(table: str, before: dict[str, Any], after: dict[str, Any]) -> Pairs:
    with pairing_alone(before, after) as space:
        rows = space.rows(
            "select before_row, after_row from pair where table_name = $table order by before_row", {"table": table}
        )
    return [(row["before_row"], row["after_row"]) for row in rows]


def together(table: str, heading: str, cases: list[tuple[str, str, Pairs]], year: int = 2024) -> None:
    """Check many cases at once, with the rows of each beneath a separate request (for requests: a separate person)."""
    n = len(cases)
    numbers = "\n".join(f"{k}" for k in range(1, n + 1))
    people = "upn\n" + "\n".join(f"U{k}" for k in range(1, n + 1))
    above = {
        "assessment": f"requests_id\n{numbers}",
        "namedplan": f"assessment_id\n{numbers}",
        "activeplans": f"requests_id\n{numbers}",
    }
    above["requests"] = "person_id | received_date\n" + "\n".join(f"{k} | 2024-01-01" for k in range(1, n + 1))
    parent = {"requests": "person", "plandetail": "namedplan"}.get(table, "activeplans")
    sides = []
    for side in (0, 1):
        rows = [f"{row} | {k}" for k, case in enumerate(cases, start=1) for row in case[:2][side].split("\n")]
        below = {table: "\n".join((f"{heading} | {parent}_id", *rows))}
        sides.append({"given": {"person": people, **({} if table == "requests" else above), **below}})
    got: dict[int, Pairs] = {k: [] for k in range(1, n + 1)}
    firsts: list[list[int]] = []
    for side in (0, 1):
        lengths = [len(case[:2][side].split("\n")) for case in cases]
        firsts.append([sum(lengths[:k]) for k in range(n)])
    for one, other in pairs_of(table, *sides):
        k = max(place for place in range(n) if firsts[0][place] < one)
        got[k + 1].append((one - firsts[0][k], other - firsts[1][k]))
    assert got == {k: case[2] for k, case in enumerate(cases, start=1)}


# -- people -----------------------------------------------------------------------------------------------

NAMES = "surname | forename | person_birth_date | upn | unique_learner_number\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # 0. All five equal, in file order; the surplus stays unpaired. A UPN used twice on one side pairs nobody.
        ("A | B | 2010-05-01 | U1 | L1", "A | B | 2010-05-01 | U1 | L1", [(1, 1)]),
        ("A | B || U1 |\nA | B || U1 |\nA | B || U1 |", "A | B || U1 |\nA | B || U1 |", [(1, 1), (2, 2)]),
        ("||||", "||||", [(1, 1)]),
        ("- |||| ", "||||", [(1, 1)]),
        ("O'Brien | Zoë |||", "OBRIEN | zoe |||", [(1, 1)]),
        ("A | B | 2010-02-30 ||", "A | B | 2010-02-30 ||", [(1, 1)]),
        ("|||| 9999999999", "|||| 9999999999", [(1, 1)]),
        # Comes before UPN: the second person of the earlier return is the first of the later one.
        ("C | D || U1 |\nA | B || U1 |", "A | B || U1 |", [(2, 1)]),
        # 1. UPN, if it occurs once among the unpaired people of each side.
        ("A ||| U1 |", "B ||| U1 |", [(1, 1)]),
        ("A ||| U1 |", "B ||| u1 |", []),
        ("A ||| U1 |\nB ||| U1 |", "C ||| U1 |", []),
        ("A ||| U1 |", "C ||| U1 |\nD ||| U1 |", []),
        ("A ||| U1 |\nB ||| U1 |", "A ||| U1 |\nC ||| U1 |", [(1, 1), (2, 2)]),
        # UPN comes before ULN, and ULN before names.
        ("A ||| U1 | L1", "B ||| U1 |\nC |||| L1", [(1, 1)]),
        ("A | B | 2010-05-01 || L1", "A | B | 2010-05-01 ||\nC |||| L1", [(1, 2)]),
        # 2. ULN in the same way; the dummy ULN pairs nobody.
        ("A |||| L1", "B |||| L1", [(1, 1)]),
        ("A |||| L1\nB |||| L1", "C |||| L1", []),
        ("A |||| 9999999999", "B |||| 9999999999", []),
        # The UPN occurs twice, so the ULN decides.
        ("A ||| U1 | L1\nB ||| U1 | L2", "C ||| U1 | L2\nD ||| U1 | L1", [(1, 2), (2, 1)]),
        # 3. Folded names and a valid birth date, in the same way.
        ("A | B | 2010-05-01 | U1 |", "Á | b | 2010-05-01 | U2 |", [(1, 1)]),
        ("A | B | 2010-02-30 | U1 |", "A | B | 2010-02-30 | U2 |", []),
        ("A || 2010-05-01 | U1 |", "A || 2010-05-01 | U2 |", []),
        ("- | B | 2010-05-01 | U1 |", "- | B | 2010-05-01 | U2 |", []),
        ("A | B | 2010-05-01 | U1 |", "A | B | 2010-05-02 | U2 |", []),
        ("A | B | 2010-05-01 | U1 |\nA | B | 2010-05-01 | U2 |", "A | B | 2010-05-01 | U3 |", []),
        # The two parts of a key are kept apart.
        ("AB | C | 2010-05-01 | U1 |", "A | BC | 2010-05-01 | U2 |", []),
        ("||| AB | C", "||| A | BC", []),
    ],
)
def test_people(before: str, after: str, expected: Pairs) -> None:
    assert pairs_of("person", {"given": {"person": NAMES + before}}, {"given": {"person": NAMES + after}}) == expected


# -- requests ---------------------------------------------------------------------------------------------

A, B = "2024-01-01", "2024-02-02"
REQUEST = "received_date | request_outcome"


def test_requests() -> None:
    cases = [
        # 0. Date and outcome, where the outcome may be blank; comes before the date alone.
        (f"{A} | Y\n{A} | N", f"{A} | N\n{A} | Y", [(1, 2), (2, 1)]),
        (f"{A} | Y\n{A} |", f"{A} |\n{A} | N", [(1, 2), (2, 1)]),
        (f"{A} | Y\n{A} | Y\n{A} | Y", f"{A} | Y\n{A} | Y", [(1, 1), (2, 2)]),
        # 1. The date, valid or not.
        (f"{A} | Y\n{B} | Y", f"{B} | N\n{A} | N", [(1, 2), (2, 1)]),
        ("1.2.24 | Y\n2.2.24 | Y", "2.2.24 | N\n1.2.24 | N", [(1, 2), (2, 1)]),
        # 3. In file order if one date is blank.
        ("| Y\n| N", "| N\n| Y", [(1, 1), (2, 2)]),
        (f"| Y\n{A} | N", f"{B} | Y\n| N", [(1, 1), (2, 2)]),
        (f"{A} | Y\n| N", f"| Y\n{B} | N", [(1, 1), (2, 2)]),
        (f"{A} | Y\n| N", f"{B} | Y\n| N", [(1, 2), (2, 1)]),
        (f"{A} | Y\n{A} | Y\n| N", f"{B} | Y\n| N", [(1, 2), (3, 1)]),
        # 4. The last one on each side, in the same year.
        (f"{A} | Y", f"{B} | Y", [(1, 1)]),
        (f"{A} | Y\n{A} | N", f"{B} | Y", []),
        (f"{A} | Y", f"{B} | Y\n{B} | N", []),
        (f"{A} | Y\n{A} | N", f"{A} | N\n{B} | Y", [(1, 2), (2, 1)]),
    ]
    together("requests", REQUEST, cases)


@pytest.mark.parametrize(("year", "expected"), [(2025, [(1, 1)]), (2024, [])])
def test_the_last_request_of_each_side_is_paired_within_a_year(year: int, expected: Pairs) -> None:
    before = {"year": year, "given": {"person": ONE, "requests": f"{REQUEST}\n{A} | Y"}}
    assert pairs_of("requests", before, {"given": {"person": ONE, "requests": f"{REQUEST}\n{B} | Y"}}) == expected


@pytest.mark.parametrize(
    ("starts", "later_starts", "expected"),
    [
        # 2. By the plan's start date, before file order; in different years.
        (f"{A} | 1\n{B} | 2", f"{B} | 1\n{A} | 2", [(1, 2), (2, 1)]),
        (f"{A} | 1\n{A} | 2", f"{A} | 1\n{B} | 2", [(1, 1)]),
        (f"{A} | 1\n| 2", f"{B} | 1\n| 2", []),
        ("3.3.24 | 1\n| 2", f"{B} | 1\n3.3.24 | 2", [(1, 2)]),
    ],
)
def test_requests_are_paired_by_the_start_of_the_plan(starts: str, later_starts: str, expected: Pairs) -> None:
    before, after = (
        {
            "year": year,
            "given": {
                "person": ONE,
                "requests": f"received_date\n{year}-01-01\n{year}-01-02",
                "assessment": "requests_id\n1\n2",
                "namedplan": f"start_date | assessment_id\n{rows}",
            },
        }
        for year, rows in ((2024, starts), (2025, later_starts))
    )
    assert pairs_of("requests", before, after) == expected


def test_requests_of_another_person_are_no_pair() -> None:
    rows = {"person": "upn\nU1\nU2"}
    before = {"given": {**rows, "requests": f"received_date | person_id\n{A} | 1"}}
    after = {"given": {**rows, "requests": f"received_date | person_id\n{A} | 2"}}
    with comparing(before, after) as found:
        assert (found.tables["requests"].gone, found.tables["requests"].added, found.people.changed) == (1, 1, 2)


def test_many_requests_in_order_take_no_longer_than_they_are_many() -> None:
    n = 20_000
    rows = [{"is_after": False, "row_id": k, "is_blank": k % 2 == 0} for k in range(n)]
    rows += [{"is_after": True, "row_id": k, "is_blank": k >= n // 2} for k in range(n)]
    pairs = pair_in_order(rows)
    # Requests without a date take the dated ones first, and those with a date take the blank ones.
    assert len(pairs) == n
    assert pairs[:4] == [(0, 0), (1, n // 2), (2, 1), (3, n // 2 + 1)]


# -- rows beneath a request -------------------------------------------------------------------------------


def test_there_is_one_assessment_plan_and_set_of_placements_a_request() -> None:
    def case(outcome: str) -> dict[str, Any]:
        return {
            "given": {
                "person": ONE,
                "requests": f"received_date\n{A}\n{B}",
                "assessment": f"assessment_outcome | requests_id\n{outcome} | 2",
                "namedplan": "pb | assessment_id\n1 | 1",
                "activeplans": f"transfer_la | requests_id\n{'202' if outcome == 'Y' else ''} | 2",
            }
        }

    with comparing(case("Y"), case("N")) as found:
        counted = {t: (c.both, c.changed) for t, c in found.tables.items()}
    assert counted["assessment"] == (1, 1)
    assert counted["namedplan"] == (1, 0)
    assert counted["activeplans"] == (1, 1)


PLAN = "urn | ukprn | sen_setting | placement_rank | sen_unit_indicator"


def test_establishments_named_on_a_plan() -> None:
    cases = [
        # 0. All items, including blank ones; yes and no by their meaning.
        ("1 ||| 1 |\n1 ||| 2 |", "1 ||| 2 |\n1 ||| 1 |", [(1, 2), (2, 1)]),
        ("||||\n|||| 1", "|||| true\n||||", [(1, 2), (2, 1)]),
        # 1. The same establishment, by the first of three items that is not blank.
        ("1 ||| 1 |\n2 ||| 2 |", "2 ||| 1 |\n1 ||| 2 |", [(1, 2), (2, 1)]),
        ("1 | 9 || 1 |\n2 | 8 || 2 |", "2 | 9 || 1 |\n1 | 8 || 2 |", [(1, 2), (2, 1)]),
        ("| 9 | OTH | 1 |\n| 8 | OTH | 2 |", "| 8 || 1 |\n| 9 || 2 |", [(1, 2), (2, 1)]),
        ("|| OTH | 1 |\n|| NIEC | 2 |", "|| NIEC | 1 |\n|| OTH | 2 |", [(1, 2), (2, 1)]),
        ("1 ||| 1 |\n2 ||| 2 |", "| 1 || 2 |\n3 ||| 1 |", [(1, 2), (2, 1)]),
        # 2. The rank. 3. File order; the surplus stays unpaired.
        ("1 ||| 1 |\n2 ||| 2 |", "3 ||| 2 |\n4 ||| 1 |", [(1, 2), (2, 1)]),
        ("1 ||||\n2 ||||", "3 ||||\n4 ||||", [(1, 1), (2, 2)]),
        ("1 ||| 1 |\n2 ||| 2 |", "3 ||| 3 |\n4 ||| 4 |\n5 ||| 5 |", [(1, 1), (2, 2)]),
    ]
    together("plandetail", PLAN, cases)


PLACEMENT = "urn | entry_date | placement_rank | leaving_date"


def test_placements() -> None:
    cases = [
        # 0. All items. 1. Establishment and entry date.
        (f"1 | {A} | 1 |\n1 | {A} | 1 | {B}", f"1 | {A} | 1 | {B}\n1 | {A} | 1 |", [(1, 2), (2, 1)]),
        (f"1 | {A} | 1 |\n1 | {B} | 2 |", f"1 | {B} | 1 |\n1 | {A} | 2 |", [(1, 2), (2, 1)]),
        # 2. The establishment, even if the entry date is blank; before rank and entry date.
        (f"1 || 1 |\n1 | {A} | 2 |", f"1 | {B} | 3 |\n1 || 3 |", [(1, 1), (2, 2)]),
        (f"1 | {A} | 1 |\n2 | {B} | 2 |", f"2 | {A} | 1 |\n1 | {B} | 2 |", [(1, 2), (2, 1)]),
        # 3. Rank and entry date, neither blank; never by file order.
        (f"1 | {A} | 1 |\n2 | {A} | 2 |", f"3 | {A} | 2 |\n4 | {A} | 1 |", [(1, 2), (2, 1)]),
        (f"1 | {A} | 1 |", f"2 | {B} | 1 |", []),
        (f"1 | {A} ||", f"2 | {A} ||", []),
        ("1 || 1 |", "2 || 1 |", []),
    ]
    together("placementdetail", PLACEMENT, cases)


def test_needs() -> None:
    cases = [
        ("ASD | 1\nASD | 2", "ASD | 2\nASD | 1", [(1, 2), (2, 1)]),
        ("|\n| 1", "| 1\n|", [(1, 2), (2, 1)]),
        # 1. The type in upper case. 2. The rank; nothing else.
        ("asd | 1\nSEMH | 2", "SEMH | 1\nASD | 2", [(1, 2), (2, 1)]),
        ("ASD | 1\nSEMH | 2", "SLD | 2\nMLD | 1", [(1, 2), (2, 1)]),
        ("ASD | 1", "SLD | 2", []),
        ("ASD |", "SLD |", []),
    ]
    together("senneed", "sen_type | sen_type_rank", cases)


# -- what has changed -------------------------------------------------------------------------------------


def test_yes_and_no_are_compared_by_what_they_mean() -> None:
    same = [("1", "true"), ("TRUE", "1"), ("0", "false"), ("maybe", "maybe")]
    other = [("", "0"), ("1", ""), ("1", "0"), ("maybe", "Maybe"), ("yes", "1")]
    sides = [
        {
            "given": {
                "person": "upn\n" + "\n".join(f"U{k}" for k in range(9)),
                "requests": "received_date | rya | person_id\n"
                + "\n".join(f"{A} | {pair[side]} | {k}" for k, pair in enumerate(same + other, start=1)),
            }
        }
        for side in (0, 1)
    ]
    with comparing(sides[0], sides[1]) as found:
        rows = found.changes("requests").to_pylist()
        assert found.tables["requests"].changed == found.people.changed == len(other)
    assert [(row["field"], row["before"], row["after"]) for row in rows] == [
        ("RYA", before or None, after or None) for before, after in other
    ]


@pytest.mark.parametrize(
    ("years", "field", "same", "other"),
    [
        ((2023, 2025), "Sex", [("1", "M"), ("2", "F"), ("9", "9")], [("1", "F"), ("9", "U"), ("", "M"), ("2", "2")]),
        ((2025, 2023), "Sex", [("M", "1"), ("F", "2")], [("M", "2"), ("1", "1"), ("F", "")]),
        ((2023, 2023), "GenderCurrent", [("1", "1")], [("1", "2"), ("1", "M")]),
        ((2024, 2025), "Sex", [("M", "M")], [("M", "F"), ("M", "1")]),
    ],
)
def test_the_gender_of_2023_is_the_sex_of_later_years(
    years: tuple[int, int], field: str, same: list[tuple[str, str]], other: list[tuple[str, str]]
) -> None:
    sides = [
        {
            "year": year,
            "given": {
                "person": f"upn | {'gender_current' if year == 2023 else 'sex'}\n"
                + "\n".join(f"U{k} | {pair[side]}" for k, pair in enumerate(same + other))
            },
        }
        for side, year in enumerate(years)
    ]
    with comparing(sides[0], sides[1]) as found:
        rows = found.changes("person").to_pylist()
    assert [(row["field"], row["before"], row["after"]) for row in rows] == [
        (field, before or None, after or None) for before, after in other
    ]


def test_an_item_of_one_layout_alone_is_not_compared() -> None:
    rows = {"person": ONE, "requests": f"received_date | request_source\n{A} | 1"}
    before = {"year": 2024, "given": {"person": ONE, "requests": f"received_date\n{A}"}, "header": {"dsco": None}}
    with comparing(before, {"year": 2025, "given": rows}) as found:
        assert [row["field"] for row in found.changes("header").to_pylist()] == ["DateTime", "ReferenceDate", "Year"]
        assert found.tables["requests"].changed == found.people.changed == 0


def test_the_header_is_one_pair_with_its_time_and_number() -> None:
    with comparing({"header": {"serial_no": "001"}}, {"header": {"serial_no": "002", "dmo": None}}) as found:
        assert (found.tables["header"].both, found.tables["header"].changed) == (1, 1)
        rows = found.changes("header").to_pylist()
        assert [(row["field"], row["before"], row["after"]) for row in rows] == [
            ("DMO", "Y", None),
            ("SerialNo", "001", "002"),
        ]
        assert (rows[0]["before_person"], rows[0]["after_person"]) == (None, None)


def test_lines_order_and_numbers_are_no_differences() -> None:
    before = {"given": {"person": "upn | surname | line\nU1 | A | 5\nU2 | B | 9"}}
    after = {"given": {"person": "upn | surname | line\nU2 | B | 2\nU1 | A | 7"}}
    with comparing(before, after) as found:
        assert found.people.changed == found.tables["person"].changed == 0
        assert found.people.both == 2


def test_what_hangs_from_a_row_that_is_gone_is_gone() -> None:
    need = {"person": "upn\nU1\nU2", "requests": "person_id | received_date\n2 | 2024-01-01"}
    with comparing({"given": {**need, "senneed": "sen_type\nASD"}}, {"given": {"person": "upn\nU1"}}) as found:
        gone = {table: found.rows_alone(table).to_pylist() for table in found.tables}
        assert {table: [(row["kind"], row["person_id"]) for row in rows] for table, rows in gone.items() if rows} == {
            table: [("gone", 2)] for table in ("person", "requests", "activeplans", "senneed")
        }
        assert (found.people.both, found.people.gone, found.people.changed) == (1, 1, 0)


def test_a_person_has_changed_where_a_row_beneath_was_added() -> None:
    rows = {"person": "upn\nU1\nU2", "requests": "person_id | received_date\n2 | 2024-01-01"}
    with comparing({"given": rows}, {"given": {**rows, "senneed": "sen_type\nASD"}}) as found:
        assert found.people.changed == 1
        assert changed_people(found) == [{"before_person": 2, "after_person": 2}]
        assert found.tables["requests"].changed == 0


def test_changes_come_by_line_of_the_later_return_and_item() -> None:
    before = {"given": {"person": "upn | surname | ethnicity\nU1 | A | X\nU2 | B | X"}}
    after = {"given": {"person": "upn | surname | ethnicity | line\nU2 | C | Y | 3\nU1 | D | Y | 2"}}
    with comparing(before, after) as found:
        rows = found.changes("person").to_pylist()
    assert [(row["after_line"], row["field"]) for row in rows] == [
        (2, "Ethnicity"),
        (2, "Surname"),
        (3, "Ethnicity"),
        (3, "Surname"),
    ]


def test_blocks_of_pairs_are_all_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sen2dash.compare.differences.BLOCK", 3)
    before = {"given": {"person": "upn | surname\n" + "\n".join(f"U{n} | A" for n in range(8))}}
    after = {"given": {"person": "upn | surname\n" + "\n".join(f"U{n} | B" for n in range(8))}}
    with comparing(before, after) as found:
        assert len(found.changes("person")) == 8


# -- findings ---------------------------------------------------------------------------------------------


def fates_of(before: dict[str, Any], after: dict[str, Any], *rule_ids: str) -> dict[str, tuple[int, int, int]]:
    """Cleared, new and still there, by rule."""
    with comparing(before, after, rule_ids) as found:
        rows = found.space.rows("select fate, rule_id from finding_fate")
        fates = {fate.rule.id: (fate.cleared, fate.new, fate.still) for fate in found.fates}
        assert list(fates) == [rule_id for rule_id in rule_ids if rule_id in fates]
    for rule_id, counts in fates.items():
        of_rule = [row["fate"] for row in rows if row["rule_id"] == rule_id]
        assert tuple(map(of_rule.count, ("cleared", "new", "still"))) == counts
    return fates


def test_a_finding_is_still_there_on_the_paired_row() -> None:
    # Surname missing: for U1 cleared, for U2 still there in spite of a new order, for U3 new, for U4 gone, for U5
    # added.
    before = {"given": {"person": "upn | surname\nU1 |\nU2 |\nU3 | C\nU4 |"}}
    after = {"given": {"person": "upn | surname\nU3 |\nU2 |\nU1 | A\nU5 |"}}
    assert fates_of(before, after, "P01") == {"P01": (2, 2, 1)}


def test_a_finding_is_still_there_of_the_same_item_alone() -> None:
    """H22 has one finding per item."""
    head = {"person": "upn\nU1"}
    before = {"given": {**head, "requests": "received_date | rya | request_mediation\n2024-01-01 | maybe | 0"}}
    after = {"given": {**head, "requests": "received_date | rya | request_mediation\n2024-01-01 | 0 | maybe"}}
    assert fates_of(before, before, "H22") == {"H22": (0, 0, 1)}
    assert fates_of(before, after, "H22") == {"H22": (1, 1, 0)}
    # The first of two items in a row is corrected; the other one still has its finding.
    two = {"given": {**head, "requests": "received_date | rya | request_mediation\n2024-01-01 | a | b"}}
    one = {"given": {**head, "requests": "received_date | rya | request_mediation\n2024-01-01 | 0 | b"}}
    assert fates_of(two, one, "H22") == {"H22": (1, 0, 1)}


def test_as_many_are_still_there_as_both_have() -> None:
    def case(n: int) -> dict[str, Any]:
        rows = "\n".join("unexpected | person | 1 | 1 | 5 | Spare | Person" for _ in range(n))
        columns = "kind | table_name | row_id | person_id | line | name | spec_name"
        return {"given": {"person": ONE, "deviation": f"{columns}\n{rows}"}}

    assert fates_of(case(3), case(1), "H17") == {"H17": (2, 0, 1)}
    assert fates_of(case(1), case(3), "H17") == {"H17": (0, 2, 1)}


def test_findings_without_a_person_meet_by_rule_and_item() -> None:
    before = {"header": {"dmo": "?", "dco": "?", "lea": "999"}, "given": {"person": ONE}}
    after = {"header": {"dmo": "!", "lea": "333"}, "given": {"person": ONE}}
    assert fates_of(before, after, "H07", "H13", "H14") == {"H07": (1, 0, 0), "H13": (0, 0, 1), "H14": (1, 0, 0)}


def test_each_side_has_the_rules_and_severities_of_its_own_year() -> None:
    rows = {"given": {"person": "upn | sex\nU1 | X"}}
    with comparing({"year": 2024, **rows}, {"year": 2023, "given": {"person": ONE}}, ("P07", "P08")) as found:
        assert [(fate.rule.id, fate.cleared) for fate in found.fates] == [("P07", 1)]


def test_rules_that_need_an_earlier_return_take_no_part() -> None:
    rows = {"given": {"person": ONE}, "header": {"serial_no": "002"}}
    after = {**rows, "previous": {"given": {"person": ONE}, "header": {"serial_no": "003", "lea": "301"}}}
    assert fates_of(rows, after, "H08", "H11") == {}
