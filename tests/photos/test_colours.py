"""Photos have the colours that a browser shows for them.

The colours were read from Chromium 156 on Debian with ``--force-color-profile=srgb``: it showed a PNG or an AVIF in
these code points, once as an image on the page and once in a canvas, with equal results.
"""

import io
import struct
import zlib

import pytest
from PIL import Image

from tests.photos.heifs import box
from tests.photos.sample_images import adobe_profile, near, png, png_chunk, saved
from videos import photos
from videos.photos import colour

SENT = ((200, 40, 40), (150, 180, 120), (40, 60, 220), (128, 128, 128), (60, 200, 70), (230, 200, 40))
# The code points of the primaries and of the transfer.
SHOWN_PNG = {
    (1, 13): SENT,
    (12, 13): ((218, 0, 26), (142, 181, 113), (34, 61, 229), (128, 128, 128), (0, 203, 40), (236, 199, 0)),
    (11, 13): ((213, 0, 27), (145, 181, 113), (34, 59, 229), (128, 128, 128), (0, 204, 40), (234, 199, 0)),
    (9, 13): ((249, 0, 27), (130, 184, 111), (0, 58, 231), (128, 128, 128), (0, 211, 25), (252, 197, 0)),
    (9, 14): ((246, 0, 6), (123, 180, 103), (0, 46, 229), (121, 121, 121), (0, 208, 0), (251, 193, 0)),
    (9, 1): ((246, 0, 6), (123, 180, 103), (0, 46, 229), (121, 121, 121), (0, 208, 0), (251, 193, 0)),
    (6, 13): ((195, 49, 39), (151, 179, 120), (48, 67, 221), (128, 128, 128), (76, 197, 69), (228, 199, 36)),
    (10, 13): ((255, 0, 67), (93, 203, 104), (0, 87, 233), (128, 128, 128), (0, 255, 0), (255, 158, 0)),
    (1, 4): ((201, 35, 35), (151, 181, 121), (35, 57, 221), (129, 129, 129), (57, 201, 68), (231, 201, 35)),
    (1, 7): ((206, 58, 58), (161, 188, 134), (58, 77, 224), (141, 141, 141), (77, 206, 87), (233, 206, 58)),
    (1, 8): ((229, 110, 110), (202, 219, 183), (110, 133, 239), (188, 188, 188), (133, 229, 143), (244, 229, 110)),
    (12, 17): ((219, 0, 0), (134, 179, 100), (16, 45, 233), (118, 118, 118), (0, 204, 0), (242, 199, 0)),
    (9, 16): ((255, 0, 0), (0, 251, 23), (0, 0, 255), (132, 132, 132), (0, 255, 0), (255, 139, 0)),
    (12, 16): ((255, 0, 0), (113, 248, 45), (1, 5, 255), (132, 132, 132), (0, 255, 0), (255, 165, 0)),
    (9, 18): ((230, 0, 13), (99, 168, 90), (0, 38, 212), (99, 99, 99), (0, 208, 0), (255, 167, 0)),
    # Code points that say nothing, or nothing that we know.
    (12, 2): SENT,
    (2, 2): SENT,
    (3, 13): SENT,
}
# HEIC and AVIF: video curves count as sRGB's, and so does an unspecified one.
SHOWN_NCLX = {
    **{
        points: SHOWN_PNG[points] for points in ((1, 13), (12, 13), (9, 13), (9, 16), (9, 18), (12, 16), (1, 4), (1, 8))
    },
    (9, 1): SHOWN_PNG[9, 13],
    (9, 14): SHOWN_PNG[9, 13],
    (12, 1): SHOWN_PNG[12, 13],
    (12, 2): SHOWN_PNG[12, 13],
    (1, 1): SENT,
    (1, 6): SENT,
    (2, 2): SENT,
    (2, 13): SENT,
}
# Adobe RGB, and gamma without a profile.
SHOWN_ADOBE = ((233, 35, 35), (137, 181, 117), (20, 57, 225), (129, 129, 129))
P3 = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def cicp(primaries: int, transfer: int) -> bytes:
    return png_chunk(b"cICP", bytes((primaries, transfer, 0, 1)))


def png_of(*chunks: bytes) -> bytes:
    return png(40 * len(SENT), 200, 8, 2, b"".join(bytes(colour) * 40 for colour in SENT), *chunks)


def tagged(kind: str, primaries: int, transfer: int, **options: object) -> bytes:
    """Return a HEIC or AVIF with these code points. The matrix of its YCbCr stays as it is."""
    picture = Image.open(io.BytesIO(png_of()))
    lossless = {"quality": 100, "subsampling": "4:4:4"} if kind == "AVIF" else {"quality": -1, "chroma": 444}
    data = saved(picture, kind, **lossless | options)
    at = data.index(b"nclx") + 4
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def colours_of(data: bytes) -> list[tuple[int, ...]]:
    photo = photos.normalise(data)
    with Image.open(io.BytesIO(photo.jpeg)) as picture:
        return [picture.getpixel((40 * place + 20, 100)) for place in range(len(SENT))]  # type: ignore[misc]


def shows(data: bytes, wanted: tuple[tuple[int, ...], ...]) -> bool:
    return all(near(one, other, 6) for one, other in zip(colours_of(data), wanted, strict=False))


@pytest.mark.parametrize("points", SHOWN_PNG)
def test_png_has_the_colours_of_its_code_points(points: tuple[int, int]) -> None:
    assert shows(png_of(cicp(*points)), SHOWN_PNG[points])


def test_reserved_code_points_count_as_those_of_srgb() -> None:
    """In an AVIF: libheif opens no HEIC with them."""
    assert shows(tagged("AVIF", 3, 19), SENT)


@pytest.mark.parametrize("points", SHOWN_NCLX)
@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_heic_and_avif_have_the_colours_of_their_code_points(kind: str, points: tuple[int, int]) -> None:
    assert shows(tagged(kind, *points), SHOWN_NCLX[points])


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_code_points_count_in_front_of_an_appended_video(kind: str) -> None:
    video = box(b"ftyp", b"mp42", bytes(4)) + box(b"mdat", bytes(400)) + box(b"moov", bytes(80))
    assert shows(tagged(kind, 12, 13) + video, SHOWN_NCLX[12, 13])


def test_profile_ranks_above_code_points_in_heic_and_avif() -> None:
    for kind in ("HEIF", "AVIF"):
        data = saved(Image.open(io.BytesIO(png_of())), kind, quality=-1 if kind == "HEIF" else 100)
        # Both encoders write one of the two.
        data = with_profile(data, adobe_profile())
        assert shows(data, SHOWN_ADOBE), kind


def test_code_points_rank_above_a_profile_in_png() -> None:
    profile = png_chunk(b"iCCP", b"x\0\0" + zlib.compress(adobe_profile()))
    assert shows(png_of(profile), SHOWN_ADOBE)
    for chunks in ((profile, cicp(12, 13)), (cicp(12, 13), profile)):
        assert shows(png_of(*chunks), SHOWN_PNG[12, 13])
    assert shows(png_of(cicp(1, 13), profile), SENT)
    assert shows(png_of(cicp(2, 2), profile), SHOWN_ADOBE)


def test_png_has_the_colours_of_its_gamma_and_chromaticities() -> None:
    gamma, p3 = png_chunk(b"gAMA", struct.pack(">I", 45455)), png_chunk(b"cHRM", struct.pack(">8I", *P3))
    linear = png_chunk(b"gAMA", struct.pack(">I", 100000))
    assert shows(png_of(linear), SHOWN_PNG[1, 8])
    assert shows(png_of(gamma), SENT)
    assert shows(png_of(gamma, p3), ((220, 0, 18), (143, 183, 113), (28, 58, 230), (129, 129, 129)))
    assert shows(png_of(p3), SENT)
    assert shows(png_of(png_chunk(b"sRGB", b"\0"), gamma, p3), SENT)
    assert shows(png_of(linear, cicp(12, 13)), SHOWN_PNG[12, 13])


@pytest.mark.parametrize(
    "chunk",
    [
        png_chunk(b"cICP", bytes((12, 13, 0))),
        png_chunk(b"cICP", bytes((12, 13, 0, 0))),
        png_chunk(b"cICP", bytes((12, 13, 1, 1))),
        png_chunk(b"cHRM", bytes(32)) + png_chunk(b"gAMA", bytes(4)),
        png_chunk(b"cHRM", b"\xff" * 32) + png_chunk(b"gAMA", b"\xff" * 4),
        png_chunk(b"cHRM", bytes(32)) + png_chunk(b"gAMA", struct.pack(">I", 45455)),
    ],
    ids=["short", "narrow range", "a matrix", "zeros", "huge", "no primaries"],
)
def test_unusable_statement_does_not_stop_a_photo(chunk: bytes) -> None:
    assert len(colours_of(png_of(chunk))) == len(SENT)


def test_code_points_behind_the_picture_are_ignored() -> None:
    data = png_of()
    assert shows(data[:-12] + cicp(12, 13) + data[-12:], SENT)


def test_transparency_and_grey_keep_their_code_points() -> None:
    row = b"".join(bytes((*colour, 255)) * 40 for colour in SENT)
    assert shows(png(240, 200, 8, 6, row, cicp(12, 13)), SHOWN_PNG[12, 13])
    grey = png(240, 200, 8, 0, bytes((128,)) * 240, cicp(1, 8))
    assert near(colours_of(grey)[0], (188, 188, 188), 3)


@pytest.mark.parametrize(
    ("transfer", "shown"),
    [
        # Each 30th grey from 0 to 240.
        (colour.PQ, (0, 4, 26, 61, 114, 193, 242, 255, 255)),
        (colour.HLG, (0, 13, 39, 66, 92, 122, 166, 214, 243)),
    ],
)
def test_tone_curve_is_that_of_a_browser(transfer: int, shown: tuple[int, ...]) -> None:
    """Greys brighter than 1,000 cd/m² are up to 3 percent darker: the filter interpolates between steps."""
    greys = Image.new("L", (9, 1))
    greys.putdata([30 * step for step in range(9)])
    space = colour.of_cicp(bytes((9, transfer, 0, 1)))
    mapped = colour.to_srgb(greys, space).getchannel("G").tobytes()
    assert near(mapped[:7], shown[:7], 3)
    assert near(mapped, shown, 8)


def with_profile(data: bytes, profile: bytes) -> bytes:
    """Return a HEIC or AVIF with a colour profile beside its code points: a second ``colr`` of the same item."""
    colr = box(b"colr", b"prof", profile)
    ipco = data.index(b"ipco") - 4
    ipma = data.index(b"ipma") - 4
    length = int.from_bytes(data[ipco : ipco + 4])
    count = 0
    at = ipco + 8
    while at < ipco + length:
        at += int.from_bytes(data[at : at + 4])
        count += 1
    # version, flags, entries, item (2 bytes), associations (1 byte)
    number = ipma + 8 + 4 + 4 + 2
    data = (
        data[:number]
        + bytes((data[number] + 1,))
        + data[number + 1 : number + 1 + data[number]]
        + bytes((count + 1,))
        + data[number + 1 + data[number] :]
    )
    data = data[: ipco + length] + colr + data[ipco + length :]
    grown = len(colr) + 1
    for name, by in ((b"ipco", len(colr)), (b"ipma", 1), (b"iprp", grown), (b"meta", grown)):
        start = data.index(name) - 4
        data = data[:start] + (int.from_bytes(data[start : start + 4]) + by).to_bytes(4) + data[start + 4 :]
    # The picture lies behind, so its offset moves.
    mdat = data.index(b"mdat") + 4
    offset = struct.pack(">I", mdat - grown)
    places = data.index(b"iloc")
    where = data.index(offset, places)
    return data[:where] + struct.pack(">I", mdat) + data[where + 4 :]
