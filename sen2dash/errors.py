"""The errors that a person sees. Each says what is wrong, where, and what to do; none contains child data."""

from __future__ import annotations

import traceback
from pathlib import Path

#: The project's own code, not the libraries that it calls.
CODE = tuple(str(Path(__file__).resolve().parent.parent / folder) for folder in ("sen2dash", "pages"))


class Sen2DashError(Exception):
    """Base of every error that sen2dash raises on purpose.

    title: what is wrong, in a few words. message: the details, with the line if there is one.
    hint: what to do about it.
    """

    def __init__(self, title: str, message: str, hint: str = "") -> None:
        super().__init__(f"{title}: {message}")
        self.title = title
        self.message = message
        self.hint = hint

    def one_line(self) -> str:
        """Return the whole error as one line for a terminal."""
        return " ".join(part for part in (f"{self.title}.", self.message, self.hint) if part)


class UserError(Sen2DashError):
    """Something that the person at the keyboard can correct."""


class NotXml(UserError):
    """The bytes are not well-formed XML in a supported encoding, or contain a DOCTYPE (rule H01)."""


class NotSen2(UserError):
    """Well-formed XML that is not a SEN2 message (rule H02)."""


class BadInput(UserError):
    """A return that is not XML cannot be used: something else, incomplete, or put together from two exports."""


class TooLarge(UserError):
    """The file is over a configured limit."""


class BadRegister(UserError):
    """The establishment register is not a GIAS CSV."""


class BadPublication(UserError):
    """None of the files is from the DfE's publication "Education, health and care plans"."""


class BadNumbers(UserError):
    """The list of the DfE's rule numbers has none that can be used."""


class BadWorkingFile(UserError):
    """The working file cannot be opened."""


class BadArchive(UserError):
    """The archive cannot be opened or used, or does not hold what is asked for."""


class NoArchive(BadArchive):
    """Nothing has been kept at the place that the setting names."""


class WrongKey(BadArchive):
    """The archive does not open with this key, or its key record is damaged."""


class NewerRecord(BadArchive):
    """A newer release kept this, and this one does not know how."""


class NoAccess(UserError):
    """The person who is signed in may not do this."""


class UnprotectedServer(UserError):
    """The server would be open to people whom nobody signs in, or its sign-in is not complete."""


class BadTeams(UserError):
    """The file is not a list of teams, or has no line that can be read."""


class BadEarlier(UserError):
    """The return is not another earlier year of the same authority."""


class BadLinkedFile(UserError):
    """A linked file (school census, attainment, inspections) cannot be read, or is something else."""


class BadArguments(UserError):
    """The command line or a setting asks for something that does not exist."""


class CatalogueError(Sen2DashError):
    """A file under queries/ breaks the contract of the catalogue. This is a bug, not a fault in the return."""


def place_of(error: BaseException) -> str:
    """Return the last line of the project's code in a traceback, for a log: file and line, never the message."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(CODE)]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "outside the project"
