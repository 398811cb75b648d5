"""Who is at the screen and what they may see. Everything that shows, lists or exports asks here."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What a person may see: figures with small numbers protected, children, or the archive's administration.

    `CHILD` and `ADMIN` each include `VIEW`; `ADMIN` does not include `CHILD`.
    """

    VIEW = "sen2.view"
    CHILD = "sen2.child"
    ADMIN = "sen2.admin"


@dataclass(frozen=True)
class Person:
    """A signed-in person. who: the name in the audit. authority: the number of the only authority, empty for any."""

    who: str
    rights: frozenset[Right]
    authority: str = ""

    def may(self, right: Right) -> bool:
        """Whether the person has a right."""
        return right in self.rights


def person() -> Person:
    """The person at the screen. On a machine of their own there is no sign-in, and they may do everything."""
    return Person(getpass.getuser(), frozenset(Right))
