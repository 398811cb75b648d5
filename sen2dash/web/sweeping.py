"""Erase, every few seconds while the server runs, what no session holds any more: in the vault and in Streamlit."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from streamlit import runtime

from sen2dash.web import session_files, uploads
from sen2dash.web.session_files import drop_untaken
from sen2dash.web.vault import VAULT

LOG = logging.getLogger("sen2dash")
SWEEP_SECONDS = 5.0
#: Seconds between two collections of garbage while nothing is erased. Streamlit would collect after every click, which
#: takes a tenth of a second, because it goes through all that is loaded.
COLLECT_SECONDS = 30.0


def sweep_server(with_downloads: bool) -> None:
    """Erase data that no session holds, here and in Streamlit. Call this on the thread of the event loop.

    Otherwise, Streamlit keeps the state and downloads of a closed tab until another visitor triggers a clean-up.
    with_downloads: erase downloads too. Do not do this every time: a button does nothing while it is being redrawn.
    """
    if not runtime.exists():
        VAULT.sweep()
        return
    streamlit = runtime.get_instance()
    for session_id in VAULT.sweep(is_there=streamlit.is_active_session):
        streamlit.close_session(session_id)
        uploads.ended(session_id)
    drop_untaken(streamlit.uploaded_file_mgr)
    if with_downloads:
        streamlit.media_file_mgr.remove_orphaned_files()


@asynccontextmanager
async def sweeping() -> AsyncIterator[None]:
    """While the server runs, sweep every few seconds; when it stops, erase everything."""

    async def sweep() -> None:
        swept_downloads = collected = time.monotonic()
        n_erased = VAULT.n_erased
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            # Before the sweep, because Streamlit still refers for a moment to what has just been erased.
            if n_erased != VAULT.n_erased or time.monotonic() - collected > COLLECT_SECONDS:
                n_erased = VAULT.n_erased
                gc.collect()
                collected = time.monotonic()
            is_time = time.monotonic() - swept_downloads > session_files.DOWNLOAD_SECONDS
            swept_downloads = time.monotonic() if is_time else swept_downloads
            try:
                sweep_server(with_downloads=is_time)
            except Exception:
                # One failure must not stop later sweeps.
                LOG.exception("sweeping failed")

    task = asyncio.create_task(sweep())
    try:
        yield
    finally:
        task.cancel()
        VAULT.close()
