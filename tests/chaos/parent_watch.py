"""Kill a process when its parent dies, however the parent dies."""

import os
import signal
import threading


def die_with_parent(read_end: int) -> None:
    """Kill this process when the pipe with the read end ``read_end`` closes. A fork must call this again."""

    def wait() -> None:
        while os.read(read_end, 1):
            pass
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()
