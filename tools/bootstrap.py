"""Make the virtual environment, install the pinned packages, find a browser for the tests. Standard library only.

    python tools/bootstrap.py run      install what the dashboard needs
    python tools/bootstrap.py test     also install what the checks and tests need, including a Chromium browser

Prints the path of the environment's Python on its last line. Does nothing if nothing has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
NEEDS = {"run": ["requirements.txt"], "test": ["requirements.txt", "requirements-dev.txt"]}


def say(text: str) -> None:
    """Write progress to stderr, so that stdout has only the path."""
    print(text, file=sys.stderr, flush=True)


def is_root() -> bool:
    """Whether operating system packages can be installed."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def apt_install(package: str) -> bool:
    """Install a Debian package if possible. Returns whether it worked."""
    if not (is_root() and shutil.which("apt-get")):
        return False
    say(f"Installing {package} with apt-get ...")
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    return subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False, **quiet).returncode == 0


def make_environment() -> None:
    """Create .venv; on Debian its module may have to be installed first."""
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-m", "pip", "--version"], check=False, capture_output=True).returncode == 0
    ):
        return
    say("Creating the virtual environment .venv ...")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    first = subprocess.run(command, check=False, capture_output=True, text=True)
    if first.returncode == 0:
        return
    if apt_install("python3-venv") and subprocess.run(command, check=False).returncode == 0:
        return
    sys.exit(
        f"{first.stdout}{first.stderr}\nThe virtual environment could not be made. On Debian or Ubuntu run: "
        "sudo apt install python3-venv"
    )


def install(needs: list[str]) -> None:
    """Install the pinned packages, once for each state of the files that pin them."""
    for name in needs:
        stamp = VENV / f".{name}.installed"
        digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == digest:
            continue
        say(f"Installing what {name} pins (this takes a minute the first time) ...")
        subprocess.run(
            [
                PYTHON,
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                ROOT / name,
            ],
            check=True,
            stdout=sys.stderr,
        )
        stamp.write_text(digest)


def has_browser() -> bool:
    """Whether the tests would find a Chromium: the system's, Windows' Edge, or the one that playwright keeps."""
    if any(shutil.which(name) for name in BROWSERS):
        return True
    if os.name == "nt":
        homes = [os.environ.get("PROGRAMFILES", ""), os.environ.get("PROGRAMFILES(X86)", "")]
        if any((Path(home) / "Microsoft/Edge/Application/msedge.exe").exists() for home in homes if home):
            return True
    find = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    found = subprocess.run([PYTHON, "-c", find], check=False, capture_output=True, text=True)
    return found.returncode == 0 and Path(found.stdout.strip()).exists()


def install_browser() -> None:
    """Install a browser for the tests if there is none."""
    if has_browser():
        return
    if apt_install("chromium") and has_browser():
        return
    say("Installing a Chromium browser for the tests ...")
    command: list[str | Path] = [PYTHON, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0:
        return
    sys.exit("No Chromium browser could be installed. Install Chromium, Chrome or Edge and run this again.")


def main() -> None:
    """Prepare for one target."""
    target = sys.argv[1] if len(sys.argv) == 2 and sys.argv[1] in NEEDS else sys.exit(__doc__)
    if sys.version_info < OLDEST:
        sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    make_environment()
    install(NEEDS[target])
    if target == "test":
        install_browser()
    print(PYTHON)


if __name__ == "__main__":
    main()
