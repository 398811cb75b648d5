"""How the command `archive` opens an archive: who runs it, what opens it, and what it says and asks on the way.

A passphrase comes from the settings or is asked for at a terminal; it is never an argument, which others could see.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sen2dash.archive import deleting, keys, opening
from sen2dash.archive.keeping import storable
from sen2dash.archive.keys import Secret
from sen2dash.archive.opening import Archive
from sen2dash.commands.archive_answers import day_words, ended_words
from sen2dash.config import Settings
from sen2dash.errors import BadArchive
from sen2dash.terminal import say

#: Said before a passphrase is chosen, and when an archive was made.
NOBODY_CAN = "Nobody can recover its passphrase or key file: keep a copy in a safe place."


@contextmanager
def opened_archive(secret: Secret | None = None, is_made: bool = False, is_expiring: bool = True) -> Iterator[Archive]:
    """Open the archive of the settings, say which returns have ended, and close it at the end.

    is_expiring: first delete the returns whose notice is over.
    """
    settings = Settings()
    archive = opening.open_archive(settings, secret or secret_for(settings), account(), is_made)
    try:
        if archive.is_new:
            say(f"A new archive was made. {NOBODY_CAN}")
        say_ended(archive, is_expiring)
        yield archive
    finally:
        archive.close()


def say_ended(archive: Archive, is_expiring: bool) -> None:
    """Say which returns have ended, and from when they are deleted. is_expiring: delete those whose notice is over."""
    for kept in deleting.expire(archive) if is_expiring else ():
        say(f"The return {kept.id} was deleted: it ended on {day_words(kept.retain_until)}.")
    ended = deleting.ended(archive)
    first, today = deleting.notices(archive) if ended else {}, archive.settings.clock().date()
    for kept in ended:
        deleting.give_notice(archive, first, kept)
        words = ended_words(kept, deleting.removed_on(kept, first, today))
        say(f"The return {kept.id} {words}. To keep it, give it another end date with archive label.")


def account() -> str:
    """The account that runs the program, for the audit. The system says it, and not the environment."""
    try:
        if sys.platform == "win32":
            name = os.getlogin()
        else:
            import pwd

            name = pwd.getpwuid(os.getuid()).pw_name
    except (OSError, KeyError):
        # A container may run as a number without a name.
        name = "unknown account" if sys.platform == "win32" else f"account {os.getuid()}"
    return storable(name)[:200]


def secret_for(settings: Settings, is_made: bool = False) -> Secret:
    """What opens the archive: from the settings, else asked for. is_made: ask twice if the archive has no key yet."""
    opening.address_of(settings)
    return secret_set(settings) or ask_passphrase(is_new=is_made and not opening.has_key(settings))


def secret_set(settings: Settings) -> Secret | None:
    """What opens the archive from the settings, with a warning if others can read it; None if they name nothing."""
    found = keys.secret_of(settings)
    path = keys.key_file_of(settings)
    if path is not None and keys.is_open_to_all(path):
        say(f"Every account of this computer can read the key file {path}. Close it: chmod 400.")
    return found


def ask_passphrase(is_new: bool, words: str = "Passphrase of the archive: ") -> Secret:
    """Ask for a passphrase at the terminal; twice for a new one. Errors: BadArchive if there is none to ask at."""
    if not sys.stdin.isatty():
        raise BadArchive(
            "There is no key for the archive",
            "There is no terminal to ask for the passphrase.",
            "Set SEN2DASH_ARCHIVE_KEY_FILE or SEN2DASH_ARCHIVE_PASSPHRASE.",
        )
    if is_new:
        say(f"Choose a passphrase for the archive. {NOBODY_CAN}")
    first = typed(words)
    if is_new:
        keys.check_new(Secret("passphrase", first))
        if typed("The same passphrase again: ") != first:
            raise BadArchive("The two passphrases differ", "Type the same one twice.")
    return Secret("passphrase", first)


def typed(words: str) -> str:
    """What somebody types unseen. Errors: BadArchive if they end the input instead."""
    try:
        return getpass.getpass(words)
    except EOFError:
        raise BadArchive("There is no passphrase", "The input ended before you typed it.") from None


def agreed(question: str) -> None:
    """Ask once before something is deleted; a run without a terminal is not asked. Errors: BadArchive for no."""
    if sys.stdin.isatty():
        print(f"{question} Type yes to delete: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() != "yes":
            raise BadArchive("Nothing was deleted", "You did not type yes.")


def typed_key(settings: Settings) -> Secret | None:
    """A passphrase that somebody at a terminal may type; None without a terminal, or if they type nothing."""
    if not sys.stdin.isatty():
        return None
    opening.address_of(settings)
    text = typed("Passphrase of the archive (press Enter to check without it): ")
    return Secret("passphrase", text) if text else None
