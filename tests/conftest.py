"""Which tests `make test-quick` and `make test` leave out: slow places, and most parameters of sampled tests."""

import gc
import os
import sys
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
#: Folders and files whose tests take over five seconds of processor time together and check whole returns.
SLOW = {
    "hostile",
    "linked",
    "other",
    "pages",
    "properties",
    "archive/test_commands.py",
    "indicators/test_recompute.py",
    "unit/test_agreement.py",
    "unit/test_cli_compare.py",
    "unit/test_cohort.py",
    "unit/test_compare.py",
    "unit/test_earlier_years.py",
    "unit/test_resettle.py",
    "unit/test_sample.py",
    "unit/test_summary.py",
    "unit/test_timeliness.py",
    "unit/test_warming.py",
    "unit/test_worklist.py",
    "unit/test_years.py",
}
LONGEST = "browser/test_views.py"
#: Set by `make test-long`.
IS_LONG = bool(os.environ.get("SEN2DASH_EVERY_OPTION"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test by its place, so that a new test there is marked as well. Deselect what is not sampled."""
    places: Counter[str] = Counter()
    left_out = []
    for item in items:
        place = item.path.relative_to(HERE)
        folder = place.parts[0]
        if folder in SLOW or place.as_posix() in SLOW:
            item.add_marker(pytest.mark.slow)
        if folder == "browser":
            item.add_marker(pytest.mark.browser)
        sampled = item.get_closest_marker("sampled")
        if sampled and not IS_LONG:
            test = item.nodeid.partition("[")[0]
            if places[test] % sampled.args[0]:
                left_out.append(item)
            places[test] += 1
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]
    # The longest tests come first, so that no process ends alone with them.
    items.sort(key=lambda item: item.path.relative_to(HERE).as_posix() != LONGEST)


def pytest_collection_finish() -> None:
    """Do once a process what would cost every test time.

    The collector of garbage need not go through 500,000 objects of the tests themselves again and again. The installed
    packages are searched for components once, which Streamlit does for every AppTest, in 0.4 s.
    """
    gc.collect()
    gc.freeze()
    if "streamlit.testing.v1" not in sys.modules:
        return
    # Tests only take longer if a later version has it elsewhere.
    with suppress(ImportError, AttributeError):
        from streamlit.components.v2 import manifest_scanner

        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def pytest_unconfigure() -> None:
    """Let the collector have everything again, so that nothing is left when Python ends."""
    gc.unfreeze()
