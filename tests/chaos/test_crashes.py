"""PostgreSQL goes down without a word, twice, while owners ask and workers work: nothing that was promised is lost."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.chaos.crashes import CRASHES, VIDEOS, WORKERS
from tests.chaos.processes import ROOT

# Seconds: ten times what one scenario takes on two quiet cores.
TIMEOUT = 250
pytestmark = [pytest.mark.postgresql, pytest.mark.cluster, pytest.mark.slow, pytest.mark.timeout(TIMEOUT + 50)]


def run_scenario(*settings: str) -> dict[str, Any]:
    """What was done and found in one scenario, on a cluster with these settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    command = [sys.executable, "-m", "tests.chaos.crashes", *settings]
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-6000:]
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def test_committed_requests_survive_two_crashes() -> None:
    told = run_scenario()
    # The one that was being charged at the crash was turned away, at least.
    assert told.pop("turned away") >= 1
    assert told.pop("under way at a crash") >= 1
    assert told == {
        "violations": [],
        "asked": VIDEOS,
        "ready": VIDEOS,
        "recoveries": len(CRASHES),
        "workers that lived on": WORKERS,
    }


def test_verifier_detects_lost_commits() -> None:
    """The negative control: the crash is a real one, and the verifier sees what it costs."""
    told = run_scenario("synchronous_commit=off", "wal_writer_delay=10s")
    assert told["asked"] == VIDEOS
    assert [sentence for sentence in told["violations"] if sentence.startswith("I8 form")] != []
