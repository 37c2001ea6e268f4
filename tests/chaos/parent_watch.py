"""A process on a leash: it dies as soon as whoever holds the other end of the pipe has died, whatever of."""

import os
import signal
import threading


def die_with_parent(end: int) -> None:
    """Kill this process when the pipe whose reading end is ``end`` closes. Its fork needs a leash of its own."""

    def wait() -> None:
        while os.read(end, 1):
            pass
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()
