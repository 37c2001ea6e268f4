"""The process that decodes photos: ``python -m videos.photos.child``. ``isolation`` starts it and talks to it.

It reads files from its standard input and writes answers to its standard output, one at a time, until its input ends.
"""

import contextlib
import json
import math
import os
import resource
import signal
import sys
import time
from typing import Any

from videos.photos.decode import decode
from videos.photos.framing import encode_jpeg
from videos.photos.isolation import receive, send
from videos.photos.validation import LONGEST_SIDE, InvalidPhoto

# The largest photo within the limits needs about 800 MiB of address space, with the code of the decoders.
MEMORY_BYTES = 1 << 30
# Processor time for one file. The slowest honest photo takes 2 seconds on an ordinary core.
CPU_SECONDS = 10


def main() -> None:
    """Answer files until the input ends."""
    # The parent alone decides when this process ends. Signals to the whole group reach it during an upload, too.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not end up among the answers.
    os.dup2(2, 1)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_AS, MEMORY_BYTES)
    while (data := receive(sys.stdin.buffer)) is not None:
        limit(resource.RLIMIT_CPU, math.ceil(time.process_time()) + CPU_SECONDS)
        head, jpeg = answer(data)
        del data
        send(answers, json.dumps(head).encode())
        send(answers, jpeg)
        answers.flush()


def answer(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Decode one file."""
    try:
        decoded = decode(data, LONGEST_SIDE)
        width, height = decoded.picture.size
        return {"width": width, "height": height, "removed": decoded.removed}, encode_jpeg(decoded.picture)
    except InvalidPhoto as error:
        numbers = {name: value for name, value in error.details.items() if isinstance(value, int)}
        return {"code": error.code, "details": numbers}, b""
    except MemoryError:
        return {"code": "no_room", "details": {}}, b""


def limit(kind: int, value: int) -> None:
    """Lower the soft limit. Some systems, such as macOS, have no limit of the address space."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


if __name__ == "__main__":
    main()
