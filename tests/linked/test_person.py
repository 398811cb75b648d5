"""What linked files say of one person: enrolments, results by stage, and the inspection of the placement."""

from __future__ import annotations

from pathlib import Path

from sen2dash.analysis import person_linked
from sen2dash.analysis.person_linked import Part
from sen2dash.checks.masking import HIDDEN
from sen2dash.linked.matching import link_readings, read_given
from sen2dash.reading.linked.given import files
from tests.linked.making import Census, accepted_of, matched, person, register, sen2
from tests.linked.test_attainment import BORN, UPN, ks1, phonics, uk
from tests.linked.test_inspections import GRADE, GRADED, SCHOOLS, table


def of(folder: Path, *persons: str, number: int = 1, hide: bool = False, known: bytes | None = None) -> dict[str, Part]:
    """What the files in the folders census, attainment and inspections say of a person."""
    paths = {kind: folder / kind for kind in ("census", "attainment", "inspections") if (folder / kind).exists()}
    with matched(sen2(*persons), known, paths) as (report, figures):
        return {part.title: part for part in person_linked.parts(report, figures, number, hide)}


def written(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_enrolments_with_their_dates_and_boarding(tmp_path: Path) -> None:
    census = Census()
    autumn, spring = census.school("AUT", 2023, "1002", urn=""), census.school()
    census.pupil(autumn, False, entrydate="2020-09-01", leavingdate="2023-10-20", ncyearleaving="5", boarder="N")
    census.pupil(spring, entrydate="2023-11-06", boarder="6")
    census.pupil(spring, upn="A9", forename="Other")
    census.pupil(census.school("SUM"), entrydate="2023-11-06", boarder="ZZ")
    census.write(tmp_path / "census")
    known = register(("101001", "", "333", "1", "", ""))
    part = of(tmp_path, person(), person(upn="B1"), known=known)["School census"]
    assert part.sentences == ("Matched exactly.", "NC year on 31 August 2023: Year 5, from the school census.")
    summer, *others = part.rows
    assert (summer["Census"], summer["Boarder"]) == ("Summer 2024", "ZZ"), "the newest first, other codes as they are"
    assert others == [
        {
            "Census": "Spring 2024",
            "School": "School 101001 (LAEstab 3331001)",
            "On roll": "Yes",
            "NC year": "Year 5",
            "Entry date": "06/11/2023",
            "Leaving date": "",
            "Boarder": "Boards, six nights or fewer",
        },
        {
            "Census": "Autumn 2023",
            "School": "LAEstab 3331002",
            "On roll": "No",
            "NC year": "Year 5",
            "Entry date": "01/09/2020",
            "Leaving date": "20/10/2023",
            "Boarder": "Does not board",
        },
    ]


def test_without_a_match_there_is_the_reason_and_an_nc_year_that_hidden_names_hide(tmp_path: Path) -> None:
    Census().write(tmp_path / "census")
    for hide, year in ((False, "Year 5"), (True, HIDDEN)):
        part = of(tmp_path, person(upn=None), hide=hide)["School census"]
        assert part.sentences == ("No match: no UPN.", f"NC year on 31 August 2023: {year}, from the date of birth.")
        assert not part.rows


def test_a_near_match_has_its_enrolments_once_it_is_accepted(tmp_path: Path) -> None:
    census = Census()
    census.pupil(census.school(), sex="F", entrydate="2022-09-05")
    census.write(tmp_path / "census")
    readings = read_given({"census": files([tmp_path / "census"])})
    with matched(sen2(person()), None, {"census": tmp_path / "census"}) as (report, figures):
        (part,) = person_linked.parts(report, figures, 1, False)
        assert part.sentences[0] == "No match: near match only." and not part.rows
        assert figures.census is not None
        accepted = accepted_of(figures, figures.census.near.to_pylist()[0])
        again = link_readings(report, readings, [accepted])
        (part,) = person_linked.parts(report, again, 1, False)
        again.close()
    assert part.sentences[0] == "Matched by a near match that you accepted."
    assert [row["Entry date"] for row in part.rows] == ["05/09/2022"]


def test_results_by_stage_with_those_of_another_year(tmp_path: Path) -> None:
    born = BORN[4]
    text = ks1(("2018/19", born, "EXS,EXS,EXS"), ("2021/22", born, "WTS,PK2,A"))
    written(tmp_path / "attainment", "ks1.csv", f"{text}\n2021/22,B1,{uk(born)},M,EXS,EXS,EXS")
    written(tmp_path / "attainment", "phonics.csv", phonics())
    part = of(tmp_path, person(UPN, born), person("B1", born))["Prior attainment"]
    assert part.sentences == (
        "Files: ks1.csv (2018/19, 2021/22); phonics.csv (no results).",
        "Ages and NC years are those of 31 August 2023, NC years from the date of birth.",
    )
    assert part.rows == (
        {
            "Stage": "Key stage 1",
            "What there is": "Has a result",
            "Result": "Reading WTS, writing PK2, mathematics A",
            "Year of the result": "2021/22",
            "Result expected in": "2021/22",
        },
        {
            "Stage": "Key stage 1",
            "What there is": "Of another year: does not count",
            "Result": "Reading EXS, writing EXS, mathematics EXS",
            "Year of the result": "2018/19",
            "Result expected in": "2021/22",
        },
    )
    part = of(tmp_path, person(UPN, "2021-01-05"))["Prior attainment"]
    assert part.sentences[-1] == "No result is expected by NC year." and not part.rows
    (row,) = of(tmp_path, person(UPN, BORN[6]))["Prior attainment"].rows
    assert (row["What there is"], row["Result"]) == ("Not held nationally", "")


def test_the_inspection_of_the_placement_with_its_source(tmp_path: Path) -> None:
    line = {"URN": "100001", GRADE: "2", GRADED: "01/02/2023", SCHOOLS[-1]: "SM"}
    written(tmp_path / "inspections", "schools as at 31 December 2023.csv", table(SCHOOLS, line))
    own = person(plan=True, placements=[{"EntryDate": "2020-01-01", "URN": "100001"}])
    known = register(("100001", "", "333", "1", "", ""))
    part = of(tmp_path, own, person(upn="B1"), known=known)["Inspection outcomes"]
    (row,) = part.rows
    assert (row["Place"], row["Outcome"]) == ("School 100001 (URN 100001)", "Older grade: Good")
    assert (row["Inspected"], row["Category of concern"]) == ("01/02/2023", "Special measures")
    assert part.sentences[0].startswith("Source: schools as at 31 December 2023.csv, as at 31 December 2023. Ofsted")
    part = of(tmp_path, own, person(upn="B1"), number=2)["Inspection outcomes"]
    assert not part.rows and part.sentences[0] == "No plan with a current placement on census day."
