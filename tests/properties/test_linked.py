"""The match with a school census, absence and exclusions, worked out again row by row in plain Python."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.linked.making import Census, linked, person, sen2

UPNS = ("A1", "A2", "A3", "", "A4")
BIRTHS = ("2014-03-05", "2010-01-02", "2018-12-31", "2003-05-05", "")
NAMES = ("Lane", "Läne", "O'Neil", "")
ULNS = ("1111111111", "9999999999", "2222222222", "")
CODES = {"I": "authorised", "O": "unauthorised", "/": "present", "ZZ": None, "": None}
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "upn": st.sampled_from(UPNS),
            "dob": st.sampled_from(BIRTHS),
            "sex": st.sampled_from(("M", "F", "U")),
            "surname": st.sampled_from(NAMES),
            "forename": st.sampled_from(NAMES),
            "uln": st.sampled_from(ULNS),
        }
    ),
    min_size=1,
    max_size=4,
)
SESSIONS = st.lists(st.tuples(st.sampled_from(tuple(CODES)), st.sampled_from(("0", "3", "7.0", "x", ""))), max_size=3)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("SUSP", "FIXD", "LNCH", "PERM", "NONE")),
        st.sampled_from(("2023-09-01", "2023-08-31", "2024-02-05", "bad")),
        st.sampled_from(("2", "91", "")),
    ),
    max_size=2,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "upn": st.sampled_from(UPNS),
            "dob": st.sampled_from((*BIRTHS, "05/03/2014", "nonsense")),
            "sex": st.sampled_from(("M", "F", "U", "")),
            "formerupn": st.sampled_from(UPNS),
            "surname": st.sampled_from(NAMES),
            "forename": st.sampled_from(NAMES),
            "uniquelearnernumber": st.sampled_from(ULNS),
            "boarder": st.sampled_from(("N", "B", "")),
            "termlysessionspossible": st.sampled_from(("100", "20", "0", "x")),
            "entrydate": st.sampled_from(("2020-09-01", "")),
            "school": st.integers(0, 3),
            "sessions": SESSIONS,
            "events": EVENTS,
        }
    ),
    min_size=1,
    max_size=8,
)
SCHOOLS = (("SPR", 2024, "1001"), ("SUM", 2024, "1001"), ("AUT", 2024, "1001"), ("SPR", 2024, "1002"))
TERMS = ("SPR", "SUM", "AUT")


def day(text: str) -> date | None:
    if text == "05/03/2014":
        return date(2014, 3, 5)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def number(text: str) -> int | None:
    text = text.removesuffix(".0")
    return int(text) if text.isdigit() else None


def name(text: str) -> str:
    return text.casefold().replace("ä", "a").replace("'", "")


def uln(text: str) -> str:
    return "" if text == "9999999999" else text


def is_exact(one: dict[str, Any], row: dict[str, Any]) -> bool:
    return bool(
        one["upn"]
        and one["upn"] == row["upn"]
        and day(one["dob"])
        and day(one["dob"]) == day(row["dob"])
        and one["sex"] == row["sex"] != "U"
    )


def fits(step: int, one: dict[str, Any], row: dict[str, Any]) -> bool:
    is_same_day = day(one["dob"]) is not None and day(one["dob"]) == day(row["dob"])
    is_same_upn = bool(one["upn"]) and one["upn"] == row["upn"]
    if step == 1:
        return is_same_upn and is_same_day
    if step == 2:
        return is_same_upn and one["sex"] == row["sex"] and one["sex"] in ("M", "F") and not is_same_day
    if step == 3:
        return bool(one["upn"]) and one["upn"] == row["formerupn"] and is_same_day
    return bool(uln(one["uln"])) and uln(one["uln"]) == uln(row["uniquelearnernumber"]) and is_same_day


def key_of_name(each: dict[str, Any]) -> tuple[str, str, date] | None:
    born = day(each["dob"])
    surname, forename = name(each["surname"]), name(each["forename"])
    return (surname, forename, born) if surname and forename and born else None


def matched(people: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The match of each person and the rows that are kept for it. rows: without repeated ones."""
    shared = {upn for upn, n in Counter(one["upn"] for one in people).items() if upn and n > 1}
    own = [[row for row in rows if one["upn"] not in shared and is_exact(one, row)] for one in people]
    taken = {id(row) for found in own for row in found}
    free = [row for row in rows if id(row) not in taken]
    of_name = Counter(key_of_name(one) for one in people)
    upns = defaultdict(set)
    for row in free:
        upns[key_of_name(row)].add(row["upn"])
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for one, exact in zip(people, own, strict=True):
        if one["upn"] in shared:
            found.append(("upn_shared", []))
            continue
        steps: list[tuple[str, list[dict[str, Any]]]] = [("exact", exact)]
        for place, label in enumerate(("near_sex", "near_dob", "near_upn", "near_uln"), start=1):
            steps.append((label, [row for row in free if fits(place, one, row)]))
        key = key_of_name(one)
        is_unique = key is not None and of_name[key] == 1 and len(upns[key]) == 1
        steps.append(("near_name", [row for row in free if is_unique and key_of_name(row) == key]))
        found.append(next(((label, each) for label, each in steps if each), ("none", [])))
    return found


def not_repeated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen, kept = set(), []
    for row in rows:
        key = (
            *(row["school"], row["upn"], day(row["dob"]), row["sex"], row["entrydate"]),
            number(row["termlysessionspossible"]),
        )
        if key not in seen:
            kept.append(row)
        seen.add(key)
    return kept


def absence_of(one: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, int] | None:
    born = day(one["dob"])
    age = 2023 - born.year - ((born.month, born.day) > (8, 31)) if born else None
    sums = {"possible": 0, "authorised": 0, "unauthorised": 0}
    for row in rows:
        possible = number(row["termlysessionspossible"])
        if not possible or row["boarder"] == "B":
            continue
        sums["possible"] += possible
        for code, sessions in row["sessions"]:
            group = CODES[code]
            if group in ("authorised", "unauthorised"):
                sums[group] += number(sessions) or 0
    if age is None or not 5 <= age <= 15 or not sums["possible"]:
        return None
    return sums if sums["authorised"] + sums["unauthorised"] <= sums["possible"] else None


def events_of(rows: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    latest: dict[tuple[str, date, str], tuple[tuple[int, int], int | None]] = {}
    for place, row in enumerate(rows):
        term, _, estab = SCHOOLS[row["school"]]
        for category, text, sessions in row["events"]:
            starts = day(text)
            if starts is None or category == "NONE":
                continue
            key = (estab, starts, "SUSP" if category == "FIXD" else category)
            when = (TERMS.index(term), place)
            if key not in latest or when >= latest[key][0]:
                latest[key] = (when, number(sessions))
    years: dict[str, dict[str, int]] = {}
    for (_, starts, category), (_, stated) in latest.items():
        begins = starts.year - (starts.month < 9)
        year = years.setdefault(f"{begins}/{(begins + 1) % 100}", {"suspensions": 0, "sessions": 0, "permanent": 0})
        if category == "PERM":
            year["permanent"] += 1
        else:
            year["suspensions"] += 1
            year["sessions"] += 1 if category == "LNCH" else stated or 0
    return years


def apart(place: int, items: dict[str, Any]) -> dict[str, Any]:
    """The same with numbers and names of its own, so that several worlds are in one return without meeting."""
    tails = {"upn": f"X{place}", "formerupn": f"X{place}", "surname": "abcdefgh"[place], "forename": ""}
    changed = {item: f"{items[item]}{tail}" if items[item] else "" for item, tail in tails.items() if item in items}
    for item in ("uln", "uniquelearnernumber"):
        if items.get(item, "").strip("9"):
            changed[item] = f"{items[item][:-1]}{place}"
    return {**items, **changed}


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(PEOPLE, ROWS), min_size=4, max_size=8))
def test_the_figures_are_those_of_a_reading_row_by_row(
    worlds: list[tuple[list[dict[str, Any]], list[dict[str, Any]]]],
) -> None:
    """Several worlds are in one return, because each answer costs over half a second."""
    people = [apart(place, one) for place, (found, _) in enumerate(worlds) for one in found]
    rows = [apart(place, row) for place, (_, found) in enumerate(worlds) for row in found]
    census = Census()
    census.has("termlysessiondetailsonroll", "termlyexclusionsonroll")
    schools = [census.school(term, year, estab) for term, year, estab in SCHOOLS]
    for row in rows:
        cells: dict[str, Any] = {item: row[item] for item in row if item not in ("school", "sessions", "events")}
        key = census.pupil(schools[row["school"]], **cells)
        for code, sessions in row["sessions"]:
            census.add("termlysessiondetailsonroll", key, attendancereason=code, sessions=sessions)
        for category, starts, sessions in row["events"]:
            census.add("termlyexclusionsonroll", key, category=category, startdate=starts, sessions=sessions)
    own = []
    for one in people:
        items: dict[str, Any] = {item: value or None for item, value in one.items()}
        own.append(person(**{**items, "surname": one["surname"], "forename": one["forename"]}))
    with tempfile.TemporaryDirectory() as folder:
        answer = linked(sen2(*own), census=census.write(Path(folder) / "c"))
    wanted = matched(people, not_repeated(rows))
    assert [each["match"] for each in answer["persons"]] == [label for label, _ in wanted]
    exact = [(one, kept if label == "exact" else []) for one, (label, kept) in zip(people, wanted, strict=True)]
    absence = [absence_of(one, kept) for one, kept in exact]
    assert [each["absence"].get("2023/24") for each in answer["persons"]] == absence
    assert [each["exclusions"] for each in answer["persons"]] == [events_of(kept) for _, kept in exact]
    (year,) = answer["absence"]
    children = [each for each in absence if each is not None]
    missed = [(each["authorised"] + each["unauthorised"], each["possible"]) for each in children]
    assert year["children"] == len(children)
    assert year["possible"] == sum(possible for _, possible in missed)
    assert year["persistent"] == sum(10 * n >= possible for n, possible in missed)
    assert year["severe"] == sum(2 * n >= possible for n, possible in missed)
    kept = {id(row): label for label, found in wanted for row in found}
    assert answer["census"]["exact"] == sum(label == "exact" for label in kept.values())
    assert answer["census"]["near"] == sum(label != "exact" for label in kept.values())
    for each, (label, found) in zip(answer["persons"], wanted, strict=True):
        values = {(row["upn"] or None, day(row["dob"]), row["sex"] or None) for row in found if label != "exact"}
        assert len(each["candidates"]) == len(values)
