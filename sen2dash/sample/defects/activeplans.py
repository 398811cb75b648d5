"""Defects that trip the rules of the module activeplans.

If a rule does not need an active plan, the plan of a defect has ceased. The placement is then not compared with the
establishment named in the plan, and only the rule itself finds something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from random import Random

from sen2dash.sample.defects.pick import age_on, census_day, moved, pick, year_start
from sen2dash.sample.defects.registry import defect
from sen2dash.sample.tree import SampleReturn, XmlGroup

PLACE = ("URN", "UKPRN", "SENsetting", "SENsettingOther", "SENunitIndicator", "ResourcedProvisionIndicator")
REVIEW = ("ReviewMeeting", "ReviewOutcome", "ReviewDraft", "LastReview")


@dataclass(frozen=True)
class PlacementCase:
    """A plan, its ActivePlans group and its only placement. Dates are texts, empty if there are none."""

    person: XmlGroup
    plan: XmlGroup
    active: XmlGroup
    placement: XmlGroup

    def __getitem__(self, name: str) -> str:
        """Return the text of an item of the plan, the ActivePlans group, the placement or the person; empty if none."""
        groups = (self.plan, self.active, self.placement, self.person)
        return next((text for group in groups if (text := group.items.get(name))), "")

    def use(self, **items: str) -> XmlGroup:
        """Describe the placement with only these items. Returns the placement."""
        for name in PLACE:
            self.placement.items.pop(name, None)
        self.placement.items.update(items)
        return self.placement

    def review(self, meeting: str, told: str = "", outcome: str = "") -> XmlGroup:
        """Replace the last review with this. Returns the ActivePlans group."""
        for name in REVIEW:
            self.active.items.pop(name, None)
        self.active.items |= {"ReviewMeeting": meeting, "LastReview": told, "ReviewOutcome": outcome}
        return self.active

    def age_on(self, day: str) -> int:
        """Return the person's age in completed years."""
        return age_on(date.fromisoformat(self["PersonBirthDate"]), date.fromisoformat(day))


Wanted = Callable[[PlacementCase], bool]


def placements(made: SampleReturn) -> Iterator[PlacementCase]:
    """Yield every plan with a single placement."""
    for person in made.persons:
        for request in person.all("Requests"):
            assessment, active = request.get("Assessment"), request.get("ActivePlans")
            plan = assessment.get("NamedPlan") if assessment else None
            found = active.all("PlacementDetail") if active else []
            if plan and active and len(found) == 1:
                yield PlacementCase(person, plan, active, found[0])


def first(made: SampleReturn, is_active: bool, where: Wanted = lambda _: True) -> PlacementCase:
    """Find the first such placement under an active, or ceased, plan. Raises LookupError if nobody suits."""
    for placed in placements(made):
        if (placed["CeaseDate"] == "") == is_active and placed["EntryDate"] and where(placed):
            return placed
    raise LookupError("nobody suits")


def ended(made: SampleReturn, where: Wanted = lambda _: True) -> PlacementCase:
    """Find the first placement of a ceased plan in a school or college that was not work-based."""
    return first(made, False, lambda placed: bool(placed["URN"] and not placed["WBP"]) and where(placed))


def current(made: SampleReturn, where: Wanted = lambda _: True) -> PlacementCase:
    """Find the first placement of an active plan in a school or college that is not work-based."""
    return first(
        made, True, lambda p: bool(p.placement.items.get("URN") and p.plan.groups and not p["WBP"]) and where(p)
    )


def unreviewed(made: SampleReturn) -> PlacementCase:
    """Find a plan from spring or summer of the collection year that has not been reviewed."""
    return current(
        made, lambda p: year_start(made, 60) < p["StartDate"] < year_start(made, 250) and not p["ReviewMeeting"]
    )


def reviewed(made: SampleReturn, outcome: str) -> PlacementCase:
    """Find an active plan of an earlier year whose last review, within 12 months, had this outcome."""
    return current(
        made,
        lambda p: (
            p["ReviewOutcome"] == outcome
            and p["StartDate"] < year_start(made)
            and p["ReviewMeeting"] > year_start(made, 31)
        ),
    )


def second_placement(placed: PlacementCase, **items: str) -> XmlGroup:
    """Give the person a further placement, by default a secondary one arranged by the authority."""
    further = XmlGroup("PlacementDetail", {"SENsetting": "OLA", "PlacementRank": "2", **items})
    placed.active.groups.insert(1, further)
    return further


def drop(group: XmlGroup, name: str) -> None:
    """Remove the child groups with this name."""
    group.groups[:] = [child for child in group.groups if child.name != name]


# -- the group and where the person is placed -------------------------------------------------------------


@defect("M01")
def placements_without_plan(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refused request with a placement and a need."""
    place = XmlGroup("PlacementDetail", {"SENsetting": "OPA", "PlacementRank": "1", "EntryDate": year_start(made)})
    need = XmlGroup("SENneed", {"SENtype": "MLD", "SENtypeRank": "1"})
    active = XmlGroup("ActivePlans", {}, [place, need])
    pick(made, "N").request.groups.append(active)
    return [active]


@defect("M02")
def transfer_from_nowhere(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A code that no authority has."""
    placed = next((p for p in placements(made) if p["TransferLA"]), None)
    if placed is None:
        raise LookupError("nobody moved in")
    placed.active.items["TransferLA"] = "999"
    return [placed.active]


@defect("M03")
def no_placement(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The placement left out."""
    active = ended(made).active
    drop(active, "PlacementDetail")
    return [active]


@defect("M04")
def left_before_census_day(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The only placement closed the day before."""
    placed = current(made, lambda p: p["EntryDate"] < census_day(made))
    placed.placement.items["LeavingDate"] = census_day(made, -1)
    return [placed.active]


@defect("M05")
def placement_not_identified(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Only dates and rank."""
    return [ended(made).use()]


@defect("M06")
def setting_beside_urn(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A school and a setting code."""
    placement = ended(made).placement
    placement.items["SENsetting"] = "OPA"
    return [placement]


@defect("M06I")
def ukprn_beside_urn(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Both numbers of an establishment."""
    placement = ended(made).placement
    placement.items["UKPRN"] = "10000001"
    return [placement]


@defect("M07")
def urn_too_short(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Five digits."""
    placement = ended(made).placement
    placement.items["URN"] = "12345"
    return [placement]


@defect("M07U")
def ukprn_starts_with_two(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Eight digits, the first one wrong."""
    return [ended(made).use(UKPRN="20000001")]


@defect("M08")
def setting_unknown(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An invalid code."""
    return [ended(made).use(SENsetting="XYZ")]


@defect("M09")
def too_old_for_early_years(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An early years provider at school age."""
    return [ended(made, lambda p: p.age_on(census_day(made)) >= 6).use(SENsetting="EYP")]


@defect("M10", follows=("M11",))
def other_setting_not_described(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Other without a description. The code itself is queried too."""
    return [ended(made).use(SENsetting="OTH")]


@defect("M11")
def not_in_education_for_another_reason(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A code that the DfE will ask about."""
    return [ended(made).use(SENsetting="NIEO")]


@defect("M12")
def notice_without_decision(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Under notice to cease, although the review did not decide that."""
    return [current(made, lambda p: p["ReviewOutcome"] != "C").use(SENsetting="NIEC")]


# -- rank and period --------------------------------------------------------------------------------------


@defect("M13")
def rank_three(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An invalid rank."""
    placement = ended(made).placement
    placement.items["PlacementRank"] = "3"
    return [placement]


@defect("M14")
def same_placement_twice(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """One placement recorded twice."""
    placed = ended(made, lambda p: p["EntryDate"] < p["LeavingDate"])
    twin = deepcopy(placed.placement)
    placed.active.groups.insert(1, twin)
    return [placed.placement, twin]


@defect("M15")
def second_without_first(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The only placement made the secondary one."""
    placed = current(made)
    placed.placement.items["PlacementRank"] = "2"
    return [placed.active]


@defect("M16")
def three_placements_at_once(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Leaving one place and entering the next on census day, with a secondary placement as well."""
    day = census_day(made)
    placed = current(made, lambda p: p["EntryDate"] < day)
    second_placement(placed, EntryDate=day)
    after = deepcopy(placed.placement)
    after.items["EntryDate"] = placed.placement.items["LeavingDate"] = day
    placed.active.groups.insert(2, after)
    return [placed.active]


@defect("M17")
def entry_date_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """No entry date."""
    placement = ended(made).placement
    del placement.items["EntryDate"]
    return [placement]


@defect("M18")
def enters_before_birth(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Placed a month before being born."""
    placed = ended(made)
    placed.placement.items["EntryDate"] = moved(placed["PersonBirthDate"], -30)
    return [placed.placement]


@defect("M19")
def enters_after_census_day(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A secondary placement that is planned for the week after."""
    return [second_placement(current(made), EntryDate=census_day(made, 4))]


@defect("M20")
def leaves_before_entering(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Entry the day after leaving."""
    placed = ended(made)
    placed.placement.items["EntryDate"] = moved(placed["LeavingDate"], 1)
    return [placed.placement]


@defect("M21")
def leaves_after_census_day(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The planned end of a placement."""
    placement = current(made).placement
    placement.items["LeavingDate"] = census_day(made, 30)
    return [placement]


@defect("M22")
def left_before_the_year(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A placement from past years."""
    placement = ended(made, lambda p: p["EntryDate"] < year_start(made, -1)).placement
    placement.items["LeavingDate"] = year_start(made, -1)
    return [placement]


@defect("M23")
def leaves_after_the_plan_ended(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """One day longer than the plan."""
    placed = ended(made)
    placed.placement.items["LeavingDate"] = moved(placed["CeaseDate"], 1)
    return [placed.placement]


# -- indicators, residence and work -----------------------------------------------------------------------


@defect("M24")
def unit_indicator_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A school without the SEN unit indicator."""
    placement = ended(made).placement
    del placement.items["SENunitIndicator"]
    return [placement]


@defect("M24B")
def both_indicators(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """In the SEN unit and in resourced provision."""
    placement = ended(made).placement
    placement.items |= {"SENunitIndicator": "1", "ResourcedProvisionIndicator": "1"}
    return [placement]


@defect("M24U")
def unit_without_school(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The SEN unit of a provider without a URN."""
    return [ended(made).use(UKPRN="10000001", SENunitIndicator="1")]


@defect("M25")
def residential_code_unknown(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An invalid code."""
    placement = ended(made).placement
    placement.items["RES"] = "C"
    return [placement]


@defect("M26")
def work_based_code_unknown(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An invalid code, at an age at which a valid one is possible."""
    placement = ended(made, lambda p: p.age_on(census_day(made)) >= 16).placement
    placement.items["WBP"] = "X"
    return [placement]


@defect("M26A")
def apprentice_at_school_age(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An apprenticeship under 16."""
    placement = ended(made, lambda p: p.age_on(census_day(made)) < 16).placement
    placement.items["WBP"] = "A"
    return [placement]


# -- needs ------------------------------------------------------------------------------------------------


@defect("M27")
def no_need(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The needs left out."""
    active = ended(made).active
    drop(active, "SENneed")
    return [active]


@defect("M28")
def no_primary_need(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Only a secondary need."""
    active = ended(made, lambda p: len(p.active.all("SENneed")) == 1).active
    active.all("SENneed")[0].items["SENtypeRank"] = "2"
    return [active]


@defect("M29")
def need_of_the_school_census(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """NSA is not for plans."""
    need = ended(made).active.all("SENneed")[0]
    need.items["SENtype"] = "NSA"
    return [need]


@defect("M30")
def need_without_rank(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A second need without a rank."""
    active = ended(made, lambda p: len(p.active.all("SENneed")) == 1).active
    other = "HI" if active.all("SENneed")[0].items["SENtype"] == "VI" else "VI"
    need = XmlGroup("SENneed", {"SENtype": other})
    active.groups.append(need)
    return [need]


# -- reviews ----------------------------------------------------------------------------------------------


@defect("M31")
def meeting_after_census_day(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The first meeting, planned for the day after."""
    return [unreviewed(made).review(census_day(made, 1))]


@defect("M32")
def meeting_before_the_plan(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A meeting the day before the plan started, with an immediate decision: in 2023 there is only the decision."""
    placed = unreviewed(made)
    day = moved(placed["StartDate"], -1)
    return [placed.review(day, day, "M")]


@defect("M33")
def no_review(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An older plan without its review."""
    return [reviewed(made, "M").review("")]


@defect("M34")
def review_overdue(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The last meeting more than a year ago, with a decision in time."""
    placed = reviewed(made, "M")
    meeting = census_day(made, -370)
    placed.plan.items["StartDate"] = min(placed["StartDate"], meeting)
    return [placed.review(meeting, moved(meeting, 14), "M")]


@defect("M35")
def review_outcome_unknown(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An invalid code."""
    active = reviewed(made, "M").active
    active.items["ReviewOutcome"] = "X"
    return [active]


@defect("M36")
def review_outcome_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A date of notification without the outcome."""
    active = reviewed(made, "M").active
    del active.items["ReviewOutcome"]
    return [active]


@defect("M37")
def outcome_without_meeting(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The outcome of a review without a meeting."""
    active = ended(made, lambda p: bool(p["ReviewOutcome"])).active
    del active.items["ReviewMeeting"]
    return [active]


@defect("M38")
def told_before_the_meeting(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The outcome the day before the meeting."""
    placed = reviewed(made, "M")
    placed.active.items["LastReview"] = moved(placed["ReviewMeeting"], -1)
    return [placed.active]


@defect("M39")
def told_after_census_day(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A meeting just before census day and its outcome just after."""
    return [unreviewed(made).review(census_day(made, -5), census_day(made, 1), "M")]


@defect("M40")
def told_late(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """29 days from the meeting to the outcome."""
    return [unreviewed(made).review(census_day(made, -40), census_day(made, -11), "M")]


@defect("M41")
def draft_without_amendment(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A draft plan after a decision to keep the plan as it is."""
    placed = reviewed(made, "M")
    placed.active.items["ReviewDraft"] = placed["LastReview"]
    return [placed.active]


@defect("M42")
def draft_before_the_meeting(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A draft plan the day before the meeting."""
    placed = reviewed(made, "A")
    placed.active.items["ReviewDraft"] = moved(placed["ReviewMeeting"], -1)
    return [placed.active]


@defect("M43")
def draft_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A decision to amend without the draft."""
    active = reviewed(made, "A").active
    del active.items["ReviewDraft"]
    return [active]


# -- phase transfer ---------------------------------------------------------------------------------------


@defect("M44")
def due_on_another_day(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A deadline that is not in the regulations."""
    active = ended(made).active
    active.items["PhaseTransferDueDate"] = f"{made.year}-03-01"
    return [active]


@defect("M45")
def due_date_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Year 6 or year 11 without a deadline."""
    active = current(
        made, lambda p: p.age_on(f"{made.year - 1}-08-31") in (10, 15) and bool(p["PhaseTransferDueDate"])
    ).active
    del active.items["PhaseTransferDueDate"]
    return [active]


@defect("M46")
def final_plan_before_the_year(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The final plan of an earlier phase transfer."""
    active = ended(made, lambda p: p["StartDate"] < year_start(made, -1)).active
    active.items["PhaseTransferFinalDate"] = year_start(made, -1)
    return [active]


@defect("M47")
def final_plan_before_the_plan(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An amended plan the day before the plan itself."""
    placed = unreviewed(made)
    placed.active.items["PhaseTransferFinalDate"] = moved(placed["StartDate"], -1)
    return [placed.active]


@defect("M48")
def cease_decision_not_completed(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Decided to cease 190 days ago, and still active."""
    placed = reviewed(made, "M")
    return [placed.review(census_day(made, -200), census_day(made, -190), "C")]
