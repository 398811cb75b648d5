"""Calculate the 33 indicators again in plain Python from the texts of the return, sharing nothing with the SQL.

Reads only the text of each item, and interprets dates, answers and codes itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sen2dash.store.database import Store

Row = dict[str, Any]


def real(row: Row | None, name: str) -> date | None:
    text = row[f"{name}_text"] if row else None
    parts = (text or "").split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def blank(row: Row | None, name: str) -> bool:
    return row is None or row[f"{name}_text"] is None


def yes(row: Row | None, name: str) -> bool:
    return row is not None and (row[f"{name}_text"] or "").lower() in ("1", "true")


def item(row: Row | None, name: str) -> str | None:
    return row[name] if row else None


@dataclass
class Case:
    """One Requests group with everything that belongs to it."""

    request: Row
    assessment: Row | None = None
    plan: Row | None = None
    active: Row | None = None
    placements: list[Row] = field(default_factory=list)

    @property
    def received(self) -> date | None:
        return real(self.request, "received_date")

    @property
    def start(self) -> date | None:
        return real(self.plan, "start_date")

    def decided(self) -> date | None:
        """When the assessment was decided or, for a plan without an outcome date, when the plan started."""
        outcome = item(self.assessment, "assessment_outcome")
        if outcome == "Y" and blank(self.assessment, "assessment_outcome_date"):
            return self.start
        return real(self.assessment, "assessment_outcome_date") if outcome in ("Y", "N") else None

    def challenged(self) -> bool:
        flags = ("assessment_mediation", "assessment_tribunal", "other_mediation", "other_tribunal")
        return any(yes(self.request, f) for f in ("request_mediation", "request_tribunal")) or any(
            yes(self.assessment, f) for f in flags
        )


def read_cases(store: Store) -> dict[int, list[Case]]:
    """Every case by person, in file order."""
    cases = {row["row_id"]: Case(row) for row in store.rows("select * from requests order by row_id")}
    request_of = {}
    for row in store.rows("select * from assessment order by row_id"):
        cases[row["requests_id"]].assessment = row
        request_of[row["row_id"]] = row["requests_id"]
    for row in store.rows("select * from namedplan order by row_id"):
        cases[request_of[row["assessment_id"]]].plan = row
    for row in store.rows("select * from activeplans order by row_id"):
        cases[row["requests_id"]].active = row
    for row in store.rows("select * from placementdetail order by row_id"):
        cases[row["requests_id"]].placements.append(row)
    found = defaultdict(list)
    for case in cases.values():
        found[case.request["person_id"]].append(case)
    return found


def current_placement(case: Case, census: date) -> Row | None:
    best, best_key = None, None
    for place, row in enumerate(case.placements):
        entry, leaving = real(row, "entry_date"), real(row, "leaving_date")
        if entry is None or entry > census:
            continue
        if not blank(row, "leaving_date") and (leaving is None or leaving < census):
            continue
        rank = {"1": 2, "2": 1}.get(row["placement_rank"] or "", 0)
        key = (rank, entry, place)
        if best_key is None or key > best_key:
            best, best_key = row, key
    return best


def recompute(store: Store) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of every indicator."""
    assert store.collection is not None
    census, year = store.collection.census_date, store.collection.year
    limit, with_challenged = store.settings.twenty_weeks_days, store.settings.include_challenged
    count: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def add(name: str, is_counted: bool = True) -> None:
        count[name][0] += is_counted
        count[name][1] += 1

    def in_year(day: date | None) -> bool:
        return day is not None and day.year == year - 1

    def days(first: date | None, last: date | None) -> int | None:
        return (last - first) // timedelta(days=1) if first and last else None

    for cases in read_cases(store).values():
        for case in cases:
            _count_flow(case, add, in_year, days, limit, with_challenged)
        active = [c for c in cases if _is_active(c, census)]
        if active:
            latest = max(c.start for c in active if c.start)
            _count_caseload([c for c in active if c.start == latest][-1], add, in_year, days, census, year)
    return {name: (numerator, denominator) for name, (numerator, denominator) in count.items()}


def _is_active(case: Case, census: date) -> bool:
    if case.start is None or case.start > census:
        return False
    cease = real(case.plan, "cease_date")
    return blank(case.plan, "cease_date") or (cease is not None and cease > census)


def _count_flow(case: Case, add: Any, in_year: Any, days: Any, limit: int, with_challenged: bool) -> None:
    outcome = item(case.request, "request_outcome")
    if in_year(case.received) and outcome is not None and outcome in "YNAW" and len(outcome) == 1:
        add("requests_received")
        for name, letter in (("agreed", "Y"), ("refused", "N"), ("undecided", "A"), ("withdrawn", "W")):
            add(f"requests_{name}", outcome == letter)
        add("mediation_request", yes(case.request, "request_mediation"))
        add("tribunal_request", yes(case.request, "request_tribunal"))
    decision = real(case.request, "request_outcome_date")
    if in_year(decision) and outcome in ("Y", "N") and case.received:
        add("decisions_within_6_weeks", days(case.received, decision) <= 42)
    if in_year(case.decided()):
        issued = item(case.assessment, "assessment_outcome") == "Y"
        took = days(case.received, case.decided())
        add("assessments_completed")
        add("assessments_not_issued", not issued)
        for name in ("assessment", "other"):
            add(f"mediation_{name}", yes(case.assessment, f"{name}_mediation"))
            add(f"tribunal_{name}", yes(case.assessment, f"{name}_tribunal"))
        if not issued and took is not None:
            add("decisions_not_to_issue_within_16_weeks", took <= 112)
        if issued and (with_challenged or not case.challenged()):
            if not yes(case.assessment, "week20"):
                add("plans_within_20_weeks", took is not None and took <= limit)
            add("plans_within_20_weeks_all", took is not None and took <= limit)
            add("plans_within_30_weeks", took is not None and took <= 210)
            add("plans_over_52_weeks", took is not None and took > 364)
    is_own = item(case.assessment, "assessment_outcome") != "H" and item(case.active, "transfer_la") is None
    if in_year(case.start) and is_own:
        add("new_plans")
    if in_year(real(case.plan, "cease_date")):
        add("plans_ceased")


def _count_caseload(case: Case, add: Any, in_year: Any, days: Any, census: date, year: int) -> None:
    add("caseload")
    add("personal_budgets", yes(case.plan, "pb"))
    expected = case.start is not None and case.start.year < year - 1
    meeting, told = real(case.active, "review_meeting"), real(case.active, "last_review")
    add("reviews_expected", expected)
    if expected:
        add("reviews_held", meeting is not None)
        if meeting and told:
            add("review_decisions_within_4_weeks", days(meeting, told) <= 28)
    due, final = real(case.active, "phase_transfer_due_date"), real(case.active, "phase_transfer_final_date")
    if due is not None and in_year(due):
        add("phase_transfer_plans_on_time", final is not None and final <= due)
    place = current_placement(case, census)
    add("placement_not_recorded", place is None)
    add("residential", item(place, "res") in ("A", "B"))
    add("work_based_learning", item(place, "wbp") is not None)
    add("sen_unit", yes(place, "sen_unit_indicator"))
    add("resourced_provision", yes(place, "resourced_provision_indicator"))
    add("not_in_education", item(place, "sen_setting") in ("NEET", "NIEC", "NIEO"))
