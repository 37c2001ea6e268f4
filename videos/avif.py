"""What an AVIF file makes its decoder do, read from its boxes and AV1 headers before the decoder sees it.

libavif 1.4 takes a picture's size from the container and lets the codec allocate what the coded frame says, up to 268
megapixels, and it decodes every frame that an item holds: two kilobytes can ask for two gigabytes.
"""

import struct
from collections.abc import Iterator

from videos.photo_guard import MAX_PIXELS, refusal

_MAX_BOXES = 10_000
_MAX_FRAMES = 4
_MAX_OVERRIDE_BITS = 25


def check_avif(data: bytes) -> None:
    """Raises Unusable unless every coded frame in an AVIF keeps the pixel limit, and there are but a few of them.

    Grids and derived pictures are refused: cameras and browsers write none. Boxes as in ISO/IEC 14496-12, 8.11; frames
    as in the AV1 specification, 5.3 and 5.5. A malformed file may also raise struct.error or IndexError.
    """
    kinds: dict[int, bytes] = {}
    extents: dict[int, list[tuple[int, int]]] = {}
    for meta in (body for name, body in _boxes(data, 0, len(data)) if name == b"meta"):
        inner = list(_boxes(data, meta[0] + 4, meta[1]))
        idat = next((start for name, (start, _) in inner if name == b"idat"), 0)
        for name, (start, end) in inner:
            if name == b"iinf":
                kinds.update(_item_kinds(data, start, end))
            elif name == b"iloc":
                extents.update(_item_extents(data, start, idat))
    if not set(kinds.values()) <= {b"av01", b"Exif", b"mime", b"tmap"}:
        raise refusal("unusual")
    for item in (item for item, kind in kinds.items() if kind == b"av01"):
        spans = extents.get(item, [])
        if sum(length for _, length in spans) > len(data):
            raise refusal("unusual")
        _check_av1(b"".join(data[start : start + length] for start, length in spans))


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    for _ in range(_MAX_BOXES):
        if start + 8 > end:
            return
        size, name = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            size, body = struct.unpack_from(">Q", data, body)[0], body + 8
        stop = end if size == 0 else start + size
        if not body <= stop <= end:
            raise refusal("damaged")
        yield name, (body, stop)
        start = stop
    raise refusal("unusual")


def _item_kinds(data: bytes, start: int, end: int) -> dict[int, bytes]:
    kinds = {}
    for _, (body, _) in _boxes(data, start + (6 if data[start] == 0 else 8), end):
        item, _, kind = struct.unpack_from(">HH4s" if data[body] < 3 else ">IH4s", data, body + 4)
        kinds[item] = kind
    return kinds


def _item_extents(data: bytes, at: int, idat: int) -> dict[int, list[tuple[int, int]]]:
    version = data[at]

    def number(size: int) -> int:
        nonlocal at
        at += size
        if at > len(data):
            raise refusal("damaged")
        return int.from_bytes(data[at - size : at])

    number(4)
    sizes = number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    places = {}
    for _ in range(number(2 if version < 2 else 4)):
        item = number(2 if version < 2 else 4)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(base_size) + (idat if method == 1 else 0)
        spans = []
        for _ in range(number(2)):
            number(index_size)
            offset, length = number(offset_size), number(length_size)
            spans.append((base + offset, length or len(data)))
        if method > 1 or item in places:
            raise refusal("unusual")
        places[item] = spans
    return places


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
            raise refusal("unusual")


def _leb128(stream: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = stream[at + place]
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, at + place + 1
    raise refusal("damaged")


def _check_av1_size(sequence: bytes) -> None:
    bits = int.from_bytes(sequence)
    left = 8 * len(sequence)

    def take(count: int) -> int:
        nonlocal left
        left -= count
        if left < 0:
            raise refusal("damaged")
        return bits >> left & (1 << count) - 1

    take(4)
    reduced = take(1)
    if reduced:
        take(5)
    else:
        if take(1):  # timing: a film's, not a still picture's
            raise refusal("unusual")
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
        raise refusal("too_many_pixels")
    # A frame may override the sequence's size with as many bits as that has; a reduced header forbids it.
    if not reduced and width_bits + height_bits > _MAX_OVERRIDE_BITS:
        raise refusal("unusual")
