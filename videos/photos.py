"""What a usable photo is: bytes in, bytes and findings out. Light enough for the web process, and without Django."""

import hashlib
import io
import itertools
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageFilter, ImageOps, ImageStat

from videos.formats import proposed
from videos.frames import Box, Focus, as_jpeg, crop_mask, exact_frame, frame_box, frame_css
from videos.photo_guard import ACCEPTED, MAX_BYTES, Unusable, refusal
from videos.photo_pixels import decode, fitted

__all__ = [
    "ACCEPTED",
    "LONGEST_SIDE",
    "MAX_BYTES",
    "Box",
    "Finding",
    "Focus",
    "Normalised",
    "Unusable",
    "crop_mask",
    "exact_frame",
    "frame_box",
    "frame_css",
    "inspect",
    "normalise",
    "thumbnail",
]

LONGEST_SIDE = 2048

_LOOKED_AT = 384
_SMALL = 300
_DARK = 75
_BLURRY = 80.0
_CUT = 0.45
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
_NOTES = {
    "small": "This photo is rather small, so the dance may look soft. A larger one would be crisper.",
    "dark": "This photo is quite dark. One taken in daylight usually dances better.",
    "blurry": "This photo looks a little blurry. A sharper one usually dances better.",
    "wide": "This photo is very wide: a video shows about {kept}% of it. Move the frame to your pet.",
    "tall": "This photo is very tall: a video shows about {kept}% of it. Move the frame to your pet.",
}


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


@dataclass(frozen=True)
class Finding:
    """A friendly note about a photo that can be used all the same."""

    code: str
    sentence: str


def normalise(data: BinaryIO | bytes) -> Normalised:
    """Make a photo of an uploaded file, or raise Unusable with a sentence for its owner.

    A file is read from where it stands, never further than MAX_BYTES. The same bytes give the same photo.
    """
    if not isinstance(data, bytes):
        data = data.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise refusal("too_heavy")
    decoded = decode(data, LONGEST_SIDE)
    width, height = decoded.picture.size
    jpeg = as_jpeg(decoded.picture)
    return Normalised(jpeg, width, height, hashlib.sha256(jpeg).hexdigest(), decoded.removed)


def inspect(jpeg: bytes) -> tuple[Finding, ...]:
    """What an owner should know about a normalised photo before anything is spent; none for most photos.

    The limits come from photographs and from copies of them: the sharp ones measure 1,500 and more, those blurred by
    half a percent of their length 20 to 55; the bright ones 105 and more, those darkened to a quarter 26 to 54.
    """
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as photo:
        width, height = photo.size
        size = fitted(width, height, _LOOKED_AT)
        photo.draft("L", size)
        grey = photo.convert("L").resize(size, Image.Resampling.HAMMING)
    codes = (
        ("small", min(width, height) < _SMALL),
        ("dark", _brightness(grey) < _DARK),
        ("blurry", _sharpness(grey) < _BLURRY),
        ("wide" if width > height else "tall", (kept := _kept(width, height)) < _CUT),
    )
    return tuple(Finding(code, _NOTES[code].format(kept=round(100 * kept))) for code, found in codes if found)


def _brightness(grey: Image.Image) -> int:
    """The grey level, 0 to 255, that a twentieth of the picture exceeds: a black cat is not a dark photo."""
    levels = list(itertools.accumulate(grey.histogram()))
    return next(level for level, below in enumerate(levels) if below >= 0.95 * levels[-1])


def _sharpness(grey: Image.Image) -> float:
    """The variance of the Laplacian in the second sharpest of 16 tiles: a blurred background is no blurry photo."""
    edges = ImageOps.crop(ImageOps.autocontrast(grey, cutoff=1).filter(_LAPLACIAN), border=1)
    across, down = edges.width / 4, edges.height / 4
    tiles = (
        edges.crop((round(x * across), round(y * down), round((x + 1) * across), round((y + 1) * down)))
        for x in range(4)
        for y in range(4)
    )
    return sorted(ImageStat.Stat(tile).var[0] for tile in tiles)[-2]


def _kept(width: int, height: int) -> float:
    """The share of a photo that the best of our formats shows, 0 to 1."""
    ratio = proposed(width, height).ratio * height / width
    return min(ratio, 1 / ratio)


def thumbnail(jpeg: bytes, side: int) -> bytes:
    """A WebP of a normalised photo or a frame, for lists: its longest side is at most ``side`` pixels."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as photo:
        size = fitted(photo.width, photo.height, side)
        photo.draft(None, size)
        small = photo.resize(size, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=80)
    return file.getvalue()
