"""Say what a file looks like that is not a SEN2 return, by headings that others do not have."""

from __future__ import annotations

from collections.abc import Sequence

from sen2dash.reading.other.forms import folded

#: Headings that are there together, in compared form and without spaces, and what they are of.
SIGNS: tuple[tuple[str, frozenset[str]], ...] = (
    ("a school census", frozenset({"pupilonrolltableid"})),
    ("a school census", frozenset({"pupilnolongeronrolltableid"})),
    ("a school census", frozenset({"schooltableid", "estab"})),
    ("an alternative provision census", frozenset({"aptableid"})),
    ("children looked after (SSDA903)", frozenset({"child", "dob", "upn", "mother"})),
    ("children looked after (SSDA903)", frozenset({"child", "decom", "rne"})),
    ("the children in need census", frozenset({"lachildid", "cinreferraldate"})),
    ("the establishment register", frozenset({"urn", "establishmentname"})),
    ("inspection outcomes", frozenset({"urn", "ofstedregion"})),
    ("prior attainment", frozenset({"upn", "ks2_yearresult"})),
    ("pupil data of Get information about pupils", frozenset({"upn", "surname", "forename", "sex", "dob"})),
)


def what_it_looks_like(lines: Sequence[str]) -> str | None:
    """Return what the first lines of a file or sheet look like, with an article; None if that is not known."""
    for line in lines:
        names = {folded(cell.strip('"')).replace(" ", "") for cell in line.replace(";", ",").split(",")}
        for what, signs in SIGNS:
            if signs <= names:
                return what
    return None
