"""Speed and memory as ratios of one run: what sen2dash costs beside a bare pass of the parser over the same bytes.

    make bench                       25,000 and 100,000 people (a large county, and four of them)
    python benchmarks/bench.py N M   other sizes

Not a test: machines differ, ratios less so. The yardstick is lxml's parser with a target that has only `close`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "build" / "bench"
GOALS = {"shred and load": 12.0, "all rules": 4.0, "bytes to report": 16.0}


class Nothing:
    """A parser target that only closes."""

    def close(self) -> None:
        """Nothing was kept."""


def best_of(works: dict[str, Callable[[], float]], runs: int) -> dict[str, float]:
    """The shortest of several runs of each, in seconds; run in turn, so that a busy spell meets them all."""
    rounds = [{name: work() for name, work in works.items()} for _ in range(runs)]
    return {name: min(each[name] for each in rounds) for name in works}


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def sample(persons: int) -> Path:
    """The made-up return of this size, written once."""
    from sen2dash.sample.generate import write_sample

    path = DATA / f"sample_{persons}.xml"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        write_sample(path, persons, seed=7, defects=200, year=2025)
    return path


def measure(persons: int, runs: int) -> dict[str, float]:
    """Seconds of each stage for one size."""
    from lxml import etree

    from sen2dash.checks import catalogue, run
    from sen2dash.checks.report import build_report
    from sen2dash.config import Settings
    from sen2dash.reading import shred
    from sen2dash.store.database import Store

    data = sample(persons).read_bytes()
    settings = Settings(upload_limit_mb=10_000)

    def sax() -> float:
        parser = etree.XMLParser(target=Nothing())
        return timed(lambda: etree.fromstring(data, parser))

    def load() -> float:
        store = Store(settings)
        began = time.perf_counter()
        store.load_facts(shred.shred(data, store.load))
        spent = time.perf_counter() - began
        store.close()
        return spent

    def whole() -> float:
        began = time.perf_counter()
        report = build_report(data, settings)
        spent = time.perf_counter() - began
        report.close()
        return spent

    def check() -> float:
        store = Store(settings)
        store.load_facts(shred.shred(data, store.load))
        began = time.perf_counter()
        store.derive()
        run.run(store, catalogue.rules())
        spent = time.perf_counter() - began
        store.close()
        return spent

    load()
    works = {"bare pass": sax, "shred and load": load, "all rules": check, "bytes to report": whole}
    return {"bytes": len(data), **best_of(works, runs)}


MEMORY = """
import sys
from pathlib import Path
from sen2dash.checks import catalogue, report
from sen2dash.config import Settings
import pyarrow, pandas
catalogue.rules(); pyarrow.array(["x"])
def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
before = peak()
made = report.build_report(open(sys.argv[1], "rb").read(), Settings(upload_limit_mb=10_000))
print(peak() - before)
"""


def peak_memory(path: Path) -> float | None:
    """Bytes over the imported program at the peak, in a process of its own; None where it cannot be asked."""
    if not Path("/proc/self/status").exists():
        return None
    found = [
        int(subprocess.run([sys.executable, "-c", MEMORY, str(path)], cwd=ROOT, capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    return statistics.median(found)


def main() -> None:
    """Measure every size and print the ratios."""
    sizes = [int(word) for word in sys.argv[1:]] or [25_000, 100_000]
    per_person = {}
    for persons in sizes:
        figures = measure(persons, runs=5 if persons <= 25_000 else 3)
        bare = figures["bare pass"]
        print(f"{persons:,} people, {figures['bytes'] / 1e6:.1f} MB, bare pass {bare:.3f} s")
        for stage, goal in GOALS.items():
            print(
                f"  {stage:<16} {figures[stage]:6.2f} s = {figures[stage] / bare:5.1f} passes (goal: at most {goal:g})"
            )
        memory = peak_memory(sample(persons))
        if memory is not None:
            goal = 6 if persons <= 25_000 else 4
            print(f"  peak memory      {memory / figures['bytes']:5.1f} times the file (goal: at most {goal})")
        per_person[persons] = figures["bytes to report"] / persons
    if len(per_person) > 1:
        small, large = per_person[sizes[0]], per_person[sizes[-1]]
        print(f"cost a person at {sizes[-1]:,}: {large / small:.2f} of that at {sizes[0]:,} (goal: at most 1)")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
