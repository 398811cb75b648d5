"""The glossary in reach of every page."""

from sen2dash import ui
from sen2dash.reference import glossary
from sen2dash.ui import glossary as glossary_ui


def test_every_page_has_words_that_the_glossary_explains() -> None:
    assert set(glossary_ui.OF_PAGE) == {name for name, _, _ in ui.PAGES}
    for name, terms in glossary_ui.OF_PAGE.items():
        assert terms
        assert set(terms) <= set(glossary.meanings()), name


def test_help_gives_each_word_with_its_meaning() -> None:
    meanings = glossary.meanings()
    assert glossary_ui.help_for("notes") == f"**Query:** {meanings['Query']}\n\n**Mark:** {meanings['Mark']}"
    assert glossary_ui.help_for("no page") is None


def test_a_search_finds_words_and_meanings_and_puts_the_word_itself_first() -> None:
    assert next(term for term, _ in glossary.matching("census day")) == "Census day"
    assert "Caseload" in [term for term, _ in glossary.matching("census day")]
    assert list(glossary.matching("zebra")) == []
    assert len(list(glossary.matching(""))) == len(glossary.meanings())
