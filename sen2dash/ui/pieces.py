"""Pieces of a page that several pages share: rules that could not run, downloads, and cards."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.checks.finding_subset import FindingSubset
from sen2dash.checks.findings import n_people
from sen2dash.checks.report import Report
from sen2dash.indicators.run import is_not_given
from sen2dash.model import RuleOutcome, Severity
from sen2dash.output import export
from sen2dash.web import access, audit_events
from sen2dash.web.access import Right

#: Said beside published figures.
PUBLISHED_UNFILTERED = "Filters do not change the published figures."
#: The choice of everything in `one_or_all`.
ALL = "all"


def show_rules_not_run(report: Report, outcomes: Sequence[RuleOutcome] | None = None) -> None:
    """List the rules that could not run, and those that had nothing to run on."""
    among = report.outcomes if outcomes is None else outcomes
    broken = [outcome for outcome in among if outcome.status == "broken"]
    waiting = [outcome for outcome in among if outcome.status == "not_run"]
    if broken:
        names = "\n".join(
            f"- **{ui.plain(o.rule.label)}** {ui.plain(o.rule.title)}: {ui.plain(o.reason or '')}" for o in broken
        )
        st.error(
            f"**{ui.counted(len(broken), 'rule')} could not run.** This is a fault of the program, not of your return. "
            f"What {'it looks' if len(broken) == 1 else 'they look'} for has not been checked:\n\n{names}",
            icon=":material/error:",
        )
    if other := [outcome for outcome in among if outcome.status == "not_applicable"]:
        names = ", ".join(ui.plain(outcome.rule.label) for outcome in other)
        st.info(
            f"**{ui.counted(len(other), 'rule')} not applicable**: {names}. "
            f"{'It is' if len(other) == 1 else 'They are'} about the XML file, and this return was not read from XML.",
            icon=":material/info:",
        )
    if waiting:
        st.info(
            f"**{ui.counted(len(waiting), 'rule')} skipped**: they need a file or table that you have not added, "
            "or that could not be read in full.",
            icon=":material/info:",
        )
        with st.expander("Which rules were skipped, and what they need"):
            reasons: dict[str, list[RuleOutcome]] = {}
            for outcome in waiting:
                reasons.setdefault(outcome.reason or "", []).append(outcome)
            for why, same in reasons.items():
                names = "\n".join(f"- **{ui.plain(o.rule.label)}** {ui.plain(o.rule.title)}" for o in same)
                st.markdown(f"{ui.plain(why)}\n\n{names}")


def one_or_all(place: Any, label: str, everything: str, labels: Mapping[Any, str], key: str) -> Any:
    """A choice of one of these, or None for everything. place: where it is drawn: a column, or streamlit itself.

    Under the key, the session state holds ALL for everything. It never holds None, because Streamlit takes None for
    "nothing chosen" and then shows that instead.
    """
    chosen = place.selectbox(
        label,
        [ALL, *labels],
        format_func=lambda each: everything if each == ALL else labels[each],
        key=key,
        persist_state="session",
    )
    return None if chosen == ALL else chosen


def say_not_counted(reason: str) -> None:
    """Say that an indicator could not be run, so there is no number, and why."""
    if is_not_given(reason):
        st.info(f"**This indicator was not calculated.** {ui.plain(reason)}", icon=":material/info:")
        return
    st.error(
        "**This indicator could not be calculated.** It is a fault of the program, not of your return: "
        f"{ui.plain(reason)}",
        icon=":material/error:",
    )


def download(
    label: str,
    make: Callable[[], bytes],
    file_name: str,
    mime: str,
    key: str,
    rows: int | None = None,
    is_rounded: bool | None = None,
    right: Right = Right.CHILD,
    is_of_return: bool = True,
) -> None:
    """A download whose file is made on request, without redrawing the page. Nothing for people without the right.

    It is noted if an archive is open. rows, is_rounded: for that: how many rows it has, and whether its counts are for
    sharing; None: not known. right: VIEW only for a file in which small numbers are protected for everyone who may not
    see children. is_of_return: whether it is about the return that is open; of another file, `make` notes what it is.
    """
    person_now = access.person_later()
    if not person_now().may(right):
        return
    form = file_name.rpartition(".")[2]
    note = audit_events.note_downloads(ui.current_page(), form, rows, is_rounded) if is_of_return else None

    def made() -> bytes:
        # The page may have been drawn long before, and this does not run in a page.
        person = person_now()
        if not person.is_signed_in or person.has_ended(time.time()):
            raise RuntimeError("Your sign-in has ended. Sign in again.")
        if not person.may(right):
            raise RuntimeError("Your account no longer has the right that this file needs.")
        try:
            data = make()
            if note is not None:
                note()
            return data
        except Exception as error:  # noqa: BLE001 - the message may hold values of the return
            raise RuntimeError(f"reference {ui.log_unexpected(error, f'download {key}')}") from None

    st.download_button(
        label, made, file_name=file_name, mime=mime, key=key, on_click="ignore", icon=":material/download:"
    )


def person_opener(report: Report, key: str, opened: Callable[[int], NoReturn] = ui.open_person) -> None:
    """A small form that opens a person by number, for people who use a keyboard or a screen reader."""
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
            opened(int(chosen))


def severity_card(report: Report, severity: Severity) -> None:
    """The number of findings of one severity, of their rules and people, and a link to them.

    Information has no large number, because nothing has to be changed.
    """
    n_findings, n_rules = report.n_findings(severity), report.n_rules(severity)
    name = ui.SEVERITY_PAGES[severity]
    if severity == "info":
        st.markdown(f"{name.capitalize()}: {ui.number(n_findings)}")
    else:
        st.metric(name.capitalize(), ui.number(n_findings))
    if n_findings:
        people = ui.counted(n_people(report, severity), "person", "people")
        st.markdown(f"{ui.SEVERITY_MARKS[severity]} From {ui.counted(n_rules, 'rule')}, about {people}.")
    else:
        st.markdown(":material/check: None found.")
    st.page_link(ui.page(name), label=f"See the {name}")


def facts(pairs: Mapping[str, str | None]) -> None:
    """Labels and values in a table of two columns."""
    st.table(
        pa.table(
            {"Item": [ui.plain(k) for k in pairs], "Value": [ui.plain(v) if v else "blank" for v in pairs.values()]}
        ),
        hide_index=True,
        border="horizontal",
        width="content",
    )


def choose_names(key: str) -> bool:
    """Whether files include names and dates of birth: never while names are hidden. key: prefix of the checkbox."""
    if ui.names_hidden():
        st.caption("Names are hidden, so the files leave out names and dates of birth.")
        return False
    return not st.checkbox("Leave out names and dates of birth", key=f"{key}_without", persist_state="session")


def finding_downloads(
    report: Report,
    choices: Mapping[str, tuple[str, Sequence[str] | None]],
    key: str,
    among: FindingSubset | None = None,
) -> bool:
    """CSV downloads of findings; returns whether they include names.

    choices: label to a word for the file name and rule ids. among: only these findings.
    """
    with_names = choose_names(key)
    counts = {outcome.rule.id: outcome.count for outcome in report.outcomes}
    with st.container(horizontal=True):
        for place, (label, (what, rule_ids)) in enumerate(choices.items()):
            download(
                label,
                partial(export.findings_csv, report, rule_ids, with_names, among),
                export.file_name(report.collection, what if among is None else f"{what} filtered", "csv"),
                "text/csv",
                f"{key}_csv_{place}",
                rows=sum(counts[each] for each in (counts if rule_ids is None else rule_ids))
                if among is None
                else None,
            )
    return with_names
