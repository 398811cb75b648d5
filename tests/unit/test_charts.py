"""Charts include their words and their table, and contain the data they were given."""

import json
from datetime import date
from typing import Any

import altair as alt
import pytest
from altair.utils import schemapi

from sen2dash.charts import compact_stacks as small_stacks
from sen2dash.charts.bars import Bar, bar_chart, column_chart
from sen2dash.charts.bridge import BridgeStep, bridge
from sen2dash.charts.compact import AROUND, LINE, ROW, compact_bars, key_in_words
from sen2dash.charts.compact_stacks import FILLS, Part, compact_stacks
from sen2dash.charts.heatmap import Cell, heatmap
from sen2dash.charts.histogram import Bin, Limit, histogram
from sen2dash.charts.levels import Level, level_chart
from sen2dash.charts.pieces import FAINT_OPACITY, Chart, Picture
from sen2dash.charts.stacks import Segment, Stack, stacked_bars
from sen2dash.charts.timeline import Moment, Span, timeline
from sen2dash.charts.versions import ChartVersion, Dot, Track, version_chart
from tests.charted import rows_of

BARS = (
    Bar("a", "Autism", 0.5, "50.0% (2 of 4)", (("England", 0.6),)),
    Bar("b", "Hearing", None, "c"),
)


PARTS = (
    Part("a", "Met", 0.75, "9 (75.0%)"),
    Part("b", "Absent", 0.08, "1 (8.0%)"),
    Part("c", "Left", None, "c"),
    Part("d", "Not met", 0.17, "2 (17.0%)"),
)


def made() -> dict[str, Chart]:
    stack = Stack("a", "Ours", (Segment("Special", 0.75, "75%"), Segment("Other", 0.25, "25%")))
    return {
        "bars": bar_chart("Plans", "Share of plans.", "Need", BARS),
        "compact": compact_bars("Plans", "Share of plans.", "Need", BARS, "a"),
        "parts": compact_stacks("Plans", "Share.", "Subject", [small_stacks.Row("x", "Reading", PARTS)], "x/b"),
        "columns": column_chart("Plans", "Share of plans.", "Month", BARS),
        "shares": stacked_bars("Plans", "Share of plans.", "Who", [stack]),
        "histogram": histogram("Plans", "Number.", "Weeks", [Bin(0, 2, "up to 2", 3, "3")], [Limit(1, "1 week")]),
        "bridge": bridge("Plans", "", ("Step", "Plans", "Rate"), [BridgeStep("a", "Before", "total", 3, "3")]),
        "levels": level_chart("Plans", "", "Month", BARS, [Level("England", 0.5, "50%"), Level("Region", 0.51, "51%")]),
        "heatmap": heatmap(
            "Plans", "Number.", "Need", [Cell("Autism", "Male", 3, "3"), Cell("Autism", "Female", 0, "0")]
        ),
    }


def versions(n_tracks: int, breaks: tuple[int, ...]) -> Chart:
    """Lines over two versions. The last number is hidden."""
    known = [
        ChartVersion("Mock\n1 Feb 2025", "SEN2 2025", True, (("Kind", "Mock return"),)),
        ChartVersion("Mock\n1 Feb 2025", "SEN2 2026", False, (("Kind", "Submission"),)),
    ]
    tracks = [
        Track(f"Line {k}", (Dot(0.5, "50%", "50%\n2 of 4"), Dot(None, "c", "c")), ((0, 1),)) for k in range(n_tracks)
    ]
    table = (("Version", "Value"), (("Mock", "50%"), ("Mock", "c")))
    return version_chart("Plans", "", known, tracks, (breaks, "definition changed"), "percent", table, "Plans.")


def others() -> dict[str, Chart]:
    """The same kinds of chart without their optional parts, and the timeline."""
    bar = Bar("a", "Autism", 3, "3\n4", is_faint=True)
    spans = [Span("Plan", date(2024, 1, 1), date(2024, 3, 1), "8 weeks"), Span("Visit", date(2024, 2, 1), None, "one")]
    between = (date(2024, 1, 1), date(2024, 4, 1))
    return {
        "bars_alone": bar_chart("Plans", "", "Need", [bar], "number"),
        "compact_alone": compact_bars("Plans", "", "Need", [bar]),
        "columns_alone": column_chart("Plans", "", "Month", [bar], "number"),
        "no_steps": bridge("Plans", "", ("Step", "Plans", "Rate"), []),
        "versions": versions(2, (1,)),
        "versions_alone": versions(1, ()),
        "levels_alone": level_chart("Plans", "", "Month", [bar], []),
        "no_parts": compact_stacks("Plans", "", "Subject", []),
        "no_shares": stacked_bars("Plans", "", "Who", []),
        "no_bins": histogram("Plans", "", "Weeks", []),
        "heatmap_to_pick": heatmap("Plans", "", "Need", [Cell("Autism", "Male", None, "", "a")]),
        "timeline": timeline(
            "Plans", "", "One plan.", spans, [Moment(date(2024, 2, 1), "census day")], between, ("What",), (("Plan",),)
        ),
    }


def test_charts_are_held_against_the_schema_here_and_not_while_pages_are_drawn() -> None:
    """Pages draw other numbers with the same functions; the charts of pages are checked in tests/pages."""
    charts = made() | others()
    kinds = {
        "parts",
        "bars",
        "compact",
        "columns",
        "shares",
        "histogram",
        "heatmap",
        "timeline",
        "bridge",
        "levels",
        "versions",
    }
    assert {kind for kind in kinds if any(kind in name for name in charts)} == kinds
    for chart in charts.values():
        checked = chart.picture.to_dict(validate=True)
        assert checked.keys() == chart.picture.to_dict().keys()
    assert schemapi.DEBUG_MODE is False
    # The type is meant to be wrong.
    wrong = Picture(layer=[alt.Chart(alt.InlineData(values=[])).mark_bar(size="large")])  # type: ignore[arg-type]
    assert wrong.to_dict()["layer"][0]["mark"]["size"] == "large"
    with pytest.raises(schemapi.SchemaValidationError):
        wrong.to_dict(validate=True)


@pytest.mark.parametrize("kind", ["bars", "columns", "shares", "histogram", "heatmap"])
def test_a_chart_says_in_words_what_it_shows(kind: str) -> None:
    chart = made()[kind]
    assert chart.alt_text.startswith("Plans")
    assert chart.alt_text.endswith(".")
    assert all(len(row) == len(chart.columns) for row in chart.rows)
    drawn = json.dumps(chart.picture.to_dict())
    for row in chart.rows:
        assert all(cell in drawn for cell in row if cell and kind not in ("bars", "columns"))


def test_two_versions_of_the_same_name_have_places_of_their_own() -> None:
    rows = rows_of(versions(1, ()))
    assert {row["label"] for row in rows if "year" in row} == {"Mock\n1 Feb 2025", "Mock\n1 Feb 2025\u200b"}
    assert [(row["value"], row["is_hollow"]) for row in rows if "is_hollow" in row] == [(0.5, True)]


@pytest.mark.parametrize("kind", ["bars", "columns"])
def test_a_hidden_value_is_drawn_as_nothing_and_said_as_what_it_is(kind: str) -> None:
    chart = made()[kind]
    assert chart.rows == (("Autism", "50.0% (2 of 4)", "60.0%"), ("Hearing", "c", ""))
    assert chart.choices == (("a", "Autism"), ("b", "Hearing"))
    assert "Hearing" not in chart.alt_text


def test_rows_of_bars_are_high_enough_for_their_labels() -> None:
    for n in (1, 5, 30):
        chart = bar_chart("Plans", "", "Need", [Bar(str(k), str(k), k, str(k)) for k in range(n)], "number")
        assert chart.picture.to_dict()["height"] >= 28 * n


def test_axis_text_is_black_on_white() -> None:
    config = made()["bars"].picture.to_dict()["config"]
    assert config["axis"]["labelColor"] == "#0b0c0c"
    assert made()["bars"].picture.to_dict()["background"] == "white"


def test_more_segments_than_colours_are_refused() -> None:
    segments = tuple(Segment(str(k), 1 / 7, "") for k in range(7))
    with pytest.raises(ValueError, match="six"):
        stacked_bars("", "", "", [Stack("a", "a", segments)])


@pytest.mark.parametrize("rows", [(), (Bar("a", "Autism", None, "c"),)])
def test_a_chart_of_nothing_says_so(rows: tuple[Bar, ...]) -> None:
    assert bar_chart("Plans", "", "Need", rows).alt_text == "Plans: nothing to show."


def values_of(chart: Chart) -> list[dict[str, Any]]:
    """The data of the bars of a chart, without that of its marks."""
    return [row for row in rows_of(chart) if "mark" not in row]


@pytest.mark.parametrize("kind", ["bars", "columns"])
def test_every_comparison_has_its_value_after_the_sign_of_its_shape(kind: str) -> None:
    marks = (("England", 0.6), ("West Midlands", 0.523))
    draw = bar_chart if kind == "bars" else column_chart
    rows = [Bar("a", "Autism", 0.5, "50.0% (2 of 4)", marks), Bar("b", "Hearing", None, "c", marks[1:])]
    drawn = values_of(draw("Plans", "", "Need", rows))
    between = "\u2003" if kind == "bars" else "\n"
    assert [row["beside"] for row in drawn] == [f"◆ 60.0%{between}● 52.3%", "● 52.3%"]
    # Texts begin after the last mark, so that none hides them.
    assert [row["end"] for row in drawn] == [0.6, 0.523]
    assert "beside" not in values_of(draw("Plans", "", "Need", [Bar("a", "Autism", 0.5, "50%")]))[0]


@pytest.mark.parametrize("is_faint", [False, True])
def test_a_share_of_few_cases_is_drawn_faint(is_faint: bool) -> None:
    bar = Bar("a", "Autism", 1.0, "100.0% (1 of 1)", is_faint=is_faint)
    for draw in (bar_chart, column_chart, compact_bars):
        assert values_of(draw("Plans", "", "Need", [bar]))[0]["faint"] is is_faint
    stack = Stack("a", "Ours", (Segment("Special", 1.0, "1"), Segment("Other", 0.0, "0")), is_faint)
    assert values_of(stacked_bars("Plans", "", "Who", [stack]))[0]["opacity"] == (FAINT_OPACITY if is_faint else 1)


def test_a_part_of_a_small_stacked_bar_is_picked_marked_and_named() -> None:
    chart = made()["parts"]
    assert chart.rows == (("Reading", "9 (75.0%)", "1 (8.0%)", "c", "2 (17.0%)"),)
    assert chart.choices == (("x/a", "Reading: Met"), ("x/b", "Reading: Absent"), ("x/d", "Reading: Not met"))
    assert chart.alt_text == "Plans: Reading: Met 9 (75.0%), Absent 1 (8.0%), Not met 2 (17.0%)."
    drawn = rows_of(chart)
    assert [row["key"] for row in drawn] == ["x/a", "x/b", "x/d"], "what is hidden has no room of its own"
    assert [row["marked"] for row in drawn] == [False, True, False]
    assert [row["inside"] for row in drawn] == ["9 (75.0%)", "1", "2"], "the number alone where no more fits"
    assert [round(row["end"], 2) for row in drawn] == [0.75, 0.83, 1.0]
    assert others()["no_parts"].alt_text == "Plans: nothing to show."


def test_further_parts_of_a_small_stacked_bar_begin_the_colours_again() -> None:
    n = len(FILLS) + 1
    parts = tuple(Part(str(place), f"Part {place}", 1 / n, "1") for place in range(n))
    drawn = compact_stacks("", "", "", [small_stacks.Row("x", "Reading", parts, is_faint=True)])
    assert [row["ink"] for row in rows_of(drawn)] == ["#0b0c0c"] * n and rows_of(drawn)[0]["opacity"] < 1
    scale = drawn.picture.to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert (scale["range"][-1], len(scale["range"])) == (FILLS[0][0], n)


def test_two_comparisons_of_a_small_bar_have_a_column_each_the_newest_at_the_edge() -> None:
    marks = (("Return of 2024", 0.4), ("Return of 2025", 0.6))
    chart = compact_bars("Plans", "", "Need", [Bar("a", "Autism", 0.5, "2 (50.0%)", marks)])
    (row,) = rows_of(chart)
    assert (row["beside_text_0"], row["beside_text_1"], row["end"]) == ("40.0%", "60.0%", 0.6)
    assert chart.columns == ("Need", "Value", "Return of 2024", "Return of 2025")
    assert chart.rows == (("Autism", "2 (50.0%)", "40.0%", "60.0%"),)
    assert key_in_words(chart.columns[2:]) == "Orange line: Return of 2025. Short grey line: Return of 2024."
    texts = [
        each["mark"] for each in chart.picture.to_dict(validate=True)["layer"] if each["mark"].get("align") == "right"
    ]
    assert texts[0]["dx"] < texts[1]["dx"] == 0


def test_long_texts_leave_less_room_for_bars() -> None:
    def room(text: str) -> float:
        scale = bar_chart("Plans", "", "Need", [Bar("a", "Autism", 0.5, text)]).picture.to_dict()["layer"][0]
        (_, end) = scale["encoding"]["x"]["scale"]["range"]
        return float(end["expr"].removeprefix("max(width - ").split(",")[0])

    assert room("50.0% (1,234 of 2,468)") > room("50.0%") > 0


def test_small_bars_mark_the_chosen_one_and_give_the_value_of_their_comparison() -> None:
    chart = compact_bars("Plans", "", "Need", BARS, marked="b")
    assert chart.columns == ("Need", "Value", "England")
    assert chart.rows == (("Autism", "50.0% (2 of 4)", "60.0%"), ("Hearing", "c", ""))
    assert chart.choices == (("a", "Autism"), ("b", "Hearing"))
    (rows,) = chart.picture.to_dict()["datasets"].values()
    data = {row["key"]: row for row in rows}
    assert [data[key]["marked"] for key in "ab"] == [False, True]
    assert (data["a"]["value"], data["a"]["beside_0"], data["a"]["end"]) == (0.5, 0.6, 0.6)
    assert (data["b"]["value"], data["b"]["beside_0"], data["b"]["beside_text_0"]) == (0, None, "")


def test_small_bars_have_room_for_every_line_of_their_labels() -> None:
    label = "Educated elsewhere - not in education or training (notice to cease issued)"
    short = compact_bars("", "", "", [Bar("a", "Autism", 1, "1")]).picture.to_dict()
    tall = compact_bars("", "", "", [Bar("a", label, 1, "1"), Bar("b", label + " x", 1, "1")]).picture.to_dict()
    assert short["height"] == ROW + AROUND
    assert tall["height"] >= 2 * 4 * LINE + AROUND
    assert label.rsplit(maxsplit=1)[-1] in json.dumps(tall), "no word of a label is left out"


def test_a_chart_is_made_once_and_nobody_can_change_it() -> None:
    picture = bar_chart("Plans", "", "Need", BARS).picture
    first = picture.to_dict()
    first["layer"].clear()
    assert picture.to_dict()["layer"]
    assert "_ready" not in picture.to_dict()
