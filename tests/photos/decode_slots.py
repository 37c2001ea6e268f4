"""A simulated thread that is decoding another photo."""

from collections.abc import Iterator
from contextlib import contextmanager

from videos.photos.isolation import decoder


@contextmanager
def busy_decoder() -> Iterator[None]:
    """Hold the decoder. Another photo is rejected as ``busy`` without waiting."""
    wait, decoder.wait = decoder.wait, 0
    try:
        with decoder.turn():
            yield
    finally:
        decoder.wait = wait
