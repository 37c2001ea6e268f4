"""Limits on the work that a HEIC file causes, checked from its boxes before it is decoded.

libheif 1.23 decodes an item once for every mention in a derived picture, and derived pictures may be nested: six
kilobytes can cause minutes of work. It enforces the size that the container gives for a coded picture, and opens only
the first frame.
"""

import struct
from collections import defaultdict
from math import prod

from videos.photos.isobmff import Items, Span, boxes_in, items_in, meta_boxes
from videos.photos.validation import invalid

# Phones write one coded picture, or a grid of tiles whose last column and row extend beyond the picture. The other
# items (a thumbnail, a depth or gain map, Exif, XMP) are coded the same way or are not pictures.
_KINDS = {b"hvc1", b"grid", b"Exif", b"mime", b"tmap", b"uri "}
_MAX_TILED_PIXELS = 64 << 20
_TRANSFORMS = {b"irot", b"imir", b"clap"}


def check_heif(data: bytes) -> None:
    """Raise InvalidPhoto for a HEIC with derived pictures other than a grid of coded ones, or with too much work.

    The boxes are read as in ISO/IEC 23008-12, 6 and 9. A malformed file may also raise struct.error or IndexError.
    """
    metas = meta_boxes(data)
    if len(metas) != 1:
        raise invalid("unusual" if metas else "damaged")
    items = items_in(data, metas[0])
    if not set(items.kinds.values()) <= _KINDS:
        raise invalid("unusual")
    for item in items.kinds:
        items.bytes_of(item, data)
    sizes = _sizes(data, metas[0])
    tiles = _tiles(data, metas[0])
    for item in items.of_kind(b"grid"):
        _check_grid(items, tiles[item], sizes)


def _check_grid(items: Items, tiles: list[int], sizes: dict[int, int]) -> None:
    if any(items.kinds.get(tile) != b"hvc1" for tile in tiles):
        raise invalid("unusual")
    if sum(sizes.get(tile, _MAX_TILED_PIXELS) for tile in tiles) > _MAX_TILED_PIXELS:
        raise invalid("too_many_pixels")


def _tiles(data: bytes, meta: list[tuple[bytes, Span]]) -> defaultdict[int, list[int]]:
    """Return the items that each derived item is made of, once for every mention."""
    tiles: defaultdict[int, list[int]] = defaultdict(list)
    for start, end in (span for name, span in meta if name == b"iref"):
        number = ">I" if data[start] else ">H"
        width = struct.calcsize(number)
        for name, (body, stop) in boxes_in(data, start + 4, end):
            if name == b"dimg":
                (item,) = struct.unpack_from(number, data, body)
                tiles[item] += [each for (each,) in struct.iter_unpack(number, data[body + width + 2 : stop])]
    return tiles


def _sizes(data: bytes, meta: list[tuple[bytes, Span]]) -> dict[int, int]:
    """Return the pixels of each item according to its properties.

    Raises InvalidPhoto for an item that is transformed repeatedly.
    """
    sizes: dict[int, int] = {}
    for start, end in (span for name, span in meta if name == b"iprp"):
        inner = list(boxes_in(data, start, end))
        all_properties = [box for name, span in inner if name == b"ipco" for box in boxes_in(data, *span)]
        pairs = [pair for name, span in inner if name == b"ipma" for pair in _associations(data, *span)]
        for item, indexes in pairs:
            properties = [all_properties[index - 1] for index in indexes if index]
            transforms = [name for name, _ in properties if name in _TRANSFORMS]
            if item in sizes or len(transforms) > len(set(transforms)):
                raise invalid("unusual")
            dimensions = [
                struct.unpack_from(">II", data, body + 4) for name, (body, _) in properties if name == b"ispe"
            ]
            sizes[item] = max((prod(sides) for sides in dimensions), default=_MAX_TILED_PIXELS)
    return sizes


def _associations(data: bytes, start: int, end: int) -> list[tuple[int, list[int]]]:
    """Return the properties of each item as indexes that count from 1."""
    version, wide = data[start], data[start + 3] & 1
    (count,) = struct.unpack_from(">I", data, start + 4)
    at, associations = start + 8, []
    for _ in range(count):
        item, property_count = struct.unpack_from(">IB" if version else ">HB", data, at)
        at += 5 if version else 3
        indexes = struct.unpack_from(f">{property_count}{'H' if wide else 'B'}", data, at)
        at += property_count * (2 if wide else 1)
        if at > end:
            raise invalid("damaged")
        associations.append((item, [index & (0x7FFF if wide else 0x7F) for index in indexes]))
    return associations
