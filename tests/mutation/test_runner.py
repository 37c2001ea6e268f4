"""The runner rejects invalid patches, and counts a mutant as detected only if a test fails."""

from pathlib import Path

import pytest

from tests.mutation.__main__ import main
from tests.mutation.copies import ROOT, Copy, git, outcome_of
from tests.mutation.mutants import BadHeader, Mutant, UnknownMutant, load, read

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
    mutant = mutant_with(tmp_path, "A total\nis a difference.\n\nTests: tests/a tests/b.py\n")
    assert mutant == Mutant(
        "total-is-a-difference", mutant.patch, "A total is a difference.", ("tests/a", "tests/b.py"), False, False
    )


def test_patch_header_may_name_engine_and_control(tmp_path: Path) -> None:
    mutant = mutant_with(tmp_path, "A fault.\n\nTests: tests/a\nEngine: postgresql\nControl: survives\n")
    assert (mutant.on_postgresql, mutant.is_control) == (True, True)


@pytest.mark.parametrize(
    ("header", "diff", "message"),
    [
        ("A total is a difference.\n\n", DIFF, "the Tests: line is missing"),
        ("Tests: tests/a\n", DIFF, "the sentence is missing"),
        ("A total is a difference.\n\nTests: tests/a\n", "", "the diff is missing"),
        ("A total is a difference.\n\nTests: tests/a\nEngine: oracle\n", DIFF, "Engine: postgresql"),
        ("A total is a difference.\n\nTests: tests/a\nControl: dies\n", DIFF, "Control: survives"),
    ],
)
def test_bad_header_is_rejected(tmp_path: Path, header: str, diff: str, message: str) -> None:
    with pytest.raises(BadHeader, match=message):
        mutant_with(tmp_path, header, diff)


def test_unknown_name_is_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-mutant"]) == 1
    assert capsys.readouterr().out.startswith("Unknown mutant: no-such-mutant. Choose from: ")
    with pytest.raises(UnknownMutant):
        load(["no-such-mutant"])


def test_mutants_name_existing_tests_and_include_a_control() -> None:
    mutants = load([])
    assert [name for mutant in mutants for name in mutant.tests if not (ROOT / name).exists()] == []
    assert [mutant.name for mutant in mutants if mutant.is_control] == ["control"]


def test_patch_that_does_not_apply_is_reported(tmp_path: Path, mutant: Mutant) -> None:
    result = Copy(tmp_path / "copy", root=repository(tmp_path, SUMS.replace("left", "first"))).test(mutant)
    assert not result.is_expected
    assert result.details == "patch does not apply, refresh it: error: patch failed: sums.py:1"


def test_copy_holds_tracked_and_unignored_files(tmp_path: Path, mutant: Mutant) -> None:
    copy = Copy(tmp_path / "copy", root=repository(tmp_path, SUMS))
    names = sorted(path.name for path in copy.tree.iterdir())
    assert names == [".gitignore", "__pycache__", "sums.py"]
    assert copy.apply(mutant).returncode == 0
    assert "left - right" in (copy.tree / "sums.py").read_text()
    assert copy.apply(mutant, "--reverse").returncode == 0
    assert (copy.tree / "sums.py").read_text() == SUMS


def repository(folder: Path, sums: str) -> Path:
    """Create a repository with a deleted tracked file, an untracked file and an ignored file."""
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
        (1, '<error message="failed on setup">...</error>', (False, "no result: pytest exited with 1")),
        (2, '<error message="collection failure">...</error>', (False, "no result: pytest exited with 2")),
        (1, '<failure message="NameError: x">...</failure>', (False, "no result: the mutant is broken: NameError")),
    ],
)
def test_only_a_failed_test_detects_a_mutant(
    tmp_path: Path, mutant: Mutant, exit_code: int, inside: str, outcome: tuple[bool, str]
) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(inside))
    is_expected, details = outcome_of(mutant, exit_code, report, "")
    assert (is_expected, details[: len(outcome[1])]) == outcome


def test_run_without_a_report_has_no_result(tmp_path: Path, mutant: Mutant) -> None:
    outcome = outcome_of(mutant, 4, tmp_path / "none.xml", "ERROR: file or directory not found: tests/a\n")
    assert outcome == (
        False,
        "no result: pytest exited with 4, but no test failed: ERROR: file or directory not found: tests/a",
    )


def test_control_must_survive(tmp_path: Path) -> None:
    control = mutant_with(tmp_path, "A comment has different wording.\n\nTests: tests/a\nControl: survives\n")
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format('<failure message="assert 1 == 2">...</failure>'))
    assert outcome_of(control, 0, report, "") == (True, "survived, as expected")
    assert outcome_of(control, 1, report, "") == (False, "tests/test_a.py::test_sum[2]")
