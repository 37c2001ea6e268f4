"""Programs other than Python that some tests need: their purpose, whether they are installed, and how to get them.

A marker on a test names the program that it needs. If the program is missing, the test is skipped and ``tests/run.py``
reports it. Under ``CI=true`` nothing is skipped, so a missing program is a failure.
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
    """``purpose`` completes "Skipped: ...", ``advice`` says how to install the program."""

    marker: str
    purpose: str
    advice: str
    is_installed: Callable[[], bool]


def chromium_path() -> str | None:
    """Return the path of an installed Chromium, or None, in which case Playwright starts its own build."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@cache
def has_chromium() -> bool:
    """Return True if Chromium is on the path or Playwright's own build starts."""
    return chromium_path() is not None or _playwright_starts()


def _playwright_starts() -> bool:
    try:
        ran = subprocess.run([sys.executable, "-c", START], capture_output=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        return False
    return ran.returncode == 0


def install_chromium(say: Callable[[str], None]) -> None:
    """Install Chromium if it is missing: Playwright's build or, as root, the Debian package."""
    if has_chromium():
        return
    say("Chromium is missing. Downloading Playwright's build (once) ...")
    _quietly(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")
    has_chromium.cache_clear()
    if has_chromium() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say("The download failed. Installing the Debian packages chromium and fonts-dejavu-core with apt-get (once) ...")
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
        "the browser tests",
        "Install Chromium (Debian: apt-get install chromium).",
        has_chromium,
    ),
    Program(
        "cluster",
        "the tests of PostgreSQL crashes",
        "Install PostgreSQL's server programs (Debian: apt-get install postgresql).",
        lambda: postgres.binaries() is not None,
    ),
    Program(
        "observatory",
        "the MDN Observatory scores",
        "Install Node.js and npm (Debian: apt-get install nodejs npm).",
        lambda: has("node", "npm"),
    ),
    Program(
        "vnu",
        "the HTML validation",
        "Install npm and Java (Debian: apt-get install npm default-jre-headless).",
        lambda: has("npm", "java"),
    ),
)


def missing() -> list[Program]:
    """Return the programs that are not installed."""
    return [program for program in PROGRAMS if not program.is_installed()]


def is_ci() -> bool:
    return os.environ.get("CI") == "true"


def repository() -> Path:
    return Path(__file__).parents[1]
