"""A return that is not XML is kept as the XML made from it, and comes back as the return that it was."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from sen2dash import spec
from sen2dash.archive import audit, deleting, keeping, kept, opening
from sen2dash.archive.keys import Secret
from sen2dash.archive.opening import Archive
from sen2dash.archive.sealing import Cost
from sen2dash.archive.tables import RETURNS
from sen2dash.checks import record
from sen2dash.checks.report import Report
from sen2dash.config import Settings
from sen2dash.errors import BadArchive, BadInput
from sen2dash.output.kept_form import as_kept
from sen2dash.output.return_xml import ReturnXml
from sen2dash.reading import header
from sen2dash.reading.other import bundle
from sen2dash.reading.other.bundle import Bundle, MadeFrom
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from sen2dash.web import archive_session, audit_events
from tests.other import writing
from tests.other.making import FORMS, HEADER, checked, sample
from tests.other.test_roundtrip import ABOUT_XML

PASSPHRASE = Secret("passphrase", "correct horse battery")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    address = f"sqlite:///{(tmp_path / 'returns.db').as_posix()}"
    settings = Settings(now=datetime(2025, 2, 1, 12, 0), archive=address)
    found = opening.open_archive(settings, PASSPHRASE, "officer", True, Cost(4, 1, 1))
    yield found
    found.close()


def keep(archive: Archive, data: bytes) -> tuple[Report, Report, str]:
    """Keep what was given, and open it. Returns the report of what was given and that of what came back, and the id."""
    given = checked(data)
    made = as_kept(given)
    assert made is not None
    again = checked(made)
    ident, is_new = keeping.keep(archive, made, again, keeping.KeepOptions())
    assert is_new
    assert kept.original(archive, kept.find(archive, ident)) == made
    return given, again, ident


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_kept_with_the_digest_of_its_files(archive: Archive, form: str) -> None:
    data = FORMS[form](sample(20))
    given, back, ident = keep(archive, data)
    try:
        manifest = kept.find(archive, ident).manifest
        xml = ReturnXml(given.store, 2025).whole()
        assert manifest is not None and manifest.made_from is not None
        assert manifest.sha256 == given.facts.sha256 == bundle.digest_of(bundle.opened(data).files)
        assert (manifest.made_from.form, manifest.xml_sha256) == (form, hashlib.sha256(xml).hexdigest())
        assert kept.id_of(archive, given.facts.sha256) == ident
        # The same numbers, with the lines of the XML in place of rows; rules about XML say as little as before.
        assert {each.rule.id for each in back.outcomes if each.status == "not_applicable"} == ABOUT_XML
        counts = [{each.rule.id: each.count for each in report.outcomes} for report in (given, back)]
        assert counts[0] == counts[1]
        assert back.counts == given.counts
        assert back.given is None and back.origin is not None and back.origin.words == manifest.made_from.words
        rows = back.findings_table([each.rule.id for each in back.outcomes]).to_pylist()
        paths = [row["path"] for row in rows if row["table_name"] not in (None, "header")]
        assert all(each is None or each.startswith("/Message/Persons/Person") for each in paths)
        excerpt = record.read_excerpt(back, 2, SourceText(as_kept(given) or b""))
        assert (
            excerpt is not None
            and excerpt.lines == tuple(xml.decode().split("\n"))[excerpt.first_line - 1 :][: len(excerpt.lines)]
        )
        with archive.database.reading() as connection:
            event = next(
                each.event
                for each in audit.entries(connection, archive.key)
                if each.event and each.event.action == "keep"
            )
        assert (event.what, event.digest, event.other_digest) == (form, manifest.sha256, manifest.xml_sha256)
    finally:
        given.close()
        back.close()


def test_what_was_not_given_is_still_not_given(archive: Archive) -> None:
    files = {name: data for name, data in writing.collect_files(sample(12)).items() if "senneed" not in name}
    given, back, ident = keep(archive, Bundle(tuple(files.items())).packed())
    try:
        assert given.origin is not None and back.origin is not None
        assert back.origin.not_given == given.origin.not_given == {"senneed"}
        assert back.store.not_given == given.store.not_given
        assert "SEN needs were not given: rules and figures that need them were skipped." in back.warnings()
        statuses = [{each.rule.id: each.status for each in report.outcomes} for report in (given, back)]
        assert statuses[0] == statuses[1]
        found = kept.find(archive, ident)
        assert found.summary is not None
        keeping.recompute(archive, found)
        assert kept.find(archive, ident).summary.findings == found.summary.findings  # type: ignore[union-attr]
    finally:
        given.close()
        back.close()


def test_warnings_of_the_files_are_shown_again(archive: Archive) -> None:
    files = writing.collect_files(sample(150))
    needs, people, requests = (
        next(name for name in files if name.endswith(f"_{end}.csv")) for end in ("senneed", "person", "requests")
    )
    files[needs] += files[needs].splitlines(keepends=True)[-1]
    heading, first, rest = files[people].split(b"\n", 2)
    at = [name.lower() for name in heading.decode("utf-8-sig").strip().split(",")].index("surname")
    cells = first.split(b",")
    cells[at] = b"Har\x01ris"
    files[people] = b"\n".join([heading, b",".join(cells), rest])
    files[requests] = re.sub(rb"(?i)receiveddate", b"somethingelse", files[requests], count=1)
    given, back, ident = keep(archive, Bundle(tuple(files.items())).packed())
    try:
        manifest = kept.find(archive, ident).manifest
        assert manifest is not None and manifest.made_from is not None
        again = bundle.opened(kept.original(archive, kept.find(archive, ident))).made_from
        assert again == manifest.made_from
        assert given.origin is not None and back.origin is not None
        said = given.origin.warnings
        assert any("has no column for ReceivedDate" in each for each in said)
        assert any("1 row was left out" in each for each in said)
        assert back.origin.warnings[: len(said)] == said
        assert back.origin.warnings[len(said) :] == (
            "1 row of the files could not be placed, so the kept return does not have it.",
            "1 value had a character that XML cannot hold. The kept return has it without that character.",
        )
    finally:
        given.close()
        back.close()


def test_many_and_long_warnings_are_bounded_and_older_records_have_none() -> None:
    found = bundle.kept_warnings(["x" * 500, *(str(number) for number in range(bundle.MAX_WARNINGS + 9))])
    assert (len(found), len(found[0])) == (bundle.MAX_WARNINGS, bundle.MAX_WARNING)
    assert found[-1] == "There were 11 more warnings about the files. They were not kept."
    given = checked(FORMS["collect"](sample(2)), only=())
    made = bundle.opened(as_kept(given) or b"").made_from
    given.close()
    assert made is not None
    before = made.model_dump(mode="json")
    del before["warnings"]
    assert bundle.MadeFrom.model_validate_json(json.dumps(before)).warnings == ()


def test_the_same_files_read_in_another_way_are_not_taken_for_the_same(archive: Archive) -> None:
    data = FORMS["modules"](sample(5))
    (first, again, _), files = keep(archive, data), bundle.opened(data).files
    other = checked(Bundle(files, {**HEADER, "year": "2024", "reference_date": "2024-01-18"}).packed())
    made = as_kept(other)
    assert made is not None
    report = checked(made)
    try:
        assert other.facts.sha256 == first.facts.sha256
        with pytest.raises(BadArchive, match=keeping.READ_OTHERWISE):
            keeping.keep(archive, made, report, keeping.KeepOptions())
    finally:
        for each in (first, again, other, report):
            each.close()


def other_xml(data: bytes) -> bytes:
    """A bundle of other XML that says it was made from the same files."""
    found = bundle.opened(data)
    assert found.made_from is not None
    xml = found.files[0][1].replace(b"</Surname>", b"x</Surname>")
    about = found.made_from.model_copy(update={"xml_sha256": hashlib.sha256(xml).hexdigest()})
    return Bundle(((kept.MADE_NAME, xml),), made_from=about).packed()


def damage(archive: Archive, ident: str, *columns: str) -> None:
    with archive.writing("333") as connection:
        lost = dict.fromkeys(columns, b"damaged" * 10)
        connection.execute(sa.update(RETURNS).where(RETURNS.c.id == ident).values(**lost))


def test_other_xml_that_claims_the_same_files_takes_no_kept_return_s_place(archive: Archive) -> None:
    given, again, ident = keep(archive, FORMS["collect"](sample(4)))
    made = kept.original(archive, kept.find(archive, ident))
    forged = other_xml(made)
    report = checked(forged)
    try:
        assert report.facts.sha256 == given.facts.sha256
        found = kept.find(archive, ident)
        assert [kept.is_read_alike(found, each) for each in (given, again, report)] == [True, True, False]
        for columns in ((), ("xml",), ("xml", "manifest")):
            if columns:
                damage(archive, ident, *columns)
            title = "may be another one" if "manifest" in columns else keeping.READ_OTHERWISE
            with pytest.raises(BadArchive, match=title):
                keeping.keep(archive, forged, report, keeping.KeepOptions())
            assert kept.find(archive, ident, is_thorough=True).is_damaged == bool(columns)
        # Not even the same XML, as long as it is not known what was there.
        with pytest.raises(BadArchive, match="may be another one"):
            keeping.keep(archive, made, again, keeping.KeepOptions())
        # From the files it is made whole, and the audit says what it was made from.
        keeping.keep(archive, made, again, keeping.KeepOptions(), is_made_here=True)
        assert kept.original(archive, kept.find(archive, ident)) == made
        damage(archive, ident, "xml")
        keeping.keep(archive, made, again, keeping.KeepOptions())
        assert kept.original(archive, kept.find(archive, ident)) == made
        # Another release may write the XML of the same files in another way.
        damage(archive, ident, "xml")
        keeping.keep(archive, forged, report, keeping.KeepOptions(), is_made_here=True)
        assert kept.original(archive, kept.find(archive, ident)) == forged
        with archive.database.reading() as connection:
            repairs = [
                (each.event.what, each.event.digest, each.event.other_digest)
                for each in audit.entries(connection, archive.key)
                if each.event and each.event.action == "repair"
            ]
        digests = [each.origin.xml_sha256 for each in (again, again, report) if each.origin]
        assert repairs == [("collect", given.facts.sha256, digest) for digest in digests]
    finally:
        for each in (given, again, report):
            each.close()


def test_xml_of_its_own_and_xml_that_claims_its_digest_are_not_alike(archive: Archive) -> None:
    xml = sample_bytes(persons=3, seed=1, year=2025)
    own = checked(xml, only=())
    about = MadeFrom(form="collect", sha256=own.facts.sha256, xml_sha256=own.facts.sha256)
    claimed = Bundle(((kept.MADE_NAME, xml),), made_from=about).packed()
    other = checked(claimed, only=())
    try:
        for (data, report), (_, second) in itertools.permutations([(xml, own), (claimed, other)]):
            ident, _ = keeping.keep(archive, data, report, keeping.KeepOptions(kind="other_system"))
            found = kept.find(archive, ident)
            assert kept.is_read_alike(found, report) and not kept.is_read_alike(found, second)
            deleting.delete(archive, found)
    finally:
        own.close()
        other.close()


def test_the_same_return_makes_the_same_bytes() -> None:
    digest = "0" * 64
    made_from = MadeFrom(form="collect", sha256=digest, xml_sha256=digest, not_given=frozenset(spec.TABLES))
    packed = Bundle(((kept.MADE_NAME, b"<a/>"),), made_from=made_from).packed()
    assert ", ".join(f'"{table}"' for table in sorted(spec.TABLES)).encode() in packed


def test_an_earlier_return_is_noted_by_the_digest_of_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    data = FORMS["collect"](sample(2))
    given = checked(data, only=())
    made, noted = as_kept(given) or b"", list[str | None]()
    monkeypatch.setattr(archive_session, "record", lambda event, _: noted.append(event.other_digest))
    try:
        for each in (data, made, b"<a/>"):
            audit_events.note_loaded_earlier(given, SourceText(each))
            audit_events.note_compared(given, SourceText(each))
        assert noted[:4] == [given.facts.sha256] * 4
        assert noted[4:] == [hashlib.sha256(b"<a/>").hexdigest()] * 2
    finally:
        given.close()


def test_another_xml_than_was_made_is_refused() -> None:
    given = checked(FORMS["collect"](sample(2)), only=())
    made = bundle.opened(as_kept(given) or b"")
    given.close()
    changed = Bundle((("return.xml", made.files[0][1] + b"\n"),), made_from=made.made_from).packed()
    with pytest.raises(BadInput, match="cannot be opened"):
        checked(changed)
    assert header.authority_of(changed) == "333"


@pytest.mark.parametrize(
    "change", [("form", "xml"), ("sha256", "0"), ("not_given", frozenset({"pupil"})), ("n_left_out", -1)]
)
def test_a_bundle_that_says_something_impossible_is_refused(change: tuple[str, object]) -> None:
    given = checked(FORMS["collect"](sample(2)), only=())
    made = bundle.opened(as_kept(given) or b"")
    given.close()
    assert made.made_from is not None
    odd = made.made_from.model_copy(update=dict([change]))
    with pytest.raises(BadInput, match="cannot be opened"):
        bundle.opened(Bundle(made.files, made_from=odd).packed())
