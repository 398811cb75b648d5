"""The indicators are calculated at the end of a check, so that pages of figures open at once."""

from __future__ import annotations

from typing import Any

import pytest

from sen2dash.errors import TooLarge
from sen2dash.indicators import run
from sen2dash.web import vault
from tests.pages.conftest import SESSION, Open
from tests.pages.test_pages import words

PERSON = "Zoë Smith"


def upload(open_page: Open, data: bytes) -> Any:
    at = open_page("upload")
    return at.file_uploader[0].set_value(("return.xml", data, "text/xml")).run()


def test_headline_figures_run_nothing_after_a_check(
    open_page: Open, dirty_bytes: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = upload(open_page, dirty_bytes)
    assert "The check is complete" in words(at)
    assert vault.VAULT._entries[SESSION].report.store.has_indicators
    monkeypatch.setattr(run, "run_indicators", lambda *_: pytest.fail("calculated again"))
    at.switch_page("../pages/headlines.py").run()
    assert not at.exception and not at.error
    assert len(at.dataframe[0].value) == 33


@pytest.mark.parametrize("error", [TooLarge("Too large", "It needs more.", ""), ValueError(PERSON)])
def test_a_return_is_kept_where_they_cannot_be_calculated(
    open_page: Open,
    dirty_bytes: bytes,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(run, "run_indicators", fail)
        at = upload(open_page, dirty_bytes)
        assert "The check is complete" in words(at)
        at.switch_page("../pages/headlines.py").run()
        assert len(at.error) == 1
    assert "Smith" not in caplog.text + words(at)
    assert ("ValueError on indicators" in caplog.text) is isinstance(error, ValueError)
    # After a failure the calculation is tried again.
    at.run()
    assert not at.error
    assert len(at.dataframe[0].value) == 33
