"""Limit how long Streamlit keeps the files of a session: those sent to it and those offered for download.

Streamlit keeps what was uploaded until the tab is closed, and deletes a download whenever somebody draws a page. Here,
an upload is dropped when its page has it or in seconds, and a download when the browser has had time to fetch it.
"""

from __future__ import annotations

import functools
import secrets
import time

from streamlit.runtime import media_file_manager, memory_media_file_storage
from streamlit.runtime.media_file_manager import MediaFileMetadata
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from sen2dash.web.owners import OWNERS
from sen2dash.web.uploads import MAX_FILES

#: Seconds in which a browser must start to fetch a download after it was made.
DOWNLOAD_SECONDS = 30.0
#: Seconds in which a page must collect an uploaded file.
UPLOAD_SECONDS = 15.0


def streamlit_id() -> str:
    """Return Streamlit's id for the session whose page is being drawn; empty if there is none."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


#: When each file that no page has collected yet arrived, by session and file.
_ARRIVED: dict[tuple[str, str], float] = {}


def limit_uploads(limit: int) -> None:
    """Limit the total bytes of a session's files that wait for their page. The oldest are dropped to make room.

    Streamlit would keep them all until the tab is closed.
    """
    add = MemoryUploadedFileManager.add_file
    if getattr(add, "is_limited", False):
        return

    @functools.wraps(add)
    def add_within(self: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
        waiting = dict(self.file_storage.get(session_id, {}))
        while waiting and (
            sum(len(each.data) for each in waiting.values()) + len(file.data) > limit or len(waiting) >= MAX_FILES
        ):
            oldest = next(iter(waiting))
            del waiting[oldest]
            self.remove_file(session_id, oldest)
        add(self, session_id, file)
        _ARRIVED[session_id, file.file_id] = time.monotonic()

    add_within.is_limited = True  # type: ignore[attr-defined]
    MemoryUploadedFileManager.add_file = add_within  # type: ignore[method-assign]


def drop_untaken(manager: object, now: float | None = None) -> None:
    """Drop the files that no page collected in time. Files that are chosen together wait for the last of them."""
    now = time.monotonic() if now is None else now
    arrived = list(_ARRIVED.items())
    latest: dict[str, float] = {}
    for (session_id, _), since in arrived:
        latest[session_id] = max(since, latest.get(session_id, since))
    for (session_id, file_id), _ in arrived:
        if now - latest[session_id] > UPLOAD_SECONDS and isinstance(manager, MemoryUploadedFileManager):
            manager.remove_file(session_id, file_id)
            _ARRIVED.pop((session_id, file_id), None)


def forget_upload(file_id: str) -> None:
    """Drop the bytes of an upload, which the server would otherwise keep until the session ends."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)


class DelayedDeletion(MediaFileMetadata):
    """Streamlit's metadata of a download, with a mark for deletion that takes effect after a delay.

    Streamlit deletes a download when the second page after it is drawn, whoever opened that page. With several people
    at work, the file can be gone before the browser asks for it; with nobody at work, it stays.
    """

    _since: float | None = None

    def mark_for_delete(self) -> None:
        """Mark it to be deleted once the browser has had time to fetch it."""
        if self._since is None:
            self._since = time.monotonic()

    @property
    def is_marked_for_delete(self) -> bool:
        """Whether it is marked and that time is over."""
        return self._since is not None and time.monotonic() - self._since > DOWNLOAD_SECONDS


def keep_downloads_until_fetched() -> None:
    """Keep every download for the same short time, however busy the server is."""
    media_file_manager.MediaFileMetadata = DelayedDeletion  # type: ignore[misc]


def name_downloads_at_random() -> None:
    """Give every download a unique address, and record its browser.

    Streamlit names a file by a hash of its content or, above 1 MiB, of part of it. A request for a corrected list of
    the same length could return the earlier one, and anyone who knows a file could work out its address.
    """

    def name(data: bytes, mimetype: str, filename: str | None = None) -> str:
        found = secrets.token_hex(32)
        OWNERS.record_download(found, streamlit_id())
        return found

    memory_media_file_storage._calculate_file_id = name
