"""Defects that trip the rules of the module whole_return. Those about shares change many people, so any size works."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from sen2dash.sample.defects.activeplans import placements
from sen2dash.sample.defects.pick import pick
from sen2dash.sample.defects.registry import defect
from sen2dash.sample.tree import SampleReturn, XmlGroup


def groups_of(made: SampleReturn, name: str) -> Iterator[XmlGroup]:
    """Yield every group with this name."""
    return (group for person in made.persons for group in person.walk() if group.name == name)


@defect("T01", follows=("R17",))
def tribunal_without_mediation(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """One refusal that went straight to a tribunal."""
    request = pick(made, "N").request
    request.items |= {"RequestMediation": "0", "RequestTribunal": "1"}
    return [made.header]


@defect("T02", follows=("A26",))
def every_plan_an_exception(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Week20 yes by default, even if the plan was issued in time."""
    for assessment in groups_of(made, "Assessment"):
        if assessment.items.get("AssessmentOutcome") == "Y":
            assessment.items["Week20"] = "1"
    return [made.header]


@defect("T03", follows=("M11",))
def every_school_other(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Current schools exported as other settings, except SEN units and resourced provision."""
    for placed in placements(made):
        special = placed["SENunitIndicator"] == "1" or placed["ResourcedProvisionIndicator"] == "1"
        if not placed["CeaseDate"] and placed.placement.items.get("URN") and not special:
            placed.use(SENsetting="OTH", SENsettingOther="school")
    return [made.header]


@defect("T04")
def youth_accommodation_never_recorded(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """RYA no throughout."""
    for request in groups_of(made, "Requests"):
        if request.items.get("RYA"):
            request.items["RYA"] = "0"
    return [made.header]


@defect("T10")
def no_medical_officer(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """No designated medical officer in post."""
    source = made.header.get("Source")
    if source is None:
        raise LookupError("the header has no Source")
    source.items["DMO"] = "N"
    return [made.header]


@defect("T11")
def many_without_number(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """One person in twenty without UPN and ULN, with a reason that fits any age."""
    for person in made.persons[::20]:
        person.items |= {"UPN": None, "UniqueLearnerNumber": None, "UPNunknown": "UN3"}
    return [made.header]


@defect("T12", follows=("A29", "R02"))
def no_received_dates(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """ReceivedDate left out of the extract for everyone with a plan."""
    for request in groups_of(made, "Requests"):
        if any(group.name == "NamedPlan" for group in request.walk()):
            request.items["ReceivedDate"] = None
    return [made.header]


@defect("T13", follows=("M29",))
def needs_in_words(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Types of need in the words of the case system."""
    for need in groups_of(made, "SENneed"):
        need.items["SENtype"] = f"{need.items['SENtype']} need"
    return [made.header]


@defect("T14", follows=("M45",))
def no_phase_transfers(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """PhaseTransferDueDate left out of the extract."""
    for active in groups_of(made, "ActivePlans"):
        active.items["PhaseTransferDueDate"] = None
    return [made.header]


@defect("T15", follows=("R13",))
def requests_without_a_source(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """RequestSource left out of the extract."""
    for request in groups_of(made, "Requests"):
        request.items["RequestSource"] = None
    return [made.header]


@defect("T16", follows=("H21", "P34"))
def cease_dates_day_first(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Every CeaseDate with the day first, so that none is a date."""
    for plan in groups_of(made, "NamedPlan"):
        if plan.items.get("CeaseDate"):
            plan.items["CeaseDate"] = "/".join(reversed(str(plan.items["CeaseDate"]).split("-")))
    return [made.header]
