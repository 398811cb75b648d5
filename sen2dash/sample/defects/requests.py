"""Defects that trip the rules of the module requests.

Outcomes: N without an assessment is a refusal, A an open request, H with H a plan of an earlier year.
"""

from __future__ import annotations

from random import Random

from sen2dash.sample.defects.pick import Case, add_request, census_day, is_decided_promptly, moved, pick, year_start
from sen2dash.sample.defects.registry import defect
from sen2dash.sample.establishments import NEIGHBOURS
from sen2dash.sample.tree import SampleReturn, XmlGroup

UNCHALLENGED = {"RYA": "0", "RequestMediation": "0", "RequestTribunal": "0"}


def _is_unchallenged(case: Case) -> bool:
    return all(case[name] == text for name, text in UNCHALLENGED.items())


def _is_of_the_year(made: SampleReturn, case: Case) -> bool:
    """Whether the request was received in the collection year."""
    return year_start(made) <= case["ReceivedDate"] < f"{made.year}"


def _reopened(made: SampleReturn, received: str) -> XmlGroup:
    """Turn a refused request into one open since a day."""
    request = pick(made, "N", where=_is_unchallenged).request
    request.items |= {"ReceivedDate": received, "RequestOutcome": "A"}
    del request.items["RequestOutcomeDate"]
    return request


@defect("R01")
def outcome_unknown(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An invalid code."""
    request = pick(made, "A").request
    request.items["RequestOutcome"] = "X"
    return [request]


@defect("R02")
def received_date_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal without its first date."""
    request = pick(made, "N").request
    del request.items["ReceivedDate"]
    return [request]


@defect("R03")
def received_date_not_given(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An open request without its date."""
    request = pick(made, "A").request
    del request.items["ReceivedDate"]
    return [request]


@defect("R04")
def received_after_census_day(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A request of the week after census day."""
    request = pick(made, "A").request
    request.items["ReceivedDate"] = census_day(made, 3)
    return [request]


@defect("R05", follows=("R36",))
def received_before_ehc_plans(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal this year of a request from 2014, which also took too long."""
    case = pick(
        made, "N", where=lambda c: c["PersonBirthDate"] < "2014" and _is_unchallenged(c) and is_decided_promptly(c)
    )
    case.request.items["ReceivedDate"] = "2014-06-02"
    return [case.request]


@defect("R06", follows=("R01",))
def outcome_date_without_outcome(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal with only its date left."""
    request = pick(made, "N", where=_is_unchallenged).request
    del request.items["RequestOutcome"]
    return [request]


@defect("R07")
def outcome_without_date(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal without its second date."""
    request = pick(made, "N", where=lambda c: c["ReceivedDate"] >= year_start(made)).request
    del request.items["RequestOutcomeDate"]
    return [request]


@defect("R08")
def outcome_date_not_expected(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An open request with the date of a decision."""
    request = pick(made, "A").request
    request.items["RequestOutcomeDate"] = request.items["ReceivedDate"]
    return [request]


@defect("R09")
def outcome_before_request(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal five days before the request."""
    case = pick(made, "N", where=lambda c: c["ReceivedDate"] >= year_start(made))
    case.request.items["RequestOutcomeDate"] = moved(case["ReceivedDate"], -5)
    return [case.request]


@defect("R10")
def outcome_after_census_day(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal in the week after census day, within 6 weeks of the request."""
    request = pick(made, "N").request
    request.items |= {"ReceivedDate": f"{made.year - 1}-12-20", "RequestOutcomeDate": census_day(made, 4)}
    return [request]


@defect("R11")
def several_open_requests(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A second open request, from December."""
    case = pick(made, "A")
    received = next(day for day in (census_day(made, -30), census_day(made, -31)) if day != case["ReceivedDate"])
    return [case.request, add_request(case, ReceivedDate=received, RequestOutcome="A")]


@defect("R12")
def source_invalid(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A source outside the list."""
    request = pick(made, "N").request
    request.items["RequestSource"] = "9"
    return [request]


@defect("R13")
def source_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal of the year that does not say who asked."""
    request = pick(made, "N", where=lambda c: _is_of_the_year(made, c)).request
    del request.items["RequestSource"]
    return [request]


@defect("R14")
def youth_accommodation_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A blank instead of a no."""
    request = pick(made, "N", where=_is_unchallenged).request
    del request.items["RYA"]
    return [request]


@defect("R15")
def youth_accommodation_at_school_age(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A yes for a young child."""
    request = pick(made, "N", where=lambda c: int(c["ReceivedDate"][:4]) - int(c["PersonBirthDate"][:4]) < 10).request
    request.items["RYA"] = "1"
    return [request]


@defect("R16")
def mediation_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A blank instead of a no."""
    request = pick(made, "N", where=_is_unchallenged).request
    del request.items["RequestMediation"]
    return [request]


@defect("R17", follows=("T01",))
def tribunal_without_mediation(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A tribunal without mediation, so the return needs a note."""
    request = pick(made, "N", where=_is_unchallenged).request
    request.items["RequestTribunal"] = "1"
    return [request]


@defect("R18")
def challenge_without_refusal(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Mediation although the authority agreed to assess."""
    request = pick(made, "Y", "A").request
    request.items["RequestMediation"] = "1"
    return [request]


@defect("R19")
def refusal_continued(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An open assessment under a refusal."""
    request = pick(made, "Y", "A").request
    request.items["RequestOutcome"] = "N"
    return [request]


@defect("R20")
def agreed_without_assessment(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The open assessment is left out."""
    request = pick(made, "Y", "A").request
    request.groups.clear()
    return [request]


@defect("R21")
def withdrawn_with_plan(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A withdrawn request that led to a plan."""
    request = pick(made, "Y", "Y").request
    request.items["RequestOutcome"] = "W"
    del request.items["RequestOutcomeDate"]
    return [request]


@defect("R22", follows=("A22",))
def historical_with_current_assessment(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A historical request with the assessment of a plan of this year, so the two modules differ too."""
    request = pick(made, "Y", "Y", lambda c: c["ReceivedDate"] < year_start(made)).request
    request.items["RequestOutcome"] = "H"
    del request.items["RequestOutcomeDate"]
    return [request]


@defect("R23")
def historical_of_this_year(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A historical request that was received in the collection year."""
    request = pick(made, "H", "H", lambda c: int(c["PersonBirthDate"][:4]) > made.year - 20).request
    request.items["ReceivedDate"] = year_start(made, 20)
    return [request]


@defect("R24")
def historical_without_plan(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A historical request without a plan, as well as an open one."""
    return [add_request(pick(made, "A"), RequestOutcome="H")]


@defect("R25", follows=("R01",))
def old_plan_not_historical(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The request of an old plan without its outcome."""
    request = pick(made, "H", "H", lambda c: c["StartDate"] < year_start(made)).request
    del request.items["RequestOutcome"]
    return [request]


@defect("R26")
def finished_before_the_year(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal of the year before, beside an open request."""
    dates = {"ReceivedDate": year_start(made, -60), "RequestOutcomeDate": year_start(made, -30)}
    return [add_request(pick(made, "A"), RequestOutcome="N", **dates, **UNCHALLENGED)]


@defect("R27")
def received_after_the_year(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal that becomes an open request of the day before census day."""
    return [_reopened(made, census_day(made, -1))]


@defect("R28")
def exported_to_nowhere(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A code that no authority has."""
    request = pick(made, "A").request
    request.items["Exported"] = "999"
    return [request]


@defect("R29")
def exported_to_itself(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A withdrawn request that moved to its own authority."""
    (source,) = made.header.all("Source")
    request = pick(made, "A").request
    request.items |= {"RequestOutcome": "W", "Exported": source.items["LEA"]}
    return [request]


@defect("R30", follows=("R31",))
def exported_with_plan(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A person with a new plan who moved, without anything withdrawn."""
    request = pick(made, "Y", "Y").request
    request.items["Exported"] = NEIGHBOURS[0]
    return [request]


@defect("R31")
def exported_but_open(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A request that moved and is still open."""
    request = pick(made, "A").request
    request.items["Exported"] = NEIGHBOURS[0]
    return [request]


@defect("R32")
def decision_overdue(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal that becomes a request that has waited for 60 days."""
    return [_reopened(made, census_day(made, -60))]


@defect("R32Q")
def open_for_more_than_a_year(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A request that has waited for 400 days."""
    request = pick(made, "A").request
    request.items["ReceivedDate"] = census_day(made, -400)
    return [request]


@defect("R33")
def duplicate_request(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A withdrawn request received on the same day as a refused one in the year."""
    case = pick(made, "N", where=lambda c: _is_of_the_year(made, c))
    return [case.request, add_request(case, ReceivedDate=case["ReceivedDate"], RequestOutcome="W")]


@defect("R34")
def request_while_plan_active(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A withdrawn request as well as an active plan of an earlier year."""

    def suits(case: Case) -> bool:
        is_young = int(case["PersonBirthDate"][:4]) > made.year - 20
        return is_young and case["StartDate"] < year_start(made) and not case["CeaseDate"]

    return [add_request(pick(made, "H", "H", suits), ReceivedDate=year_start(made, 40), RequestOutcome="W")]


@defect("R35")
def over_age_at_request(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A request on the 25th birthday of somebody who was 24 when the school year began."""
    case = pick(made, "A", where=lambda c: c["ReceivedDate"] > f"{made.year - 1}-09-01" and bool(c["UPN"]))
    received = case["ReceivedDate"]
    case.person.items["PersonBirthDate"] = f"{int(received[:4]) - 25}{received[4:]}"
    return [case.request]


@defect("R36")
def decision_took_long(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal after 60 days."""
    case = pick(made, "N", where=is_decided_promptly)
    case.request.items["ReceivedDate"] = moved(case["RequestOutcomeDate"], -60)
    return [case.request]
