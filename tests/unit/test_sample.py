"""Made-up returns: the same every time, clean, similar to the published figures, and wrong only where requested."""

import csv
import itertools
import re
from collections import Counter
from datetime import datetime
from math import gcd
from pathlib import Path

import pytest

from sen2dash import spec
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.errors import BadArguments
from sen2dash.reading.register import read_register
from sen2dash.sample import establishments, identity
from sen2dash.sample.defects import all_defects
from sen2dash.sample.generate import (
    HELD_PERSONS,
    SAMPLE_YEARS,
    drawn_defects,
    inject,
    make_register,
    make_return,
    sample_bytes,
    stream_persons,
    write_register,
    write_sample,
)
from sen2dash.sample.tree import SampleReturn, XmlGroup, render, render_group

LATER = datetime(spec.COMING_YEARS[-1], 2, 1, 12, 0)
OF_REGISTER = [rule for rule in catalogue.rules() if rule.needs == "establishments"]


def check(data: bytes, **more: object) -> Report:
    report = build_report(data, Settings(now=LATER), **more)  # type: ignore[arg-type]
    assert [(outcome.rule.id, outcome.reason) for outcome in report.of_status("broken")] == []
    return report


def complaints(report: Report) -> dict[str, int]:
    """Findings by rule, without information."""
    return {o.rule.id: o.count for o in report.outcomes if o.severity != "info" and o.count}


# -- the same every time ----------------------------------------------------------------------------------


def test_same_request_gives_same_bytes() -> None:
    assert sample_bytes(60, 5, year=2025) == sample_bytes(60, 5, year=2025)
    assert sample_bytes(60, 5, defects=9, year=2025) == sample_bytes(60, 5, defects=9, year=2025)


def test_seed_and_year_make_a_difference() -> None:
    assert len({sample_bytes(60, 5, year=2025), sample_bytes(60, 6, year=2025), sample_bytes(60, 5, year=2024)}) == 3


def test_larger_return_starts_with_the_people_of_a_smaller_one() -> None:
    small, large = sample_bytes(30, 3, year=2025).decode(), sample_bytes(90, 3, year=2025).decode()
    people = small.split("  </Persons>")[0]
    assert people.count("<Person>") == 30
    assert large.startswith(people)


def test_file_on_disk_is_the_same_as_in_memory(tmp_path: Path) -> None:
    out = tmp_path / "return.xml"
    injected = write_sample(out, 80, 4, defects=6, rule_ids=("R09",), year=2024)
    assert out.read_bytes() == sample_bytes(80, 4, defects=6, rule_ids=("R09",), year=2024)
    assert injected[0] == "R09"
    assert len(injected) == 7


@pytest.mark.parametrize("year", [spec.RETURN_YEARS[0] - 1, spec.COMING_YEARS[-1] + 1])
def test_year_that_cannot_be_checked_is_refused(year: int) -> None:
    with pytest.raises(BadArguments, match=f"{year} is not a year from {SAMPLE_YEARS[0]} to {SAMPLE_YEARS[-1]}"):
        sample_bytes(1, 1, year=year)


def test_the_newest_year_is_made_where_none_is_named() -> None:
    assert sample_bytes(3, 1) == sample_bytes(3, 1, year=spec.NEWEST_YEAR)
    assert make_return(3, 1).year == spec.NEWEST_YEAR


# -- clean ------------------------------------------------------------------------------------------------


# Every fifth has each year and each size: there are eight years.
@pytest.mark.sampled(5)
@pytest.mark.parametrize("year", SAMPLE_YEARS)
@pytest.mark.parametrize(("persons", "seed"), [(1, 1), (2, 7), (17, 3), (150, 4), (2500, 5)])
def test_return_is_clean(persons: int, seed: int, year: int) -> None:
    report = check(sample_bytes(persons, seed, year=year))
    try:
        assert complaints(report) == {}
        assert report.facts.persons == persons
        assert report.collection.year == year
        assert report.collection.census_date == spec.census_day(year)
        blank_indicators = report.findings(["N21", "M24"])
        assert blank_indicators == []
    finally:
        report.close()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("seed", range(200, 212))
def test_first_hundred_people_show_every_item_whatever_the_seed(seed: int) -> None:
    report = check(sample_bytes(100, seed, year=2025))
    try:
        assert complaints(report) == {}
        assert report.outcome("T11").count == 0
        assert min(row["n_yes"] for row in report.store.rows("select n_yes from yes_item")) >= 1
        assert min(report.counts.values()) >= 1
    finally:
        report.close()


def test_register_knows_every_establishment_of_the_return(tmp_path: Path) -> None:
    out = tmp_path / "register.csv"
    write_register(out, 8)
    register = read_register(out.read_bytes())
    assert register.notes == ()
    report = check(sample_bytes(1500, 8, year=2025), establishments=register, only=OF_REGISTER)
    try:
        assert {outcome.status for outcome in report.outcomes} == {"clear"}
        known = set(register.table["urn"].to_pylist())
        used = report.store.rows("select distinct urn from placementdetail where urn is not null")
        assert {row["urn"] for row in used} <= known
        assert len(used) > 80
    finally:
        report.close()


@pytest.mark.parametrize("element", ["PlanDetail", "PlacementDetail"])
@pytest.mark.parametrize(
    ("use", "indicators", "rules"),
    [
        ("higher", ("0", "0"), {"N46G", "M49G"}),
        ("seldom", ("0", "0"), {"N47G", "M50G"}),
        ("without unit", ("1", "0"), {"N48G", "M51G"}),
        ("without unit", ("0", "1"), {"N48G", "M51G"}),
        ("without unit", ("0", "0"), set()),
        ("primary", ("1", "0"), set()),
    ],
)
def test_register_speaks_up_about_places_where_nobody_made_up_learns(
    tmp_path: Path, element: str, use: str, indicators: tuple[str, str], rules: set[str]
) -> None:
    write_register(tmp_path / "register.csv", 8)
    places = [*establishments.unused_establishments(), *establishments.establishments_of(8)["primary"]]
    urn = next(place.urn for place in places if place.kind.use == use)
    given = sample_bytes(60, 8).decode()
    made = f"<URN>{urn}</URN><SENunitIndicator>{indicators[0]}</SENunitIndicator>"
    made += f"<ResourcedProvisionIndicator>{indicators[1]}</ResourcedProvisionIndicator>"
    changed = re.sub(
        rf"(<{element}>\s*)<URN>.*?</ResourcedProvisionIndicator>", rf"\g<1>{made}", given, count=1, flags=re.DOTALL
    )
    assert changed != given
    register = read_register((tmp_path / "register.csv").read_bytes())
    report = check(changed.encode(), establishments=register, only=OF_REGISTER)
    try:
        found = {outcome.rule.id for outcome in report.outcomes if outcome.count}
        assert found == {rule for rule in rules if rule.startswith("N" if element == "PlanDetail" else "M")}
    finally:
        report.close()


# -- realistic --------------------------------------------------------------------------------------------


def test_shares_are_those_published_for_england() -> None:
    report = check(sample_bytes(12_000, 21, year=2025), only=())
    try:
        value = report.store.value
        plans = value("select count(*) from caseload")
        requests = "from requests where request_outcome <> 'H' and received_date between $year_start and $year_end"
        assert value(f"select count(*) {requests}") / plans == pytest.approx(154_489 / 638_745, rel=0.12)
        refused = value(f"select count(*) {requests} and request_outcome = 'N'")
        assert refused / value(f"select count(*) {requests}") == pytest.approx(0.252, abs=0.05)
        issued = "from request_journey where assessment_outcome = 'Y' and is_within(issue_date, $year_start, $year_end)"
        assert value(f"select count(*) {issued}") / plans == pytest.approx(98_547 / 638_745, rel=0.12)
        in_time = value(f"select count(*) {issued} and issue_date - received_date <= 140")
        assert in_time / value(f"select count(*) {issued}") == pytest.approx(0.46, abs=0.05)
        ceased = value("select count(*) from namedplan where cease_date between $year_start and $year_end")
        assert ceased / plans == pytest.approx(44_862 / 638_745, rel=0.15)
        needs = "from senneed where sen_type_rank = '1'"
        autism = value(f"select count(*) {needs} and sen_type = 'ASD'") / value(f"select count(*) {needs}")
        assert autism == pytest.approx(0.315, abs=0.03)
        budgets = value("select count(*) from caseload where pb") / plans
        assert budgets == pytest.approx(19_596 / 638_745, abs=0.01)
    finally:
        report.close()


def test_size_is_that_of_real_returns() -> None:
    data = sample_bytes(2000, 1, year=2025)
    assert 1600 <= len(data) / 2000 <= 1800
    elements = data.count(b"<") - data.count(b"</")
    assert 38 <= elements / 2000 <= 44


def test_first_forty_people_take_every_way() -> None:
    people = list(stream_persons(40, 1, year=2025))
    outcomes = Counter(
        (
            request.items["RequestOutcome"],
            (assessment := request.get("Assessment")) and assessment.items["AssessmentOutcome"],
        )
        for person in people
        for request in person.all("Requests")
    )
    wanted = {
        ("H", "H"),
        ("Y", "Y"),
        ("Y", "A"),
        ("Y", "N"),
        ("Y", "W"),
        ("N", None),
        ("N", "Y"),
        ("A", None),
        ("W", None),
    }
    assert wanted <= set(outcomes)
    assert any(len(person.all("Requests")) > 1 for person in people)


@pytest.mark.parametrize(
    ("year", "names"), [(2023, "GenderCurrent AttendancePattern"), (2026, "RequestSource ReviewDraft")]
)
def test_items_are_those_of_the_year(year: int, names: str) -> None:
    text = sample_bytes(150, 2, year=year).decode()
    for name in ("GenderCurrent", "AttendancePattern", "RequestSource", "ReviewDraft", "Sex", "ReviewMeeting"):
        assert (f"<{name}>" in text) == (name in names or (year > 2023 and name in ("Sex", "ReviewMeeting")))


# -- who they are -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "letter"), [("801200005001", "B"), ("333123424001", "H"), ("33312342400A", "U"), ("950000178301", "A")]
)
def test_upn_check_letter_is_that_of_the_standard(rest: str, letter: str) -> None:
    assert identity.upn_check_letter(rest) == letter


@pytest.mark.parametrize("uln", ["9276308686", "1000000019", "1234567899"])
def test_uln_check_digit_is_that_of_the_standard(uln: str) -> None:
    assert 10 - identity.uln_remainder(uln[:9]) == int(uln[9])


def test_names_and_numbers_come_round_only_when_all_are_used() -> None:
    n_names = len(identity.SURNAMES) * len(identity.FORENAMES)
    assert [gcd(identity.STEP, n) for n in (n_names, identity.UPN_NUMBERS, identity.ULN_NUMBERS)] == [1, 1, 1]
    assert len({identity.name_of(number) for number in range(20_000)}) == 20_000
    assert identity.name_of(n_names) != identity.name_of(0)
    assert len({identity.uln_of(number) for number in range(20_000)}) == 20_000
    assert all(re.fullmatch("[1-9][0-9]{9}", identity.uln_of(number)) for number in range(500))


# -- the register -----------------------------------------------------------------------------------------


def test_register_is_in_the_form_of_the_real_file(tmp_path: Path) -> None:
    out = tmp_path / "register.csv"
    write_register(out, 3)
    rows = list(csv.DictReader(out.read_text(encoding="cp1252").splitlines()))
    assert rows == make_register(3)
    assert tuple(rows[0]) == establishments.REGISTER_COLUMNS
    assert 100 <= len(rows) <= 140
    assert len({row["URN"] for row in rows}) == len({row["UKPRN"] for row in rows}) == len(rows)
    for row in rows:
        opened = datetime.strptime(row["OpenDate"], "%d-%m-%Y")
        closed = row["CloseDate"] and datetime.strptime(row["CloseDate"], "%d-%m-%Y")
        assert bool(closed) == (row["EstablishmentStatus (name)"] == "Closed")
        assert not closed or opened < closed


# -- defects ----------------------------------------------------------------------------------------------


def test_defects_are_found_and_are_about_different_people() -> None:
    made = make_return(300, 12, year=2025)
    injected = inject(made, 25, (), 12)
    assert len(injected) == 25
    report = check(sample_bytes(300, 12, defects=25, year=2025))
    try:
        silent = {rule_id for rule_id in injected if report.outcome(rule_id).count == 0}
        assert silent == set()
    finally:
        report.close()
    clean = {"".join(render_group(person, 2025, 2)) for person in make_return(300, 12, year=2025).persons}
    assert sum("".join(render_group(person, 2025, 2)) not in clean for person in made.persons) >= 25


def test_same_defect_twice_is_about_two_people() -> None:
    report = check(sample_bytes(200, 2, rule_ids=("R09", "R09"), year=2025), only=[catalogue.rule("R09")])
    try:
        assert len({finding.person for finding in report.findings(["R09"])}) == 2
    finally:
        report.close()


def test_defects_of_a_large_return_stand_among_the_first_people() -> None:
    persons = HELD_PERSONS + 60
    clean, dirty = sample_bytes(persons, 3, year=2025).decode(), sample_bytes(persons, 3, defects=5, year=2025).decode()
    assert clean != dirty
    last = "".join(clean.rpartition("<Person>")[1:])
    assert dirty.endswith(last)


@pytest.mark.parametrize("year", SAMPLE_YEARS)
def test_drawn_defects_apply_in_the_year_and_are_about_people(year: int) -> None:
    drawn = drawn_defects(year)
    assert len(drawn) > 100
    assert all(catalogue.rule(rule_id).applies_in(spec.rules_year(year)) for rule_id in drawn)
    assert not set(drawn) & {"H20", "H05", "T04"}


def test_unknown_defect_is_refused() -> None:
    with pytest.raises(BadArguments, match="Z99"):
        sample_bytes(10, 1, rule_ids=("Z99",), year=2025)


def test_defect_that_finds_nobody_is_refused() -> None:
    assert "N34" in all_defects()
    nobody = SampleReturn(2025, XmlGroup("Header"), [])
    with pytest.raises(BadArguments, match="N34"):
        inject(nobody, 0, ("N34",), 1)


def test_defects_that_find_nobody_are_not_drawn() -> None:
    made = make_return(1, 1, year=2025)
    injected = inject(made, 40, (), 1)
    assert len(injected) <= 40
    assert len(list(itertools.chain(made.persons))) >= 1


@pytest.mark.sampled(3)
@pytest.mark.parametrize("year", SAMPLE_YEARS)
@pytest.mark.parametrize("seed", range(4))
def test_more_defects_than_people(seed: int, year: int) -> None:
    """A defect that does not fit what others have left is replaced, so that the requested number is put in."""
    made = make_return(40, seed, year)
    assert len(inject(made, 150, (), seed)) == 150


@pytest.mark.parametrize(
    ("persons", "seed", "defects"), [(1, 0, 1), (2, 3, 30), (9, 8, 200), (60, 3, 600), (400, 3, 700)]
)
def test_any_number_of_defects_makes_a_return_that_can_be_checked(persons: int, seed: int, defects: int) -> None:
    made = make_return(persons, seed, year=2025)
    assert len(inject(made, defects, (), seed)) == defects
    report = check("".join(render(made.year, made.header, made.persons)).encode())
    try:
        assert report.facts.persons >= persons
        assert sum(complaints(report).values()) >= defects / 4
    finally:
        report.close()


@pytest.mark.parametrize("persons", [0, 1, 3])
def test_no_more_defects_are_put_in_than_fit(persons: int) -> None:
    """No defect is put in twice for the same person, and the number is that of the defects put in."""
    injected = inject(make_return(persons, 2, year=2025), 2_000, (), 2)
    assert len(injected) < 2_000
    assert max(Counter(injected).values(), default=0) <= 2 * persons
    assert bool(injected) == bool(persons)
