"""Marks on findings: setting, counting and undoing them, and what a new version of the return keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from sen2dash.analysis import worklist
from sen2dash.checks import findings, marks
from sen2dash.checks.marks import UNMARKED, Mark, Tally
from sen2dash.checks.record import read_record
from sen2dash.checks.report import Report
from sen2dash.compare.marks import carry
from tests.comparing import report_of

#: Two people with a request whose outcome is before it was received; one also has a bad sex.
PEOPLE = "surname | upn | sex\nAdams | U1 | X\nBrown | U2 | F"
REQUESTS = (
    "person_id | received_date | request_outcome_date\n"
    "1 | 2024-05-02 | 2024-05-01\n1 | 2024-06-02 | 2024-06-01\n2 | 2024-07-02 | 2024-07-01"
)
CASE = {"given": {"person": PEOPLE, "requests": REQUESTS}}


@pytest.fixture
def report() -> Iterator[Report]:
    yield report_of(0, CASE, ("R09", "P03"))


def mark_some(report: Report, mark: Mark, rows: slice = slice(None), rule_id: str = "R09") -> None:
    found = report.findings_table([rule_id]).to_pylist()[rows]
    assert found
    marks.set_marks(report, marks.of_rows(found), mark)


def marked(report: Report, rule_id: str = "R09") -> list[tuple[str, str | None]]:
    """The value of each finding of a rule, and its mark, in the order of the list."""
    return [(row["value"], row["mark"]) for row in report.findings_table([rule_id]).to_pylist()]


def test_a_finding_has_no_mark_until_one_is_set(report: Report) -> None:
    assert marked(report) == [("2024-05-01", None), ("2024-06-01", None), ("2024-07-01", None)]
    assert marks.tallies(report) == {}


def test_marks_are_set_replaced_and_removed(report: Report) -> None:
    mark_some(report, "right")
    mark_some(report, "asked", slice(1, 2))
    assert [mark for _, mark in marked(report)] == ["right", "asked", "right"]
    marks.set_marks(report, report.findings_table(["R09"], among=worklist.make(report, mark="right").among), None)
    assert [mark for _, mark in marked(report)] == [None, "asked", None]


def test_what_was_marked_can_be_undone(report: Report) -> None:
    mark_some(report, "correct", slice(0, 1))
    before = marks.set_marks(report, report.findings_table(["R09"]), "right")
    assert {mark for _, mark in marked(report)} == {"right"}
    marks.put_back(report, before)
    assert [mark for _, mark in marked(report)] == ["correct", None, None]


def test_a_tally_counts_the_findings_of_a_rule_by_mark(report: Report) -> None:
    mark_some(report, "right", slice(0, 2))
    mark_some(report, "correct", slice(2, 3))
    assert marks.tallies(report) == {"R09": Tally(3, correct=1, right=2)}
    assert Tally(3, correct=1, right=2).text == "3 of 3 marked: 1 to correct, 2 checked and right"
    assert Tally(1200, right=8, asked=1100).text == "1,108 of 1,200 marked: 8 checked and right, 1,100 asked"
    assert Tally(5).text == ""


@pytest.mark.parametrize(
    ("mark", "count", "people", "values"),
    [
        (None, 3, 2, ["2024-05-01", "2024-06-01", "2024-07-01"]),
        (UNMARKED, 2, 2, ["2024-06-01", "2024-07-01"]),
        ("asked", 1, 1, ["2024-05-01"]),
        ("right", 0, 0, []),
    ],
)
def test_findings_by_mark(report: Report, mark: str | None, count: int, people: int, values: list[str]) -> None:
    mark_some(report, "asked", slice(0, 1))
    whose = worklist.make(report, mark=mark)
    page = findings.findings_page(report, "R09", among=whose.among)
    assert ([row["value"] for row in page.rows], page.total) == (values, count)
    assert len(report.people_of_rule("R09", whose.among)) == people
    (outcome,) = whose.outcomes([report.outcome("R09")])
    assert (outcome.count, outcome.people, outcome.status) == (count, people, "found" if count else "clear")


def test_a_mark_that_is_set_later_changes_what_the_filter_finds(report: Report) -> None:
    assert worklist.make(report, mark="asked").among is not None
    mark_some(report, "asked", slice(0, 1))
    (outcome,) = worklist.make(report, mark="asked").outcomes([report.outcome("R09")])
    assert outcome.count == 1


def test_a_page_of_findings_shows_a_mark_that_was_set_later(report: Report) -> None:
    assert findings.findings_page(report, "R09").rows[0]["mark"] is None
    mark_some(report, "right", slice(0, 1))
    assert findings.findings_page(report, "R09").rows[0]["mark"] == "right"


def test_a_broken_rule_stays_whatever_the_filter(report: Report) -> None:
    broken = report.outcome("R09").model_copy(update={"status": "broken", "count": 0})
    assert worklist.make(report, mark="right").outcomes([broken]) == (broken,)


def test_the_record_of_a_person_has_their_marks_and_can_set_them(report: Report) -> None:
    mark_some(report, "asked", slice(1, 2))
    shown = read_record(report, 1)
    remarks = [remark for section in shown.sections for value in section.values for remark in value.remarks]
    found = {remark.identity["met_row"]: remark for remark in remarks if remark.rule_id == "R09"}
    assert {row: remark.mark for row, remark in found.items()} == {1: None, 2: "asked"}
    marks.set_marks(report, marks.of_rows([found[1].identity]), "right")
    assert [mark for _, mark in marked(report)] == ["right", "asked", None]


# -- the next version -----------------------------------------------------------------------------------------


def after(people: str, requests: str, header: str = "") -> Mapping[str, Any]:
    given = {"person": people, "requests": "person_id | received_date | request_outcome_date\n" + requests}
    return {"given": given | ({"header": header} if header else {})}


@pytest.mark.parametrize(
    ("people", "requests", "expected"),
    [
        # The same.
        (PEOPLE, "1 | 2024-05-02 | 2024-05-01\n1 | 2024-06-02 | 2024-06-01\n2 | 2024-07-02 | 2024-07-01", "RAC"),
        # Other people come first: the rows have other numbers.
        (
            "surname | upn | sex\nNew | U0 | F\nBrown | U2 | F\nAdams | U1 | M",
            "1 | 2024-01-02 | 2024-01-01\n2 | 2024-07-02 | 2024-07-01\n"
            "3 | 2024-05-02 | 2024-05-01\n3 | 2024-06-02 | 2024-06-01",
            "-CRA",
        ),
        # The value is another, but still wrong: the finding is still there, and nobody has checked its value.
        (PEOPLE, "1 | 2024-05-02 | 2024-04-30\n1 | 2024-06-02 | 2024-06-01", "-A"),
        (PEOPLE, "1 | 2024-05-02 | 2024-05-01\n1 | 2024-06-02 | 2024-05-31", "RA"),
        # The first request was corrected: its finding was cleared, and its mark goes.
        (PEOPLE, "1 | 2024-05-02 | 2024-05-03\n1 | 2024-06-02 | 2024-06-01\n2 | 2024-07-02 | 2024-07-01", "AC"),
        # A person without a match brings no mark.
        ("surname | upn | sex\nClark | U9 | F", "1 | 2024-05-02 | 2024-05-01", "-"),
    ],
)
def test_a_mark_stays_with_a_finding_that_is_still_there(
    report: Report, people: str, requests: str, expected: str
) -> None:
    for place, mark in enumerate(marks.MARKS[1:] + marks.MARKS[:1]):
        mark_some(report, mark, slice(place, place + 1))
    assert [mark for _, mark in marked(report)] == ["right", "asked", "correct"]
    later = report_of(1, after(people, requests), ("R09", "P03"))
    carry(report, later, is_same_file=False)
    letters = {"right": "R", "asked": "A", "correct": "C", None: "-"}
    assert "".join(letters[mark] for _, mark in marked(later)) == expected


def test_a_mark_does_not_come_back_with_a_finding_that_was_cleared(report: Report) -> None:
    mark_some(report, "right")
    middle = report_of(1, after(PEOPLE, "1 | 2024-05-02 | 2024-05-03"), ("R09", "P03"))
    carry(report, middle, is_same_file=False)
    assert len(marks.all_marks(middle)) == 0
    last = report_of(0, CASE, ("R09", "P03"))
    carry(middle, last, is_same_file=False)
    assert {mark for _, mark in marked(last)} == {None}


def test_a_check_of_the_same_file_keeps_its_marks(report: Report) -> None:
    mark_some(report, "asked", slice(2, 3))
    again = report_of(1, CASE, ("R09", "P03"))
    carry(report, again, is_same_file=True)
    assert [mark for _, mark in marked(again)] == [None, None, "asked"]


def test_another_authority_brings_no_marks(report: Report) -> None:
    mark_some(report, "right")
    other = report_of(1, {"given": {**CASE["given"], "header": "lea\n334"}}, ("R09", "P03"))
    carry(report, other, is_same_file=False)
    assert len(marks.all_marks(other)) == 0


def test_marks_without_a_finding_are_left_out_and_counted(report: Report) -> None:
    mark_some(report, "right")
    kept = marks.all_marks(report)
    fewer = report_of(1, after(PEOPLE, "1 | 2024-05-02 | 2024-05-01"), ("R09", "P03"))
    assert marks.restore(fewer, kept) == 2
    assert marked(fewer) == [("2024-05-01", "right")]


def test_several_findings_of_one_rule_row_and_item_have_marks_of_their_own(report: Report) -> None:
    insert = "insert into finding select * replace ('another' as detail) from finding where rule_id = 'R09'"
    report.store._connection.execute(insert)
    assert len(report.findings_table(["R09"])) == 6
    mark_some(report, "right", slice(0, 1))
    assert [mark for _, mark in marked(report)].count("right") == 1
    assert sorted(row["place"] for row in report.findings_table(["R09"]).to_pylist()) == [1, 1, 1, 2, 2, 2]
