"""From the bytes of a return to column batches a table, in one streaming pass; no SQL and no rules.

Nothing is dropped: what the layout does not foresee (unknown, repeated, misordered or oddly spelt elements,
attributes, text outside items, white space around a value) goes to the `deviation` batches with its place and its
content, so that the tables can be rendered back to an XML with the same content. Refused are only bytes that are not
XML, carry a DOCTYPE, or are no SEN2 message, and those that no return of people can be for their size.

The work is shared out: `encoding` tells the encoding, `lines` counts the lines, `layout` knows the names, `walker`
makes rows of elements and `batches` makes batches of rows. `plain` reads persons that are exactly as the layout has
them in the walker's stead, with the same answer. This module holds the parser and what is refused.
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
from sen2dash.reading import hints
from sen2dash.reading.batches import Sink, send_rows
from sen2dash.reading.encoding import DECLARED, Buffer, decode
from sen2dash.reading.lines import LineIndex
from sen2dash.reading.plain import ShortWay
from sen2dash.reading.walker import (
    Walker,
    dates_of_header,
    is_persons,
    resolve_name,
    year_of,
)
from sen2dash.text import printable

MISCOUNTED = "The lines of the file cannot be counted"
#: Bytes handed to the parser at a time, and persons that are turned into one Arrow batch.
CHUNK = 1 << 18
#: Bytes of a text that the parser refuses as too long.
LONGEST_TEXT = 10_000_000
#: Bytes of a memory map that are kept in memory before they are let go of.
RELEASE = 1 << 24
BATCH_PERSONS = 4_000
#: Elements that make a batch however few the persons: a person of a real return has some 60.
BATCH_ELEMENTS = 400_000
#: A record with more elements than this is no person's: refused before it fills the memory.
MAX_PENDING = 20_000
#: A file with more rows and deviations than FREE_ROWS needs this many bytes for each; a real return has 200 for a row.
#: Without it a file of empty elements would need a hundred times its size in memory.
FREE_ROWS = 50_000
MIN_ROW_BYTES = 32
#: Characters of the file that a message may hold.
MAX_SHOWN = 120
PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
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


def shown(text: str) -> str:
    """A text of the file for a message: short, and without characters that a terminal would obey."""
    flat = printable(text)
    return flat if len(flat) <= MAX_SHOWN else f"{flat[:MAX_SHOWN]}..."


def check_prolog(data: Buffer) -> None:
    """Refuse a DOCTYPE and a root that is no SEN2 message before anything is built."""
    match = PROLOG.match(data)
    start = match.end() if match else 0
    after = bytes(data[start : start + 200])
    if after[:9].upper() == b"<!DOCTYPE":
        line = bytes(data[:start]).count(b"\n") + 1
        if re.match(rb"<!doctype\s+html", after, re.IGNORECASE):
            raise _web_page()
        raise NotXml(
            "The file has a document type declaration",
            f"Line {line} starts a <!DOCTYPE ...>, which a SEN2 return never has and which can be unsafe.",
            f"Delete the declaration in line {line}, from <!DOCTYPE to its >, and tell your software supplier.",
        )
    if not re.match(rb"<[^\s!?/>]", after):
        line = bytes(data[:start]).count(b"\n") + 1
        what, hint = hints.kind_of(after)
        raise NotXml("The file is not XML", f"Line {line}: {what}", hint)
    root = re.match(rb"<(?:[^\s/>:]*:)?([^\s/>]+)", after)
    if root and root[1].lower() == b"html":
        raise _web_page()
    if root and root[1].lower() != b"message":
        name = shown(root[1].decode("utf-8", "replace"))
        raise NotSen2(
            "This is not a SEN2 return",
            f"The file starts with <{name}>; a SEN2 return starts with <Message>.",
            "Check that you chose the SEN2 file and not another collection's.",
        )


def _web_page() -> NotSen2:
    return NotSen2(
        "This is a web page, not a SEN2 return",
        "The file is HTML, as when a page that asks you to sign in is saved in place of a download.",
        "Sign in to your case system, download the export again, and upload that file.",
    )


_gc_lock = threading.Lock()
_gc_users = 0


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python's cycle collector from walking the rows while they are built, then let go of the trees.

    Rows hold no cycles, but a tree, its parser and the parser's context do: one that was not read to its end would
    stay, with all that it holds, until the collector happens to come by.
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
            # The parser's own error holds the piece that was fed and, by its way here, the parser.
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
    """The spellings of Person that the parser is to report: the right one and what the first of them use.

    Any other spelling is read all the same, but only when a reported one or the end comes.
    """
    first = PERSON_NAME.search(data)
    start = first.start() if first else len(data)
    written = {match.decode("ascii") for match in PERSON_NAME.findall(data, start, start + 65_536)}
    return tuple(f"{{*}}{name}" for name in sorted(written | {"Person"}))


def _feed(parser: Any, data: Buffer, start: int, stop: int) -> Iterator[int]:
    """Feed the bytes from `start` to `stop` piece by piece and say after each how far it came.

    A piece ends behind a tag: of white space that it cannot see the end of, the parser may think it is layout. Pieces
    end in the same places of a file wherever the first one starts, so that limits are checked there.
    """
    end = start
    while end < stop:
        start, end = end, min((end // CHUNK + 1) * CHUNK, stop)
        if end < stop:
            end = (data.rfind(b">", start, end) + 1) or (data.find(b">", end, end + LONGEST_TEXT) + 1) or end
            end = min(end, stop)
        parser.feed(data[start:end])
        yield end


class _Silence:
    """A target that hears nothing of what the parser reads, so that the parser only judges."""

    def close(self) -> None:
        """Nothing was kept."""


def _is_well_formed(data: Buffer) -> bool:
    """Whether the parser reads the whole file without a fault: at full speed, because it builds nothing."""
    parser: Any = etree.XMLParser(**PARSER_OPTIONS, target=_Silence())  # type: ignore[call-overload]
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


def _not_well_formed(line: int, column: int, message: str | None, data: Buffer) -> NotXml:
    reason = re.sub(r", line \d+, column \d+.*$", "", (message or "unknown fault").splitlines()[0])
    reason = re.sub(r"\s*\(<string>.*\)$", "", reason)
    bad = hints.bad_byte(bytes(data)) if "UTF-8" in reason or "nvalid byte" in reason or "encoding" in reason else None
    if bad is not None and not bad[3]:
        line, column, byte, _ = bad
        match = DECLARED.match(bytes(data[:512]))
        declared = match[1].decode("ascii")[:MAX_SHOWN] if match else None
        words = f"Line {line}, column {column}: the byte 0x{byte:02X} is not UTF-8, which the file is read as."
        return NotXml("The file is not well-formed XML", words, hints.for_encoding(declared, is_utf8=False))
    words = f"Line {line}, column {column}: {shown(reason)}."
    return NotXml("The file is not well-formed XML", words, hints.for_parser(reason))


def _find_year(data: Buffer) -> int:
    """The return year of a message in which the persons stand before the header."""
    spellings = {match.decode("ascii") for match in HEADER_TAG.findall(data)}
    headers = tuple(f"{{*}}{name}" for name in sorted(spellings))
    parser = etree.XMLPullParser(events=("end",), tag=(*headers, *person_tags(data)), **PARSER_OPTIONS)
    root: etree._Element | None = None
    for _ in _feed(parser, data, 0, len(data)):
        for _, element in parser.read_events():
            parent = element.getparent()
            if resolve_name(element, ("Header",))[0] is not None and parent is not None and parent.getparent() is None:
                return year_of(dates_of_header(element))
            root = element.getroottree().getroot()
        if root is not None:
            _thin(root)
    return spec.NEWEST_YEAR


def _thin(root: etree._Element) -> None:
    """Take away from a message that is being read whatever has been closed, but nothing from a header that is open."""
    node = root
    while len(node) and resolve_name(node, ("Header",))[0] is None:
        del node[:-1]
        node = node[-1]


def _release(data: Buffer, done: int) -> None:
    """Let go of the last RELEASE bytes of a memory map before `done`: they can be read again from the file."""
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
    """Read a return and hand its rows to `sink`, a table name and an Arrow batch at a time.

    data: the whole file as bytes or a read-only memory map. sink: called with "header", "person" and so on, and
    "deviation"; batches hold the columns of `columns_of` as text, in document order. tick: called with bytes done
    and bytes in all. Returns the facts of the file; they are only complete at the end.
    Errors: NotXml, NotSen2, TooLarge. Nothing is handed on after an error, but earlier batches may have been.
    """
    with collector_paused():
        return _shred(data, sink, tick)


def _shred(data: Buffer, sink: Sink, tick: Tick) -> Facts:
    facts = Facts(size=len(data), sha256=_sha256(data))
    data, facts.encoding = decode(data)
    check_prolog(data)
    reading = _Reading(data, facts, sink, tick)
    plain = ShortWay(data, reading.walker, reading.lines, sink, lambda: _is_well_formed(data))
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
            # The parser has not been fed all, and knows no places: the same fault is to be named with its own.
            whole = _Reading(data, Facts(), lambda table, batch: None, lambda done, total: None)
            whole.feed(len(data))
            whole.close()
        raise
    return facts


class _Reading:
    """The long way, by the parser and the walker: of the whole file, or of stretches that end with a person each."""

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
        return _not_well_formed(line, column, error.msg, self.data)

    def _walk(self) -> None:
        """Walk all persons that the parser has read to their end."""
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
        """TooLarge for what no return of people can be for its size, before it fills the memory."""
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
        """The file has been read up to here, whichever way."""
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
        """Whether the file stands straight in a Persons group here, with all that is in front of it walked."""
        return self.walker.is_between_persons() and self.lines.skip_to <= self.at == self.lines.read_to

    def rows_left(self) -> int:
        """How many rows the next persons may have at the least, however short they are."""
        return FREE_ROWS + self.at // MIN_ROW_BYTES - self.walker.count_rows()

    def flush(self) -> None:
        """Hand on the rows that wait, and forget the lines of what has been walked, but not of the last element.

        Text that stands behind it is reported in its line.
        """
        self.flushed = (self.walker.facts.persons, self.walker.ordinal)
        send_rows(self.walker.hand_over(), self.lines, self.sink)
        self.lines.forget(self.walker.ordinal - 1)

    def close(self) -> None:
        """Read what stands behind the last person, and check the whole."""
        lines, walker = self.lines, self.walker
        try:
            whole = self.parser.close()
        except etree.XMLSyntaxError as error:
            raise self._fault(error) from None
        for fault in self.parser.feed_error_log.filter_from_errors():
            # The parser forgets an error in a namespace over a later warning, and then what stands behind the root too.
            raise _not_well_formed(fault.line, fault.column, fault.message, self.data)
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
