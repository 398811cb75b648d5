"""The earlier return of a report as a report of its own, so that its figures can be filtered like those of this one.

It is copied from the tables that the store holds already: the file is not read again and no rule is run.
"""

from __future__ import annotations

from sen2dash import spec
from sen2dash.checks.report import Report
from sen2dash.indicators import rerun
from sen2dash.model import Facts


def earlier_report(report: Report) -> Report | None:
    """Return the earlier return, made on first use and closed with the report; None if none was added.

    Errors: TooLarge if it does not fit into the memory of a database of its own.
    """
    if not report.store.has_previous:
        return None
    with report.cache.changing():
        if report.earlier is None:
            report.earlier = _made(report)
        elif report.earlier.store.settings != report.store.settings:
            rerun.change(report.earlier, report.store.settings)
        return report.earlier


def label_of(report: Report, earlier: Report) -> str:
    """Return how an earlier return is named beside this one: 'Return of 2025'."""
    year = earlier.collection.year
    return f"Return of {year}" if year != report.collection.year else "Earlier return"


def _made(report: Report) -> Report:
    store = report.store.copy_of_earlier()
    try:
        facts = Facts(**store.rows("select * from file")[0])
        header = store.rows("select * from header")[0]
        sizes = {row["table_name"]: row["n_rows"] for row in store.rows("select * from table_size")}
    except BaseException:
        store.close()
        raise
    assert store.collection is not None
    return Report(
        store=store,
        facts=facts,
        collection=store.collection,
        outcomes=(),
        counts=sizes,
        header={item.element: header[item.text_column] for item in spec.items_of("header")},
        compare_with=report.compare_with,
    )
