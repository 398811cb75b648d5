"""Every row's line is that of its start tag, as an independent parser counts it; rows do not depend on encoding."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

import pytest
from hypothesis import given

from sen2dash import spec
from sen2dash.reading import shred
from tests.properties.returns import returns, samples

PATHS = {
    (
        "message",
        "persons",
        *(spec.group_of(t).element.lower() for t in spec.ancestors(g.table)),
        g.element.lower(),
    ): g.table
    for g in spec.GROUPS
}


def expat_lines(data: bytes, encoding: str | None = None) -> dict[str, list[int]]:
    """The lines of all groups that are read, by table; a group that may occur once counts once."""
    parser = expat.ParserCreate(encoding)
    path: list[tuple[str, int]] = []
    seen: list[set[str]] = [set()]
    found: dict[str, list[int]] = {group.table: [] for group in spec.GROUPS}
    hidden = 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal hidden
        name = name.rpartition(":")[2].lower()
        path.append((name, parser.CurrentLineNumber))
        table = PATHS.get(tuple(step for step, _ in path))
        is_read = not hidden and (table is not None or name in ("message", "persons"))
        if is_read and table is not None and not spec.group_of(table).repeats:
            is_read = name not in seen[-1]
            seen[-1].add(name)
        if not is_read:
            hidden += 1
        elif table is not None:
            found[table].append(parser.CurrentLineNumber)
        seen.append(set())

    def end(_: str) -> None:
        nonlocal hidden
        path.pop()
        seen.pop()
        hidden -= hidden > 0

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return found


def shredded(data: bytes) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in (*spec.TABLES, "deviation")}
    shred.shred(data, lambda table, batch: rows[table].extend(batch.to_pylist()))
    return rows


def shred_lines(data: bytes) -> dict[str, list[int]]:
    rows = shredded(data)
    return {g.table: [row["line"] for row in sorted(rows[g.table], key=lambda row: row["row_id"])] for g in spec.GROUPS}


@samples(80)
@given(returns())
def test_lines_of_any_return(text: str) -> None:
    data = text.encode("utf-8")
    assert shred_lines(data) == expat_lines(data)


PERSON = """<Person>
  <Surname>Öz</Surname>
  <!-- a comment with <Person> and
       <SENneed> over two lines -->
  <Forename><![CDATA[<Requests>
  ]]></Forename>
  <Requests
     note="a > b"
     other='1'
  ><ReceivedDate>2024-05-01</ReceivedDate><?go <Assessment> ?>
    <Assessment><NamedPlan><PlanDetail/><PlanDetail>
      <URN/></PlanDetail></NamedPlan></Assessment>
    <ActivePlans><PlacementDetail></PlacementDetail>
      <SENneed><SENtype>ASD</SENtype></SENneed></ActivePlans></Requests>
</Person>
"""


def message(persons: int, declared: str = "UTF-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n<Message>\n<Header><CollectionDetails><Year>2025</Year>'
        f"</CollectionDetails>\n<Source/></Header>\n<Persons>\n{PERSON * persons}</Persons>\n</Message>\n"
    )


ENCODINGS = (
    ("UTF-8", "utf-8"),
    ("UTF-8", "utf-8-sig"),
    ("UTF-16", "utf-16"),
    ("ISO-8859-1", "iso-8859-1"),
    ("windows-1252", "cp1252"),
)


@pytest.mark.parametrize(("declared", "codec"), ENCODINGS)
@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
def test_lines_in_every_encoding(declared: str, codec: str, breaks: str) -> None:
    data = message(3, declared).replace("\n", breaks).encode(codec)
    lines = shred_lines(data)
    assert lines == expat_lines(data)
    assert lines["person"] == [6, 21, 36]
    assert lines["requests"] == [12, 27, 42]
    assert [row["surname"] for row in shredded(data)["person"]] == ["Öz"] * 3


def test_a_file_on_one_line() -> None:
    data = message(3).replace("\n", " ").encode()
    lines = shred_lines(data)
    assert {line for found in lines.values() for line in found} == {1}
    assert len(lines["plandetail"]) == 6


def test_lines_past_65535() -> None:
    """Beyond this line the parser's own numbers are wrong, and the reader uses many batches and chunks."""
    data = message(9_000).encode()
    assert data.count(b"\n") > 120_000
    assert shred_lines(data) == expat_lines(data)
    assert shredded(data)["header"][0]["line"] == 3


def test_the_header_has_its_line_and_persons_first_is_read_the_same() -> None:
    head, _, rest = message(1).partition("<Header>")
    header, _, rest = rest.partition("</Header>\n")
    first = shredded(message(1).encode())
    swapped = shredded((head + rest.replace("</Persons>\n", f"</Persons>\n<Header>{header}</Header>\n")).encode())
    assert first["header"][0]["line"] == 3
    assert swapped["header"][0]["line"] == 20
    assert {k: v for k, v in swapped["header"][0].items() if k != "line"} == {
        k: v for k, v in first["header"][0].items() if k != "line"
    }
