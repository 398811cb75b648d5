"""Work out rules T05 to T09 a second time, in plain Python and from their definitions alone, on tables of dicts.

Rows are those of `casebook.complete`: text of the file under column names, blank as None, parents by id.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sen2dash import spec

Row = Mapping[str, Any]
Tables = Mapping[str, list[dict[str, Any]]]


def day_of(text: str | None) -> date | None:
    """A valid date, or None."""
    return spec.real_date(text)


def name_key(text: str | None) -> str:
    """A folded name, following the definition; '' if nothing is left."""
    apart = unicodedata.normalize("NFKD", text or "")
    unmarked = "".join(char for char in apart if not unicodedata.category(char).startswith("M"))
    return "".join(char for char in unmarked.casefold() if char.isalnum())


@dataclass
class Case:
    """A request with everything beneath it."""

    request: Row
    assessment: Row | None = None
    plan: Row | None = None
    active: Row | None = None

    @property
    def received(self) -> date | None:
        return day_of(self.request.get("received_date"))

    @property
    def start(self) -> date | None:
        return day_of(self.plan.get("start_date")) if self.plan else None

    @property
    def cease(self) -> date | None:
        return day_of(self.plan.get("cease_date")) if self.plan else None

    @property
    def transfer(self) -> str | None:
        return self.active.get("transfer_la") if self.active else None

    @property
    def outcome(self) -> str | None:
        return self.assessment.get("assessment_outcome") if self.assessment else None

    def is_active(self, ref: date) -> bool:
        if self.plan is None or self.start is None or self.start > ref:
            return False
        return self.plan.get("cease_date") is None or (self.cease is not None and self.cease > ref)

    def has_ceased(self, ref: date) -> bool:
        return self.cease is not None and self.cease <= ref

    def had_not_ceased(self, ref: date) -> bool:
        assert self.plan is not None
        return self.plan.get("cease_date") is None or (self.cease is not None and self.cease > ref)


@dataclass
class Return:
    """One return: its persons by number and their cases."""

    ref: date
    people: dict[int, Row]
    cases: dict[int, list[Case]] = field(default_factory=lambda: defaultdict(list))

    @property
    def year(self) -> tuple[date, date]:
        return date(self.ref.year - 1, 1, 1), date(self.ref.year - 1, 12, 31)

    def plans_of(self, person: int) -> list[Case]:
        return [case for case in self.cases[person] if case.plan is not None]


def read(tables: Tables, ref: date) -> Return:
    """Turn the tables of one return into persons and their cases."""
    found = Return(ref, {row["row_id"]: row for row in tables["person"]})
    assessments = {row["requests_id"]: row for row in tables["assessment"]}
    plans = {row["requests_id"]: row for row in tables["namedplan"]}
    actives = {row["requests_id"]: row for row in tables["activeplans"]}
    for row in tables["requests"]:
        own = row["row_id"]
        found.cases[row["person_id"]].append(Case(row, assessments.get(own), plans.get(own), actives.get(own)))
    return found


def matched(then: Return, now: Return) -> list[tuple[int, int]]:
    """Pairs of person numbers, last year's and this year's, found in three steps."""

    def by_upn(row: Row) -> Any:
        return row.get("upn")

    def by_uln(row: Row) -> Any:
        uln = row.get("unique_learner_number")
        return None if uln == "9999999999" else uln

    def by_name(row: Row) -> Any:
        key = name_key(row.get("surname")), name_key(row.get("forename")), day_of(row.get("person_birth_date"))
        return key if all(key) else None

    pairs: list[tuple[int, int]] = []
    left_then, left_now = set(then.people), set(now.people)
    steps: tuple[Callable[[Row], Any], ...] = (by_upn, by_uln, by_name)
    for key_of in steps:
        sharing_then, sharing_now = grouped(then, left_then, key_of), grouped(now, left_now, key_of)
        for key in set(sharing_then) & set(sharing_now):
            before, after = sharing_then[key], sharing_now[key]
            if len(before) <= 20 and len(after) <= 20:
                pairs += [(one, other) for one in before for other in after]
        left_then -= {one for one, _ in pairs}
        left_now -= {other for _, other in pairs}
    return pairs


def grouped(made: Return, among: Iterable[int], key_of: Callable[[Row], Any]) -> dict[Any, list[int]]:
    """Person numbers by key; persons without a key are left out."""
    found: dict[Any, list[int]] = defaultdict(list)
    for number in among:
        key = key_of(made.people[number])
        if key is not None:
            found[key].append(number)
    return found


def large_changes(then: Return, now: Return) -> set[str]:
    """T05: what changed by more than a quarter, as worded in the finding."""

    def figures(made: Return) -> dict[str, int]:
        first, last = made.year
        cases = [case for of in made.cases.values() for case in of]
        return {
            "people with a plan on census day": sum(
                any(case.is_active(made.ref) for case in of) for of in made.cases.values()
            ),
            "requests received": sum(
                case.received is not None
                and first <= case.received <= last
                and case.request.get("request_outcome") in ("Y", "N", "A", "W")
                for case in cases
            ),
            "new plans": sum(
                case.start is not None and first <= case.start <= last and case.outcome != "H" and not case.transfer
                for case in cases
            ),
            "plans ceased": sum(case.cease is not None and first <= case.cease <= last for case in cases),
        }

    before, after = figures(then), figures(now)
    return {
        f"{what}: {before[what]} last year, {after[what]} now"
        for what in before
        if (before[what] == 0 and after[what] != 0) or abs(after[what] - before[what]) > 0.25 * before[what]
    }


def gone_plans(then: Return, now: Return) -> set[int]:
    """T06: numbers of last year's persons."""
    pairs = matched(then, now)
    return {
        one
        for one in then.people
        if any(case.is_active(then.ref) for case in then.cases[one])
        and not any(
            case.is_active(now.ref) or case.has_ceased(now.ref)
            for before, other in pairs
            if before == one
            for case in now.cases[other]
        )
    }


def gone_cases(then: Return, now: Return) -> set[tuple[int, str]]:
    """T07: row of last year's request, and the item."""
    pairs = matched(then, now)
    found = set()
    for one, of in then.cases.items():
        dates = {case.received for case in of if case.received is not None}
        others = [other for before, other in pairs if before == one]
        for case in of:
            standing = [request for other in others for request in standing_on(case, now.cases[other], dates, then.ref)]
            if case.request.get("request_outcome") == "A" and not standing:
                found.add((case.request["row_id"], "RequestOutcome"))
            if case.outcome == "A" and not any(request.assessment is not None for request in standing):
                found.add((case.request["row_id"], "AssessmentOutcome"))
    return found


def standing_on(case: Case, candidates: list[Case], dates: set[date], census: date) -> list[Case]:
    """The requests of one matched person that may continue a request of last year."""
    same = [other for other in candidates if case.received is not None and other.received == case.received]
    if same:
        return same
    current = [
        other
        for other in candidates
        if not (other.request.get("request_outcome") == "H" and other.start is not None and other.start <= census)
    ]
    if case.request.get("received_date") is None:
        return current
    return [other for other in current if other.received not in dates]


def changed_details(then: Return, now: Return) -> set[tuple[int, str]]:
    """T08: number of this year's person, and the item."""
    pairs = matched(then, now)
    found = set()
    for other, row in now.people.items():
        ones = [one for one, after in pairs if after == other]
        for name, of in (
            ("PersonBirthDate", lambda person: day_of(person.get("person_birth_date"))),
            ("UPN", lambda person: person.get("upn")),
            ("Sex", lambda person: person.get("sex")),
        ):
            values = {of(then.people[one]) for one in ones} - {None}
            if of(row) is not None and values and of(row) not in values:
                found.add((other, name))
        plans = now.plans_of(other)
        dates: dict[int, set[date]] = defaultdict(set)
        for one in ones:
            for old, new in same_plans(then.plans_of(one), plans, then.ref):
                if old.start is not None and new.start is not None:
                    dates[new.request["row_id"]].add(old.start)
        if any(case.start not in dates[case.request["row_id"]] for case in plans if dates[case.request["row_id"]]):
            found.add((other, "StartDate"))
    return found


def same_plans(old: list[Case], new: list[Case], census: date) -> list[tuple[Case, Case]]:
    """Plans of last year's person and of this year's that are the same plan, found in three steps."""
    pairs: list[tuple[Case, Case]] = []

    def left(cases: list[Case], place: int) -> list[Case]:
        return [case for case in cases if all(case is not pair[place] for pair in pairs)]

    pairs += [(a, b) for a in old for b in new if a.start is not None and a.start == b.start]
    olds, news = left(old, 0), left(new, 1)
    pairs += [(a, b) for a in olds for b in news if a.received is not None and a.received == b.received]
    going = [a for a in left(old, 0) if a.had_not_ceased(census)]
    if len(going) == 1 and going[0].start is not None:
        began = going[0].start
        fits = [b for b in left(new, 1) if not (b.received is not None and b.received > began)]
        if len(fits) == 1:
            pairs.append((going[0], fits[0]))
    return pairs


def older_plans(then: Return, now: Return) -> set[int]:
    """T09: rows of this year's plans."""
    pairs = matched(then, now)
    return {
        case.plan["row_id"]
        for other in now.people
        for case in now.plans_of(other)
        if case.plan is not None
        and case.start is not None
        and case.start < then.ref
        and case.transfer is None
        and not any(then.plans_of(one) for one, after in pairs if after == other)
    }
