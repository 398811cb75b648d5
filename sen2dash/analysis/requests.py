"""From request to plan: how far requests got, what was decided, who asked, and what was challenged or refused.

Counts the requests received in the collection year, as the indicators do; for challenges to assessments, the
assessments completed in it. Draws on no page.
"""

from __future__ import annotations

import pyarrow as pa

from sen2dash import spec
from sen2dash.analysis import comparators, sixteen_weeks
from sen2dash.analysis.panels import (
    REQUEST_DATES,
    Panel,
    People,
    Stage,
    Topic,
    about_published,
    bars_alt_text,
    by_group,
    counts,
    first_year_note,
    labels_of,
    overlapping,
    parts,
    published_beside,
    reached,
    rows_in_categories,
    rows_of,
    rows_where_true,
    stacked,
    steps,
    with_england,
)
from sen2dash.analysis.timeliness import few_note
from sen2dash.charts.bars import bar_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.model import Cohort

COLUMNS = {
    "Received": "received_date",
    "Request outcome": "request_outcome",
    "Decided": "request_outcome_date",
    "Assessment outcome": "assessment_outcome",
    "Assessed": "assessment_outcome_date",
    "Plan started": "start_date",
    "Plan ceased": "cease_date",
}
STAGES = (
    Stage(
        "received",
        "Requests received",
        (
            ("request_N", "Ended: decided not to assess"),
            ("request_W", "Ended: withdrawn before the decision"),
            ("request_A", "Waiting for the decision to assess"),
            ("request_Y", "Agreed, no assessment recorded"),
        ),
    ),
    Stage(
        "assessed",
        "Assessment recorded",
        (
            ("assessment_N", "Ended: decided not to issue"),
            ("assessment_W", "Ended: withdrawn while assessed"),
            ("assessment_A", "Waiting for the decision to issue"),
            ("assessment_Y", "Decided to issue, no plan recorded"),
            ("assessment_none", "Assessment without an outcome"),
        ),
    ),
    Stage(
        "planned",
        "Plan recorded",
        (("plan_ceased", "Ended: ceased by census day"), ("plan_other", "Not started, or a date not readable")),
    ),
    Stage("plan_active", "Plan active on census day"),
)
OUTCOMES = {"Y": "Decided to assess", "N": "Refused", "A": "Decision awaited", "W": "Withdrawn"}
OUTCOME_INDICATORS = {
    "Y": "requests_agreed",
    "N": "requests_refused",
    "A": "requests_undecided",
    "W": "requests_withdrawn",
}
SOURCES = {**{code: spec.code_label("CS124", code) for code in "12345"}, "none": "Not recorded"}
CHALLENGES = {"mediation": "mediation only", "both": "mediation and tribunal", "tribunal": "tribunal, no mediation"}
#: Key to label, the column of the challenge, the column of what followed (None: nothing is recorded), and the column of
#: the base.
DECISIONS = {
    "assess": ("Whether to assess", "request_challenge", "after_request", "is_received"),
    "issue": ("Whether to issue", "assessment_challenge", "after_assessment", "is_completed"),
    "other": ("Other reasons", "other_challenge", None, "is_completed"),
}
RESULTS_OF_CHALLENGE = {
    "on": "Refused first, then went on",
    "stop": "Refused, not overturned",
    "other": "First decision was not a refusal",
    "unknown": "No result recorded",
}
EVENTS_AFTER_REFUSAL = {
    "mediation": "Mediation",
    "tribunal": "Tribunal",
    "on": "Assessment recorded after all",
    "again": "Another request received later",
}


def all_requests(report: Report, cohort: Cohort) -> pa.Table:
    """Every request of a cohort with its categories (the view request_step), its dates and its person."""
    return rows_of(report, "request_step", list_sql("requests"), cohort)


def received(report: Report, cohort: Cohort) -> pa.Table:
    """The requests received in the collection year, as the indicator requests_received counts them."""
    return rows_where_true(all_requests(report, cohort), "is_received")


# -- from request to plan ---------------------------------------------------------------------------------


def _draw_flow(report: Report, selection: Selection, _: str) -> Chart:
    rows = steps(STAGES, counts(received(report, selection.cohort), "ending"), selection.threshold)
    title = "How far requests got"
    unit = (
        "Number of requests, and their share of those received. Blue: reached this step. Grey: stopped or waiting "
        f"here. Refused in all: {Figures(report, selection).values['requests_refused'].text}. A refused request that "
        "was assessed after all counts here as assessed."
    )
    return bar_chart(
        title, unit, "Step", rows, alt_text=bars_alt_text(title, [row for row in rows if not row.is_faint])
    )


def _find_flow(report: Report, selection: Selection, _: str, key: str) -> People:
    rows = rows_in_categories(received(report, selection.cohort), "ending", reached(STAGES, key))
    return People(f"Requests: {labels_of(STAGES)[key]}", rows, COLUMNS)


# -- decisions and sources --------------------------------------------------------------------------------


def _draw_outcomes(report: Report, selection: Selection, _: str) -> Chart:
    found = counts(received(report, selection.cohort), "outcome")
    rows = with_england(report, parts(OUTCOMES, found, selection.threshold), OUTCOME_INDICATORS)
    unit = f"Number of requests, and their share of those received.{few_note(rows)}"
    if any(row.marks for row in rows):
        unit += comparators.of_everyone(selection)
    return bar_chart("What was decided", unit, "Outcome", rows)


def _find_outcomes(report: Report, selection: Selection, _: str, key: str) -> People:
    return People(
        f"Requests: {OUTCOMES[key]}", rows_in_categories(received(report, selection.cohort), "outcome", [key]), COLUMNS
    )


def _by_source(report: Report, selection: Selection) -> dict[str, dict[str, int]]:
    """Requests received by source and outcome."""
    found = received(report, selection.cohort)
    return {key: counts(rows_in_categories(found, "request_source", [key]), "outcome") for key in SOURCES}


def _draw_asked(report: Report, selection: Selection, _: str) -> Chart:
    table = _by_source(report, selection)
    found = {key: sum(own.values()) for key, own in table.items()}
    marks = comparators.marks(report, selection, "requests_received", "source", "england")
    rows = [bar._replace(marks=marks.by_key.get(bar.key, ())) for bar in parts(SOURCES, found, selection.threshold)]
    unit = f"Number of requests, and their share of those received.{few_note(rows)}"
    if marks.by_key:
        unit += f" Marks: published shares; not recorded is published as not known. {marks.note}"
    unit += first_year_note(report, "requests", "RequestSource")
    return bar_chart("Who asked", unit, "Source", rows)


def _find_asked(report: Report, selection: Selection, _: str, key: str) -> People:
    rows = rows_in_categories(received(report, selection.cohort), "request_source", [key])
    return People(f"Requests from: {SOURCES[key]}", rows, COLUMNS)


def _draw_sources(report: Report, selection: Selection, _: str) -> Chart:
    table = _by_source(report, selection)
    unit = "Share of the requests from each source. In brackets: their number."
    words = ("Who asked, and what was decided", unit + first_year_note(report, "requests", "RequestSource"), "Source")
    return stacked(words, SOURCES, OUTCOMES, table, selection.threshold)


def _find_sources(report: Report, selection: Selection, _: str, key: str) -> People:
    source, _, outcome = key.partition("/")
    rows = rows_in_categories(received(report, selection.cohort), "request_source", [source])
    if not outcome:
        return People(f"Requests from: {SOURCES[source]}", rows, COLUMNS)
    title = f"Requests from: {SOURCES[source]}; {OUTCOMES[outcome].lower()}"
    return People(title, rows_in_categories(rows, "outcome", [outcome]), COLUMNS)


# -- mediation and tribunal -------------------------------------------------------------------------------


def _challenged(report: Report, selection: Selection, decision: str, kind: str) -> pa.Table:
    """The requests whose decision was challenged in this way."""
    _, challenge, _, base = DECISIONS[decision]
    return rows_in_categories(rows_where_true(all_requests(report, selection.cohort), base), challenge, [kind])


def _draw_challenges(report: Report, selection: Selection, _: str) -> Chart:
    labels, table = {}, {}
    for decision, (name, _, followed, _) in DECISIONS.items():
        for kind, how in CHALLENGES.items():
            found = _challenged(report, selection, decision, kind)
            labels[f"{decision}-{kind}"] = f"{name}: {how}"
            table[f"{decision}-{kind}"] = counts(found, followed) if followed else {"unknown": len(found)}
    unit = "Share of the cases with mediation or a tribunal by what is recorded after them. In brackets: their number."
    return stacked(("What followed", unit, "Decision"), labels, RESULTS_OF_CHALLENGE, table, selection.threshold)


def _find_challenges(report: Report, selection: Selection, _: str, key: str) -> People:
    case, _, after = key.partition("/")
    decision, _, kind = case.partition("-")
    name, _, followed, _ = DECISIONS[decision]
    rows = _challenged(report, selection, decision, kind)
    title = f"{name}: {CHALLENGES[kind]}"
    if not after or followed is None:
        return People(title, rows, COLUMNS)
    return People(
        f"{title}; {RESULTS_OF_CHALLENGE[after].lower()}", rows_in_categories(rows, followed, [after]), COLUMNS
    )


# -- refusals ---------------------------------------------------------------------------------------------


def _after_refusal(report: Report, selection: Selection, key: str) -> pa.Table:
    refused = rows_in_categories(received(report, selection.cohort), "outcome", ["N"])
    if key == "again":
        return rows_where_true(refused, "is_asked_again")
    if key == "on":
        return rows_in_categories(refused, "after_request", ["on"])
    return rows_in_categories(refused, "request_challenge", ["both", key])


def _draw_refusals(report: Report, selection: Selection, _: str) -> Chart:
    whole = counts(received(report, selection.cohort), "outcome").get("N", 0)
    found = {key: len(_after_refusal(report, selection, key)) for key in EVENTS_AFTER_REFUSAL}
    rows = overlapping(EVENTS_AFTER_REFUSAL, found, whole, selection.threshold)
    unit = f"Share of the requests refused; a request can be in several bars.{few_note(rows)}"
    return bar_chart("After a refusal", unit, "What", rows)


def _find_refusals(report: Report, selection: Selection, _: str, key: str) -> People:
    return People(
        f"After a refusal: {EVENTS_AFTER_REFUSAL[key].lower()}", _after_refusal(report, selection, key), COLUMNS
    )


# -- topics -----------------------------------------------------------------------------------------------


def _of_received(report: Report) -> str:
    return f"Requests received in {report.collection.year - 1}; historical ones do not count."


def _of_challenges(report: Report) -> str:
    year = report.collection.year - 1
    return (
        f"The decision whether to assess: of requests received in {year}. Whether to issue, and other reasons such as "
        f"the content of the plan: of assessments completed in {year}.{_appeal_rate(report)}"
    )


def _appeal_rate(report: Report) -> str:
    """The newest published appeal rates as sentences, or empty if none are known. A return does not hold the rate."""
    found = [each for each in published_beside(report, "tribunal_appeals/rate") if each.percent is not None]
    if not found:
        return ""
    rates = ", ".join(f"{each.area.name} {each.percent:.1f}% in {each.period}" for each in found)
    return (
        " Appeals registered with the tribunal as a share of all decisions that can be appealed, as published from "
        f"data of the Ministry of Justice: {rates}. {about_published(found)}"
    )


TOPICS = (
    Topic("flow", "From request to plan", _of_received, (Panel("flow", _draw_flow, _find_flow),)),
    Topic(
        "decisions",
        "Decisions and sources",
        _of_received,
        (
            Panel("outcomes", _draw_outcomes, _find_outcomes),
            Panel("asked", _draw_asked, _find_asked),
            Panel("sources", _draw_sources, _find_sources),
        ),
    ),
    sixteen_weeks.TOPIC,
    Topic(
        "challenges",
        "Mediation and tribunal",
        _of_challenges,
        (Panel("challenges", _draw_challenges, _find_challenges),),
    ),
    Topic(
        "refusals",
        "Refusals",
        _of_received,
        (
            by_group("requests_refused", REQUEST_DATES, ("age_group", "need", "sex", "ethnic_group")),
            Panel("after", _draw_refusals, _find_refusals),
        ),
    ),
)
