"""Read a return that is not XML into the same tables as an XML file, with the place of each row.

Nothing else of the product knows the forms: it gets the rows, and an `Origin` that says where they were, what was not
given and what was left out.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import pyarrow as pa

from sen2dash import spec
from sen2dash.errors import BadInput
from sen2dash.model import Facts
from sen2dash.reading import shred
from sen2dash.reading.batches import Sink
from sen2dash.reading.encoding import Buffer
from sen2dash.reading.linked.given import uploads
from sen2dash.reading.other import bundle, collect, values, workbook
from sen2dash.reading.other.bundle import HEADER_ITEMS, Bundle, MadeFrom
from sen2dash.reading.other.forms import COLLECT, KEY, MODULES, NAMES, TABLE_NAMES, TEMPLATE, headings, is_loaded
from sen2dash.reading.other.given import GivenRows, GivenTable, GivenTables, TablePlace
from sen2dash.reading.other.joining import Joiner
from sen2dash.reading.unpack import UNREADABLE, is_zip
from sen2dash.spec.columns import columns_of
from sen2dash.text import flat

Tick = Callable[[int, int], None]
NEEDED = ("header", "person")


@dataclass(frozen=True)
class Origin:
    """What a return was made from, if not XML.

    form: a key of `forms.NAMES`. files: names. places: where each table is. not_given: tables that were not there.
    n_left_out: rows that could not be placed. n_not_in_xml: values with a character that XML cannot hold.
    can_swap: whether the two review dates of the template seem to be exchanged. rows: the rows as they were given.
    is_xml: it was read from the XML made from the files, so that rows are lines of that and places are not known.
    xml_sha256: the digest of that XML.
    """

    form: str
    files: tuple[str, ...]
    places: dict[str, TablePlace]
    warnings: tuple[str, ...]
    not_given: frozenset[str]
    can_swap: bool = False
    swapped: bool = False
    n_left_out: int = 0
    n_not_in_xml: int = 0
    is_xml: bool = False
    xml_sha256: str = ""
    rows: GivenRows = field(default_factory=GivenRows, compare=False, repr=False)

    @property
    def words(self) -> str:
        """What it was made from, in words."""
        return NAMES[self.form]

    @property
    def not_given_words(self) -> str:
        """The tables that were not given, in words; empty if all were."""
        return ", ".join(name for table, name in TABLE_NAMES.items() if table in self.not_given)


#: Within `remembering_recognition`: bundles of files that were recognised, and what they give.
_RECOGNISED: ContextVar[list[tuple[Bundle, GivenTables]] | None] = ContextVar("recognised", default=None)


@contextmanager
def remembering_recognition() -> Iterator[None]:
    """Recognise the same files once within this block, however often they are asked about until they are read.

    Nothing of them is kept when they are read, nor when the block ends.
    """
    if _RECOGNISED.get() is not None:
        yield
        return
    token = _RECOGNISED.set([])
    try:
        yield
    finally:
        _RECOGNISED.reset(token)


def needs_header(data: bytes) -> bool:
    """Whether these bytes are a workbook without a header, for which nobody has given one. Errors: BadInput."""
    opened = bundle.opened(data)
    return opened.header is None and _given(opened).form == MODULES


def authority_of(data: bytes) -> str:
    """Return the authority that the header names; empty text if there is none. Errors: BadInput, BadLinkedFile."""
    opened = bundle.opened(data)
    return _header(opened, _given(opened))[1]["lea"] or ""


def read(data: Buffer, sink: Sink, tick: Tick = lambda done, total: None) -> tuple[Facts, Origin]:
    """Read a return and pass its rows to `sink`, a table at a time, as `shred.shred` does.

    Errors: BadInput, TooLarge, BadLinkedFile (a zip that cannot be unpacked).
    """
    opened = bundle.opened(data)
    if opened.made_from is not None:
        return _read_xml(opened, opened.made_from, sink, tick)
    given = _given(opened, is_last=True)
    if opened.header is not None and given.form != MODULES:
        raise BadInput(
            "The return has a header of its own",
            f"It is {NAMES[given.form]}, which says the authority, year and reference date.",
            "Leave out --lea, --year and --reference-date.",
        )
    missing = [
        TABLE_NAMES[t] for t in NEEDED if t not in given.tables and not (t == "header" and given.form == MODULES)
    ]
    if missing:
        what = "table" if given.form != COLLECT else "file"
        raise BadInput(
            "The return is not complete",
            f"There is no {what} of: {', '.join(missing)}. Without it nothing can be checked.",
            "Choose all nine files together." if given.form == COLLECT else "Check that you chose the right workbook.",
        )
    return _read(opened, given, sink, tick, len(data))


def _read_xml(opened: Bundle, made_from: MadeFrom, sink: Sink, tick: Tick) -> tuple[Facts, Origin]:
    """Read the XML that was made from a return. What was not given in its files is still not given.

    Errors: those of `shred.shred`; BadInput if it is not the XML that was made.
    """
    xml = opened.files[0][1] if len(opened.files) == 1 else b""
    if hashlib.sha256(xml).hexdigest() != made_from.xml_sha256:
        raise BadInput("The files cannot be opened", "They are damaged.", "Choose the files again.")
    facts = shred.shred(xml, sink, tick)
    facts.sha256, facts.form = made_from.sha256, made_from.form
    warnings = [*made_from.warnings, *not_given_warnings(made_from.not_given), *_lost_warnings(made_from)]
    origin = Origin(
        form=made_from.form,
        files=(),
        places={},
        warnings=tuple(warnings),
        not_given=made_from.not_given,
        swapped=made_from.swapped,
        n_left_out=made_from.n_left_out,
        n_not_in_xml=made_from.n_not_in_xml,
        is_xml=True,
        xml_sha256=made_from.xml_sha256,
    )
    return facts, origin


def _lost_warnings(made_from: MadeFrom) -> Iterator[str]:
    """Say what the XML that was made does not have of the files."""
    if n := made_from.n_left_out:
        rows, has = ("1 row", "it") if n == 1 else (f"{n:,} rows", "them")
        yield f"{rows} of the files could not be placed, so the kept return does not have {has}."
    if n := made_from.n_not_in_xml:
        found, them = ("1 value", "it") if n == 1 else (f"{n:,} values", "them")
        yield f"{found} had a character that XML cannot hold. The kept return has {them} without that character."


def not_given_warnings(not_given: frozenset[str]) -> list[str]:
    """Say for each table that was not given what that means."""
    return [
        f"{TABLE_NAMES[table]} were not given: rules and figures that need them were skipped."
        for table in spec.TABLES
        if table in not_given
    ]


def _given(opened: Bundle, is_last: bool = False) -> GivenTables:
    """Recognise the files, or find them among those recognised. is_last: whether they are not asked about again."""
    held = _RECOGNISED.get()
    if held is None:
        return _recognised(opened)
    files = opened.files, opened.is_named
    known = next((each for each in held if (each[0].files, each[0].is_named) == files), None)
    if known is None:
        known = opened, _recognised(opened)
        held.append(known)
    if is_last:
        held.remove(known)
    return known[1]


def _recognised(opened: Bundle) -> GivenTables:
    """Recognise the files by their headings."""
    if len(opened.files) == 1:
        name, data = opened.files[0]
        if data.startswith(bundle.OLE) or (is_zip(data) and _is_workbook(data)):
            return workbook.workbook(name, data, opened.is_named)
    for name, data in opened.files if len(opened.files) > 1 else ():
        if data.startswith(bundle.OLE) or (is_zip(data) and _is_workbook(data)):
            raise BadInput(
                "There is a workbook among other files",
                f"{flat(name)} is a workbook.",
                "Choose the workbook on its own.",
            )
    return collect.collect(tuple(uploads(opened.files)), opened.files)


def _is_workbook(data: bytes) -> bool:
    """Whether a zip is a workbook: Office and OpenDocument say so in its first entries."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
    except UNREADABLE:
        return False
    return bool(names & {"[Content_Types].xml", "mimetype"})


def _read(opened: Bundle, given: GivenTables, sink: Sink, tick: Tick, size: int) -> tuple[Facts, Origin]:
    rows, places, warnings = GivenRows(), {}, list(given.warnings)
    header, values_of_header = _header(opened, given)
    if header is not None:
        rows.add(header)
        places["header"] = header.place
        warnings += header.notes
    year = spec.year_of(values_of_header["year"], spec.real_date(values_of_header["reference_date"]))
    has_header = int(header is not None)
    facts = Facts(
        size=sum(len(content) for _, content in given.files),
        sha256=bundle.digest_of(given.files),
        year=year,
        form=given.form,
        n_header=has_header,
        n_collection_details=has_header,
        n_source=has_header,
        n_persons_groups=1,
    )
    joiner = Joiner(given.form, year, sink, opened.swaps)
    if header is not None:
        joiner.header_keys([values.key_text(text) for text in header.cells(KEY)])
    tables = [group.table for group in spec.GROUPS if group.table in given.tables]
    for done, table in enumerate(tables):
        made = given.tables[table]()
        rows.add(made)
        places[table] = made.place
        warnings += [*made.notes, *_missing_columns(given.form, made, year)]
        n_kept = joiner.join(made)
        if table == "person":
            facts.persons = n_kept
        tick(size * (done + 1) // len(tables), size)
    joiner.check()
    warnings += [*joiner.warnings, *joiner.left_out_warnings({table: place.words for table, place in places.items()})]
    sink("header", _header_batch(values_of_header, header, year))
    not_given = frozenset(spec.TABLES) - {"header", *given.tables}
    warnings += not_given_warnings(not_given)
    can_swap = given.form == TEMPLATE and joiner.n_reversed * 2 > joiner.n_both and not opened.swaps
    if can_swap:
        warnings.append(
            f"In {joiner.n_reversed:,} of {joiner.n_both:,} plans with both dates, the review decision is before "
            "the meeting. The two columns of the template may be exchanged."
        )
    names = tuple(place.file for place in places.values()) if given.form == COLLECT else _names(opened)
    origin = Origin(
        form=given.form,
        files=names,
        places=places,
        warnings=tuple(warnings),
        not_given=not_given,
        can_swap=can_swap,
        swapped=opened.swaps,
        n_left_out=joiner.n_left_out(),
        n_not_in_xml=joiner.n_not_in_xml + values.n_not_in_xml(list(values_of_header.values())),
        rows=rows,
    )
    return facts, origin


def _names(opened: Bundle) -> tuple[str, ...]:
    return tuple(flat(name) for name, _ in opened.files) if opened.is_named else ()


def _header(opened: Bundle, given: GivenTables) -> tuple[GivenTable | None, dict[str, str | None]]:
    """Return the table of the header and its values as given; of a workbook without one, what the person gave."""
    blank: dict[str, str | None] = dict.fromkeys(item.column for item in spec.items_of("header"))
    if "header" not in given.tables:
        known = opened.header or {}
        return None, blank | {name: values.trimmed(known.get(name, "")) or None for name in HEADER_ITEMS}
    table = given.tables["header"]()
    if len(table.rows) != 1:
        n_rows = f"{len(table.rows):,} rows" if table.rows else "no row"
        raise BadInput(
            "The header is not that of one return",
            f"{table.place.words} has {n_rows} under its headings.",
            "Choose the files of one authority and one year.",
        )
    is_workbook = given.form != COLLECT
    return table, blank | {
        item.column: values.column(table.cells(item.column), item.type, is_workbook)[0]
        for item in spec.items_of("header")
    }


def _header_batch(found: dict[str, str | None], header: GivenTable | None, year: int) -> pa.Table:
    line = header.rows[0][0] if header is not None else None
    keys = [pa.array([value], pa.int64()) for value in (1, None, 1, line)]
    texts = [
        pa.array([found[item.column] if item.exists_in(year) else None], pa.string())
        for item in spec.items_of("header")
    ]
    return pa.Table.from_arrays(keys + texts, columns_of("header"))


def _missing_columns(form: str, table: GivenTable, year: int) -> list[str]:
    """Say which columns of this year's layout a table does not have."""
    known = {each.column for each in headings(form)[table.table] if is_loaded(each.column)}
    missing = [
        item.element
        for item in spec.items_of(table.table)
        if item.exists_in(year) and item.column in known and item.column not in table.at
    ]
    if not missing:
        return []
    return [f"{table.place.words} has no column for {', '.join(missing)}: these items are blank."]
