"""The views of the page on timeliness: by month, by weeks taken, by group, who was late, and what is still open."""

from __future__ import annotations

import streamlit as st

from sen2dash import reference, ui
from sen2dash.analysis import headlines, open_cases, timeliness
from sen2dash.analysis.timeliness import GROUPS, LIMITS, MONTHS
from sen2dash.charts.bars import bar_chart, column_chart
from sen2dash.charts.histogram import histogram
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.ui.figures import people_list, show_chart
from sen2dash.ui.headlines import open_indicator, show_card

DECIDED = {
    "Weeks": "weeks",
    "Days": "days",
    "Days over": "days_over",
    "Received": "received_date",
    "Decided": "decision_date",
    "Exception": "exception",
    "Mediation or tribunal": "challenged",
}
OPEN = {
    "Awaited": "awaited",
    "Days left": "days_left",
    "Days over": "days_over",
    "Days elapsed": "days_elapsed",
    "Received": "received_date",
    "Limit": "due_date",
    "Exception": "exception",
}


def cards(report: Report, selection: Selection) -> None:
    """The six figures as cards. Their definitions and people are on the page of headline figures."""
    for names in (list(LIMITS)[:3], list(LIMITS)[3:]):
        for column, name in zip(st.columns(3), names, strict=True):
            with column:
                show_card(headlines.card(report, selection, name), "timeliness", open_indicator)


def by_month(report: Report, selection: Selection, name: str) -> None:
    """The share in each month, and the people of the chosen month."""
    rows = timeliness.months(report, name, selection)
    whole = timeliness.overall(report, name, selection)
    title = f"{timeliness.title_of(name)}, by month of {report.collection.year - 1}"
    unit = f"{timeliness.base_of(name)} By the month of the decision."
    chart = column_chart(title, unit, "Month", rows, alt_text=timeliness.summary(rows, whole, title))
    month = show_chart(report, selection, chart, "timeliness_month", "Show the people of")
    if month is not None:
        found = timeliness.in_month(report, name, selection.cohort, int(month))
        title = f"{timeliness.title_of(name)}: decided in {MONTHS[int(month) - 1]}"
        people_list(report, found, f"timeliness_month_{month}", f"{name} month {month}", selection, title, DECIDED)


def by_weeks(report: Report, selection: Selection, name: str) -> None:
    """How long decisions took, with the limits marked."""
    bins, n_undated = timeliness.weeks(report, name, selection)
    title = f"{timeliness.title_of(name)}: weeks taken"
    unit = (
        "Number of decisions by weeks from the date received, two weeks a column, the last without end. "
        "Orange columns are past the limit of the indicator."
    )
    chart = histogram(
        title,
        unit,
        "Weeks taken",
        bins,
        timeliness.limit_lines(name),
        "Weeks from the date received",
        f"{timeliness.title_of(name)}: {timeliness.overall(report, name, selection).text}.",
    )
    show_chart(report, selection, chart, "timeliness_weeks")
    if n_undated and not selection.is_sharing:
        st.caption(f"{ui.counted(n_undated, 'case')} not drawn, because the date received is not recorded.")


def by_group(report: Report, selection: Selection, name: str) -> None:
    """The indicator by one characteristic, and the people of the chosen category."""
    known = reference.characteristics()
    by = st.segmented_control(
        "By",
        list(GROUPS),
        default=GROUPS[0],
        format_func=lambda each: known[each].label,
        key="timeliness_by",
        required=True,
        persist_state="session",
    )
    rows = timeliness.by_group(report, name, by, selection)
    label = known[by].label
    title = f"{timeliness.title_of(name)}, by {label.lower()}"
    unit = f"{timeliness.base_of(name)} The mark is everyone shown."
    alt_text = timeliness.summary(rows, timeliness.overall(report, name, selection), title)
    chart = bar_chart(title, unit, label, rows, alt_text=alt_text)
    key = show_chart(report, selection, chart, f"timeliness_by_{by}", "Show the people with")
    if key is not None:
        category = known[by].category(key).label
        found = timeliness.in_category(report, name, selection.cohort, by, key)
        title = f"{timeliness.title_of(name)}: {category}"
        people_list(report, found, f"timeliness_{by}_{key}", f"{name} {by} {key}", selection, title, DECIDED)


def late_ones(report: Report, selection: Selection, name: str) -> None:
    """Everyone past the limit, longest first."""
    found = timeliness.late(report, name, selection.cohort)
    title = f"{timeliness.title_of(name)}: past the limit"
    st.markdown(
        f"The limit is {timeliness.limit_days(report, name)} days from the date received. "
        "A case without a date received counts as late and comes first."
    )
    people_list(report, found, f"timeliness_late_{name}", f"{name} late", selection, title, DECIDED)


def open_ones(report: Report, selection: Selection) -> None:
    """What was still open on census day, closest to its limit first."""
    found = open_cases.listed(report, selection.cohort)
    counts = open_cases.texts(found, selection)
    st.markdown(
        "Decisions yet to be made on census day: whether to assess, due 6 weeks after the request was received, and "
        "whether to issue a plan, due after 20 weeks. Those about to reach their limit come first, those past it last."
    )
    names = ("Still open", "Past the limit", "Due within two weeks")
    for column, label, text in zip(st.columns(3), names, counts, strict=True):
        column.metric(label, text)
    people_list(report, found, "timeliness_open", "open cases", selection, "Open on census day", OPEN)


VIEWS = {
    "months": ("By month", by_month),
    "weeks": ("By weeks taken", by_weeks),
    "groups": ("By group", by_group),
    "late": ("Late cases", late_ones),
}
