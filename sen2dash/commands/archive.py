"""The command `archive`: keep returns, list, check, compare and delete them, and check the audit."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from sen2dash import RELEASE
from sen2dash.analysis.trend import to_recompute, trend
from sen2dash.archive import audit, database, deleting, keeping, keeping_limits, keys, opening
from sen2dash.archive.audit import Event
from sen2dash.archive.kept import KeptReturn, compared, event_of, find, listed, original
from sen2dash.archive.keys import Secret
from sen2dash.archive.opening import Archive
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.commands.archive_answers import kept_words, list_answer, trend_answer, verified_answer
from sen2dash.commands.archive_opening import agreed, ask_passphrase, opened_archive, secret_for, secret_set, typed_key
from sen2dash.compare.findings import needs_earlier
from sen2dash.config import Settings
from sen2dash.errors import BadArchive
from sen2dash.model import SEVERITIES
from sen2dash.output import answers
from sen2dash.output.kept_form import as_kept
from sen2dash.output.return_xml import leaves_out
from sen2dash.terminal import (
    BROKEN,
    OK,
    check_form,
    check_out,
    chosen_header,
    open_return,
    read_file,
    say,
    say_not_read,
    say_origin,
    write,
    write_check,
    write_comparison,
)
from sen2dash.text import printable

#: Exit status of `verify` for a chain that is not as it should be.
NOT_VERIFIED = 1


def report_of(archive: Archive, kept: KeptReturn, is_alone: bool = False) -> Report:
    """Check a kept return. is_alone: only by the rules that need no earlier return, as for a comparison."""
    rules = [rule for rule in catalogue.rules() if not (is_alone and needs_earlier(rule))]
    return build_report(original(archive, kept), archive.settings, only=rules, is_limited=False)


def run_keep(arguments: argparse.Namespace) -> int:
    """Keep a return and print its id, which is that of the kept one if it is there. Status 3: a rule or an indicator
    could not be run for its summary.
    """
    settings = Settings()
    source = open_return(arguments.file, chosen_header(arguments))
    secret = secret_for(settings, is_made=True)
    report = build_report(source, settings)
    try:
        if (made := as_kept(report)) is not None and report.origin is not None:
            say_origin(report)
            for words in leaves_out(report.origin):
                say(words)
            say(f"What is kept is the SEN2 XML made from {report.origin.words}.")
            report.close()
            source, report = made, build_report(made, settings, is_limited=False)
        keeping_limits.check_lea(report.collection.lea)
        if arguments.retain_until or not opening.has_key(settings):
            # Not later: a return that is refused makes no archive.
            keeping_limits.retain_until(settings, report.collection.census_date, arguments.retain_until)
        wanted = keeping.KeepOptions(
            label=arguments.label or "",
            kind=arguments.kind,
            note=arguments.note or "",
            file_name=arguments.file.name,
            retain_until=arguments.retain_until,
        )
        with opened_archive(secret, is_made=True) as archive:
            ident, is_new = keeping.keep(archive, source, report, wanted, is_made_here=made is not None)
            kept = find(archive, ident)
            today = settings.clock().date()
        say_not_read(report)
        say(kept_words(kept, is_new, today))
        write([f"{ident}\n".encode()], None)
        return BROKEN if kept.summary and kept.summary.broken() else OK
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
        kept = find(archive, arguments.id)
        report = report_of(archive, kept)
        try:
            rows = sum(report.n_findings(severity) for severity in SEVERITIES)
            facts = {"what": f"findings.{arguments.format}", "rows": rows}
            # Before it is written: what was seen is recorded, even if it could not be written whole.
            archive.record(event_of("export", kept).model_copy(update=facts), kept.authority)
            say_not_read(report)
            return write_check(report, arguments.format, arguments.out)
        finally:
            report.close()


def run_compare(arguments: argparse.Namespace) -> int:
    """Compare two kept returns. The status is that of `compare`."""
    check_out(arguments.out, ())
    check_form(arguments)
    with opened_archive() as archive, ExitStack() as closing:
        before, after = [find(archive, ident) for ident in (arguments.before, arguments.after)]
        reports: list[Report] = []
        for kept in (before, after):
            reports.append(report_of(archive, kept, is_alone=True))
            closing.callback(reports[-1].close)
        messages = [
            f"{kept.id}: {words}"
            for kept, each in zip((before, after), reports, strict=True)
            if (words := each.not_read())
        ]

        def record(rows: int) -> None:
            compared(archive, before, after, "export", f"comparison.{arguments.format}", rows)

        compared(archive, before, after)
        return write_comparison(reports[0], reports[1], arguments.format, arguments.out, messages, record)


def run_label(arguments: argparse.Namespace) -> int:
    """Change what describes a kept return. Nothing is deleted first, so that an ended return can be prolonged."""
    with opened_archive(is_expiring=False) as archive:
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
        deleting.delete(archive, kept)
    return OK


def run_trend(arguments: argparse.Namespace) -> int:
    """Show the trend."""
    check_out(arguments.out, ())
    with opened_archive() as archive:
        found = of_authority(listed(archive, is_thorough=False), arguments.authority)
        shown = trend(found, archive.settings, arguments.years)
    write(trend_answer(shown, arguments.format), arguments.out)
    return OK


def of_authority(found: Sequence[KeptReturn], authority: str | None) -> list[KeptReturn]:
    """The returns of one authority: of the one named, or of the only one. Errors: BadArchive."""
    known = sorted({each.authority for each in found})
    if authority is None and len(known) > 1:
        raise BadArchive("Which authority?", f"There are returns of {', '.join(known)}.", "Add --authority.")
    if authority is not None and authority not in known:
        raise BadArchive(
            "The archive has nothing for this authority",
            f"No return of authority {printable(authority)} is kept.",
            "See python -m sen2dash archive list.",
        )
    return [each for each in found if authority is None or each.authority == authority]


def run_recompute(arguments: argparse.Namespace) -> int:
    """Recalculate summaries. Status 3: a rule or an indicator could not be run."""
    with opened_archive() as archive:
        if arguments.ids:
            chosen = [find(archive, ident) for ident in arguments.ids]
        else:
            chosen = [*to_recompute(listed(archive, is_thorough=False), archive.settings)]
        for kept in chosen:
            keeping.recompute(archive, kept)
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
    secret = secret_set(settings) or typed_key(settings)
    if secret is None:
        say("The chains are checked without the key. With it, rewritten entries would be noticed as well.")
        found = database.connect(opening.address_of(settings))
        try:
            return _verified(found, None, exported)
        finally:
            found.close()
    with opened_archive(secret, is_expiring=False) as archive:
        return _verified(archive.database, archive.key, exported)


def _verified(found: database.Database, key: keys.DataKey | None, exported: bytes | None) -> int:
    with found.reading() as connection:
        chains = audit.verify(connection, found.own_chain, key)
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
        opening.change_key(archive, secret)
    say(
        "The key was changed, but not the data key that it protects. The old key still opens earlier backups, and "
        "anyone who has such a backup and the old key can open the archive."
    )
    return OK


def run_erase(arguments: argparse.Namespace) -> int:
    """Delete everything of an authority, or everything."""
    with opened_archive() as archive:
        if arguments.authority is not None:
            deleting.check_known(archive, arguments.authority)
        whose = "every authority" if arguments.authority is None else f"authority {arguments.authority}"
        agreed(
            f"Delete every kept return of {whose}, and the audit? Write the audit to a file first: archive audit --out."
        )
        n_returns = deleting.erase(archive, arguments.authority)
    say(
        f"{answers.count(n_returns, 'return')} deleted. Backups can still be opened with the key in use when they were "
        "made: delete them too."
    )
    return OK


def run_prepare(arguments: argparse.Namespace) -> int:
    """Make or update the tables in PostgreSQL and admit a role."""
    database.prepare(opening.address_of(Settings()), arguments.role, arguments.authorities)
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
