"""Suspensions and permanent exclusions of the people in a return, from school censuses. Draws nothing."""

from __future__ import annotations

from collections import Counter, defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis.cohort_charts import DrawnChart
from sen2dash.analysis.linked_base import accepted_text, census_people, days_text, school_names
from sen2dash.analysis.linked_cards import (
    Card,
    Rows,
    academic_year,
    bars,
    card_chart,
    count_of,
    labels_of,
    largest_first,
    n_people,
    of_cohort,
    shares_of,
    total,
    where,
    without_few,
)
from sen2dash.analysis.linked_published import Beside, beside
from sen2dash.analysis.panels import Labels, People
from sen2dash.charts.bars import Bar
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text
from sen2dash.indicators.suppression import Hidden, Shown, is_empty, share_shown
from sen2dash.linked.census import CensusFigures
from sen2dash.reference.pupils import TERMS

OTHER_CODE = "other"
EXCLUDED: Labels = {"suspended": "Suspended at least once", "permanent": "Permanently excluded"}
EVENT: Labels = {"SUSP": "Suspension", "LNCH": "Lunchtime suspension", "PERM": "Permanent exclusion"}
EVENTS: Labels = {"False": "Suspensions", "True": "Permanent exclusions"}
EVENT_COLUMNS: Labels = {
    "First day": "startdate",
    "What": "what",
    "Sessions": "sessions",
    "Reasons": "reason",
    "School": "school",
}
TO_CHECK: Labels = {
    "odd": "Suspension: sessions not stated or over 90",
    "provisional": "Provisional: in the latest census only",
    "differ": "Sessions differ between rows: the latest counts",
}


def exclusion_years(census: CensusFigures) -> dict[int, str]:
    """The academic years with a base or an event, the newest first."""
    return {row["academic_year"]: academic_year(row["academic_year"]) for row in reversed(census.exclusions.years)}


def terms_loaded(census: CensusFigures, year: int) -> tuple[str, ...]:
    """The terms of an academic year that the censuses have. Each has the two before it."""
    return tuple(row["term"] for row in census.exclusions.terms if row["academic_year"] == year)


def terms_text(census: CensusFigures, year: int) -> str:
    """What of an academic year is loaded, in sentences."""
    found, when = terms_loaded(census, year), academic_year(year)
    if found == TERMS:
        return f"All three terms of {when} are loaded."
    has = f"the censuses have {' and '.join(found)}, but not" if found else "the censuses do not have"
    missing = " or ".join(each for each in TERMS if each not in found)
    return (
        f"Part of {when}: {has} {missing}, so rates are not of a whole year. Each census has the two terms before it: "
        "a year is whole with its summer census and the autumn or spring census after that."
    )


def exclusion_cards(report: Report, selection: Selection, census: CensusFigures, year: int) -> list[Card]:
    """Children suspended and excluded, reasons, and events to check."""
    base, events = _base_and_events(report, selection, census, year)
    both = _by_category(events)
    when = academic_year(year)
    return [
        _excluded(report, selection, census, base, both, when),
        _event_reasons(report, selection, census, both, when),
        _events_to_check(report, selection, census, events, when),
    ]


def exclusion_base(report: Report, selection: Selection, census: CensusFigures, year: int) -> str:
    """The census days of the files, which all can have events of an academic year, and accepted near matches."""
    base, events = _base_and_events(report, selection, census, year)
    rows = pa.concat_tables([base.select(["person_id"]), events.select(["person_id"])])
    return " ".join(filter(None, (days_text(census), accepted_text(report, selection, census, rows))))


def _base_and_events(report: Report, selection: Selection, census: CensusFigures, year: int) -> tuple[Rows, Rows]:
    """One row per person of the base of an academic year, and one row per event in it."""
    return (
        of_cohort(report, selection, where(census.exclusions.base_of, "academic_year", year)),
        of_cohort(report, selection, where(census.exclusions.events, "academic_year", year)),
    )


def _by_category(events: Rows) -> dict[str, Rows]:
    is_permanent = pc.equal(events["category"], "PERM")
    return {"suspended": events.filter(pc.invert(is_permanent)), "permanent": events.filter(is_permanent)}


def exclusions_beside(report: Report, selection: Selection, census: CensusFigures, year: int) -> Beside | None:
    """Our rates beside those published for pupils with a plan; None if no file of them was added."""
    base, events = _base_and_events(report, selection, census, year)
    both = _by_category(events)
    whole = selection.count(len(base))
    shares = shares_of(("suspended",), _excluded_bars(selection, len(base), both), len(base), selection)
    rates = {
        name: _per_100(count_of(selection, len(both[key]), n_people(both[key])), whole)
        for name, key in (("suspensions", "suspended"), ("permanent", "permanent"))
    }
    return beside(
        report,
        "exclusions",
        year,
        terms_loaded(census, year),
        {**shares, **{key: each for key, each in rates.items() if each}},
    )


def _per_100(part: Shown, whole: Shown) -> str:
    """A number of events for each 100 children; empty without a base."""
    share = share_shown(part, whole)
    if share is None:
        return ""
    return count_text(share) if isinstance(share, Hidden) else f"{share * 100:.2f}"


def _rate(part: Shown, whole: Shown) -> str:
    """A number of events for each 100 children, after a comma; without a base, there is none."""
    rate = _per_100(part, whole)
    return f", {rate} for each 100 children" if rate else ""


def _notes(selection: Selection, n_base: int, both: dict[str, Rows]) -> list[str]:
    """How many events there are, and sessions lost. For sharing, hidden where they are of few children."""
    whole = selection.count(n_base)
    of = {key: n_people(each) for key, each in both.items()}
    suspended, permanent = (count_of(selection, len(both[key]), of[key]) for key in EXCLUDED)
    lost = both["suspended"].filter(pc.greater(both["suspended"]["sessions"], 0))
    sessions = count_of(selection, total(lost, "sessions"), n_people(lost))
    days = count_text(sessions) if isinstance(sessions, Hidden) else f"{sessions / 2:,.1f}"
    notes = [
        f"Suspensions: {count_text(suspended)}{_rate(suspended, whole)}. Sessions lost: {count_text(sessions)} "
        f"({days} days).",
        f"Permanent exclusions: {count_text(permanent)}{_rate(permanent, whole)}.",
    ]
    if n_base == 0:
        children = {key: count_text(selection.count(each)) for key, each in of.items()}
        notes.append(
            "Nobody is in a census of that year, so there is no base for rates. Children suspended: "
            f"{children['suspended']}; permanently excluded: {children['permanent']}."
        )
    return notes


def _outside(selection: Selection, base: Rows, both: dict[str, Rows]) -> list[str]:
    """How many children with an event are not in the base, so that shares and rates can be over 100%. None if few."""
    who = pc.unique(pa.concat_tables([each.select(["person_id"]) for each in both.values()])["person_id"])
    number = int(pc.sum(pc.invert(pc.is_in(who, base["person_id"]))).as_py() or 0)
    if not len(base) or is_empty(number, selection.threshold):
        return []
    verb = "is" if number == 1 else "are"
    return [
        f"{count_text(selection.count(number))} of the children suspended or excluded {verb} not in a census of that "
        "year, so shares and rates can be over 100%."
    ]


def _excluded_bars(selection: Selection, n_base: int, both: dict[str, Rows]) -> tuple[Bar, ...]:
    return bars(EXCLUDED, {key: n_people(each) for key, each in both.items()}, n_base, selection)


def _excluded(
    report: Report, selection: Selection, census: CensusFigures, base: Rows, both: dict[str, Rows], when: str
) -> Card:
    def draw(_: str, marked: str) -> DrawnChart:
        return card_chart(
            "Suspensions and exclusions",
            f"Suspensions and permanent exclusions in {when}",
            "of people matched with a census of that year",
            _excluded_bars(selection, len(base), both),
            (len(base), "person in a census of that year", "people in a census of that year"),
            selection,
            marked,
            [*_notes(selection, len(base), both), *_outside(selection, base, both)],
        )

    def find(_: str, key: str) -> People:
        return _event_people(report, selection, census, f"{EXCLUDED[key]}, {when}", both[key])

    return Card("excluded", draw, find)


def _event_people(report: Report, selection: Selection, census: CensusFigures, title: str, events: Rows) -> People:
    names = labels_of("exclusion_reason")
    reasons = ["; ".join(names.get(code, code) for code in codes or ()) for codes in events["reasons"].to_pylist()]
    what = [EVENT.get(each, each) for each in events["category"].to_pylist()]
    known = school_names(report, census)
    schools = [known.get(each, each) for each in events["laestab"].to_pylist()]
    rows = events.append_column("reason", pa.array(reasons, pa.string())).append_column(
        "what", pa.array(what, pa.string())
    )
    rows = rows.append_column("school", pa.array(schools, pa.string()))
    return census_people(report, selection, census, title, rows, EVENT_COLUMNS, is_short=True)


def _event_reasons(
    report: Report, selection: Selection, census: CensusFigures, both: dict[str, Rows], when: str
) -> Card:
    names = labels_of("exclusion_reason")

    def events_of(choice: str) -> Rows:
        return both["permanent" if choice == "True" else "suspended"]

    def draw(choice: str, marked: str) -> DrawnChart:
        events = events_of(choice)
        found = Counter[str]()
        who: dict[str, set[int]] = defaultdict(set)
        for event in events.select(["person_id", "reasons"]).to_pylist():
            # An event with two codes that are not in the list is one event.
            for key in {code if code in names else OTHER_CODE for code in event["reasons"] or ()}:
                found[key] += 1
                who[key].add(event["person_id"])
        labels = {**names, OTHER_CODE: "Codes that are not in the list"}
        what = EVENTS[choice].lower()
        return card_chart(
            "Reasons",
            f"Reasons for {what} in {when}",
            f"of {what}",
            largest_first(bars(labels, found, len(events), selection, without_few(selection, who))),
            (len(events), what.removesuffix("s"), what),
            selection,
            marked,
            ["One event can have three reasons, so the shares can add up to more than 100%."],
            n_people(events),
        )

    def find(choice: str, key: str) -> People:
        events = events_of(choice)
        wanted = {key} if key in names else None
        has = pa.array(
            [
                any(code in wanted if wanted else code not in names for code in codes or ())
                for codes in events["reasons"].to_pylist()
            ],
            pa.bool_(),
        )
        return _event_people(
            report,
            selection,
            census,
            f"{EVENTS[choice]}, {names.get(key, 'codes that are not in the list')}, {when}",
            events.filter(has),
        )

    return Card("event_reasons", draw, find, EVENTS)


def _events_to_check(report: Report, selection: Selection, census: CensusFigures, events: Rows, when: str) -> Card:
    found = {"odd": events.filter(events["is_odd"]), "provisional": events.filter(events["is_provisional"])}
    found["differ"] = events.filter(events["are_sessions_different"])

    def draw(_: str, marked: str) -> DrawnChart:
        # Not for sharing: the number of both together would say how many there are of a kind that is hidden.
        numbers = {} if selection.is_sharing else {key: len(each) for key, each in found.items()}
        return card_chart(
            "Events to check",
            f"Suspensions and exclusions to check in {when}",
            "of suspensions and permanent exclusions",
            bars(TO_CHECK, numbers, len(events), selection),
            (len(events), "event", "events"),
            selection,
            marked,
            children=n_people(events),
        )

    def find(_: str, key: str) -> People:
        return _event_people(report, selection, census, f"{TO_CHECK[key]}, {when}", found[key])

    return Card("events", draw, find, is_only_if_any=True)
