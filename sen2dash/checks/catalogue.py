"""Find, parse, validate and freeze the SQL files under queries/. This module runs nothing.

A file is a block /*--- YAML ---*/ of front matter and then one SELECT. Unknown keys, duplicate ids and missing
required keys are refused with the name of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from sen2dash.config import QUERIES
from sen2dash.errors import CatalogueError
from sen2dash.model import MODULES, Indicator, Rule

#: The C loader takes a tenth of the time, but not every installation of PyYAML has it.
LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FRONT_MATTER = re.compile(r"\A/\*---\n(.*?)\n---\*/\n(.*)\Z", re.DOTALL)


def read_front_matter(path: Path) -> tuple[dict[str, Any], str]:
    """Return the front matter and the SQL of one file. Raises CatalogueError if there is no front matter."""
    match = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise CatalogueError(
            "An SQL file has no front matter", f"{path.name} must start with /*--- and end it with ---*/."
        )
    try:
        front = yaml.load(match[1], Loader=LOADER)
    except yaml.YAMLError as error:
        raise CatalogueError("Front matter cannot be read", f"{path.name}: {error}") from None
    if not isinstance(front, dict):
        raise CatalogueError("Front matter cannot be read", f"{path.name}: it is not a list of keys and values.")
    return front, match[2].strip()


@cache
def list_sql(name: str) -> str:
    """Return the SELECT with this name in queries/lists, for a page or an export. Read once, like the rules."""
    return (QUERIES / "lists" / f"{name}.sql").read_text(encoding="utf-8")


def describe(error: ValidationError) -> str:
    """Describe in one line what pydantic found wrong."""
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())


def read_rule(path: Path) -> Rule:
    """Read one rule file. Raises CatalogueError if it breaks the contract."""
    front, sql = read_front_matter(path)
    try:
        rule = Rule(**front, sql=sql, path=path.relative_to(QUERIES).as_posix())
    except (ValidationError, TypeError) as error:
        why = describe(error) if isinstance(error, ValidationError) else str(error)
        raise CatalogueError("A rule file breaks the contract", f"{path.name}: {why}") from None
    if path.parent.name != rule.module or not path.name.startswith(f"{rule.id}_"):
        raise CatalogueError(
            "A rule file is in the wrong place", f"{path.name} should be {rule.module}/{rule.id}_....sql."
        )
    return rule


def rule_files() -> Iterator[Path]:
    """Yield every rule file, by module and name."""
    for module in MODULES:
        yield from sorted((QUERIES / "rules" / module).glob("*.sql"))


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in the order of modules and ids. Read once: they do not change while the program runs."""
    found: dict[str, Rule] = {}
    for path in rule_files():
        rule = read_rule(path)
        if rule.id in found:
            raise CatalogueError(
                "Two rules have one id", f"{rule.id} is the id of {found[rule.id].path} and of {path.name}."
            )
        found[rule.id] = rule
    return tuple(found.values())


def rule(rule_id: str) -> Rule:
    """Return one rule by its id. Raises KeyError if there is none."""
    return next(candidate for candidate in rules() if candidate.id == rule_id)


def read_indicator(path: Path) -> Indicator:
    """Read one indicator file. Raises CatalogueError if it breaks the contract."""
    front, sql = read_front_matter(path)
    try:
        indicator = Indicator(**front, sql=sql, path=path.relative_to(QUERIES).as_posix())
    except (ValidationError, TypeError) as error:
        why = describe(error) if isinstance(error, ValidationError) else str(error)
        raise CatalogueError("An indicator file breaks the contract", f"{path.name}: {why}") from None
    if path.stem != indicator.id:
        raise CatalogueError("An indicator file has the wrong name", f"{path.name} should be {indicator.id}.sql.")
    return indicator


@cache
def indicators() -> tuple[Indicator, ...]:
    """Return the indicators in the order of `place`. Read once: they do not change while the program runs."""
    found = sorted(map(read_indicator, (QUERIES / "indicators").glob("*.sql")), key=lambda each: each.place)
    for first, second in pairwise(found):
        if first.place == second.place:
            raise CatalogueError("Two indicators have one place", f"{first.id} and {second.id} both say {first.place}.")
    return tuple(found)


@cache
def further_indicators() -> tuple[Indicator, ...]:
    """Return what pages count like an indicator although it is none of the DfE's figures, in the order of `place`.

    They are in no list of indicators and in no file of them. Only `run.run_further` runs them.
    """
    found = map(read_indicator, (QUERIES / "further").glob("*.sql"))
    return tuple(sorted(found, key=lambda each: each.place))


def indicator(indicator_id: str) -> Indicator:
    """Return one indicator by its id, or one of the further ones. Raises KeyError if there is none."""
    for candidate in (*indicators(), *further_indicators()):
        if candidate.id == indicator_id:
            return candidate
    raise KeyError(indicator_id)
