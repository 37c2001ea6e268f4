"""The decoder's process with a codec that fails as the last bytes of a file say."""

import os
import signal
import sys
import time

from tests.photos import hostile
from videos.photos import child, isolation
from videos.photos.decode import Decoded, decode

COMMAND = (sys.executable, "-m", "tests.photos.bad_codec")
FAULTS = ("loops", "hangs", "crashes", "is killed", "grows", "exits", "prints", "lies", "rots")

rotten = False


def faulty(name: str) -> bytes:
    """Return a good photo that makes the codec fail."""
    assert name in FAULTS
    return hostile.plain("JPEG") + name.encode()


def decode_badly(data: bytes, max_side: int) -> Decoded:
    global rotten
    fault = next((name for name in FAULTS if data.endswith(name.encode())), "")
    if rotten or fault == "crashes":
        os.kill(os.getpid(), signal.SIGSEGV)
    while fault == "loops":
        pass
    while fault == "hangs":
        time.sleep(1)
    if fault == "is killed":
        os.kill(os.getpid(), signal.SIGKILL)
    # Without a limit this would end, and the photo would be kept.
    hoard = [bytearray(1 << 30) for _ in range(3 if fault == "grows" else 0)]
    if fault == "exits":
        os._exit(3)
    if fault == "prints":
        os.write(1, b"a warning of a library")
    if fault == "lies":
        os.write(answers, isolation._LENGTH.pack(0xFFFFFFFF))
    del hoard
    rotten = fault == "rots"
    return decode(data, max_side)


if __name__ == "__main__":
    # The child duplicates its standard output to the next free number.
    answers = os.dup(1)
    os.close(answers)
    child.decode = decode_badly  # type: ignore[assignment]
    child.CPU_SECONDS = 1
    child.main()
