"""Check every file of queries/compare: one short SELECT that states its grain, binds known parameters and is used."""

import re
from pathlib import Path

import pytest

from sen2dash import spec
from sen2dash.compare.pairing import STEPS
from sen2dash.config import QUERIES
from sen2dash.store import lineage
from tests import casebook
from tests.unit.test_sql import COMPARED

FOLDER = QUERIES / "compare"
FILES = sorted(FOLDER.rglob("*.sql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_a_file_is_one_short_select_that_states_its_grain(path: Path) -> None:
    sql = path.read_text("utf-8")
    casebook.assert_is_select(sql)
    assert re.match(r"-- One row(:| per )", sql)
    assert len(sql.splitlines()) <= 60
    assert lineage.binds(sql) <= COMPARED


def test_every_file_is_used_and_no_other_is_asked_for() -> None:
    modules = (QUERIES.parent / "sen2dash").rglob("*.py")
    texts = [path.read_text("utf-8") for path in modules if path.parent.name != "linked"]
    asked = {name for text in texts for name in re.findall(r"\bquery\(\"(\w+)\"\)", text)}
    assert asked == {path.stem for path in FOLDER.glob("*.sql")}


def test_every_table_has_keys_and_the_steps_use_all_of_them() -> None:
    assert {path.stem for path in (FOLDER / "keys").glob("*.sql")} == set(spec.TABLES) == set(STEPS)
    for table, steps in STEPS.items():
        sql = (FOLDER / "keys" / f"{table}.sql").read_text("utf-8")
        given = {f"key_{n}" for n in range(4) if f"null as key_{n}" not in sql}
        assert {step.key for step in steps} - {"fingerprint", "none"} == given
