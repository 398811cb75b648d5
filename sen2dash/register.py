"""Read the establishment register: the 'all establishment data' CSV of Get Information about Schools (GIAS).

Only what the rules look at is kept. Rows without a URN are dropped; nothing is fetched from anywhere.
"""

from __future__ import annotations

import codecs
import csv
import io

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from sen2dash import spec
from sen2dash.errors import BadRegister
from sen2dash.store import ESTABLISHMENT_COLUMNS

#: Our column to the register's. Without a required one a rule would be silently clear; the others may be missing.
REQUIRED = {
    "urn": "URN",
    "ukprn": "UKPRN",
    "name": "EstablishmentName",
    "type_code": "TypeOfEstablishment (code)",
    "status": "EstablishmentStatus (name)",
    "close_date": "CloseDate",
}
OPTIONAL = {
    "la_code": "LA (code)",
    "la_name": "LA (name)",
    "type_name": "TypeOfEstablishment (name)",
    "type_group_code": "EstablishmentTypeGroup (code)",
    "phase": "PhaseOfEducation (name)",
    "open_date": "OpenDate",
    "further_education_type": "FurtherEducationType (name)",
    "ofsted_rating": "OfstedRating (name)",
}
DOWNLOAD_HINT = (
    "On get-information-schools.service.gov.uk choose Downloads, tick 'Establishment fields CSV' under all "
    "establishment data, unzip the file and add the .csv in it."
)


def read_register(data: bytes) -> pa.Table:
    """The register as a table with the columns of ESTABLISHMENT_COLUMNS: text, but dates for open and close.

    data: the bytes of the CSV, in UTF-8 or Windows-1252. Codes are compared as text, so URNs and codes stay text.
    Errors: BadRegister where it is no such CSV or a required column is missing.
    """
    names = _heading(data)
    columns = {**REQUIRED, **OPTIONAL}
    missing = [REQUIRED[column] for column in REQUIRED if REQUIRED[column] not in names]
    if missing:
        raise BadRegister(
            "This is not the establishment register",
            f"The first line of the file does not name {_listed(missing)}.",
            DOWNLOAD_HINT,
        )
    table = _parse(data, [name for name in columns.values() if name in names])
    arrays = []
    for column in ESTABLISHMENT_COLUMNS:
        name = columns[column]
        texts = _trimmed(table[name]) if name in table.column_names else pa.nulls(len(table), pa.string())
        arrays.append(_dates(texts) if column.endswith("_date") else texts)
    register = pa.Table.from_arrays(arrays, ESTABLISHMENT_COLUMNS)
    register = register.filter(pc.is_valid(register["urn"]))
    if len(register) == 0:
        raise BadRegister(
            "The establishment register is empty", "No line of the file holds a URN and a name.", DOWNLOAD_HINT
        )
    return register


def _heading(data: bytes) -> list[str]:
    """The names in the first line."""
    if not data.strip():
        raise BadRegister("The establishment register is empty", "The file has no content.", DOWNLOAD_HINT)
    if data[:2] in (b"PK", b"\x1f\x8b"):
        raise BadRegister("The register is still packed", "This is a zip, gzip or Excel file.", DOWNLOAD_HINT)
    if b"\0" in data[:4096]:
        raise BadRegister("The register is not a CSV file", "It holds bytes that no text has.", DOWNLOAD_HINT)
    line = data[: data.find(b"\n") if b"\n" in data else len(data)].removeprefix(codecs.BOM_UTF8)
    return next(csv.reader(io.StringIO(line.decode("cp1252", "replace").strip())), [])


def _parse(data: bytes, names: list[str]) -> pa.Table:
    """The columns that are wanted, as text; a line with too few or too many cells is left out."""
    for encoding in ("utf8", "cp1252", "latin-1"):
        try:
            return arrow_csv.read_csv(
                pa.BufferReader(data),
                read_options=arrow_csv.ReadOptions(encoding=encoding, block_size=1 << 23),
                parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda row: "skip"),
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=names, column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except (pa.ArrowInvalid, UnicodeError) as error:
            fault = error
    raise BadRegister(
        "The register cannot be read",
        f"It is not a CSV in UTF-8 or Windows-1252 ({type(fault).__name__}).",
        DOWNLOAD_HINT,
    )


def _trimmed(texts: pa.ChunkedArray) -> pa.Array:
    """Without white space around them, blank ones as null."""
    stripped = pc.utf8_trim(texts.combine_chunks(), characters=spec.WHITE_SPACE)
    return pc.if_else(pc.equal(stripped, ""), pa.scalar(None, pa.string()), stripped)


def _dates(texts: pa.Array) -> pa.Array:
    """Dates of the form dd-mm-yyyy (or dd/mm/yyyy, or ccyy-mm-dd); what is no such date is null."""
    distinct = pc.unique(texts)
    dates = pa.array([_date(text) for text in distinct.to_pylist()], pa.date32())
    return pc.take(dates, pc.index_in(texts, distinct))


def _date(text: str | None) -> object:
    if text is None:
        return None
    parts = text.replace("/", "-").split("-")
    if len(parts) == 3 and len(parts[0]) == 2:
        parts.reverse()
    return spec.real_date("-".join(parts))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
