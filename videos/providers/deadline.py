"""A total deadline for one call. A socket's own timeout starts again with every byte that the peer sends."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self


class Deadline:
    """A deadline that shuts down the watched connections when it expires.

    Reads and writes on them then fail or end early. If ``expired`` is set, the last response is incomplete. Name
    resolution is not covered; it ends when the resolver gives up.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._until = time.monotonic() + seconds
        self._duplicates: list[socket.socket] = []
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._wait, daemon=True)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._done.set()
        self._watcher.join()
        for duplicate in self._duplicates:
            duplicate.close()

    def watch(self, channel: socket.socket) -> None:
        """Watch a connection. Call it before TLS starts."""
        # TLS detaches the given descriptor, and the number of a closed one may be reused, so keep a duplicate.
        duplicate = channel.dup()
        with self._lock:
            self._duplicates.append(duplicate)
            if self.expired:
                _shut_down(duplicate)

    def end(self) -> None:
        """Shut down the watched connections now."""
        with self._lock:
            self.expired = True
            for duplicate in self._duplicates:
                _shut_down(duplicate)

    def extend(self, seconds: float) -> None:
        """Move the deadline to ``seconds`` from now."""
        self._until = time.monotonic() + seconds

    def _wait(self) -> None:
        while (remaining := self._until - time.monotonic()) > 0:
            if self._done.wait(remaining):
                return
        self.end()


def _shut_down(channel: socket.socket) -> None:
    with suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)
