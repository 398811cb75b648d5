"""Defects that trip the rules of the module assessment.

Outcomes: Y with A is an open assessment, Y with Y a plan of this year, Y with N a refusal to issue one.
"""

from __future__ import annotations

from random import Random

from sen2dash.sample.defects.pick import (
    Case,
    add_request,
    census_day,
    is_decided_promptly,
    moved,
    pick,
    pick_assessed,
    year_start,
)
from sen2dash.sample.defects.registry import defect
from sen2dash.sample.establishments import NEIGHBOURS
from sen2dash.sample.tree import SampleReturn, XmlGroup

TWENTY_WEEKS = 140
UNCHALLENGED = dict.fromkeys(("AssessmentMediation", "AssessmentTribunal", "OtherMediation", "OtherTribunal"), "0")
#: The items of a decision not to issue a plan, except its date.
REFUSAL = {"AssessmentOutcome": "N", **UNCHALLENGED, "Week20": "0"}


def _is_plain(case: Case) -> bool:
    """Whether nothing was challenged and no exception applied."""
    return case["Week20"] == "0" and all(case[name] == text for name, text in UNCHALLENGED.items())


def _is_in_time(case: Case) -> bool:
    """Whether a plan without an exception came within 20 weeks, so that A24 is silent."""
    return _is_plain(case) and case.days("ReceivedDate", "AssessmentOutcomeDate") <= TWENTY_WEEKS


def _is_waiting_in_time(made: SampleReturn, case: Case) -> bool:
    """Whether 20 weeks from the request were not yet over on the day after census day."""
    return case["ReceivedDate"] > census_day(made, 1 - TWENTY_WEEKS)


@defect("A01")
def outcome_unknown(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An invalid code."""
    _case, assessment = pick_assessed(made, "Y", "A")
    assessment.items["AssessmentOutcome"] = "X"
    return [assessment]


@defect("A02")
def refusal_date_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An open assessment becomes a refusal without its date."""
    _case, assessment = pick_assessed(made, "Y", "A")
    assessment.items |= REFUSAL
    return [assessment]


@defect("A03")
def issue_date_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan whose date of issue is only in the plan."""
    _case, assessment = pick_assessed(made, "Y", "Y")
    del assessment.items["AssessmentOutcomeDate"]
    return [assessment]


@defect("A04")
def issued_plan_not_in_return(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An open assessment becomes one that led to a plan, which is left out."""
    case, assessment = pick_assessed(made, "Y", "A")
    received = census_day(made, -100)
    case.request.items |= {"ReceivedDate": received, "RequestOutcomeDate": moved(received, 30)}
    assessment.items |= REFUSAL | {"AssessmentOutcome": "Y", "AssessmentOutcomeDate": moved(received, 90)}
    return [assessment]


@defect("A05", follows=("A01",))
def outcome_date_without_outcome(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A decision with only its date left."""
    case, assessment = pick_assessed(made, "Y", "A")
    assessment.items = {"AssessmentOutcomeDate": case["RequestOutcomeDate"]}
    return [assessment]


@defect("A06")
def outcome_date_not_expected(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An open assessment with the date of a decision."""
    case, assessment = pick_assessed(made, "Y", "A")
    assessment.items["AssessmentOutcomeDate"] = case["RequestOutcomeDate"]
    return [assessment]


@defect("A07")
def dates_out_of_order(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan is refused on the day before the authority agrees to assess."""
    case, assessment = pick_assessed(made, "Y", "A", lambda c: c["RequestOutcomeDate"] > year_start(made))
    assessment.items |= REFUSAL | {"AssessmentOutcomeDate": moved(case["RequestOutcomeDate"], -1)}
    return [assessment]


@defect("A08")
def outcome_after_census_day(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan is refused in the week after census day, within 16 weeks of the request."""
    _case, assessment = pick_assessed(made, "Y", "A", lambda c: c["ReceivedDate"] > census_day(made, -100))
    assessment.items |= REFUSAL | {"AssessmentOutcomeDate": census_day(made, 3)}
    return [assessment]


@defect("A09")
def decision_before_the_year(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal to issue a plan of the year before, beside an open request."""
    assessment = XmlGroup("Assessment", {**REFUSAL, "AssessmentOutcomeDate": year_start(made, -5)})
    dates = {"ReceivedDate": year_start(made, -100), "RequestOutcomeDate": year_start(made, -65)}
    answers = dict.fromkeys(("RYA", "RequestMediation", "RequestTribunal"), "0")
    add_request(pick(made, "A"), assessment, RequestOutcome="Y", **dates, **answers)
    return [assessment]


@defect("A10")
def several_undecided_assessments(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The same open assessment again, under a request of the day before."""
    case, first = pick_assessed(made, "Y", "A", lambda c: _is_waiting_in_time(made, c) and is_decided_promptly(c))
    second = XmlGroup("Assessment", dict(first.items))
    items = {name: text for name, text in case.request.items.items() if text}
    items |= {name: moved(items[name], -1) for name in ("ReceivedDate", "RequestOutcomeDate")}
    add_request(case, second, **items)
    return [first, second]


@defect("A11")
def exception_missing_on_plan(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A blank instead of a no."""
    _case, assessment = pick_assessed(made, "Y", "Y", _is_plain)
    del assessment.items["Week20"]
    return [assessment]


@defect("A11Q")
def exception_missing_on_refusal(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A blank instead of a no."""
    _case, assessment = pick_assessed(made, "Y", "N", lambda c: c["Week20"] == "0")
    del assessment.items["Week20"]
    return [assessment]


@defect("A12")
def mediation_missing(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A blank instead of a no."""
    _case, assessment = pick_assessed(made, "Y", "Y", _is_plain)
    del assessment.items["OtherMediation"]
    return [assessment]


@defect("A13", follows=("T01",))
def tribunal_without_mediation(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A refusal within 16 weeks that went to tribunal without mediation, so the return needs a note."""
    case, assessment = pick_assessed(made, "Y", "A")
    decided = min(moved(case["ReceivedDate"], 100), census_day(made))
    assessment.items |= REFUSAL | {"AssessmentOutcomeDate": decided, "AssessmentTribunal": "1"}
    return [assessment]


@defect("A14", follows=("T01",))
def other_tribunal_without_mediation(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A tribunal on the content of the plan without mediation, so the return needs a note."""
    _case, assessment = pick_assessed(made, "Y", "Y", _is_plain)
    assessment.items["OtherTribunal"] = "1"
    return [assessment]


@defect("A15")
def challenge_without_refusal(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """Mediation although a plan was issued."""
    _case, assessment = pick_assessed(made, "Y", "Y", _is_plain)
    assessment.items["AssessmentMediation"] = "1"
    return [assessment]


@defect("A16")
def plan_after_refusal(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan that was refused within 16 weeks but is in the return."""
    case, assessment = pick_assessed(made, "Y", "Y", _is_plain)
    decided = case["AssessmentOutcomeDate"]
    case.request.items |= {"ReceivedDate": moved(decided, -100), "RequestOutcomeDate": moved(decided, -70)}
    assessment.items["AssessmentOutcome"] = "N"
    return [assessment]


@defect("A17", follows=("N05",))
def plan_under_withdrawn_assessment(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan without a decision to issue it."""
    _case, assessment = pick_assessed(made, "Y", "Y", _is_plain)
    assessment.items["AssessmentOutcome"] = "W"
    del assessment.items["AssessmentOutcomeDate"]
    return [assessment]


@defect("A18", follows=("R24",))
def historical_without_plan(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A historical request and assessment without a plan, as well as an open request."""
    assessment = XmlGroup("Assessment", {"AssessmentOutcome": "H"})
    add_request(pick(made, "A"), assessment, RequestOutcome="H")
    return [assessment]


@defect("A19")
def new_plan_historical(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan of this year is shown as one of an earlier year."""
    case, assessment = pick_assessed(made, "Y", "Y")
    for name in ("ReceivedDate", "RequestOutcomeDate"):
        del case.request.items[name]
    case.request.items["RequestOutcome"] = "H"
    assessment.items["AssessmentOutcome"] = "H"
    del assessment.items["AssessmentOutcomeDate"]
    return [assessment]


@defect("A20", follows=("A01", "A22", "N05"))
def old_plan_not_historical(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """The assessment of an old plan without its outcome."""
    _case, assessment = pick_assessed(made, "H", "H", lambda c: c["StartDate"] < year_start(made))
    del assessment.items["AssessmentOutcome"]
    return [assessment]


@defect("A21")
def transferred_plan_not_historical(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan of this year that came from another authority."""
    case, assessment = pick_assessed(made, "Y", "Y", lambda c: c.request.get("ActivePlans") is not None)
    case.request.all("ActivePlans")[0].items["TransferLA"] = NEIGHBOURS[0]
    return [assessment]


@defect("A22", follows=("A19",))
def historical_in_one_module(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan of this year with only its assessment marked historical."""
    _case, assessment = pick_assessed(made, "Y", "Y")
    assessment.items["AssessmentOutcome"] = "H"
    del assessment.items["AssessmentOutcomeDate"]
    return [assessment]


@defect("A23")
def issue_and_start_differ(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan that starts on the day after its issue."""
    case, assessment = pick_assessed(made, "Y", "Y", lambda c: _is_plain(c) and c["StartDate"] > year_start(made))
    assessment.items["AssessmentOutcomeDate"] = moved(case["StartDate"], -1)
    return [assessment]


@defect("A24")
def issued_after_20_weeks(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan 200 days after the request."""
    case, assessment = pick_assessed(made, "Y", "Y", _is_in_time)
    issued = case["AssessmentOutcomeDate"]
    case.request.items |= {"ReceivedDate": moved(issued, -200), "RequestOutcomeDate": moved(issued, -170)}
    return [assessment]


@defect("A25")
def issued_at_once(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan 27 days after the request."""
    case, assessment = pick_assessed(made, "Y", "Y", _is_plain)
    issued = case["AssessmentOutcomeDate"]
    case.request.items |= {"ReceivedDate": moved(issued, -27), "RequestOutcomeDate": moved(issued, -10)}
    return [assessment]


@defect("A26")
def exception_within_20_weeks(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An exception for a plan that came in time."""
    _case, assessment = pick_assessed(made, "Y", "Y", _is_in_time)
    assessment.items["Week20"] = "1"
    return [assessment]


@defect("A27")
def assessment_overdue(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An open assessment 200 days after the request."""
    case, assessment = pick_assessed(made, "Y", "A", lambda c: _is_waiting_in_time(made, c))
    case.request.items |= {"ReceivedDate": census_day(made, -200), "RequestOutcomeDate": census_day(made, -170)}
    return [assessment]


@defect("A27Q")
def open_for_more_than_two_years(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An open assessment 800 days after the request."""
    case, assessment = pick_assessed(made, "Y", "A")
    case.request.items |= {"ReceivedDate": census_day(made, -800), "RequestOutcomeDate": census_day(made, -770)}
    return [assessment]


@defect("A28")
def refusal_after_16_weeks(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """A plan is refused 120 days after the request."""
    case, assessment = pick_assessed(made, "Y", "A")
    case.request.items |= {"ReceivedDate": census_day(made, -125), "RequestOutcomeDate": census_day(made, -95)}
    assessment.items |= REFUSAL | {"AssessmentOutcomeDate": census_day(made, -5)}
    return [assessment]


@defect("A29", follows=("R02",))
def timeliness_unknown(made: SampleReturn, _: Random) -> list[XmlGroup]:
    """An open assessment without the date of its request, which the request itself needs."""
    case, assessment = pick_assessed(made, "Y", "A")
    del case.request.items["ReceivedDate"]
    return [assessment]
