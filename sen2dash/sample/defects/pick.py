"""Find a suitable person for a defect of modules 2 and 3, and calculate with dates as texts of a return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sen2dash import spec
from sen2dash.sample.tree import SampleReturn, XmlGroup


@dataclass(frozen=True)
class Case:
    """A person with one request, and the groups under it."""

    person: XmlGroup
    request: XmlGroup
    assessment: XmlGroup | None
    plan: XmlGroup | None

    def __getitem__(self, name: str) -> str:
        """Return the text of an item of the request, the assessment, the plan or the person; empty if there is none."""
        groups = (self.request, self.assessment, self.plan, self.person)
        return next((text for group in groups if group and (text := group.items.get(name))), "")

    def days(self, first: str, last: str) -> int:
        """Return the days from one date item to another; both must have a value."""
        return (date.fromisoformat(self[last]) - date.fromisoformat(self[first])).days


def pick(
    made: SampleReturn, request: str, assessment: str | None = None, where: Callable[[Case], bool] = lambda _: True
) -> Case:
    """Find the first suitable person with a single request that has these outcomes; assessment None: no assessment.

    People who moved to another authority are skipped. Raises LookupError if nobody suits; nothing is then changed.
    """
    for person in made.persons:
        requests = person.all("Requests")
        if len(requests) != 1 or "Exported" in requests[0].items:
            continue
        found = requests[0].get("Assessment")
        case = Case(person, requests[0], found, found.get("NamedPlan") if found else None)
        outcomes = (requests[0].items.get("RequestOutcome"), found.items.get("AssessmentOutcome") if found else None)
        if outcomes == (request, assessment) and where(case):
            return case
    raise LookupError("nobody suits")


def pick_assessed(
    made: SampleReturn, request: str, assessment: str, where: Callable[[Case], bool] = lambda _: True
) -> tuple[Case, XmlGroup]:
    """Do the same with an assessment, and return that as well."""
    case = pick(made, request, assessment, where)
    assert case.assessment is not None
    return case, case.assessment


def is_decided_promptly(case: Case) -> bool:
    """Whether the request was decided within 6 weeks, so that R36 is silent."""
    return case.days("ReceivedDate", "RequestOutcomeDate") <= 42


def age_on(born: date, day: date) -> int:
    """Return completed years; no made-up person is born on 29 February."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def moved(day: str | date, days: int) -> str:
    """Return the day this many days later, as ccyy-mm-dd."""
    return ((date.fromisoformat(day) if isinstance(day, str) else day) + timedelta(days)).isoformat()


def census_day(made: SampleReturn, days: int = 0) -> str:
    """Return census day, or this many days later."""
    return moved(spec.census_day(made.year), days)


def year_start(made: SampleReturn, days: int = 0) -> str:
    """Return the first day of the collection year, or this many days later."""
    return moved(date(made.year - 1, 1, 1), days)


def add_request(case: Case, *groups: XmlGroup, **items: str) -> XmlGroup:
    """Give the person one more request after the existing one."""
    request = XmlGroup("Requests", dict(items), list(groups))
    case.person.groups.append(request)
    return request
