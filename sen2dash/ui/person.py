"""One person: the search for them, and their record with the findings next to the values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.analysis import person
from sen2dash.analysis.person_state import person_state
from sen2dash.checks import findings, masking, record
from sen2dash.checks.record import ItemValue, Record, Remark, Section
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.model import SEVERITIES, rule_label
from sen2dash.reading.source import SourceText
from sen2dash.reference import establishments
from sen2dash.text import MAX_NAME_LENGTH, mark_hidden
from sen2dash.ui import marks, next_previous, pieces
from sen2dash.ui.figures import show_chart
from sen2dash.ui.rows import clicked_row
from sen2dash.web import access
from sen2dash.web.access import Right

#: Keeps the address and the person in step. If the reader presses Back while a click is still being processed, the
#: address can name a different person from the one shown. The page notices once nothing is running and asks for the
#: person in the address. A link to a place on the page scrolls there without changing the address, because Streamlit
#: ignores Back after a `#`.
IN_STEP = """<script>
clearInterval(window.inStep);
window.inStep = setInterval(() => {
  if (!location.pathname.endsWith('/person')) { clearInterval(window.inStep); return; }
  const app = document.querySelector('[data-testid=stApp]');
  const asked = new URLSearchParams(location.search).get('person') || '';
  if (asked === DRAWN || app?.dataset.testScriptState !== 'notRunning') { window.outOfStep = 0; return; }
  window.outOfStep = (window.outOfStep || 0) + 1;
  if (window.outOfStep < 3) return;
  window.outOfStep = 0;
  history.replaceState(history.state, '', location.pathname + location.search);
  window.dispatchEvent(new PopStateEvent('popstate'));
}, 300);
if (!window.scrollsToPlaces) {
  window.scrollsToPlaces = true;
  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-testid=stMain] a[href^="#"]');
    const place = link && document.getElementById(link.getAttribute('href').slice(1));
    if (!place) return;
    event.preventDefault();
    place.setAttribute('tabindex', '-1');
    place.focus({preventScroll: true});
    place.scrollIntoView();
  }, true);
}
</script>"""


def sync_with_address(asked: str) -> None:
    """Make the browser redraw the page if its address names another person.

    asked: the person in the address, as drawn.
    """
    drawn = json.dumps(asked).replace("<", "\\u003c")
    st.html(IN_STEP.replace("DRAWN", drawn), unsafe_allow_javascript=True)


def turn_to(person: int | None) -> None:
    """Write another person, or nobody, into the address of this page; the next run draws it.

    Does not use `st.switch_page`, which waits between changing the address and requesting a run. If the reader presses
    Back in between, that request overtakes it and draws the next person under the previous person's address.
    """
    st.query_params.from_dict({} if person is None else {"person": str(person)})


def _open(person: int) -> NoReturn:
    """Open a person at once."""
    turn_to(person)
    st.rerun()


@access.only(Right.CHILD)
def search(report: Report) -> None:
    """A search for people and the list of results; a single result is opened at once."""
    text = st.text_input(
        "Person number, UPN, ULN, name or date of birth",
        key="person_search",
        placeholder="A part of a name is enough. Dates: 3/5/2012 or 3 May 2012",
    )
    if not text.strip():
        st.caption(f"{ui.counted(report.counts['person'], 'person', 'people')} in this return.")
        return
    rows, total = findings.find_people(report, text)
    if not rows:
        st.info("Nobody in this return matches. Check the spelling, or try fewer letters.", icon=":material/info:")
        return
    if total == 1:
        _open(rows[0]["person"])
    hide = ui.names_hidden()
    st.caption(f"{ui.number(len(rows))} of {ui.counted(total, 'person', 'people')} that match.")
    event = st.dataframe(
        pa.table(
            {
                "Person": [row["person"] for row in rows],
                "Surname": [masking.HIDDEN if hide else row["surname"] or "" for row in rows],
                "Forename": [masking.HIDDEN if hide else row["forename"] or "" for row in rows],
                "Date of birth": [
                    masking.HIDDEN if hide else masking.day_first(row["birth_date"]) or "" for row in rows
                ],
                "UPN": [row["upn"] or "" for row in rows],
                "ULN": [row["uln"] or "" for row in rows],
                "Findings": [row["n_findings"] for row in rows],
            }
        ),
        hide_index=True,
        key="person_found",
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Person": st.column_config.NumberColumn(format="%d")},
        alt="People that match the search. Click a row to open the person.",
    )
    row = clicked_row(event)
    if row is not None and row < len(rows):
        _open(rows[row]["person"])
    pieces.person_opener(report, "person", _open)


@access.only(Right.CHILD)
def neighbours(report: Report, number: int) -> None:
    """Links to the previous and next person, in the list that the reader came from or otherwise in the file."""
    turn = next_previous.place_of(number, report.counts["person"])
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, key, to, sign in (
            ("Previous person", "person_previous", turn.before, "arrow_back"),
            ("Next person", "person_next", turn.after, "arrow_forward"),
        ):
            st.button(
                label,
                key=key,
                disabled=to is None,
                icon=f":material/{sign}:",
                on_click=partial(turn_to, to),
            )
        if turn.page:
            st.page_link(ui.page(turn.page), label="Back to the list", icon=":material/list:")
            st.caption(f"{ui.number(turn.place)} of {ui.number(turn.n_people)} {ui.plain(turn.words)}")
            st.button("Leave this list", key="person_leave", on_click=next_previous.forget)
        else:
            st.caption(f"Person {ui.number(number)} of {ui.number(turn.n_people)}")
        st.button("Find another person", key="person_find", icon=":material/search:", on_click=partial(turn_to, None))


@access.only(Right.CHILD)
def heading(report: Report, shown: Record) -> None:
    """Who the person is, and their situation on census day."""
    hide = ui.names_hidden()
    names = " ".join(text for text in (shown.text_of("Forename"), shown.text_of("Surname")) if text)
    ui.header(f"Person {shown.person}" + ("" if hide or not names else f": {ui.plain(names, MAX_NAME_LENGTH)}"))
    state = person_state(report, shown.person, hide)
    born = shown.text_of("PersonBirthDate") or "not recorded"
    age = "" if state.age is None or hide else f" (aged {state.age} on census day)"
    facts = {
        "UPN": shown.text_of("UPN") or "none",
        "ULN": shown.text_of("UniqueLearnerNumber") or "none",
        "Born": f"{born}{age}",
        "Plan": state.plan,
        "Setting": state.setting or "none on census day",
    }
    st.markdown(" &emsp; ".join(f"**{label}:** {ui.plain(text)}" for label, text in facts.items()))
    if state.is_extract:
        st.caption(f"The name of the setting is from {establishments.SOURCE}. Add the register to see current names.")


@access.only(Right.CHILD)
def findings_list(report: Report, shown: Record) -> None:
    """The findings about the person, each with its value, how to correct it, its place on the page and its mark."""
    found = [(severity, shown.counts[severity]) for severity in SEVERITIES if shown.counts.get(severity)]
    if not found:
        st.success("Nothing was found about this person.", icon=":material/check:")
        return
    st.markdown(" &emsp; ".join(f"{ui.SEVERITY_MARKS[s]} {ui.counted(n, *ui.SEVERITY_NOUNS[s])}" for s, n in found))
    listed = [
        (section, value, remark)
        for section in shown.sections
        for value, remark in [
            *((None, remark) for remark in section.remarks),
            *((value, remark) for value in section.values for remark in value.remarks),
        ]
    ]
    listed.sort(key=lambda each: SEVERITIES.index(each[2].severity))
    for place, each in enumerate(listed[: marks.MAX_CONTROLS]):
        line, control = st.columns([2, 1], vertical_alignment="center")
        line.markdown(_finding_line(*each))
        with control:
            marks.control(report, each[2], f"person_mark_{shown.person}_{place}")
    if rest := listed[marks.MAX_CONTROLS :]:
        st.markdown("\n".join(_finding_line(*each) for each in rest))


def _finding_line(section: Section, value: ItemValue | None, remark: Remark) -> str:
    """One finding as a line of a list."""
    detail = f" ({ui.plain(remark.detail)})" if remark.detail else ""
    what = "" if value is None else f"; {ui.plain(value.label)}: {ui.plain(value.text) if value.text else 'blank'}"
    where = f"[{ui.plain(section.title)}](#{_anchor(section)})"
    rule = ui.plain(f"{rule_label(remark.rule_id, remark.dfe)}: {remark.title}")
    marked = f" **Marked: {marks.label(remark.mark)}.**" if remark.mark else ""
    return f"- {ui.badge(remark.severity)} {rule}{detail}{what}. {ui.plain(remark.guidance)} See {where}.{marked}"


def _anchor(section: Section) -> str:
    """The anchor of a section on the page."""
    return f"{section.table}-{section.row_id}"


@access.only(Right.CHILD)
def dates(report: Report, number: int) -> None:
    """The dates of the person as a picture or as a table, one request at a time or all years."""
    found = person.journeys(report, number)
    choices = person.choices(found)
    if not choices:
        return
    st.header("Dates", anchor=False)
    choice = next(iter(choices))
    if len(choices) > 1:
        choice = st.segmented_control(
            "Show",
            list(choices),
            default=choice,
            format_func=lambda each: choices[each],
            key=f"person_dates_{number}",
            required=True,
        )
    chart = person.draw(report, found, choice)
    show_chart(report, Selection(words=(f"Person {number}",)), chart, f"person_dates_{number}_{choice}")


@access.only(Right.CHILD)
def sections(report: Report, shown: Record) -> None:
    """Every group of the record as a table: items, values, meanings, lines and findings."""
    with_blank = st.toggle("Show blank items", key="person_blank", persist_state="session")
    for section in shown.sections:
        _section(report, section, with_blank)


def _section(report: Report, section: Section, with_blank: bool) -> None:
    (st.header if section.depth <= 1 else st.subheader)(section.title, anchor=_anchor(section))
    values = [v for v in section.values if with_blank or v.text is not None or v.remarks]
    line = f"Line {ui.number(section.line)}. " if section.line else ""
    if report.given is not None and section.line:
        line = f"{ui.plain(report.given.places[section.table].row(section.line))}. "
    st.caption(f"{line}{len(values)} of {ui.counted(len(section.values), 'item')} shown.")
    for text in _remarks(section.remarks):
        st.markdown(text)
    if not values:
        return
    with_findings = any(v.remarks for v in values)
    columns = {
        "Item": [ui.plain(v.label if v.label == v.element else f"{v.label} ({v.element})") for v in values],
        "Value": [ui.plain(v.text) if v.text is not None else "blank" for v in values],
        "Meaning": [ui.plain(v.meaning) for v in values],
    }
    if report.given is None:
        columns["Line"] = [ui.number(v.line) if v.line else "" for v in values]
    if with_findings:
        columns["Findings"] = ["; ".join(_remarks(v.remarks)) for v in values]
    st.table(pa.table(columns), hide_index=True, border="horizontal")


def _remarks(remarks: Sequence[Remark]) -> list[str]:
    """Findings as Markdown, one per rule and detail."""
    texts = []
    for remark in remarks:
        detail = f" ({ui.plain(remark.detail)})" if remark.detail else ""
        rule = ui.plain(f"{rule_label(remark.rule_id, remark.dfe)}: {remark.title}")
        texts.append(f"{ui.badge(remark.severity)} {rule}{detail}")
    return texts


@access.only(Right.CHILD)
def _given(report: Report, shown: Record) -> None:
    """The rows of a return that is not XML, as they were given."""
    if not st.toggle("Show the rows of the files", key="person_rows", persist_state="session"):
        return
    for row in record.given_rows(report, shown.person, ui.names_hidden()):
        st.markdown(f"**{ui.plain(row.place)}**")
        st.table(
            pa.table({"Heading": [ui.plain(h) for h, _ in row.cells], "As given": [ui.plain(t) for _, t in row.cells]}),
            hide_index=True,
            border="horizontal",
        )


@access.only(Right.CHILD)
def file_lines(report: Report, shown: Record, source: SourceText) -> None:
    """The lines of the file that the record was read from."""
    st.header("In the file", anchor=False)
    if report.given is not None:
        _given(report, shown)
        return
    if not st.toggle("Show the lines of the file", key="person_lines", persist_state="session"):
        return
    excerpt = record.read_excerpt(report, shown.person, source)
    if excerpt is None:
        st.info("The lines of this person could not be found in the file.", icon=":material/info:")
        return
    lines = excerpt.lines
    if ui.names_hidden():
        lines = record.hide_in_lines(lines, record.names_of(report, shown.person))
    last = excerpt.first_line + len(lines) - 1
    st.caption(
        f"Lines {ui.number(excerpt.first_line)} to {ui.number(last)}" + (", cut short." if excerpt.is_cut else ".")
    )
    width = len(str(last))
    numbered = enumerate(map(mark_hidden, lines), start=excerpt.first_line)
    st.code("\n".join(f"{n:>{width}}  {line}" for n, line in numbered), language=None)
