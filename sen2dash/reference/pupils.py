"""What the DfE publishes of pupils with an EHC plan in its statistics of absence, and of suspensions and exclusions.

These figures count enrolments, not children. None comes with the program: a user adds the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Kind = Literal["absence", "exclusions"]
TERMS = ("autumn", "spring", "summer")


class Rate(NamedTuple):
    """One published figure. column: its name in the file. is_percent: whether it is a share, or a rate per 100."""

    label: str
    column: str
    is_percent: bool = True


#: By kind of file and rate, in the order of the page.
RATES: Mapping[Kind, Mapping[str, Rate]] = MappingProxyType(
    {
        "absence": {
            "overall": Rate("All absence", "sess_overall_percent"),
            "authorised": Rate("Authorised", "sess_authorised_percent"),
            "unauthorised": Rate("Unauthorised", "sess_unauthorised_percent"),
            "persistent": Rate("Persistent absence", "enrolments_pa_10_exact_percent"),
            "severe": Rate("Severe absence", "enrolments_pa_50_exact_percent"),
        },
        "exclusions": {
            "suspended": Rate("Suspended at least once", "one_plus_susp_rate"),
            "suspensions": Rate("Suspensions per 100", "susp_rate", is_percent=False),
            "permanent": Rate("Permanent exclusions per 100", "perm_excl_rate", is_percent=False),
        },
    }
)
PUBLICATIONS: Mapping[Kind, str] = MappingProxyType(
    {
        "absence": "Pupil absence in schools in England",
        "exclusions": "Suspensions and permanent exclusions in England",
    }
)


class PupilFigureKey(NamedTuple):
    """What published figures are of. year: in which the academic year begins. terms: those of it that they cover.

    area: England, a region code or an authority number.
    """

    kind: Kind
    year: int
    terms: tuple[str, ...]
    area: str


#: The figures of a place by rate: a number as text, x (not available) or z (not applicable).
Values = Mapping[str, str]


def merged(
    known: Mapping[PupilFigureKey, Values], more: Mapping[PupilFigureKey, Values]
) -> dict[PupilFigureKey, Values]:
    """Put further figures to those known, rate by rate. What is no number, such as x, never replaces a number."""
    found = dict(known)
    for place, values in more.items():
        before = found.get(place, {})
        counts = {
            key: value for key, value in values.items() if _is_number(value) or not _is_number(before.get(key, ""))
        }
        found[place] = {**before, **counts}
    return found


def _is_number(text: str) -> bool:
    return text[:1].isdigit()


def period_text(year: int, terms: tuple[str, ...]) -> str:
    """Write '2024/25' for a whole year, and '2024/25, autumn and spring' for a part of it."""
    name = f"{year:04}/{(year + 1) % 100:02}"
    return name if terms == TERMS else f"{name}, {' and '.join(terms)}"
