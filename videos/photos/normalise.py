"""Normalisation of uploads to plain JPEGs, and their thumbnails. Light enough for the web process; no Django.

A file from outside is decoded in a process of its own. The photos that come out of it are decoded here.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from videos.photos.framing import fit_within
from videos.photos.isolation import decoder
from videos.photos.validation import MAX_BYTES, detect_format, invalid


@dataclass(frozen=True)
class Normalised:
    """A photo as it is stored: an upright sRGB JPEG without metadata, at most LONGEST_SIDE pixels long.

    ``removed`` names in plain words the metadata that was in the uploaded file.
    """

    jpeg: bytes
    width: int
    height: int
    sha256: str
    removed: tuple[str, ...]


def normalise(data: BinaryIO | bytes) -> Normalised:
    """Convert an uploaded file to a photo, or raise InvalidPhoto with a sentence for its owner.

    A file object is read from its current position, and at most one byte past MAX_BYTES. The same bytes always give the
    same photo.
    """
    if not isinstance(data, bytes):
        data = data.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise invalid("too_heavy")
    detect_format(data)
    answer = decoder.decode(data)
    digest = hashlib.sha256(answer.jpeg).hexdigest()
    return Normalised(answer.jpeg, answer.width, answer.height, digest, answer.removed)


def thumbnail(jpeg: bytes, side: int) -> bytes:
    """Return a WebP of a normalised photo or frame whose longest side is at most ``side`` pixels."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as photo:
        size = fit_within(photo.width, photo.height, side)
        photo.draft(None, size)
        small = photo.resize(size, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=80)
    return file.getvalue()
