"""Whoever is on a leash dies with its holder, and not before."""

import signal
import subprocess
import sys

from tests.chaos.processes import ROOT

WATCHED = """
import time
from tests.chaos.parent_watch import die_with_parent
die_with_parent(0)
print("here", flush=True)
time.sleep(600)
"""


def test_process_dies_with_its_parent() -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", WATCHED], cwd=ROOT, text=True, **pipes) as watched:
        assert watched.stdin
        assert watched.stdout
        assert watched.stdout.readline() == "here\n"
        assert watched.poll() is None
        watched.stdin.close()
        assert watched.wait(60) == -signal.SIGKILL
