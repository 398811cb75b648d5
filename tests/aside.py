"""Coroutines run to their end beside whatever event loop the thread already has, as a browser's driver has one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_aside(main: Coroutine[Any, Any, Result]) -> Result:
    """What the coroutine gives, run on an event loop of a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, main).result()
