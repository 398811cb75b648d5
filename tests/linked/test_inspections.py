"""Inspection outcomes: which file says what, which category comes first, and of which earlier school it is."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sen2dash.analysis import linked_inspections
from sen2dash.errors import BadLinkedFile
from sen2dash.indicators.figures import Selection, select
from sen2dash.reading.linked.given import GivenFile, files
from sen2dash.reading.linked.inspections import as_at, read_inspections
from tests.linked.making import linked, log_of, matched, person, register, sen2

SCHOOLS = [
    *("Web Link (opens in\nnew window)", "URN", "Safeguarding standards", "Inclusion", "Achievement"),
    *("Leadership and governance", "Latest OEIF overall effectiveness"),
    "Inspection start date of latest OEIF graded inspection",
    "Does the latest full inspection relate to the URN of the current school?",
    "Does the latest OEIF graded inspection relate to the URN of the current school?",
    "Most recent category of concern",
]
GRADE, GRADED = SCHOOLS[6], SCHOOLS[7]
INDEPENDENT = ["URN", "Inclusion", GRADE, "Most recent standard inspection: Overall compliance with ISS"]
REPORTS = ["Provider URN", "Provider UKPRN", "First day of inspection", "Safeguarding standards", "Inclusion"]
PROVIDERS = ["Provider URN", "Provider UKPRN", "Latest overall effectiveness before renewed EIF"]


def table(columns: list[str], *rows: dict[str, str], title: str = "") -> str:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(name, "") for name in columns])
    return title + made.getvalue()


def outcome(
    folder: Path, known: bytes | None = None, place: dict[str, str] | None = None, **files: str
) -> dict[str, Any]:
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    own = person(plan=True, placements=[{"EntryDate": "2020-01-01", **(place or {"URN": "100001"})}])
    return linked(sen2(own, person(upn="B1")), known, inspections=paths)


CATEGORIES: list[tuple[dict[str, str], str]] = [
    ({"Inclusion": "Exceptional"}, "rc_exceptional"),
    ({"Inclusion": "strong  standard", "Achievement": "Expected standard"}, "rc_expected"),
    ({"Inclusion": "Urgent improvement", "Achievement": "Exceptional"}, "rc_urgent"),
    ({"Inclusion": "Strong standard", "Safeguarding standards": "Not met"}, "rc_safeguarding"),
    ({"Inclusion": "Strong standard", "Safeguarding standards": "Met", GRADE: "4"}, "rc_strong"),
    ({"Inclusion": "Suspended", GRADE: "2"}, "oeif_2"),
    ({GRADE: "1.0"}, "oeif_1"),
    ({GRADE: "Not judged", GRADED: "01/10/2024"}, "oeif_none"),
    ({GRADE: "NULL", GRADED: "NULL"}, "not_inspected"),
    ({GRADE: "9", GRADED: "soon"}, "not_inspected"),
    ({"URN": "200002", GRADE: "1"}, "not_known"),
]


def together(folder: Path, rows: list[dict[str, str]]) -> dict[str, Any]:
    """The answer about people who are each at a school of their own, with its line of the schools' file."""
    people, lines = [], []
    for place, row in enumerate(rows):
        urn = f"1000{place:02}"
        people.append(person(f"A{place}", plan=True, placements=[{"EntryDate": "2020-01-01", "URN": urn}]))
        lines.append({"URN": f"{urn}.0", **row})
    (folder / "file.csv").write_text(table(SCHOOLS, *lines), encoding="utf-8")
    return linked(sen2(*people, person(upn="B1")), inspections=folder / "file.csv")


def test_the_first_category_that_fits(tmp_path: Path) -> None:
    answer = together(tmp_path, [row for row, _ in CATEGORIES])
    assert [each["inspection"] for each in answer["persons"]] == [*(category for _, category in CATEGORIES), None]
    assert sum(answer["inspections"]["children"].values()) == answer["inspections"]["base"] == len(CATEGORIES)


def test_areas_concern_and_the_last_line_of_a_number(tmp_path: Path) -> None:
    lines = (
        {"URN": "100001", "Inclusion": "Exceptional"},
        {"URN": "NULL", "Inclusion": "Exceptional"},
        {"URN": "100001", "Inclusion": "Needs attention", "Achievement": "Strong standard", SCHOOLS[-1]: "sm"},
    )
    text = table(SCHOOLS, *lines, title='"State-funded schools\nURN,,"\nNote\n')
    name = f"{'State-funded  schools, ' * 6}latest inspections as at 31 December 2025"
    named: dict[str, Any] = {name: text}
    answer = outcome(tmp_path, **named)
    found = answer["inspections"]
    assert found["files"] == [{"file": f"{name}.csv", "kind": "schools", "as_at": "2025-12-31", "rows": 2}]
    assert found["areas"] == {"Achievement": {"rc_strong": 1}, "Inclusion": {"rc_attention": 1}}
    assert found["concern"] == {"SM": 1}
    assert found["establishments"] == {"rc_attention": 1}


def at_places(folder: Path, places: list[dict[str, str]], known: bytes | None = None) -> list[str]:
    """The categories of people who are each at one of these places."""
    people = [
        person(f"A{place}", plan=True, placements=[{"EntryDate": "2020-01-01", **where}])
        for place, where in enumerate(places)
    ]
    return [each["inspection"] for each in linked(sen2(*people), known, inspections=folder)["persons"]]


EARLIER: list[tuple[dict[str, str], bool]] = [
    ({GRADE: "2", SCHOOLS[9]: "no"}, True),
    ({GRADE: "2", SCHOOLS[8]: "No"}, False),
    ({"Inclusion": "Exceptional", SCHOOLS[8]: "No"}, True),
    ({"Inclusion": "Exceptional", SCHOOLS[9]: "No"}, False),
    ({GRADE: "2", SCHOOLS[9]: "Yes"}, False),
    ({SCHOOLS[8]: "No", SCHOOLS[9]: "No"}, False),
]


def test_a_result_of_the_schools_earlier_form(tmp_path: Path) -> None:
    answer = together(tmp_path, [row for row, _ in EARLIER])
    assert [each["predecessor"] for each in answer["persons"][:-1]] == [expected for _, expected in EARLIER]
    assert answer["inspections"]["predecessor"] == 2


def test_the_layout_to_august_2025(tmp_path: Path) -> None:
    columns = ["URN", "Inspection start date", "Overall effectiveness", "Category of concern"]
    row = {"URN": "100001", "Overall effectiveness": "3", "Category of concern": "SWK"}
    answer = outcome(tmp_path, file=table(columns, row))
    assert (answer["persons"][0]["inspection"], answer["inspections"]["concern"]) == ("oeif_3", {"SWK": 1})
    dated = table(columns, {"URN": "100001", "Inspection start date": "01/10/2024"})
    assert outcome(tmp_path, file=dated)["persons"][0]["inspection"] == "oeif_none"


@pytest.mark.parametrize("begin", ["Latest OEIF ", ""])
def test_key_judgements_of_both_layouts(begin: str) -> None:
    names = ["Quality of education", "Effectiveness of leadership and management"]
    names = [f"{begin}{name[0].lower()}{name[1:]}" if begin else name for name in names]
    columns = ["URN", GRADE if begin else "Overall effectiveness", *names]
    row = {"URN": "100001", names[0]: "2", names[1]: "3"}
    found = read_inspections([GivenFile("schools.csv", "schools.csv", "", table(columns, row).encode())])
    assert found.result["judgements"].to_pylist() == ["quality of education good; leadership requires improvement"]


UNGRADED = [
    "Ungraded inspection overall outcome",
    "Date of latest ungraded inspection",
    "Does the ungraded inspection relate to the URN of the current school?",
]
REMAINS, LATER = "School remains Good", "01/03/2023"
UNGRADED_CASES: list[tuple[dict[str, str], str | None]] = [
    ({GRADE: "2", GRADED: "28/02/2023"}, f"{REMAINS}, {LATER}"),
    ({GRADE: "2", GRADED: LATER}, None),
    ({GRADE: "2", GRADED: "02/03/2023"}, None),
    ({GRADE: "2"}, None),
    ({GRADE: "2", GRADED: "28/02/2023", UNGRADED[2]: "No"}, None),
    ({GRADE: "2", GRADED: "28/02/2023", "Inclusion": "Exceptional", "Inspection start date": "01/12/2023"}, None),
    ({"URN": "NULL"}, None),
]


def test_an_ungraded_inspection_is_shown_only_after_the_one_shown_and_of_the_present_school(tmp_path: Path) -> None:
    people, lines = [], []
    for place, (row, _) in enumerate(UNGRADED_CASES):
        urn = f"1000{place:02}"
        people.append(person(f"A{place}", plan=True, placements=[{"EntryDate": "2020-01-01", "URN": urn}]))
        lines.append({"URN": urn, UNGRADED[0]: REMAINS, UNGRADED[1]: LATER, UNGRADED[2]: "Yes", **row})
    path = tmp_path / "file.csv"
    path.write_text(table([*SCHOOLS, "Inspection start date", *UNGRADED], *lines), encoding="utf-8")
    with matched(sen2(*people), None, {"inspections": path}) as (_, figures):
        assert figures.inspections is not None
        assert figures.inspections.people["ungraded"].to_pylist() == [expected for _, expected in UNGRADED_CASES]


def test_a_college_has_the_name_of_the_register(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(table(PROVIDERS, {"Provider UKPRN": "10099999", PROVIDERS[2]: "2"}), encoding="utf-8")
    own = person(plan=True, placements=[{"EntryDate": "2020-01-01", "UKPRN": "10099999"}])
    known = register(("999901", "10099999", "333", "18", "", ""))
    with matched(sen2(own), known, {"inspections": path}) as (report, figures):
        assert figures.inspections is not None
        rows = linked_inspections.base(report, Selection(), figures.inspections, with_predecessors=True)
        card = linked_inspections.cards(report, Selection(), figures.inspections, rows)[0]
        found = card.find("people", "oeif_2").rows
    assert found["linked_place_name"].to_pylist() == ["School 999901"]
    assert found["linked_establishment"].to_pylist() == ["UKPRN 10099999"]


def test_all_areas_are_stacked_bars_of_people_and_name_their_files(tmp_path: Path) -> None:
    grades = (("Exceptional", "Strong standard"), ("Exceptional", ""), ("Urgent improvement", "Strong standard"))
    lines = [
        {"URN": f"10000{place}", "Inclusion": first, "Achievement": second}
        for place, (first, second) in enumerate(grades)
    ]
    dated, undated = tmp_path / "schools as at 31 December 2023.csv", tmp_path / "fe.csv"
    dated.write_text(table(SCHOOLS, *lines), encoding="utf-8")
    skills = "Provision for learners and apprentices with high needs - achievement"
    undated.write_text(table([*REPORTS, skills], {"Provider UKPRN": "10000009", skills: "Needs attention"}), "utf-8")
    places = [*({"URN": line["URN"]} for line in lines), {"UKPRN": "10000009"}, {"URN": "100008"}]
    people = [
        person(f"A{place}", plan=True, placements=[{"EntryDate": "2020-01-01", **each}])
        for place, each in enumerate(places)
    ]
    with matched(sen2(*people), None, {"inspections": [dated, undated]}) as (report, figures):
        assert figures.inspections is not None
        rows = linked_inspections.base(report, Selection(), figures.inspections, with_predecessors=True)
        made = {card.key: card for card in linked_inspections.cards(report, Selection(), figures.inspections, rows)}
        chart = made["areas"].draw("", "Inclusion/1").chart
        found = made["areas"].find("", "Inclusion/1")
        last = made["areas"].find("", f"{skills}/4")
        shared = select(report, is_sharing=True)
        hidden = linked_inspections.cards(report, shared, figures.inspections, rows)[1].draw("", "").chart
    assert chart.subtitle.endswith("All: 4 people at a place with such a grade.")
    assert chart.columns[1:] == ("Exceptional", "Strong standard", "Needs attention", "Urgent improvement")
    assert [row[0] for row in chart.rows] == [
        "Inclusion (of 3)",
        "Achievement (of 2)",
        "High needs: achievement (of 1)",
    ]
    assert chart.rows[0][1:] == ("2 (66.7%)", "0 (0.0%)", "0 (0.0%)", "1 (33.3%)")
    assert [key for key, _ in chart.choices] == ["Inclusion/1", "Inclusion/5", "Achievement/2", f"{skills}/4"]
    assert found.title == "Inclusion: exceptional" and found.rows["upn"].to_pylist() == ["A0", "A1"]
    assert last.rows["upn"].to_pylist() == ["A3"]
    assert not hidden.rows and "All: c " in hidden.subtitle
    (source,) = {each for card in made.values() for each in card.sources}
    assert source == (
        "Source: schools as at 31 December 2023.csv, as at 31 December 2023; fe.csv, date not known. "
        "Ofsted management information, Open Government Licence v3.0."
    )


def test_independent_schools_come_after_state_funded_ones(tmp_path: Path) -> None:
    compliance = {"Met": "iss_met", "Not met": "iss_not_met", "": "not_inspected", "met": "oeif_1"}
    lines = [{"URN": f"10000{place}", INDEPENDENT[3]: text} for place, text in enumerate(compliance)]
    (tmp_path / "independent.csv").write_text(table(INDEPENDENT, *lines), encoding="utf-8")
    (tmp_path / "schools.csv").write_text(table(SCHOOLS, {"URN": "100003", GRADE: "1"}), encoding="utf-8")
    assert at_places(tmp_path, [{"URN": line["URN"]} for line in lines]) == list(compliance.values())


def test_further_education_by_ukprn(tmp_path: Path) -> None:
    """The report comes before the older grade, which comes before a report without a result."""
    older = [{"Provider UKPRN": f"1000000{place}.0", PROVIDERS[2]: "3"} for place in (1, 2, 3, 5)]
    newer = [
        {"Provider UKPRN": "10000002", "Inclusion": "Strong standard"},
        *({"Provider UKPRN": f"1000000{n}"} for n in (3, 4)),
    ]
    (tmp_path / "older.csv").write_text(table(PROVIDERS, *older), encoding="utf-8")
    (tmp_path / "newer.csv").write_text(table(REPORTS, *newer), encoding="utf-8")
    places = [*({"UKPRN": f"1000000{place}"} for place in (1, 2, 3, 4)), {"URN": "100001"}]
    known = register(("100001", "10000005", "333", "18", "", ""))
    assert at_places(tmp_path, places, known) == ["oeif_3", "rc_strong", "oeif_3", "not_inspected", "oeif_3"]


PLACES: list[tuple[dict[str, str], str]] = [
    ({"URN": "100001"}, "other_inspectorate"),
    ({"URN": "100002"}, "other_inspectorate"),
    ({"URN": "100003"}, "no_inspection"),
    ({"URN": "100004"}, "not_known"),
    ({"URN": "100009"}, "not_known"),
    ({"SENsetting": "EHE"}, "no_inspection"),
    ({"SENsetting": "NIEC"}, "no_inspection"),
    ({"SENsetting": "ZZZ"}, "not_known"),
]


def test_a_place_without_a_row(tmp_path: Path) -> None:
    known = register(
        ("100001", "", "333", "11", "", "ISI"),
        ("100002", "", "333", "24", "", ""),
        ("100003", "", "333", "30", "", "Ofsted"),
        ("100004", "", "333", "1", "", "Ofsted"),
    )
    (tmp_path / "file.csv").write_text(table(SCHOOLS), encoding="utf-8")
    assert at_places(tmp_path, [where for where, _ in PLACES], known) == [category for _, category in PLACES]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "no heading with a URN"),
        ("URN,School name\n1,A\n", "no column with a result"),
        ("Web link,Provider URN,EYR REIF: Most recent: Inclusion\n", "childcare"),
        ("Provider URN,Provider UKPRN,First day of inspection\n", "no column with a grade"),
        ("Provider URN,Provider UKPRN,Provider name\n", "no column with a result"),
    ],
)
def test_other_files_are_refused_by_name(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadLinkedFile) as error:
        read_inspections(files([path]))
    assert "odd.csv" in str(error.value)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("schools as at 31 December 2025.csv", date(2025, 12, 31)),
        ("schools_as_at_1_jan_2026.csv", date(2026, 1, 1)),
        ("fes-30-Sep-2025-D1.csv", date(2025, 9, 30)),
        ("schools 31 Novembre 2025.csv", None),
        ("schools 31 June 2025.csv", None),
        ("schools 2025.csv", None),
    ],
)
def test_the_date_in_a_files_name(name: str, day: date | None) -> None:
    assert as_at(name) == day


def test_the_log_says_that_a_file_is_old_and_an_inspection_later_than_census_day(tmp_path: Path) -> None:
    """Census day is 18 January 2024. The heading stands below a line with a quotation mark that has no pair."""
    schools = [*SCHOOLS, "Inspection start date"]
    rows: list[dict[str, str]] = [
        {"Inclusion": "Exceptional", "Inspection start date": "19/01/2024"},
        {"Inclusion": "Exceptional", "Inspection start date": "18/01/2024", GRADED: "19/01/2024"},
        {GRADE: "1", "Inspection start date": "19/01/2024", GRADED: "18/01/2024"},
        {GRADE: "1", GRADED: "19/01/2024"},
        {"Inspection start date": "19/01/2024"},
    ]
    urns = [f"10000{place}" for place in range(len(rows))]
    lines = [{"URN": urn, **row} for urn, row in zip(urns, rows, strict=True)]
    for day, title in (("17 January 2023", '"Schools,,\n'), ("18 January 2023", "")):
        (tmp_path / f"schools {day}.csv").write_text(table(schools, *lines, title=title), encoding="utf-8")
    reports = table([*REPORTS], {"Provider UKPRN": "10000001", "Inclusion": "Exceptional", REPORTS[2]: "19/01/2024"})
    (tmp_path / "reports.csv").write_text(reports, encoding="utf-8")
    places = [*({"URN": urn} for urn in urns), {"UKPRN": "10000001"}]
    people = [
        person(f"A{place}", plan=True, placements=[{"EntryDate": "2020-01-01", **where}])
        for place, where in enumerate(places)
    ]
    log = log_of(sen2(*people), inspections=tmp_path)
    assert "3 people are at a place whose inspection was after census day." in log
    old = [line for line in log if "over 12 months" in line]
    assert old == ["schools 17 January 2023.csv: it is of 17 January 2023, over 12 months before census day."]
