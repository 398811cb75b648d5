"""The command line: pass the arguments to the core, write the answer to stdout or a file, return an exit status.

Data goes to stdout or --out, messages to stderr. A file that is refused gives one short message and nothing else.
There is never a traceback, and no message holds a value from the return.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from pydantic import ValidationError

from sen2dash import RELEASE, spec
from sen2dash.checks import catalogue, dfe_numbers, rulebook
from sen2dash.checks.report import Report, build_report
from sen2dash.commands import archive_arguments, convert, linked
from sen2dash.compare.findings import needs_earlier
from sen2dash.config import Settings
from sen2dash.errors import CatalogueError, UserError
from sen2dash.indicators.run import run_indicators
from sen2dash.output import answers
from sen2dash.reading.register import RegisterReading
from sen2dash.terminal import (
    BROKEN,
    FOUND,
    INTERRUPTED,
    OK,
    REFUSED,
    STOPPED,
    Parser,
    add_header,
    add_output,
    check_form,
    check_out,
    chosen_header,
    chosen_numbers,
    chosen_register,
    chosen_rules,
    interrupt,
    open_return,
    register_messages,
    say,
    say_not_read,
    say_origin,
    unwritable,
    whole_file,
    write,
    write_check,
    write_comparison,
)

__all__ = [
    "BROKEN",
    "FOUND",
    "INTERRUPTED",
    "OK",
    "REFUSED",
    "interrupt",
    "main",
    "make_parser",
    "open_return",
    "whole_file",
]


def make_parser() -> argparse.ArgumentParser:
    """Return a parser for the arguments of every command."""
    parser = Parser(prog="python -m sen2dash", description="Check a SEN2 person-level return.")
    parser.add_argument("--version", action="version", version=RELEASE)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="check a return and list what was found")
    check.set_defaults(run=run_check)
    check.add_argument("file", type=Path, metavar="RETURN", help="the return to check: XML, or another form of it")
    add_header(check)
    add_output(check, ("text", "json", "csv", "xlsx"))
    check.add_argument(
        "--establishments",
        type=Path,
        metavar="FILE",
        help="the establishment register: 'all establishment data' from Get Information about Schools, CSV or zip",
    )
    check.add_argument("--previous", type=Path, metavar="RETURN.xml", help="an earlier return to compare with")
    check.add_argument(
        "--dfe-numbers", type=Path, metavar="FILE", help="a CSV with a rule id and the DfE's number in each row"
    )
    check.add_argument("--rules", metavar="ID,ID", help="run only these rules")

    both = commands.add_parser("compare", help="compare two returns and list what has changed")
    both.set_defaults(run=run_compare)
    both.add_argument("before", type=Path, metavar="BEFORE", help="the earlier return, or that of one case system")
    both.add_argument("after", type=Path, metavar="AFTER", help="the later return, or that of the other case system")
    add_output(both, ("text", "json", "csv", "xlsx"))
    both.add_argument(
        "--establishments",
        type=Path,
        metavar="FILE",
        help="the establishment register, to check both returns with",
    )

    rules = commands.add_parser("rules", help="list every rule")
    rules.set_defaults(run=run_rules)
    add_output(rules, ("text", "json", "markdown"))

    sample = commands.add_parser("sample", help="write a made-up return")
    sample.set_defaults(run=run_sample)
    sample.add_argument("out", type=Path, metavar="OUT.xml", help="the file to write")
    sample.add_argument("--persons", type=_count, default=500, metavar="N", help="the number of people (500)")
    sample.add_argument("--seed", type=int, default=0, metavar="S", help="the same seed makes the same return (0)")
    sample.add_argument(
        "--year",
        type=int,
        default=spec.NEWEST_YEAR,
        choices=(*spec.RETURN_YEARS, *spec.COMING_YEARS),
        help=f"the return year ({spec.NEWEST_YEAR})",
    )
    sample.add_argument("--defects", type=_count, default=0, metavar="N", help="the number of defects to add (0)")
    sample.add_argument(
        "--defect", action="append", default=[], metavar="ID", help="add a defect that this rule finds; can be repeated"
    )
    sample.add_argument(
        "--register", type=Path, metavar="OUT.csv", help="also write a made-up register of its establishments"
    )
    sample.add_argument("--linked", type=Path, metavar="FOLDER", help="also write made-up linked files to this folder")

    indicators = commands.add_parser("indicators", help="calculate the indicators of a return")
    indicators.set_defaults(run=run_figures)
    indicators.add_argument("file", type=Path, metavar="RETURN", help="the return to read: XML, or another form of it")
    add_header(indicators)
    add_output(indicators, ("text", "json"))

    convert.add_command(commands)
    linked.add_command(commands)
    archive_arguments.add_commands(commands)
    return parser


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of 0 or more")
    return number


# -- commands ---------------------------------------------------------------------------------------------


def run_check(arguments: argparse.Namespace) -> int:
    """Check a return. Status 0: no errors; 1: at least one error; 3: a rule is broken."""
    chosen = chosen_rules(arguments.rules)
    read = (arguments.file, arguments.previous, arguments.establishments, arguments.dfe_numbers)
    others = [path for path in read if path is not None]
    check_out(arguments.out, others)
    check_form(arguments)
    numbers = chosen_numbers(arguments.dfe_numbers)
    register = chosen_register(arguments.establishments)
    report = build_report(
        open_return(arguments.file, chosen_header(arguments)),
        Settings(),
        previous=open_return(arguments.previous) if arguments.previous else None,
        establishments=register,
        only=chosen,
    )
    say_not_read(report)
    say_origin(report)
    dfe_numbers.apply(report, numbers.by_rule)
    # Not earlier: if a file is refused, that is the only message.
    for message in register_messages(arguments.establishments, register):
        say(message)
    for message in numbers.messages():
        say(f"{arguments.dfe_numbers.name}: {message}")
    try:
        return write_check(report, arguments.format, arguments.out)
    finally:
        report.close()


def run_compare(arguments: argparse.Namespace) -> int:
    """Compare two returns. Status 0, whatever differs; 3: a rule or indicator could not be run on one of them."""
    paths = (arguments.before, arguments.after)
    check_out(arguments.out, [path for path in (*paths, arguments.establishments) if path is not None])
    check_form(arguments)
    register = chosen_register(arguments.establishments)
    with ExitStack() as closing:
        reports = []
        for path in paths:
            reports.append(checked_alone(path, register))
            closing.callback(reports[-1].close)
        before, after = reports
        messages = [
            f"{path.name}: {words}" for path, each in zip(paths, reports, strict=True) for words in each.sentences()
        ]
        messages += register_messages(arguments.establishments, register)
        return write_comparison(before, after, arguments.format, arguments.out, messages)


def checked_alone(path: Path, register: RegisterReading | None) -> Report:
    """Check a return with the rules that need no earlier return. Errors name the file."""
    chosen = [rule for rule in catalogue.rules() if not needs_earlier(rule)]
    source = open_return(path)
    try:
        return build_report(source, Settings(), establishments=register, only=chosen)
    except UserError as error:
        raise type(error)(f"{path.name}: {error.title}", error.message, error.hint) from None


def run_rules(arguments: argparse.Namespace) -> int:
    """Write the rule catalogue."""
    check_out(arguments.out, ())
    make = {"text": answers.rules_text, "json": answers.rules_json, "markdown": rulebook.pieces}[arguments.format]
    write(make(catalogue.rules()), arguments.out)
    return OK


def run_sample(arguments: argparse.Namespace) -> int:
    """Write a made-up return."""
    from sen2dash.sample.establishments import write_register
    from sen2dash.sample.generate import write_sample

    for path in (arguments.out, arguments.register):
        check_out(path, ())
    with whole_file(arguments.out) as part:
        put_in = write_sample(
            part,
            arguments.persons,
            arguments.seed,
            defects=arguments.defects,
            rule_ids=tuple(arguments.defect),
            year=arguments.year,
        )
    if arguments.defects or arguments.defect:
        times = ", ".join(f"{rule} ({n})" if n > 1 else rule for rule, n in sorted(Counter(put_in).items()))
        say(f"{answers.count(len(put_in), 'defect')} put in: {times or 'none'}.")
    if arguments.register:
        with whole_file(arguments.register) as part:
            write_register(part, arguments.seed)
    if arguments.linked:
        from sen2dash.sample.linked import write_linked

        try:
            write_linked(arguments.linked, arguments.persons, arguments.seed, arguments.year)
        except OSError as error:
            raise unwritable(str(arguments.linked), error) from None
    return OK


def run_figures(arguments: argparse.Namespace) -> int:
    """Write the figures of a return. Status 3: one of them could not be worked out."""
    check_out(arguments.out, (arguments.file,))
    report = build_report(open_return(arguments.file, chosen_header(arguments)), Settings(), only=())
    try:
        say_not_read(report)
        say_origin(report)
        results = run_indicators(report.store)
        make = answers.indicators_json if arguments.format == "json" else answers.indicators_text
        write(make(results, report), arguments.out)
    finally:
        report.close()
    return BROKEN if any(result.is_broken and not result.is_not_given for result in results) else OK


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    arguments = make_parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        words = ""
    except UserError as error:
        status, words = REFUSED, error.one_line()
    except ValidationError as error:
        status, words = REFUSED, f"A setting in the environment is wrong. {catalogue.describe(error)}"
    except CatalogueError as error:
        status, words = BROKEN, error.one_line()
    except KeyboardInterrupt:
        status, words = INTERRUPTED, "Stopped."
    except Exception as error:  # noqa: BLE001
        # This is a bug. Its message may hold values from the return, so only name its class.
        name = type(error).__name__
        what = "The file was not checked." if arguments.command == "check" else "The command was not completed."
        status, words = BROKEN, f"Something went wrong in sen2dash ({name}). {what}"
    if STOPPED.is_set():
        status, words = INTERRUPTED, "Stopped."
    if words:
        say(words)
    return status
