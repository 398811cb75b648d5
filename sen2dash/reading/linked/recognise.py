"""Tell the kinds of linked files apart, so that several can be given at once. Reads no row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.linked import census_layout
from sen2dash.reading.linked.attainment import LAYOUTS
from sen2dash.reading.linked.given import Given
from sen2dash.reading.linked.xml_feed import readable
from sen2dash.reading.side_files import encoding_of

#: A file of the multiplication tables check, which is recognised in order to be refused.
TABLES_CHECK = "formmark"
#: A cell with one of these is in the heading of a file of inspection outcomes.
PLACES = frozenset({"urn", "provider urn", "provider ukprn"})
#: How far into a file its heading is: bytes, and lines.
HEAD, LINES = 20_000, 50
HINT = (
    "Add the CSV tables or XML of the school census, CSV files of results from Get information about pupils (GIAP), "
    "common transfer files, or CSV files of Ofsted's management information."
)


def by_kind(given: Iterable[Given]) -> Mapping[str, list[Given]]:
    """Sort files by kind: census, attainment, inspections. Raises BadLinkedFile for a file of no kind."""
    found: dict[str, list[Given]] = {}
    for one in given:
        found.setdefault(kind_of(one), []).append(one)
    return found


def kind_of(given: Given) -> str:
    """Return the kind of a file. Raises BadLinkedFile."""
    if given.is_xml:
        _, root = readable(given)
        return "attainment" if root == "ctfile" else "census"
    if not given.is_csv and not _looks_like_text(given.data):
        raise BadLinkedFile("The file cannot be used", f"{given.place} is not CSV, XML or a zip.", HINT)
    lines = [[cell.strip().strip('"').strip().lower() for cell in line] for line in _top(given)]
    if set(lines[0] if lines else ()) & ({layout.recognised_by for layout in LAYOUTS} | {TABLES_CHECK}):
        return "attainment"
    if _is_census_table(given):
        return "census"
    if any(line[0].startswith("web link") or not PLACES.isdisjoint(line) for line in lines):
        return "inspections"
    raise BadLinkedFile("The file was not recognised", f"{given.place} is of no kind that can be linked.", HINT)


def _is_census_table(given: Given) -> bool:
    name = given.name.lower().removesuffix(".csv").rpartition("_")[2]
    known = {*census_layout.TABLES, *census_layout.NOT_READ, *census_layout.IGNORED}
    return given.is_csv and (name in known or name.startswith(census_layout.IGNORED_BEGINNINGS))


def _top(given: Given) -> list[list[str]]:
    """Return the cells of the first lines, among which a heading is."""
    head = given.data[:HEAD].decode(encoding_of(given.data), "replace")
    return [line.replace("\t", ",").split(",") for line in head.lstrip("\ufeff\r\n").splitlines()[:LINES]]


def _looks_like_text(data: bytes) -> bool:
    return b"\0" not in data[:HEAD]
