"""Linked files on the start page: adding several at once, what became of their rows, and removing them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sen2dash import spec, ui
from sen2dash.linked import loaded_files
from sen2dash.linked.loaded_files import TITLES, LoadedFiles
from sen2dash.reading.register import read_register
from sen2dash.sample.establishments import register_bytes
from sen2dash.sample.linked import linked_files
from sen2dash.ui import loading
from sen2dash.web import access, audit_events, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn

#: An uploader of several files: label, key, file endings, and what to do with their names and bytes.
Take = Callable[[str, str, str, Callable[[Sequence[tuple[str, bytes]]], None], DeltaGenerator], None]

#: The made-up return of the start page, in people, seed and defects.
PERSONS, SEED, DEFECTS = 600, 2025, 60
WHAT = {
    "census": "CSV tables of the collection system, all of an export together, or the XML of schools",
    "attainment": "CSV files from Get information about pupils, or a common transfer file",
    "inspections": "CSV files of Ofsted's management information",
}


@access.only(Right.CHILD)
def section(entry: LoadedReturn, take: Take) -> None:
    """The part of the start page on linked files. take: draws an uploader of several files."""
    st.header("Link other files", anchor=False)
    found = entry.inputs.linked
    st.markdown(
        "School census, prior attainment and inspection outcomes of the people in the return, for the page "
        "'Linked files' and further filters. Only rows about these people are kept, and only in memory."
    )
    if found.kinds:
        st.page_link(ui.page("linked"), label="See Linked files", icon=":material/arrow_forward:")
    for column, kind in zip(st.columns(len(TITLES), gap="large"), TITLES, strict=True):
        with column:
            _kind(entry, kind)
    # The uploader grows with its files, so that what is drawn below it would be out of sight.
    place = st.container()
    label = "Linked files (CSV, XML or zip; several at once)"
    take(label, "linked", "csv tab txt xml zip", partial(add, entry), place)
    if entry.inputs.is_made_up and not found.kinds and st.button("Add made-up linked files", key="upload_made_up_more"):
        with place:
            add_made_up(entry)
        st.rerun()


def _kind(entry: LoadedReturn, kind: str) -> None:
    """What became of the files of one kind, or what they are."""
    st.subheader(TITLES[kind], anchor=False)
    found = entry.inputs.linked.kinds.get(kind)
    if found is None:
        st.markdown(f"Not added. {WHAT[kind]}.")
        n_waiting = len(entry.inputs.linked.waiting)
        if kind == "census" and n_waiting:
            st.markdown(
                f"{ui.counted(n_waiting, 'near match', 'near matches')} that you accepted will count again when you "
                "add the same files."
            )
        return
    st.markdown(f"**{ui.counted(found.files, 'file')} recognised.**\n\n{_listed(found.used)}")
    _say_what_to_check(entry, kind, found.doubtful)
    if found.is_again and kind != "inspections":
        st.caption(
            "Matched again with this version. Add the files again to look for people who are new in it: the rows of "
            "other children were not kept."
        )
    if st.button(f"Remove: {TITLES[kind]}", key=f"upload_drop_linked_{kind}"):
        use(entry, entry.inputs.linked.without(kind))
        st.rerun()


def _say_what_to_check(entry: LoadedReturn, kind: str, doubtful: Sequence[str]) -> None:
    """What is odd about files. Of a census, figures that are worked out later know more: once this is opened."""
    figures = loaded_files.figures_of(entry.report)
    if kind != "census" or figures is None or figures.census is None:
        if doubtful:
            st.expander(f"What to check ({len(doubtful)})").markdown(_listed(doubtful))
        return
    box = st.expander("What to check", key="upload_check_linked_census", on_change="rerun")
    if box.open:
        box.markdown(_listed((*doubtful, *figures.census.later_log)) or "Nothing.")


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {ui.plain(each)}" for each in lines)


@access.only(Right.CHILD)
def add(entry: LoadedReturn, named: Sequence[tuple[str, bytes]]) -> None:
    """Read linked files, showing a progress bar, and match them. Errors: UserError, after which nothing is changed."""
    bar = st.progress(0.0, text="Reading the linked files")

    def move(name: str, done: int, total: int) -> None:
        text = f"Reading {ui.plain(name, 60)}: {done / 1e6:,.1f} of {total / 1e6:,.1f} MB"
        bar.progress(min(done / total, 1.0) if total else 0.0, text=text)

    def on_match() -> None:
        bar.progress(1.0, text="Matching the linked files")

    try:
        found = loaded_files.add(entry.report, entry.inputs.linked, named, move, on_match)
        audit_events.note_linked(entry.report, [data for _, data in named], found, entry.inputs.linked)
        waited = set(entry.inputs.linked.waiting)
        use(entry, found)
        figures = loaded_files.figures_of(entry.report)
        for each in figures.accepted if figures is not None else ():
            if each.pair in waited:
                audit_events.note_accepted(entry.report, "accept")
    finally:
        bar.empty()


@access.only(Right.CHILD)
def use(entry: LoadedReturn, found: LoadedFiles) -> None:
    """Match these files with the return of the session, and keep them with it."""
    entry.inputs = replace(entry.inputs, linked=loaded_files.use(entry.report, found))


def made_up_inputs() -> dict[str, Any]:
    """The made-up register, as fields of the inputs of the made-up return, so that linked files find their places."""
    return {
        "establishments": read_register(register_bytes(SEED), "made-up-register.csv"),
        "establishments_name": "made-up-register.csv",
    }


@access.only(Right.CHILD)
def add_made_up(entry: LoadedReturn) -> None:
    """Add made-up linked files of the made-up return, with its register."""
    if entry.inputs.establishments is None:
        loading.check_again(entry, **made_up_inputs())
        entry = vault.current() or entry
    files = linked_files(PERSONS, SEED, spec.NEWEST_YEAR)
    add(entry, [(name.rpartition("/")[2], text.encode()) for name, text in files.items()])
