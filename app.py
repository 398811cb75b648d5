"""The server: `streamlit run app.py`. Everything that is shown stands in sen2dash/main.py and pages/."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from sen2dash import publication_folder, server, vault
from sen2dash.config import Settings


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Read the published figures once; keep uploads in memory and out of the log, and erase what no session holds."""
    server.keep_uploads_off_disk(Settings().upload_limit_mb)
    vault.keep_downloads_until_fetched()
    vault.name_downloads_at_random()
    server.keep_data_out_of_the_log()
    await asyncio.to_thread(publication_folder.default)
    async with vault.sweeping():
        yield {}


app = st.App("sen2dash/main.py", lifespan=lifespan, middleware=[Middleware(server.Door)])
