"""The server: `streamlit run app.py`. Everything shown is in sen2dash/main.py and pages/."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from sen2dash.config import Settings
from sen2dash.errors import UnprotectedServer
from sen2dash.reading import publication_folder
from sen2dash.ui import warming
from sen2dash.web import access, resuming, server, session_files, sweeping, uploads, vault
from sen2dash.web.owners import OWNERS

#: The most bytes that the uploads of one session may have together: the largest return, and the form data around it.
UPLOAD_LIMIT = (Settings().upload_limit_mb + 1) * 1_000_000


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Read the published figures once and warm up; keep uploads in memory and out of the log, and erase what no
    session holds.
    """
    server.ask_no_other_machine()
    server.keep_uploads_off_disk(Settings().upload_limit_mb)
    session_files.keep_downloads_until_fetched()
    session_files.name_downloads_at_random()
    vault.note_owners()
    resuming.resume_same_account()
    session_files.limit_uploads(UPLOAD_LIMIT)
    uploads.stop_in_time()
    server.keep_data_out_of_the_log()
    await asyncio.to_thread(publication_folder.default)
    async with sweeping.sweeping(), warming.warming():
        yield {}


try:
    entrance = access.entrance()
except UnprotectedServer as error:
    raise SystemExit(error.one_line()) from None
OWNERS.is_open = not access.has_provider()
guard = Middleware(
    server.RequestGuard,
    owners=OWNERS,
    is_host_allowed=is_host_allowed,
    upload_limit=UPLOAD_LIMIT,
    entrance=entrance,
    is_behind_tls=access.is_behind_tls,
    sign_in_seconds=Settings().sign_in_hours * 3600,
    on_sign_out=vault.sign_out if access.has_provider() else None,
)
app = st.App("sen2dash/main.py", lifespan=lifespan, middleware=[guard])
