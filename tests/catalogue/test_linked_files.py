"""Check every file of queries/linked: one SELECT that states its grain, binds known parameters and is used."""

import re
from pathlib import Path

import pytest

from sen2dash.config import QUERIES
from sen2dash.linked.census import KEPT
from sen2dash.store import lineage
from tests import casebook

FOLDER = QUERIES / "linked"
FILES = sorted(FOLDER.rglob("*.sql"))
#: The longest may list what a school census has; a file that works something out is shorter.
LONGEST, LISTS = 80, {"people", "person_census", "bad_values", "other_codes", "person_inspection"}

#: What a file binds besides the collection: the person whose page asks for it.
OWN = {"enrolments_of": {"person"}}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_one_select_that_states_its_grain(path: Path) -> None:
    sql = path.read_text("utf-8")
    casebook.assert_is_select(sql)
    assert re.match(r"-- One row(:| per )", sql)
    assert len(sql.splitlines()) <= (120 if path.stem in LISTS else LONGEST)
    assert lineage.binds(sql) <= {"return_year", "august_31", "lea"} | OWN.get(path.stem, set())


def test_every_file_is_used_and_no_other_is_asked_for() -> None:
    texts = [path.read_text("utf-8") for path in (QUERIES.parent / "sen2dash" / "linked").rglob("*.py")]
    asked = {name for text in texts for name in re.findall(r"\bquery\(\"(\w+)\"\)", text)}
    for text in texts:
        for names in re.findall(r"\.(?:make|making)\(((?:\"\w+\",?\s*)+)\)", text):
            asked |= set(re.findall(r"\w+", names))
    asked |= {f"kept_{name}" for name in KEPT}
    assert asked == {path.stem for path in FILES}
