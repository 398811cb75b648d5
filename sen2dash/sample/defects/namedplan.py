"""Defects that trip the rules of the module namedplan.

If a rule does not need an active plan, the plan of a defect has ceased. The establishment named is then not compared
with the one attended, and only the rule itself finds something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sen2dash import spec
from sen2dash.sample.defects.pick import age_on
from sen2dash.sample.defects.registry import defect
from sen2dash.sample.tree import SampleReturn, XmlGroup

DAY = timedelta(days=1)
SCHOOL = ("URN", "UKPRN", "SENsetting", "SENsettingOther", "SENunitIndicator", "ResourcedProvisionIndicator")


@dataclass(frozen=True)
class PlanCase:
    """A plan with the groups around it, and the dates that a defect may use."""

    person: XmlGroup
    request: XmlGroup
    assessment: XmlGroup
    plan: XmlGroup
    detail: XmlGroup
    born: date
    start: date
    cease: date | None

    @property
    def is_historical(self) -> bool:
        """Whether the request and plan are from an earlier year and not transferred in."""
        active = self.request.get("ActivePlans")
        return (
            self.request.items.get("RequestOutcome") == "H"
            and active is not None
            and active.items.get("TransferLA") is None
        )

    def age_on(self, day: date) -> int:
        """Return the person's age in completed years."""
        return age_on(self.born, day)

    def use(self, **items: str) -> XmlGroup:
        """Name an establishment in the plan with only these items. Returns the PlanDetail."""
        for name in SCHOOL:
            self.detail.items.pop(name, None)
        self.detail.items.update(items)
        return self.detail


def plans(made: SampleReturn) -> Iterator[PlanCase]:
    """Yield every plan of the return that has its dates and names an establishment."""
    for person in made.persons:
        born = spec.real_date(person.items.get("PersonBirthDate"))
        for request in person.all("Requests"):
            assessment = request.get("Assessment")
            plan = assessment.get("NamedPlan") if assessment else None
            detail = plan.get("PlanDetail") if plan else None
            if assessment is None or plan is None or detail is None or born is None:
                continue
            start, cease = (spec.real_date(plan.items.get(name)) for name in ("StartDate", "CeaseDate"))
            if start is not None:
                yield PlanCase(person, request, assessment, plan, detail, born, start, cease)


def historical(made: SampleReturn, fits: Callable[[PlanCase], bool] = lambda planned: True) -> PlanCase:
    """Find the first suitable active plan of an earlier year. Raises StopIteration if there is none."""
    return next(found for found in plans(made) if found.is_historical and found.cease is None and fits(found))


def ceased(made: SampleReturn, fits: Callable[[PlanCase, date], bool] = lambda planned, cease: True) -> PlanCase:
    """Find the first suitable plan that ceased in the collection year. Raises StopIteration if there is none."""
    return next(found for found in plans(made) if found.cease is not None and fits(found, found.cease))


def names_school(planned: PlanCase) -> bool:
    """Whether the plan names an establishment by its URN, and no unit or resourced provision in it."""
    items = planned.detail.items
    return "URN" in items and (items.get("SENunitIndicator"), items.get("ResourcedProvisionIndicator")) == ("0", "0")


def change(planned: PlanCase, **items: str | None) -> list[XmlGroup]:
    """Set items of the plan; None removes an item."""
    planned.plan.items.update(items)
    return [planned.plan]


# -- the plan's start -------------------------------------------------------------------------------------


@defect("N01")
def start_date_missing(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Remove the start date of a plan that ceased."""
    return change(ceased(made), StartDate=None)


@defect("N02")
def start_date_before_birth(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Let a plan start the day before the person was born."""
    found = historical(made, lambda planned: planned.born > date(2014, 9, 1))
    return change(found, StartDate=str(found.born - DAY))


@defect("N03")
def start_date_of_a_statement(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Let a plan start the day before the first EHC plans."""
    found = historical(made, lambda planned: planned.born < date(2014, 8, 31))
    return change(found, StartDate="2014-08-31")


@defect("N04")
def plan_before_request(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Move the request of a plan that followed a refusal to the day after the plan started."""
    found = next(planned for planned in plans(made) if planned.assessment.items.get("AssessmentOutcome") == "N")
    received = date(made.year - 1, 3, 1)
    found.request.items["ReceivedDate"] = str(received)
    found.request.items["RequestOutcomeDate"] = str(received + 30 * DAY)
    found.assessment.items["AssessmentOutcomeDate"] = str(received + 100 * DAY)
    return change(found, StartDate=str(received - DAY))


@defect("N05", follows=("A17",))
def no_decision_to_issue(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Withdraw an assessment that led to a plan."""
    found = next(planned for planned in plans(made) if planned.assessment.items.get("AssessmentOutcome") == "Y")
    found.assessment.items |= {"AssessmentOutcome": "W", "AssessmentOutcomeDate": None}
    return [found.plan]


# -- the establishments named -----------------------------------------------------------------------------


@defect("N06")
def no_establishment_named(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Remove the establishments named in a plan."""
    found = ceased(made)
    found.plan.groups.clear()
    return [found.plan]


@defect("N07", follows=("N20D",))
def more_than_two_establishments(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Name three establishments; a third can only repeat a rank."""
    found = ceased(made)
    for rank in ("2", "2"):
        found.plan.groups.append(deepcopy(found.detail))
        found.plan.groups[-1].items["PlacementRank"] = rank
    return [found.plan]


@defect("N08")
def establishment_not_identified(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Remove the items that identify the establishment named."""
    return [ceased(made).use()]


@defect("N09")
def setting_beside_urn(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Add a setting type beside a URN."""
    found = ceased(made, lambda planned, cease: names_school(planned))
    found.detail.items["SENsetting"] = "EYP"
    return [found.detail]


@defect("N10")
def ukprn_beside_urn(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Add a UKPRN beside a URN."""
    found = ceased(made, lambda planned, cease: names_school(planned))
    found.detail.items["UKPRN"] = "19900017"
    return [found.detail]


@defect("N11")
def urn_of_seven_digits(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Add a digit to a URN."""
    found = ceased(made, lambda planned, cease: names_school(planned))
    found.detail.items["URN"] = f"{found.detail.items['URN']}0"
    return [found.detail]


@defect("N13")
def ukprn_of_six_digits(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Enter a URN instead of a UKPRN."""
    return [ceased(made).use(UKPRN="199000")]


@defect("N15")
def setting_invalid(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Use an invalid setting type."""
    return [ceased(made).use(SENsetting="SCHOOL")]


@defect("N16")
def setting_meant_for_placements(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Name no education in a plan."""
    return [ceased(made, lambda planned, cease: "PlanWBP" not in planned.plan.items).use(SENsetting="NEET")]


@defect("N17", follows=("N18",))
def other_setting_not_described(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Name another setting and do not say which."""
    return [ceased(made).use(SENsetting="OTH")]


@defect("N18")
def other_setting_named(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Name another setting and say which."""
    return [ceased(made).use(SENsetting="OTH", SENsettingOther="Provision at a farm")]


@defect("N19")
def description_not_expected(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Describe an establishment that has a URN."""
    found = ceased(made, lambda planned, cease: names_school(planned))
    found.detail.items["SENsettingOther"] = "Provision at a farm"
    return [found.detail]


@defect("N20")
def rank_invalid(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Use an invalid rank."""
    found = ceased(made, lambda planned, cease: len(planned.plan.groups) == 1)
    found.detail.items["PlacementRank"] = "3"
    return [found.detail]


@defect("N20D")
def ranks_inconsistent(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Name an establishment of rank 2 and none of rank 1."""
    found = ceased(made, lambda planned, cease: len(planned.plan.groups) == 1)
    found.detail.items["PlacementRank"] = "2"
    return [found.plan]


@defect("N21")
def indicator_missing(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Leave an indicator out."""
    found = ceased(made, lambda planned, cease: names_school(planned))
    found.detail.items["SENunitIndicator"] = None
    return [found.detail]


@defect("N22")
def unit_and_resourced_provision(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Set both indicators."""
    found = ceased(made, lambda planned, cease: names_school(planned))
    found.detail.items |= {"SENunitIndicator": "1", "ResourcedProvisionIndicator": "1"}
    return [found.detail]


@defect("N23")
def unit_without_school(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Name a SEN unit of a provider without a URN."""
    return [ceased(made).use(UKPRN="19900017", SENunitIndicator="1", ResourcedProvisionIndicator="0")]


# -- age, stay, work and budget ---------------------------------------------------------------------------


@defect("N24", follows=("P06",))
def active_after_25(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Let a person with a plan in force be 25 on the last day of July before census day."""
    found = historical(made, lambda planned: names_school(planned) and "PlanWBP" not in planned.plan.items)
    found.person.items["PersonBirthDate"] = str(date(made.year - 26, 7, 31))
    return [found.plan]


@defect("N25")
def ceased_after_25(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Let a plan that ends at the maximum age end a day late."""
    found = ceased(made, lambda planned, cease: planned.plan.items.get("CeaseReason") == "1")
    return change(found, CeaseDate=str(date(made.year - 1, 8, 1)))


@defect("N26")
def residential_invalid(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Use an invalid residential code."""
    return change(ceased(made), PlanRes="C")


@defect("N27")
def work_based_learning_code(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Use a work-based learning code that is not in the list."""
    ref = spec.census_day(made.year)
    found = ceased(made, lambda planned, cease: planned.age_on(ref) >= 16 and "URN" in planned.detail.items)
    return change(found, PlanWBP="X")


@defect("N28")
def work_based_learning_unusual(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Name work-based learning for a child."""
    ref = spec.census_day(made.year)
    return change(historical(made, lambda planned: planned.age_on(ref) < 16), PlanWBP="S")


@defect("N29")
def personal_budget_missing(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Leave out the personal budget of an active plan."""
    return change(historical(made, lambda planned: planned.plan.items.get("PB") == "0"), PB=None)


@defect("N29Q")
def personal_budget_missing_ceased(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Leave out the personal budget of a plan that ceased."""
    return change(ceased(made, lambda planned, cease: planned.plan.items.get("PB") == "0"), PB=None)


@defect("N30")
def budget_detail_without_budget(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Give organised arrangements without a personal budget."""
    return change(ceased(made), PB="0", OA="1", DP=None)


@defect("N31")
def budget_without_detail(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Give a personal budget without how it is delivered."""
    return change(ceased(made), PB="1", OA="0", DP=None)


@defect("N32")
def direct_payment_code(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Use a direct payment code that is not in the list."""
    return change(ceased(made), PB="1", OA="0", DP="X")


# -- the plan's end ---------------------------------------------------------------------------------------


def has_placements(planned: PlanCase) -> bool:
    """Whether there is an ActivePlans group for the plan."""
    return planned.request.get("ActivePlans") is not None


def ceased_and_refused(
    made: SampleReturn, fits: Callable[[PlanCase], bool] = lambda planned: True
) -> tuple[PlanCase, XmlGroup]:
    """Find a suitable plan that ceased, and add a new request for its person: received the next day and refused."""
    last = date(made.year - 1, 12, 15)
    found = ceased(made, lambda planned, cease: cease <= last and planned.age_on(last) < 24 and fits(planned))
    assert found.cease is not None
    items = {
        "ReceivedDate": str(found.cease + DAY),
        "RequestSource": "1" if made.year >= 2025 else None,
        "RYA": "0",
        "RequestOutcomeDate": str(found.cease + 21 * DAY),
        "RequestOutcome": "N",
        "RequestMediation": "0",
        "RequestTribunal": "0",
    }
    found.person.groups.append(XmlGroup("Requests", items))
    return found, found.person.groups[-1]


@defect("N33")
def cease_reason_missing(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Leave out why a plan ceased."""
    return change(ceased(made), CeaseReason=None)


@defect("N34")
def cease_date_after_census_day(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Let a plan cease on the day after census day."""
    ref = spec.census_day(made.year)
    return change(historical(made, lambda planned: planned.age_on(ref) < 24), CeaseDate=str(ref + DAY), CeaseReason="2")


@defect("N35")
def ceased_before_year(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Add an old plan to an active one: it ceased on the day on which the active one started."""
    found = historical(made, lambda planned: planned.born + 800 * DAY < planned.start)
    old = deepcopy(found.request)
    assessment = old.get("Assessment")
    plan = assessment.get("NamedPlan") if assessment else None
    assert plan is not None
    old.items.pop("ReceivedDate", None)
    old.groups = [group for group in old.groups if group.name != "ActivePlans"]
    begun = max(found.start - 365 * DAY, found.born + 400 * DAY, min(date(2014, 9, 1), found.start))
    plan.items |= {"StartDate": str(begun), "CeaseDate": str(found.start), "CeaseReason": "2"}
    found.request.items.pop("ReceivedDate", None)
    found.person.groups.insert(0, old)
    return [plan]


@defect("N36")
def cease_reason_invalid(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Use an invalid cease reason."""
    return change(ceased(made), CeaseReason="10")


@defect("N37")
def cease_reason_other(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Let a plan cease for another reason."""
    return change(ceased(made), CeaseReason="9")


@defect("N38")
def not_at_maximum_age(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Let the plan of a child end because of the maximum age."""
    return change(ceased(made, lambda planned, cease: planned.age_on(cease) < 19), CeaseReason="1")


@defect("N39")
def cease_reason_unusual_at_age(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Let the plan of a child end because of paid employment."""
    return change(ceased(made, lambda planned, cease: planned.age_on(cease) < 16), CeaseReason="4")


@defect("N40")
def activity_after_death(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Let a request arrive for somebody whose plan ended because of death."""
    found, _ = ceased_and_refused(made)
    return change(found, CeaseReason="8")


# -- plans beside each other, and what is attended ----------------------------------------------------------


def attends_what_is_named(planned: PlanCase) -> bool:
    """Whether the person has been at the establishment named and nowhere else."""
    active = planned.request.get("ActivePlans")
    placements = active.all("PlacementDetail") if active else []
    named = [detail.items.get("URN") for detail in planned.plan.all("PlanDetail")]
    return None not in named and named == [placement.items.get("URN") for placement in placements]


def twins(made: SampleReturn, found: PlanCase) -> list[XmlGroup]:
    """Give a person a copy of a request with its plan and placements, with any review recent.

    Returns both plans.
    """
    twin = deepcopy(found.request)
    twin.items.pop("ReceivedDate", None)
    active = twin.all("ActivePlans")[0]
    active.items.clear()
    if found.cease is None:
        reviewed = str(spec.census_day(made.year) - 7 * DAY)
        active.items["LastReview"] = reviewed
        if made.year >= 2024:
            active.items |= {"ReviewMeeting": reviewed, "ReviewOutcome": "M"}
        if made.year >= 2025:
            active.items["PhaseTransferDueDate"] = str(date(made.year, 3, 31))
    found.person.groups.append(twin)
    return [group for request in (found.request, twin) for group in request.walk() if group.name == "NamedPlan"]


@defect("N41")
def two_active_plans(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Give a person a plan in force twice."""
    return twins(made, historical(made, lambda planned: has_placements(planned) and attends_what_is_named(planned)))


@defect("N42")
def plans_overlap(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Give a person a plan that ceased twice."""
    return twins(made, ceased(made, lambda planned, cease: has_placements(planned)))


@defect("N43")
def placement_module_missing(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Remove the ActivePlans group of a plan that ceased in the year."""
    found = ceased(made, lambda planned, cease: len(planned.person.all("Requests")) == 1)
    found.request.groups = [group for group in found.request.groups if group.name != "ActivePlans"]
    return [found.plan]


@defect("N43Q", follows=("M01",))
def placement_module_elsewhere(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Move the ActivePlans group of a plan that ceased to a request that was refused."""
    found, refused = ceased_and_refused(made, has_placements)
    active = found.request.all("ActivePlans")[0]
    found.request.groups.remove(active)
    refused.groups.append(active)
    return [found.plan]


@defect("N44")
def residential_differs(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Name a residential setting for somebody who attends none."""
    return change(historical(made, lambda planned: "PlanRes" not in planned.plan.items), PlanRes="A")


@defect("N45")
def attends_elsewhere(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Name a school that the person does not attend."""
    found = historical(made, names_school)
    active = found.request.get("ActivePlans")
    attended = {placement.items.get("URN") for placement in active.all("PlacementDetail")} if active else set()
    elsewhere = (planned.detail.items["URN"] for planned in plans(made) if names_school(planned))
    found.detail.items["URN"] = next(urn for urn in elsewhere if urn not in attended)
    return [found.detail]
