"""The trend on the page: which versions and which number, the chart or its table, and summaries made anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NoReturn

import pyarrow as pa
import streamlit as st

from sen2dash import RELEASE, spec, ui
from sen2dash.analysis import trend as analysis
from sen2dash.analysis import trend_chart
from sen2dash.analysis.trend import MAX_YEARS, Trend
from sen2dash.archive import keeping
from sen2dash.archive.audit import Event
from sen2dash.archive.kept import KeptReturn
from sen2dash.archive.opening import Archive
from sen2dash.charts.pieces import Chart
from sen2dash.checks import catalogue
from sen2dash.errors import UserError
from sen2dash.indicators.suppression import note
from sen2dash.model import Progress
from sen2dash.output import export
from sen2dash.output.numbers import with_numbers
from sen2dash.text import flat
from sen2dash.ui import filters, picture, pieces
from sen2dash.web import access, archive_session
from sen2dash.web.access import Right

FINDINGS, INDICATOR = "findings", "indicator"
SHOWN = {FINDINGS: "Errors and queries", INDICATOR: "An indicator"}
FIRST_INDICATOR = "plans_within_20_weeks"
MADE_UP = "Made-up data: no real child is shown."
#: What was recomputed, said once.
RECOMPUTED = "trend_said"
#: Seconds of a return, for the words beside the button.
SECONDS = 5


def choose_or_stop(archive: Archive) -> tuple[KeptReturn, ...]:
    """The kept returns of one authority, chosen if there are several; if there are none, say so and stop."""
    found = archive_session.returns(archive, is_thorough=False)
    if not found:
        _say_nothing()
    authorities = sorted({each.authority for each in found})
    chosen = authorities[0]
    if len(authorities) > 1:
        chosen = st.selectbox(
            "Authority", authorities, format_func=authority_name, key="trend_authority", persist_state="session"
        )
    return tuple(each for each in found if each.authority == chosen)


def _say_nothing() -> NoReturn:
    with st.container(border=True):
        if access.person().may(Right.CHILD):
            st.markdown("**No return is kept yet.** Keep each mock return and the submission to see how they develop.")
            st.page_link(ui.page("kept"), label="Go to the kept returns")
        else:
            st.markdown("**Nothing has been shared yet.** The trend appears when an officer has kept a return.")
    st.stop()


def authority_name(lea: str) -> str:
    """The name of an authority."""
    known = spec.authorities().get(lea)
    return known.name if known else f"Local authority {lea}"


def choose_sharing() -> bool:
    """Whether small numbers are protected: always for people who may not see children."""
    with st.sidebar:
        return filters.choose_sharing()


def show(archive: Archive, found: Sequence[KeptReturn], is_protected: bool) -> None:
    """The choices in one row, the chart, and what a reader has to know about it."""
    threshold = archive.settings.suppression_threshold if is_protected else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.segmented_control(
            "Show",
            list(SHOWN),
            default=FINDINGS,
            format_func=lambda key: SHOWN[key],
            key="trend_show",
            required=True,
            persist_state="session",
        )
        name = _choose_indicator() if what == INDICATOR else None
        n_years = _choose_years(found)
    shown = analysis.trend(found, archive.settings, n_years)
    if not shown.points:
        st.error(
            "**None of the kept returns can be read.** Restore the archive from a backup.", icon=":material/error:"
        )
        return
    if len(shown.points) == 1:
        st.info("**One version is kept.** A line needs two: keep the next version as well.", icon=":material/info:")
    if name is None:
        chart = trend_chart.findings_chart(shown, threshold)
    else:
        chart = trend_chart.indicator_chart(shown, name, threshold)
    _chart(archive, shown, chart, found[0].authority, threshold)
    for words in trend_chart.notes(shown, trend_chart.lines_of(shown, name)):
        st.markdown(f":material/info: {ui.plain(words)}")
    n_left_out = sum(1 for each in found if not (each.manifest and each.summary))
    if n_left_out:
        st.warning(
            f"**{ui.counted(n_left_out, 'kept return')} left out**, because it or its summary cannot be read.",
            icon=":material/warning:",
        )


def _choose_indicator() -> str:
    titles = {each.id: each.title for each in catalogue.indicators()}
    return st.selectbox(
        "Indicator",
        list(titles),
        index=list(titles).index(FIRST_INDICATOR),
        format_func=lambda key: titles[key],
        key="trend_indicator",
        persist_state="session",
        width=420,
    )


def _choose_years(found: Sequence[KeptReturn]) -> int:
    """How many of the newest return years to show, if there is a choice."""
    years = sorted({each.manifest.year for each in found if each.manifest})[-MAX_YEARS:]
    if len(years) < 2:
        return 1
    labels = {n: str(years[-1]) if n == 1 else f"{years[-n]} to {years[-1]}" for n in range(1, len(years) + 1)}
    return st.segmented_control(
        "Return years",
        list(labels),
        default=len(years),
        format_func=lambda n: labels[n],
        key=f"trend_years_{len(years)}",
        required=True,
        persist_state="session",
    )


# -- the chart ------------------------------------------------------------------------------------------------


def _chart(archive: Archive, shown: Trend, chart: Chart, lea: str, threshold: int) -> None:
    """The chart under its title, or its table."""
    rounded = note(threshold) if threshold else ""
    with st.container(key=f"trend_{picture.FIGURE}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(ui.plain(chart.title), anchor=False, width="content")
            as_table = st.toggle("Show as a table", key="trend_table", persist_state="session")
            if not as_table:
                text = _words(archive, shown, chart, lea, rounded)
                picture.draw(chart, export.name_of_file((lea, "trend", chart.title[:60]), "png"), text)
        made_up = f" {MADE_UP}" if any(point.is_made_up for point in shown.points) else ""
        st.caption(ui.plain(f"{chart.subtitle} {rounded}{made_up}"))
        if not as_table:
            st.altair_chart(chart.picture, width="stretch", theme=None, key="trend_chart", alt=chart.alt_text)
            return
        cells = list(zip(*chart.rows, strict=True))
        st.table(
            pa.table({name: [ui.plain(cell) for cell in cells[n]] for n, name in enumerate(chart.columns)}),
            hide_index=True,
            border="horizontal",
            alt=chart.alt_text,
        )
        pieces.download(
            "This table (CSV)",
            partial(_csv, archive, chart, lea, rounded),
            export.name_of_file((lea, "trend", chart.title[:60]), "csv"),
            "text/csv",
            "trend_csv",
            right=Right.VIEW,
            is_of_return=False,
        )


def _csv(archive: Archive, chart: Chart, lea: str, rounded: str) -> bytes:
    """The table as a file, which is noted before it is made."""
    archive.record(Event(action="export", what="trend.csv", rows=len(chart.rows), is_rounded=bool(rounded)), lea)
    columns, numbered = with_numbers(chart.columns, chart.rows)
    rows = [
        (*row, chart.title, f"{authority_name(lea)}. Everyone in the return. {rounded}".strip()) for row in numbered
    ]
    return export.figures_csv((*columns, "Figure", "Filters"), rows)


def _words(archive: Archive, shown: Trend, chart: Chart, lea: str, rounded: str) -> dict[str, object]:
    """What the picture says beside the chart."""
    years = sorted({point.year for point in shown.points})
    which = f"return year {years[0]}" if len(years) == 1 else f"return years {years[0]} to {years[-1]}"
    made_up = f" {MADE_UP}" if any(point.is_made_up for point in shown.points) else ""
    return {
        "title": flat(chart.title),
        "above": [each for each in (flat(chart.subtitle), rounded) if each],
        "below": [
            f"{authority_name(lea)}, {which}. Everyone in the return.",
            f"Made with {RELEASE} on {ui.day(archive.settings.clock().date())}.{made_up}",
        ],
    }


# -- summaries made anew --------------------------------------------------------------------------------------


def recompute(archive: Archive, found: Sequence[KeptReturn]) -> None:
    """Say which summaries this release would make differently, with a button for administrators that renews them."""
    if RECOMPUTED in st.session_state:
        done, failed = st.session_state.pop(RECOMPUTED)
        if done:
            st.success(f"**{ui.counted(done, 'summary', 'summaries')} made with {RELEASE}.**", icon=":material/check:")
        for error in failed:
            ui.show_user_error(error)
    stale = analysis.to_recompute(found, archive.settings)
    if not stale:
        return
    of_all = f"{ui.number(len(stale))} of {ui.counted(len(found), 'version')}"
    is_one = len(stale) == 1
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="trend_stale"):
        st.markdown(
            f"**{of_all} {'was' if is_one else 'were'} calculated with other rules or definitions** than today's."
        )
        if not access.person().may(Right.ADMIN):
            st.markdown("An administrator can recompute them here.")
        elif st.button(
            "Recompute with this release",
            key="trend_recompute",
            icon=":material/refresh:",
            width=260,
            help=f"Takes about {SECONDS * len(stale)} seconds. Stay on this page until it is done.",
        ):
            _recompute(archive, stale)


def _recompute(archive: Archive, stale: Sequence[KeptReturn]) -> NoReturn:
    """Renew the summaries one after the other. What is done stays done if somebody leaves the page."""
    if not access.person().may(Right.ADMIN):
        st.stop()
    bar = st.progress(0.0)
    done, failed = 0, []
    for place, kept in enumerate(stale):
        words = f"Return {place + 1} of {len(stale)}: {ui.plain(kept.name)}"

        def move(progress: Progress, place: int = place, words: str = words) -> None:
            part = progress.fraction * (0.5 if progress.stage == "reading" else 0.4)
            part += 0.0 if progress.stage == "reading" else 0.5
            bar.progress((place + part) / len(stale), text=words)

        try:
            keeping.recompute(archive, kept, move)
            done += 1
        except UserError as error:
            failed.append(error)
    st.session_state[RECOMPUTED] = done, failed
    st.rerun()
