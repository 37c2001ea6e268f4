"""Copies of the working tree, each of which tests one mutant at a time."""

import compileall
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from xml.etree import ElementTree

from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
# Timeouts in seconds for one test, and for all tests of a mutant: a mutant may loop forever.
TEST_TIMEOUT, TOTAL_TIMEOUT = 120, 600
# These errors show that the mutant is broken, not that a test detected its fault.
BROKEN_ERRORS = ("ImportError", "ModuleNotFoundError", "NameError", "SyntaxError", "UnboundLocalError")
# Exclude the tests that need external programs.
MARKS = "not slow and not chromium and not cluster and not observatory and not vnu"


@dataclass(frozen=True)
class MutantResult:
    """The result of testing a mutant. ``is_expected`` is False if the mutant survived or could not be tested.

    ``details`` is the test that failed, or the reason. ``seconds`` is wall-clock time.
    """

    mutant: Mutant
    is_expected: bool
    details: str
    seconds: float


class Copy:
    """A copy of the tracked files, and of the untracked ones that Git does not ignore, below ``folder``.

    ``url`` is that of a PostgreSQL database, or empty.
    """

    def __init__(self, folder: Path, url: str = "", root: Path = ROOT) -> None:
        self.tree, self.scratch, self.url = folder / "tree", folder / "scratch", url
        self.tree.mkdir(parents=True)
        listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=root).stdout
        for name in filter(None, listed.split("\0")):
            # A tracked file may be deleted in the working tree.
            if (root / name).is_file():
                (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, self.tree / name)
        # Validate bytecode by the source's hash. By time and size, Python would miss some mutants.
        compileall.compile_dir(self.tree, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    def test(self, mutant: Mutant) -> MutantResult:
        """Apply the mutant, run its tests and revert it."""
        began = time.monotonic()
        if error := self.apply(mutant).stderr:
            return MutantResult(mutant, False, f"patch does not apply, refresh it: {error.splitlines()[0]}", 0.0)
        try:
            is_expected, details = self.outcome(mutant)
        finally:
            self.apply(mutant, "--reverse").check_returncode()
        return MutantResult(mutant, is_expected, details, time.monotonic() - began)

    def apply(self, mutant: Mutant, *options: str) -> "subprocess.CompletedProcess[str]":
        return git("apply", *options, str(mutant.patch), cwd=self.tree)

    def outcome(self, mutant: Mutant) -> tuple[bool, str]:
        """Run the mutant's tests. Return whether the outcome is the expected one, and its details."""
        # Remove what the previous mutant left behind.
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        report = self.scratch / "report.xml"
        try:
            ran = self.run(mutant, report)
        except subprocess.TimeoutExpired:
            return False, f"no result: its tests took more than {TOTAL_TIMEOUT} s"
        return outcome_of(mutant, ran.returncode, report, ran.stdout + ran.stderr)

    def run(self, mutant: Mutant, report: Path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider"]
        command += ["--timeout", str(TEST_TIMEOUT), f"--junitxml={report}", "-o", "junit_family=xunit1"]
        command += ["-m", f"(engine or postgresql) and {MARKS}" if mutant.on_postgresql else MARKS, *mutant.tests]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "GIT_"))}
        # With CI set, the tests do not search for external programs.
        environment |= {"CI": "true", "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(self.scratch)}
        environment |= {"PETGROOVE_TESTS": str(self.scratch / "tests")}
        environment |= {"TEST_DATABASE_URL": self.url if mutant.on_postgresql else ""}
        return subprocess.run(
            command, cwd=self.tree, env=environment, capture_output=True, text=True, timeout=TOTAL_TIMEOUT, check=False
        )


def git(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    # Ignore a repository around the temporary folder: git apply would skip paths outside of it.
    environment = os.environ | {"GIT_CEILING_DIRECTORIES": str(cwd.parent), "LC_ALL": "C"}
    return subprocess.run(["git", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def outcome_of(mutant: Mutant, exit_code: int, report: Path, output: str) -> tuple[bool, str]:
    """Return whether this exit code is the expected one for the mutant, and the details."""
    if exit_code == 0:
        return mutant.is_control, "survived, as expected" if mutant.is_control else "SURVIVED"
    if (failed := first_failure(report)) is None:
        last = " / ".join(output.strip().splitlines()[-3:])
        return False, f"no result: pytest exited with {exit_code}, but no test failed: {last}"
    test, message = failed
    if message.startswith(BROKEN_ERRORS):
        return False, f"no result: the mutant is broken: {message} in {test}"
    return not mutant.is_control, test


def first_failure(report: Path) -> tuple[str, str] | None:
    """Return the name and message of the first failed test in a JUnit report, or None if no test failed.

    Errors in fixtures or during collection are not failures.
    """
    if not report.exists():
        return None
    for case in ElementTree.parse(report).iter("testcase"):
        if (failure := case.find("failure")) is not None:
            return f"{case.get('file')}::{case.get('name')}", failure.get("message", "")
    return None
