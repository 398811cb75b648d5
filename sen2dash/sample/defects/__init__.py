"""Known defects: for each rule, one way to make a clean made-up return trip it and only the rules that must follow.

A defect changes a clean return as little as possible, and returns the groups in which its rule must then find
something (for rules on the header or the whole return, the header group).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sen2dash.sample.defects import (  # noqa: F401
    activeplans,
    assessment,
    header,
    namedplan,
    person,
    requests,
    whole_return,
)
from sen2dash.sample.defects.registry import REGISTERED, Defect

__all__ = ["Defect", "all_defects"]


def all_defects() -> Mapping[str, Defect]:
    """Return every defect by the id of its rule."""
    return MappingProxyType(REGISTERED)
