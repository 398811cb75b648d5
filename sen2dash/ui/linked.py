"""Linked files on the page: who is matched, and charts in two columns of what the files say of the people.

A view whose file was not added says which file it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import (
    linked_absence,
    linked_attainment,
    linked_attainment_rows,
    linked_base,
    linked_exclusions,
    linked_inspections,
    linked_match,
)
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.linked.census import CensusFigures
from sen2dash.linked.loaded_files import STAGES
from sen2dash.linked.matching import LinkedFigures
from sen2dash.output import export
from sen2dash.text import long_date
from sen2dash.ui import figures, linked_published, near_matches, pieces
from sen2dash.ui.linked_cards import Cards, alternating
from sen2dash.web import access
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn

View = Callable[[LoadedReturn, Selection, LinkedFigures | None], None]


def choose_view() -> str:
    """What to show."""
    return st.segmented_control(
        "Show",
        list(VIEWS),
        default=next(iter(VIEWS)),
        key="linked_view",
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )


def _needs(what: str, files: str) -> None:
    """Say which file a view needs."""
    st.info(f"**No {what} is added.** This needs {files}.", icon=":material/upload_file:")
    st.page_link(ui.page("upload"), label="Add it on Your return, under Link other files")


def _needs_census(found: LinkedFigures | None) -> CensusFigures | None:
    """The school census; None, with what it takes, if there is none."""
    if found is None or found.census is None:
        _needs("school census", "the CSV tables of the collection system, or the XML of schools")
        return None
    return found.census


def _choose_year(years: Mapping[int, str], key: str) -> int:
    """An academic year of those that are loaded, the newest first."""
    return st.segmented_control(
        "Academic year",
        list(years),
        default=next(iter(years)),
        format_func=lambda year: years[year],
        key=key,
        required=True,
        persist_state="session",
    )


# -- views ------------------------------------------------------------------------------------------------


def _match(entry: LoadedReturn, selection: Selection, found: LinkedFigures | None) -> None:
    census = _needs_census(found)
    if census is None:
        return
    report = entry.report
    _say_base(entry, selection, census)
    cards = Cards(report, selection)
    cards.columns(
        [
            linked_match.unmatched(report, selection, census),
            linked_match.disagreements(report, selection, census),
        ],
        [
            linked_match.characteristic(report, selection, census, ("census_match",)),
            linked_match.years(report, selection, census),
        ],
    )
    if not selection.is_sharing and access.person().may(Right.CHILD):
        pieces.download(
            "All disagreements (CSV)",
            partial(_disagreements_csv, report, selection, census, ui.names_hidden()),
            export.file_name(report.collection, "disagreements with the census", "csv"),
            "text/csv",
            "linked_disagreements_csv",
        )
        near_matches.section(entry, selection, census)
    cards.show_people()


@access.only(Right.CHILD)
def _disagreements_csv(report: Report, selection: Selection, census: CensusFigures, hide: bool) -> bytes:
    """Every disagreement between the two returns. hide: without names and dates of birth."""
    found = linked_match.all_disagreements(report, selection, census)
    columns = {**figures.FIRST, **found.extra, **figures.LAST}
    return figures.people_csv(found.rows, columns, found.title, selection.text, hide)


def _say_base(entry: LoadedReturn, selection: Selection, census: CensusFigures) -> None:
    """Which schools are in the files, and how many near matches count as matched."""
    schools = linked_match.schools_text(entry.report, census)
    n_accepted = len(linked_base.accepted(entry.report, selection, census))
    accepted = f" Near matches that you accepted: {n_accepted:,}." if n_accepted and not selection.is_sharing else ""
    st.markdown(ui.plain(f"{schools}{accepted}"))


def _characteristics(entry: LoadedReturn, selection: Selection, found: LinkedFigures | None) -> None:
    census = _needs_census(found)
    if census is None:
        return
    report = entry.report
    st.markdown(
        f"From the spring census of the return year, or the autumn census before it. NC years are those of "
        f"{long_date(report.collection.august_31)}. You can filter by each of these, on the left under School census."
    )
    sentences = (
        linked_base.days_text(census, *linked_base.describing(report)),
        linked_base.described_text(report, selection, census),
        linked_base.accepted_text(report, selection, census, census.people.filter(census.people["is_described"])),
    )
    st.caption(ui.plain(" ".join(filter(None, sentences))))
    cards = Cards(report, selection)
    left, right = (
        [linked_match.characteristic(report, selection, census, names) for names in by.values()]
        for by in (linked_match.CHARACTERISTICS_LEFT, linked_match.CHARACTERISTICS_RIGHT)
    )
    cards.columns(left, right)
    cards.show_people()


def _absence(entry: LoadedReturn, selection: Selection, found: LinkedFigures | None) -> None:
    census = _needs_census(found)
    if census is None:
        return
    years = linked_absence.absence_years(census)
    if not years:
        st.info("**The files hold no attendance.** Add the tables of sessions, or XML.", icon=":material/info:")
        return
    year = _choose_year(years, "linked_absence_year")
    st.markdown(linked_absence.periods_text(census, year))
    if words := linked_absence.not_collected(entry.report, selection, census, year):
        st.info(words, icon=":material/info:")
        return
    st.caption(ui.plain(linked_absence.absence_base(entry.report, selection, census, year)))
    cards = Cards(entry.report, selection)
    left, right = alternating(linked_absence.absence_cards(entry.report, selection, census, year))
    found_published = linked_absence.absence_beside(entry.report, selection, census, year)
    first, *others = right
    cards.columns(left, [first, partial(linked_published.show, entry.report, "absence", found_published), *others])
    cards.show_people()


def _exclusions(entry: LoadedReturn, selection: Selection, found: LinkedFigures | None) -> None:
    census = _needs_census(found)
    if census is None:
        return
    if not census.has_exclusions:
        st.info(
            "**The files hold no suspensions or exclusions.** Add the tables of exclusions, or XML.",
            icon=":material/info:",
        )
        return
    years = linked_exclusions.exclusion_years(census)
    if not years:
        st.info("**None of these people is in a school census that counts.**", icon=":material/info:")
        return
    year = _choose_year(years, "linked_exclusion_year")
    st.markdown(f"Each is counted once, by the day it began. {linked_exclusions.terms_text(census, year)}")
    st.caption(ui.plain(linked_exclusions.exclusion_base(entry.report, selection, census, year)))
    cards = Cards(entry.report, selection)
    left, right = alternating(linked_exclusions.exclusion_cards(entry.report, selection, census, year))
    found_published = linked_exclusions.exclusions_beside(entry.report, selection, census, year)
    first, *others = left
    cards.columns([first, partial(linked_published.show, entry.report, "exclusions", found_published), *others], right)
    cards.show_people()


def _attainment(entry: LoadedReturn, selection: Selection, found: LinkedFigures | None) -> None:
    if found is None or found.attainment is None:
        _needs("prior attainment", "CSV files from Get information about pupils, or common transfer files")
        return
    report = entry.report
    # For sharing, the choices do not say which stages and NC years the filters leave.
    whose = Selection() if selection.is_sharing else selection
    offered = linked_attainment_rows.expected(report, whose, found, found.attainment)
    stages = [stage for stage in STAGES if stage in set(offered["stage"].to_pylist())]
    if not stages:
        st.info("**No result is expected of these people by their NC year.**", icon=":material/info:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage = st.selectbox(
            "Stage",
            stages,
            index=len(stages) - 1,
            format_func=lambda each: STAGES[each],
            key="linked_stage",
            persist_state="session",
            width=320,
        )
        labels = linked_attainment_rows.nc_years(offered, stage)
        years = st.multiselect(
            "NC year",
            list(labels),
            format_func=lambda each: labels[each],
            key=f"linked_years_{stage}",
            placeholder="All of this stage",
            persist_state="session",
            width=420,
        )
    files = ui.plain(linked_attainment_rows.files_text(found.attainment, stage))
    st.caption(
        f"{STAGES[stage]}: {files}. {linked_attainment_rows.dates_text(report, found)} "
        "Results match on UPN, date of birth and sex; no near match counts."
    )
    cards = Cards(report, selection)
    cards.columns(*alternating(linked_attainment.cards(report, selection, found, found.attainment, stage, years)))
    cards.show_people()


def _inspections(entry: LoadedReturn, selection: Selection, found: LinkedFigures | None) -> None:
    if found is None or found.inspections is None:
        _needs("file of inspection outcomes", "CSV files of Ofsted's management information")
        return
    if found.inspections.not_given:
        st.info(
            f"**Not given: {ui.plain(found.inspections.not_given)}.** Inspection outcomes need them, and are missing "
            "here, not 0.",
            icon=":material/info:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(ui.plain(linked_inspections.sources_text(found.inspections)))
        with_predecessors = st.toggle(
            "Include results from before a school took its present form",
            value=True,
            key="linked_predecessors",
            persist_state="session",
        )
    report = entry.report
    rows = linked_inspections.base(report, selection, found.inspections, with_predecessors)
    if warnings := linked_inspections.warnings(report, selection, found.inspections, rows):
        st.warning(ui.plain(" ".join(warnings)), icon=":material/warning:")
    cards = Cards(report, selection)
    cards.columns(*alternating(linked_inspections.cards(report, selection, found.inspections, rows)))
    cards.show_people()


#: The function that draws each choice of the page.
VIEWS: Mapping[str, View] = {
    "Match": _match,
    "School census": _characteristics,
    "Absence": _absence,
    "Suspensions": _exclusions,
    "Attainment": _attainment,
    "Inspections": _inspections,
}
