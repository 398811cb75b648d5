"""Read a list of teams: who is in which team, or with which case worker, as a CSV or a workbook that an officer keeps.

It does not know who is in the return (see `checks.teams`). Nothing is left out without a note: a line that cannot be
used is reported with its number, and a file that is not such a list is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from sen2dash.errors import BadTeams
from sen2dash.reading import csv_rows, register_values, side_files, spreadsheet
from sen2dash.reading.side_files import HEADING_WITHIN, SEPARATORS, SideFile, plain_number, plain_text
from sen2dash.text import MAX_NAME_LENGTH, flat

#: The name of each column, and the headings that mean it, without capitals, spaces and punctuation.
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "upn": "UPN",
        "uln": "ULN",
        "surname": "Surname",
        "forename": "Forename",
        "birth_date": "Date of birth",
        "team": "Team",
        "case_worker": "Case worker",
    }
)
HEADINGS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "upn": frozenset({"upn", "upnnumber", "uniquepupilnumber", "uniquepupilnumberupn", "pupilupn"}),
        "uln": frozenset({"uln", "ulnnumber", "uniquelearnernumber", "uniquelearnernumberuln"}),
        "surname": frozenset({"surname", "lastname", "familyname", "legalsurname", "childsurname"}),
        "forename": frozenset(
            {"forename", "forenames", "firstname", "firstnames", "givenname", "legalforename", "childforename"}
        ),
        "birth_date": frozenset({"dob", "dateofbirth", "birthdate", "dateofbirthdob", "personbirthdate", "birthday"}),
        "team": frozenset({"team", "teamname", "senteam", "sendteam", "caseworkteam", "locality", "localityteam"}),
        "case_worker": frozenset(
            {
                *("caseworker", "caseworkername", "sencaseworker", "sendcaseworker", "officer", "officername"),
                *("senofficer", "sendofficer", "caseofficer", "casemanager", "ehcofficer", "ehcpofficer"),
                *("ehccoordinator", "ehcpcoordinator", "plancoordinator", "coordinator", "worker", "allocatedto"),
            }
        ),
    }
)
#: The most bytes of a list, and lines in it. The largest authorities have about 20,000 plans.
MAX_BYTES, MAX_LINES = 20_000_000, 200_000
#: The most teams. A workbook has a sheet for each.
MAX_TEAMS = 200
#: A ULN that stands for "not known".
NO_ULN = "9999999999"
HINT = (
    "Give a CSV or an Excel workbook whose first row names the columns: UPN, or ULN, or Surname, Forename and Date of "
    "birth; and Team, Case worker or both."
)


class TeamLine(NamedTuple):
    """One line of a list. line: its number in the file. Texts are trimmed; empty if there is none.

    birth_date: None if there is none or if it could not be read. is_bad_date: whether it could not be read.
    """

    line: int
    upn: str
    uln: str
    surname: str
    forename: str
    birth_date: date | None
    is_bad_date: bool
    team: str
    case_worker: str


@dataclass(frozen=True)
class TeamList:
    """What a list says. broken: why lines could not be read, mapped to their numbers. notes: sentences on the file."""

    lines: tuple[TeamLine, ...]
    broken: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def has_teams(self) -> bool:
        """Whether any line names a team; otherwise the case workers are the groups."""
        return any(line.team for line in self.lines)


class _Row(NamedTuple):
    line: int
    cells: Sequence[str]
    why: str | None = None


def read_teams(data: bytes) -> TeamList:
    """Read a list. Errors: BadTeams if it is not one, or if no line of it can be read."""
    if len(data) > MAX_BYTES:
        raise BadTeams("The list is too large", f"It has more than {MAX_BYTES // 1_000_000} MB.", HINT)
    if not data.strip():
        raise BadTeams("The list is empty", "The file has no content.", HINT)
    heading, rows, notes = _of_workbook(data) if spreadsheet.is_workbook(data) else _of_csv(data)
    places = _places(heading)
    _check_columns(places)
    taken = list(islice(rows, MAX_LINES + 1))
    if len(taken) > MAX_LINES:
        raise BadTeams("The list is too large", f"It has more than {MAX_LINES:,} lines.", HINT)
    whole = [row for row in taken if row.why is None]
    broken: defaultdict[str, list[int]] = defaultdict(list)
    for row in taken:
        if row.why is not None:
            broken[row.why].append(row.line)
    if not whole:
        raise BadTeams("The list has no line that can be read", "There is nothing under its heading.", HINT)
    found = TeamList(
        tuple(_lines(whole, places)),
        MappingProxyType({why: tuple(lines) for why, lines in broken.items()}),
        (*notes, *_doubled(heading, places)),
    )
    check_groups(found)
    return found


# -- the heading ------------------------------------------------------------------------------------------


def _meaning(cell: str) -> str | None:
    """The column that a heading names; None if it is not one of ours."""
    form = "".join(letter for letter in cell.casefold() if letter.isalnum())
    return next((column for column, forms in HEADINGS.items() if form in forms), None)


def _places(heading: Sequence[str]) -> dict[str, int]:
    """Each column of ours mapped to the first position in the heading that names it."""
    places: dict[str, int] = {}
    for place, cell in enumerate(heading):
        column = _meaning(cell)
        if column is not None:
            places.setdefault(column, place)
    return places


def _best(rows: Iterable[_Row]) -> tuple[int, _Row | None]:
    """Among the first rows, the one that names most of our columns, and how many it names."""
    best: tuple[int, _Row | None] = (0, None)
    for row in islice(rows, HEADING_WITHIN):
        n = len(_places(row.cells))
        if n > best[0]:
            best = (n, row)
    return best


def _check_columns(places: Mapping[str, int]) -> None:
    """Errors: BadTeams if the heading does not say who is meant, or does not name a team."""
    is_named = {"surname", "forename", "birth_date"} <= places.keys()
    if not ("upn" in places or "uln" in places or is_named):
        raise BadTeams(
            "This list does not say who is meant",
            "Its heading names none of UPN, ULN, and Surname with Forename and Date of birth.",
            HINT,
        )
    if "team" not in places and "case_worker" not in places:
        raise BadTeams("This list names no teams", "Its heading has neither Team nor Case worker.", HINT)


def check_groups(found: TeamList) -> None:
    """Errors: BadTeams if the list names no team, or so many that the column must be another one."""
    has_teams = found.has_teams
    n = len({(line.team if has_teams else line.case_worker).casefold() for line in found.lines} - {""})
    if not n:
        raise BadTeams("This list names no teams", "Every line is blank under Team and Case worker.", HINT)
    if n > MAX_TEAMS:
        what = "teams" if has_teams else "case workers"
        message = f"It names {n:,}, and sen2dash can show {MAX_TEAMS}. Is this the right column?"
        raise BadTeams(f"The list names too many {what}", message, HINT)


def _doubled(heading: Sequence[str], places: Mapping[str, int]) -> list[str]:
    """One sentence for each column that the heading names more than once."""
    meant = [_meaning(cell) for cell in heading]
    return [
        f"More than one column is a {LABELS[column]}: only {side_files.shown(heading[place])} was used."
        for column, place in places.items()
        if meant.count(column) > 1
    ]


# -- from a file to rows ----------------------------------------------------------------------------------


def _of_csv(data: bytes) -> tuple[Sequence[str], Iterable[_Row], tuple[str, ...]]:
    file = side_files.open_file(data)
    if file.n_zeros > len(data) // 100 or data[:5] in (b"%PDF-", b"{\\rtf"):
        raise BadTeams("This is not a list of teams", "It is neither a CSV nor a workbook.", HINT)
    best: tuple[int, SideFile, _Row | None] = (0, file, None)
    for separator in SEPARATORS:
        tried = replace(file, separator=separator)
        top = (
            _Row(line, next((r.cells for r in _one_line(tried, text)), []))
            for line, text in enumerate(file.top[:HEADING_WITHIN], start=1)
        )
        n, row = _best(top)
        if row is not None and n > best[0]:
            best = (n, tried, row)
    _, file, row = best
    if row is None:
        raise BadTeams("This is not a list of teams", f"None of its first {HEADING_WITHIN} lines names a column.", HINT)
    heading = tuple(row.cells)
    while heading and not heading[-1].strip():
        heading = heading[:-1]
    file = replace(file, heading=heading, heading_line=row.line)
    notes = ("The file holds zero bytes, which were ignored.",) if file.n_zeros else ()
    return heading, (_Row(record.line, record.cells, record.why) for record in file.records()), notes


def _one_line(file: SideFile, text: str) -> Iterable[csv_rows.CsvRecord]:
    return replace(file, data=text.encode(), encoding="utf-8").records()


def _of_workbook(data: bytes) -> tuple[Sequence[str], Iterable[_Row], tuple[str, ...]]:
    try:
        sheets = spreadsheet.read_sheets(data)
    except spreadsheet.Unreadable as error:
        raise BadTeams("The workbook cannot be read", str(error), HINT) from None
    found = [(_best(_numbered(sheet.rows)), sheet) for sheet in sheets]
    (_, row), sheet = max(found, key=lambda each: each[0][0], default=((0, None), None))
    if row is None or sheet is None:
        raise BadTeams(
            "This is not a list of teams",
            f"None of the first {HEADING_WITHIN} rows of its sheets names a column.",
            HINT,
        )
    others = len(sheets) - 1
    notes = () if not others else (f"Only the sheet {side_files.shown(sheet.name)} was read, of {len(sheets)}.",)
    width = len(row.cells)
    rows = (
        _Row(each.line, [*each.cells, *[""] * (width - len(each.cells))])
        for each in _numbered(sheet.rows)
        if each.line > row.line and any(cell.strip() for cell in each.cells)
    )
    return row.cells, rows, notes


def _numbered(rows: Iterable[Sequence[str]]) -> Iterable[_Row]:
    return (_Row(line, cells) for line, cells in enumerate(rows, start=1))


# -- from rows to lines -----------------------------------------------------------------------------------


def _lines(rows: Sequence[_Row], places: Mapping[str, int]) -> Iterable[TeamLine]:
    def texts(column: str) -> list[str]:
        place = places.get(column)
        return [row.cells[place] if place is not None else "" for row in rows]

    numbers = ([plain_number("".join(cell.split())).upper() for cell in texts(column)] for column in ("upn", "uln"))
    names = ([" ".join(plain_text(cell).split()) for cell in texts(column)] for column in ("surname", "forename"))
    labels = ([flat(plain_text(cell), MAX_NAME_LENGTH) for cell in texts(column)] for column in ("team", "case_worker"))
    days = register_values.dates(texts("birth_date"))
    upns, ulns = numbers
    surnames, forenames = names
    teams, workers = labels
    for place, (row, day) in enumerate(zip(rows, days, strict=True)):
        uln = ulns[place]
        yield TeamLine(
            row.line,
            upns[place],
            "" if uln == NO_ULN else uln,
            surnames[place],
            forenames[place],
            day if isinstance(day, date) else None,
            day is register_values.UNREAD,
            teams[place],
            workers[place],
        )
