"""The command line: pass the arguments to the core, write the answer to stdout or a file, return an exit status.

Data goes to stdout or --out, messages to stderr. A file that is refused gives one short message and nothing else.
There is never a traceback, and no message holds a value from the return.
"""

from __future__ import annotations

import argparse
import mmap
import os
import secrets
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

from pydantic import ValidationError

from sen2dash import RELEASE, spec
from sen2dash.checks import catalogue, dfe_numbers, rulebook
from sen2dash.checks.dfe_numbers import Numbers
from sen2dash.checks.report import Report, build_report
from sen2dash.compare.comparison import compare
from sen2dash.compare.findings import needs_earlier
from sen2dash.config import Settings
from sen2dash.errors import BadArguments, CatalogueError, TooLarge, UserError
from sen2dash.indicators.run import run_indicators
from sen2dash.linked import together
from sen2dash.model import Rule
from sen2dash.output import answers, comparison, export, linked_answers
from sen2dash.reading.register import RegisterReading, read_register
from sen2dash.text import printable

OK, FOUND, REFUSED, BROKEN = 0, 1, 2, 3
INTERRUPTED = 130
#: Set when Ctrl-C was pressed, because code that runs a query may report the interruption as a fault of the query.
STOPPED = threading.Event()


class Parser(argparse.ArgumentParser):
    """A parser whose messages quote the arguments without terminal control characters."""

    def error(self, message: str) -> NoReturn:
        """Report what is wrong with the arguments, and exit."""
        super().error(printable(message))


def make_parser() -> argparse.ArgumentParser:
    """Return a parser for the arguments of every command."""
    parser = Parser(prog="python -m sen2dash", description="Check a SEN2 person-level return.")
    parser.add_argument("--version", action="version", version=RELEASE)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="check a return and list what was found")
    check.set_defaults(run=run_check)
    check.add_argument("file", type=Path, metavar="RETURN.xml", help="the return to check")
    _add_output(check, ("text", "json", "csv", "xlsx"))
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
    _add_output(both, ("text", "json", "csv", "xlsx"))
    both.add_argument(
        "--establishments",
        type=Path,
        metavar="FILE",
        help="the establishment register, to check both returns with",
    )

    rules = commands.add_parser("rules", help="list every rule")
    rules.set_defaults(run=run_rules)
    _add_output(rules, ("text", "json", "markdown"))

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
    indicators.add_argument("file", type=Path, metavar="RETURN.xml", help="the return to read")
    _add_output(indicators, ("text", "json"))
    _add_linked(commands.add_parser("linked", help="match other files with a return and count what they say"))
    return parser


def _add_linked(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=run_linked)
    parser.add_argument("file", type=Path, metavar="RETURN.xml", help="the return to match with")
    for name, what in together.KINDS.items():
        parser.add_argument(f"--{name}", type=Path, nargs="+", action="extend", default=[], metavar="PATH", help=what)
    parser.add_argument("--establishments", type=Path, metavar="FILE", help="the establishment register, for places")
    _add_output(parser, ("text", "json"))


def _add_output(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    parser.add_argument("--format", choices=formats, default="text", help="the form of the answer (text)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write to this file instead of standard output")


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
        open_return(arguments.file),
        Settings(),
        previous=open_return(arguments.previous) if arguments.previous else None,
        establishments=register,
        only=chosen,
    )
    say_not_read(report)
    dfe_numbers.apply(report, numbers.by_rule)
    # Not earlier: if a file is refused, that is the only message.
    for message in register_messages(arguments.establishments, register):
        say(message)
    for message in numbers.messages():
        say(f"{arguments.dfe_numbers.name}: {message}")
    try:
        write(check_answer(report, arguments.format), arguments.out)
        if report.of_status("broken"):
            return BROKEN
        return FOUND if report.n_findings("error") else OK
    finally:
        report.close()


def check_answer(report: Report, form: str) -> Iterable[bytes]:
    """Yield the output of `check` in one of its formats, in pieces."""
    if form == "csv":
        return export.findings_csv_pieces(report)
    if form == "xlsx":
        return export.findings_xlsx_pieces(report)
    return answers.report_json(report) if form == "json" else answers.report_text(report)


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
        compared = compare(before, after)
        closing.callback(compared.close)
        figures = comparison.Figures(run_indicators(before.store), run_indicators(after.store))
        for path, report in zip(paths, reports, strict=True):
            if words := report.not_read():
                say(f"{path.name}: {words}")
        for message in register_messages(arguments.establishments, register):
            say(message)
        broken = comparison.could_not_run(compared, figures)
        for words in broken:
            say(words)
        write(comparison.answer(compared, figures, arguments.format), arguments.out)
    return BROKEN if broken else OK


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
            raise _unwritable(str(arguments.linked), error) from None
    return OK


def run_figures(arguments: argparse.Namespace) -> int:
    """Write the figures of a return. Status 3: one of them could not be worked out."""
    check_out(arguments.out, (arguments.file,))
    report = build_report(open_return(arguments.file), Settings(), only=())
    try:
        say_not_read(report)
        results = run_indicators(report.store)
        make = answers.indicators_json if arguments.format == "json" else answers.indicators_text
        write(make(results, report), arguments.out)
    finally:
        report.close()
    return BROKEN if any(result.is_broken for result in results) else OK


def run_linked(arguments: argparse.Namespace) -> int:
    """Match linked files with a return. Status 0, whatever matched."""
    given = {name: getattr(arguments, name) for name in together.KINDS}
    others = [path for paths in given.values() for path in paths]
    check_out(arguments.out, [path for path in (arguments.file, arguments.establishments, *others) if path is not None])
    register = chosen_register(arguments.establishments)
    report = build_report(open_return(arguments.file), Settings(), establishments=register, only=())
    try:
        figures = together.link(report, given)
        say_not_read(report)
        for message in (*register_messages(arguments.establishments, register), *figures.log):
            say(message)
        make = linked_answers.linked_json if arguments.format == "json" else linked_answers.linked_text
        write(make(report, figures), arguments.out)
    finally:
        report.close()
    return OK


# -- what goes in and out ---------------------------------------------------------------------------------


def chosen_rules(text: str | None) -> tuple[Rule, ...] | None:
    """Return the rules in a comma-separated list of ids; None for no list. Raises BadArguments for an unknown id."""
    if text is None:
        return None
    wanted = [part.strip().upper() for part in text.split(",") if part.strip()]
    known = {rule.id for rule in catalogue.rules()}
    unknown = [rule_id for rule_id in wanted if rule_id not in known]
    if unknown or not wanted:
        which = f"There is no rule {', '.join(unknown)}." if unknown else "--rules names no rule."
        raise BadArguments("Unknown rule", which, "See python -m sen2dash rules.")
    return tuple(rule for rule in catalogue.rules() if rule.id in wanted)


def chosen_numbers(path: Path | None) -> Numbers:
    """Read the DfE's rule numbers from a list; without a list there are none."""
    return dfe_numbers.NONE if path is None else dfe_numbers.read_numbers(read_file(path), catalogue.rules())


def chosen_register(path: Path | None) -> RegisterReading | None:
    """Read the establishment register from a file; None for no file."""
    return None if path is None else read_register(read_file(path), path.name)


def register_messages(path: Path | None, register: RegisterReading | None) -> list[str]:
    """Describe what was read from a register, and what was not."""
    if path is None or register is None:
        return []
    return [f"{path.name}: {message}" for message in (f"{register.summary}.", *register.notes)]


def read_file(path: Path) -> bytes:
    """Read the bytes of a file. Raises BadArguments if it cannot be read, and TooLarge if it is endless."""
    try:
        with path.open("rb") as file:
            return _read_all(path, file)
    except OSError as error:
        raise _unreadable(path, error) from None


def open_return(path: Path) -> bytes | mmap.mmap:
    """Open a return as a memory map, so that its size does not matter; as bytes if it cannot be mapped (a pipe)."""
    try:
        with path.open("rb") as file:
            try:
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except (ValueError, OSError):
                return _read_all(path, file)
    except OSError as error:
        raise _unreadable(path, error) from None


def _read_all(path: Path, file: BinaryIO) -> bytes:
    """Read all bytes of a file. Anything but a regular file may be endless, so it is read up to the upload limit."""
    if path.is_file():
        return file.read()
    limit = Settings().upload_limit_mb
    data = file.read(limit * 1024 * 1024 + 1)
    if len(data) > limit * 1024 * 1024:
        raise TooLarge(
            "There is too much to read",
            f"{path} is not a file on disk, and gives more than {limit} MB.",
            "Save it as a file, or raise SEN2DASH_UPLOAD_LIMIT_MB.",
        )
    return data


def _unreadable(path: Path, error: OSError) -> BadArguments:
    return BadArguments("The file cannot be read", f"{path}: {error.strerror or type(error).__name__}.")


def check_out(out: Path | None, inputs: Iterable[Path]) -> None:
    """Raise BadArguments, before any work is done, if the output cannot be written or would replace an input file."""
    if out is None:
        return
    if out.is_dir():
        raise BadArguments("The answer cannot be written", f"{out} is a folder.")
    if not out.parent.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK):
        raise BadArguments("The answer cannot be written", f"{out} is not in a folder that can be written to.")
    if any(out.exists() and path.exists() and out.samefile(path) for path in inputs):
        raise BadArguments("The answer cannot be written", f"{out} is one of the files to read.")


def check_form(arguments: argparse.Namespace) -> None:
    """Raise BadArguments, before any work is done, if the output would be an Excel file on a terminal."""
    if arguments.format == "xlsx" and arguments.out is None and sys.stdout.isatty():
        raise BadArguments("An Excel file cannot be shown here", "Give it a name.", "Add --out FILE.xlsx.")


def write(pieces: Iterable[bytes], out: Path | None) -> None:
    """Write the pieces to a file or to standard output. It is not an error if the reader stops early."""
    if out is not None:
        with whole_file(out) as part, part.open("wb") as file:
            file.writelines(pieces)
        return
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _give_up_output()
    except OSError as error:
        _give_up_output()
        raise _unwritable("standard output", error) from None


def _give_up_output() -> None:
    """Discard the rest of standard output, because Python flushes it again at exit, and that must not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """Provide a temporary path for a file, which gets its name once it is complete. An incomplete file cannot be
    mistaken for a result, and two runs that write to the same name do not interfere.
    """
    is_regular = not out.exists() or out.is_file()
    part = out.with_name(f".{out.name[:100]}.{secrets.token_hex(8)}.part") if is_regular else out
    try:
        yield part
        if STOPPED.is_set():
            raise KeyboardInterrupt
        if is_regular:
            part.replace(out)
    except OSError as error:
        raise _unwritable(str(out), error) from None
    finally:
        if is_regular:
            part.unlink(missing_ok=True)


def _unwritable(what: str, error: OSError) -> BadArguments:
    return BadArguments("The answer cannot be written", f"{what}: {error.strerror or type(error).__name__}.")


def say(message: str) -> None:
    """Show a message to the person at the keyboard. It may quote a file name that cannot be trusted."""
    print(f"sen2dash: {printable(message)}", file=sys.stderr)


def say_not_read(report: Report) -> None:
    """Say how many people in the file were not read, if there are any."""
    if words := report.not_read():
        say(words)


def interrupt(*_: object) -> NoReturn:
    """Handle Ctrl-C."""
    STOPPED.set()
    raise KeyboardInterrupt


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
        status, words = BROKEN, f"Something went wrong in sen2dash ({name}). The file was not checked."
    if STOPPED.is_set():
        status, words = INTERRUPTED, "Stopped."
    if words:
        say(words)
    return status
