"""Limits on the work that an AVIF file causes, checked from its boxes and AV1 headers before it is decoded.

libavif 1.4 takes a picture's size from the container, but the codec allocates what the coded frame says, up to 268
megapixels. It also decodes every frame in an item. Two kilobytes can therefore request two gigabytes.
"""

from videos.photos.isobmff import items_in, meta_boxes
from videos.photos.validation import MAX_PIXELS, invalid

_MAX_FRAMES = 4
_MAX_OVERRIDE_BITS = 25


def check_avif(data: bytes) -> None:
    """Raise InvalidPhoto if an AVIF holds more than a few coded frames, or one above the pixel limit.

    Grids and derived pictures are rejected, because cameras and browsers write none. The frames are read as in the AV1
    specification, 5.3 and 5.5. A malformed file may also raise struct.error or IndexError.
    """
    for meta in meta_boxes(data):
        items = items_in(data, meta)
        if not set(items.kinds.values()) <= {b"av01", b"Exif", b"mime", b"tmap"}:
            raise invalid("unusual")
        for item in items.of_kind(b"av01"):
            _check_av1(items.bytes_of(item, data))


def _check_av1(stream: bytes) -> None:
    at = frames = 0
    while at < len(stream):
        header = stream[at]
        at += 2 if header & 4 else 1
        size = len(stream) - at
        if header & 2:
            size, at = _leb128(stream, at)
        kind = header >> 3 & 15
        if kind == 1:
            _check_av1_size(stream[at : at + size])
        frames += kind in (3, 6)
        at += size
        if frames > _MAX_FRAMES:
            raise invalid("unusual")


def _leb128(stream: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = stream[at + place]
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, at + place + 1
    raise invalid("damaged")


def _check_av1_size(sequence: bytes) -> None:
    bits = int.from_bytes(sequence)
    left = 8 * len(sequence)

    def take(count: int) -> int:
        nonlocal left
        left -= count
        if left < 0:
            raise invalid("damaged")
        return bits >> left & (1 << count) - 1

    take(4)
    reduced = take(1)
    if reduced:
        take(5)
    else:
        if take(1):  # Timing information belongs to a film, not to a still picture.
            raise invalid("unusual")
        delays = take(1)
        for _ in range(take(5) + 1):
            take(12)
            if take(5) > 7:
                take(1)
            if delays and take(1):
                take(4)
    width_bits, height_bits = take(4) + 1, take(4) + 1
    width, height = take(width_bits) + 1, take(height_bits) + 1
    if width * height > MAX_PIXELS["AVIF"]:
        raise invalid("too_many_pixels")
    # A frame may override the sequence's size within the same number of bits. A reduced header forbids that.
    if not reduced and width_bits + height_bits > _MAX_OVERRIDE_BITS:
        raise invalid("unusual")
