"""The checks run on a push, on a commit and by hand are the same commands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text(".github/workflows/checks.yml"))["jobs"]
    return found


def commands(job: str) -> list[str]:
    return [step["run"] for step in jobs()[job]["steps"] if "run" in step]


def recipe(target: str) -> list[str]:
    """The commands of a target of the Makefile."""
    match = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text("Makefile"), re.M)
    assert match, target
    return [line.strip() for line in match[1].splitlines()]


def test_a_push_runs_what_is_run_by_hand() -> None:
    assert commands("linux") == ["bash .ci/run"]
    assert (ROOT / ".ci/run").is_file()
    steps = [line for line in text(".ci/run").splitlines() if line.startswith("make ")]
    assert all(recipe(step.removeprefix("make ")) for step in steps)
    # If any step fails, the whole run fails.
    assert "set -euo pipefail" in text(".ci/run")
    assert not [step for job in jobs().values() for step in job["steps"] if "continue-on-error" in step]


def test_coverage_may_not_fall_and_every_long_test_runs_weekly() -> None:
    workflow = yaml.safe_load(text(".github/workflows/checks.yml"))
    assert commands("coverage") == ["make coverage"]
    assert any("--cov" in line for line in recipe("coverage"))
    assert tomllib.loads(text("pyproject.toml"))["tool"]["coverage"]["report"]["fail_under"] >= 97
    assert commands("long") == ["make test-long"]
    # YAML reads the key "on" as true.
    assert workflow[True]["schedule"]
    weekly = {name: "==" in job["if"] for name, job in jobs().items()}
    assert weekly == {"linux": False, "coverage": False, "windows": False, "long": True}


def test_windows_runs_every_test() -> None:
    assert commands("windows") == ["test.bat"]
    (linux,) = [line.partition("-m ")[2] for line in recipe("test") if "pytest" in line]
    (windows,) = [line.partition("-m ")[2] for line in text("test.bat").splitlines() if "pytest" in line]
    assert windows == linux


def test_a_push_runs_the_oldest_python_that_is_supported() -> None:
    oldest = tomllib.loads(text("pyproject.toml"))["project"]["requires-python"].removeprefix(">=")
    assert oldest in jobs()["linux"]["strategy"]["matrix"]["python"]
    assert [s["with"]["python-version"] for s in jobs()["windows"]["steps"] if "with" in s] == [oldest]


def test_a_commit_runs_the_quick_checks() -> None:
    (repo,) = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert [(hook["entry"], hook["pass_filenames"]) for hook in repo["hooks"]] == [("make lint", False)]
    assert any("ruff check" in line for line in recipe("lint"))
