"""The documents match the program: settings, commands, counts, paths and version are compared with the code."""

import argparse
import re
import tomllib
from collections.abc import Iterator

import pytest

import sen2dash
from sen2dash import ui
from sen2dash.archive import keeping_limits
from sen2dash.archive.kept import NOTICE
from sen2dash.archive.sealing import MIN_LENGTH
from sen2dash.checks import catalogue
from sen2dash.cli import make_parser
from sen2dash.config import QUERIES, Settings

ROOT = QUERIES.parent
#: One row of the table of settings: variable, default, meaning.
SETTING_ROW = re.compile(r"^\| `(SEN2DASH_\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
#: One row of the table of a command: argument with its placeholder, meaning.
ARGUMENT_ROW = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def default_text(value: object) -> str:
    """A default as written in the table."""
    if value is None:
        return "none"
    if value == "":
        return "blank"
    return f"`{str(value).lower()}`"


def test_every_setting_is_documented_with_its_default() -> None:
    documented = [match.groups() for match in SETTING_ROW.finditer(read("docs/settings.md"))]
    assert documented == [
        (f"SEN2DASH_{name.upper()}", default_text(field.default), field.description)
        for name, field in Settings.model_fields.items()
    ]


def test_every_setting_that_a_document_names_exists() -> None:
    known = {f"SEN2DASH_{name.upper()}" for name in Settings.model_fields}
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / ".streamlit" / "config.toml"):
        named = set(re.findall(r"SEN2DASH_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
        assert named <= known, path.name


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command by name; a command of a command as `archive keep`."""
    return dict(named(make_parser()))


def named(parser: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, found in action.choices.items():
                yield f"{before}{name}", found
                yield from named(found, f"{before}{name} ")


def arguments(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Each argument of a command as in its row: how it is written, and its help text with any choices."""
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            continue
        placeholder = "" if action.choices else action.metavar
        written = " ".join(str(part) for part in (*action.option_strings, placeholder) if part)
        *most, last = [f"`{choice}`" for choice in action.choices] if action.choices else ["", ""]
        yield written, f"{action.help}: {', '.join(most)} or {last}" if last else str(action.help)


def section(text: str, heading: str) -> str:
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("command", commands())
def test_every_argument_of_a_command_is_documented(command: str) -> None:
    rows = dict(ARGUMENT_ROW.findall(section(read("docs/command-line.md"), command)))
    assert rows == dict(arguments(commands()[command]))


def test_every_command_has_its_section_and_no_other_is_named() -> None:
    headings = re.findall(r"^## ([a-z -]+)$", read("docs/command-line.md"), re.MULTILINE)
    assert headings == list(commands())


def test_every_command_line_in_a_document_can_be_parsed() -> None:
    """Every command shown in a document is accepted by the parser."""
    parser = make_parser()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        for line in re.findall(r"^ {4}python -m sen2dash (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            parser.parse_args(line.split())


def test_the_number_of_rules_and_indicators_is_right_wherever_it_is_said() -> None:
    """Documents that count the rules or indicators give the right number. A rule of an authority's own changes none."""
    n_rules = sum(not rule.is_own for rule in catalogue.rules())
    n_indicators = len(catalogue.indicators())
    for name in ("README.md", "docs/glossary.md", "DECISIONS.md"):
        text = read(name)
        assert {int(n) for n in re.findall(r"(\d{3}) rules", text)} <= {n_rules}, name
        assert {int(n) for n in re.findall(r"(\d+) indicators", text)} <= {n_indicators}, name


def test_links_between_documents_lead_somewhere() -> None:
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_paths_that_documents_name_exist() -> None:
    """Files and folders in code style, except those with a placeholder."""
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        if path.name == "CHANGELOG.md":  # it may name what has been removed since
            continue
        text = path.read_text(encoding="utf-8")
        for named in re.findall(r"`((?:sen2dash|tests|queries|pages|docs|tools|benchmarks)/[\w./*-]*)`", text):
            assert any(ROOT.glob(named.rstrip("/"))), f"{path.name}: {named}"


def test_the_version_is_the_newest_of_the_changes() -> None:
    newest = re.search(r"^## (\d+\.\d+\.\d+), \d+ \w+ \d{4}$", read("CHANGELOG.md"), re.MULTILINE)
    project = tomllib.loads(read("pyproject.toml"))
    assert newest is not None
    assert sen2dash.__version__ == newest[1]
    assert project["project"]["dynamic"] == ["version"], "there is one version number"
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "sen2dash.__version__"}


def test_every_page_that_the_table_of_nexus_names_exists() -> None:
    """Pages are in bold in the second column of each row."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", read("docs/nexus.md"), re.MULTILINE)
    features = [row for row in rows if row[0] not in ("In Nexus",)]
    assert len(features) > 38
    titles = {title for _, title, _ in ui.PAGES} | {"Hide names and dates of birth"}
    for feature, where, differs in features:
        named = re.findall(r"\*\*(.+?)\*\*", where)
        assert set(named) <= titles, feature
        assert named or where == "the command [`linked`](linked-files.md)", feature
        assert differs.endswith("."), feature


def test_the_template_for_a_dpia_states_what_the_program_does() -> None:
    """Its steps are the seven of the ICO, and its numbers those of the program with its defaults."""
    text = " ".join(read("docs/dpia-template.md").split())
    assert re.findall(r"## Step (\d):", text) == [str(step) for step in range(1, 8)]
    assert f"at least {MIN_LENGTH} characters" in text
    assert text.count(f"after {NOTICE.days} days of notice") == 2
    assert f"rounded to the nearest {Settings().suppression_threshold}, " in text
    assert "three years after census day unless another end is chosen, at most seven years" in text
    assert (keeping_limits.RETENTION_YEARS, keeping_limits.MAX_YEARS) == (3, 7)
