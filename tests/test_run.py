"""The CI gate stops at its time limit, and a test run reports failed and skipped parts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import programs, run

ROOT = Path(__file__).parent.parent
# The programs that `.ci/run` installs if they are missing.
REQUIRED = ("chromium", "fc-list", "java", "npm")


def gate(folder: Path, make: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the gate with ``make`` as the script of that command, and with nothing to install."""
    for name, script in {**dict.fromkeys(REQUIRED, "echo found"), "make": make}.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    inherited = {name: value for name, value in os.environ.items() if name != "GATE_IS_TIMED"}
    variables = inherited | {"PATH": path} | environment
    return subprocess.run([".ci/run"], cwd=ROOT, env=variables, capture_output=True, text=True, check=False)


def test_gate_runs_all_tests(tmp_path: Path) -> None:
    ran = gate(tmp_path, 'echo "make $* CI=$CI"')
    commands = [line for line in ran.stdout.splitlines() if line.startswith("make")]
    assert (ran.returncode, commands) == (0, ["make .venv/develop CI=true", "make test-all CI=true"])


def test_gate_fails_if_the_tests_fail(tmp_path: Path) -> None:
    ran = gate(tmp_path, '[ "$1" != test-all ]')
    assert ran.returncode == 1
    assert "The gate took" not in ran.stdout


def test_gate_stops_at_its_time_limit(tmp_path: Path) -> None:
    ran = gate(tmp_path, "echo $$ >>pids; sleep 600".replace("pids", str(tmp_path / "pids")), GATE_MINUTES="0.01")
    assert ran.returncode == 124
    assert "The gate was stopped: it did not end within 0.01 minutes." in ran.stdout
    assert not any(map(is_running, (tmp_path / "pids").read_text().split()))


def is_running(pid: str) -> bool:
    """Return False if the process has ended, even as a zombie."""
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_failing_part_does_not_stop_the_others() -> None:
    parts = [run.Part(code, [sys.executable, "-c", f"raise SystemExit({code})"]) for code in "302"]
    assert [part.exit_code for part in run.run(iter(parts))] == [3, 0, 2]
    assert [str(part).split()[1] for part in parts] == ["FAILED", "passed", "FAILED"]


def test_cpu_time_includes_child_processes() -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    [part] = run.run(iter([run.Part("children", [sys.executable, "-c", outer])]))
    assert part.cpu >= 0.3


def test_missing_programs_are_skipped_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    lines = run.skipped(None, {"observatory", "vnu"})
    assert [line.partition(". ")[0] for line in lines] == [
        "Skipped: the MDN Observatory scores",
        "Skipped: the HTML validation",
        "Skipped: the tests on PostgreSQL",
    ]
    assert [line.partition("Debian: ")[2] for line in lines] == [
        "apt-get install nodejs npm).",
        "apt-get install npm default-jre-headless).",
        "apt-get install postgresql), or set TEST_DATABASE_URL.",
    ]


def test_program_markers_are_registered(pytestconfig: pytest.Config) -> None:
    registered = {line.split(":")[0] for line in pytestconfig.getini("markers")}
    assert {program.marker for program in programs.PROGRAMS} <= registered


@pytest.mark.slow
def test_missing_program_fails_the_run_in_ci(tmp_path: Path) -> None:
    """The PATH is empty, and Playwright's download host refuses connections."""
    variables = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "CI": "true"}
    variables["PLAYWRIGHT_DOWNLOAD_HOST"] = "http://127.0.0.1:9"
    command = [sys.executable, "-m", "tests.run", "quick"]
    ran = subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "Skipped: the browser tests. Install Chromium (Debian: apt-get install chromium)." in ran.stdout
    assert "Under CI=true, no tests may be skipped." in ran.stdout
    assert "== SQLite" not in ran.stdout
