"""What changed between two kept returns, from their summaries."""

from __future__ import annotations

from sen2dash.analysis.kept_versions import Fact, RuleChange, StoredVersion, between, name_of, whole
from sen2dash.archive.kept import KeptReturn
from sen2dash.archive.summary import RuleCount
from tests.archive.made import described


def version(*args: object, **more: object) -> StoredVersion:
    return whole([described(*args, **more)])[0]  # type: ignore[arg-type]


def facts(one: StoredVersion, other: StoredVersion, threshold: int = 0) -> dict[str, tuple[str, str, str]]:
    return {fact.label: fact[1:] for fact in between(one, other, threshold).facts}


THIRD = version("a", 2026, 3, "submission", serial_no="003", who="A. Officer", n_errors=30, persons=100)
FOURTH = version("b", 2026, 9, "submission", serial_no="004", who="B. Colleague", n_errors=12, persons=112)


def test_who_kept_each_when_and_how_many_they_hold() -> None:
    found = facts(FOURTH, THIRD)
    assert found["Serial number"] == ("003", "004", "")
    assert found["Kept by"] == ("A. Officer", "B. Colleague", "")
    assert found["Kept on"] == ("3 February 2026, 00:00", "9 February 2026, 00:00", "")
    assert found["Kind"] == ("Submission", "Submission", "same")
    assert found["People"] == ("100", "112", "+12")
    assert found["Errors"] == ("30", "12", "−18")
    assert found["Queries"] == found["Information"] == ("0", "0", "same")
    assert found["SHA-256 digest"][0] == " ".join(["0" * 16] * 4)
    assert found["Made with"][0].startswith("sen2dash 3, rules ")
    assert name_of(THIRD) == "003, Submission 003, 3 February 2026, 00:00"
    assert name_of(version("a", 2026, 1, serial_no="")).startswith("no serial number, ")


def test_the_version_that_was_kept_first_is_before_whatever_the_order() -> None:
    for found in (between(THIRD, FOURTH), between(FOURTH, THIRD)):
        assert (found.before, found.after) == (THIRD, FOURTH)
    assert [each.kept.id for each in whole([FOURTH.kept, THIRD.kept])] == ["a", "b"]
    assert whole([KeptReturn("c", "333", None, None, None, True)]) == ()


def test_rules_with_another_number_are_listed_errors_first() -> None:
    more = (
        RuleCount(id="P02", severity="error", status="found", count=50, people=9),
        RuleCount(id="P12", severity="query", status="found", count=90, people=9),
    )
    after = StoredVersion(
        FOURTH.kept,
        FOURTH.manifest,
        FOURTH.summary.model_copy(update={"findings": (*FOURTH.summary.findings, *more)}),
    )
    found = between(THIRD, after)
    # The rule that needs another file is left out, and what is equal too.
    assert [(each.rule, each.before, each.after, each.difference, each.severity) for each in found.rules] == [
        ("P02", "0", "50", "+50", "Error"),
        ("P01", "30", "12", "−18", "Error"),
        ("P12", "0", "90", "+90", "Query"),
    ]
    assert all(isinstance(each, RuleChange) and each.title for each in found.rules)


def test_indicators_that_changed_are_listed_with_their_difference() -> None:
    found = between(version("a", 2026, 1, numbers=(30, 60)), version("b", 2026, 2, numbers=(31, 60)))
    title = "Plans issued within 20 weeks, without exceptions"
    assert found.indicators == (Fact(title, "50.0% (30 of 60)", "51.7% (31 of 60)", "+1.7 points"),)
    assert found.n_same == 32
    assert not found.has_other_rules


def test_what_could_not_be_run_has_no_difference() -> None:
    broken = version("b", 2026, 2, is_broken=True, broken_rule="P30")
    found = between(version("a", 2026, 1, rules="old"), broken)
    assert found.indicators[0][1:] == ("50.0% (1 of 2)", "Could not be calculated", "")
    assert facts(version("a", 2026, 1), broken)["Queries"] == ("0", "Could not be calculated", "")
    assert found.has_other_rules


def test_numbers_are_protected() -> None:
    found = between(THIRD, version("b", 2026, 9, n_errors=33, persons=7, numbers=(33, 61)), 5)
    known = {fact.label: fact[1:] for fact in found.facts}
    assert known["People"] == ("100", "c", "")
    assert known["Errors"] == ("30", "35", "+5")
    assert known["Queries"] == ("c", "c", "")
    assert [each[3:] for each in found.rules] == [("30", "35", "+5")]
    assert found.indicators[0][1:] == ("c (c of c)", "58.3% (35 of 60)", "")
    # 11 and 12 are both shown as 10, so there is no difference to see.
    close = between(version("a", 2026, 1, n_errors=11), version("b", 2026, 2, n_errors=12), 5)
    assert close.rules == ()
    assert {fact.label: fact.difference for fact in close.facts}["Errors"] == "same"
