"""The reference of the rules is what the front matter says: made anew, it is the file that is there."""

from sen2dash.checks import catalogue, rulebook
from sen2dash.config import QUERIES

REFERENCE = QUERIES.parent / "docs" / "rules.md"


def test_the_reference_is_not_stale() -> None:
    made = b"".join(rulebook.pieces(catalogue.rules())).decode("utf-8")
    assert REFERENCE.read_text(encoding="utf-8") == made, "run `make docs`"


def test_the_reference_holds_every_rule_with_its_guidance() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for rule in catalogue.rules():
        assert f"\n### {rule.id} {rule.title}\n" in text
        assert rule.guidance.strip() in text
