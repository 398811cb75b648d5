"""Suspensions and permanent exclusions of the people in a return, from school censuses. Draws nothing."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis.cohort_charts import Drawn
from sen2dash.analysis.linked_cards import (
    Card,
    Rows,
    academic_year,
    bars,
    card_chart,
    labels_of,
    largest_first,
    n_people,
    of_cohort,
    people,
    total,
    where,
)
from sen2dash.analysis.panels import Labels, People
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text
from sen2dash.indicators.suppression import Hidden, Shown, share_shown
from sen2dash.linked.census import CensusFigures

OTHER_CODE = "other"
EXCLUDED: Labels = {"suspended": "Suspended at least once", "permanent": "Permanently excluded"}
EVENT: Labels = {"SUSP": "Suspension", "LNCH": "Lunchtime suspension", "PERM": "Permanent exclusion"}
EVENTS: Labels = {"False": "Suspensions", "True": "Permanent exclusions"}
EVENT_COLUMNS: Labels = {
    "First day": "startdate",
    "What": "what",
    "Sessions": "sessions",
    "Reasons": "reason",
    "School": "laestab",
}
TO_CHECK: Labels = {
    "odd": "Suspension of no or over 90 sessions",
    "provisional": "Provisional: in the latest census only",
}


def exclusion_years(census: CensusFigures) -> dict[int, str]:
    """The academic years with a base or an event, the newest first."""
    return {row["academic_year"]: academic_year(row["academic_year"]) for row in reversed(census.exclusions)}


def exclusion_cards(report: Report, selection: Selection, census: CensusFigures, year: int) -> list[Card]:
    """Children suspended and excluded, reasons, and events to check."""
    base = of_cohort(report, selection, where(census.exclusion_base_of, "academic_year", year))
    events = of_cohort(report, selection, where(census.exclusion_list, "academic_year", year))
    is_permanent = pc.equal(events["category"], "PERM")
    both = {"suspended": events.filter(pc.invert(is_permanent)), "permanent": events.filter(is_permanent)}
    when = academic_year(year)
    return [
        _excluded(report, selection, base, both, when),
        _event_reasons(report, selection, both, when),
        _events_to_check(report, selection, events, when),
    ]


def _rate(part: Shown, whole: Shown) -> str:
    """A number of events for each 100 children."""
    share = share_shown(part, whole)
    return count_text(share) if isinstance(share, Hidden) else f"{(share or 0) * 100:.1f}"


def _excluded(report: Report, selection: Selection, base: Rows, both: dict[str, Rows], when: str) -> Card:
    def draw(_: str, marked: str) -> Drawn:
        whole = selection.count(len(base))
        suspended, permanent = (selection.count(len(both[key])) for key in EXCLUDED)
        sessions = selection.count(total(both["suspended"], "sessions"))
        days = count_text(sessions) if isinstance(sessions, Hidden) else f"{sessions / 2:,.1f}"
        notes = [
            f"Suspensions: {count_text(suspended)}, {_rate(suspended, whole)} for each 100 children. Sessions lost: "
            f"{count_text(sessions)}, which are {days} days.",
            f"Permanent exclusions: {count_text(permanent)}, {_rate(permanent, whole)} for each 100 children.",
        ]
        return card_chart(
            "Suspensions and exclusions",
            f"Suspensions and permanent exclusions in {when}",
            "of people matched with a census of that year",
            bars(EXCLUDED, {key: n_people(each) for key, each in both.items()}, len(base), selection),
            (len(base), "person in a census of that year", "people in a census of that year"),
            selection,
            marked,
            notes,
        )

    def find(_: str, key: str) -> People:
        return _event_people(report, selection, f"{EXCLUDED[key]}, {when}", both[key])

    return Card("excluded", draw, find)


def _event_people(report: Report, selection: Selection, title: str, events: Rows) -> People:
    names = labels_of("exclusion_reason")
    reasons = ["; ".join(names.get(code, code) for code in codes or ()) for codes in events["reasons"].to_pylist()]
    what = [EVENT.get(each, each) for each in events["category"].to_pylist()]
    rows = events.append_column("reason", pa.array(reasons, pa.string())).append_column(
        "what", pa.array(what, pa.string())
    )
    return people(report, selection, title, rows, EVENT_COLUMNS, is_short=True)


def _event_reasons(report: Report, selection: Selection, both: dict[str, Rows], when: str) -> Card:
    names = labels_of("exclusion_reason")

    def events_of(choice: str) -> Rows:
        return both["permanent" if choice == "True" else "suspended"]

    def draw(choice: str, marked: str) -> Drawn:
        events = events_of(choice)
        found = Counter(code for codes in events["reasons"].to_pylist() for code in codes or ())
        found[OTHER_CODE] = sum(number for code, number in found.items() if code not in names)
        labels = {**names, OTHER_CODE: "Codes that are not in the list"}
        what = EVENTS[choice].lower()
        return card_chart(
            "Reasons",
            f"Reasons for {what} in {when}",
            f"of {what}",
            largest_first(bars(labels, found, len(events), selection)),
            (len(events), what.removesuffix("s"), what),
            selection,
            marked,
            ["One event can have three reasons, so the shares add up to more than 100%."],
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
            f"{EVENTS[choice]}, {names.get(key, 'codes that are not in the list')}, {when}",
            events.filter(has),
        )

    return Card("event_reasons", draw, find, EVENTS)


def _events_to_check(report: Report, selection: Selection, events: Rows, when: str) -> Card:
    found = {"odd": events.filter(events["is_odd"]), "provisional": events.filter(events["is_provisional"])}

    def draw(_: str, marked: str) -> Drawn:
        return card_chart(
            "Events to check",
            f"Suspensions and exclusions to check in {when}",
            "of suspensions and permanent exclusions",
            bars(TO_CHECK, {key: len(each) for key, each in found.items()}, len(events), selection),
            (len(events), "event", "events"),
            selection,
            marked,
        )

    def find(_: str, key: str) -> People:
        return _event_people(report, selection, f"{TO_CHECK[key]}, {when}", found[key])

    return Card("events", draw, find, is_only_if_any=True)
