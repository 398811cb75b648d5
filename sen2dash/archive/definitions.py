"""Digests of what the figures and findings were made with, so that a trend shows where a definition changed.

A digest covers SQL without comments and spacing: what a statement reads through views counts, what it is called and how
it is explained does not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache

from sen2dash.checks import catalogue
from sen2dash.config import QUERIES, Settings
from sen2dash.model import Indicator
from sen2dash.store import lineage
from sen2dash.store.views import INDICATOR_VIEWS, view_files

COMMENT, SPACES = re.compile(r"--[^\n]*"), re.compile(r"\s+")
#: Settings that a rule or an indicator may bind.
CHOICES = ("twenty_weeks_days", "include_challenged")
#: Parts of a digest that are kept: enough to tell definitions apart.
LENGTH = 16


def indicator_digest(indicator: Indicator, settings: Settings) -> str:
    """Return the digest of one indicator: its SQL, the views behind it, and the settings that change it."""
    names, bound = _behind(indicator.sql)
    views = [_plain(sql) for name, sql in _views() if name in names]
    made = [indicator.age_at, str(indicator.is_count), _plain(indicator.sql), *_macros(), *views]
    return _digest([*made, *_chosen(settings, bound)])


def rules_digest(settings: Settings) -> str:
    """Return the digest of every rule: which years and severities it has, its SQL, every view and macro, and the
    settings that change one.
    """
    texts, bound = _rules()
    return _digest([*texts, *_chosen(settings, bound)])


def _chosen(settings: Settings, bound: frozenset[str]) -> list[str]:
    """The settings that are bound, and the code lists that a setting replaces, which everything may read."""
    chosen = [f"{name}={getattr(settings, name)}" for name in CHOICES if name in bound]
    return [*chosen, *(f"{name}={' '.join(codes)}" for name, codes in sorted(settings.code_overrides().items()))]


@cache
def _rules() -> tuple[tuple[str, ...], frozenset[str]]:
    """What every rule is made with, and every parameter that one binds."""
    rules = catalogue.rules()
    about = sorted(f"{rule.id} {rule.severity} {rule.years} {rule.needs} {_plain(rule.sql)}" for rule in rules)
    views = [sql for _, sql in view_files()]
    bound = frozenset[str]().union(*(lineage.binds(sql) for sql in (*(rule.sql for rule in rules), *views)))
    return (*about, *_macros(), *map(_plain, views)), bound


@cache
def _behind(sql: str) -> tuple[frozenset[str], frozenset[str]]:
    """The views that a statement reads, directly or through others, and every parameter that it or they bind."""
    names = lineage.needed(sql, _views())
    return names, frozenset().union(
        lineage.binds(sql), *(lineage.binds(view) for name, view in _views() if name in names)
    )


@cache
def _views() -> tuple[tuple[str, str], ...]:
    return (*view_files(), *view_files(INDICATOR_VIEWS))


@cache
def _macros() -> tuple[str, ...]:
    return tuple(_plain(path.read_text(encoding="utf-8")) for path in sorted(QUERIES.glob("*macros.sql")))


def _plain(sql: str) -> str:
    return SPACES.sub(" ", COMMENT.sub(" ", sql)).strip()


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:LENGTH]
