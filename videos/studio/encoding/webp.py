"""Animated WebP files under a limit of bytes."""

from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise

import numpy as np
from PIL import Image

# The first one that fits is taken. A sticker of three seconds usually fits at the second or third.
QUALITIES = (80, 66, 54, 43, 33, 24, 16, 8)
METHOD = 4


class TooLarge(Exception):
    """The file exceeds its limit even at the lowest quality."""


def animated_webp(
    frames: Sequence[np.ndarray],
    seconds: float,
    *,
    limit: int,
    packet: bytes,
    report: Callable[[], None] = lambda: None,
) -> bytes:
    """Return ``frames`` (RGBA uint8, straight alpha), which last ``seconds`` and repeat, as an animated WebP.

    It has the best of a few qualities at which it is at most ``limit`` bytes, and contains an XMP ``packet``.
    ``report`` is called before each attempt, and may raise. Raises TooLarge.
    """
    first, *rest = [Image.fromarray(frame, "RGBA") for frame in frames]
    ends = [round(1000 * seconds * number / len(frames)) for number in range(len(frames) + 1)]
    durations = [end - start for start, end in pairwise(ends)]
    for quality in QUALITIES:
        report()
        file = BytesIO()
        first.save(
            file,
            "WEBP",
            save_all=True,
            append_images=rest,
            duration=durations,
            loop=0,
            quality=quality,
            alpha_quality=min(100, quality + 20),
            method=METHOD,
            xmp=packet,
        )
        if file.tell() <= limit:
            return file.getvalue()
    raise TooLarge(f"{file.tell()} of {limit} bytes at the lowest quality")
