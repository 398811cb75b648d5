"""Make a return that is not XML into the form that an archive keeps: its SEN2 XML, with what that was made from."""

from __future__ import annotations

import hashlib

from sen2dash.archive.kept import MADE_NAME
from sen2dash.checks.report import Report
from sen2dash.output.return_xml import ReturnXml
from sen2dash.reading.other.bundle import Bundle, MadeFrom, kept_warnings
from sen2dash.reading.other.read import not_given_warnings


def as_kept(report: Report) -> bytes | None:
    """Return the bytes to keep, which `build_report` reads; None if those of the return itself are kept."""
    origin = report.given
    if origin is None:
        return None
    # Said again from `not_given` when it is opened.
    said_again = set(not_given_warnings(origin.not_given))
    xml = ReturnXml(report.store, report.collection.year).whole()
    made_from = MadeFrom(
        form=origin.form,
        sha256=report.facts.sha256,
        xml_sha256=hashlib.sha256(xml).hexdigest(),
        swapped=origin.swapped,
        not_given=origin.not_given,
        n_left_out=origin.n_left_out,
        n_not_in_xml=origin.n_not_in_xml,
        warnings=kept_warnings(each for each in origin.warnings if each not in said_again),
    )
    return Bundle(((MADE_NAME, xml),), made_from=made_from).packed()
