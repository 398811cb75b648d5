"""`make bench-load` still finds its way through the pages: its visits end without a fault."""

from __future__ import annotations

import subprocess
import sys

from tests.browser.conftest import ROOT


def test_two_people_at_once_end_their_visits() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "load.py"), "2", "--persons", "20"]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    people, *waits = done.stdout.splitlines()[-1].split()
    assert people == "2" and waits
