"""What the results of prior attainment say on the page: each result, the Year 2 repeat, other years, and the bases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sen2dash.analysis import linked_attainment, linked_attainment_rows
from sen2dash.analysis.cohort_charts import DrawnChart
from sen2dash.analysis.linked_cards import Card
from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.linked.matching import LinkedFigures
from sen2dash.reading.linked.attainment import NEW_12
from tests.linked.making import linked, log_of, matched, person, sen2
from tests.linked.test_attainment import BORN, UPN, ks1, ks2, phonics, uk

Cards = dict[str, Card]


@contextmanager
def cards(
    folder: Path, born: list[str], stage: str, files: dict[str, str], is_sharing: bool = False
) -> Iterator[tuple[Cards, Report, LinkedFigures]]:
    """The cards of a stage. born: of people with the UPN A0, A1 and so on; the first has the UPN of the files too."""
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    people = [person(UPN if not place else f"A{place}", day, "M") for place, day in enumerate(born)]
    with matched(sen2(*people), None, {"attainment": paths}) as (report, found):
        assert found.attainment is not None
        selection = figures.select(report, is_sharing=is_sharing)
        made = linked_attainment.cards(report, selection, found, found.attainment, stage, [])
        yield {card.key: card for card in made}, report, found


def rows_of(drawn: DrawnChart) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in drawn.chart.rows]


def ks1_of(*outcomes: str) -> str:
    """A result of key stage 1 of 2022/23, of Year 3 of 2023/24, for each child A0, A1 and so on."""
    lines = [
        f"2022/23,{UPN if not place else f'A{place}'},{uk(BORN[3])},M,{each}" for place, each in enumerate(outcomes)
    ]
    return "\n".join([ks1(), *lines])


def test_each_result_is_a_part_of_a_stacked_bar_in_the_order_of_the_scale(tmp_path: Path) -> None:
    outcomes = ("PK3,L,A", "EXS,GDS,EXS", "D,L,ZZ", "PK1,WTS,", "Q,WTS,BLW")
    with cards(tmp_path, [BORN[3]] * 5, "ks1", {"file": ks1_of(*outcomes)}) as (made, _, _):
        card = made["outcomes_ks1"]
        chart = card.draw("all", "").chart
        parts = [name.partition(" (")[0] for name in chart.columns[1:]]
        assert parts == [
            *("Greater depth", "Expected standard", "Working towards", "Pre-key-stage", "Absent", "Not entered"),
            *("Left", "Maladministration", "Older scale", "Other code", "Not given"),
        ]
        shown = {row[0]: dict(zip(parts, row[1:], strict=True)) for row in chart.rows}
        assert list(shown) == ["Reading (of 5)", "Writing (of 5)", "Mathematics (of 5)"]
        assert shown["Reading (of 5)"]["Pre-key-stage"] == "2 (40.0%)"
        assert shown["Writing (of 5)"]["Left"] == "2 (40.0%)"
        assert {shown["Mathematics (of 5)"][part] for part in ("Absent", "Other code", "Not given")} == {"1 (20.0%)"}
        assert ("reading/PK", "Reading (of 5): Pre-key-stage (PK1 to PK6)") in chart.choices
        found = card.find("all", "reading/PK")
        assert found.title == "Key stage 1, Reading: Pre-key-stage (PK1 to PK6)"
        assert found.rows["linked_result"].to_pylist() == [
            "Reading PK3, writing L, mathematics A",
            "Reading PK1, writing WTS, mathematics not given",
        ]
        assert "All: 1 person with a result who was assessed." not in chart.subtitle
        assessed = card.draw("assessed", "").chart
        assert assessed.subtitle.startswith("Number and share of people who were assessed.")
        assert assessed.subtitle.endswith("All: 2 people with a result who were assessed.")
        assert assessed.rows[0][0] == "Reading (of 2)"


def test_the_lists_have_the_result_and_its_year(tmp_path: Path) -> None:
    with cards(tmp_path, [BORN[3]], "ks1", {"file": ks1_of("EXS,GDS,WTS")}) as (made, _, _):
        for key, part in (("classes_ks1", "matched"), ("results_ks1", "not_met"), ("stages_matched", "ks1")):
            found = made[key].find("all", part)
            assert list(found.extra)[-4:] == ["NC year", "Result", "Year of the result", "Result expected in"]
            (row,) = found.rows.to_pylist()
            assert (row["linked_when"], row["linked_expected"]) == ("2022/23", "2022/23")
            assert row["linked_result"] == "Reading EXS, writing GDS, mathematics WTS"
    with cards(tmp_path, [BORN[3]], "ks1", {"file": ks1()}) as (made, _, _):
        (row,) = made["classes_ks1"].find("", "not_loaded").rows.to_pylist()
        assert (row["linked_when"], row["linked_result"]) == (None, "")


def test_phonics_met_and_met_in_year_2_are_apart(tmp_path: Path) -> None:
    """The children are in Year 2 of 2023/24: the check is that of 2022/23, and its repeat that of 2023/24."""
    upns = (UPN, "A1", "A2")
    years = {UPN: ("Wa", ""), "A1": ("Wt", "Wa"), "A2": ("Wt", "D")}
    lines = [
        f"{year},{upn},M,{uk(BORN[2])},{outcome}"
        for upn in upns
        for year, outcome in zip(("2022/23", "2023/24"), years[upn], strict=True)
        if outcome
    ]
    text = "\n".join([phonics(), *lines])
    with cards(tmp_path, [BORN[2]] * 3, "phonics", {"file": text}) as (made, _, _):
        assert rows_of(made["results_phonics"].draw("all", "")) == [
            ("Met the standard", "1 (33.3%)"),
            ("Met in Year 2", "1 (33.3%)"),
            ("Did not meet it", "1 (33.3%)"),
        ]
        chart = made["outcomes_phonics"].draw("all", "").chart
        assert chart.columns[1:] == ("Met (Wa)", "Met in Year 2 (Wa)", "Not entered (D)")
        found = made["results_phonics"].find("all", "again")
        assert found.rows["upn"].to_pylist() == ["A1"]
        assert found.rows["linked_result"].to_pylist() == ["Met in Year 2 (Wa)"]
        assert made["stages_met"].find("", "phonics").rows["upn"].to_pylist() == [UPN, "A1"]


def test_results_of_another_year_are_listed_and_do_not_count(tmp_path: Path) -> None:
    """The child is in Year 4 of 2023/24, so key stage 1 is expected of 2021/22; 2018/19 does not fit."""
    born = BORN[4]
    text = ks1(("2018/19", born, "EXS,EXS,EXS"), ("2018/19", born, "EXS,EXS,GDS"), ("2020/21", born, "WTS,WTS,WTS"))
    path = tmp_path / "again.csv"
    path.write_text(text, encoding="utf-8")
    answer = linked(sen2(person(UPN, born, "M")), attainment=path)
    assert answer["attainment"]["files"][0]["kept"] == 3
    assert answer["persons"][0]["attainment"]["ks1"]["year"] == "2020/21"
    with cards(tmp_path, [born], "ks1", {"file": text}) as (made, _, _):
        drawn = made["other_year_ks1"].draw("", "")
        assert rows_of(drawn) == [("2018/19", "1 (100.0%)")]
        assert drawn.chart.subtitle.endswith("All: 1 result.")
        assert "do not count" in drawn.notes[0]
        (row,) = made["other_year_ks1"].find("", "2018/19").rows.to_pylist()
        assert (row["linked_expected"], row["linked_when"]) == ("2021/22", "2018/19")
        assert row["linked_result"] == "Reading EXS, writing EXS, mathematics GDS", "that read last"
        assert rows_of(made["classes_ks1"].draw("", "")) == [("Has a result", "1 (100.0%)")]
    with cards(tmp_path, [born], "ks1", {"file": ks1(("2018/19", born, "EXS,EXS,EXS"))}) as (made, _, _):
        assert rows_of(made["classes_ks1"].draw("", "")) == [("File of that year not added", "1 (100.0%)")]
        assert rows_of(made["other_year_ks1"].draw("", "")) == [("2018/19", "1 (100.0%)")]
    with cards(tmp_path, [born], "ks1", {"file": ks1(("2021/22", born, "EXS,EXS,EXS"))}) as (made, _, _):
        assert made["other_year_ks1"].is_only_if_any and not made["other_year_ks1"].draw("", "").chart.rows


def test_only_assessed_leaves_out_who_was_absent_even_if_the_standard_is_met(tmp_path: Path) -> None:
    heading = "ACADYR,UPN,DOB,SEX,RWMEXP,READOUTCOME,MATOUTCOME,WRITTAOUTCOME"
    text = f"{heading}\n2022/23,{UPN},{uk(BORN[7])},M,1,A,AS,EXS\n"
    (tmp_path / "again.csv").write_text(text, encoding="utf-8")
    answer = linked(sen2(person(UPN, BORN[7], "M")), attainment=tmp_path / "again.csv")
    (stage,) = [each for each in answer["attainment"]["stages"] if each["stage"] == "ks2"]
    assert (stage["headline"], stage["assessed"]) == (1, 0)
    with cards(tmp_path, [BORN[7]], "ks2", {"file": text}) as (made, _, _):
        card = made["results_ks2"]
        assert rows_of(card.draw("all", "")) == [("Met the standard", "1 (100.0%)")]
        assessed = card.draw("assessed", "").chart
        assert not assessed.rows
        assert assessed.subtitle == (
            "Number and share of people who were assessed. All: 0 people with a result who were assessed."
        )
        (row,) = card.find("all", "met").rows.to_pylist()
        assert row["linked_result"] == "Met: reading A, mathematics AS, writing EXS"
        chart = made["outcomes_ks2"].draw("all", "").chart
        assert [name.partition(" (")[0] for name in chart.columns[1:]] == [
            *("Met the standard", "Standard achieved", "Expected standard", "Absent"),
        ]
        one, none = "1 (100.0%)", "0 (0.0%)"
        assert chart.rows == (
            ("Reading, writing and mathematics (of 1)", one, "", "", ""),
            ("Reading (of 1)", "", none, "", one),
            ("Mathematics (of 1)", "", one, "", none),
            ("Writing (of 1)", "", "", one, none),
        ), "what a subject cannot have is blank"


def test_bars_of_all_stages_name_their_own_base(tmp_path: Path) -> None:
    """A child in Year 2 is in two groups."""
    text = phonics(("2022/23", BORN[2], "Wa"))
    with cards(tmp_path, [BORN[2]], "phonics", {"file": text}) as (made, _, _):
        chart = made["stages_matched"].draw("", "").chart
        assert chart.subtitle.endswith("All: 2 expected results of 1 person.")
        assert [row[0] for row in chart.rows] == ["Phonics screening check (of 1)"]
        chart = made["stages_met"].draw("", "").chart
        assert chart.subtitle.endswith("All: 1 result of 1 person.")


def test_every_card_names_its_files_their_years_and_the_day_of_nc_years(tmp_path: Path) -> None:
    files = {
        "checks": phonics(("2022/23", BORN[2], "Wa"), ("2021/22", "2001-01-01", "Wt"), ("2020/21", BORN[2], "Wt")),
        "ks2": ks2(("2018/19", BORN[7], "1"), ("2022/23", BORN[7], "1")),
        "none": ks1(),
    }
    with cards(tmp_path, [BORN[2]], "phonics", files) as (made, _, found):
        ages = "Ages and NC years are those of 31 August 2023, NC years from the date of birth."
        assert made["results_phonics"].sources == ("Files: checks.csv (2020/21 to 2022/23).", ages)
        every = "Files: checks.csv (2020/21 to 2022/23); ks2.csv (2018/19, 2022/23); none.csv (no results)."
        assert made["stages_met"].sources == (every, ages)
        assert made["stages_met"].draw("", "").notes == (every,)
        assert found.attainment is not None
        assert linked_attainment_rows.files_text(found.attainment, "ks4") == "no file of this stage"


def test_a_profile_says_its_level_and_its_goals(tmp_path: Path) -> None:
    heading = ",".join(["FSP_UPN,FSP_DOB,FSP_SEX,FSP_ACADYR,FSP_GLD", *(name.upper() for name in NEW_12)])
    row = ",".join([UPN, uk(BORN[1]), "M", "2022/2023", "0", *"222222222211"])
    with cards(tmp_path, [BORN[1]], "eyfsp", {"file": f"{heading}\n{row}\n"}) as (made, _, _):
        chart = made["outcomes_eyfsp"].draw("all", "").chart
        assert chart.columns[1:] == ("Did not meet it", "Emerging (1)", "Expected (2)")
        assert [row[0] for row in chart.rows][:2] == [
            "Good level of development (of 1)",
            "Listening, attention and understanding (of 1)",
        ]
        assert len(chart.rows) == 13, "nothing of the older profile"
        (row,) = made["results_eyfsp"].find("all", "not_met").rows.to_pylist()
        assert row["linked_result"] == "No good level: 2 emerging, 10 expected"


@pytest.mark.parametrize(
    ("row", "part", "words"),
    [
        ("41.5,1,1", "Grade 5 or above", "Grade 5 or above, Attainment 8 41.5"),
        ("30,1,0", "Grade 4", "Grade 4, Attainment 8 30.0"),
        ("NE,0,0", "Below grade 4", "Below grade 4"),
        (",,", "Not given", "Not given"),
        (",X,", "Other code", "Other code"),
    ],
)
def test_grades_of_key_stage_4_are_parts(row: str, part: str, words: str, tmp_path: Path) -> None:
    heading = "KS4_ACADYR,KS4_UPN,KS4_DOB,KS4_SEX,KS4_ATT8,KS4_L2BASICS_94,KS4_L2BASICS_95"
    text = f"{heading}\n2022/2023,{UPN},{uk(BORN[12])},M,{row}\n"
    with cards(tmp_path, [BORN[12]], "ks4", {"file": text}) as (made, _, _):
        chart = made["outcomes_ks4"].draw("all", "").chart
        assert (chart.columns[1:], chart.rows[0][1]) == ((part,), "1 (100.0%)")
        key = chart.choices[0][0]
        assert made["outcomes_ks4"].find("all", key).rows["linked_result"].to_pylist() == [words]


def test_results_of_few_children_are_not_shown_for_sharing(tmp_path: Path) -> None:
    """20 children of whom 3 are absent, and one of whom has a result of another year."""
    outcomes = [*["EXS,EXS,EXS"] * 17, *["A,A,A"] * 3]
    other = f"2010/11,{UPN},{uk(BORN[3])},M,EXS,EXS,EXS"
    text = "\n".join([ks1_of(*outcomes), other])
    with cards(tmp_path, [BORN[3]] * 20, "ks1", {"file": text}, True) as (made, _, _):
        for choice in ("all", "assessed"):
            chart = made["outcomes_ks1"].draw(choice, "").chart
            assert chart.columns[1:] == ("Expected standard (EXS)",)
            assert {choice[0].partition("/")[2] for choice in chart.choices} == {"EXS"}
            of = {"all": "20", "assessed": "15"}[choice]
            assert chart.rows[0][0] == f"Reading (of {of})"
        drawn = made["other_year_ks1"].draw("", "")
        assert not drawn.chart.rows and drawn.chart.subtitle.endswith("All: c results.")


@pytest.mark.parametrize(("sex", "gender"), [("M", ""), ("", "M"), (" ", "m"), ("M", "F")])
def test_of_sex_and_gender_the_first_with_a_value_counts(sex: str, gender: str, tmp_path: Path) -> None:
    """The file of key stage 1 has both, and either may be empty."""
    heading = "ACADYR,UPN,DOB,GENDER,SEX,READ_OUTCOME,WRIT_OUTCOME,MATH_OUTCOME"
    path = tmp_path / "ks1.csv"
    path.write_text(f"{heading}\n2022/23,{UPN},{uk(BORN[3])},{gender},{sex},EXS,EXS,EXS\n", encoding="utf-8")
    answer = linked(sen2(person(UPN, BORN[3], "M")), attainment=path)
    assert answer["persons"][0]["attainment"]["ks1"]["class"] == "matched"


def test_other_codes_are_in_the_log_without_their_values(tmp_path: Path) -> None:
    born = BORN[4]
    path = tmp_path / "ks1.csv"
    path.write_text(ks1(("2021/22", born, "EXS,Lane,Sam"), ("2021-22", born, "EXS,EXS,EXS")), encoding="utf-8")
    log = log_of(sen2(person(UPN, born, "M")), attainment=path)
    assert log == (
        "ks1.csv: 1 row cannot be used, and is left out.",
        "ks1.csv: 2 codes are not in the list of their column (READ_OUTCOME, WRIT_OUTCOME, MATH_OUTCOME). "
        "They are kept, and none of them counts as met.",
    )
    path.write_text(phonics(("2022/23", BORN[2], "ZZ")), encoding="utf-8")
    assert log_of(sen2(person(UPN, BORN[2], "M")), attainment=path) == (
        "ks1.csv: 1 code is not in the list of its column (PHONICS_PHONICS_OUTCOME). It is kept, and does not count "
        "as met.",
    )


#: Return year, date of birth and stage of the worked examples of the specification, in which results are not held.
NOT_HELD = [
    (2025, "2017-01-05", "ks1", "3 of 2024/25: there has been no key stage 1 since 2023"),
    (2026, "2018-01-05", "ks1", "3 of 2025/26"),
    (2026, "2017-01-05", "ks1", "4 of 2025/26"),
    (2024, "2010-01-05", "ks2", "9 of 2023/24: key stage 2 of 2021 was cancelled"),
    (2024, "2009-01-05", "ks2", "10 of 2023/24: that of 2020 too"),
]


@pytest.mark.parametrize(("year", "born", "stage", "why"), NOT_HELD)
def test_what_is_not_held_nationally_is_never_called_unmatched(
    year: int, born: str, stage: str, why: str, tmp_path: Path
) -> None:
    """Not even where the file has a result of that year of another child."""
    begins = {"2025 ks1": 2023, "2026 ks1": 2024, "2024 ks2": 2020}[f"{year} {stage}"]
    years = [f"{begin}/{(begin + 1) % 100:02}" for begin in range(begins - 2, begins + 2)]
    rows = [(each, "2001-01-01", "EXS,EXS,EXS" if stage == "ks1" else "1") for each in years]
    (tmp_path / "file.csv").write_text((ks1 if stage == "ks1" else ks2)(*rows), encoding="utf-8")
    answer = linked(sen2(person(UPN, born, "M"), year=year), attainment=tmp_path / "file.csv")
    assert answer["persons"][0]["nc_year"] == why.split(maxsplit=1)[0]
    assert answer["persons"][0]["attainment"][stage]["class"] == "not_held", why
    (counts,) = [each for each in answer["attainment"]["stages"] if each["stage"] == stage]
    assert (counts["expected"], counts["not_held"], counts["unmatched"]) == (1, 1, 0)
