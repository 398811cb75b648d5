"""The page of one indicator: its number and definition, then the people, the groups, the neighbours or the years."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sen2dash import reference, ui
from sen2dash.analysis import contributions, headlines, one_indicator, timeliness
from sen2dash.charts.pieces import Chart
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.model import Indicator
from sen2dash.ui.figures import people_list, show_chart
from sen2dash.ui.headlines import WEEKS_INDICATORS, comparison_table, show_value
from sen2dash.ui.timeliness import DECIDED
from sen2dash.ui.twenty_weeks import choose_reading
from sen2dash.web.session_data import LoadedReturn

EXTRA = {
    "Counted": "counted",
    "Age": "age",
    "Received": "received_date",
    "Request outcome": "request_outcome",
    "Outcome date": "request_outcome_date",
    "Assessment outcome": "assessment_outcome",
    "Assessment date": "assessment_outcome_date",
    "Plan start": "start_date",
    "Plan ceased": "cease_date",
    "Line": "line",
}
#: Shows the page from its top, once for each indicator that is opened. The comment makes each script another text.
TOP = "<script>/* {name} */ document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0);</script>"


def show(entry: LoadedReturn, selection: Selection, name: str) -> None:
    """One indicator from the top of the page."""
    report = entry.report
    st.html(TOP.format(name=name), unsafe_allow_javascript=True)
    card = headlines.card(report, selection, name)
    indicator = card.indicator
    st.header(indicator.title, anchor=False)
    left, right = st.columns([2, 5], gap="medium")
    with left:
        show_value(card)
        st.html(comparison_table(card))
        _definition(indicator)
        if name in WEEKS_INDICATORS and card.reason is None:
            choose_reading(entry, selection, [name], "headlines")
    if card.reason is not None or card.missing:
        return
    # What a view can be narrowed down by is beside the choice of views, so that its answer is in sight.
    with right, st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "Look at",
            list(VIEWS),
            default="people",
            format_func=lambda key: VIEWS[key][0],
            key="headlines_look",
            required=True,
            persist_state="session",
        )
        beside = st.container(width="content")
    with right:
        VIEWS[view][1](report, selection, indicator, beside)


def _definition(indicator: Indicator) -> None:
    """What is counted, and when age is taken."""
    what = "Counted" if indicator.is_count else "A share of"
    lines = [
        indicator.definition,
        f"{what}: {indicator.base}.",
        f"Age taken at: {indicator.age_label}.",
        *([f"Note: {indicator.note}"] if indicator.note else []),
    ]
    st.html("".join(f'<p class="sen2-definition">{html.escape(line)}</p>' for line in lines))


def _people(report: Report, selection: Selection, indicator: Indicator, beside: DeltaGenerator) -> None:
    """The people behind it, the late ones first. beside: where the choice of a list is."""
    parts = one_indicator.parts(report, selection, indicator)
    part = parts[0]
    if len(parts) > 1 and not selection.is_sharing:
        by_key = {each.key: each for each in parts}
        part = by_key[
            beside.segmented_control(
                "People to list",
                list(by_key),
                default=part.key,
                format_func=lambda key: by_key[key].label,
                key=f"headlines_part_{indicator.id}",
                required=True,
            )
        ]
    title = indicator.title if len(parts) == 1 or selection.is_sharing else f"{indicator.title}: {part.word.lower()}"
    rows = one_indicator.people(report, selection, indicator.id, part.key)
    extra = DECIDED if indicator.id in timeliness.LIMITS else EXTRA
    people_list(
        report,
        rows,
        f"headlines_{indicator.id}_{part.key}",
        f"{indicator.id} {part.key}",
        selection,
        title,
        extra,
    )


def _groups(report: Report, selection: Selection, indicator: Indicator, beside: DeltaGenerator) -> None:
    """The indicator by one characteristic, and what explains its gap."""
    known = reference.characteristics()
    by = beside.selectbox(
        "By",
        contributions.GROUPS,
        format_func=lambda each: known[each].label,
        key="headlines_by",
        persist_state="session",
        width=220,
    )
    explained = one_indicator.gap_text(report, selection, indicator.id, by)
    if explained:
        st.markdown(ui.plain(explained))
    show_chart(report, selection, one_indicator.groups(report, selection, indicator, by), f"headlines_groups_{by}")


def _near(report: Report, selection: Selection, indicator: Indicator, _: DeltaGenerator) -> None:
    _chart(
        report,
        selection,
        one_indicator.neighbours_chart(report, selection, indicator),
        "headlines_near",
        "your statistical neighbours",
    )


def _trend(report: Report, selection: Selection, indicator: Indicator, _: DeltaGenerator) -> None:
    """The authority's own years, and what was published for England, the region and the authority."""
    _chart(report, selection, one_indicator.trend(report, selection, indicator), "headlines_trend", "this authority")
    headings, rows = headlines.published_rows(report, indicator)
    if not rows:
        return
    st.subheader("Published", anchor=False)
    cells = zip(headings, zip(*rows, strict=True), strict=True)
    st.table(
        pa.table({heading: [ui.plain(cell) for cell in column] for heading, column in cells}),
        hide_index=True,
        border="horizontal",
        width="content",
    )
    own = headlines.own_rate(report, indicator, selection)
    if own is not None:
        st.caption(f"This return, everyone, per 10,000 residents aged 0 to 17: {own:,.1f}.")
    with st.expander("What to know before comparing"):
        st.markdown("\n".join(f"- {ui.plain(note)}" for note in headlines.notes(report, indicator)))


def _chart(report: Report, selection: Selection, chart: Chart | None, key: str, whose: str) -> None:
    """A chart of published figures, or that there are none. whose: those that it is about."""
    if chart is None:
        st.info(f"No figures of {whose} are known for this indicator.", icon=":material/info:")
    else:
        show_chart(report, selection, chart, key)


#: The views of the page, with their titles.
VIEWS: Mapping[str, tuple[str, Callable[[Report, Selection, Indicator, DeltaGenerator], None]]] = {
    "people": ("People", _people),
    "groups": ("Groups", _groups),
    "neighbours": ("Neighbours", _near),
    "trend": ("Trend", _trend),
}
