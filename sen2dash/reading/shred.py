"""Turn the bytes of a return into column batches for each table, in one streaming pass; no SQL and no rules.

Nothing is dropped: content that the layout does not expect (unknown, repeated, misordered or misspelt elements,
attributes, text outside items, white space around a value) goes to the `deviation` batches with its position, so that
the tables can be written back as XML with the same content. The only files refused are those that are not XML, have a
DOCTYPE, are not a SEN2 message, or have more elements than a real return of their size could have.

The work is divided: `encoding` finds the encoding, `lines` counts the lines, `layout` knows the names, `walker`
turns elements into rows and `batches` turns rows into batches. `plain` reads persons that follow the layout exactly
instead of the walker, with the same result. `refusals` says what is wrong with a file. This module runs the parser.
"""

from __future__ import annotations

import gc
import hashlib
import mmap
import re
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from sen2dash import spec
from sen2dash.errors import NotSen2, NotXml, TooLarge, UserError
from sen2dash.model import Facts
from sen2dash.reading.batches import Sink, send_rows
from sen2dash.reading.elements import dates_of_header, is_persons, resolve_name, year_of
from sen2dash.reading.encoding import Buffer, decode
from sen2dash.reading.lines import LineIndex
from sen2dash.reading.plain import FastPath
from sen2dash.reading.refusals import check_prolog, not_well_formed
from sen2dash.reading.walker import Walker

MISCOUNTED = "The lines of the file cannot be counted"
#: Bytes passed to the parser at a time, and persons that are turned into one Arrow batch.
CHUNK = 1 << 18
#: The parser refuses a text of this many bytes as too long.
LONGEST_TEXT = 10_000_000
#: Bytes of a memory map that are kept in memory before they are released.
RELEASE = 1 << 24
BATCH_PERSONS = 4_000
#: Elements that make a batch however few the persons are: a person in a real return has about 60.
BATCH_ELEMENTS = 400_000
#: A record with more elements than this cannot be a real person's: it is refused before it fills the memory.
MAX_PENDING = 20_000
#: A file with more than FREE_ROWS rows and deviations must have this many bytes for each; a real one has 200 per row.
#: Without this limit, a file of empty elements would need a hundred times its size in memory.
FREE_ROWS = 50_000
MIN_ROW_BYTES = 32
HEADER_TAG = re.compile(rb"<(?:[^\s<>/:]+:)?(header)(?=[\s/>])", re.IGNORECASE)
PERSON_NAME = re.compile(rb"<(?:[^\s<>/:]+:)?(person)(?=[\s/>])", re.IGNORECASE)
PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": "internal",
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
    "remove_blank_text": True,
    "encoding": "utf-8",
}
Tick = Callable[[int, int], None]


_gc_lock = threading.Lock()
_gc_users = 0


@contextmanager
def collector_paused() -> Iterator[None]:
    """Stop Python's cycle collector from scanning the rows while they are built, then release the trees.

    Rows have no cycles, but a tree, its parser and the parser's context do. A tree that was not read to its end would
    stay in memory until the collector next ran.
    """
    global _gc_users
    with _gc_lock:
        _gc_users += 1
        gc.disable()
    try:
        yield
    except UserError as error:
        traceback.clear_frames(error.__traceback__)
        if error.__context__ is not None:
            # The parser's own error holds the piece that was fed and, through its traceback, the parser.
            traceback.clear_frames(error.__context__.__traceback__)
            error.__context__ = None
        raise
    finally:
        gc.collect(0)
        with _gc_lock:
            _gc_users -= 1
            if _gc_users == 0:
                gc.enable()


def person_tags(data: Buffer) -> tuple[str, ...]:
    """Return the spellings of Person that the parser should report: the correct one and those of the first persons.

    Any other spelling is still read, but only once a reported one or the end is reached.
    """
    first = PERSON_NAME.search(data)
    start = first.start() if first else len(data)
    written = {match.decode("ascii") for match in PERSON_NAME.findall(data, start, start + 65_536)}
    return tuple(f"{{*}}{name}" for name in sorted(written | {"Person"}))


def _feed(parser: Any, data: Buffer, start: int, stop: int) -> Iterator[int]:
    """Feed the bytes from `start` to `stop` piece by piece and yield the position reached after each.

    A piece ends after a tag, because the parser may treat white space as layout if it cannot see where it ends. Pieces
    end at the same positions in a file wherever the first one starts, so that limits are always checked there.
    """
    end = start
    while end < stop:
        start, end = end, min((end // CHUNK + 1) * CHUNK, stop)
        if end < stop:
            end = (data.rfind(b">", start, end) + 1) or (data.find(b">", end, end + LONGEST_TEXT) + 1) or end
            end = min(end, stop)
        parser.feed(data[start:end])
        yield end


class _DiscardingTarget:
    """A parser target that ignores everything, so that the parser only checks the file."""

    def close(self) -> None:
        """Return nothing, because nothing was kept."""


def _is_well_formed(data: Buffer) -> bool:
    """Whether the parser reads the whole file without a fault. This is fast because nothing is built."""
    parser: Any = etree.XMLParser(**PARSER_OPTIONS, target=_DiscardingTarget())  # type: ignore[call-overload]
    released = 0
    try:
        for done in _feed(parser, data, 0, len(data)):
            while released + RELEASE <= done:
                released += RELEASE
                _release(data, released)
        parser.close()
    except etree.XMLSyntaxError:
        return False
    return not parser.feed_error_log.filter_from_errors()


def _find_year(data: Buffer) -> int:
    """Find the return year of a message in which the persons come before the header."""
    header = find_header(data)
    return spec.NEWEST_YEAR if header is None else year_of(dates_of_header(header))


def find_header(data: Buffer) -> etree._Element | None:
    """Find the header of a message, and read no more than that takes. None if there is none.

    Errors: those of the parser, etree.XMLSyntaxError.
    """
    spellings = {match.decode("ascii") for match in HEADER_TAG.findall(data)}
    headers = tuple(f"{{*}}{name}" for name in sorted(spellings))
    parser = etree.XMLPullParser(events=("end",), tag=(*headers, *person_tags(data)), **PARSER_OPTIONS)
    root: etree._Element | None = None
    for _ in _feed(parser, data, 0, len(data)):
        for _, element in parser.read_events():
            parent = element.getparent()
            if resolve_name(element, ("Header",))[0] is not None and parent is not None and parent.getparent() is None:
                return element
            root = element.getroottree().getroot()
        if root is not None:
            _thin(root)
    return None


def _thin(root: etree._Element) -> None:
    """Remove every closed element from a message that is being read, but nothing from a header that is still open."""
    node = root
    while len(node) and resolve_name(node, ("Header",))[0] is None:
        del node[:-1]
        node = node[-1]


def _release(data: Buffer, done: int) -> None:
    """Release the last RELEASE bytes of a memory map before `done`: they can be read again from the file."""
    if isinstance(data, mmap.mmap) and hasattr(data, "madvise"):
        data.madvise(mmap.MADV_DONTNEED, done - RELEASE, RELEASE)


def _sha256(data: Buffer) -> str:
    digest = hashlib.sha256()
    for start in range(0, len(data), RELEASE):
        digest.update(data[start : start + RELEASE])
        if start:
            _release(data, start)
    return digest.hexdigest()


def shred(data: Buffer, sink: Sink, tick: Tick = lambda done, total: None) -> Facts:
    """Read a return and pass its rows to `sink`, one table name and Arrow batch at a time.

    data: the whole file as bytes or a read-only memory map. sink: called with "header", "person" and so on, and
    "deviation"; batches hold the columns of `columns_of` as text, in document order. tick: called with the bytes done
    and the total bytes. Returns the facts of the file, which are only complete at the end.
    Errors: NotXml, NotSen2, TooLarge. No batch is sent after an error, but earlier batches may have been.
    """
    with collector_paused():
        return _shred(data, sink, tick)


def _shred(data: Buffer, sink: Sink, tick: Tick) -> Facts:
    facts = Facts(size=len(data), sha256=_sha256(data))
    data, facts.encoding = decode(data)
    check_prolog(data)
    reading = _ReturnReading(data, facts, sink, tick)
    plain = FastPath(data, reading.walker, reading.lines, sink, lambda: _is_well_formed(data))
    at, n_short = 0, 0
    try:
        while at < len(data):
            at = plain.next_stretch(at)
            reading.feed(at)
            while reading.is_between_persons() and (end := plain.read(at, reading.rows_left(), reading.flush)) > at:
                at, n_short = end, n_short + 1
                reading.note(at)
        reading.close()
    except NotXml:
        if n_short:
            # The parser was not fed the whole file, so its positions are wrong: read again to report the right one.
            whole = _ReturnReading(data, Facts(), lambda table, batch: None, lambda done, total: None)
            whole.feed(len(data))
            whole.close()
        raise
    return facts


class _ReturnReading:
    """The slow path, with parser and walker: for the whole file, or for stretches that each end with a person."""

    def __init__(self, data: Buffer, facts: Facts, sink: Sink, tick: Tick) -> None:
        self.data = data
        self.sink = sink
        self.tick = tick
        self.lines = LineIndex(data)
        self.walker = Walker(lambda: _find_year(data), self.lines, facts)
        self.parser = etree.XMLPullParser(events=("end",), tag=person_tags(data), **PARSER_OPTIONS)
        self.root: etree._Element | None = None
        self.at = 0
        self.flushed = (0, 0)
        self.released = 0

    def feed(self, end: int) -> None:
        """Read up to `end`, from where the last stretch or `note` ended."""
        try:
            for done in _feed(self.parser, self.data, self.at, end):
                self.lines.feed(done)
                self._walk()
                self._check_limits(done)
                self.note(done)
        except etree.XMLSyntaxError as error:
            raise self._fault(error) from None

    def _fault(self, error: etree.XMLSyntaxError) -> NotXml:
        line, column = error.position if error.position else (error.lineno or 0, 0)
        return not_well_formed(line, column, error.msg, self.data)

    def _walk(self) -> None:
        """Walk all persons that the parser has finished reading."""
        walker = self.walker
        for _, element in self.parser.read_events():
            parent = element.getparent()
            if parent is not walker.persons:
                if self.root is None:
                    self.root = element.getroottree().getroot()
                    walker.start(self.root)
                if parent is None or parent.getparent() is not self.root or not is_persons(parent):
                    continue
                if walker.persons is not None:
                    walker.drain(None)
                assert self.root is not None
                walker.before(self.root, parent)
                walker.enter(parent)
            walker.drain(element)

    def _check_limits(self, done: int) -> None:
        """Raise TooLarge, before memory is full, for more rows or elements than a return of this size could have."""
        lines, walker = self.lines, self.walker
        if lines.n_tags - walker.ordinal > MAX_PENDING:
            raise TooLarge(
                "One record is too large to be a person's",
                f"From line {lines.line_of(walker.ordinal)} on there are more than {MAX_PENDING:,} elements "
                "before the record ends.",
                "Check that you chose the SEN2 file, or export the return again.",
            )
        n_rows = walker.count_rows()
        if n_rows > FREE_ROWS + done // MIN_ROW_BYTES:
            raise TooLarge(
                "The file has too many empty or unexpected elements",
                f"Up to line {lines.line} it has {n_rows:,} groups and elements that a return does not "
                f"have, one every {done / n_rows:.0f} bytes.",
                "Check that you chose the SEN2 file, or export the return again.",
            )

    def note(self, done: int) -> None:
        """Record that the file has been read up to here, by either path."""
        self.at = done
        self.tick(done, len(self.data))
        while self.released + RELEASE <= done:
            self.released += RELEASE
            _release(self.data, self.released)
        walker = self.walker
        if (
            walker.facts.persons - self.flushed[0] >= BATCH_PERSONS
            or walker.ordinal - self.flushed[1] >= BATCH_ELEMENTS
        ):
            self.flush()

    def is_between_persons(self) -> bool:
        """Whether this position is directly inside a Persons group, with everything before it walked."""
        return self.walker.is_between_persons() and self.lines.skip_to <= self.at == self.lines.read_to

    def rows_left(self) -> int:
        """Return how many rows the next persons may have, however short they are."""
        return FREE_ROWS + self.at // MIN_ROW_BYTES - self.walker.count_rows()

    def flush(self) -> None:
        """Send the waiting rows, and drop the lines of everything walked except the last element.

        Text after that element is reported with its line.
        """
        self.flushed = (self.walker.facts.persons, self.walker.ordinal)
        send_rows(self.walker.hand_over(), self.lines, self.sink)
        self.lines.forget(self.walker.ordinal - 1)

    def close(self) -> None:
        """Read what comes after the last person, and check the whole file."""
        lines, walker = self.lines, self.walker
        try:
            whole = self.parser.close()
        except etree.XMLSyntaxError as error:
            raise self._fault(error) from None
        for fault in self.parser.feed_error_log.filter_from_errors():
            # A later warning makes the parser forget a namespace error, and then any content after the root as well.
            raise not_well_formed(fault.line, fault.column, fault.message, self.data)
        if self.root is None:
            self.root = whole
            walker.start(self.root)
        walker.finish(self.root)
        if walker.facts.n_persons_groups == 0:
            raise NotSen2(
                "This is not a SEN2 return",
                "The file has a <Message> but no <Persons> group in it.",
                "Check that you chose the SEN2 person-level file and not another collection's.",
            )
        if walker.ordinal != lines.n_tags:
            raise NotXml(
                MISCOUNTED,
                f"It holds {walker.ordinal:,} elements, but they seem to start in {lines.n_tags:,} places.",
                "Export the return again; if it happens again, send this message to your software supplier.",
            )
        self.flush()
