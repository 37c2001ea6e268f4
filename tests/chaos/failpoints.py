"""A process that dies by SIGKILL at a named point, once, when the file with its role's name says so.

The file holds ``<pass> <point>``: the process dies when it comes by the point for the pass-th time.
"""

import os
import signal
from pathlib import Path

from videos import failpoints


def arm(folder: Path, role: str) -> None:
    """Let this process look at ``folder/role`` at each point. Dying is told by a line in ``folder/deaths``."""
    order, deaths = folder / role, folder / "deaths"
    passed: dict[str, int] = {}

    def hook(point: str) -> None:
        try:
            nth, armed = order.read_text().split(" ", 1)
        except OSError:
            return
        if point != armed:
            return
        passed[point] = passed.get(point, 0) + 1
        if passed[point] < int(nth):
            return
        try:
            order.unlink()
        except FileNotFoundError:
            # Another process of this role died of it.
            return
        with deaths.open("a") as file:
            file.write(f"{role} {nth} {point}\n")
        os.kill(os.getpid(), signal.SIGKILL)

    failpoints.hook = hook
