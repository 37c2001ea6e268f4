from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.photos.assertions import assert_plain
from tests.photos.sample_images import (
    CORNERS,
    SECRET,
    XMP,
    adobe_profile,
    corners_of,
    exif,
    iptc,
    jpeg_segment,
    near,
    pet,
    png_chunk,
    saved,
    srgb_profile,
    with_segments,
)
from videos import photos

# The transpose from the upright picture to the sensor's, for each EXIF orientation (EXIF 2.32, 4.6.4).
SENSOR_TRANSPOSES = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def every_orientation() -> list[Any]:
    """Return parameters for each format in each orientation.

    All but JPEG, and the orientation of a phone held upright, are slow.
    """
    return [
        pytest.param(kind, orientation, marks=() if kind == "JPEG" or orientation == 6 else pytest.mark.slow)
        for kind in ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "MPO")
        for orientation in SENSOR_TRANSPOSES
    ]


@pytest.mark.parametrize(("kind", "orientation"), every_orientation())
def test_photo_is_upright_and_loses_its_location(kind: str, orientation: int) -> None:
    turn = SENSOR_TRANSPOSES[orientation]
    sensor = pet() if turn is None else pet().transpose(turn)
    photo = photos.normalise(saved(sensor, kind, exif=exif(orientation).tobytes()))
    assert_plain(photo)
    assert (photo.width, photo.height) == (640, 480)
    assert [name for name, colour in corners_of(photo.jpeg).items() if not near(colour, CORNERS[name], 16)] == []
    assert photo.removed == ("location", "camera info")


@pytest.mark.parametrize("orientation", [0, 9, 200])
def test_invalid_orientation_is_ignored(orientation: int) -> None:
    tags = exif()
    tags[0x0112] = orientation
    photo = photos.normalise(saved(pet(), "JPEG", exif=tags.tobytes()))
    assert near(corners_of(photo.jpeg)["top left"], CORNERS["top left"])


@pytest.mark.parametrize(
    "broken",
    [b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(60), b"Exif\0\0no TIFF"],
    ids=["empty", "pointing nowhere", "cut short", "no TIFF"],
)
def test_broken_exif_does_not_stop_a_photo(broken: bytes) -> None:
    sent = (
        with_segments(saved(pet(), "JPEG"), jpeg_segment(0xE1, broken)),
        with_png_chunks(saved(pet(), "PNG"), png_chunk(b"eXIf", broken[6:])),
        saved(pet(), "WEBP", exif=broken),
        saved(pet(), "HEIF", exif=broken),
    )
    for data in sent:
        photo = photos.normalise(data)
        assert_plain(photo)
        assert near(corners_of(photo.jpeg)["top left"], CORNERS["top left"])


def test_jpeg_loses_its_metadata() -> None:
    data = saved(
        pet(), "JPEG", exif=exif(), xmp=XMP, icc_profile=adobe_profile(), comment=SECRET, save_all=False, quality=95
    )
    photo = photos.normalise(with_segments(data, iptc(), jpeg_segment(0xEC, SECRET.encode())))
    assert_plain(photo)
    assert photo.removed == (
        "location",
        "camera info",
        "editing notes",
        "caption and credits",
        "comments",
        "color profile",
    )


def test_png_loses_its_metadata() -> None:
    texts = PngInfo()
    texts.add_text("Comment", SECRET)
    texts.add_itxt("Author", SECRET)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    photo = photos.normalise(saved(pet(), "PNG", exif=exif(), pnginfo=texts, icc_profile=adobe_profile()))
    assert_plain(photo)
    assert photo.removed == ("location", "camera info", "editing notes", "comments", "color profile")


def test_png_text_after_the_image_is_found() -> None:
    data = saved(pet(), "PNG")
    photo = photos.normalise(data[:-12] + png_chunk(b"tEXt", b"Comment\0" + SECRET.encode()) + data[-12:])
    assert_plain(photo)
    assert photo.removed == ("comments",)


@pytest.mark.parametrize("kind", ["WEBP", "HEIF", "AVIF"])
def test_other_formats_lose_their_metadata(kind: str) -> None:
    photo = photos.normalise(saved(pet(), kind, exif=exif().tobytes(), xmp=XMP, icc_profile=adobe_profile()))
    assert_plain(photo)
    assert photo.removed == ("location", "camera info", "editing notes", "color profile")


@pytest.mark.parametrize(
    ("options", "removed"),
    [
        ({}, ()),
        ({"exif": exif(position=False)}, ("camera info",)),
        ({"xmp": XMP}, ("location", "editing notes")),
        ({"xmp": XMP.replace(b"GPSLatitude", b"Flash")}, ("editing notes",)),
        ({"comment": "hello"}, ("comments",)),
        ({"icc_profile": srgb_profile()}, ("color profile",)),
    ],
    ids=["nothing", "camera", "place in XMP", "XMP without a place", "comment", "profile"],
)
def test_only_present_metadata_is_named(options: dict[str, Any], removed: tuple[str, ...]) -> None:
    assert photos.normalise(saved(pet(), "JPEG", **options)).removed == removed


def test_png_texts_cannot_fake_other_metadata() -> None:
    """Pillow stores PNG texts next to the file's own data, under any names that they carry."""
    for name in (b"icc_profile", b"exif", b"xmp", b"metadata", b"photoshop", b"comment", b"dpi"):
        text = png_chunk(b"tEXt", name + b"\0" + SECRET.encode())
        photo = photos.normalise(with_png_chunks(saved(pet(), "PNG"), text))
        assert_plain(photo)
        assert near(corners_of(photo.jpeg)["low left"], CORNERS["low left"])


def with_png_chunks(png: bytes, *chunks: bytes) -> bytes:
    return png[:33] + b"".join(chunks) + png[33:]
