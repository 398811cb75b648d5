"""Published figures of pupils with an EHC plan beside those of linked files, or which file they take."""

from __future__ import annotations

import html

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.analysis.linked_published import Beside, is_added
from sen2dash.checks.report import Report
from sen2dash.reference.pupils import PUBLICATIONS, Kind
from sen2dash.ui import chart_card

HEADING = "Published for pupils with an EHC plan"


def show(report: Report, kind: Kind, found: Beside | None) -> None:
    """The table of ours and the published figures. found: None if none are of the authority, its region or England."""
    with st.container(border=True, gap="small", key=f"linked_published_{kind}"):
        words = "Published by enrolment, not by child."
        if found is not None:
            words = f"Published by enrolment, not by child: {found.period}."
        st.html(
            f'{chart_card.STYLE}<div class="sen2-card"><h2>{html.escape(HEADING)}</h2><p>{html.escape(words)}</p></div>'
        )
        if found is None and is_added(report, kind):
            st.caption(
                f"The file that was added from '{PUBLICATIONS[kind]}' has no figures for this authority, its region or "
                "England."
            )
            return
        if found is None:
            st.caption(f"Not added. It needs the CSV file by pupil characteristics of '{PUBLICATIONS[kind]}'.")
            st.page_link(ui.page("upload"), label="Add it on Your return, under Published figures")
            return
        st.table(
            pa.table({heading: [ui.plain(each) for each in texts] for heading, texts in found.columns.items()}),
            hide_index=True,
            border="horizontal",
            alt=f"{HEADING}, {found.period}, beside these people",
        )
        other = "" if found.is_same else " The figures of these people are of another period."
        st.caption(
            ui.plain(
                f"{found.source}. 'These people' are everyone who passes the filters, with or without a plan. The "
                f"published figures are for all pupils with an EHC plan; filters do not change them.{other}"
            )
        )
