"""`make test`: the whole suite on SQLite, then on PostgreSQL what touches a database."""

import os
import shutil
import subprocess
import sys

from postgres import server

# Pure modules behave the same whatever the database; the browser sees the same pages.
WITHOUT_DATABASE = ["tests/studio", "tests/photos", "tests/runway", "tests/browser"]


def pytest(*arguments: str, **environment: str) -> int:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        str(min(4, os.cpu_count() or 1)),
        "--dist",
        "loadgroup",
        *arguments,
    ]
    print("+", " ".join(command[1:]), flush=True)
    return subprocess.run(command, env=os.environ | environment, check=False).returncode


def browser_is_missing() -> bool:
    return not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def main() -> int:
    if browser_is_missing():
        print("The tests need Chromium. On Debian: apt-get install --no-install-recommends chromium")
        return 1
    print("On SQLite, everything:", flush=True)
    failed = pytest(TEST_DATABASE_URL="")
    with server() as url:
        if url:
            print("On PostgreSQL, whatever touches a database:", flush=True)
            failed |= pytest(*(f"--ignore={path}" for path in WITHOUT_DATABASE), TEST_DATABASE_URL=url)
        elif os.environ.get("CI") == "true":
            print("No PostgreSQL is to be had here, and under CI its tests must run.")
            failed = 1
        else:
            print("Skipped: the tests on PostgreSQL. Start one on port 5432, or name one in TEST_DATABASE_URL.")
    return failed


if __name__ == "__main__":
    sys.exit(main())
