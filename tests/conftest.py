"""Which tests `make test-quick` leaves out: whole folders whose tests need seconds of processor time each."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
SLOW = ("hostile", "linked", "pages", "properties")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in a slow folder, so that a new test there is marked as well."""
    for item in items:
        if item.path.relative_to(HERE).parts[0] in SLOW:
            item.add_marker(pytest.mark.slow)
