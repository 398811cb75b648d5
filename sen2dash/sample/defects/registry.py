"""How a function becomes the known defect of a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sen2dash.sample.tree import SampleReturn, XmlGroup

Inject = Callable[[SampleReturn, Random], list[XmlGroup]]


@dataclass(frozen=True)
class Defect:
    """How to trip one rule. follows: other rules that must then find something too."""

    rule_id: str
    inject: Inject
    follows: tuple[str, ...] = ()


#: Every defect by the id of its rule, once the module that has it is imported.
REGISTERED: dict[str, Defect] = {}


def defect(rule_id: str, follows: tuple[str, ...] = ()) -> Callable[[Inject], Inject]:
    """Register a function as the defect of a rule."""

    def keep(inject: Inject) -> Inject:
        if rule_id in REGISTERED:
            raise ValueError(f"{rule_id} has two defects")
        REGISTERED[rule_id] = Defect(rule_id, inject, follows)
        return inject

    return keep
