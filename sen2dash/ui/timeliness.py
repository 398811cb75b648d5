"""The views of the page on timeliness: by month, by weeks taken, by group, who was late, and what is still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from sen2dash import reference, ui
from sen2dash.analysis import comparators, open_cases, panels, sixteen_weeks, timeliness
from sen2dash.analysis.panels import People
from sen2dash.analysis.timeliness import GROUPS, LABELS, MONTHS
from sen2dash.charts.bars import bar_chart
from sen2dash.charts.histogram import histogram
from sen2dash.charts.levels import level_chart
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.ui import pieces, twenty_weeks, weeks
from sen2dash.ui.chart_people import show_people
from sen2dash.ui.figures import people_list, show_chart
from sen2dash.ui.headlines import WEEKS_INDICATORS
from sen2dash.web.session_data import LoadedReturn

#: Columns of a list of decisions, after the names: heading to column.
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
    "Days left": "days_to_limit",
    "Awaited": "awaited",
    "Limit": "due_date",
    "Received": "received_date",
    "Exception": "exception",
}
OPEN_VIEW, EVERY_BAND = "open", "all"


def show(entry: LoadedReturn, selection: Selection) -> None:
    """What to look at and under which limit, and that view, which starts with its chart or its list."""
    report = entry.report
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "Show",
            list(VIEWS),
            default="months",
            format_func=lambda key: VIEWS[key],
            key="timeliness_view",
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
        name = next(iter(LABELS))
        if view != OPEN_VIEW:
            name = st.segmented_control(
                "Limit",
                list(LABELS),
                default=name,
                format_func=lambda each: LABELS[each],
                key="timeliness_limit",
                required=True,
                label_visibility="collapsed",
                persist_state="session",
            )
    if view == OPEN_VIEW:
        open_ones(report, selection)
        return
    problem = Figures(report, selection).results[name].reason
    if problem is not None:
        pieces.say_not_counted(problem)
        return
    _headline(report, selection, name, view)
    DRAWN[view](report, selection, name)
    if name in WEEKS_INDICATORS:
        twenty_weeks.choose_reading(entry, selection, WEEKS_INDICATORS, "timeliness")
    if view == "weeks":
        weeks.show(report, selection)


def _headline(report: Report, selection: Selection, name: str, view: str) -> None:
    """The indicator with its number, what is published, and the other definition if there is one."""
    st.header(
        ui.plain(f"{timeliness.title_of(name)}: {timeliness.overall(report, name, selection).text}"), anchor=False
    )
    if before := timeliness.earlier_text(report, name, selection):
        st.markdown(ui.plain(before))
    # The chart by month has a line for each of them.
    if view != "months" and (beside := timeliness.published_text(report, name)):
        st.markdown(ui.plain(beside + comparators.of_everyone(selection)))
    if name == sixteen_weeks.INDICATOR:
        st.markdown(ui.plain(sixteen_weeks.sentence(report, selection)))


def with_team(report: Report, columns: Mapping[str, str]) -> dict[str, str]:
    """The columns of a list, then need and setting and, if the officer loaded a list of teams, the team."""
    team = {report.teams.label: "team"} if report.teams is not None else {}
    return {**columns, "Need": "need", "Setting": "setting", **team}


def by_month(report: Report, selection: Selection, name: str) -> None:
    """The share in each month, and the people of the chosen month."""
    rows = timeliness.months(report, name, selection)
    whole = timeliness.overall(report, name, selection)
    title = f"By month of {report.collection.year - 1}"
    unit = f"{timeliness.base_of(name)} By the month of the decision.{timeliness.few_note(rows)}"
    alt_text = timeliness.summary(rows, whole, f"{timeliness.title_of(name)}, by month")
    levels = timeliness.levels(report, name)
    unit += comparators.of_everyone(selection) if levels else ""
    chart = level_chart(title, unit, "Month", rows, levels, alt_text)
    month = show_chart(
        report, selection, replace(chart, about=timeliness.title_of(name)), "timeliness_month", "Show the people of"
    )

    def of_month(key: str) -> People:
        found = timeliness.in_month(report, name, selection.cohort, int(key))
        title = f"{timeliness.title_of(name)}: decided in {MONTHS[int(key) - 1]}"
        return People(title, found, with_team(report, DECIDED))

    show_people(report, selection, month, "timeliness_month", of_month, name)


def by_weeks(report: Report, selection: Selection, name: str) -> None:
    """How long decisions took, with the limits marked."""
    bins, n_undated = timeliness.weeks(report, name, selection)
    unit = (
        "Number of decisions by weeks from the date received. Each column covers two weeks; the last has no "
        "upper limit. Orange columns are past the limit of the indicator."
    )
    chart = histogram(
        "Weeks taken",
        unit,
        "Weeks taken",
        bins,
        timeliness.limit_lines(name),
        "Weeks from the date received",
        f"{timeliness.title_of(name)}: {timeliness.overall(report, name, selection).text}.",
    )
    picked = show_chart(
        report, selection, replace(chart, about=timeliness.title_of(name)), "timeliness_weeks", "Show the people of"
    )
    if n_undated and not selection.is_sharing:
        st.caption(f"{ui.counted(n_undated, 'case')} not drawn, because the date received is not recorded.")

    def of_bin(key: str) -> People:
        found = timeliness.in_weeks(report, name, selection.cohort, key)
        label = next(each.label for each in bins if each.key == key)
        return People(f"{timeliness.title_of(name)}: {label}", found, with_team(report, DECIDED))

    show_people(report, selection, picked, "timeliness_weeks", of_bin, name)


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
    title = f"By {label.lower()}"
    unit = f"{timeliness.base_of(name)} The mark is everyone shown.{timeliness.few_note(rows)}"
    whole = timeliness.overall(report, name, selection)
    alt_text = timeliness.summary(rows, whole, f"{timeliness.title_of(name)}, by {label.lower()}")
    chart = bar_chart(title, unit, label, rows, alt_text=alt_text)
    key = show_chart(
        report,
        selection,
        replace(chart, about=timeliness.title_of(name)),
        f"timeliness_by_{by}",
        "Show the people with",
    )

    def of_category(part: str) -> People:
        found = timeliness.in_category(report, name, selection.cohort, by, part)
        title = f"{timeliness.title_of(name)}: {known[by].category(part).label}"
        return People(title, found, with_team(report, DECIDED))

    show_people(report, selection, key, f"timeliness_by_{by}", of_category, name)


def late_ones(report: Report, selection: Selection, name: str) -> None:
    """Everyone past the limit: first those without a date received if they count as late, then the longest."""
    found = timeliness.late(report, name, selection.cohort)
    st.caption(timeliness.about_late(report, name))
    title = f"{timeliness.title_of(name)}: past the limit"
    columns = with_team(report, DECIDED)
    people_list(report, found, f"timeliness_late_{name}", f"{name} late", selection, title, columns)


def open_ones(report: Report, selection: Selection) -> None:
    """What was still open on census day: those longest past their limit first, in bands of days left."""
    cases = open_cases.listed(report, selection.cohort)
    bands = {key: len(open_cases.in_band(cases, key)) for key in open_cases.BANDS}
    labels = {key: band.label for key, band in open_cases.BANDS.items()}
    about = (
        "A decision to assess is due 6 weeks after the request, and the final plan 20 weeks after it. These lists use "
        "those two limits. A decision not to issue a plan is due within 16 weeks."
    )
    st.header("Open on census day", anchor=False)
    if selection.is_sharing:
        rows = panels.parts(labels, bands, selection.threshold)
        words = f"{about} Lists of people are left out while figures are for sharing."
        chart = bar_chart("Days left on census day", words, "Days left", rows)
        show_chart(report, selection, chart, "timeliness_bands")
        return
    if n_undated := open_cases.n_undated(report, selection.cohort):
        have = "has" if n_undated == 1 else "have"
        about += f" {ui.number(n_undated)} more {have} no date received, so no limit can be worked out."
    st.caption(ui.plain(about))
    labels, bands = {EVERY_BAND: "All", **labels}, {EVERY_BAND: len(cases), **bands}
    shown = {key: f"{label} ({ui.number(bands[key])})" for key, label in labels.items()}
    chosen = st.segmented_control(
        "Days left",
        list(labels),
        default=EVERY_BAND,
        format_func=lambda key: shown[key],
        key="timeliness_band",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    found = cases if chosen == EVERY_BAND else open_cases.in_band(cases, chosen)
    people_list(
        report,
        found,
        f"timeliness_open_{chosen}",
        f"open cases {chosen}",
        selection,
        labels[chosen] if chosen != EVERY_BAND else "All that are open",
        with_team(report, OPEN),
    )


#: What the page can show, with the label of each, and the functions of those that have a limit.
VIEWS: Mapping[str, str] = {
    "months": "By month",
    "weeks": "By weeks taken",
    "groups": "By group",
    "late": "Late cases",
    OPEN_VIEW: "Open on census day",
}
DRAWN: Mapping[str, Callable[[Report, Selection, str], None]] = {
    "months": by_month,
    "weeks": by_weeks,
    "groups": by_group,
    "late": late_ones,
}
