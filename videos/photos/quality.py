"""Notes about the quality of a normalised photo. Light enough for the web process; nothing here imports Django."""

import io
import itertools
from dataclasses import asdict, dataclass
from typing import Any, Self

from PIL import Image, ImageFilter, ImageOps, ImageStat

from videos import mark
from videos.formats import best_format
from videos.photos.framing import fit_within
from videos.translation import gettext

_INSPECTION_SIDE = 384
_SMALL = 300
_DARK = 75
_BLURRY = 80.0
_MIN_VISIBLE = 0.45
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
_NOTES = {
    "small": mark.gettext("This photo is small, so the video may look soft. A larger one will look sharper."),
    "dark": mark.gettext("This photo is dark. Photos in good light work best."),
    "blurry": mark.gettext("This photo looks blurry. Sharp photos work best."),
    "wide": mark.gettext(
        "This photo is very wide. The video shows only about %(kept)d%% of it, so reposition it to show your pet."
    ),
    "tall": mark.gettext(
        "This photo is very tall. The video shows only about %(kept)d%% of it, so reposition it to show your pet."
    ),
}


@dataclass(frozen=True)
class QualityNote:
    """A note for the owner about a photo that is accepted nevertheless. A video shows ``kept`` percent of the photo."""

    code: str
    kept: int = 100

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)

    @property
    def as_json(self) -> dict[str, Any]:
        """The note, ready for JSON. The sentence is not part of it, because its language is the reader's."""
        return asdict(self)

    @property
    def sentence(self) -> str:
        return gettext(_NOTES[self.code]) % {"kept": self.kept}


def inspect(jpeg: bytes) -> tuple[QualityNote, ...]:
    """Return the notes that an owner should see before any credits are spent; most photos have none.

    The limits were measured on photographs and on degraded copies of them. Sharp ones measure 1,500 or more, and those
    blurred by half a percent of their length 20 to 55. Bright ones measure 105 or more, and those darkened to a quarter
    26 to 54.
    """
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as photo:
        width, height = photo.size
        size = fit_within(width, height, _INSPECTION_SIDE)
        photo.draft("L", size)
        grey = photo.convert("L").resize(size, Image.Resampling.HAMMING)
    codes = (
        ("small", min(width, height) < _SMALL),
        ("dark", _brightness(grey) < _DARK),
        ("blurry", _sharpness(grey) < _BLURRY),
        ("wide" if width > height else "tall", (kept := _visible_share(width, height)) < _MIN_VISIBLE),
    )
    return tuple(QualityNote(code, round(100 * kept)) for code, applies in codes if applies)


def _brightness(grey: Image.Image) -> int:
    """Return the grey level (0 to 255) that a twentieth of the picture exceeds.

    A black cat therefore does not make a photo dark.
    """
    levels = list(itertools.accumulate(grey.histogram()))
    return next(level for level, below in enumerate(levels) if below >= 0.95 * levels[-1])


def _sharpness(grey: Image.Image) -> float:
    """Return the variance of the Laplacian in the second sharpest of 16 tiles.

    A blurred background therefore does not make a photo blurry.
    """
    edges = ImageOps.crop(ImageOps.autocontrast(grey, cutoff=1).filter(_LAPLACIAN), border=1)
    across, down = edges.width / 4, edges.height / 4
    tiles = (
        edges.crop((round(x * across), round(y * down), round((x + 1) * across), round((y + 1) * down)))
        for x in range(4)
        for y in range(4)
    )
    return sorted(ImageStat.Stat(tile).var[0] for tile in tiles)[-2]


def _visible_share(width: int, height: int) -> float:
    """Return the share (0 to 1) of a photo that the best matching format shows."""
    ratio = best_format(width, height).ratio * height / width
    return min(ratio, 1 / ratio)
