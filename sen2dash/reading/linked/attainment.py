"""Read prior attainment: files of the DfE's pupil information service (GIAP), and of a common transfer file the EYFSP.

One row per child, stage and academic year: whether the headline is met, and what sets the result apart. Which child it
is, is not known here. Source of the layouts: public code of the service.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.linked.ctf import read_ctf
from sen2dash.reading.linked.given import GivenFile
from sen2dash.reading.linked.table import LINES, first_with_value
from sen2dash.reading.linked.values import Kind, columns_of
from sen2dash.reading.side_files import decoded, encoding_of

STAGES = ("eyfsp", "phonics", "ks1", "ks2", "ks4")
HINT = "Download the results by UPN from Get information about pupils (GIAP), and add the CSV files of each stage."
ACADEMIC_YEAR = re.compile(r"([0-9]{4})/([0-9]{4}|[0-9]{2})")
LINE_END = re.compile(r"\r\n|\n|\r")
DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)")
YES_NO = ("0", "1")
#: Between the codes of a row. A cell of a file with tabs never holds one.
BETWEEN = "\t"
ATTAINMENT_8 = "ks4_att8"
_SCALE = (
    *("GDS", "EXS", "WTS", "HNM", "PK1", "PK2", "PK3", "PK4", "PK5", "PK6", "EM", "A", "D", "F", "L", "P", "Q"),
    *("BLW", "PKF", "PKE", "PKG"),
)
_AREAS = ("COM", "COM", "PSE", "PSE", "PSE", "PHY", "PHY", "LIT", "LIT", "LIT", "MAT", "MAT")
_OLD_AREAS = ("COM", "COM", "COM", "PHY", "PHY", "PSE", "PSE", "PSE", "LIT", "LIT", "MAT", "MAT")
#: The first twelve components of the profile from 2021/22, and of the one before.
NEW_12 = tuple(f"fsp_{area}_e{place:02}".lower() for place, area in enumerate(_AREAS, start=1))
OLD_12 = tuple(f"fsp_{area}_g{place:02}".lower() for place, area in enumerate(_OLD_AREAS, start=1))


@dataclass(frozen=True)
class Layout:
    """One stage in the files of the service: columns in lower case. headline: each with the values that it may have."""

    stage: str
    recognised_by: str
    prefix: str
    headline: Mapping[str, Sequence[str]]
    more: tuple[str, ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The columns whose codes are kept as they are, in order."""
        return (*self.headline, *(name for name in self.more if name != ATTAINMENT_8))


LAYOUTS = (
    Layout("eyfsp", "fsp_gld", "fsp_", {"fsp_gld": YES_NO}, (*NEW_12, *OLD_12)),
    Layout(
        "phonics",
        "phonics_phonics_outcome",
        "phonics_",
        {"phonics_phonics_outcome": ("WA", "WT", "A", "D", "L", "Q")},
    ),
    Layout("ks1", "read_outcome", "", dict.fromkeys(("read_outcome", "writ_outcome", "math_outcome"), _SCALE)),
    Layout("ks2", "rwmexp", "", {"rwmexp": YES_NO}, ("readoutcome", "matoutcome", "writtaoutcome")),
    Layout("ks4", "ks4_att8", "ks4_", {"ks4_l2basics_94": YES_NO}, ("ks4_l2basics_95", ATTAINMENT_8)),
)
#: The columns that say whether the standard is met, and those whose codes are kept of a result, by stage.
HEADLINES: Mapping[str, tuple[str, ...]] = {layout.stage: tuple(layout.headline) for layout in LAYOUTS}
OUTCOMES: Mapping[str, tuple[str, ...]] = {layout.stage: layout.outcomes for layout in LAYOUTS}


@dataclass(frozen=True)
class AttainmentFile:
    """One file that was read. number: its place in the load. rows: all of them; bad: those that cannot be used.

    years: the academic years of those that can, by the year in which they begin.
    """

    name: str
    stage: str
    number: int
    rows: int
    bad: int
    years: tuple[int, ...] = ()


@dataclass(frozen=True)
class AttainmentReading:
    """files: in the order read. result: one row per usable row of a file. loaded: stage and year of each, once.

    Of a result, `outcomes` has the codes of OUTCOMES in their order, with BETWEEN between them.
    """

    files: tuple[AttainmentFile, ...]
    result: pa.Table
    loaded: pa.Table


def read_attainment(given: Iterable[GivenFile]) -> AttainmentReading:
    """Read all files. Raises BadLinkedFile."""
    files, results = [], []
    for number, one in enumerate(given, start=1):
        stage, columns, n_ragged = ("eyfsp", read_ctf(one, (*NEW_12, *OLD_12)), 0) if one.is_xml else _giap(one)
        rows = _results(stage, columns, number)
        usable = rows.filter(pc.and_(pc.is_valid(rows["dob"]), pc.is_valid(rows["year"])))
        n_rows = len(rows) + n_ragged
        years = tuple(sorted(pc.unique(usable["year"]).to_pylist()))
        files.append(AttainmentFile(one.name, stage, number, n_rows, n_rows - len(usable), years))
        results.append(usable)
    result = pa.concat_tables(results)
    # In one thread, so that the order is always the same.
    return AttainmentReading(tuple(files), result, result.group_by(["stage", "year"], use_threads=False).aggregate([]))


def read_year(text: str) -> int | None:
    """Read 2023/2024 or 2023/24 as the year in which it begins; None for anything else."""
    match = ACADEMIC_YEAR.fullmatch(text)
    if match is None or int(match[2]) % 100 != (int(match[1]) + 1) % 100:
        return None
    return int(match[1]) if len(match[2]) == 2 or int(match[2]) == int(match[1]) + 1 else None


def _giap(given: GivenFile) -> tuple[str, dict[str, pa.Array], int]:
    """Return the stage of a file, its columns as texts by their role or name, and how many rows do not fit."""
    text = decoded(given.data, encoding_of(given.data)).lstrip("\r\n")
    first = LINE_END.split(text, 1)[0]
    separator = "\t" if "\t" in first else ","
    heading = [name.strip().lower() for name in first.split(separator)]
    layout = _layout(given, heading)
    roles = {
        "upn": (f"{layout.prefix}upn",),
        "dob": (f"{layout.prefix}dob",),
        "sex": (f"{layout.prefix}sex", f"{layout.prefix}gender"),
        "year": (f"{layout.prefix}acadyr",),
        **{name: (name,) for name in (*layout.headline, layout.recognised_by)},
    }
    # Where a heading has both names of a column, the first that has a value counts in every row.
    places: dict[str, list[int]] = {}
    for role, names in roles.items():
        places[role] = [heading.index(name) for name in names if name in heading]
        if not places[role]:
            raise BadLinkedFile(
                "A column is missing", f"{given.place} has no column {' or '.join(map(str.upper, names))}.", HINT
            )
    places |= {name: [heading.index(name)] for name in layout.more if name in heading}
    wanted = sorted({place for own in places.values() for place in own})
    if not text[len(first) :].strip("\r\n"):
        return layout.stage, {role: pa.array([], pa.string()) for role in places}, 0
    ragged: list[int] = []

    def skip(row: object) -> str:
        ragged.append(1)
        return "skip"

    found = arrow_csv.read_csv(
        pa.BufferReader(text.encode()),
        read_options=arrow_csv.ReadOptions(
            column_names=[str(place) for place in range(len(heading))], skip_rows=1, block_size=1 << 24
        ),
        parse_options=arrow_csv.ParseOptions(delimiter=separator, quote_char=False, invalid_row_handler=skip),
        convert_options=arrow_csv.ConvertOptions(
            include_columns=[str(place) for place in wanted],
            column_types={str(place): pa.string() for place in wanted},
            strings_can_be_null=False,
        ),
    )
    cells = {place: found[str(place)].combine_chunks() for place in wanted}
    columns = {role: first_with_value([cells[place] for place in own]) for role, own in places.items()}
    return layout.stage, columns, len(ragged)


def _layout(given: GivenFile, heading: Sequence[str]) -> Layout:
    for layout in LAYOUTS:
        if layout.recognised_by in heading:
            return layout
    if "formmark" in heading:
        raise BadLinkedFile(
            "Results of the multiplication tables check are not used yet",
            f"{given.place} holds them.",
            "Leave the file out.",
        )
    raise BadLinkedFile(
        "This is not a file of prior attainment", f"{given.place} has no column of a headline result.", HINT
    )


def _results(stage: str, columns: dict[str, pa.Array], number: int) -> pa.Table:
    """Work out what every row says. Codes are compared in upper case; a whole number may end in `.0`."""
    size = len(columns["upn"])

    @cache
    def code(name: str) -> pa.Array:
        texts = _typed(columns.get(name, pa.nulls(size, pa.string())), "code")
        return pc.replace_substring_regex(texts, r"^([0-9]+)\.0$", r"\1")

    def within(name: str, values: Sequence[str]) -> pa.Array:
        return pc.fill_null(pc.is_in(code(name), pa.array(values, pa.string())), False)

    def every(names: Iterable[str], values: Sequence[str]) -> pa.Array:
        return _all([within(name, values) for name in names], size)

    def none_of(names: Iterable[str], values: Sequence[str]) -> pa.Array:
        return _all([pc.invert(within(name, values)) for name in names], size)

    def full(names: Iterable[str]) -> pa.Array:
        return _all([pc.is_valid(code(name)) for name in names], size)

    layout = next(each for each in LAYOUTS if each.stage == stage)
    headline, apart = tuple(layout.headline), ("A", "L", "Q")
    is_full, is_assessed = full(headline), _all([], size)
    if stage == "eyfsp":
        is_old = _all([pc.is_null(code(name)) for name in NEW_12], size)
        stated = within("fsp_gld", YES_NO)
        worked_out = pc.if_else(is_old, every(OLD_12, ("2", "3")), every(NEW_12, ("2",)))
        is_met = pc.if_else(stated, within("fsp_gld", ("1",)), worked_out)
        is_full = pc.or_(stated, pc.if_else(is_old, full(OLD_12), full(NEW_12)))
        is_assessed = pc.if_else(is_old, none_of(OLD_12, apart), none_of(NEW_12, apart))
    elif stage == "phonics":
        is_met = every(headline, ("WA",))
        is_assessed = none_of(headline, apart)
    elif stage == "ks1":
        is_met = every(headline, ("EXS", "GDS"))
        is_assessed = none_of(headline, apart)
    else:
        is_met = every(headline, ("1",))
        if stage == "ks2":
            is_assessed = none_of(layout.more, apart)
    others = [
        pc.and_(pc.is_valid(code(name)), pc.invert(within(name, values))).cast(pa.int64())
        for name, values in layout.headline.items()
    ]
    n_other = others[0]
    for each in others[1:]:
        n_other = pc.add(n_other, each)
    return pa.table(
        {
            "read_no": pa.array(range(number * LINES, number * LINES + size), pa.int64()),
            "stage": pa.repeat(stage, size),
            "upn": _typed(columns["upn"], "code"),
            "dob": _typed(columns["dob"], "date"),
            "sex": _typed(columns["sex"], "code"),
            "year": _years(columns["year"]),
            "is_met": is_met,
            "is_full": is_full,
            "is_assessed": is_assessed,
            "outcomes": _joined([code(name) for name in layout.outcomes]),
            "has_basics_5": within("ks4_l2basics_95", ("1",)),
            "attainment_8": _decimals(columns.get(ATTAINMENT_8, pa.nulls(size, pa.string()))),
            "n_other": n_other,
        }
    )


def _all(columns: Sequence[pa.Array], size: int) -> pa.Array:
    """Return whether every column is true; true without a column."""
    found = pa.repeat(True, size)
    for column in columns:
        found = pc.and_(found, column)
    return found


def _joined(codes: Sequence[pa.Array]) -> pa.Array:
    """Return the codes of each row as one text."""
    apart = [pc.replace_substring(each, BETWEEN, " ") for each in codes]
    return pc.binary_join_element_wise(*apart, BETWEEN, null_handling="replace", null_replacement="")


def _typed(cells: pa.Array, kind: Kind) -> pa.Array:
    return columns_of("cell", kind, cells)["cell"]


def _years(cells: pa.Array) -> pa.Array:
    coded = cells.dictionary_encode()
    years = [None if text is None else read_year(text.strip()) for text in coded.dictionary.to_pylist()]
    return pa.array(years, pa.int64()).take(coded.indices)


def _decimals(cells: pa.Array) -> pa.Array:
    coded = cells.dictionary_encode()
    texts = [(text or "").strip() for text in coded.dictionary.to_pylist()]
    values = [float(text) if DECIMAL.fullmatch(text) else None for text in texts]
    return pa.array(values, pa.float64()).take(coded.indices)
