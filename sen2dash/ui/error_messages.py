"""What people see of an error. An unexpected one is turned into a reference number here and nowhere else."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from sen2dash.errors import UserError, place_of
from sen2dash.ui.navigation import page
from sen2dash.ui.words import plain

LOG = logging.getLogger("sen2dash")


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
def reporting_errors(where: str) -> Iterator[None]:
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
