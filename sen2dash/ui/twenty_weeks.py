"""The two settings that the 20-week figures depend on, and the figures under every combination of them."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.ui import loading
from sen2dash.web import access
from sen2dash.web.session_data import LoadedReturn

DAYS = {140: "140 days after receipt", 139: "139 days after receipt: the day of receipt is day one"}
CHALLENGED = {False: "Left out", True: "Counted"}


def choose_reading(entry: LoadedReturn, selection: Selection, indicator_ids: Sequence[str], key: str) -> None:
    """The settings as choices, and the figures under each combination. A change reruns what depends on it.

    People whose figures are always protected read the settings only.
    """
    settings = entry.inputs.settings
    how = CHALLENGED[settings.include_challenged].lower()
    label = f"{settings.twenty_weeks_days} days, with mediation and tribunal cases {how}"
    # The label stays the same, so that making a choice does not close its container.
    with st.expander("How 20 weeks are counted"):
        st.caption(f"They are counted as {label}.")
        if access.must_protect():
            # Whoever turns a setting and reads both figures learns more about a few children than from one of them.
            return
        left, right = st.columns(2, gap="large")
        days = left.radio(
            "20 weeks are",
            list(DAYS),
            index=list(DAYS).index(settings.twenty_weeks_days),
            format_func=lambda n: DAYS[n],
            key=f"{key}_days_{settings.twenty_weeks_days}",
        )
        challenged = right.radio(
            "Cases with mediation or a tribunal are",
            list(CHALLENGED),
            index=list(CHALLENGED).index(settings.include_challenged),
            format_func=lambda flag: CHALLENGED[flag],
            key=f"{key}_challenged_{settings.include_challenged}",
            horizontal=True,
        )
        if (days, challenged) != (settings.twenty_weeks_days, settings.include_challenged):
            loading.change_settings(entry, twenty_weeks_days=days, include_challenged=challenged)
            st.rerun()
        if selection.is_sharing:
            st.caption(
                "The figures under the other reading are left out of figures for sharing: the two together say more "
                "about a few children than one of them."
            )
        else:
            _table(entry, indicator_ids)


def _table(entry: LoadedReturn, indicator_ids: Sequence[str]) -> None:
    """One row per combination of settings, one column per indicator, for everyone in the return."""
    found = {name: Figures(entry.report).readings(name) for name in indicator_ids}
    readings = next(iter(found.values()), ())
    columns = {"For everyone in the return": [r.label + (" (chosen)" if r.is_chosen else "") for r in readings]}
    for of_one in found.values():
        columns |= {reading.result.indicator.title: [] for reading in of_one[:1]}
        for reading in of_one:
            columns[reading.result.indicator.title].append(figures.value(reading.result).text)
    st.table(pa.table(columns), hide_index=True, border="horizontal")
