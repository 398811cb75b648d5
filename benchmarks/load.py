"""Many users at once: how long each of N people waits when all upload a return and look at it together, as ratios.

    make bench-load                            1, 5, 10 and 20 people with a return of 5,000 children each
    python benchmarks/load.py N ... --persons P
    python benchmarks/load.py 1 --persons 25000    from upload to counts in the browser, on a server that just started

Not a test: results vary between machines. Each person has their own browser on one real server, with their own made-up
return. All start together and do the same: upload, errors, headline figures, one person, a download. It exits with
status 1 if anyone met an error, was sent someone else's name or count, or got a file that is not theirs.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.async_api import Browser, Page, async_playwright, expect  # noqa: E402

from sen2dash.sample.generate import sample_bytes  # noqa: E402
from tests.browser.conftest import chromium, serving  # noqa: E402
from tests.browser.steps import NAMES, heading_of, marked  # noqa: E402

PATIENCE_MS = 900_000
STEPS = ("open", "upload", "errors", "headlines", "person", "download")


@dataclass
class Visit:
    """One person's visit: seconds per step, what the server sent, and what went wrong."""

    mark: str
    seconds: dict[str, float] = field(default_factory=dict)
    received: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def mark_of(place: int) -> str:
    """A word that occurs in no other return: Qaaaz, Qbaaz, ..."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return f"Q{letters[place % 26]}{letters[place // 26]}xqz"


async def idle(page: Page) -> None:
    """Wait until the page is drawn and its script has finished."""
    await expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    await expect(page.locator("[data-testid=stMain] h1")).to_be_visible()
    await expect(page.locator("[data-stale=true]")).to_have_count(0)


async def choose(page: Page, name: str) -> None:
    """Go to a page through the menu, under its heading."""
    await page.get_by_test_id("stTopNav").get_by_role("button", name=heading_of(name), exact=True).click()
    await page.locator("a[data-testid^=stTopNav]").filter(has_text=NAMES[name]).click()
    await page.wait_for_url(f"**/{name}*")
    await idle(page)


async def look(browser: Browser, address: str, visit: Visit, file: Path) -> None:
    """One person's visit from start to end. file: their return, which the browser reads itself, as it does by hand."""
    context = await browser.new_context(base_url=address, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()

    def keep(payload: str | bytes) -> None:
        visit.received.append(payload.encode() if isinstance(payload, str) else payload)

    page.on("websocket", lambda line: line.on("framereceived", keep))
    began = time.perf_counter()

    def note(step: str) -> None:
        nonlocal began
        visit.seconds[step] = time.perf_counter() - began
        began = time.perf_counter()

    try:
        await page.goto("/")
        await idle(page)
        note("open")
        await page.locator("input[type=file]").first.set_input_files(file)
        await expect(page.get_by_role("heading", name="What was found")).to_be_visible()
        await idle(page)
        note("upload")
        await choose(page, "errors")
        note("errors")
        await choose(page, "headlines")
        note("headlines")
        await choose(page, "person")
        await page.get_by_role("textbox", name="Person number, UPN, ULN, name or date of birth").fill("1")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/person?person=1")
        await idle(page)
        await expect(page.get_by_role("heading", level=1)).to_contain_text(visit.mark)
        note("person")
        await choose(page, "downloads")
        async with page.expect_download() as started:
            await page.get_by_role("button", name="Everything (CSV)").click()
        text = Path(await (await started.value).path()).read_text(encoding="utf-8-sig")
        if visit.mark not in text:
            visit.faults.append("the file that came is not theirs")
        visit.received.append(text.encode())
        note("download")
        if await page.get_by_text("Something went wrong").count():
            visit.faults.append("a page failed")
    except Exception as error:  # noqa: BLE001 - one visit that fails must not hide the others
        visit.faults.append(f"{type(error).__name__}: {str(error).splitlines()[0]}")
    finally:
        await context.close()


async def together(address: str, n_people: int, persons: int) -> list[Visit]:
    """The visits of this many people who start at the same time."""
    visits = [Visit(mark_of(place)) for place in range(n_people)]
    made = sample_bytes(persons, seed=7, rule_ids=("P15", "R09", "P03", "P12"), defects=50, year=2025)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{visit.mark}.xml" for visit in visits]
        for visit, file in zip(visits, files, strict=True):
            file.write_bytes(marked(made, visit.mark))
        async with async_playwright() as playwright:
            browser = await start(playwright)
            await asyncio.gather(*(look(browser, address, v, file) for v, file in zip(visits, files, strict=True)))
            await browser.close()
    for visit in visits:
        sent = b"".join(visit.received)
        for other in visits:
            if other is not visit and other.mark.encode() in sent:
                visit.faults.append(f"was sent a name of {other.mark}")
    return visits


async def start(playwright: object) -> Browser:
    """The machine's own Chromium, or Playwright's."""
    found, arguments = chromium()
    return await playwright.chromium.launch(executable_path=found, args=arguments)  # type: ignore[attr-defined, no-any-return]


def main() -> int:
    """Run each number of people, one after the other, and print how the waits grow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("people", nargs="*", type=int, default=[1, 5, 10, 20])
    parser.add_argument("--persons", type=int, default=5_000)
    asked = parser.parse_args()
    expect.set_options(timeout=PATIENCE_MS)
    alone: dict[str, float] = {}
    n_faults = 0
    print(f"{asked.persons:,} children a return. Median seconds a person waited, and times what the first row waited.")
    print(f"{'people':>6}  " + "  ".join(f"{step:>15}" for step in STEPS) + f"  {'all':>15}  slowest")
    for n_people in asked.people:
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "server.log") as (address, _):
            visits = asyncio.run(together(address, n_people, asked.persons))
            if "Traceback" in (Path(folder) / "server.log").read_text():
                n_faults += 1
                print("the server logged an error")
        done = [visit for visit in visits if not visit.faults]
        for visit in visits:
            for fault in visit.faults:
                n_faults += 1
                print(f"{visit.mark}: {fault}")
        if done:
            medians = {step: statistics.median(visit.seconds[step] for visit in done) for step in STEPS}
            medians["all"] = statistics.median(sum(visit.seconds.values()) for visit in done)
            alone = alone or medians
            cells = "  ".join(f"{medians[s]:7.1f} ({medians[s] / alone[s]:5.1f})" for s in medians)
            print(f"{n_people:>6}  {cells}  {max(sum(v.seconds.values()) for v in done):7.1f}", flush=True)
    return 1 if n_faults else 0


if __name__ == "__main__":
    sys.exit(main())
