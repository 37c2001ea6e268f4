"""Valid pictures, and the metadata that cameras and programs add to them, generated for the tests."""

import io
import math
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image, ImageCms

SECRET = "planted-secret-4711"
POSITION = {1: "N", 2: (47.0, 22.0, 7.0), 3: "E", 4: (8.0, 32.0, 29.0)}
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="47,22.1N">'
    f"{SECRET}</rdf:Description></rdf:RDF></x:xmpmeta>"
).encode()
CORNERS = {
    "top left": (220, 40, 40),
    "top right": (40, 180, 60),
    "low left": (40, 60, 220),
    "low right": (230, 200, 40),
}

pillow_heif.register_heif_opener()


def pet(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Return a picture whose four corners have their own colours, with some detail between them."""
    rings = Image.radial_gradient("L").point(lambda value: 128 + 60 * math.sin(value / 6))
    picture = Image.merge("RGB", (rings, rings, rings))
    places = ((0, 0), (154, 0), (0, 154), (154, 154))
    for (left, top), colour in zip(places, CORNERS.values(), strict=True):
        picture.paste(colour, (left, top, left + 102, top + 102))
    return picture.resize((width, height), Image.Resampling.NEAREST).convert(mode)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    quick = {"speed": 10, "compress_level": 1, "method": 0, "enc_params": {"preset": "ultrafast"}}
    file = io.BytesIO()
    picture.save(file, kind, **quick | options)
    return file.getvalue()


def exif(orientation: int = 1, *, position: bool = True) -> Image.Exif:
    """Return the tags that a phone writes: maker, time, orientation and location."""
    tags = Image.Exif()
    tags[0x010F] = SECRET
    tags[0x0132] = "2026:11:22 12:00:00"
    tags[0x0112] = orientation
    if position:
        tags.get_ifd(0x8825).update(POSITION)
    return tags


def corners_of(jpeg: bytes) -> dict[str, tuple[int, ...]]:
    with Image.open(io.BytesIO(jpeg)) as picture:
        width, height = picture.size
        places = ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9))
        colours = [picture.getpixel((int(x * width), int(y * height))) for x, y in places]
    return dict(zip(CORNERS, colours, strict=True))  # type: ignore[arg-type]


def near(one: Any, other: Any, tolerance: int = 12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, depth: int, colour: int, row: bytes, *chunks: bytes) -> bytes:
    """Return a PNG of equal rows, of any bit depth and colour type (PNG specification, 11.2.2)."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = zlib.compress((b"\0" + row) * height)
    body = (png_chunk(b"IHDR", header), *chunks, png_chunk(b"IDAT", pixels), png_chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def jpeg_segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def iptc() -> bytes:
    caption = b"\x1c\x02\x78" + struct.pack(">H", len(SECRET)) + SECRET.encode()
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(caption)) + caption + b"\0" * (len(caption) % 2)
    return jpeg_segment(0xED, b"Photoshop 3.0\0" + block)


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


# Adobe RGB (1998), 4.3.5.3, and ICC.1: the primaries adapted to D50, and the gamma 563/256.
ADOBE_TO_XYZ = ((0.60974, 0.20528, 0.14919), (0.31111, 0.62567, 0.06322), (0.01947, 0.06087, 0.74457))
ADOBE_GAMMA = 563 / 256


def adobe_profile() -> bytes:
    """Return a matrix profile like Adobe RGB's, whose description holds the secret."""
    fixed = [struct.pack(">3i", *(round(row[column] * 65536) for row in ADOBE_TO_XYZ)) for column in range(3)]
    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(ADOBE_GAMMA * 256))
    text = SECRET.encode() + b"\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78),
        b"cprt": b"text\0\0\0\0" + text,
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061),
        **{name: b"XYZ \0\0\0\0" + xyz for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), fixed, strict=True)},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    table, body, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        value += bytes(-len(value) % 4)
        table += name + struct.pack(">II", at + len(body), len(value))
        body += value
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"\0" * 4, 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + body
