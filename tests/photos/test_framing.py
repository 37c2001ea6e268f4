import io
from collections.abc import Sequence
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.photos.assertions import segments
from tests.photos.sample_images import pet, saved
from videos import photos
from videos.formats import BY_SLUG, FORMATS, Format

SIZES = [(2048, 1536), (1536, 2048), (720, 1280), (640, 640), (2048, 205), (205, 2048), (451, 300), (1277, 719)]
FOCI = [photos.Focus(), photos.Focus(0, 0), photos.Focus(1, 1), photos.Focus(0.3, 0.8), photos.Focus(0.97, 0.5)]
EVERY = [(size, shape) for size in SIZES for shape in FORMATS]


def pairs_in_turn(first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
    """Return all pairs of two lists as parameters.

    One pair of each value of ``first`` is quick and the others are slow. The quick ones alternate through ``second``.
    """
    return [
        pytest.param(one, other, marks=() if place == at % len(second) else pytest.mark.slow)
        for at, one in enumerate(first)
        for place, other in enumerate(second)
    ]


def shown_by_css(width: int, height: int, shape: Format, position: str) -> photos.Box:
    """Return the box that a browser shows with ``object-fit: cover`` in a box of the shape's ratio.

    See CSS Images 3, 5.5.
    """
    scale = max(shape.width / width, shape.height / height)
    starts = [
        (side - scale * whole) * float(percent.rstrip("%")) / 100
        for side, whole, percent in zip((shape.width, shape.height), (width, height), position.split(), strict=True)
    ]
    left, top = (-start / scale for start in starts)
    return left, top, left + shape.width / scale, top + shape.height / scale


@pytest.mark.parametrize(("size", "shape"), EVERY)
def test_frame_box_is_the_largest_inside_the_photo(size: tuple[int, int], shape: Format) -> None:
    for focus in FOCI:
        left, top, right, bottom = photos.frame_box(*size, shape, focus)
        assert (right - left) / (bottom - top) == pytest.approx(shape.ratio)
        assert right - left == pytest.approx(size[0]) or bottom - top == pytest.approx(size[1])
        assert 0 <= left < right <= size[0] + 1e-9
        assert 0 <= top < bottom <= size[1] + 1e-9


@pytest.mark.parametrize(("size", "shape"), EVERY)
def test_css_preview_shows_exactly_the_box(size: tuple[int, int], shape: Format) -> None:
    for focus in FOCI:
        shown = shown_by_css(*size, shape, photos.frame_css(*size, shape, focus))
        assert shown == pytest.approx(photos.frame_box(*size, shape, focus), abs=0.05)


def test_frame_box_is_centred_on_the_focus() -> None:
    square = BY_SLUG["square"]
    assert photos.frame_box(2000, 1000, square, photos.Focus(0.4, 0.9)) == (300, 0, 1300, 1000)
    assert photos.frame_box(2000, 1000, square, photos.Focus(0.1, 0.9)) == (0, 0, 1000, 1000)
    assert photos.frame_box(1000, 2000, square, photos.Focus(0.5, 0.95)) == (0, 1000, 1000, 2000)
    assert photos.frame_box(1000, 2000, BY_SLUG["wide"], photos.Focus(0.5, 0.5)) == (0, 718.75, 1000, 1281.25)


def test_css_preview_uses_percentages() -> None:
    assert photos.frame_css(2000, 1000, BY_SLUG["square"], photos.Focus(0.4, 0.9)) == "30.000% 50%"
    assert photos.frame_css(960, 960, BY_SLUG["square"], photos.Focus(0.1, 0.1)) == "50% 50%"


@pytest.mark.parametrize(
    ("size", "shape"), pairs_in_turn([(1600, 1200), (1200, 1600), (320, 240), (2048, 205)], FORMATS)
)
def test_frame_is_a_plain_jpeg_of_the_format_size(shape: Format, size: tuple[int, int]) -> None:
    frame = photos.exact_frame(saved(pet(*size), "JPEG"), shape, photos.Focus())
    with Image.open(io.BytesIO(frame)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (shape.width, shape.height))
    assert 0xE1 not in segments(frame)


@pytest.mark.parametrize(("focus", "shape"), pairs_in_turn(FOCI, FORMATS))
def test_the_frame_shows_the_box(shape: Format, focus: photos.Focus) -> None:
    photo = pet(1200, 900)
    box = tuple(round(edge) for edge in photos.frame_box(1200, 900, shape, focus))
    wanted = photo.crop(box).resize((shape.width, shape.height))  # type: ignore[arg-type]
    with Image.open(io.BytesIO(photos.exact_frame(saved(photo, "JPEG", quality=95), shape, focus))) as frame:
        difference = ImageStat.Stat(ImageChops.difference(frame, wanted)).mean
    assert max(difference) < 3


@pytest.mark.parametrize(("focus", "shape"), pairs_in_turn(FOCI, FORMATS))
def test_the_mask_lies_on_the_frame(shape: Format, focus: photos.Focus) -> None:
    """A mask made of the photo itself, at another scale, matches the frame point by point."""
    scale = dict(zip(FORMATS, (4, 1, 0.5), strict=True))[shape]
    photo = Image.radial_gradient("L").resize((800, 600))
    mask = photo.resize((round(800 / scale), round(600 / scale)))
    frame = Image.open(io.BytesIO(photos.exact_frame(saved(photo.convert("RGB"), "JPEG", quality=95), shape, focus)))
    cropped = Image.open(io.BytesIO(photos.crop_mask(saved(mask, "PNG"), 800, 600, shape, focus)))
    assert (cropped.format, cropped.mode, cropped.size) == ("PNG", "L", (shape.width, shape.height))
    assert ImageStat.Stat(ImageChops.difference(frame.convert("L"), cropped)).mean[0] < 1.5


@pytest.mark.parametrize(("size", "side", "wanted"), [((2048, 1536), 320, (320, 240)), ((300, 600), 1200, (300, 600))])
def test_a_thumbnail_is_a_small_webp_of_the_whole_photo(
    size: tuple[int, int], side: int, wanted: tuple[int, int]
) -> None:
    small = photos.thumbnail(saved(pet(*size), "JPEG"), side)
    with Image.open(io.BytesIO(small)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("WEBP", "RGB", wanted)
        assert set(picture.info) <= {"loop", "background", "timestamp", "duration"}
        difference = ImageChops.difference(picture.convert("RGB"), pet(*size).resize(wanted))
    assert max(ImageStat.Stat(difference).mean) < 6
