"""The bytes are returned as they were, and each line can be read from anywhere in the file."""

import random

import pytest

from sen2dash.reading import source
from sen2dash.reading.source import SourceText


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "BLOCK", 7)


@pytest.mark.parametrize("seed", range(20))
def test_lines_are_those_of_the_file(seed: int) -> None:
    rng = random.Random(seed)
    data = bytes(rng.choice(b"ab\n\n\xc3\xa9") for _ in range(rng.randint(0, 120)))
    kept = SourceText(data)
    assert kept.data() == data
    lines = data.split(b"\n")
    for _ in range(20):
        first = rng.randint(1, len(lines))
        last = rng.choice([None, rng.randint(first, len(lines))])
        expected = [line.decode("utf-8", errors="replace") for line in lines[first - 1 : last]]
        assert kept.lines(first, last, "utf-8") == (expected if data else [])


def test_line_ends_and_encodings_of_other_systems() -> None:
    text = "eins\r\nzw\u00f6lf\r\ndrei"
    assert SourceText(text.encode("cp1252")).lines(2, 2, "cp1252") == ["zw\u00f6lf"]
    marked = "\ufeff<?xml version='1.0' encoding='UTF-16'?>\n<a>\n\u00e9</a>".encode("utf-16-le")
    assert SourceText(marked).lines(3, 3, "utf-16") == ["\u00e9</a>"]
