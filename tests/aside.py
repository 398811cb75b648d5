"""Run coroutines to completion alongside any event loop that the thread already has, such as a browser driver's."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_aside(main: Coroutine[Any, Any, Result]) -> Result:
    """Return the coroutine's result, run on an event loop in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, main).result()
