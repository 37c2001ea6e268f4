"""No committed video or credit is lost if PostgreSQL crashes twice while owners and workers are active."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.chaos.crashes import CRASHES, VIDEOS, WORKERS
from tests.chaos.processes import ROOT

# Seconds. Ten times as long as a scenario takes on two idle cores.
TIMEOUT = 250
pytestmark = [pytest.mark.postgresql, pytest.mark.cluster, pytest.mark.slow, pytest.mark.timeout(TIMEOUT + 50)]


def run_scenario(*settings: str) -> dict[str, Any]:
    """Run one scenario on a cluster with these settings, and return its results."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    command = [sys.executable, "-m", "tests.chaos.crashes", *settings]
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-6000:]
    result: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return result


def test_committed_requests_survive_two_crashes() -> None:
    result = run_scenario()
    # At least the request that was being charged at the crash failed.
    assert result.pop("failed requests") >= 1
    assert result.pop("in progress at a crash") >= 1
    assert result == {
        "violations": [],
        "requested": VIDEOS,
        "ready": VIDEOS,
        "recoveries": len(CRASHES),
        "surviving workers": WORKERS,
    }


def test_verifier_detects_lost_commits() -> None:
    """Negative control: with asynchronous commits, the crash loses data and the verifier reports it.

    On a busy machine, the server may happen to write everything just before a crash, so there are three attempts.
    """
    lost: list[str] = []
    for _ in range(3):
        result = run_scenario("synchronous_commit=off", "wal_writer_delay=10s")
        assert result["requested"] == VIDEOS
        lost += [sentence for sentence in result["violations"] if sentence.startswith("I8 form")]
        if lost:
            break
    assert lost != []
