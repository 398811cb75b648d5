"""No file costs more than FACTOR times the time or memory of a valid return of its size."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from sen2dash.sample.generate import sample_bytes
from tests.conftest import IS_LONG
from tests.hostile import probe
from tests.hostile.files import header_last
from tests.hostile.floods import EARLIER, FLOODS, Flood, valid

#: How many times the processor time and memory of a valid return of the same size a hostile file may need.
FACTOR = 10
#: Bytes of each flood: large enough to reveal anything that grows with the square of the size, twice as large in
#: `make test-long`.
SIZE = 2_000_000 if IS_LONG else 1_000_000


@cache
def cost_of_valid(folder: Path, with_earlier: bool = False) -> probe.Cost:
    path = folder / "valid.xml"
    path.write_bytes(valid(SIZE))
    return probe.in_fresh_process(probe.cost_of_comparison if with_earlier else probe.cost_of_report, path)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood.name)
def test_a_flood_costs_no_more_than_a_valid_return(flood: Flood, folder: Path) -> None:
    data = flood.make(SIZE).encode()
    assert 0.8 * SIZE < len(data) < 1.1 * SIZE
    path = folder / "flood.xml"
    path.write_bytes(data)
    cost, usual = probe.in_fresh_process(probe.cost_of_report, path), cost_of_valid(folder)
    assert (cost.refused, cost.broken) == (flood.refused, ())
    assert cost.seconds < FACTOR * usual.seconds
    if cost.memory is not None and usual.memory is not None:
        assert cost.memory < FACTOR * usual.memory


@pytest.mark.parametrize("flood", EARLIER, ids=lambda flood: flood.name)
def test_a_flood_compared_with_itself_costs_no_more_than_a_valid_return(flood: Flood, folder: Path) -> None:
    path = folder / "flood.xml"
    path.write_text(flood.make(SIZE), encoding="utf-8")
    cost, usual = probe.in_fresh_process(probe.cost_of_comparison, path), cost_of_valid(folder, with_earlier=True)
    assert (cost.refused, cost.broken) == (None, ())
    assert cost.seconds < FACTOR * usual.seconds
    if cost.memory is not None and usual.memory is not None:
        assert cost.memory < FACTOR * usual.memory


@pytest.mark.parametrize(
    "name", ["in the persons", "in each person", "open tags", "people", "people before the header"]
)
def test_a_file_that_has_been_read_or_refused_leaves_nothing_behind(name: str, folder: Path) -> None:
    floods = {flood.name: flood for flood in FLOODS}
    path = folder / "again.xml"
    people = valid(SIZE // 4).decode()
    texts = {"people": people, "people before the header": header_last(people)}
    path.write_text(texts[name] if name in texts else floods[name].make(SIZE), encoding="utf-8")
    held = probe.in_fresh_process(probe.memory_of_rounds, path)
    if held is not None:
        first, last = held
        assert last < 3 * first + 5_000_000


def test_the_memory_of_the_reader_does_not_grow_with_the_file(folder: Path) -> None:
    before, person, after = sample_bytes(6_000, seed=3, year=2025).decode().partition("<Person>")
    people, end, after = (person + after).rpartition("</Person>")
    small, large = folder / "small.xml", folder / "large.xml"
    small.write_text(before + people + end + after, encoding="utf-8")
    large.write_text(before + (people + end) * 12 + after, encoding="utf-8")
    first, second = (probe.in_fresh_process(probe.cost_of_shredding, path) for path in (small, large))
    assert second.seconds > 5 * first.seconds
    if first.memory is not None and second.memory is not None:
        # What a reader works with at a time is the same for both. Only an allocator may hold a little more.
        assert second.memory - first.memory < (large.stat().st_size - small.stat().st_size) / 3


def test_the_memory_of_a_workbook_does_not_grow_with_the_findings(folder: Path) -> None:
    path = folder / "found.xml"
    path.write_bytes(sample_bytes(40, seed=3, year=2025, defects=60))
    n_findings, memory = probe.in_fresh_process(probe.memory_of_workbook, path)
    assert n_findings > 40_000
    if memory is not None:
        assert memory < 80_000_000
