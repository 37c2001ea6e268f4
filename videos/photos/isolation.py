"""Decoding in a process of its own, so that no file can crash, hang or grow the process that received it.

The child (``child``) limits its memory and processor time, and this process watches the clock. A message between them
is a length and as many bytes. The child gets a file as one message, and answers with two: JSON, and a JPEG or nothing.
"""

import atexit
import json
import logging
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from videos.photos.validation import LONGEST_SIDE, InvalidPhoto, invalid

COMMAND = (sys.executable, "-m", "videos.photos.child")
# Seconds that a file waits for those before it, and that it may take itself.
WAIT_SECONDS, DECODE_SECONDS = 20.0, 30.0
# The number of files after which a child is replaced, in case a library leaks.
MAX_FILES = 200

_ROOT = Path(__file__).parents[2]
# What the interpreter may need to start. The child gets none of the site's secrets.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "LANG", "LC_ALL", "TMPDIR")
_LENGTH = struct.Struct(">I")
_MAX_MESSAGE_BYTES = 32 << 20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What the child made of a file: an upright sRGB JPEG, its size, and words for the metadata that was removed."""

    jpeg: bytes
    width: int
    height: int
    removed: tuple[str, ...]


class ChildDied(Exception):
    """The child ended before it answered, or answered nonsense. ``code`` is that of InvalidPhoto.

    ``may_retry`` says whether the file may be innocent, and ``level`` is that of the line in the log.
    """

    def __init__(self, code: str, reason: str, *, may_retry: bool = False, level: int = logging.WARNING) -> None:
        super().__init__(reason)
        self.code = code
        self.may_retry = may_retry
        self.level = level


class IsolatedDecoder:
    """Decodes one file at a time in a child, which starts with the first file and is kept for the next.

    Threads take turns. One that waits for more than ``wait`` seconds gets InvalidPhoto ``busy``. A file that takes more
    than ``patience`` seconds or kills the child is rejected, and the next file gets a new child.
    """

    def __init__(
        self, command: Sequence[str] = COMMAND, *, wait: float = WAIT_SECONDS, patience: float = DECODE_SECONDS
    ) -> None:
        self.command = command
        self.wait = wait
        self.patience = patience
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._files = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the other threads' files. Raises InvalidPhoto as ``busy``."""
        if not self._lock.acquire(timeout=self.wait):
            raise invalid("busy")
        try:
            yield
        finally:
            self._lock.release()

    def decode(self, data: bytes) -> Answer:
        """Return the photo in a file, or raise InvalidPhoto."""
        with self.turn():
            deadline = time.monotonic() + self.patience
            # A used child may have died while it was idle, or of damage that an earlier file did.
            retries = 1 if self._child else 0
            while True:
                try:
                    return self._ask(data, deadline)
                except ChildDied as death:
                    log.log(death.level, "photo decoder died", extra={"reason": str(death), "bytes": len(data)})
                    if not (retries and death.may_retry):
                        raise invalid(death.code) from death
                    retries -= 1

    def _ask(self, data: bytes, deadline: float) -> Answer:
        if self._child is None:
            self._child = self._start()
        try:
            answer = _checked(*_exchange(self._child, data, deadline))
        except BaseException:
            # Whatever stopped it, the answer to this file must not become the answer to the next.
            self._end()
            raise
        self._files += 1
        if self._files >= MAX_FILES:
            self._end()
        if isinstance(answer, InvalidPhoto):
            raise answer
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        self._files = 0
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        # Let glibc return what a file needed: one heap for all threads, and blocks of a megabyte outside it.
        environment |= {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": str(1 << 20)}
        try:
            return subprocess.Popen(
                self.command, cwd=_ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError as error:
            reason = f"did not start ({type(error).__name__})"
            raise ChildDied("no_room", reason, level=logging.ERROR) from error

    def _end(self) -> None:
        child, self._child = self._child, None
        if child:
            child.kill()
            with suppress(BrokenPipeError), child:
                pass

    def close(self) -> None:
        """End the child. The next file starts another."""
        self._end()

    def forget(self) -> None:
        """Leave the child to the process that started it, after a fork."""
        self._lock = threading.Lock()
        if self._child:
            self._child.returncode = 0
            self._child = None


def _exchange(child: subprocess.Popen[bytes], data: bytes, deadline: float) -> tuple[bytes, bytes]:
    assert child.stdin is not None
    assert child.stdout is not None
    watch = threading.Timer(max(0, deadline - time.monotonic()), child.kill)
    watch.daemon = True
    watch.start()
    try:
        # A pipe that breaks shows in the missing answer.
        with suppress(BrokenPipeError):
            send(child.stdin, data)
            child.stdin.flush()
        head = receive(child.stdout)
        jpeg = receive(child.stdout)
    finally:
        watch.cancel()
        watch.join()
    if head is None or jpeg is None:
        raise _cause_of_death(child, is_late=time.monotonic() >= deadline)
    return head, jpeg


def _cause_of_death(child: subprocess.Popen[bytes], *, is_late: bool) -> ChildDied:
    with suppress(subprocess.TimeoutExpired):
        child.wait(timeout=1)
    status = child.poll()
    if is_late:
        return ChildDied("no_room", "took too long")
    if status is None:
        return ChildDied("damaged", "sent nonsense")
    if status >= 0:
        return ChildDied("no_room", f"exited with status {status}", may_retry=True, level=logging.ERROR)
    if status == -signal.SIGXCPU:
        return ChildDied("unusual", "used too much processor time")
    # The system kills what takes memory that others need.
    code = "no_room" if status == -signal.SIGKILL else "damaged"
    return ChildDied(code, f"was killed by signal {-status}", may_retry=True)


def _checked(head: bytes, jpeg: bytes) -> Answer | InvalidPhoto:
    """Return an answer, or why there is none. A child that a file has taken over may send anything."""
    try:
        response = json.loads(head)
        if "code" in response:
            details = {name: int(value) for name, value in response["details"].items()}
            return invalid(response["code"], **details)
        answer = Answer(jpeg, int(response["width"]), int(response["height"]), tuple(map(str, response["removed"])))
        if not (jpeg.startswith(b"\xff\xd8\xff") and 0 < answer.width <= LONGEST_SIDE >= answer.height > 0):
            raise ValueError("no photo")
    except (ValueError, LookupError, TypeError, AttributeError) as nonsense:
        raise ChildDied("damaged", "sent nonsense") from nonsense
    return answer


def send(stream: IO[bytes], message: bytes) -> None:
    """Write a message."""
    stream.write(_LENGTH.pack(len(message)))
    stream.write(message)


def receive(stream: IO[bytes]) -> bytes | None:
    """Return the next message, or None if the stream ends before it or it is too long."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _MAX_MESSAGE_BYTES:
        return None
    message = stream.read(length)
    return message if len(message) == length else None


# The one decoder of this process. A process that forks, such as gunicorn's master, starts none before.
decoder = IsolatedDecoder()
atexit.register(decoder.close)
os.register_at_fork(after_in_child=decoder.forget)
