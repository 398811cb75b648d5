"""The establishment of each person of a list as one text: its name where that is known, otherwise its category.

The name comes from the register that the officer loaded or, if it is not there, from the extract that comes with the
program. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.checks.report import Report
from sen2dash.reference import establishments


def with_setting(people: pa.Table) -> pa.Table:
    """The same rows with the column `setting`.

    people: has the columns establishment_name, urn, ukprn and place (the category in words), as the view person_words.
    """
    columns = (people[name].to_pylist() for name in ("establishment_name", "urn", "ukprn", "place"))
    texts = [_text(*row) for row in zip(*columns, strict=True)]
    return people.append_column("setting", pa.array(texts, pa.string()))


def names_in_register(report: Report, urns: Sequence[str] | None = None) -> dict[str, str]:
    """The name of each establishment of the register that was added, by URN; of several rows one that is open.

    urns: only these; None: all.
    """
    if urns is None:
        rows = report.store.table("select urn, name, close_date from establishment")
    else:
        rows = report.store.table(
            "select urn, name, close_date from establishment where list_contains($urns, urn)", {"urns": list(urns)}
        )
    found = rows.filter(pc.and_(pc.is_valid(rows["urn"]), pc.is_valid(rows["name"])))
    # The last one holds: open ones after closed ones.
    found = found.sort_by([("close_date", "ascending"), ("name", "descending")])
    return dict(zip(found["urn"].to_pylist(), found["name"].to_pylist(), strict=True))


def setting_name(urn: str | None, ukprn: str | None) -> str:
    """The name of an establishment in the extract that comes with the program; empty if it is not there."""
    found = establishments.known(urn) or establishments.known(ukprn)
    return found.name if found is not None else ""


def _text(name: str | None, urn: str | None, ukprn: str | None, place: str) -> str:
    return name or setting_name(urn, ukprn) or place
