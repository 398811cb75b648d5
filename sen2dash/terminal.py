"""What every command needs: read files, write answers whole, and speak to the person at the keyboard.

No message holds a value from a return.
"""

from __future__ import annotations

import argparse
import mmap
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

from sen2dash import spec
from sen2dash.checks import catalogue, dfe_numbers
from sen2dash.checks.dfe_numbers import Numbers
from sen2dash.checks.report import Report
from sen2dash.compare.comparison import compare
from sen2dash.config import Settings
from sen2dash.errors import BadArguments, BadInput, TooLarge
from sen2dash.indicators.run import run_indicators
from sen2dash.model import Rule
from sen2dash.output import answers, comparison, comparison_words, export
from sen2dash.reading.other import bundle
from sen2dash.reading.other.bundle import HEADER_ITEMS, Bundle
from sen2dash.reading.register import RegisterReading, read_register
from sen2dash.text import printable

OK, FOUND, REFUSED, BROKEN = 0, 1, 2, 3
INTERRUPTED = 130
#: The most CSV files that are read from a folder.
MAX_CSV_FILES = 200
#: Set when Ctrl-C was pressed, because code that runs a query may report the interruption as a fault of the query.
STOPPED = threading.Event()


class Parser(argparse.ArgumentParser):
    """A parser whose messages quote the arguments without terminal control characters."""

    def error(self, message: str) -> NoReturn:
        """Report what is wrong with the arguments, and exit."""
        super().error(printable(message))


def add_output(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """Add the options of a command with an answer."""
    parser.add_argument("--format", choices=formats, default="text", help="the form of the answer (text)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write to this file instead of standard output")


def check_answer(report: Report, form: str) -> Iterable[bytes]:
    """Yield the output of `check` in one of its formats, in pieces."""
    if form == "csv":
        return export.findings_csv_pieces(report)
    if form == "xlsx":
        return export.findings_xlsx_pieces(report)
    return answers.report_json(report) if form == "json" else answers.report_text(report)


def write_check(report: Report, form: str, out: Path | None) -> int:
    """Write the answer of `check`. Status 0: no errors; 1: at least one error; 3: a rule is broken."""
    write(check_answer(report, form), out)
    if report.of_status("broken"):
        return BROKEN
    return FOUND if report.n_findings("error") else OK


def write_comparison(
    before: Report,
    after: Report,
    form: str,
    out: Path | None,
    messages: Iterable[str] = (),
    record: Callable[[int], None] = lambda rows: None,
) -> int:
    """Compare two checked returns and write the answer.

    messages: said before it, unless the comparison is refused. record: called before it with how many rows differ.

    Status 0, whatever differs; 3: a rule or an indicator could not be run on one of them.
    """
    with closing(compare(before, after)) as compared:
        figures = comparison_words.IndicatorPairs(run_indicators(before.store), run_indicators(after.store))
        broken = comparison_words.could_not_run(compared, figures)
        for words in (*messages, *broken, *comparison_words.not_compared(compared)):
            say(words)
        record(sum(each.added + each.gone + each.changed for each in compared.tables.values()))
        write(comparison.answer(compared, figures, form), out)
    return BROKEN if broken else OK


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


def open_return(path: Path, header: Mapping[str, str] | None = None) -> bytes | mmap.mmap:
    """Open a return as a memory map, so that its size does not matter; as bytes if it cannot be mapped (a pipe).

    A folder, a CSV file, a zip and a workbook become a bundle. header: the header of a workbook without one.
    """
    if path.is_dir():
        return Bundle(tuple(_files_of(path)), header).packed()
    try:
        with path.open("rb") as file:
            try:
                data: bytes | mmap.mmap = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except (ValueError, OSError):
                data = _read_all(path, file)
    except OSError as error:
        raise _unreadable(path, error) from None
    is_csv = path.suffix.lower() == ".csv" and not bundle.is_xml(data)
    if is_csv or (bundle.is_other(data) and not bundle.is_bundle(data)):
        return Bundle(((path.name, bundle.whole(data)),), header).packed()
    if header is not None:
        raise BadArguments(
            "The return has a header of its own",
            "Only a workbook with a sheet for each module has none.",
            "Leave out --lea, --year and --reference-date.",
        )
    return data


def _files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the CSV files of a folder by name, without those of its subfolders."""
    try:
        paths = sorted(each for each in folder.iterdir() if each.is_file() and each.suffix.lower() == ".csv")
    except OSError as error:
        raise _unreadable(folder, error) from None
    if not paths or len(paths) > MAX_CSV_FILES:
        n_files = f"{len(paths):,} CSV files" if paths else "no CSV file"
        raise BadInput(
            "This folder is not an export of COLLECT",
            f"{folder} has {n_files} in it. An export has nine.",
            "Give the folder with the nine files of one export.",
        )
    yield from ((path.name, read_file(path)) for path in paths)


def add_header(parser: argparse.ArgumentParser) -> None:
    """Add the options for a workbook without a header."""
    what = "of a workbook with a sheet for each module, which has no header"
    parser.add_argument("--lea", metavar="NUMBER", help=f"the authority {what}")
    parser.add_argument("--year", metavar="YEAR", help="the return year of such a workbook")
    parser.add_argument("--reference-date", metavar="DATE", help="the census day of such a workbook: 2025-01-16")


def chosen_header(arguments: argparse.Namespace) -> dict[str, str] | None:
    """Return what the options say about a workbook without a header; None if nothing is given."""
    given = {name: str(getattr(arguments, name)).strip() for name in HEADER_ITEMS if getattr(arguments, name)}
    if "year" in given and not (given["year"].isascii() and given["year"].isdigit() and len(given["year"]) == 4):
        raise BadArguments("This is not a year", "--year is a return year, such as 2025.")
    if "reference_date" in given and spec.real_date(given["reference_date"]) is None:
        raise BadArguments("This is not a date", "--reference-date is written year, month, day: 2025-01-16.")
    return given or None


def say_origin(report: Report) -> None:
    """Say what was left aside of returns that are not XML."""
    for words in report.warnings():
        say(words)


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
        raise unwritable("standard output", error) from None


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
        raise unwritable(str(out), error) from None
    finally:
        if is_regular:
            part.unlink(missing_ok=True)


def unwritable(what: str, error: OSError) -> BadArguments:
    """The refusal for an output that the system does not let be written."""
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
