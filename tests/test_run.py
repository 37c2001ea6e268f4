"""The gate ends within its limit, and a run of the tests says what failed and what was left out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import programs, run

ROOT = Path(__file__).parent.parent
# What `.ci/run` looks for before it installs anything.
FOUND = ("chromium", "fc-list", "java", "npm")


def gate(folder: Path, make: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the gate where ``make`` is a script of our own and nothing needs to be installed."""
    for name, script in {**dict.fromkeys(FOUND, "echo found"), "make": make}.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    inherited = {name: value for name, value in os.environ.items() if name != "GATE_IS_TIMED"}
    surroundings = inherited | {"PATH": path} | environment
    return subprocess.run([".ci/run"], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)


def test_gate_runs_all_tests(tmp_path: Path) -> None:
    ran = gate(tmp_path, 'echo "make $* CI=$CI"')
    told = [line for line in ran.stdout.splitlines() if line.startswith("make")]
    assert (ran.returncode, told) == (0, ["make .venv/develop CI=true", "make test-all CI=true"])


def test_the_gate_fails_with_the_tests(tmp_path: Path) -> None:
    ran = gate(tmp_path, '[ "$1" != test-all ]')
    assert ran.returncode == 1
    assert "The gate took" not in ran.stdout


def test_the_gate_stops_after_its_limit_and_says_so(tmp_path: Path) -> None:
    ran = gate(tmp_path, "echo $$ >>pids; sleep 600".replace("pids", str(tmp_path / "pids")), GATE_MINUTES="0.01")
    assert ran.returncode == 124
    assert "The gate was stopped: it did not end within 0.01 minutes." in ran.stdout
    assert not any(map(is_running, (tmp_path / "pids").read_text().split()))


def is_running(pid: str) -> bool:
    """Return False for a process that has ended, although nobody may have collected its exit code yet."""
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_part_that_fails_does_not_stop_the_others() -> None:
    parts = [run.Part(code, [sys.executable, "-c", f"raise SystemExit({code})"]) for code in "302"]
    assert [part.exit_code for part in run.run(iter(parts))] == [3, 0, 2]
    assert [str(part).split()[1] for part in parts] == ["FAILED", "passed", "FAILED"]


def test_a_part_counts_the_cpu_time_of_its_children() -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    [part] = run.run(iter([run.Part("children", [sys.executable, "-c", outer])]))
    assert part.cpu >= 0.3


def test_missing_programs_are_skipped_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    lines = run.left_out(None, {"observatory", "vnu"})
    assert [line.partition(". ")[0] for line in lines] == [
        "Left out: the score of our pages at MDN's Observatory",
        "Left out: the validation of our pages' HTML",
        "Left out: the tests on PostgreSQL",
    ]
    assert [line.partition("Debian: ")[2] for line in lines] == [
        "apt-get install nodejs npm).",
        "apt-get install npm default-jre-headless).",
        "apt-get install postgresql), or name a server in TEST_DATABASE_URL.",
    ]


def test_every_marker_of_a_program_is_known_to_pytest(pytestconfig: pytest.Config) -> None:
    known = {line.split(":")[0] for line in pytestconfig.getini("markers")}
    assert {program.marker for program in programs.PROGRAMS} <= known


@pytest.mark.slow
def test_under_ci_a_missing_program_is_a_failure(tmp_path: Path) -> None:
    """Nothing is on the path, and Playwright's download is refused."""
    nothing = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "CI": "true"}
    nothing["PLAYWRIGHT_DOWNLOAD_HOST"] = "http://127.0.0.1:9"
    command = [sys.executable, "-m", "tests.run", "quick"]
    ran = subprocess.run(command, cwd=ROOT, env=os.environ | nothing, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "Left out: the tests in a browser. Install Chromium (Debian: apt-get install chromium)." in ran.stdout
    assert "Nothing may be left out under CI=true." in ran.stdout
    assert "== SQLite" not in ran.stdout
