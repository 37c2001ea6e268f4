"""Programs that some tests need beside Python: what each is for, whether it is here, and how to get it.

A test says what it needs with a marker. Without the program it is left out, and ``tests/run.py`` says so in one line;
under ``CI=true`` nothing is left out, so a missing program is a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests import postgres

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
DOWNLOAD_SECONDS = 600
START = "from playwright.sync_api import sync_playwright\nwith sync_playwright() as p: p.chromium.launch().close()"


@dataclass(frozen=True)
class Program:
    """``purpose`` completes "Left out: ...", ``advice`` says how to get the program."""

    marker: str
    purpose: str
    advice: str
    is_installed: Callable[[], bool]


def chromium_path() -> str | None:
    """The path of a Chromium installed on this machine, or None: Playwright then starts its own build."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@cache
def has_chromium() -> bool:
    """Return True if there is a Chromium on the path, or Playwright's own build starts."""
    return chromium_path() is not None or _playwright_starts()


def _playwright_starts() -> bool:
    try:
        ran = subprocess.run([sys.executable, "-c", START], capture_output=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        return False
    return ran.returncode == 0


def install_chromium(say: Callable[[str], None]) -> None:
    """Install Chromium if it is missing: Playwright's build, or else Debian's package where we are root."""
    if has_chromium():
        return
    say("Chromium is missing. Downloading Playwright's build (once) ...")
    _quietly(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")
    has_chromium.cache_clear()
    if has_chromium() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say("That did not work. Installing Debian's packages chromium and fonts-dejavu-core with apt-get (once) ...")
    _quietly("apt-get", "update")
    _quietly("apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core")
    has_chromium.cache_clear()


def _quietly(*command: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, capture_output=True, check=False, env=environment, timeout=DOWNLOAD_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return


def has(*programs: str) -> bool:
    return all(map(shutil.which, programs))


PROGRAMS = (
    Program(
        "chromium",
        "the tests in a browser",
        "Install Chromium (Debian: apt-get install chromium).",
        has_chromium,
    ),
    Program(
        "cluster",
        "a PostgreSQL that crashes",
        "Install PostgreSQL's server programs (Debian: apt-get install postgresql).",
        lambda: postgres.binaries() is not None,
    ),
    Program(
        "observatory",
        "the score of our pages at MDN's Observatory",
        "Install Node.js and npm (Debian: apt-get install nodejs npm).",
        lambda: has("node", "npm"),
    ),
    Program(
        "vnu",
        "the validation of our pages' HTML",
        "Install npm and Java (Debian: apt-get install npm default-jre-headless).",
        lambda: has("npm", "java"),
    ),
)


def missing() -> list[Program]:
    """The programs that are not on this machine."""
    return [program for program in PROGRAMS if not program.is_installed()]


def is_ci() -> bool:
    return os.environ.get("CI") == "true"


def repository() -> Path:
    return Path(__file__).parents[1]
