"""The runner reads patches strictly, and takes nothing but a failed test for a mutant that was found."""

from pathlib import Path

import pytest

from tests.mutation.__main__ import main
from tests.mutation.copies import ROOT, Copy, git, outcome_of
from tests.mutation.mutants import BadHeader, Mutant, UnknownMutant, named, read

DIFF = """
diff --git a/sums.py b/sums.py
--- a/sums.py
+++ b/sums.py
@@ -1,2 +1,2 @@
 def total(left, right):
-    return left + right
+    return left - right
"""
SUMS = "def total(left, right):\n    return left + right\n"
REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" tests="2">
<testcase classname="tests.test_a" name="test_fine" file="tests/test_a.py" line="3" time="0.1" />
<testcase classname="tests.test_a" name="test_sum[2]" file="tests/test_a.py" line="9" time="0.1">{}</testcase>
</testsuite></testsuites>
"""


@pytest.fixture
def mutant(tmp_path: Path) -> Mutant:
    return mutant_with(tmp_path, "A total is a difference.\n\nTests: tests/test_a.py\n")


def mutant_with(folder: Path, header: str, diff: str = DIFF) -> Mutant:
    patch = folder / "total-is-a-difference.patch"
    patch.write_text(header + diff)
    return read(patch)


def test_patch_header_names_fault_and_tests(tmp_path: Path) -> None:
    found = mutant_with(tmp_path, "A total\nis a difference.\n\nTests: tests/a tests/b.py\n")
    assert found == Mutant(
        "total-is-a-difference", found.patch, "A total is a difference.", ("tests/a", "tests/b.py"), False, False
    )


def test_patch_header_may_name_engine_and_control(tmp_path: Path) -> None:
    found = mutant_with(tmp_path, "It is so.\n\nTests: tests/a\nEngine: postgresql\nControl: survives\n")
    assert (found.on_postgresql, found.is_control) == (True, True)


@pytest.mark.parametrize(
    ("header", "diff", "words"),
    [
        ("A total is a difference.\n\n", DIFF, "no line Tests:"),
        ("Tests: tests/a\n", DIFF, "no sentence"),
        ("A total is a difference.\n\nTests: tests/a\n", "", "no diff"),
        ("A total is a difference.\n\nTests: tests/a\nEngine: oracle\n", DIFF, "Engine: postgresql"),
        ("A total is a difference.\n\nTests: tests/a\nControl: dies\n", DIFF, "Control: survives"),
    ],
)
def test_a_bad_header_is_refused(tmp_path: Path, header: str, diff: str, words: str) -> None:
    with pytest.raises(BadHeader, match=words):
        mutant_with(tmp_path, header, diff)


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-mutant"]) == 1
    assert capsys.readouterr().out.startswith("There is no mutant no-such-mutant. There are: ")
    with pytest.raises(UnknownMutant):
        named(["no-such-mutant"])


def test_mutants_name_existing_tests_and_include_a_control() -> None:
    mutants = named([])
    assert [name for mutant in mutants for name in mutant.tests if not (ROOT / name).exists()] == []
    assert [mutant.name for mutant in mutants if mutant.is_control] == ["control"]


def test_a_patch_that_does_not_apply_is_reported(tmp_path: Path, mutant: Mutant) -> None:
    verdict = Copy(tmp_path / "copy", root=repository(tmp_path, SUMS.replace("left", "first"))).test(mutant)
    assert not verdict.is_right
    assert verdict.words == "does not apply, refresh the patch: error: patch failed: sums.py:1"


def test_copy_holds_tracked_and_unignored_files(tmp_path: Path, mutant: Mutant) -> None:
    copy = Copy(tmp_path / "copy", root=repository(tmp_path, SUMS))
    names = sorted(path.name for path in copy.tree.iterdir())
    assert names == [".gitignore", "__pycache__", "sums.py"]
    assert copy.apply(mutant).returncode == 0
    assert "left - right" in (copy.tree / "sums.py").read_text()
    assert copy.apply(mutant, "--reverse").returncode == 0
    assert (copy.tree / "sums.py").read_text() == SUMS


def repository(folder: Path, sums: str) -> Path:
    """A repository with a tracked file that was deleted, an untracked one, and an ignored one."""
    root = folder / "repository"
    root.mkdir()
    (root / "deleted.py").touch()
    assert git("init", "--quiet", cwd=root).returncode == 0
    assert git("add", "deleted.py", cwd=root).returncode == 0
    (root / "deleted.py").unlink()
    (root / ".gitignore").write_text("ignored.py\n")
    (root / "ignored.py").touch()
    (root / "sums.py").write_text(sums)
    return root


@pytest.mark.parametrize(
    ("exit_code", "inside", "outcome"),
    [
        (1, '<failure message="assert -1 == 3">...</failure>', (True, "tests/test_a.py::test_sum[2]")),
        (0, "", (False, "SURVIVED")),
        (1, '<error message="failed on setup">...</error>', (False, "no verdict: pytest ended with 1")),
        (2, '<error message="collection failure">...</error>', (False, "no verdict: pytest ended with 2")),
        (1, '<failure message="NameError: x">...</failure>', (False, "no verdict: the mutant is broken: NameError")),
    ],
)
def test_only_a_failed_test_finds_a_mutant(
    tmp_path: Path, mutant: Mutant, exit_code: int, inside: str, outcome: tuple[bool, str]
) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(inside))
    is_right, words = outcome_of(mutant, exit_code, report, "")
    assert (is_right, words[: len(outcome[1])]) == outcome


def test_run_without_a_report_is_no_verdict(tmp_path: Path, mutant: Mutant) -> None:
    outcome = outcome_of(mutant, 4, tmp_path / "none.xml", "ERROR: file or directory not found: tests/a\n")
    assert outcome == (
        False,
        "no verdict: pytest ended with 4 and no failed test: ERROR: file or directory not found: tests/a",
    )


def test_a_control_must_survive(tmp_path: Path) -> None:
    control = mutant_with(tmp_path, "A comment has other words.\n\nTests: tests/a\nControl: survives\n")
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format('<failure message="assert 1 == 2">...</failure>'))
    assert outcome_of(control, 0, report, "") == (True, "survived, as it should")
    assert outcome_of(control, 1, report, "") == (False, "tests/test_a.py::test_sum[2]")
