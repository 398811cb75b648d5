"""The worked example of the specification: seven children, censuses of spring, summer and autumn 2024."""

from __future__ import annotations

from typing import Any

import pytest

from tests.linked.making import Census, linked, log_of, person, sen2

UPNS = [f"A33300010000{n}" for n in range(10)]


@pytest.fixture(scope="module")
def log() -> list[str]:
    """The load log of the example."""
    return []


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, log: list[str]) -> dict[str, Any]:
    data = sen2(
        person(UPNS[1], "2014-03-05", "M", "O'Neil", "Jo"),
        person(UPNS[2], "2012-07-20", "F"),
        person(UPNS[3], "2013-01-01", "U"),
        person(UPNS[4], "2010-09-10", "M", uln="1234567890"),
        person(None, "2016-02-02", "F", "Évans", "Zoë"),
        person(UPNS[6], "2015-05-05", "F", "Absent", "Ann"),
        person(UPNS[7], "2011-06-06", "M", "Twice", "Tom"),
    )
    census = Census()
    main, special = census.school("SPR", estab="1001"), census.school("SPR", estab="7001")
    summer, autumn = census.school("SUM", estab="1001"), census.school("AUT", estab="1001")
    name: dict[str, Any] = {"surname": "ONeil", "forename": "Jo"}
    first = census.pupil(
        main, upn=UPNS[1], enrolstatus="M", ncyearactual="6", termlysessionspossible=140, entrydate="2019-09-01", **name
    )
    second = census.pupil(
        special,
        upn=UPNS[1],
        enrolstatus="S",
        ncyearactual="X",
        termlysessionspossible=60,
        entrydate="2023-09-01",
        **name,
    )
    census.pupil(main, upn=UPNS[2], dob="2012-07-02", sex="F")
    census.pupil(main, upn=UPNS[3], dob="2013-01-01", sex="F")
    census.pupil(main, upn="A333000100044", formerupn=UPNS[4], dob="2010-09-10", uniquelearnernumber="1234567890")
    census.pupil(main, upn="A333000100055", dob="2016-02-02", sex="F", surname="Evans", forename="Zoe")
    spring_7 = census.pupil(main, upn=UPNS[7], dob="2011-06-06", ncyearactual="8", termlysessionspossible=140)
    summer_7 = census.pupil(summer, upn=UPNS[7], dob="2011-06-06", ncyearactual="9", termlysessionspossible=110)
    for code, sessions in (("I", 10), ("B", 20), ("O", 3), ("Y3", 4)):
        census.add("termlysessiondetailsonroll", first, attendancereason=code, sessions=sessions)
    for code, sessions in (("D", 5), ("C2", 7)):
        census.add("termlysessiondetailsonroll", second, attendancereason=code, sessions=sessions)
    for code, sessions in (("I", 20), ("M", 5)):
        census.add("termlysessiondetailsonroll", spring_7, attendancereason=code, sessions=sessions)
    census.add("termlysessiondetailsonroll", summer_7, attendancereason="/", sessions=110)
    census.add("fsmperiod", first, fsmstartdate="2023-03-01")
    census.add("fsmperiod", spring_7, fsmstartdate="2023-03-01", fsmenddate="2024-01-17")
    for school, sessions in ((summer, 4), (autumn, 6)):
        row = census.pupil(school, upn=UPNS[1], termlysessionspossible=0, **name)
        census.add(
            "termlyexclusionsonroll", row, category="SUSP", startdate="2024-02-05", sessions=sessions, reason1="DB"
        )
    folder = census.write(tmp_path_factory.mktemp("census"))
    log += log_of(data, census=folder)
    return linked(data, census=folder)


def test_who_is_matched(found: dict[str, Any]) -> None:
    assert [each["match"] for each in found["persons"]] == [
        "exact",
        "near_dob",
        "near_sex",
        "near_upn",
        "near_name",
        "none",
        "exact",
    ]
    assert found["census"]["match"] == {
        **{"exact": 2, "near_dob": 1, "near_sex": 1, "near_upn": 1, "near_name": 1, "none": 1}
    }
    assert [each["candidates"] for each in found["persons"]][1:6] == [
        [{"upn": UPNS[2], "dob": "2012-07-02", "sex": "F"}],
        [{"upn": UPNS[3], "dob": "2013-01-01", "sex": "F"}],
        [{"upn": "A333000100044", "dob": "2010-09-10", "sex": "M"}],
        [{"upn": "A333000100055", "dob": "2016-02-02", "sex": "F"}],
        [],
    ]


def test_what_describes_a_child(found: dict[str, Any]) -> None:
    first, last = found["persons"][0], found["persons"][6]
    assert (first["nc_year"], first["nc_year_source"], first["phase"]) == ("6", "census", "primary")
    assert first["census"]["laestab"] == "3331001"
    assert first["census"]["fsm"] == "yes"
    assert (last["nc_year"], last["census"]["term"], last["census"]["fsm"]) == ("8", "SPR", "no")
    assert found["persons"][5]["nc_year_source"] == "date_of_birth"


def test_absence(found: dict[str, Any]) -> None:
    assert found["persons"][0]["absence"] == {"2023/24": {"possible": 200, "authorised": 17, "unauthorised": 3}}
    assert found["persons"][6]["absence"] == {"2023/24": {"possible": 250, "authorised": 25, "unauthorised": 0}}
    (year,) = found["absence"]
    assert year == {
        "year": "2023/24",
        "periods": ["autumn", "spring", "summer"],
        "children": 2,
        "possible": 450,
        "authorised": 42,
        "unauthorised": 3,
        "persistent": 2,
        "severe": 0,
        "over_possible": 0,
        "totals_differ": 0,
        "reasons": {"C2": 7, "I": 30, "M": 5, "O": 3},
        "other_code": 0,
    }


def test_suspensions(found: dict[str, Any]) -> None:
    assert found["persons"][0]["exclusions"] == {"2023/24": {"suspensions": 1, "sessions": 6, "permanent": 0}}
    assert found["exclusions"] == [
        {
            "year": "2023/24",
            **{"base": 2, "suspensions": 1, "suspended_children": 1, "sessions": 6, "permanent": 0},
            **{"repeated": 1, "sessions_differ": 1, "odd_sessions": 0, "reasons": {"DB": 1}, "permanent_reasons": {}},
        },
        {
            "year": "2024/25",
            **{"base": 1, "suspensions": 0, "suspended_children": 0, "sessions": 0, "permanent": 0},
            **{"repeated": 0, "sessions_differ": 0, "odd_sessions": 0, "reasons": {}, "permanent_reasons": {}},
        },
    ]


def test_rows_and_returns(found: dict[str, Any]) -> None:
    census = found["census"]
    assert (census["returns"], census["superseded"], census["schools"], census["schools_elsewhere"]) == (4, 0, 2, 0)
    assert {name: census[name] for name in ("rows", "exact", "near", "repeated", "dropped", "orphans")} == {
        **{"rows": 10, "exact": 6, "near": 4, "repeated": 0, "dropped": 0, "orphans": 0}
    }


def test_the_log_has_one_line_on_the_suspension_that_two_files_have(found: dict[str, Any], log: list[str]) -> None:
    assert found["exclusions"][0]["sessions_differ"] == 1
    assert [line for line in log if "senneeds" not in line] == [
        "Suspensions and exclusions in 2023/24 whose sessions differ between rows, of which the latest counts: 1."
    ]
