"""Made-up files in the form of the DfE's statistics of absence, and of suspensions and exclusions, by characteristics."""

from __future__ import annotations

from collections.abc import Sequence

from tests.publications import table

GEOGRAPHY = [
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "old_la_code", "new_la_code", "la_name"),
]
ABSENCE = [
    *("enrolments", "sess_possible", "sess_overall_percent", "sess_authorised_percent", "sess_unauthorised_percent"),
    *("enrolments_pa_10_exact_percent", "enrolments_pa_50_exact_percent"),
]
EXCLUSIONS = ["headcount", "perm_excl", "perm_excl_rate", "suspension", "susp_rate", "one_plus_susp_rate"]
YEAR = ("202526", "Academic year")


def place(area: str, period: tuple[str, str] = YEAR) -> list[str]:
    """The first cells of a row."""
    england = [*period, "National", "E92000001", "England", "", "", "", "", ""]
    if area == "England":
        return england
    if area.startswith("E12"):
        return [*period, "Regional", *england[3:5], area, "A region", "", "", ""]
    return [*period, "Local authority", *england[3:5], "E12000007", "A region", area, "", "An authority"]


def absence_row(area: str, *values: str, label: str = "EHC plan", topic: str = "SEN provision") -> list[str]:
    """A row of absence. values: overall, authorised, unauthorised, persistent, severe."""
    return [*place(area), "Total", topic, label, "100", "9000", *values]


def absence(rows: Sequence[Sequence[str]]) -> bytes:
    """A file of absence."""
    return table([[*GEOGRAPHY, "education_phase", "breakdown_topic", "breakdown", *ABSENCE], *rows])


def exclusions(rows: Sequence[Sequence[str]]) -> bytes:
    """A file of suspensions and exclusions, with the older names of the columns of topics."""
    return table([[*GEOGRAPHY, "school_type", "characteristic_group", "characteristic", *EXCLUSIONS], *rows])


def exclusions_row(area: str, permanent: str, rate: str, one_plus: str, phase: str = "Total") -> list[str]:
    """A row of suspensions and exclusions."""
    label = "SEN provision - SEN with statement or EHC"
    return [*place(area), phase, "SEN provision", label, "5000", "9", permanent, "900", rate, one_plus]
