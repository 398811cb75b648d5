"""Up to two earlier returns: adding and removing them, and keeping what their figures need with the report.

The newest is the one that the rules and the page "Since last time" compare with (`Inputs.previous`). The other one
(`Inputs.older`) is only counted from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from sen2dash import spec, ui
from sen2dash.analysis import earlier_years
from sen2dash.analysis.earlier_years import EarlierReturn
from sen2dash.checks.report import Report
from sen2dash.errors import BadEarlier
from sen2dash.model import Collection
from sen2dash.reading.source import SourceText
from sen2dash.text import flat
from sen2dash.ui import loading
from sen2dash.web import access, audit_events
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn

Take = Callable[[str, str, str, Callable[[bytes, str], None]], None]


@access.only(Right.CHILD)
def section(entry: LoadedReturn, take: Take) -> None:
    """The part of the start page where earlier returns are added and removed. take: draws an uploader."""
    st.subheader("Earlier returns", anchor=False)
    inputs = entry.inputs
    if inputs.previous is None:
        st.markdown(
            "Add your last submission to spot unexpected changes, or the last two years' returns to compare three "
            "years."
        )
        take("Earlier SEN2 return (XML)", "earlier", "xml", partial(add, entry))
        return
    before = entry.report.store.previous_collection
    why = _why_not_beside(entry.report, before.lea, before.year) if before is not None else ""
    st.markdown(f"Compared with {ui.plain(inputs.previous_name)}.{why}")
    if st.button("Remove the earlier return", key="upload_drop_earlier"):
        remove_previous(entry)
        st.rerun()
    if inputs.older is None:
        take("One more earlier return (XML)", "older", "xml", partial(add, entry))
        return
    older, name = _older(entry), ui.plain(inputs.older_name)
    why = _why_not_beside(entry.report, older.lea, older.year)
    st.markdown(f"Also added: {name}.{why}" if why else f"Figures of {older.year} are from {name}.")
    if st.button(f"Remove the return of {older.year}", key="upload_drop_older"):
        remove_older(entry)
        st.rerun()


def _why_not_beside(report: Report, lea: str | None, year: int) -> str:
    """Why an earlier return is not shown as a year beside the figures; empty if it is. lea, year: its own."""
    if earlier_years.is_comparable(report, lea, year):
        return ""
    if lea != report.collection.lea:
        return f" It is of {_authority(lea)}, so its figures are not compared with yours."
    if year == report.collection.year:
        return f" It is of {year}, like your return, so it is not shown as another year."
    return f" It is of {year}, after your return, so it is not shown as an earlier year."


def _authority(lea: str | None) -> str:
    found = spec.authorities().get(lea or "")
    return ui.plain(found.name if found else f"local authority {flat(lea or 'not given', 20)}")


def _older(entry: LoadedReturn) -> Collection:
    """The year and authority of the second earlier return, which is read even if it is not shown."""
    found = (each for each in entry.report.earlier if isinstance(each, EarlierReturn))
    return next(each.collection for each in found if each.source is entry.inputs.older)


# -- adding and removing ----------------------------------------------------------------------------------


@access.only(Right.CHILD)
def add(entry: LoadedReturn, data: bytes, name: str) -> None:
    """Add an earlier return: the first to compare with, or one more. Errors: UserError, after which nothing is changed.

    Of two years before this one, the rules compare with the newer.
    """
    source, inputs = SourceText(data), entry.inputs
    if inputs.previous is None:
        loading.check_again(entry, previous=source, previous_name=name)
        return
    found = loading.load_earlier(source, inputs.settings, inputs.establishments)
    try:
        _check(entry, found)
        before = entry.report.store.previous_collection
        is_newer = (
            before is not None
            and earlier_years.is_comparable(entry.report, before.lea, before.year)
            and found.collection.year > before.year
        )
        if is_newer:
            loading.check_again(
                entry,
                previous=source,
                previous_name=name,
                older=inputs.previous,
                older_name=inputs.previous_name,
                known=(found,),
            )
            return
        audit_events.note_loaded_earlier(entry.report, source)
    except BaseException:
        found.close()
        raise
    earlier_years.put_beside(entry.report, (*entry.report.earlier, found))
    entry.inputs = replace(inputs, older=source, older_name=name)


def _check(entry: LoadedReturn, found: EarlierReturn) -> None:
    """Refuse a second earlier return that is not another earlier year of this authority."""
    own, other = entry.report.collection, found.collection
    before = entry.report.store.previous_collection
    title = "The second earlier return cannot be used"
    if other.lea != own.lea:
        raise BadEarlier(
            title,
            f"It is of {_authority(other.lea)}, and your return is of {_authority(own.lea)}.",
            "Choose a return of the same authority.",
        )
    if other.year >= own.year:
        raise BadEarlier(
            title,
            f"It is of {other.year}, and your return is of {own.year}.",
            f"Choose a return of {own.year - 1} or before." if own.year > spec.RETURN_YEARS[0] else "",
        )
    if before is not None and (before.lea, before.year) == (other.lea, other.year):
        raise BadEarlier(
            title,
            f"A return of {other.year} is already added.",
            "Choose a return of another year, or remove that one first.",
        )


def remove_previous(entry: LoadedReturn) -> None:
    """Remove the return that the rules compare with; if there is another one, it takes its place."""
    older, name = entry.inputs.older, entry.inputs.older_name
    loading.check_again(entry, previous=older, previous_name=name, older=None, older_name="")


def remove_older(entry: LoadedReturn) -> None:
    """Remove the second earlier return. Nothing is checked again: no rule reads it."""
    kept: list[Report] = []
    gone: list[Report] = []
    for each in entry.report.earlier:
        is_it = isinstance(each, EarlierReturn) and each.source is entry.inputs.older
        (gone if is_it else kept).append(each)
    earlier_years.put_beside(entry.report, kept)
    entry.inputs = replace(entry.inputs, older=None, older_name="")
    for each in gone:
        each.close()
