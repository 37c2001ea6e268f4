"""A process that decodes another photo just now."""

from collections.abc import Iterator
from contextlib import contextmanager

from videos.photos.decode import decode_slot


@contextmanager
def busy_decoder() -> Iterator[None]:
    """Hold the turn to decode a photo. Another photo is refused as ``busy`` without waiting."""
    seconds, decode_slot.seconds = decode_slot.seconds, 0
    try:
        with decode_slot:
            yield
    finally:
        decode_slot.seconds = seconds
