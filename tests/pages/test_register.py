"""What the upload page says about a register of establishments: how much was read, and everything that was not."""

from __future__ import annotations

import io
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash.sample.establishments import make_register
from tests.pages.conftest import Open
from tests.unit.test_register import written

ROWS = make_register(7)
N_OPEN = sum(row["EstablishmentStatus (name)"] == "Open" for row in ROWS)
READ = f"{len(ROWS)} establishments, {N_OPEN} open, as of 12 November 2026."


def added(open_page: Open, dirty_bytes: bytes, name: str, data: bytes) -> AppTest:
    """The upload page with a return, after a register was added."""
    at = open_page("upload")
    at.file_uploader[0].set_value(("return.xml", dirty_bytes, "text/xml")).run()
    register = next(each for each in at.file_uploader if each.label.startswith("Register"))
    register.set_value((name, data, "text/csv")).run()
    assert not at.exception
    return at


def texts(at: AppTest) -> list[str]:
    return [element.value for element in at.markdown]


def test_a_register_is_summed_up(open_page: Open, dirty_bytes: bytes) -> None:
    at = added(open_page, dirty_bytes, "edubasealldata20261112.csv", written(ROWS))
    assert any(READ in text for text in texts(at))
    assert not at.warning


def test_the_zip_of_the_service_is_taken(open_page: Open, dirty_bytes: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("edubasealldata20261112.csv", written(ROWS))
    at = added(open_page, dirty_bytes, "extract.zip", out.getvalue())
    assert any(READ in text for text in texts(at))


def test_what_was_not_understood_is_named(open_page: Open, dirty_bytes: bytes) -> None:
    rows = [{**row, "CloseDate": "soon" if n == 1 else "31-08-2019"} for n, row in enumerate(ROWS)]
    at = added(open_page, dirty_bytes, "register.csv", written(rows) + b"199999,333,[x](y)\r\n")
    (warning,) = (each.value.replace("\\:", ":") for each in at.warning)
    assert "CloseDate could not be read in 1 row: 'soon' in line 3." in warning
    assert f"fewer cells than the heading names: line {len(rows) + 2}." in warning


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"a,b\n1,2\n"])
def test_what_is_no_register_is_refused(open_page: Open, dirty_bytes: bytes, data: bytes) -> None:
    at = added(open_page, dirty_bytes, "register.csv", data)
    assert any("get-information-schools" in text for text in [*texts(at), *(each.value for each in at.error)])
