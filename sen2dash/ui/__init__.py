"""The frame of every page and its words, so that wording, masking and layout are each in one place.

No page shows anything before `guard` has run. Nothing personal reaches the browser while names are hidden. An
unexpected error is turned into a reference number here and nowhere else.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from sen2dash import spec
from sen2dash.checks.report import Report
from sen2dash.config import Settings
from sen2dash.errors import UserError, place_of
from sen2dash.model import SEVERITY_LABELS, Severity
from sen2dash.text import MAX_LENGTH, MAX_NAME_LENGTH, flat, long_date
from sen2dash.ui import glossary, look, sign_in
from sen2dash.ui.picture_script import SCRIPT as PICTURES
from sen2dash.ui.rights import may_open
from sen2dash.ui.rows import CLICKS
from sen2dash.web import access, archive_session, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import Entry

LOG = logging.getLogger("sen2dash")
ROOT = Path(__file__).resolve().parents[2]
#: Every page in menu order: file name, title, icon. A visit starts on the first.
PAGES = (
    ("upload", "Your return", "upload_file"),
    ("errors", "Errors", "error"),
    ("queries", "Queries", "help"),
    ("information", "Information", "info"),
    ("changes", "Since last time", "compare_arrows"),
    ("notes", "Notes for the DfE", "edit_note"),
    ("summary", "Summary", "dashboard"),
    ("headlines", "Headline figures", "monitoring"),
    ("timeliness", "Timeliness", "timer"),
    ("requests", "Requests and assessments", "account_tree"),
    ("placements", "Placements and reviews", "school"),
    ("cohort", "Cohort", "groups"),
    ("pupil_groups", "Pupil groups", "table_chart"),
    ("linked", "Linked files", "link"),
    ("person", "One person", "person"),
    ("kept", "Kept returns", "inventory_2"),
    ("trend", "Trend", "show_chart"),
    ("audit", "Audit", "policy"),
    ("rulebook", "Rulebook", "menu_book"),
    ("downloads", "Downloads", "download"),
)
#: The menu across the top: each heading with its pages. A page without a heading is one click away.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "": ("upload",),
    "Check": ("errors", "queries", "information", "notes", "changes", "downloads"),
    "Figures": ("summary", "headlines", "timeliness", "requests", "placements", "cohort", "pupil_groups", "linked"),
    "People": ("person",),
    "Archive": ("kept", "trend", "audit"),
    "Reference": ("rulebook",),
}
#: Characters that Markdown treats as markup, and those that make a list, a line or an underline at the start of a text.
MARKUP = re.compile(r"[\\`*_{}\[\]<>()#|~$:@&]")
LEADING = re.compile(r"^(\d*)([-+.=])(?=[-+=\s]|$)")
#: Text that Streamlit replaces even if it is escaped: addresses, icons by name, arrows and dashes.
FOUND_LATER = re.compile(
    r"(?<=:)(?=//|material|streamlit)|(?<=www)(?=\.)|(?<=[-.\w+]@)(?=[-\w])|(?<=(?<!\S)[-<>~])(?=(?:->|[->=])(?!\S))",
    re.IGNORECASE,
)
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdfc\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
STARTED = "ui_started"
HIDE_NAMES = "ui_hide_names"
CURRENT = "ui_current_page"
#: The page of kept returns, where there is one.
KEPT = "kept"
#: The page that was asked for before a return was loaded, and the parameters of its address.
ASKED_FOR = "ui_asked_for"
SEVERITY_MARKS = {"error": ":material/error:", "query": ":material/help:", "info": ":material/info:"}
SEVERITY_NOUNS = {
    "error": ("error", "errors"),
    "query": ("query", "queries"),
    "info": ("item of information", "items of information"),
}
SEVERITY_PAGES: dict[Severity, str] = {"error": "errors", "query": "queries", "info": "information"}


# -- words and numbers ----------------------------------------------------------------------------------------


def number(value: int) -> str:
    """An integer with commas: 12,345."""
    return f"{value:,}"


def counted(value: int, one: str, many: str | None = None) -> str:
    """A number and its noun: '1 person', '1,234 people'."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def is_number(text: str) -> bool:
    """Whether a text is a possible row number."""
    return text.isascii() and text.isdigit() and len(text) <= 9


def day(value: date) -> str:
    """A date as people write it: 16 January 2025."""
    return long_date(value)


def plain(text: object, most: int = MAX_LENGTH) -> str:
    """Make a text from the return safe inside Markdown without changing it: no markup, links or lists, on one line.

    Right-to-left letters do not reverse the text around them.
    """
    line = flat(text, most)
    safe = LEADING.sub(r"\1\\\2", MARKUP.sub(r"\\\g<0>", FOUND_LATER.sub("\u2060", line)))
    return f"\u2068{safe}\u2069" if RIGHT_TO_LEFT.search(line) else safe


def authority(report: Report) -> str:
    """The name of the authority that sent the return."""
    found = spec.authorities().get(report.collection.lea or "")
    return found.name if found else f"Local authority {flat(report.collection.lea or 'not given', MAX_NAME_LENGTH)}"


def badge(severity: Severity) -> str:
    """A severity as a mark and a word for Markdown, so that it never depends on colour alone."""
    return f"{SEVERITY_MARKS[severity]} **{SEVERITY_LABELS[severity]}**"


# -- the frame ------------------------------------------------------------------------------------------------


def page(name: str) -> Any:
    """The page with this file name, for links and for the menu."""
    place, (file, title, icon) = next((i, p) for i, p in enumerate(PAGES) if p[0] == name)
    return st.Page(
        ROOT / "pages" / f"{file}.py",
        title=title,
        icon=f":material/{icon}:",
        url_path=file,
        default=place == 0,
        visibility="visible" if may_open(access.person(), name) else "hidden",
    )


def title_of(name: str) -> str:
    """The title of the page with this file name."""
    return next(title for file, title, _ in PAGES if file == name)


def first_page() -> str:
    """The first page that the person may open. It is not the default of Streamlit, which has no address of its own."""
    person = access.person()
    return next((name for name, _, _ in PAGES if may_open(person, name)), PAGES[0][0])


def start_where_allowed(name: str) -> None:
    """Take a person who may not open the page on which a visit starts to the first that they may open."""
    person = access.person()
    if name == PAGES[0][0] and person.rights and not may_open(person, name):
        st.switch_page(page(first_page()))


def sections() -> dict[str, tuple[str, ...]]:
    """The menu as the person at the screen has it: each heading with the pages that they may open."""
    person = access.person()
    found = {heading: tuple(n for n in names if may_open(person, n)) for heading, names in SECTIONS.items()}
    return {heading: names for heading, names in found.items() if names}


def menu() -> dict[str, list[Any]]:
    """The pages by menu heading. The others can be asked for by their address, and then say why they are not shown."""
    shown = sections()
    listed = {name for names in shown.values() for name in names}
    hidden = [page(name) for name, _, _ in PAGES if name not in listed]
    made = {heading: [page(name) for name in names] for heading, names in shown.items()}
    return {**made, "": [*made.get("", []), *hidden]}


def start() -> None:
    """Set up the session and draw the parts that every page shares. Called only by main.py."""
    st.set_page_config(page_title="sen2dash", page_icon=look.ICON, layout="wide", initial_sidebar_state=look.SIDE_WIDTH)
    st.logo(look.WORDMARK, size="large")
    st.html(look.STYLE)
    person = access.person()
    sign_in.clear_for_another(person)
    st.session_state[STARTED] = True
    if not person.may(Right.VIEW):
        # A return that was loaded before is about to be erased, so leaving loses nothing.
        _prepare_browser(has_return=False)
        return
    entry = vault.current()
    with st.sidebar:
        if entry is not None:
            report = entry.report
            st.markdown(f"**{plain(authority(report))}**  \n{plain(report.collection.label)}")
            if entry.inputs.is_made_up:
                st.caption("Made-up data: no real child is shown.")
        if person.may(Right.CHILD):
            st.toggle(
                "Hide names and dates of birth",
                key=HIDE_NAMES,
                help="For a shared screen or a screenshot. Names and dates of birth are removed before a page is sent.",
            )
        glossary.opener()
        _prepare_browser(entry is not None)
        # Signing out leaves the page, so it comes after what asks whether to leave.
        sign_in.account(person)


def _prepare_browser(has_return: bool) -> None:
    """Make the browser ask before the tab is closed or reloaded while a return is loaded."""
    handler = "(event) => { event.preventDefault(); event.returnValue = true; }" if has_return else "null"
    st.html(look.WARN.format(handler=handler) + CLICKS + PICTURES, unsafe_allow_javascript=True)


def note_page(name: str) -> None:
    """Record which page is drawn, and mark its heading in the menu. Called only by main.py."""
    st.session_state[CURRENT] = name
    place = next((n for n, names in enumerate(sections().values(), start=1) if name in names), 0)
    st.html(
        f"<style>[data-testid=stTopNav] > :nth-child({place}) :is(button, a) "
        "{ font-weight: 700; box-shadow: inset 0 -4px #12436D; }</style>"
    )


def current_page() -> str:
    """The name of the page that is being drawn."""
    return str(st.session_state.get(CURRENT) or PAGES[0][0])


def guard() -> None:
    """Stop unless main.py has set this session up, and the person may see the page. Every page calls it first."""
    if not st.session_state.get(STARTED):
        st.error("This page cannot be opened on its own.")
        st.stop()
    vault.session()
    sign_in.check(current_page())


def names_hidden() -> bool:
    """Whether names and birth dates are hidden at the moment."""
    return bool(st.session_state.get(HIDE_NAMES, False))


def header(title: str, lead: str = "") -> None:
    """The heading of a page, with help on the words that the page uses most, and one line under it."""
    st.title(title, anchor=False, help=glossary.help_for(current_page()))
    if lead:
        st.markdown(lead)
    entry = vault.current()
    origin = entry.report.origin if entry is not None else None
    if origin is not None and origin.not_given and current_page() != "upload":
        # Its own page says more.
        st.warning(
            f"**Not given: {plain(origin.not_given_words)}.** Figures that need them are left blank, not shown as 0.",
            icon=":material/warning:",
        )


def entry_or_stop(title: str, what: str) -> Entry:
    """Return what the session holds; if it holds nothing, say what this page shows and how to get it, and stop."""
    entry = vault.current()
    if entry is None:
        _say_no_return(title, what)
    if st.session_state.get(ASKED_FOR, ("",))[0] == current_page():
        del st.session_state[ASKED_FOR]
    return entry


def report_or_stop(title: str, what: str) -> Report:
    """Return the session's report, or do the same as `entry_or_stop` if there is none."""
    return entry_or_stop(title, what).report


def _say_no_return(title: str, what: str) -> NoReturn:
    st.session_state[ASKED_FOR] = (
        current_page(),
        {name: st.query_params.get_all(name) for name in st.query_params},
    )
    if access.must_protect():
        header(title)
        _say_nothing_shared()
    header(title, what)
    with st.container(border=True):
        if vault.has_timed_out():
            st.markdown(
                f"**Your return was erased** because nobody used it for {counted(Settings().idle_minutes, 'minute')}. "
                "Choose the file again to continue."
            )
        elif why := say_loss():
            st.markdown(why)
        else:
            st.markdown("**No return is loaded.** A return is open for one visit only: refreshing the tab erases it.")
        st.page_link(page("upload"), label="Choose a return")
        if archive_session.is_set_up():
            st.page_link(page(KEPT), label="Open a kept return")
    st.stop()


def _say_nothing_shared() -> NoReturn:
    """Say to somebody who may not load a return how to see figures, and stop."""
    with st.container(border=True):
        if archive_session.is_set_up():
            st.markdown("**Nothing has been shared with you in this visit.** Open a kept return to see its figures.")
            st.page_link(page(KEPT), label="Go to the kept returns")
        else:
            st.markdown(f"**Nothing has been shared with you.** To see figures, ask {plain(access.contact())}.")
    st.stop()


def link_to_what_was_asked_for() -> None:
    """Once a return is loaded, a link to the page that was asked for before, with the filters of its address."""
    name, parameters = st.session_state.get(ASKED_FOR, ("", {}))
    if not name:
        return
    title = title_of(name)
    filters = ", with the filters of the link" if parameters else ""
    st.page_link(
        page(name), label=f"Go on to {title}{filters}", query_params=parameters, icon=":material/arrow_forward:"
    )


def say_loss() -> str:
    """Why a return that this tab had is no longer there, for a tab that reconnected; empty if nothing is known."""
    reasons = {
        "restarted": "**The server was restarted**, which erased your return if you had one open.",
        "cut off": "**The connection was lost for too long**, which erased your return if you had one open.",
    }
    why = vault.loss()
    return f"{reasons[why]} Choose the file again to continue." if why else ""


def show_user_error(error: UserError, about: str = "") -> None:
    """Show what is wrong, the details and what to do. about: which file it is about."""
    title = f"{about}: {error.title}" if about else error.title
    text = "\n\n".join(plain(part) for part in (error.message, error.hint) if part)
    st.error(f"**{plain(title)}**\n\n{text}", icon=":material/error:")


def log_unexpected(error: BaseException, where: str) -> str:
    """Log an error by its class and our line of code, never by its message, and return the reference number to show."""
    reference = secrets.token_hex(4).upper()
    LOG.error("reference %s: %s on %s at %s", reference, type(error).__name__, where, place_of(error))
    return reference


@contextmanager
def caught(where: str) -> Iterator[None]:
    """Show errors as users should see them: a UserError in its own words, anything else as a reference number."""
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
            "Try the page again. If it happens again, give the reference number to the person who looks after "
            "sen2dash. The server's log has it, with the place in the program and without any child's data."
        )
        st.page_link(page("upload"), label="Go to your return")


def open_person(person: int) -> NoReturn:
    """Go to the page of one person."""
    st.switch_page(page("person"), query_params={"person": str(person)})
