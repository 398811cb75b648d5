"""Published figures to compare with: which are used, adding the DfE's files, and what was read from them."""

from __future__ import annotations

from typing import NoReturn

import pyarrow as pa
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from sen2dash import ui
from sen2dash.errors import UserError
from sen2dash.reading import publication, publication_folder
from sen2dash.reading.publication import ImportSummary
from sen2dash.reference.releases import carried, period_label
from sen2dash.web import access, chosen_files, vault
from sen2dash.web.access import Right

#: Session state: why the last files were not used, how often the uploader was emptied, and whether files were just
#: read.
REFUSED, TURN, READ = "publication_refused", "publication_turn", "publication_read"
#: How many notes and files are named at once; the rest are in the list below.
MAX_NAMED = 5
PUPILS = (
    "For the page 'Linked files', add the CSV files by pupil characteristics of 'Pupil absence in schools in England' "
    "and 'Suspensions and permanent exclusions in England'."
)


@access.only(Right.CHILD)
def section() -> None:
    """The section of the start page on published figures."""
    st.header("Published figures", anchor=False)
    default = publication_folder.default()
    own = vault.work().publication
    if default.fault:
        st.warning(
            f"{ui.plain(default.fault)} Tell your administrator. The figures that come with sen2dash are used.",
            icon=":material/warning:",
        )
    if own is not None:
        _own(own, default.summary)
    else:
        _default(default.summary)
    if REFUSED in st.session_state:
        ui.show_user_error(st.session_state[REFUSED])
    key = f"publication_files_{st.session_state.get(TURN, 0)}"
    files = st.file_uploader(
        "DfE publication: the zip, or CSV files in it", type=["zip", "csv"], accept_multiple_files=True, key=key
    )
    try:
        named = chosen_files.collect(files, key)
    except UserError as error:
        st.session_state[REFUSED] = error
        _empty(files)
    if files:
        with st.spinner("Reading the published figures"):
            _take(named)
        _empty(files)


def _empty(files: list[UploadedFile]) -> NoReturn:
    """Drop the files and draw the page again, with an empty uploader."""
    chosen_files.forget(files)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.rerun()


@access.only(Right.CHILD)
def _take(uploads: list[tuple[str, bytes]]) -> None:
    """Use the files from now on, together with those added earlier, or record why they cannot be used."""
    st.session_state.pop(REFUSED, None)
    try:
        found = publication.read(uploads)
    except UserError as error:
        st.session_state[REFUSED] = error
        return
    work = vault.work()
    figures = found.added_to(work.published or publication_folder.default().published)
    summary = found.summary if work.publication is None else work.publication.with_more(found.summary)
    vault.use_published(figures, summary)
    st.session_state[READ] = True


def _default(folder: ImportSummary | None) -> None:
    """Which figures are used if a session has added none."""
    if folder is None:
        st.markdown(f"{_carried()} {PUPILS}")
        return
    if folder.releases:
        st.markdown(
            f"Your figures are compared with those of {_years(folder.releases)}, which your administrator supplied. "
            f"You can add others for this visit. {PUPILS}"
        )
    else:
        st.markdown(f"{_carried()} {PUPILS}")
    if _pupils(folder):
        st.markdown(f"On the page 'Linked files', the figures of {_pupils(folder)} are from your administrator.")
    _files(folder)


def _carried() -> str:
    """Which figures are used where nobody has added any of plans."""
    return (
        "Your figures are compared with those that the DfE published in 'Education, health and care plans'. "
        f"sen2dash comes with those of {_years(carried().releases)}, but for the latest year not with those of "
        "every authority. To compare with all of them, add the zip: on "
        "explore-education-statistics.service.gov.uk open the publication and choose 'Download all data (zip)'."
    )


def _own(summary: ImportSummary, folder: ImportSummary | None) -> None:
    """What this session has added, with a button to remove it. folder: what the administrator supplied."""
    if st.session_state.pop(READ, False):
        where = "used on every page" if summary.releases else "on the page 'Linked files'"
        st.success(f"**Published figures of {_what(summary)} were read.** They are {where}.", icon=":material/check:")
    else:
        _say_used(summary, folder)
    _files(summary)
    whose = "come with sen2dash" if folder is None else "your administrator supplied"
    if st.button(f"Use the figures that {whose}", key="publication_drop"):
        vault.use_published(None, None)
        st.rerun()


def _say_used(summary: ImportSummary, folder: ImportSummary | None) -> None:
    """What figures are compared with, and apart from that what is on the page of linked files."""
    if summary.releases:
        st.markdown(
            f"Your figures are compared with those of {_years(summary.releases)}, from the files you added for this "
            "visit."
        )
    elif folder is not None and folder.releases:
        st.markdown(
            f"Your figures are compared with those of {_years(folder.releases)}, which your administrator supplied."
        )
    else:
        st.markdown(_carried())
    if _pupils(summary):
        st.markdown(
            f"On the page 'Linked files', the figures of {_pupils(summary)} are from the files you added for this "
            "visit."
        )


def _files(summary: ImportSummary) -> None:
    """What was read, file by file, starting with what was not understood."""
    trouble = [f"**{ui.plain(each.name)}**: {ui.plain(each.why)}" for each in summary.not_used if not each.is_expected]
    trouble += [f"**{ui.plain(file.name)}**: {ui.plain(note)}" for file in summary.files for note in file.notes]
    if trouble:
        more = len(trouble) - MAX_NAMED
        lines = [*trouble[:MAX_NAMED], *([f"and {more} more, listed under 'What was read'"] if more > 0 else [])]
        st.warning(
            "**Not everything was used:**\n\n" + "\n".join(f"- {line}" for line in lines), icon=":material/warning:"
        )
    n_files = ui.counted(len(summary.files) + len(summary.not_used), "file")
    with st.expander(f"What was read: {len(summary.files)} of {n_files}"):
        st.table(
            pa.table(
                {
                    "File": [ui.plain(file.name) for file in summary.files],
                    "Holds": [ui.plain(file.label[:1].upper() + file.label[1:]) for file in summary.files],
                    "Reporting year": [str(file.release or "-") for file in summary.files],
                    "Periods": [_periods(file.periods) for file in summary.files],
                    "Authorities": [ui.number(file.n_authorities) for file in summary.files],
                    "Rows used": [f"{ui.number(file.n_used)} of {ui.number(file.n_rows)}" for file in summary.files],
                    "Rows that sen2dash does not show": [ui.number(file.n_not_shown) for file in summary.files],
                }
            ),
            hide_index=True,
            border="horizontal",
        )
        if summary.n_corrected:
            st.markdown(
                f"{ui.counted(summary.n_corrected, 'figure')} known to be wrong in the published files, or withdrawn "
                "later, were replaced. The figure says so where it is shown."
            )
        n_absent = sum(file.n_absent for file in summary.files)
        if n_absent:
            st.markdown(
                f"{ui.counted(n_absent, 'figure')} {'is' if n_absent == 1 else 'are'} published as not available for "
                "every area of a period. An older publication supplies them where it has them."
            )
        rest = [*trouble[MAX_NAMED:]]
        rest += [f"**{ui.plain(each.name)}**: {ui.plain(each.why)}" for each in summary.not_used if each.is_expected]
        if rest:
            st.markdown("Not used:\n\n" + "\n".join(f"- {line}" for line in rest))


def _what(summary: ImportSummary) -> str:
    """What was read: reporting years, and the statistics of pupils."""
    return " and ".join(
        each for each in (_years(summary.releases) if summary.releases else "", _pupils(summary)) if each
    )


def _pupils(summary: ImportSummary) -> str:
    """The statistics of pupils that were read; empty if none was."""
    return " and ".join(dict.fromkeys(file.label for file in summary.files if file.release is None))


def _years(releases: tuple[int, ...] | tuple[str, ...]) -> str:
    """Text such as 'reporting years 2025 and 2026', without the years before the DfE's current format."""
    shown = sorted({str(each) for each in releases if int(each) >= 2025}) or sorted({str(each) for each in releases})
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"reporting year{'s' if len(shown) > 1 else ''} {listed}"


def _periods(periods: tuple[str, ...]) -> str:
    """The first and the last period."""
    first, last = period_label(periods[0]), period_label(periods[-1])
    return first if first == last else f"{first} to {last}"
