"""The core and the command line run without Streamlit; only the store names DuckDB; no page holds SQL or pandas."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sen2dash.sample.generate import sample_bytes

ROOT = Path(__file__).resolve().parents[2]
MAY_NAME_STREAMLIT = {"web", "ui", "main"}
#: What runs without the front end.
CORE = [
    "sen2dash.__main__",
    "sen2dash.checks.report",
    "sen2dash.output.export",
    "sen2dash.analysis.headlines",
    "sen2dash.analysis.summary",
    "sen2dash.analysis.one_indicator",
    "sen2dash.analysis.timeliness",
    "sen2dash.analysis.person",
    "sen2dash.analysis.requests",
    "sen2dash.analysis.placements",
    "sen2dash.checks.notes",
    "sen2dash.checks.dfe_numbers",
    "sen2dash.archive.working_file",
    "sen2dash.archive.keeping",
    "sen2dash.analysis.trend",
    "sen2dash.commands.archive",
    "sen2dash.output.comparison",
    "sen2dash.analysis.changes",
    "sen2dash.sample.generate",
]


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_core_loads_no_streamlit() -> None:
    code = (
        "import importlib, sys\n"
        f"for name in {CORE!r}:\n    importlib.import_module(name)\n    if 'streamlit' in sys.modules:\n        sys.exit(name)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_check_loads_neither_pandas_nor_altair_nor_the_archive(tmp_path: Path) -> None:
    """They take half a second to import, which is most of the time for a small return."""
    path, forms = tmp_path / "return.xml", ["text", "json", "csv", "xlsx"]
    path.write_bytes(sample_bytes(3, seed=1, year=2025, defects=3))
    code = (
        "import runpy, sys\n"
        f"for form in {forms!r}:\n"
        f"    sys.argv = ['sen2dash', 'check', {str(path)!r}, '--format', form, '--out', {str(tmp_path)!r} + '/' + form]\n"
        "    try:\n        runpy.run_module('sen2dash', run_name='__main__')\n"
        "    except SystemExit as end:\n"
        "        print(form, end.code, {'pandas', 'altair', 'sqlalchemy', 'alembic'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    code_of = done.stdout.split()[1]
    assert code_of in ("0", "1")
    assert done.stdout.splitlines() == [f"{form} {code_of} set()" for form in forms]
    assert all((tmp_path / form).stat().st_size > 500 for form in forms)


def test_only_the_front_end_names_streamlit() -> None:
    naming = {
        p.relative_to(ROOT / "sen2dash").with_suffix("").parts[0]
        for p in sources("sen2dash")
        if re.search(r"^\s*(import|from) streamlit", p.read_text("utf-8"), re.M)
    }
    assert naming <= MAY_NAME_STREAMLIT


def test_only_the_store_names_duckdb() -> None:
    naming = {
        p.parent.name for p in sources("sen2dash") if re.search(r"^\s*(import|from) duckdb", p.read_text("utf-8"), re.M)
    }
    assert naming == {"store"}


def test_nothing_imports_the_server() -> None:
    # The import contract reads packages only, and app.py is a module.
    assert [
        path
        for folder in ("sen2dash", "pages", "tools")
        for path in sources(folder)
        if re.search(r"^\s*(import|from) app\b", path.read_text("utf-8"), re.M)
    ] == []


@pytest.mark.parametrize("page", sources("pages"), ids=lambda path: path.name)
def test_pages_are_thin(page: Path) -> None:
    text = page.read_text("utf-8")
    assert len(text.splitlines()) <= 80
    assert not re.search(r"^\s*(import|from) (pandas|duckdb|datetime)", text, re.M)
    assert not re.search(r"[\"']\s*select\s.+\sfrom\s", text, re.I)
