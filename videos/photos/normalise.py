"""What a usable photo is: bytes in, bytes and findings out. Light enough for the web process, and without Django."""

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from videos.photos.decode import decode, fit_within
from videos.photos.framing import encode_jpeg
from videos.photos.guard import MAX_BYTES, invalid

LONGEST_SIDE = 2048


@dataclass(frozen=True)
class Normalised:
    """A photo as we keep it: upright, sRGB, RGB JPEG without metadata, at most LONGEST_SIDE pixels long.

    ``removed`` says in plain words what its file told beside the picture and does not tell any more.
    """

    jpeg: bytes
    width: int
    height: int
    sha256: str
    removed: tuple[str, ...]


def normalise(data: BinaryIO | bytes) -> Normalised:
    """Make a photo of an uploaded file, or raise InvalidPhoto with a sentence for its owner.

    A file is read from where it stands, never further than MAX_BYTES. The same bytes give the same photo.
    """
    if not isinstance(data, bytes):
        data = data.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise invalid("too_heavy")
    decoded = decode(data, LONGEST_SIDE)
    width, height = decoded.picture.size
    jpeg = encode_jpeg(decoded.picture)
    return Normalised(jpeg, width, height, hashlib.sha256(jpeg).hexdigest(), decoded.removed)


def thumbnail(jpeg: bytes, side: int) -> bytes:
    """A WebP of a normalised photo or a frame, for lists: its longest side is at most ``side`` pixels."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as photo:
        size = fit_within(photo.width, photo.height, side)
        photo.draft(None, size)
        small = photo.resize(size, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=80)
    return file.getvalue()
