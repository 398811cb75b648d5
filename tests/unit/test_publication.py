import csv
import io
import zipfile
from collections.abc import Callable

import pytest

from sen2dash import reference
from sen2dash.errors import BadPublication
from sen2dash.reading import publication
from sen2dash.reading.publication import Publication
from sen2dash.reading.publication_cells import period_of, value_of
from sen2dash.reading.publication_forms import category, forms, squeezed
from sen2dash.reference import releases
from tests.publications import files_2025, files_2026, keys, rows_of, table, zipped
from tests.publications.headers import HEADERS

Rows = list[list[str]]


def read(files: dict[str, bytes]) -> Publication:
    return publication.read([("publication.zip", zipped(files))])


def figure(found: Publication, series: str, period: str, area: str = "England") -> dict[str, str] | None:
    rows = [r for r in found.figures if (r["series"], r["period"], r["area"]) == (series, period, area)]
    return rows[-1] if rows else None


def parts(
    found: Publication, indicator: str, characteristic: str, period: str, area: str = "England"
) -> dict[str, str]:
    return {
        r["category"]: r["number"]
        for r in found.breakdowns
        if (r["indicator"], r["characteristic"], r["period"], r["area"]) == (indicator, characteristic, period, area)
    }


def one(name: str, change: Callable[[Rows], object], files: dict[str, bytes] | None = None) -> Publication:
    """What is read from one file after a change to its rows, which start with the heading."""
    rows = rows_of((files or files_2026())[name])
    change(rows)
    return publication.read([(name, table(rows))])


def notes(found: Publication) -> str:
    return " ".join(note for file in found.summary.files for note in file.notes)


def same(ours: str, theirs: str) -> bool:
    """Whether two published texts are the same number, or the same symbol for a missing one."""
    if ours[:1].isdigit() and theirs[:1].isdigit():
        return float(ours) == float(theirs)
    return ours == theirs


# -- both releases give the figures in the program ---------------------------------------------------------------


@pytest.mark.parametrize(("files", "release"), [(files_2025(), "2025"), (files_2026(), "2026")])
def test_importing_the_published_files_gives_the_carried_figures(files: dict[str, bytes], release: str) -> None:
    found = read(files)
    carried = {
        (row["series"], row["period"], row["area"]): row
        for row in reference.read("figures.csv")
        if row["release"] == release
    }
    compared = 0
    for row in found.figures:
        other = carried.get((row["series"], row["period"], row["area"]))
        for use in ("number", "percent"):
            # The figures in the program leave out some authorities that the files have.
            if other is not None and other[use]:
                assert same(row[use], other[use]), (row, other)
                compared += 1
    assert compared > 100
    assert all(row["release"] == release for row in found.figures)


@pytest.mark.parametrize(("files", "release"), [(files_2025(), "2025"), (files_2026(), "2026")])
def test_importing_the_published_files_gives_the_carried_breakdowns(files: dict[str, bytes], release: str) -> None:
    found = read(files)
    ours = {tuple(row[key] for key in ("indicator", "characteristic", "period", "area", "category")): row["number"]
            for row in found.breakdowns}  # fmt: skip
    carried = {
        tuple(row[key] for key in ("indicator", "characteristic", "period", "area", "category")): row["number"]
        for row in reference.read("breakdowns.csv")
        if row["release"] == release
    }
    shared = ours.keys() & carried.keys()
    assert {key: ours[key] for key in shared} == {key: carried[key] for key in shared}
    england = {key[:3] for key in shared if key[3] == "England"}
    expected = {
        "2025": {("caseload", "need", "2025-01"), ("caseload", "age", "2025-01"), ("caseload", "age_group", "2025-01"),
                 ("caseload", "ethnic_group", "2025-01"), ("caseload", "place_group", "2024-01"),
                 ("new_plans", "need", "2024"), ("new_plans", "age_group", "2024"), ("new_plans", "sex", "2024")},
        "2026": {("caseload", "place", "2026-01"), ("caseload", "ethnicity", "2026-01"), ("new_plans", "need", "2025"),
                 ("requests_received", "source", "2025"), ("requests_undecided", "source", "2025")},
    }  # fmt: skip
    assert england >= expected[release]


def test_every_file_is_accounted_for_and_every_row() -> None:
    for files in (files_2025(), files_2026()):
        found = read(files)
        named = [f.name for f in found.summary.files] + [f.name for f in found.summary.not_used]
        assert sorted(named) == sorted(files)
        assert not [each for each in found.summary.not_used if not each.is_expected]
        for file in found.summary.files:
            assert file.n_rows == file.n_used + file.n_not_shown, file


def test_the_authorities_of_the_latest_period_are_counted() -> None:
    counts = {file.kind: file.n_authorities for file in read(files_2025()).summary.files}
    assert (counts["requests"], counts["caseload_needs"], counts["appeals"]) == (3, 3, 6)
    half = one("data/requests.csv", lambda rows: rows.pop(3))
    assert half.summary.files[0].n_authorities == 0, "a file that was cut off shows here"


def test_both_releases_at_once_the_newest_counts_and_changed_series_stay_apart() -> None:
    older, newer = zipped(files_2025()), zipped(files_2026())
    for uploads in ([("a.zip", older), ("b.zip", newer)], [("b.zip", newer), ("a.zip", older)]):
        found = publication.read(uploads)
        assert found.summary.releases == (2026, 2025)
        whole = found.added_to(releases.carried())
        assert whole.figures["tribunal_appeals/registered", 2025, "England"].release == "2026"
        assert whole.figures["ehc_plans/Total", 2026, "209"].number == "x", "Lewisham was not published in 2026"
    assert {r["period"] for r in found.figures if r["series"] == "annual_reviews/meeting_recorded"} == {"2024"}
    assert {r["period"] for r in found.figures if r["series"] == "completed_reviews/in_year"} == {"2025"}
    assert {r["period"] for r in found.figures if r["series"] == "annual_review_decisions/within_4_weeks"} == {"2024"}


def test_a_release_fills_what_the_program_does_not_carry_and_leaves_the_rest() -> None:
    carried = releases.carried()
    assert ("assessments/plan_issued", 2025, "209") not in carried.figures
    whole = read(files_2025()).added_to(carried)
    assert whole.figures["assessments/plan_issued", 2025, "209"].release == "2025"
    assert whole.figures["requests/Total", 2026, "England"] == carried.figures["requests/Total", 2026, "England"]
    assert whole.figures["requests/withdrawn", 2023, "England"].number == "2063", "an older release is not lost to x"


# -- difficult columns --------------------------------------------------------------------------------------------


def test_columns_are_told_by_name_in_any_case_and_order() -> None:
    plain = one("data/requests.csv", lambda rows: None)

    def shuffle(rows: Rows) -> None:
        for row in rows:
            row.reverse()
        rows[0] = [name.upper() for name in rows[0]]
        rows[1:] = reversed(rows[1:])

    turned = one("data/requests.csv", shuffle)
    order = sorted(map(str, plain.figures)), sorted(map(str, plain.breakdowns))
    assert (sorted(map(str, turned.figures)), sorted(map(str, turned.breakdowns))) == order


def test_a_file_is_told_by_its_columns_not_by_its_name() -> None:
    found = publication.read([("caseload.csv", files_2026()["data/newplans.csv"])])
    assert [file.kind for file in found.summary.files] == ["new_plans"]


def test_files_of_the_same_columns_are_told_apart_by_their_period() -> None:
    found = read({name: files_2025()[f"data/{name}"] for name in ("sen_needs_all_plans.csv", "sen_need_newplans.csv")})
    assert {file.kind for file in found.summary.files} == {"caseload_needs", "new_plans_needs"}
    assert parts(found, "caseload", "need", "2025-01")["ASD"] == "201183"
    assert parts(found, "new_plans", "need", "2024")["none"]


def test_the_year_in_a_name_is_taken_out_and_must_be_that_of_the_row() -> None:
    def later(rows: Rows) -> None:
        rows[0] = [name.replace("2025", "2026") for name in rows[0]]
        for row in rows[1:]:
            row[0] = "2026"

    found = one("data/annual_reviews.csv", later)
    assert figure(found, "completed_reviews/in_year", "2026") is not None
    assert found.summary.files[0].release == 2027

    def both(rows: Rows) -> None:
        at = rows[0].index("review_completed_2025")
        for place, row in enumerate(rows):
            row.append("review_completed_2024" if place == 0 else "7")
        assert rows[0][at]

    found = one("data/annual_reviews.csv", both)
    assert figure(found, "completed_reviews/in_year", "2025")["number"] == "339027"  # type: ignore[index]


def test_phase_transfers_has_no_breakdown_columns_and_years_of_two_digits() -> None:
    found = one("data/phase_transfers.csv", lambda rows: None)
    assert figure(found, "phase_transfers/due_in_year", "2025")["number"] == "12232"  # type: ignore[index]
    assert figure(found, "phase_transfers/due_next_year", "2025")["number"] == "142257"  # type: ignore[index]
    assert figure(found, "phase_transfers/final_next_year", "2025")["number"] == "602"  # type: ignore[index]


def test_a_category_that_was_split_is_the_sum_of_its_parts() -> None:
    found = one("data/caseload.csv", lambda rows: None)
    assert parts(found, "caseload", "place", "2026-01")["special_academy_free"] == str(71_570 + 13_545)
    older = one("data/caseload.csv", lambda rows: None, files_2025())
    assert parts(older, "caseload", "place", "2025-01")["special_academy_free"].isdigit()


def test_down_syndrome_is_a_category_from_2026_only() -> None:
    newer = one("data/sen_need_newplans.csv", lambda rows: None)
    assert "DS" in parts(newer, "new_plans", "need", "2025")
    older = one("data/sen_need_newplans.csv", lambda rows: None, files_2025())
    assert "DS" not in parts(older, "new_plans", "need", "2024")
    assert older.summary.files[0].notes == (), "a column that the release does not have is not missing"


def test_two_columns_of_one_name() -> None:
    found = one("data/annual_reviews.csv", lambda rows: None, files_2025())
    assert rows_of(files_2025()["data/annual_reviews.csv"])[0].count("review_meeting_prior_24") == 2
    assert notes(found) == ""

    def twice(value: str) -> Callable[[Rows], None]:
        def change(rows: Rows) -> None:
            at = rows[0].index("requests_withdrawn")
            for place, row in enumerate(rows):
                row.append(row[at] if place == 0 or not value else value)

        return change

    assert figure(one("data/requests.csv", twice("")), "requests/withdrawn", "2025")["number"].isdigit()  # type: ignore[index]
    found = one("data/requests.csv", twice("1"))
    assert figure(found, "requests/withdrawn", "2025")["number"] == ""  # type: ignore[index]
    assert "Two columns have the name requests_withdrawn" in notes(found)


def test_new_and_missing_columns_are_named() -> None:
    def change(rows: Rows) -> None:
        rows[0][rows[0].index("requests_withdrawn")] = "requests_taken_back"

    found = one("data/requests.csv", change)
    assert "Columns that are not known and not used: requests_taken_back." in notes(found)
    assert "Columns that are missing: requests_withdrawn." in notes(found)
    assert figure(found, "requests/Total", "2025") is not None


# -- difficult rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["All requests", "  ALL requests ", "Total"])
def test_the_row_of_everyone_is_where_topic_and_value_are_the_same(label: str) -> None:
    def change(rows: Rows) -> None:
        for row in rows[1:]:
            if row[10] == row[11]:
                row[10], row[11] = label, label.lower()

    assert figure(one("data/requests.csv", change), "requests/Total", "2025") is not None


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("age 10", "10"), ("Age 10", "10"), ("Aged 10", "10"), ("under 3", "u3"), ("age 2 and under", "u3"),
        ("Aged 2 and under", "u3"), ("age 25", "25"), ("age 26", None), ("unknown", None), ("Age unknown", None),
        ("age 2", None), ("ten", None),
    ],
)  # fmt: skip
def test_ages_in_every_form(label: str, key: str | None) -> None:
    assert category("age", label) == key


@pytest.mark.parametrize(
    ("label", "key"),
    [("age 4", "u5"), ("age 5", "5_10"), ("Age 10", "5_10"), ("age 11", "11_15"), ("age 15", "11_15"),
     ("age 16", "16_19"), ("age 19", "16_19"), ("age 20 and over", "20_25"), ("Aged 20 and over", "20_25"),
     ("age 2 and under", "u5"), ("unknown", None)],
)  # fmt: skip
def test_age_groups_on_both_sides_of_each_boundary(label: str, key: str | None) -> None:
    assert category("age_group", label) == key


def test_topics_that_have_several_names() -> None:
    newer, older = one("data/caseload.csv", lambda rows: None), one("data/caseload.csv", lambda r: None, files_2025())
    assert parts(newer, "caseload", "age", "2026-01")["10"]
    assert parts(older, "caseload", "age", "2025-01")["10"] == "41405"
    assert parts(older, "caseload", "sex", "2025-01")["F"] == "187502"


@pytest.mark.parametrize(
    "topic",
    ["Age at start of academic year", "Child or young persons age", "Age when plan started", "Age on plan start date",
     "Age at time of request", "Young persons age", "Age plan ceased", "Age at 31 August 2025", "Age at 31 August 2026",
     "Ethnicity", "Sex", "Primary type of need", "Source of request", "Type of placement", "Years EHC plan in place",
     "Years plan held"],
)  # fmt: skip
def test_every_breakdown_that_was_published_is_known(topic: str) -> None:
    assert all(form.breakdowns(squeezed(topic)) is not None for form in forms())


def test_a_breakdown_or_category_that_is_new_is_named_with_its_line() -> None:
    def change(rows: Rows) -> None:
        source = next(row for row in rows if row[10] == "Source of request")
        source[11] = "Youth justice worker"
        rows.append([*rows[1][:10], "Shoe size", "42", *rows[1][12:]])

    found = one("data/requests.csv", change)
    said = notes(found)
    assert "'Source of request' is not known" in said.replace("source of request", "Source of request")
    assert "first in line 5 ('youth justice worker')" in said
    assert "A breakdown is not known and its row not used: 1 time, first in line 12 ('shoe size')" in said
    file = found.summary.files[0]
    assert (file.n_rows, file.n_used, file.n_not_shown) == (11, 8, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [("x", "x"), ("X", "x"), ("z", "z"), ("", ""), ("  ", ""), ("no data", "x"), ("No data", "x"), ("c", "x"),
     ("low", "x"), ("60", "60"), ("60.0", "60"), ("100", "100"), ("45.5", "45.5"), ("45.5%", "45.5"), ("1,234", "1234"),
     ("12,34", None), ("1.2E+05", None), ("about 5", None), ("-3", "negative"), ("-0", "0"), ("0", "0"), ("٣", None),
     ("nan", None), ("9" * 30, None)],
)  # fmt: skip
def test_forms_of_a_value(text: str, value: str | None) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(("text", "said"), [("many", "not understood"), ("-5", "below zero")])
def test_a_value_that_cannot_be_is_not_used_and_named(text: str, said: str) -> None:
    def change(rows: Rows) -> None:
        rows[2][rows[0].index("requests_withdrawn")] = text

    found = one("data/requests.csv", change)
    assert f"A value of requests_withdrawn is {said} and not used: 1 time, first in line 3 ('{text}')." in notes(found)
    assert figure(found, "requests/withdrawn", "2025", "E12000007")["number"] == "x"  # type: ignore[index]


def test_a_percentage_over_100_is_not_used() -> None:
    def change(rows: Rows) -> None:
        rows[1][rows[0].index("request_not_assess_pc")] = "252"

    assert "request_not_assess_pc is not understood" in notes(one("data/requests.csv", change))


def test_no_data_is_not_available() -> None:
    def change(rows: Rows) -> None:
        rows[3][12:] = ["no data"] * len(rows[3][12:])

    found = one("data/requests.csv", change)
    assert figure(found, "requests/Total", "2025", "209")["number"] == "x"  # type: ignore[index]
    assert notes(found) == ""


@pytest.mark.parametrize(
    ("text", "identifier", "period"),
    [("202526", "Academic year", "2026-01"), ("199900", "", None), ("209900", "", "2100-01"), ("2025", "Calendar year", "2025"),
     ("202425", "Calendar year", "2024"), ("2026", "January", "2026-01"), ("202527", "Academic year", None),
     ("2025/26", "Academic year", None), ("", "", None)],
)  # fmt: skip
def test_periods(text: str, identifier: str, period: str | None) -> None:
    assert period_of(text, identifier) == period


def test_rows_that_cannot_be_placed_are_counted_and_named() -> None:
    def change(rows: Rows) -> None:
        first = rows[1]
        rows.append(["soon", *first[1:]])
        rows.append(["202526", "Academic year", *first[2:]])
        rows.append([*first[:2], "Local authority district", *first[3:]])
        rows.append([*first[:2], "Local authority", *first[3:]])
        rows.append(first[:-1])
        rows.append([*first[:10], "", "", *first[12:]])
        rows.append(list(first))
        rows.append([*first[:-1], "12345"])

    found = one("data/requests.csv", change)
    said = found.summary.files[0].notes
    assert [note.split(":")[0] for note in said] == [
        "A period is not understood and its row not used",
        "An area is not understood and its row not used",
        "A line has too few or too many cells and is not used",
        "A row does not say what it is broken down by and is not used",
        "A row of the same period, area and breakdown was read before with the same figures and is used once",
        "A row of the same period, area and breakdown was read before with other figures and is used once",
    ]
    assert "2 times, first in line 12 ('soon')" in said[0]
    assert "2 times, first in line 14" in said[1]


def test_an_authority_without_its_number_is_found_by_its_national_code() -> None:
    def change(rows: Rows) -> None:
        rows[3][8] = ""

    assert figure(one("data/phase_transfers.csv", change), "phase_transfers/due_in_year", "2025", "209") is not None


def test_london_of_the_needs_of_new_plans_is_the_sum_of_its_halves() -> None:
    found = one("data/sen_need_newplans.csv", lambda rows: None, files_2025())
    inner, outer = (parts(found, "new_plans", "need", "2024", code) for code in ("E13000001", "E13000002"))
    london = parts(found, "new_plans", "need", "2024", "E12000007")
    assert london["ASD"] == str(int(inner["ASD"]) + int(outer["ASD"])) == "4774"


def test_placements_before_the_break_of_other_settings_are_not_used() -> None:
    found = one("data/caseload.csv", lambda rows: None, files_2025())
    periods = {row["period"] for row in found.breakdowns if row["characteristic"] == "place_group"}
    assert periods == {"2024-01", "2025-01"}
    assert figure(found, "ehc_plans/Total", "2023-01") is not None


def test_a_breakdown_whose_parts_are_not_the_whole_is_not_used() -> None:
    def change(rows: Rows) -> None:
        rows[:] = [row for row in rows if row[11] != "Male"]

    found = one("data/caseload.csv", change)
    assert "The parts of sex in January 2026 do not add up to all of England" in notes(found)
    assert not parts(found, "caseload", "sex", "2026-01")
    assert parts(found, "caseload", "age", "2026-01")


def test_figures_known_to_be_wrong_are_corrected_and_only_while_they_are_wrong() -> None:
    found = read(files_2025())
    barnsley = figure(found, "new_plans/Total", "2022", "370")
    assert barnsley is not None
    assert barnsley["number"] == "319"
    assert barnsley["note"].startswith("Published as 6,078")
    assert found.summary.n_corrected >= 10

    def cured(rows: Rows) -> None:
        row = next(row for row in rows if row[8] == "370" and row[0] == "2022")
        row[rows[0].index("new_ehc_plans")] = "320"

    found = one("data/newplans.csv", cured, files_2025())
    assert figure(found, "new_plans/Total", "2022", "370") == {
        "series": "new_plans/Total", "period": "2022", "area": "370", "number": "320", "percent": "", "note": "",
        "release": "2025",
    }  # fmt: skip


# -- the table of appeals -----------------------------------------------------------------------------------------


def test_the_table_of_appeals_is_read_by_name() -> None:
    found = publication.read([("appeals.csv", files_2025()["supporting-files/appeals.csv"])])
    assert figure(found, "tribunal_appeals/registered", "2024")["number"] == "22276"  # type: ignore[index]
    assert figure(found, "tribunal_appeals_all_plans/rate", "2024")["percent"] == "3.2"  # type: ignore[index]
    assert figure(found, "tribunal_appeals/registered", "2014", "841")["number"] == "0"  # type: ignore[index]
    bedfordshire = figure(found, "tribunal_appeals/registered", "2024", "823")
    assert bedfordshire is not None
    assert (bedfordshire["number"], bedfordshire["note"]) == (
        "140",
        "Published with the number of another authority; read by name.",
    )
    assert figure(found, "tribunal_appeals_all_plans/rate", "2024", "823") is None
    assert figure(found, "tribunal_appeals/registered", "2020", "839")["number"] == "21"  # type: ignore[index]
    assert figure(found, "tribunal_appeals/registered", "2016", "839")["number"] == "x"  # type: ignore[index]


def test_the_table_of_appeals_of_2026() -> None:
    rows = [
        ["SEND appealable decisions rate 2024-2025"], *([[""]] * 6),
        ["", "", "2024", "", "", "2025", "", ""],
        ["", "Old LA code", *["Appeals registered", "Total Appealable Decisions", "SEND Tribunal Appeal Rate2"] * 2],
        ["NORTH EAST"],
        ["Darlington", "841", "8", "700", "1.10%", "9", "978", "0.90%"],
        ["North Northamptonshire7", "940", " - ", "1,071", "0.00%", " x ", "", ""],
        ["England", "", "22,276", "364,912", "6.10%", "26,977", "405,735", "6.60%"],
        ["1. A footnote"],
    ]  # fmt: skip
    found = publication.read([("SEND appealable decisions rate 2024-2025.csv", table(rows))])
    assert found.summary.files[0].release == 2026
    assert figure(found, "tribunal_appeals/rate", "2025")["percent"] == "6.6"  # type: ignore[index]
    assert figure(found, "tribunal_appeals/appealable_decisions", "2024", "940")["number"] == "1071"  # type: ignore[index]
    assert figure(found, "tribunal_appeals/registered", "2025", "940")["number"] == "x"  # type: ignore[index]
    assert figure(found, "tribunal_appeals/registered", "2024", "940")["number"] == "0"  # type: ignore[index]


def test_a_table_of_appeals_with_other_headings_is_named() -> None:
    text = b"Appeals registered and appealable decisions\nLA,2024\nDarlington,8\n"
    with pytest.raises(BadPublication, match="its headings are not understood"):
        publication.read([("appeals.csv", text)])


# -- other publications, and hostile files ------------------------------------------------------------------------


def test_another_publication_is_refused_in_words() -> None:
    census = table(
        [
            ["time_period", "time_identifier", "geographic_level", "old_la_code", "phase_type_grouping", "pupil_count"],
            ["202425", "Academic year", "National", "", "Total", "9000000"],
        ]
    )
    with pytest.raises(BadPublication) as caught:
        publication.read([("spc_school_characteristics.csv", census)])
    assert "none of 'Education, health and care plans'" in caught.value.message
    assert "phase_type_grouping, pupil_count" in caught.value.message
    assert "Download all data (zip)" in caught.value.hint


def test_a_stranger_among_the_files_is_named_and_the_rest_used() -> None:
    files = {
        **files_2026(),
        "data/notes.csv": b"a,b\n1,2\n",
        "data/book.xlsx": zipped({"x": b""}),
        "logo.png": b"\x89PNG\0",
    }
    found = read(files)
    why = {each.name: each.why for each in found.summary.not_used}
    assert why["data/notes.csv"] == "It is not a file of this publication. Its columns begin: a, b."
    assert "zip or Excel file within" in why["data/book.xlsx"]
    assert "bytes that are not text" in why["logo.png"]
    assert len(found.summary.files) == len(files_2026())


def test_what_operating_systems_add_is_left_out_and_names_may_be_nested() -> None:
    nested = {f"education-health-and-care-plans_2026/{name}": data for name, data in files_2026().items()}
    junk = {"__MACOSX/data/._caseload.csv": b"\0\5", ".DS_Store": b"\0", "data/._newplans.csv": b"\0"}
    found = read({**nested, **junk})
    assert found.summary.not_used == ()
    assert len(found.summary.files) == len(nested)


def test_names_that_climb_out_of_the_zip_are_only_names() -> None:
    found = read({"../../etc/caseload.csv": files_2026()["data/caseload.csv"], "C:\\data\\x\u202e.csv": b"a\n1\n"})
    assert found.summary.files[0].name == "../../etc/caseload.csv"
    assert "\u202e" not in found.summary.not_used[0].name


def refused(data: bytes, name: str = "publication.zip") -> str:
    with pytest.raises(BadPublication) as caught:
        publication.read([(name, data)])
    return caught.value.one_line()


def test_hostile_zips_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "too large" in refused(zipped({f"{n}.csv": b"" for n in range(201)}))
    whole = zipped(files_2026())
    assert "damaged or incomplete" in refused(whole[: len(whole) // 2])
    assert "damaged or incomplete" in refused(b"PK\x03\x04" + b"\0" * 40)
    assert "No published figures" in refused(zipped({}))
    assert "No published figures" in refused(b"")
    inner = zipped(files_2026())
    assert "zip or Excel file within" in refused(zipped({"inner.zip": inner}))
    monkeypatch.setattr("sen2dash.reading.unpack.MAX_BYTES", 1_000_000)
    bomb = zipped({"bomb.csv": b"0" * 5_000_000})
    assert len(bomb) < 10_000
    assert "too large" in refused(bomb)
    assert "too large" in refused(b"a,b\n" * 300_000, "long.csv")


def test_a_zip_that_lies_about_a_size_is_not_unpacked_beyond_it() -> None:
    data = zipped({"bomb.csv": b"0" * 5_000_000})
    lying = data.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert "It is damaged" in refused(lying)


def test_a_damaged_or_locked_member_is_named_and_the_rest_used() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files_2026().items():
            archive.writestr(name, data)
    damaged = bytearray(out.getvalue())
    at = damaged.index(b"requests_received_in_year")
    damaged[at : at + 4] = b"!!!!"
    found = publication.read([("publication.zip", bytes(damaged))])
    assert [(each.name, each.why[:14]) for each in found.summary.not_used] == [("data/requests.csv", "It is damaged,")]
    locked = bytearray(zipped({"a.csv": b"a\n1\n"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    assert "locked with a password" in refused(bytes(locked))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'time_period,geographic_level\n"never closed\n' + b"a,b\n" * 100, "is not closed"),
        (b"time_period," + b"a" * 200_000 + b"\n1,2\n", "longer than any"),
        (b",".join([b"a"] * 600) + b"\n1\n", "more than 500 columns"),
        (b'ehcplans,"a"b\n1,2\n', "cannot be read|not a CSV file"),
        (b"ehcplans,b\n1,2\n", "Columns are missing: geographic_level, old_la_code, time_period"),
        (b"\xff\xfe\x00", "bytes that are not text"),
        (b"a\0b", "bytes that are not text"),
        (b"ehcplans\n", "no rows"),
    ],
)
def test_files_that_are_no_table(text: bytes, said: str) -> None:
    message = refused(text, "odd.csv")
    assert any(each in message for each in said.split("|")), message


def test_other_encodings_give_the_same_figures() -> None:
    data = files_2026()["data/requests.csv"]
    plain = publication.read([("requests.csv", data)])
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        again = publication.read([("requests.csv", data.decode().encode(encoding))])
        assert again.figures == plain.figures, encoding
    crlf = publication.read([("requests.csv", data.replace(b"\n", b"\r\n"))])
    assert crlf.figures == plain.figures


def test_the_forms_point_at_what_there_is() -> None:
    """Every target of the forms is a series or category that the program has, and every kind has columns."""
    files = {row["kind"] for row in reference.read("publication_files.csv")}
    columns = reference.read("publication_columns.csv")
    assert {row["kind"] for row in columns} == files
    known = {row["series"] for row in reference.read("figures.csv")}
    for row in columns:
        if row["use"] == "category":
            characteristic, key = row["target"].split("/")
            assert key in {each.published for each in reference.characteristics()[characteristic].categories}, row
        elif row["use"]:
            series = row["target"]
            new = ("annual_reviews/", "assessments/", "plans_ceased/", "personal_budgets/", "requests/")
            assert series in known or series.startswith(new), row


def test_what_the_tests_make_has_the_columns_of_2026() -> None:
    for name, header in HEADERS.items():
        heading = next(csv.reader(io.StringIO(files_2026()[f"data/{name}"].decode())))
        assert heading[-len(header.split()) :] == header.split()
    assert keys("caseload.csv", "209")[:3] == ["202526", "Academic year", "Local authority"]
