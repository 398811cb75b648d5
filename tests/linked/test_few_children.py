"""For sharing, nothing about sessions and events is shown of few children, however many they have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sen2dash.analysis import linked_absence, linked_exclusions
from sen2dash.analysis.linked_cards import Card
from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Selection
from sen2dash.linked.census import CensusFigures
from tests.linked.making import Census, matched, person, sen2

Make = Callable[[Report, Selection, CensusFigures, int], list[Card]]
N = 30


def return_of(n: int = N) -> bytes:
    return sen2(*(person(upn=f"A{place:012}") for place in range(n)))


def census_of(
    n: int = N, events: dict[int, list[str]] | None = None, sessions: dict[int, dict[str, int]] | None = None
) -> Census:
    """So many children in one summer census. events: reasons by child. sessions: by child and code."""
    census = Census()
    census.has("termlyexclusionsonroll", "termlysessiondetailsonroll")
    school = census.school("SUM")
    for place in range(n):
        row = census.pupil(school, upn=f"A{place:012}", termlysessionspossible=280)
        for day, reason in enumerate((events or {}).get(place, ()), start=1):
            items = {"category": "SUSP", "startdate": f"2024-02-{day:02}", "sessions": 4, "reason1": reason}
            census.add("termlyexclusionsonroll", row, **items)
        for code, number in (sessions or {}).get(place, {}).items():
            census.add("termlysessiondetailsonroll", row, attendancereason=code, sessions=number)
    return census


@contextmanager
def cards(folder: Path, census: Census, make: Make, n: int = N) -> Iterator[Callable[[bool], dict[str, str]]]:
    """A function that gives the texts of each card, for sharing or not."""
    with matched(return_of(n), None, {"census": census.write(folder / "c")}) as (report, found):
        assert found.census is not None
        every = found.census

        def texts(is_sharing: bool) -> dict[str, str]:
            selection = figures.select(report, is_sharing=is_sharing)
            drawn = {
                f"{card.key} {choice}".strip(): card.draw(choice, "")
                for card in make(report, selection, every, 2023)
                for choice in card.choices
            }
            return {
                key: " | ".join(
                    [each.chart.subtitle, *(" ".join(map(str, row)) for row in each.chart.rows), *each.notes]
                )
                for key, each in drawn.items()
            }

        yield texts


def test_many_suspensions_of_one_child_are_not_shown(tmp_path: Path) -> None:
    census = census_of(events={0: ["DB"] * 9})
    with cards(tmp_path, census, linked_exclusions.exclusion_cards) as texts:
        open_, shared = texts(False), texts(True)
    assert "Suspensions: 9, 30.00 for each 100 children. Sessions lost: 36 (18.0 days)." in open_["excluded"]
    assert "Suspensions: c, c for each 100 children. Sessions lost: c (c days)." in shared["excluded"]
    assert "All: 30 people in a census of that year" in shared["excluded"]
    assert "Persistent disruption" in open_["event_reasons False"]
    for key in ("event_reasons False", "event_reasons True", "events"):
        assert "All: c " in shared[key] and not re.search(
            r"\d(?!00%)", shared[key].partition("All")[2].replace("100%", "")
        )


def test_a_reason_of_one_child_with_many_events_is_not_shown(tmp_path: Path) -> None:
    """Nor does it follow from the whole: the smallest of the other reasons is left out with it."""
    events = {0: ["DB"] * 12, **{place: ["PA"] for place in range(1, 11)}, **{place: ["VP"] for place in range(11, 30)}}
    with cards(tmp_path, census_of(events=events), linked_exclusions.exclusion_cards) as texts:
        open_, shared = texts(False), texts(True)
    assert "Persistent disruption" in open_["event_reasons False"]
    assert "Persistent disruption" not in shared["event_reasons False"]
    assert "threat, pupil" in shared["event_reasons False"] and "of an adult" not in shared["event_reasons False"]
    assert "Suspensions: 40," in shared["excluded"]


def test_sessions_of_two_children_are_not_shown(tmp_path: Path) -> None:
    sessions = {0: {"I": 100}, 1: {"G": 50}}
    with cards(tmp_path, census_of(2, sessions=sessions), linked_absence.absence_cards, n=2) as texts:
        open_, shared = texts(False), texts(True)
    assert "All: 560 possible sessions." in open_["absence"]
    for key in ("absence", "reasons possible", "reasons absence"):
        assert "All: c " in shared[key]
        assert not re.search(r"\d", shared[key].partition("All")[2].replace("aged 5 to 15", "")), shared[key]


def test_absence_of_few_children_is_not_shown_and_does_not_follow_from_the_rest(tmp_path: Path) -> None:
    """One child has all unauthorised absence, and one has a code, with many sessions."""
    sessions = {place: {"I": 10, "M": 5} for place in range(N)}
    sessions[0] |= {"G": 100}
    sessions[1] |= {f"Z{place}": 12 for place in range(9)}
    with cards(tmp_path, census_of(sessions=sessions), linked_absence.absence_cards) as texts:
        open_, shared = texts(False), texts(True)
    assert "Unauthorised" in open_["absence"]
    assert "All absence" in shared["absence"]
    assert "uthorised" not in shared["absence"], "the other part would follow"
    assert "Codes that are not in the list" in open_["reasons possible"]
    assert "Codes that are not in the list" not in shared["reasons possible"]
    assert "Codes that are not in the list" not in open_["reasons absence"], "they are no absence"
    assert "Illness" in open_["reasons absence"] and "Illness" not in shared["reasons absence"], shared[
        "reasons absence"
    ]


def test_shares_of_reasons_are_of_the_absence_that_is_shown(tmp_path: Path) -> None:
    """Two children with reasons, one of them with a code that is not in the list, and one with totals alone."""
    census = census_of(2, sessions={0: {"I": 30, "ZQ": 50}, 1: {"G": 10}})
    census.columns["pupilonroll"] = [
        *census.columns["pupilonroll"],
        *("termlysessionsauthorised", "termlysessionsunauthorised"),
    ]
    totals: dict[str, Any] = {
        "termlysessionsauthorised": 60,
        "termlysessionsunauthorised": 0,
        "termlysessionspossible": 280,
    }
    census.pupil(census.tables["schoolcensus"][0]["schoolcensustableid"], upn="A000000000002", **totals)
    with cards(tmp_path, census, linked_absence.absence_cards, n=3) as texts:
        found = texts(False)
    assert "All: 100 sessions missed." in found["reasons absence"]
    assert "30.0%" in found["reasons absence"] and "10.0%" in found["reasons absence"]
    assert "Sessions missed without a reason in the files: 60." in found["reasons absence"]
    assert "ZQ" not in found["reasons absence"]


def test_events_of_a_year_without_a_base_have_no_rate(tmp_path: Path) -> None:
    census = census_of(events={0: ["DB"], 1: ["DB"]})
    for row in census.tables["termlyexclusionsonroll"]:
        row["startdate"] = "2023-06-05"  # type: ignore[index]
    with matched(return_of(), None, {"census": census.write(tmp_path / "c")}) as (report, found):
        assert found.census is not None
        card = linked_exclusions.exclusion_cards(report, figures.select(report), found.census, 2022)[0]
        notes = " ".join(card.draw("", "").notes)
    assert "0.0" not in notes and "for each 100" not in notes
    assert "Suspensions: 2. Sessions lost: 8" in notes
    assert "there is no base for rates. Children suspended: 2; permanently excluded: 0." in notes


def test_children_with_events_outside_the_base_are_counted_where_they_are_not_few(tmp_path: Path) -> None:
    """Children whose only census is of the next year can have events of this one."""
    inside, outside = census_of(12, {0: ["DB"]}), Census("Later")
    outside.has("termlyexclusionsonroll")
    school = outside.school("AUT", 2024)
    for place in range(12, 12 + 9):
        row = outside.pupil(school, upn=f"A{place:012}")
        outside.add("termlyexclusionsonroll", row, category="SUSP", startdate="2024-05-07", sessions=2)
    folders = [inside.write(tmp_path / "a"), outside.write(tmp_path / "b")]
    for n_out, for_sharing in ((9, "10 of the children"), (1, "")):
        with matched(return_of(12 + n_out), None, {"census": folders}) as (report, found):
            assert found.census is not None
            notes = [
                [
                    each
                    for each in linked_exclusions.exclusion_cards(report, selection, found.census, 2023)[0]
                    .draw("", "")
                    .notes
                    if "over 100%" in each
                ]
                for selection in (figures.select(report), figures.select(report, is_sharing=True))
            ]
        assert notes[0][0].startswith(f"{n_out} of the children suspended or excluded ")
        assert [each.startswith(for_sharing) for each in notes[1]] == ([True] if for_sharing else [])
    assert "1 of the children suspended or excluded is not in a census of that year" in notes[0][0]


def test_no_child_outside_the_base_is_no_note(tmp_path: Path) -> None:
    with cards(tmp_path, census_of(events={0: ["DB"]}), linked_exclusions.exclusion_cards) as texts:
        assert "over 100%" not in texts(False)["excluded"]
