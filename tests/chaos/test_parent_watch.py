"""Child processes exit when their parent does, and not before."""

import signal
import subprocess
import sys

from tests.chaos.processes import ROOT

CHILD = """
import time
from tests.chaos.parent_watch import die_with_parent
die_with_parent(0)
print("ready", flush=True)
time.sleep(600)
"""


def test_process_dies_with_its_parent() -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", CHILD], cwd=ROOT, text=True, **pipes) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        assert child.poll() is None
        child.stdin.close()
        assert child.wait(60) == -signal.SIGKILL
