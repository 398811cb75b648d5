"""Returns that are not XML on the page "Your return": choosing their files, their header, and saving them as XML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from sen2dash import spec, ui
from sen2dash.output import export
from sen2dash.output.return_xml import NOT_FROM_A_SYSTEM, ReturnXml, leaves_out
from sen2dash.reading.other import bundle
from sen2dash.reading.other import read as other
from sen2dash.reading.other.bundle import Bundle
from sen2dash.reading.source import SourceText
from sen2dash.ui import loading, pieces
from sen2dash.web import access, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import FileWithoutHeader, LoadedReturn

#: The endings of files of a return in any form.
KINDS = ("xml", "csv", "zip", "xlsx")
#: Warnings that are shown at once; the others are behind a click.
MAX_WARNINGS = 4
Use = Callable[[bytes, str], None]


def name_of(files: Sequence[tuple[str, bytes]]) -> str:
    """Return what to call some files: names and bytes."""
    return files[0][0] if len(files) == 1 else f"{len(files)} files, {files[0][0]} and others"


@access.only(Right.CHILD)
@other.remembering_recognition()
def use(files: Sequence[tuple[str, bytes]], name: str, label: str, use_return: Use) -> None:
    """Use the files of a return: at once, or once its header is known. Errors: UserError."""
    data = files[0][1]
    is_csv = files[0][0].lower().endswith(".csv") and not bundle.is_xml(data)
    if len(files) > 1 or is_csv or bundle.is_other(data):
        data = Bundle(tuple(files)).packed()
        if other.needs_header(data):
            vault.work().to_head = FileWithoutHeader(label, name, data, use_return)
            return
    use_return(data, name)


@access.only(Right.CHILD)
def header_form(waiting: Callable[[str, Callable[[], None]], None]) -> None:
    """Ask for the header of a workbook that has none. waiting: puts a return where a check cannot lose it."""
    held = vault.work().to_head
    if held is None:
        return
    st.markdown(f"**{ui.plain(held.name)} has no header.** Say which return it is, so that it can be checked.")
    names = {code: each.name for code, each in spec.authorities().items() if each.to_year is None}
    with st.form("other_header"):
        one, two, three = st.columns(3)
        lea = one.selectbox(
            "Local authority",
            list(names),
            index=None,
            format_func=lambda code: f"{code} {names[code]}",
            key="other_lea",
        )
        years = [*reversed((*spec.RETURN_YEARS, *spec.COMING_YEARS))]
        year = two.selectbox("Return year", years, index=years.index(spec.NEWEST_YEAR), key="other_year")
        day = three.date_input(
            "Census day, if it is not the usual one", value=None, format="DD/MM/YYYY", key="other_day"
        )
        is_asked = st.form_submit_button("Check this workbook", type="primary")
    if st.button("Choose another file", key="other_cancel"):
        vault.work().to_head = None
        st.rerun()
    if is_asked:
        given = day if isinstance(day, date) else spec.census_day(int(year))
        header = {"lea": lea or "", "year": str(year), "reference_date": given.isoformat()}
        files = bundle.opened(held.data).files
        vault.work().to_head = None
        waiting(held.label, partial(held.use, Bundle(files, header).packed(), held.name))


@access.only(Right.CHILD)
def about(entry: LoadedReturn) -> None:
    """What the return was made from, and what was left aside, for the top of the page."""
    origin = entry.report.origin
    if origin is None:
        return
    places = (
        "sen2dash made this XML when the return was kept. Findings show its line numbers."
        if origin.is_xml
        else "Findings show the file, sheet and row."
    )
    st.info(
        f"**Made from {origin.words}, not from XML.** {places} Rules about the XML file are not applicable.",
        icon=":material/table:",
    )
    if origin.warnings:
        listed = [f"- {ui.plain(words)}" for words in origin.warnings]
        many = "1 thing" if len(listed) == 1 else f"{len(listed)} things"
        st.warning(
            f"**{many} to know about these files:**\n\n" + "\n".join(listed[:MAX_WARNINGS]), icon=":material/warning:"
        )
        if len(listed) > MAX_WARNINGS:
            with st.expander(f"The other {len(listed) - MAX_WARNINGS}"):
                st.markdown("\n".join(listed[MAX_WARNINGS:]))
    if origin.can_swap and st.button("Exchange the two review dates", key="other_swap"):
        _swap(entry, True)
    if origin.swapped:
        st.info("The two review dates of the template are exchanged.", icon=":material/swap_horiz:")
        if not origin.is_xml and st.button("Read them as their headings say", key="other_swap_back"):
            _swap(entry, False)


@access.only(Right.CHILD)
def _swap(entry: LoadedReturn, swaps: bool) -> None:
    """Check the return again, with the two review dates exchanged or not."""
    held = bundle.opened(entry.inputs.source.data())
    data = Bundle(held.files, held.header, swaps).packed()
    loading.check_again(entry, source=SourceText(data))
    st.rerun()


@access.only(Right.CHILD)
def save_as_xml(entry: LoadedReturn) -> None:
    """Offer the return as SEN2 XML."""
    report = entry.report
    if report.origin is None:
        return
    st.header("Save as SEN2 XML", anchor=False)
    st.markdown(f"The same return as an XML file in the layout of {report.collection.year}. {NOT_FROM_A_SYSTEM}")
    if lost := leaves_out(report.origin):
        listed = "\n".join(f"- {ui.plain(words)}" for words in lost)
        st.warning(f"**The file leaves something out:**\n\n{listed}", icon=":material/warning:")
    pieces.download(
        "Save as SEN2 XML",
        lambda: ReturnXml(report.store, report.collection.year).whole(),
        export.file_name(report.collection, "made by sen2dash", "xml"),
        "application/xml",
        "other_xml",
    )
