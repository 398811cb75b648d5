"""Observe what reading a file does: its cost in a separate process, and whatever it opens or connects to."""

from __future__ import annotations

import codecs
import importlib
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sen2dash.checks import catalogue
from sen2dash.checks.report import build_report
from sen2dash.cli import open_return
from sen2dash.config import QUERIES, Settings
from sen2dash.errors import UserError
from sen2dash.output import export
from sen2dash.reading import shred
from sen2dash.reading.encoding import ENCODINGS
from tests.casebook import NOW

try:
    import resource
except ImportError:  # Windows: memory and open files are not limited there.
    resource = None  # type: ignore[assignment]

Found = TypeVar("Found")
#: Whether `sealed` can keep files from being opened.
IS_LIMITED = resource is not None
ROUNDS = 12
FOLD = 500
SETTINGS = Settings(now=NOW)
MESSAGE = b"<Message><Persons><Person/></Persons></Message>"
#: What Python reports to an audit hook when something outside the process is used.
OUTSIDE = (
    "open",
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.mkdir",
)


# -- cost -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time, bytes above what the process used before (None: not known), and how it ended."""

    seconds: float
    memory: int | None
    refused: str | None
    broken: tuple[str, ...] = ()


def peak() -> int:
    """The most bytes that this process has used so far."""
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def year_before(data: bytes) -> bytes:
    """The same return, as if for the year before."""
    return data.replace(b"<Year>2025<", b"<Year>2024<").replace(b">2025-01-16<", b">2024-01-18<")


def cost_of_comparison(path: Path) -> Cost:
    """The cost of a file compared with itself as last year's return. Run it in a fresh process."""
    return cost_of_report(path, with_earlier=True)


def cost_of_report(path: Path, with_earlier: bool = False) -> Cost:
    """The cost to read, check and close one file. Run it in a fresh process."""
    build_report(MESSAGE, SETTINGS, only=catalogue.rules()[:3]).close()
    data = path.read_bytes()
    earlier = year_before(data) if with_earlier else None
    before = peak() if resource else 0
    began = time.process_time()
    refused: str | None = None
    broken: tuple[str, ...] = ()
    try:
        report = build_report(data, SETTINGS, previous=earlier)
        if with_earlier:
            assert all(report.outcome(rule_id).status != "not_run" for rule_id in ("T05", "T06", "T07", "T08", "T09"))
        broken = tuple(outcome.rule.id for outcome in report.of_status("broken"))
        report.close()
    except UserError as error:
        refused = error.title
    return Cost(time.process_time() - began, peak() - before if resource else None, refused, broken)


def cost_of_shredding(path: Path) -> Cost:
    """The cost to shred a memory map of one file and drop the rows. Run it in a fresh process."""
    shred.shred(MESSAGE, lambda table, batch: None)
    before = peak() if resource else 0
    began = time.process_time()
    shred.shred(open_return(path), lambda table, batch: None)
    return Cost(time.process_time() - began, peak() - before if resource else None, None)


def memory_of_rounds(path: Path) -> tuple[int, int] | None:
    """Peak bytes after the first and after the last of ROUNDS readings of one file; None: not known."""
    if not resource:
        return None
    shred.shred(MESSAGE, lambda table, batch: None)
    data = path.read_bytes()
    before = peak()
    found = []
    for _ in range(ROUNDS):
        with suppress(UserError):
            shred.shred(data, lambda table, batch: None)
        found.append(peak() - before)
    return found[0], found[-1]


def memory_of_workbook(path: Path) -> tuple[int, int | None]:
    """Number of findings in a return with its findings repeated FOLD times, and the extra bytes for their workbook."""
    report = build_report(path.read_bytes(), SETTINGS)
    report.store._connection.execute(f"insert into finding select f.* from finding as f, range({FOLD - 1})")
    report.outcomes = tuple(each.model_copy(update={"count": FOLD * each.count}) for each in report.outcomes)
    before = peak() if resource else 0
    for _ in export.findings_xlsx_pieces(report):
        pass
    n_findings = sum(each.count for each in report.outcomes)
    report.close()
    return n_findings, peak() - before if resource else None


@contextmanager
def no_main_module() -> Iterator[None]:
    """Replace the main module, which a new process would run first, because a tested page may have become it."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = before


def in_fresh_process(work: Callable[[Path], Found], path: Path) -> Found:
    """Return the result of `work` for a path in a process that has done nothing else."""
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload([__name__])
    with no_main_module(), ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, path).result()


# -- use of files and network -----------------------------------------------------------------------------

_watched: list[tuple[str, str]] | None = None
_is_hooked = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched is None or not event.startswith(OUTSIDE):
        return
    is_own_sql = event == "open" and str(arguments[0]).startswith(str(QUERIES)) and arguments[1] == "r"
    if not is_own_sql:
        _watched.append((event, str(arguments[:1])))


@contextmanager
def watched() -> Iterator[list[tuple[str, str]]]:
    """Everything opened, connected to or started inside, as Python reports it, except reading our own SQL."""
    global _watched, _is_hooked
    if not _is_hooked:
        sys.addaudithook(_hook)
        _is_hooked = True
    found: list[tuple[str, str]] = []
    _watched = found
    try:
        yield found
    finally:
        _watched = None


@contextmanager
def sealed() -> Iterator[None]:
    """Prevent files and connections from being opened inside, even by the parser, which Python does not report."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE) if resource else None
    for codec in set(ENCODINGS.values()):
        # Python loads a codec when it is first used, and pyarrow loads this part of numpy.
        codecs.lookup(codec)
    importlib.import_module("numpy.ma")
    if limits:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        yield
    finally:
        if limits:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
