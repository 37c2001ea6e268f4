"""Whoever is on a leash dies with its holder, and not before."""

import signal
import subprocess
import sys

from tests.chaos.processes import ROOT

LEASHED = """
import time
from tests.chaos.leash import die_with_the_holder
die_with_the_holder(0)
print("here", flush=True)
time.sleep(600)
"""


def test_it_dies_when_the_other_end_is_gone() -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", LEASHED], cwd=ROOT, text=True, **pipes) as leashed:
        assert leashed.stdin
        assert leashed.stdout
        assert leashed.stdout.readline() == "here\n"
        assert leashed.poll() is None
        leashed.stdin.close()
        assert leashed.wait(60) == -signal.SIGKILL
