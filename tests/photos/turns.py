"""A process that decodes another photo just now."""

from collections.abc import Iterator
from contextlib import contextmanager

from videos.photos.decode import turn


@contextmanager
def no_room() -> Iterator[None]:
    """Hold the turn to decode a photo. Another photo is refused as ``busy`` without waiting."""
    seconds, turn.seconds = turn.seconds, 0
    try:
        with turn:
            yield
    finally:
        turn.seconds = seconds
