"""A short chaos scenario with real processes and real kills. ``make chaos`` runs longer ones."""

import os
import re
import signal
import subprocess
import sys
from contextlib import nullcontext, suppress

import psycopg
import pytest
from django.db import connection

from tests.chaos.__main__ import main
from tests.chaos.kill_targets import RENDER_POINTS, WEB_POINTS, WORKER_POINTS
from tests.chaos.processes import ROOT

SHORT = ["--kills", "16", "--videos", "24", "--faults", "24", "--min-hits", "1", "--seed", "5", "--minutes", "5"]
# Seconds. The load and the drain may each take --minutes; the rest is for starting, stopping and checking.
TIMEOUT = 700


def run_in_process_group(command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run the command in its own process group. On a timeout, interrupt it as Ctrl-C does; always kill the group."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, start_new_session=True, **pipes)
    try:
        try:
            out, err = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(command, process.returncode, out, err)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
@pytest.mark.timeout(TIMEOUT + 120)
def test_kills_and_faults_lose_no_credit_and_no_video() -> None:
    database = ["--database", os.environ["TEST_DATABASE_URL"]] if connection.vendor == "postgresql" else []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    command = [sys.executable, "-m", "tests.chaos", *SHORT, *database]
    ran = run_in_process_group(command, environment)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-3000:]
    assert f"on {connection.display_name}\n" in ran.stdout
    assert " INFO " not in ran.stdout + ran.stderr, "prints more than progress and tables"
    figures = {name: int(value) for name, value in re.findall(r"^(\S.*?)  +(\d+)$", ran.stdout, re.MULTILINE)}
    assert figures["violations"] == 0
    assert figures["videos"] == figures["requested"] >= 24
    assert figures["ready"] + figures["refunded"] == figures["videos"]
    assert figures["kills"] >= 16
    assert figures["faults"] >= 24
    for point in (*WEB_POINTS, *WORKER_POINTS, *RENDER_POINTS):
        assert figures[f"killed at {point}"] >= 1, point


def test_postgresql_run_without_a_server_fails() -> None:
    with pytest.raises(SystemExit, match="No PostgreSQL server found"):
        main(["--postgresql"], server=nullcontext)
    unreachable = "postgresql://postgres@127.0.0.1:1/postgres"
    with pytest.raises(psycopg.OperationalError, match="port 1 failed"):
        main(["--postgresql"], server=lambda: nullcontext(unreachable))
