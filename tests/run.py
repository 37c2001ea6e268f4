"""`make test`: the whole suite on SQLite, then on PostgreSQL what touches a database."""

import os
import shutil
import subprocess
import sys

from postgres import binaries, server

# Pure modules behave the same whatever the database; browsers and judges see the same pages; `make run` has its own.
WITHOUT_DATABASE = [
    *("tests/studio", "tests/photos", "tests/runway", "tests/browser", "tests/pages"),
    *("tests/security/test_production.py", "tests/test_make_run.py"),
]
# What is judged by programs from npm: what each needs, and where Debian has it.
JUDGES = {
    "the score of our pages at MDN's Observatory": (("node", "npm"), "nodejs npm"),
    "the check of our pages' HTML": (("npm", "java"), "npm default-jre-headless"),
}


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
    failed = 0
    for judged, (programs, packages) in JUDGES.items():
        if absent := [name for name in programs if not shutil.which(name)]:
            print(f"Missing for {judged}: {', '.join(absent)}.")
            print(f"On Debian: apt-get install --no-install-recommends {packages}")
            if os.environ.get("CI") == "true":
                return 1
            print(f"Skipped: {judged}.")
    print("On SQLite, everything:", flush=True)
    failed |= pytest(TEST_DATABASE_URL="")
    with server() as url:
        if url:
            if binaries() is None and os.environ.get("CI") != "true":
                print("Skipped: a PostgreSQL that crashes, since initdb and pg_ctl are not here to start our own.")
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
