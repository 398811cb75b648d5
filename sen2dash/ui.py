"""The frame and the pieces that every page shares, so that each is worded, masked and laid out in one place.

No page shows anything before `guard` has run; nothing personal reaches the browser while names are hidden; an error
that nobody foresaw ends in a reference number here and nowhere else.
"""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import streamlit as st

from sen2dash import browse, export, masking, record, spec, vault
from sen2dash.config import Settings
from sen2dash.errors import UserError
from sen2dash.model import MODULE_LABELS, MODULES, SEVERITIES, SEVERITY_LABELS, Progress, RuleOutcome, Severity
from sen2dash.record import Record, Remark
from sen2dash.report import Report, build_report
from sen2dash.source import SourceText
from sen2dash.vault import Entry, Inputs

LOG = logging.getLogger("sen2dash")
ROOT = Path(__file__).resolve().parent.parent
#: Every page in the order of the menu: file name, title, icon. The first is where a visit starts.
PAGES = (
    ("upload", "Your return", "upload_file"),
    ("errors", "Errors", "error"),
    ("queries", "Queries", "help"),
    ("information", "Information", "info"),
    ("person", "One person", "person"),
    ("rulebook", "Rulebook", "menu_book"),
    ("downloads", "Downloads", "download"),
)
STARTED = "ui_started"
HIDE_NAMES = "ui_hide_names"
STYLE = """
<style>
:focus-visible { outline: 3px solid #0b0c0c !important; outline-offset: 1px; box-shadow: 0 0 0 3px #ffdd00 !important; }
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stElementToolbar"],
  .stButton, .stDownloadButton, .stFileUploader, .stForm { display: none !important; }
  .stMainBlockContainer { padding: 0 !important; max-width: none !important; }
}
</style>
"""
SEVERITY_MARKS = {"error": ":material/error:", "query": ":material/help:", "info": ":material/info:"}
SEVERITY_NOUNS = {
    "error": ("error", "errors"),
    "query": ("query", "queries"),
    "info": ("item of information", "items of information"),
}
SEVERITY_PAGES: dict[Severity, str] = {"error": "errors", "query": "queries", "info": "information"}
SEVERITY_LEADS = {
    "error": "Put each error right in the case system before you submit, then export the return and check it again.",
    "query": "A query may be right or wrong. Correct it, or be ready to explain it in a note to the DfE.",
    "info": "Worth a look, but the DfE does not ask about these. Nothing here has to be changed.",
}


# -- words and numbers ----------------------------------------------------------------------------------------


def number(value: int) -> str:
    """An integer with commas: 12,345."""
    return f"{value:,}"


def counted(value: int, one: str, many: str | None = None) -> str:
    """A number and its noun: '1 person', '1,234 people'."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def day(value: date) -> str:
    """A date for people: 16 January 2025."""
    return f"{value.day} {value:%B %Y}"


def plain(text: object) -> str:
    """A text from the return as it stands, safe inside Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~$:^=@&\"'/])", r"\\\1", str(text)).replace("\n", " ")


def authority(report: Report) -> str:
    """The name of the authority that the return is from."""
    found = spec.authorities().get(report.collection.lea or "")
    return found.name if found else f"Local authority {report.collection.lea or 'not given'}"


def badge(severity: Severity) -> str:
    """A severity as a mark and a word, for Markdown: never by colour alone."""
    return f"{SEVERITY_MARKS[severity]} **{SEVERITY_LABELS[severity]}**"


# -- the frame ------------------------------------------------------------------------------------------------


def page(name: str) -> Any:
    """The page of this file name, for links and for the menu."""
    place, (file, title, icon) = next((i, p) for i, p in enumerate(PAGES) if p[0] == name)
    return st.Page(
        ROOT / "pages" / f"{file}.py",
        title=title,
        icon=f":material/{icon}:",
        url_path=file,
        default=place == 0,
    )


def start() -> None:
    """Set the session up and draw what stands around every page. Called by main.py alone."""
    st.set_page_config(page_title="sen2dash", page_icon=":material/fact_check:", layout="wide")
    st.html(STYLE)
    st.session_state[STARTED] = True
    entry = vault.current()
    with st.sidebar:
        if entry is not None:
            report = entry.report
            st.markdown(f"**{plain(authority(report))}**  \n{plain(report.collection.label)}")
            if entry.inputs.is_made_up:
                st.caption("Made-up data: no real child is shown.")
        st.toggle(
            "Hide names and dates of birth",
            key=HIDE_NAMES,
            help="For a shared screen or a screenshot. Names and dates of birth are taken out before a page is sent.",
        )


def guard() -> None:
    """Stop unless main.py has set this session up. Every page calls it first."""
    if not st.session_state.get(STARTED):
        st.error("This page cannot be opened on its own.")
        st.stop()
    vault.session()


def names_hidden() -> bool:
    """Whether names and birth dates are to be hidden now."""
    return bool(st.session_state.get(HIDE_NAMES, False))


def header(title: str, lead: str = "") -> None:
    """The heading of a page and one line under it."""
    st.title(title, anchor=False)
    if lead:
        st.markdown(lead)


def report_or_stop(title: str, what: str) -> Report:
    """The session's report; where there is none, say what would stand here and how to get it, and stop."""
    entry = vault.current()
    if entry is None:
        _say_no_return(title, what)
    return entry.report


def _say_no_return(title: str, what: str) -> NoReturn:
    header(title)
    with st.container(border=True):
        if vault.has_timed_out():
            st.markdown(
                f"**Your return was erased** because nobody used it for {counted(Settings().idle_minutes, 'minute')}. "
                "Choose the file again to go on."
            )
        else:
            st.markdown("**No return is loaded.**")
        st.markdown(what)
        st.page_link(page("upload"), label="Choose a return", icon=":material/upload_file:")
    st.caption("A return is kept for this visit only. Refreshing or closing the tab erases it.")
    st.stop()


def show_user_error(error: UserError) -> None:
    """What is wrong, the particulars and what to do."""
    st.error(f"**{plain(error.title)}**\n\n{plain(error.message)}", icon=":material/error:")
    if error.hint:
        st.markdown(plain(error.hint))


def log_unexpected(error: BaseException, where: str) -> str:
    """Log an error by its class and the line of our code, never by its message; the reference number to show."""
    reference = secrets.token_hex(4).upper()
    ours = (str(ROOT / "sen2dash"), str(ROOT / "pages"))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(ours)]
    at = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "outside the project"
    LOG.error("reference %s: %s on %s at %s", reference, type(error).__name__, where, at)
    return reference


@contextmanager
def caught(where: str) -> Iterator[None]:
    """Show errors as people should see them: a UserError in its own words, anything else by a reference number."""
    try:
        yield
    except UserError as error:
        show_user_error(error)
    except Exception as error:  # noqa: BLE001 - the one place where a fault of ours is caught
        reference = log_unexpected(error, where)
        st.error(
            f"**Something went wrong on this page.** It is a fault of the program, not of your return. "
            f"Your return is still loaded. Reference number: **{reference}**",
            icon=":material/error:",
        )
        st.markdown(
            "Try the page again. If it happens again, give whoever looks after sen2dash the reference number: "
            "it is in the server's log with the place in the program, and without any child's data."
        )
        st.page_link(page("upload"), label="Go to your return")


# -- reading a return -----------------------------------------------------------------------------------------


def check(inputs: Inputs, data: bytes) -> None:
    """Read and check a return, with a bar that moves, and keep the report for this session. Raises UserError."""
    bar = st.progress(0.0, text="Reading the file")
    shown = -1

    def move(progress: Progress) -> None:
        nonlocal shown
        is_reading = progress.stage == "reading"
        percent = int(progress.fraction * 60) if is_reading else 60 + int(progress.fraction * 40)
        if percent == shown:
            return
        shown = percent
        if is_reading:
            text = f"Reading the file: {progress.done / 1e6:,.1f} of {progress.total / 1e6:,.1f} MB"
        else:
            text = f"Checking: rule {progress.done} of {progress.total}, {plain(progress.label)}"
        bar.progress(percent / 100, text=text)

    previous = inputs.previous.data() if inputs.previous is not None else None
    try:
        report = build_report(data, Settings(), move, previous=previous, establishments=inputs.establishments)
    finally:
        bar.empty()
    vault.keep(report, inputs)


def check_again(entry: Entry, **changes: Any) -> None:
    """Check the session's return again with other extras (fields of Inputs)."""
    inputs = replace(entry.inputs, **changes)
    check(inputs, inputs.source.data())


# -- shared pieces --------------------------------------------------------------------------------------------


def trouble(report: Report, outcomes: Sequence[RuleOutcome] | None = None) -> None:
    """Name the rules that could not run, and those that had nothing to run on."""
    among = report.outcomes if outcomes is None else outcomes
    broken = [outcome for outcome in among if outcome.status == "broken"]
    waiting = [outcome for outcome in among if outcome.status == "not_run"]
    if broken:
        names = "\n".join(f"- **{o.rule.id}** {plain(o.rule.title)}: {plain(o.reason or '')}" for o in broken)
        st.error(
            f"**{counted(len(broken), 'rule')} could not run.** This is a fault of the program, not of your return. "
            f"What {'it looks' if len(broken) == 1 else 'they look'} for has not been checked:\n\n{names}",
            icon=":material/error:",
        )
    if waiting:
        reasons: dict[str, list[RuleOutcome]] = {}
        for outcome in waiting:
            reasons.setdefault(outcome.reason or "", []).append(outcome)
        lines = "\n".join(f"- {', '.join(o.rule.id for o in of)}: {plain(why)}" for why, of in reasons.items())
        st.info(f"**{counted(len(waiting), 'rule')} not run.**\n\n{lines}", icon=":material/info:")


def download(label: str, make: Callable[[], bytes], file_name: str, mime: str, key: str) -> None:
    """A download that is made when it is asked for, and does not redraw the page."""

    def made() -> bytes:
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - the message may hold values of the return
            raise RuntimeError(f"reference {log_unexpected(error, f'download {key}')}") from None

    st.download_button(
        label, made, file_name=file_name, mime=mime, key=key, on_click="ignore", icon=":material/download:"
    )


def open_person(person: int) -> NoReturn:
    """Go to the page of one person."""
    st.switch_page(page("person"), query_params={"person": str(person)})


def person_opener(report: Report, key: str) -> None:
    """A small form that opens a person by number: the way in for keyboards and screen readers."""
    with st.form(f"{key}_open", border=False):
        field, button = st.columns([1, 3], vertical_alignment="bottom")
        chosen = field.number_input(
            "Person number",
            min_value=1,
            max_value=max(report.counts["person"], 1),
            value=None,
            step=1,
            key=f"{key}_person_number",
        )
        if button.form_submit_button("Open this person") and chosen is not None:
            open_person(int(chosen))


def selected_row(event: Any) -> int | None:
    """The row that is selected in a table, or None."""
    rows = event["selection"]["rows"]
    return rows[0] if rows else None


def rules_table(outcomes: Sequence[RuleOutcome], key: str) -> str | None:
    """Rules with their counts; the id of the one that is selected in it."""
    table = pa.table(
        {
            "Rule": [o.rule.id for o in outcomes],
            "What it found": [o.rule.title for o in outcomes],
            "Part of the return": [MODULE_LABELS[o.rule.module] for o in outcomes],
            "Status": [export.STATUS_LABELS[o.status] for o in outcomes],
            "Findings": pa.array([o.count for o in outcomes], pa.int64()),
            "People": pa.array([o.people for o in outcomes], pa.int64()),
        }
    )
    event = st.dataframe(
        table,
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height=min(36 + 35 * max(len(outcomes), 1), 386),
        column_config={
            "Rule": st.column_config.TextColumn(width="small"),
            "What it found": st.column_config.TextColumn(width="large"),
            "Findings": st.column_config.NumberColumn(format="localized"),
            "People": st.column_config.NumberColumn(format="localized"),
        },
        alt="Rules with the number of findings and of people. Select a row to see its records below.",
    )
    row = selected_row(event)
    return outcomes[row].rule.id if row is not None and row < len(outcomes) else None


def records_table(found: browse.FindingsPage, key: str) -> int | None:
    """Findings of one rule with their people and places; the number of the person whose row was selected."""
    rows = found.rows
    columns: dict[str, list[Any]] = {
        "Person": [row["person_id"] for row in rows],
        "Surname": [row["surname"] for row in rows],
        "Forename": [row["forename"] for row in rows],
        "Date of birth": [
            row["birth_date"] if row["birth_date"] == masking.HIDDEN else masking.day_first(row["birth_date"])
            for row in rows
        ],
        "UPN": [row["upn"] for row in rows],
        "ULN": [row["uln"] for row in rows],
        "Item": [row["field"] for row in rows],
        "Value in the file": [row["value"] or "blank" for row in rows],
        "Detail": [row["detail"] for row in rows],
        "Line": [row["line"] for row in rows],
    }
    kept = {
        name: pa.array(values, pa.int64() if name in ("Person", "Line") else pa.string())
        for name, values in columns.items()
        if name in ("Person", "Item", "Value in the file") or any(value is not None for value in values)
    }
    event = st.dataframe(
        pa.table(kept),
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height=min(36 + 35 * max(len(rows), 1), 526),
        lazy=False,
        column_config={
            "Person": st.column_config.NumberColumn(format="%d", width="small"),
            "Line": st.column_config.NumberColumn(format="%d", width="small"),
            "Detail": st.column_config.TextColumn(width="large"),
        },
        alt="Records that the rule found. Select a row to open the person.",
    )
    row = selected_row(event)
    return rows[row]["person_id"] if row is not None and row < len(rows) else None


def rule_text(outcome: RuleOutcome) -> None:
    """What a rule means, how to put it right, which items it reads and where it comes from."""
    rule = outcome.rule
    st.markdown(plain(rule.message))
    how, where = st.columns([3, 2], gap="large")
    how.markdown(f"**How to put it right**\n\n{plain(rule.guidance)}")
    items = ", ".join(f"{plain(spec.labels().get(f, f))} ({plain(f)})" for f in rule.fields)
    source = plain(rule.source) + (f"; DfE rule {plain(rule.dfe)}" if rule.dfe else "")
    where.markdown(f"**Items it is about**\n\n{items or 'The file as a whole'}\n\n**Where it comes from**\n\n{source}")


def module_filter(key: str) -> str | None:
    """A choice of the part of the return; None for all."""
    return st.selectbox(
        "Part of the return",
        [None, *MODULES],
        format_func=lambda module: "All parts" if module is None else MODULE_LABELS[module],
        key=key,
        persist_state="session",
    )


def severity_card(report: Report, severity: Severity) -> None:
    """How many findings of one severity there are, of how many rules and people, and the way to them."""
    n_findings, n_rules = report.n_findings(severity), report.n_rules(severity)
    st.metric(SEVERITY_NOUNS[severity][1].capitalize(), number(n_findings))
    if n_findings:
        people = counted(browse.n_people(report, severity), "person", "people")
        st.markdown(f"{SEVERITY_MARKS[severity]} From {counted(n_rules, 'rule')}, about {people}.")
    else:
        st.markdown(":material/check: None found.")
    st.page_link(page(SEVERITY_PAGES[severity]), label=f"See the {SEVERITY_NOUNS[severity][1]}")


def facts(pairs: Mapping[str, str | None]) -> None:
    """Labels and values in a table of two columns."""
    st.table(
        pa.table({"Item": [plain(k) for k in pairs], "Value": [plain(v) if v else "blank" for v in pairs.values()]}),
        hide_header=True,
        border="horizontal",
        width="content",
    )


def finding_downloads(report: Report, choices: Mapping[str, tuple[str, Sequence[str] | None]], key: str) -> None:
    """CSV downloads of findings. choices: label to a word for the file name and the ids of the rules (None: all)."""
    with_names = not (
        names_hidden()
        or st.checkbox("Leave out names and dates of birth", key=f"{key}_without", persist_state="session")
    )
    if names_hidden():
        st.caption("Names are hidden, so the files leave out names and dates of birth.")
    with st.container(horizontal=True):
        for place, (label, (what, rule_ids)) in enumerate(choices.items()):
            download(
                label,
                partial(export.findings_csv, report, rule_ids, with_names),
                export.file_name(report.collection, what, "csv"),
                "text/csv",
                f"{key}_csv_{place}",
            )


def findings_page(severity: Severity) -> None:
    """The whole page of one severity: its rules, and the records of the one that is chosen."""
    name, many = SEVERITY_PAGES[severity], SEVERITY_NOUNS[severity][1]
    title = name.capitalize()
    report = report_or_stop(title, f"The {many} that were found in it are listed here, by rule and by child.")
    outcomes = [outcome for outcome in report.outcomes if outcome.severity == severity]
    header(title, SEVERITY_LEADS[severity])
    trouble(report, outcomes)
    if not report.n_findings(severity):
        st.success(f"**No {many}.** {counted(len(outcomes), 'rule')} looked for them.", icon=":material/check:")
    left, middle, right = st.columns([2, 2, 2], vertical_alignment="bottom")
    with left:
        module = module_filter(f"{name}_module")
    text = middle.text_input(
        "Words in a rule", key=f"{name}_text", placeholder="UPN, date, setting", persist_state="session"
    )
    with_clear = right.checkbox("Also show rules that found nothing", key=f"{name}_clear", persist_state="session")
    listed = browse.matching(outcomes, module, text, with_clear)
    n_found = sum(outcome.count for outcome in listed)
    st.caption(
        f"{number(len(listed))} of {counted(len(outcomes), 'rule')}, "
        f"{number(n_found)} of {counted(report.n_findings(severity), 'finding')}"
    )
    if not listed:
        if report.n_findings(severity):
            st.info("No rule fits these filters. Take one away to see more.")
        return
    chosen = _choose_rule(listed, name)
    st.header(f"{chosen.rule.id} {plain(chosen.rule.title)}", anchor=False)
    rule_text(chosen)
    if chosen.count:
        _show_records(report, chosen, name)
    else:
        trouble(report, [chosen])
        if chosen.status == "clear":
            st.success("This rule found nothing.", icon=":material/check:")
    st.subheader("Downloads", anchor=False)
    choices: dict[str, tuple[str, Sequence[str] | None]] = {
        f"{chosen.rule.id} (CSV)": (chosen.rule.id, [chosen.rule.id]),
        f"The {counted(len(listed), 'rule')} listed above (CSV)": (f"{name} listed", [o.rule.id for o in listed]),
        f"All {many} (CSV)": (name, [o.rule.id for o in outcomes]),
        "Everything that was found (CSV)": ("findings", None),
    }
    finding_downloads(report, choices, name)


def _choose_rule(listed: Sequence[RuleOutcome], name: str) -> RuleOutcome:
    """The rule whose records are shown: chosen in the table or, by keyboard, in the list under it."""
    by_id = {outcome.rule.id: outcome for outcome in listed}
    key, turn = f"{name}_rule", f"{name}_turn"
    selected = rules_table(listed, f"{name}_rules_{st.session_state.get(turn, 0)}")
    if selected is not None and st.session_state.get(f"{name}_selected") != selected:
        st.session_state[key] = selected
    st.session_state[f"{name}_selected"] = selected
    if st.session_state.get(key) not in by_id:
        st.session_state[key] = listed[0].rule.id

    def chosen_in_list() -> None:
        # The row that is marked in the table would now say something else: draw the table afresh.
        st.session_state[turn] = st.session_state.get(turn, 0) + 1
        st.session_state[f"{name}_selected"] = None

    chosen = st.selectbox(
        "Rule to show",
        list(by_id),
        format_func=lambda rule_id: f"{rule_id} {by_id[rule_id].rule.title} ({number(by_id[rule_id].count)})",
        key=key,
        on_change=chosen_in_list,
        persist_state="session",
    )
    return by_id[chosen]


def _show_records(report: Report, outcome: RuleOutcome, name: str) -> None:
    """The findings of one rule, a page at a time, with the ways to a person."""
    st.subheader("Records", anchor=False)
    rule_id = outcome.rule.id
    wanted = int(st.session_state.get(f"{name}_page_{rule_id}", 1))
    found = browse.findings_page(report, rule_id, wanted, names_hidden())
    people = f" about {counted(outcome.people, 'person', 'people')}" if outcome.people else ""
    st.caption(f"{number(found.first)} to {number(found.last)} of {counted(found.total, 'finding')}{people}")
    person = records_table(found, f"{name}_records_{rule_id}_{found.number}")
    if person is not None:
        open_person(person)
    if found.n_pages > 1:
        st.pagination(found.n_pages, key=f"{name}_page_{rule_id}")
    if outcome.people:
        st.caption("Select a row to open the person, or give the number:")
        person_opener(report, name)


# -- one person -----------------------------------------------------------------------------------------------


def people_search(report: Report) -> None:
    """A search for people, and the list of those found."""
    text = st.text_input(
        "Person number, UPN, ULN or name",
        key="person_search",
        help="A surname, a forename or both; beginnings are enough.",
    )
    if not text.strip():
        return
    rows, total = browse.find_people(report, text)
    if not rows:
        st.info("Nobody in this return fits. Check the spelling, or try fewer letters.")
        return
    hide = names_hidden()
    st.caption(
        f"{number(len(rows))} of {counted(total, 'person', 'people')} that fit. Select a row to open the person."
    )
    event = st.dataframe(
        pa.table(
            {
                "Person": [row["person"] for row in rows],
                "Surname": [masking.HIDDEN if hide else row["surname"] for row in rows],
                "Forename": [masking.HIDDEN if hide else row["forename"] for row in rows],
                "Date of birth": [masking.HIDDEN if hide else masking.day_first(row["birth_date"]) for row in rows],
                "UPN": [row["upn"] for row in rows],
                "ULN": [row["uln"] for row in rows],
                "Findings": [row["n_findings"] for row in rows],
            }
        ),
        hide_index=True,
        key="person_found",
        on_select="rerun",
        selection_mode="single-row",
        alt="People that fit the search. Select a row to open the person.",
    )
    row = selected_row(event)
    if row is not None and row < len(rows):
        open_person(rows[row]["person"])
    person_opener(report, "person")


def person_heading(report: Report, shown: Record) -> None:
    """Who it is, how much was found, and the way to the neighbours in the file."""
    names = " ".join(text for text in (shown.text_of("Forename"), shown.text_of("Surname")) if text)
    header(f"Person {number(shown.person)}" + ("" if names_hidden() or not names else f": {plain(names)}"))
    parts = [
        counted(shown.counts.get(severity, 0), *SEVERITY_NOUNS[severity])
        for severity in SEVERITIES
        if shown.counts.get(severity)
    ]
    st.markdown(f"{', '.join(parts) if parts else 'Nothing was found about this person'}.")
    with st.container(horizontal=True):
        if st.button(
            "Previous person", key="person_previous", disabled=shown.person <= 1, icon=":material/arrow_back:"
        ):
            open_person(shown.person - 1)
        last = report.counts["person"]
        if st.button("Next person", key="person_next", disabled=shown.person >= last, icon=":material/arrow_forward:"):
            open_person(shown.person + 1)
        st.page_link(page("person"), label="Find another person", icon=":material/search:", query_params={})
    st.toggle("Show blank items", key="person_blank", persist_state="session")


def person_sections(shown: Record) -> None:
    """Every group of the record as a table: items, values, meanings, lines and findings."""
    with_blank = bool(st.session_state.get("person_blank"))
    for section in shown.sections:
        where = f", line {number(section.line)}" if section.line else ""
        heading = st.header if section.depth <= 1 else st.subheader
        heading(f"{section.title}", anchor=False)
        values = [v for v in section.values if with_blank or v.text is not None or v.remarks]
        st.caption(f"{counted(len(values), 'item')} of {len(section.values)} shown{where}")
        for remark in section.remarks:
            st.markdown(_remark(remark))
        if not values:
            continue
        st.table(
            pa.table(
                {
                    "Item": [f"{plain(v.label)} ({plain(v.element)})" for v in values],
                    "Value": [plain(v.text) if v.text is not None else "blank" for v in values],
                    "Meaning": [plain(v.meaning) for v in values],
                    "Line": [number(v.line) if v.line else "" for v in values],
                    "Findings": ["  \n".join(_remark(remark) for remark in v.remarks) for v in values],
                }
            ),
            hide_index=True,
            border="horizontal",
        )


def _remark(remark: Remark) -> str:
    """A finding in one line of Markdown."""
    detail = f" ({plain(remark.detail)})" if remark.detail else ""
    return f"{badge(remark.severity)} {remark.rule_id} {plain(remark.title)}{detail}"


def person_lines(report: Report, shown: Record, source: SourceText) -> None:
    """The lines of the file that the record was read from."""
    st.header("In the file", anchor=False)
    if not st.toggle("Show the lines of the file", key="person_lines", persist_state="session"):
        return
    excerpt = record.read_excerpt(report, shown.person, source)
    if excerpt is None:
        st.info("The lines of this person could not be found in the file.")
        return
    lines = record.hide_in_lines(excerpt.lines) if names_hidden() else excerpt.lines
    last = excerpt.first_line + len(lines) - 1
    st.caption(f"Lines {number(excerpt.first_line)} to {number(last)}" + (", cut short" if excerpt.is_cut else ""))
    width = len(str(last))
    st.code("\n".join(f"{n:>{width}}  {line}" for n, line in enumerate(lines, start=excerpt.first_line)), language=None)
