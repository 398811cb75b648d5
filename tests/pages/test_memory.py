"""Memory is freed: many uploads in one process need no more than a few, however their sessions end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Enough for a leak of one return an upload to be several times what is allowed.
UPLOADS = 12
#: Growth allowed over all uploads, in multiples of a return: what an allocator keeps, less than a leak would.
ALLOWED = 5.0
WAYS = ("cleared", "closed", "idle", "replaced")
#: Prints the memory of a held return, and for each way to end a session what UPLOADS returns add and how many stay.
PROGRAM = """
import gc, json, os, resource, sys
from pathlib import Path
from sen2dash.checks import catalogue
from sen2dash.config import Settings
from sen2dash.checks.report import build_report
from sen2dash.sample.generate import sample_bytes
from sen2dash.reading.source import SourceText
from sen2dash.web.vault import Vault
from sen2dash.web.session_data import Inputs

uploads, held = int(sys.argv[1]), 8
vault, data, settings = Vault(idle_seconds=100.0, grace_seconds=10.0), sample_bytes(400, 7), Settings()
few = [rule for rule in catalogue.rules() if rule.id in ("P01", "P15", "R09", "A24")]

def resident():
    gc.collect()
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

def upload(session):
    copy = bytes(bytearray(data))
    vault.put(session, build_report(copy, settings, only=few), Inputs(SourceText(copy), "return.xml"))
    entry = vault.get(session)
    entry.report.findings_table(["P01"])
    return entry.touched

def end(way, session, touched):
    if way == "cleared":
        vault.drop(session)
    elif way == "idle":
        vault.sweep(touched + 101)
    elif way == "closed":
        vault.orphan(session)
        vault.sweep(vault._orphaned[session] + 11)

for n in range(4):
    upload(f"warm {n}")
    vault.drop(f"warm {n}")
before = resident()
for n in range(held):
    upload(f"held {n}")
each = (resident() - before) / held
found = {"each": each}
for way in sys.argv[2:]:
    vault.close()
    between = resident()
    for n in range(uploads):
        session = "one" if way == "replaced" else f"session {n}"
        end(way, session, upload(session))
    found[way] = {"grown": resident() - between, "left": len(vault._entries)}
print(json.dumps(found))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no resource module to ask")
def test_memory_comes_back_however_sessions_end() -> None:
    command = [sys.executable, "-c", PROGRAM, str(UPLOADS), *WAYS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["each"] > 1_000_000, "a return that is held costs nothing, so that this test would show nothing"
    for way in WAYS:
        assert found[way]["grown"] < ALLOWED * found["each"], way
        assert found[way]["left"] == (1 if way == "replaced" else 0), way
