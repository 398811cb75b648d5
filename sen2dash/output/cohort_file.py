"""Every person of a cohort as a CSV, with each characteristic in words. Draws nothing, asks nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sen2dash import reference
from sen2dash.checks.cache import Key
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.indicators.filters import parameters
from sen2dash.output import export
from sen2dash.output.upns import upns

#: Heading and column of what identifies a person; the names and birth date are left out if they are hidden.
IDENTITY: Mapping[str, str] = {"Person": "person_id", "UPN": "upn", "ULN": "uln"}
NAMES: Mapping[str, str] = {"Surname": "surname", "Forename": "forename", export.BIRTH_DATE: "birth_date"}
#: Separates the SEN2 groups of a person.
BETWEEN = "; "


def cohort_csv(report: Report, selection: Selection, with_names: bool) -> bytes:
    """The people whom the filters leave, in file order. with_names: with surname, forename and date of birth.

    The last columns give the filters and the release that made the file.
    """
    report.store.derive_indicators()
    people = report.store.table(list_sql("cohort_people"), parameters(selection.cohort))
    identity = {**IDENTITY, **(NAMES if with_names else {})}
    known = reference.every_characteristic() if report.store.has_census else reference.characteristics()
    labels = {name: {c.key: c.label for c in each.categories} for name, each in known.items()}

    def rows() -> Iterator[list[Any]]:
        for batch in people.to_batches(max_chunksize=export.ROWS_A_PIECE):
            for row in batch.to_pylist():
                own = [row[column] for column in identity.values()]
                yield [*own, *(_in_words(row, name, labels[name]) for name in known), selection.text]

    return export.figures_csv((*identity, *(each.label for each in known.values()), "Filters"), rows())


def cohort_upns(report: Report, selection: Selection) -> tuple[str, ...]:
    """The UPNs of the people whom the filters leave, in file order, each once."""

    def read() -> tuple[str, ...]:
        report.store.derive_indicators()
        return upns(report.store.table(list_sql("cohort_people"), parameters(selection.cohort))["upn"].to_pylist())

    return Figures(report).cached(Key("rows", "cohort UPNs", selection.cohort), read)


def _in_words(row: Mapping[str, Any], name: str, labels: Mapping[str, str]) -> str:
    """A person's category, or all of them for the SEN2 groups, apart from the one that everyone is in."""
    if name != "group":
        return labels[row[name]]
    return BETWEEN.join(label for key, label in labels.items() if key in row["sen2_groups"] and key != "all")
