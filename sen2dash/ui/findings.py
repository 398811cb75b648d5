"""Rules and their findings: the table of rules, the records of one rule, and the page of one severity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn, cast

import pyarrow as pa
import streamlit as st

from sen2dash import sources, spec, ui
from sen2dash.analysis.worklist import EVERYTHING, Worklist
from sen2dash.checks import findings, masking, priority, rulebook
from sen2dash.checks.report import Report
from sen2dash.model import MODULE_LABELS, MODULES, SEVERITY_LABELS, Rule, RuleOutcome, Severity
from sen2dash.output import export
from sen2dash.reading.other.given import TablePlace
from sen2dash.reading.other.read import Origin
from sen2dash.ui import marks as marking
from sen2dash.ui import next_previous, pieces, teams, worklist
from sen2dash.ui.pieces import ALL
from sen2dash.ui.rows import RECORDS_SEEN, choose_clicked, clicked_row, height, with_row
from sen2dash.web import access
from sen2dash.web.access import Right

LEADS = {
    "error": "Correct each error in the case system before you submit, then export the return and check it again.",
    "query": "A query may be right or wrong. Correct it, or be ready to explain it in a note to the DfE.",
    "info": "Worth a look, but the DfE does not ask about these. Nothing here has to be changed.",
}
#: The number of rules visible without scrolling.
RULES_SEEN = 10


def module_filter(key: str) -> str | None:
    """A choice of one part of the return; None for all."""
    labels = {module: MODULE_LABELS[module] for module in MODULES}
    return cast("str | None", pieces.one_or_all(st, "Part of the return", "All parts", labels, key))


def rules_table(outcomes: Sequence[RuleOutcome], key: str, columns: Sequence[str], clicked: Callable[[], None]) -> None:
    """Rules with these columns, the first of which is their id, and the DfE's numbers if there are any.

    clicked: called when a row was clicked; the session state holds the click under the key.
    """
    texts = {
        "Rule": [o.rule.id for o in outcomes],
        "DfE rule": [o.rule.dfe or "" for o in outcomes],
        "What it looks for": [o.rule.title for o in outcomes],
        "Severity": [SEVERITY_LABELS[o.severity] for o in outcomes],
        "Status": [export.STATUS_LABELS[o.status] for o in outcomes],
        "Findings": [o.count for o in outcomes],
    }
    if any(outcome.rule.dfe for outcome in outcomes):
        columns = ("Rule", "DfE rule", *columns[1:])
    table = pa.table({n: pa.array(texts[n], pa.int64() if n == "Findings" else pa.string()) for n in columns})
    st.dataframe(
        table,
        hide_index=True,
        key=key,
        on_select=clicked,
        selection_mode="single-row",
        height=height(len(outcomes), RULES_SEEN),
        column_config={
            "Rule": st.column_config.TextColumn(width=58),
            "DfE rule": st.column_config.TextColumn(width=70),
            "What it looks for": st.column_config.TextColumn(width=228),
            "Severity": st.column_config.TextColumn(width=85),
            "Status": st.column_config.TextColumn(width=75),
            "Findings": st.column_config.NumberColumn(format="localized", width=72),
        },
        alt="Rules. Click a row to see what the rule found.",
    )


def choose_rule(listed: Sequence[RuleOutcome], name: str, columns: Sequence[str]) -> RuleOutcome:
    """The rule that is shown: clicked in the table or chosen in the list under it (by keyboard); initially the first.

    name: prefix of the keys.
    """
    by_id = {outcome.rule.id: outcome for outcome in listed}
    ids, key, table = list(by_id), f"{name}_rule", f"{name}_rules"
    if st.session_state.get(key) not in by_id:
        st.session_state[key] = ids[0]

    def label(rule_id: str) -> str:
        outcome = by_id[rule_id]
        found = f" ({ui.number(outcome.count)})" if outcome.count else ""
        return f"{outcome.rule.label} {outcome.rule.title}{found}"

    # The table marks the rule that is shown, however it was chosen.
    st.session_state[table] = with_row(ids.index(st.session_state[key]))
    rules_table(listed, table, columns, partial(choose_clicked, table, key, ids))
    chosen = st.selectbox("Rule to show", ids, format_func=label, key=key, persist_state="session")
    return by_id[chosen]


def open_rule(outcome: RuleOutcome) -> None:
    """Go to the records of one rule, on the page for its severity and without that page's filters."""
    name = ui.SEVERITY_PAGES[outcome.severity]
    worklist.clear()
    st.session_state.update(
        {f"{name}_rule": outcome.rule.id, f"{name}_module": ALL, f"{name}_text": "", f"{name}_affects": ALL}
    )
    st.switch_page(ui.page(name))


def rule_heading(rule: Rule) -> None:
    """The id and title of a rule, and its meaning in one sentence."""
    st.header(f"{ui.plain(rule.label)} {ui.plain(rule.title)}", anchor=False)
    st.markdown(ui.plain(rule.message))


def rule_text(rule: Rule) -> None:
    """How to correct what a rule found, which items it reads, and where it comes from."""
    st.subheader("How to correct it", anchor=False)
    st.markdown(ui.plain(rule.guidance))
    st.subheader("Where it comes from", anchor=False)
    st.markdown(rule_origin(rule))


def rule_origin(rule: Rule) -> str:
    """The source of a rule, the items that it reads, its severity and its years, as Markdown."""
    items = ", ".join(f"{ui.plain(spec.labels().get(f, f))} ({ui.plain(f)})" for f in rule.fields)
    return (
        sources.in_markdown(rule.source)
        + (f"; DfE rule {ui.plain(rule.dfe)}" if rule.dfe else "")
        + f"  \nItems: {items or 'the file as a whole'}  \n"
        + f"Severity: {rulebook.severity_text(rule)}; years: {rulebook.years_text(rule)}"
    )


def _places_of(rows: Sequence[Mapping[str, Any]], origin: Origin | None) -> list[TablePlace | None]:
    """Where the tables of some findings are, for a return that is not XML."""
    return [] if origin is None else [origin.places.get(row["table_name"]) for row in rows]


def _places(rows: Sequence[Mapping[str, Any]], origin: Origin | None) -> dict[str, list[Any]]:
    """The columns that say where the rows of findings are: a line of the XML, or file, sheet and row."""
    lines = [row["line"] for row in rows]
    if origin is None:
        return {"Line": lines}
    places = _places_of(rows, origin)
    return {
        "Sheet": [place.sheet or None if place else None for place in places],
        "Row": lines,
        "File": [place.file or None if place else None for place in places],
    }


@access.only(Right.CHILD)
def records_table(
    found: findings.FindingsPage, key: str, is_choosing: bool = False, origin: Origin | None = None
) -> int | None:
    """Show findings of one rule with their people and places, and return the number of the person in the clicked row.

    is_choosing: rows are chosen to be marked, so nobody is opened. origin: what the return was made from, if not XML.

    The person and the problem come first, details for looking it up last. An item that all findings share is named
    above the table.
    """
    rows = found.rows
    names = [", ".join(dict.fromkeys(t for t in (row["surname"], row["forename"]) if t)) or None for row in rows]
    items = [spec.labels().get(row["field"], row["field"]) for row in rows]
    columns: dict[str, list[Any]] = {
        "Name": names,
        "UPN": [row["upn"] for row in rows],
        "Item": items if len(set(items)) > 1 else [None] * len(rows),
        "Mark": marking.column(rows),
        "Value": [row["value"] or "blank" for row in rows],
        "Detail": [row["detail"] for row in rows],
        "Date of birth": [masking.day_first(row["birth_date"]) for row in rows],
        "ULN": [row["uln"] for row in rows],
        "Person": [row["person_id"] for row in rows],
        **_places(rows, origin),
    }
    numbers = ("Person", "Line", "Row")
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
        selection_mode="multi-row" if is_choosing else "single-row",
        height=height(len(rows), RECORDS_SEEN),
        lazy=False,
        column_config={
            "Name": st.column_config.TextColumn(width=138),
            "UPN": st.column_config.TextColumn(width=116),
            "Mark": st.column_config.TextColumn(width=125),
            "Value": st.column_config.TextColumn(width=90),
            "Date of birth": st.column_config.TextColumn(width=90),
            **{name: st.column_config.NumberColumn(format="%d", width=62) for name in numbers},
        },
        alt=f"Records that the rule found. Click a row to {'choose it' if is_choosing else 'open the person'}.",
    )
    row = None if is_choosing else clicked_row(event)
    return rows[row]["person_id"] if row is not None and row < len(rows) else None


@access.only(Right.CHILD)
def show_records(report: Report, outcome: RuleOutcome, name: str, whose: Worklist = EVERYTHING) -> None:
    """The findings of one rule, a page at a time, with ways to open a person and to mark them. whose: only these."""
    rule_id, among = outcome.rule.id, whose.among
    key = f"{name}_page_{rule_id}"
    number = int(st.session_state.get(key, 1))
    found = findings.findings_page(report, rule_id, number, ui.names_hidden(), among)
    people = f" about {ui.counted(outcome.people, 'person', 'people')}" if outcome.people else ""
    caption = f"{ui.number(found.first)} to {ui.number(found.last)} of {ui.counted(found.total, 'finding')}{people}."
    items = {row["field"] for row in found.rows}
    if len(items) == 1 and (item := items.pop()):
        caption += f" Item: {ui.plain(spec.labels().get(item, item))} ({ui.plain(item)})."
    places = {place.words for place in _places_of(found.rows, report.given) if place is not None}
    if len(places) == 1:
        caption += f" In {ui.plain(places.pop())}."
    with st.container(gap="xsmall"):
        above = st.container()
        bar = marking.bar(report, rule_id, found, name, among, f"{name}_records_{rule_id}_{found.number}")
        if bar.is_choosing:
            caption += " Click a row to choose it."
        elif outcome.people:
            caption += " Click a row to open the person."
        above.caption(f"{caption} {marking.tally_text(report, rule_id)}")
        person = records_table(found, bar.key, bar.is_choosing, report.given)

    def opened(number: int) -> NoReturn:
        words = f"with {rule_id}{marking.filter_words(whose.mark)}"
        next_previous.remember(words, report.people_of_rule(rule_id, among), name)
        ui.open_person(number)

    if person is not None:
        opened(person)
    if found.n_pages > 1:
        # With fewer pages than before, such as under a filter, the page that was open may not exist.
        st.session_state[key] = found.number
        st.pagination(found.n_pages, key=key)
    if outcome.people:
        pieces.person_opener(report, name, opened)


def _filters(name: str) -> tuple[str | None, str, bool]:
    """The filters in the sidebar: part of the return, search words, and whether to show rules that found nothing."""
    with st.sidebar:
        module = module_filter(f"{name}_module")
        words = st.text_input(
            "Words in a rule", key=f"{name}_text", placeholder="UPN, date, setting", persist_state="session"
        )
        with_clear = st.checkbox("Also show rules that found nothing", key=f"{name}_clear", persist_state="session")
    return module, words, with_clear


def _choose_group(listed: Sequence[RuleOutcome], name: str) -> list[RuleOutcome]:
    """What to correct first: the rules of one group or of all groups, and why that group matters."""
    counts = priority.by_group(listed)
    key, group = f"{name}_affects", None
    choices: list[Any] = [ALL, *counts]
    if st.session_state.get(key) not in choices:
        st.session_state[key] = ALL
    if len(counts) > 1:
        labels: dict[Any, str] = {each: f"{priority.LABELS[each]} {ui.number(n)}" for each, n in counts.items()}
        labels[ALL] = f"All {ui.number(sum(counts.values()))}"
        picked = st.segmented_control(
            "What the findings affect",
            choices,
            format_func=lambda each: labels[each],
            key=key,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
        group = None if picked == ALL else picked
    shown = next(iter(counts), None) if group is None else group
    if shown is not None:
        lead = "" if group else "First: "
        st.markdown(f"{lead}**{priority.LABELS[shown]}.** {ui.plain(priority.why(shown, listed))}")
    return [outcome for outcome in listed if group is None or outcome.rule.affects == group or not outcome.count]


def _nothing(report: Report, rule: Rule) -> str:
    """That a rule found nothing, or nothing that passes the filters."""
    is_clear = report.outcome(rule.id).status == "clear"
    return "This rule found nothing." if is_clear else "This rule found nothing that passes the filters."


@access.only(Right.CHILD)
def findings_page(severity: Severity) -> None:
    """The whole page for one severity: its rules on the left, the records of the chosen rule on the right."""
    name, (one, many) = ui.SEVERITY_PAGES[severity], ui.SEVERITY_NOUNS[severity]
    title = name.capitalize()
    report = ui.report_or_stop(title, f"The {many} found in a return are listed here, by rule and by child.")
    of_severity = [outcome for outcome in report.outcomes if outcome.severity == severity]
    n_all = report.n_findings(severity)
    ui.header(title, LEADS[severity])
    pieces.show_rules_not_run(report, [outcome for outcome in of_severity if outcome.status == "broken"])
    if not n_all:
        st.success(f"No {many}. {ui.counted(len(of_severity), 'rule')} looked for them.", icon=":material/check:")
    filters, mark = _filters(name), marking.choose_filter(name)
    whose = worklist.sidebar(report, mark)
    outcomes = whose.outcomes(of_severity)
    listed = findings.matching(outcomes, *filters)
    st.sidebar.caption(
        f"{ui.number(len(listed))} of {ui.counted(len(outcomes), 'rule')}, "
        f"{ui.number(sum(o.count for o in listed))} of {ui.counted(n_all, 'finding')}"
    )
    worklist.say_left_out(whose, {outcome.rule.id for outcome in of_severity}, one, many)
    if not listed:
        if n_all:
            st.info("No rule matches these filters. Remove one to see more.", icon=":material/info:")
            if whose.among is not None:
                st.button("Show everyone", key=f"{name}_everyone", on_click=worklist.clear)
        marking.undo(name)
        return
    listed = priority.in_order(_choose_group(listed, name))
    with_status = any(outcome.status != "found" for outcome in listed)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        columns = ("Rule", "What it looks for", "Findings")
        chosen = choose_rule(listed, name, (*columns, "Status") if with_status else columns)
    with right:
        rule_heading(chosen.rule)
        st.markdown(f"**How to correct it:** {ui.plain(chosen.rule.guidance)}")
        if chosen.count:
            show_records(report, chosen, name, whose)
        elif chosen.status == "clear":
            st.success(_nothing(report, chosen.rule), icon=":material/check:")
            marking.undo(name)
        else:
            pieces.show_rules_not_run(report, [chosen])
        with st.expander("Where this rule comes from"):
            st.markdown(rule_origin(chosen.rule))
    _downloads(report, severity, chosen, listed, whose)
    pieces.show_rules_not_run(
        report, [outcome for outcome in outcomes if outcome.status in ("not_run", "not_applicable")]
    )


def _downloads(
    report: Report, severity: Severity, chosen: RuleOutcome, listed: Sequence[RuleOutcome], whose: Worklist
) -> None:
    """The files of the page, which hold what its filters show."""
    name, many = ui.SEVERITY_PAGES[severity], ui.SEVERITY_NOUNS[severity][1]
    st.subheader("Downloads", anchor=False)
    if whose.among is not None:
        st.caption("These files hold only the findings that pass the filters.")
    choices: dict[str, tuple[str, Sequence[str] | None]] = {}
    if chosen.count:
        choices[f"{chosen.rule.id} (CSV)"] = (chosen.rule.id, [chosen.rule.id])
    choices[f"The {ui.counted(len(listed), 'rule')} listed above (CSV)"] = (
        f"{name} listed",
        [o.rule.id for o in listed],
    )
    of_severity = [outcome.rule.id for outcome in report.outcomes if outcome.severity == severity]
    choices[f"All {many} (CSV)"] = (name, of_severity)
    choices["Everything that was found (CSV)"] = ("findings", None)
    with_names = pieces.finding_downloads(report, choices, name, whose.among)
    teams.workbook_download(report, of_severity, with_names, name, whose)
