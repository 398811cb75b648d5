"""Prior attainment: which results are read, which count, and why a child has none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.linked.attainment import DECIMAL, NEW_12, OLD_12, read_attainment, read_year
from sen2dash.reading.linked.given import files
from tests.linked.making import linked, person, sen2

UPN = "A333000100001"
#: Year groups in 2023/24 by date of birth.
BORN = {1: "2018-01-05", 2: "2017-01-05", 3: "2016-01-05", 4: "2015-01-05", 6: "2013-01-05", 7: "2012-01-05"} | {
    9: "2010-01-05",
    12: "2007-01-05",
    16: "2003-01-05",
}


def uk(day: str) -> str:
    year, month, number = day.split("-")
    return f"{number}/{month}/{year}"


def phonics(*rows: tuple[str, str, str]) -> str:
    """Year, date of birth and outcome of each row."""
    lines = [f"{year},{UPN},M,{uk(born)},{outcome}" for year, born, outcome in rows]
    return "\n".join(["Phonics_ACADYR,Phonics_UPN,Phonics_SEX,Phonics_DOB,Phonics_PHONICS_OUTCOME", *lines])


def ks1(*rows: tuple[str, str, str]) -> str:
    lines = [f"{year},{UPN},{uk(born)},M,{outcomes}" for year, born, outcomes in rows]
    return "\n".join(["ACADYR,UPN,DOB,GENDER,READ_OUTCOME,WRIT_OUTCOME,MATH_OUTCOME", *lines])


def ks2(*rows: tuple[str, str, str]) -> str:
    lines = [f"{year}\t{UPN}\t{uk(born)}\tM\t{result}\tAS\tA" for year, born, result in rows]
    return "\n".join(["\t".join(["ACADYR", "UPN", "DOB", "SEX", "RWMEXP", "READOUTCOME", "MATOUTCOME"]), *lines])


def found(folder: Path, born: str, **files: str) -> dict[str, Any]:
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return linked(sen2(person(UPN, born, "M")), attainment=paths)


def only(answer: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = answer["persons"][0]["attainment"]
    return result


def test_the_nc_year_says_which_stages_are_expected(tmp_path: Path) -> None:
    expected = {
        **{1: {"eyfsp"}, 2: {"eyfsp", "phonics"}, 3: {"ks1"}, 6: {"ks1"}, 7: {"ks2"}, 9: {"ks2"}, 12: {"ks4"}},
        **{16: {"ks4"}, 0: set()},
    }
    (tmp_path / "any.csv").write_text(phonics(), encoding="utf-8")
    people = [person(f"A{year}", BORN.get(year, "2019-01-05"), "M") for year in expected]
    answer = linked(sen2(*people), attainment=tmp_path / "any.csv")
    assert [set(each["attainment"]) for each in answer["persons"]] == list(expected.values())


@pytest.mark.parametrize(
    ("outcome", "headline", "assessed"), [("Wa", True, True), ("Wt", False, True), ("A", False, False)]
)
def test_a_result_of_phonics(outcome: str, headline: bool, assessed: bool, tmp_path: Path) -> None:
    """The child is in Year 2 of 2023/24, so the check is that of 2022/23."""
    answer = found(tmp_path, BORN[2], file=phonics(("2022/2023", BORN[2], outcome)))
    expected = {"class": "matched", "year": "2022/23", "headline": headline, "assessed": assessed}
    assert only(answer)["phonics"] == expected
    assert answer["attainment"]["files"] == [
        {"file": "file.csv", "stage": "phonics", "rows": 1, "kept": 1, "dropped": 0, "bad": 0, "other_codes": 0}
    ]


def test_of_several_the_met_check_counts_in_phonics_and_the_full_and_latest_elsewhere(tmp_path: Path) -> None:
    checks = phonics(("2022/23", BORN[2], "Wa"), ("2023/24", BORN[2], "Wt"))
    assert only(found(tmp_path, BORN[2], file=checks))["phonics"]["year"] == "2022/23"
    born = BORN[4]
    full = ks1(("2021/22", born, "EXS,GDS,EXS"), ("2022/23", born, "EXS,GDS,"), ("2019/20", born, "WTS,WTS,WTS"))
    answer = found(tmp_path, born, file=full)
    assert only(answer)["ks1"] == {"class": "matched", "year": "2021/22", "headline": True, "assessed": True}
    later = ks1(("2021/22", born, "EXS,GDS,EXS"), ("2022/23", born, "EXS,WTS,ZZ"))
    answer = found(tmp_path, born, file=later)
    assert only(answer)["ks1"]["headline"] is False
    assert answer["attainment"]["files"][0]["other_codes"] == 1


def test_a_result_fits_one_year_either_side(tmp_path: Path) -> None:
    """The children are in Year 4 of 2023/24, so key stage 1 is expected of 2021/22."""
    years = {"2019/20": False, "2020/21": True, "2022/23": True, "2023/24": False}
    upns = [f"A{place}" for place in range(len(years))]
    lines = [f"{year},{upn},{uk(BORN[4])},M,EXS,EXS,EXS" for year, upn in zip(years, upns, strict=True)]
    text = "\n".join([ks1(("2021/22", "2015-02-02", "EXS,EXS,EXS")), *lines])
    (tmp_path / "ks1.csv").write_text(text, encoding="utf-8")
    answer = linked(sen2(*(person(upn, BORN[4], "M") for upn in upns)), attainment=tmp_path / "ks1.csv")
    classes = [each["attainment"]["ks1"]["class"] for each in answer["persons"]]
    assert classes == ["matched" if fits else "unmatched" for fits in years.values()]


def test_why_there_is_no_result(tmp_path: Path) -> None:
    """Of 2023/24: Year 6 took key stage 1, and Year 9 key stage 2, in years when they were cancelled."""
    expected = {3: "unmatched", 4: "not_loaded", 6: "not_held", 9: "not_held", 7: "not_loaded"}
    (tmp_path / "ks1.csv").write_text(ks1(("2022/23", "2001-01-01", "EXS,EXS,EXS")), encoding="utf-8")
    people = [person(f"A{year}", BORN[year], "M") for year in expected]
    answer = linked(sen2(*people), attainment=tmp_path / "ks1.csv")
    classes = [each["class"] for one in answer["persons"] for each in one["attainment"].values()]
    assert classes == list(expected.values())
    for counts in answer["attainment"]["stages"]:
        assert counts["expected"] == sum(counts[name] for name in ("matched", "not_held", "not_loaded", "unmatched"))


def test_bad_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    text = ks2(("2022/23", BORN[7], "1"), ("2022-23", BORN[7], "1"), ("2022/23", "2012-13-05", "1"))
    text += f"\n2022/23\t{UPN}\t05/01/2012\tM\t1\tAS\n2022/23\tX\t05/01/2012\tM\t1\tAS\tAS\n"
    answer = found(tmp_path, BORN[7], file=text)
    assert (
        answer["attainment"]["files"][0] | {"rows": 5, "kept": 1, "dropped": 1, "bad": 3}
        == (answer["attainment"]["files"][0])
    )
    assert only(answer)["ks2"] == {"class": "matched", "year": "2022/23", "headline": True, "assessed": False}


#: The good level, E01 to E12 and G01 to G12 of a child; whether the headline is met, and whether assessed.
PROFILES: list[tuple[str, str, str, bool, bool]] = [
    ("1", "", "", True, True),
    ("0", "2" * 12, "", False, True),
    ("", "2" * 12, "", True, True),
    ("", "1" + "2" * 11, "3" * 12, False, True),
    ("", "", "3" + "2" * 11, True, True),
    ("", "", "", False, True),
    ("", "A" + "2" * 11, "", False, False),
]


def test_the_profile_is_met_by_the_good_level_or_by_twelve_components(tmp_path: Path) -> None:
    lines = [",".join(["FSP_UPN,FSP_DOB,FSP_SEX,FSP_ACADYR,FSP_GLD", *(name.upper() for name in (*NEW_12, *OLD_12))])]
    for place, (gld, new, old, _, _) in enumerate(PROFILES):
        components = [*(new or [""] * 12), *(old or [""] * 12)]
        lines.append(",".join([f"A{place}", uk(BORN[1]), "M", "2022/2023", gld, *components]))
    (tmp_path / "profile.csv").write_text("\n".join(lines), encoding="utf-8")
    people = [person(f"A{place}", BORN[1], "M") for place in range(len(PROFILES))]
    answer = linked(sen2(*people), attainment=tmp_path / "profile.csv")
    found = [each["attainment"]["eyfsp"] for each in answer["persons"]]
    assert [(each["headline"], each["assessed"]) for each in found] == [(met, held) for *_, met, held in PROFILES]


def test_key_stage_4_with_attainment_8(tmp_path: Path) -> None:
    heading = "KS4_ACADYR,KS4_UPN,KS4_DOB,KS4_SEX,KS4_ATT8,KS4_L2BASICS_94,KS4_L2BASICS_95"
    row = f"2022/2023,{UPN},{uk(BORN[12])},M,41.5,1,0"
    answer = found(tmp_path, BORN[12], file=f"{heading}\n{row}\n")
    assert only(answer)["ks4"]["headline"] is True
    assert answer["attainment"]["ks4"] == {"basics_5": 0, "attainment8_children": 1, "attainment8_mean": 41.5}


CTF = (
    "<CTfile><Header/><CTFpupilData><Pupil><UPN>{upn}</UPN><DOB>{born}</DOB><Gender>M</Gender><StageAssessments>"
    "<KeyStage><Stage>{stage}</Stage>{results}</KeyStage></StageAssessments></Pupil></CTFpupilData></CTfile>"
)


def ctf(stage: str, year: str, values: dict[str, str]) -> str:
    results = "".join(
        f"<StageAssessment><Year>{year}</Year><Component>{name}</Component><Result>{value}</Result></StageAssessment>"
        for name, value in values.items()
    )
    return CTF.format(upn=UPN, born=BORN[1], stage=stage, results=results)


def test_the_profile_of_a_common_transfer_file(tmp_path: Path) -> None:
    path = tmp_path / "transfer.xml"
    path.write_text(ctf("EYF", "2023", {f"E{place:02}": "2" for place in range(1, 18)}), encoding="utf-8")
    answer = linked(sen2(person(UPN, BORN[1], "M")), attainment=path)
    assert only(answer)["eyfsp"] == {"class": "matched", "year": "2022/23", "headline": True, "assessed": True}
    for stage, names in (("KS1", ("E01",)), ("EYF", ("E1", "E\u00b2", "E18", "G00", "X01"))):
        path.write_text(ctf(stage, "2023", dict.fromkeys(names, "2")), encoding="utf-8")
        with pytest.raises(BadLinkedFile, match=r"transfer\.xml has no result of the stage EYF"):
            read_attainment(files([path]))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ACADYR,UPN,DOB,SEX,FormMark\n", "not used yet"),
        ("a,b\n1,2\n", "no column of a headline result"),
        ("UPN,DOB,SEX,RWMEXP\n", "no column ACADYR"),
        ("ACADYR,UPN,DOB,RWMEXP\n", "no column SEX or GENDER"),
        ("ACADYR,UPN,DOB,SEX,READ_OUTCOME,WRIT_OUTCOME\n", "no column MATH_OUTCOME"),
        ("<Message/>", "another kind of XML"),
        ("", "no column of a headline result"),
    ],
)
def test_other_files_are_refused_by_name(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadLinkedFile) as error:
        read_attainment(files([path]))
    assert "odd.csv" in str(error.value)
    assert says in str(error.value)


def test_a_zip_of_files_and_a_heading_alone(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("b.csv", ks1())
        packed.writestr("a.csv", phonics(("2022/23", BORN[2], "Wa")))
    path = tmp_path / "all.zip"
    path.write_bytes(held.getvalue())
    answer = linked(sen2(person(UPN, BORN[2], "M")), attainment=path)
    assert [(each["file"], each["rows"]) for each in answer["attainment"]["files"]] == [("a.csv", 1), ("b.csv", 0)]


@pytest.mark.parametrize(
    ("text", "begins"),
    [("2023/2024", 2023), ("2023/24", 2023), ("1999/00", 1999), ("2023/25", None), ("2023-24", None), ("2024", None)],
)
def test_academic_years(text: str, begins: int | None) -> None:
    assert read_year(text) == begins


def test_decimals() -> None:
    numbers = ("41.5", ".5", "41.", "+3", "-0.5", "41")
    assert all(map(DECIMAL.fullmatch, numbers))
    assert not any(map(DECIMAL.fullmatch, ("", ".", "+", "1e3", "4 1", "1.2.3", "nan", "\u0663")))
    assert [float(text) for text in numbers] == [41.5, 0.5, 41, 3, -0.5, 41]
