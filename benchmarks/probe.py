"""One measurement in a separate process: `python benchmarks/probe.py WHAT FILE RUNS` prints its figures as JSON.

Seconds are CPU seconds of the process, the best of RUNS runs; memory is in bytes. `bench.py` makes a table of them.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PAGES = (
    *(
        "upload",
        "errors",
        "queries",
        "information",
        "notes",
        "summary",
        "headlines",
        "timeliness",
        "requests",
        "placements",
    ),
    *("cohort", "pupil_groups", "linked", "person", "kept", "trend", "audit", "rulebook", "downloads"),
)
SESSION = "benchmark"


class Nothing:
    """A parser target that only closes."""

    def close(self) -> None:
        """Return nothing, because nothing was kept."""


def spent(work: Callable[[], object]) -> float:
    """CPU seconds that one call takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def settings() -> Any:
    """Settings that accept a file of any size."""
    from sen2dash.config import Settings

    return Settings(upload_limit_mb=10_000)


def stages(path: Path, runs: int) -> dict[str, float]:
    """Seconds of each stage, run in rotation, so that a busy moment affects all of them."""
    from lxml import etree

    from sen2dash.checks import catalogue
    from sen2dash.checks import run as rules
    from sen2dash.checks.report import build_report
    from sen2dash.indicators.run import run_indicators
    from sen2dash.reading import shred
    from sen2dash.store.database import Store

    data = path.read_bytes()
    best: dict[str, float] = {}

    def note(name: str, work: Callable[[], object]) -> None:
        best[name] = min(best.get(name, float("inf")), spent(work))

    def once(store: Store) -> None:
        # The stubs ask a target for every method, lxml for `close` alone.
        note("bare pass", lambda: etree.fromstring(data, etree.XMLParser(target=Nothing())))  # type: ignore[call-overload]
        note("shred and load", lambda: store.load_facts(shred.shred(data, store.load)))
        note("views and rules", lambda: (store.derive(), rules.run(store, catalogue.rules())))
        note("indicators", lambda: run_indicators(store))
        store.close()
        note("bytes to report", lambda: build_report(data, settings()).close())

    for _ in range(runs + 1):
        once(Store(settings()))
    return best


def workbook(path: Path, runs: int) -> dict[str, float]:
    """The number of findings, the seconds for their workbook, and how much it adds to peak memory."""
    from sen2dash.checks.report import build_report
    from sen2dash.output import export

    report = build_report(path.read_bytes(), settings())
    reset_peak()
    before = peak()
    # Streamlit passes a download on in one piece, so its size counts towards the memory that it takes.
    best = min(spent(lambda: export.findings_xlsx(report)) for _ in range(runs))
    found = {"findings": sum(outcome.count for outcome in report.outcomes), "seconds": best, "memory": peak() - before}
    report.close()
    return found


def memory(path: Path, _: int) -> dict[str, float]:
    """Peak memory above the imported program while a file is read and checked, and the memory kept afterwards."""
    import pandas as _pandas  # noqa: F401
    import pyarrow as pa

    from sen2dash.checks import catalogue
    from sen2dash.checks.report import build_report
    from sen2dash.sample.generate import sample_bytes

    build_report(sample_bytes(5, seed=1), settings()).close()
    catalogue.rules()
    pa.array(["x"])
    gc.collect()
    peak_before, before = peak(), resident()
    report = build_report(path.read_bytes(), settings())
    highest = peak() - peak_before
    gc.collect()
    held = resident() - before
    report.close()
    return {"peak": highest, "held": held}


def pages(path: Path, runs: int) -> dict[str, float]:
    """Server seconds for the first view of each page, and for a click on it, after a check and a warm start."""
    from streamlit.testing.v1 import AppTest

    from sen2dash.checks.report import build_report
    from sen2dash.reading.source import SourceText
    from sen2dash.ui import loading, warming
    from sen2dash.web import session_data, vault

    warming.warm()
    report = build_report(path.read_bytes(), settings())
    loading.calculate_indicators(report)
    found = {}
    for page in PAGES:
        at = AppTest.from_file(str(ROOT / "sen2dash" / "main.py"), default_timeout=600)
        at.session_state[vault.SESSION_KEY] = SESSION
        vault.VAULT._entries[SESSION] = session_data.LoadedReturn(
            report, session_data.Inputs(SourceText(b""), "return.xml")
        )
        # A session starts on the start page.
        at.run()
        at.switch_page(f"../pages/{page}.py")
        if page == "person":
            at.query_params["person"] = "3"
        found[f"{page} first"] = spent(at.run)
        found[f"{page} click"] = min(spent(at.run) for _ in range(runs))
        if at.exception:
            raise RuntimeError(f"{page}: {at.exception[0].message}")
    report.close()
    return found


#: The census that is read: pupils, their schools, and rows of sessions for each pupil.
PUPILS, SCHOOLS, SESSIONS = 60_000, 200, 6


def _census_tables() -> dict[str, str]:
    """The tables of a census export in which nobody is in the return."""
    schools = "".join(f"{n},SC,SPR,2025,2025-01-16,1,333,{n:04}\n" for n in range(SCHOOLS))
    pupils = "".join(f"{n},{n % SCHOOLS},A{n:012},2014-03-05,{'MF'[n % 2]},5,C,E,140\n" for n in range(PUPILS))
    sessions = "".join(f"{n},{code},3\n" for n in range(PUPILS) for code in "IMOBCN"[:SESSIONS])
    return {
        "schoolcensus": f"schoolcensustableid,collection,term,year,referencedate,serialno,lea,estab\n{schools}",
        "pupilonroll": "pupilonrolltableid,schoolcensustableid,upn,dob,sex,ncyearactual,enrolstatus,senprovision,"
        f"termlysessionspossible\n{pupils}",
        "termlysessiondetailsonroll": f"pupilonrolltableid,attendancereason,sessions\n{sessions}",
    }


def _census_xml() -> bytes:
    """The same as the XML of one school."""
    details = "".join(
        f"<SessionDetail><AttendanceReason>{code}</AttendanceReason><Sessions>3</Sessions></SessionDetail>"
        for code in "IMOBCN"[:SESSIONS]
    )
    pupils = "".join(
        f"<PupilOnRoll><PupilIdentifiers><UPN>A{n:012}</UPN><DOB>2014-03-05</DOB><Sex>{'MF'[n % 2]}</Sex>"
        "</PupilIdentifiers><PupilCharacteristics><NCyearActual>5</NCyearActual></PupilCharacteristics>"
        f"<Attendance><TermlyAttendance><SessionsPossible>140</SessionsPossible>{details}</TermlyAttendance>"
        "</Attendance></PupilOnRoll>"
        for n in range(PUPILS)
    )
    return (
        "<Message><Header><CollectionDetails><Collection>SC</Collection><Term>SPR</Term><Year>2025</Year>"
        "<ReferenceDate>2025-01-16</ReferenceDate></CollectionDetails><Source><LEA>333</LEA><Estab>1001</Estab></Source>"
        f"</Header><Pupils><PupilsOnRoll>{pupils}</PupilsOnRoll></Pupils></Message>"
    ).encode()


def linked(path: Path, runs: int) -> dict[str, float]:
    """Seconds to read a large census as CSV, with the memory that it takes, and as XML; to match made-up files.

    add: all that an officer waits for who adds these files. sections: what views of them take when first shown.
    """
    from sen2dash.checks.report import build_report
    from sen2dash.linked import loaded_files
    from sen2dash.linked.matching import link_readings, read_given
    from sen2dash.reading.linked.census import read_census
    from sen2dash.reading.linked.given import GivenFile, uploads
    from sen2dash.reading.linked.recognise import by_kind
    from sen2dash.sample.linked import linked_files

    tables = [GivenFile(f"Made_{n}.csv", f"Made_{n}.csv", "", text.encode()) for n, text in _census_tables().items()]
    gc.collect()
    reset_peak()
    before = peak()
    found = {"csv": min(spent(lambda: read_census(tables)) for _ in range(runs)), "csv memory": peak() - before}
    xml = [GivenFile("made.xml", "made.xml", "", _census_xml())]
    found["xml"] = spent(lambda: read_census(xml))
    report = build_report(path.read_bytes(), settings(), only=())
    files = linked_files(report.counts["person"], 7, 2025)
    named = [(name.rpartition("/")[2], text.encode()) for name, text in files.items()]
    read = read_given(by_kind(uploads(named)))
    found["match"] = min(spent(lambda: link_readings(report, read)) for _ in range(runs))
    found["add"] = min(
        spent(lambda: loaded_files.use(report, loaded_files.add(report, loaded_files.LoadedFiles(), named)))
        for _ in range(runs)
    )
    figures = link_readings(report, read)
    if figures.census is None or figures.attainment is None:
        raise AssertionError("the made-up files have both")
    census, attainment = figures.census, figures.attainment
    found["sections"] = spent(lambda: (census.absence, census.exclusions, attainment.people))
    kept = link_readings(report, read).kept
    found["again"] = min(spent(lambda: link_readings(report, kept)) for _ in range(runs))
    report.close()
    return found


def peak() -> int:
    """The most bytes that this process has used so far, or 0 if unknown."""
    return _status("VmHWM")


def reset_peak() -> None:
    """Let the peak start again from what the process uses now, where the system can do so (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def resident() -> int:
    """The bytes that this process uses now, or 0 if unknown."""
    return _status("VmRSS")


def _status(name: str) -> int:
    path = Path("/proc/self/status")
    return int(path.read_text().split(f"{name}:")[1].split()[0]) * 1024 if path.exists() else 0


def main() -> None:
    """Take the measurement that was requested."""
    what = {"stages": stages, "workbook": workbook, "memory": memory, "pages": pages, "linked": linked}[sys.argv[1]]
    print(json.dumps(what(Path(sys.argv[2]), int(sys.argv[3]))))


if __name__ == "__main__":
    main()
