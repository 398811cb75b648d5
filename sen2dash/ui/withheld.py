"""The warning at the top of the start page: the DfE has withheld figures because of findings such as these."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.checks.report import Report
from sen2dash.ui import findings


def warning(report: Report) -> None:
    """The rules that fired and led to withheld figures, each with a link to its findings; draws nothing if none did."""
    fired = [outcome for outcome in report.outcomes if outcome.rule.withheld and outcome.status == "found"]
    if not fired:
        return
    with st.container(border=True, key="withheld"):
        st.warning(
            "**The DfE may withhold your figures.** It has withheld figures of authorities for this:",
            icon=":material/warning:",
        )
        for outcome in fired:
            st.markdown(f"**{ui.plain(outcome.rule.label)}** {ui.plain(outcome.rule.message)}")
            if st.button(
                f"See the findings of {outcome.rule.label}",
                key=f"withheld_{outcome.rule.id}",
                type="tertiary",
                icon=":material/arrow_forward:",
            ):
                findings.open_rule(outcome)
