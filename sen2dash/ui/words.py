"""Numbers, dates and texts of a return as pages write them, so that wording and masking are in one place."""

from __future__ import annotations

import re
from datetime import date

from sen2dash import spec
from sen2dash.checks.report import Report
from sen2dash.model import SEVERITY_LABELS, Severity
from sen2dash.text import MAX_LENGTH, MAX_NAME_LENGTH, flat, long_date

#: Characters that Markdown treats as markup, and those that make a list, a line or an underline at the start of a text.
MARKUP = re.compile(r"[\\`*_{}\[\]<>()#|~$:@&]")
LEADING = re.compile(r"^(\d*)([-+.=])(?=[-+=\s]|$)")
#: Text that Streamlit replaces even if it is escaped: addresses, icons by name, arrows and dashes.
FOUND_LATER = re.compile(
    r"(?<=:)(?=//|material|streamlit)|(?<=www)(?=\.)|(?<=[-.\w+]@)(?=[-\w])|(?<=(?<!\S)[-<>~])(?=(?:->|[->=])(?!\S))",
    re.IGNORECASE,
)
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdfc\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
SEVERITY_MARKS = {"error": ":material/error:", "query": ":material/help:", "info": ":material/info:"}
SEVERITY_NOUNS = {
    "error": ("error", "errors"),
    "query": ("query", "queries"),
    "info": ("item of information", "items of information"),
}


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


def plain(text: object, max_length: int = MAX_LENGTH) -> str:
    """Make a text from the return safe inside Markdown without changing it: no markup, links or lists, on one line.

    Right-to-left letters do not reverse the text around them.
    """
    line = flat(text, max_length)
    safe = LEADING.sub(r"\1\\\2", MARKUP.sub(r"\\\g<0>", FOUND_LATER.sub("\u2060", line)))
    return f"\u2068{safe}\u2069" if RIGHT_TO_LEFT.search(line) else safe


def authority(report: Report) -> str:
    """The name of the authority that sent the return."""
    found = spec.authorities().get(report.collection.lea or "")
    return found.name if found else f"Local authority {flat(report.collection.lea or 'not given', MAX_NAME_LENGTH)}"


def badge(severity: Severity) -> str:
    """A severity as a mark and a word for Markdown, so that it never depends on colour alone."""
    return f"{SEVERITY_MARKS[severity]} **{SEVERITY_LABELS[severity]}**"
