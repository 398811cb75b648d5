"""The command `convert`: save a return that is not XML as SEN2 XML."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.output import return_xml
from sen2dash.terminal import (
    OK,
    add_header,
    check_out,
    chosen_header,
    open_return,
    say,
    say_not_read,
    say_origin,
    write,
)


def add_command(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("convert", help="save a return that is not XML as SEN2 XML")
    parser.set_defaults(run=run)
    parser.add_argument("file", type=Path, metavar="RETURN", help="a folder, .zip, .csv or .xlsx to read")
    parser.add_argument("out", type=Path, metavar="OUT.xml", help="the file to write")
    add_header(parser)


def run(arguments: argparse.Namespace) -> int:
    """Save a return as SEN2 XML."""
    check_out(arguments.out, (arguments.file,))
    report = build_report(open_return(arguments.file, chosen_header(arguments)), Settings(), only=())
    try:
        say_not_read(report)
        say_origin(report)
        made = return_xml.ReturnXml(report.store, report.collection.year)
        write(made.pieces(), arguments.out)
        lost = made.notes() if report.origin is None else return_xml.leaves_out(report.origin)
        for words in (*lost, return_xml.NOT_FROM_A_SYSTEM):
            say(words)
    finally:
        report.close()
    return OK
