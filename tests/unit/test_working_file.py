"""The working file: what goes in comes out, nothing of it can be read or changed, and anything else is refused."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sen2dash.archive import packing, sealing, working_file
from sen2dash.archive.parts import (
    Details,
    SavedFigures,
    SavedMarks,
    SavedMatch,
    SavedNumbers,
    SavedRegister,
    SavedTeams,
)
from sen2dash.archive.sealing import Cost, WrongPassphrase
from sen2dash.checks import dfe_numbers, marks
from sen2dash.checks.notes import Edit
from sen2dash.config import Settings
from sen2dash.errors import BadWorkingFile, TooLarge, UserError
from sen2dash.reading import publication
from sen2dash.reading.register import RegisterReading, read_register
from sen2dash.reading.teams import read_teams
from sen2dash.reference.releases import carried
from sen2dash.sample.establishments import write_register
from sen2dash.sample.generate import sample_bytes
from tests.publications import files_2026, zipped

SETTINGS = Settings(now=datetime(2025, 2, 1, 12, 0))
PASSPHRASE = "correct horse battery"
#: Cheap, because the tests make many keys.
CHEAP = Cost(log_n=4, r=1, p=1)
DETAILS = Details(
    name="return.xml",
    taken_at=datetime(2025, 2, 1, 11, 0),
    before_name="first.xml",
    before_taken_at=datetime(2025, 2, 1, 10, 0),
    twenty_weeks_days=139,
    include_challenged=True,
    saved_at=datetime(2025, 2, 1, 12, 0),
)
MARKS = pa.table(
    {
        "rule_id": ["P15", "R09"],
        "met_table": ["", "requests"],
        "met_row": [0, 2**40],
        "item": ["", "RequestOutcomeDate"],
        "place": [1, 2],
        "mark": ["right", "asked"],
    },
    schema=marks.SCHEMA,
)
RETURN = sample_bytes(3, seed=1, year=2025)


def contents(**more: Any) -> dict[str, Any]:
    return {"details": DETAILS, "return": RETURN, **more}


def saved(passphrase: str = PASSPHRASE, **more: Any) -> bytes:
    return working_file.save(contents(**more), passphrase, SETTINGS, CHEAP)


def opened(data: bytes, passphrase: str = PASSPHRASE) -> dict[str, Any]:
    return working_file.read(data, passphrase, SETTINGS)


def sealed(parts: dict[str, bytes]) -> bytes:
    """A file with any parts, well sealed: what somebody who knows the format can make."""
    return sealing.seal(packing.pack(parts), PASSPHRASE, CHEAP)


def good() -> dict[str, bytes]:
    return {"details": DETAILS.model_dump_json().encode(), "return": RETURN}


# -- what goes in comes out -----------------------------------------------------------------------------------


TEAMS = read_teams(
    "UPN;Surname;Forename;Date of birth;Team;Case worker\nU1;Öz;Ada;02/03/2015;North;Kim\nU2;B;C;31/02/2015;South;\nU3\n".encode()
)


MATCHES = (
    SavedMatch(person=("A1", date(2014, 3, 5), "M", None, "lane", "sam"), child=("A2", date(2014, 5, 3), None)),
    SavedMatch(person=(None,) * 6, child=(None,) * 3),
)


def test_every_part_comes_back(tmp_path: Path) -> None:
    write_register(tmp_path / "register.csv", 2025)
    register = read_register((tmp_path / "register.csv").read_bytes(), "edubasealldata20250101.csv")
    found = publication.read([("publication.zip", zipped(files_2026()))])
    published = found.added_to(carried())
    numbers = dfe_numbers.Numbers({"P15": "2030"}, ("Line 2: no.",), 3)
    edit = Edit("P15: 8 cases, “because”.", ("P15: 8 cases.", "We have", ""))
    held = opened(
        saved(
            before=b"<before/>",
            previous=b"<previous/>",
            older=b"<older/>",
            notes={"P15": edit},
            marks=SavedMarks.from_rows(MARKS),
            numbers=SavedNumbers.from_numbers(numbers),
            register=SavedRegister.from_reading(register),
            published=SavedFigures.from_published(published, found.summary),
            teams=SavedTeams.from_list(TEAMS),
            matches=MATCHES,
        )
    )
    assert held["matches"] == MATCHES
    assert held.keys() == working_file.PARTS.keys()
    assert (held["details"], held["return"]) == (DETAILS, RETURN)
    assert (held["before"], held["previous"], held["older"]) == (b"<before/>", b"<previous/>", b"<older/>")
    assert held["notes"] == {"P15": edit}
    assert held["marks"].table() == MARKS
    assert held["teams"].teams() == TEAMS
    assert held["numbers"].numbers() == numbers
    again: RegisterReading = held["register"].register()
    assert again.table.equals(register.table.cast(again.table.schema))
    assert (again.summary, again.faults, again.notes) == (register.summary, register.faults, register.notes)
    assert again.as_of == date(2025, 1, 1)
    figures = held["published"].published(carried())
    assert figures.figures == published.figures
    assert figures.breakdowns == published.breakdowns
    assert held["published"].summary == found.summary


def test_the_older_name_of_an_indicator_is_still_read() -> None:
    found = publication.read([("publication.zip", zipped(files_2026()))])
    saved_figures = SavedFigures.from_published(found.added_to(carried()), found.summary)
    written = saved_figures.model_dump_json()
    assert '"indicator":"caseload"' in written
    older = SavedFigures.model_validate_json(written.replace('"indicator":', '"measure":'))
    assert older == saved_figures


def test_what_is_not_there_is_left_out() -> None:
    assert opened(saved(notes=None, marks=None)).keys() == {"details", "return"}


def test_the_real_cost_is_that_of_the_documentation() -> None:
    assert Cost(log_n=17, r=8, p=1) == sealing.COST
    data = working_file.save(contents(), PASSPHRASE, SETTINGS)
    assert opened(data)["return"] == RETURN
    assert data[sealing.START - sealing.NONCE_BYTES - sealing.SALT_BYTES - 3 :][:3] == bytes(sealing.COST)


def test_accented_letters_may_be_typed_either_way() -> None:
    assert opened(saved("café au lait, deux"), "cafe\u0301 au lait, deux")


# -- nothing can be read or changed ---------------------------------------------------------------------------


def test_no_text_of_the_return_or_of_the_notes_is_in_the_file() -> None:
    data = saved(notes={"P15": Edit("Plainly readable words", ())}, previous=RETURN)
    header = sealing.MAGIC
    assert data.startswith(header)
    for text in (
        b"<Surname>",
        b"Plainly readable",
        b"return.xml",
        b"details",
        PASSPHRASE.encode(),
        b"\x28\xb5\x2f\xfd",
    ):
        assert text not in data
    # It looks like noise: no byte is much more frequent than another.
    body = data[sealing.START :]
    assert max(body.count(bytes([n])) for n in range(256)) < 6 * len(body) / 256 + 20


def test_each_file_has_its_own_salt_and_nonce() -> None:
    starts = {saved()[len(sealing.MAGIC) : sealing.START] for _ in range(5)}
    assert len({start[5:21] for start in starts}) == len({start[21:] for start in starts}) == 5


def test_a_wrong_passphrase_is_refused_in_words_that_say_both_reasons() -> None:
    with pytest.raises(WrongPassphrase) as found:
        opened(saved(), "correct horse batterz")
    assert "passphrase is wrong, or the file is damaged" in found.value.message
    assert "batterz" not in found.value.one_line()


def test_each_changed_byte_is_noticed() -> None:
    data = sealing.seal(b"small", PASSPHRASE, CHEAP)
    for place in range(len(data)):
        for bit in (1, 128):
            changed = bytearray(data)
            changed[place] ^= bit
            with pytest.raises(BadWorkingFile):
                sealing.unseal(bytes(changed), PASSPHRASE)
    assert sealing.unseal(data, PASSPHRASE) == b"small"


def test_each_lost_end_is_noticed() -> None:
    data = sealing.seal(b"small", PASSPHRASE, CHEAP)
    for length in range(len(data)):
        with pytest.raises(BadWorkingFile):
            sealing.unseal(data[:length], PASSPHRASE)
    with pytest.raises(BadWorkingFile):
        sealing.unseal(data + b"0", PASSPHRASE)


@pytest.mark.parametrize(
    "cost", [Cost(19, 8, 1), Cost(255, 8, 1), Cost(17, 9, 1), Cost(17, 255, 1), Cost(17, 8, 3), Cost(17, 1, 1)]
)
def test_a_file_cannot_ask_for_more_memory_than_the_limit(cost: Cost, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **more: object) -> None:
        raise AssertionError("no key is made")

    data = bytearray(saved())
    data[len(sealing.MAGIC) + 2 : len(sealing.MAGIC) + 5] = bytes(cost)
    monkeypatch.setattr(sealing, "Scrypt", fail)
    with pytest.raises(BadWorkingFile, match="asks for more memory"):
        opened(bytes(data))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_cost_of_nothing_is_refused(place: int) -> None:
    data = bytearray(saved())
    data[len(sealing.MAGIC) + 2 + place] = 0
    with pytest.raises(BadWorkingFile, match="asks for more memory"):
        opened(bytes(data))


# -- refusals -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (b"", "This is not a working file"),
        (RETURN, "This is not a working file"),
        (sealing.MAGIC, "The working file is damaged"),
        (sealing.MAGIC + b"\x00\x02" + bytes(100), "The working file is from a newer release"),
    ],
)
def test_other_files_are_refused(data: bytes, title: str) -> None:
    with pytest.raises(BadWorkingFile) as found:
        opened(data)
    assert found.value.title == title
    assert found.value.hint


def test_a_part_that_this_release_does_not_know_is_of_a_newer_one() -> None:
    with pytest.raises(BadWorkingFile, match="newer release"):
        opened(sealed({**good(), "later": b"{}"}))


@pytest.mark.parametrize("name", working_file.NEEDED)
def test_a_part_that_is_missing_is_named(name: str) -> None:
    parts = good()
    del parts[name]
    with pytest.raises(BadWorkingFile, match=f"does not hold its part '{name}'"):
        opened(sealed(parts))


def test_a_working_file_over_the_limit_is_neither_opened_nor_made() -> None:
    small = Settings(upload_limit_mb=1)
    with pytest.raises(TooLarge, match="has 2 MB; the limit is 1 MB"):
        working_file.read(sealing.MAGIC + bytes(2_000_000), PASSPHRASE, small)
    with pytest.raises(TooLarge, match="would be too large"):
        working_file.save(contents(previous=bytes(1_000_001)), PASSPHRASE, small, CHEAP)
    with pytest.raises(TooLarge, match="'previous' has 3 MB; the limit is 1 MB"):
        working_file.read(sealed({**good(), "previous": bytes(3_000_000)}), PASSPHRASE, small)


#: A line of a list of teams.
LINE = [2, "U1", "", "Öz", "Ada", "2015-03-02", False, "North", "Kim"]
BAD_PARTS: dict[str, tuple[str, object]] = {
    "not JSON": ("notes", b"{"),
    "another type": ("notes", b"[]"),
    "a note without text": ("notes", {"P15": {"counts": []}}),
    "a mark of another kind": (
        "marks",
        {**json.loads(SavedMarks.from_rows(MARKS).model_dump_json()), "mark": ["x", "right"]},
    ),
    "columns of marks that differ": (
        "marks",
        {**json.loads(SavedMarks.from_rows(MARKS).model_dump_json()), "place": [1]},
    ),
    "a finding marked twice": (
        "marks",
        {
            name: [values[0], values[0]]
            for name, values in json.loads(SavedMarks.from_rows(MARKS).model_dump_json()).items()
        },
    ),
    "a row below 0": ("marks", {**json.loads(SavedMarks.from_rows(MARKS).model_dump_json()), "met_row": [-1, 1]}),
    "a number that is markup": ("numbers", {"by_rule": {"P15": "<b>"}}),
    "a rule that is not one": ("numbers", {"by_rule": {"'; drop": "1"}}),
    "21 weeks": ("details", {**json.loads(DETAILS.model_dump_json()), "twenty_weeks_days": 147}),
    "a field that is not known": ("details", {**json.loads(DETAILS.model_dump_json()), "more": 1}),
    "a register without columns": (
        "register",
        {"texts": {}, "dates": {}, "n_rows": 0, "n_open": 0, "as_of": None, "faults": {}, "notes": []},
    ),
    "a list of teams without lines": ("teams", {"lines": []}),
    "a line of teams that is too short": ("teams", {"lines": [LINE[:-1]]}),
    "a date of birth that is none": ("teams", {"lines": [[*LINE[:5], "2015-02-30", *LINE[6:]]]}),
    "a reason that is not known": ("teams", {"lines": [LINE], "broken": {"odd": [3]}}),
    "a match without a child": ("matches", [{"person": [None] * 6}]),
    "a match of another day": ("matches", [{"person": [None, "5.3.2014", *[None] * 4], "child": [None] * 3}]),
    "pupils of a place that is none": (
        "published",
        {
            **{"figures": [], "breakdowns": [], "summary": {"files": [], "not_used": [], "n_corrected": 0}},
            "pupils": [{"kind": "absence", "year": 2025, "terms": ["autumn"], "area": "<b>", "values": {}}],
        },
    ),
    "figures that are words": (
        "published",
        {
            "figures": [
                {
                    **{"series": "s", "period": "2025", "area": "333", "number": "many"},
                    **{"percent": "", "note": "", "release": "2026"},
                }
            ],
            "breakdowns": [],
            "summary": {"files": [], "not_used": [], "n_corrected": 0},
        },
    ),
}


@pytest.mark.parametrize("name", BAD_PARTS)
def test_a_part_that_sen2dash_would_not_write_is_refused_by_name(name: str) -> None:
    part, value = BAD_PARTS[name]
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises(BadWorkingFile, match=f"Its part '{part}' is not as sen2dash writes it"):
        opened(sealed({**good(), part: data}))


def test_a_refusal_holds_nothing_of_the_file() -> None:
    with pytest.raises(UserError) as found:
        opened(sealed({**good(), "notes": b'{"P15": {"text": "secret child"}}'}))
    assert "secret" not in found.value.one_line()
    assert found.value.__cause__ is None
    assert found.value.__suppress_context__
