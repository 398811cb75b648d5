"""Let a tab return to its session after its person has signed in again in another tab.

Streamlit resumes a session only for exactly the claims that it began with, and those change with each sign-in.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from streamlit.runtime.app_session import AppSession

from sen2dash.web import access
from sen2dash.web.owners import CONNECTION, OWNERS


def resume_same_account() -> None:
    """Let a session also match claims of the same account, if its own browser brings them and has not signed out."""
    matches = AppSession.matches_user_info
    if getattr(matches, "knows_accounts", False):
        return

    @functools.wraps(matches)
    def matches_account(self: AppSession, user_info: Any) -> bool:
        return matches(self, user_info) or _is_same_account(self, user_info)

    matches_account.knows_accounts = True  # type: ignore[attr-defined]
    AppSession.matches_user_info = matches_account  # type: ignore[method-assign]


def _is_same_account(session: AppSession, claims: Mapping[str, Any]) -> bool:
    connection = CONNECTION.get()
    if connection is None or OWNERS.browser_of(session.id) != connection.owner:
        return False
    found = _identity(claims)
    with session._user_info_lock:
        is_same = found is not None and session._resumable and _identity(session._user_info) == found
    if is_same:
        access.note_sign_in(connection.owner, claims)
    return is_same


def _identity(claims: Mapping[str, Any]) -> tuple[str, object, object] | None:
    """Who claims are about, and who says so; None if that is not known."""
    issuer = claims.get("iss")
    if not access.account_of(claims) or not isinstance(issuer, str) or not issuer:
        return None
    return issuer, claims.get("oid"), claims.get("sub")
