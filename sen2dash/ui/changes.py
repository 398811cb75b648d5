"""The page "Since last time": what happened to the findings, who has changed, indicators, and how far returns agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import pyarrow as pa
import streamlit as st

from sen2dash import spec, ui
from sen2dash.analysis import changes
from sen2dash.analysis.changes import PAGE_ROWS, Page, Since
from sen2dash.checks import masking
from sen2dash.errors import UserError
from sen2dash.model import SEVERITIES, SEVERITY_LABELS, Progress
from sen2dash.output import comparison, export
from sen2dash.reading.source import SourceText
from sen2dash.ui import filters, pieces
from sen2dash.ui.findings import RECORDS_SEEN, height
from sen2dash.ui.rows import clicked_row
from sen2dash.web.vault import Entry

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
#: The choice of a rule, and its text for all rules. This many rules leave room for the first of their findings.
RULE, ALL_RULES, FEW_RULES_SEEN = "changes_rule", "All rules", 6
#: Whether a link on the start page was clicked.
ASKED = "changes_asked"


class Earlier(NamedTuple):
    """A return to compare with. time: when it was loaded, for a previous version of this return; otherwise empty."""

    source: SourceText
    time: str


def earlier_ones(entry: Entry) -> dict[str, Earlier]:
    """The returns that this one can be compared with, by name: its previous version and the one that was added."""
    inputs, found = entry.inputs, {}
    if inputs.before is not None:
        when = inputs.before.taken_at
        found[f"the version of {when:%H:%M} ({inputs.before.name})"] = Earlier(inputs.before.source, f"{when:%H:%M}")
    if inputs.previous is not None:
        found[f"the earlier return {inputs.previous_name}"] = Earlier(inputs.previous, "")
    return found


def choose_or_stop(entry: Entry) -> Since:
    """The comparison with the chosen earlier return; if there is none, say how to get one and stop."""
    found = earlier_ones(entry)
    if not found:
        with st.container(border=True):
            st.markdown(
                "**There is nothing to compare with yet.** Load the next version of the return, or add an earlier one."
            )
            st.page_link(ui.page("upload"), label="Add an earlier return")
        st.stop()
    name = next(iter(found))
    if len(found) > 1:
        name = st.segmented_control(
            "Compare with",
            list(found),
            default=name,
            format_func=ui.plain,
            key="changes_with",
            required=True,
            persist_state="session",
        )
    else:
        st.caption(f"Compared with {ui.plain(name)}.")
    return since(entry, found[name])


def since(entry: Entry, earlier: Earlier) -> Since:
    """The comparison with an earlier return, made on first use."""
    inputs, held = entry.inputs, entry.since
    if held is None or held.settings != inputs.settings or held.source is not earlier.source:
        bar = st.progress(0.0, text="Checking the earlier return")

        def move(progress: Progress) -> None:
            bar.progress(min(progress.fraction, 1.0), text="Checking the earlier return")

        try:
            held = changes.look_back(entry.report, earlier.source, inputs.settings, inputs.establishments, move)
            entry.keep_since(held)
        finally:
            bar.empty()
    return held


def latest(entry: Entry) -> tuple[Earlier, Since] | None:
    """The comparison that is already there or else with the first earlier return; None if there is no such return."""
    found, held = list(earlier_ones(entry).values()), entry.since
    made = [each for each in found if held is not None and held.source is each.source]
    return next(((each, since(entry, each)) for each in made or found), None)


def summary_on_start(entry: Entry) -> None:
    """One sentence on the start page on what has changed since the previous version, with a link for each part."""
    earlier = next((each for each in earlier_ones(entry).values() if each.time), None)
    if earlier is None:
        return
    try:
        found = since(entry, earlier)
    except UserError as error:
        # The return itself is checked; only the comparison is missing.
        ui.show_user_error(error, about=f"Comparing with the version of {earlier.time}")
        return
    n, people = found.n_by_fate, found.compared.people
    title, before, after = changes.within_20_weeks(found, entry.report)
    with st.container(border=True, key="since"):
        st.markdown(f"**Since the version of {earlier.time}**{_serial(found)}:")
        with st.container(horizontal=True):
            for fate, label in (("cleared", "cleared"), ("new", "new"), ("still", "still there")):
                words = f"{ui.counted(n[fate], 'finding')} {label}"
                st.button(words, key=f"since_{fate}", on_click=partial(_show, view="findings", fate=fate))
            changed = people.changed + people.added + people.gone
            words = f"{ui.counted(changed, 'person', 'people')} changed, added or gone"
            st.button(words, key="since_people", on_click=partial(_show, view="people"))
            share = f"still {after}" if before == after else f"{before} to {after}"
            st.button(f"{title} {share}", key="since_figures", on_click=partial(_show, view="figures"))
    if st.session_state.pop(ASKED, False):
        st.switch_page(ui.page("changes"))


def _serial(found: Since) -> str:
    """The serial number of the earlier version, in brackets."""
    return f" (serial number {ui.plain(found.serial_before)})" if found.serial_before else ""


def _show(view: str, fate: str | None = None) -> None:
    """Open one view of the page on what has changed."""
    for key in ("changes_severity", "changes_fate", RULE):
        st.session_state.pop(key, None)
    st.session_state.update({"changes_view": view, ASKED: True} | ({"changes_fate": fate} if fate else {}))


def summary(entry: Entry, since: Since) -> None:
    """The numbers of the page in one row, after a note on what could not be run on either return."""
    figures = comparison.Figures(since.indicators_before, changes.indicators_after(entry.report))
    for words in comparison.could_not_run(since.compared, figures):
        st.error(f"{ui.plain(words)} This is a fault of the program, not of your return.", icon=":material/error:")
    people, findings = since.compared.people, since.n_by_fate
    numbers = {
        "Findings cleared": findings["cleared"],
        "Findings new": findings["new"],
        "Findings still there": findings["still"],
        "People changed": people.changed,
        "People added": people.added,
        "People gone": people.gone,
    }
    for column, (label, value) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(label, ui.number(value))


def _filter(place: Any, label: str, everything: str, labels: Mapping[Any, str], key: str) -> Any:
    """A choice of one of these, or None for everything. place: the column that it is drawn in."""
    return place.selectbox(
        label,
        [None, *labels],
        format_func=lambda each: everything if each is None else labels[each],
        key=key,
        persist_state="session",
    )


def show_findings(entry: Entry, since: Since) -> None:
    """What happened to the findings, by rule and by person."""
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    kind = _filter(left, "Findings", "All findings", comparison.FATE_LABELS, "changes_fate")
    labels = {severity: SEVERITY_LABELS[severity] for severity in SEVERITIES}
    severity = _filter(middle, "Severity", "All severities", labels, "changes_severity")
    kinds = list(comparison.FATE_LABELS) if kind is None else [kind]
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
    if rule == ALL_RULES:
        numbers = {name: [getattr(fate, name) for fate in listed] for name in ("cleared", "new", "still")}
        st.dataframe(
            pa.table(
                {
                    "Rule": [fate.rule.id for fate in listed],
                    "What it looks for": [fate.rule.title for fate in listed],
                    "Severity": [SEVERITY_LABELS[fate.severity] for fate in listed],
                    **{comparison.FATE_LABELS[name]: pa.array(of, pa.int64()) for name, of in numbers.items()},
                }
            ),
            hide_index=True,
            key=f"changes_rules_{kind}_{severity}",
            on_select=partial(_choose_rule, f"changes_rules_{kind}_{severity}", list(by_id)),
            selection_mode="single-row",
            height=height(len(listed), FEW_RULES_SEEN),
            alt="Rules, with the findings that were cleared, are new and are still there. Click a row to see them.",
        )
    chosen = listed if rule == ALL_RULES else [by_id[rule]]
    key = f"changes_findings_page_{kind}_{severity}_{rule}"
    page = changes.findings_page(since, chosen, kinds, int(st.session_state.get(key, 1)), ui.names_hidden())
    columns: dict[str, list[Any]] = {
        "Since then": [comparison.FATE_LABELS[row["fate"]] for row in page.rows],
        "Rule": [row["rule_id"] for row in page.rows],
        **_people(page.rows),
        "Item": [spec.labels().get(row["field"], row["field"]) for row in page.rows],
        "Value in the file": [row["value"] for row in page.rows],
        "Detail": [row["detail"] for row in page.rows],
        **_numbers_before(page.rows),
        "ULN": [row["uln"] for row in page.rows],
    }
    _list(page, columns, key, "Findings. Click a row to open the person.")


def _choose_rule(key: str, rule_ids: Sequence[str]) -> None:
    """Show the rule whose row was selected."""
    row = clicked_row(st.session_state[key])
    if row is not None and row < len(rule_ids):
        st.session_state[RULE] = rule_ids[row]


def show_people(entry: Entry, since: Since) -> None:
    """People and rows that were added, are gone or have changed, with each item in both returns."""
    left, right = st.columns(2, vertical_alignment="bottom")
    kind = _filter(left, "Differences", "All differences", comparison.KIND_LABELS, "changes_kind")
    table = _filter(right, "Part of the return", "All parts", TABLE_LABELS, "changes_table")
    kinds = list(comparison.KIND_LABELS) if kind is None else [kind]
    key = f"changes_differences_page_{kind}_{table}"
    tables = list(TABLE_LABELS) if table is None else [table]
    page = changes.differences_page(since, tables, kinds, int(st.session_state.get(key, 1)), ui.names_hidden())
    columns: dict[str, list[Any]] = {
        "Difference": [comparison.KIND_LABELS[row["kind"]] for row in page.rows],
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
        st.info("This person is not in the present return, so there is no page to open.", icon=":material/info:")
    if page.total > PAGE_ROWS:
        st.pagination(-(-page.total // PAGE_ROWS), key=key)


def show_figures(entry: Entry, since: Since) -> None:
    """The indicators of both returns."""
    is_sharing = bool(st.session_state.get(filters.SHARING, False))
    if is_sharing:
        st.caption("Counts are rounded for sharing, as on the pages of figures.")
    texts = changes.indicator_texts(since, entry.report, is_sharing)
    names = ("Indicator", "Before", "After")
    st.dataframe(
        pa.table(dict(zip(names, map(list, zip(*texts, strict=True)), strict=True))),
        hide_index=True,
        height=height(len(texts), RECORDS_SEEN),
        alt="Indicators before and after.",
    )


def show_agreement(entry: Entry, since: Since) -> None:
    """How far the two returns agree item by item, as two case systems' versions of the same period."""
    st.markdown("Use this when you move to another case system: both files should then say the same.")
    compared = since.compared
    rows = [
        (
            TABLE_LABELS[table],
            comparison.VERDICTS[compared.are_equal(table)],
            spec.item(table, item.field).label,
            item.both,
            item.equal,
            item.blank_before,
            item.blank_after,
            " ".join(map(comparison.pattern_text, item.patterns)),
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
VIEWS: Mapping[str, tuple[str, Callable[[Entry, Since], None]]] = {
    "findings": ("Findings", show_findings),
    "people": ("People and records", show_people),
    "figures": ("Indicators", show_figures),
    "agreement": ("Agreement", show_agreement),
}


def downloads(entry: Entry, since: Since) -> None:
    """The differences and the findings as files."""
    st.header("Downloads", anchor=False)
    with_names = not (
        ui.names_hidden()
        or st.checkbox("Leave out names and dates of birth", key="changes_without", persist_state="session")
    )
    if ui.names_hidden():
        st.caption("Names are hidden, so the files leave out names and dates of birth.")
    collection = entry.report.collection
    with st.container(horizontal=True):
        for label, what, make in (
            ("Differences (CSV)", "differences", comparison.csv_pieces),
            ("Findings (CSV)", "findings since last time", comparison.findings_csv_pieces),
        ):
            pieces.download(
                label,
                partial(_joined, make, since, with_names),
                export.file_name(collection, what, "csv"),
                "text/csv",
                f"changes_{what}",
            )


def _joined(make: Callable[..., Any], since: Since, with_names: bool) -> bytes:
    return b"".join(make(since.compared, with_names))
