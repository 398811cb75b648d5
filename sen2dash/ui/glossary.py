"""The glossary on every page: a dialog with all words, and help beside the title with the words of the page."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from sen2dash.reference import glossary

#: The words that each page uses most, by page.
OF_PAGE: Mapping[str, tuple[str, ...]] = {
    "upload": ("Return year", "Team", "Working file"),
    "errors": ("Error", "Finding", "Mark"),
    "queries": ("Query", "Finding", "Mark"),
    "information": ("Information", "Finding"),
    "changes": ("Finding", "Indicator"),
    "notes": ("Query", "Mark"),
    "summary": ("Gap", "Contribution", "Exception (Week20)"),
    "headlines": ("Indicator", "Collection year", "Caseload"),
    "timeliness": ("Weeks", "Issue date", "Exception (Week20)"),
    "requests": ("Issue date", "Historical (H)", "Exception (Week20)"),
    "placements": ("Caseload", "Current placement", "Bridge"),
    "cohort": ("Cohort", "Filters", "Caseload"),
    "pupil_groups": ("Cohort", "Active on census day", "EHCP total"),
    "linked": ("Near match", "UPN, ULN", "URN, UKPRN"),
    "person": ("Finding", "UPN, ULN", "Rank"),
    "kept": ("Return year", "Finding", "Working file"),
    "trend": ("Kept return", "Indicator", "Finding"),
    "audit": ("Audit", "Kept return"),
    "rulebook": ("Rule", "Severity", "Broken rule"),
    "downloads": ("Finding", "UPN, ULN", "URN, UKPRN"),
}


def help_for(page: str) -> str | None:
    """The words of a page with their meanings, as Markdown; None if it has none of its own."""
    meanings = glossary.meanings()
    lines = [f"**{term}:** {meanings[term]}" for term in OF_PAGE.get(page, ())]
    return "\n\n".join(lines) or None


def opener() -> None:
    """A button that opens the whole glossary over the page."""
    if st.button("Glossary", key="ui_glossary", icon=":material/menu_book:"):
        _show()


@st.dialog("Glossary", width="large")
def _show() -> None:
    words = st.text_input("Find a word", key="ui_glossary_words", placeholder="caseload, census day, UPN")
    found = list(glossary.matching(words))
    if not found:
        st.info("No word of the glossary matches. Try a shorter one.", icon=":material/info:")
    for term, meaning in found:
        st.markdown(f"**{term}**  \n{meaning}")
