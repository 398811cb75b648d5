"""Charts include their words and their table, and contain the data they were given."""

import json
from datetime import date

import altair as alt
import pytest
from altair.utils import schemapi

from sen2dash.charts.bars import Bar, bar_chart, column_chart
from sen2dash.charts.bridge import Step, bridge
from sen2dash.charts.compact import AROUND, LINE, ROW, compact_bars
from sen2dash.charts.heatmap import Cell, heatmap
from sen2dash.charts.histogram import Bin, Limit, histogram
from sen2dash.charts.levels import Level, level_chart
from sen2dash.charts.pieces import Chart, Picture
from sen2dash.charts.stacks import Segment, Stack, stacked_bars
from sen2dash.charts.timeline import Moment, Span, timeline

BARS = (
    Bar("a", "Autism", 0.5, "50.0% (2 of 4)", (("England", 0.6),)),
    Bar("b", "Hearing", None, "c"),
)


def made() -> dict[str, Chart]:
    stack = Stack("a", "Ours", (Segment("Special", 0.75, "75%"), Segment("Other", 0.25, "25%")))
    return {
        "bars": bar_chart("Plans", "Share of plans.", "Need", BARS),
        "compact": compact_bars("Plans", "Share of plans.", "Need", BARS, "a"),
        "columns": column_chart("Plans", "Share of plans.", "Month", BARS),
        "shares": stacked_bars("Plans", "Share of plans.", "Who", [stack]),
        "histogram": histogram("Plans", "Number.", "Weeks", [Bin(0, 2, "up to 2", 3, "3")], [Limit(1, "1 week")]),
        "bridge": bridge("Plans", "", ("Step", "Plans", "Rate"), [Step("a", "Before", "total", 3, "3")]),
        "levels": level_chart("Plans", "", "Month", BARS, [Level("England", 0.5, "50%"), Level("Region", 0.51, "51%")]),
        "heatmap": heatmap(
            "Plans", "Number.", "Need", [Cell("Autism", "Male", 3, "3"), Cell("Autism", "Female", 0, "0")]
        ),
    }


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
        "levels_alone": level_chart("Plans", "", "Month", [bar], []),
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
    kinds = {"bars", "compact", "columns", "shares", "histogram", "heatmap", "timeline", "bridge", "levels"}
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


def test_small_bars_mark_the_chosen_one_and_give_the_value_of_their_comparison() -> None:
    chart = compact_bars("Plans", "", "Need", BARS, marked="b")
    assert chart.columns == ("Need", "Value", "England")
    assert chart.rows == (("Autism", "50.0% (2 of 4)", "60.0%"), ("Hearing", "c", ""))
    assert chart.choices == (("a", "Autism"), ("b", "Hearing"))
    (rows,) = chart.picture.to_dict()["datasets"].values()
    data = {row["key"]: row for row in rows}
    assert [data[key]["marked"] for key in "ab"] == [False, True]
    assert (data["a"]["value"], data["a"]["beside"], data["a"]["end"]) == (0.5, 0.6, 0.6)
    assert (data["b"]["value"], data["b"]["beside"], data["b"]["beside_text"]) == (0, None, "")


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
