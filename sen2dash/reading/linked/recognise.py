"""Tell the kinds of linked files apart, so that several can be given at once. Reads no row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.linked import census_layout
from sen2dash.reading.linked.attainment import HINT as RESULTS
from sen2dash.reading.linked.attainment import LAYOUTS
from sen2dash.reading.linked.given import GivenFile
from sen2dash.reading.linked.inspections import AREAS, ISS, OEIF, OLDER
from sen2dash.reading.linked.xml_feed import readable
from sen2dash.reading.side_files import encoding_of

#: A file of the multiplication tables check, which is recognised in order to be refused.
TABLES_CHECK = "formmark"
#: A cell with one of these is in the heading of a file of inspection outcomes alone.
OF_OFSTED = frozenset({"provider urn", "provider ukprn"})
#: Cells that only the register of establishments has together.
REGISTER = frozenset({"establishmentname", "typeofestablishment (code)"})
COLLECTION = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?collection>\s*([A-Za-z0-9]{1,20})\s*<", re.IGNORECASE)
#: How far into a file its heading is: bytes, and lines.
HEAD, LINES = 20_000, 50
HINT = (
    "Add the CSV tables or XML of the school census, CSV files of results from Get information about pupils (GIAP), "
    "common transfer files, or CSV files of Ofsted's management information."
)

REGISTER_HINT = "Add it on the page 'Your return', under 'The register of establishments'."


def by_kind(given: Iterable[GivenFile]) -> Mapping[str, list[GivenFile]]:
    """Sort files by kind: census, attainment, inspections. Raises BadLinkedFile for a file of no kind."""
    found: dict[str, list[GivenFile]] = {}
    for one in given:
        found.setdefault(kind_of(one), []).append(one)
    return found


def kind_of(given: GivenFile) -> str:
    """Return the kind of a file. Raises BadLinkedFile."""
    if given.is_xml:
        return _kind_of_xml(given)
    if not given.is_csv and not _looks_like_text(given.data):
        raise BadLinkedFile("The file cannot be used", f"{given.place} is not CSV, XML or a zip.", HINT)
    lines = [[cell.strip().strip('"').strip().lower() for cell in line] for line in _top(given)]
    if set(lines[0] if lines else ()) & ({layout.recognised_by for layout in LAYOUTS} | {TABLES_CHECK}):
        return "attainment"
    if _is_census_table(given):
        return "census"
    cells = {cell for line in lines for cell in line}
    if cells >= REGISTER:
        raise _not_recognised(given, "is the register of establishments", REGISTER_HINT)
    if any(cell.rpartition("_")[2] == "upn" for cell in cells) or given.name.lower().endswith(".dat"):
        raise _not_recognised(given, "is no table of a school census, and no file of results as GIAP makes it", RESULTS)
    if not cells.isdisjoint(OF_OFSTED) or any(line[0].startswith("web link") for line in lines):
        return "inspections"
    if "urn" in cells and _has_outcome(lines):
        return "inspections"
    raise _not_recognised(given, "is of no kind that can be linked", HINT)


def _not_recognised(given: GivenFile, what: str, hint: str) -> BadLinkedFile:
    return BadLinkedFile("The file was not recognised", f"{given.place} {what}.", hint)


def _kind_of_xml(given: GivenFile) -> str:
    data, root = readable(given)
    if root == "ctfile":
        return "attainment"
    if root != "message":
        raise _not_recognised(given, "is XML of no kind that can be linked", HINT)
    found = COLLECTION.search(data[:HEAD].replace(b"\0", b""))
    collection = found[1].decode("ascii").upper() if found else ""
    if collection and collection not in census_layout.COLLECTIONS:
        raise _not_recognised(
            given, "is the return of another collection", census_layout.ELSEWHERE.get(collection, HINT)
        )
    return "census"


def _has_outcome(lines: Sequence[Sequence[str]]) -> bool:
    """Whether there is the name of a column with an outcome, which may cover several lines."""
    text = " ".join(" ".join(cell for line in lines for cell in line).split())
    return any(name.lower() in text for name in (OEIF, OLDER, ISS, *AREAS))


def _is_census_table(given: GivenFile) -> bool:
    _, mark, name = given.name.lower().removesuffix(".csv").rpartition("_")
    known = {*census_layout.TABLES, *census_layout.IGNORED}
    return given.is_csv and bool(mark) and (name in known or name.startswith(census_layout.IGNORED_BEGINNINGS))


def _top(given: GivenFile) -> list[list[str]]:
    """Return the cells of the first lines, among which a heading is."""
    head = given.data[:HEAD].decode(encoding_of(given.data), "replace")
    return [line.replace("\t", ",").split(",") for line in head.lstrip("\ufeff\r\n").splitlines()[:LINES]]


def _looks_like_text(data: bytes) -> bool:
    return b"\0" not in data[:HEAD]
