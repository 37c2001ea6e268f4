"""Decoding of uploaded files to upright sRGB pictures of moderate size. It runs in a process of its own (``child``).

To limit memory, a JPEG is decoded at reduced scale. Other formats are converted and reduced in strips, so that there is
never a second copy at full size.
"""

import functools
import io
import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from PIL import AvifImagePlugin, Image, ImageChops, ImageFile, WebPImagePlugin

from videos.photos import colour
from videos.photos.framing import fit_within
from videos.photos.metadata import describe_removed, orientation_of
from videos.photos.validation import (
    InvalidPhoto,
    check_jpeg,
    check_size,
    detect_format,
    invalid,
    png_chunks,
    without_appended_file,
)

CREAM = (255, 247, 232)

# Pillow loads JPEG and PNG by default. It would load these two only together with forty other formats.
_PLUGINS = (AvifImagePlugin, WebPImagePlugin)
# Each thread of a decoder needs memory, and the default is one for each core.
AvifImagePlugin.DEFAULT_MAX_THREADS = 2
_END_OF_JPEG = b"\xff\xd9"
_TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Decoded:
    """An upright RGB picture without metadata, and plain words for the metadata in its file."""

    picture: Image.Image
    removed: tuple[str, ...]


@dataclass(frozen=True)
class _Opened:
    """A decoded file.

    ``rows(top, bottom)`` returns a strip of its first picture. ``final`` is the size to which the picture is reduced.
    ``colours`` is as in ``colour.to_srgb``.
    """

    size: tuple[int, int]
    final: tuple[int, int]
    rows: Callable[[int, int], Image.Image]
    colours: object
    orientation: int
    removed: tuple[str, ...]


def decode(data: bytes, max_side: int) -> Decoded:
    """Return the first picture of a file, its longest side reduced to at most ``max_side`` pixels.

    Raises InvalidPhoto if the file is not an accepted photo, exceeds a limit or cannot be decoded.
    """
    with _translate_errors():
        kind = detect_format(data)
        if kind in ("HEIF", "AVIF"):
            data = without_appended_file(data)
        opened = _open_heif(data, max_side) if kind == "HEIF" else _open(data, kind, max_side)
        picture = _flatten(*_to_srgb(_downscale(opened), opened.colours))
        if opened.orientation in _TRANSPOSES:
            picture = picture.transpose(_TRANSPOSES[opened.orientation])
        picture.info = {}
        return Decoded(picture, opened.removed)


def _final_size(width: int, height: int, max_side: int) -> tuple[int, int]:
    """Return the size to reduce to: a whole fraction where one comes close to ``max_side``.

    Whole fractions are three times cheaper. A phone's 4032 pixels become 2016.
    """
    whole = math.ceil(max(width, height) / max_side)
    if max(width, height) / whole >= max_side * 3 / 4:
        return math.ceil(width / whole), math.ceil(height / whole)
    return fit_within(width, height, max_side)


def _factor(size: tuple[int, int], final: tuple[int, int]) -> int:
    whole = math.ceil(max(size) / max(final))
    if tuple(math.ceil(side / whole) for side in size) == final:
        return whole
    return max(1, min(size[0] // final[0], size[1] // final[1]))


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except InvalidPhoto:
        raise
    except MemoryError as error:
        raise invalid("no_room") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise invalid("too_many_pixels") from error
    except Exception as error:
        raise invalid("damaged") from error


def _open(data: bytes, kind: str, max_side: int) -> _Opened:
    stated = _stated_colours(data, kind)
    image = Image.open(io.BytesIO(data), formats=(kind,))
    check_size(kind, *image.size)
    final = _final_size(*image.size, max_side)
    if kind == "JPEG":
        check_jpeg(data, *image.size)
        image = _load_jpeg(data, _factor(image.size, final))
    else:
        image.load()
    exif = _exif(image.getexif)
    texts = getattr(image, "text", {})
    return _Opened(
        size=image.size,
        final=final,
        rows=lambda top, bottom: image.crop((0, top, image.width, bottom)),
        colours=_colours_of(image, kind, stated),
        orientation=orientation_of(exif),
        removed=describe_removed(image.info, exif, texts, getattr(image, "n_frames", 1)),
    )


def _load_jpeg(data: bytes, shrink: int) -> ImageFile.ImageFile:
    """Return a JPEG, decoded at about a ``shrink``-th of its size.

    One whose end marker is missing is accepted if its picture is complete. Then it does not depend on what follows: a
    decoder would take any further bytes for the missing part of a picture.
    """

    def load(data: bytes) -> ImageFile.ImageFile:
        image = Image.open(io.BytesIO(data), formats=("JPEG",))
        image.draft(None, (image.width // shrink, image.height // shrink))
        image.load()
        return image

    try:
        return load(data)
    except OSError:
        body = data.rstrip(b"\xff")
        image, other = load(body + _END_OF_JPEG), load(body + b"\x55" * 4096 + _END_OF_JPEG)
        if ImageChops.difference(image, other).getbbox():
            raise
        return image


def _stated_colours(data: bytes, kind: str) -> colour.ColourSpace | None:
    """Return the colours that the code points in a PNG or an AVIF state, which Pillow does not read."""
    if kind == "PNG":
        return next((colour.of_cicp(body) for name, body in png_chunks(data) if name == b"cICP"), None)
    if kind == "AVIF":
        # libheif reads the file's description, and decodes nothing.
        try:
            file = _heif().open_heif(data)
        except (ValueError, OSError, RuntimeError):
            return None
        return _of_nclx(file[file.primary_index].info)
    return None


def _of_nclx(info: Mapping[Any, Any]) -> colour.ColourSpace | None:
    nclx = info.get("nclx_profile")
    return colour.of_nclx(nclx["color_primaries"], nclx["transfer_characteristics"]) if nclx else None


def _colours_of(image: Image.Image, kind: str, stated: colour.ColourSpace | None) -> object:
    """Return the colours of a file by the rank of its statements. In a PNG, code points rank above an ICC profile."""
    profile = image.info.get("icc_profile")
    if kind != "PNG":
        return profile or stated
    if stated or profile or "srgb" in image.info or not isinstance(image.info.get("gamma"), float):
        return stated or profile
    return colour.of_gamma(image.info["gamma"], image.info.get("chromaticity"))


def _open_heif(data: bytes, max_side: int) -> _Opened:
    """Open a HEIC or HEIF file.

    libheif turns the picture upright itself, which makes EXIF's orientation void (ISO/IEC 23008-12, A.2.3).
    """
    file = _heif().open_heif(data, remove_stride=False)
    image = file[file.primary_index]
    check_size("HEIF", *image.size, rich=image.has_alpha or image.info.get("chroma") not in (420, 400))
    pixels, stride, mode = memoryview(image.data), image.stride, image.mode
    width, height = image.size
    exif = Image.Exif()
    _exif(lambda: exif.load(image.info.get("exif")))

    def rows(top: int, bottom: int) -> Image.Image:
        strip = pixels[top * stride : bottom * stride]
        return Image.frombytes(mode, (width, bottom - top), strip, "raw", mode, stride)

    return _Opened(
        size=(width, height),
        final=_final_size(width, height, max_side),
        rows=rows,
        colours=image.info.get("icc_profile") or _of_nclx(image.info),
        orientation=1,
        removed=describe_removed(image.info, exif, (), len(file)),
    )


@functools.cache
def _heif() -> ModuleType:
    import pillow_heif

    pillow_heif.options.THUMBNAILS = False
    pillow_heif.options.DEPTH_IMAGES = False
    pillow_heif.options.AUX_IMAGES = False
    return pillow_heif


def _exif(read: Callable[[], object]) -> Image.Exif:
    try:
        exif = read()
    except Exception:
        return Image.Exif()
    return exif if isinstance(exif, Image.Exif) else Image.Exif()


def _downscale(opened: _Opened) -> Image.Image:
    """Return the picture at its final size, in mode L, RGB, RGBA or CMYK."""
    height = opened.size[1]
    factor = _factor(opened.size, opened.final)
    step = 64 * factor if factor > 1 else height
    strips = [_read_strip(opened, top, min(height, top + step), factor) for top in range(0, height, step)]
    whole = strips[0]
    if len(strips) > 1:
        whole = Image.new(whole.mode, (whole.width, sum(strip.height for strip in strips)))
        for place, strip in enumerate(strips):
            whole.paste(strip, (0, place * 64))
    return whole if whole.size == opened.final else whole.resize(opened.final, Image.Resampling.HAMMING)


def _read_strip(opened: _Opened, top: int, bottom: int, factor: int) -> Image.Image:
    strip = _to_simple_mode(opened.rows(top, bottom))
    return strip.reduce(factor) if factor > 1 else strip


def _to_simple_mode(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _to_srgb(image: Image.Image, colours: object) -> tuple[Image.Image, Image.Image | None]:
    """Return the colours in sRGB, and the transparency."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    return colour.to_srgb(image.convert("RGB") if alpha else image, colours), alpha


def _flatten(colours: Image.Image, alpha: Image.Image | None) -> Image.Image:
    if alpha is None:
        return colours
    ground = Image.new("RGB", colours.size, CREAM)
    ground.paste(colours, mask=alpha)
    return ground
