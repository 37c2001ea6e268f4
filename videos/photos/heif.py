"""What a HEIC file makes its decoder do, read from its boxes before the decoder sees it.

libheif 1.23 decodes an item once for every mention in a derived picture, and those may be nested: six kilobytes can
ask for minutes. It holds a coded picture to the size that the container tells, and opens no more than the first frame.
"""

import struct
from collections import defaultdict
from math import prod

from videos.photos.guard import invalid
from videos.photos.isobmff import Items, Span, boxes_in, items_in, meta_boxes

# Phones make one coded picture, or a grid of tiles of which the last in a row stand out; what lies beside them (a
# thumbnail, a depth or gain map, Exif, XMP) is coded the same way, or is no picture.
_KINDS = {b"hvc1", b"grid", b"Exif", b"mime", b"tmap", b"uri "}
_MAX_TILED_PIXELS = 64 << 20
_TRANSFORMS = {b"irot", b"imir", b"clap"}


def check_heif(data: bytes) -> None:
    """Raises InvalidPhoto for a HEIC of derived pictures other than a grid of coded ones, or of too much work.

    Boxes as in ISO/IEC 23008-12, 6 and 9. A malformed file may also raise struct.error or IndexError.
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
    """What each derived item is made of, as often as it is mentioned."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for start, end in (span for name, span in meta if name == b"iref"):
        number = ">I" if data[start] else ">H"
        width = struct.calcsize(number)
        for name, (body, stop) in boxes_in(data, start + 4, end):
            if name == b"dimg":
                (item,) = struct.unpack_from(number, data, body)
                found[item] += [each for (each,) in struct.iter_unpack(number, data[body + width + 2 : stop])]
    return found


def _sizes(data: bytes, meta: list[tuple[bytes, Span]]) -> dict[int, int]:
    """Pixels of each item, as its properties tell. Raises InvalidPhoto for one that is turned again and again."""
    sizes: dict[int, int] = {}
    for start, end in (span for name, span in meta if name == b"iprp"):
        inner = list(boxes_in(data, start, end))
        known = [box for name, span in inner if name == b"ipco" for box in boxes_in(data, *span)]
        for item, owned in [pair for name, span in inner if name == b"ipma" for pair in _associations(data, *span)]:
            properties = [known[place - 1] for place in owned if place]
            turns = [name for name, _ in properties if name in _TRANSFORMS]
            if item in sizes or len(turns) > len(set(turns)):
                raise invalid("unusual")
            told = [struct.unpack_from(">II", data, body + 4) for name, (body, _) in properties if name == b"ispe"]
            sizes[item] = max((prod(sides) for sides in told), default=_MAX_TILED_PIXELS)
    return sizes


def _associations(data: bytes, start: int, end: int) -> list[tuple[int, list[int]]]:
    """Which properties, counted from 1, each item has."""
    version, wide = data[start], data[start + 3] & 1
    (count,) = struct.unpack_from(">I", data, start + 4)
    at, found = start + 8, []
    for _ in range(count):
        item, many = struct.unpack_from(">IB" if version else ">HB", data, at)
        at += 5 if version else 3
        places = struct.unpack_from(f">{many}{'H' if wide else 'B'}", data, at)
        at += many * (2 if wide else 1)
        if at > end:
            raise invalid("damaged")
        found.append((item, [place & (0x7FFF if wide else 0x7F) for place in places]))
    return found
