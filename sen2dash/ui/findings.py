"""Rules and what they found: the table of rules, the records of one of them, and the page of one severity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from sen2dash import sources, spec, ui
from sen2dash.checks import findings, masking, rulebook
from sen2dash.checks.report import Report
from sen2dash.model import MODULE_LABELS, MODULES, SEVERITY_LABELS, Rule, RuleOutcome, Severity
from sen2dash.output import export

LEADS = {
    "error": "Correct each error in the case system before you submit, then export the return and check it again.",
    "query": "A query may be right or wrong. Correct it, or be ready to explain it in a note to the DfE.",
    "info": "Worth a look, but the DfE does not ask about these. Nothing here has to be changed.",
}
#: Height in pixels of the heading and of a row of a table, and rows that are seen without scrolling.
FEW_COLUMNS = 5
HEADING, ROW, RULES_SEEN, RECORDS_SEEN = 37, 35, 9, 14


def height(n_rows: int, seen: int) -> int:
    """The height of a table in pixels: no emptier than its rows, no taller than the rows that are to be seen."""
    return HEADING + ROW * min(max(n_rows, 1), seen)


def module_filter(key: str) -> str | None:
    """A choice of the part of the return; None for all."""
    return st.selectbox(
        "Part of the return",
        [None, *MODULES],
        format_func=lambda module: "All parts" if module is None else MODULE_LABELS[module],
        key=key,
        persist_state="session",
    )


def rules_table(outcomes: Sequence[RuleOutcome], key: str, columns: Sequence[str]) -> str | None:
    """Rules with these columns, the first of them their ids, and the DfE's numbers where there are any.

    Gives the id of the one that is selected in the table.
    """
    numbers = ("Findings", "People")
    texts = {
        "Rule": [o.rule.id for o in outcomes],
        "DfE rule": [o.rule.dfe or "" for o in outcomes],
        "What it looks for": [o.rule.title for o in outcomes],
        "Severity": [SEVERITY_LABELS[o.severity] for o in outcomes],
        "Part of the return": [export.sheet_name(o.rule.module) for o in outcomes],
        "Status": [export.STATUS_LABELS[o.status] for o in outcomes],
        "Findings": [o.count for o in outcomes],
        "People": [o.people for o in outcomes],
    }
    if any(outcome.rule.dfe for outcome in outcomes):
        columns = ("Rule", "DfE rule", *columns[1:])
    table = pa.table({n: pa.array(texts[n], pa.int64() if n in numbers else pa.string()) for n in columns})
    event = st.dataframe(
        table,
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height=height(len(outcomes), RULES_SEEN),
        column_config={
            "Rule": st.column_config.TextColumn(width=70),
            "DfE rule": st.column_config.TextColumn(width=90),
            "What it looks for": st.column_config.TextColumn(width=380 if len(columns) <= FEW_COLUMNS else 320),
            "Severity": st.column_config.TextColumn(width=85),
            "Part of the return": st.column_config.TextColumn(width=190),
            "Status": st.column_config.TextColumn(width=75),
            "Findings": st.column_config.NumberColumn(format="localized", width=80),
            "People": st.column_config.NumberColumn(format="localized", width=75),
        },
        alt="Rules. Select a row to see more of it below.",
    )
    row = ui.selected_row(event)
    return outcomes[row].rule.id if row is not None and row < len(outcomes) else None


def choose_rule(listed: Sequence[RuleOutcome], name: str, columns: Sequence[str]) -> RuleOutcome:
    """The rule that is shown: chosen in the table or, by keyboard, in the list under it. name: prefix of the keys."""
    by_id = {outcome.rule.id: outcome for outcome in listed}
    key, turn, marked = f"{name}_rule", f"{name}_turn", f"{name}_marked"
    selected = rules_table(listed, f"{name}_rules_{st.session_state.get(turn, 0)}", columns)
    if selected is not None and st.session_state.get(marked) != selected:
        st.session_state[key] = selected
    st.session_state[marked] = selected
    if st.session_state.get(key) not in by_id:
        st.session_state[key] = listed[0].rule.id

    def chosen_in_list() -> None:
        # The row that is marked in the table would now say something else: draw the table afresh.
        st.session_state[turn] = st.session_state.get(turn, 0) + 1
        st.session_state[marked] = None

    def label(rule_id: str) -> str:
        outcome = by_id[rule_id]
        found = f" ({ui.number(outcome.count)})" if outcome.count else ""
        return f"{outcome.rule.label} {outcome.rule.title}{found}"

    chosen = st.selectbox(
        "Rule to show", list(by_id), format_func=label, key=key, on_change=chosen_in_list, persist_state="session"
    )
    return by_id[chosen]


def open_rule(outcome: RuleOutcome) -> None:
    """Go to the records of one rule, on the page of its severity and with the filters there taken away."""
    name = ui.SEVERITY_PAGES[outcome.severity]
    st.session_state.update({f"{name}_rule": outcome.rule.id, f"{name}_module": None, f"{name}_text": ""})
    st.switch_page(ui.page(name))


def rule_heading(rule: Rule) -> None:
    """The id and the title of a rule, and what it means in a sentence."""
    st.header(f"{ui.plain(rule.label)} {ui.plain(rule.title)}", anchor=False)
    st.markdown(ui.plain(rule.message))


def rule_text(rule: Rule) -> None:
    """How to correct what a rule found, which items it reads, and where it comes from."""
    how, where = st.columns([3, 2], gap="large")
    with how:
        st.subheader("How to correct it", anchor=False)
        st.markdown(ui.plain(rule.guidance))
    with where:
        st.subheader("Where it comes from", anchor=False)
        items = ", ".join(f"{ui.plain(spec.labels().get(f, f))} ({ui.plain(f)})" for f in rule.fields)
        st.markdown(
            sources.in_markdown(rule.source)
            + (f"; DfE rule {ui.plain(rule.dfe)}" if rule.dfe else "")
            + f"  \nItems: {items or 'the file as a whole'}  \n"
            + f"Severity: {rulebook.severity_text(rule)}; years: {rulebook.years_text(rule)}"
        )


def records_table(found: findings.FindingsPage, key: str) -> int | None:
    """Findings of one rule with their people and places; the number of the person whose row was selected."""
    rows = found.rows
    columns: dict[str, list[Any]] = {
        "Person": [row["person_id"] for row in rows],
        "Surname": [row["surname"] for row in rows],
        "Forename": [row["forename"] for row in rows],
        "Date of birth": [masking.day_first(row["birth_date"]) for row in rows],
        "UPN": [row["upn"] for row in rows],
        "ULN": [row["uln"] for row in rows],
        "Line": [row["line"] for row in rows],
        "Item": [row["field"] for row in rows],
        "Value in the file": [row["value"] or "blank" for row in rows],
        "Detail": [row["detail"] for row in rows],
    }
    numbers = ("Person", "Line")
    table = pa.table(
        {
            name: pa.array(values, pa.int64()) if name in numbers else pa.array([v or "" for v in values], pa.string())
            for name, values in columns.items()
            if any(value is not None for value in values)
        }
    )
    event = st.dataframe(
        table,
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height=height(len(rows), RECORDS_SEEN),
        lazy=False,
        column_config={name: st.column_config.NumberColumn(format="%d", width=75) for name in numbers},
        alt="Records that the rule found. Select a row to open the person.",
    )
    row = ui.selected_row(event)
    return rows[row]["person_id"] if row is not None and row < len(rows) else None


def show_records(report: Report, outcome: RuleOutcome, name: str) -> None:
    """The findings of one rule, a page at a time, with the ways to a person."""
    st.subheader("Records", anchor=False)
    rule_id = outcome.rule.id
    key = f"{name}_page_{rule_id}"
    found = findings.findings_page(report, rule_id, int(st.session_state.get(key, 1)), ui.names_hidden())
    people = f" about {ui.counted(outcome.people, 'person', 'people')}" if outcome.people else ""
    st.caption(f"{ui.number(found.first)} to {ui.number(found.last)} of {ui.counted(found.total, 'finding')}{people}")
    person = records_table(found, f"{name}_records_{rule_id}_{found.number}")
    if person is not None:
        ui.open_person(person)
    if found.n_pages > 1:
        st.pagination(found.n_pages, key=key)
    if outcome.people:
        ui.person_opener(report, name)


def findings_page(severity: Severity) -> None:
    """The whole page of one severity: its rules, and the records of the one that is chosen."""
    name, many = ui.SEVERITY_PAGES[severity], ui.SEVERITY_NOUNS[severity][1]
    title = name.capitalize()
    report = ui.report_or_stop(title, f"The {many} found in a return are listed here, by rule and by child.")
    outcomes = [outcome for outcome in report.outcomes if outcome.severity == severity]
    n_all = report.n_findings(severity)
    ui.header(title, LEADS[severity])
    ui.trouble(report, outcomes)
    if not n_all:
        st.success(f"No {many}. {ui.counted(len(outcomes), 'rule')} looked for them.", icon=":material/check:")
    left, middle, right = st.columns([2, 2, 2], vertical_alignment="bottom")
    with left:
        module = module_filter(f"{name}_module")
    words = middle.text_input(
        "Words in a rule", key=f"{name}_text", placeholder="UPN, date, setting", persist_state="session"
    )
    with_clear = right.checkbox("Also show rules that found nothing", key=f"{name}_clear", persist_state="session")
    listed = findings.matching(outcomes, module, words, with_clear)
    st.caption(
        f"{ui.number(len(listed))} of {ui.counted(len(outcomes), 'rule')}, "
        f"{ui.number(sum(o.count for o in listed))} of {ui.counted(n_all, 'finding')}"
    )
    if not listed:
        if n_all:
            st.info("No rule matches these filters. Remove one to see more.", icon=":material/info:")
        return
    with_status = any(outcome.status != "found" for outcome in listed)
    columns = ("Rule", "What it looks for", "Findings", "People", "Part of the return")
    chosen = choose_rule(listed, name, (*columns, "Status") if with_status else columns)
    rule_heading(chosen.rule)
    rule_text(chosen.rule)
    if chosen.count:
        show_records(report, chosen, name)
    elif chosen.status == "clear":
        st.success("This rule found nothing.", icon=":material/check:")
    else:
        ui.trouble(report, [chosen])
    st.subheader("Downloads", anchor=False)
    choices: dict[str, tuple[str, Sequence[str] | None]] = {}
    if chosen.count:
        choices[f"{chosen.rule.id} (CSV)"] = (chosen.rule.id, [chosen.rule.id])
    choices[f"The {ui.counted(len(listed), 'rule')} listed above (CSV)"] = (
        f"{name} listed",
        [o.rule.id for o in listed],
    )
    choices[f"All {many} (CSV)"] = (name, [o.rule.id for o in outcomes])
    choices["Everything that was found (CSV)"] = ("findings", None)
    ui.finding_downloads(report, choices, name)
