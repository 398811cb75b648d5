"""Read and check a return for this session, the first time and again with other inputs or settings."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import earlier_years
from sen2dash.analysis.earlier_years import EarlierReturn
from sen2dash.checks.report import Report, build_report
from sen2dash.compare.marks import carry
from sen2dash.config import Settings
from sen2dash.errors import UserError
from sen2dash.indicators import rerun
from sen2dash.indicators.figures import Figures
from sen2dash.linked import loaded_files
from sen2dash.model import Progress
from sen2dash.reading import header
from sen2dash.reading.other import read as other
from sen2dash.reading.register import RegisterReading
from sen2dash.reading.source import SourceText
from sen2dash.web import access, audit_events, vault
from sen2dash.web.session_data import Inputs, LoadedReturn


@other.remembering_recognition()
def check(
    inputs: Inputs,
    data: bytes,
    keeps_marks: bool = True,
    known: Sequence[EarlierReturn] = (),
    is_noted: bool = True,
) -> None:
    """Read and check a return, showing a progress bar, and keep the report for this session. Errors: UserError.

    keeps_marks: whether findings that are still there keep the marks of the report that this one replaces.
    known: earlier returns that have just been read. is_noted: another return than before is noted in the audit.
    """
    if not inputs.is_made_up:
        check_authority(data)
    for each in (inputs.previous, inputs.older):
        if each is not None:
            check_authority(each.data())
    bar = st.progress(0.0, text="Reading the file")
    shown = -1

    def move(progress: Progress) -> None:
        nonlocal shown
        is_reading = progress.stage == "reading"
        percent = int(progress.fraction * 60) if is_reading else 60 + int(progress.fraction * 35)
        if percent == shown:
            return
        shown = percent
        if is_reading:
            text = f"Reading the file: {progress.done / 1e6:,.1f} of {progress.total / 1e6:,.1f} MB"
        else:
            text = f"Checking: rule {progress.done} of {progress.total}, {ui.plain(progress.label)}"
        bar.progress(percent / 100, text=text)

    previous = inputs.previous.data() if inputs.previous is not None else None
    with ExitStack() as undo:
        try:
            report = build_report(data, inputs.settings, move, previous=previous, establishments=inputs.establishments)
            undo.callback(report.close)
            if not inputs.is_made_up:
                # Certain only now: a file may have more than one header.
                access.check_authority(report.collection.lea)
            bar.progress(0.95, text="Calculating the indicators")
            calculate_indicators(report)
            if keeps_marks:
                _keep_marks(report, inputs)
            if inputs.linked.kinds or inputs.linked.waiting:
                bar.progress(0.98, text="Matching the linked files")
                inputs = replace(inputs, linked=_matched(report, inputs))
        finally:
            bar.empty()
        earlier = earlier_for(report, inputs, known)
        old = vault.current()
        if is_noted and (old is None or old.inputs.source is not inputs.source):
            audit_events.note_loaded(report)
        for each in (inputs.previous, inputs.older):
            if is_noted and each is not None and not _holds(old, each):
                audit_events.note_loaded_earlier(report, each)
        undo.pop_all()
    use_earlier(report, earlier)
    vault.keep(report, inputs)


def _holds(old: LoadedReturn | None, source: SourceText) -> bool:
    """Whether a return is already an earlier return of the session."""
    return old is not None and (old.inputs.previous is source or old.inputs.older is source)


def _matched(report: Report, inputs: Inputs) -> loaded_files.LoadedFiles:
    """What is held of linked files once they are matched with a return: the same one again, or its next version."""
    old = vault.current()
    if old is not None and old.inputs.source is not inputs.source:
        return loaded_files.use_next(report, inputs.linked)
    return loaded_files.use(report, inputs.linked)


def check_authority(data: bytes) -> None:
    """Refuse a return of another authority than the person's own before its people are read. Errors: NoAccess."""
    if access.person().authority:
        number = header.authority_of(data)
        if number is not None:
            access.check_authority(number)


def earlier_for(report: Report, inputs: Inputs, known: Sequence[EarlierReturn] = ()) -> tuple[EarlierReturn, ...]:
    """The earlier years for a report: those that the session has read before, and the others read now.

    known: some that belong to no report yet. Errors: UserError. After any error, those read now are closed.
    """
    current = vault.current()
    held = [*known, *(_earlier_of(current.report) if current is not None else ())]
    before = report.store.previous_collection
    is_year = before is not None and earlier_years.is_comparable(report, before.lea, before.year)
    made: list[EarlierReturn] = []
    with ExitStack() as undo:
        for source in (inputs.previous if is_year else None, inputs.older):
            if source is None:
                continue
            found = next((each for each in held if each.is_of(source, inputs.settings, inputs.establishments)), None)
            if found is None:
                try:
                    found = load_earlier(source, inputs.settings, inputs.establishments)
                except UserError as error:
                    raise type(error)(f"The earlier return: {error.title}", error.message, error.hint) from None
                undo.callback(found.close)
            made.append(found)
        undo.pop_all()
    return tuple(made)


def use_earlier(report: Report, earlier: Sequence[EarlierReturn]) -> None:
    """Put the earlier years beside a report, taking them from the session's report if they belong to that.

    Each belongs to one report, which closes it.
    """
    current = vault.current()
    old = current.report if current is not None else report
    gone = [each for each in old.earlier if not any(each is one for one in earlier)]
    # Another report is closed with what it has left as soon as this one is kept.
    earlier_years.put_beside(old, gone)
    earlier_years.put_beside(report, earlier)
    for each in gone if old is report else ():
        each.close()


def _earlier_of(report: Report) -> list[EarlierReturn]:
    return [each for each in report.earlier if isinstance(each, EarlierReturn)]


def load_earlier(source: SourceText, settings: Settings, register: RegisterReading | None) -> EarlierReturn:
    """Read an earlier return and calculate its indicators, showing a progress bar. Errors: UserError."""
    check_authority(source.data())
    bar = st.progress(0.0, text="Reading an earlier return")

    def move(progress: Progress) -> None:
        bar.progress(min(progress.fraction, 1.0), text="Reading an earlier return")

    # Removing the bar can end the run, when another page is waiting to be shown.
    with ExitStack() as undo:
        try:
            made = earlier_years.read_earlier(source, settings, register, move)
            undo.callback(made.close)
        finally:
            bar.empty()
        undo.pop_all()
    return made


def _keep_marks(report: Report, inputs: Inputs) -> None:
    """Carry the marks over from the report that this one replaces; if that fails, this one is not used."""
    old = vault.current()
    if old is None:
        return
    try:
        carry(old.report, report, is_same_file=old.inputs.source is inputs.source)
    except UserError as error:
        hint = "Save your work, clear this return, and load the new version without marks."
        raise type(error)("Your marks cannot be carried over", error.message, hint) from None


def calculate_indicators(report: Report) -> None:
    """Calculate the indicators now, so that the pages that show them open at once.

    If that fails, the return is kept without them. The pages that need them try again and say what is wrong.
    """
    try:
        _ = Figures(report).indicators
    except Exception as error:  # noqa: BLE001 - what was checked is worth more than what could not be calculated
        if not isinstance(error, UserError):
            ui.log_unexpected(error, "indicators")


def check_again(entry: LoadedReturn, known: Sequence[EarlierReturn] = (), **changes: Any) -> None:
    """Check the session's return again with other inputs (fields of Inputs). known: as for `check`."""
    inputs = replace(entry.inputs, **changes)
    check(inputs, inputs.source.data(), known=known)


def change_settings(entry: LoadedReturn, **changes: Any) -> None:
    """Change the settings of the session's report and of its earlier years; check the return again if that fails.

    Errors: UserError, after which nothing is changed.
    """
    settings = entry.inputs.settings.model_copy(update=changes)
    inputs = replace(entry.inputs, settings=settings)
    earlier = earlier_for(entry.report, inputs)
    with ExitStack() as undo:
        for each in earlier:
            if not any(each is one for one in entry.report.earlier):
                undo.callback(each.close)
        try:
            rerun.change(entry.report, settings)
        except RuntimeError:
            check_again(entry, known=earlier, settings=settings)
        else:
            entry.inputs = inputs
            use_earlier(entry.report, earlier)
        undo.pop_all()
