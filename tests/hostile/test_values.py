"""Odd values are shown as text on every page, inert in CSV and Excel files, and found by the search."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl.utils.escape import unescape
from streamlit.testing.v1 import AppTest

from sen2dash import cli, ui
from sen2dash import text as texts
from sen2dash.checks import dfe_numbers, findings
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.output import export, workbook
from sen2dash.reading.register import read_register
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from sen2dash.web import session_data, vault
from tests.hostile import values
from tests.hostile.pages import Files, check_csv, check_xlsx, checked, files
from tests.hostile.values import VALUES

__all__ = ["files"]
SESSION = "odd values"
PAGES = [name for name, _, _ in ui.PAGES]
#: Pages that offer no file of this return. Those of an archive and of linked files are tested apart.
WITHOUT_FILES = ("upload", "person", "headlines", "timeliness", "linked", "kept", "trend", "audit")
TERMINAL = re.compile(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build_report(
        values.hostile_return(),
        Settings(now=datetime(2025, 2, 1, 12, 0)),
        previous=values.earlier_return(),
        establishments=read_register(values.register()),
    )
    assert not made.of_status("broken")
    yield made
    made.close()


@pytest.fixture
def open_page(report: Report) -> Iterator[Callable[..., AppTest]]:
    """A function that opens a page with the hostile return; the files have one of the values as their names."""

    def open_with(page: str, name: str = "return.xml") -> AppTest:
        at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60)
        at.session_state[vault.SESSION_KEY] = SESSION
        inputs = session_data.Inputs(
            SourceText(values.hostile_return()),
            name,
            previous=SourceText(values.earlier_return()),
            previous_name=name,
            establishments=read_register(values.register()),
            establishments_name=name,
        )
        vault.VAULT._entries[SESSION] = session_data.LoadedReturn(report, inputs)
        at.session_state["person_lines"] = True
        checked(at.run())
        if page != PAGES[0]:
            at.switch_page(f"../pages/{page}.py")
            checked(at.run())
        return at

    yield open_with
    vault.VAULT._entries.pop(SESSION, None)
    vault.VAULT._work.pop(SESSION, None)
    dfe_numbers.apply(report, {})


def people(report: Report) -> dict[int, tuple[str, str]]:
    rows = report.store.rows("select row_id, surname, forename from person")
    return {row["row_id"]: (row["surname"] or "", row["forename"] or "") for row in rows}


# -- the table of values ---------------------------------------------------------------------------------------


def test_every_value_arrives_in_the_store_as_it_is(report: Report) -> None:
    found = people(report)
    for name, text in VALUES.items():
        assert found[values.number_of(name, "names")] == (text, text)
    assert {report.header[element] for element in values.header_items()} == {VALUES["script"]}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("script", r"\<script\>window.odd=1\</script\>"),
        ("link", r"\[x\]\(javascript\:window.odd=4\)"),
        ("address", "http\\:\u2060//example.org/a\\_b"),
        ("www", "www\u2060.example.org"),
        ("e-mail", "ann\\@\u2060example.org"),
        ("icon", "\\:\u2060material/home\\:"),
        ("arrows", "a -\u2060\\> b \\<\u2060- c -\u2060- d \\>\u2060= e"),
        ("rule", r"\---"),
        ("empty list", r"\-"),
        ("number of a list", r"2\."),
        ("carriage return", "a - b c"),
        ("underlined", "a ==="),
        ("override", "abc\ufffdtxt.exe"),
        ("isolate", "abc\ufffddef\ufffd\ufffd\ufffdghi"),
        ("Arabic", "\u2068محمد بن سلمان\u2069"),
        ("long", "W" * 1_000 + "…"),
        ("minus", "-2+3"),
        ("apostrophe", "O'Brien"),
    ],
)
def test_a_text_made_safe_for_markdown(name: str, safe: str) -> None:
    assert ui.plain(VALUES[name]) == safe


# -- pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_values_as_text_and_offers_inert_files(
    open_page: Callable[..., AppTest], files: Files, page: str
) -> None:
    at = open_page(page, VALUES["image"])
    for box in [box for box in at.selectbox if str(box.key).endswith("_chosen")]:
        if box.options:
            checked(at.selectbox(key=str(box.key)).select_index(0).run())
            checked(at.selectbox(key=str(box.key)).set_value(None).run())
    for toggle in [str(toggle.key) for toggle in at.toggle if str(toggle.key).endswith("_table")]:
        checked(at.toggle(key=toggle).set_value(True).run())
    assert files or page in WITHOUT_FILES
    for name, make in files.items():
        assert re.fullmatch(r"[a-z0-9_]+\.(csv|xlsx|txt|md)", name)
        if name.endswith(".csv"):
            check_csv(make())
        elif name.endswith(".xlsx"):
            check_xlsx(make())


@pytest.mark.parametrize("page", ["errors", "queries", "information"])
def test_the_records_of_every_rule_show_values_as_text(
    open_page: Callable[..., AppTest], files: Files, report: Report, page: str
) -> None:
    at = open_page(page)
    for rule_id in at.selectbox(key=f"{page}_rule").options:
        at.selectbox(key=f"{page}_rule").set_value(rule_id.split()[0])
        checked(at.run())
    for make in files.values():
        check_csv(make())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", VALUES)
def test_a_person_and_a_file_of_each_value_are_shown_as_text(
    open_page: Callable[..., AppTest], report: Report, name: str
) -> None:
    safe = ui.plain(VALUES[name])
    at = open_page("upload", VALUES[name])
    assert at.markdown[0].value.endswith(f" File: {safe}.")
    assert sum(each.value == f"Compared with {safe}." for each in at.markdown) == 2
    at.switch_page("../pages/person.py")
    number = values.number_of(name, "names")
    at.query_params["person"] = str(number)
    assert checked(at.run()).title[0].value == f"Person {number}: {ui.plain(f'{VALUES[name]} {VALUES[name]}', 100)}"
    assert (at.table[0].value["Value"] == safe).sum() == 2
    assert texts.mark_hidden(values.xml(VALUES[name])) in at.code[0].value
    at.query_params["person"] = str(values.number_of(name, "codes"))
    assert safe in list(checked(at.run()).table[-1].value["Value"])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", VALUES)
def test_a_header_of_each_value_is_shown_as_text(name: str) -> None:
    data = values.with_header(sample_bytes(persons=2, seed=1, year=2025), VALUES[name])
    made = build_report(data, Settings(now=datetime(2025, 2, 1, 12, 0)), only=())
    vault.VAULT._entries[SESSION] = session_data.LoadedReturn(made, session_data.Inputs(SourceText(data), "return.xml"))
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60)
    at.session_state[vault.SESSION_KEY] = SESSION
    try:
        checked(at.run())
        assert list(at.table[0].value["Value"]).count(ui.plain(VALUES[name])) == len(values.header_items())
        assert at.title[0].value == ui.plain(f"Local authority {texts.flat(VALUES[name], 100)}")
        assert export.file_name(made.collection, "errors", "csv") == "sen2_2025_errors.csv"
    finally:
        vault.VAULT._entries.pop(SESSION, None)
        made.close()


def test_notes_hold_values_as_text(open_page: Callable[..., AppTest], files: Files) -> None:
    at = open_page("notes")
    areas = [str(area.key) for area in at.text_area]
    for key, text in zip(areas, VALUES.values(), strict=False):
        at.text_area(key=key).set_value(text)
    checked(at.run())
    checked(at.segmented_control(key="notes_view").set_value("All as one text").run())
    for text in list(VALUES.values())[: len(areas)]:
        assert text.strip() in at.code[0].value


def test_a_list_of_rule_numbers_is_shown_as_text(open_page: Callable[..., AppTest]) -> None:
    step = dfe_numbers.MAX_NAMED // 2
    listed = list(VALUES.values())
    for start in range(0, len(listed), step):
        out = io.StringIO(newline="")
        good = [["P01", VALUES["www"]]] if start else []
        bad = [row for text in listed[start : start + step] for row in ([text, "1"], ["P02", text])]
        csv.writer(out).writerows([["Rule", "DfE rule"], *good, *bad])
        at = open_page("rulebook")
        at.file_uploader(key="rulebook_numbers_0").set_value(("list.csv", out.getvalue().encode(), "text/csv"))
        checked(at.run())
        if start:
            assert "could not be used" in at.warning[0].value
            checked(at.switch_page("../pages/person.py").run())
        else:
            assert at.error or at.warning
        checked(open_page("errors"))
        vault.VAULT._work.pop(SESSION, None)


# -- files -----------------------------------------------------------------------------------------------------


def test_a_csv_keeps_every_value(report: Report) -> None:
    data = export.findings_csv(report)
    check_csv(data)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    found = people(report)
    assert len(rows) == sum(outcome.count for outcome in report.outcomes)
    kept = 0
    for row in rows:
        if row["Person number"]:
            text = found[int(row["Person number"])][0]
            assert row["Surname"] in (text, f"'{text}")
            kept += row["Surname"] in VALUES.values() or row["Surname"][1:] in VALUES.values()
    assert kept > len(VALUES)


def test_a_workbook_keeps_every_value(report: Report) -> None:
    found = people(report)
    kept = set()
    for title, (headings, *rows) in check_xlsx(export.findings_xlsx(report)).items():
        if title == "Summary":
            continue
        assert "Surname" in headings
        for row in rows:
            cells = dict(zip(headings, row, strict=True))
            if cells.get("Person number"):
                # Line ends are written as a parser reads them; what XML does not allow is written as _x001F_.
                text = found[cells["Person number"]][0]
                assert text in (cells["Surname"] or "", unescape(cells["Surname"] or ""))
                kept.add(text)
    assert set(VALUES.values()) <= kept


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000, "x" + "😀" * 20_000, "\0\x01\x1f\ufffe\uffff"])
def test_a_workbook_opens_with_texts_that_it_cannot_hold(text: str) -> None:
    pieces = workbook.pieces({}, [workbook.SheetTable("s", [("a", 5)], [(text,)])])
    ((_,), (cell,)) = check_xlsx(b"".join(pieces))["s"]
    assert len(str(cell).encode("utf-16-le")) <= 2 * workbook.CELL_CHARACTERS
    if len(text) > workbook.CELL_CHARACTERS // 2:
        assert str(cell).endswith("…")
        assert text.startswith(str(cell)[:-1])


# -- the search ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VALUES)
def test_a_person_is_found_by_the_whole_value_by_a_part_and_by_what_a_page_shows(report: Report, name: str) -> None:
    text = VALUES[name]
    shown = re.sub(r"\\(.)", r"\1", ui.plain(text)).replace("…", "")
    whole = unicodedata.normalize("NFC", text)
    part = whole[len(whole) // 4 : max(3 * len(whole) // 4, len(whole) // 4 + 1)]
    for asked in (text, shown, part, text.upper()):
        rows, total = findings.find_people(report, asked, limit=1_000)
        assert values.number_of(name, "names") in [row["person"] for row in rows] or not asked.strip(" ,")
        assert len(rows) == total < len(people(report)) or len(asked.strip()) < 2


@pytest.mark.parametrize("asked", ["%", "_", "%_", "'", "\\", "*", "?", "[", '"', ";", "--", "$1", ".*", "(?i)"])
def test_signs_are_looked_for_as_they_are(report: Report, asked: str) -> None:
    rows, _ = findings.find_people(report, asked, limit=1_000)
    upns = {r["row_id"]: r["upn"] or "" for r in report.store.rows("select row_id, upn from person")}
    expected = {
        number
        for number, names in people(report).items()
        if any(asked in n for n in names) or upns[number].startswith(asked)
    }
    assert {row["person"] for row in rows} == expected


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("Zoe\u0308", "Zoë"),
        ("Zoë", "zoe\u0308"),
        ("İpek", "ipek"),
        ("ΟΔΟΣ", "οδοσ"),
        ("Smi\xadth", "smith"),
        ("van der Berg", "van der berg"),
        ("Smith\u202e", "Smith"),
    ],
)
def test_the_same_name_in_other_characters_is_found(held: str, asked: str) -> None:
    data = re.sub(
        rb"<Surname>[^<]*", b"<Surname>" + values.xml(held).encode(), sample_bytes(persons=1, seed=1, year=2025)
    )
    made = build_report(data, Settings(), only=())
    assert findings.find_people(made, asked)[1] == 1
    assert findings.find_people(made, f"{asked} not")[1] == 0
    made.close()


# -- the command line ------------------------------------------------------------------------------------------


def test_the_command_line_sends_a_terminal_nothing_to_obey(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "a\x1b[31m\u009b31m.xml"
    numbers = tmp_path / "n\x1b[31m.csv"
    numbers.write_text("P15,1\n" + "".join(f'"{text}",1\n' for text in ("\x1b[31m", "\u009b31m")), encoding="utf-8")
    calls = [
        ["check", str(file)],
        ["check", str(file), "--dfe-numbers", str(numbers)],
        ["indicators", str(file)],
        ["check", str(file), "--format", "json"],
        ["check", f"{file}.not"],
        ["check", str(file), "--out", str(tmp_path / "\x1b[31m" / "x")],
        ["check", str(file), "--rules", "\x1b[31m"],
        ["check", str(file), "\x1b[31m"],
        ["\u009b31m"],
    ]
    for name in ("C1", "override", "delete", "script"):
        # One of these files is enough to show how odd values of people are printed; the others differ in their header.
        data = values.hostile_return() if name == "C1" else sample_bytes(persons=2, seed=1, year=2025)
        file.write_bytes(values.with_header(data, VALUES[name]))
        for call in calls if name == "C1" else calls[:4]:
            try:
                cli.main(call)
            except SystemExit as ended:
                assert ended.code == 2
            said = capfdbinary.readouterr()
            is_json = "json" in call
            if is_json:
                assert json.loads(said.out)["return"]["lea"] == VALUES[name]
            for output in (said.out, said.err):
                obeyed = (
                    re.search(r"[\0-\x09\x0b-\x1f\x7f-\x9f]", output.decode())
                    if is_json
                    else TERMINAL.search(output.decode())
                )
                assert not obeyed, (call, output[:200])
            assert said.out or said.err
