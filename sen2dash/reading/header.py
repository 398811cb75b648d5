"""Whose return a file is, from its header alone, so that it can be refused before anybody in it is read."""

from __future__ import annotations

from lxml import etree

from sen2dash.reading.content import own_text
from sen2dash.reading.elements import first_child
from sen2dash.reading.encoding import decode
from sen2dash.reading.other import bundle
from sen2dash.reading.other import read as other
from sen2dash.reading.refusals import check_prolog
from sen2dash.reading.shred import find_header


def authority_of(data: bytes) -> str | None:
    """Return the number of the authority in the header; empty text if it has none. None if there is no header to read.

    Errors: NotXml, NotSen2, TooLarge; of a return that is not XML, BadInput and BadLinkedFile.
    """
    data = bundle.kept_xml(data) or data
    if bundle.is_other(data):
        return other.authority_of(data)
    readable, _ = decode(data)
    check_prolog(readable)
    try:
        header = find_header(readable)
    except etree.XMLSyntaxError:
        # Reading the whole file says what is wrong, and where.
        return None
    if header is None:
        return None
    found = first_child(first_child(header, "Source"), "LEA")
    return (own_text(found) or "").strip() if found is not None else ""
