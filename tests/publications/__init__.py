"""A small version of the DfE's publication: files of 2025, cut down to a few areas, and files in the form of 2026.

Those of 2025 (folder 2025/) are lines of the published files, Open Government Licence v3.0. Those of 2026 are built
here from the figures in the program, with the columns of that release: importing them must give the same figures.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sen2dash import reference, spec
from sen2dash.reference import published, releases
from tests.publications.headers import HEADERS

HERE = Path(__file__).resolve().parent
KEYS = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "new_la_code",
    "old_la_code",
    "la_name",
)
BREAKDOWN = ["breakdown_topic", "breakdown"]
JANUARY = ("caseload.csv", "sen_needs_caseload.csv", "personal_budgets.csv", "residential_settings.csv")
#: The name of the total row in the files of 2026.
EVERYONE = {
    "caseload.csv": "All EHC plans",
    "sen_needs_caseload.csv": "All EHC plans",
    "sen_need_newplans.csv": "All EHC plans",
    "newplans.csv": "All new EHC plans",
    "requests.csv": "All requests for an EHC needs assessment",
    "assessments.csv": "All EHC needs assessments",
    "timeliness_20_week.csv": "All EHC plans",
    "annual_reviews.csv": "All reviews of EHC plans",
    "ceased_plans.csv": "All ceased EHC plans",
    "personal_budgets.csv": "All personal budgets",
    "residential_settings.csv": "All residential placements",
    "work_based_placements.csv": "All work based placements",
}
#: Column of 2026 to the series in the program; `%` for the percentage.
SERIES = {
    "caseload.csv": {"ehcplans": "ehc_plans/Total"},
    "newplans.csv": {"new_ehc_plans": "new_plans/Total"},
    "requests.csv": {
        "requests_received_in_year": "requests/Total",
        "requests_rya": "requests/relevant_youth_accommodation",
        "requests_decided_to_assess": "requests/decided_to_assess",
        "requests_decided_not_to_assess": "requests/refused",
        "requests_decision_not_made": "requests/outstanding",
        "requests_withdrawn": "requests/withdrawn",
        "request_assess_pc": "requests/decided_to_assess%",
        "request_not_assess_pc": "requests/refused%",
        "request_outstanding_pc": "requests/outstanding%",
        "request_withdrawn_pc": "requests/withdrawn%",
        "request_outcome_six_weeks": "request_decisions/within_6_weeks",
        "request_outcome_over_6_weeks": "request_decisions/over_6_weeks",
        "request_outcome_six_weeks_pc": "request_decisions/within_6_weeks%",
        "request_outcome_over_6_weeks_pc": "request_decisions/over_6_weeks%",
        "mediation_related_request": "mediation/request",
        "tribunal_related_request": "tribunal/request",
        "tribunal_after_mediation_request": "tribunal_after_mediation/request",
    },
    "assessments.csv": {
        "assess_in_year": "assessments/Total",
        "assess_issued": "assessments/plan_issued",
        "assess_issued_pc": "assessments/plan_issued%",
        "assess_not_issued": "assessments/plan_not_issued",
        "assess_not_issued_pc": "assessments/plan_not_issued%",
        "assess_not_made": "assessments/outstanding",
        "assess_not_made_pc": "assessments/outstanding%",
        "assess_withdrawn": "assessments/withdrawn",
        "assess_withdrawn_pc": "assessments/withdrawn%",
        "outcome_decision_within_time": "not_issued_decisions/within_16_weeks",
        "outcome_decision_over_time": "not_issued_decisions/over_16_weeks",
        "outcome_decision_within_time_pc": "not_issued_decisions/within_16_weeks%",
        "outcome_decision_over_time_pc": "not_issued_decisions/over_16_weeks%",
        "number_assess_mediation": "mediation/assessment_decision",
        "number_assess_tribunal": "tribunal/assessment_decision",
        "number_asssess_mediation_tribunal": "tribunal_after_mediation/assessment_decision",
        "number_other_mediation": "mediation/other",
        "number_other_tribunal": "tribunal/other",
        "number_other_mediation_tribunal": "tribunal_after_mediation/other",
    },
    "timeliness_20_week.csv": {
        "plans_issued_den": "plans_issued/including_exceptions",
        "plans_issued_den_ex": "plans_issued/excluding_exceptions",
        "plans_issued_within_20_weeks": "plans_within_20_weeks/including_exceptions",
        "plans_issued_20_weeks_ex": "plans_within_20_weeks/excluding_exceptions",
        "pc_plans_issued_within_20_weeks": "plans_within_20_weeks/including_exceptions%",
        "pc_plans_issued_20_weeks_ex": "plans_within_20_weeks/excluding_exceptions%",
        "plans_issued_gt20weeks_ltyear": "plans_20_to_52_weeks/including_exceptions",
        "plans_issued_gt20weeks_ltyear_ex": "plans_20_to_52_weeks/excluding_exceptions",
        "pc_plans_issued_gt20weeks_ltyear": "plans_20_to_52_weeks/including_exceptions%",
        "pc_plans_issued_gt20weeks_ltyear_ex": "plans_20_to_52_weeks/excluding_exceptions%",
        "plans_issued_gt_1_year": "plans_over_52_weeks/including_exceptions",
        "plans_issued_gt_1_year_ex": "plans_over_52_weeks/excluding_exceptions",
        "pc_plans_issued_gt_1_year": "plans_over_52_weeks/including_exceptions%",
        "pc_plans_issued_gt_1_year_ex": "plans_over_52_weeks/excluding_exceptions%",
        "avg_weeks_issue_plan": "weeks_to_issue/including_exceptions",
        "avg_weeks_issue_plan_exc": "weeks_to_issue/excluding_exceptions",
    },
    "annual_reviews.csv": {
        "total_ehc_plans": "annual_reviews/plans",
        "review_expected_2025": "annual_reviews/expected",
        "review_not_expected_2025": "annual_reviews/not_expected",
        "review_completed_2025": "completed_reviews/in_year",
        "review_completed_prior_2025": "completed_reviews/before_year",
        "review_not_completed": "completed_reviews/none",
        "outcome_amended": "completed_reviews/outcome_amend",
        "outcome_ceased": "completed_reviews/outcome_cease",
        "outcome_maintained": "completed_reviews/outcome_maintain",
        "no_outcome_recorded": "completed_reviews/outcome_not_recorded",
        "decision_4_weeks": "completed_review_decisions/within_4_weeks",
        "decision_over_4_weeks": "completed_review_decisions/over_4_weeks",
    },
    "phase_transfers.csv": {
        "due_25": "phase_transfers/due_in_year",
        "due_26": "phase_transfers/due_next_year",
        "final_25": "phase_transfers/final_in_year",
        "final_26": "phase_transfers/final_next_year",
    },
    "personal_budgets.csv": {
        "personal_budget": "personal_budgets/Total",
        "org_arrangments": "personal_budgets/organised_arrangements",
        "pb_health": "personal_budgets/health_only",
        "pb_education": "personal_budgets/education_only",
        "pb_social": "personal_budgets/social_care_only",
        "pb_integrated": "personal_budgets/integrated",
    },
    "residential_settings.csv": {
        "res_3851": "residential_placements/38_to_51_weeks",
        "res_52": "residential_placements/52_weeks",
        "res_tot": "residential_placements/Total",
    },
    "work_based_placements.csv": {
        "open_supp_intern": "work_based_placements/supported_internship",
        "open_apprentice": "work_based_placements/apprenticeship",
        "open_trainee": "work_based_placements/traineeship",
        "open_wbp": "work_based_placements/Total",
    },
    "ceased_plans.csv": {
        "max_age": "plans_ceased/max_age",
        "needs_met": "plans_ceased/needs_met_without_plan",
        "he": "plans_ceased/higher_education",
        "employ": "plans_ceased/paid_employment",
        "transfer": "plans_ceased/transferred_to_other_la",
        "no_engage": "plans_ceased/no_longer_wishes_to_engage",
        "moved_outside_eng": "plans_ceased/moved_outside_england",
        "deceased": "plans_ceased/deceased",
        "other": "plans_ceased/other",
        "total_ceased": "plans_ceased/Total",
    },
}
#: England's two parts of a category that was one until 2025: academies and free schools that are special schools.
SPECIAL = {"caseload.csv": ("71570", "13545"), "newplans.csv": ("2394", "607")}
GROUPS = {
    "mainstream_total": "mainstream",
    "special_total": "special",
    "ap_pru_total": "ap_pru",
    "fe_total": "fe",
    "ed_elsewhere": "elsewhere",
    "nm_early_years": "early_years",
    "placement_unknown": "placement_unknown",
}
SOURCES = {
    "1": "Parent or young person",
    "2": "School or other education setting",
    "3": "Health care professional",
    "4": "Social care professional",
    "5": "Other",
    "none": "Not known",
}
Files = dict[str, bytes]


def files_2025() -> Files:
    """The files of 2025 as downloaded: with a byte order mark and CRLF, in the folders of the zip."""
    found = {}
    for path in sorted((HERE / "2025").glob("*.csv")):
        folder = "supporting-files" if path.name in ("appeals.csv", "sen2_dmo_dco.csv") else "data"
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        found[f"{folder}/{path.name}"] = text.encode("utf-8-sig")
    return {**found, "data-guidance/data-guidance.txt": b"Guidance in words."}


def files_2026(areas: Sequence[str] = ("England", "E12000007", "209")) -> Files:
    """Files in the form of 2026 with the program's figures for that release, for these areas."""
    found = {}
    for name, header in HEADERS.items():
        columns = header.split()
        has_breakdown = name != "phase_transfers.csv"
        names = [*KEYS, *(BREAKDOWN if has_breakdown else []), *columns]
        rows = [_total(name, columns, area) for area in areas]
        rows += _parts(name, columns)
        found[f"data/{name}"] = table([names, *(row for row in rows if row)])
    return found


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def table(rows: Sequence[Sequence[str]]) -> bytes:
    """A CSV in UTF-8 with LF."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")


def rows_of(data: bytes) -> list[list[str]]:
    """The rows of a CSV, starting with the heading."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def keys(name: str, area: str, period: str = "") -> list[str]:
    """The cells that give the period and area of a row."""
    january = name in JANUARY or name == "work_based_placements.csv"
    when = [period or ("202526" if january else "2025"), "Academic year" if january else "Calendar year"]
    country = ["E92000001", "England"]
    if area == published.ENGLAND:
        return [*when, "National", *country, "", "", "", "", ""]
    if area.startswith("E1"):
        return [*when, "Regional", *country, area, "A region", "", "", ""]
    la = spec.authorities()[area]
    return [*when, "Local authority", *country, la.region_code, la.region_name, la.ons_code, la.code, la.name]


def _total(name: str, columns: Sequence[str], area: str) -> list[str]:
    """The total row for one area."""
    january = name in JANUARY or name == "work_based_placements.csv"
    rows = releases.carried().figures
    cells = {}
    for column, series in SERIES.get(name, {}).items():
        row = rows.get((series.rstrip("%"), 2026, area))
        if row is not None:
            cells[column] = row.percent if series.endswith("%") else row.number
    indicator = {"caseload.csv": "caseload", "newplans.csv": "new_plans"}.get(name)
    if indicator is not None and area == published.ENGLAND:
        places, groups = _breakdown(indicator, "place"), _breakdown(indicator, "place_group")
        cells |= places | {column: groups[key] for column, key in GROUPS.items()}
        cells["special_academy"], cells["special_free_school"] = SPECIAL[name]
    if name == "sen_need_newplans.csv" and area == published.ENGLAND:
        needs = _breakdown("new_plans", "need")
        cells = {f"number_{key.lower()}": value for key, value in needs.items() if key != "none"}
        cells |= {"number_need_unknown": needs["none"], "ehc_plans": "110708"}
    everyone = EVERYONE.get(name)
    when = keys(name, area)
    assert january == (len(when[0]) == 6)
    return [*when, *([everyone, everyone] if everyone else []), *(cells.get(column, "x") for column in columns)]


def _parts(name: str, columns: Sequence[str]) -> list[list[str]]:
    """Rows for England by age, sex, ethnicity and source, and one for a breakdown that is not shown."""
    rows: list[list[str]] = []

    def add(topic: str, label: str, cells: Mapping[str, str]) -> None:
        rows.append([*keys(name, published.ENGLAND), topic, label, *(cells.get(column, "x") for column in columns)])

    if name == "caseload.csv":
        for key, number in _breakdown("caseload", "age").items():
            add("Age at start of academic year", "under 3" if key == "u3" else f"age {key}", {"ehcplans": number})
        for key, number in _breakdown("caseload", "sex").items():
            add("Sex", {"F": "Female", "M": "Male"}[key], {"ehcplans": number})
        labels = {each.published: each.label for each in reference.characteristics()["ethnicity"].categories[:19]}
        for key, number in _breakdown("caseload", "ethnicity").items():
            add("Ethnicity", labels[key], {"ehcplans": number})
        add("Years EHC plan in place", "1 or less", {"ehcplans": "122000"})
    if name == "requests.csv":
        of = {
            indicator: _breakdown(indicator, "source")
            for indicator in (
                "requests_received",
                "requests_agreed",
                "requests_refused",
                "requests_undecided",
                "requests_withdrawn",
            )
        }
        for key, label in SOURCES.items():
            add(
                "Source of request",
                label,
                {
                    "requests_received_in_year": of["requests_received"][key],
                    "requests_decided_to_assess": of["requests_agreed"][key],
                    "requests_decided_not_to_assess": of["requests_refused"][key],
                    "requests_decision_not_made": of["requests_undecided"][key],
                    "requests_withdrawn": of["requests_withdrawn"][key],
                },
            )
        add("Primary type of need", "Down Syndrome", {"requests_received_in_year": "1"})
    return rows


def _breakdown(indicator: str, characteristic: str) -> dict[str, str]:
    """The program's numbers for England in the latest collection."""
    return dict(releases.carried().breakdowns[indicator, characteristic, 2026, published.ENGLAND].numbers)
