"""Reading the boxes of HEIC and AVIF files: which items a file holds, and where (ISO/IEC 14496-12, 8.11).

On a malformed file these functions may also raise struct.error or IndexError.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from videos.photos.validation import invalid

_MAX_BOXES = 10_000
_ONCE = {b"pitm", b"iinf", b"iloc", b"iref", b"iprp", b"idat"}

type Span = tuple[int, int]


@dataclass
class Items:
    """The items of a file by number: their kinds, and the extents of their bytes as (start, length)."""

    kinds: dict[int, bytes] = field(default_factory=dict)
    extents: dict[int, list[Span]] = field(default_factory=dict)

    def of_kind(self, kind: bytes) -> list[int]:
        return [item for item, item_kind in self.kinds.items() if item_kind == kind]

    def bytes_of(self, item: int, data: bytes) -> bytes:
        """Return the bytes of an item.

        Raises InvalidPhoto if the item claims to be larger than its file: its extents then overlap.
        """
        spans = self.extents.get(item, [])
        if sum(length for _, length in spans) > len(data):
            raise invalid("unusual")
        return b"".join(data[start : start + length] for start, length in spans)


def meta_boxes(data: bytes) -> list[list[tuple[bytes, Span]]]:
    """Return the boxes inside each ``meta`` box of a file, as names and spans (start, end)."""
    spans = [span for name, span in boxes_in(data, 0, len(data)) if name == b"meta"]
    return [list(boxes_in(data, start + 4, end)) for start, end in spans]


def items_in(data: bytes, meta: list[tuple[bytes, Span]]) -> Items:
    """Return the items that a ``meta`` box describes.

    Raises InvalidPhoto if something is defined twice, because decoders differ in which definition they use.
    """
    if any(count > 1 and name in _ONCE for name, count in Counter(name for name, _ in meta).items()):
        raise invalid("unusual")
    items = Items()
    idat = next((start for name, (start, _) in meta if name == b"idat"), 0)
    for name, (start, end) in meta:
        if name == b"iinf":
            items.kinds.update(_kinds(data, start, end))
        elif name == b"iloc":
            items.extents.update(_extents(data, start, idat))
    return items


def boxes_in(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, Span]]:
    """Yield the name and the body, as (start, end), of each box between ``start`` and ``end``."""
    for _ in range(_MAX_BOXES):
        if start + 8 > end:
            return
        size, name = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            size, body = struct.unpack_from(">Q", data, body)[0], body + 8
        stop = end if size == 0 else start + size
        if not body <= stop <= end:
            raise invalid("damaged")
        yield name, (body, stop)
        start = stop
    raise invalid("unusual")


def _kinds(data: bytes, start: int, end: int) -> dict[int, bytes]:
    kinds: dict[int, bytes] = {}
    for _, (body, _) in boxes_in(data, start + (6 if data[start] == 0 else 8), end):
        item, _, kind = struct.unpack_from(">HH4s" if data[body] < 3 else ">IH4s", data, body + 4)
        if item in kinds:
            raise invalid("unusual")
        kinds[item] = kind
    return kinds


def _extents(data: bytes, at: int, idat: int) -> dict[int, list[Span]]:
    version = data[at]

    def number(size: int) -> int:
        nonlocal at
        at += size
        if at > len(data):
            raise invalid("damaged")
        return int.from_bytes(data[at - size : at])

    number(4)
    sizes = number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    extents: dict[int, list[Span]] = {}
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
        if method > 1 or item in extents:
            raise invalid("unusual")
        extents[item] = spans
    return extents
