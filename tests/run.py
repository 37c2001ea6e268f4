"""Run the tests in parts and report the time of each part: ``python -m tests.run [quick] [rest]``.

``quick`` is ``make test``; ``make test-all`` adds ``rest``. A failing part does not stop the others. The exit code is 0
if all parts pass.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from tests import postgres, programs

# These tests give the same result with any database: pure modules, rendered pages, and processes with their own
# database.
WITHOUT_DATABASE = (
    "tests/studio", "tests/photos", "tests/runway", "tests/browser", "tests/pages",
    "tests/security/test_production.py", "tests/test_make_run.py",
)  # fmt: skip
ENGINE = "engine or postgresql"


@dataclass
class Part:
    """A process of the run and its result. Times are in seconds."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    exit_code: int = 1
    wall: float = 0.0
    cpu: float = 0.0

    def start(self, output: IO[bytes] | None = None) -> "subprocess.Popen[bytes]":
        self.wall = -time.monotonic()
        environment = child_environment() | self.environment
        return subprocess.Popen(self.command, cwd=programs.repository(), env=environment, stdout=output, stderr=output)

    def wait(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait for the process; record its exit code and the time that it and its descendants used."""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = self.exit_code = os.waitstatus_to_exitcode(status)
        self.wall += time.monotonic()
        self.cpu = usage.ru_utime + usage.ru_stime

    def run(self) -> None:
        say(f"\n== {self.name}: {' '.join(self.command[1:])}")
        self.wait(self.start())

    def __str__(self) -> str:
        result = "passed" if self.exit_code == 0 else "FAILED"
        return f"{self.name:28}{result:10}{self.wall:8.0f} s{self.cpu:10.0f} s"


def child_environment() -> dict[str, str]:
    """Return the environment of every part. With bytecode, hundreds of processes need not compile the same files."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def pytest(name: str, *arguments: str, url: str = "") -> Part:
    """Return a pytest run on SQLite, or on the PostgreSQL server at ``url``."""
    processes = min(4, os.process_cpu_count() or 1)
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(processes), "--dist", "loadgroup", "--durations", "20"]
    return Part(name, [*command, *arguments], {"TEST_DATABASE_URL": url})


def quick(url: str | None) -> Iterator[Part]:
    """Yield the pytest runs of ``make test``. ``url`` is that of a PostgreSQL server, or None."""
    yield pytest("SQLite", "-m", "not slow")
    if url:
        yield pytest("PostgreSQL", "-m", f"({ENGINE}) and not slow", *ignored(), url=url)


def rest(url: str | None) -> Iterator[Part]:
    """Yield the parts that ``make test-all`` adds: slow tests, longer races, all tests on PostgreSQL, and mutants."""
    yield pytest("slow tests on SQLite", "-m", "slow", "--hypothesis-profile", "thorough")
    if url:
        arguments = ["-m", "slow or postgresql or not engine", "--hypothesis-profile", "thorough", *ignored()]
        yield pytest("the rest on PostgreSQL", *arguments, url=url)
    yield Part("mutants", [sys.executable, "-m", "tests.mutation"])


def ignored() -> list[str]:
    return [f"--ignore={path}" for path in WITHOUT_DATABASE]


@contextmanager
def linting() -> Iterator[Part]:
    """Lint and check types in parallel with the tests; print the output at the end if it failed."""
    part = Part("lint and types", ["make", "--no-print-directory", "lint"])
    with tempfile.TemporaryFile() as output:
        process = part.start(output)
        waiting = threading.Thread(target=part.wait, args=[process])
        waiting.start()
        try:
            yield part
        except BaseException:
            process.kill()
            raise
        finally:
            waiting.join()
        if part.exit_code:
            output.seek(0)
            say(f"\n== {part.name}\n{output.read().decode()}")


def skipped(url: str | None, names: set[str]) -> list[str]:
    """Return one line for each group of skipped tests, with advice on how to install what is missing."""
    lines = [
        f"Skipped: {program.purpose}. {program.advice}" for program in programs.missing() if program.marker in names
    ]
    if not url:
        lines.append("Skipped: the tests on PostgreSQL. Install it (Debian: apt-get install postgresql),")
        lines[-1] += " or set TEST_DATABASE_URL."
    return lines


NEEDED = {"quick": {"chromium"}, "rest": {"chromium", "cluster", "observatory", "vnu"}}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.run", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*NEEDED], default=["quick"])
    chosen = parser.parse_args().parts
    # Exit by an exception, so that the database server is stopped as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    began = time.monotonic()
    programs.install_chromium(say)
    parts: list[Part] = []
    with postgres.server(durable=False) as url:
        lines = skipped(url, set().union(*(NEEDED[name] for name in chosen)))
        if lines and programs.is_ci():
            say("\n".join([*lines, "Under CI=true, no tests may be skipped."]))
            return 1
        if "quick" in chosen:
            with linting() as lint:
                parts += run(quick(url))
            parts.insert(0, lint)
        if "rest" in chosen:
            parts += run(rest(url))
    say("\n".join(["", *map(str, parts), *lines, f"{time.monotonic() - began:.0f} s in all"]))
    return int(any(part.exit_code for part in parts))


def run(parts: Iterator[Part]) -> list[Part]:
    done = list(parts)
    for part in done:
        part.run()
    return done


if __name__ == "__main__":
    sys.exit(main())
