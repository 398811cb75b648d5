"""Adding files: the return itself, an earlier return and a register to compare with, and showing the results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sen2dash import RELEASE, spec, ui
from sen2dash.checks import catalogue
from sen2dash.config import Settings
from sen2dash.errors import UserError
from sen2dash.model import SEVERITIES
from sen2dash.reading import register
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from sen2dash.ui import (
    changes,
    earlier_returns,
    linked_files,
    loading,
    other_inputs,
    pieces,
    teams,
    withheld,
    working_file,
    worklist,
)
from sen2dash.ui.dates import coming_year_text, dates_text
from sen2dash.web import access, archive_session, chosen_files, session_files, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import Inputs, LoadedReturn, PreviousVersion, WaitingUpload

#: Session state: the last rejected file (its label and error), how often uploaders were emptied, and whether a check
#: has just ended.
REFUSED, TURN, CHECKED = "upload_refused", "upload_turn", "upload_checked"
#: The label of the uploader.
RETURN = "SEN2 return (XML, CSV files, zip or Excel)"
#: What is kept when the return is replaced by its next version: fields of Inputs.
ADDED = (
    *("previous", "previous_name", "older", "older_name", "establishments", "establishments_name", "settings"),
    *("teams", "teams_name", "linked"),
)
COUNTS = {
    "person": "People",
    "requests": "Requests",
    "assessment": "Assessments",
    "namedplan": "Plans",
    "placementdetail": "Placements",
}


@access.only(Right.CHILD)
def file_uploader(label: str, key: str, kind: str, use: Callable[[bytes, str], None]) -> None:
    """An uploader whose file is used at once and then dropped by the server. kind: file endings separated by spaces."""
    file = st.file_uploader(label, type=kind.split(), key=f"upload_{key}_{st.session_state.get(TURN, 0)}")
    if file is None:
        return
    use_file = partial(use, file.getvalue(), file.name)
    session_files.forget_upload(file.file_id)
    _use_now(label, use_file)


@access.only(Right.CHILD)
def take_return(label: str, key: str, use: Callable[[bytes, str], None]) -> None:
    """An uploader for a return in any form, which may be several files; see `file_uploader`."""
    held = vault.work().to_head
    if held is not None and held.label == label:
        other_inputs.header_form(_use_now)
        return
    vault.work().to_head = None
    named = _all_of(label, key, list(other_inputs.KINDS))
    if named:
        _use_now(label, partial(other_inputs.use, named, other_inputs.name_of(named), label, use))


@access.only(Right.CHILD)
def _all_of(label: str, key: str, kinds: Sequence[str]) -> list[tuple[str, bytes]]:
    """Draw an uploader of several files, and return the names and bytes of those that were chosen together."""
    of_turn = f"upload_{key}_{st.session_state.get(TURN, 0)}"
    files = st.file_uploader(label, type=list(kinds), accept_multiple_files=True, key=of_turn)
    try:
        named = chosen_files.collect(files, of_turn)
        chosen_files.forget(files)
    except UserError as error:
        chosen_files.forget(files)
        _use_now(label, partial(_refuse, error))
        return []
    return named


def _refuse(error: UserError) -> None:
    raise error


def _use_now(label: str, use: Callable[[], None], place: DeltaGenerator | None = None) -> None:
    """Use a file at once. It waits meanwhile where a click on another page does not lose it.

    place: where its progress is shown, if not below. It is of this page alone, so what waits does not know it.
    """
    st.session_state.pop(REFUSED, None)
    vault.work().waiting = WaitingUpload(label, use)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    with place if place is not None else nullcontext():
        use_waiting()
    st.rerun()


@access.only(Right.CHILD)
def take_several(
    label: str, key: str, kind: str, use: Callable[[Sequence[tuple[str, bytes]]], None], place: DeltaGenerator
) -> None:
    """The same for several files at once: `use` gets their names and bytes. place: where its progress is shown."""
    if named := _all_of(label, key, kind.split()):
        _use_now(label, partial(use, named), place)


@access.only(Right.CHILD)
def use_waiting() -> None:
    """Use the file that was uploaded last, unless that has been done.

    A click on another page stops the script, and the check with it. The file then still waits, so the next page uses it
    before anything else.
    """
    waiting = vault.work().waiting
    if waiting is None:
        return
    st.session_state.pop(REFUSED, None)
    try:
        waiting.use()
        st.session_state[CHECKED] = vault.work().to_head is None
    except UserError as error:
        st.session_state[REFUSED] = (waiting.label, error)
    except Exception:
        vault.work().waiting = None
        raise
    # Streamlit stops a script with an exception of another kind, which leaves the file where it is.
    vault.work().waiting = None


def finish_interrupted_check() -> None:
    """Finish a check that a click on another page interrupted. If the file is refused, go to the page that says so."""
    if vault.work().waiting is None:
        return
    use_waiting()
    if REFUSED in st.session_state:
        st.switch_page(ui.page("upload"))
    st.rerun()


@access.only(Right.CHILD)
def check_return(data: bytes, name: str, replaces: LoadedReturn | None = None) -> None:
    """Check a return. The files added to check it with are kept if this is the next version of another return.

    replaces: what the session held when the file was chosen. It is not asked for here, because a check that a click
    interrupts at its end is made again, and the session then holds this very return.
    """
    if replaces is None:
        loading.check(Inputs(SourceText(data), name), data)
        return
    old = replaces.inputs
    new = Inputs(SourceText(data), name, before=PreviousVersion(old.source, old.name, old.taken_at))
    added = {each: getattr(old, each) for each in ADDED}
    which = (replaces.report.collection.lea, replaces.report.collection.year)
    loading.check(replace(new, **added), data)
    now = vault.current()
    if now is not None and (now.report.collection.lea, now.report.collection.year) != which:
        # Of another authority or year: another return, not the next version of this one.
        now.inputs = replace(now.inputs, before=None)


@access.only(Right.CHILD)
def add_register(entry: LoadedReturn, data: bytes, name: str) -> None:
    """Check the return again, with a register of establishments."""
    loading.check_again(entry, establishments=register.read_register(data, name), establishments_name=name)


@access.only(Right.CHILD)
def start() -> None:
    """The page when no return is loaded."""
    ui.header(
        "Check a SEN2 return",
        "Choose the XML file that your case system made for the SEN2 person-level collection, or the CSV files of "
        "COLLECT, the DfE's Excel template or a workbook of modules. "
        f"The return is checked against {ui.counted(len(catalogue.rules()), 'rule')} in a few seconds.",
    )
    if vault.has_timed_out():
        st.info("Your last return was erased because nobody used it for a while.", icon=":material/info:")
    elif why := ui.say_loss():
        st.info(why, icon=":material/info:")
    _say_refused()
    take_return(RETURN, "return", check_return)
    with st.container(horizontal=True):
        alone = st.button("Try it with a made-up return", key="upload_made_up")
        linked = st.button("Try it with made-up linked files", key="upload_made_up_linked")
    if alone or linked:
        _check_made_up(with_linked=linked)
        st.session_state.pop(REFUSED, None)
        st.session_state[CHECKED] = True
        st.rerun()


@access.only(Right.CHILD)
def _check_made_up(with_linked: bool) -> None:
    """Check the made-up return; with_linked: with its register of establishments and linked files."""
    data = sample_bytes(linked_files.PERSONS, linked_files.SEED, linked_files.DEFECTS)
    inputs = Inputs(SourceText(data), "made-up-return.xml", is_made_up=True)
    loading.check(replace(inputs, **linked_files.made_up_inputs()) if with_linked else inputs, data)
    entry = vault.current()
    if with_linked and entry is not None:
        linked_files.add_made_up(entry)


def explain_data_handling() -> None:
    """Say what happens to a return that is uploaded. That depends on whether an archive is set up."""
    st.header("What happens to the file", anchor=False)
    if archive_session.is_set_up():
        disk = (
            "Nothing is written to disk or sent on, unless you press **Keep this return** on the page Kept returns: "
            "then it goes to the archive of your authority, encrypted, until its end date."
        )
    else:
        disk = "It is never written to disk or sent on."
    st.markdown(
        f"- It is held in memory for as long as this tab is open. {disk}\n"
        "- It is erased when you clear it, close or refresh the tab, or leave it unused for "
        f"{ui.counted(Settings().idle_minutes, 'minute')}.\n"
        "- Nothing goes to the DfE: you still submit the return in COLLECT."
    )


def _say_refused() -> None:
    """Say why the last file was not used."""
    if REFUSED in st.session_state:
        label, error = st.session_state[REFUSED]
        ui.show_user_error(error, about=label)


@access.only(Right.CHILD)
def summary(entry: LoadedReturn) -> None:
    """What is in the return and what was found."""
    report = entry.report
    collection = report.collection
    when = dates_text(collection, entry.inputs.settings.clock().date())
    ui.header(ui.plain(ui.authority(report)), f"SEN2 {collection.year}. {when} File: {ui.plain(entry.inputs.name)}.")
    _say_refused()
    if collection.is_coming:
        st.info(coming_year_text(collection), icon=":material/info:")
    is_new = st.session_state.pop(CHECKED, False)
    if not working_file.say_opened() and is_new:
        # A status message that screen readers read out, because nothing else says that the progress bar has gone.
        found = [ui.counted(report.n_findings(severity), *ui.SEVERITY_NOUNS[severity]) for severity in SEVERITIES]
        st.success(f"**The check is complete:** {', '.join(found[:-1])} and {found[-1]}.", icon=":material/check:")
    ui.offer_requested_page()
    if archive_session.is_set_up() and access.person().may(Right.CHILD):
        st.page_link(ui.page("kept"), label="Keep this return", icon=":material/inventory_2:")
    other_inputs.about(entry)
    changes.summary_on_start(entry)
    withheld.warning(report)
    pieces.show_rules_not_run(report, report.of_status("broken"))
    if words := report.not_read():
        # The words are our own: numbers, and names from the layout.
        st.error(words, icon=":material/person_off:")
    st.header("What was found", anchor=False)
    for column, severity in zip(st.columns([3, 3, 2]), SEVERITIES, strict=True):
        with column.container(border=True, height="stretch"):
            pieces.severity_card(report, severity)
    st.header("What is in the return", anchor=False)
    for column, (table, label) in zip(st.columns(len(COUNTS)), COUNTS.items(), strict=True):
        is_given = table not in report.store.not_given
        column.metric(label, ui.number(report.counts[table]) if is_given else "Not given")
    with st.expander("The header of the file"):
        pieces.facts({item.label: report.header[item.element] for item in spec.items_of("header")})


@access.only(Right.CHILD)
def extras(entry: LoadedReturn) -> None:
    """Files to compare the return with, which allow more rules to run, and a list of teams."""
    st.header("Check more", anchor=False)
    pieces.show_rules_not_run(entry.report, entry.report.of_status("not_run"))
    inputs = entry.inputs
    earlier, schools, groups = st.columns(3, gap="large")
    with earlier:
        earlier_returns.section(entry, file_uploader)
    with schools:
        st.subheader("The register of establishments", anchor=False)
        if inputs.establishments is None:
            st.markdown(
                "The 'all establishment data' from Get Information about Schools, to check URNs and UKPRNs: the zip "
                "file as you downloaded it, or the CSV in it."
            )
            file_uploader(
                "Register of establishments (CSV or zip)", "register", "csv zip", partial(add_register, entry)
            )
        else:
            st.markdown(f"Compared with {ui.plain(inputs.establishments_name)}.")
            st.markdown(f"{inputs.establishments.summary}.")
            _say_unread(inputs.establishments.notes)
            if st.button("Remove the register", key="upload_drop_register"):
                loading.check_again(entry, establishments=None, establishments_name="")
                st.rerun()
    with groups:
        teams.section(entry, file_uploader)
    linked_files.section(entry, take_several)


def _say_unread(notes: Sequence[str]) -> None:
    """Say what could not be read from a file, or was not what it appeared to be."""
    if notes:
        listed = "\n".join(f"- {ui.plain(note)}" for note in notes)
        st.warning(f"**Not everything in this file could be used:**\n\n{listed}", icon=":material/warning:")


def release() -> None:
    """Say which release of the program this is."""
    st.caption(RELEASE)


@access.only(Right.CHILD)
def next_or_none(entry: LoadedReturn) -> None:
    """Replace this return with another, or erase it."""
    st.header("Replace or erase this return", anchor=False)
    replacing, clearing = st.columns(2, gap="large")
    with replacing:
        st.subheader("Load the next version", anchor=False)
        st.markdown("The files you added and your notes are kept, and so are marks on findings that are still there.")
        take_return(f"Another {RETURN}", "another", partial(check_return, replaces=entry))
    with clearing:
        st.subheader("Erase this return", anchor=False)
        kept = " What you have kept stays in the archive." if archive_session.is_set_up() else ""
        st.markdown(f"The return and all results are deleted from memory immediately.{kept}")
        st.button("Clear now", key="upload_clear", on_click=_clear)


def _clear() -> None:
    """Erase the return, and the filters of the pages of findings, which may name a team."""
    vault.clear()
    worklist.clear()
