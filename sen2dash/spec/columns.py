"""The columns of the tables that `reading` fills and `store` keeps: one list for both."""

from __future__ import annotations

from sen2dash import spec

#: Columns of the establishment register, as `reading.register` returns them. `unread` names the columns that could not
#: be read in the row, separated by spaces. A row without a URN is an establishment whose URN could not be read.
ESTABLISHMENT_COLUMNS = (
    "urn",
    "ukprn",
    "name",
    "la_code",
    "la_name",
    "type_code",
    "type_name",
    "type_group_code",
    "phase",
    "status",
    "open_date",
    "close_date",
    "further_education_type",
    "ofsted_rating",
    "resourced_provision",
    "inspectorate",
    "unread",
)


def columns_of(table: str) -> tuple[str, ...]:
    """Return the columns of the batches of one table: keys first, then one text column for each item."""
    parents = tuple(f"{parent}_id" for parent in spec.ancestors(table))
    keys = ("row_id", *(parents or ("person_id",)), "place", "line")
    return (*keys, *(item.column for item in spec.items_of(table)))
