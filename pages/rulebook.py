"""Every rule: what it looks for, how severe it is, how to correct it, its SQL, and what it found in this return."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.checks import catalogue, dfe_numbers, findings
from sen2dash.model import SEVERITIES, SEVERITY_LABELS
from sen2dash.ui import dfe_numbers as dfe_numbers_ui
from sen2dash.ui import findings as findings_ui
from sen2dash.ui import pieces, rulebook
from sen2dash.web import access, vault

COLUMNS = ("Rule", "What it looks for")

ui.guard()
entry = vault.current()
# Counts of findings are not protected, so people who may not see children see the rules only.
report = entry.report if entry is not None and not access.must_protect() else None
year, outcomes = findings.rulebook(report, dfe_numbers.numbered(catalogue.rules(), vault.work().numbers.by_rule))
ui.header(
    "Rulebook",
    f"Every rule of the {year} return: what it looks for, how to correct it, and the SQL that finds it.",
)
left, middle, right = st.columns([2, 2, 2], vertical_alignment="bottom")
with left:
    module = findings_ui.module_filter("rulebook_module")
labels = {severity: SEVERITY_LABELS[severity] for severity in SEVERITIES}
severity = pieces.one_or_all(middle, "Severity", "All", labels, "rulebook_severity")
words = right.text_input("Words in a rule", key="rulebook_text", placeholder="UPN, date", persist_state="session")
listed = findings.matching([o for o in outcomes if severity in (None, o.severity)], module, words)
st.caption(f"{ui.number(len(listed))} of {ui.counted(len(outcomes), 'rule')}")
if not listed:
    st.info("No rule matches these filters. Remove one to see more.", icon=":material/info:")
    dfe_numbers_ui.section_or_nothing()
    st.stop()
left, right = st.columns([2, 3], gap="medium")
with left:
    chosen = findings_ui.choose_rule(listed, "rulebook", COLUMNS + (("Findings",) if report else ("Severity",)))
with right:
    findings_ui.rule_heading(chosen.rule)
    if report is not None and chosen.status == "found":
        people = f" about {ui.counted(chosen.people, 'person', 'people')}" if chosen.people else ""
        st.markdown(f"In this return: {ui.counted(chosen.count, 'finding')}{people}.")
        if st.button("See them", key="rulebook_see"):
            findings_ui.open_rule(chosen)
    elif report is not None and chosen.status == "clear":
        st.markdown("In this return it found nothing.")
    elif report is not None:
        pieces.show_rules_not_run(report, [chosen])
    findings_ui.rule_text(chosen.rule)
rulebook.rule_examples(chosen.rule)
st.subheader("The SQL that finds it", anchor=False)
st.code(chosen.rule.sql, language="sql", wrap_lines=True)
dfe_numbers_ui.section_or_nothing()
