"""The command `linked`: match other files with a return, and count what they say."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.linked.kinds import KINDS
from sen2dash.terminal import (
    OK,
    add_output,
    check_out,
    chosen_register,
    open_return,
    register_messages,
    say,
    say_not_read,
    say_origin,
    write,
)


def add_command(commands: Any) -> None:
    """Add the command to a parser's commands."""
    parser = commands.add_parser("linked", help="match other files with a return and count what they say")
    parser.set_defaults(run=run)
    parser.add_argument("file", type=Path, metavar="RETURN.xml", help="the return to match with")
    for name, what in KINDS.items():
        parser.add_argument(f"--{name}", type=Path, nargs="+", action="extend", default=[], metavar="PATH", help=what)
    parser.add_argument("--establishments", type=Path, metavar="FILE", help="the establishment register, for places")
    add_output(parser, ("text", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Match linked files with a return. Status 0, whatever matched."""
    # Other commands start faster without these.
    from sen2dash.linked import matching
    from sen2dash.output import linked_answers

    given = {name: getattr(arguments, name) for name in KINDS}
    others = [path for paths in given.values() for path in paths]
    check_out(arguments.out, [path for path in (arguments.file, arguments.establishments, *others) if path is not None])
    register = chosen_register(arguments.establishments)
    report = build_report(open_return(arguments.file), Settings(), establishments=register, only=())
    try:
        figures = matching.link(report, given)
        report.linked = figures
        say_not_read(report)
        say_origin(report)
        for message in (*register_messages(arguments.establishments, register), *figures.log):
            say(message)
        make = linked_answers.linked_json if arguments.format == "json" else linked_answers.linked_text
        write(make(report, figures), arguments.out)
    finally:
        report.close()
    return OK
