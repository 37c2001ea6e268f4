"""Kill a process with SIGKILL at a failpoint, once, if the file with its role's name says so.

The file contains ``<pass> <point>``: the process dies when it reaches the point for the pass-th time.
"""

import os
import signal
from pathlib import Path

from videos import failpoints


def arm(folder: Path, role: str) -> None:
    """Make this process read ``folder/role`` at each failpoint. A death is recorded as a line in ``folder/deaths``."""
    trigger, deaths = folder / role, folder / "deaths"
    passes: dict[str, int] = {}

    def hook(point: str) -> None:
        try:
            nth, armed = trigger.read_text().split(" ", 1)
        except OSError:
            return
        if point != armed:
            return
        passes[point] = passes.get(point, 0) + 1
        if passes[point] < int(nth):
            return
        try:
            trigger.unlink()
        except FileNotFoundError:
            # Another process of this role has already died here.
            return
        with deaths.open("a") as file:
            file.write(f"{role} {nth} {point}\n")
        os.kill(os.getpid(), signal.SIGKILL)

    failpoints.hook = hook
