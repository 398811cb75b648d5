"""The arguments of the command `archive`. What it runs is loaded when used, so that other commands start faster."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from sen2dash.archive.kinds import KINDS
from sen2dash.terminal import add_header, add_output

FORMS = ("text", "json", "csv", "xlsx")
#: The most years in a trend.
MAX_YEARS = 3


def run(arguments: argparse.Namespace) -> int:
    """Run one command of `archive` and return its exit status."""
    from sen2dash.commands import archive

    return archive.RUN[arguments.action](arguments)


def add_commands(commands: Any) -> None:
    """Add `archive` and its commands to the parser."""
    archive = commands.add_parser("archive", help="keep returns, encrypted, and use them again")
    archive.set_defaults(run=run)
    actions = archive.add_subparsers(dest="action", required=True, metavar="COMMAND")

    keep = actions.add_parser("keep", help="keep a return, and print its id")
    keep.add_argument("file", type=Path, metavar="RETURN", help="the return to keep, in any form")
    add_header(keep)
    _add_description(keep)

    list_ = actions.add_parser("list", help="list the kept returns")
    add_output(list_, ("text", "json"))

    check = actions.add_parser("check", help="check a kept return, as the command check does")
    check.add_argument("id", metavar="ID", help="the id of the kept return, or its first 6 letters or more")
    add_output(check, FORMS)

    compare = actions.add_parser("compare", help="compare two kept returns, as the command compare does")
    compare.add_argument("before", metavar="BEFORE", help="the id of the earlier return")
    compare.add_argument("after", metavar="AFTER", help="the id of the later return")
    add_output(compare, FORMS)

    label = actions.add_parser("label", help="change what a kept return is called, its kind, note or end date")
    label.add_argument("id", metavar="ID", help="the id of the kept return")
    _add_description(label)

    delete = actions.add_parser("delete", help="delete a kept return")
    delete.add_argument("id", metavar="ID", help="the id of the kept return")

    over = actions.add_parser("trend", help="show indicators and findings over the kept returns of an authority")
    over.add_argument(
        "--authority",
        type=_authority,
        metavar="NUMBER",
        help="the authority, if the archive has returns of several",
    )
    over.add_argument(
        "--years",
        type=int,
        default=MAX_YEARS,
        choices=range(1, MAX_YEARS + 1),
        help="how many return years to show (3)",
    )
    add_output(over, ("text", "json"))

    recompute = actions.add_parser("recompute", help="recalculate the summaries of kept returns with this release")
    recompute.add_argument(
        "ids",
        nargs="*",
        metavar="ID",
        help="the returns; without any, those calculated with other rules or definitions",
    )

    export = actions.add_parser("audit", help="write the audit as JSON")
    export.add_argument("--out", type=Path, metavar="FILE", help="write to this file instead of standard output")

    verify = actions.add_parser("verify", help="check that nobody has changed the audit")
    verify.add_argument("--head", type=Path, metavar="FILE", help="an audit written earlier, which must still be in it")

    change = actions.add_parser("change-key", help="change the passphrase, or use a key file instead")
    change.add_argument(
        "--new-key-file", type=Path, metavar="FILE", help="the new key file; without it, a passphrase is asked for"
    )

    erase = actions.add_parser("erase", help="delete every kept return of an authority, and its audit")
    erase.add_argument("--authority", type=_authority, metavar="NUMBER", help="the authority; without it, all of them")

    prepare = actions.add_parser("prepare", help="make the tables in PostgreSQL, as their owner, and admit a role")
    prepare.add_argument("role", metavar="ROLE", help="the role with which the program connects")
    prepare.add_argument(
        "authorities",
        nargs="+",
        type=_authority,
        metavar="NUMBER",
        help="the authorities that the role keeps returns of",
    )


def _add_description(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what a kept return is."""
    parser.add_argument("--label", metavar="TEXT", help="a name for lists")
    parser.add_argument("--kind", choices=KINDS, help="what kind of return it is (mock)")
    parser.add_argument("--note", metavar="TEXT", help="a note about it")
    parser.add_argument(
        "--retain-until", type=_date, metavar="DATE", help="the last day to keep it, such as 2028-01-31"
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date such as 2028-01-31") from None


def _authority(text: str) -> str:
    if len(text) != 3 or not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of an authority, such as 333")
    return text
