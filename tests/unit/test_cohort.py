import pytest

from sen2dash import reference, spec
from sen2dash.checks import catalogue
from sen2dash.errors import BadArguments
from sen2dash.indicators import filters, run
from sen2dash.model import Cohort
from sen2dash.store.database import Store
from tests import casebook

PLANS = """
    row_id | assessment_id | start_date | cease_date | pb
    1      | 1             | 2020-01-01 |            | 1
    2      | 2             | 2020-01-01 | 2024-05-01 | 0
    4      | 4             | 2024-02-01 |            |
"""
GIVEN = {
    "person": """
        person_id | person_birth_date | sex | ethnicity
        1         | 2014-09-01        | M   | CHNE
        2         | 2014-08-31        | F   | WENG
        3         | 2000-01-01        | U   | REFU
        4         | 2021-03-01        | X   | ABCD
        5         |                   |     |
    """,
    "requests": """
        row_id | person_id | received_date | request_outcome | request_outcome_date | request_source
        1      | 1         | 2019-01-01    | Y               | 2019-02-01           | 2
        2      | 2         | 2019-01-01    | Y               | 2019-02-01           | 9
        3      | 3         | 2024-03-01    | N               | 2024-04-01           | 1
        4      | 4         | 2023-09-01    | Y               | 2023-10-01           |
        5      | 1         | 2024-06-01    | N               | 2024-07-01           | 5
    """,
    "assessment": """
        row_id | requests_id | assessment_outcome | assessment_outcome_date
        1      | 1           | H                  |
        2      | 2           | H                  |
        4      | 4           | Y                  | 2024-02-01
    """,
    "namedplan": PLANS,
    "activeplans": """
        row_id | requests_id
        1      | 1
        2      | 2
        5      | 5
    """,
    "senneed": """
        activeplans_id | sen_type | sen_type_rank
        1              | HI       | 2
        1              | asd      | 1
        1              | MLD      | 1
        5              | SEMH     | 1
        2              | WRONG    | 1
    """,
    "placementdetail": """
        activeplans_id | sen_setting | placement_rank | entry_date | res | sen_unit_indicator
        1              | EHE         | 1              | 2020-01-01 | A   | 0
        1              | OLA         | 2              | 2021-01-01 |     | 1
        2              | EYP         | 1              | 2020-01-01 |     |
    """,
}


def open_store(**case: object) -> Store:
    store = casebook.make_store(case)
    store.derive_indicators()
    return store


def profile_of(store: Store, person: int) -> dict[str, str]:
    (row,) = store.rows("select * from profile where person_id = $person", {"person": person})
    return row


@pytest.fixture(scope="module")
def store() -> Store:
    return open_store(given=GIVEN)


def test_profile_of_a_person_with_a_plan(store: Store) -> None:
    row = profile_of(store, 1)
    groups = row.pop("sen2_groups")
    assert {row.pop(name) for name in reference.census_characteristics()} == {"none"}, "no census was added"
    assert row == {
        "person_id": 1,
        "stage": "plan_active",
        "age_group": "5_10",
        "age": "9",
        "year": "5",
        "phase": "primary",
        "sex": "M",
        "ethnic_group": "asian",
        "ethnicity": "asian_chinese",
        "need": "ASD",
        "need2": "HI",
        "school_type": "other",
        "place_group": "elsewhere",
        "place": "elective_home_education",
        "location": "none",
        "unit": "no",
        "resourced": "none",
        "residential": "A",
        "budget": "yes",
        "source": "2",
    }
    assert sorted(groups) == ["all", "census", "new"]


def test_what_is_missing_or_not_in_a_list_is_not_recorded(store: Store) -> None:
    blank, wrong = profile_of(store, 5), profile_of(store, 4)
    for name in ("age", "age_group", "year", "phase", "sex", "ethnicity", "ethnic_group", "need", "need2", "budget"):
        assert blank[name] == "none", name
    assert blank["stage"] == "none"
    assert (wrong["sex"], wrong["ethnicity"], wrong["need"], wrong["source"]) == ("none",) * 4
    assert blank["place"] == wrong["place"] == "placement_unknown"
    assert profile_of(store, 3)["ethnicity"] == "unclassified", "refused is a category of its own"
    assert profile_of(store, 2)["need"] == "none"


def test_last_placement_of_a_person_whose_plan_ceased(store: Store) -> None:
    row = profile_of(store, 2)
    assert (row["stage"], row["place"], row["place_group"]) == ("plan_ceased", "nm_early_years", "early_years")


def test_ages_and_years(store: Store) -> None:
    assert [profile_of(store, p)[c] for p in (1, 2) for c in ("age", "year")] == ["9", "5", "10", "6"]
    old, young = profile_of(store, 3), profile_of(store, 4)
    assert (old["age"], old["age_group"], old["year"], old["phase"]) == ("24", "20_25", "15", "post_19")
    assert (young["age"], young["age_group"], young["year"], young["phase"]) == ("3", "u5", "early", "early")


def test_groups(store: Store) -> None:
    groups = {p: sorted(profile_of(store, p)["sen2_groups"]) for p in range(1, 6)}
    assert groups == {
        1: ["all", "census", "new"],
        2: ["all", "closed", "closed_plan"],
        3: ["all", "closed", "new"],
        4: ["all", "census", "new", "new_plan"],
        5: ["all"],
    }


def test_filters_join_with_and_categories_with_or(store: Store) -> None:
    def people(**chosen: list[str]) -> list[int]:
        return sorted(casebook.people_of(store, filters.choose(chosen)))

    assert people() == [1, 2, 3, 4, 5]
    assert people(sex=["none"]) == [4, 5]
    assert people(sex=["M", "F"]) == [1, 2]
    assert people(sex=["M", "F"], need=["none"]) == [2]
    assert people(group=["census", "closed_plan"]) == [1, 2, 4]
    assert people(group=["census"], sex=["F"]) == []
    assert filters.size(store, filters.choose({"sex": ["none"]})) == (2, 5)


def test_filters_of_every_category_keep_everyone(store: Store) -> None:
    for name, characteristic in reference.characteristics().items():
        everything = filters.choose({name: [category.key for category in characteristic.categories]})
        assert filters.size(store, everything) == (5, 5), name


def test_each_category_filters_to_its_own_part(store: Store) -> None:
    for name in reference.characteristics():
        parts = filters.count_people(store, [name])
        assert parts
        for part in parts:
            assert filters.size(store, filters.choose({name: [part.keys[0]]})) == (part.numerator, 5), part


def test_the_order_of_choosing_makes_no_difference() -> None:
    picked = filters.choose({"sex": ["U", "M"], "place": ["special_independent"], "need": []})
    assert hash(picked) == hash(filters.choose({"place": ["special_independent"], "sex": ["M", "U"]}))
    assert filters.choose({}) == filters.EVERYONE == Cohort()


def test_unknown_choices_are_refused() -> None:
    for chosen in ({"height": ["tall"]}, {"sex": ["X"]}):
        with pytest.raises(BadArguments):
            filters.choose(chosen)
    for by in ([], ["height"], ["sex", "need", "age"]):
        with pytest.raises(BadArguments):
            filters.by_parameters(by)


def test_in_words() -> None:
    picked = filters.choose({"need": ["HI", "MLD"], "budget": ["yes"]})
    assert filters.in_words(picked) == (
        "Primary need: Moderate learning difficulty or Hearing impairment",
        "Personal budget: Yes",
    )


def test_categories_of_a_year() -> None:
    def keys(year: int, name: str) -> list[str]:
        return next([c.key for c in found] for each, found in filters.filters(year) if each.key == name)

    assert "DS" in keys(2025, "need") and "DS" not in keys(2024, "need")
    assert keys(2025, "sex") == ["F", "M", "U", "none"]


REGISTER = """
    urn    | ukprn    | type_code | la_code | close_date
    190001 | 19900001 | 01        | 333     |
    190002 | 19900002 | 34        | 301     |
    190003 | 19900003 | 10        | 333     | 2020-01-01
    190004 | 19900003 | 36        | 333     |
    190005 | 19900005 | 99        | 333     |
    190006 | 19900006 |           |         |
"""
PLACES = [
    # urn, ukprn, setting, unit, resourced, with the register, without it, location
    ("190001", None, None, None, None, "mainstream_la_maintained", "not_known", "in"),
    ("190001", None, None, "1", "1", "mainstream_la_maintained_senunit", "not_known", "in"),
    ("190001", None, None, "0", "1", "mainstream_la_maintained_resourced_provision", "not_known", "in"),
    ("190002", "19900001", "EHE", None, None, "mainstream_academy", "elective_home_education", "out"),
    (None, "19900003", None, "1", None, "special_academy_free", "not_known", "in"),
    ("190003", None, None, None, None, "special_independent", "not_known", "in"),
    ("190005", None, None, None, None, "not_known", "not_known", "in"),
    ("190006", None, None, None, None, "not_known", "not_known", "none"),
    ("999999", None, None, None, None, "not_known", "not_known", "none"),
    (None, "19999999", None, None, None, "ukrlp_provider", "not_known", "none"),
    (None, None, "OTH", None, None, "other_placement_settings", "other_placement_settings", "none"),
    (None, None, "XXX", None, None, "placement_unknown", "placement_unknown", "none"),
    (None, None, None, None, None, "placement_unknown", "placement_unknown", "none"),
]


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("has_register", [True, False])
def test_establishment_categories(place: tuple[str | None, ...], has_register: bool) -> None:
    urn, ukprn, setting, unit, resourced, with_register, without, location = place
    cells = " | ".join(cell or "" for cell in (urn, ukprn, setting, unit, resourced))
    given = {
        "namedplan": "start_date\n2020-01-01",
        "placementdetail": "urn | ukprn | sen_setting | sen_unit_indicator | resourced_provision_indicator | entry_date\n"
        f"{cells} | 2020-01-01",
    }
    store = open_store(given=given, **({"establishments": REGISTER} if has_register else {}))
    row = profile_of(store, 1)
    assert row["place"] == (with_register if has_register else without)
    assert row["location"] == (location if has_register else "none")
    assert row["place_group"] == reference.characteristics()["place"].category(row["place"]).parent
    store.close()


#: In the extract of the register that comes with the program: an independent school in the authority 201.
SCHOOL = "100001"


def test_without_a_register_the_extract_says_what_type_a_school_is() -> None:
    given = {
        "namedplan": "start_date\n2020-01-01",
        "placementdetail": f"urn | entry_date\n{SCHOOL} | 2020-01-01",
    }
    store = open_store(given=given)
    row = profile_of(store, 1)
    assert (row["place"], row["school_type"], row["location"]) == ("mainstream_independent", "mainstream", "out")
    assert store.rows("select count(*) as n from establishment") == [{"n": 0}], "no rule sees the extract"
    assert store.rows("select count(*) as n from known_establishment") == [{"n": 1}], "only what is named is kept"
    store.close()
    store = open_store(given=given, establishments=REGISTER)
    row = profile_of(store, 1)
    assert (row["place"], row["school_type"], row["location"]) == ("not_known", "none", "none"), "the register decides"
    store.close()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("mainstream_independent", "mainstream"),
        ("special_non_maintained", "special"),
        ("ap_pru_academy", "ap_pru"),
        ("ukrlp_provider", "fe"),
        ("elective_home_education", "other"),
        ("nm_early_years", "other"),
        ("neet", "neet"),
        ("neet_other_csa", "neet"),
        ("placement_unknown", "none"),
        ("not_known", "none"),
    ],
)
def test_school_types(store: Store, place: str, expected: str) -> None:
    group = reference.characteristics()["place"].category(place).parent
    (row,) = store.rows("select school_type_key($place, $group) as found", {"place": place, "group": group})
    assert row["found"] == expected


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2008-09-01", "neet_other_csa"),
        ("2008-08-31", "neet_other"),
        ("2019-12-31", "neet_other_csa"),
        ("2020-01-01", "neet_other"),
        ("", "neet_other"),
    ],
)
def test_not_in_education_at_compulsory_school_age(birth: str, expected: str) -> None:
    given = {
        "person": f"person_id | person_birth_date\n1 | {birth}",
        "namedplan": "start_date\n2020-01-01",
        "placementdetail": "sen_setting | entry_date\nNIEO | 2020-01-01",
    }
    store = open_store(given=given)
    assert profile_of(store, 1)["place"] == expected
    store.close()


def test_gender_of_a_2023_return_and_down_syndrome_before_its_year() -> None:
    store = open_store(
        year=2023,
        given={"person": "person_id | gender_current\n1 | 2", "senneed": "sen_type | sen_type_rank\nDS | 1"},
    )
    assert (profile_of(store, 1)["sex"], profile_of(store, 1)["need"]) == ("F", "none")
    store.close()


def test_reference_data_fits_the_specification() -> None:
    known = reference.characteristics()
    ethnic = {code.published_group for code in spec.all_codes() if code.code_set == "CS080"}
    assert ethnic == {category.label for category in known["ethnicity"].categories} - {"Not recorded"}
    needs = {code.code for code in spec.all_codes() if code.code_set == "CS_SENTYPE"}
    assert needs | {"none"} == {category.key for category in known["need"].categories}
    assert {r["sen_setting"] for r in reference.read("sen_settings.csv")} == {
        code.code for code in spec.all_codes() if code.code_set == "CS110"
    }
    places = {category.key for category in known["place"].categories}
    for row in reference.read("establishment_types.csv"):
        assert {row["place"], row["place_sen_unit"], row["place_resourced"]} <= places
    groups = {category.key: category.parent for category in known["place"].categories}
    labels = {
        "Mainstream": "mainstream",
        "Special": "special",
        "AP/PRU": "ap_pru",
        "FE": "fe",
        "Educated elsewhere": "elsewhere",
    }
    assert {row["type_code"]: groups[row["place"]] for row in reference.read("establishment_types.csv")} == {
        code.code: labels[code.published_group] for code in spec.all_codes() if code.code_set == "GIAS_TYPE"
    }
    for child, parent in (("place", "place_group"), ("ethnicity", "ethnic_group")):
        parents = {category.key for category in known[parent].categories}
        assert {category.parent for category in known[child].categories} == parents
    for name, each in known.items():
        assert len({category.key for category in each.categories}) == len(each.categories), name
        assert not [c.key for c in each.categories if "," in c.key or "=" in c.key]


def test_age_is_taken_at_the_date_of_the_indicator(store: Store) -> None:
    run.run_indicators(store, [catalogue.indicator("requests_received"), catalogue.indicator("caseload")])
    received = {p.keys[0]: p.denominator for p in run.breakdown(store, "requests_received", ["age"])}
    assert received == {"9": 1, "24": 1}
    assert {p.keys[0] for p in run.breakdown(store, "caseload", ["age"])} == {"3", "9"}
