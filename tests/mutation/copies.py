"""A copy of the working tree in which one mutant at a time is tested."""

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
# Seconds for one test, and for all tests of a mutant: a mutant may loop for ever.
TEST_SECONDS, ALL_SECONDS = 120, 600
# These show that the mutant is broken, not that a test found its fault.
BROKEN = ("ImportError", "ModuleNotFoundError", "NameError", "SyntaxError", "UnboundLocalError")
# The programs that some tests need are never asked for here.
MARKS = "not slow and not chromium and not cluster and not observatory and not vnu"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: ``is_right`` if that is what should. ``seconds`` is wall-clock time."""

    mutant: Mutant
    is_right: bool
    words: str
    seconds: float


class Copy:
    """The tracked files, and the untracked ones that Git does not ignore, below ``folder``.

    ``url`` is a PostgreSQL server, or empty.
    """

    def __init__(self, folder: Path, url: str = "", root: Path = ROOT) -> None:
        self.tree, self.scratch, self.url = folder / "tree", folder / "scratch", url
        self.tree.mkdir(parents=True)
        listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=root).stdout
        for name in filter(None, listed.split("\0")):
            # A file may be tracked and deleted.
            if (root / name).is_file():
                (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, self.tree / name)
        # Bytecode that is checked by the hash of its source. By time and size, Python would not see some mutants.
        compileall.compile_dir(self.tree, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    def test(self, mutant: Mutant) -> Verdict:
        """Test the mutant, and leave the copy as it was."""
        began = time.monotonic()
        if refused := self.apply(mutant).stderr:
            return Verdict(mutant, False, f"does not apply, refresh the patch: {refused.splitlines()[0]}", 0.0)
        try:
            is_right, words = self.outcome(mutant)
        finally:
            self.apply(mutant, "--reverse").check_returncode()
        return Verdict(mutant, is_right, words, time.monotonic() - began)

    def apply(self, mutant: Mutant, *options: str) -> "subprocess.CompletedProcess[str]":
        return git("apply", *options, str(mutant.patch), cwd=self.tree)

    def outcome(self, mutant: Mutant) -> tuple[bool, str]:
        """Run the mutant's tests. Return whether the outcome is as it should be, and what it is."""
        # Nothing that the mutant before left behind.
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        report = self.scratch / "report.xml"
        try:
            ran = self.run(mutant, report)
        except subprocess.TimeoutExpired:
            return False, f"no verdict: its tests took more than {ALL_SECONDS} s"
        return outcome_of(mutant, ran.returncode, report, ran.stdout + ran.stderr)

    def run(self, mutant: Mutant, report: Path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider"]
        command += ["--timeout", str(TEST_SECONDS), f"--junitxml={report}", "-o", "junit_family=xunit1"]
        command += ["-m", f"(engine or postgresql) and {MARKS}" if mutant.on_postgresql else MARKS, *mutant.tests]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "GIT_"))}
        # Under CI the programs are taken to be there; it is quick to ask for none.
        environment |= {"CI": "true", "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(self.scratch)}
        environment |= {"PETGROOVE_TESTS": str(self.scratch / "tests")}
        environment |= {"TEST_DATABASE_URL": self.url if mutant.on_postgresql else ""}
        return subprocess.run(
            command, cwd=self.tree, env=environment, capture_output=True, text=True, timeout=ALL_SECONDS, check=False
        )


def git(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    # A repository around the temporary folder must not matter: git apply would skip paths outside of it.
    environment = os.environ | {"GIT_CEILING_DIRECTORIES": str(cwd.parent), "LC_ALL": "C"}
    return subprocess.run(["git", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def outcome_of(mutant: Mutant, exit_code: int, report: Path, output: str) -> tuple[bool, str]:
    """Return whether it is as it should be that pytest ended so, and what it means for the mutant."""
    if exit_code == 0:
        return mutant.is_control, "survived, as it should" if mutant.is_control else "SURVIVED"
    if (failed := first_failure(report)) is None:
        last = " / ".join(output.strip().splitlines()[-3:])
        return False, f"no verdict: pytest ended with {exit_code} and no failed test: {last}"
    test, message = failed
    if message.startswith(BROKEN):
        return False, f"no verdict: the mutant is broken: {message} in {test}"
    return not mutant.is_control, test


def first_failure(report: Path) -> tuple[str, str] | None:
    """Return the name and message of the first failed test in a report of pytest; None if no test failed.

    An error outside of a test's own body, in a fixture or while tests are collected, is no failure.
    """
    if not report.exists():
        return None
    for case in ElementTree.parse(report).iter("testcase"):
        if (failure := case.find("failure")) is not None:
            return f"{case.get('file')}::{case.get('name')}", failure.get("message", "")
    return None
