"""The page "Since last time": what happened to the findings, who has changed, indicators, and how far returns agree."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import changes
from sen2dash.analysis.changes import ReturnChanges
from sen2dash.checks.report import Report
from sen2dash.errors import UserError
from sen2dash.model import Progress
from sen2dash.output import comparison_lists, comparison_words, export
from sen2dash.reading.source import SourceText
from sen2dash.text import uk_date
from sen2dash.ui import pieces
from sen2dash.ui.changes_views import RULE
from sen2dash.web import access, audit_events
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn, PreviousVersion

#: Whether a link on the start page was clicked.
ASKED = "changes_asked"


class EarlierSource(NamedTuple):
    """A return to compare with. time: when it was loaded, for a previous version of this return; otherwise empty."""

    source: SourceText
    time: str


def earlier_ones(entry: LoadedReturn) -> dict[str, EarlierSource]:
    """The returns that this one can be compared with, by name: its previous version, the one that was added, and a kept
    one that was chosen.
    """
    inputs, found = entry.inputs, {}
    if inputs.before is not None:
        when = inputs.before.taken_at
        is_today = when.date() == inputs.settings.clock().date()
        time = f"{when:%H:%M}" if is_today else f"{uk_date(when)}, {when:%H:%M}"
        found[f"the version of {time} ({inputs.before.name})"] = EarlierSource(inputs.before.source, time)
    if inputs.previous is not None:
        found[f"the earlier return {inputs.previous_name}"] = EarlierSource(inputs.previous, "")
    if inputs.kept is not None:
        found[kept_name(inputs.kept)] = EarlierSource(inputs.kept.source, "")
    return found


def kept_name(kept: PreviousVersion) -> str:
    """What a kept return is called in the choice of returns to compare with."""
    return f"the kept return {kept.name}"


@access.only(Right.CHILD)
def choose_or_stop(entry: LoadedReturn) -> ReturnChanges:
    """The comparison with the chosen earlier return; if there is none, say how to get one and stop."""
    found = earlier_ones(entry)
    if not found:
        with st.container(border=True):
            st.markdown(
                "**There is nothing to compare with yet.** Load the next version of the return, or add an earlier one."
            )
            st.page_link(ui.page("upload"), label="Add an earlier return")
        st.stop()
    name = next(iter(found))
    if len(found) > 1:
        name = st.segmented_control(
            "Compare with",
            list(found),
            default=name,
            format_func=ui.plain,
            key="changes_with",
            required=True,
            persist_state="session",
        )
    else:
        st.caption(f"Compared with {ui.plain(name)}.")
    return since(entry, found[name])


def since(entry: LoadedReturn, earlier: EarlierSource) -> ReturnChanges:
    """The comparison with an earlier return, made on first use."""
    inputs, held = entry.inputs, entry.since
    if held is None or held.settings != inputs.settings or held.source is not earlier.source:
        bar = st.progress(0.0, text="Checking the earlier return")

        def move(progress: Progress) -> None:
            bar.progress(min(progress.fraction, 1.0), text="Checking the earlier return")

        try:
            if inputs.kept is None or inputs.kept.source is not earlier.source:
                # A comparison with a kept return is noted where it is asked for.
                audit_events.note_compared(entry.report, earlier.source)
            held = changes.look_back(entry.report, earlier.source, inputs.settings, inputs.establishments, move)
            entry.keep_since(held)
        finally:
            bar.empty()
    return held


def latest(entry: LoadedReturn) -> tuple[EarlierSource, ReturnChanges] | None:
    """The comparison that is already there or else with the first earlier return; None if there is no such return."""
    found, held = list(earlier_ones(entry).values()), entry.since
    made = [each for each in found if held is not None and held.source is each.source]
    return next(((each, since(entry, each)) for each in made or found), None)


@access.only(Right.CHILD)
def summary_on_start(entry: LoadedReturn) -> None:
    """One sentence on the start page on what has changed since the previous version, with a link for each part."""
    earlier = next((each for each in earlier_ones(entry).values() if each.time), None)
    if earlier is None:
        return
    try:
        found = since(entry, earlier)
    except UserError as error:
        # The return itself is checked; only the comparison is missing.
        ui.show_user_error(error, about=f"Comparing with the version of {earlier.time}")
        return
    n, people = found.n_by_fate, found.compared.people
    title, before, after = changes.within_20_weeks(found, entry.report)
    with st.container(border=True, key="since"):
        st.markdown(f"**Since the version of {earlier.time}**{_serial(found)}:")
        with st.container(horizontal=True):
            for fate, label in (("cleared", "cleared"), ("new", "new"), ("still", "still there")):
                words = f"{ui.counted(n[fate], 'finding')} {label}"
                st.button(words, key=f"since_{fate}", on_click=partial(_show, view="findings", fate=fate))
            changed = people.changed + people.added + people.gone
            words = f"{ui.counted(changed, 'person', 'people')} changed, added or gone"
            st.button(words, key="since_people", on_click=partial(_show, view="people"))
            share = f"still {after}" if before == after else f"{before} to {after}"
            st.button(f"{title} {share}", key="since_figures", on_click=partial(_show, view="figures"))
        for words in comparison_words.not_compared(found.compared):
            st.caption(ui.plain(words))
    if st.session_state.pop(ASKED, False):
        st.switch_page(ui.page("changes"))


def _serial(found: ReturnChanges) -> str:
    """The serial number of the earlier version, in brackets."""
    return f" (serial number {ui.plain(found.serial_before)})" if found.serial_before else ""


def _show(view: str, fate: str | None = None) -> None:
    """Open one view of the page on what has changed."""
    for key in ("changes_severity", "changes_fate", RULE):
        st.session_state.pop(key, None)
    st.session_state.update({"changes_view": view, ASKED: True} | ({"changes_fate": fate} if fate else {}))


@access.only(Right.CHILD)
def summary(entry: LoadedReturn, since: ReturnChanges) -> None:
    """The numbers of the page in one row, after a note on what could not be run on either return."""
    figures = comparison_words.IndicatorPairs(since.indicators_before, changes.indicators_after(entry.report))
    for words in comparison_words.could_not_run(since.compared, figures):
        st.error(f"{ui.plain(words)} This is a fault of the program, not of your return.", icon=":material/error:")
    for words in comparison_words.not_compared(since.compared):
        st.warning(ui.plain(words), icon=":material/warning:")
    people, findings = since.compared.people, since.n_by_fate
    numbers = {
        "Findings cleared": findings["cleared"],
        "Findings new": findings["new"],
        "Findings still there": findings["still"],
        "People changed": people.changed,
        "People added": people.added,
        "People gone": people.gone,
    }
    for column, (label, value) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(label, ui.number(value))


@access.only(Right.CHILD)
def downloads(entry: LoadedReturn, since: ReturnChanges) -> None:
    """The differences and the findings as files."""
    st.header("Downloads", anchor=False)
    with_names = pieces.choose_names("changes")
    collection = entry.report.collection
    with st.container(horizontal=True):
        for label, what, make in (
            ("Differences (CSV)", "differences", comparison_lists.csv_pieces),
            ("Findings (CSV)", "findings since last time", comparison_lists.findings_csv_pieces),
        ):
            pieces.download(
                label,
                partial(_joined, make, since, with_names),
                export.file_name(collection, what, "csv"),
                "text/csv",
                f"changes_{what}",
            )
        pieces.download(
            "Everything (Excel)",
            partial(workbook, entry.report, since, with_names),
            export.file_name(collection, "since last time", "xlsx"),
            export.XLSX,
            "changes_workbook",
        )


def _joined(make: Callable[..., Any], since: ReturnChanges, with_names: bool) -> bytes:
    return b"".join(make(since.compared, with_names))


def workbook(report: Report, since: ReturnChanges, with_names: bool) -> bytes:
    """Everything about a comparison with an earlier return as an Excel workbook. report: the later return."""
    figures = comparison_words.IndicatorPairs(since.indicators_before, changes.indicators_after(report))
    return b"".join(comparison_lists.xlsx_pieces(since.compared, figures, with_names))
