"""Pieces that pages share. The words, the menu, the heading and the guard of every page are used from here."""

from __future__ import annotations

from sen2dash.ui.error_messages import log_unexpected, reporting_errors, show_user_error
from sen2dash.ui.frame import HIDE_NAMES, guard, header, names_hidden, start
from sen2dash.ui.navigation import (
    PAGES,
    ROOT,
    SECTIONS,
    SEVERITY_PAGES,
    current_page,
    first_page,
    menu,
    note_page,
    open_person,
    page,
    sections,
    start_where_allowed,
    title_of,
)
from sen2dash.ui.no_return import entry_or_stop, offer_requested_page, report_or_stop, say_loss
from sen2dash.ui.words import SEVERITY_MARKS, SEVERITY_NOUNS, authority, badge, counted, day, is_number, number, plain

__all__ = [
    "HIDE_NAMES",
    "PAGES",
    "ROOT",
    "SECTIONS",
    "SEVERITY_MARKS",
    "SEVERITY_NOUNS",
    "SEVERITY_PAGES",
    "authority",
    "badge",
    "counted",
    "current_page",
    "day",
    "entry_or_stop",
    "first_page",
    "guard",
    "header",
    "is_number",
    "log_unexpected",
    "menu",
    "names_hidden",
    "note_page",
    "number",
    "offer_requested_page",
    "open_person",
    "page",
    "plain",
    "report_or_stop",
    "reporting_errors",
    "say_loss",
    "sections",
    "show_user_error",
    "start",
    "start_where_allowed",
    "title_of",
]
