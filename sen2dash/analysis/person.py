"""One person's dates as a picture: requests, assessments, plans, placements and reviews, with the statutory limits.

Takes dates as the return gives them and corrects none. A period that ends before it begins is drawn between its two
dates and labelled as such. Draws on no page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sen2dash import spec
from sen2dash.charts.pieces import Chart
from sen2dash.charts.timeline import Moment, Span, timeline
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report
from sen2dash.limits import SIX_WEEKS, SIXTEEN_WEEKS
from sen2dash.text import MAX_NUMBER_LENGTH, flat, uk_date

#: The choice that shows all years, offered with the numbers of the requests.
ALL = 0
#: Days that a picture of one request shows before it was received and after its last limit or date.
BEFORE, AFTER = 14, 42
#: Years before and after the return year whose dates a picture shows: a plan ends when a person is 25, or soon after.
#: Dates outside this range can pass the rules, such as 9999-12-31, and would stretch a picture over millennia.
YEARS_BEFORE, YEARS_AFTER = 30, 5
#: Days before and after a request was received within which its picture shows decisions.
MAX_DAYS_BEFORE, MAX_DAYS_AFTER = 366, 5 * 366
#: How many dates outside a picture are listed next to it; if there are more, only their number is given.
MAX_NAMED = 5
COLUMNS = ("Date", "Until", "What", "Days since the request")


class PersonEvent(NamedTuple):
    """A day of one request or, with `until`, a period. request: its position, from 1. lane: the row of the picture.

    is_open: the period has not ended; `until` is then census day. is_backwards: it ends on `day`, before it begins.
    """

    request: int
    lane: str
    what: str
    day: date
    until: date | None = None
    is_open: bool = False
    is_backwards: bool = False


class RequestJourney(NamedTuple):
    """One request with its dates. received: None if it has no valid date."""

    request: int
    received: date | None
    decided: date | None
    issued: date | None
    not_issued: date | None
    events: tuple[PersonEvent, ...]

    @property
    def has_progress(self) -> bool:
        """Whether more is known than the date received: a decision, or that one is awaited."""
        return bool(self.decided or self.issued or self.not_issued or any(event.is_open for event in self.events[:1]))


def read_journeys(report: Report, person: int) -> tuple[RequestJourney, ...]:
    """The requests of a person in the order of the file."""
    bound = {"person": person}
    requests = report.store.rows("select * from request_journey where person_id = $person order by requests_id", bound)
    placed = report.store.rows("select * from placement where person_id = $person order by placementdetail_id", bound)
    census = report.collection.census_date
    journeys = []
    for place, row in enumerate(requests, start=1):
        own = [each for each in placed if each["requests_id"] == row["requests_id"]]
        name = "" if len(requests) == 1 else f" {place}"
        events = (
            *_decisions(place, name, row, census),
            *_placements(place, name, own, census),
            *_reviews(place, name, row),
        )
        refused = row["assessment_outcome_date"] if row["assessment_outcome"] == "N" else None
        decided = row["request_outcome_date"]
        journeys.append(RequestJourney(place, row["received_date"], decided, row["issue_date"], refused, events))
    return tuple(journeys)


def _decisions(place: int, name: str, row: dict[str, Any], census: date) -> list[PersonEvent]:
    """The request, the assessment and the plan, each as a period if both ends are known."""
    outcome = spec.code_label("CS116", row["request_outcome"]) or "no outcome"
    second = spec.code_label("CS109", row["assessment_outcome"]) or "no outcome"
    waits = row["request_outcome"] == "A", row["assessment_outcome"] == "A"
    found = [
        _period(place, f"Request{name}", outcome, row["received_date"], row["request_outcome_date"], census, waits[0])
    ]
    if row["assessment_id"] is not None:
        begun = row["request_outcome_date"] or row["received_date"]
        ended = row["assessment_outcome_date"] or row["issue_date"]
        found.append(_period(place, f"Assessment{name}", second, begun, ended, census, waits[1]))
    if row["namedplan_id"] is not None:
        lasts = row["cease_date_text"] is None
        reason = spec.code_label("CS113", row["cease_reason"]) if row["cease_reason"] else ""
        what = "plan" if lasts else f"plan ceased: {reason[:1].lower()}{reason[1:]}" if reason else "plan ceased"
        found.append(_period(place, f"Plan{name}", what, row["start_date"], row["cease_date"], census, lasts))
    return [event for event in found if event is not None]


def _placements(place: int, name: str, rows: Sequence[dict[str, Any]], census: date) -> list[PersonEvent]:
    found = []
    for number, row in enumerate(rows, start=1):
        where = next(
            (
                f"{label} {flat(row[column], MAX_NUMBER_LENGTH)}"
                for label, column in (("URN", "urn"), ("UKPRN", "ukprn"))
                if row[column]
            ),
            spec.code_label("CS110", row["sen_setting"]) or "setting not given",
        )
        rank = {"1": "primary", "2": "secondary"}.get(row["placement_rank"] or "", "no rank")
        lane = f"Placement{name}" + (f" {'abcdefghijklmnopqrstuvwxyz'[(number - 1) % 26]}" if len(rows) > 1 else "")
        lasts = row["leaving_date_text"] is None
        found.append(_period(place, lane, f"{where}, {rank}", row["entry_date"], row["leaving_date"], census, lasts))
    return [event for event in found if event is not None]


def _reviews(place: int, name: str, row: dict[str, Any]) -> list[PersonEvent]:
    """The days of the annual review and of the phase transfer."""
    outcome = spec.code_label("CS121", row["review_outcome"]) if row["review_outcome"] else ""
    days = (
        (f"Review{name}", "Review meeting", row["review_meeting"]),
        (
            f"Outcome told{name}",
            f"Outcome told: {outcome[:1].lower()}{outcome[1:]}" if outcome else "Outcome told",
            row["last_review"],
        ),
        (f"Draft sent{name}", "Letter with the draft amended plan", row["review_draft"]),
        (f"Transfer due{name}", "Phase transfer due", row["phase_transfer_due_date"]),
        (f"Transfer plan{name}", "Final plan after phase transfer", row["phase_transfer_final_date"]),
    )
    return [PersonEvent(place, lane, what, day) for lane, what, day in days if day is not None]


def _period(
    place: int, lane: str, what: str, first: date | None, last: date | None, census: date, lasts: bool
) -> PersonEvent | None:
    """A period, a single day if only one end is known, or None if neither is."""
    what = what[:1].upper() + what[1:]
    if first is None:
        return PersonEvent(place, lane, what, last) if last is not None else None
    if last is None and lasts and first <= census:
        return PersonEvent(place, lane, what, first, census, is_open=True)
    if last is not None and last < first:
        return PersonEvent(place, lane, f"{what} (ends before it begins)", last, first, is_backwards=True)
    return PersonEvent(place, lane, what, first, last)


# -- the picture --------------------------------------------------------------------------------------------


def journeys(report: Report, person: int) -> tuple[RequestJourney, ...]:
    """The same as `read_journeys`, cached."""
    return report.cache.cached(Key("journeys", str(person)), lambda: read_journeys(report, person))


def choices(found: Sequence[RequestJourney]) -> dict[int, str]:
    """What can be shown, in this order: requests that are decided or open, latest first; all years; other requests.

    The other requests have no more than a date received, such as historical ones.
    """
    label = {
        journey.request: f"Request {journey.request}, received {uk_date(journey.received)}"
        for journey in found
        if journey.received
    }
    told = [journey.request for journey in found if journey.request in label and journey.has_progress]
    untold = [request for request in label if request not in told]
    everything = {ALL: "All years"} if any(journey.events for journey in found) else {}
    return {
        **{request: label[request] for request in reversed(told)},
        **everything,
        **{request: label[request] for request in reversed(untold)},
    }


def limits(report: Report, received: date) -> tuple[tuple[date, str], ...]:
    """The statutory limits of a request: 6, 16 and 20 weeks after it was received."""
    twenty = report.store.settings.twenty_weeks_days
    days = (
        (SIX_WEEKS, "6 weeks: decide whether to assess"),
        (SIXTEEN_WEEKS, "16 weeks: decide not to issue"),
        (twenty, "20 weeks: issue the plan"),
    )
    return tuple((later(received, n), label) for n, label in days)


def later(day: date, n_days: int) -> date:
    """Move a date by this many days (negative: earlier), within the first and last day of the calendar."""
    return date.fromordinal(min(max(day.toordinal() + n_days, date.min.toordinal()), date.max.toordinal()))


def draw(report: Report, found: Sequence[RequestJourney], choice: int) -> Chart:
    """Draw one request up to a while after its last limit, or all years. choice: a key of `choices`."""
    census = report.collection.census_date
    chosen = [journey for journey in found if choice in (ALL, journey.request)]
    events = [event for journey in chosen for event in journey.events]
    lines = [(census, "Census day")]
    sensible = sensible_days(report)
    if choice == ALL:
        days = [
            day for day in (census, *(day for event in events for day, _ in points(event))) if _is_in(day, sensible)
        ]
        first, last = (min(days), max(days)) if days else sensible
        decisions = []
        title, subtitle = "All dates", "Bars are periods, diamonds are days. Choose a request to see its limits."
    else:
        received = chosen[0].received
        assert received is not None
        marks = limits(report, received)
        lines += marks
        shown = later(received, -MAX_DAYS_BEFORE), later(received, MAX_DAYS_AFTER)
        decisions = [day for day in (chosen[0].decided, chosen[0].issued, chosen[0].not_issued) if day is not None]
        decided = [day for day in decisions if _is_in(day, shown)]
        last = later(max([marks[-1][0], *decided]), AFTER)
        first = later(min([received, *decided]), -BEFORE)
        # The title contains no date of the person, because it becomes a file name.
        title = f"Progress of request {choice}"
        subtitle = (
            f"Received {uk_date(received)}. Bars are periods, diamonds are days; what lies later is cut off. "
            "Dashed lines are limits and census day."
        )
    spans = [
        Span(event.lane, max(event.day, first), min(event.until, last) if event.until else None, _text(event))
        for event in events
        if event.day <= last and (event.until or event.day) >= first
    ]
    moments = [Moment(day, label) for day, label in sorted(lines) if first <= day <= last]
    alt_text = (
        " ".join(sentence for journey in chosen for sentence in sentences(report, journey))
        or f"{title}: {len(events)} dates."
    )
    outside = [
        (day, what)
        for day, what in (*(point for event in events for point in points(event)), lines[0])
        if not _is_in(day, (first, last)) and (day in decisions or not _is_in(day, sensible))
    ]
    if outside:
        subtitle, alt_text = f"{subtitle} {_named(outside)}", f"{alt_text} {_named(outside)}"
    return timeline(title, subtitle, alt_text, spans, moments, (first, last), COLUMNS, rows(chosen))


def sensible_days(report: Report) -> tuple[date, date]:
    """The first and last day that a picture of all years can show."""
    year = report.collection.year
    return date(year - YEARS_BEFORE, 1, 1), date(year + YEARS_AFTER, 12, 31)


def _is_in(day: date, between: tuple[date, date]) -> bool:
    return between[0] <= day <= between[1]


def points(event: PersonEvent) -> tuple[tuple[date, str], ...]:
    """The days of an event that the return itself gives, each with what happened on it."""
    if event.until is None:
        return ((event.day, event.what),)
    begins, ends = (event.until, event.day) if event.is_backwards else (event.day, event.until)
    is_placement = event.lane.startswith("Placement")
    # An assessment begins on the day of the decision to assess, which its request already shows.
    start = () if event.lane.startswith("Assessment") else ((begins, f"{event.lane} begins"),)
    end = () if event.is_open else ((ends, f"{event.lane} ends" if is_placement else event.what),)
    return (*start, *end)


def _named(outside: Sequence[tuple[date, str]]) -> str:
    """A sentence on the dates that a picture does not show."""
    found = [f"{uk_date(day)}, {what}" for day, what in sorted(outside)]
    more = f"; and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
    lie = "1 date lies" if len(found) == 1 else f"{len(found)} dates lie"
    return f"{lie} outside this picture: {'; '.join(found[:MAX_NAMED])}{more}."


def _text(event: PersonEvent) -> str:
    if event.until is None:
        return f"{event.what}, {uk_date(event.day)}"
    if event.is_open:
        return f"{event.what}, from {uk_date(event.day)}, still open"
    return f"{event.what}, {uk_date(event.day)} to {uk_date(event.until)}"


def rows(found: Sequence[RequestJourney]) -> tuple[tuple[Any, ...], ...]:
    """The dates as a table in time order, with the headings `COLUMNS`."""
    made = []
    for journey in found:
        for event in journey.events:
            until = "" if event.until is None else "still open" if event.is_open else uk_date(event.until)
            end = event.day if event.until is None or event.is_open else event.until
            days = f"{(end - journey.received).days:,}" if journey.received else ""
            made.append((event.day, (f"{uk_date(event.day)}", until, f"{event.lane}: {event.what}", days)))
    return tuple(row for _, row in sorted(made, key=lambda each: each[0]))


def sentences(report: Report, journey: RequestJourney) -> list[str]:
    """Sentences on how long the decisions of a request took, compared with their limits."""
    if journey.received is None:
        return []
    found = []
    for day, what, limit in (
        (journey.decided, "decided whether to assess", SIX_WEEKS),
        (journey.not_issued, "decided not to issue a plan", SIXTEEN_WEEKS),
        (journey.issued, "issued the plan", report.store.settings.twenty_weeks_days),
    ):
        if day is not None:
            days = (day - journey.received).days
            found.append(
                f"Request {journey.request}: {what} after {days:,} days, "
                f"{'within' if days <= limit else 'past'} the limit of {limit}."
            )
    return found
