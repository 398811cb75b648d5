"""Keep the return that is open, with its marks, notes and list of teams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from sen2dash import ui
from sen2dash.archive import keeping, keeping_limits
from sen2dash.archive.keeping import KeepOptions
from sen2dash.archive.kept import (
    MAX_LABEL,
    MAX_NOTE,
    Attachment,
    KeptReturn,
    Stamp,
    Stamps,
    find,
    id_of,
    is_read_alike,
    stamps,
)
from sen2dash.archive.kinds import KIND_LABELS, KINDS
from sen2dash.archive.opening import Archive
from sen2dash.archive.parts import SavedMarks, SavedTeams
from sen2dash.checks import marks
from sen2dash.checks.report import Report, build_report
from sen2dash.compare.marks import carry
from sen2dash.config import UNITED_KINGDOM
from sen2dash.errors import BadArchive, TooLarge, UserError
from sen2dash.output.kept_form import as_kept
from sen2dash.output.return_xml import leaves_out
from sen2dash.ui import kept_list, open_archive
from sen2dash.web import access, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn


def section(archive: Archive, found: Sequence[KeptReturn]) -> None:
    """Keep the return that is open, or say that it is kept already."""
    if not access.person().may(Right.CHILD):
        if not found:
            st.info("Nothing has been shared with you yet.", icon=":material/info:")
        return
    entry = vault.current()
    if entry is None:
        st.markdown("Load a return to keep it.")
        st.page_link(ui.page("upload"), label="Choose a return")
        return
    ident = id_of(archive, entry.report.facts.sha256)
    known = next((each for each in found if each.id == ident), None)
    if known is not None and not is_read_alike(known, entry.report):
        st.header("Keep this return", anchor=False)
        st.warning(
            f"**{keeping.READ_OTHERWISE}**, as {ui.plain(known.name)}. {keeping.OTHERWISE} {keeping.OTHERWISE_HINT}",
            icon=":material/warning:",
        )
        return
    if known is None or kept_list.is_damaged(known):
        _form(archive, entry, known)
    else:
        _say_kept(archive, entry, known)


def _say_kept(archive: Archive, entry: LoadedReturn, kept: KeptReturn) -> None:
    st.header("The return that is open is kept", anchor=False)
    until = f" until {ui.day(kept.retain_until)}" if kept.retain_until else ""
    st.markdown(
        f"It is kept as **{ui.plain(kept.name)}**{until}. The same file is kept only once. "
        f"Keep your work again after you change marks or notes: now it would be kept {_work_words(entry)}."
    )
    there = _choose_replaced(archive, kept, entry)
    if st.button("Keep marks, notes and teams as they are now", key="kept_attach"):
        try:
            access.require(Right.CHILD)
            with _to_keep(entry) as (_, report):
                _keep_work(archive, kept, entry, report, there)
                work, left_out = _work_words(entry, report), _left_out(entry, report)
            open_archive.done(f"**{ui.plain(kept.name)}** is now kept {work}.{left_out}")
            st.rerun()
        except UserError as error:
            ui.show_user_error(error)


def _choose_replaced(archive: Archive, kept: KeptReturn, entry: LoadedReturn) -> Stamps:
    """What is replaced by keeping the work again. If it is not what this visit began with, somebody has to say so."""
    there, seen = stamps(archive, kept), entry.inputs.kept_work
    if there == seen:
        return seen
    if not there:
        st.warning(
            "**Somebody has deleted the marks and notes that were kept with it.** Yours are not affected.",
            icon=":material/warning:",
        )
        return there
    last = max(there.values())
    st.warning(
        f"**The kept return has marks, notes or teams that you do not have**, the latest from {_when(last)}. To use "
        "them, open the kept return again from the list. You will lose your own marks and notes.",
        icon=":material/warning:",
    )
    # Another tick for what somebody keeps after this was ticked.
    is_sure = st.checkbox("Replace them with mine", key=f"kept_replace_{last.digest[:12]}")
    return there if is_sure else seen


def _when(stamp: Stamp) -> str:
    """When something was kept, in the time of the United Kingdom."""
    try:
        time = datetime.fromisoformat(stamp.saved_at).astimezone(UNITED_KINGDOM)
    except ValueError:
        return "an unknown day"
    return f"{ui.day(time.date())} at {time:%H:%M}"


def _form(archive: Archive, entry: LoadedReturn, damaged: KeptReturn | None) -> None:
    """The form that keeps the return that is open. damaged: it is kept, and this makes it whole."""
    st.header("Keep this return", anchor=False)
    before = damaged.manifest if damaged is not None else None
    if damaged is not None:
        st.markdown(
            "This return is kept already, but it is damaged. Keep it again to repair it. Its marks, notes and teams "
            "stay, and so does everything that you do not change here."
        )
    settings, today = archive.settings, archive.settings.clock().date()
    usual = keeping_limits.usual_end(settings, entry.report.collection.census_date)
    with st.form("kept_keep"):
        name, kind, until = st.columns([3, 2, 2])
        label = name.text_input("Name in the list", max_chars=MAX_LABEL - 1, key="kept_label", placeholder="Mock 1")
        chosen = kind.selectbox(
            "Kind of return",
            KINDS,
            KINDS.index(before.kind) if before is not None else 0,
            format_func=lambda each: KIND_LABELS[each],
            key="kept_kind" if before is None else f"kept_kind_again_{before.sha256[:12]}",
        )
        ends: date | None = usual
        if damaged is not None and damaged.retain_until is not None:
            until.markdown(f"Kept until {ui.day(damaged.retain_until)}, as before.")
        elif access.person().may(Right.ADMIN):
            ends = until.date_input(
                "Keep until",
                usual,
                min_value=today + timedelta(days=1),
                max_value=keeping_limits.last_day(settings),
                format="DD/MM/YYYY",
                key="kept_until",
            )
        else:
            until.markdown(f"Kept until {ui.day(usual)}.")
        note = st.text_input("Note (without the name of a child)", max_chars=MAX_NOTE, key="kept_note")
        is_asked = st.form_submit_button("Keep this return", type="primary")
    made_up = " It is made up, so it cannot be kept with real returns of the same authority." * entry.inputs.is_made_up
    how = "exactly as it was loaded"
    if (origin := entry.report.given) is not None:
        how = f"as the SEN2 XML made from {origin.words}, with the digest of the files"
    st.caption(f"The file {ui.plain(entry.inputs.name)} is kept encrypted, {how}, {_work_words(entry)}.{made_up}")
    if (origin is not None) and (lost := leaves_out(origin)):
        st.warning("**The XML leaves something out:** " + " ".join(map(ui.plain, lost)), icon=":material/warning:")
    if is_asked:
        try:
            has_end = damaged is not None and damaged.retain_until is not None
            is_usual = has_end or (ends == usual and not ends_early(archive, entry))
            is_same = before is not None and chosen == before.kind
            wanted = KeepOptions(
                label, None if is_same else chosen, note, entry.inputs.name, None if is_usual else ends
            )
            _keep(archive, entry, wanted)
            st.rerun()
        except UserError as error:
            ui.show_user_error(error)


def ends_early(archive: Archive, entry: LoadedReturn) -> bool:
    """Whether the usual period of the return has ended, so that an end date has to be given."""
    try:
        keeping_limits.retain_until(archive.settings, entry.report.collection.census_date, None)
    except BadArchive:
        return True
    return False


def _keep(archive: Archive, entry: LoadedReturn, wanted: KeepOptions) -> None:
    """Keep the return with the work on it, and choose it in the list. Errors: BadArchive."""
    access.require(Right.CHILD)
    if wanted.retain_until is not None and not ends_early(archive, entry):
        access.require(Right.ADMIN)
    access.check_authority(entry.report.collection.lea)
    with st.spinner("Encrypting"), _to_keep(entry) as (data, report):
        ident, is_new = keeping.keep(archive, data, report, wanted, is_made_here=report is not entry.report)
        kept = find(archive, ident)
        st.session_state.get(kept_list.OPENS, {}).pop(ident, None)
        seen: Stamps = {} if is_new else entry.inputs.kept_work
        has_work = any(_work(entry, report).values()) or bool(seen)
        is_other = has_work and stamps(archive, kept) != seen
        if has_work and not is_other:
            _keep_work(archive, kept, entry, report, seen)
        work, left_out = _work_words(entry, report), _left_out(entry, report)
    until = f" until {ui.day(kept.retain_until)}" if kept.retain_until else ""
    work, left_out = (f", {work}", left_out) if is_new or (has_work and not is_other) else ("", "")
    already = "" if is_new else " It had already been kept; the same file is kept only once."
    if is_other:
        already += " **Your marks and notes are not kept yet**, because others were kept with it: see below."
    else:
        st.session_state[kept_list.NEXT] = ident
    open_archive.done(f"**{ui.plain(kept.name)}** is kept{until}{work}.{left_out}{already}")


@contextmanager
def _to_keep(entry: LoadedReturn) -> Iterator[tuple[bytes, Report]]:
    """What is kept of the return that is open, and its report with the marks: of another form, the XML made from it.

    The XML is checked as it will be when it is opened, so that the marks stay with its findings. Errors: TooLarge.
    """
    report, inputs = entry.report, entry.inputs
    data = as_kept(report)
    if data is None:
        yield inputs.source.data(), report
        return
    if len(data) > inputs.settings.upload_limit_mb * 1_000_000:
        raise TooLarge(
            "The XML made from your files is too large",
            f"It has {len(data) / 1e6:,.0f} MB; the limit is {inputs.settings.upload_limit_mb} MB. Nothing was kept.",
            "Keep the files with the command line, or ask your administrator to raise SEN2DASH_UPLOAD_LIMIT_MB.",
        )
    previous = inputs.previous.data() if inputs.previous is not None else None
    made = build_report(data, inputs.settings, previous=previous, establishments=inputs.establishments)
    try:
        carry(report, made, is_same_file=False)
        yield data, made
    finally:
        made.close()


def _work(entry: LoadedReturn, report: Report) -> dict[Attachment, Any]:
    """The work on the return that is open, as it is kept; None for what there is none of. report: as it is kept."""
    found, notes, teams = marks.all_marks(report), vault.work().notes, entry.inputs.teams
    return {
        "marks": SavedMarks.from_rows(found) if len(found) else None,
        "notes": dict(notes) or None,
        "teams": SavedTeams.from_list(teams) if teams is not None else None,
    }


def _keep_work(archive: Archive, kept: KeptReturn, entry: LoadedReturn, report: Report, seen: Stamps) -> None:
    """Keep marks, notes and teams as they are now beside a return. Errors: BadArchive if others than `seen` are there.

    What there is none of any more is deleted from the archive as well.
    """
    now = keeping.keep_work(archive, kept, _work(entry, report), seen)
    entry.inputs = replace(entry.inputs, kept_work=now)


def _left_out(entry: LoadedReturn, report: Report) -> str:
    """How many marks are not kept, as a sentence after others; empty if all are. report: as it is kept."""
    n_lost = len(marks.all_marks(entry.report)) - len(marks.all_marks(report))
    if not n_lost:
        return ""
    one, many = "was left out, because its finding is not", "were left out, because their findings are not"
    return f" {ui.counted(n_lost, 'mark')} {one if n_lost == 1 else many} in the XML that is kept."


def _work_words(entry: LoadedReturn, report: Report | None = None) -> str:
    """What is kept beside the return: 'with 3 marks, 2 edited notes and the list of teams'. report: as it is kept."""
    n_marks, n_notes = len(marks.all_marks(report or entry.report)), len(vault.work().notes)
    parts = [ui.counted(n_marks, "mark")] if n_marks else []
    parts += [ui.counted(n_notes, "edited note")] if n_notes else []
    parts += ["the list of teams"] if entry.inputs.teams is not None else []
    if not parts:
        return "without marks or notes"
    return f"with {', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else f"with {parts[0]}"
