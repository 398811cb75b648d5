"""Speed and memory as ratios from one run: the cost of sen2dash next to a bare pass of the parser over the same file.

    make bench                       6,000, 25,000 and 100,000 people
    python benchmarks/bench.py N M   other sizes, such as 1000000

Not a test: results vary between machines, ratios less so. Time is CPU time. The unit (x) is lxml's parser with a target
that has only `close`. Release 0.1.0 is timed as well if its commit is in the history; otherwise its stored figures are
used.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "build" / "bench"
#: The last commit of release 0.1.0.
BEFORE = "2944891c53be935f49e3af855d9f3cfaf53bc071"
#: Figure of 0.1.0 and goal, by size. A size that is not listed uses those of the next smaller size. A smaller return
#: has neither: most of its cost is that of planning the rules, which does not grow with the file.
STAGES = {
    "shred and load": ({25_000: 12.3, 100_000: 11.7}, {25_000: 6.0, 100_000: 5.0}),
    "views and rules": ({25_000: 7.0}, {25_000: 4.0}),
    "bytes to report": ({25_000: 20.0}, {25_000: 10.0}),
    "indicators": ({25_000: 3.9}, {25_000: 4.0}),
}
CHECK_GOALS = {6_000: 0.6, 100_000: 0.55, 1_000_000: 0.45}
ODD_GOAL = 1.2
WORKBOOK = (16.7, 6.7)
MEMORY = {"peak": ({25_000: 5.3, 100_000: 3.4}, {25_000: 5.0, 100_000: 3.0}), "held": ({25_000: 4.7}, {25_000: 3.0})}
PAGE_GOALS = {"first": (5.0, 2.5), "click": (1.25, 0.85)}
#: The size used for pages and workbooks, if it is among those requested. Their cost does not grow with the return as a
#: pass does: x is then the pass over a return of this size, and over a workbook with this many findings.
USUAL, USUAL_FINDINGS = 25_000, 18_000


def sample(persons: int, is_odd: bool = False) -> Path:
    """The made-up return of this size, written once. is_odd: nobody in it is written as the layout expects."""
    sys.path.insert(0, str(ROOT))
    from sen2dash.sample.generate import write_sample

    path = DATA / f"sample_{persons}{'_odd' * is_odd}.xml"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        if is_odd:
            path.write_bytes(sample(persons).read_bytes().replace(b"<Person>", b"<Person><!-- odd -->"))
        else:
            write_sample(path, persons, seed=7, defects=200, year=2025)
    return path


def before() -> Path | None:
    """A folder with release 0.1.0, or None if the history does not hold it."""
    folder = DATA / "0.1.0"
    if not folder.exists():
        made = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=False)
        if made.returncode:
            return None
        with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
            archive.extractall(folder, filter="data")
    return folder


def probe(what: str, path: Path, runs: int) -> dict[str, float]:
    """The figures of one measurement, made in a separate process."""
    command = [sys.executable, str(ROOT / "benchmarks" / "probe.py"), what, str(path), str(runs)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def check_seconds(folder: Path, path: Path) -> float:
    """CPU seconds of `check` with text output, as a user runs it."""
    command = [sys.executable, "-m", "sen2dash", "check", str(path)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(command)} failed in {folder}")
    return used.ru_utime + used.ru_stime


def check_ratio(path: Path, runs: int) -> tuple[float, float | None]:
    """CPU seconds of `check`, and their ratio to those of 0.1.0: the best of several alternating runs."""
    old = before()
    rounds = [(check_seconds(ROOT, path), check_seconds(old, path) if old else None) for _ in range(runs)]
    now = min(new for new, _ in rounds)
    then = min((seconds for _, seconds in rounds if seconds is not None), default=None)
    return now, now / then if then else None


def of_size(figures: dict[int, float], persons: int) -> float | None:
    """The figure of a size, or of the next smaller one; None below the smallest."""
    return figures.get(max((size for size in figures if size <= persons), default=-1))


def shown(number: float | str | None) -> str:
    """A figure of the table."""
    return "-" if number is None else number if isinstance(number, str) else f"{number:.2f}"


def line(
    what: str, then: float | str | None, now: float | None, goal: float | None, unit: str = "x", note: str = ""
) -> None:
    """Print one line of the table. A figure that misses its goal is marked."""
    is_missed = now is not None and goal is not None and now > goal
    note = note if now is not None else "0.1.0 is not in the history"
    print(
        f"  {what:<34} {shown(then):>7} {shown(now):>7} {shown(goal):>7} {unit:<8} {'*' if is_missed else ' '} {note}",
        flush=True,
    )


def bench(persons: int, is_usual: bool) -> None:
    """Time one size and print its part of the table."""
    runs = 5 if persons <= 25_000 else 3 if persons <= 100_000 else 1
    path = sample(persons)
    size = path.stat().st_size
    figures = probe("stages", path, runs)
    bare = figures["bare pass"]
    print(f"\n{persons:,} people, {size / 1e6:.1f} MB; x = a bare pass, {bare:.3f} s of CPU")
    print(f"  {'what':<34} {'0.1.0':>7} {'now':>7} {'goal':>7}")
    for stage, (then, goal) in STAGES.items():
        seconds = figures[stage]
        line(stage, of_size(then, persons), seconds / bare, of_size(goal, persons), note=f"{seconds:.2f} s")
    seconds, ratio = check_ratio(path, min(runs, 3))
    line("check as text", "1", ratio, of_size(CHECK_GOALS, persons), "of 0.1.0", f"{seconds:.2f} s")
    held = probe("memory", path, 1)
    for name, (then, goal) in MEMORY.items():
        line(f"memory {name}", of_size(then, persons), held[name] / size, of_size(goal, persons), "the file")
    if is_usual:
        seconds, ratio = check_ratio(sample(persons, is_odd=True), min(runs, 3))
        line("check, every person odd", "1", ratio, ODD_GOAL, "of 0.1.0", f"{seconds:.2f} s")
        usual_bare = bare * USUAL / persons
        book = probe("workbook", path, 3)
        whole = book["seconds"] * USUAL_FINDINGS / max(book["findings"], 1)
        note = f"{book['findings']:,} findings, {book['seconds']:.2f} s, {book['memory'] / 1e6:.0f} MB (goal: 150)"
        line("workbook", WORKBOOK[0], whole / usual_bare, WORKBOOK[1], note=note)
        bench_pages(path, usual_bare)
        bench_linked(path)


def bench_linked(path: Path) -> None:
    """Linked files in seconds of CPU: a census of 60,000 pupils read, and the files of this return matched."""
    found = probe("linked", path, 3)
    line("census of 60,000 as CSV", "-", found["csv"], 2.0, "s", f"{found['csv memory'] / 1e6:.0f} MB (goal: 300)")
    line("census of 60,000 as XML", "-", found["xml"], 8.0, "s")
    line("linked files matched", "-", found["match"], 0.5, "s")
    line("linked files added: read, matched", "-", found["add"], 2.0, "s")
    line("absence, exclusions, attainment", "-", found["sections"], 0.5, "s", "when first shown")
    line("the same again, from kept rows", "-", found["again"], 0.5, "s")


def bench_pages(path: Path, bare: float) -> None:
    """The first view of each page and a click on it."""
    found = probe("pages", path, 3)
    for what, (then, goal) in PAGE_GOALS.items():
        by_page = {name.split()[0]: seconds for name, seconds in found.items() if name.endswith(what)}
        for page in sorted(by_page, key=lambda name: -by_page[name]):
            line(f"{page}: {what}", then, by_page[page] / bare, goal, note=f"{by_page[page]:.3f} s")


def main() -> None:
    """Run the benchmark for every size."""
    sizes = [int(word) for word in sys.argv[1:]] or [6_000, USUAL, 100_000]
    if shutil.which("git") is None:
        print("Without git, 0.1.0 cannot be measured.")
    usual = USUAL if USUAL in sizes else sizes[0]
    for persons in sizes:
        bench(persons, persons == usual)
    print("\n* misses its goal. Figures of 0.1.0 in x are those stored; `check` is measured anew.")


if __name__ == "__main__":
    main()
