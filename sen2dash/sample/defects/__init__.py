"""Known defects: for each rule, one way to make a clean made-up return trip it and only the rules that must follow.

A defect changes a clean return as little as possible, and returns the groups in which its rule must then find
something (for rules on the header or the whole return, the header group).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from sen2dash.sample.tree import Group, SampleReturn

Inject = Callable[[SampleReturn, Random], list[Group]]


@dataclass(frozen=True)
class Defect:
    """How to trip one rule. follows: other rules that must then find something too."""

    rule_id: str
    inject: Inject
    follows: tuple[str, ...] = ()


_found: dict[str, Defect] = {}


def defect(rule_id: str, follows: tuple[str, ...] = ()) -> Callable[[Inject], Inject]:
    """Register a function as the defect of a rule."""

    def keep(inject: Inject) -> Inject:
        if rule_id in _found:
            raise ValueError(f"{rule_id} has two defects")
        _found[rule_id] = Defect(rule_id, inject, follows)
        return inject

    return keep


def all_defects() -> Mapping[str, Defect]:
    """Return every defect by the id of its rule."""
    from sen2dash.sample.defects import (  # noqa: F401
        activeplans,
        assessment,
        header,
        namedplan,
        person,
        requests,
        whole_return,
    )

    return MappingProxyType(_found)
