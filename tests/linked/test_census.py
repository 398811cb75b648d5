"""The match with a school census, what describes a child, and how the two returns disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sen2dash.output.linked_answers import KINDS
from tests.linked.making import Census, linked, person, register, sen2

Row = dict[str, Any]
UPN, OTHER = "A333000100001", "B333000100002"


def apart(place: int, items: Row) -> Row:
    """The same with keys of its own, so that many cases are in one return without meeting each other."""
    changed = dict(items)
    for name in ("upn", "formerupn", "surname", "forename", "uln", "uniquelearnernumber"):
        if changed.get(name) and changed[name] != "9999999999":
            changed[name] = f"{changed[name].rstrip()}{place:02} "
    return changed


def together(
    folder: Path,
    cases: list[tuple[Row, Row | None]],
    fill: Callable[[Census, int, int], object] = lambda *_: None,
    known: bytes | None = None,
) -> dict[str, Any]:
    """The answer about cases, each a person and a pupil row of one school. fill: given the key of the row and its place."""
    census = Census()
    school, people = census.school(), []
    for place, (own, row) in enumerate(cases):
        people.append(person(**apart(place, {"upn": UPN, "surname": "Lane", "forename": "Sam", **own})))
        if row is not None:
            fill(census, census.pupil(school, **apart(place, {"upn": UPN, **row})), place)
    return linked(sen2(*people), known, census=census.write(folder / "census"))


def one(folder: Path, own: str, fill: Callable[[Census, int], object], **more: Any) -> dict[str, Any]:
    """The answer about one person and a spring census of one school, filled by the test."""
    census = Census()
    fill(census, census.school())
    return linked(sen2(own, **more), census=census.write(folder / "census"))


STEPS: list[tuple[Row, Row, str]] = [
    ({}, {}, "exact"),
    ({}, {"upn": " a3330 00100001 "}, "exact"),
    ({}, {"dob": "2014-Mar-05 00:00:00"}, "exact"),
    ({}, {"dob": "05/03/2014"}, "exact"),
    *(({}, {"dob": f"2014-03-05{time}"}, "exact") for time in (" 12:00:00 AM", "T24:00:00", " 23:59:60.0Z")),
    ({}, {"dob": "5/3/2014"}, "near_dob"),
    ({}, {"sex": "Male"}, "exact"),
    ({}, {"sex": "1"}, "exact"),
    ({}, {"sex": "2"}, "near_sex"),
    ({}, {"sex": "U"}, "near_sex"),
    ({}, {"sex": None}, "near_sex"),
    ({"sex": "U"}, {"sex": "U"}, "near_sex"),
    ({"sex": None}, {}, "near_sex"),
    ({}, {"dob": "2014-03-06"}, "near_dob"),
    ({}, {"dob": None}, "near_dob"),
    ({"dob": None}, {}, "near_dob"),
    ({"dob": None}, {"dob": None}, "near_dob"),
    ({"dob": None}, {"dob": "soon"}, "near_dob"),
    ({}, {"dob": "2014-03-06", "sex": "F"}, "none"),
    ({}, {"upn": OTHER}, "none"),
    ({}, {"upn": OTHER, "formerupn": UPN}, "near_upn"),
    ({}, {"upn": OTHER, "formerupn": UPN, "sex": "F"}, "near_upn"),
    ({}, {"upn": OTHER, "formerupn": UPN, "dob": "2014-03-06"}, "none"),
    ({"uln": "1234567890"}, {"upn": OTHER, "uniquelearnernumber": "1234567890"}, "near_uln"),
    ({"uln": "9999999999"}, {"upn": OTHER, "uniquelearnernumber": "9999999999"}, "none"),
    ({}, {"upn": OTHER, "surname": "LANE", "forename": "Sám"}, "near_name"),
    ({"surname": "Łane"}, {"upn": OTHER, "surname": "Lane", "forename": "Sam"}, "none"),
    ({}, {"upn": OTHER, "surname": "Lane", "forename": None}, "none"),
    ({}, {"upn": None, "surname": "L'ane", "forename": "S a-m"}, "near_name"),
]


def test_each_step_of_the_match(tmp_path: Path) -> None:
    answer = together(tmp_path, [(own, row) for own, row, _ in STEPS])
    found = [each["match"] for each in answer["persons"]]
    assert list(zip(STEPS, found, strict=True)) == [(case, case[2]) for case in STEPS]
    exact, none = found.count("exact"), found.count("none")
    counts = {name: answer["census"][name] for name in ("exact", "near", "dropped")}
    assert counts == {"exact": exact, "near": len(STEPS) - exact - none, "dropped": none}


def test_a_upn_of_two_persons_matches_nobody(tmp_path: Path) -> None:
    census = Census()
    census.pupil(census.school())
    answer = linked(
        sen2(person(), person(upn="a333000100001 ", dob="2012-01-01")), census=census.write(tmp_path / "census")
    )
    assert [each["match"] for each in answer["persons"]] == ["upn_shared", "upn_shared"]
    assert answer["census"]["unmatched"] == {"upn_shared": 2}


def test_a_name_must_belong_to_one_person_and_to_rows_of_one_upn(tmp_path: Path) -> None:
    names: dict[str, Any] = {"surname": "Lane", "forename": "Sam"}

    cases: list[tuple[tuple[str, ...], tuple[str | None, ...], str]] = [
        (("A",), (OTHER, OTHER), "near_name"),
        (("A",), (OTHER, None), "none"),
        (("A", "B"), (OTHER,), "none"),
    ]
    census, people = Census(), []
    school = census.school()
    for place, (persons, upns, _) in enumerate(cases):
        born = f"2014-03-0{place + 1}"
        people += [person(f"{upn}{place}", born) for upn in persons]
        for upn in upns:
            census.pupil(school, upn=upn and f"{upn}{place}", dob=born, sex="F", **names)
    answer = linked(sen2(*people), census=census.write(tmp_path / "c"))
    assert [each["match"] for each in answer["persons"]] == [match for persons, _, match in cases for _ in persons]


def test_rows_of_an_exact_match_are_nobody_elses_candidate(tmp_path: Path) -> None:
    census = Census()
    census.pupil(census.school(), formerupn=OTHER, surname="Lane", forename="Sam")
    answer = linked(sen2(person(), person(upn=OTHER, forename="Tim")), census=census.write(tmp_path / "c"))
    assert [each["match"] for each in answer["persons"]] == ["exact", "none"]


def test_equal_rows_are_one_enrolment_and_what_is_beneath_the_others_is_not_used(tmp_path: Path) -> None:
    def fill(census: Census, school: int) -> None:
        for sessions in (5, 7):
            row = census.pupil(school)
            census.add("termlysessiondetailsonroll", row, attendancereason="I", sessions=sessions)
        census.pupil(school, entrydate="2020-09-01")

    answer = one(tmp_path, person(), fill)
    counts = {name: answer["census"][name] for name in ("rows", "exact", "repeated", "dropped")}
    assert counts == {"rows": 3, "exact": 2, "repeated": 1, "dropped": 0}
    assert answer["persons"][0]["absence"] == {"2023/24": {"possible": 200, "authorised": 5, "unauthorised": 0}}


def test_a_repeated_row_is_nobodys_candidate(tmp_path: Path) -> None:
    """Its former UPN would make it near. A later step is taken without it."""

    def fill(census: Census, school: int) -> None:
        census.pupil(school, upn=OTHER)
        census.pupil(school, upn=OTHER, formerupn=UPN, surname="Lane", forename="Sam")
        census.pupil(school, upn="Z1", surname="Lane", forename="Sam")
        census.pupil(school, upn="Z2", surname="Lane", forename="Tim")

    answer = one(tmp_path, person(), fill)
    counts = {name: answer["census"][name] for name in ("near", "repeated", "dropped")}
    assert counts == {"near": 1, "repeated": 1, "dropped": 2}
    assert answer["persons"][0]["candidates"] == [{"upn": "Z1", "dob": "2014-03-05", "sex": "M"}]


#: Two returns of one school and term, and the NC year of the one that counts: 6 in the first, 7 in the second.
TWICE: list[tuple[Row, Row, str]] = [
    ({"serialno": 2}, {"serialno": 10}, "7"),
    ({"serialno": 2}, {"serialno": 1}, "6"),
    ({"serialno": "010.0"}, {"serialno": 9}, "6"),
    ({"serialno": 20240118103000}, {"serialno": 20240118102959}, "6"),
    ({"serialno": "9" * 30}, {"serialno": 9}, "6"),
    ({"serialno": "x"}, {"serialno": 0, "datetime": "2024-02-01T10:00:00"}, "7"),
    ({"serialno": None, "datetime": "2024-02-01T10:00:00"}, {"serialno": "00"}, "6"),
    ({"datetime": "2024-02-01T10:00:00"}, {"datetime": "2024-02-01T09:00:00"}, "6"),
    ({"datetime": "2024-02-01 09:00:00 PM"}, {"datetime": "2024-02-01 10:00:00 AM"}, "6"),
    ({"datetime": "2024-02-01T24:00:00"}, {"datetime": "2024-02-01T23:59:59"}, "6"),
    ({}, {}, "7"),
]


def test_one_school_and_term_twice(tmp_path: Path) -> None:
    census = Census()
    for place, (first, second, _) in enumerate(TWICE):
        for items, year in ((first, "6"), (second, "7")):
            census.pupil(census.school(estab=f"20{place:02}", **items), upn=f"A{place}", ncyearactual=year)
    people = [person(f"A{place}") for place in range(len(TWICE))]
    answer = linked(sen2(*people), census=census.write(tmp_path / "c"))
    found = [each["nc_year"] for each in answer["persons"]]
    assert list(zip(TWICE, found, strict=True)) == [(case, case[2]) for case in TWICE]
    assert {answer["census"][name] for name in ("returns", "superseded", "rows")} == {len(TWICE)}


#: Enrolments of a child, and the place of the school of the one that describes it.
DESCRIBED: list[tuple[list[Row], int | None]] = [
    ([{"on_roll": False}, {"term": "AUT", "year": 2023, "enrolstatus": "S"}], 1),
    ([{"term": "AUT", "year": 2023}, {"enrolstatus": "S"}], 1),
    ([{"enrolstatus": "G"}, {"enrolstatus": "S"}, {"enrolstatus": "F"}], 2),
    ([{"entrydate": "2020-09-01"}, {"entrydate": "2021-09-01"}, {}], 1),
    ([{}, {}], 0),
    ([{"term": "SUM"}, {"year": 2023}, {"term": "AUT", "year": 2024}], None),
]


def test_which_enrolment_describes_a_child(tmp_path: Path) -> None:
    census = Census()
    for child, (rows, _) in enumerate(DESCRIBED):
        for place, row in enumerate(rows):
            items = {"term": "SPR", "year": 2024, **row}
            school = census.school(items.pop("term"), items.pop("year"), f"1{child}0{place}")
            census.pupil(school, upn=f"A{child}", **items)
    people = [person(f"A{child}") for child in range(len(DESCRIBED))]
    answer = linked(sen2(*people), census=census.write(tmp_path / "c"))
    found = [each["census"] and int(each["census"]["laestab"][-1]) for each in answer["persons"]]
    assert found == [place for _, place in DESCRIBED]


YEARS: list[tuple[Row, str, str, str]] = [
    ({"ncyearactual": "R"}, "0", "census", "primary"),
    ({"ncyearactual": "n2"}, "early", "census", "early"),
    ({"ncyearactual": "14"}, "14", "census", "post_16"),
    ({"ncyearactual": "X"}, "x", "census", "x"),
    ({"ncyearactual": "M"}, "5", "date_of_birth", "primary"),
    ({"ncyearactual": "99"}, "5", "date_of_birth", "primary"),
    ({"ncyearactual": None}, "5", "date_of_birth", "primary"),
    ({"on_roll": False, "ncyearleaving": "7"}, "7", "census", "secondary"),
    ({"on_roll": False, "ncyearleaving": "7", "ncyearactual": "QQ"}, "7", "census", "secondary"),
    ({"on_roll": False, "ncyearleaving": None, "ncyearactual": "7"}, "5", "date_of_birth", "primary"),
]


def test_the_nc_year(tmp_path: Path) -> None:
    """A child born on 5 March 2014 was 9 on 31 August 2023: Year 5."""
    answer = together(tmp_path, [({}, row) for row, *_ in YEARS])
    found = [(each["nc_year"], each["nc_year_source"], each["phase"]) for each in answer["persons"]]
    assert found == [tuple(expected) for _, *expected in YEARS]
    assert answer["census"]["nc_year_differs"] == 5
    assert answer["census"]["other_codes"] == {"nc_year": {"99": 1}}


def test_x_is_accepted_of_special_schools(tmp_path: Path) -> None:
    kinds = {"7": "x", "01": "5", "44": "x", "12": "x"}
    census = Census()
    for place, kind in enumerate(kinds):
        census.pupil(census.school(estab=f"100{place}", urn=f"10100{place}"), upn=f"A{kind}", ncyearactual="X")
    known = register(*((f"10100{place}", "", "333", kind, "", "") for place, kind in enumerate(kinds)))
    answer = linked(sen2(*(person(f"A{kind}") for kind in kinds)), known, census=census.write(tmp_path / "c"))
    assert [each["nc_year"] for each in answer["persons"]] == list(kinds.values())
    assert answer["census"]["x_elsewhere"] == 1


VALUES: list[tuple[Row, str, str | None]] = [
    ({"language": "eng"}, "language", "english"),
    ({"language": "POL"}, "language", "other"),
    ({"language": "REF"}, "language", "not_known"),
    ({"language": "QQQ"}, "language", "other_code"),
    ({}, "language", None),
    ({"ethnicity": "wbri"}, "ethnicity", "WBRI"),
    ({"ethnicity": "QQQQ"}, "ethnicity", "QQQQ"),
    ({"senprovision": "K"}, "sen_provision", "support"),
    ({"senprovision": "S"}, "sen_provision", "ehcp"),
    ({"senprovision": "Z"}, "sen_provision", "other_code"),
    ({"youngcarer": "P"}, "young_carer", "yes"),
    ({"youngcarer": "N"}, "young_carer", "no"),
    ({"plaa": "N"}, "plaa", "no"),
    ({"plaa": "A"}, "plaa", "yes"),
    ({"servicechild": "R"}, "service_child", "not_known"),
    ({"servicechild": "Y"}, "service_child", "yes"),
    ({"senunitindicator": "True"}, "unit", "yes"),
    ({"senunitindicator": "0.0"}, "unit", "no"),
    ({"senunitindicator": "yes"}, "unit", None),
    ({"resourcedprovisionindicator": "1"}, "resourced", "yes"),
]


def test_characteristics(tmp_path: Path) -> None:
    answer = together(tmp_path, [({}, row) for row, _, _ in VALUES])
    found = [each["census"][name] for each, (_, name, _) in zip(answer["persons"], VALUES, strict=True)]
    assert list(zip(VALUES, found, strict=True)) == [(case, case[2]) for case in VALUES]
    assert answer["census"]["bad_values"] == {"senunitindicator": 1}
    assert answer["census"]["other_codes"] == {
        **{"ethnicity": {"QQQQ": 1}, "language": {"QQQ": 1}, "sen_provision": {"Z": 1}}
    }


MEALS: list[tuple[str | None, str | None, str]] = [
    ("2024-01-18", None, "yes"),
    ("2024-01-19", None, "no"),
    ("2023-01-01", "2024-01-18", "yes"),
    ("2023-01-01", "2024-01-17", "no"),
    ("2023-01-01", "soon", "yes"),
    ("soon", None, "no"),
    (None, None, "no"),
]


def test_free_meals(tmp_path: Path) -> None:
    def fill(census: Census, key: int, place: int) -> None:
        begins, ends, _ = MEALS[place]
        census.add("fsmperiod", key, fsmstartdate=begins, fsmenddate=ends)

    answer = together(tmp_path, [({}, {}) for _ in MEALS], fill)
    assert [each["census"]["fsm"] for each in answer["persons"]] == [fsm for _, _, fsm in MEALS]


def test_free_meals_are_not_known_without_a_table_or_off_roll(tmp_path: Path) -> None:
    first, second = Census("one"), Census("two")
    first.pupil(first.school(estab="1001"))
    second.pupil(second.school(estab="1002"), on_roll=False, upn=OTHER)
    second.has("fsmperiod")
    folder = first.write(tmp_path / "c")
    second.write(folder)
    answer = linked(sen2(person(), person(OTHER)), census=folder)
    assert [each["census"]["fsm"] for each in answer["persons"]] == [None, None]


REASONS: list[tuple[Row, str | None]] = [
    ({"placements": [{"URN": "100001"}]}, "to_look_into"),
    ({"placements": [{"URN": "100002"}]}, "no_census"),
    ({"placements": [{"URN": "100003"}]}, "outside"),
    ({"placements": [{"URN": "100009"}]}, "not_known"),
    ({"placements": [{"UKPRN": "10000009"}]}, "to_look_into"),
    ({"placements": [{"SENsetting": "EHE"}]}, "no_census"),
    ({"placements": [{"URN": "100001", "EntryDate": "2020-01-01"}, {"URN": "100003"}]}, "to_look_into"),
    ({"placements": [{"URN": "100003"}, {"URN": "100001", "PlacementRank": "1"}]}, "to_look_into"),
    ({"placements": [{"URN": "100001"}], "plan": True}, "not_known"),
    ({"placements": [{"URN": "100001", "EntryDate": "2020-01-01"}], "plan": True}, "to_look_into"),
    ({}, "not_known"),
    ({"upn": None}, "no_upn"),
    ({"dob": "2020-01-01"}, None),
    ({"dob": "2018-12-31"}, "not_known"),
    ({"dob": "2019-01-01"}, None),
    ({"dob": "2007-09-01"}, "not_known"),
    ({"dob": "2007-08-31"}, None),
]


def test_why_a_school_aged_child_is_not_matched(tmp_path: Path) -> None:
    known = register(
        ("100001", "10000009", "333", "1", "", ""),
        ("100002", "", "333", "10", "", ""),
        ("100003", "", "330", "1", "", ""),
        ("100004", "10000009", "333", "10", "31-08-2015", ""),
    )
    answer = together(tmp_path, [(own, None) for own, _ in REASONS], known=known)
    found = [each["unmatched"] for each in answer["persons"]]
    assert list(zip(REASONS, found, strict=True)) == [(case, case[1]) for case in REASONS]
    assert [each["school_aged"] for each in answer["persons"]] == [reason is not None for reason in found]


def test_a_near_match_is_the_reason(tmp_path: Path) -> None:
    answer = one(tmp_path, person(), lambda census, school: census.pupil(school, sex="F"))
    assert answer["census"]["unmatched"] == {"near": 1}


DISAGREEMENTS: list[tuple[Row, Row, set[str]]] = [
    ({"plan": True}, {"senprovision": "K"}, {"plan_not_in_census"}),
    ({"plan": True}, {"senprovision": None}, set()),
    ({}, {"senprovision": "E"}, {"plan_in_census_alone"}),
    ({}, {"senprovision": "K"}, set()),
    ({"plan": True, "needs": [{"SENtype": "ASD", "SENtypeRank": "1"}]}, {}, {"need"}),
    ({"plan": True, "needs": [{"SENtype": "SLCN", "SENtypeRank": "1"}]}, {}, set()),
    ({"plan": True, "needs": [{"SENtype": "ASD", "SENtypeRank": "2"}]}, {}, set()),
    ({"plan": True, "placements": [{"URN": "999", "EntryDate": "2020-01-01"}]}, {}, {"school"}),
    ({"plan": True, "placements": [{"URN": "101001", "EntryDate": "2020-01-01"}]}, {}, set()),
    (
        {"plan": True, "placements": [{"URN": "101001", "SENUnitIndicator": "1", "EntryDate": "2020-01-01"}]},
        {"senunitindicator": "0"},
        {"unit"},
    ),
    ({"ethnicity": "WBRI"}, {"ethnicity": "MWBC", "senprovision": "K"}, {"ethnicity"}),
    ({"ethnicity": "WBRI"}, {"ethnicity": "WENG", "senprovision": "K"}, set()),
    ({"ethnicity": "WBRI"}, {"ethnicity": "REFU", "senprovision": "K"}, set()),
    ({"ethnicity": "WBRI"}, {"ethnicity": "QQQQ", "senprovision": "K"}, set()),
]


def test_disagreements(tmp_path: Path) -> None:
    def fill(census: Census, key: int, place: int) -> None:
        census.add("senneeds", key, sentyperank="2", sentype="MLD")
        census.add("senneeds", key, sentyperank="1.0", sentype="slcn")

    answer = together(tmp_path, [(own, row) for own, row, _ in DISAGREEMENTS], fill)
    expected = Counter(kind for _, _, kinds in DISAGREEMENTS for kind in kinds)
    assert answer["census"]["disagreements"] == {kind: expected[kind] for kind in KINDS}


def test_rows_without_their_parent_and_schools_of_two_authorities(tmp_path: Path) -> None:
    census = Census()
    school = census.school()
    census.school(lea=330, estab="5")
    census.pupil(school)
    census.pupil(99)
    census.add("termlysessiondetailsonroll", 98, attendancereason="I", sessions=1)
    answer = linked(sen2(person()), census=census.write(tmp_path / "c"))
    counts = {name: answer["census"][name] for name in ("rows", "exact", "orphans", "schools", "schools_elsewhere")}
    assert counts == {"rows": 1, "exact": 1, "orphans": 2, "schools": 2, "schools_elsewhere": 1}


def test_keys_hold_within_their_export_and_may_end_in_a_decimal(tmp_path: Path) -> None:
    first, second = (Census(f"{'The export of ' * 8}  {name}") for name in ("one", "two"))
    row = first.pupil(first.school())
    first.add("termlysessiondetailsonroll", f"{row}.0", attendancereason="I", sessions="4.0")
    second.pupil(second.school("SUM"), upn=OTHER)
    folder = first.write(tmp_path / "c")
    second.write(folder)
    answer = linked(sen2(person(), person(upn=OTHER)), census=folder)
    assert [each["absence"] for each in answer["persons"]] == [
        {"2023/24": {"possible": 100, "authorised": 4, "unauthorised": 0}},
        {},
    ]
    assert answer["absence"][0]["periods"] == ["autumn"]


def test_without_a_census_the_year_comes_from_the_date_of_birth() -> None:
    answer = linked(sen2(person(), person(upn=OTHER, dob=None), person(upn="Z", dob="1999-01-01")))
    assert [each["nc_year"] for each in answer["persons"]] == ["5", None, "15"]
    assert [each["match"] for each in answer["persons"]] == [None] * 3
    blocks = {answer[name] for name in ("census", "absence", "exclusions", "attainment", "inspections")}
    assert blocks == {None}
