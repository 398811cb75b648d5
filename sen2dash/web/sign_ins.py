"""The newest sign-in of each account in each browser, so that a tab goes on after its person has signed in again.

Streamlit gives a tab the claims of the time when it was opened. A later sign-in of the same account in the same browser
counts for its older tabs too, with the rights that it gave, even if it ends sooner. Nothing is taken over from another
account or browser.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class SignedIn(Protocol):
    """What is known of somebody who signed in. began, until: when, and when it ends, in seconds since 1970."""

    @property
    def began(self) -> float | None: ...

    @property
    def until(self) -> float | None: ...


Found = TypeVar("Found", bound=SignedIn)


class SignIns(Generic[Found]):
    """The sign-ins of one run of the server. Every method may be called from any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        #: Each with the end of the last of its account that is known: an earlier one must not count again before.
        self._newest: dict[tuple[str, str], tuple[Found, float]] = {}
        self._lock = threading.Lock()

    def newest(self, browser: str | None, account: str, found: Found) -> Found:
        """Return the sign-in that counts: the one found, or one of this account in this browser that began later.

        It may have ended. browser, account: empty or None if not known; then the one found counts.
        """
        if not browser or not account:
            return found
        now = self._clock()
        with self._lock:
            self._newest = {key: each for key, each in self._newest.items() if each[1] > now}
            known, last = self._newest.get((browser, account), (None, 0.0))
            if known is not None and (known.began or 0) >= (found.began or 0):
                return known
            last = max(last, found.until or 0)
            if last > now:
                self._newest[browser, account] = found, last
            return found

    def forget(self, browser: str) -> None:
        """Forget the sign-ins of a browser that has signed out."""
        with self._lock:
            self._newest = {key: each for key, each in self._newest.items() if key[0] != browser}
