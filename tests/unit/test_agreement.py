"""Two returns as two systems' versions of the same period: counts item by item, and patterns in how values differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sen2dash.compare.agreement import ItemAgreement, Pattern
from tests.comparing import comparing


def people(column: str, values: Sequence[str], year: int = 2025) -> dict[str, Any]:
    rows = "\n".join(f"U{k} | {value}" for k, value in enumerate(values))
    return {"year": year, "given": {"person": f"upn | {column}\n{rows}"}}


def agreed(column: str, field: str, before: Sequence[str], after: Sequence[str]) -> ItemAgreement:
    with comparing(people(column, before), people(column, after)) as found:
        (item,) = [item for item in found.agreement["person"] if item.field == field]
        others = [item for item in found.agreement["person"] if item.field not in (field, "UPN")]
        assert all(other.is_equal and not other.both for other in others)
        assert item.is_equal == (found.tables["person"].changed == 0)
        assert found.are_equal("person") == item.is_equal
    return item


def postcodes(before: Sequence[str], after: Sequence[str]) -> ItemAgreement:
    return agreed("postcode", "PostCode", before, after)


def births(before: Sequence[str], after: Sequence[str]) -> ItemAgreement:
    return agreed("person_birth_date", "PersonBirthDate", before, after)


def ethnicities(before: Sequence[str], after: Sequence[str]) -> ItemAgreement:
    return agreed("ethnicity", "Ethnicity", before, after)


def test_counts_of_an_item() -> None:
    item = postcodes(["A1", "B1", "C1", "", "E1", ""], ["A1", "X1", "", "D1", "", ""])
    assert item == ItemAgreement("PostCode", both=2, equal=1, blank_before=1, blank_after=2)
    assert not item.is_equal
    same = postcodes(["A1", "", "C1"], ["A1", "", "C1"])
    assert (same.both, same.equal, same.is_equal) == (2, 2, True)


def test_dates_that_are_all_off_by_the_same_number_of_days() -> None:
    item = births(["2010-05-01", "2010-02-28", "", "2010-02-30"], ["2010-05-02", "2010-03-01", "", "2010-02-30x"])
    assert item.patterns == (Pattern("days", 2, days=1),)
    assert births(["2010-05-02", "2010-03-01"], ["2010-05-01", "2010-02-28"]).patterns == (Pattern("days", 2, days=-1),)
    # One date is not a pattern, and an equal date or one with a different difference breaks the pattern.
    assert births(["2010-05-01"], ["2010-05-02"]).patterns == ()
    assert births(["2010-05-01", "2010-05-03", "2010-07-01"], ["2010-05-02", "2010-05-04", "2010-07-01"]).patterns == ()
    assert births(["2010-05-01", "2010-05-03"], ["2010-05-02", "2010-05-05"]).patterns == ()


def test_one_code_always_for_another() -> None:
    item = ethnicities(["AAA", "AAA", "AAA", "BBB"], ["CCC", "CCC", "", "BBB"])
    assert item.patterns == (Pattern("code", 2, before="AAA", after="CCC"),)
    # No pattern if the code is unchanged once, or replaced by a third code once, or if there is only one case.
    assert ethnicities(["AAA", "AAA", "AAA"], ["CCC", "CCC", "AAA"]).patterns == ()
    assert ethnicities(["AAA", "AAA", "AAA"], ["CCC", "CCC", "DDD"]).patterns == ()
    assert ethnicities(["AAA", "BBB"], ["CCC", "BBB"]).patterns == ()
    # Other texts are not codes.
    assert postcodes(["A1", "A1"], ["B1", "B1"]).patterns == ()


def test_leading_zeros_capitals_and_midnight() -> None:
    assert postcodes(["0012", "05", "7"], ["12", "5", "8"]).patterns == (Pattern("zeros_lost", 2),)
    assert postcodes(["12", "0"], ["0012", "00"]).patterns == (Pattern("zeros_added", 2),)
    assert postcodes(["120"], ["12"]).patterns == ()
    assert postcodes(["AB1 2CD", "x", "y"], ["ab12cd", "X", "Z"]).patterns == (Pattern("case", 2),)
    assert ethnicities(["wbri", "wbri"], ["WBRI", "WBRI"]).patterns == (Pattern("case", 2),)
    days = ["2010-05-01", "2010-05-02", "2010-05-03", "2010-05-04"]
    times = ["2010-05-01T00:00:00", "2010-05-02 00:00", "2010-05-03T00:00:00.000Z", "2010-05-04T00:00:01"]
    assert births(days, times).patterns == (Pattern("midnight_added", 3),)
    assert births(times, days).patterns == (Pattern("midnight_lost", 3),)


def test_spaces_around_a_text_on_one_side_alone() -> None:
    names = "kind | table_name | row_id | person_id | line | name | spec_name | content"
    spaced = [f"spacing | person | {k} | {k} | 1 | PostCode | PostCode | A1_" for k in (1, 2, 3)]
    before, after = people("postcode", ["A1", "A1", "A1"]), people("postcode", ["A1", "A1", "B1"])
    before["given"]["deviation"] = "\n".join((names, *spaced))
    after["given"]["deviation"] = "\n".join((names, spaced[1]))
    with comparing(before, after) as found:
        (item,) = [item for item in found.agreement["person"] if item.field == "PostCode"]
    assert item.patterns == (Pattern("spaces", 1),)


def test_one_verdict_a_table() -> None:
    rows = {"person": "upn\nU1", "requests": "received_date\n2024-01-01"}
    with comparing({"given": rows}, {"given": {**rows, "senneed": "sen_type\nASD"}}) as found:
        verdicts = {table: found.are_equal(table) for table in found.tables}
    assert [table for table, is_equal in verdicts.items() if not is_equal] == ["activeplans", "senneed"]


def test_yes_and_no_and_the_gender_of_2023_agree_by_what_they_mean() -> None:
    before, after = people("gender_current", ["1", "2", "9"], 2023), people("sex", ["M", "F", "U"])
    with comparing(before, after) as found:
        (item,) = [item for item in found.agreement["person"] if item.field == "Sex"]
    assert (item.both, item.equal) == (3, 2)
