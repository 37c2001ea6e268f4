"""A total deadline for one call: a socket's own timeout begins anew with every byte that the other end drips."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self


class Deadline:
    """Ends the watched connections when the time is over; what reads from them or writes to them then fails, or finds
    an early end.

    ``expired`` tells whether that happened: what came last is no whole answer then. The look-up of a host's name is not
    covered: it ends when the resolver gives up.
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
        """Watch a connection, before TLS is begun on it."""
        # A descriptor of our own: TLS takes the given one away, and a closed one may soon be somebody else's.
        duplicate = channel.dup()
        with self._lock:
            self._duplicates.append(duplicate)
            if self.expired:
                _shut_down(duplicate)

    def end(self) -> None:
        """End the watched connections now."""
        with self._lock:
            self.expired = True
            for duplicate in self._duplicates:
                _shut_down(duplicate)

    def extend(self, seconds: float) -> None:
        """So many seconds from now instead."""
        self._until = time.monotonic() + seconds

    def _wait(self) -> None:
        while (remaining := self._until - time.monotonic()) > 0:
            if self._done.wait(remaining):
                return
        self.end()


def _shut_down(channel: socket.socket) -> None:
    with suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)
