"""PostgreSQL goes down without a word, twice, while owners ask and workers work: nothing that was promised is lost."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.chaos.processes import ROOT
from tests.chaos.restart import CRASHES, VIDEOS, WORKERS

# Seconds: ten times what one play takes on two quiet cores.
MOST = 250
pytestmark = [pytest.mark.postgresql, pytest.mark.cluster, pytest.mark.slow, pytest.mark.timeout(MOST + 50)]


def played(*settings: str) -> dict[str, Any]:
    """What was done and found in one play, on a cluster with these settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    command = [sys.executable, "-m", "tests.chaos.restart", *settings]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=MOST, check=False)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-6000:]
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def test_every_request_that_was_granted_has_its_video_after_two_crashes() -> None:
    told = played()
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


def test_a_database_that_says_yes_before_it_has_written_is_found_out() -> None:
    """The negative control: the crash is a real one, and the judge sees what it costs."""
    told = played("synchronous_commit=off", "wal_writer_delay=10s")
    assert told["asked"] == VIDEOS
    assert [sentence for sentence in told["violations"] if sentence.startswith("I8 form")] != []
