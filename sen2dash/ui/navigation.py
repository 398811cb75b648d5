"""The pages, the menu that lists them, and which of them is being drawn."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from sen2dash.model import Severity
from sen2dash.ui.rights import may_open
from sen2dash.web import access

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
CURRENT = "ui_current_page"
SEVERITY_PAGES: dict[Severity, str] = {"error": "errors", "query": "queries", "info": "information"}


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


def open_person(person: int) -> NoReturn:
    """Go to the page of one person."""
    st.switch_page(page("person"), query_params={"person": str(person)})
