"""The views of the page "Since last time": findings, people and records, indicators, and how far two returns agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import streamlit as st

from sen2dash import spec, ui
from sen2dash.analysis import changes
from sen2dash.analysis.changes import PAGE_ROWS, Page, ReturnChanges
from sen2dash.checks import masking
from sen2dash.compare.findings import Fate
from sen2dash.model import SEVERITIES, SEVERITY_LABELS
from sen2dash.output import comparison_words
from sen2dash.ui import filters, pieces
from sen2dash.ui.rows import NO_ROW, RECORDS_SEEN, choose_clicked, clicked_row, height, with_row
from sen2dash.web import access
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn

TABLE_LABELS: Mapping[str, str] = {
    "header": "Header",
    "person": "Person details",
    "requests": "Requests",
    "assessment": "Assessments",
    "namedplan": "Plans",
    "plandetail": "Establishments named on plans",
    "activeplans": "Reviews",
    "placementdetail": "Placements",
    "senneed": "Needs",
}


#: The heading for a person's number in the earlier return.
BEFORE_NUMBER = "Person number before"


#: The choice of a rule, and its text for all rules.
RULE, ALL_RULES = "changes_rule", "All rules"
#: How many indicators are visible without scrolling.
INDICATORS_SEEN = 8


@access.only(Right.CHILD)
def show_findings(entry: LoadedReturn, since: ReturnChanges) -> None:
    """What happened to the findings, by rule and by person."""
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    kind = pieces.one_or_all(left, "Findings", "All findings", comparison_words.FATE_LABELS, "changes_fate")
    labels = {severity: SEVERITY_LABELS[severity] for severity in SEVERITIES}
    severity = pieces.one_or_all(middle, "Severity", "All severities", labels, "changes_severity")
    kinds = list(comparison_words.FATE_LABELS) if kind is None else [kind]
    listed = [fate for fate in changes.fates(since, severity) if any(getattr(fate, each) for each in kinds)]
    by_id = {fate.rule.id: fate for fate in listed}
    if st.session_state.get(RULE) not in by_id:
        st.session_state[RULE] = ALL_RULES
    rule = right.selectbox(
        "Rule",
        [ALL_RULES, *by_id],
        format_func=lambda each: f"{by_id[each].rule.label} {by_id[each].rule.title}" if each in by_id else each,
        key=RULE,
        persist_state="session",
    )
    if not listed:
        st.info("No finding matches these filters. Remove one to see more.", icon=":material/info:")
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _rules(listed, rule, f"changes_rules_{kind}_{severity}")
    chosen = listed if rule == ALL_RULES else [by_id[rule]]
    key = f"changes_findings_page_{kind}_{severity}_{rule}"
    page = changes.findings_page(since, chosen, kinds, int(st.session_state.get(key, 1)), ui.names_hidden())
    columns: dict[str, list[Any]] = {
        "Since then": [comparison_words.FATE_LABELS[row["fate"]] for row in page.rows],
        "Rule": [row["rule_id"] for row in page.rows],
        **_people(page.rows),
        "Item": [spec.labels().get(row["field"], row["field"]) for row in page.rows],
        "Value in the file": [row["value"] for row in page.rows],
        "Detail": [row["detail"] for row in page.rows],
        **_numbers_before(page.rows),
        "ULN": [row["uln"] for row in page.rows],
    }
    with right:
        _list(page, columns, key, "Findings. Click a row to open the person.")


def _rules(listed: Sequence[Fate], chosen: str, key: str) -> None:
    """The rules with what happened to their findings; the chosen one is marked."""
    ids = [fate.rule.id for fate in listed]
    numbers = {name: [getattr(fate, name) for fate in listed] for name in ("cleared", "new", "still")}
    st.session_state[key] = with_row(ids.index(chosen)) if chosen in ids else NO_ROW
    # As high as the caption of the list beside it, so that both tables start level.
    st.caption(f"{ui.counted(len(listed), 'rule')}. Click a row for its findings alone.")
    st.dataframe(
        pa.table(
            {
                "Rule": ids,
                **{comparison_words.FATE_LABELS[name]: pa.array(of, pa.int64()) for name, of in numbers.items()},
                "What it looks for": [fate.rule.title for fate in listed],
            }
        ),
        hide_index=True,
        key=key,
        on_select=partial(_choose_rule, key, ids),
        selection_mode="single-row",
        height=height(len(listed), RECORDS_SEEN),
        column_config={
            "Rule": st.column_config.TextColumn(width=58),
            **{
                label: st.column_config.NumberColumn(format="localized", width=70)
                for label in comparison_words.FATE_LABELS.values()
            },
        },
        alt="Rules, with the findings that were cleared, are new and are still there. Click a row to see them.",
    )


def _choose_rule(key: str, rule_ids: Sequence[str]) -> None:
    """Show the rule whose row was selected, or all rules once it no longer is."""
    row = clicked_row(st.session_state[key])
    st.session_state[RULE] = ALL_RULES if row is None or row >= len(rule_ids) else rule_ids[row]


@access.only(Right.CHILD)
def show_people(entry: LoadedReturn, since: ReturnChanges) -> None:
    """People and rows that were added, are gone or have changed, with each item in both returns."""
    left, right = st.columns(2, vertical_alignment="bottom")
    kind = pieces.one_or_all(left, "Differences", "All differences", comparison_words.KIND_LABELS, "changes_kind")
    table = pieces.one_or_all(right, "Part of the return", "All parts", TABLE_LABELS, "changes_table")
    kinds = list(comparison_words.KIND_LABELS) if kind is None else [kind]
    key = f"changes_differences_page_{kind}_{table}"
    tables = list(TABLE_LABELS) if table is None else [table]
    page = changes.differences_page(since, tables, kinds, int(st.session_state.get(key, 1)), ui.names_hidden())
    columns: dict[str, list[Any]] = {
        "Difference": [comparison_words.KIND_LABELS[row["kind"]] for row in page.rows],
        **_people(page.rows),
        "Item": [_label(row) for row in page.rows],
        "Before": [_text(row, "before") for row in page.rows],
        "After": [_text(row, "after") for row in page.rows],
        **_numbers_before(page.rows),
        "ULN": [row["uln"] for row in page.rows],
    }
    _list(page, columns, key, "Differences. Click a row to open the person.")


def _label(row: Mapping[str, Any]) -> str:
    """The item that has changed, or the kind of row that was added or is gone."""
    return spec.item(row["table"], row["field"]).label if row["field"] else f"({TABLE_LABELS[row['table']]})"


def _text(row: Mapping[str, Any], side: str) -> str:
    """The text in one of the returns; a blank is written out, because it is the change."""
    return (row[side] or "blank") if row["field"] else ""


def _people(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {
        "Person": [row["after_person"] for row in rows],
        "Surname": [row["surname"] for row in rows],
        "Forename": [row["forename"] for row in rows],
        "UPN": [row["upn"] for row in rows],
    }


def _numbers_before(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The columns at the end of a row, which tell people apart."""
    return {
        "Date of birth": [masking.day_first(row["birth_date"]) for row in rows],
        BEFORE_NUMBER: [row["before_person"] for row in rows],
    }


def _list(page: Page, columns: Mapping[str, Sequence[Any]], key: str, alt: str) -> None:
    """A page of a list, with a link to each person in the current return."""
    if not page.total:
        st.info("Nothing matches these filters.", icon=":material/info:")
        return
    st.caption(f"{ui.number(page.first)} to {ui.number(page.last)} of {ui.number(page.total)}")
    numbers = ("Person", BEFORE_NUMBER)
    table = pa.table(
        {
            name: pa.array(values, pa.int64()) if name in numbers else pa.array([v or "" for v in values], pa.string())
            for name, values in columns.items()
        }
    )
    event = st.dataframe(
        table,
        hide_index=True,
        key=f"{key}_table",
        on_select="rerun",
        selection_mode="single-row",
        height=height(len(page.rows), RECORDS_SEEN),
        lazy=False,
        column_config={
            "Person": st.column_config.NumberColumn(format="%d", width=75),
            "Item": st.column_config.TextColumn(width=200),
            "Before": st.column_config.TextColumn(width=110),
            "After": st.column_config.TextColumn(width=110),
        },
        alt=alt,
    )
    row = clicked_row(event)
    if row is not None and row < len(page.rows):
        if (person := page.rows[row]["after_person"]) is not None:
            ui.open_person(person)
        st.info("This person is not in the current return, so there is no page to open.", icon=":material/info:")
    if page.total > PAGE_ROWS:
        st.pagination(-(-page.total // PAGE_ROWS), key=key)


@access.only(Right.CHILD)
def show_figures(entry: LoadedReturn, since: ReturnChanges) -> None:
    """The indicators of both returns on the left, and the people who moved the chosen one on the right."""
    if bool(st.session_state.get(filters.SHARING, False)):
        st.caption("Counts are rounded for sharing, as on the pages of figures. Lists of people are left out.")
        texts = list(changes.indicator_texts(since, entry.report, is_sharing=True).values())
        st.dataframe(
            pa.table(dict(zip(("Indicator", "Before", "After"), map(list, zip(*texts, strict=True)), strict=True))),
            hide_index=True,
            height=height(len(texts), RECORDS_SEEN),
            alt="Indicators before and after.",
        )
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen, title = _choose_indicator(entry, since)
    with right:
        st.header(title, anchor=False)
        key = f"changes_moved_page_{chosen}"
        page = changes.moved_page(since, chosen, int(st.session_state.get(key, 1)), ui.names_hidden())
        if not page.total:
            st.info("No one's record changed this indicator.", icon=":material/info:")
            return
        st.markdown("People counted differently in the two returns, or in only one of them. Click a row to open one.")
        columns: dict[str, list[Any]] = {
            "Surname": [row["surname"] for row in page.rows],
            "Before": [row["before"] for row in page.rows],
            "After": [row["after"] for row in page.rows],
            **_people(page.rows),
            **_numbers_before(page.rows),
        }
        _list(page, columns, key, "People who moved the indicator. Click a row to open the person.")


def _choose_indicator(entry: LoadedReturn, since: ReturnChanges) -> tuple[str, str]:
    """The id and title of the indicator that is shown: clicked in the table or chosen in the list under it.

    At first, the one that most people moved.
    """
    texts, moved = changes.indicator_texts(since, entry.report, is_sharing=False), changes.n_moved(since)
    ids, key, table = list(texts), "changes_indicator", "changes_indicators"
    if st.session_state.get(key) not in texts:
        st.session_state[key] = max(ids, key=lambda each: moved.get(each, 0))

    st.session_state[table] = with_row(ids.index(st.session_state[key]))
    columns = dict(zip(("Indicator", "Before", "After"), map(list, zip(*texts.values(), strict=True)), strict=True))
    st.dataframe(
        pa.table({**columns, "Moved by": pa.array([moved.get(each, 0) for each in ids], pa.int64())}),
        hide_index=True,
        key=table,
        on_select=partial(choose_clicked, table, key, ids),
        selection_mode="single-row",
        height=height(len(ids), INDICATORS_SEEN),
        column_config={
            "Indicator": st.column_config.TextColumn(width=255),
            "Before": st.column_config.TextColumn(width=125),
            "After": st.column_config.TextColumn(width=125),
            "Moved by": st.column_config.NumberColumn(
                format="localized", width=75, help="How many people count in it differently"
            ),
        },
        alt="Indicators before and after. Click a row to see the people who moved it.",
    )
    chosen = st.selectbox(
        "Indicator to show", ids, format_func=lambda each: texts[each][0], key=key, persist_state="session"
    )
    return chosen, texts[chosen][0]


@access.only(Right.CHILD)
def show_agreement(entry: LoadedReturn, since: ReturnChanges) -> None:
    """How far the two returns agree item by item, as two case systems' versions of the same period."""
    st.markdown("Use this when you move to another case system: both files should then say the same.")
    compared = since.compared
    rows = [
        (
            TABLE_LABELS[table],
            comparison_words.VERDICTS[compared.are_equal(table)],
            spec.item(table, item.field).label,
            item.both,
            item.equal,
            item.blank_before,
            item.blank_after,
            " ".join(map(comparison_words.pattern_text, item.patterns)),
        )
        for table in compared.tables
        for item in compared.agreement[table]
        if not item.is_equal or item.patterns
    ]
    verdicts = {table: compared.are_equal(table) for table in compared.tables}
    equal = [TABLE_LABELS[table] for table, is_equal in verdicts.items() if is_equal]
    st.markdown(f"**Equal:** {', '.join(equal) or 'no part'}.")
    if not rows:
        st.success("Every item of the rows in both returns agrees.", icon=":material/check:")
        return
    names = ("Part", "Part is", "Item", "Both filled", "Equal", "Blank before", "Blank after", "How they differ")
    st.dataframe(
        pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))),
        hide_index=True,
        height=height(len(rows), RECORDS_SEEN),
        column_config={
            name: st.column_config.NumberColumn(format="localized")
            for name in ("Both filled", "Equal", "Blank before", "Blank after")
        },
        alt="Items that do not agree.",
    )


#: The views of the page, with their titles.
VIEWS: Mapping[str, tuple[str, Callable[[LoadedReturn, ReturnChanges], None]]] = {
    "findings": ("Findings", show_findings),
    "people": ("People and records", show_people),
    "figures": ("Indicators", show_figures),
    "agreement": ("Agreement", show_agreement),
}
