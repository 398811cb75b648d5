"""The trend as a chart: what is joined, what is hollow, what is protected, and what is said beside it."""

from __future__ import annotations

import pytest

from sen2dash.analysis import trend_chart
from sen2dash.analysis.trend import Trend, to_recompute, trend
from sen2dash.archive.kept import KeptReturn
from sen2dash.charts.pieces import Chart
from tests.archive.made import SETTINGS, described
from tests.charted import rows_of

TWENTY = "plans_within_20_weeks"


def drawn(*kept: KeptReturn) -> Trend:
    return trend(kept, SETTINGS)


def marks(chart: Chart) -> list[tuple[str, float, bool, int]]:
    """The marks of a chart: its line, value, whether it is hollow, and the run that it is joined to."""
    return [(row["line"], row["value"], row["is_hollow"], row["run"]) for row in rows_of(chart) if "is_hollow" in row]


def column(chart: Chart, name: str) -> list[str]:
    place = chart.columns.index(name)
    return [str(row[place]) for row in chart.rows]


def test_an_indicator_is_drawn_and_written_for_each_version() -> None:
    shown = drawn(
        described("a", 2025, 1, numbers=(30, 60), label="First mock"),
        described("b", 2025, 9, "submission", numbers=(45, 60), serial_no="003"),
        described("c", 2026, 1, numbers=(0, 0)),
    )
    chart = trend_chart.indicator_chart(shown, TWENTY)
    title = "Plans issued within 20 weeks, without exceptions"
    assert chart.title == title
    assert chart.subtitle.startswith("Share of plans issued in the collection year")
    assert chart.subtitle.endswith("Filled: submission. Hollow: any other version.")
    # The last version has no cases, so it has no mark, but it has its words.
    assert sorted(marks(chart)) == [(title, 0.5, True, 0), (title, 0.75, False, 0)]
    assert column(chart, "Value") == ["50.0% (30 of 60)", "75.0% (45 of 60)", "no cases"]
    assert {row["text"] for row in rows_of(chart) if set(row) == {"label", "value", "text"}} == {
        "50.0%\n30 of 60",
        "75.0%\n45 of 60",
    }
    assert [row["missing"] for row in rows_of(chart) if "missing" in row] == ["no cases"]
    assert column(chart, "Version") == ["First mock", "Submission 003", "Mock return 001"]
    assert column(chart, "Kind") == ["Mock return", "Submission", "Mock return"]
    assert column(chart, "Return year") == ["2025", "2025", "2026"]
    assert column(chart, "Kept on")[0] == "1 February 2025, 00:00"
    assert column(chart, "Made with") == ["sen2dash 1", "sen2dash 9", "sen2dash 1"]
    assert len(set(column(chart, "Rules"))) == 1
    assert column(chart, "Note") == ["", "", ""]
    assert chart.alt_text == (
        f"{title}. 50.0% (30 of 60) in First mock of 1 February 2025 and 75.0% (45 of 60) in Submission 003 of "
        "9 February 2025."
    )
    assert {row["year"] for row in rows_of(chart) if "year" in row} == {"SEN2 2025", "SEN2 2026"}


def test_errors_and_queries_are_two_lines_with_their_names() -> None:
    chart = trend_chart.findings_chart(drawn(described("a", 2025, 1, n_errors=40), described("b", 2025, 2, n_errors=3)))
    assert sorted(marks(chart)) == [
        ("Errors", 3, True, 0),
        ("Errors", 40, True, 0),
        ("Queries", 0, True, 0),
        ("Queries", 0, True, 0),
    ]
    assert column(chart, "Errors") == ["40", "3"]
    assert column(chart, "Queries") == ["0", "0"]
    assert {row["text"] for row in rows_of(chart) if row.get("label") == " "} == {"Errors", "Queries"}
    assert "Errors: 40 in Mock return 001 of 1 February 2025 and 3 in" in chart.alt_text


def test_the_line_ends_where_the_definition_changed_and_a_note_says_why() -> None:
    shown = drawn(described("a", 2025, 1, definition="old"), described("b", 2025, 2), described("c", 2025, 3))
    chart = trend_chart.indicator_chart(shown, TWENTY)
    assert [run for *_, run in marks(chart)] == [0, 1, 1]
    assert "definition changed" in {row.get("text") for row in rows_of(chart)}
    assert column(chart, "Note") == ["", "Definition changed", ""]
    lines = trend_chart.lines_of(shown, TWENTY)
    assert trend_chart.notes(shown, lines) == (
        "The definition changed between Mock return 001 of 1 February 2025 and Mock return 001 of 2 February 2025 "
        "(sen2dash 1 and sen2dash 2), so the line breaks: its two sides cannot be compared.",
    )
    assert trend_chart.notes(shown, trend_chart.lines_of(shown, "caseload")) == ()


def test_findings_end_where_the_rules_changed_and_the_note_is_said_once() -> None:
    shown = drawn(described("a", 2025, 1, rules="old"), described("b", 2025, 2))
    chart = trend_chart.findings_chart(shown)
    assert "rules changed" in {row.get("text") for row in rows_of(chart)}
    found = trend_chart.notes(shown, trend_chart.lines_of(shown, None))
    assert len(found) == 1
    assert found[0].startswith("The rules changed between Mock return 001 of 1 February 2025")


def test_what_could_not_be_run_is_named_and_what_a_year_does_not_hold_is_not_called_so() -> None:
    shown = drawn(described("a", 2023, 1), described("b", 2025, 1, is_broken=True), described("c", 2025, 2))
    chart = trend_chart.indicator_chart(shown, TWENTY)
    assert column(chart, "Value")[1] == "Could not be calculated"
    lines = trend_chart.lines_of(shown, TWENTY)
    assert trend_chart.notes(shown, lines) == (
        "Plans issued within 20 weeks, without exceptions could not be calculated for Mock return 001 of "
        "1 February 2025.",
    )
    # Returns hold what this one needs from 2024 on.
    held = trend_chart.indicator_chart(shown, "reviews_held")
    assert column(held, "Value")[0] == "Not in returns of this year"
    assert trend_chart.notes(shown, trend_chart.lines_of(shown, "reviews_held")) == ()


def test_numbers_are_protected_in_the_chart_and_the_table() -> None:
    shown = drawn(
        described("a", 2025, 1, numbers=(33, 61), n_errors=7, persons=42),
        described("b", 2025, 2, numbers=(7, 61), n_errors=58, persons=7),
    )
    chart = trend_chart.indicator_chart(shown, TWENTY, 5)
    assert column(chart, "Value") == ["58.3% (35 of 60)", "c (c of 60)"]
    assert column(chart, "People") == ["40", "c"]
    assert [value for _, value, *_ in marks(chart)] == [35 / 60]
    found = trend_chart.findings_chart(shown, 5)
    assert column(found, "Errors") == ["c", "60"]
    # Nothing that the browser gets has the numbers themselves.
    for each in (chart, found):
        sent = f"{rows_of(each)} {each.rows} {each.alt_text}"
        assert not {"33", "61", "58'", "42"} & set(sent.replace(",", " ").split())
        assert "58," not in sent.replace("58.3", "")


def test_a_line_ends_at_a_number_that_is_hidden_or_missing() -> None:
    numbers = [(40, 60), (7, 60), (40, 60), (42, 60)]
    shown = drawn(*(described(str(n), 2025, n + 1, numbers=each) for n, each in enumerate(numbers)))
    chart = trend_chart.indicator_chart(shown, TWENTY, 5)
    assert [run for *_, run in marks(chart)] == [0, 1, 1]
    # The hidden number is written above the marks, and not at a height that could be read as 0.
    assert [row["missing"] for row in rows_of(chart) if "missing" in row] == ["c"]
    assert 0 not in [row["value"] for row in rows_of(chart) if set(row) == {"label", "value", "text"}]
    found = trend_chart.findings_chart(drawn(described("a", 2025, 1, n_errors=3)), 5)
    assert [row["missing"] for row in rows_of(found) if "missing" in row] == ["Errors: c\nQueries: c"]
    broken = drawn(described("a", 2025, 1), described("b", 2025, 2, is_broken=True), described("c", 2025, 3))
    assert [run for *_, run in marks(trend_chart.indicator_chart(broken, TWENTY))] == [0, 1]


def test_more_versions_than_labels_fit_have_only_dates_and_two_equal_ones_stay_two() -> None:
    shown = drawn(*(described(str(n), 2025, 1 + n // 2, numbers=(n, 40)) for n in range(16)))
    chart = trend_chart.indicator_chart(shown, TWENTY)
    assert len(marks(chart)) == len(chart.rows) == 16
    labels = {row["label"] for row in rows_of(chart) if "is_hollow" in row}
    assert len(labels) == 16
    assert {label.rstrip("\u200b") for label in labels} == {f"{day} Feb 2025" for day in range(1, 9)}
    # The values are in the table and in the tips, and not one above the other.
    assert not [row for row in rows_of(chart) if set(row) == {"label", "value", "text"}]


def test_long_names_have_two_lines() -> None:
    shown = drawn(described("a", 2025, 1, label="Correction after all the queries of COLLECT"))
    label = next(row["label"] for row in rows_of(trend_chart.findings_chart(shown)) if "is_hollow" in row)
    assert label == "Correction\nafter all the queries of COLLECT\n1 Feb 2025"


def test_values_that_are_close_are_written_apart() -> None:
    from sen2dash.charts.versions import Dot, _place

    def place(height: float, other: float | None) -> str:
        return _place(Dot(height, "", ""), [Dot(other, "", "")], 3)

    assert place(10, 20) == place(10, 9) == place(10, 10) == place(10, None) == "above"
    assert place(10, 12) == "below"
    assert place(1, 2) == "beside"


@pytest.mark.parametrize("is_stale", [True, False])
def test_what_another_release_made_can_be_recomputed(is_stale: bool) -> None:
    one = described("a", 2025, 1, rules="old" if is_stale else "")
    lost = described("b", 2025, 2)
    without = KeptReturn(lost.id, lost.authority, lost.retain_until, lost.manifest, None, True)
    damaged = KeptReturn("c", "333", None, None, None, True)
    assert [each.id for each in to_recompute([one, without, damaged], SETTINGS)] == ["a", "b"][not is_stale :]
