"""Read the DfE's publication "Education, health and care plans" as downloaded, to compare returns with it.

It takes the bytes of the zip or its CSV files and makes rows in the form of reference/figures.csv and breakdowns.csv.
Files of the DfE's statistics of absence and of exclusions are read too, for the page of linked files.
Files are recognised by their columns, never by their names. Every row is used, belongs to a breakdown that is not shown
here, or is reported with what was not understood. This module fetches nothing, writes nothing and knows no return.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from sen2dash import reference
from sen2dash.errors import BadPublication
from sen2dash.model import Frozen
from sen2dash.reading import publication_appeals, publication_cells, publication_pupils, publication_table
from sen2dash.reading.publication_cells import FileRead, NotUsed
from sen2dash.reading.unpack import NamedFile, files_in, is_zip
from sen2dash.reference.pupils import PupilFigureKey, Values, merged
from sen2dash.reference.releases import Published, with_pupils, with_release

HINT = (
    "On explore-education-statistics.service.gov.uk open 'Education, health and care plans', choose 'Download all "
    "data (zip)' and upload that zip as it is."
)
#: Files of the publication that hold no figures.
WORDS = (".txt", ".md", ".pdf", ".docx", ".html")


class ImportSummary(Frozen):
    """What was read and what was not. n_corrected: figures known to be wrong in the files that were replaced."""

    files: tuple[FileRead, ...]
    not_used: tuple[NotUsed, ...]
    n_corrected: int

    @property
    def releases(self) -> tuple[int, ...]:
        """The reporting years that were read, newest first."""
        return tuple(sorted({each.release for each in self.files if each.release is not None}, reverse=True))

    def with_more(self, other: ImportSummary) -> ImportSummary:
        """Combine this summary with that of a later reading."""
        return ImportSummary(
            files=(*self.files, *other.files),
            not_used=(*self.not_used, *other.not_used),
            n_corrected=self.n_corrected + other.n_corrected,
        )


class Publication(NamedTuple):
    """The result of reading: rows in the form that `published.with_release` expects, and where they come from.

    pupils: figures of pupils with a plan, from the DfE's statistics of absence and of exclusions.
    """

    figures: list[dict[str, str]]
    breakdowns: list[dict[str, str]]
    summary: ImportSummary
    pupils: Mapping[PupilFigureKey, Values] = MappingProxyType({})

    def added_to(self, known: Published) -> Published:
        """Return the known figures, with those as old or older replaced by these."""
        return with_pupils(with_release(known, self.figures, self.breakdowns), self.pupils)


def read(uploads: Sequence[tuple[str, bytes]]) -> Publication:
    """Read the figures from a zip or CSV files of one or more releases.

    uploads: names and bytes. Errors: BadPublication if no file is from this publication, or the zip is unreadable.
    """
    figures: list[dict[str, str]] = []
    breakdowns: list[dict[str, str]] = []
    files: list[FileRead] = []
    not_used: list[NotUsed] = []
    pupils: dict[PupilFigureKey, Values] = {}
    places_of: dict[str, set[PupilFigureKey]] = {}
    for file in files_in(uploads):
        found = _read_file(file)
        if isinstance(found, NotUsed):
            not_used.append(found)
            continue
        same = next((f.name for f in files if (f.kind, f.release) == (found.file.kind, found.file.release)), None)
        if found.file.release is None:
            same = next((name for name, places in places_of.items() if places & set(found.pupils)), None)
            places_of[found.file.name] = places_of.get(found.file.name, set()) | set(found.pupils)
        note = () if same is None else (f"The same kind of file as {same}: where both have a figure, this one counts.",)
        files.append(found.file.model_copy(update={"notes": (*note, *found.file.notes)}))
        figures += found.figures
        breakdowns += found.breakdowns
        pupils = merged(pupils, found.pupils)
    if not files:
        raise _nothing(not_used)
    n_corrected = _correct(figures, breakdowns)
    summary = ImportSummary(files=tuple(files), not_used=tuple(not_used), n_corrected=n_corrected)
    return Publication(figures, breakdowns, summary, pupils)


@cache
def _corrections() -> Mapping[tuple[str, str, str, str], Mapping[str, str]]:
    """Return published figures known to be wrong or withdrawn later, by figure, period, area and number."""
    rows = reference.read("publication_corrections.csv")
    return {(row["figure"], row["period"], row["area"], row["published"]): row for row in rows}


def _correct(figures: Sequence[dict[str, str]], breakdowns: Sequence[dict[str, str]]) -> int:
    """Correct figures that are known to be wrong and return how many there were. Other figures stay as published."""
    known = _corrections()
    count = 0
    for row in figures:
        right = known.get((row["series"], row["period"], row["area"], row["number"]))
        if right is not None:
            row.update(number=right["number"], percent=right["percent"], note=right["note"])
            count += 1
    for row in breakdowns:
        figure = f"{row['indicator']}/{row['characteristic']}/{row['category']}"
        right = known.get((figure, row["period"], row["area"], row["number"]))
        if right is not None:
            row["number"] = right["number"]
            count += 1
    return count


def _read_file(file: NamedFile) -> publication_cells.ParsedFile | NotUsed:
    """Read one file, or return why it is not used."""
    if file.data is None:
        return NotUsed(name=file.name, why=file.fault)
    if file.name.lower().endswith(WORDS):
        return NotUsed(name=file.name, why="It holds words, not figures.", is_expected=True)
    if is_zip(file.data):
        return NotUsed(name=file.name, why="It is a zip or Excel file within the upload. Upload the CSV files in it.")
    text = publication_cells.decoded(file.data)
    if text is None:
        return NotUsed(name=file.name, why="It is not a CSV file: it holds bytes that are not text.")
    if publication_appeals.is_appeals(text):
        return publication_appeals.read_appeals(file.name, text)
    kind = publication_pupils.kind_of(text)
    if kind is not None:
        return publication_pupils.read_pupils(file.name, text, kind)
    return publication_table.read_table(file.name, text)


def _nothing(not_used: Sequence[NotUsed]) -> BadPublication:
    """Make the error for uploads with no file from the publication, naming the first few."""
    reasons = [f"{each.name}: {each.why}" for each in not_used if not each.is_expected][:3]
    return BadPublication(
        "No published figures were found",
        " ".join(reasons) or "The upload holds no CSV file.",
        HINT,
    )
