"""Run the tests in parts and say what each part took: ``python -m tests.run [quick] [rest]``.

``quick`` is ``make test``; ``rest`` is what ``make test-all`` adds. A part that fails does not stop the others. The
exit code is 0 if all parts passed.
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

# These give the same result on any database: pure modules, pages as a browser or a checker sees them, and processes
# with a database of their own.
WITHOUT_DATABASE = (
    "tests/studio", "tests/photos", "tests/runway", "tests/browser", "tests/pages",
    "tests/security/test_production.py", "tests/test_make_run.py",
)  # fmt: skip
ENGINE = "engine or postgresql"


@dataclass
class Part:
    """One process of the run: what to start, and afterwards how it ended. Times in seconds."""

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
        """Wait for the process and add up what it and its descendants took."""
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
    """The environment of every part. Bytecode is written: hundreds of processes would compile the same files again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def pytest(name: str, *arguments: str, url: str = "") -> Part:
    """A run of pytest on SQLite, or on the PostgreSQL at ``url``."""
    processes = min(4, os.process_cpu_count() or 1)
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(processes), "--dist", "loadgroup", "--durations", "20"]
    return Part(name, [*command, *arguments], {"TEST_DATABASE_URL": url})


def quick(url: str | None) -> Iterator[Part]:
    """``make test``. ``url`` is a PostgreSQL server, or None."""
    yield pytest("SQLite", "-m", "not slow")
    if url:
        yield pytest("PostgreSQL", "-m", f"({ENGINE}) and not slow", *ignored(), url=url)


def rest(url: str | None) -> Iterator[Part]:
    """What ``make test-all`` adds: slow tests, races at length, everything else on PostgreSQL, and mutants."""
    yield pytest("slow tests on SQLite", "-m", "slow", "--hypothesis-profile", "thorough")
    if url:
        arguments = ["-m", "slow or postgresql or not engine", "--hypothesis-profile", "thorough", *ignored()]
        yield pytest("the rest on PostgreSQL", *arguments, url=url)
    yield Part("mutants", [sys.executable, "-m", "tests.mutation"])


def ignored() -> list[str]:
    return [f"--ignore={path}" for path in WITHOUT_DATABASE]


@contextmanager
def linting() -> Iterator[Part]:
    """Lint and check types beside the tests, on whatever core is free; print the findings at the end."""
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


def left_out(url: str | None, names: set[str]) -> list[str]:
    """One line for each thing that is missing here: what is left out for it, and how to get it."""
    lines = [f"Left out: {one.purpose}. {one.advice}" for one in programs.missing() if one.marker in names]
    if not url:
        lines.append("Left out: the tests on PostgreSQL. Install it (Debian: apt-get install postgresql),")
        lines[-1] += " or name a server in TEST_DATABASE_URL."
    return lines


NEEDED = {"quick": {"chromium"}, "rest": {"chromium", "cluster", "observatory", "vnu"}}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.run", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*NEEDED], default=["quick"])
    chosen = parser.parse_args().what
    # By an exception, so that the server of the tests is stopped as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    began = time.monotonic()
    programs.install_chromium(say)
    parts: list[Part] = []
    with postgres.server(durable=False) as url:
        lines = left_out(url, set().union(*(NEEDED[name] for name in chosen)))
        if lines and programs.is_ci():
            say("\n".join([*lines, "Nothing may be left out under CI=true."]))
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
