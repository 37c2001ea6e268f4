"""The accepted photo formats, their limits, and the error messages for files that are rejected.

A decoder trusts the file: a few kilobytes can request gigabytes of memory or hours of work, in a different way for each
format. The process of the decoder limits both (``isolation``). What is checked here makes honest photos fit in.
"""

import re
from collections.abc import Iterator, Mapping

from videos import mark
from videos.translation import gettext, grouped

ACCEPTED = mark.gettext("JPEG, PNG, WebP, HEIC or AVIF")
MAX_BYTES = 10 * 1024 * 1024
MAX_SIDE = 12_000
MIN_SIDE = 200
# The longest side of a photo as it is stored.
LONGEST_SIDE = 2048
MAX_RATIO = 10
# One decode may use about 600 MiB. WebP and AVIF decoders keep up to 16 bytes per pixel, HEIF 12 and JPEG 8
# (progressive CMYK). Phones save their 48 and 64 megapixel photos as JPEG or HEIF.
MAX_PIXELS = {"JPEG": 64 << 20, "PNG": 64 << 20, "HEIF": 51_000_000, "WEBP": 32 << 20, "AVIF": 32 << 20}
# HEIF decoders keep 20 bytes per pixel for full colour resolution or transparency.
MAX_PIXELS_HEIF_RICH = 30_000_000

_MAX_SCANNED_PIXELS = 1 << 30

_SENTENCES = {
    "empty": mark.gettext("This file is empty. Choose the photo again."),
    "too_heavy": mark.gettext("This file is larger than %(limit)s MB. Choose a smaller photo."),
    "format": mark.gettext("That looks like %(kind)s. Choose a photo saved as %(accepted)s."),
    "unknown": mark.gettext("That's not a photo. Choose one saved as %(accepted)s."),
    "damaged": mark.gettext("This file looks damaged. Try uploading it again."),
    "unusual": mark.gettext("We can't open this photo. Save it as a JPEG and try again."),
    "too_many_pixels": mark.gettext("This photo has too many pixels. Choose a smaller copy."),
    "too_long": mark.gettext("This photo is longer than %(longest)s pixels. Choose a smaller copy."),
    "too_small": mark.gettext(
        "This photo is only %(width)s by %(height)s pixels. Choose one of at least %(least)s by %(least)s."
    ),
    "too_narrow": mark.gettext("This photo is too long and thin for a video. Crop it closer to your pet."),
    "busy": mark.gettext("We're busy right now. Try again in a minute."),
    "no_room": mark.gettext("We couldn't open your photo. Try again in a moment, or choose a smaller copy."),
}

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_FOREIGN = (
    (re.compile(rb"GIF8[79]a"), mark.gettext("a GIF")),
    (re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+|.{4}ftypcrx ", re.DOTALL), mark.gettext("a TIFF or raw camera file")),
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), mark.gettext("a bitmap (BMP)")),
    (re.compile(rb"%PDF-"), mark.gettext("a PDF")),
    (re.compile(rb"PK\x03\x04"), mark.gettext("a zip archive or document")),
    (re.compile(rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI ", re.DOTALL), mark.gettext("a video or an animation")),
    (re.compile(rb"\xff\x0a|\0\0\0\x0cJXL "), mark.gettext("a JPEG XL")),
    (re.compile(rb"\0\0\0\x0cjP  "), mark.gettext("a JPEG 2000")),
    (
        re.compile(rb"\s*(<\?xml.{0,400})?(<!--.{0,400})?(<!DOCTYPE svg.{0,400})?<svg", re.DOTALL),
        mark.gettext("a drawing (SVG)"),
    ),
    (re.compile(rb"\s*<(!doctype html|html)", re.IGNORECASE), mark.gettext("a web page")),
)
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


class InvalidPhoto(Exception):
    """A file that cannot become a photo. ``str()`` is one sentence for its owner; ``code`` is for programs.

    ``details`` are the values in the sentence.
    """

    def __init__(self, code: str, sentence: str, details: Mapping[str, object]) -> None:
        super().__init__(sentence)
        self.code = code
        self.details = details


def invalid(code: str, **details: object) -> InvalidPhoto:
    """Return the InvalidPhoto for ``code``, with ``details`` filled into its translated sentence."""
    details |= {
        "accepted": gettext(ACCEPTED),
        "limit": MAX_BYTES >> 20,
        "least": MIN_SIDE,
        "longest": grouped(MAX_SIDE),
    }
    return InvalidPhoto(code, gettext(_SENTENCES[code]) % details, details)


def detect_format(data: bytes) -> str:
    """Return ``JPEG``, ``PNG``, ``WEBP``, ``AVIF`` or ``HEIF``, by the first bytes alone.

    The file name and the declared content type are ignored. An MPO counts as a JPEG. Raises InvalidPhoto for any other
    file.
    """
    if not data:
        raise invalid("empty")
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:12] == b"ftypavif" or (data[4:12] == b"ftypmif1" and b"avif" in _brands(data)):
        return "AVIF"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    for pattern, kind in _FOREIGN:
        if pattern.match(data):
            raise invalid("format", kind=gettext(kind))
    raise invalid("unknown")


def _brands(data: bytes) -> list[bytes]:
    """Return the compatible brands that a file's ``ftyp`` box lists."""
    return [data[at : at + 4] for at in range(16, min(int.from_bytes(data[:4]), 256), 4)]


def check_size(kind: str, width: int, height: int, *, rich: bool = False) -> None:
    """Raise InvalidPhoto unless a picture of ``width`` by ``height`` pixels, as in its header, may be decoded.

    ``rich`` is True for a HEIF with transparency or full colour resolution.
    """
    limit = MAX_PIXELS_HEIF_RICH if rich else MAX_PIXELS[kind]
    if width * height > limit:
        raise invalid("too_many_pixels")
    if max(width, height) > MAX_SIDE:
        raise invalid("too_long")
    if min(width, height) < MIN_SIDE:
        raise invalid("too_small", width=width, height=height)
    if max(width, height) > MAX_RATIO * min(width, height):
        raise invalid("too_narrow")


def check_jpeg(data: bytes, width: int, height: int) -> None:
    """Raise InvalidPhoto if a JPEG has far more scans than any camera or program writes.

    A scan of a progressive JPEG can be a hundred bytes long and still visits every pixel. Ten megabytes of scans take
    hours.
    """
    if _jpeg_scans(data) * width * height > _MAX_SCANNED_PIXELS:
        raise invalid("unusual")


def _jpeg_scans(data: bytes) -> int:
    scans, at = 0, 2
    while match := _JPEG_MARKER.search(data, at):
        marker, at = match[0][1], match.end()
        if marker == 0xD9:
            break
        scans += marker == 0xDA
        if marker not in (0x01, 0xD8):
            at += int.from_bytes(data[at : at + 2])
    return scans


def without_appended_file(data: bytes) -> bytes:
    """Return a HEIC or AVIF without the file that may be appended to it: phones append a video.

    A file has one ``ftyp`` and one ``meta``; a second one begins another file. Bytes that are no box stay.
    """
    at, seen = 0, set()
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if name in seen:
            return data[:at]
        if name in (b"ftyp", b"meta"):
            seen.add(name)
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16])
        if length < 8:
            break
        at += length
    return data


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the name and the body of each chunk of a PNG before its picture."""
    at = 8
    while at < len(data) and data[at + 4 : at + 8] != b"IDAT":
        end = at + 8 + int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : end]
        at = end + 4
