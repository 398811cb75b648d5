"""The files that were chosen together in an uploader: all of them or none, so that nothing is half read silently."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile

from sen2dash.config import Settings
from sen2dash.errors import BadInput
from sen2dash.web import session_files, uploads


def collect(files: Sequence[UploadedFile], key: str) -> list[tuple[str, bytes]]:
    """Return the names and bytes of the files in an uploader. key: of the uploader.

    Errors: BadInput if the server dropped one of those that were chosen before a page could collect it.
    """
    value = st.session_state.get(key)
    dropped = sum(isinstance(each, DeletedFile) for each in value) if isinstance(value, list) else 0
    context = get_script_run_ctx()
    if context is not None and (files or dropped):
        dropped += uploads.ended(context.session_id)
    if dropped:
        raise BadInput(
            "Not all of the files arrived",
            f"{dropped:,} of {len(files) + dropped:,} {'is' if dropped == 1 else 'are'} missing, so nothing was read. "
            f"At most {uploads.MAX_FILES} files and {Settings().upload_limit_mb} MB are taken at once.",
            "Put the files in a zip, or choose them again.",
        )
    return [(file.name, file.getvalue()) for file in files]


def forget(files: Sequence[UploadedFile]) -> None:
    """Let the server drop the files, which it would otherwise keep until the session ends."""
    for file in files:
        session_files.forget_upload(file.file_id)
