"""Which right each page needs, in one table. A page that is not in it needs the right to see children."""

from __future__ import annotations

from collections.abc import Mapping

from sen2dash.web.access import Person, Right

RIGHTS: Mapping[str, Right] = {
    "upload": Right.CHILD,
    "errors": Right.CHILD,
    "queries": Right.CHILD,
    "information": Right.CHILD,
    "changes": Right.CHILD,
    "notes": Right.CHILD,
    "summary": Right.VIEW,
    "headlines": Right.VIEW,
    "timeliness": Right.VIEW,
    "requests": Right.VIEW,
    "placements": Right.VIEW,
    "cohort": Right.VIEW,
    "pupil_groups": Right.VIEW,
    "person": Right.CHILD,
    "rulebook": Right.VIEW,
    "downloads": Right.CHILD,
    "kept": Right.VIEW,
    "trend": Right.VIEW,
    "audit": Right.ADMIN,
    "linked": Right.CHILD,
}


def right_of(page: str) -> Right:
    """The right that a page needs."""
    return RIGHTS.get(page, Right.CHILD)


def may_open(person: Person, page: str) -> bool:
    """Whether a person may open a page."""
    return person.may(right_of(page))
