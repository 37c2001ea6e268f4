import io
import itertools
import math
import threading
import warnings
from dataclasses import replace

import pytest
from PIL import Image

from tests.photos import hostile
from tests.photos.assertions import assert_plain, outcome
from tests.photos.heifs import DEPTH, TURN, Item, coded, grid, heif_of
from tests.photos.sample_images import (
    ADOBE_GAMMA,
    ADOBE_TO_XYZ,
    CORNERS,
    XMP,
    adobe_profile,
    corners_of,
    exif,
    near,
    pet,
    png,
    png_chunk,
    saved,
    srgb_profile,
)
from videos import photos
from videos.photos.decode import CREAM

# XYZ at D50 to linear sRGB (the inverse of the ICC's sRGB primaries).
XYZ_TO_SRGB = ((3.1339, -1.6169, -0.4906), (-0.9788, 1.9161, 0.0335), (0.0719, -0.2290, 1.4052))


def colour_of(data: bytes, x: float = 0.5, y: float = 0.5) -> tuple[int, ...]:
    photo = photos.normalise(data)
    assert_plain(photo)
    with Image.open(io.BytesIO(photo.jpeg)) as picture:
        return picture.getpixel((int(x * photo.width), int(y * photo.height)))  # type: ignore[return-value]


def keeps_its_corners(data: bytes, tolerance: int = 12) -> bool:
    photo = photos.normalise(data)
    assert_plain(photo)
    return all(near(colour, CORNERS[name], tolerance) for name, colour in corners_of(photo.jpeg).items())


@pytest.mark.parametrize("kind", hostile.KINDS)
def test_each_format_keeps_colours_and_size(kind: str) -> None:
    photo = photos.normalise(hostile.plain(kind))
    assert (photo.width, photo.height) == (640, 480)
    assert keeps_its_corners(hostile.plain(kind))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF", "AVIF"])
def test_transparency_lies_on_cream(kind: str) -> None:
    picture = pet(mode="RGBA")
    picture.putalpha(Image.new("L", picture.size, 255))
    picture.paste((0, 0, 0, 0), (280, 200, 360, 280))
    data = saved(picture, kind)
    assert keeps_its_corners(data)
    assert near(colour_of(data), CREAM)


def test_a_palette_with_transparency_lies_on_cream() -> None:
    palette = bytes(sum(CORNERS.values(), ())) + bytes(3)
    row = bytes([0] * 200 + [4] * 200)
    data = png(400, 300, 8, 3, row, png_chunk(b"PLTE", palette), png_chunk(b"tRNS", b"\xff\xff\xff\xff\x00"))
    assert near(colour_of(data, x=0.25), CORNERS["top left"])
    assert near(colour_of(data, x=0.75), CREAM)


def test_one_colour_made_transparent_lies_on_cream() -> None:
    key = b"\0\x01\0\x02\0\x03"
    data = png(400, 300, 8, 2, bytes((200, 40, 40)) * 200 + bytes((1, 2, 3)) * 200, png_chunk(b"tRNS", key))
    assert near(colour_of(data, x=0.25), (200, 40, 40))
    assert near(colour_of(data, x=0.75), CREAM)


def test_grey_with_transparency_lies_on_cream() -> None:
    data = png(400, 300, 8, 4, bytes((90, 255)) * 200 + bytes((90, 0)) * 200)
    assert near(colour_of(data, x=0.25), (90, 90, 90))
    assert near(colour_of(data, x=0.75), CREAM)


def test_sixteen_bit_grey_is_scaled() -> None:
    data = png(400, 300, 16, 0, b"\x50\x80" * 200 + b"\xc0\x10" * 200)
    assert near(colour_of(data, x=0.25), (0x50,) * 3, 3)
    assert near(colour_of(data, x=0.75), (0xC0,) * 3, 3)


@pytest.mark.parametrize(("colour", "alpha"), [(2, b""), (6, b"\xff\xff")])
def test_sixteen_bit_colour_keeps_its_colours(colour: int, alpha: bytes) -> None:
    data = png(400, 300, 16, colour, (b"\xc8\x11\x28\x22\x50\x33" + alpha) * 400)
    assert near(colour_of(data), (0xC8, 0x28, 0x50), 3)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_low_bit_depth_grey_is_accepted(depth: int) -> None:
    assert near(colour_of(png(400, 300, depth, 0, b"\xff" * (400 * depth // 8))), (255, 255, 255), 3)


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA"])
def test_other_modes_are_accepted(mode: str) -> None:
    assert outcome(saved(pet().convert(mode), "PNG")) == "kept"


def test_grey_jpegs_and_heics_are_accepted() -> None:
    assert outcome(saved(pet(mode="L"), "JPEG")) == "kept"
    assert outcome(saved(pet(mode="L"), "HEIF")) == "kept"


@pytest.mark.parametrize("progressive", [False, True])
def test_cmyk_jpeg_keeps_its_colours(progressive: bool) -> None:
    assert keeps_its_corners(saved(pet(mode="CMYK"), "JPEG", progressive=progressive), 20)


def test_a_wide_gamut_profile_is_converted() -> None:
    sent = (150, 180, 120)
    linear = [(channel / 255) ** ADOBE_GAMMA for channel in sent]
    xyz = [sum(part * value for part, value in zip(row, linear, strict=True)) for row in ADOBE_TO_XYZ]
    wanted = [sum(part * value for part, value in zip(row, xyz, strict=True)) for row in XYZ_TO_SRGB]
    encoded = [255 * (1.055 * value ** (1 / 2.4) - 0.055 if value > 0.0031308 else 12.92 * value) for value in wanted]
    assert max(abs(one - other) for one, other in zip(sent, encoded, strict=True)) > 12
    for kind in ("JPEG", "PNG", "WEBP", "HEIF", "AVIF"):
        shown = colour_of(saved(Image.new("RGB", (400, 300), sent), kind, icc_profile=adobe_profile(), quality=95))
        assert near(shown, encoded, 5), kind


@pytest.mark.parametrize(
    "profile",
    [b"no profile at all", srgb_profile()[:200], adobe_profile().replace(b"RGB XYZ ", b"CMYKLab "), bytes(5 << 20)],
    ids=["noise", "cut short", "for printers", "far too long"],
)
def test_unusable_colour_profile_is_ignored(profile: bytes) -> None:
    assert keeps_its_corners(saved(pet(), "JPEG", icc_profile=profile))


@pytest.mark.parametrize(
    ("kind", "size", "kept"),
    [
        ("JPEG", (4032, 3024), (2016, 1512)),
        ("JPEG", (2049, 1000), (2048, 1000)),
        ("JPEG", (2048, 300), (2048, 300)),
        ("PNG", (2500, 3750), (1250, 1875)),
        pytest.param("PNG", (4032, 3024), (2016, 1512), marks=pytest.mark.slow),
        pytest.param("PNG", (2049, 1000), (2048, 1000), marks=pytest.mark.slow),
        pytest.param("PNG", (2048, 300), (2048, 300), marks=pytest.mark.slow),
        *(pytest.param(kind, (3000, 4500), (1365, 2048), marks=pytest.mark.slow) for kind in ("JPEG", "PNG")),
    ],
)
def test_a_large_photo_is_reduced(kind: str, size: tuple[int, int], kept: tuple[int, int]) -> None:
    photo = photos.normalise(saved(pet(*size), kind))
    assert_plain(photo)
    assert (photo.width, photo.height) == kept
    assert all(near(colour, CORNERS[name]) for name, colour in corners_of(photo.jpeg).items())


def test_strips_join_without_a_seam() -> None:
    """A large picture is reduced in strips. A smooth one stays smooth across them."""
    ramp = Image.linear_gradient("L").resize((4096, 1100)).convert("RGBA")
    photo = photos.normalise(saved(ramp, "PNG"))
    with Image.open(io.BytesIO(photo.jpeg)) as picture:
        column = [picture.getpixel((9, y))[0] for y in range(photo.height)]  # type: ignore[index]
    steps = [after - before for before, after in itertools.pairwise(column)]
    assert (photo.width, photo.height) == (2048, 550)
    assert max(abs(step) for step in steps) <= 3
    assert math.isclose(column[-1] - column[0], 255, abs_tol=3)


@pytest.mark.slow
def test_48_megapixel_photo_is_accepted() -> None:
    photo = photos.normalise(saved(pet(8064, 6048), "JPEG"))
    assert_plain(photo)
    assert (photo.width, photo.height) == (2016, 1512)


def test_panorama_is_accepted_but_extreme_ratio_is_not() -> None:
    assert outcome(saved(pet(4000, 420), "JPEG")) == "kept"
    assert outcome(saved(pet(4000, 390), "JPEG")) == "too_narrow"


@pytest.mark.parametrize("size", [(1, 1), (1, 1000), (1000, 1), (199, 4000), (640, 199)])
def test_too_small_photo_is_rejected_with_its_size(size: tuple[int, int]) -> None:
    with pytest.raises(photos.InvalidPhoto) as error:
        photos.normalise(saved(Image.new("RGB", size), "PNG"))
    assert error.value.code == "too_small"
    assert str(error.value) == (f"This photo is only {size[0]} by {size[1]} pixels. Choose one of at least 200 by 200.")


def test_smallest_photo_is_accepted() -> None:
    assert outcome(saved(Image.new("RGB", (200, 200)), "PNG")) == "kept"


def test_concurrent_photos_do_not_affect_each_other() -> None:
    sent = [hostile.plain(kind) for kind in hostile.KINDS] * 3
    wanted = [photos.normalise(data) for data in sent]
    filters = list(warnings.filters)
    results: dict[int, photos.Normalised] = {}
    threads = [
        threading.Thread(target=lambda place=place, data=data: results.update({place: photos.normalise(data)}))  # type: ignore[misc]
        for place, data in enumerate(sent)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [results[place] for place in range(len(sent))] == wanted
    assert list(warnings.filters) == filters


def test_iphone_photo_is_accepted() -> None:
    """The photo is a grid of tiles, rotated, with a thumbnail, a depth map, Exif and XMP."""
    whole = pet(1_280, 1_024)
    boxes = [(left, top, left + 512, top + 512) for top in (0, 512) for left in (0, 512, 1_024)]
    tiles = [coded(whole.crop(box)) for box in boxes]
    other_items = [
        replace(coded(pet(320, 256)), references=((b"thmb", (7,)),)),
        replace(coded(pet(320, 256), DEPTH), references=((b"auxl", (7,)),)),
        Item(b"Exif", bytes(4) + exif(6).tobytes(), (), ((b"cdsc", (7,)),)),
        Item(b"mime", XMP, (), ((b"cdsc", (7,)),)),
    ]
    photo = photos.normalise(heif_of([*tiles, grid(tuple(range(1, 7)), 3, 1_280, 1_024, TURN), *other_items], 7))
    assert (photo.width, photo.height) == (1_024, 1_280)
    turned = pet(1_280, 1_024).transpose(Image.Transpose.ROTATE_90)
    expected = corners_of(saved(turned, "PNG"))
    assert [name for name, colour in corners_of(photo.jpeg).items() if not near(colour, expected[name])] == []
    assert "location" in photo.removed
    assert_plain(photo)


def test_avif_named_heif_is_detected() -> None:
    assert outcome(saved(pet(), "AVIF").replace(b"ftypavif", b"ftypmif1", 1)) == "kept"
