"""The command `archive`: keep returns, list, check, compare and delete them, and check the audit.

A passphrase comes from the settings or is asked for at a terminal; it is never an argument, which others could see.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from sen2dash import RELEASE
from sen2dash.analysis.trend import is_stale, trend
from sen2dash.archive import audit, database, ending, keeping, keys, opened
from sen2dash.archive.audit import Event
from sen2dash.archive.kept import Kept, compared, find, listed, original
from sen2dash.archive.keys import Secret
from sen2dash.archive.opened import Archive
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.commands.archive_answers import list_answer, trend_answer, verified_answer
from sen2dash.compare.findings import needs_earlier
from sen2dash.config import Settings
from sen2dash.errors import BadArchive
from sen2dash.output import answers
from sen2dash.terminal import (
    BROKEN,
    OK,
    check_form,
    check_out,
    open_return,
    read_file,
    say,
    say_not_read,
    write,
    write_check,
    write_comparison,
)
from sen2dash.text import long_date, printable

#: Exit status of `verify` for a chain that is not as it should be.
NOT_VERIFIED = 1


# -- opening ----------------------------------------------------------------------------------------------


@contextmanager
def opened_archive(secret: Secret | None = None, is_made: bool = False) -> Iterator[Archive]:
    """Open the archive of the settings, delete what has ended, and close it at the end."""
    settings = Settings()
    archive = opened.open_archive(settings, secret or secret_for(settings), account(), is_made)
    try:
        if archive.is_new:
            say("A new archive was made. Nobody can recover its passphrase or key file: keep a copy in a safe place.")
        for kept in ending.expire(archive):
            say(f"The return {kept.id} was deleted: it ended on {long_date(kept.retain_until)}.")
        yield archive
    finally:
        archive.close()


def account() -> str:
    """The account that runs the program, for the audit."""
    try:
        return getpass.getuser()[:200]
    except (OSError, KeyError, ImportError):
        return "unknown account"


def secret_for(settings: Settings, is_made: bool = False) -> Secret:
    """What opens the archive: from the settings, else asked for. is_made: ask twice if the archive has no key yet."""
    opened.address_of(settings)
    return keys.secret_of(settings) or ask_passphrase(is_new=is_made and not opened.has_key(settings))


def ask_passphrase(is_new: bool, words: str = "Passphrase of the archive: ") -> Secret:
    """Ask for a passphrase at the terminal; twice for a new one. Errors: BadArchive if nobody can be asked."""
    if not sys.stdin.isatty():
        raise BadArchive(
            "There is no key for the archive",
            "Nobody can be asked for the passphrase here.",
            "Set SEN2DASH_ARCHIVE_KEY_FILE or SEN2DASH_ARCHIVE_PASSPHRASE.",
        )
    first = getpass.getpass(words)
    if is_new and getpass.getpass("The same passphrase again: ") != first:
        raise BadArchive("The two passphrases differ", "Type the same one twice.")
    return Secret("passphrase", first)


def agreed(question: str) -> None:
    """Ask once before something is deleted; a run without a terminal is not asked. Errors: BadArchive for no."""
    if sys.stdin.isatty():
        print(f"{question} Type yes to delete: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() != "yes":
            raise BadArchive("Nothing was deleted", "You did not type yes.")


def report_of(archive: Archive, kept: Kept, is_alone: bool = False) -> Report:
    """Check a kept return. is_alone: only by the rules that need no earlier return, as for a comparison."""
    rules = [rule for rule in catalogue.rules() if not (is_alone and needs_earlier(rule))]
    return build_report(original(archive, kept), archive.settings, only=rules)


# -- commands ---------------------------------------------------------------------------------------------


def run_keep(arguments: argparse.Namespace) -> int:
    """Keep a return and print its id, which is that of the kept one if it is kept already."""
    settings = Settings()
    source = open_return(arguments.file)
    secret = secret_for(settings, is_made=True)
    report = build_report(source, settings)
    try:
        keeping.check_lea(report.collection.lea)
        wanted = keeping.Wanted(
            label=arguments.label or "",
            kind=arguments.kind or "mock",
            note=arguments.note or "",
            file_name=arguments.file.name,
            retain_until=arguments.retain_until,
        )
        with opened_archive(secret, is_made=True) as archive:
            ident, is_new = keeping.keep(archive, source, report, wanted)
        say_not_read(report)
        if not is_new:
            say("This return is kept already.")
        write([f"{ident}\n".encode()], None)
        return OK
    finally:
        report.close()


def run_list(arguments: argparse.Namespace) -> int:
    """List the kept returns."""
    check_out(arguments.out, ())
    with opened_archive() as archive:
        found = listed(archive)
        today = archive.settings.clock().date()
    write(list_answer(found, arguments.format, today), arguments.out)
    return OK


def run_check(arguments: argparse.Namespace) -> int:
    """Check a kept return. The status is that of `check`."""
    check_out(arguments.out, ())
    check_form(arguments)
    with opened_archive() as archive:
        report = report_of(archive, find(archive, arguments.id))
        try:
            say_not_read(report)
            status = write_check(report, arguments.format, arguments.out)
            archive.record(Event(action="export", what=f"findings.{arguments.format}"), report.collection.lea)
            return status
        finally:
            report.close()


def run_compare(arguments: argparse.Namespace) -> int:
    """Compare two kept returns. The status is that of `compare`."""
    check_out(arguments.out, ())
    check_form(arguments)
    with opened_archive() as archive, ExitStack() as closing:
        both = [find(archive, ident) for ident in (arguments.before, arguments.after)]
        reports: list[Report] = []
        for kept in both:
            reports.append(report_of(archive, kept, is_alone=True))
            closing.callback(reports[-1].close)
        compared(archive, *both)
        messages = [
            f"{kept.id}: {words}" for kept, each in zip(both, reports, strict=True) if (words := each.not_read())
        ]
        return write_comparison(reports[0], reports[1], arguments.format, arguments.out, messages)


def run_label(arguments: argparse.Namespace) -> int:
    """Change what describes a kept return."""
    with opened_archive() as archive:
        keeping.relabel(
            archive,
            find(archive, arguments.id),
            arguments.label,
            arguments.kind,
            arguments.note,
            arguments.retain_until,
        )
    return OK


def run_delete(arguments: argparse.Namespace) -> int:
    """Delete a kept return."""
    with opened_archive() as archive:
        kept = find(archive, arguments.id)
        agreed(f"Delete the return {kept.id} with its summary, marks and notes?")
        ending.delete(archive, kept)
    return OK


def run_trend(arguments: argparse.Namespace) -> int:
    """Show the trend."""
    check_out(arguments.out, ())
    with opened_archive() as archive:
        found = of_authority(listed(archive, is_thorough=False), arguments.authority)
        shown = trend(found, archive.settings, arguments.years)
    write(trend_answer(shown, arguments.format), arguments.out)
    return OK


def of_authority(found: Sequence[Kept], authority: str | None) -> list[Kept]:
    """The returns of one authority: of the one named, or of the only one. Errors: BadArchive."""
    known = sorted({each.authority for each in found})
    if authority is None and len(known) > 1:
        raise BadArchive("Which authority?", f"There are returns of {', '.join(known)}.", "Add --authority.")
    return [each for each in found if authority is None or each.authority == authority]


def run_recompute(arguments: argparse.Namespace) -> int:
    """Make summaries anew. Status 3: a rule or an indicator could not be run."""
    with opened_archive() as archive:
        if arguments.ids:
            chosen = [find(archive, ident) for ident in arguments.ids]
        else:
            every = listed(archive, is_thorough=False)
            chosen = [
                each
                for each in every
                if each.manifest and (each.summary is None or is_stale(each.summary, archive.settings))
            ]
        for kept in chosen:
            report = report_of(archive, kept)
            try:
                keeping.renew(archive, kept, report)
            finally:
                report.close()
        say(f"{answers.count(len(chosen), 'summary')} made with {RELEASE}.")
        renewed = {each.id for each in chosen}
        summaries = [each.summary for each in listed(archive, is_thorough=False) if each.id in renewed]
    return BROKEN if any(each and each.broken() for each in summaries) else OK


def run_audit(arguments: argparse.Namespace) -> int:
    """Write the audit, and note that it was written."""
    check_out(arguments.out, ())
    with opened_archive() as archive:
        archive.record(Event(action="export", what="audit"))
        with archive.database.reading() as connection:
            found = audit.export(audit.entries(connection, archive.key), archive.now())
    write([json.dumps(found, ensure_ascii=False, indent=1).encode(), b"\n"], arguments.out)
    return OK


def run_verify(arguments: argparse.Namespace) -> int:
    """Check the chains of the audit. Status 1: one of them is broken, or no longer holds an earlier head."""
    settings = Settings()
    exported = read_file(arguments.head) if arguments.head else None
    secret = keys.secret_of(settings)
    if secret is None:
        say("The chains are checked without the key. With it, rewritten entries would be noticed as well.")
        found = database.connect(opened.address_of(settings))
        try:
            return _verified(found, None, exported)
        finally:
            found.close()
    with opened_archive(secret) as archive:
        return _verified(archive.database, archive.key, exported)


def _verified(found: database.Database, key: keys.DataKey | None, exported: bytes | None) -> int:
    with found.reading() as connection:
        chains = audit.verify(connection, key)
    cut: tuple[str, ...] = ()
    if exported is not None:
        with found.reading() as connection:
            cut = audit.cut_off(connection, exported)
    write(verified_answer(chains, cut), None)
    return NOT_VERIFIED if cut or any(each.broken_at is not None for each in chains) else OK


def run_change_key(arguments: argparse.Namespace) -> int:
    """Change the passphrase or the key file."""
    with opened_archive() as archive:
        if arguments.new_key_file:
            secret = Secret("key_file", key=keys.read_key_file(arguments.new_key_file))
        else:
            secret = ask_passphrase(is_new=True, words="New passphrase of the archive: ")
        opened.change_key(archive, secret)
    say("The key was changed. Backups from before still open with the old one.")
    return OK


def run_erase(arguments: argparse.Namespace) -> int:
    """Delete everything of an authority, or everything."""
    with opened_archive() as archive:
        whose = f"of authority {printable(arguments.authority)}" if arguments.authority else "of every authority"
        agreed(
            f"Delete every kept return {whose}, and the audit? Write the audit to a file first: archive audit --out."
        )
        n_returns = ending.erase(archive, arguments.authority)
    say(f"{answers.count(n_returns, 'return')} deleted.")
    return OK


def run_prepare(arguments: argparse.Namespace) -> int:
    """Make or update the tables in PostgreSQL and admit a role."""
    database.prepare(opened.address_of(Settings()), arguments.role, arguments.authorities)
    return OK


#: What each command of `archive` runs.
RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "keep": run_keep,
    "list": run_list,
    "check": run_check,
    "compare": run_compare,
    "label": run_label,
    "delete": run_delete,
    "trend": run_trend,
    "recompute": run_recompute,
    "audit": run_audit,
    "verify": run_verify,
    "change-key": run_change_key,
    "erase": run_erase,
    "prepare": run_prepare,
}
