"""The rows that views of prior attainment share, with their years, and what a caption says of files and dates.

Draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import reference
from sen2dash.analysis.linked_cards import Rows, academic_year, of_cohort, where
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.linked.attainment import AttainmentFigures
from sen2dash.linked.matching import LinkedFigures
from sen2dash.text import flat, long_date

#: How many files a sentence names.
MAX_NAMED = 5


def expected(report: Report, selection: Selection, figures: LinkedFigures, found: AttainmentFigures) -> Rows:
    """One row per person whom the filters leave and an expected stage, with the NC year."""
    return with_years(of_cohort(report, selection, found.people), figures)


def other_year(report: Report, selection: Selection, figures: LinkedFigures, found: AttainmentFigures) -> Rows:
    """One row per result of an expected stage that is of another year and does not count, with the NC year."""
    return with_years(of_cohort(report, selection, found.other_year), figures)


def with_years(rows: Rows, figures: LinkedFigures) -> Rows:
    """The rows with the NC year, and with academic years as they are written."""
    years = figures.people["nc_year"].take(pc.index_in(rows["person_id"], figures.people["person_id"]))
    rows = rows.append_column("nc_year", years)
    for name, column in (("expected", "expected_year"), ("when", "year")):
        begins = rows[column].combine_chunks().dictionary_encode()
        texts = pa.array(map(academic_year, begins.dictionary.to_pylist()), pa.string())
        rows = rows.append_column(name, texts.take(begins.indices))
    return rows


def files_text(found: AttainmentFigures, stage: str = "") -> str:
    """The files of a stage, or of all stages, each with the academic years of its results."""
    files = [each for each in found.kept.files if stage in ("", each.stage)]
    texts = [f"{flat(each.name)} ({years_text(each.years)})" for each in files[:MAX_NAMED]]
    more = [f"{len(files) - MAX_NAMED:,} more"] if len(files) > MAX_NAMED else []
    return "; ".join([*texts, *more]) or "no file of this stage"


def years_text(years: Sequence[int]) -> str:
    """Academic years in words: 'no results', '2022/23', '2022/23 to 2024/25', '2018/19, 2022/23'."""
    if not years:
        return "no results"
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{academic_year(years[0])} to {academic_year(years[-1])}"
    return ", ".join(map(academic_year, years))


def dates_text(report: Report, figures: LinkedFigures) -> str:
    """Of which day ages and NC years are, and where NC years are from."""
    source = "from the school census, else from the date of birth" if figures.census else "from the date of birth"
    return f"Ages and NC years are those of {long_date(report.collection.august_31)}, NC years {source}."


def nc_years(rows: Rows, stage: str) -> dict[str, str]:
    """The NC years of a stage, in order, key to label."""
    seen = set(where(rows, "stage", stage)["nc_year"].to_pylist())
    return {
        each.key: each.label
        for each in reference.census_characteristics()["census_year"].categories
        if each.key in seen
    }
