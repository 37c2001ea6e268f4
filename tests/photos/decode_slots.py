"""A simulated process that is decoding another photo."""

from collections.abc import Iterator
from contextlib import contextmanager

from videos.photos.decode import decode_slot


@contextmanager
def busy_decoder() -> Iterator[None]:
    """Hold the decode slot. Another photo is rejected as ``busy`` without waiting."""
    seconds, decode_slot.seconds = decode_slot.seconds, 0
    try:
        with decode_slot:
            yield
    finally:
        decode_slot.seconds = seconds
