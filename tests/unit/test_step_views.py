"""The categories of requests and of caseload plans, at their boundaries (views request_step and caseload_state)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import casebook


def one(given: dict[str, str], view: str) -> dict[str, Any]:
    """The first row of a view over drawn tables; the return is for 2025, census day 16 January 2025."""
    store = casebook.make_store({"given": given})
    try:
        store.derive_indicators()
        return store.rows(f"select * from {view} order by all")[0]
    finally:
        store.close()


def request(**items: str) -> str:
    items = {"received_date": "2024-03-01", **items}
    return f"{' | '.join(items)}\n{' | '.join(items.values())}"


def drawn(**items: str) -> str:
    return f"{' | '.join(items)}\n{' | '.join(items.values())}"


@pytest.mark.parametrize(
    ("given", "ending"),
    [
        ({"requests": request(request_outcome="N")}, "request_N"),
        ({"requests": request(request_outcome="W")}, "request_W"),
        ({"requests": request(request_outcome="A")}, "request_A"),
        ({"requests": request(request_outcome="Y")}, "request_Y"),
        ({"requests": request(request_outcome="H")}, "request_none"),
        ({"requests": request(request_outcome="")}, "request_none"),
        ({"requests": request(request_outcome="N"), "assessment": drawn(assessment_outcome="A")}, "assessment_A"),
        ({"requests": request(request_outcome="Y"), "assessment": drawn(assessment_outcome="N")}, "assessment_N"),
        ({"requests": request(request_outcome="Y"), "assessment": drawn(assessment_outcome="Y")}, "assessment_Y"),
        ({"requests": request(request_outcome="Y"), "assessment": drawn(assessment_outcome="?")}, "assessment_none"),
        ({"namedplan": drawn(start_date="2025-01-16")}, "plan_active"),
        ({"namedplan": drawn(start_date="2025-01-17")}, "plan_other"),
        ({"namedplan": drawn(start_date="", pb="1")}, "plan_other"),
        ({"namedplan": drawn(start_date="2024-01-01", cease_date="2025-01-16")}, "plan_ceased"),
        ({"namedplan": drawn(start_date="2024-01-01", cease_date="2025-01-17")}, "plan_active"),
    ],
)
def test_a_request_ends_where_it_came_to(given: dict[str, str], ending: str) -> None:
    assert one(given, "request_step")["ending"] == ending


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"requests": request(request_outcome="N", request_mediation="1")},
            ("mediation", "stop", None, "other", None),
        ),
        (
            {
                "requests": request(request_outcome="N", request_mediation="1", request_tribunal="true"),
                "assessment": drawn(assessment_outcome="N", assessment_tribunal="1", other_mediation="1"),
            },
            ("both", "on", "tribunal", "stop", "mediation"),
        ),
        (
            {
                "requests": request(request_outcome="Y", request_mediation="?"),
                "assessment": drawn(assessment_outcome="N", assessment_mediation="1"),
                "namedplan": drawn(start_date="2024-09-01"),
            },
            (None, "other", "mediation", "on", None),
        ),
    ],
    ids=["refused and stayed so", "refused and went on", "refused a plan and got one"],
)
def test_what_was_challenged_and_what_followed(given: dict[str, str], expected: tuple[str | None, ...]) -> None:
    row = one(given, "request_step")
    names = ("request_challenge", "after_request", "assessment_challenge", "after_assessment", "other_challenge")
    assert tuple(row[name] for name in names) == expected


@pytest.mark.parametrize(("second", "again"), [("2024-03-02", True), ("2024-03-01", False), ("", False)])
def test_another_request_counts_when_it_was_received_later(second: str, again: bool) -> None:
    given = {"requests": f"row_id | received_date | request_outcome\n1 | 2024-03-01 | N\n2 | {second} | A"}
    row = one(given, "(select * from request_step where requests_id = 1)")
    assert row["is_asked_again"] is again


PLAN = {"namedplan": "start_date\n2023-05-01"}


@pytest.mark.parametrize(
    ("items", "review", "is_overdue"),
    [
        ({"review_meeting": "", "last_review": ""}, "none", False),
        ({"review_meeting": "soon", "last_review": ""}, "none", False),
        ({"review_meeting": "2024-12-19", "last_review": ""}, "waiting", False),
        ({"review_meeting": "2024-12-18", "last_review": ""}, "waiting_late", False),
        ({"review_meeting": "2024-05-01", "last_review": "2024-05-29"}, "on_time", False),
        ({"review_meeting": "2024-05-01", "last_review": "2024-05-30"}, "late", False),
        ({"review_meeting": "2024-01-16", "last_review": "2024-01-17"}, "on_time", False),
        ({"review_meeting": "2024-01-15", "last_review": "2024-01-17"}, "on_time", True),
    ],
)
def test_where_a_review_stands(items: dict[str, str], review: str, is_overdue: bool) -> None:
    row = one({**PLAN, "activeplans": drawn(**items)}, "caseload_state")
    assert (row["review"], row["is_overdue"]) == (review, is_overdue)


@pytest.mark.parametrize(("start", "review"), [("2023-12-31", "none"), ("2024-01-01", None)])
def test_a_review_is_expected_of_plans_from_before_the_year(start: str, review: str | None) -> None:
    assert one({"namedplan": drawn(start_date=start)}, "caseload_state")["review"] == review


@pytest.mark.parametrize(
    ("due", "final", "phase", "state"),
    [
        ("2024-02-15", "2024-02-15", "february", "on_time"),
        ("2024-03-31", "2024-04-01", "march", "late"),
        ("2024-03-30", "", "other", "none"),
        ("2023-02-15", "2023-02-15", None, "on_time"),
        ("2025-02-15", "", None, "none"),
        ("", "2024-02-15", None, "late"),
    ],
)
def test_where_a_phase_transfer_stands(due: str, final: str, phase: str | None, state: str) -> None:
    items = drawn(phase_transfer_due_date=due, phase_transfer_final_date=final)
    row = one({**PLAN, "activeplans": items}, "caseload_state")
    assert row["phase"] == phase
    assert row["phase_final"] == state or phase is None


def test_budgets_and_placements_go_by_the_codes_that_exist() -> None:
    given = {
        "namedplan": drawn(start_date="2023-05-01", pb="1", oa="?", dp="Z"),
        "placementdetail": drawn(entry_date="2023-05-01", placement_rank="1", sen_setting="NIEC", res="A"),
    }
    row = one(given, "caseload_state")
    assert (row["budget"], row["has_arrangements"], row["payments"]) == ("yes", False, "none")
    assert (row["is_unplaced"], row["not_in_education"], row["res"]) == (False, "NIEC", "A")
    assert one(PLAN, "caseload_state")["is_unplaced"] is True
